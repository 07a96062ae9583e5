//! The imported tables of a book: their views, as the catalogue describes them, and their records by number.

use super::catalogue::{ColumnKind, QUARTER_MEANING, View, ViewColumn};
use super::queries::ViewRow;
use super::{Book, quote_identifier};
use crate::quantity::{Quantity, Ref};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Result};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A record of an imported table, as notes name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordEntry {
    /// Its id: `S2:37`.
    pub id: String,
    /// The line of the file on which it begins.
    pub line: i64,
    /// The column of the file, from 1, of a record that is one cell of its line.
    pub column: Option<i64>,
    /// The lines from which its blank cells have their text, by column.
    pub filled: Vec<(String, i64)>,
    /// The cells that are written otherwise than they are shown, by column.
    pub written: Vec<(String, String)>,
    /// The file as it was named.
    pub file: String,
}

/// An imported table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportEntry {
    /// The view that people read.
    pub name: String,
    /// The plain table behind it.
    stored: String,
    /// The file as it was named, with the sheet of a workbook.
    pub file: String,
    /// The number of its records.
    pub records: i64,
}

/// An imported table as it is compared with that of another book.
#[derive(Debug, Clone)]
pub struct ImportState {
    /// Its source: `S2`.
    pub source: String,
    /// The number of its records.
    pub records: i64,
    /// The digest of its rows that was kept at the import.
    digest: String,
    /// The names of its columns, each with the kind and the unit of its cells.
    columns: Vec<(String, String, Option<String>)>,
}

impl ImportState {
    /// True if the rows and the columns of another are the same.
    #[must_use]
    pub fn has_same_content(&self, other: &Self) -> bool {
        (&self.digest, &self.columns) == (&other.digest, &other.columns)
    }

    /// True if it has a column of this name.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, ..)| column.eq_ignore_ascii_case(name))
    }
}

impl Book {
    /// The imported tables by their names, as two books are compared by them.
    ///
    /// # Errors
    /// As [`Book::import_of`].
    pub fn import_states(&self) -> Result<BTreeMap<String, ImportState>> {
        if !self.catalogue().has_imports() {
            return Ok(BTreeMap::new());
        }
        let sql = "select name, source, records, content_sha256 from main.imported_table";
        let mut found: BTreeMap<String, ImportState> = BTreeMap::new();
        let rows: Vec<(String, String, i64, String)> =
            self.query_rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        for (name, source, records, digest) in rows {
            let sql = "select name, kind, unit from main.imported_column where source = ?1 order by ord";
            let columns = self.query_rows(sql, [&source], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            found.insert(name, ImportState { source, records, digest, columns });
        }
        Ok(found)
    }

    /// The plain table behind the view of an imported table; `None` for any other view.
    ///
    /// # Errors
    /// As [`Book::import_of`].
    pub fn plain_table_of(&self, view: &View) -> Result<Option<String>> {
        if !self.catalogue().imported().any(|known| known.name == view.name) {
            return Ok(None);
        }
        self.query_optional("select stored from main.imported_table where name = ?1", [&*view.name], |row| row.get(0))
    }

    /// The imported table that a source is; `None` if it is none.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn import_of(&self, source: u16) -> Result<Option<ImportEntry>> {
        if !self.catalogue().has_imports() {
            return Ok(None);
        }
        let sql = "select name, stored, file || coalesce(', sheet `' || json_extract(report, '$.sheet') || '`', ''), records \
                   from main.imported_table where source = ?1";
        self.query_optional(sql, [format!("S{source}")], |row| {
            Ok(ImportEntry { name: row.get(0)?, stored: row.get(1)?, file: row.get(2)?, records: row.get(3)? })
        })
    }

    /// The plain table behind an imported table; `None` for anything else, and where facts of the book are records of it.
    pub(crate) fn stored_of(&self, name: &str) -> Option<String> {
        let sql = "select stored from main.imported_table t where name = ?1 \
                   and not exists (select 1 from main.fact f where f.source = t.source)";
        self.query_optional(sql, [name], |row| row.get(0)).ok().flatten()
    }

    /// The doubts of an import, as its report has them; none of a source that is no import.
    ///
    /// # Errors
    /// As [`Book::import_of`].
    pub fn import_doubts(&self, source: &str) -> Result<Vec<String>> {
        if !self.catalogue().has_imports() {
            return Ok(Vec::new());
        }
        let sql = "select d.value from main.imported_table t, json_each(t.report, '$.doubts') d where t.source = ?1";
        self.query_rows(sql, [source], |row| row.get(0))
    }

    /// The columns of an imported table that hold dates, and those that hold the units of others; none of any other table.
    ///
    /// # Errors
    /// As [`Book::import_of`].
    pub fn dates_and_units_of(&self, name: &str) -> Result<[Vec<String>; 2]> {
        if !self.catalogue().imported().any(|view| view.name.eq_ignore_ascii_case(name)) {
            return Ok([Vec::new(), Vec::new()]);
        }
        let of_table = |condition: &str| {
            let sql = format!(
                "select c.name from main.imported_column c join main.imported_table t on t.source = c.source \
                 where t.name = ?1 collate nocase and {condition} order by c.ord"
            );
            self.query_rows(&sql, [name], |row| row.get(0))
        };
        let is_unit = "exists (select 1 from main.imported_column o \
                       where o.source = c.source and o.unit in ('@' || c.name, '@' || c.header))";
        Ok([of_table("c.kind = 'date'")?, of_table(is_unit)?])
    }

    /// The record of an imported table; `None` for anything else.
    ///
    /// # Errors
    /// As [`Book::import_of`].
    pub fn record_of(&self, reference: Ref) -> Result<Option<RecordEntry>> {
        let Ref::Record { source, number } = reference else { return Ok(None) };
        let Some(table) = self.import_of(source)? else { return Ok(None) };
        let stored = quote_identifier(&table.stored);
        let view = self.catalogue().find(&table.name);
        let is_own = |name: &str| view.is_some_and(|view| view.columns.iter().any(|column| column.name == name));
        let sql = format!("select * from main.{stored} where record = ?1");
        self.query_optional(&sql, [number], |row| {
            let names: Vec<String> = row.as_ref().column_names().map(str::to_owned).collect();
            let has_column = names.iter().any(|name| name == "line_column");
            let (mut filled, mut written) = (Vec::new(), Vec::new());
            // The origin of a filled cell stands beside it, and what is written there; a column of the file may be named so too.
            for name in names.iter().filter(|name| !is_own(name)) {
                let Some((column, ending)) = name.rsplit_once('_') else { continue };
                let holds = |suffix: &str| names.iter().any(|name| name.strip_prefix(column) == Some(suffix));
                if !["", "_minor", "_decimal"].into_iter().any(holds) {
                    continue;
                }
                // The stem of a column may be longer than its name, to be no other's.
                let is_stem = |own: &&str| column.strip_prefix(own).is_some_and(|rest| rest.chars().all(|c| c == '_'));
                let own = view.into_iter().flat_map(|view| view.columns.iter()).map(|column| &*column.name);
                let Some(column) = own.filter(is_stem).max_by_key(|own| own.len()).map(str::to_owned) else { continue };
                match ending {
                    "from" => filled.extend(row.get::<_, Option<i64>>(&**name)?.map(|line| (column, line))),
                    "written" => written.extend(row.get::<_, Option<String>>(&**name)?.map(|text| (column, text))),
                    _ => {}
                }
            }
            Ok(RecordEntry {
                id: reference.to_string(),
                line: row.get("line")?,
                column: if has_column { row.get("line_column")? } else { None },
                filled,
                written,
                file: table.file.clone(),
            })
        })
    }

    /// The cells of a record as the view shows them, and as they are written where that differs.
    ///
    /// # Errors
    /// As [`Book::import_of`].
    pub fn record_cells(&self, reference: Ref) -> Result<Option<(&View, ViewRow)>> {
        let Ref::Record { source, .. } = reference else { return Ok(None) };
        let Some(view) = self.import_of(source)?.and_then(|table| self.catalogue().find(&table.name)) else {
            return Ok(None);
        };
        let rows = self.rows(view, "where record = ?1", &[&reference.to_string()])?;
        Ok(rows.into_iter().next().map(|row| (view, row)))
    }
}

impl RecordEntry {
    /// Its place in the file: `line 38`, `line 38, column 12`.
    #[must_use]
    pub fn place(&self) -> String {
        match self.column {
            Some(column) => format!("line {}, column {column}", self.line),
            None => format!("line {}", self.line),
        }
    }
}

impl Book {
    /// Reads every number of the imported tables, table by table and row by row, each with its view and column.
    ///
    /// # Errors
    /// As [`Book::import_of`]; the work is stopped.
    pub fn read_imported_numbers(&self, read: &mut dyn FnMut(&View, &ViewColumn, Quantity)) -> Result<()> {
        self.catalogue().imported().try_for_each(|view| self.read_numbers_of(view, read))
    }

    fn read_numbers_of(&self, view: &View, read: &mut dyn FnMut(&View, &ViewColumn, Quantity)) -> Result<()> {
        let is_number = |column: &&ViewColumn| matches!(column.kind, ColumnKind::Quantity | ColumnKind::Integer);
        let columns: Vec<&ViewColumn> = view.columns.iter().filter(is_number).collect();
        let names = columns.iter().map(|column| quote_identifier(&column.name));
        let list: Vec<String> = std::iter::once("record".to_owned()).chain(names).collect();
        let sql = format!("select {} from main.{}", list.join(", "), quote_identifier(&view.name));
        self.read_rows_for(&sql)?;
        self.privileged(|connection| {
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let record: String = row.get(0)?;
                for (at, column) in columns.iter().enumerate() {
                    let number = match row.get_ref(at + 1)? {
                        ValueRef::Integer(whole) => record
                            .parse::<Ref>()
                            .ok()
                            .map(|record| Quantity::plain(whole.into()).with_facts(record.into())),
                        ValueRef::Text(form) => String::from_utf8_lossy(form).parse().ok(),
                        _ => None,
                    };
                    if let Some(number) = number {
                        read(view, column, number);
                    }
                }
            }
            Ok(())
        })
    }
}

/// True if a book of this program's schema has imported tables.
pub(super) fn has_any(connection: &Connection) -> Result<bool> {
    connection.query_row("select exists (select 1 from main.imported_table)", [], |row| row.get(0))
}

/// The views of the imported tables, in the order of their sources; none in a book of before there were any.
pub(super) fn views(connection: &Connection) -> Result<Vec<View>> {
    let has_imports =
        "select exists (select 1 from main.sqlite_schema where name = 'imported_column' and type = 'table')";
    if !connection.query_row(has_imports, [], |row| row.get(0))? {
        return Ok(Vec::new());
    }
    let mut tables = connection.prepare(
        "select source, name, file, totals > 0, (select group_concat('`' || value || '`', ', ') from json_each(imported_table.key)) \
             from main.imported_table order by cast(substr(source, 2) as integer)",
    )?;
    let rows = tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    let found: Vec<(String, String, String, bool, Option<String>)> = rows.collect::<Result<_>>()?;
    let mut columns = connection
        .prepare("select name, header, kind, unit from main.imported_column where source = ?1 order by ord")?;
    let mut revision =
        connection.prepare("select source from main.source_link where origin = ?1 and relation = 'wasRevisionOf'")?;
    let view = |(source, name, file, has_totals, key): (String, String, String, bool, Option<String>)| {
        let own = columns.query_map([&source], |row| {
            let (kind, unit): (String, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok(column(row.get(0)?, &row.get::<_, String>(1)?, &kind, unit.as_deref()))
        })?;
        let record = ViewColumn {
            name: Cow::Borrowed("record"),
            kind: ColumnKind::Text,
            meaning: format!("the record of {source} that the row is, as in `{source}:1`").into(),
            is_date: false,
        };
        let total = has_totals.then_some(ViewColumn {
            name: Cow::Borrowed("is_total"),
            kind: ColumnKind::Integer,
            meaning: Cow::Borrowed("1 where the row is the sum of others, which sums leave out"),
            is_date: false,
        });
        let columns = std::iter::once(Ok(record)).chain(own).chain(total.map(Ok)).collect::<Result<Vec<_>>>()?;
        let key = key.map(|key| format!(", known by {key}")).unwrap_or_default();
        let newer: Option<String> = revision.query_row([&source], |row| row.get(0)).optional()?;
        let newer = newer.map(|newer| format!("; revised by {newer}")).unwrap_or_default();
        let meaning = format!("one record of {source}, the table in `{file}`{key}{newer}").into();
        Ok(View { name: name.into(), meaning, sample: "", columns: columns.into() })
    };
    found.into_iter().map(view).collect()
}

fn column(name: String, header: &str, kind: &str, unit: Option<&str>) -> ViewColumn {
    let header = if header.is_empty() { "no header".to_owned() } else { format!("`{header}`") };
    let meaning = match (unit, kind) {
        (Some("quarter"), "text") => format!("{header}{QUARTER_MEANING}"),
        (Some(unit), _) => match unit.strip_prefix('@') {
            Some(column) => format!("{header}, each in the unit of `{column}`"),
            None => format!("{header}, in {unit}"),
        },
        (None, "date") => format!("{header}, a date in ISO 8601"),
        (None, "real") => format!("{header}, a floating-point number"),
        (None, _) => header,
    };
    let is_date = kind == "date";
    let kind = match kind {
        "quantity" => ColumnKind::Quantity,
        "integer" => ColumnKind::Integer,
        _ => ColumnKind::Text,
    };
    ViewColumn { name: name.into(), kind, meaning: meaning.into(), is_date }
}
