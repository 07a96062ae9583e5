//! What a result supposes, gathered row by row, and the stamp of one that rests on suppositions. Where the stamp
//! stands is for the formats to say.

use super::shared::Shared;
use crate::quantity::reading::{assumption, assumptions};
use crate::quantity::{Assumption, Assumptions, GIVEN, Quantity};
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
        let is_given = |(_, shared): &(&String, &Shared<Assumption>)| shared.one().is_some_and(Assumption::is_given);
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
