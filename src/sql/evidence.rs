//! What the quantities of a result rest on, gathered cell by cell, and how its cells came about.

use super::Cell;
use crate::quantity::{Amount, Assumptions, Facts, Quantity, Reasons, Ref};

/// What the quantities of a result rest on.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Every fact, record and unknown.
    pub facts: Facts,
    /// Every assumption.
    pub assumptions: Assumptions,
    /// Why those are unknown that name no open question of the book.
    pub reasons: Reasons,
    /// Whether it is a single value rather than a table.
    pub is_value: bool,
    /// The first quantity.
    pub first: Option<Quantity>,
    /// How many quantities there are.
    pub quantities: usize,
    /// How the cells came about.
    pub origin: Origin,
}

/// How the cells of a result came about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nothing is kept of it.
    #[default]
    Untold,
    /// A statement of SQL answered with them.
    Statement(String),
    /// A script computed some of them: row and column, from 0, and how.
    Computed(Vec<(usize, usize, String)>),
}

impl Evidence {
    /// Takes a cell into account.
    pub(super) fn add(&mut self, cell: &Cell<'_>) {
        let Cell::Quantity(quantity) = cell else { return };
        self.facts.extend(quantity.facts());
        self.assumptions = self.assumptions.union(quantity.assumptions());
        self.quantities += 1;
        if self.first.is_none() {
            self.first = Some((**quantity).clone());
        }
        if let Amount::Unknown(reasons) = quantity.amount()
            && !quantity.facts().iter().any(|reference| matches!(reference, Ref::Unknown(_)))
        {
            self.reasons = self.reasons.union(*reasons);
        }
    }
}
