//! What a run asked, and everything that came out: results with the evidence behind them, printed lines, sentences. It keeps the first
//! rows of a result and counts the rest.

use crate::error::Error;
use crate::quantity::{Assumptions, Facts, Ref};
use crate::script::library::Script;
use crate::session::named_ids::{ids_in_text, may_name_ids};
use crate::session::{Session, plain_sources, receipt};
use crate::sql::{Appended, CachedResult, Cell, Evidence, Header, Note, Origin, Output, Sink, columns_of_book};
use crate::store::{Book, WhatIf, names_word};
use crate::terminal::Language;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// The rows of a table on a page, unless more are asked for.
pub(super) const PAGE_ROWS: usize = 200;

/// The rows of which the ids in texts are gathered.
const MOST_READ_ROWS: usize = 10_000;

/// A question and what came out.
#[derive(Debug, Clone, Default)]
pub(super) struct Question {
    /// The heading that the script or the caller gives.
    pub(super) heading: String,
    /// The text that was asked, where it is no heading.
    pub(super) text: Option<String>,
    /// The command that asks again.
    pub(super) command: Option<String>,
    pub(super) parts: Vec<AnswerPart>,
    pub(super) sentences: Vec<String>,
    /// The notices on the answer, in order.
    pub(super) notices: Vec<String>,
    pub(super) failure: Option<(String, Option<String>)>,
    /// The assumptions that were in force.
    pub(super) supposed: Vec<WhatIf>,
    /// The question as a receipt repeats it; `None` where it repeats none.
    pub(super) repeatable: Option<RepeatableQuestion>,
    /// The record of the answer for its receipt.
    pub(super) recorded: Option<receipt::Recorded>,
}

/// A question that a receipt can repeat.
#[derive(Debug, Clone)]
pub(super) enum RepeatableQuestion {
    /// A script with its words, and the modules that it imported.
    Script(Box<Script>, Vec<String>, Vec<(String, String)>),
    /// A text in a language.
    Text(String, Language),
}

/// A part of an answer.
#[derive(Debug, Clone)]
pub(super) enum AnswerPart {
    Result(Box<RecordedResult>),
    Printed(String),
    Sql(String),
}

/// A result.
#[derive(Debug, Clone, Default)]
pub(super) struct RecordedResult {
    pub(super) header: Header,
    /// The first rows.
    pub(super) rows: Vec<Vec<Cell<'static>>>,
    /// The number of all rows.
    pub(super) total: usize,
    pub(super) evidence: Evidence,
    /// The facts and open questions that texts in it name.
    pub(super) named: Facts,
    /// The ids of tensions that texts in it name.
    pub(super) tensions: Vec<String>,
    /// The notes of the output itself: conflicts, series.
    pub(super) notes: Vec<Note>,
    pub(super) is_value: bool,
    /// True if its cells are of tables that say nothing of what an empty one means: imported ones, and those of one's own.
    pub(super) is_of_tables: bool,
    /// For each column true if it is one of the book, whose rows all have a partner in a join; empty where that is not known.
    pub(super) of_book: Vec<bool>,
    /// The sources of the imported tables that its statement names.
    pub(super) sources: Vec<u16>,
}

impl Question {
    /// The results.
    pub(super) fn results(&self) -> impl Iterator<Item = &RecordedResult> {
        self.parts.iter().filter_map(|part| if let AnswerPart::Result(result) = part { Some(&**result) } else { None })
    }

    /// Notes which results come from tables of which one is named so, or that rest on records.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn note_tables(&mut self, book: &Book, tables: &[String]) -> Result<(), Error> {
        let is_of_book = book.is_book();
        for part in &mut self.parts {
            let AnswerPart::Result(result) = part else { continue };
            let statement = match &result.evidence.origin {
                Origin::Statement(statement) => Some(statement),
                _ => result.header.statement.as_ref(),
            };
            let names_table = statement.is_some_and(|text| tables.iter().any(|name| names_word(text, name)));
            let has_records = result.evidence.facts.record_sources().next().is_some();
            result.is_of_tables = !is_of_book || names_table || has_records;
            if let Some(text) = statement.filter(|_| is_of_book && result.is_of_tables) {
                result.sources = plain_sources::of_statement(book, text)?;
                result.of_book = columns_of_book(book, text, result.header.columns.len());
            }
        }
        Ok(())
    }

    fn is_answered(&self) -> bool {
        !self.parts.is_empty() || !self.sentences.is_empty() || self.failure.is_some()
    }
}

/// The record of a run. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct PageRecord(Rc<RefCell<RecordState>>);

#[derive(Debug, Default)]
struct RecordState {
    asked: Vec<Question>,
    /// The omissions of the page.
    omitted: Vec<String>,
    rows: Option<usize>,
    /// The record for receipts of the question that is asked.
    recording: Option<receipt::Recording>,
    /// The evidence of the result that ends next.
    evidence: Evidence,
}

impl PageRecord {
    /// A record that keeps so many rows of each result; `None` for the usual number, 0 for all.
    #[must_use]
    pub fn of(rows: Option<usize>) -> Self {
        Self(Rc::new(RefCell::new(RecordState { rows, ..RecordState::default() })))
    }

    /// Begins a question in the words of its asker: a text of SQL or a script, or a command.
    pub(in crate::session) fn begin_text(&self, text: &str, language: Language, supposed: &[WhatIf]) {
        let repeatable =
            Some(RepeatableQuestion::Text(text.to_owned(), language)).filter(|_| language != Language::Command);
        let (heading, text) = (text.to_owned(), Some(text.to_owned()));
        let command = Some("the same question with --csv".to_owned());
        self.begin(Question {
            heading,
            text,
            command,
            repeatable,
            supposed: supposed.to_owned(),
            ..Question::default()
        });
    }

    /// Begins a question with a heading of its own.
    pub(in crate::session) fn begin_question(&self, heading: &str, supposed: &[WhatIf]) {
        self.begin(Question { heading: heading.to_owned(), supposed: supposed.to_owned(), ..Question::default() });
    }

    /// Begins the question of a script that was called with these words.
    pub(in crate::session) fn begin_script(&self, script: &Script, arguments: &[String], supposed: &[WhatIf]) {
        let name = std::path::Path::new(&script.header.name).file_stem();
        let name = name.map_or_else(|| script.header.name.clone(), |name| name.to_string_lossy().into_owned());
        let words: String = arguments.iter().flat_map(|word| [" ", word]).collect();
        let heading = match script.header.heading() {
            "" => name.replace('_', " "),
            heading => heading.to_owned(),
        };
        let command = Some(format!("pledgebook run {name}{words} --csv"));
        let repeatable = Some(RepeatableQuestion::Script(Box::new(script.clone()), arguments.to_owned(), Vec::new()));
        self.begin(Question { heading, command, repeatable, supposed: supposed.to_owned(), ..Question::default() });
    }

    fn begin(&self, asked: Question) {
        self.end_recording();
        self.0.borrow_mut().asked.push(asked);
    }

    /// Hands what was recorded for a receipt to the newest question.
    fn end_recording(&self) {
        let recording = self.0.borrow().recording.clone();
        let recorded = recording.map(|recording| recording.take());
        if let Some(newest) = self.0.borrow_mut().asked.last_mut() {
            newest.recorded = recorded;
        }
    }

    /// Notes the modules that the newest script imported.
    pub(in crate::session) fn note_modules(&self, modules: &[(String, String)]) {
        if let Some(Question { repeatable: Some(RepeatableQuestion::Script(_, _, known)), .. }) =
            self.0.borrow_mut().asked.last_mut()
        {
            known.clear();
            known.extend_from_slice(modules);
        }
    }

    /// Records the error that ended the newest question.
    pub fn fail(&self, error: &Error) {
        let report = error.report();
        let message = report.as_ref().map_or_else(|| error.to_string(), |report| report.message.clone());
        let failure = Some((message, report.and_then(|report| report.help)));
        self.newest(|asked| asked.failure = failure);
    }

    /// Keeps one result of all, counted from 1; returns how many there were.
    pub fn select(&self, wanted: usize) -> usize {
        let mut count = 0;
        for asked in &mut self.0.borrow_mut().asked {
            asked.parts.retain(|part| {
                count += usize::from(matches!(part, AnswerPart::Result(_)));
                matches!(part, AnswerPart::Result(_)) && count == wanted
            });
        }
        count
    }

    /// Records what the page leaves out.
    pub fn omit(&self, line: String) {
        self.0.borrow_mut().omitted.push(line);
    }

    /// The questions that have an answer.
    pub(super) fn answered(&self) -> Vec<Question> {
        self.end_recording();
        self.0.borrow().asked.iter().filter(|asked| asked.is_answered()).cloned().collect()
    }

    pub(super) fn omitted(&self) -> Vec<String> {
        self.0.borrow().omitted.clone()
    }

    fn newest<T>(&self, work: impl FnOnce(&mut Question) -> T) -> T {
        let mut recorded = self.0.borrow_mut();
        if recorded.asked.is_empty() {
            recorded.asked.push(Question::default());
        }
        let newest = recorded.asked.len() - 1;
        work(&mut recorded.asked[newest])
    }

    /// Keeps a notice on the newest question; what is said before the first one is about the run.
    fn note(&self, text: &str) {
        if let Some(newest) = self.0.borrow_mut().asked.last_mut()
            && !newest.notices.iter().any(|known| known == text)
        {
            newest.notices.push(text.to_owned());
        }
    }

    fn add(&self, part: AnswerPart) {
        self.newest(|asked| asked.parts.push(part));
    }

    fn in_result(&self, work: impl FnOnce(&mut RecordedResult)) {
        self.newest(|asked| {
            // What is printed while a statement runs comes between.
            let newest = asked.parts.iter_mut().rev().find_map(|part| match part {
                AnswerPart::Result(result) => Some(result),
                AnswerPart::Printed(_) | AnswerPart::Sql(_) => None,
            });
            if let Some(result) = newest {
                work(result);
            }
        });
    }

    fn take_evidence(&self) -> Evidence {
        std::mem::take(&mut self.0.borrow_mut().evidence)
    }

    /// The rows that are kept of a result.
    fn kept_rows(&self) -> usize {
        match self.0.borrow().rows.unwrap_or(PAGE_ROWS) {
            0 => usize::MAX,
            rows => rows,
        }
    }

    /// An output of a session into this record. Remarks go to `notices`.
    ///
    /// # Errors
    /// The style of the session can't be read.
    pub(in crate::session) fn output(&self, session: &Session, notices: impl Write + 'static) -> Output {
        let (evidence, cached) = (self.clone(), self.clone());
        let annotate = Rc::new(move |found: &Evidence| {
            evidence.0.borrow_mut().evidence = found.clone();
            Vec::new()
        });
        let keep = session.settings.keep_last.then(|| session.last.sink());
        let on_result = Rc::new(move |result: CachedResult| {
            let origin: Origin = result.origin.clone();
            cached.in_result(|known| known.evidence.origin = origin);
            if let Some(keep) = &keep {
                keep(result);
            }
        });
        let sink = RecordingSink { record: self.clone(), notices: Box::new(notices), most: self.kept_rows() };
        let book = Rc::clone(&session.book);
        let statements = move || book.statements().ok().filter(|statements| !statements.is_empty());
        let output = Output::new(Box::new(sink), annotate, Some(on_result), session.book.stop().clone());
        output.with_statements(Rc::new(statements)).with_echo(session.settings.echo_sql)
    }
}

impl Session {
    /// An output that records what is answered for a page, in the place of writing it. Remarks go to `notices`.
    ///
    /// # Errors
    /// The units of the book can't be read.
    pub fn page_output(&mut self, record: &PageRecord, notices: impl Write + 'static) -> Result<Output, Error> {
        let recorder = self.recorder();
        record.0.borrow_mut().recording = Some(recorder.recording());
        self.page_record = Some(record.clone());
        Ok(recorder.beside(record.output(self, notices)))
    }
}

/// A sink that records.
struct RecordingSink {
    record: PageRecord,
    notices: Box<dyn Write>,
    /// The rows that are kept of a result.
    most: usize,
}

impl Sink for RecordingSink {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        let result = RecordedResult { header: header.clone(), ..RecordedResult::default() };
        self.record.add(AnswerPart::Result(Box::new(result)));
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>], _: &Appended<'_>) -> io::Result<()> {
        let most = self.most;
        self.record.in_result(|result| {
            result.total += 1;
            if result.total <= MOST_READ_ROWS {
                name_ids(result, cells);
            }
            if result.rows.len() < most {
                result.rows.push(cells.iter().cloned().map(Cell::into_owned).collect());
            }
        });
        Ok(())
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        let evidence = self.record.take_evidence();
        self.record.in_result(|result| {
            result.notes = notes.to_vec();
            result.evidence = evidence;
        });
        Ok(())
    }

    fn value(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        let column = crate::sql::Column { name: "value".to_owned(), is_quantity: matches!(cell, Cell::Quantity(_)) };
        let header = Header { columns: vec![column], assumed: assumed.clone(), ..Header::default() };
        let rows = vec![vec![cell.clone().into_owned()]];
        let evidence = self.record.take_evidence();
        let result = RecordedResult { header, rows, total: 1, evidence, is_value: true, ..RecordedResult::default() };
        self.record.add(AnswerPart::Result(Box::new(result)));
        Ok(())
    }

    fn below_value(&mut self, notes: &[Note]) -> io::Result<()> {
        self.record.in_result(|result| result.notes = notes.to_vec());
        Ok(())
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.record.add(AnswerPart::Printed(text.to_owned()));
        Ok(())
    }

    fn answer(&mut self, sentence: &str) -> io::Result<()> {
        self.record.newest(|asked| asked.sentences.push(sentence.to_owned()));
        Ok(())
    }

    fn assumed(&mut self, _: &str) -> io::Result<()> {
        // The section has a stamp, and names them.
        Ok(())
    }

    fn sql(&mut self, line: &str) -> io::Result<()> {
        self.record.add(AnswerPart::Sql(line.to_owned()));
        Ok(())
    }

    fn takes_sql(&self) -> bool {
        true
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.record.note(text);
        writeln!(self.notices, "notice: {}", crate::table::visible(text))
    }

    fn wants_notes(&self) -> bool {
        true
    }

    fn flush(&mut self) -> io::Result<()> {
        self.notices.flush()
    }
}

/// Adds the ids that the texts of a row name.
fn name_ids(result: &mut RecordedResult, cells: &[Cell<'_>]) {
    for (column, cell) in result.header.columns.iter().zip(cells) {
        let Cell::Text(text) = cell else { continue };
        let ids = if may_name_ids(&column.name) { ids_in_text(text) } else { None };
        for id in ids.into_iter().flatten() {
            match id.parse::<Ref>() {
                Ok(reference) => result.named.extend(&std::iter::once(reference).collect()),
                Err(_) if id.starts_with('X') && !result.tensions.contains(&id) => result.tensions.push(id),
                Err(_) => {}
            }
        }
    }
}
