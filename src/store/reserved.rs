//! The names in TEMP that stand for the result shown last and for tables of scripts. No question may make, change or drop
//! what bears one.

/// The views by which SQL reads the result shown last.
pub(super) const LAST_VIEWS: [&str; 2] = ["last", "_"];

/// The tables behind them begin so.
pub(super) const LAST_TABLE: &str = "held_last";

/// The tables behind those of scripts begin so.
pub(super) const HELD_TABLE: &str = "held_table";

/// Whether a name belongs to the result shown last, or to a table of a script.
pub(super) fn is_ours(name: &str) -> bool {
    is_last(name) || is_held(name)
}

/// Whether a name is one by which SQL reads the result shown last.
pub(super) fn is_last(name: &str) -> bool {
    LAST_VIEWS.iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// Whether a name is that of a table behind such a view.
pub(super) fn is_held(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [LAST_TABLE, HELD_TABLE].iter().any(|beginning| name.starts_with(beginning))
}

/// Whether a statement writes out the name of such a table, which none has a reason to.
pub(super) fn names_held(sql: &str) -> bool {
    let lower = sql.to_ascii_lowercase();
    [LAST_TABLE, HELD_TABLE].iter().any(|beginning| lower.contains(beginning))
}
