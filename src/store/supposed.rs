//! What a session supposes. A temporary copy of the figures, and of the table of assumptions, stands in front of the book's
//! own: the public views, made again in TEMP, read it by the same name. The book itself is never written to.

use super::Book;
use super::supposition::Supposed;
use crate::error::FunctionCause;
use crate::quantity::{Assumption, Facts, Quantity, Ref, Strictness, WrittenFigure, written_figure};
use rusqlite::{Connection, OptionalExtension, Result, params};

type Answer<T> = std::result::Result<T, FunctionCause>;

/// The copies. The names are the book's own, so that its definitions find them; TEMP is searched first.
const COPIES: &str = "
    create table if not exists temp.figure as select * from main.figure;
    create unique index if not exists temp.figure_fact on figure (fact);
    create table if not exists temp.assumed (assumption text primary key, value text);";

/// Takes everything back.
const STATED: &str = "
    delete from temp.assumed;
    update temp.figure set quantity = (select quantity from main.figure stated where stated.fact = temp.figure.fact)
    where quantity is not (select quantity from main.figure stated where stated.fact = temp.figure.fact);";

/// An assumption that the book lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumptionEntry {
    /// `A1`.
    pub id: String,
    /// What is supposed.
    pub statement: String,
    /// The kind of value that it wants: `probability` or `rate`.
    pub takes: Option<String>,
}

impl Book {
    /// Supposes this and nothing else: from now on the public views answer so. With nothing, they answer as the sources do.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn suppose(&self, supposed: &[Supposed]) -> Result<()> {
        if supposed.is_empty() && !self.guard.supposes() {
            return Ok(());
        }
        self.privileged(|connection| {
            connection.execute_batch(COPIES)?;
            connection.execute_batch(STATED)?;
            supposed.iter().try_for_each(|supposed| make(connection, supposed))
        })?;
        self.guard.set_supposes(!supposed.is_empty());
        self.desk.set_supposed(supposed);
        self.prefer(supposed)
    }

    /// Whether anything is supposed.
    #[must_use]
    pub fn supposes(&self) -> bool {
        self.guard.supposes()
    }

    /// Whether an assumption of this name is one that the session makes.
    #[must_use]
    pub fn is_supposed(&self, name: &str) -> bool {
        self.desk.is_supposed(name)
    }

    /// What the session supposes of a fact, or by an assumption of the book.
    #[must_use]
    pub fn supposition(&self, id: &str) -> Option<Supposed> {
        self.desk.supposition(id)
    }

    /// The number of a fact as its source states it, or implies it, or leaves it open; `None` where the fact has none.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn stated(&self, fact: &str) -> Result<Option<Quantity>> {
        let sql = "select quantity from main.figure where fact = ?1";
        let form: Option<String> =
            self.privileged(|connection| connection.query_row(sql, [fact], |row| row.get(0)).optional())?;
        Ok(form.and_then(|form| form.parse().ok()))
    }

    /// What the figure of a fact would be with another number: it rests on the fact and on the supposition, and keeps its
    /// stage. A value without a unit has the figure's.
    ///
    /// # Errors
    /// A fact without a figure, an unknown, a value in another unit, one without any where the figure has none either.
    pub fn supposed(&self, fact: &str, value: &Quantity) -> Answer<Quantity> {
        self.refuse_superseded(fact)?;
        let stated = self.stated(fact).map_err(|error| FunctionCause::Book(error.to_string()))?;
        let stated = stated.ok_or_else(|| {
            FunctionCause::argument(format!("`{fact}` states no number"), "`figures` lists the facts that do")
        })?;
        let given = value.unit().filter(|unit| !unit.is_one());
        let unit = match (stated.unit(), given) {
            (Some(unit), None) => unit.clone(),
            (None, Some(given)) => given.clone(),
            (Some(unit), Some(given)) if unit == given => unit.clone(),
            (Some(unit), Some(given)) => {
                let message = format!("`{fact}` is a number of `{unit}`, not of `{given}`");
                return Err(FunctionCause::argument(message, "give the number alone"));
            }
            (None, None) => {
                return Err(FunctionCause::argument(
                    format!("`{fact}` has no unit, since its number is not stated"),
                    "give the number a unit",
                ));
            }
        };
        let assumption = Assumption::valued(fact, value.amount().clone(), unit.clone())?;
        let facts: Facts = fact.parse::<Ref>()?.into();
        let supposed = Quantity::new(value.amount().clone(), Some(unit)).with_facts(facts).with_stages(stated.stages());
        Ok(supposed.with_assumptions([assumption].into_iter().collect()))
    }

    /// A figure as people write it, in the units of the book, and how it was written.
    ///
    /// # Errors
    /// What is no figure, or could mean two things.
    pub fn read_written(&self, text: &str) -> Answer<WrittenFigure> {
        let units = self.units().map_err(|error| FunctionCause::Book(error.to_string()))?;
        Ok(written_figure(text, units, Strictness::Prose)?)
    }

    /// A quantity as people write it, in the units of the book.
    ///
    /// # Errors
    /// As [`Book::read_written`]; a figure that says more than a quantity does: `each`, words that were passed over.
    pub fn read_figure(&self, text: &str) -> Answer<Quantity> {
        Ok(self.read_written(text)?.into_quantity()?)
    }

    /// The open question that an assumption which the session makes would answer.
    #[must_use]
    pub fn answered_by(&self, assumption: &str) -> Option<String> {
        let sql = "select answers from main.assumption where id = ?1";
        let is_made = self.is_supposed(assumption);
        let answered = || self.privileged(|connection| connection.query_row(sql, [assumption], |row| row.get(0)));
        if is_made { answered().ok().flatten() } else { None }
    }

    /// The rate between two currencies that the session supposes, in text form.
    ///
    /// # Errors
    /// As [`Book::stated`].
    pub fn supposed_rate(&self) -> Result<Option<String>> {
        let sql = "select u.value from main.assumption a join assumed u on u.assumption = a.id where a.takes = 'rate'";
        self.privileged(|connection| connection.query_row(sql, [], |row| row.get(0)).optional())
    }

    /// The assumption of an id.
    ///
    /// # Errors
    /// As [`Book::stated`].
    pub fn assumption(&self, id: &str) -> Result<Option<AssumptionEntry>> {
        let sql = "select id, statement, takes from main.assumption where id = ?1";
        self.privileged(|connection| {
            let entry = |row: &rusqlite::Row<'_>| {
                Ok(AssumptionEntry { id: row.get(0)?, statement: row.get(1)?, takes: row.get(2)? })
            };
            connection.query_row(sql, [id], entry).optional()
        })
    }
}

fn make(connection: &Connection, supposed: &Supposed) -> Result<()> {
    match supposed {
        Supposed::Figure(fact, quantity) => connection
            .execute("update temp.figure set quantity = ?2 where fact = ?1", params![fact, quantity.full_text()]),
        Supposed::Assumption(id, value) => {
            connection.execute("insert into temp.assumed values (?1, ?2)", params![id, value])
        }
        // What it chooses is known when every figure is what it is supposed to be.
        Supposed::Preference(_) => Ok(0),
    }
    .map(|_| ())
}
