//! Two imported tables compared record by record: both are read in the order of their key, side by side, so that nothing but two rows
//! is held. A cell is compared by what it says, value and unit, not by how the file wrote it. The tables lie in one book or in two.

use super::catalogue::{ColumnKind, View, ViewColumn};
use super::open::open_plain;
use super::{Book, quote_identifier};
use crate::error::{Error, StoreCause, StoreError, suggest, usage_error};
use crate::quantity::human;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, Result, Row, Rows};
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// The most keys that an error names.
const MAX_NAMED: usize = 3;

/// One of the tables that are compared: its book, its source and its view.
#[derive(Clone)]
struct ComparedTable<'b> {
    book: &'b Book,
    /// `S2`.
    source: String,
    /// The view of it.
    view: View,
}

/// A comparison of two tables.
pub struct Comparison<'b> {
    old: ComparedTable<'b>,
    new: ComparedTable<'b>,
    /// The columns by which a record is known.
    keys: Vec<String>,
    /// The other columns of both.
    columns: Vec<(ViewColumn, ViewColumn)>,
}

/// A record of one of the tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComparedRecord {
    /// `S2:37`.
    pub record: String,
    /// The cells of the key, without what they rest on.
    pub key: Vec<String>,
    /// The cells of the columns of both tables, in the form of the views.
    cells: Vec<Option<String>>,
}

/// A difference of the two tables.
#[derive(Debug)]
pub enum Difference<'r> {
    /// A record that only the new one has.
    Added(&'r ComparedRecord),
    /// A record that only the old one has.
    Removed(&'r ComparedRecord),
    /// A cell that differs, of the column at this place among those of both.
    Changed {
        /// The records.
        records: [&'r ComparedRecord; 2],
        /// The place of the column.
        column: usize,
        /// The old cell and the new one.
        cells: [Option<&'r str>; 2],
    },
    /// A pair of records of which every cell is alike.
    Same,
}

impl Book {
    /// A comparison of two imported tables by these columns.
    ///
    /// # Errors
    /// A source is no import; a table has no such column, or one of another kind.
    pub fn comparison(&self, old: &str, new: &str, keys: &[String]) -> std::result::Result<Comparison<'_>, Error> {
        self.comparison_since(self, old, new, keys)
    }

    /// A comparison of an imported table with one of an older book.
    ///
    /// # Errors
    /// As [`Book::comparison`].
    pub fn comparison_since<'b>(
        &'b self,
        older: &'b Self,
        old: &str,
        new: &str,
        keys: &[String],
    ) -> std::result::Result<Comparison<'b>, Error> {
        let (old, new) = (older.compared_table(old)?, self.compared_table(new)?);
        let keys = keys.iter().map(|key| key_column(key, &old, &new)).collect::<std::result::Result<Vec<_>, _>>()?;
        let others = old
            .view
            .columns
            .iter()
            .filter(|column| column.name != "record" && !keys.contains(&column.name.to_string()));
        let columns =
            others.filter_map(|column| Some((column.clone(), new.view.column(&column.name)?.clone()))).collect();
        Ok(Comparison { old, new, keys, columns })
    }

    fn compared_table(&self, source: &str) -> std::result::Result<ComparedTable<'_>, Error> {
        let number = source.trim_start_matches(['S', 's']).parse().ok();
        let found =
            number.map(|number| self.import_of(number)).transpose().map_err(|error| self.error(&error))?.flatten();
        let view = found.and_then(|table| self.catalogue().find(&table.name));
        view.map(|view| ComparedTable { book: self, source: source.to_uppercase(), view: view.clone() }).ok_or_else(
            || {
                let help = "`select source, name from imported_table` lists the imports";
                usage_error(&format!("`{source}` is no import of this book"), help)
            },
        )
    }
}

/// The column of a key, which both tables have with cells of one kind.
fn key_column(key: &str, old: &ComparedTable<'_>, new: &ComparedTable<'_>) -> std::result::Result<String, Error> {
    let mut kinds = Vec::new();
    for table in [old, new] {
        let header = format!("`{key}`");
        let by_header = || table.view.columns.iter().find(|column| column.meaning.starts_with(&header));
        let Some(column) = table.view.column(key).or_else(by_header) else {
            let names: Vec<&str> = table.view.columns.iter().map(|column| &*column.name).collect();
            let help = match suggest::nearest_column(key, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its columns are {}", names.join(", ")),
            };
            return Err(usage_error(&format!("{} has no column `{key}`", table.source), &help));
        };
        kinds.push((column.name.to_string(), column.kind == ColumnKind::Text));
    }
    if kinds[0].1 == kinds[1].1 {
        return Ok(kinds.swap_remove(0).0);
    }
    let (text, number) = if kinds[0].1 { (old, new) } else { (new, old) };
    let message = format!(
        "`{key}` is text in {} and a number in {}: no key of one is one of the other",
        text.source, number.source
    );
    Err(usage_error(&message, &format!("import {} again with `--type {key}=text`", number.source)))
}

impl ComparedTable<'_> {
    /// A connection to the file of the book, which ends with the work.
    fn connect(&self) -> std::result::Result<Connection, Error> {
        let Some(path) = self.book.path() else { return Err(Error::Fault("a book in memory is compared".to_owned())) };
        let mut connection = open_plain(path)?;
        self.book.stop().watch(&mut connection).map_err(|error| self.book.error(&error))?;
        Ok(connection)
    }

    /// `S2:37 (line 38)`.
    fn place(&self, record: &str) -> String {
        let found = record.parse().ok().and_then(|reference| self.book.record_of(reference).ok().flatten());
        found.map_or_else(|| record.to_owned(), |entry| format!("{record} (line {})", entry.line))
    }
}

impl Comparison<'_> {
    /// The columns of the key.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// For each column of the key, true if it holds whole numbers in both tables.
    #[must_use]
    pub fn whole_keys(&self) -> Vec<bool> {
        let is_whole = |table: &ComparedTable<'_>, key: &str| {
            table.view.column(key).is_some_and(|column| column.kind == ColumnKind::Integer)
        };
        self.keys.iter().map(|key| is_whole(&self.old, key) && is_whole(&self.new, key)).collect()
    }

    /// The columns that both tables have besides the key, as the old one and the new one has them.
    #[must_use]
    pub fn columns(&self) -> &[(ViewColumn, ViewColumn)] {
        &self.columns
    }

    /// The columns that only the old table has, and those that only the new one has.
    #[must_use]
    pub fn lone_columns(&self) -> [Vec<&str>; 2] {
        [lone_columns(&self.old, &self.new), lone_columns(&self.new, &self.old)]
    }

    /// The sources that are compared, the old one first.
    #[must_use]
    pub fn sources(&self) -> [&str; 2] {
        [&self.old.source, &self.new.source]
    }

    /// Passes each difference to `found`, in the order of the keys, until that breaks off.
    ///
    /// # Errors
    /// A key that is blank or that two records of a table share; the book can't be read; the work was stopped.
    pub fn run(&self, found: &mut dyn FnMut(Difference<'_>) -> ControlFlow<Error>) -> std::result::Result<(), Error> {
        let stop = self.new.book.stop();
        let failed = |error: &rusqlite::Error| match error.sqlite_error_code() {
            _ if stop.is_raised() => stop.cause(),
            // What is sorted goes to files of SQLite's own where it is much.
            Some(ErrorCode::DiskFull) => {
                let cause = StoreCause::CannotWrite("their disk is full; `TMPDIR` names another place".to_owned());
                StoreError { path: "temporary files".into(), cause }.into()
            }
            _ => self.new.book.error(error),
        };
        let (old_connection, new_connection) = (self.old.connect()?, self.new.connect()?);
        for (table, connection) in [(&self.old, &old_connection), (&self.new, &new_connection)] {
            for check in [Self::check_blank_keys, Self::check_unique_keys] {
                check(self, connection, table).map_err(|error| failed(&error))?.map_or(Ok(()), Err)?;
            }
        }
        let mut merge = || -> Result<ControlFlow<Error>> {
            let mut old = old_connection.prepare(&self.query(&self.old, |(old, _)| old))?;
            let mut new = new_connection.prepare(&self.query(&self.new, |(_, new)| new))?;
            self.merge(&mut old.query([])?, &mut new.query([])?, found)
        };
        match merge().map_err(|error| failed(&error))? {
            ControlFlow::Break(error) => Err(error),
            ControlFlow::Continue(()) => Ok(()),
        }
    }

    /// The statement that reads a table in the order of its key.
    fn query(&self, table: &ComparedTable<'_>, of: fn(&(ViewColumn, ViewColumn)) -> &ViewColumn) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| key_expression(table, key)).collect();
        let cells = self.columns.iter().map(|pair| quote_identifier(&of(pair).name));
        let cells: Vec<String> = cells.map(|cell| format!(", {cell}")).collect();
        let order: Vec<String> = (1..=keys.len()).map(|at| at.to_string()).collect();
        format!(
            "select {}, record{} from main.{} order by {}",
            keys.join(", "),
            cells.concat(),
            quote_identifier(&table.view.name),
            order.join(", ")
        )
    }

    /// The error of a key that is blank.
    fn check_blank_keys(&self, connection: &Connection, table: &ComparedTable<'_>) -> Result<Option<Error>> {
        let keys = self.keys.iter().map(|key| key_expression(table, key));
        let blank: Vec<String> = keys.map(|key| format!("{key} is null")).collect();
        let sql = format!(
            "select record, count(*) over () from main.{} where {} limit {MAX_NAMED}",
            quote_identifier(&table.view.name),
            blank.join(" or ")
        );
        let found = counted(connection, &sql, |row| Ok(table.place(&row.get::<_, String>(0)?)))?;
        Ok(found.map(|(places, count)| {
            let (names, source) = (self.keys.join(", "), &table.source);
            let records = human::count(count.unsigned_abs(), "record");
            let message = format!("the key `{names}` is blank in {records} of {source}: {places}");
            usage_error(&message, "name other columns by `--key`, with commas between several")
        }))
    }

    /// The error of a key that several records share.
    fn check_unique_keys(&self, connection: &Connection, table: &ComparedTable<'_>) -> Result<Option<Error>> {
        let keys: Vec<String> = self.keys.iter().map(|key| key_expression(table, key)).collect();
        let view = quote_identifier(&table.view.name);
        let number = "cast(substr(record, instr(record, ':') + 1) as integer)";
        let keys = keys.join(", ");
        let sql = format!(
            "select concat_ws(', ', {keys}), count(*) over (), min({number}), max({number}) from main.{view} \
             group by {keys} having count(*) > 1 limit {MAX_NAMED}"
        );
        let source = &table.source;
        let found = counted(connection, &sql, |row| {
            let (first, last): (i64, i64) = (row.get(2)?, row.get(3)?);
            let [first, last] = [first, last].map(|number| table.place(&format!("{source}:{number}")));
            Ok(format!("`{}` is that of {first} and {last}", row.get::<_, String>(0)?))
        })?;
        Ok(found.map(|(places, _)| {
            let message = format!("the key `{}` is not unique in {source}: {places}", self.keys.join(", "));
            usage_error(&message, "name further columns by `--key`, with commas between")
        }))
    }

    fn merge(
        &self,
        old: &mut Rows<'_>,
        new: &mut Rows<'_>,
        found: &mut dyn FnMut(Difference<'_>) -> ControlFlow<Error>,
    ) -> Result<ControlFlow<Error>> {
        let (mut left, mut right) = (self.next(old)?, self.next(new)?);
        loop {
            let order = match (&left, &right) {
                (None, None) => return Ok(ControlFlow::Continue(())),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(left), Some(right)) => left.key.cmp(&right.key),
            };
            let told = match (&left, &right, order) {
                (Some(record), _, Ordering::Less) => found(Difference::Removed(record)),
                (_, Some(record), Ordering::Greater) => found(Difference::Added(record)),
                (Some(left), Some(right), _) => changes(left, right, found),
                _ => ControlFlow::Continue(()),
            };
            if told.is_break() {
                return Ok(told);
            }
            if order != Ordering::Greater {
                left = self.next(old)?;
            }
            if order != Ordering::Less {
                right = self.next(new)?;
            }
        }
    }

    fn next(&self, rows: &mut Rows<'_>) -> Result<Option<ComparedRecord>> {
        let Some(row) = rows.next()? else { return Ok(None) };
        let count = self.keys.len();
        let key = (0..count).map(|at| Ok(cell(row, at)?.unwrap_or_default())).collect::<Result<_>>()?;
        let cells = (count + 1..=count + self.columns.len()).map(|at| cell(row, at)).collect::<Result<_>>()?;
        Ok(Some(ComparedRecord { record: cell(row, count)?.unwrap_or_default(), key, cells }))
    }
}

/// The columns of a table that another does not have.
fn lone_columns<'t>(table: &'t ComparedTable<'_>, other: &ComparedTable<'_>) -> Vec<&'t str> {
    let lone = table.view.columns.iter().filter(|column| other.view.column(&column.name).is_none());
    lone.map(|column| &*column.name).collect()
}

/// The first rows of a statement in words, and the number of all, which is its second column; `None` if there are none.
fn counted(
    connection: &Connection,
    sql: &str,
    words: impl Fn(&Row<'_>) -> Result<String>,
) -> Result<Option<(String, i64)>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((words(row)?, row.get(1)?)))?;
    let found: Vec<(String, i64)> = rows.collect::<Result<_>>()?;
    let Some(&(_, count)) = found.first() else { return Ok(None) };
    let more = count - i64::try_from(found.len()).unwrap_or(count);
    let end = if more > 0 { format!(", and {more} more") } else { String::new() };
    let found: Vec<String> = found.into_iter().map(|(words, _)| words).collect();
    Ok(Some((format!("{}{end}", found.join(", ")), count)))
}

/// A column of a key as text in SQL, without what a number rests on.
fn key_expression(table: &ComparedTable<'_>, key: &str) -> String {
    let name = quote_identifier(key);
    match table.view.column(key).map(|column| column.kind) {
        Some(ColumnKind::Quantity) => {
            format!("substr({name}, 1, coalesce(nullif(instr({name}, ' ['), 0) - 1, length({name})))")
        }
        Some(ColumnKind::Integer) => format!("cast({name} as text)"),
        _ => name,
    }
}

/// Passes each cell in which two records differ on, or that they are alike.
fn changes(
    left: &ComparedRecord,
    right: &ComparedRecord,
    found: &mut dyn FnMut(Difference<'_>) -> ControlFlow<Error>,
) -> ControlFlow<Error> {
    let mut is_same = true;
    for (column, (old, new)) in left.cells.iter().zip(&right.cells).enumerate() {
        let cells = [old.as_deref(), new.as_deref()];
        if cells[0].map(stated) != cells[1].map(stated) {
            is_same = false;
            found(Difference::Changed { records: [left, right], column, cells })?;
        }
    }
    if is_same { found(Difference::Same) } else { ControlFlow::Continue(()) }
}

/// A cell without the record that a number in it rests on.
fn stated(cell: &str) -> &str {
    cell.rsplit_once(" [S").filter(|(_, record)| record.ends_with(']')).map_or(cell, |(value, _)| value)
}

fn cell(row: &Row<'_>, at: usize) -> Result<Option<String>> {
    Ok(match row.get_ref(at)? {
        ValueRef::Null => None,
        ValueRef::Integer(whole) => Some(whole.to_string()),
        ValueRef::Real(real) => Some(real.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    })
}
