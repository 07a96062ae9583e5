//! Importing a table: its file is read twice, once to learn how every cell of every column can be read, once to write the rows. What
//! the file leaves open is an error that names the option which decides it; nothing is guessed from a part of the rows.

mod blank_lines;
mod body;
mod book_entry;
mod cell;
mod column;
mod column_plan;
mod column_unit;
mod date;
mod date_columns;
mod date_formats;
mod date_plan;
mod date_profile;
mod delimited;
mod encoding;
mod exact_sum;
mod facts_csv;
mod file;
mod findings;
mod format;
mod headed_groups;
mod header;
mod header_parts;
mod json;
mod json_value;
mod key;
mod label_unit;
mod last_cell;
mod layout;
mod levels;
mod load;
mod located;
mod marks;
mod month_columns;
mod month_names;
mod multiplier;
mod naming;
mod near_number;
mod new_unit;
mod numbering;
mod numeric;
mod options;
mod period_profile;
mod plan;
mod profile;
mod publishers;
mod quarter;
mod quotes;
mod read_ahead;
mod record;
mod repeat;
mod report;
mod row_converter;
mod row_counts;
mod scale_words;
mod scaled_cells;
mod second_header;
mod second_table;
mod shape;
mod source;
mod stage;
mod stated_currencies;
mod stated_unit;
mod stored_rows;
mod table;
mod text_times;
mod time_spelling;
mod title_unit;
mod total_words;
mod totals;
mod unit_phrase;
mod unit_words;
mod width;
mod wordy_tail;
mod workbook;
mod workbook_losses;
mod workbook_ods;
mod workbook_parts;
mod workbook_repeats;
mod workbook_size;
mod written_date;

pub use cell::DateSpelling;
pub use date_formats::DateFormats;
pub use facts_csv::{
    ExportedFile, FILES, FactsColumn, FactsFile, FactsReport, ImportedFile, export_facts, import_facts, is_facts_file,
};
pub use naming::default_name;
pub use options::{ColumnType, DecimalOption, ImportOptions, TotalsOption};
pub(crate) use quarter::parse as read_quarter;
pub use report::{ColumnReport, DuplicateKey, KeyReport, Misfit, Report, RevisedTable, Skipped, TotalsReport};
pub(crate) use text_times::{TextTimeKind, TextTimes};
pub use workbook::is_caught_panic;
pub(crate) use written_date::WrittenDate;

use crate::error::Error;
use crate::quantity::UnitRegistry;
use crate::store::BookWriter;
use file::ImportFile;
use located::LocatedTable;
use plan::TablePlan;
use profile::TableProfile;
use rusqlite::Connection;
use std::path::Path;

/// The extent of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The table is written.
    Write,
    /// The report is made, and the book stays as it is.
    DryRun,
}

/// Imports a table into a book as one source, in one transaction: it is there whole, or the book is as before.
///
/// # Errors
/// The file is broken or can be read in two ways; an option names what is not there; with `is_strict` anything is in doubt; the book
/// can't be written.
pub fn import(
    book: &mut BookWriter,
    path: &Path,
    options: &ImportOptions,
    mode: Mode,
    is_strict: bool,
) -> Result<Report, Error> {
    let mut reports = import_all(book, path, std::slice::from_ref(options), mode, is_strict)?;
    Ok(reports.remove(0))
}

/// Imports the sheets of a workbook that have a table, each as a source of its own, in one transaction: they are there whole, or the
/// book is as before.
///
/// # Errors
/// As [`import`], for each of them.
pub fn import_sheets(
    book: &mut BookWriter,
    path: &Path,
    options: &ImportOptions,
    mode: Mode,
    is_strict: bool,
) -> Result<Vec<Report>, Error> {
    let file = ImportFile::new(path, book.stop());
    let base = naming::table_name(path, options)?;
    let of_sheet = |sheet: String| {
        let name = format!("{base}_{}", header::snake_case(&sheet));
        ImportOptions { name: Some(header::snake_case(&name)), sheet: Some(sheet), ..options.clone() }
    };
    let visible = source::visible_sheets(&file).map_err(|error| file.named(error))?;
    let sheets: Vec<ImportOptions> = visible.into_iter().map(of_sheet).collect();
    import_all(book, path, &sheets, mode, is_strict)
}

/// Imports a file under each of several options.
fn import_all(
    book: &mut BookWriter,
    path: &Path,
    all: &[ImportOptions],
    mode: Mode,
    is_strict: bool,
) -> Result<Vec<Report>, Error> {
    let file = ImportFile::new(path, book.stop());
    let mut units = book.units()?;
    let new = all.first().map_or(Ok(Vec::new()), |options| new_unit::added(options, &units))?;
    units = UnitRegistry::new(units.all().cloned().chain(new.iter().cloned()));
    let prepare = |options| PreparedImport::of(book, &file, options, is_strict, &units);
    let prepared = all.iter().map(prepare).collect::<Result<Vec<_>, _>>();
    let written = prepared.and_then(|prepared| {
        book.transaction(mode == Mode::Write, |connection| {
            BookWriter::add_units(connection, &new)?;
            prepared.iter().map(|prepared| prepared.write(connection, &units)).collect()
        })
    });
    written.map_err(|error| file.named(error))
}

/// A table that is ready to be written.
struct PreparedImport {
    name: String,
    profile: TableProfile,
    plan: TablePlan,
    /// The options, with those that were kept with an earlier import.
    options: ImportOptions,
    /// The source of that import.
    like: Option<String>,
    /// The stage of its numbers, typed or known, as an option says it.
    stage: Option<String>,
    /// The kind of table that it was recognised as.
    recognised: Option<String>,
    is_strict: bool,
}

impl PreparedImport {
    fn of(
        book: &BookWriter,
        file: &ImportFile,
        typed: &ImportOptions,
        is_strict: bool,
        units: &UnitRegistry,
    ) -> Result<Self, Error> {
        let kept = repeat::kept(book, typed.like.as_deref())?;
        let revision_of = typed.revision_of.as_deref().map(|word| book.source_named(word)).transpose()?;
        let typed = ImportOptions { revision_of, ..typed.clone() };
        let (located, options, like) = LocatedTable::like(file, &typed, &kept)?;
        let mut profile = TableProfile::read(located, &options, units)?;
        // A number counts the sheets as they are now; the name stays.
        let mut options = options;
        if options.sheet.is_some() {
            options.sheet = profile.source.sheet().map(str::to_owned);
        }
        let known = profile.recognise(units);
        let mut all = options.clone();
        if let Some(known) = &known {
            known.complete(&profile.headers, &mut all);
        }
        let mut plan = profile.plan(&all, units)?;
        if let Some(header) = known.as_ref().and_then(|known| known.value_header.as_deref()) {
            profile.name_values(&mut plan, header);
        }
        if let (true, Some(first)) = (is_strict, plan.doubts.first()) {
            return Err(profile.doubtful(first, plan.doubts.len()));
        }
        // A revision has the name of what it revises.
        let name =
            if options.revision_of.is_some() { String::new() } else { naming::table_name(file.path(), &options)? };
        let stage = stage::stated(&all).map(str::to_owned);
        let recognised = known.map(|known| known.in_words(&options));
        Ok(Self { name, profile, plan, options, like, stage, recognised, is_strict })
    }

    fn write(&self, connection: &Connection, units: &UnitRegistry) -> Result<Report, Error> {
        let report = |report: Report| Report {
            like: self.like.clone(),
            recognised: self.recognised.clone(),
            stage: self.stage.clone(),
            options: self.options.clone(),
            notes: self.profile.source.notes().to_vec(),
            remarks: self.plan.remarks.iter().chain(&report.remarks).cloned().collect(),
            ..report
        };
        let write = |name: &str| {
            let report = self.profile.write(connection, name, &self.plan, &self.options, units, &report)?;
            match report.doubts.first().filter(|_| self.is_strict) {
                Some(first) => Err(self.profile.doubtful(first, report.doubts.len())),
                None => Ok(report),
            }
        };
        match &self.options.revision_of {
            Some(source) => naming::write_revision(connection, source, &self.options, write),
            None => write(&self.name),
        }
    }
}
