//! The names of columns where programs read them: each once, those of the columns that a quantity is split into and of
//! those that are appended among them. A reader that keeps its columns by name would drop a value otherwise.

use super::machine::{self, PARTS};
use crate::sql::{AppendedColumns, Column};
use std::collections::HashSet;

/// How a format names its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// A column is one member of an object.
    Members,
    /// A quantity becomes five columns.
    Split,
    /// A quantity becomes five columns, of a table of SQL, which takes `a` and `A` for one name.
    Sql,
}

impl Naming {
    /// The same text for names that the reader takes for one.
    fn key(self, name: &str) -> String {
        if self == Self::Sql { name.to_ascii_lowercase() } else { name.to_owned() }
    }

    /// What is appended to the name of a column, for each column that it becomes.
    fn parts(self, column: &Column) -> &'static [&'static str] {
        if column.is_quantity && self != Self::Members { &PARTS } else { &PARTS[..1] }
    }
}

/// The names of all columns that a result has, each once: those that its own columns become, and the appended ones last.
pub(super) fn all_names(columns: &[Column], appended: AppendedColumns, naming: Naming) -> Vec<String> {
    let appended = machine::appended(appended).map(|name| Column { name: name.to_owned(), is_quantity: false });
    let columns: Vec<Column> = columns.iter().cloned().chain(appended).collect();
    let named = distinct(&columns, naming).into_iter().zip(&columns);
    named.flat_map(|(name, column)| naming.parts(column).iter().map(move |part| format!("{name}{part}"))).collect()
}

/// The name of each column: the second `n` is `n_2`, or has the next number that no column has. The parts of a quantity have
/// their names before a column that happens to be called like one.
fn distinct(columns: &[Column], naming: Naming) -> Vec<String> {
    let key = |name: &str, part: &str| naming.key(&format!("{name}{part}"));
    let mut given: HashSet<String> = HashSet::new();
    let mut reserved: HashSet<String> = HashSet::new();
    for column in columns {
        if given.insert(key(&column.name, "")) {
            reserved.extend(naming.parts(column)[1..].iter().map(|part| key(&column.name, part)));
        }
    }
    let mut used: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(columns.len());
    for column in columns {
        let parts = naming.parts(column);
        let is_free = |name: &str, number: usize| {
            let own = key(name, "");
            let is_taken = |name: String| used.contains(&name) || number > 1 && given.contains(&name);
            let is_others = |name: &String| reserved.contains(name) && (number > 1 || *name == own);
            !parts.iter().map(|part| key(name, part)).any(|name| is_others(&name) || is_taken(name))
        };
        let mut name = column.name.clone();
        let mut number = 1;
        while !is_free(&name, number) {
            number += 1;
            name = format!("{}_{number}", column.name);
        }
        used.extend(parts.iter().map(|part| key(&name, part)));
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{Naming, all_names, distinct};
    use crate::sql::{AppendedColumns, Column};
    use crate::table::fixture::header;
    use proptest::prelude::{Strategy, any, prop, proptest};
    use std::collections::HashSet;

    fn named(columns: &[&str], naming: Naming) -> Vec<String> {
        distinct(&header(columns).columns, naming)
    }

    #[test]
    fn a_name_that_comes_again_has_a_number() {
        for naming in [Naming::Members, Naming::Split, Naming::Sql] {
            assert_eq!(named(&["n", "n", "n_2", "n", ""], naming), ["n", "n_3", "n_2", "n_4", ""]);
        }
        assert_eq!(named(&["a", "A", "", ""], Naming::Split), ["a", "A", "", "_2"]);
        assert_eq!(named(&["a", "A", "A_2"], Naming::Sql), ["a", "A_3", "A_2"]);
    }

    #[test]
    fn the_parts_of_a_quantity_keep_their_names() {
        let plain = ["amount*", "amount_unit"];
        assert_eq!(named(&plain, Naming::Members), ["amount", "amount_unit"]);
        assert_eq!(named(&plain, Naming::Split), ["amount", "amount_unit_2"]);
        assert_eq!(named(&["amount_unit", "amount*"], Naming::Split), ["amount_unit_2", "amount"]);
        assert_eq!(named(&["a*", "a_unit*", "A_UNIT"], Naming::Sql), ["a", "a_unit_2", "A_UNIT_3"]);
        assert_eq!(named(&["a", "a*", "a_2_unit"], Naming::Split), ["a", "a_3", "a_2_unit"]);
    }

    #[test]
    fn what_is_appended_stands_last_under_a_name_of_its_own() {
        let appended = AppendedColumns { conflict: true, assumptions: true };
        let all = |columns: &[&str], naming| all_names(&header(columns).columns, appended, naming);
        assert_eq!(all(&["a"], Naming::Members), ["a", "conflict", "assumptions"]);
        assert_eq!(all(&["assumptions"], Naming::Members), ["assumptions", "conflict", "assumptions_2"]);
        assert_eq!(all(&["Conflict"], Naming::Split), ["Conflict", "conflict", "assumptions"]);
        assert_eq!(all(&["Conflict", "b"], Naming::Sql), ["Conflict", "b", "conflict_2", "assumptions"]);
        let split = ["_unit", "_stage", "_facts", "_assumptions"].map(|part| format!("conflict{part}"));
        assert_eq!(all(&["conflict*"], Naming::Split)[1..5], split);
    }

    fn columns() -> impl Strategy<Value = Vec<Column>> {
        let name = "[aA]?(_unit|_2|_facts|_3|assumptions|conflict){0,2}";
        let column = (name, any::<bool>()).prop_map(|(name, is_quantity)| Column { name, is_quantity });
        prop::collection::vec(column, 0..12)
    }

    proptest! {
        #[test]
        fn no_two_columns_of_a_result_have_one_name(columns in columns()) {
            let appended = AppendedColumns { conflict: true, assumptions: true };
            for naming in [Naming::Members, Naming::Split, Naming::Sql] {
                let names = all_names(&columns, appended, naming);
                let mut seen = HashSet::new();
                assert!(names.iter().all(|name| seen.insert(naming.key(name))), "{naming:?}: {names:?} of {columns:?}");
            }
        }
    }
}
