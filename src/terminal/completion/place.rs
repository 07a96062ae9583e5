//! What may stand where the cursor stands in a statement, told by the words before it.

use super::query::Query;
use super::sources::BEFORE_RELATION;

/// What may stand somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'t> {
    /// A table or view.
    Relation,
    /// A column of this table, view or alias.
    Column(&'t str),
    /// The name of a variable or an id, behind its colon.
    Parameter,
    /// A keyword alone: at the beginning, behind a table, behind `as`.
    Keyword,
    /// A column, a function, a keyword: whatever is part of a value.
    Value,
}

/// Words that say what follows them, up to the next of them.
const CLAUSES: [&str; 15] = [
    "select",
    "from",
    "join",
    "on",
    "using",
    "where",
    "by",
    "having",
    "limit",
    "offset",
    "set",
    "values",
    "returning",
    "into",
    "update",
];

/// Words between two tables, before the `join`.
const JOINING: [&str; 7] = ["left", "right", "inner", "outer", "full", "cross", "natural"];

/// What may stand at the cursor; `after_colon` says whether a `:` stands right before it.
pub(super) fn place<'t>(query: &Query<'t>, after_colon: bool) -> Place<'t> {
    let at = query.at;
    if after_colon {
        return Place::Parameter;
    }
    let Some(last) = at.checked_sub(1) else { return Place::Keyword };
    if query.text(last) == "." {
        return last.checked_sub(1).and_then(|name| query.name(name)).map_or(Place::Value, Place::Column);
    }
    if query.is_comparing(last) {
        return Place::Value;
    }
    let is_dropping = query.is_one_of(last, &["table", "view"]) && query.is_one_of(0, &["drop", "alter"]);
    let opens_from = query.text(last) == "(" && expects_relation(query, last);
    if is_dropping || opens_from || expects_relation(query, at) {
        return Place::Relation;
    }
    let is_verb = last == 0 && query.name(0).is_some() && !query.is(0, "select");
    let is_behind_table =
        clause(query, at).is_some_and(|at| query.is_one_of(at, &BEFORE_RELATION)) && query.text(last) != "(";
    if is_verb || query.is(last, "as") || is_behind_table || query.is_one_of(last, &JOINING) {
        return Place::Keyword;
    }
    Place::Value
}

/// Whether a table or view is named at a place: behind `from` and its like, and behind a comma in FROM.
fn expects_relation(query: &Query<'_>, at: usize) -> bool {
    let Some(last) = at.checked_sub(1) else { return false };
    let is_in_from = |at| query.is_one_of(at, &["from", "join", "on", "using"]);
    query.is_one_of(last, &BEFORE_RELATION) || (query.text(last) == "," && clause(query, last).is_some_and(is_in_from))
}

/// The word before a place that says what stands there, in the same parentheses.
fn clause(query: &Query<'_>, at: usize) -> Option<usize> {
    let opens = (0..at).rev().find(|open| query.text(*open) == "(" && query.close(*open) >= at);
    let level = query.level(opens.map_or(0, |open| open + 1)..at);
    level.into_iter().rev().find(|at| query.is_one_of(*at, &CLAUSES))
}
