//! The properties that the quantities of a result have in common: unit, stages, assumptions. A common property is
//! written once, in a heading or beside the table; one that differs is written in each cell. It covers every row, those
//! that a long table omits included.

use crate::quantity::human::{assumption, assumptions};
use crate::quantity::{Assumption, Assumptions, GIVEN, Quantity, Stages, Unit};
use crate::sql::Cell;
use std::collections::BTreeMap;

/// The common value of a property of several items.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Common<T> {
    /// No item has the property.
    #[default]
    Absent,
    /// The items that have it have the same value.
    One(T),
    /// The values differ.
    Several,
}

impl<T: Clone + PartialEq> Common<T> {
    /// Includes the value of another item.
    pub(super) fn update(&mut self, value: &T) {
        match self {
            Common::Absent => *self = Common::One(value.clone()),
            Common::One(known) if known != value => *self = Common::Several,
            Common::One(_) | Common::Several => {}
        }
    }

    /// Includes the common value of other items.
    pub(super) fn merge(&mut self, other: &Self) {
        match other {
            Common::Absent => {}
            Common::One(value) => self.update(value),
            Common::Several => *self = Common::Several,
        }
    }

    /// The common value, if there is one.
    pub(super) fn one(&self) -> Option<&T> {
        match self {
            Common::One(value) => Some(value),
            Common::Absent | Common::Several => None,
        }
    }
}

/// The assumptions of a result, by name, each with its common value. `given` may have another value in every row.
#[derive(Debug, Clone, Default)]
pub(super) struct CommonAssumptions(BTreeMap<String, Common<Assumption>>);

impl CommonAssumptions {
    /// The assumptions of a result as a whole.
    pub(super) fn of(assumptions: &Assumptions) -> Self {
        let mut common = Self::default();
        common.update(assumptions);
        common
    }

    /// Includes the assumptions of a value or a row.
    pub(super) fn update(&mut self, assumptions: &Assumptions) {
        for assumption in assumptions.iter() {
            match self.0.get_mut(assumption.name()) {
                Some(known) => known.update(assumption),
                None => drop(self.0.insert(assumption.name().to_owned(), Common::One(assumption.clone()))),
            }
        }
    }

    /// Returns true if the assumption of this name has the same value throughout.
    pub(super) fn is_one(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|shared| shared.one().is_some())
    }

    /// The stamp above a result with assumptions: `WHAT-IF  assumes rate = 1.25 USD/GBP`, `given 2`. An assumption with
    /// several values has its name alone, since the cells have the values; differing numbers of `given` are omitted.
    pub(super) fn stamp(&self) -> Option<String> {
        self.stamp_after("WHAT-IF  ")
    }

    /// The stamp as a notice beside a result for programs.
    pub(super) fn notice(&self) -> Option<String> {
        self.stamp_after("WHAT-IF ")
    }

    fn stamp_after(&self, banner: &str) -> Option<String> {
        let is_given = |(_, shared): &(&String, &Common<Assumption>)| shared.one().is_some_and(Assumption::is_given);
        let given = self.0.iter().filter(is_given).filter_map(|(_, shared)| shared.one().map(assumption));
        let others = self.0.iter().filter(|(name, _)| *name != GIVEN);
        let others = others.map(|(name, shared)| shared.one().map_or_else(|| name.clone(), assumption));
        join_stamp(banner, &others.collect::<Vec<_>>(), &given.collect::<Vec<_>>())
    }
}

/// The stamp of a single value, with every value of its assumptions.
pub(super) fn value_stamp(assumed: &Assumptions) -> Option<String> {
    let (given, others): (Vec<_>, Vec<_>) = assumed.iter().cloned().partition(Assumption::is_given);
    let [given, others] = [given, others].map(|some| assumptions(&some.into_iter().collect()));
    join_stamp("WHAT-IF  ", &others, &given)
}

/// `WHAT-IF  assumes rate = 1.25 USD/GBP; …  given 2; …`; `None` without assumptions.
fn join_stamp(banner: &str, assumed: &[String], given: &[String]) -> Option<String> {
    let what_if = (!assumed.is_empty()).then(|| format!("{banner}assumes {}", assumed.join("; ")));
    let given = (!given.is_empty()).then(|| given.join("; "));
    let parts: Vec<String> = what_if.into_iter().chain(given).collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}

/// The common properties of the quantities of a result.
#[derive(Debug, Clone, Default)]
pub(super) struct Summary {
    columns: Vec<ColumnSummary>,
    pub(super) assumptions: CommonAssumptions,
}

/// The common properties of the quantities of a column.
#[derive(Debug, Clone, Default)]
struct ColumnSummary {
    unit: Common<Unit>,
    stages: Common<Stages>,
    /// True if a known value is no quantity, and so has neither unit nor stage.
    has_other: bool,
}

impl Summary {
    /// Includes the next row.
    pub(super) fn update(&mut self, cells: &[Cell<'_>]) {
        self.columns.resize_with(cells.len(), ColumnSummary::default);
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match cell {
                Cell::Null => {}
                Cell::Quantity(quantity) => {
                    column.update(quantity);
                    self.assumptions.update(quantity.assumptions());
                }
                _ => column.has_other = true,
            }
        }
    }

    /// The unit of a column, if every known cell is a quantity of that unit.
    pub(super) fn unit(&self, column: usize) -> Option<&Unit> {
        self.columns.get(column).filter(|column| !column.has_other).and_then(|column| column.unit.one())
    }

    /// The common stages of all columns of quantities. A known cell without stage differs from one with a stage.
    pub(super) fn stages(&self) -> Common<Stages> {
        let mut stages = Common::default();
        for column in self.columns.iter().filter(|column| column.stages != Common::Absent) {
            stages.merge(&column.stages);
            if column.has_other {
                stages.update(&Stages::none());
            }
        }
        stages
    }
}

impl ColumnSummary {
    fn update(&mut self, quantity: &Quantity) {
        if let Some(unit) = quantity.unit() {
            self.unit.update(unit);
        }
        // A stage does not apply to an unknown without one.
        if !(quantity.is_unknown() && quantity.stages().is_empty()) {
            self.stages.update(&quantity.stages());
        }
    }
}
