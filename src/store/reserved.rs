//! The names in TEMP that stand for the result shown last. No question may make, change or drop what bears one.

/// The views by which SQL reads the result shown last.
pub(super) const LAST_VIEWS: [&str; 2] = ["last", "_"];

/// The tables behind them begin so.
pub(super) const LAST_TABLE: &str = "held_last";

/// Whether a name belongs to the result shown last.
pub(super) fn is_last(name: &str) -> bool {
    LAST_VIEWS.iter().any(|own| name.eq_ignore_ascii_case(own)) || is_held(name)
}

/// Whether a name is that of a table behind it.
pub(super) fn is_held(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with(LAST_TABLE)
}
