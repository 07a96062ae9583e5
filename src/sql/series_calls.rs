//! The calls of `at(series, key, date)` in a statement. Its series is read once, when the statement is prepared, and each row looks
//! its value up: the cost is that of one reading and one search a row. The series does not see the statement around it.

use super::diagnostics::{SCRIPT_SOURCE, StatementContext};
use super::result::Note;
use super::series_columns::{SeriesColumns, SeriesTable};
use super::{Cell, Column};
use crate::error::{Error, FunctionCause, SqlCause};
use crate::store::udf::{AT, GIVEN_LOOKUP_FUNCTION, LOOKUP_FUNCTION};
use crate::store::{Dependencies, LoadedSeries, OpenSeries, TAG_FUNCTION, quote_identifier};
use crate::syntax::expr::Tokens;
use crate::syntax::sql::tokens;
use crate::syntax::{Text, TokenKind};
use rusqlite::types::Value;
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// The most series that are read one within the other.
const MAX_DEPTH: usize = 8;

/// Rows of a series per read.
const CHUNK_ROWS: usize = 256;

/// The rows of a series, as a statement that has been prepared.
pub(super) trait SeriesRows {
    /// Their columns.
    fn columns(&self) -> &[Column];
    /// For each column, true if its numbers are a person's.
    fn user_supplied(&self) -> &[bool];
    /// Reads up to `most` more rows into `rows`; true if they have ended.
    fn fetch(&mut self, most: usize, rows: &mut Vec<Vec<Cell<'static>>>) -> Result<bool, Error>;
    /// The assumptions that those read may rest on.
    fn reliance(&self) -> Dependencies;
}

/// Prepares the statement at a range of a text.
pub(super) type PrepareSeries<'p> = &'p dyn Fn(&Text, Range<usize>) -> Result<Box<dyn SeriesRows>, Error>;

/// A call of `at` with the series that it looks values up in.
pub(super) struct SeriesCall {
    /// The bytes of the statement from the function's name to the end of its first argument.
    pub(super) head: Range<usize>,
    /// The place behind its closing parenthesis.
    pub(super) end: usize,
    series: Rc<ReadSeries>,
}

/// A series that has been read.
struct ReadSeries {
    open: OpenSeries,
    is_quantity: bool,
    is_user_supplied: bool,
    reliance: Dependencies,
    /// The note that describes it; `None` where the statement says it itself.
    note: Option<Note>,
}

impl SeriesCall {
    /// The text in the place of the head.
    pub(super) fn lowered_head(&self) -> String {
        let lookup = if self.series.is_user_supplied { GIVEN_LOOKUP_FUNCTION } else { LOOKUP_FUNCTION };
        let tag = if self.series.is_quantity { format!("{TAG_FUNCTION}(") } else { String::new() };
        // The comment is what a column's name is mapped back by.
        format!("{tag}{lookup}({}/*at*/", self.series.open.number)
    }

    /// The text behind the call.
    pub(super) fn lowered_end(&self) -> &'static str {
        if self.series.is_quantity { ", 'at(…)'/*at*/)" } else { "" }
    }

    /// The assumptions that the rows of its series may rest on.
    pub(super) fn reliance(&self) -> &Dependencies {
        &self.series.reliance
    }

    /// The note under an answer that describes its series.
    pub(super) fn note(&self) -> Option<&Note> {
        self.series.note.as_ref()
    }
}

/// The first argument of a call: what the series is.
enum Named<'s> {
    /// A table, and the column that has its values.
    Table { name: Cow<'s, str>, column: Option<Cow<'s, str>> },
    /// A query in parentheses, by its bytes in the statement.
    Query(Range<usize>),
}

/// Reads the series of every call of `at` in a statement.
///
/// # Errors
/// A series that can't be read, or of other columns; a view that would keep a call.
pub(super) fn read_all(
    context: &StatementContext,
    prepare: PrepareSeries<'_>,
    depth: usize,
) -> Result<Vec<SeriesCall>, Error> {
    let sql = context.sql();
    if !mentions_call(sql) {
        return Ok(Vec::new());
    }
    let statement = Tokens::new(sql);
    let (mut found, mut known, mut at) = (Vec::new(), Vec::<((&str, bool), Rc<ReadSeries>)>::new(), 0);
    while at < statement.count() {
        let Some((argument, has_key, end)) = call(&statement, at) else {
            at += 1;
            continue;
        };
        let bytes = statement.bytes(&argument);
        let reader = SeriesReader { context, prepare, depth, argument: bytes.clone(), has_key };
        let Some(named) = named(&statement, &argument) else {
            at += 1;
            continue;
        };
        if is_view(&statement) {
            let help = "keep its rows in a variable, which SQL reads as a table: `let found = query(\"select …\")`";
            return Err(reader.fail(SqlCause::refused(
                "a view can't keep `at`, whose series is read when a question is asked",
                help,
            )));
        }
        let head = statement.bytes(&(at..at + 1)).start..bytes.end;
        let end = statement.bytes(&(end - 1..end)).end;
        // A ratio of two values, as of an index, reads their series once.
        let text = (&sql[bytes], has_key);
        let series = match known.iter().find(|(known, _)| *known == text) {
            Some((_, series)) => Rc::clone(series),
            None => Rc::new(reader.read(&named)?),
        };
        known.push((text, Rc::clone(&series)));
        found.push(SeriesCall { head, end, series });
        at = argument.end;
    }
    Ok(found)
}

/// A statement without the text of its series, which are read for themselves.
pub(super) fn without_series<'s>(sql: &'s str, series: &[SeriesCall]) -> Cow<'s, str> {
    let mut own = Cow::Borrowed(sql);
    for call in series.iter().rev() {
        own.to_mut().replace_range(call.head.clone(), "at(null");
    }
    own
}

/// True if a text may call `at`: most do not, and are not taken apart.
fn mentions_call(sql: &str) -> bool {
    let mut rest = sql;
    while let Some(open) = rest.find('(') {
        let before = rest[..open].trim_end();
        if before.len() >= AT.len() && before.is_char_boundary(before.len() - AT.len()) {
            let (head, word) = before.split_at(before.len() - AT.len());
            if word.eq_ignore_ascii_case(AT) && !head.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                return true;
            }
        }
        rest = &rest[open + 1..];
    }
    false
}

/// Words before a table that is called `at`.
const BEFORE_TABLE: [&str; 11] =
    ["into", "table", "exists", "view", "from", "join", "update", "with", "recursive", ".", "index"];

/// The first argument of a call at a place, true if a key follows, and the place behind the call.
fn call(tokens: &Tokens<'_>, at: usize) -> Option<(Range<usize>, bool, usize)> {
    let is_call = tokens.word(at) == AT && tokens.word(at + 1) == "(";
    let before = at.checked_sub(1).map(|before| tokens.word(before)).unwrap_or_default();
    let is_indexed = &*before == "on" && tokens.word(0) == "create";
    let is_table = is_indexed || BEFORE_TABLE.contains(&&*before);
    let (arguments, end) = tokens.arguments(at + 1).filter(|_| is_call && !is_table)?;
    let is_cte = tokens.word(end) == "as" && ["(", "not", "materialized"].contains(&&*tokens.word(end + 1));
    let is_filled = arguments.iter().all(|argument| !argument.is_empty());
    let has_key = arguments.len() == 3;
    (is_filled && !is_cte && (has_key || arguments.len() == 2)).then(|| (arguments[0].clone(), has_key, end))
}

/// The series that an argument names; `None` for any other expression.
fn named<'s>(tokens: &Tokens<'s>, argument: &Range<usize>) -> Option<Named<'s>> {
    let inner = tokens.without_parentheses(argument);
    if inner.len() < argument.len() && ["select", "with", "values"].contains(&&*tokens.word(inner.start)) {
        return Some(Named::Query(tokens.bytes(&inner)));
    }
    let part = |at: usize| {
        let text = tokens.text(&(at..at + 1));
        match tokens.kind(at)? {
            TokenKind::Word => Some(Cow::Borrowed(text)),
            TokenKind::QuotedName | TokenKind::String => Some(unquoted(text)),
            _ => None,
        }
    };
    match argument.len() {
        1 if tokens.kind(argument.start) == Some(TokenKind::String) => {
            let text = part(argument.start)?;
            let (name, column) = text.split_once('.').map_or((&*text, None), |(name, column)| (name, Some(column)));
            Some(Named::Table { name: name.to_owned().into(), column: column.map(|column| column.to_owned().into()) })
        }
        1 if tokens.word(argument.start) == "null" => None,
        1 => Some(Named::Table { name: part(argument.start)?, column: None }),
        3 if tokens.word(argument.start + 1) == "." => {
            Some(Named::Table { name: part(argument.start)?, column: Some(part(argument.start + 2)?) })
        }
        _ => None,
    }
}

/// A quoted name or text without its quotes.
fn unquoted(text: &str) -> Cow<'_, str> {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or(text);
    match text.chars().next() {
        Some(quote @ ('\'' | '"' | '`')) if inner.contains(quote) => {
            Cow::Owned(inner.replace(&quote.to_string().repeat(2), &quote.to_string()))
        }
        _ => Cow::Borrowed(inner),
    }
}

/// True if a statement makes a view.
fn is_view(tokens: &Tokens<'_>) -> bool {
    tokens.word(0) == "create" && (1..4).any(|at| tokens.word(at) == "view")
}

/// Reads the series of one call.
struct SeriesReader<'c> {
    context: &'c StatementContext,
    prepare: PrepareSeries<'c>,
    depth: usize,
    /// The bytes of the argument that says what the series is.
    argument: Range<usize>,
    has_key: bool,
}

impl SeriesReader<'_> {
    fn read(&self, named: &Named<'_>) -> Result<ReadSeries, Error> {
        if self.depth >= MAX_DEPTH {
            let help = "make a table of the inner ones by `create temp table`";
            return Err(self.fail(SqlCause::refused("series of series of series: too many one within the other", help)));
        }
        match named {
            Named::Query(range) => {
                let start = self.context.range.start;
                let range = start + range.start..start + range.end;
                let prepared = (self.prepare)(&self.context.text, range)?;
                let columns = SeriesColumns::of_query(prepared.columns(), self.has_key)
                    .map_err(|cause| self.fail(SqlCause::Function(cause)))?;
                let note = self.note_of_query(prepared.columns(), columns);
                self.rows(prepared, columns, note)
            }
            Named::Table { name, column } => self.read_table(name, column.as_deref()),
        }
    }

    /// The note on the value of a query, if it is a column of one imported table that the query names.
    fn note_of_query(&self, names: &[Column], columns: SeriesColumns) -> Option<Note> {
        let text = &self.context.sql()[self.argument.clone()];
        let is_named = |name: &str| tokens(text).any(|token| token.name(text).eq_ignore_ascii_case(name));
        let value = &names[columns.value].name;
        let query = Tokens::new(text);
        // A value that is computed is no cell, whatever its name.
        let is_selected = |at: usize| {
            query.text(&(at..at + 1)).eq_ignore_ascii_case(value)
                && ["select", ",", "."].contains(&&*query.word(at.wrapping_sub(1)))
                && [",", "from"].contains(&&*query.word(at + 1))
        };
        if !(1..query.count()).any(is_selected) {
            return None;
        }
        let imported = self.context.book.catalogue().imported();
        let mut found = imported.filter(|view| is_named(&view.name) && view.column(value).is_some());
        let view = found.next().filter(|_| found.next().is_none())?;
        let table = SeriesTable { name: &view.name, columns: names, view: Some(view), dates: &[], units: &[] };
        Some(Note::new("series", &view.name, &table.describe(columns)))
    }

    /// Reads a whole table.
    fn read_table(&self, name: &str, column: Option<&str>) -> Result<ReadSeries, Error> {
        let book = &self.context.book;
        let quoted = quote_identifier(name);
        let whole = self.prepare_text(&format!("select * from {quoted}"))?;
        let [dates, units] = book.dates_and_units_of(name).map_err(|error| self.context.step_error(error))?;
        let view = book.catalogue().find(name);
        let table = SeriesTable { name, columns: whole.columns(), view, dates: &dates, units: &units };
        let columns = SeriesColumns::of_table(&table, column, self.has_key)
            .map_err(|cause| self.fail(SqlCause::Function(cause)))?;
        let note = Note::new("series", name, &table.describe(columns));
        // No more is read than is needed.
        let chosen = columns.key.into_iter().chain([columns.date, columns.value]);
        let chosen: Vec<String> = chosen.map(|at| quote_identifier(&whole.columns()[at].name)).collect();
        drop(whole);
        let prepared = self.prepare_text(&format!("select {} from {quoted}", chosen.join(", ")))?;
        let first = usize::from(self.has_key);
        let columns = SeriesColumns { key: self.has_key.then_some(0), date: first, value: first + 1 };
        self.rows(prepared, columns, Some(note))
    }

    /// Prepares a query of the whole table; an error of it is one of the argument.
    fn prepare_text(&self, sql: &str) -> Result<Box<dyn SeriesRows>, Error> {
        let text = Text::new(SCRIPT_SOURCE, sql);
        (self.prepare)(&text, 0..sql.len()).map_err(|error| match error {
            Error::Sql(error) => self.fail(self.beside_ctes(error.cause)),
            other => other,
        })
    }

    /// The cause of a missing table; one that the statement itself defines is not seen by its series.
    fn beside_ctes(&self, cause: SqlCause) -> SqlCause {
        let SqlCause::UnknownTable { table, near, help, .. } = &cause else { return cause };
        let statement = Tokens::new(self.context.sql());
        let is_cte = |at: usize| {
            statement.word(at).trim_matches(['"', '`', '[', ']']) == table.to_ascii_lowercase()
                && ["with", "recursive", ","].contains(&&*statement.word(at.wrapping_sub(1)))
                && ["as", "("].contains(&&*statement.word(at + 1))
        };
        if !(1..statement.count()).any(is_cte) {
            let in_script = &*self.context.text.source == SCRIPT_SOURCE;
            return SqlCause::UnknownTable { table: table.clone(), near: near.clone(), in_script, help: help.clone() };
        }
        let message = format!("a series is read before the statement that defines `{table}`");
        SqlCause::refused(message, "write its query as the first argument: `at((select …), …)`")
    }

    /// Reads the rows of a series.
    fn rows(
        &self,
        mut prepared: Box<dyn SeriesRows>,
        columns: SeriesColumns,
        note: Option<Note>,
    ) -> Result<ReadSeries, Error> {
        let (mut series, mut rows) = (LoadedSeries::default(), Vec::new());
        loop {
            let is_end = prepared.fetch(CHUNK_ROWS, &mut rows)?;
            for row in rows.drain(..) {
                self.add(&mut series, row, columns, prepared.columns())?;
            }
            if is_end {
                break;
            }
        }
        let is_user_supplied = prepared.user_supplied()[columns.value];
        let is_quantity = prepared.columns()[columns.value].is_quantity;
        let reliance = prepared.reliance();
        let open = self.context.book.open_series(series);
        Ok(ReadSeries { open, is_quantity, is_user_supplied, reliance, note })
    }

    /// Adds a row; one whose value is NULL states nothing.
    fn add(
        &self,
        series: &mut LoadedSeries,
        mut row: Vec<Cell<'static>>,
        columns: SeriesColumns,
        names: &[Column],
    ) -> Result<(), Error> {
        let value = match std::mem::replace(&mut row[columns.value], Cell::Null) {
            Cell::Null => return Ok(()),
            Cell::Quantity(quantity) => Value::Text(quantity.full_text()),
            Cell::Integer(whole) => Value::Integer(whole),
            Cell::Real(real) | Cell::StoredReal(real) => Value::Real(real),
            Cell::Text(text) => Value::Text(text.into_owned()),
            Cell::Blob(bytes) => Value::Blob(bytes.into_owned()),
            Cell::Truth(truth) => Value::Integer(truth.into()),
            Cell::Decimal(decimal) => Value::Text(decimal.to_string()),
        };
        let text = |at: usize| match &row[at] {
            Cell::Null => Ok(None),
            Cell::Integer(whole) => Ok(Some(Cow::Owned(whole.to_string()))),
            Cell::Text(text) => Ok(Some(Cow::Borrowed(&**text))),
            _ => {
                let message = format!("`{}` of a series is neither text nor a whole number", names[at].name);
                Err(self.fail(SqlCause::Function(FunctionCause::argument(message, "a date is a text, or a year"))))
            }
        };
        let key = columns.key.map(text).transpose()?;
        let Some(date) = text(columns.date)? else {
            let message = format!("a row of the series has no `{}`", names[columns.date].name);
            let help = format!("leave it out: `where {} is not null`", names[columns.date].name);
            return Err(self.fail(SqlCause::Function(FunctionCause::argument(message, help))));
        };
        // A value without a key is nobody's.
        if key == Some(None) {
            return Ok(());
        }
        let added = series.dates.insert(key.flatten().as_deref(), &date, series.values.len());
        added.map_err(|cause| self.fail(SqlCause::Function(cause)))?;
        series.values.push(value);
        Ok(())
    }

    /// An error at the argument.
    fn fail(&self, cause: SqlCause) -> Error {
        self.context.at(cause, self.argument.start, self.argument.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Named, call, mentions_call, named};
    use crate::syntax::expr::Tokens;

    /// The series of the first call.
    fn first(sql: &str) -> Option<String> {
        let tokens = Tokens::new(sql);
        let (argument, ..) = (0..tokens.count()).find_map(|at| call(&tokens, at))?;
        named(&tokens, &argument).map(|named| match named {
            Named::Table { name, column: None } => name.into_owned(),
            Named::Table { name, column: Some(column) } => format!("{name} . {column}"),
            Named::Query(range) => sql[range].to_owned(),
        })
    }

    #[test]
    fn the_series_is_a_table_a_column_or_a_query() {
        for (sql, series) in [
            ("select at('gdp', donor, 2024) from t", Some("gdp")),
            ("select At ( \"it's\" , donor, 2024)", Some("it's")),
            ("select at('o''neill.usd', day)", Some("o'neill . usd")),
            ("select 1 + at(rates.usd, day)", Some("rates . usd")),
            ("select at(((select a, b from t)), day)", Some("select a, b from t")),
            ("select * from t join gdp on at(gdp, day) > 0", Some("gdp")),
            ("create index i on at(a, b)", None),
            ("select at(lower('x'), day)", None),
            ("select at('gdp')", None),
            ("select at('gdp', )", None),
            ("insert into at(a, b) values (1, 2)", None),
            ("with at(a, b) as (select 1, 2) select * from at", None),
            ("with c as (select 1), at(a, b) as materialized (select 1, 2) select * from at", None),
        ] {
            assert_eq!(first(sql).as_deref(), series, "{sql}");
        }
    }

    #[test]
    fn few_statements_are_taken_apart() {
        assert!(mentions_call("select at('gdp', 2024)") && mentions_call("select AT\n (gdp, 2024)"));
        assert!(!mentions_call("select concat('at', x), format(1), at from t where (1)"));
        assert!(!mentions_call("é(") && !mentions_call("(") && !mentions_call("t("));
    }
}
