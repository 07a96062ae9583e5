//! The names that the program keeps for itself. What bears one is the program's own object and nobody else's: no statement may
//! name one, and no file with such a name in its schema is opened. So an object is known by its name here, and by no other.

/// Every name that the program gives to what only it may read begins so.
pub const PREFIX: &str = "pledgebook_";

/// The views by which SQL reads the result shown last.
pub(super) const LAST_VIEWS: [&str; 2] = ["last", "_"];

/// The tables behind them begin so.
pub(super) const LAST_TABLE: &str = "pledgebook_last";

/// The tables behind those of scripts begin so.
pub(super) const HELD_TABLE: &str = "pledgebook_table";

/// Whether a name is one of the program's own, letter case ignored as SQL ignores it.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Whether a name is one by which SQL reads the result shown last.
pub(super) fn is_last(name: &str) -> bool {
    LAST_VIEWS.iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// Whether a name belongs to the result shown last, or to a table of a script.
pub(super) fn is_ours(name: &str) -> bool {
    is_last(name) || is_reserved(name)
}
