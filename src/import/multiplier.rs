//! Columns that multiply the numbers beside them, as statistical offices publish them: `UNIT_MULT` and `PowerCode Code` with the power of
//! ten, `PowerCode` with its word. No number takes them by itself; what they say is in doubt.

use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit};
use super::findings::Findings;
use super::unit_phrase::is_large_scale;
use rust_decimal::Decimal;

/// The names of such columns.
const NAMES: [&str; 12] = [
    "mult",
    "multiplier",
    "obs_multiplier",
    "power_code",
    "power_code_code",
    "powercode",
    "powercode_code",
    "scale_factor",
    "unit_mult",
    "unit_multiplier",
    "units_multiplier",
    "unitmult",
];

/// True for the name of a column that multiplies others.
pub(super) fn is_multiplier(name: &str) -> bool {
    NAMES.contains(&name)
}

impl Findings<'_> {
    /// The doubt about a column that may multiply numbers which are taken as they are written.
    pub(super) fn multiplier_doubt(&self, columns: &[ColumnPlan]) -> Option<String> {
        let multiplier = columns.iter().find(|column| self.multiplies(column))?;
        let is_unscaled = |column: &&ColumnPlan| match &column.kind {
            PlannedKind::Quantity(plan) => plan.factor == Decimal::ONE,
            PlannedKind::Integer(_) => self.has_no_unit(column),
            _ => false,
        };
        let nearest = |column: &&ColumnPlan| column.index.abs_diff(multiplier.index);
        let number = columns.iter().filter(is_unscaled).min_by_key(nearest)?;
        let unit = match &number.kind {
            PlannedKind::Quantity(plan) => match &plan.unit {
                PlannedUnit::Fixed(unit) => unit.to_string(),
                _ => "CODE".to_owned(),
            },
            _ => "CODE".to_owned(),
        };
        let (multiplier, name) = (&multiplier.name, &number.name);
        Some(format!(
            "`{multiplier}` may multiply the numbers of `{name}`, which are as they are written: `--unit {name}='{unit} million'` or the \
             like says their unit with its scale, where it is the same in all rows"
        ))
    }

    /// True for a column by whose name or texts numbers are multiplied, in any row by more than 1.
    fn multiplies(&self, column: &ColumnPlan) -> bool {
        let profile = &self.profiles[column.index];
        let texts = profile.texts.all();
        match &column.kind {
            PlannedKind::Quantity(_) | PlannedKind::Integer(_) => {
                is_multiplier(&column.name) && profile.zeros < profile.readings.numbers()
            }
            PlannedKind::Text => {
                let is_scale = |text: &str| is_large_scale(text) || text.eq_ignore_ascii_case("units");
                !profile.texts.is_full
                    && texts.iter().any(|found| is_large_scale(&found.text))
                    && texts.iter().all(|found| is_scale(&found.text))
            }
            _ => false,
        }
    }
}
