//! Lints of functions of SQLite that answer otherwise than a reader may expect: those that read the clock or draw lots, so that no two
//! answers need be the same, `round` to places that it does not have, and aggregates of a text that was meant as a column. They read the statement's text alone.

use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use std::ops::Range;

/// Functions of dates, each with the position of the time that it reads: the clock where that is left out or `'now'`.
pub(super) const DATE_FUNCTIONS: [(&str, usize); 7] =
    [("date", 0), ("time", 0), ("datetime", 0), ("julianday", 0), ("unixepoch", 0), ("strftime", 1), ("timediff", 0)];

/// Keywords that are the time of the clock.
const CLOCK_KEYWORDS: [&str; 3] = ["current_date", "current_time", "current_timestamp"];

/// Functions that draw lots.
const RANDOM_FUNCTIONS: [&str; 2] = ["random", "randomblob"];

/// Aggregates of numbers.
const AGGREGATES: [&str; 4] = ["sum", "total", "avg", "median"];

/// The warnings about such functions in a statement as it is run, the first of each kind.
pub(crate) fn function_warnings(tokens: &Tokens<'_>) -> impl Iterator<Item = String> {
    let lints = [clock_warning, random_warning, round_warning, constant_warning];
    lints.into_iter().filter_map(|lint| (0..tokens.count()).find_map(|at| lint(tokens, at)))
}

/// The call of one of these functions at a token, with its arguments.
fn call<'t>(tokens: &Tokens<'t>, at: usize, names: &[&str]) -> Option<(&'t str, Vec<Range<usize>>)> {
    let is_name = names.iter().any(|name| tokens.text(&(at..at + 1)).eq_ignore_ascii_case(name));
    let (mut arguments, end) = tokens.arguments(at + 1).filter(|_| is_name)?;
    arguments.retain(|argument| !argument.is_empty());
    Some((tokens.text(&(at..end)), arguments))
}

fn clock_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let reads_clock = |(name, time): &(&str, usize)| {
        let (written, arguments) = call(tokens, at, &[name])?;
        let is_now = |argument: &Range<usize>| tokens.text(argument).eq_ignore_ascii_case("'now'");
        (arguments.len() <= *time || arguments.iter().skip(*time).any(is_now)).then_some(written)
    };
    let word = tokens.text(&(at..at + 1));
    let keyword = CLOCK_KEYWORDS.iter().any(|known| word.eq_ignore_ascii_case(known)).then_some(word);
    let written = keyword.or_else(|| DATE_FUNCTIONS.iter().find_map(reads_clock))?;
    Some(format!("`{written}` is the time of this machine's clock: the same question answers otherwise another day"))
}

fn random_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let (written, _) = call(tokens, at, &RANDOM_FUNCTIONS)?;
    Some(format!("`{written}` draws lots: the same question answers otherwise each time"))
}

fn round_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let (written, arguments) = call(tokens, at, &["round"])?;
    let [number, places] = &arguments[..] else { return None };
    let places = tokens.text(places);
    let is_negative = places.starts_with('-') && places.contains(|c| matches!(c, '1'..='9'));
    let number = tokens.text(number);
    is_negative.then(|| {
        format!(
            "`{written}` rounds to a whole number: SQLite's `round` has no places below 0; `q_round(q({number}), {places})` has"
        )
    })
}

fn constant_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let (written, arguments) = call(tokens, at, &AGGREGATES)?;
    let [argument] = &arguments[..] else { return None };
    let is_constant = argument.len() == 1 && matches!(tokens.kind(argument.start), Some(TokenKind::String));
    is_constant.then(|| format!("`{written}` is of the same text in every row: the name of a column has double quotes"))
}

#[cfg(test)]
mod tests {
    use super::function_warnings;
    use crate::syntax::expr::Tokens;

    fn warned(sql: &str) -> Vec<String> {
        let first_word = |warning: String| warning.split('`').nth(1).unwrap().to_owned();
        function_warnings(&Tokens::new(sql)).map(first_word).collect()
    }

    #[test]
    fn what_reads_the_clock_or_draws_lots_is_named() {
        for (sql, written) in [
            ("select date('now')", "date('now')"),
            ("select Date ( 'NOW', '-1 day')", "Date ( 'NOW', '-1 day')"),
            ("select date()", "date()"),
            ("select strftime('%Y')", "strftime('%Y')"),
            ("select timediff('2025-01-01', 'now')", "timediff('2025-01-01', 'now')"),
            ("select a from t where d < current_date", "current_date"),
            ("select a from t order by random()", "random()"),
        ] {
            assert_eq!(warned(sql), [written], "{sql}");
        }
        for sql in
            ["select date(d), strftime('%Y', d) from t", "select date from t", "select 'current_date', random from t"]
        {
            assert!(warned(sql).is_empty(), "{sql}");
        }
    }

    #[test]
    fn an_aggregate_of_a_text_is_named() {
        assert_eq!(warned("select sum('2022') from t"), ["sum('2022')"]);
        assert!(warned("select sum(1), sum(a), count('x'), sum(\"2022\") from t").is_empty());
    }

    #[test]
    fn round_to_places_below_zero_is_named() {
        assert_eq!(warned("select round(x, -2), round(y, -1)"), ["round(x, -2)"]);
        assert!(warned("select round(x), round(x, 2), round(x, -0), round(-1, 2)").is_empty());
    }
}
