//! The check of a whole book: the file, its references, the invariants that no constraint holds, the views, the imported tables. It
//! reads only, goes on after a finding, and says where each is.

use super::{Book, ContentDigest, added_columns, circular, import_view, quote_identifier};
use crate::error::Error;
use crate::quantity::{Amount, Quantity, UnitRegistry};
use crate::store::catalogue::{ColumnKind, View};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Result, Row};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most lines that the check of the file itself gives.
const MAX_FILE_FINDINGS: u32 = 1_000;

/// The most findings in one view or table; more are counted.
const MAX_PER_TABLE: usize = 20;

/// Something that is wrong in a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookFinding {
    /// The table, view or row.
    pub place: String,
    /// The fault, in a sentence.
    pub message: String,
}

/// The outcome of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BookCheck {
    /// The views that answered, each with its rows.
    pub views: Vec<(String, u64)>,
    /// The number of imported tables.
    pub imports: usize,
    /// The faults; none in a sound book.
    pub findings: Vec<BookFinding>,
}

impl Book {
    /// Checks the book.
    ///
    /// # Errors
    /// The work was stopped. A part that can't be read is a finding.
    pub fn check_book(&self) -> std::result::Result<BookCheck, Error> {
        let mut check = Check { book: self, done: BookCheck::default() };
        let parts: [(&str, Part<'_>); 6] = [
            ("the file", Check::file),
            ("references", Check::references),
            ("corrections", Check::circles),
            ("figures", Check::figures),
            ("views", Check::views),
            ("imported tables", Check::imports),
        ];
        for (place, part) in parts {
            let done = self.privileged(|connection| part(&mut check, connection));
            if self.stop.is_raised() {
                return Err(self.stop.cause());
            }
            if let Err(error) = done {
                check.add(place, &format!("it can't be read: {error}"));
            }
        }
        for (view, why) in self.unreadable_views() {
            check.add(
                &view,
                &format!("this view of your own does not answer: {why}; `--write -c 'drop view {view}'` takes it away"),
            );
        }
        Ok(check.done)
    }
}

/// A part of a check.
type Part<'b> = fn(&mut Check<'b>, &Connection) -> Result<()>;

/// A check under way.
struct Check<'b> {
    book: &'b Book,
    done: BookCheck,
}

impl Check<'_> {
    fn add(&mut self, place: &str, message: &str) {
        self.done.findings.push(BookFinding { place: place.to_owned(), message: message.to_owned() });
    }

    /// The faults that SQLite finds: pages, indexes, types, CHECK, NOT NULL and UNIQUE.
    fn file(&mut self, connection: &Connection) -> Result<()> {
        let mut query = connection.prepare(&format!("pragma main.integrity_check({MAX_FILE_FINDINGS})"))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            for line in text.lines().filter(|line| *line != "ok" && !line.starts_with("***")) {
                self.add("the file", line);
            }
        }
        Ok(())
    }

    /// Rows that name rows which are not there.
    fn references(&mut self, connection: &Connection) -> Result<()> {
        let mut query = connection.prepare("select \"table\", rowid, parent, fkid from pragma_foreign_key_check")?;
        let broken: Vec<(String, Option<i64>, String, i64)> = query
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<Result<_>>()?;
        let mut wrong: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (table, row, parent, key) in broken {
            let sql = "select \"from\" from pragma_foreign_key_list(?1) where id = ?2 order by seq limit 1";
            let column: String = connection.query_row(sql, (&table, key), |row| row.get(0))?;
            let sql = format!(
                "select cast({} as text) from main.{} where rowid = ?1",
                quote_identifier(&column),
                quote_identifier(&table)
            );
            let id: Option<String> = connection.query_row(&sql, [row], |row| row.get(0)).optional()?.flatten();
            let place = format!("{table} row {}", row.unwrap_or_default());
            let id = id.unwrap_or_default();
            let message = format!("`{column}` names `{id}`, and `{parent}` has no such row");
            wrong.entry(table).or_default().push((place, message));
        }
        for (table, found) in &wrong {
            self.add_some(table, found);
        }
        Ok(())
    }

    /// Corrections and parts of pledges that lead back to their beginning.
    fn circles(&mut self, connection: &Connection) -> Result<()> {
        for (table, sql, what) in [
            (
                "fact",
                "select id, superseded_by from main.fact where superseded_by is not null",
                "is corrected by itself",
            ),
            ("pledge_overlap", "select pledge, other from main.pledge_overlap", "is part of itself"),
        ] {
            if !has_table(connection, table)? {
                continue;
            }
            let mut query = connection.prepare(sql)?;
            let next: HashMap<String, String> =
                query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
            let mut circular: Vec<&str> = circular(&next).into_iter().collect();
            circular.sort_unstable();
            for id in circular {
                self.add(&format!("{table} {id}"), &format!("it {what}, by way of `{}`", next[id]));
            }
        }
        Ok(())
    }

    /// Figures whose text form has another number, unit, fact or stage than their columns; of a range, one end.
    fn figures(&mut self, connection: &Connection) -> Result<()> {
        if !has_table(connection, "figure")? {
            return Ok(());
        }
        let sql = "select fact, quantity, amount_minor, minor_per_unit * coalesce(finer_parts, 1), unit, stage from main.figure";
        let mut query = connection.prepare(sql)?;
        let mut rows = query.query([])?;
        let mut wrong = Vec::new();
        while let Some(row) = rows.next()? {
            if let Some(message) = figure_finding(row)? {
                wrong.push((format!("figure {}", row.get::<_, String>(0)?), message));
            }
        }
        self.add_some("figure", &wrong);
        Ok(())
    }

    /// Views that do not answer, and quantities in them that are none.
    fn views(&mut self, connection: &Connection) -> Result<()> {
        let units = self.book.units()?;
        for view in self.book.catalogue().iter() {
            match view_findings(connection, view, units) {
                Ok((rows, wrong)) => {
                    self.done.views.push((view.name.to_string(), rows));
                    self.add_some(&view.name, &wrong);
                }
                Err(error) if self.book.stop.is_raised() => return Err(error),
                Err(error) => self.add(&view.name, &format!("the view does not answer: {error}")),
            }
        }
        Ok(())
    }

    /// Imported tables that are not as they are described.
    fn imports(&mut self, connection: &Connection) -> Result<()> {
        if !has_table(connection, "imported_table")? {
            return Ok(());
        }
        let sql =
            "select source, name, stored, records from imported_table order by cast(substr(source, 2) as integer)";
        let tables: Vec<(String, String, String, i64)> = connection
            .prepare(sql)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<Result<_>>()?;
        self.done.imports = tables.len();
        for (source, name, stored, records) in tables {
            if let Err(error) = self.import(connection, &source, &name, &stored, records) {
                self.add(&source, &format!("the table can't be read: {error}"));
            }
        }
        Ok(())
    }

    /// One imported table: its rows, its view, its units, and the facts that cite its records.
    fn import(&mut self, connection: &Connection, source: &str, name: &str, stored: &str, records: i64) -> Result<()> {
        for (kind, object) in [("table", stored), ("view", name)] {
            let sql = "select exists (select 1 from main.sqlite_schema where type = ?1 and name = ?2)";
            if !connection.query_row(sql, [kind, object], |row| row.get::<_, bool>(0))? {
                self.add(source, &format!("its {kind} `{object}` is missing"));
                return Ok(());
            }
        }
        self.records(connection, source, stored, records)?;
        if !import_view::is_as_made(connection, source, name, stored)? {
            self.add(source, &format!("the view `{name}` is not the one that the import made: its definition differs"));
        }
        let mut query = connection.prepare("select name from pragma_table_info(?1)")?;
        let shown: BTreeSet<String> = query.query_map([name], |row| row.get(0))?.collect::<Result<_>>()?;
        let view = self.book.catalogue().find(name);
        let described = view.into_iter().flat_map(|view| view.columns.iter().map(|column| column.name.to_string()));
        for column in shown.symmetric_difference(&described.collect()) {
            self.add(source, &format!("the view `{name}` and its description differ in the column `{column}`"));
        }
        let sql =
            "select name, unit from main.imported_column where source = ?1 and unit is not null and unit not like '@%'";
        let mut query = connection.prepare(sql)?;
        let units = query.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (column, unit) in units.collect::<Result<Vec<(String, String)>>>()? {
            if let Err(error) = self.book.units()?.parse_unit(&unit) {
                self.add(source, &format!("the unit of `{column}` is none of the book: {error}"));
            }
        }
        let sql = "select id from main.fact where source = ?1 and record > ?2";
        let mut query = connection.prepare(sql)?;
        for id in query.query_map((source, records), |row| row.get::<_, String>(0))? {
            self.add(source, &format!("the fact `{}` cites a record that it does not have", id?));
        }
        Ok(())
    }

    /// The records of an imported table: their number, and their content as it was stored.
    fn records(&mut self, connection: &Connection, source: &str, stored: &str, records: i64) -> Result<()> {
        let sql = format!("select count(*), coalesce(max(record), 0) from main.{}", quote_identifier(stored));
        let (found, last): (i64, i64) = connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if found != records || last != records {
            let message = format!("`{stored}` has {found} records up to number {last}, and {records} were imported");
            self.add(source, &message);
            return Ok(());
        }
        let sql = "select content_sha256 from main.imported_table where source = ?1";
        let digest: String = connection.query_row(sql, [source], |row| row.get(0))?;
        if ContentDigest::of_table(connection, stored)? != digest {
            self.add(
                source,
                &format!("the records in `{stored}` are not those that were imported: their digest differs"),
            );
        }
        Ok(())
    }

    /// Adds findings of one table, and counts those beyond the first.
    fn add_some(&mut self, table: &str, findings: &[(String, String)]) {
        let more = findings.len().saturating_sub(MAX_PER_TABLE);
        findings.iter().take(MAX_PER_TABLE).for_each(|(place, message)| self.add(place, message));
        if more > 0 {
            self.add(table, &format!("{more} more rows have something wrong in them"));
        }
    }
}

/// True if the file has a table of that name.
fn has_table(connection: &Connection, name: &str) -> Result<bool> {
    let sql = "select exists (select 1 from main.sqlite_schema where type = 'table' and name = ?1)";
    connection.query_row(sql, [name], |row| row.get(0))
}

/// The difference between the text form of a figure and its columns.
fn figure_finding(row: &Row<'_>) -> Result<Option<String>> {
    let (fact, form): (String, String) = (row.get(0)?, row.get(1)?);
    let Ok(quantity) = form.parse::<Quantity>() else { return Ok(Some(format!("`{form}` is no quantity"))) };
    let (minor, per_unit): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
    let (unit, stage): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
    let value = minor.zip(per_unit).and_then(|(minor, per_unit)| Decimal::from(minor).checked_div(per_unit.into()));
    let shown = match quantity.amount() {
        Amount::Number(number) => Some(number.value),
        Amount::Range(range) => range.lo().or(range.hi()).map(|end| end.value),
        Amount::Unknown(_) => None,
    };
    let is_right = shown == value
        && quantity.unit().filter(|unit| !unit.is_one()).map(ToString::to_string) == unit
        && quantity.facts().iter().any(|reference| reference.to_string() == fact)
        && quantity.stages().to_string() == stage.unwrap_or_default();
    Ok((!is_right).then(|| format!("`{form}` is not what its columns say")))
}

/// The rows of a view, and the quantities in it that are none, each with its row.
fn view_findings(connection: &Connection, view: &View, units: &UnitRegistry) -> Result<(u64, Vec<(String, String)>)> {
    let lacking = added_columns::lacking(connection, view)?;
    let shown = |name: &str| if lacking.contains(name) { "null".to_owned() } else { quote_identifier(name) };
    let columns: Vec<String> = view.columns.iter().map(|column| shown(&column.name)).collect();
    let sql = format!("select {} from main.{}", columns.join(", "), quote_identifier(&view.name));
    let mut query = connection.prepare(&sql)?;
    let mut found = query.query([])?;
    let (mut rows, mut wrong) = (0, Vec::new());
    while let Some(row) = found.next()? {
        rows += 1;
        for (at, column) in view.columns.iter().enumerate().filter(|(_, column)| column.kind == ColumnKind::Quantity) {
            let message = match row.get_ref(at)? {
                ValueRef::Null => continue,
                ValueRef::Text(text) => match units.parse_quantity(&String::from_utf8_lossy(text)) {
                    Ok(_) => continue,
                    Err(error) => format!("`{}` is no quantity: {error}", column.name),
                },
                _ => format!("`{}` is neither a quantity nor NULL", column.name),
            };
            wrong.push((format!("{} row {rows}", view.name), message));
        }
    }
    Ok((rows, wrong))
}

#[cfg(test)]
mod tests {
    use crate::store::open;

    #[test]
    fn the_bundled_book_is_sound() {
        let check = open(None).unwrap().check_book().unwrap();
        assert_eq!(check.findings, []);
        assert!(check.views.iter().any(|(view, rows)| view == "pledges" && *rows > 0));
    }
}
