//! The warnings about quantities under the operators of SQL, each a sentence: comparisons that were left undecided, numbers that took
//! a unit, rows that are in an order of their own, and unknown rows that leave an aggregate open, with the statement that leaves
//! them out.

use crate::quantity::{ShareTaken, human};
use crate::store::{GapCount, GapPlace, Gaps, OperatorRemarks};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

/// The aggregates of which [`KNOWN_SUM`] is the known part.
const SUMS: [&str; 3] = ["sum(", "total(", "q_sum("];

/// Words of an expression that may be NULL on purpose.
const NULL_WORDS: [&str; 4] = ["case", "null", "cast", "and"];

/// The sum of the known rows.
const KNOWN_SUM: &str = "q_sum_known";

/// The warnings about operators, comparisons and orders.
pub(super) fn operator_warnings(remarks: &OperatorRemarks) -> Vec<String> {
    let was = |count: u64| if count == 1 { "was" } else { "were" };
    let is = |count: u64| if count == 1 { "is" } else { "are" };
    let comparisons = |count: u64| human::count(count, "comparison");
    let when = |count: u64, sentence: String| (count > 0).then_some(sentence);
    let (unknown, undecided, units) = (remarks.unknown_compared, remarks.undecided, remarks.units_compared);
    let (last, by_end, divided) = (remarks.placed_last, remarks.placed_by_lower_end, remarks.divided_by_zero);
    let ends = if by_end == 1 { "its lower end" } else { "their lower ends" };
    let taken = remarks.taken_units.iter();
    let taken = taken.map(|unit| Some(format!("a number without unit was taken in `{unit}` where it is compared")));
    let others = [
        when(
            unknown,
            format!(
                "{} with an unknown {} left undecided: `q_is_unknown(…)` finds such rows",
                comparisons(unknown),
                was(unknown)
            ),
        ),
        when(
            undecided,
            format!("{} of ranges or of inexact values {} left undecided", comparisons(undecided), was(undecided)),
        ),
        when(units, format!("{} {} of different units, which are never equal", comparisons(units), was(units))),
        when(divided, format!("{} by 0 gave NULL", human::count(divided, "division"))),
        when(last, format!("{} {} placed last", human::count(last, "unknown value"), is(last))),
        when(by_end, format!("{} {} placed by {ends}", human::count(by_end, "range"), is(by_end))),
        remarks.ordered_by_unit.then(|| "values of several units are in order unit by unit".to_owned()),
        remarks.share_taken.is_twice().then(|| ShareTaken::TWICE.to_owned()),
    ];
    taken.chain(others).flatten().collect()
}

/// The warnings about aggregates that unknown rows made unknown. `argument_at` returns the text of the argument of the aggregate
/// at a site.
pub(super) fn gap_warnings(gaps: &Gaps, argument_at: &dyn Fn(i64) -> Option<String>) -> Vec<String> {
    let warning = |(place, rows): (&GapPlace, &GapCount)| {
        let argument = place.site.and_then(argument_at);
        gap_warning(*place, *rows, argument.as_deref())
    };
    gaps.open().filter_map(warning).chain(null_warnings(gaps, argument_at)).collect()
}

/// The warnings about rows that aggregates of a column, or of a sum or product of some, left out, since they have no value. Another
/// expression may be NULL so that rows are left out: there is none of it.
fn null_warnings(gaps: &Gaps, argument_at: &dyn Fn(i64) -> Option<String>) -> impl Iterator<Item = String> {
    let mut found: Vec<(String, u64, Vec<&str>)> = Vec::new();
    for (place, rows) in gaps.with_nulls() {
        let Some(argument) = place.site.and_then(argument_at).filter(|argument| calculates(argument)) else { continue };
        let (nulls, all) = (rows.nulls, rows.nulls + rows.all);
        let what = if is_name(&argument) { argument } else { format!("`{argument}`") };
        let said = format!("{nulls} of {all} rows {} no {what}", verb(nulls, "have"));
        let name = start(place.call);
        match found.iter_mut().find(|(known, ..)| *known == said) {
            Some((.., names)) if names.contains(&name) => {}
            Some((.., names)) => names.push(name),
            None => found.push((said, nulls, vec![name])),
        }
    }
    found.into_iter().map(|(said, nulls, names)| {
        let leave = if names.len() == 1 { "leaves" } else { "leave" };
        format!("{said}: `{}` {leave} {} out", names.join("` and `"), them(nulls))
    })
}

/// The warning about an aggregate; `None` if no row is known, which the answer says.
fn gap_warning(GapPlace { call, .. }: GapPlace, rows: GapCount, argument: Option<&str>) -> Option<String> {
    let known = rows.all.checked_sub(rows.unknown).filter(|known| *known > 0)?;
    let (unknown, all) = (rows.unknown, rows.all);
    let written = argument.unwrap_or("…");
    let found = match argument {
        Some(name) if is_name(name) => format!("{unknown} of {all} rows {} no {name}", verb(unknown, "state")),
        Some(expression) => format!("{unknown} of {all} rows {} no `{expression}`", verb(unknown, "state")),
        None => format!("{unknown} of {all} values under `{}` {} unknown", start(call), verb(unknown, "are")),
    };
    let those = match argument {
        Some(_) => format!("the {known} that {}", verb(known, "do")),
        None if known == 1 => "the other".to_owned(),
        None => format!("the {known} others"),
    };
    Some(if SUMS.contains(&call) {
        format!("{found}; `{KNOWN_SUM}({written})` adds {those}")
    } else {
        format!("{found}; `{call}{written}) filter (where not q_is_unknown({written}))` leaves {} out", them(unknown))
    })
}

/// The pronoun for unknown rows.
fn them(count: u64) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

/// The name at the beginning of a call.
fn start(call: &str) -> &str {
    call.split('(').next().unwrap_or(call)
}

/// A verb for one or for many.
fn verb(count: u64, plural: &'static str) -> &'static str {
    match (count, plural) {
        (1, "state") => "states",
        (1, "have") => "has",
        (1, "are") => "is",
        (1, "do") => "does",
        _ => plural,
    }
}

/// True for a text that is one name.
fn is_name(text: &str) -> bool {
    let mut tokens = tokens(text);
    tokens.next().is_some_and(|token| token.kind == TokenKind::Word) && tokens.next().is_none()
}

/// True for a text that is a column, or calculated from columns and numbers alone.
fn calculates(text: &str) -> bool {
    let list: Vec<Token> = tokens(text).collect();
    let is_called = |at: usize| list.get(at + 1).is_some_and(|next| next.text(text) == "(");
    let is_part = |(at, token): (usize, &Token)| match token.kind {
        TokenKind::Word => !is_called(at) && !NULL_WORDS.iter().any(|word| token.is_word(text, word)),
        TokenKind::QuotedName | TokenKind::Number => true,
        TokenKind::Punct => matches!(token.text(text), "+" | "-" | "*" | "/" | "(" | ")" | "."),
        _ => false,
    };
    list.iter().enumerate().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(call: &'static str, [unknown, all]: [u64; 2], argument: Option<&str>, expected: &str) {
        let rows = GapCount { unknown, all, nulls: 0, is_open: true };
        let warning = gap_warning(GapPlace { site: Some(1), call }, rows, argument);
        assert_eq!(warning.unwrap_or_default(), expected);
    }

    #[test]
    fn an_open_aggregate_is_said_with_the_statement_that_is_known() {
        check(
            "sum(",
            [7, 419],
            Some("amount"),
            "7 of 419 rows state no amount; `q_sum_known(amount)` adds the 412 that do",
        );
        check(
            "avg(",
            [1, 2],
            Some("amount * 2"),
            "1 of 2 rows states no `amount * 2`; `avg(amount * 2) filter (where not q_is_unknown(amount * 2))` leaves \
             it out",
        );
        check("q_sum(", [1, 3], None, "1 of 3 values under `q_sum` is unknown; `q_sum_known(…)` adds the 2 others");
        check("max(", [3, 3], Some("amount"), "");
    }

    #[test]
    fn only_what_happened_is_said() {
        assert!(operator_warnings(&OperatorRemarks::default()).is_empty());
        let remarks = OperatorRemarks { unknown_compared: 1, divided_by_zero: 2, ..OperatorRemarks::default() };
        let expected = [
            "1 comparison with an unknown was left undecided: `q_is_unknown(…)` finds such rows",
            "2 divisions by 0 gave NULL",
        ];
        assert_eq!(operator_warnings(&remarks), expected);
    }
}
