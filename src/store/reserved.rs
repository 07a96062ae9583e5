//! The names in TEMP that are the program's own: the public views made again, and the result shown last. No question
//! may make, change or drop what bears one.

use super::catalogue;

/// The views by which SQL reads the result shown last.
pub(super) const LAST_VIEWS: [&str; 2] = ["last", "_"];

/// The table behind them.
pub(super) const LAST_TABLE: &str = "held_last";

/// Whether a name belongs to the result shown last.
pub(super) fn is_last(name: &str) -> bool {
    LAST_VIEWS.iter().chain([&LAST_TABLE]).any(|own| name.eq_ignore_ascii_case(own))
}

/// Whether the program itself makes and fills what has this name in TEMP.
pub(super) fn is_ours(name: &str) -> bool {
    catalogue::find(name).is_some() || is_last(name)
}
