//! `.save`: the entries that led to the last answer become a script. It is run before it is written: one that gives another
//! answer is not saved. The entries are chosen by the names in them: one too many is harmless, one too few is found when
//! the script is run.

use super::{NoteLevel, Session, Settings, SharedBuffer, example};
use crate::error::{Error, usage_error};
use crate::script::library;
use crate::sql::{CachedResult, Output};
use crate::syntax::sql as lex;
use crate::syntax::sql::only_reads;
use crate::table::{self, Format, Medium, Selection, visible};
use crate::terminal::{Flow, Language};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::rc::Rc;

/// The extension of a script's file.
const EXTENSION: &str = "rhai";

/// The most characters of an entry, and of its answer, that the header quotes.
const MAX_QUOTED_CHARS: usize = 60;

/// Makes the script of `.save NAME [SENTENCE]`; the caller writes it.
pub(super) fn run(session: &mut Session, words: &[String]) -> Result<Flow, Error> {
    let (name, sentence) = words
        .split_first()
        .ok_or_else(|| usage_error("`.save` needs a name", "as `.save my_question What it answers`"))?;
    refuse_results_file(name)?;
    let path = if Path::new(name).extension().is_some_and(|ending| ending == EXTENSION) {
        name.clone()
    } else {
        format!("{name}.{EXTENSION}")
    };
    let steps = session.journal.slice();
    refuse_unsavable(session, &steps)?;
    let body = script_body(&steps);
    let sentence = match sentence.join(" ") {
        empty if empty.is_empty() => default_sentence(&steps),
        sentence => sentence,
    };
    let asked_of = session
        .book
        .path()
        .map(|path| format!("// Asked of `{}`.\n", visible(&path.display().to_string())))
        .unwrap_or_default();
    let head = format!("// {}.\n//\n// Saved from the prompt.\n{asked_of}", one_line(&sentence).trim_end_matches('.'));
    let row = verify(session, &path, &format!("{head}\n{body}"))?;
    let example = row.map(|row| format!("// example: → {row}\n")).unwrap_or_default();
    Ok(Flow::Save(path, format!("{head}{example}\n{body}")))
}

/// Refuses a name that ends as a file of results does: what is saved are the questions.
fn refuse_results_file(name: &str) -> Result<(), Error> {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    if ending.and_then(Format::of_extension).is_none() {
        return Ok(());
    }
    let help = format!("`.once {name}` writes the next answer into that file; `.save NAME` needs no ending");
    Err(usage_error(&format!("`.save` writes a script, and `{name}` ends as a file of results"), &help))
}

/// Refuses an answer whose entries no script can hold.
fn refuse_unsavable(session: &Session, steps: &[SliceStep]) -> Result<(), Error> {
    if session.last.result().is_none() || steps.is_empty() {
        let help = format!("ask first, as `{}`, then save", example::of_number(session.book()));
        return Err(usage_error("nothing has been answered yet", &help));
    }
    if let Some(supposed) = session.supposed.first() {
        return Err(usage_error(
            &format!(
                "the last answer may rest on what is supposed of `{}`, which a script does not hold",
                supposed.id()
            ),
            "take it back by `.assume none` and ask again; a script is run with `--assume ID=VALUE`",
        ));
    }
    let Some(step) = steps.iter().find(|step| !step.entry.is_scriptable()) else { return Ok(()) };
    let (how, help) = match step.entry.language {
        Language::Command => ("came from", "a saved script is one already; ask in SQL or in a script, then save"),
        _ => ("rests on", "hold the rows in a variable, as `let rows = query(\"select …\")`, and ask that"),
    };
    Err(usage_error(&format!("the last answer {how} `{}`, which no script can do", one_line(&step.entry.text)), help))
}

/// Runs the script, and compares its answer with the last one; returns the first row of it as a table shows it.
fn verify(session: &Session, path: &str, text: &str) -> Result<Option<String>, Error> {
    let script = library::script("saved", path, text)?;
    let (printed, kept): (SharedBuffer, Rc<RefCell<Option<CachedResult>>>) = Default::default();
    let style = Settings { notes: NoteLevel::None, ..Settings::default() }.style(&session.book, false);
    let (medium, selection) = (Medium::Stream, Selection::default());
    let sink = table::sink(Format::Table, style, medium, selection, printed.clone(), io::sink());
    let newest = Rc::clone(&kept);
    let keep = Rc::new(move |kept| drop(newest.replace(Some(kept))));
    let output = Output::new(sink, Rc::new(|_| Vec::new()), Some(keep), session.book.stop().clone());
    // In a session of its own: what this one has made is not there when the script is run.
    session.open_again()?.run_isolated(&script, &mut None, &output)?;
    output.flush()?;
    drop(output);
    let (came, last) = (kept.take(), session.last.result());
    let is_same = came.as_ref().zip(last).is_some_and(|(came, last)| {
        came.columns == last.columns && came.rows == last.rows && came.total_rows == last.total_rows
    });
    if !is_same {
        return Err(usage_error(
            "these entries alone do not lead to the last answer",
            "ask again in one entry that names all it needs, then save",
        ));
    }
    Ok(first_row(&printed.take()))
}

/// The beginning of the first line with values: the one below the rule of a table, or the first of all.
fn first_row(printed: &str) -> Option<String> {
    let mut below = printed.lines().skip_while(|line| !line.contains('─')).skip(1);
    let line = below.next().or_else(|| printed.lines().next())?.trim();
    let beginning: String = line.chars().take(MAX_QUOTED_CHARS).collect();
    let is_cut = beginning.len() < line.len();
    // Between two columns, where it can be.
    let row = beginning.rsplit_once("  ").filter(|_| is_cut).map_or(beginning.as_str(), |(row, _)| row).trim();
    (!row.is_empty()).then(|| row.to_owned())
}

/// The summary of a script that is saved without one.
fn default_sentence(steps: &[SliceStep]) -> String {
    let asked = steps.last().map(|step| one_line(step.entry.text.trim_end_matches(';'))).unwrap_or_default();
    let mut quoted: String = asked.chars().take(MAX_QUOTED_CHARS).collect();
    if quoted.len() < asked.len() {
        quoted.push('…');
    }
    format!("The answer to `{quoted}`")
}

/// A text on one line, for a header.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The variable of the answer before.
const PREVIOUS_NAME: &str = "previous";

/// The body of the script, an entry after the other.
fn script_body(steps: &[SliceStep]) -> String {
    let Some((newest, earlier)) = steps.split_last() else { return String::new() };
    earlier.iter().map(earlier_line).chain([format!("{}\n", newest_lines(newest.entry))]).collect()
}

/// An entry that a later one needs.
fn earlier_line(step: &SliceStep) -> String {
    let text = rename_last(step.entry);
    let value = match step.entry.language {
        Language::Sql => query_calls(&text).pop().unwrap_or_default(),
        _ => text.trim_end_matches(';').to_owned(),
    };
    match () {
        () if step.is_last => format!("let {PREVIOUS_NAME} = {value};\n"),
        () if value.ends_with('}') => format!("{value}\n"),
        () => format!("{value};\n"),
    }
}

/// The entry that gave the answer: the value of the last line is shown, and so are the statements before it.
fn newest_lines(entry: &JournalEntry) -> String {
    let text = rename_last(entry);
    if entry.language != Language::Sql {
        return text;
    }
    let mut queries = query_calls(&text);
    let newest = queries.pop().unwrap_or_default();
    queries.iter().map(|query| format!("show({query});\n")).chain([newest]).collect()
}

/// The text of an entry, with the name of the answer before as the script has it.
fn rename_last(entry: &JournalEntry) -> String {
    let text = entry.text.trim();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_word) {
        let (before, from) = rest.split_at(at);
        let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
        // Behind a dot it is a method or a column.
        let is_last = LAST_NAMES.contains(&word) && !before.ends_with('.');
        written.extend([before, if is_last { PREVIOUS_NAME } else { word }]);
        rest = after;
    }
    written + rest
}

/// Each statement of a text as a call of `query`.
fn query_calls(text: &str) -> Vec<String> {
    let (sql, _) = lex::without_backslash_end(text);
    lex::statements(sql).map(|range| format!("query({})", string_literal(sql[range].trim()))).collect()
}

/// SQL as a string literal of a script: in the plainest quotes that need no escape.
pub(super) fn string_literal(sql: &str) -> String {
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

/// The names of the answer before.
const LAST_NAMES: [&str; 2] = ["last", "_"];

/// Words of SQL that the name of a table follows.
const TABLE_KEYWORDS: [&str; 6] = ["table", "view", "exists", "into", "update", "from"];

/// Words of scripts that a declared name follows.
const DECLARING_KEYWORDS: [&str; 4] = ["let", "const", "fn", "as"];

/// An entry that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JournalEntry {
    pub(super) text: String,
    pub(super) language: Language,
    /// True if it showed a result.
    pub(super) has_answered: bool,
}

/// The entries of a session, in order.
#[derive(Debug, Default)]
pub(super) struct Journal(Vec<JournalEntry>);

/// An entry of the slice.
#[derive(Debug, PartialEq, Eq)]
struct SliceStep<'j> {
    entry: &'j JournalEntry,
    /// True if a later one uses its answer.
    is_last: bool,
}

impl Journal {
    pub(super) fn record(&mut self, entry: JournalEntry) {
        self.0.push(entry);
    }

    /// The entries that led to the last answer, which the last of them gave; none where there is no answer.
    fn slice(&self) -> Vec<SliceStep<'_>> {
        let Some(newest) = self.0.iter().rposition(|entry| entry.has_answered) else { return Vec::new() };
        let mut steps = vec![SliceStep { entry: &self.0[newest], is_last: false }];
        let mut needed = word_set(&self.0[newest].text);
        let mut needs_last = remove_last_names(&mut needed);
        for entry in self.0[..newest].iter().rev() {
            let is_last = needs_last && entry.has_answered;
            if !is_last && !entry.written_names().iter().any(|name| needed.contains(name)) {
                continue;
            }
            needed.extend(word_set(&entry.text));
            if let Some(name) = entry.redeclared_name() {
                needed.remove(name);
            }
            needs_last = remove_last_names(&mut needed) || (needs_last && !is_last);
            steps.push(SliceStep { entry, is_last });
        }
        steps.reverse();
        steps
    }
}

impl JournalEntry {
    /// True if a script can hold it: no command, and no SQL that writes.
    fn is_scriptable(&self) -> bool {
        match self.language {
            Language::Command => false,
            Language::Sql => only_reads(&self.text),
            Language::Script => true,
        }
    }

    /// The names that it may have changed: those that it declares, assigns, or calls a method of; the tables that SQL
    /// makes or writes.
    fn written_names(&self) -> BTreeSet<String> {
        let text = &self.text;
        match self.language {
            Language::Command => BTreeSet::new(),
            Language::Sql if self.is_scriptable() => BTreeSet::new(),
            Language::Sql => words_after(text, &TABLE_KEYWORDS).collect(),
            Language::Script => {
                let is_touched = |(at, word): &(usize, &str)| is_mutation(&text[at + word.len()..]);
                let touched = word_offsets(text).filter(is_touched).map(|(_, word)| word.to_owned());
                touched.chain(words_after(text, &DECLARING_KEYWORDS)).collect()
            }
        }
    }

    /// The name that it declares anew as its first statement, without use of the earlier value.
    fn redeclared_name(&self) -> Option<&str> {
        let mut parts = word_offsets(&self.text).map(|(_, word)| word);
        let name = parts.next().filter(|word| matches!(*word, "let" | "const" | "fn")).and_then(|_| parts.next())?;
        parts.all(|word| word != name).then_some(name)
    }
}

/// True if the text that follows a name may change its value.
fn is_mutation(following: &str) -> bool {
    let following = following.trim_start();
    let mut signs = following.chars();
    match (signs.next(), signs.next()) {
        (Some('='), next) => next != Some('='),
        (Some('.' | '['), _) => true,
        (Some('+' | '-' | '*' | '/' | '%' | '|' | '&' | '^'), next) => next == Some('='),
        (Some('<' | '>'), _) => following.starts_with("<<=") || following.starts_with(">>="),
        _ => false,
    }
}

/// Removes the names of the answer before; true if one of them was there.
fn remove_last_names(needed: &mut BTreeSet<String>) -> bool {
    LAST_NAMES.map(|name| needed.remove(name)).contains(&true)
}

fn word_set(text: &str) -> BTreeSet<String> {
    word_offsets(text).map(|(_, word)| word.to_owned()).collect()
}

/// The words of a text, those within its strings too, each with the byte of its beginning.
fn word_offsets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    words.map(|word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

/// The words that follow one of these, in any letter case.
fn words_after(text: &str, before: &[&str]) -> impl Iterator<Item = String> {
    let is_before = |word: &str| before.iter().any(|known| known.eq_ignore_ascii_case(word));
    let pairs = word_offsets(text).zip(word_offsets(text).skip(1));
    pairs.filter(move |((_, word), _)| is_before(word)).map(|(_, (_, word))| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Journal, JournalEntry, SliceStep, script_body};
    use crate::terminal::{Language, classify};

    #[track_caller]
    fn composes(entries: &[(&str, bool)], expected: &str) {
        let entries: Vec<(JournalEntry, bool)> = entries
            .iter()
            .map(|(text, is_last)| {
                let language = classify(text, &|_| false);
                (JournalEntry { text: (*text).to_owned(), language, has_answered: true }, *is_last)
            })
            .collect();
        let steps: Vec<SliceStep> =
            entries.iter().map(|(entry, is_last)| SliceStep { entry, is_last: *is_last }).collect();
        assert!(entries.iter().all(|(entry, _)| entry.language != Language::Command));
        assert_eq!(script_body(&steps), expected);
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

    /// Checks the slice behind the last answer; entries that end in `!` gave an answer, and a `*` marks an answer that
    /// is used.
    #[track_caller]
    fn leads(entries: &[&str], expected: &[&str]) {
        let mut journal = Journal::default();
        for entry in entries {
            let text = entry.trim_end_matches('!').to_owned();
            let language = classify(&text, &|_| false);
            journal.record(JournalEntry { has_answered: entry.ends_with('!'), text, language });
        }
        let text = |step: &super::SliceStep| format!("{}{}", if step.is_last { "*" } else { "" }, step.entry.text);
        assert_eq!(journal.slice().iter().map(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_names_what_is_needed_led_there() {
        leads(&["F29 / F30!"], &["F29 / F30"]);
        leads(&["let x = 2;", "let y = 3;", "x + 1!"], &["let x = 2;", "x + 1"]);
        leads(&["let x = 2;", "fn f(n) { n * x }", "f(1)!"], &["let x = 2;", "fn f(n) { n * x }", "f(1)"]);
        leads(&["let x = [];", "x.push(1);", "x!", "1!", "x[0]!"], &["let x = [];", "x.push(1);", "x[0]"]);
        leads(&["let n = 3;", "select :n as n!"], &["let n = 3;", "select :n as n"]);
        leads(
            &["create temp table t as select 1", "select 2!", "select * from t!"],
            &["create temp table t as select 1", "select * from t"],
        );
    }

    #[test]
    fn an_entry_that_only_reads_is_left_out() {
        leads(&["let x = 2;", "x + 5!", "x == 2!", "x * 2!"], &["let x = 2;", "x * 2"]);
    }

    #[test]
    fn the_answer_before_is_one_of_them() {
        leads(&["F29!", "F30!", "last.round(2)!"], &["*F30", "last.round(2)"]);
        leads(&["F29!", "let x = last;", "F30!", "x / last!"], &["*F29", "let x = last;", "*F30", "x / last"]);
        leads(&["select 1 as n!", "select n from _!"], &["*select 1 as n", "select n from _"]);
    }

    #[test]
    fn a_name_declared_anew_needs_nothing_before() {
        leads(&["let x = 1;", "let x = 2;", "x!"], &["let x = 2;", "x"]);
        leads(&["let x = 1;", "let x = x + 1;", "x!"], &["let x = 1;", "let x = x + 1;", "x"]);
    }
}
