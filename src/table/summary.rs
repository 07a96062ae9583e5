//! The properties that the quantities of a result have in common: unit, stages, assumptions. A common property is
//! written once, in a heading or beside the table; one that differs is written in each cell. It covers every row, those
//! that a long table omits included.

use crate::quantity::reading::{assumption, assumptions};
use crate::quantity::{Assumption, Assumptions, GIVEN, Quantity, Stages, Unit};
use crate::sql::Cell;
use std::collections::BTreeMap;

/// A property of the quantities seen so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Common<T> {
    /// None of them had it.
    #[default]
    Absent,
    /// All had this one.
    One(T),
    /// They differed.
    Several,
}

impl<T: Clone + PartialEq> Common<T> {
    /// Takes one more into account.
    pub(super) fn update(&mut self, value: &T) {
        match self {
            Common::Absent => *self = Common::One(value.clone()),
            Common::One(known) if known != value => *self = Common::Several,
            Common::One(_) | Common::Several => {}
        }
    }

    /// Takes into account what others have in common.
    pub(super) fn merge(&mut self, other: &Self) {
        match other {
            Common::Absent => {}
            Common::One(value) => self.update(value),
            Common::Several => *self = Common::Several,
        }
    }

    /// What all have in common.
    pub(super) fn one(&self) -> Option<&T> {
        match self {
            Common::One(value) => Some(value),
            Common::Absent | Common::Several => None,
        }
    }
}

/// The suppositions of a result, by name. `given` may have another value in every row: then only its name is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct CommonAssumptions(BTreeMap<String, Common<Assumption>>);

impl CommonAssumptions {
    /// What a result as a whole supposes.
    pub(super) fn of(assumptions: &Assumptions) -> Self {
        let mut assumed = Self::default();
        assumed.update(assumptions);
        assumed
    }

    /// Takes what something supposes into account.
    pub(super) fn update(&mut self, assumptions: &Assumptions) {
        for assumption in assumptions.iter() {
            match self.0.get_mut(assumption.name()) {
                Some(known) => known.update(assumption),
                None => drop(self.0.insert(assumption.name().to_owned(), Common::One(assumption.clone()))),
            }
        }
    }

    /// Whether all that suppose something by this name suppose the same.
    pub(super) fn is_one(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|shared| shared.one().is_some())
    }

    /// What stands above a result that rests on suppositions: `WHAT-IF  assumes rate = 1.25 USD/GBP`, `given 2`. Of one
    /// that has several values only the name, since the cells have the values; of numbers that were given not even that.
    pub(super) fn stamp(&self) -> Option<String> {
        self.words("WHAT-IF  ")
    }

    /// The same as a remark beside a result for programs.
    pub(super) fn notice(&self) -> Option<String> {
        self.words("WHAT-IF ")
    }

    fn words(&self, banner: &str) -> Option<String> {
        let is_given = |(_, shared): &(&String, &Common<Assumption>)| shared.one().is_some_and(Assumption::is_given);
        let given = self.0.iter().filter(is_given).filter_map(|(_, shared)| shared.one().map(assumption));
        let others = self.0.iter().filter(|(name, _)| *name != GIVEN);
        let others = others.map(|(name, shared)| shared.one().map_or_else(|| name.clone(), assumption));
        stamped(banner, &others.collect::<Vec<_>>(), &given.collect::<Vec<_>>())
    }
}

/// The stamp of a single value, with every value of what it supposes.
pub(super) fn stamp_of(assumed: &Assumptions) -> Option<String> {
    let (given, others): (Vec<_>, Vec<_>) = assumed.iter().cloned().partition(Assumption::is_given);
    let [given, others] = [given, others].map(|some| assumptions(&some.into_iter().collect()));
    stamped("WHAT-IF  ", &others, &given)
}

/// `WHAT-IF  assumes rate = 1.25 USD/GBP; …  given 2; …`; `None` where nothing is supposed.
fn stamped(banner: &str, assumed: &[String], given: &[String]) -> Option<String> {
    let what_if = (!assumed.is_empty()).then(|| format!("{banner}assumes {}", assumed.join("; ")));
    let given = (!given.is_empty()).then(|| given.join("; "));
    let parts: Vec<String> = what_if.into_iter().chain(given).collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}

/// What the quantities of a result share.
#[derive(Debug, Clone, Default)]
pub(super) struct Summary {
    columns: Vec<ColumnSummary>,
    pub(super) assumptions: CommonAssumptions,
}

/// What has stood in a column.
#[derive(Debug, Clone, Default)]
struct ColumnSummary {
    unit: Common<Unit>,
    stages: Common<Stages>,
    /// A known value that is no quantity, and so has neither unit nor stage.
    has_other: bool,
}

impl Summary {
    /// Takes the next row into account.
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

    /// The unit of a column, if every known cell of it is a quantity of that unit.
    pub(super) fn unit(&self, column: usize) -> Option<&Unit> {
        self.columns.get(column).filter(|column| !column.has_other).and_then(|column| column.unit.one())
    }

    /// The stages of all columns that hold quantities. A known cell without stage differs from one that has some.
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
        // An unknown without stage has nothing that a stage could be said of.
        if !(quantity.is_unknown() && quantity.stages().is_empty()) {
            self.stages.update(&quantity.stages());
        }
    }
}
