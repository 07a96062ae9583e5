//! Lints of functions of SQLite that answer otherwise than a reader may expect: those that read the clock or draw lots, so that no two
//! answers need be the same, `round` to places that it does not have, aggregates of a text that was meant as a column, days that are not in
//! the calendar, letters that SQLite takes for no letters, formats of other languages, division by 0. They read the statement's text alone.

use crate::quantity::is_calendar_day;
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
    let lints = [
        clock_warning,
        random_warning,
        round_warning,
        constant_warning,
        calendar_warning,
        letter_warning,
        format_warning,
        division_warning,
    ];
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

/// The value of a text in single quotes.
fn text_literal<'t>(tokens: &Tokens<'t>, at: usize) -> Option<&'t str> {
    let is_text = matches!(tokens.kind(at), Some(TokenKind::String));
    tokens.text(&(at..at + 1)).strip_prefix('\'')?.strip_suffix('\'').filter(|_| is_text)
}

/// A day of the form `2023-02-30`, which SQLite counts on into the next month, or takes for none.
fn calendar_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let (name, time) = DATE_FUNCTIONS.iter().find(|(name, _)| call(tokens, at, &[name]).is_some())?;
    let (written, arguments) = call(tokens, at, &[name])?;
    let argument = arguments.get(*time).filter(|argument| argument.len() == 1)?;
    let day = text_literal(tokens, argument.start)?.get(..10)?;
    let is_form = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let is_counted_on =
        matches!(&day[5..7], "02" | "04" | "06" | "09" | "11") && matches!(&day[8..], "29" | "30" | "31");
    let done = if is_counted_on { "counts on into the next month" } else { "is NULL" };
    (is_form && !is_calendar_day(day)).then(|| format!("`{day}` is no day of the calendar: `{written}` {done}"))
}

/// `lower`, `upper` and `like` beside a letter that they don't change.
fn letter_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let is_other = |text: &&str| text.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    if tokens.word(at) == "like" {
        let pattern = text_literal(tokens, at + 1).filter(is_other)?;
        let letter = pattern.chars().find(|c| !c.is_ascii() && c.is_alphabetic())?;
        return Some(format!("`like` ignores the letter case of A to Z alone: `{letter}` is found as it is written"));
    }
    let (written, _) = call(tokens, at, &["lower", "upper"])?;
    (0..tokens.count()).find_map(|at| text_literal(tokens, at).filter(is_other))?;
    Some(format!("`{written}` changes the letters A to Z alone; a script's `to_lower()` and `to_upper()` change all"))
}

/// A format as other languages have it.
fn format_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let (_, arguments) = call(tokens, at, &["format", "printf"])?;
    let format = text_literal(tokens, arguments.first()?.start)?;
    (format.contains('{') && !format.contains('%'))
        .then(|| format!("`{format}` has no place for a value: SQLite's are `%s`, `%d`, `%.2f` and `%,d`"))
}

fn division_warning(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let is_zero = tokens.kind(at + 1) == Some(TokenKind::Number)
        && tokens.word(at + 1).chars().all(|c| matches!(c, '0' | '.' | '_'));
    let operator = tokens.text(&(at..at + 1));
    (is_zero && matches!(operator, "/" | "%")).then(|| format!("`{operator} {}` is NULL in SQL", tokens.word(at + 1)))
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
    fn what_sqlite_answers_otherwise_than_it_reads_is_named() {
        let all = |sql: &str| function_warnings(&Tokens::new(sql)).collect::<Vec<_>>().join("; ");
        for (sql, expected) in [
            (
                "select date('2023-02-29')",
                "`2023-02-29` is no day of the calendar: `date('2023-02-29')` counts on into the next month",
            ),
            ("select date('2024-13-01')", "`2024-13-01` is no day of the calendar: `date('2024-13-01')` is NULL"),
            (
                "select 1 from t where name like '%Ä%'",
                "`like` ignores the letter case of A to Z alone: `Ä` is found as it is written",
            ),
            (
                "select 1 from t where lower(name) = 'ärzte'",
                "`lower(name)` changes the letters A to Z alone; a script's `to_lower()` and `to_upper()` change all",
            ),
            (
                "select format('{:,.2f}', x)",
                "`{:,.2f}` has no place for a value: SQLite's are `%s`, `%d`, `%.2f` and `%,d`",
            ),
            ("select 1 / 0", "`/ 0` is NULL in SQL"),
            ("select date('2024-02-29'), lower(a) = 'b', a like 'x', format('%s {}', a), a / 0.5", ""),
        ] {
            assert_eq!(all(sql), expected, "{sql}");
        }
    }

    #[test]
    fn round_to_places_below_zero_is_named() {
        assert_eq!(warned("select round(x, -2), round(y, -1)"), ["round(x, -2)"]);
        assert!(warned("select round(x), round(x, 2), round(x, -0), round(-1, 2)").is_empty());
    }
}
