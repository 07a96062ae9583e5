//! Importing a table: its file is read twice, once to learn how every cell of every column can be read, once to write the rows. What
//! the file leaves open is an error that names the option which decides it; nothing is guessed from a part of the rows.

mod blank_lines;
mod body;
mod book_entry;
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
mod key;
mod layout;
mod marks;
mod naming;
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
mod shape;
mod source;
mod stage;
mod table;
mod total_words;
mod totals;
mod width;
mod workbook;
mod workbook_size;

pub use facts_csv::{
    ExportedFile, FILES, FactsColumn, FactsFile, FactsReport, ImportedFile, export_facts, import_facts,
};
pub use naming::default_name;
pub use options::{ColumnType, DecimalOption, ImportOptions, TotalsOption};
pub use report::{ColumnReport, DuplicateKey, KeyReport, Misfit, Report, RevisedTable, Skipped, TotalsReport};
pub use workbook::is_caught_panic;

use crate::error::{Error, ImportCause, ImportError};
use crate::quantity::{Unit, UnitRegistry};
use crate::store::{BookWriter, NewSource};
use body::{Body, WordyTail};
use book_entry::BookEntry;
use cell::{ColumnSummary, UnitSummaries};
use column::{ColumnProfile, Evidence};
use file::ImportFile;
use layout::{Layout, NoteLine};
use plan::{ColumnPlan, Findings, PlannedKind, PlannedUnit, TablePlan};
use publishers::{KnownTable, Recognised};
use record::Record;
use repeat::Kept;
use rusqlite::Connection;
use shape::{Shape, ShapedRows};
use source::TableSource;
use stage::StagePlan;
use std::collections::BTreeMap;
use std::path::Path;
use table::{Failure, ImportedTable, RowWriter};
use totals::{TotalCandidates, TotalSearch, Totals};
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
    shape: Shape,
    headers: Vec<String>,
    profiles: Vec<ColumnProfile>,
    totals: TotalCandidates,
    /// The last line of the table, where notes of several cells are below.
    last_line: Option<u64>,
    skipped: Skipped,
    /// The lines that are no records, but those above.
    notes: Vec<NoteLine>,
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
    let base = naming::table_name(path, options)?;
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
    /// The kind of table that it was recognised as.
    recognised: Option<String>,
    is_strict: bool,
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
        let mut surveyed = SurveyedFile::read(located, &options, units)?;
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
        // A revision has the name of what it revises.
        let name = if options.revision_of.is_some() { String::new() } else { naming::table_name(path, &options)? };
        let recognised = known.map(|known| known.said);
        Ok(Self { name, surveyed, plan, options, like, recognised, is_strict })
    }

    fn write(&self, connection: &Connection, units: &UnitRegistry) -> Result<Report, Error> {
        let report = |report| Report {
            like: self.like.clone(),
            recognised: self.recognised.clone(),
            options: self.options.clone(),
            notes: self.surveyed.source.notes().to_vec(),
            ..report
        };
        let write = |name: &str| {
            let report = self.surveyed.write(connection, name, &self.plan, &self.options, units, &report)?;
            match report.doubts.first().filter(|_| self.is_strict) {
                Some(first) => Err(self.surveyed.doubtful(first, report.doubts.len())),
                None => Ok(report),
            }
        };
        match &self.options.revision_of {
            Some(source) => naming::write_revision(connection, source, &self.options, write),
            None => write(&self.name),
        }
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

    fn plan(&mut self, options: &ImportOptions, units: &UnitRegistry) -> Result<TablePlan, Error> {
        let candidates = std::mem::take(&mut self.totals);
        let findings = Findings {
            file: &self.source.file,
            header_line: *self.layout.header_lines.end(),
            headers: &self.headers,
            profiles: &self.profiles,
            units,
            options,
            shape: &self.shape,
        };
        let mut plan = findings.plan()?;
        plan.doubts.splice(0..0, self.doubts.clone());
        let totals = self.find_totals(candidates, &plan, options)?;
        plan.trace_totals(&totals.added_up, options);
        let find = |column: &str| plan.column(column).map(|found| (found.index, found.name.clone()));
        plan.stage = StagePlan::new(&self.source.file, options, find, &self.profiles)?;
        plan.doubts.extend(totals.doubts);
        (plan.totals, plan.unproved) = (totals.numbers, totals.unproved);
        Ok(plan)
    }

    fn read(
        LocatedTable { source, layout }: LocatedTable,
        options: &ImportOptions,
        units: &UnitRegistry,
    ) -> Result<Self, Error> {
        let shape = Shape::new(&source.file, &layout.headers, options, units)?;
        let skipped = Skipped { above: layout.above.len() as u64, ..Skipped::default() };
        let mut surveyed = Self {
            headers: Vec::new(),
            profiles: Vec::new(),
            source,
            layout,
            shape,
            totals: TotalCandidates::default(),
            last_line: None,
            skipped,
            notes: Vec::new(),
            doubts: Vec::new(),
        };
        if let Some((text, _)) = surveyed.source.text().filter(|(text, _)| !text.is_certain) {
            surveyed.doubts.push(format!(
                "the text is not UTF-8 and does not say what it is: it was read as {}; `--encoding` says another",
                text.encoding.name()
            ));
        }
        surveyed.profile(options)?;
        Ok(surveyed)
    }

    /// Looks at every cell of every row.
    fn profile(&mut self, options: &ImportOptions) -> Result<(), Error> {
        let mut headers = self.shape.headers(&self.layout.headers);
        let columns = headers.len();
        let mut profiles = vec![ColumnProfile::default(); columns];
        let mut totals = TotalCandidates::default();
        let mut records = self.source.records()?;
        let mut rows = ShapedRows::new(Body::new(&mut *records, &self.layout, self.last_line), &self.shape, &[]);
        let mut record = Record::default();
        let (mut wide, mut first_wide) = (0_u64, 0);
        let mut widths = RowWidths::of(&self.layout.headers);
        let (mut tail, mut second_headers) = (WordyTail::default(), 0);
        while rows.read(&mut record)? {
            self.source.file.count_row()?;
            if let Some(line) = rows.new_line(&record) {
                widths.add(line, &self.source.file)?;
            }
            if rows.body.second_headers.len() > second_headers && options.lines.is_none() {
                self.refuse_second_table(&rows.body, second_headers, &profiles)?;
                second_headers = rows.body.second_headers.len();
            }
            let width = record.len();
            if width > columns && (columns..width).any(|at| !numeric::trim(record.cell(at)).is_empty()) {
                wide += 1;
                first_wide = if wide == 1 { record.line } else { first_wide };
                headers.resize(headers.len().max(width), String::new());
                profiles.resize(headers.len(), ColumnProfile::default());
            }
            for (at, profile) in profiles.iter_mut().enumerate() {
                profile.add(record.cell(at), record.kind(at), record.line);
            }
            totals.add(&record, options.totals == Some(TotalsOption::Flag));
            tail.add(&record);
        }
        let last_line = tail.last_line(|at| profiles[at].is_mostly_numbers());
        if let (Some(last), None, false, None) = (last_line, self.last_line, self.shape.is_long(), &options.lines) {
            self.last_line = Some(last);
            self.doubts.push(format!(
                "from line {} on there are words where all other rows have numbers: notes of the source, no records",
                last + 1
            ));
            return self.profile(options);
        }
        self.skipped.blank = rows.body.blank;
        self.skipped.headers = rows.body.repeated;
        self.skipped.below = rows.body.below;
        self.notes = std::mem::take(&mut rows.body.notes);
        (self.headers, self.profiles, self.totals) = (headers, profiles, totals);
        if !options.ragged {
            let first = self.profiles.first().map_or(Evidence::Empty, |profile| profile.evidence(&|_| false));
            widths.check_end(records.unended_line(), self.notes.last(), &first, &self.source.file)?;
            self.doubts.extend(widths.doubts(self.source.text().is_some()));
        }
        if wide > 0 && !options.ragged {
            self.doubts.push(format!("{wide} rows have more cells than the header, the first on line {first_wide}"));
        }
        Ok(())
    }

    /// Refuses rows that begin a second table; the first `seen` of the rows that may are known.
    fn refuse_second_table(&self, body: &Body<'_>, seen: usize, profiles: &[ColumnProfile]) -> Result<(), Error> {
        let is_numeric = |at: usize, cell: &str| {
            let profile = profiles.get(at).filter(|_| !self.shape.is_long());
            let is_text = numeric::parse(cell).is_none();
            profile.is_some_and(|profile| {
                profile.is_mostly_numbers() && (is_text || numeric::is_year(cell) && !profile.are_all_years())
            })
        };
        match body.second_headers[seen..].iter().find(|second| second.is_header(is_numeric)) {
            Some(second) => Err(second.question(&self.source.file, *self.layout.header_lines.start())),
            None => Ok(()),
        }
    }

    /// Looks for totals among the rows that may be some.
    fn find_totals(
        &self,
        candidates: TotalCandidates,
        plan: &TablePlan,
        options: &ImportOptions,
    ) -> Result<Totals, Error> {
        let labels = plan.labels(&self.profiles);
        let Some(search) = TotalSearch::new(candidates, &plan.columns, &labels, options.totals) else {
            return Ok(Totals::default());
        };
        let mut records = self.source.records()?;
        let numbers = search.candidates();
        let body = Body::new(&mut *records, &self.layout, self.last_line);
        search.settle(ShapedRows::new(body, &self.shape, &numbers), &self.source.file)
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
        let drops = options.totals == Some(TotalsOption::Drop);
        let filled = self.shape.filled_columns();
        let table = ImportedTable {
            source: &source,
            name,
            columns: &plan.columns,
            options,
            stage: &plan.stage,
            filled: &filled,
            has_totals: !plan.totals.is_empty() && !drops,
            is_long: self.shape.is_long(),
        };
        table.check_width(&self.source.file)?;
        BookWriter::create(connection, name, &[table.create_table(), table.create_view()])?;
        let codes = units.codes().filter(|code| Unit::base(code).is_ok()).map(str::to_owned).collect();
        let sqlite = |error: rusqlite::Error| BookWriter::error(connection, &error);
        let mut writer = RowWriter::new(connection, &table, &self.source.file, codes).map_err(sqlite)?;
        let dropped = self.write_rows(connection, &mut writer, plan, drops)?;
        let mut report = self.report(&source, name, plan, &writer, options);
        report.skipped.totals = dropped.len() as u64;
        let content = writer.finish();
        self.source.check_unchanged()?;
        table.index_totals(connection).map_err(sqlite)?;
        if !options.key.is_empty() {
            let names = options.key.iter().filter_map(|column| Some(plan.column(column)?.name.clone()));
            let key = key::check(connection, &table, names.collect()).map_err(sqlite)?;
            report.doubts.extend(key.doubts());
            report.key = Some(key);
        }
        let report = complete(report);
        let notes = self.layout.above.iter().chain(&self.notes).chain(&dropped);
        let entry = BookEntry { report: &report, stored: &table.stored_name(), content_sha256: &content, options };
        entry.write(connection, notes)?;
        Ok(report)
    }

    /// Writes the rows; returns the totals that are left out if it `drops` them.
    fn write_rows(
        &self,
        connection: &Connection,
        writer: &mut RowWriter<'_, '_>,
        plan: &TablePlan,
        drops: bool,
    ) -> Result<Vec<NoteLine>, Error> {
        let mut records = self.source.records()?;
        let body = Body::new(&mut *records, &self.layout, self.last_line);
        let mut rows = ShapedRows::new(body, &self.shape, &plan.totals);
        let mut record = Record::default();
        let mut dropped: Vec<NoteLine> = Vec::new();
        while rows.read(&mut record)? {
            self.source.file.count_row()?;
            let is_total = plan.totals.binary_search(&rows.number).is_ok();
            if is_total && drops {
                dropped.push(layout::note(&record));
                continue;
            }
            writer.write(&record, is_total).map_err(|failure| match failure {
                Failure::File(error) => error,
                Failure::Sqlite(error) => BookWriter::error(connection, &error),
            })?;
        }
        Ok(dropped)
    }

    fn report(
        &self,
        source: &str,
        name: &str,
        plan: &TablePlan,
        writer: &RowWriter<'_, '_>,
        options: &ImportOptions,
    ) -> Report {
        let looks_for_totals = options.totals != Some(TotalsOption::Keep) && plan.totals.is_empty();
        let ends = (looks_for_totals && !self.shape.is_long()).then(|| writer.doubts(&plan.unproved));
        let doubts = plan.doubts.iter().cloned().chain(ends.into_iter().flatten());
        let columns =
            plan.columns.iter().zip(&writer.summaries).map(|(column, summaries)| self.column(column, summaries));
        Report {
            source: source.to_owned(),
            file: self.source.file.name(),
            sha256: self.source.sha256.clone(),
            table: name.to_owned(),
            sheet: self.source.sheet().map(str::to_owned),
            encoding: self.source.text().map(|(text, _)| text.encoding.name().to_owned()),
            separator: self.source.text().map(|(_, separator)| char::from(separator).to_string()),
            header_row: (*self.layout.header_lines.start(), *self.layout.header_lines.end()),
            rows: writer.rows,
            skipped: self.skipped.clone(),
            totals: writer.totals.clone(),
            stage: options.stage.clone(),
            key: None,
            columns: columns.collect(),
            doubts: doubts.collect(),
            ..Report::default()
        }
    }

    fn column(&self, column: &ColumnPlan, summaries: &UnitSummaries) -> ColumnReport {
        let mut missing = BTreeMap::new();
        let (mut present, mut misfits) = (0, Vec::new());
        for (_, summary) in summaries.all() {
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
        let numeric: Vec<(&str, &ColumnSummary)> =
            summaries.all().filter(|(_, summary)| summary.ends().is_some()).collect();
        let only = numeric.first().map(|(_, summary)| *summary).filter(|_| !has_units);
        let ends = only.and_then(ColumnSummary::ends);
        let days = summaries.all().find_map(|(_, summary)| summary.days.as_ref());
        ColumnReport {
            header: column.header.clone(),
            name: column.name.clone(),
            kind,
            unit,
            present,
            missing,
            misfits,
            sum: only.map(ColumnSummary::sum),
            // Totals do not add up years.
            totals: only.filter(|_| kind != "integer").and_then(ColumnSummary::sum_of_totals),
            filled: summaries.all().map(|(_, summary)| summary.filled).sum(),
            min: ends.map(|(least, _)| least.normalize().to_string()).or(days.map(|(first, _)| first.clone())),
            max: ends.map(|(_, greatest)| greatest.normalize().to_string()).or(days.map(|(_, last)| last.clone())),
            date: match &column.kind {
                PlannedKind::Date(plan) => plan.format.clone(),
                _ => None,
            },
            sums: if has_units {
                numeric.into_iter().map(|(unit, summary)| (unit.to_owned(), summary.sum())).collect()
            } else {
                BTreeMap::new()
            },
        }
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
