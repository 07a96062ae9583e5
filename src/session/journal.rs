//! The entries of a session that succeeded, and which of them led to an answer. It judges by the names in them: one too many
//! is harmless, one too few would be found when the script that is made of them is run.

use crate::syntax::sql::only_reads;
use crate::terminal::Language;
use std::collections::BTreeSet;

/// The words by which an entry speaks of the answer before it.
pub(super) const LAST: [&str; 2] = ["last", "_"];

/// Words of SQL behind which the name of a table stands.
const BEFORE_TABLE: [&str; 6] = ["table", "view", "exists", "into", "update", "from"];

/// Words of scripts behind which a name is declared.
const BEFORE_NAME: [&str; 4] = ["let", "const", "fn", "as"];

/// An entry that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) text: String,
    pub(super) language: Language,
    /// Whether it showed a result.
    pub(super) has_answered: bool,
}

/// What was entered, in order.
#[derive(Debug, Default)]
pub(super) struct Journal(Vec<Entry>);

/// An entry that is needed, and what for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step<'j> {
    pub(super) entry: &'j Entry,
    /// Whether a later one speaks of its answer.
    pub(super) is_last: bool,
}

impl Journal {
    pub(super) fn note(&mut self, entry: Entry) {
        self.0.push(entry);
    }

    /// The entries that led to the newest answer, which the last of them gave; none where there is no answer.
    pub(super) fn steps(&self) -> Vec<Step<'_>> {
        let Some(newest) = self.0.iter().rposition(|entry| entry.has_answered) else { return Vec::new() };
        let mut steps = vec![Step { entry: &self.0[newest], is_last: false }];
        let mut needed = words(&self.0[newest].text);
        let mut needs_last = take_last(&mut needed);
        for entry in self.0[..newest].iter().rev() {
            let is_last = needs_last && entry.has_answered;
            if !is_last && !entry.changed().iter().any(|name| needed.contains(name)) {
                continue;
            }
            needed.extend(words(&entry.text));
            if let Some(name) = entry.declared() {
                needed.remove(name);
            }
            needs_last = take_last(&mut needed) || (needs_last && !is_last);
            steps.push(Step { entry, is_last });
        }
        steps.reverse();
        steps
    }
}

impl Entry {
    /// Whether a script can hold it: no command, and no SQL that writes.
    pub(super) fn can_be_in_a_script(&self) -> bool {
        match self.language {
            Language::Command => false,
            Language::Sql => only_reads(&self.text),
            Language::Script => true,
        }
    }

    /// What it may have changed: names that it declares, assigns, or calls a method of; the tables that SQL makes or writes.
    fn changed(&self) -> BTreeSet<String> {
        let text = &self.text;
        match self.language {
            Language::Command => BTreeSet::new(),
            Language::Sql if self.can_be_in_a_script() => BTreeSet::new(),
            Language::Sql => behind(text, &BEFORE_TABLE).collect(),
            Language::Script => {
                let is_touched = |(at, word): &(usize, &str)| is_touching(&text[at + word.len()..]);
                let touched = parts(text).filter(is_touched).map(|(_, word)| word.to_owned());
                touched.chain(behind(text, &BEFORE_NAME)).collect()
            }
        }
    }

    /// The name that it declares anew as the first thing it does, not by means of its earlier value.
    fn declared(&self) -> Option<&str> {
        let mut parts = parts(&self.text).map(|(_, word)| word);
        let name = parts.next().filter(|word| matches!(*word, "let" | "const" | "fn")).and_then(|_| parts.next())?;
        parts.all(|word| word != name).then_some(name)
    }
}

/// Whether what follows a name may change what it stands for.
fn is_touching(following: &str) -> bool {
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

/// Takes the names of the answer before out of what is needed; whether they were there.
fn take_last(needed: &mut BTreeSet<String>) -> bool {
    LAST.map(|name| needed.remove(name)).contains(&true)
}

fn words(text: &str) -> BTreeSet<String> {
    parts(text).map(|(_, word)| word.to_owned()).collect()
}

/// The words of a text, those within its texts too, each with the byte at which it begins.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    words.map(|word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

/// The words that stand behind one of these, in any letter case.
fn behind(text: &str, before: &[&str]) -> impl Iterator<Item = String> {
    let is_before = |word: &str| before.iter().any(|known| known.eq_ignore_ascii_case(word));
    let pairs = parts(text).zip(parts(text).skip(1));
    pairs.filter(move |((_, word), _)| is_before(word)).map(|(_, (_, word))| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Entry, Journal};
    use crate::terminal::{Language, classify};

    /// The entries that led to the last one; those that end in `!` gave an answer, and a `*` marks one that is spoken of.
    #[track_caller]
    fn leads(entries: &[&str], expected: &[&str]) {
        let mut journal = Journal::default();
        for entry in entries {
            let text = entry.trim_end_matches('!').to_owned();
            let language = classify(&text, &|_| false);
            journal.note(Entry { has_answered: entry.ends_with('!'), text, language });
        }
        let told = |step: &super::Step| format!("{}{}", if step.is_last { "*" } else { "" }, step.entry.text);
        assert_eq!(journal.steps().iter().map(told).collect::<Vec<_>>(), expected);
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

    #[test]
    fn without_an_answer_nothing_led_there() {
        leads(&["let x = 1;"], &[]);
        assert_eq!(
            Entry { text: ".run roles".into(), language: Language::Command, has_answered: true }.declared(),
            None
        );
    }
}
