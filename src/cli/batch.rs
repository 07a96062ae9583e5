//! A run without a prompt: texts, files, a script or standard input, evaluated in order, and the output of their results. A
//! text is run as it would be typed, entry by entry, with the files that it reads; the prompt runs pasted texts likewise.

use super::arguments::Input;
use super::endings::FileKind;
use super::interruptible_read::{InputText, read_file, read_standard_input};
use super::output_file::OutputFile;
use super::plan::Plan;
use super::receipts::{PendingReceipt, question};
use crate::error::{Error, Frame, usage_error};
use crate::report;
use crate::script::library;
use crate::session::{Article, Asked, PageRecord, Session, Settings, asks_for_help, script_help};
use crate::sql::Output;
use crate::store::Stop;
use crate::syntax::Text;
use crate::syntax::sql::has_commands;
use crate::table::{CheckedText, Format, Medium, Selection, visible_lines};
use crate::terminal::{self, Flow, Language, SqlEnd};
use std::io::Write;
use std::ops::Range;
use std::path::Path;

/// Runs the inputs of the command line in order.
///
/// # Errors
/// The first error of an input; failed expectations, after the last input.
pub(super) fn run_inputs(plan: &Plan, inputs: &[Input]) -> Result<(), Error> {
    run_batch(plan, |session, batch| {
        // The code to leave with ends them all.
        inputs.iter().try_for_each(|input| run_input(session, input, batch))
    })
}

/// Runs standard input as one text.
///
/// # Errors
/// As [`run_inputs`].
pub(super) fn run_standard_input(plan: &Plan) -> Result<(), Error> {
    run_batch(plan, run_standard_input_in)
}

/// Checks figures against the book.
///
/// # Errors
/// A figure that can't be read, or one that does not follow from the book.
pub(super) fn run_check(plan: &Plan, figures: &[String]) -> Result<(), Error> {
    run_batch(plan, |session, batch| {
        let _watch = plan.watch(session);
        session.begin_question("Are these figures in the book?");
        session.check(figures, &batch.output)
    })
}

/// Checks the figures of texts against the book, and returns the texts with the verdicts.
///
/// # Errors
/// A text that can't be read; the book's.
pub(super) fn run_check_texts(
    plan: &Plan,
    read: &dyn Fn(&Stop) -> Result<Vec<Article>, Error>,
) -> Result<Vec<CheckedText>, Error> {
    let mut texts = Vec::new();
    run_batch(plan, |session, batch| {
        let articles = read(session.book().stop())?;
        let _watch = plan.watch(session);
        texts = session.check_articles(&articles, &batch.output)?;
        match articles.as_slice() {
            [article] => batch.write_receipt(session, Asked::Article(article)),
            _ if plan.receipt.is_some() => Err(usage_error("a receipt is of one text", "check each by itself")),
            _ => Ok(()),
        }
    })?;
    Ok(texts)
}

/// Compares two imported tables.
///
/// # Errors
/// They can't be compared; the writer's; where that is asked for, that they differ.
pub(super) fn run_diff(
    plan: &Plan,
    sources: &[String],
    keys: &[String],
    is_summary: bool,
    fails_by_difference: bool,
) -> Result<(), Error> {
    run_batch(plan, |session, batch| {
        let _watch = plan.watch(session);
        session.begin_question("What moved between two versions of a table?");
        let differs = session.diff(sources, keys, is_summary, &batch.output)?;
        if differs && fails_by_difference { Err(Error::Differs) } else { Ok(()) }
    })
}

/// Compares the book with an older one.
///
/// # Errors
/// One of them can't be read; the writer's; where that is asked for, that they differ.
pub(super) fn run_book_diff(
    plan: &Plan,
    older: &Path,
    keys: &[String],
    fails_by_difference: bool,
) -> Result<(), Error> {
    run_batch(plan, |session, batch| {
        let _watch = plan.watch(session);
        session.begin_question("What moved between two books?");
        let differs = session.diff_since(&session.open_other(Some(older))?, keys, &batch.output)?;
        if differs && fails_by_difference { Err(Error::Differs) } else { Ok(()) }
    })
}

/// Runs a saved script, or prints its help.
///
/// # Errors
/// A script that can't be found or read; an error of the script.
pub(super) fn run_script(plan: &Plan, name: &str, words: &[String]) -> Result<(), Error> {
    let script = if name == "-" {
        let text = read_standard_input(plan.settings.limits, &Stop::default())?.into_utf8()?;
        library::script("standard_input", "standard input", &text)?
    } else {
        library::find(name, plan.settings.limits)?
    };
    if asks_for_help(words) {
        return super::print(&visible_lines(&script_help(&script.header, name)));
    }
    run_batch(plan, |session, batch| {
        let _watch = plan.watch(session);
        let done = session.run_with_modules(&script, words, &batch.output);
        let done = done.and_then(|modules| batch.write_receipt(session, Asked::Script(&script, words, &modules)));
        batch.collect_failed(done, ())
    })
}

/// Opens the book and writes the results of `work` to `-o FILE` or to standard output. A failed expectation does not end
/// the batch: all are reported at its end.
pub(super) fn run_batch(
    plan: &Plan,
    work: impl FnOnce(&mut Session, &mut Batch) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut session = plan.open_session()?;
    let selection = Selection::of(plan.result);
    let Some(output_file) = &plan.output_file else {
        let mut batch = Batch::new(&session, plan, selection, Medium::Stream, terminal::results())?;
        let exit = exit_of(work(&mut session, &mut batch))?;
        return batch.finish().and(exit);
    };
    if output_file.is_page(session.settings.format) {
        return run_page(plan, session, output_file, work);
    }
    let (pending, file, medium) = output_file.create()?;
    let medium = output_file.medium_of(session.settings.format, medium);
    let mut batch = Batch::new(&session, plan, selection, medium, file)?;
    let (done, exit) = match exit_of(work(&mut session, &mut batch)) {
        Ok(exit) => (batch.output.finish().map_err(Error::from), exit),
        Err(error) => (Err(error), Ok(())),
    };
    let has_written = batch.has_written;
    let complete = || {
        output_file.refuse_several(batch.settings.format, &batch.selection)?;
        done.map_err(|error| output_file.with_path(error))?;
        batch.refuse_missing()?;
        pending.finish()
    };
    complete().map_err(|error| if has_written { Error::AfterWriting(Box::new(error)) } else { error })?;
    batch.finish().and(exit)
}

/// Records the results of `work`, and writes them to a file as one page.
fn run_page(
    plan: &Plan,
    mut session: Session,
    output_file: &OutputFile,
    work: impl FnOnce(&mut Session, &mut Batch) -> Result<(), Error>,
) -> Result<(), Error> {
    output_file.refuse_existing()?;
    let record = PageRecord::of(plan.rows);
    let output = session.page_output(&record, plan.notices())?;
    let receipt = begin_receipt(plan, &session)?;
    let output = match &receipt {
        Some(receipt) => receipt.record(output),
        None => output,
    };
    let settings = session.settings.clone();
    let (selection, failed) = (Selection::default(), Vec::new());
    let mut batch =
        Batch { output, receipt, settings, plan, selection, has_answered: false, has_written: false, failed };
    let done = exit_of(work(&mut session, &mut batch));
    let has_written = batch.has_written;
    let complete = || {
        let exit = done?;
        if let Some(wanted) = plan.result {
            refuse_missing(wanted, record.select(wanted))?;
        }
        let page = session.page(&record, &output_file.path)?;
        let text = match plan.settings.format {
            Format::Markdown => report::markdown(&page),
            _ => report::html(&page),
        };
        output_file.write(&text).map(|()| exit)
    };
    let exit = complete().map_err(|error| if has_written { Error::AfterWriting(Box::new(error)) } else { error })?;
    batch.finish().and(exit)
}

/// The end of a batch by `.quit` or a script's `exit`, which is no failure: what it has shown is written.
fn exit_of(done: Result<(), Error>) -> Result<Result<(), Error>, Error> {
    match done {
        Err(exit @ Error::Exit(..)) => Ok(Err(exit)),
        done => done.map(Ok),
    }
}

/// The receipt that the plan asks for.
fn begin_receipt(plan: &Plan, session: &Session) -> Result<Option<PendingReceipt>, Error> {
    plan.receipt.as_ref().map(|path| PendingReceipt::begin(path, plan.force, session)).transpose()
}

/// The output of a batch, and what has happened in it so far.
pub(super) struct Batch<'p> {
    output: Output,
    /// The receipt that is to be written of the answer.
    receipt: Option<PendingReceipt>,
    /// The settings of `output`.
    settings: Settings,
    plan: &'p Plan,
    /// The results that are written.
    selection: Selection,
    has_answered: bool,
    /// True if an entry has changed the book's file.
    has_written: bool,
    failed: Vec<Frame>,
}

impl<'p> Batch<'p> {
    fn new(
        session: &Session,
        plan: &'p Plan,
        selection: Selection,
        medium: Medium,
        out: impl Write + 'static,
    ) -> Result<Self, Error> {
        let output = session.output_into(medium, selection.clone(), out, plan.notices(), false);
        let receipt = begin_receipt(plan, session)?;
        let output = match &receipt {
            Some(receipt) => receipt.record(output),
            None => output,
        };
        let settings = plan.settings.clone();
        let (has_answered, has_written, failed) = (false, false, Vec::new());
        Ok(Self { output, receipt, settings, plan, selection, has_answered, has_written, failed })
    }

    /// The output of the results.
    pub(super) fn output(&self) -> &Output {
        &self.output
    }

    /// Writes the receipt of the answer, if one is asked for.
    fn write_receipt(&self, session: &Session, asked: Asked<'_>) -> Result<(), Error> {
        self.receipt.as_ref().map_or(Ok(()), |receipt| receipt.write(session, asked))
    }

    /// Runs a text by `work`, and writes the receipt of its answer, if one is asked for.
    fn with_receipt(
        &mut self,
        session: &mut Session,
        input: &Input,
        text: &str,
        work: impl FnOnce(&mut Session, &mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let asked = self.receipt.as_ref().map(|_| question(input, text)).transpose()?;
        work(session, self)?;
        asked.map_or(Ok(()), |asked| self.write_receipt(session, asked))
    }

    /// Evaluates one entry under the current settings, which an entry may have changed by `.mode`. A file keeps its first
    /// format.
    fn eval(&mut self, session: &mut Session, text: &Text, language: Option<Language>) -> Result<Flow, Error> {
        self.has_answered |= self.output.has_answered();
        if session.settings != self.settings && self.plan.output_file.is_none() {
            let (selection, notices) = (self.selection.clone(), self.plan.notices());
            let stream = Medium::Stream;
            self.output = session.output_into(stream, selection, terminal::results(), notices, self.has_answered);
            self.settings = session.settings.clone();
        }
        let _watch = self.plan.watch(session);
        let done = session.eval(text, language, &self.output);
        self.has_written |= session.has_written();
        self.collect_failed(done, Flow::Continue)
    }

    /// Collects failed expectations instead of returning them, so that the batch goes on.
    fn collect_failed<T>(&mut self, done: Result<T, Error>, otherwise: T) -> Result<T, Error> {
        match done {
            Err(Error::Expectation(failed)) => {
                self.failed.extend(failed);
                Ok(otherwise)
            }
            done => done,
        }
    }

    /// Returns an error if the selected result does not exist.
    fn refuse_missing(&self) -> Result<(), Error> {
        let Some(wanted) = self.selection.missing() else { return Ok(()) };
        refuse_missing(wanted, self.selection.count())
    }

    fn finish(self) -> Result<(), Error> {
        self.refuse_missing()?;
        if self.failed.is_empty() { Ok(()) } else { Err(Error::Expectation(self.failed)) }
    }
}

/// Returns an error if there are fewer results than the one that is wanted.
fn refuse_missing(wanted: usize, count: usize) -> Result<(), Error> {
    let has = match count {
        _ if wanted <= count => return Ok(()),
        0 => "the answer has none".to_owned(),
        1 => "the answer has one".to_owned(),
        count => format!("the answer has {count}"),
    };
    Err(usage_error(&format!("there is no result {wanted}: {has}"), "results are counted from 1, in order"))
}

fn run_input(session: &mut Session, input: &Input, batch: &mut Batch) -> Result<(), Error> {
    let path = match input {
        Input::Command(text) => {
            return batch.with_receipt(session, input, text, |session, batch| {
                let eval = &mut |session: &mut Session, entry: &Text| batch.eval(session, entry, None);
                let flow = run_entry(session, &Text::new("-c", text), 0, eval)?;
                refuse_prompt_only(&flow)
            });
        }
        Input::File(path) if path == Path::new("-") => {
            return run_standard_input_in(session, batch);
        }
        Input::File(path) => path,
    };
    let name = path.display().to_string();
    let text = read_file(path, batch.plan.settings.limits, session.book().stop())?;
    match FileKind::of(path.as_os_str()) {
        Some(FileKind::Sql) if !has_commands(&text) => batch.with_receipt(session, input, &text, |session, batch| {
            batch.eval(session, &Text::new(&name, &text), Some(Language::Sql)).map(drop)
        }),
        Some(FileKind::Script) => {
            let stem = path.file_stem().map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned());
            let script = library::script(&stem, &name, &text)?.at(path);
            let _watch = batch.plan.watch(session);
            let done = session.run_with_modules(&script, &[], &batch.output);
            let done = done.and_then(|modules| batch.write_receipt(session, Asked::Script(&script, &[], &modules)));
            batch.collect_failed(done, ())
        }
        _ => batch.with_receipt(session, input, &text.clone(), |session, batch| {
            run_text(session, &text.into(), &name, batch)
        }),
    }
}

/// Runs a text as it would be typed at the prompt; the first error ends it.
fn run_text(session: &mut Session, input: &InputText, name: &str, batch: &mut Batch) -> Result<(), Error> {
    let flow = run_entries(session, input, name, 0, &mut |session, entry| batch.eval(session, entry, None))?;
    refuse_prompt_only(&flow)
}

fn run_standard_input_in(session: &mut Session, batch: &mut Batch) -> Result<(), Error> {
    let input = read_standard_input(batch.plan.settings.limits, session.book().stop())?;
    run_text(session, &input, "standard input", batch)
}

/// The greatest depth of files that read each other by `.read`.
const MAX_NESTING: usize = 16;

/// Evaluates one entry.
pub(super) type EvalEntry<'a> = dyn FnMut(&mut Session, &Text) -> Result<Flow, Error> + 'a;

/// The help on what writes into a file at the prompt.
const INTO_FILE: &str = "`-o FILE` on the command line writes the answers into a file, with `--result N` the Nth alone";

/// Returns an error for a command that works at the prompt alone: a text from elsewhere starts no program and writes no file.
fn refuse_prompt_only(flow: &Flow) -> Result<(), Error> {
    let (command, help) = match flow {
        Flow::Edit => (".edit", "type it there"),
        Flow::Save(..) => (".save", "type it there"),
        Flow::Copy { .. } => (".copy", INTO_FILE),
        Flow::Redirect { is_once: true, .. } => (".once", INTO_FILE),
        Flow::Redirect { .. } | Flow::EndRedirect => (".output", INTO_FILE),
        Flow::Open(_) => (".open", "name the book on the command line: `pledgebook BOOK.db`"),
        Flow::Continue | Flow::Read(_) => return Ok(()),
    };
    Err(usage_error(&format!("`{command}` works at the prompt alone"), help))
}

/// Evaluates one entry, and the entries of a file that it reads; `depth` counts the files that read each other.
///
/// # Errors
/// Those of `eval`; an entry that is not valid UTF-8; a file that can't be read, or that reads itself.
pub(super) fn run_entry(
    session: &mut Session,
    entry: &Text,
    depth: usize,
    eval: &mut EvalEntry<'_>,
) -> Result<Flow, Error> {
    match eval(session, entry)? {
        Flow::Read(file) if depth == MAX_NESTING => {
            Err(usage_error(&format!("`{file}` is read by a file that it reads"), "read it once"))
        }
        Flow::Read(file) => {
            let text = read_file(Path::new(&file), session.settings.limits, session.book().stop())?;
            run_entries(session, &text.into(), &file, depth + 1, eval)
        }
        flow => Ok(flow),
    }
}

/// Runs a text, entry by entry, up to the first error.
fn run_entries(
    session: &mut Session,
    input: &InputText,
    name: &str,
    depth: usize,
    eval: &mut EvalEntry<'_>,
) -> Result<Flow, Error> {
    let mut entries = Entries::new(&input.text, name, SqlEnd::Line);
    while let Some((range, entry)) = entries.next(&|variable| session.has_variable(variable)) {
        if let Some(offset) = input.invalid_offsets.iter().find(|offset| range.contains(offset)) {
            return Err(entry.stray_byte(offset - range.start));
        }
        let flow = run_entry(session, &entry, depth, eval)?;
        refuse_prompt_only(&flow)?;
    }
    Ok(Flow::Continue)
}

/// The entries of a text, one after the other: an entry may make variables by which the next is read.
pub(super) struct Entries<'t> {
    text: &'t str,
    name: &'t str,
    from: usize,
    /// The first line of the newest entry, from 1.
    line: usize,
    /// The line feeds in the newest entry.
    line_feeds: usize,
    /// The end of an entry of SQL.
    end: SqlEnd,
}

impl<'t> Entries<'t> {
    pub(super) fn new(text: &'t str, name: &'t str, end: SqlEnd) -> Self {
        Self { text, name, from: 0, line: 1, line_feeds: 0, end }
    }

    /// The next entry, and its range in the text.
    pub(super) fn next(&mut self, is_variable: &dyn Fn(&str) -> bool) -> Option<(Range<usize>, Text)> {
        let range = terminal::next_entry(self.text, self.from, self.end, is_variable)?;
        self.line += self.line_feeds + self.text[self.from..range.start].matches('\n').count();
        let entry = &self.text[range.clone()];
        self.line_feeds = entry.matches('\n').count();
        self.from = range.end;
        Some((range, Text::from_line(self.name, entry, self.line)))
    }
}
