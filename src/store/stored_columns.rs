//! A column of a table or an index as it is stored, and what its declared type makes of its values.

use std::rc::Rc;

/// What SQLite makes of a value that is stored in a column, by its declared type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affinity {
    /// A whole number where it is one.
    Integer,
    /// A REAL where it is a number.
    Real,
    /// A number where it is one, of either kind.
    Numeric,
    /// A text.
    Text,
    /// What it was: the column has no type, or one that SQLite does not know, as `date`.
    None,
}

/// A column as it is stored.
#[derive(Debug, Clone)]
pub struct StoredColumn {
    /// The schema of its table, `main` or `temp`.
    pub(super) schema: &'static str,
    /// Its table.
    pub(super) table: Rc<str>,
    /// Its name; empty for an expression of an index.
    pub name: String,
    /// What is made of its values.
    pub affinity: Affinity,
}

/// Which texts are looked for in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Any.
    Any,
    /// Those that are no numbers.
    NoNumbers,
    /// Those that begin as numbers or sums of money do, dates apart.
    LikeNumbers,
}

/// The affinity of a declared type, by SQLite's own rules. A type that is a day or a time would be a number by them, and is
/// filled with texts.
pub(super) fn affinity(declared: &str) -> Affinity {
    let declared = declared.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
    match () {
        () if has(&["int"]) => Affinity::Integer,
        () if has(&["char", "clob", "text"]) => Affinity::Text,
        () if declared.is_empty() || has(&["blob", "date", "time"]) || declared == "any" => Affinity::None,
        () if has(&["real", "floa", "doub"]) => Affinity::Real,
        () => Affinity::Numeric,
    }
}

#[cfg(test)]
mod tests {
    use super::{Affinity, affinity};

    #[test]
    fn a_declared_type_has_the_affinity_that_sqlite_gives_it() {
        for (declared, expected) in [
            ("INTEGER", Affinity::Integer),
            ("varchar(20)", Affinity::Text),
            ("DOUBLE PRECISION", Affinity::Real),
            ("decimal(10, 2)", Affinity::Numeric),
            ("datetime", Affinity::None),
            ("", Affinity::None),
        ] {
            assert_eq!(affinity(declared), expected, "{declared}");
        }
    }
}
