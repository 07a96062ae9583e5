//! Queries of the program's own: rows of the public views by their id, and the ids and names of a kind, for explaining,
//! completion and parameters of scripts. Facts and open questions are in `facts`, tables and columns in `schema`.

mod facts;
mod pledges;
mod schema;

pub use facts::{Extent, FactEntry, FactLimit, QuestionEntry, SourceEntry, SupersededFigure};
pub use pledges::PledgeParties;
pub use schema::{Affinity, RelationKind, StoredColumn, TextFilter};

use crate::quantity::{Quantity, Unit};
use crate::store::Book;
use crate::store::catalogue::{ColumnKind, View};
use crate::store::quote_identifier;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Result, Row};
use std::collections::BTreeSet;

/// A row of a view: each column's name and text; `None` for NULL.
pub type ViewRow = Vec<(String, Option<String>)>;

/// The most characters of a text that is listed with others.
const MAX_LISTED_CHARS: usize = 40;

/// The rows from which texts of a column are taken.
const SAMPLED_ROWS: usize = 2_000;

/// The most different texts of a column that are taken.
const SAMPLED_TEXTS: usize = 300;

impl Book {
    /// The rows with this id and their view; `None` if no view has it.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn records(&self, id: &str) -> Result<Option<(&View, Vec<ViewRow>)>> {
        for view in self.catalogue.iter().filter(|view| view.column("id").is_some()) {
            let found = self.rows(view, "where id = ?1", &[id])?;
            if !found.is_empty() {
                return Ok(Some((view, found)));
            }
        }
        Ok(None)
    }

    /// True if a view or table of this name has rows, or something has this id.
    ///
    /// # Errors
    /// As [`Book::records`].
    pub fn has(&self, name: &str) -> Result<bool> {
        let is_relation =
            "select exists (select 1 from main.sqlite_schema where type in ('table', 'view') and name = ?1)";
        if self.query_row(is_relation, [name], |row| row.get(0))? {
            let sql = format!("select exists (select 1 from main.{})", quote_identifier(name));
            return self.query_row(&sql, [], |row| row.get(0));
        }
        Ok(self.records(name)?.is_some())
    }

    /// The sample row of a view, for examples; `None` if this book does not have it.
    ///
    /// # Errors
    /// As [`Book::records`].
    pub fn sample(&self, view: &View) -> Result<Option<ViewRow>> {
        Ok(self.rows(view, &format!("where {}", view.sample), &[])?.into_iter().next())
    }

    /// The name by which a column of a view has the only actor that a text names.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn actor_called(&self, view: &View, column: &str, text: &str) -> Result<Option<String>> {
        let mut held = Vec::new();
        for name in self.actors_named(text)? {
            if self.has_text(view, column, "=", &name)? {
                held.push(name);
            }
        }
        let only = held.pop().filter(|_| held.is_empty());
        Ok(only)
    }

    /// True if a row of a view has a text in a column, by `=`, `like` or `glob`.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn has_text(&self, view: &View, column: &str, operator: &str, text: &str) -> Result<bool> {
        let (view, column) = (quote_identifier(&view.name), quote_identifier(column));
        let sql = format!("select exists (select 1 from main.{view} where {column} {operator} ?1)");
        self.query_row(&sql, [text], |row| row.get(0))
    }

    /// The texts of a column of a view, in their order; none where they are more than `most`, or long.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn few_texts(&self, view: &View, column: &str, most: usize) -> Result<Vec<String>> {
        let (view, column) = (quote_identifier(&view.name), quote_identifier(column));
        let sql = format!("select distinct {column} from main.{view} where {column} is not null limit {}", most + 1);
        let mut texts: Vec<String> = self.query_rows(&sql, [], |row| row.get(0))?;
        if texts.len() > most || texts.iter().any(|text| text.chars().count() > MAX_LISTED_CHARS) {
            texts.clear();
        }
        texts.sort_unstable();
        Ok(texts)
    }

    /// Some different texts of a column of a view, from its first rows.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn some_texts(&self, view: &View, column: &str) -> Result<Vec<String>> {
        let (view, column) = (quote_identifier(&view.name), quote_identifier(column));
        let sql = format!(
            "select distinct v from (select {column} as v from main.{view} limit {SAMPLED_ROWS}) where typeof(v) = 'text' limit {SAMPLED_TEXTS}"
        );
        self.query_rows(&sql, [], |row| row.get(0))
    }

    /// The texts of a column of a view that begin with another and are longer, of which the first is shown; for an empty one, those longer
    /// than a day.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn longer_texts(&self, view: &View, column: &str, beginning: &str) -> Result<(u64, Option<String>)> {
        let (view, column) = (quote_identifier(&view.name), quote_identifier(column));
        let sql = format!(
            "select count(*), min({column}) from main.{view} where substr({column}, 1, length(?1)) = ?1 \
             and length({column}) > iif(?1 = '', 10, length(?1))"
        );
        self.query_row(&sql, [beginning], |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?)))
    }

    /// The rows of a view with a text in a column, and the first text, if no function of dates reads any of them.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn unread_dates(&self, view: &View, column: &str) -> Result<Option<(u64, String)>> {
        let (view, column) = (quote_identifier(&view.name), quote_identifier(column));
        let is_read = format!("select exists (select 1 from main.{view} where julianday({column}) is not null)");
        if self.query_row(&is_read, [], |row| row.get(0))? {
            return Ok(None);
        }
        let sql = format!("select count({column}), min({column}) from main.{view}");
        self.query_row(&sql, [], |row| {
            let first: Option<String> = row.get(1)?;
            Ok(Some(row.get::<_, i64>(0)?.unsigned_abs()).zip(first))
        })
    }

    /// A date by a format of `strftime`; `None` where SQLite does not know it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn written_date(&self, format: &str, date: &str) -> Result<Option<String>> {
        self.query_row("select strftime(?1, ?2)", [format, date], |row| row.get(0))
    }

    /// The part of a text at places that are numbers, as `substr` has them.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn part_of(&self, text: &str, places: &str) -> Result<String> {
        self.query_row(&format!("select substr(?1, {places})"), [text], |row| row.get(0))
    }

    /// True if a view has no rows since the book has no facts.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn is_without_facts(&self, view: &View) -> Result<bool> {
        let name = quote_identifier(&view.name);
        let sql = format!("select not exists (select 1 from main.fact) and not exists (select 1 from main.{name})");
        self.query_row(&sql, [], |row| row.get(0))
    }

    /// The text that a column of a view has in another letter case; `None` where it has this one, or neither.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn in_other_case(&self, view: &View, column: &str, text: &str) -> Result<Option<String>> {
        let sql = format!(
            "select min({0}) from main.{1} where {0} = ?1 collate nocase having sum({0} = ?1) = 0",
            quote_identifier(column),
            quote_identifier(&view.name)
        );
        self.query_row(&sql, [text], |row| row.get(0)).optional().map(Option::flatten)
    }

    /// The unit that the quantities in a column have in common, in its first 500 rows; `None` if there is none or more
    /// than one.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn only_unit(&self, view: &View, column: &str) -> Result<Option<String>> {
        let Some(column) = view.column(column).filter(|column| column.kind == ColumnKind::Quantity) else {
            return Ok(None);
        };
        let sql = format!(
            "select {0} from main.{1} where {0} is not null limit 500",
            quote_identifier(&column.name),
            quote_identifier(&view.name)
        );
        let forms: Vec<String> = self.query_rows(&sql, [], |row| row.get(0))?;
        let quantities = forms.iter().filter_map(|form| form.parse::<Quantity>().ok());
        let units: BTreeSet<String> = quantities.filter_map(|quantity| quantity.unit().map(Unit::to_string)).collect();
        let mut named = units.iter().filter(|unit| *unit != "1");
        let without = if forms.is_empty() { None } else { Some("1".to_owned()) };
        Ok(match (named.next(), named.next()) {
            (None, _) => without,
            (Some(unit), None) => Some(unit.clone()),
            _ => None,
        })
    }

    pub(in crate::store) fn rows(&self, view: &View, condition: &str, values: &[&str]) -> Result<Vec<ViewRow>> {
        let columns: Vec<String> = view.columns.iter().map(|column| quote_identifier(&column.name)).collect();
        let view_name = quote_identifier(&view.name);
        let sql = format!("select {} from main.{view_name} {condition}", columns.join(", "));
        self.query_rows(&sql, rusqlite::params_from_iter(values), |row| record(view, row))
    }

    /// The ids of the facts that mention an actor.
    ///
    /// # Errors
    /// As [`Book::records`].
    pub(in crate::store) fn mentions_of(&self, actor: &str) -> Result<Vec<String>> {
        let sql = "select fact from main.mentions where actor = ?1";
        self.query_rows(sql, [actor], |row| row.get(0))
    }
}

fn record(view: &View, row: &Row<'_>) -> Result<ViewRow> {
    let cell = |at: usize| -> Result<Option<String>> {
        Ok(match row.get_ref(at)? {
            ValueRef::Null => None,
            ValueRef::Integer(whole) => Some(whole.to_string()),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Real(real) => Some(real.to_string()),
        })
    };
    view.columns.iter().enumerate().map(|(at, column)| Ok((column.name.to_string(), cell(at)?))).collect()
}

/// The most ids of a kind in a list for completion.
const MAX_IDS: usize = 2_000;

/// An id with its text in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdSummary {
    /// `F29`.
    pub id: String,
    /// The text of the fact, question, pledge or tension.
    pub summary: String,
    /// The public view of whose row it is the id in a script; `None` if it is that of a quantity.
    pub view: Option<&'static str>,
}

impl Book {
    /// Facts, open questions, pledges and tensions, by id.
    ///
    /// # Errors
    /// The book is a plain database, or can't be read.
    pub fn id_summaries(&self) -> Result<Vec<IdSummary>> {
        let sql = format!(
            "select * from (select f.id, f.gloss, 'facts', exists (select 1 from main.figures where figures.id = f.id) \
             from main.facts f order by f.id limit {MAX_IDS}) \
             union all select * from (select id, question, 'unknowns', 1 from main.unknowns order by id limit {MAX_IDS}) \
             union all select * from (select distinct id, concat_ws(' ', provider, 'to', recipient || ':', instrument), 'pledges', 0 from main.pledges order by id limit {MAX_IDS}) \
             union all select * from (select id, statement, 'tensions', 0 from main.tensions order by id limit {MAX_IDS})"
        );
        self.query_rows(&sql, [], |row| {
            let (view, is_quantity): (String, bool) = (row.get(2)?, row.get(3)?);
            let view = ["facts", "pledges", "tensions"].into_iter().find(|known| *known == view && !is_quantity);
            Ok(IdSummary { id: row.get(0)?, summary: row.get::<_, Option<String>>(1)?.unwrap_or_default(), view })
        })
    }

    /// The assumptions that the book lists: id and statement.
    ///
    /// # Errors
    /// As [`Book::id_summaries`].
    pub fn assumption_summaries(&self) -> Result<Vec<(String, String)>> {
        self.summaries(&format!("select id, statement from main.assumptions order by id limit {MAX_IDS}"))
    }

    /// The sources that can be preferred: id and description.
    ///
    /// # Errors
    /// As [`Book::id_summaries`].
    pub fn source_summaries(&self) -> Result<Vec<(String, String)>> {
        self.summaries(&format!("select id, description from main.source order by length(id), id limit {MAX_IDS}"))
    }

    fn summaries(&self, sql: &str) -> Result<Vec<(String, String)>> {
        self.query_rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Every id that scripts can name: facts, unknowns, pledges, tensions.
    ///
    /// # Errors
    /// The book is a plain database, or can't be read.
    pub fn ids(&self) -> Result<Vec<String>> {
        self.id_column(
            "select id from main.facts union all select id from main.unknowns \
             union all select distinct id from main.pledges union all select id from main.tensions",
        )
    }

    /// The public view that has a record of this id.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn view_of_id(&self, id: &str) -> Result<Option<String>> {
        for view in self.catalogue.of_book().filter(|view| view.column("id").is_some()) {
            let sql = format!("select exists (select 1 from main.{} where id = ?1)", quote_identifier(&view.name));
            if self.query_row(&sql, [id], |row| row.get(0))? {
                return Ok(Some(view.name.to_string()));
            }
        }
        Ok(None)
    }

    /// The ids of every pledge and of every conflict on record.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn owners(&self) -> Result<Vec<String>> {
        self.id_column("select id from main.pledge union all select id from main.conflict")
    }

    /// The ids of every source.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn source_ids(&self) -> Result<Vec<String>> {
        self.id_column("select id from main.source order by length(id), id")
    }

    fn id_column(&self, sql: &str) -> Result<Vec<String>> {
        self.query_rows(sql, [], |row| row.get(0))
    }

    /// The sources that state something of a pledge, under whatever ids it was announced, or of a conflict on record; none where the book
    /// has no such thing.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn sources_of(&self, owner: &str) -> Result<Vec<String>> {
        let sql = "select distinct f.source from main.fact f where f.superseded_by is null and f.id in (
                       select fact from main.pledge_stage where pledge in (select value from json_each(?1))
                       union all select fact from main.pledge_item where pledge in (select value from json_each(?1))
                       union all select fact from main.conflict_member where conflict in (select value from json_each(?1)))
                   order by length(f.source), f.source";
        let owners = serde_json::Value::from(self.same_pledges(owner)?).to_string();
        self.query_rows(sql, [owners], |row| row.get(0))
    }
}

/// A kind of thing with names in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A pledge, by its id.
    Pledge,
    /// An actor, by any name.
    Actor,
    /// An event, by its label or words of it.
    Event,
    /// A plan, by its label.
    Plan,
    /// A kind of goods.
    Item,
    /// A stage of a pledge.
    Stage,
}

impl NameKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::Actor, Self::Event, Self::Item, Self::Plan, Self::Pledge, Self::Stage];

    fn sql(self) -> &'static str {
        match self {
            Self::Pledge => "select id from main.pledge order by length(id), id",
            Self::Actor => "select name from main.actor order by name",
            Self::Event => "select label from main.event order by length(id), id",
            Self::Plan => "select label from main.plan order by length(id), id",
            Self::Item => "select distinct item from main.pledge_item order by item",
            Self::Stage => "select code from main.stage order by ord",
        }
    }
}

impl Book {
    /// The names of all things of a kind, in the order of the book.
    ///
    /// # Errors
    /// The book is a plain database, or can't be read.
    pub fn names_of(&self, kind: NameKind) -> Result<Vec<String>> {
        self.query_rows(kind.sql(), [], |row| row.get(0))
    }
}
