//! The prompt, and the mark before a line that goes on with an entry. The editor draws one prompt alone, so that the mark
//! is blanks in the entry of a kind that nobody types: they are drawn as the mark, and taken out before the entry is run.

use super::language::{Language, classify};
use super::splitter::{last_entry, missing};
use crate::syntax::sql;
use std::borrow::Cow;

/// The prompt before an entry.
pub(super) const PROMPT: &str = "pledgebook> ";

/// The mark, as wide as the prompt.
pub(super) const MARK: &str = "       ...> ";

/// A blank of the mark: as wide as a space, and in no text that is typed.
const BLANK: char = '\u{2005}';

/// A new line that goes on with an entry.
pub(super) fn continued_line() -> String {
    let blanks: String = MARK.chars().map(|_| BLANK).collect();
    format!("\n{blanks}")
}

/// The line with spaces for the blanks of marks, as many bytes long: offsets into it are offsets into the line.
pub(super) fn unmarked(line: &str) -> Cow<'_, str> {
    replace_blanks(line, &" ".repeat(BLANK.len_utf8()))
}

/// The entry as it was typed, without marks: their blanks at the beginning of a line, and where several stand together. A single one
/// within a line was pasted.
pub(super) fn without_marks(entry: &str) -> String {
    let pair = [BLANK; 2].iter().collect::<String>();
    let line = |line: &str| {
        let typed = line.trim_start_matches(BLANK);
        if typed.contains(&pair) { typed.replace(BLANK, "") } else { typed.to_owned() }
    };
    entry.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The line with a space for each blank of a mark, as it is drawn, and the offset into that of a byte of the line.
pub(super) fn as_drawn(line: &str, offset: Option<usize>) -> (Cow<'_, str>, Option<usize>) {
    let blanks_before = |offset: usize| line[..offset].matches(BLANK).count();
    (replace_blanks(line, " "), offset.map(|offset| offset - blanks_before(offset) * (BLANK.len_utf8() - 1)))
}

fn replace_blanks<'l>(line: &'l str, with: &str) -> Cow<'l, str> {
    if line.contains(BLANK) { line.replace(BLANK, with).into() } else { line.into() }
}

/// Puts the mark into the lines of `drawn` that have it in `line`.
pub(super) fn draw_marks(line: &str, drawn: String) -> String {
    let continued = continued_line();
    if !line.contains(&continued) {
        return drawn;
    }
    let spaces = " ".repeat(MARK.len());
    let is_marked = |of: &str| of.starts_with(continued.trim_start_matches('\n'));
    let lines = drawn.split('\n').zip(line.split('\n')).map(|(drawn, line)| match drawn.strip_prefix(&spaces) {
        Some(rest) if is_marked(line) => format!("{MARK}{rest}"),
        _ => drawn.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The reason why Enter goes on with an entry in a new line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// It lacks this token.
    Lacks(String),
    /// It is SQL that could run, and waits for its `;`.
    Unended,
}

/// The reason why the last entry of what is typed is not finished; `None` where Enter runs it.
pub(super) fn unfinished(line: &str, is_variable: &dyn Fn(&str) -> bool) -> Option<Unfinished> {
    let last = last_entry(line, is_variable);
    if let Some(missing) = missing(last, is_variable) {
        return Some(Unfinished::Lacks(missing));
    }
    let is_sql = classify(last, is_variable) == Language::Sql;
    (is_sql && !sql::is_ended(last)).then_some(Unfinished::Unended)
}

#[cfg(test)]
mod tests {
    use super::{
        BLANK, MARK, PROMPT, Unfinished, as_drawn, continued_line, draw_marks, unfinished, unmarked, without_marks,
    };

    #[test]
    fn the_mark_is_drawn_and_is_no_part_of_the_entry() {
        let line = format!("select 1{}from t\n            x", continued_line());
        assert_eq!(without_marks(&line), "select 1\nfrom t\n            x");
        assert_eq!(unmarked(&line).len(), line.len());
        let (drawn, offset) = as_drawn(&line, line.find("from"));
        assert_eq!(offset, drawn.find("from"));
        assert_eq!(draw_marks(&line, drawn.into_owned()), format!("select 1\n{MARK}from t\n            x"));
        assert_eq!(MARK.len(), PROMPT.len());
        assert_eq!(
            without_marks(&line.replace("from", "'a\u{2005}b' from")),
            "select 1\n'a\u{2005}b' from t\n            x"
        );
    }

    #[test]
    fn a_mark_that_was_cut_is_blanks() {
        let line = format!("select 1\n{BLANK}{BLANK}from t");
        let (drawn, _) = as_drawn(&line, None);
        assert_eq!(draw_marks(&line, drawn.into_owned()), "select 1\n  from t");
    }

    #[test]
    fn sql_waits_for_its_end() {
        let of = |entry| unfinished(entry, &|_| false);
        let lacks = |token: &str| Some(Unfinished::Lacks(token.to_owned()));
        for entry in ["select id from facts", "select 1\n", "select 1; select 2", "F29\nselect 1", "select 1 -- ;"] {
            assert_eq!(of(entry), Some(Unfinished::Unended), "{entry}");
        }
        for entry in ["select 1;", "select 1 ; -- a", "select 1;\n/* b */", "F29", ".tables", "", "select 1\\G", "-- a"]
        {
            assert_eq!(of(entry), None, "{entry}");
        }
        assert_eq!(of("select (1"), lacks("a closing `)`"));
        assert_eq!(of("select id\nfrom facts\nfoo"), Some(Unfinished::Unended));
        assert_eq!(of("select id\n\nfrom facts;\nF29.round("), lacks("a closing `)`"));
    }
}
