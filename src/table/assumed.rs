//! What a result supposes, gathered row by row, and the stamp of one that rests on suppositions. Where the stamp
//! stands is for the formats to say.

use super::shared::Shared;
use crate::quantity::reading::assumption;
use crate::quantity::{Assumption, Assumptions, Quantity};
use std::collections::BTreeMap;

/// The suppositions of a result, by name. `given` may have another value in every row: then only its name is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Assumed(BTreeMap<String, Shared<Assumption>>);

impl Assumed {
    /// What a result as a whole supposes.
    pub(super) fn of(assumptions: &Assumptions) -> Self {
        let mut assumed = Self::default();
        assumed.meet_all(assumptions);
        assumed
    }

    /// Takes a quantity into account.
    pub(super) fn meet(&mut self, quantity: &Quantity) {
        self.meet_all(quantity.assumptions());
    }

    /// Takes what something supposes into account.
    pub(super) fn meet_all(&mut self, assumptions: &Assumptions) {
        for assumption in assumptions.iter() {
            match self.0.get_mut(assumption.name()) {
                Some(known) => known.meet(assumption),
                None => drop(self.0.insert(assumption.name().to_owned(), Shared::One(assumption.clone()))),
            }
        }
    }

    /// Whether all that suppose something by this name suppose the same.
    pub(super) fn is_one(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|shared| shared.one().is_some())
    }

    /// What stands above a result that rests on suppositions: `WHAT-IF  assumes rate = 1.25 USD/GBP`. Of one that has
    /// several values only the name, since the cells have the values.
    pub(super) fn stamp(&self) -> Option<String> {
        self.list().map(|list| format!("WHAT-IF  {list}"))
    }

    /// The same as a remark beside a result for programs.
    pub(super) fn notice(&self) -> Option<String> {
        self.list().map(|list| format!("WHAT-IF {list}"))
    }

    fn list(&self) -> Option<String> {
        list(self.0.iter().map(|(name, shared)| shared.one().map_or_else(|| name.clone(), assumption)))
    }
}

/// The stamp of a single value, with every value of what it supposes.
pub(super) fn stamp_of(assumptions: &Assumptions) -> Option<String> {
    list(assumptions.iter().map(assumption)).map(|list| format!("WHAT-IF  {list}"))
}

/// `assumes rate = 1.25 USD/GBP; …`; `None` where nothing is supposed.
fn list(assumed: impl Iterator<Item = String>) -> Option<String> {
    let assumed = assumed.collect::<Vec<_>>().join("; ");
    (!assumed.is_empty()).then(|| format!("assumes {assumed}"))
}
