//! The making of a receipt: what is known of the question and of the book, beside what was recorded of the answer.

use super::recorder::{RecordSink, Recorded, Recording};
use super::{AllFacts, BookState, FORM, ModuleState, Receipt, ScriptState, SourceState, Statement, TextState, digest};
use crate::error::Error;
use crate::quantity::{Facts, Ref};
use crate::script::ScriptLocation;
use crate::script::library::{self, Script};
use crate::session::fact_state::FactState;
use crate::session::{Article, Session, Settings};
use crate::sql::{Annotate, Output};
use crate::store::{Book, BookDigest, Origin, WhatIf};
use crate::table::{self, Format, Medium, Selection};
use crate::terminal::Language;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::rc::Rc;

/// The most facts that a receipt lists.
const MAX_FACTS: usize = 200;

/// The digits by which the digest of a part of the book is known.
const PART_DIGITS: usize = 8;

/// The digits by which a line of a script is known.
const LINE_DIGITS: usize = 3;

/// A question that was answered.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// A saved script with its arguments, and the modules that it imported, each with its text.
    Script(&'a Script, &'a [String], &'a [(String, String)]),
    /// A statement, or a script that was typed.
    Text(&'a str, Language),
    /// A text whose figures are checked.
    Article(&'a Article),
}

/// The record of an answer, for its receipt.
pub struct Recorder {
    recording: Recording,
    output: Output,
}

impl Recorder {
    /// The output that records, and shows nothing.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Another output, whose results are recorded.
    #[must_use]
    pub fn beside(&self, output: Output) -> Output {
        output.recorded_by(self.output.clone())
    }

    pub(in crate::session) fn recording(&self) -> Recording {
        self.recording.clone()
    }

    pub(super) fn recorded(&self) -> Recorded {
        self.recording.recorded()
    }
}

impl Session {
    /// A recorder of an answer of this session.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        let recording = Recording::default();
        // The JSON of a receipt is that of the program without a setting.
        let style = Settings::default().style(&self.book, false);
        let json =
            table::sink(Format::Json, style, Medium::Stream, Selection::default(), recording.clone(), io::sink());
        let sink = Box::new(RecordSink::new(json, recording.clone()));
        let no_notes: Annotate = Rc::new(|_| Vec::new());
        let book = Rc::clone(self.book());
        let statements = move || book.statements().ok().filter(|statements| !statements.is_empty());
        let output = Output::new(sink, no_notes, None, self.book().stop().clone());
        Recorder { recording, output: output.with_statements(Rc::new(statements)) }
    }

    /// The receipt of an answer.
    ///
    /// # Errors
    /// The book can't be read, or the work was stopped.
    pub fn receipt(&self, asked: Asked<'_>, recorder: &Recorder) -> Result<Receipt, Error> {
        self.receipt_of(asked, &recorder.recorded(), &self.book().content_digest()?)
    }

    /// The receipt of what was recorded, of a book with this digest.
    ///
    /// # Errors
    /// As [`Session::receipt`].
    pub(in crate::session) fn receipt_of(
        &self,
        asked: Asked<'_>,
        recorded: &Recorded,
        content: &BookDigest,
    ) -> Result<Receipt, Error> {
        let book = self.book();
        let (facts, all_facts) = fact_states(book, &recorded.facts)?;
        let (mut script, mut statement, mut text) = (None, None, None);
        match asked {
            Asked::Script(asked, words, modules) => script = Some(script_state(asked, words, modules)?),
            Asked::Text(text, language) => {
                statement = Some(Statement { text: text.to_owned(), is_sql: language == Language::Sql });
            }
            Asked::Article(article) => text = Some(text_state(article)),
        }
        let receipt = Receipt {
            form: FORM,
            program: program(),
            script,
            statement,
            text,
            assumptions: self.assumed_values(),
            book: book_state(self, asked, content)?,
            sources: source_states(book, &facts, &recorded.facts)?,
            facts,
            all_facts,
            records: record_spans(&recorded.facts),
            printed: recorded.printed.clone(),
            result: recorded.results(),
            result_rows: recorded.rows,
            result_sha256: recorded.sha256(),
            id: String::new(),
            file: String::new(),
        };
        Ok(receipt.signed())
    }

    /// The open questions behind an answer, and those that limit its facts, each with its id, its text and the reason.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn open_questions(&self, recorder: &Recorder) -> Result<Vec<(String, String, String)>, Error> {
        let (facts, book) = (recorder.recorded().facts, self.book());
        let mut named =
            facts.without_questions().iter().map(|reference| reference.to_string()).collect::<Vec<_>>().into_iter();
        let entries = book.facts_of(&mut named, MAX_FACTS).map_err(|error| book.error(&error))?;
        let limits = book.limits_of(&entries).map_err(|error| book.error(&error))?;
        let asked = facts
            .iter()
            .filter(|reference| matches!(reference, Ref::Unknown(_)))
            .map(|reference| reference.to_string());
        let ids: BTreeSet<String> = asked.chain(limits.into_iter().flatten().map(|limit| limit.unknown)).collect();
        let question = |id: String| {
            let entry = self.book().question(&id).map_err(|error| self.book().error(&error))?;
            Ok(entry.map(|entry| (id, entry.question, entry.reason)))
        };
        let found: Result<Vec<_>, Error> = ids.into_iter().map(question).collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// The assumptions in force, each with its value as it was given.
    fn assumed_values(&self) -> BTreeMap<String, Value> {
        let value = |supposed: &WhatIf| {
            let given = self.assumed_texts.iter().rev().find(|(known, _)| known == supposed);
            given.and_then(|(_, text)| text.as_deref()).map_or(Value::from(true), Value::from)
        };
        self.supposed.iter().map(|supposed| (supposed.id().to_owned(), value(supposed))).collect()
    }
}

/// The program and its version.
pub(super) fn program() -> String {
    format!("pledgebook {}", env!("CARGO_PKG_VERSION"))
}

pub(super) fn script_state(
    script: &Script,
    words: &[String],
    modules: &[(String, String)],
) -> Result<ScriptState, Error> {
    let parameters = library::argument_texts(&script.header, words)?;
    let modules = modules.iter().map(|(name, text)| ModuleState { name: name.clone(), sha256: digest(text) });
    let text = &*script.text.whole;
    let lines: Vec<String> = text.lines().map(line_digits).collect();
    Ok(ScriptState {
        name: script_name(script),
        sha256: digest(text),
        lines: lines.join(" "),
        parameters: parameters.into_iter().map(|(name, text)| (name, Value::from(text))).collect(),
        modules: modules.collect(),
    })
}

/// The name by which a script is found again: in the library, or its file as it was named.
fn script_name(script: &Script) -> String {
    match script.location {
        ScriptLocation::Library => script.header.name.clone(),
        ScriptLocation::Nowhere | ScriptLocation::Directory(_) => script.text.source.to_string(),
    }
}

/// The digits by which a line of a script is known.
pub(super) fn line_digits(line: &str) -> String {
    digest(line)[..LINE_DIGITS].to_owned()
}

pub(super) fn text_state(article: &Article) -> TextState {
    TextState {
        name: article.name.clone(),
        sha256: digest(&article.text),
        characters: article.text.chars().count() as u64,
        markup: article.markup.name().to_owned(),
    }
}

fn book_state(session: &Session, asked: Asked<'_>, content: &BookDigest) -> Result<BookState, Error> {
    let book = session.book();
    let extent = book.extent().map_err(|error| book.error(&error))?;
    let (facts, sources) = extent.map_or((0, 0), |extent| (extent.facts, extent.sources + extent.tables));
    let own = book.own_digest(&|name| asked.names(name))?;
    Ok(BookState {
        name: book_name(book),
        asked: session.files_at_once(),
        facts: u64::try_from(facts).unwrap_or_default(),
        sources: u64::try_from(sources).unwrap_or_default(),
        content_sha256: content.whole(),
        parts: content.0.iter().map(|(name, digest)| (name.clone(), part_digits(digest))).collect(),
        own: own.0,
    })
}

/// The digits by which the digest of a part of the book is known.
pub(super) fn part_digits(digest: &str) -> String {
    digest[..PART_DIGITS].to_owned()
}

/// The names of books that are no files.
pub(super) const BUNDLED: &str = "bundled";
pub(super) const IN_MEMORY: &str = "in memory";

/// The name of a book, without the place of its file.
fn book_name(book: &Book) -> String {
    match book.origin() {
        Origin::Bundled => BUNDLED.to_owned(),
        Origin::Memory(None) => IN_MEMORY.to_owned(),
        Origin::Shared(version) => version.address.to_string(),
        Origin::File(path) | Origin::Memory(Some(path)) => {
            path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
        }
    }
}

impl Asked<'_> {
    /// True if a table or view of this name may be meant anywhere in the question.
    fn names(&self, name: &str) -> bool {
        match self {
            Self::Text(text, _) => crate::store::names_word(text, name),
            // Imported tables are parts of the book, and figures are compared with no other.
            Self::Article(_) => false,
            Self::Script(script, _, modules) => {
                let mut texts = modules.iter().map(|(_, text)| text.as_str()).chain([&*script.text.whole]);
                texts.any(|text| crate::store::names_word(text, name))
            }
        }
    }
}

/// The facts behind an answer as the book has them, the first of them listed.
pub(super) fn fact_states(book: &Book, facts: &Facts) -> Result<(Vec<FactState>, Option<AllFacts>), Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    let named = facts.without_questions();
    let mut ids =
        named.iter().filter(|reference| matches!(reference, Ref::Fact { .. })).map(|reference| reference.to_string());
    let entries = book.facts_of(&mut ids, usize::MAX).map_err(fail)?;
    let states: Result<Vec<FactState>, Error> = entries.iter().map(|fact| FactState::of(book, fact)).collect();
    let mut states = states?;
    if states.len() <= MAX_FACTS {
        return Ok((states, None));
    }
    let text = serde_json::to_string(&states).map_err(|error| Error::Fault(error.to_string()))?;
    let all = AllFacts { count: states.len() as u64, sha256: digest(&text) };
    states.truncate(MAX_FACTS);
    Ok((states, Some(all)))
}

/// The records of imported tables among the facts, as spans.
pub(super) fn record_spans(facts: &Facts) -> String {
    let named = facts.to_string();
    named.split_whitespace().filter(|word| word.contains(':')).collect::<Vec<_>>().join(" ")
}

/// The sources behind the facts and the records of an answer.
pub(super) fn source_states(book: &Book, facts: &[FactState], all: &Facts) -> Result<Vec<SourceState>, Error> {
    let records = all.record_sources().map(|number| format!("S{number}"));
    let named = facts.iter().map(|fact| fact.source().to_owned());
    let ids: BTreeSet<(usize, String)> = named.chain(records).map(|id| (id.len(), id)).collect();
    let entry = |(_, id): (usize, String)| book.source(&id).map_err(|error| book.error(&error));
    let entries = ids.into_iter().map(entry).collect::<Result<Vec<_>, Error>>()?;
    Ok(entries.into_iter().flatten().map(|source| SourceState { id: source.id, sha256: source.sha256 }).collect())
}
