//! Lets the functions that ask the book know what stands around them. The engine hands a function the values of its call
//! and nothing of the variables there, so that each call of one is written with a further first argument before it is
//! compiled; places that the engine then speaks of are led back to the text as it was written.

use super::dialect::{after_block_comment, after_string};
use rhai::Position;

/// The functions whose calls are told what is around them.
pub(super) const SCOPED_FUNCTIONS: [&str; 4] = ["query", "row", "stream", "value"];

/// The variable that stands for it: nobody's to set or to read.
pub(super) const SCOPE_VARIABLE: &str = "__around";

/// What the engine calls the type of that in its errors.
pub(super) const SCOPE_TYPE_NAME: &str = "surroundings";

/// What is written behind the parenthesis of each such call.
const INJECTED_ARGUMENT: &str = "__around, ";

/// The text that is compiled.
pub(super) fn inject(text: &str) -> String {
    let (mut inject, mut from) = (String::with_capacity(text.len()), 0);
    for at in insertion_points(text) {
        inject.push_str(&text[from..at]);
        inject.push_str(INJECTED_ARGUMENT);
        from = at;
    }
    inject + &text[from..]
}

/// Where a place of the text that is compiled stands in the text as it was written.
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

/// The bytes behind the parentheses of such calls, in order.
fn insertion_points(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    if SCOPED_FUNCTIONS.iter().any(|name| text.contains(name)) {
        code(text, 0, false, &mut found);
    }
    found
}

/// Goes through code from a byte on, to the end or behind the brace that closes it.
fn code(text: &str, mut at: usize, is_within: bool, found: &mut Vec<usize>) -> usize {
    let mut depth = 0_usize;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        at += match next {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.len() - after_block_comment(&rest[2..]).unwrap_or_default().len(),
            '"' | '\'' => rest.len() - after_string(&rest[1..], next).len(),
            '#' => raw_string(rest),
            '`' => template(text, at + 1, found) - at,
            '}' if is_within && depth == 0 => return at + 1,
            next if next.is_alphanumeric() || next == '_' => word(text, at, found),
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

/// How long a word is; the call that it begins, if it does, is found.
fn word(text: &str, at: usize, found: &mut Vec<usize>) -> usize {
    let rest = &text[at..];
    let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let before = text[..at].trim_end();
    let is_own = (before.ends_with('.') && !before.ends_with("..")) || before.ends_with("::") || before.ends_with("fn");
    let arguments = rest[length..].trim_start();
    if SCOPED_FUNCTIONS.contains(&&rest[..length]) && !is_own && arguments.starts_with('(') {
        let has_some = !arguments[1..].trim_start().starts_with(')');
        found.extend(has_some.then(|| text.len() - arguments.len() + 1));
    }
    length
}

/// Goes through a back-quoted string from behind its first quote to behind its last; the code within it is code.
fn template(text: &str, mut at: usize, found: &mut Vec<usize>) -> usize {
    while let Some(next) = text[at..].find(['`', '$']) {
        at += next + 1;
        if text[..at].ends_with('`') {
            return at;
        }
        if text[at..].starts_with('{') {
            at = code(text, at + 1, true, found);
        }
    }
    text.len()
}

/// How long a string between `#"` and `"#` is; 1 for a `#` that begins none.
fn raw_string(rest: &str) -> usize {
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let closing = ["\"", &"#".repeat(hashes)].concat();
    match rest[hashes..].strip_prefix('"') {
        Some(within) => within.find(&closing).map_or(rest.len(), |end| hashes + 1 + end + closing.len()),
        None => 1,
    }
}

/// The words of a text that follow a `from`, a `join` or a comma, as the names of tables do.
pub(super) fn named_tables(text: &str) -> impl Iterator<Item = &str> {
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '`' | '\'' | ')' | ';')).filter(|w| !w.is_empty());
    let is_before =
        |word: &str| word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join") || word.ends_with(',');
    let pairs = words.clone().zip(words.skip(1));
    pairs.filter(move |(before, _)| is_before(before)).map(|(_, word)| word.trim_end_matches(','))
}

/// The names that stand behind a colon: variables that SQL in a text may mean by `:name`.
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
        assert_eq!(inject(text).replace("__around, ", "•"), expected, "{text}");
    }

    #[test]
    fn calls_are_found_wherever_code_stands() {
        check("let t = query(\"x\"); row (`y`)", "let t = query(•\"x\"); row (•`y`)");
        check(
            "`${value(\"a\")} query(b) ${#{k: row(c)}.k}` + stream(d)",
            "`${value(•\"a\")} query(b) ${#{k: row(•c)}.k}` + stream(•d)",
        );
        check("for x in 0..value(\"n\") {}", "for x in 0..value(•\"n\") {}");
    }

    #[test]
    fn what_only_looks_like_a_call_is_left_alone() {
        for text in [
            "// query(x)\n\"query(x)\" 'q' /* row(x) /* row(y) */ row(z) */",
            "|row| row.stage; x.value(1); m::query(1); my_query(2); fn value(a) { a }",
            "#\"he said \"query(x)\"\"#; query()",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn places_are_led_back() {
        let text = "let a = 1;\nrow(value(x)) + y";
        for (column, original) in [(1, 1), (4, 4), (5, 5), (9, 5), (15, 5), (20, 10), (21, 11), (31, 11), (36, 16)] {
            assert_eq!(original_position(text, Position::new(2, column)), Position::new(2, original), "{column}");
        }
        assert_eq!(original_position(text, Position::new(1, 9)), Position::new(1, 9));
    }

    #[test]
    fn tables_are_named_behind_from_and_join() {
        let text = "query(\"select a, b from rows join others using (a)\"); query(`select * FROM x, y`)";
        assert_eq!(named_tables(text).collect::<Vec<_>>(), ["b", "rows", "others", "x", "y"]);
    }

    #[test]
    fn parameters_are_named_behind_a_colon() {
        let text = "let t = query(\"select :a, :b_2 from x where y=:é\", #{c: 1}); m::f()";
        assert_eq!(named_parameters(text).collect::<Vec<_>>(), ["a", "b_2", "é", "f"]);
    }
}
