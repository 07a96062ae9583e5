//! The plan of one column: its name, the kind of its cells, and how they are stored.

use super::date_plan::DatePlan;
use super::numeric::{self, DecimalMark};
use super::record::Record;
use crate::quantity::{Stage, Unit};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A column of the table to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnPlan {
    /// Its place among the cells of a record.
    pub(super) index: usize,
    /// Its name in SQL.
    pub(super) name: String,
    /// The beginning of the names of the plain columns that hold it: its name, but where another column has the name of one.
    pub(super) stem: String,
    /// Its header as written.
    pub(super) header: String,
    /// The kind of its cells.
    pub(super) kind: PlannedKind,
    /// The stage of its numbers, where rows have stages and its header names one for itself.
    pub(super) stage: Option<Stage>,
}

impl ColumnPlan {
    /// True if its numbers are in percent.
    pub(super) fn is_percent(&self) -> bool {
        matches!(&self.kind, PlannedKind::Quantity(QuantityPlan { unit: PlannedUnit::Fixed(unit), .. }) if unit.to_string() == "percent")
    }

    /// The only format of its dates that are not in ISO 8601.
    pub(super) fn only_date_format(&self) -> Option<&str> {
        match &self.kind {
            PlannedKind::Date(plan) => plan.only_format(),
            _ => None,
        }
    }

    /// True if its cells are quarters.
    pub(super) fn is_of_quarters(&self) -> bool {
        matches!(&self.kind, PlannedKind::Date(plan) if plan.is_of_quarters)
    }
}

/// The kind of the cells of a column, and how they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlannedKind {
    /// Text as written, without the blanks around it.
    Text,
    /// Whole numbers without a unit, all of them written.
    Integer(DecimalMark),
    /// Floating-point numbers.
    Real(DecimalMark),
    /// Dates, stored in ISO 8601, or quarters, stored as `2023-Q3`.
    Date(DatePlan),
    /// Exact numbers with a unit, or with places behind the point, or of which some are unknown.
    Quantity(QuantityPlan),
}

/// A column of quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuantityPlan {
    /// The decimal mark of its cells.
    pub(super) mark: DecimalMark,
    /// The unit of its numbers.
    pub(super) unit: PlannedUnit,
    /// The units that are written beside numbers in the cells.
    pub(super) beside: UnitsBeside,
    /// The factor of each cell: a million in `EUR million`.
    pub(super) factor: Decimal,
    /// The places behind the point that are stored; `None` where the numbers are stored as decimal text.
    pub(super) places: Option<u32>,
    /// True if a cell is unknown, by a mark or because it fits nothing.
    pub(super) has_unknown: bool,
    /// True if a cell is a bound.
    pub(super) has_bounds: bool,
}

/// The place of a number's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlannedUnit {
    /// There is none.
    None,
    /// The same for the whole column.
    Fixed(Unit),
    /// In another column of its row, by index.
    Column(usize),
    /// Beside the number in its cell.
    Cells,
}

/// The units that are written beside numbers in the cells of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct UnitsBeside {
    /// The unit of each sign or word that means one alone.
    pub(super) of_words: BTreeMap<String, String>,
    /// The unit of numbers with nothing beside them; empty where they have none.
    pub(super) of_bare: String,
}

impl UnitsBeside {
    /// The unit beside the number of a cell; `None` where nothing is, or a sign that may be several.
    pub(super) fn written(&self, cell: &str) -> Option<&str> {
        if self.of_words.is_empty() {
            return None;
        }
        let affix = numeric::parse(cell).map_or("", |read| read.affix);
        self.of_words.get(affix).map(String::as_str)
    }
}

impl QuantityPlan {
    /// The unit of a number in a row that other cells of the row say, or its own; empty where there is none or the column has one.
    pub(super) fn unit_in<'r>(&'r self, row: &'r Record, cell: &str) -> &'r str {
        match &self.unit {
            PlannedUnit::None | PlannedUnit::Fixed(_) => "",
            PlannedUnit::Column(index) => numeric::trim(row.cell(*index)),
            PlannedUnit::Cells => self.beside.written(cell).unwrap_or(&self.beside.of_bare),
        }
    }

    /// True if rows have units of their own.
    pub(super) fn has_units_of_rows(&self) -> bool {
        matches!(self.unit, PlannedUnit::Column(_) | PlannedUnit::Cells)
    }
}
