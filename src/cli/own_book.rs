//! A book of one's own: making one, importing tables into it. The report of an import is shown as a table, or as JSON.

use super::arguments::Input;
use super::batch::run_inputs;
use super::facts_by_hand;
use super::import_asking::import_asking;
use super::import_options::ImportArguments;
use super::plan::Plan;
use crate::error::{Error, usage_error};
use crate::import::{Mode, Report};
use crate::quantity::human;
use crate::sql::{Appended, Cell, Column, Header, Note};
use crate::store::{BookWriter, Release, Stop, create_book, is_book_file, is_database};
use crate::table::{self, Format, Medium, Selection, Style, visible};
use crate::terminal;
use rust_decimal::Decimal;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Makes a new book.
///
/// # Errors
/// There is a file of that name; the system refuses.
pub(super) fn init(plan: &Plan, path: &Path, is_empty: bool) -> Result<(), Error> {
    plan.refuse_change()?;
    create_book(path, !is_empty)?;
    let content = if is_empty { "the code lists and units, and no facts" } else { "the bundled facts" };
    let shown = path.display().to_string();
    let shown = visible(&shown);
    writeln!(plan.notices(), "{shown}: a new book with {content}; `pledgebook {shown} import FILE` adds a table")
        .map_err(Error::from)
}

/// Imports files into the book, each in a transaction of its own, and shows the report of each.
///
/// # Errors
/// No book is named; the first file that is not imported.
pub(super) fn import(plan: &Plan, files: &[PathBuf], arguments: &ImportArguments) -> Result<(), Error> {
    let book = named_book(plan)?;
    plan.refuse_change()?;
    refuse_options(files, arguments)?;
    let mut book = BookWriter::open(book)?;
    Plan::catch_interrupts(book.stop())?;
    let options = arguments.options()?;
    let mode = if arguments.dry_run { Mode::DryRun } else { Mode::Write };
    let watch: &dyn Fn(&Stop) -> _ = &|stop| plan.watch_change(stop);
    files.iter().try_for_each(|file| {
        if file.is_dir() {
            let watch = plan.watch_change(book.stop());
            let done = facts_by_hand::import(plan, &mut book, file, &options, mode, arguments.strict);
            drop(watch);
            return done;
        }
        let ask = (plan.is_asking(), watch);
        let reports = import_asking(&mut book, file, options.clone(), (mode, arguments.strict), ask)?;
        reports.iter().try_for_each(|report| show(plan, report, mode))
    })
}

/// Refuses options of one table where several are imported.
///
/// # Errors
/// There is one; the options can't be read.
pub(super) fn refuse_options(files: &[PathBuf], arguments: &ImportArguments) -> Result<(), Error> {
    if files.len() > 1 && arguments.name.is_some() {
        return Err(usage_error("`--as` names one table", "import one file at a time, or leave it out"));
    }
    let options = arguments.options()?;
    if options.revision_of.is_some() && (files.len() > 1 || options.sheet.as_deref() == Some("all")) {
        return Err(usage_error("`--revision-of` names what one table revises", "import one file and sheet at a time"));
    }
    Ok(())
}

/// Takes an import back.
///
/// # Errors
/// No book is named; the source is no import.
pub(super) fn drop_import(plan: &Plan, source: &str) -> Result<(), Error> {
    plan.refuse_change()?;
    let mut book = BookWriter::open(named_book(plan)?)?;
    let Release { source, name, revises, .. } = book.drop_import(source)?;
    let again = revises.filter(|_| book.has_relation(&name).unwrap_or_default());
    let again = again.map(|older| format!("; `{name}` is {older} again, the version before")).unwrap_or_default();
    writeln!(plan.notices(), "{source}: `{name}` and its records are gone{again}").map_err(Error::from)
}

/// Shows what was done to the book.
///
/// # Errors
/// No book is named, or it can't be read.
pub(super) fn log(plan: &Plan) -> Result<(), Error> {
    if plan.shared.is_some() {
        return run_inputs(plan, &[Input::Command(".log".to_owned())]);
    }
    let book = named_book(plan)?;
    if !plan.settings.is_sandboxed && !is_plain_database(book) {
        // Where a change was cut short, as by a kill, opening for writing takes the rest of it back.
        BookWriter::open(book)?;
    }
    run_inputs(plan, &[Input::Command(".log".to_owned())])
}

/// True for a database that is no book, and has no log.
fn is_plain_database(path: &Path) -> bool {
    is_database(path) && !is_book_file(path)
}

/// The book that is named.
fn named_book(plan: &Plan) -> Result<&Path, Error> {
    plan.book.as_deref().ok_or_else(|| {
        let help =
            "`pledgebook init mine.db` makes a book of your own, and `pledgebook mine.db import FILE` adds to it";
        usage_error("the bundled book takes no import", help)
    })
}

/// The line above a report: what the file is now.
fn title(report: &Report, mode: Mode) -> String {
    let verb = if mode == Mode::Write { "is" } else { "would be" };
    let revision = report.revises.as_ref();
    let revision = revision.map(|old| format!("; it revises {}, now `{}`", old.source, old.table)).unwrap_or_default();
    format!(
        "{} {verb} {}: `{}`, {} from line {} on{revision}",
        visible(&report.file),
        report.source,
        report.table,
        human::count(report.rows, "record"),
        report.header_row.1 + 1
    )
}

/// Writes a report: one line of JSON, or a table with what led to it.
pub(super) fn show(plan: &Plan, report: &Report, mode: Mode) -> Result<(), Error> {
    let mut out = terminal::results();
    if plan.settings.format == Format::Json {
        let text = serde_json::to_string(report).map_err(|error| Error::Fault(error.to_string()))?;
        writeln!(out, "{text}")?;
        return out.flush().map_err(Error::from);
    }
    let (width, color, null_text) = (plan.settings.width, plan.settings.use_color, String::new());
    let style = Style { null_text, color, width, ..Style::default() };
    let for_people = !plan.settings.format.is_for_machines();
    let mut sink = table::sink(plan.settings.format, style, Medium::Stream, Selection::default(), out, plan.notices());
    let mut names = vec!["column", "type", "unit", "present", "missing", "sum", "least", "greatest"];
    let has_totals = !report.totals.is_empty();
    if has_totals {
        names.insert(6, "of that totals");
    }
    let columns = names.into_iter().map(|name| Column { name: name.to_owned(), is_quantity: false }).collect();
    sink.begin(&Header { title: Some(title(report, mode)), columns, is_whole: true, ..Header::default() })?;
    for column in &report.columns {
        let text = |value: &Option<String>| value.clone().map_or(Cell::Null, |value| Cell::Text(value.into()));
        // Numbers that add up to nothing, as years, have no groups either.
        let is_grouped = for_people && column.sum.is_some();
        let number = |value: &Option<String>| match value.as_deref().map(str::parse::<Decimal>) {
            Some(Ok(decimal)) if is_grouped => Cell::Text(human::group_digits(decimal, None).into()),
            _ => text(value),
        };
        let missing: Vec<String> = column
            .missing
            .iter()
            .map(|(mark, count)| match mark.as_str() {
                "" => format!("{count} blank"),
                mark => format!("{count} `{mark}`"),
            })
            .collect();
        let mut cells = vec![
            Cell::Text(column.name.as_str().into()),
            Cell::Text(column.kind.into()),
            text(&column.unit),
            Cell::Integer(i64::try_from(column.present).unwrap_or(i64::MAX)),
            text(&Some(missing.join(", ")).filter(|missing| !missing.is_empty())),
            number(&column.sum),
            number(&column.min),
            number(&column.max),
        ];
        if has_totals {
            cells.insert(6, number(&column.totals));
        }
        sink.row(&cells, &Appended::default())?;
    }
    sink.end(&notes(report))?;
    sink.finish().map_err(Error::from)
}

/// The most doubts that are shown.
const MAX_DOUBTS: usize = 20;

fn notes(report: &Report) -> Vec<Note> {
    let skipped = &report.skipped;
    let counts = [
        (skipped.above, "above the header"),
        (skipped.below, "below the last record"),
        (skipped.headers, "the header again"),
        (skipped.totals, "totals"),
        (skipped.blank, "blank"),
    ];
    let lines: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let mut notes = Vec::new();
    if !lines.is_empty() {
        let has_text = skipped.above + skipped.below + skipped.headers + skipped.totals > 0;
        let kept = if has_text { "; `imported_note` keeps their text" } else { "" };
        notes.push(Note::new("lines", "", &format!("{}{kept}", lines.join(", "))));
    }
    let totals = &report.totals;
    if let Some(first) = totals.lines.first() {
        let rows = if totals.rows == 1 {
            format!("line {first} is the sum of others")
        } else {
            format!("{} rows are sums of others, the first on line {first}", totals.rows)
        };
        notes.push(Note::new("totals", "", &format!("{rows}: `is_total` marks them, and sums leave them out")));
    }
    for column in report.columns.iter().filter(|column| column.filled > 0) {
        notes.push(Note::new(
            "filled",
            "",
            &format!("{} of `{}` with the text above", human::count(column.filled, "blank cell"), column.name),
        ));
    }
    if let Some(key) = report.key.iter().find(|key| key.duplicates + key.blank == 0) {
        notes.push(Note::new("key", "", &format!("`{}` is different in every row", key.columns.join(", "))));
    }
    let of_notes = if report.sheet.is_some() { "sheets" } else { "beside" };
    notes.extend(report.notes.iter().map(|note| Note::new(of_notes, "", note)));
    notes.extend(report.recognised.iter().chain(&report.remarks).map(|said| Note::new("known", "", said)));
    notes.extend(report.options.lines().iter().map(|line| Note::new("options", "", line)));
    let like =
        |like: &String| Note::new("options", "", &format!("as {like} has them; `--like none` takes none of another"));
    notes.extend(report.like.as_ref().map(like));
    notes.extend(report.doubts.iter().take(MAX_DOUBTS).map(|doubt| Note::new("doubt", "", doubt)));
    let more = report.doubts.len().saturating_sub(MAX_DOUBTS);
    notes.extend((more > 0).then(|| Note::new("doubt", "", &format!("{more} more: `--json` lists them"))));
    notes
}
