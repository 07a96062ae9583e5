//! Importing a table: its file is read twice, once to learn how every cell of every column can be read, once to write the rows. What
//! the file leaves open is an error that names the option which decides it; nothing is guessed from a part of the rows.

mod cell;
mod column;
mod date;
mod delimited;
mod encoding;
mod facts_csv;
mod file;
mod format;
mod header;
mod json;
mod layout;
mod marks;
mod new_unit;
mod numeric;
mod options;
mod plan;
mod publishers;
mod quotes;
mod read_ahead;
mod record;
mod repeat;
mod report;
mod source;
mod table;
mod width;
mod workbook;
mod workbook_size;

pub use facts_csv::{
    ExportedFile, FILES, FactsColumn, FactsFile, FactsReport, ImportedFile, export_facts, import_facts,
};
pub use options::{ColumnType, DecimalOption, ImportOptions};
pub use report::{ColumnReport, Misfit, Report, Skipped};
pub use workbook::is_caught_panic;

use crate::error::{Error, ImportCause, ImportError, usage_error};
use crate::quantity::{Unit, UnitRegistry};
use crate::store::{BookWriter, NewSource};
use cell::ColumnSummary;
use column::{ColumnProfile, Evidence};
use file::ImportFile;
use layout::{Layout, NoteLine};
use plan::{ColumnPlan, Findings, PlannedKind, PlannedUnit, TablePlan};
use publishers::{KnownTable, Recognised};
use record::Record;
use repeat::Kept;
use rusqlite::Connection;
use source::TableSource;
use std::collections::BTreeMap;
use std::path::Path;
use table::{Failure, ImportedTable, RowWriter};
use width::RowWidths;

/// The extent of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The table is written.
    Write,
    /// The report is made, and the book stays as it is.
    DryRun,
}

/// A file that has been read once: all that is known of its table.
struct SurveyedFile {
    source: TableSource,
    layout: Layout,
    headers: Vec<String>,
    profiles: Vec<ColumnProfile>,
    blank: u64,
    below: Vec<NoteLine>,
    doubts: Vec<String>,
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
    let base = table_name(path, options)?;
    let of_sheet = |sheet: String| {
        let name = format!("{base}_{}", header::snake_case(&sheet));
        ImportOptions { name: Some(header::snake_case(&name)), sheet: Some(sheet), ..options.clone() }
    };
    let sheets: Vec<ImportOptions> = source::visible_sheets(&file)?.into_iter().map(of_sheet).collect();
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
    let mut units = book.units()?;
    let new = all.first().map_or(Ok(Vec::new()), |options| new_unit::added(options, &units))?;
    units = UnitRegistry::new(units.all().cloned().chain(new.iter().cloned()));
    let prepare = |options| PreparedImport::of(book, path, options, is_strict, &units);
    let prepared: Vec<PreparedImport> = all.iter().map(prepare).collect::<Result<_, _>>()?;
    book.transaction(mode == Mode::Write, |connection| {
        BookWriter::add_units(connection, &new)?;
        prepared.iter().map(|prepared| prepared.write(connection, &units)).collect()
    })
}

/// A table that is ready to be written.
struct PreparedImport {
    name: String,
    surveyed: SurveyedFile,
    plan: TablePlan,
    /// The options, with those that were kept with an earlier import.
    options: ImportOptions,
    /// The source of that import.
    like: Option<String>,
    /// What the table was recognised as.
    recognised: Option<String>,
}

impl PreparedImport {
    fn of(
        book: &BookWriter,
        path: &Path,
        typed: &ImportOptions,
        is_strict: bool,
        units: &UnitRegistry,
    ) -> Result<Self, Error> {
        let file = ImportFile::new(path, book.stop());
        let kept = repeat::kept(book, typed.like.as_deref())?;
        let (located, options, like) = LocatedTable::like(&file, typed, &kept)?;
        let surveyed = SurveyedFile::read(located, &options)?;
        let known = surveyed.recognise(units);
        let mut all = options.clone();
        all.decimal = all.decimal.or(known.as_ref().and_then(|known| known.decimal));
        for known in known.iter().flat_map(|known| &known.units) {
            let header = &surveyed.headers[known.index];
            let is_said =
                [header, &header::names(&surveyed.headers)[known.index]].iter().any(|key| all.unit.contains_key(*key));
            if !is_said {
                all.unit.insert(header.clone(), known.unit.clone());
            }
        }
        let plan = surveyed.plan(&all, units)?;
        if let (true, Some(first)) = (is_strict, plan.doubts.first()) {
            return Err(surveyed.doubtful(first, plan.doubts.len()));
        }
        let (name, recognised) = (table_name(path, &options)?, known.map(|known| known.said));
        Ok(Self { name, surveyed, plan, options, like, recognised })
    }

    fn write(&self, connection: &Connection, units: &UnitRegistry) -> Result<Report, Error> {
        let report = |report| Report {
            like: self.like.clone(),
            recognised: self.recognised.clone(),
            options: self.options.clone(),
            notes: self.surveyed.source.notes().to_vec(),
            ..report
        };
        self.surveyed.write(connection, &self.name, &self.plan, &self.options, units, &report)
    }
}

/// A table whose place in its file is known.
struct LocatedTable {
    source: TableSource,
    layout: Layout,
}

impl LocatedTable {
    fn find(file: &ImportFile, options: &ImportOptions) -> Result<Self, Error> {
        let source = TableSource::open(file.clone(), options)?;
        let wanted = if source.has_certain_header() { Some(1..=1) } else { options.header_lines()? };
        let layout = Layout::find(&source.file, &mut *source.records()?, wanted)?;
        Ok(Self { source, layout })
    }

    /// Finds a table under the options that are typed and, for the rest, those of an earlier import: the one that is named, or the
    /// newest with the same header.
    fn like(
        file: &ImportFile,
        typed: &ImportOptions,
        kept: &[Kept],
    ) -> Result<(Self, ImportOptions, Option<String>), Error> {
        let with = |kept: &Kept, located| (located, kept.complete(typed), Some(kept.source.clone()));
        if let (Some(_), [kept, ..]) = (&typed.like, kept) {
            return Ok(with(kept, Self::find(file, &kept.complete(typed))?));
        }
        let found = Self::find(file, typed);
        if let Ok(located) = &found
            && let Some(same) = kept.iter().find(|kept| kept.has_headers(&located.layout.headers))
        {
            return Ok(with(same, if same.has_place() { Self::find(file, &same.complete(typed)) } else { found }?));
        }
        for kept in repeat::tried(kept) {
            let tried = Self::find(file, &kept.complete(typed));
            if let Ok(located) = tried
                && kept.has_headers(&located.layout.headers)
            {
                return Ok(with(kept, located));
            }
        }
        Ok((found?, typed.clone(), None))
    }
}

impl SurveyedFile {
    /// The publisher whose table it is, by its headers.
    fn recognise(&self, units: &UnitRegistry) -> Option<Recognised> {
        let (headers, profiles) = (&self.headers, &self.profiles);
        KnownTable { headers, profiles, tags: &self.layout.tags, units }.recognise()
    }

    fn plan(&self, options: &ImportOptions, units: &UnitRegistry) -> Result<TablePlan, Error> {
        let findings = Findings {
            file: &self.source.file,
            header_line: *self.layout.header_lines.end(),
            headers: &self.headers,
            profiles: &self.profiles,
            units,
            options,
        };
        let mut plan = findings.plan()?;
        plan.doubts.splice(0..0, self.doubts.clone());
        Ok(plan)
    }

    fn read(LocatedTable { source, layout }: LocatedTable, options: &ImportOptions) -> Result<Self, Error> {
        let mut surveyed = Self {
            headers: layout.headers.clone(),
            profiles: vec![ColumnProfile::default(); layout.headers.len()],
            source,
            layout,
            blank: 0,
            below: Vec::new(),
            doubts: Vec::new(),
        };
        if let Some((text, _)) = surveyed.source.text().filter(|(text, _)| !text.is_certain) {
            surveyed.doubts.push(format!(
                "the text is not UTF-8 and does not say what it is: it was read as {}; `--encoding` says another",
                text.encoding.name()
            ));
        }
        surveyed.profile(options.ragged)?;
        Ok(surveyed)
    }

    /// Looks at every cell of every row.
    fn profile(&mut self, is_ragged: bool) -> Result<(), Error> {
        let mut records = self.source.records()?;
        let mut body = self.layout.body(&mut *records);
        let mut record = Record::default();
        let (mut wide, mut first_wide) = (0_u64, 0);
        let mut widths = RowWidths::of(&self.layout.headers);
        while body.read(&mut record)? {
            self.source.file.count_row()?;
            widths.add(&record, &self.source.file)?;
            let width = record.len();
            if width > self.layout.headers.len()
                && (self.layout.headers.len()..width).any(|at| !numeric::trim(record.cell(at)).is_empty())
            {
                wide += 1;
                first_wide = if wide == 1 { record.line } else { first_wide };
                self.headers.resize(self.headers.len().max(width), String::new());
                self.profiles.resize(self.headers.len(), ColumnProfile::default());
            }
            for (at, profile) in self.profiles.iter_mut().enumerate() {
                profile.add(record.cell(at), record.kind(at), record.line);
            }
        }
        (self.blank, self.below) = (body.blank, std::mem::take(&mut body.below));
        if !is_ragged {
            let first = self.profiles.first().map_or(Evidence::Empty, |profile| profile.evidence(&|_| false));
            widths.check_end(records.unended_line(), self.below.last(), &first, &self.source.file)?;
            self.doubts.extend(widths.doubts(self.source.text().is_some()));
        }
        if wide > 0 && !is_ragged {
            self.doubts.push(format!("{wide} rows have more cells than the header, the first on line {first_wide}"));
        }
        Ok(())
    }

    /// Writes the source, the table, the view and the rows.
    fn write(
        &self,
        connection: &Connection,
        name: &str,
        plan: &TablePlan,
        options: &ImportOptions,
        units: &UnitRegistry,
        complete: &dyn Fn(Report) -> Report,
    ) -> Result<Report, Error> {
        let source = NewSource {
            title: options.title.as_deref(),
            publisher: options.publisher.as_deref(),
            url: options.url.as_deref(),
            published: options.published.as_deref(),
            sha256: &self.source.sha256,
            file: &self.source.file.name(),
        };
        let source = source.insert(connection)?;
        let table = ImportedTable { source: &source, name, columns: &plan.columns, options };
        table.check_width(&self.source.file)?;
        BookWriter::create(connection, name, &[table.create_table(), table.create_view()])?;
        let codes = units.codes().filter_map(|code| Some((code.to_owned(), Unit::base(code).ok()?))).collect();
        let sqlite = |error: rusqlite::Error| BookWriter::error(connection, &error);
        let mut writer = RowWriter::new(connection, &table, &self.source.file, codes).map_err(sqlite)?;
        let mut records = self.source.records()?;
        let mut body = self.layout.body(&mut *records);
        let mut record = Record::default();
        while body.read(&mut record)? {
            self.source.file.count_row()?;
            writer.write(&record).map_err(|failure| match failure {
                Failure::File(error) => error,
                Failure::Sqlite(error) => sqlite(error),
            })?;
        }
        let report = complete(self.report(&source, name, plan, writer.rows, &writer.summaries));
        self.source.check_unchanged()?;
        self.describe(connection, &table, &report, options, &writer.finish())?;
        Ok(report)
    }

    fn report(
        &self,
        source: &str,
        name: &str,
        plan: &TablePlan,
        rows: u64,
        summaries: &[BTreeMap<String, ColumnSummary>],
    ) -> Report {
        let columns = plan.columns.iter().zip(summaries).map(|(column, summaries)| self.column(column, summaries));
        Report {
            source: source.to_owned(),
            file: self.source.file.name(),
            sha256: self.source.sha256.clone(),
            table: name.to_owned(),
            sheet: self.source.sheet().map(str::to_owned),
            encoding: self.source.text().map(|(text, _)| text.encoding.name().to_owned()),
            separator: self.source.text().map(|(_, separator)| char::from(separator).to_string()),
            header_row: (*self.layout.header_lines.start(), *self.layout.header_lines.end()),
            rows,
            skipped: Skipped {
                blank: self.blank,
                above: self.layout.above.len() as u64,
                below: self.below.len() as u64,
            },
            columns: columns.collect(),
            doubts: plan.doubts.clone(),
            ..Report::default()
        }
    }

    fn column(&self, column: &ColumnPlan, summaries: &BTreeMap<String, ColumnSummary>) -> ColumnReport {
        let mut missing = BTreeMap::new();
        let (mut present, mut misfits) = (0, Vec::new());
        for summary in summaries.values() {
            present += summary.present;
            let blank = Some((String::new(), summary.blank)).filter(|(_, count)| *count > 0);
            let marks = summary.missing.all().iter().map(|mark| (mark.text.clone(), mark.count));
            blank.into_iter().chain(marks).for_each(|(mark, count)| *missing.entry(mark).or_default() += count);
            misfits.extend(summary.misfits.iter().map(|(line, text)| Misfit { line: *line, text: text.clone() }));
        }
        let (kind, unit) = match &column.kind {
            PlannedKind::Text => ("text", None),
            PlannedKind::Integer(_) => ("integer", None),
            PlannedKind::Real(_) => ("real", None),
            PlannedKind::Date(_) => ("date", None),
            PlannedKind::Quantity(plan) => (
                "quantity",
                match &plan.unit {
                    PlannedUnit::None => None,
                    PlannedUnit::Fixed(unit) => Some(unit.to_string()),
                    PlannedUnit::Column(index) => Some(format!("@{}", self.headers[*index])),
                },
            ),
        };
        let has_units = unit.as_ref().is_some_and(|unit| unit.starts_with('@'));
        let numeric: Vec<(&String, &ColumnSummary)> =
            summaries.iter().filter(|(_, summary)| summary.ends().is_some()).collect();
        let only = numeric.first().map(|(_, summary)| *summary).filter(|_| !has_units);
        let ends = only.and_then(ColumnSummary::ends);
        let days = summaries.values().find_map(|summary| summary.days.as_ref());
        ColumnReport {
            header: column.header.clone(),
            name: column.name.clone(),
            kind,
            unit,
            present,
            missing,
            misfits,
            sum: only.map(ColumnSummary::sum),
            min: ends.map(|(least, _)| least.normalize().to_string()).or(days.map(|(first, _)| first.clone())),
            max: ends.map(|(_, greatest)| greatest.normalize().to_string()).or(days.map(|(_, last)| last.clone())),
            date: match &column.kind {
                PlannedKind::Date(plan) => plan.format.clone(),
                _ => None,
            },
            sums: if has_units {
                numeric.into_iter().map(|(unit, summary)| (unit.clone(), summary.sum())).collect()
            } else {
                BTreeMap::new()
            },
        }
    }

    /// Records in the book what was imported, from which lines, as what.
    fn describe(
        &self,
        connection: &Connection,
        table: &ImportedTable<'_>,
        report: &Report,
        options: &ImportOptions,
        content_sha256: &str,
    ) -> Result<(), Error> {
        let fault = |error: &dyn std::fmt::Display| Error::Fault(format!("can't write down an import: {error}"));
        let options = toml::to_string(options).map_err(|error| fault(&error))?;
        let report_text = serde_json::to_string(report).map_err(|error| fault(&error))?;
        let write = || -> rusqlite::Result<()> {
            connection.execute(
                "insert into imported_table (source, name, stored, file, sha256, content_sha256, records, options, \
                 report) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                rusqlite::params![
                    report.source,
                    report.table,
                    table.stored_name(),
                    report.file,
                    report.sha256,
                    content_sha256,
                    i64::try_from(report.rows).unwrap_or(i64::MAX),
                    options,
                    report_text
                ],
            )?;
            let mut insert = connection.prepare(
                "insert into imported_column (source, ord, name, header, kind, unit) values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (ord, column) in (1..).zip(&report.columns) {
                insert.execute(rusqlite::params![
                    report.source,
                    ord,
                    column.name,
                    column.header,
                    column.kind,
                    column.unit
                ])?;
            }
            let mut insert =
                connection.prepare("insert into imported_note (source, line, text) values (?1, ?2, ?3)")?;
            for note in self.layout.above.iter().chain(&self.below) {
                insert.execute(rusqlite::params![
                    report.source,
                    i64::try_from(note.line).unwrap_or(i64::MAX),
                    note.text
                ])?;
            }
            let detail = format!("`{}`, {} records from {}", report.table, report.rows, report.file);
            BookWriter::note(connection, "import", &report.source, &detail)
        };
        write().map_err(|error| BookWriter::error(connection, &error))
    }

    fn doubtful(&self, first: &str, count: usize) -> Error {
        let others = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        ImportError {
            file: self.source.file.name(),
            cause: ImportCause::Doubtful,
            line: None,
            message: format!("it is in doubt: {first}{others}"),
            help: "without `--strict` it is imported, and the doubts are reported".to_owned(),
            question: None,
        }
        .into()
    }
}

/// The name of the view: by the option, else from the name of the file.
fn table_name(path: &Path, options: &ImportOptions) -> Result<String, Error> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = options.name.clone().unwrap_or_else(|| header::snake_case(&stem));
    if name.is_empty() || header::snake_case(&name) != name {
        let help = "name the table by `--as`: small letters, digits and `_`, beginning with a letter";
        return Err(usage_error(&format!("`{name}` can't be the name of a table"), help));
    }
    Ok(name)
}
