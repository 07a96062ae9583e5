//! The entry of an import in its book: what was imported, from which lines, as what.

use super::layout::NoteLine;
use super::options::ImportOptions;
use super::report::Report;
use crate::error::Error;
use crate::quantity::human;
use crate::store::{BookWriter, view_digest};
use rusqlite::Connection;

/// The kind of a column of quarters in a report.
const QUARTER: &str = "quarter";

/// An import that is to be entered.
pub(super) struct BookEntry<'e> {
    /// Its report.
    pub(super) report: &'e Report,
    /// The plain table.
    pub(super) stored: &'e str,
    /// The digest of the rows as they were stored.
    pub(super) content_sha256: &'e str,
    /// The options that repeat it.
    pub(super) options: &'e ImportOptions,
}

impl BookEntry<'_> {
    /// Writes the entry, with the lines of the file that are no records.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn write<'n>(
        &self,
        connection: &Connection,
        notes: impl Iterator<Item = &'n NoteLine>,
    ) -> Result<(), Error> {
        self.write_table(connection)?;
        let write = || -> rusqlite::Result<()> {
            let report = self.report;
            let mut insert = connection.prepare(
                "insert into imported_column (source, ord, name, header, kind, unit) values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (ord, column) in (1..).zip(&report.columns) {
                let (name, header) = (&column.name, &column.header);
                // A quarter is a text to every book.
                let (kind, unit) = match column.kind {
                    QUARTER => ("text", Some(QUARTER)),
                    kind => (kind, column.unit.as_deref()),
                };
                insert.execute(rusqlite::params![report.source, ord, name, header, kind, unit])?;
            }
            // A long row is a cell: several of those left out may be on one line.
            let sql = "insert or ignore into imported_note (source, line, text) values (?1, ?2, ?3)";
            let mut insert = connection.prepare(sql)?;
            for note in notes {
                let line = i64::try_from(note.line).unwrap_or(i64::MAX);
                insert.execute(rusqlite::params![report.source, line, note.text])?;
            }
            let revision =
                self.options.revision_of.as_ref().map(|source| format!("; it revises {source}")).unwrap_or_default();
            let records = human::count(report.rows, "record");
            let detail = format!("`{}`, {records} from {}{revision}", report.table, report.file);
            BookWriter::note(connection, "import", &report.source, &detail)
        };
        write().map_err(|error| BookWriter::error(connection, &error))
    }

    fn write_table(&self, connection: &Connection) -> Result<(), Error> {
        let fault = |error: &dyn std::fmt::Display| Error::Fault(format!("can't write down an import: {error}"));
        let report = self.report;
        let options = toml::to_string(self.options).map_err(|error| fault(&error))?;
        let key = report.key.as_ref().map(|key| serde_json::to_string(&key.columns)).transpose();
        let key = key.map_err(|error| fault(&error))?;
        let text = serde_json::to_string(report).map_err(|error| fault(&error))?;
        let sqlite = |error: rusqlite::Error| BookWriter::error(connection, &error);
        let view = view_digest(connection, &report.table).map_err(sqlite)?;
        let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
        let written = connection.execute(
            "insert into imported_table (source, name, stored, file, sha256, content_sha256, records, options, report, \
             totals, key, view_sha256) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            rusqlite::params![
                report.source,
                report.table,
                self.stored,
                report.file,
                report.sha256,
                self.content_sha256,
                count(report.rows),
                options,
                text,
                count(report.totals.rows),
                key,
                view
            ],
        );
        written.map(drop).map_err(sqlite)
    }
}
