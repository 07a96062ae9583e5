//! The variables of a session as they were before an entry, for when it fails: a failed entry changes nothing.

use super::rows::Table;
use crate::quantity::Worked;
use rhai::{Dynamic, INT, ImmutableString, Scope};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

/// How many variables there were, and the values of those that the entry may change: only what its text names, or any
/// where it runs a text that it makes. Of several with one name the newest is the only one that can be seen.
pub(super) struct Before {
    count: usize,
    named: BTreeMap<String, Dynamic>,
}

impl Before {
    pub(super) fn of(scope: &Scope<'_>, text: &str) -> Self {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let words: HashSet<&str> = text.split(|c| !is_word(c)).collect();
        let is_meant = |name: &str| words.contains(name) || words.contains("eval");
        let mut named = BTreeMap::new();
        // The newest come first.
        for (name, is_constant, value) in scope.iter_raw().filter(|(name, ..)| is_meant(name)) {
            if !is_constant && !named.contains_key(name) {
                named.insert(name.to_owned(), value.flatten_clone());
            }
        }
        Self { count: scope.len(), named }
    }

    /// Whether the entry has made a variable, which stands at this place, or may have given it another value.
    pub(super) fn is_changed(&self, name: &str, place: usize, value: &Dynamic) -> bool {
        let is_another = |known: &Dynamic| !is_same(known, &value.flatten_clone());
        place >= self.count || self.named.get(name).is_some_and(is_another)
    }

    /// Takes what the entry made out of the scope, and puts back what it changed.
    pub(super) fn bring_back(&self, scope: &mut Scope<'_>) {
        scope.rewind(self.count);
        for (name, value) in &self.named {
            // One that a function has taken with it is changed where both see it.
            if let Some(mut place) = scope.get_mut(name).and_then(Dynamic::write_lock::<Dynamic>) {
                *place = value.clone();
            }
        }
    }
}

/// Whether two values are surely one and the same.
fn is_same(one: &Dynamic, other: &Dynamic) -> bool {
    fn equal<T: rhai::Variant + Clone + PartialEq>(one: &Dynamic, other: &Dynamic) -> bool {
        let (one, other) = (one.clone().try_cast::<T>(), other.clone().try_cast::<T>());
        one.is_some() && one == other
    }
    let is_one_table = || match (one.read_lock::<Table>(), other.read_lock::<Table>()) {
        (Some(one), Some(other)) => Rc::ptr_eq(&one.rows, &other.rows) && Rc::ptr_eq(&one.columns, &other.columns),
        _ => false,
    };
    let is_one_quantity = || match (one.read_lock::<Worked>(), other.read_lock::<Worked>()) {
        (Some(one), Some(other)) => one.quantity == other.quantity,
        _ => false,
    };
    one.is_unit() && other.is_unit()
        || equal::<INT>(one, other)
        || equal::<Decimal>(one, other)
        || equal::<bool>(one, other)
        || equal::<ImmutableString>(one, other)
        || is_one_quantity()
        || is_one_table()
}

#[cfg(test)]
mod tests {
    use super::Before;
    use rhai::Scope;

    #[test]
    fn what_a_text_names_is_brought_back() {
        let mut scope = Scope::new();
        scope.push("x", 1_i64).push("x", 2_i64).push("y", 3_i64).push_constant("z", 4_i64);
        let before = Before::of(&scope, "x = 5; let w = z;");
        scope.set_value("x", 5_i64);
        scope.set_value("y", 6_i64);
        scope.push("w", 7_i64);
        before.bring_back(&mut scope);
        assert_eq!(scope.get_value::<i64>("x"), Some(2));
        assert_eq!(scope.get_value::<i64>("y"), Some(6), "what is not named can't have been changed");
        assert!(!scope.contains("w"));
        scope.rewind(1);
        assert_eq!(scope.get_value::<i64>("x"), Some(1));
    }
}
