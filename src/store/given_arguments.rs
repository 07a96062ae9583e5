//! Which arguments of functions are numbers that a person gave, told by the program of the statement that runs: a
//! function of SQL sees the number alone.

use std::collections::BTreeMap;

/// Arguments of functions, by name and place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenArguments(BTreeMap<String, Vec<i64>>);

impl GivenArguments {
    /// Adds one.
    pub fn insert(&mut self, function: &str, place: i64) {
        let places = self.0.entry(function.to_ascii_lowercase()).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }

    /// Whether it is one of them.
    #[must_use]
    pub fn contains(&self, function: &str, place: usize) -> bool {
        let of = self.0.get(function).or_else(|| self.0.get(&function.to_ascii_lowercase()));
        of.is_some_and(|places| places.iter().any(|known| usize::try_from(*known) == Ok(place)))
    }
}
