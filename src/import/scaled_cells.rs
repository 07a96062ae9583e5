//! Numbers that have a scale of their own behind them, each cell another one perhaps: `$12.5m`, `3 million`, `EUR 300k`. They are read
//! exactly, and it is said. A unit with a scale for the whole column beside them is asked, never taken twice.

use super::column_plan::{ColumnPlan, PlannedKind};
use super::column_unit::ColumnUnit;
use super::findings::Findings;
use super::numeric;
use crate::error::Error;
use crate::quantity::human;
use rust_decimal::Decimal;

impl Findings<'_> {
    /// The unit of a column, unless it would scale numbers that have a scale of their own.
    ///
    /// # Errors
    /// It would; as [`Findings::unit`].
    pub(super) fn unit_of_scaled(&self, at: usize, name: &str, names: &[String]) -> Result<ColumnUnit, Error> {
        let unit = self.unit(at, name, names)?;
        match self.profiles[at].first_scaled.as_ref().filter(|_| unit.factor != Decimal::ONE) {
            None => Ok(unit),
            Some(first) => {
                let why = "the number has a scale of its own, and the column has one too";
                Err(self.unit_question(
                    name,
                    (first.first_line, &first.text),
                    why,
                    unit.fixed_unit().into_iter().collect(),
                ))
            }
        }
    }

    /// The remark on a column of numbers that are all read with a scale of their own, or the doubt where only some have one.
    pub(super) fn scaled_cells(&self, column: &ColumnPlan) -> Option<Result<String, String>> {
        let profile = &self.profiles[column.index];
        let first = profile.first_scaled.as_ref()?;
        if !matches!(column.kind, PlannedKind::Quantity(_) | PlannedKind::Real(_)) {
            return None;
        }
        let (name, text, line) = (&column.name, &first.text, first.first_line);
        let read = numeric::parse(text).and_then(|read| read.as_point.or(read.as_comma)).unwrap_or_default();
        let said = format!(
            "`{name}`: each cell has its own scale, as `{text}` on line {line}, which is {}",
            human::group_digits(read, None)
        );
        let bare = profile.readings.numbers() - profile.scaled;
        Some(match bare {
            0 => Ok(said),
            1 => Err(format!("{said}; 1 has none, and is as it is written")),
            _ => Err(format!("{said}; {bare} have none, and are as they are written")),
        })
    }
}
