//! What a result has in common is said once, in a heading or beside the table; what differs is said in each
//! cell. This finds out which, row by row, the rows that a long table leaves out included.

use crate::quantity::{Assumption, Quantity, Stages, Unit};
use crate::sql::Cell;
use std::collections::BTreeMap;

/// A property of the quantities seen so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Shared<T> {
    /// None of them had it.
    #[default]
    Absent,
    /// All had this one.
    One(T),
    /// They differed.
    Several,
}

impl<T: Clone + PartialEq> Shared<T> {
    fn meet(&mut self, value: &T) {
        match self {
            Shared::Absent => *self = Shared::One(value.clone()),
            Shared::One(known) if known != value => *self = Shared::Several,
            Shared::One(_) | Shared::Several => {}
        }
    }

    /// What all have in common.
    pub(super) fn one(&self) -> Option<&T> {
        match self {
            Shared::One(value) => Some(value),
            Shared::Absent | Shared::Several => None,
        }
    }
}

/// What the quantities of a result share.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    /// The unit of each column that has had a quantity.
    units: BTreeMap<usize, Shared<Unit>>,
    /// The stages of all columns.
    pub(super) stages: Shared<Stages>,
    /// By name. `given` may have another value in every row: then only its name is kept.
    pub(super) assumptions: BTreeMap<String, Shared<Assumption>>,
}

impl Survey {
    /// Takes the next row into account.
    pub(super) fn meet(&mut self, cells: &[Cell<'_>]) {
        for (column, cell) in cells.iter().enumerate() {
            if let Cell::Quantity(quantity) = cell {
                self.meet_quantity(column, quantity);
            }
        }
    }

    fn meet_quantity(&mut self, column: usize, quantity: &Quantity) {
        if let Some(unit) = quantity.unit() {
            self.units.entry(column).or_default().meet(unit);
        }
        // A number that rests on no fact has no stage that could differ.
        if !quantity.stages().is_empty() || !(quantity.facts().is_empty() || quantity.is_unknown()) {
            self.stages.meet(&quantity.stages());
        }
        for assumption in quantity.assumptions().iter() {
            match self.assumptions.get_mut(assumption.name()) {
                Some(known) => known.meet(assumption),
                None => drop(self.assumptions.insert(assumption.name().to_owned(), Shared::One(assumption.clone()))),
            }
        }
    }

    /// The unit of a column, if all its quantities have the same.
    pub(super) fn unit(&self, column: usize) -> Option<&Unit> {
        self.units.get(&column).and_then(Shared::one)
    }
}
