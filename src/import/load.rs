//! The loading of a profile file: its source, its plain table and view, its rows, and the entry that says what was imported.

use super::body::Body;
use super::book_entry::BookEntry;
use super::key;
use super::layout::{self, NoteLine};
use super::options::{ImportOptions, TotalsOption};
use super::plan::TablePlan;
use super::profile::TableProfile;
use super::record::Record;
use super::report::{ColumnReport, Report};
use super::row_converter::RowConverter;
use super::shape::ShapedRows;
use super::stored_rows::StoredRows;
use super::table::ImportedTable;
use crate::error::Error;
use crate::quantity::{Unit, UnitRegistry};
use crate::store::{BookWriter, NewSource};
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Statement};
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// The batches of rows that are converted before they are inserted.
const BATCHES_AHEAD: usize = 3;

impl TableProfile {
    /// Writes the source, the table, the view and the rows; `complete` adds to the report what they do not know of.
    ///
    /// # Errors
    /// The file was changed since it was read, or has a cell that does not fit; the book can't be written.
    pub(super) fn write(
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
            licence: options.licence.as_deref(),
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
        BookWriter::refuse_taken(connection, &table.stored_name())?;
        BookWriter::create(connection, name, &[table.create_table(), table.create_view()])?;
        let codes = units.codes().filter(|code| Unit::base(code).is_ok()).map(str::to_owned).collect();
        let sqlite = |error: rusqlite::Error| BookWriter::error(connection, &error);
        let converter = RowConverter::new(&table, &self.source.file, codes);
        let (converter, dropped) = self.write_rows(connection, &table, converter, plan)?;
        let mut report = self.report(&source, name, plan, &converter, options);
        report.skipped.totals = dropped.len() as u64;
        let content = converter.finish();
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

    /// Inserts the rows, which a thread of its own converts; returns the converter with its sums, and the totals that are left out.
    fn write_rows<'p>(
        &self,
        connection: &Connection,
        table: &ImportedTable<'_>,
        converter: RowConverter<'p>,
        plan: &TablePlan,
    ) -> Result<(RowConverter<'p>, Vec<NoteLine>), Error> {
        let sqlite = |error: rusqlite::Error| BookWriter::error(connection, &error);
        let mut statement = table.insert(connection).map_err(sqlite)?;
        thread::scope(|scope| {
            let (converted, batches) = sync_channel(BATCHES_AHEAD);
            let convert = move || self.convert_rows(converter, plan, table.has_totals, &converted);
            let converting = thread::Builder::new().name("convert".to_owned()).spawn_scoped(scope, convert)?;
            for batch in batches {
                self.source.file.check_stop()?;
                insert(&mut statement, &batch).map_err(sqlite)?;
            }
            converting.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }

    /// Converts the rows to their end, or until nobody waits for more.
    fn convert_rows<'p>(
        &self,
        mut converter: RowConverter<'p>,
        plan: &TablePlan,
        keeps_totals: bool,
        converted: &SyncSender<StoredRows>,
    ) -> Result<(RowConverter<'p>, Vec<NoteLine>), Error> {
        let mut records = self.source.records()?;
        let body = Body::new(&mut *records, &self.layout, self.last_line);
        let mut rows = ShapedRows::new(body, &self.shape, &plan.totals);
        let mut record = Record::default();
        let (mut batch, mut dropped) = (StoredRows::new(), Vec::new());
        while rows.read(&mut record)? {
            self.source.file.count_row()?;
            let is_total = plan.totals.binary_search(&rows.number).is_ok();
            if is_total && !keeps_totals {
                dropped.push(layout::note(&record));
                continue;
            }
            converter.convert(&record, is_total, &mut batch)?;
            if batch.is_full() && converted.send(std::mem::replace(&mut batch, StoredRows::new())).is_err() {
                break;
            }
        }
        // Where nobody waits, the insertion has failed, and says so.
        let _ = converted.send(batch);
        Ok((converter, dropped))
    }

    fn report(
        &self,
        source: &str,
        name: &str,
        plan: &TablePlan,
        converter: &RowConverter<'_>,
        options: &ImportOptions,
    ) -> Report {
        let looks_for_totals = options.totals != Some(TotalsOption::Keep) && plan.totals.is_empty();
        let ends = (looks_for_totals && !self.shape.is_long()).then(|| converter.doubts(&plan.unproved));
        let looks = options.totals != Some(TotalsOption::Keep) && !self.shape.is_long();
        let headed = looks.then(|| converter.headed_doubt()).flatten();
        let levels = looks.then(|| headed.or_else(|| converter.level_doubt(&plan.unproved))).flatten();
        let running = (looks && levels.is_none()).then(|| converter.running_doubt(&plan.unproved)).flatten();
        let percents = self.source.sheet().is_some().then(|| converter.percent_doubts());
        let ends =
            levels.into_iter().chain(running).chain(ends.into_iter().flatten()).chain(percents.into_iter().flatten());
        let doubts = plan.doubts.iter().cloned().chain(converter.date_doubts()).chain(ends);
        let columns = plan
            .columns
            .iter()
            .zip(&converter.summaries)
            .map(|(plan, found)| ColumnReport::of(plan, found, &self.headers));
        Report {
            source: source.to_owned(),
            file: self.source.file.name(),
            sha256: self.source.sha256.clone(),
            table: name.to_owned(),
            sheet: self.source.sheet().map(str::to_owned),
            encoding: self.source.text().map(|(text, _)| text.encoding.name().to_owned()),
            separator: self.source.text().map(|(_, separator)| char::from(separator).to_string()),
            header_row: (*self.layout.header_lines.start(), *self.layout.header_lines.end()),
            rows: converter.rows,
            skipped: self.skipped.clone(),
            totals: converter.totals.clone(),
            key: None,
            columns: columns.collect(),
            doubts: doubts.collect(),
            remarks: converter.date_remarks().collect(),
            ..Report::default()
        }
    }
}

/// Inserts the rows of a batch.
fn insert(statement: &mut Statement<'_>, rows: &StoredRows) -> rusqlite::Result<()> {
    let width = statement.parameter_count();
    let mut next = 1;
    for value in rows.values() {
        statement.raw_bind_parameter(next, ToSqlOutput::Borrowed(value))?;
        next += 1;
        if next > width {
            statement.raw_execute()?;
            next = 1;
        }
    }
    Ok(())
}
