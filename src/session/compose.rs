//! The entries that led to an answer as the lines of a script: SQL becomes a text that is asked, and an answer that a later
//! entry speaks of becomes a variable. It runs nothing.

use super::journal::{Entry, LAST, Step};
use crate::syntax::sql::statements;
use crate::terminal::Language;

/// The variable that holds the answer before.
const PREVIOUS: &str = "previous";

/// The lines, each entry on its own.
pub(super) fn body(steps: &[Step]) -> String {
    let Some((newest, before)) = steps.split_last() else { return String::new() };
    before.iter().map(earlier).chain([format!("{}\n", newest_lines(newest.entry))]).collect()
}

/// An entry that a later one needs.
fn earlier(step: &Step) -> String {
    let text = with_previous(step.entry);
    let value = match step.entry.language {
        Language::Sql => queries(&text).pop().unwrap_or_default(),
        _ => text.trim_end_matches(';').to_owned(),
    };
    match () {
        () if step.is_last => format!("let {PREVIOUS} = {value};\n"),
        () if value.ends_with('}') => format!("{value}\n"),
        () => format!("{value};\n"),
    }
}

/// The entry that gave the answer: the value of the last line is shown, and so is what stands before it.
fn newest_lines(entry: &Entry) -> String {
    let text = with_previous(entry);
    if entry.language != Language::Sql {
        return text;
    }
    let mut queries = queries(&text);
    let newest = queries.pop().unwrap_or_default();
    queries.iter().map(|query| format!("show({query});\n")).chain([newest]).collect()
}

/// The text of an entry, in which the answer before is called as the script calls it.
fn with_previous(entry: &Entry) -> String {
    let text = entry.text.trim();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_word) {
        let (before, from) = rest.split_at(at);
        let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
        // Behind a dot it is a method or a column.
        let is_last = LAST.contains(&word) && !before.ends_with('.');
        written.extend([before, if is_last { PREVIOUS } else { word }]);
        rest = after;
    }
    written + rest
}

/// Each statement of a text as a script asks it.
fn queries(text: &str) -> Vec<String> {
    let sql = text.strip_suffix("\\G").unwrap_or(text);
    statements(sql).map(|range| format!("query({})", quoted(sql[range].trim()))).collect()
}

/// SQL as a text of a script: in the plainest quotes that leave it as it is.
fn quoted(sql: &str) -> String {
    if !sql.contains(['"', '\\', '\n']) {
        return format!("\"{sql}\"");
    }
    if !sql.contains('`') && !sql.contains("${") {
        return format!("`{sql}`");
    }
    let longest = sql.split(|c| c != '#').map(str::len).max().unwrap_or_default();
    let marks = "#".repeat(longest + 1);
    format!("{marks}\"{sql}\"{marks}")
}

#[cfg(test)]
mod tests {
    use super::body;
    use crate::session::journal::{Entry, Step};
    use crate::terminal::{Language, classify};

    #[track_caller]
    fn composes(entries: &[(&str, bool)], expected: &str) {
        let entries: Vec<(Entry, bool)> = entries
            .iter()
            .map(|(text, is_last)| {
                let language = classify(text, &|_| false);
                (Entry { text: (*text).to_owned(), language, has_answered: true }, *is_last)
            })
            .collect();
        let steps: Vec<Step> = entries.iter().map(|(entry, is_last)| Step { entry, is_last: *is_last }).collect();
        assert!(entries.iter().all(|(entry, _)| entry.language != Language::Command));
        assert_eq!(body(&steps), expected);
    }

    #[test]
    fn the_last_entry_is_what_is_shown() {
        composes(&[("F29 / F30", false)], "F29 / F30\n");
        composes(&[("select 1 as n;", false)], "query(\"select 1 as n\")\n");
        composes(
            &[("select 1 as n; select 2 as n", false)],
            "show(query(\"select 1 as n\"));\nquery(\"select 2 as n\")\n",
        );
        composes(
            &[("let x = 1", false), ("fn f() { 1 }", false), ("x + f()", false)],
            "let x = 1;\nfn f() { 1 }\nx + f()\n",
        );
    }

    #[test]
    fn the_answer_before_becomes_a_variable() {
        composes(&[("F29;", true), ("last.round(2)", false)], "let previous = F29;\nprevious.round(2)\n");
        composes(
            &[("select 1 as n\\G", true), ("select t.last, n from _ t", false)],
            "let previous = query(\"select 1 as n\");\nquery(\"select t.last, n from previous t\")\n",
        );
    }

    #[test]
    fn sql_stays_as_it_is_in_its_quotes() {
        composes(&[("select '\"' as q", false)], "query(`select '\"' as q`)\n");
        composes(&[("select 1\nas n", false)], "query(`select 1\nas n`)\n");
        composes(&[("select '`\"' as q", false)], "query(#\"select '`\"' as q\"#)\n");
        composes(&[("select '#`\"' as q", false)], "query(##\"select '#`\"' as q\"##)\n");
    }
}
