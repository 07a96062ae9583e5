//! Facts by hand on the command line: writing a book's content as tables of text, and reading them into one.

use super::output_directory::PendingDirectory;
use super::plan::Plan;
use crate::error::Error;
use crate::import::{self, FactsReport, ImportOptions, Mode};
use crate::sql::{Appended, Cell, Column, Header, Note};
use crate::store::BookWriter;
use crate::table::{self, Format, Medium, Selection, Style, visible};
use crate::terminal;
use serde::Serialize;
use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

/// The most notes of a kind that are shown.
const MAX_NOTES: usize = 12;

/// Writes the content of the book into a directory, and shows what each file holds. With `force` the directory takes the place of one
/// that holds such files alone.
///
/// # Errors
/// The directory exists; the book can't be read; the system refuses.
pub(super) fn export(plan: &Plan, directory: &Path, force: bool) -> Result<(), Error> {
    if plan.settings.is_sandboxed {
        return Err(Error::Denied("writing files"));
    }
    let session = plan.open_session()?;
    session.book().check_integrity()?;
    let pending = PendingDirectory::create(directory, force, import::is_facts_file)?;
    let files = import::export_facts(session.book(), |name| pending.file(name));
    let files = files.map_err(|error| pending.with_path(error))?;
    pending.finish()?;
    let shown = directory.display().to_string();
    if plan.settings.format == Format::Json {
        return print_json(&serde_json::json!({ "directory": shown, "files": files }));
    }
    let rows = files
        .iter()
        .filter(|file| file.rows > 0)
        .map(|file| vec![text(file.file.as_str()), Cell::Integer(signed(file.rows)), text(file.meaning)]);
    let empty = files.iter().filter(|file| file.rows == 0).count();
    let note = format!("{empty} more files have no rows yet; the line below each header says what its columns mean");
    let title = format!("{}: {} files", visible(&shown), files.len());
    show(plan, title, &["file", "rows", "a row is"], rows, &[Note::new("empty", "", &note)])
}

/// Reads a directory into the book, and shows what it added.
///
/// # Errors
/// Everything that is wrong in its files; the book can't be written.
pub(super) fn import(
    plan: &Plan,
    book: &mut BookWriter,
    directory: &Path,
    options: &ImportOptions,
    mode: Mode,
    is_strict: bool,
) -> Result<(), Error> {
    show_import(plan, &import::import_facts(book, directory, options, mode, is_strict)?, mode)
}

/// Shows what an import of a directory added.
///
/// # Errors
/// The report can't be written.
pub(super) fn show_import(plan: &Plan, report: &FactsReport, mode: Mode) -> Result<(), Error> {
    if plan.settings.format == Format::Json {
        return print_json(report);
    }
    let rows = report.files.iter().filter(|file| file.added > 0).map(|file| {
        let name = Path::new(&file.file).file_name().map(|name| name.to_string_lossy().into_owned());
        vec![text(name.unwrap_or_default()), Cell::Integer(signed(file.added))]
    });
    let added: u64 = report.files.iter().map(|file| file.added).sum();
    let rows_are = match (added, mode) {
        (1, Mode::Write) => "row is",
        (1, Mode::DryRun) => "row would be",
        (_, Mode::Write) => "rows are",
        (_, Mode::DryRun) => "rows would be",
    };
    let title = format!("{}: {added} {rows_are} added", visible(&report.directory));
    show(plan, title, &["file", "added"], rows, &notes(report))
}

fn notes(report: &FactsReport) -> Vec<Note> {
    let mut notes = Vec::new();
    let unchanged: u64 = report.files.iter().map(|file| file.unchanged).sum();
    if unchanged > 0 {
        notes.push(Note::new(
            "there already",
            "",
            &format!("{unchanged} {}", if unchanged == 1 { "row" } else { "rows" }),
        ));
    }
    let records = report.records.iter().map(|record| format!("{record} is a fact now, with its number"));
    let corrected = report.corrected.iter().map(|(old, new)| format!("{old} by {new}"));
    notes.extend(first_notes("record", &records.collect::<Vec<_>>()));
    notes.extend(first_notes("corrected", &corrected.collect::<Vec<_>>()));
    notes.extend(first_notes("doubt", &report.doubts));
    notes
}

/// A note for each of the first lines, and one that counts the others.
fn first_notes(label: &str, lines: &[String]) -> Vec<Note> {
    let more = lines.len().saturating_sub(MAX_NOTES);
    let mut notes: Vec<Note> = lines.iter().take(MAX_NOTES).map(|line| Note::new(label, "", line)).collect();
    if more > 0 {
        notes.push(Note::new("", "", &format!("{more} more: `--json` lists them")));
    }
    notes
}

fn text<'t>(text: impl Into<Cow<'t, str>>) -> Cell<'t> {
    Cell::Text(text.into())
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn print_json(report: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string(report).map_err(|error| Error::Fault(error.to_string()))?;
    let mut out = terminal::results();
    writeln!(out, "{text}")?;
    out.flush().map_err(Error::from)
}

/// Shows rows as a table in the format of results.
pub(super) fn show<'a>(
    plan: &Plan,
    title: String,
    columns: &[&str],
    rows: impl Iterator<Item = Vec<Cell<'a>>>,
    notes: &[Note],
) -> Result<(), Error> {
    let (width, color, null_text) = (plan.settings.width, plan.settings.use_color, String::new());
    let style = Style { null_text, color, width, ..Style::default() };
    let out = terminal::results();
    let mut sink = table::sink(plan.settings.format, style, Medium::Stream, Selection::default(), out, plan.notices());
    let columns = columns.iter().map(|name| Column { name: (*name).to_owned(), is_quantity: false }).collect();
    sink.begin(&Header { title: Some(title), columns, is_whole: true, ..Header::default() })?;
    rows.into_iter().try_for_each(|cells| sink.row(&cells, &Appended::default()))?;
    sink.end(notes)?;
    sink.finish().map_err(Error::from)
}
