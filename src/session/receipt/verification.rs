//! `verify`: the question of a receipt is asked again, and what has changed since is said: the script, the facts, the assumptions,
//! the tables, the result. Another program or a change elsewhere in the book is told, and is no difference.

use super::making::{BUNDLED, IN_MEMORY, fact_states, line_digits, part_digits, program, script_state, text_state};
use super::recorder::Recorded;
use super::{Receipt, Recorder, ScriptState, Statement, TextState};
use crate::error::{Error, usage_error};
use crate::quantity::{Facts, Ref, human, truncated};
use crate::script::library::{self, Script};
use crate::session::fact_state::FactState;
use crate::session::{Article, Session};
use crate::sql::{Cell, Column, Header, Note, Origin, Output};
use crate::store::Book;
use crate::syntax::{Text, shell_word};
use crate::table::{Format, notes_block};
use crate::terminal::Language;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Something that differs: the part, its name, what the receipt has, and what is now.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Difference {
    part: &'static str,
    name: String,
    then: String,
    now: String,
}

impl Difference {
    fn new(part: &'static str, name: &str, then: &str, now: &str) -> Self {
        Self { part, name: name.to_owned(), then: then.to_owned(), now: now.to_owned() }
    }
}

/// The outcome of a receipt.
#[derive(Debug, Default)]
struct Outcome {
    differences: Vec<Difference>,
    /// The changes that leave the answer as it was.
    remarks: Vec<String>,
}

/// The files that stand beside receipts: the script and the texts that are not where they say.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The script.
    pub script: Option<Script>,
    /// The texts whose figures were checked.
    pub articles: Vec<Article>,
}

impl Given {
    /// The text of a receipt: the same one, or else the only one, or one of its name, which has changed.
    fn find(&self, known: &TextState) -> Option<&Article> {
        let same = self.articles.iter().find(|article| text_state(article).sha256 == known.sha256);
        let only = || self.articles.first().filter(|_| self.articles.len() == 1);
        let named = || self.articles.iter().find(|article| article.name == known.name);
        same.or_else(named).or_else(only)
    }
}

impl Session {
    /// Asks the questions of receipts again, and reports what differs.
    ///
    /// # Errors
    /// Assumptions of the session; after the report, a receipt that differs.
    pub fn verify(&mut self, receipts: &[Receipt], given: &Given, output: &Output) -> Result<(), Error> {
        if !self.supposed.is_empty() {
            let help = "leave `--assume` out: a receipt has its own assumptions";
            return Err(usage_error("a receipt is verified under the assumptions that it names", help));
        }
        if let Some(text) =
            receipts.iter().filter_map(|receipt| receipt.text.as_ref()).find(|text| given.find(text).is_none())
        {
            let help = "give it beside the receipt: `verify RECEIPT --article FILE`";
            return Err(usage_error(
                &format!("the text `{}`, whose figures were checked, is not here", text.name),
                help,
            ));
        }
        let outcomes = receipts.iter().map(|receipt| self.verify_one(receipt, given)).collect::<Result<Vec<_>, _>>()?;
        let outcomes: Vec<(&Receipt, Outcome)> = receipts.iter().zip(outcomes).collect();
        if self.settings.format == Format::Table {
            let blocks: Vec<String> = outcomes.iter().map(|(receipt, one)| self.outcome_text(receipt, one)).collect();
            output.say(blocks.join("\n").trim_end())?;
        } else {
            report_rows(&outcomes, output)?;
        }
        output.flush()?;
        if outcomes.iter().all(|(_, outcome)| outcome.differences.is_empty()) { Ok(()) } else { Err(Error::Differs) }
    }

    fn verify_one(&mut self, receipt: &Receipt, given: &Given) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        // What another question has defined is no part of this one.
        self.interpreter = None;
        for (id, value) in &receipt.assumptions {
            let text = value.as_str().map_or_else(|| id.clone(), |value| format!("{id}={value}"));
            if let Err(error) = self.assume(&text) {
                outcome.differences.push(Difference::new("assumption", &text, "it was made", &error_text(&error)));
            }
        }
        let recorder = self.recorder();
        let done = self.ask_again(receipt, given, &recorder, &mut outcome.differences);
        let recorded = recorder.recorded();
        match done {
            Err(error @ (Error::Interrupted | Error::Limit(_))) => return Err(error),
            Err(error) => outcome.differences.push(Difference::new("result", "", "an answer", &error_text(&error))),
            Ok(()) => {
                outcome.differences.splice(0..0, used_differences(self.book(), receipt, &recorded.facts)?);
                outcome.differences.extend(result_differences(receipt, &recorded));
            }
        }
        let book = Rc::clone(self.book());
        outcome.differences.splice(0..0, fact_differences(&book, receipt)?);
        outcome.differences.extend(own_differences(&book, receipt)?);
        outcome.remarks = remarks(&book, receipt)?;
        if !outcome.differences.is_empty() {
            outcome.remarks.splice(0..0, self.other_book(receipt));
        }
        self.set_suppositions(Vec::new())?;
        Ok(outcome)
    }

    /// Asks the question again; what differs in it is said before.
    fn ask_again(
        &mut self,
        receipt: &Receipt,
        given: &Given,
        recorder: &Recorder,
        differences: &mut Vec<Difference>,
    ) -> Result<(), Error> {
        let output = recorder.output();
        if let Some(text) = &receipt.text {
            return self.check_again(text, given, output, differences);
        }
        let Some(known) = &receipt.script else {
            let Some(Statement { text, is_sql }) = &receipt.statement else { return Ok(()) };
            let language = if *is_sql { Language::Sql } else { Language::Script };
            return self.eval(&Text::new("the receipt", text), Some(language), output).map(drop);
        };
        let found = match &given.script {
            Some(script) => script.clone(),
            // A stranger's receipt names no file to read.
            None if self.settings.is_sandboxed && library::is_path(&known.name) => {
                return Err(usage_error(
                    "a receipt names a file, which a sandbox does not read",
                    "give the script by `--script FILE`",
                ));
            }
            None => library::find(&known.name, self.settings.limits)?,
        };
        let words = changed_words(known, &found);
        let modules = self.run_with_modules(&found, &words, output)?;
        differences.extend(script_differences(known, &script_state(&found, &words, &modules)?, &found));
        Ok(())
    }

    /// Checks the figures of a text again.
    fn check_again(
        &mut self,
        known: &TextState,
        given: &Given,
        output: &Output,
        differences: &mut Vec<Difference>,
    ) -> Result<(), Error> {
        let Some(found) = given.find(known) else { return Ok(()) };
        let now = text_state(found).sha256;
        if now != known.sha256 {
            differences.push(Difference::new("text", &known.name, short(&known.sha256), short(&now)));
        }
        let article = Article { name: known.name.clone(), ..found.clone() };
        self.check_articles(&[article], output).map(drop)
    }

    /// The remark that another book was asked than that of the receipt, and the command that asks that.
    fn other_book(&self, receipt: &Receipt) -> Option<String> {
        let (then, now) = (&receipt.book, self.book_words());
        let known = match then.asked.as_str() {
            "" if then.name == BUNDLED => String::new(),
            // What a book in memory was made of is not known.
            "" if then.name == IN_MEMORY => return None,
            "" => shell_word(&then.name),
            asked => asked.to_owned(),
        };
        let named = |words: &str| if words.is_empty() { "the bundled book".to_owned() } else { format!("`{words}`") };
        let command = format!("pledgebook {known} verify {}", shell_word(&receipt.file)).replace("  ", " ");
        (known != now).then(|| {
            format!("the receipt is of {}, and {} was asked: `{command}` asks that one", named(&known), named(&now))
        })
    }

    /// The outcome of a receipt, for people.
    fn outcome_text(&self, receipt: &Receipt, outcome: &Outcome) -> String {
        let question = crate::table::visible(&receipt.question()).into_owned();
        let verdict = match outcome.differences.as_slice() {
            [] => "SAME: the same result, of the same facts",
            [..] => "DIFFERS",
        };
        let mut notes: Vec<Note> = Vec::new();
        for difference in &outcome.differences {
            let Difference { part, name, then, now } = difference;
            let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
            notes.push(Note::new(part, "", &format!("{name}{then} in the receipt, {now} now")));
        }
        notes.extend(outcome.remarks.iter().map(|remark| Note::new("beside it", "", remark)));
        format!("receipt {}  {question}  {verdict}\n{}", receipt.id, notes_block(&notes, self.settings.width))
    }
}

/// The arguments of a script that differ from its defaults.
fn changed_words(known: &ScriptState, script: &Script) -> Vec<String> {
    let defaults: BTreeMap<&str, &str> = script
        .header
        .parameters
        .iter()
        .filter_map(|parameter| Some((parameter.name.as_str(), parameter.default.as_deref()?)))
        .collect();
    let given = known.parameters.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let changed = given.filter(|(name, value)| defaults.get(name) != Some(value));
    changed.map(|(name, value)| format!("--{name}={value}")).collect()
}

fn script_differences(known: &ScriptState, now: &ScriptState, script: &Script) -> Vec<Difference> {
    let mut differences = Vec::new();
    if known.sha256 != now.sha256 {
        let place = changed_lines(&known.lines, &script.text.whole);
        differences.push(Difference::new(
            "script",
            &known.name,
            short(&known.sha256),
            &format!("{}{place}", short(&now.sha256)),
        ));
    }
    for module in &known.modules {
        let current = now.modules.iter().find(|other| other.name == module.name);
        match current {
            Some(current) if current.sha256 == module.sha256 => {}
            Some(current) => {
                differences.push(Difference::new(
                    "module",
                    &module.name,
                    short(&module.sha256),
                    short(&current.sha256),
                ));
            }
            None => differences.push(Difference::new("module", &module.name, "imported", "not imported")),
        }
    }
    let new = now.modules.iter().filter(|module| known.modules.iter().all(|other| other.name != module.name));
    differences.extend(new.map(|module| Difference::new("module", &module.name, "not imported", "imported")));
    differences
}

/// The lines of a script that are not those of the receipt: `, lines 12 to 14`.
fn changed_lines(known: &str, text: &str) -> String {
    let now: Vec<String> = text.lines().map(line_digits).collect();
    let then: Vec<&str> = known.split_whitespace().collect();
    let first = now.iter().zip(&then).take_while(|(now, then)| now == then).count();
    let most = now.len().min(then.len()) - first;
    let last = now.iter().rev().zip(then.iter().rev()).take(most).take_while(|(now, then)| now == then).count();
    let (from, to) = (first + 1, now.len() - last);
    match to.cmp(&from) {
        std::cmp::Ordering::Greater => format!(" from line {from} to {to}"),
        std::cmp::Ordering::Equal => format!(" at line {from}"),
        std::cmp::Ordering::Less => format!(" without lines before line {from}"),
    }
}

/// The facts and sources of the receipt that the book has otherwise now.
fn fact_differences(book: &Book, receipt: &Receipt) -> Result<Vec<Difference>, Error> {
    let known = receipt.facts.iter().filter_map(|fact| fact.id.parse::<Ref>().ok()).collect::<Facts>();
    let (current, _) = fact_states(book, &known)?;
    let mut differences = Vec::new();
    for fact in &receipt.facts {
        let Some(now) = current.iter().find(|other| other.id == fact.id) else {
            differences.push(Difference::new("fact", &fact.id, "in the book", "missing, or corrected"));
            continue;
        };
        for change in fact.changes(now) {
            let name = format!("{} {}", fact.id, change.member);
            differences.push(Difference::new("fact", &name, &change.then, &change.now));
        }
    }
    for source in &receipt.sources {
        match book.source(&source.id).map_err(|error| book.error(&error))? {
            Some(now) if now.sha256 == source.sha256 => {}
            Some(now) => {
                let [then, now] = [&source.sha256, &now.sha256].map(|digest| short(digest));
                differences.push(Difference::new("source", &source.id, then, now));
            }
            None => differences.push(Difference::new("source", &source.id, "in the book", "missing")),
        }
    }
    Ok(differences)
}

/// The facts that are behind the answer then and not now, or the other way round.
fn used_differences(book: &Book, receipt: &Receipt, now: &Facts) -> Result<Vec<Difference>, Error> {
    let (used, all_now) = fact_states(book, now)?;
    if receipt.all_facts.is_some() || all_now.is_some() {
        let count = |all: Option<&super::AllFacts>, listed: usize| all.map_or(listed as u64, |all| all.count);
        let then = count(receipt.all_facts.as_ref(), receipt.facts.len());
        let count_now = count(all_now.as_ref(), used.len());
        let differs = receipt.all_facts != all_now;
        let said = Difference::new("facts", "", &human::count(then, "fact"), &format!("{count_now}, or other ones"));
        return Ok(Some(said).filter(|_| differs).into_iter().collect());
    }
    let lacks = |facts: &[FactState], id: &str| facts.iter().all(|other| other.id != id);
    let unused = receipt.facts.iter().filter(|fact| lacks(&used, &fact.id));
    let unused = unused.map(|fact| Difference::new("fact", &fact.id, "behind the answer", "not behind it"));
    let new = used.iter().filter(|fact| lacks(&receipt.facts, &fact.id));
    let new = new.map(|fact| Difference::new("fact", &fact.id, "not behind the answer", "behind it"));
    let mut differences: Vec<Difference> = unused.chain(new).collect();
    let spans = super::making::record_spans(now);
    if spans != receipt.records {
        differences.push(Difference::new("records", "", &receipt.records, &spans));
    }
    Ok(differences)
}

/// The first digits of a digest, for people.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// The tables and views of one's own that are others now.
fn own_differences(book: &Book, receipt: &Receipt) -> Result<Vec<Difference>, Error> {
    let known = &receipt.book.own;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let now = book.own_digest(&|name| known.contains_key(name))?.0;
    let changed = known.iter().filter(|(name, digest)| now.get(*name) != Some(*digest));
    Ok(changed
        .map(|(name, digest)| {
            let current = now.get(name).map_or("missing", |digest| short(digest));
            Difference::new("table", name, short(digest), current)
        })
        .collect())
}

/// The changes beside the answer: the program, and parts of the book that the receipt covers.
fn remarks(book: &Book, receipt: &Receipt) -> Result<Vec<String>, Error> {
    let mut remarks = Vec::new();
    if receipt.program != program() {
        remarks.push(format!("answered by {} then, and by {} now", receipt.program, program()));
    }
    let now = book.content_digest()?.0;
    let is_changed =
        |(name, digest): &(&String, &String)| now.get(*name).map(|now| part_digits(now)).as_ref() != Some(*digest);
    let changed: Vec<&str> = receipt.book.parts.iter().filter(is_changed).map(|(name, _)| name.as_str()).collect();
    if !changed.is_empty() {
        remarks.push(format!("the book has changed in {}", changed.join(", ")));
    }
    Ok(remarks)
}

fn result_differences(receipt: &Receipt, now: &Recorded) -> Vec<Difference> {
    let mut differences = Vec::new();
    if receipt.printed != now.printed {
        let line = receipt.printed.iter().zip(&now.printed).take_while(|(then, now)| then == now).count();
        let shown = |lines: &[String]| {
            lines.get(line).map_or_else(|| "no line".to_owned(), |line| format!("`{}`", truncated(line)))
        };
        let name = format!("line {}", line + 1);
        differences.push(Difference::new("printed", &name, &shown(&receipt.printed), &shown(&now.printed)));
    }
    if receipt.result_sha256 != now.sha256() {
        differences.push(first_difference(receipt, now));
    }
    differences
}

/// The first cell in which two results differ, or their numbers of rows.
fn first_difference(receipt: &Receipt, now: &Recorded) -> Difference {
    let rows = |count: u64| human::count(count, "row");
    if receipt.result_rows != now.rows {
        return Difference::new("result", "", &rows(receipt.result_rows), &rows(now.rows));
    }
    let found = receipt.result.as_ref().zip(now.results()).and_then(|(then, now)| {
        let rows =
            |results: &[Value]| results.iter().flat_map(|one| one.as_array().cloned().unwrap_or_default()).collect();
        let (then, now): (Vec<Value>, Vec<Value>) = (rows(then), rows(&now));
        then.iter().zip(&now).enumerate().find_map(|(at, (then, now))| cell_difference(at, then, now))
    });
    found.unwrap_or_else(|| Difference::new("result", "", short(&receipt.result_sha256), short(&now.sha256())))
}

/// The first cell in which two rows differ.
fn cell_difference(row: usize, then: &Value, now: &Value) -> Option<Difference> {
    let (old, new) = then.as_object().zip(now.as_object())?;
    let name = old.keys().chain(new.keys()).find(|name| old.get(*name) != new.get(*name))?;
    let shown = |row: &serde_json::Map<String, Value>| row.get(name).map_or_else(|| "no column".to_owned(), cell_text);
    let (then, now) = (shown(old), shown(new));
    let place = format!("row {} {name}", row + 1);
    if then != now {
        return Some(Difference::new("result", &place, &then, &now));
    }
    let (member, then, now) = old.get(name).zip(new.get(name)).and_then(|(old, new)| member_difference(old, new))?;
    Some(Difference::new("result", &format!("{place}, {member}"), &then, &now))
}

/// The member in which two cells differ whose numbers are equal, as `facts`, and its texts.
fn member_difference(then: &Value, now: &Value) -> Option<(String, String, String)> {
    let (old, new) = then.as_object().zip(now.as_object())?;
    let name = old.keys().chain(new.keys()).find(|name| old.get(*name) != new.get(*name))?;
    let shown = |cell: &serde_json::Map<String, Value>| match cell.get(name) {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Array(list)) if list.is_empty() => "none".to_owned(),
        Some(Value::Array(list)) => list.iter().map(text_of).collect::<Vec<_>>().join(" "),
        Some(value) => text_of(value),
    };
    let (then, now) = (shown(old), shown(new));
    // Facts of imported tables are their records.
    let member = if name == "facts" && [&then, &now].iter().any(|ids| ids.contains(':')) { "records" } else { name };
    Some((member.to_owned(), then, now))
}

/// A cell of JSON for people: the number and the unit of a quantity.
fn cell_text(cell: &Value) -> String {
    let member = |name: &str| cell.get(name).filter(|member| !member.is_null()).map(text_of);
    match (member("value").or_else(|| member("lo")), member("unit")) {
        (Some(value), Some(unit)) => format!("{value} {unit}"),
        (Some(value), None) => value,
        _ => text_of(cell),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The message of an error, on one line.
fn error_text(error: &Error) -> String {
    error.report().map_or_else(|| "it ended".to_owned(), |report| report.message)
}

/// The columns of the answer for programs.
const COLUMNS: [&str; 7] = ["receipt", "question", "verdict", "part", "name", "then", "now"];

/// Writes a row for each difference, and one for a receipt without any.
fn report_rows(outcomes: &[(&Receipt, Outcome)], output: &Output) -> Result<(), Error> {
    let columns = COLUMNS.map(|name| Column { name: name.to_owned(), is_quantity: false }).to_vec();
    output.begin(&Header { columns, ..Header::default() })?;
    let text = |text: &str| if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned().into()) };
    for (receipt, outcome) in outcomes {
        let verdict = if outcome.differences.is_empty() { "same" } else { "differs" };
        let head = [text(&receipt.id), text(&receipt.question()), text(verdict)];
        let row = |difference: &Difference| {
            let Difference { part, name, then, now } = difference;
            head.iter().cloned().chain([text(part), text(name), text(then), text(now)]).collect::<Vec<_>>()
        };
        if outcome.differences.is_empty() {
            output.row(&row(&Difference::new("", "", "", "")))?;
        }
        outcome.differences.iter().try_for_each(|difference| output.row(&row(difference)))?;
    }
    output.end(Origin::Untold)?;
    for (receipt, outcome) in outcomes {
        outcome.remarks.iter().try_for_each(|remark| output.notice(&format!("receipt {}: {remark}", receipt.id)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{changed_lines, line_digits};

    #[test]
    fn a_changed_script_says_where() {
        let digits = |text: &str| text.lines().map(line_digits).collect::<Vec<_>>().join(" ");
        let known = digits("a\nb\nc\nd");
        assert_eq!(changed_lines(&known, "a\nx\nc\nd"), " at line 2");
        assert_eq!(changed_lines(&known, "a\nx\ny\nd"), " from line 2 to 3");
        assert_eq!(changed_lines(&known, "a\nb\nc\nd\ne"), " at line 5");
        assert_eq!(changed_lines(&known, "a\nd"), " without lines before line 2");
        assert_eq!(changed_lines(&digits("a\na"), "a\na\na"), " at line 3");
    }
}
