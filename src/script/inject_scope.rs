//! Source instrumentation that gives the functions that ask the book the scope of their caller. The engine hands a function its
//! arguments and nothing of the variables at the call, so a first argument is injected into each such call before compilation;
//! positions in the compiled text are mapped back to the source.

use crate::syntax::rhai::after_opening;
use rhai::Position;

/// The functions that receive the scope of their caller.
const SCOPED_FUNCTIONS: [&str; 4] = ["query", "row", "stream", "value"];

/// The injected variable; a script can neither set nor read it.
pub(super) const SCOPE_VARIABLE: &str = "__caller";

/// The engine's name of its type in errors.
pub(super) const SCOPE_TYPE_NAME: &str = "caller scope";

/// The text injected after the parenthesis of each call.
const INJECTED_ARGUMENT: &str = "__caller, ";

/// Injects the argument into every call in `text`.
pub(super) fn inject(text: &str) -> String {
    let (mut inject, mut from) = (String::with_capacity(text.len()), 0);
    for at in insertion_points(text) {
        inject.push_str(&text[from..at]);
        inject.push_str(INJECTED_ARGUMENT);
        from = at;
    }
    inject + &text[from..]
}

/// Maps a position in the compiled text back to the source.
pub(super) fn original_position(text: &str, position: Position) -> Position {
    let (Some(line), Some(column)) = (position.line(), position.position()) else { return position };
    let mut original = column;
    for at in insertion_points(text) {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let insertion = text[start..at].chars().count() + 1;
        if text[..start].matches('\n').count() + 1 == line && original > insertion {
            original = insertion.max(original.saturating_sub(INJECTED_ARGUMENT.len()));
        }
    }
    let narrow = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    Position::new(narrow(line), narrow(original))
}

/// The byte offsets after the parentheses of the calls, ascending.
fn insertion_points(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    if SCOPED_FUNCTIONS.iter().any(|name| text.contains(name)) {
        scan_code(text, 0, false, &mut found);
    }
    found
}

/// Scans code from a byte on, to the end or past the brace that closes it.
fn scan_code(text: &str, mut at: usize, is_within: bool, found: &mut Vec<usize>) -> usize {
    let mut depth = 0_usize;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        at += match next {
            '/' | '"' | '\'' | '#' => rest.len() - after_opening(rest).unwrap_or_default().len(),
            '`' => scan_template(text, at + 1, found) - at,
            '}' if is_within && depth == 0 => return at + 1,
            next if next.is_alphanumeric() || next == '_' => scan_word(text, at, found),
            next => {
                depth = match next {
                    '{' => depth + 1,
                    '}' => depth.saturating_sub(1),
                    _ => depth,
                };
                next.len_utf8()
            }
        };
    }
    text.len()
}

/// Length of the word at `at`; records the call that it begins, if it does.
fn scan_word(text: &str, at: usize, found: &mut Vec<usize>) -> usize {
    let rest = &text[at..];
    let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let before = text[..at].trim_end();
    let is_other =
        (before.ends_with('.') && !before.ends_with("..")) || before.ends_with("::") || before.ends_with("fn");
    let arguments = rest[length..].trim_start();
    if SCOPED_FUNCTIONS.contains(&&rest[..length]) && !is_other && arguments.starts_with('(') {
        let has_some = !arguments[1..].trim_start().starts_with(')');
        found.extend(has_some.then(|| text.len() - arguments.len() + 1));
    }
    length
}

/// Scans a template string from after its opening backquote to past its closing one; the code within it is scanned as code.
fn scan_template(text: &str, mut at: usize, found: &mut Vec<usize>) -> usize {
    while let Some(next) = text[at..].find(['`', '$']) {
        at += next + 1;
        if text[..at].ends_with('`') {
            return at;
        }
        if text[at..].starts_with('{') {
            at = scan_code(text, at + 1, true, found);
        }
    }
    text.len()
}

/// The words after `from`, `join` or a comma, and the series of `at`: possible names of tables.
pub(super) fn named_tables(text: &str) -> impl Iterator<Item = &str> {
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '`' | '\'' | ')' | ';')).filter(|w| !w.is_empty());
    let is_before =
        |word: &str| word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join") || word.ends_with(',');
    let pairs = words.clone().zip(words.skip(1));
    let read = pairs.filter(move |(before, _)| is_before(before)).map(|(_, word)| word.trim_end_matches(','));
    read.chain(named_series(text))
}

/// The words that begin the arguments of `at`.
fn named_series(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(['a', 'A']).filter_map(|(at, _)| {
        let is_within = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = text.get(at + 2..).filter(|_| !is_within && text[at + 1..].starts_with(['t', 'T']))?;
        let argument = rest.trim_start().strip_prefix('(')?.trim_start().trim_start_matches(['"', '`', '\'']);
        let end = argument.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(argument.len());
        Some(&argument[..end]).filter(|name| !name.is_empty())
    })
}

/// The names after a colon: variables that SQL in a text may mean by `:name`.
pub(super) fn named_parameters(text: &str) -> impl Iterator<Item = &str> {
    text.split(':').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::{inject, named_parameters, named_tables, original_position};
    use rhai::Position;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(inject(text).replace("__caller, ", "•"), expected, "{text}");
    }

    #[test]
    fn calls_are_found_in_templates_and_ranges() {
        check("let t = query(\"x\"); row (`y`)", "let t = query(•\"x\"); row (•`y`)");
        check(
            "`${value(\"a\")} query(b) ${#{k: row(c)}.k}` + stream(d)",
            "`${value(•\"a\")} query(b) ${#{k: row(•c)}.k}` + stream(•d)",
        );
        check("for x in 0..value(\"n\") {}", "for x in 0..value(•\"n\") {}");
    }

    #[test]
    fn text_that_looks_like_a_call_is_unchanged() {
        for text in [
            "// query(x)\n\"query(x)\" 'q' /* row(x) /* row(y) */ row(z) */",
            "|row| row.stage; x.value(1); m::query(1); my_query(2); fn value(a) { a }",
            "#\"he said \"query(x)\"\"#; query()",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn positions_map_back_to_the_source() {
        let text = "let a = 1;\nrow(value(x)) + y";
        for (column, original) in [(1, 1), (4, 4), (5, 5), (9, 5), (15, 5), (20, 10), (21, 11), (31, 11), (36, 16)] {
            assert_eq!(original_position(text, Position::new(2, column)), Position::new(2, original), "{column}");
        }
        assert_eq!(original_position(text, Position::new(1, 9)), Position::new(1, 9));
    }

    #[test]
    fn tables_are_named_after_from_and_join() {
        let text = "query(\"select a, b from rows join others using (a)\"); query(`select * FROM x, y`)";
        assert_eq!(named_tables(text).collect::<Vec<_>>(), ["b", "rows", "others", "x", "y"]);
        let text = "query(\"select at('rates.usd', day) + AT (gdp, a, b) + format(x)\")";
        assert_eq!(named_tables(text).collect::<Vec<_>>(), ["day", "a", "b", "rates", "gdp"]);
    }

    #[test]
    fn parameters_are_named_after_a_colon() {
        let text = "let t = query(\"select :a, :b_2 from x where y=:é\", #{c: 1}); m::f()";
        assert_eq!(named_parameters(text).collect::<Vec<_>>(), ["a", "b_2", "é", "f"]);
    }
}
