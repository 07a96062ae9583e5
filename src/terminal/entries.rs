//! Where an entry ends: at the prompt, when Enter is pressed, and in a text that is read as the prompt would. It
//! tells which language goes on how; the languages' own parts know when they are whole.

use super::language::{Language, behind_comments, classify};
use super::statement::Statement;
use crate::script;
use crate::sql::lex::{TokenKind, tokens};
use std::ops::Range;

/// What an entry lacks to be whole, for people: `a closing ')'`. `None` for one that is whole, or plainly wrong; a
/// command always is whole.
#[must_use]
pub fn missing(entry: &str, is_variable: &dyn Fn(&str) -> bool) -> Option<String> {
    match classify(entry, is_variable) {
        Language::Command => None,
        Language::Sql => Statement::of(entry).missing(),
        Language::Script => script::missing_token(entry),
    }
}

/// What the last entry of a text lacks, as [`missing`] tells it: what is pasted may have several.
#[must_use]
pub fn missing_at_end(text: &str, is_variable: &dyn Fn(&str) -> bool) -> Option<String> {
    let (mut from, mut start) = (0, 0);
    while let Some(entry) = next_entry(text, from, is_variable) {
        (start, from) = if from == 0 { (0, entry.end) } else { (entry.start, entry.end) };
    }
    missing(&text[start..], is_variable)
}

/// Whether what was entered at once is one entry, be it of several lines: nothing follows the first entry in it, or all of
/// it is a script.
#[must_use]
pub fn is_one_entry(text: &str, is_variable: &dyn Fn(&str) -> bool) -> bool {
    let first = next_entry(text, 0, is_variable);
    let is_last = first.is_none_or(|first| next_entry(text, first.end, is_variable).is_none());
    is_last || (classify(text, is_variable) == Language::Script && script::is_complete(text))
}

/// The next entry of `text` at or after the byte `from`, as a range of bytes: lines are joined as long as the entry
/// lacks something, or the next line plainly goes on with it (`.name(` and `else` of a script, `from` of SQL).
/// `None` where nothing is left but comments. An entry that lacks something at the end of the text goes to its end.
///
/// Ask for one after the other, so that the variables that an entry makes are known to the next.
#[must_use]
pub fn next_entry(text: &str, from: usize, is_variable: &dyn Fn(&str) -> bool) -> Option<Range<usize>> {
    let mut rest = &text[from..];
    if from == 0 && rest.starts_with("#!") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let rest = behind_comments(rest);
    let first_line = rest.lines().next().filter(|_| !rest.is_empty())?;
    let length = match classify(first_line, is_variable) {
        Language::Command => first_line.len(),
        Language::Sql => sql_length(rest),
        Language::Script => script_length(rest),
    };
    let start = text.len() - rest.len();
    Some(start..start + length)
}

/// How many bytes of `rest` the SQL entry at its beginning has.
fn sql_length(rest: &str) -> usize {
    let mut statement = Statement::default();
    let mut end = 0;
    for token in tokens(rest) {
        let is_comment = token.kind == TokenKind::Comment;
        let is_on_new_line = end > 0 && rest[end..token.range.start].contains('\n');
        if is_on_new_line && !is_comment && statement.missing().is_none() && !statement.goes_on_with(&token, rest) {
            return end;
        }
        statement.push(&token, rest);
        if !is_comment || !token.is_closed {
            end = token.range.end;
        }
    }
    end
}

/// How many bytes of `rest` the script entry at its beginning has. The engine is asked only at ends of lines where no
/// bracket is open: it would read a long function again for each of its lines.
fn script_length(rest: &str) -> usize {
    let is_end = |end: &usize| !goes_on_script(&rest[*end..]) && script::missing_token(&rest[..*end]).is_none();
    let end = script::line_ends(rest).find(is_end).unwrap_or(rest.len());
    rest[..end].trim_end().len()
}

/// Whether what follows a script that is whole goes on with it all the same.
fn goes_on_script(following: &str) -> bool {
    let following = following.trim_start();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    match following.strip_prefix('.') {
        Some(method) => method.starts_with(is_name) && method.trim_start_matches(is_name).starts_with('('),
        None => ["else", "catch"]
            .iter()
            .any(|word| following.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_name))),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_one_entry, missing, missing_at_end, next_entry};

    fn entries(text: &str) -> Vec<&str> {
        let mut at = 0;
        std::iter::from_fn(|| {
            let range = next_entry(text, at, &|_| false)?;
            at = range.end;
            Some(&text[range])
        })
        .collect()
    }

    #[test]
    fn each_language_says_what_it_lacks() {
        let lacks = |entry| missing(entry, &|_| false);
        assert_eq!(lacks("select (1"), Some("a closing `)`".to_owned()));
        assert_eq!(lacks("fn f(x) {"), Some("a closing `}`".to_owned()));
        assert_eq!(lacks(".run ("), None);
        assert_eq!(missing("values", &|name| name == "values"), None);
    }

    #[test]
    fn of_several_entries_the_last_says_what_it_lacks() {
        let lacks = |text| missing_at_end(text, &|_| false);
        assert_eq!(lacks("F29\nselect (1"), Some("a closing `)`".to_owned()));
        assert_eq!(lacks("select 1\nfn f(x) {\n"), Some("a closing `}`".to_owned()));
        assert_eq!(lacks("select 1\nF29 / F30\n.why"), None);
        assert_eq!(lacks("select provider,\namount"), Some("`from`".to_owned()));
        assert_eq!(lacks(""), None);
    }

    #[test]
    fn a_script_of_several_lines_is_one_entry() {
        let is_one = |text| is_one_entry(text, &|_| false);
        for text in ["", "-- a", "  select 1; select 2 -- b", "let a = 1;\nlet b = 2;\na + b", "select 1\n, 2;"] {
            assert!(is_one(text), "{text}");
        }
        for text in ["select 1\nselect 2", "F29\nF30", "let a = 1;\nselect :a", ".why F29\nF30", "select 1;\nF29"] {
            assert!(!is_one(text), "{text}");
        }
    }

    #[test]
    fn a_line_is_an_entry() {
        assert_eq!(
            entries("F29 / F30\n.why\nselect 1; select 2\n\nlet x = 1;\n"),
            ["F29 / F30", ".why", "select 1; select 2", "let x = 1;"]
        );
    }

    #[test]
    fn lines_that_belong_together_are_joined() {
        for whole in [
            "select provider, amount -- both\n-- of all\nfrom pledges\nwhere amount is not null;",
            "select 1\n, 2\nunion\nselect 3, 4",
            "insert into t (a)\nvalues (1),\n\n(2)",
            "fn f(x) {\n  x\n}",
            "query(\"select 1\")\n  .filter(|r| true)\n  .len()",
            "if x { 1 }\nelse { 2 }",
            "select case when 1 then 2\nelse 3\nend as n",
            "select a from t order by a\ndesc\nnulls last",
            "select a from t order by a\nasc",
            "select a from t where a like 'x'\nescape '!'",
            "select a from t where a\nnot in (1)",
            "select ';\n' as a",
            "let t = `a\nb`",
            "let t = `a {\nb`",
            "fn f() {\n  // }\n  \"}\"\n}",
            "#{\n  a: [\n1\n]\n}",
            "1 +\n2",
        ] {
            assert_eq!(entries(&format!("{whole}\nF29\n")), [whole, "F29"]);
        }
    }

    #[test]
    fn what_is_whole_does_not_swallow_the_next_line() {
        assert_eq!(entries("select 1;\nfrom\n"), ["select 1;", "from"]);
        assert_eq!(entries("F29\n.tables\ncommit\nF30"), ["F29", ".tables", "commit", "F30"]);
        assert_eq!(entries("f(1)\nelsewhere"), ["f(1)", "elsewhere"]);
    }

    #[test]
    fn comments_and_the_first_line_of_a_program_are_no_entries() {
        assert_eq!(entries("#!/usr/bin/env pledgebook\n-- a\n// b\n/* c\n*/ .why\n-- d"), [".why"]);
        assert_eq!(entries(" \n\t\n"), Vec::<&str>::new());
        assert_eq!(entries(""), Vec::<&str>::new());
    }

    #[test]
    fn an_entry_that_lacks_something_goes_to_the_end() {
        assert_eq!(entries("select (1,\n2\n"), ["select (1,\n2"]);
        assert_eq!(entries("fn f() {\n1\n"), ["fn f() {\n1"]);
    }

    #[test]
    fn a_closing_bracket_too_many_ends_with_its_line() {
        assert_eq!(entries("f(1))\nF29\n"), ["f(1))", "F29"]);
    }

    #[test]
    fn a_long_function_is_read_once() {
        let whole = format!("fn f(x) {{\n{}}}", "  let y = [x, (x)];\n".repeat(4_000));
        assert_eq!(entries(&format!("{whole}\nF29")), [&whole, "F29"]);
    }

    #[test]
    fn windows_line_ends_are_line_ends() {
        assert_eq!(entries("select 1\r\nF29\r\n.why\r\n"), ["select 1", "F29", ".why"]);
    }
}
