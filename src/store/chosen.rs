//! The facts that a preference for a source chooses. The views of pledges mark their numbers with the assumption.

use crate::quantity::{Assumption, Quantity, Ref};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The columns of the views of pledges that hold numbers.
const COLUMNS: [&str; 2] = ["amount", "item_count"];

/// What is chosen, shared by a connection's functions.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    is_any: AtomicBool,
    facts: Mutex<HashMap<Ref, Assumption>>,
}

impl Chosen {
    pub(super) fn is_any(&self) -> bool {
        self.0.is_any.load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, facts: HashMap<Ref, Assumption>) {
        self.0.is_any.store(!facts.is_empty(), Ordering::Relaxed);
        *self.0.facts.lock().unwrap_or_else(PoisonError::into_inner) = facts;
    }

    /// A number of a view of pledges, on the assumption by which it was chosen; `None` for any other.
    pub(super) fn marked(&self, form: &str, column: &str) -> Option<String> {
        if !self.is_any() || !COLUMNS.contains(&column) {
            return None;
        }
        let quantity: Quantity = form.parse().ok()?;
        let facts = self.0.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let assumption = quantity.facts().iter().find_map(|fact| facts.get(&fact))?.clone();
        let assumptions = quantity.assumptions().with(assumption);
        Some(quantity.with_assumptions(assumptions).to_string())
    }
}
