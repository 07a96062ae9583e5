//! `pledgebook report`: the answers of several scripts as one page. A script that fails keeps its section, and the others are answered
//! all the same.

use super::plan::Plan;
use crate::error::{Error, usage_error};
use crate::report;
use crate::script::library::{self, Script};
use crate::session::{PageRecord, Session};
use crate::table::Format;
use crate::terminal::split_arguments;
use std::path::PathBuf;

/// A script with its parameters and its assumptions.
struct Question {
    script: Script,
    words: Vec<String>,
    assumed: Vec<String>,
}

/// Answers the scripts, or those of the library that work in the book, and writes the page.
///
/// # Errors
/// A format that is no page; a script that can't be found or read, before anything runs; the page can't be written. The first error of
/// a script, once the page is written.
pub(super) fn run(plan: &Plan, scripts: &[String], all: bool) -> Result<(), Error> {
    let render = renderer(plan)?;
    if let Some(output) = &plan.output_file {
        output.refuse_existing()?;
    }
    let mut session = plan.open_session()?;
    let record = PageRecord::of(plan.rows);
    let questions = if all { library_questions(plan, &session, &record)? } else { questions(plan, scripts)? };
    let output = session.page_output(&record, plan.notices())?;
    let mut failed = None;
    for question in &questions {
        let _watch = plan.watch(&session);
        let done = session.run_script_assuming(&question.assumed, &question.script, &question.words, &output)?;
        match done {
            Ok(()) => {}
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => {
                if !matches!(error, Error::Exit(..)) {
                    record.fail(&error);
                }
                failed = failed.or(Some(error));
            }
        }
    }
    let page = session.page(&record, &page_path(plan))?;
    let text = render(&page);
    match &plan.output_file {
        Some(file) => file.write(&text)?,
        None => super::print_document(&text)?,
    }
    failed.map_or(Ok(()), Err)
}

/// The file of the page; one that goes to standard output has the name that it would have.
fn page_path(plan: &Plan) -> PathBuf {
    let usual = if plan.settings.format == Format::Markdown { "report.md" } else { "report.html" };
    plan.output_file.as_ref().map_or_else(|| usual.into(), |output| output.path.clone())
}

/// Draws a page in a format.
type Renderer = fn(&report::Page) -> String;

/// What draws the page in the format that is asked for.
fn renderer(plan: &Plan) -> Result<Renderer, Error> {
    match plan.settings.format {
        Format::Markdown => Ok(report::markdown),
        Format::Table | Format::Html => Ok(report::html),
        other => {
            let message = format!("a report is a page of HTML or Markdown, and not {}", other.name());
            Err(usage_error(&message, "as `-o page.html`, `-o page.md`; `run SCRIPT` writes the other formats"))
        }
    }
}

/// The scripts that are named, each with what stands behind it.
fn questions(plan: &Plan, scripts: &[String]) -> Result<Vec<Question>, Error> {
    let question = |text: &String| {
        let mut words = split_arguments(text)?.into_iter();
        let script = library::find(&words.next().unwrap_or_default(), plan.settings.limits)?;
        let (mut own, mut assumed) = (Vec::new(), Vec::new());
        while let Some(word) = words.next() {
            match word.strip_prefix("--assume") {
                Some("") => assumed.extend(words.next()),
                Some(value) if value.starts_with('=') => assumed.push(value[1..].to_owned()),
                _ => own.push(word),
            }
        }
        Ok(Question { script, words: own, assumed })
    };
    scripts.iter().map(question).collect()
}

/// The scripts of the library that work in the book, as far as they ask for nothing.
fn library_questions(plan: &Plan, session: &Session, record: &PageRecord) -> Result<Vec<Question>, Error> {
    let library = library::in_book(session.book())?;
    let needs_value = |script: &Script| script.header.parameters.iter().any(|parameter| parameter.default.is_none());
    let (asking, ready): (Vec<Script>, Vec<Script>) = library.working.into_iter().partition(needs_value);
    if !asking.is_empty() {
        let names: Vec<&str> = asking.iter().map(|script| script.header.name.as_str()).collect();
        record.omit(format!("Not on this page, since each asks for a value of yours: {}.", names.join(", ")));
    }
    if library.others > 0 {
        let lacking: Vec<&str> = library.lacking.iter().map(String::as_str).collect();
        record.omit(format!(
            "{} scripts of the library need what this book has none of: {}.",
            library.others,
            lacking.join(", ")
        ));
    }
    // Found by name, a script of the library may say what only the library may.
    let find = |script: Script| library::find(&script.header.name, plan.settings.limits);
    let question = |script: Script| Ok(Question { script: find(script)?, words: Vec::new(), assumed: Vec::new() });
    ready.into_iter().map(question).collect()
}
