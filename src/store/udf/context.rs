//! The context that the functions of SQL share with their book: its units and facts, and the error or the remarks that
//! they leave for the answer. A function may be called in the middle of any statement, so nothing here waits or keeps a
//! lock while SQL runs.

use super::probes::Probe;
use super::remarks::{Gaps, LossCounts, OperatorRemarks};
use crate::error::{Error, FunctionCause};
use crate::quantity::{
    Assumptions, BaseUnit, Facts, Quantity, RecordForm, RowReader, StatementIndex, StatementWarnings, TotalRecords,
    UnitRegistry,
};
use crate::store::connection::ConnectionId;
use crate::store::dated_series::{EarlierValues, LoadedSeries};
use crate::store::guard::{Authorizer, Tag};
use crate::store::remote::RemoteRows;
use crate::store::totals::read_totals;
use crate::store::unread_rows::as_sqlite;
use crate::store::what_if::{WhatIf, WhatIfNumbers, read_statements};
use crate::store::{FunctionResult, bundled, lock, unreadable};
use rusqlite::{Connection, Result};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex, OnceLock};

/// The error of a function; SQLite passes on its message alone.
#[derive(Debug)]
pub struct FunctionError {
    /// The function, as a statement spells it.
    pub function: Cow<'static, str>,
    /// The site of the call in the statement, of a function that is told it.
    pub site: Option<usize>,
    /// The cause.
    pub cause: Failure,
}

/// The cause of a function's error.
#[derive(Debug)]
pub enum Failure {
    /// A built-in function: its cause.
    BuiltIn(FunctionCause),
    /// A script's function: any error in it.
    Script(Error),
}

/// Remarks of functions, for the notices under an answer.
#[derive(Debug, Clone, Default)]
pub struct Remarks {
    /// The number of pairs that `q_cmp` could not compare.
    pub undecided: u64,
    /// Facts that more than one of the values added up rests on.
    pub counted_twice: Facts,
    /// The assumptions of the quantities that plain values were made of.
    pub assumed: Assumptions,
    /// The number of unknown ones that `q_amount` had no number for.
    pub without_number: u64,
    /// The number of inexact ones that became plain integers.
    pub rounded: u64,
    /// Statements of one thing that were summed up.
    pub statements: StatementWarnings,
    /// Totals among the rows that were left out of what is added up or compared.
    pub totals_left_out: Facts,
    /// True if a group of nothing but totals, and of several, was added up.
    pub adds_totals: bool,
    /// Totals that became plain numbers.
    pub plain_totals: Facts,
    /// Statements that became plain numbers.
    pub made_plain: Facts,
    /// The number of known values, and of all, where unknown ones were left out.
    pub known: Option<(u64, u64)>,
    /// Values of series that are the last before the dates that were asked for.
    pub earlier_values: EarlierValues,
    /// What operators and other SQL of plain values found in quantities.
    pub operators: OperatorRemarks,
    /// The unknown rows of aggregates.
    pub gaps: Gaps,
}

/// The context of a book's functions.
#[derive(Debug)]
pub(crate) struct UdfContext {
    pub(in crate::store) tag: Tag,
    authorizer: Arc<Authorizer>,
    is_book: bool,
    pub(super) connection: ConnectionId,
    units: OnceLock<UnitRegistry>,
    /// The forms of the quantities that were read last.
    reader: Mutex<RowReader>,
    /// The error of the last function that failed.
    pub(in crate::store) error: Mutex<Option<FunctionError>>,
    pub(in crate::store) remarks: Mutex<Remarks>,
    /// True if aggregates keep their rows: a statement has a window whose rows leave it again.
    pub(in crate::store) keeps_rows: AtomicBool,
    /// The literals among the arguments of the statement that runs; `None` where that is not known.
    pub(in crate::store) literals: Mutex<Option<Arc<LiteralArguments>>>,
    /// The assumptions of the session.
    what_ifs: Mutex<Vec<WhatIf>>,
    /// Cache: the groups of statements of one thing by several facts.
    statements: Mutex<Option<Arc<StatementIndex>>>,
    /// Cache: the records that are totals of others.
    totals: OnceLock<TotalRecords>,
    /// The way to rows that are still on a server.
    remote: OnceLock<Arc<RemoteRows>>,
    pub(in crate::store) numbers: WhatIfNumbers,
    /// The stand-ins that are functions of the connection.
    pub(in crate::store) probes: Mutex<BTreeSet<Probe>>,
    /// The series that statements look values up in, by number.
    pub(super) series: Mutex<BTreeMap<u64, Arc<LoadedSeries>>>,
    pub(super) next_series: AtomicU64,
    /// The number of the next set that is gathered.
    pub(super) next_set: AtomicU64,
    /// The forms of the columns that translated statements read by their plain columns, by number.
    record_forms: Mutex<Vec<Arc<RecordForm>>>,
    /// What the counters of instrumented statements have seen.
    pub(super) losses: Mutex<LossCounts>,
    pub(super) next_counter: AtomicI64,
}

impl UdfContext {
    pub(in crate::store) fn new(
        connection: ConnectionId,
        tag: Tag,
        numbers: WhatIfNumbers,
        authorizer: Arc<Authorizer>,
        is_book: bool,
    ) -> Self {
        Self {
            tag,
            authorizer,
            is_book,
            connection,
            units: OnceLock::new(),
            reader: Mutex::default(),
            error: Mutex::default(),
            remarks: Mutex::default(),
            keeps_rows: AtomicBool::default(),
            literals: Mutex::default(),
            what_ifs: Mutex::default(),
            statements: Mutex::default(),
            totals: OnceLock::new(),
            remote: OnceLock::new(),
            numbers,
            probes: Mutex::default(),
            series: Mutex::default(),
            next_series: AtomicU64::default(),
            next_set: AtomicU64::default(),
            record_forms: Mutex::default(),
            losses: Mutex::default(),
            next_counter: AtomicI64::default(),
        }
    }

    /// Runs the program's own SQL, past the authorizer. No text of a user may reach it.
    ///
    /// # Errors
    /// Those of `work`.
    pub(in crate::store) fn privileged<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.connection.connection().ok_or(rusqlite::Error::InvalidQuery)?;
        let was_privileged = self.authorizer.set_privileged(true);
        let done = work(&connection);
        self.authorizer.set_privileged(was_privileged);
        done
    }

    /// The base units of the book; those of the bundled book where a plain database has none.
    ///
    /// # Errors
    /// The units can't be read.
    pub(crate) fn units(&self) -> Result<&UnitRegistry> {
        if let Some(units) = self.units.get() {
            return Ok(units);
        }
        let read = if self.is_book { self.privileged(read_units)? } else { read_units(&bundled::load()?)? };
        Ok(self.units.get_or_init(|| read))
    }

    /// Reads a quantity in its text form, in the units of the book.
    ///
    /// # Errors
    /// It is none, or a unit of it is not in the book; the units can't be read.
    pub(super) fn read(&self, form: &str) -> FunctionResult<Quantity> {
        let units = self.units().map_err(unreadable)?;
        lock(&self.reader).read(form, units).map_err(FunctionCause::from)
    }

    /// Keeps the form of a column. Returns its number, by which functions know it.
    pub(in crate::store) fn keep_record_form(&self, form: RecordForm) -> (usize, Arc<RecordForm>) {
        let mut known = lock(&self.record_forms);
        if let Some(at) = known.iter().position(|known| **known == form) {
            return (at, Arc::clone(&known[at]));
        }
        let form = Arc::new(form);
        known.push(Arc::clone(&form));
        (known.len() - 1, form)
    }

    /// The form of a column, by its number.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn record_form(&self, number: i64) -> FunctionResult<Arc<RecordForm>> {
        let known = lock(&self.record_forms);
        let form = usize::try_from(number).ok().and_then(|number| known.get(number));
        form.cloned().ok_or_else(|| FunctionCause::argument(format!("{number} is no form of a column"), "ask again"))
    }

    /// The texts that a query gives for an id; none for a plain database.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn texts_of(&self, sql: &str, id: &str) -> Result<Vec<String>> {
        if !self.is_book {
            return Ok(Vec::new());
        }
        self.privileged(|connection| connection.prepare(sql)?.query_map([id], |row| row.get(0))?.collect())
    }

    /// Keeps the error of a function, with the site of its call. Returns the error for SQLite.
    pub(super) fn fail(&self, function: &'static str, site: Option<i64>, cause: FunctionCause) -> rusqlite::Error {
        let error = rusqlite::Error::UserFunctionError(cause.message().into());
        let site = site.and_then(|site| usize::try_from(site).ok());
        *lock(&self.error) = Some(FunctionError { function: function.into(), site, cause: Failure::BuiltIn(cause) });
        error
    }

    /// Keeps the error of a script's function. Returns the error for SQLite.
    pub(super) fn fail_script(&self, function: &str, error: Error) -> rusqlite::Error {
        let reported = rusqlite::Error::UserFunctionError(error.to_string().into());
        *lock(&self.error) =
            Some(FunctionError { function: function.to_owned().into(), site: None, cause: Failure::Script(error) });
        reported
    }

    /// Changes the remarks.
    pub(in crate::store) fn add_remark(&self, add: impl FnOnce(&mut Remarks)) {
        add(&mut lock(&self.remarks));
    }

    /// True if a plain number is a literal, as an argument of a function that is called at a site.
    pub(in crate::store) fn is_literal(&self, function: &str, site: Option<i64>, place: usize) -> bool {
        lock(&self.literals).as_ref().is_none_or(|literals| literals.contains(function, site, place))
    }

    pub(in crate::store) fn set_what_if(&self, what_ifs: &[WhatIf]) {
        *lock(&self.what_ifs) = what_ifs.to_vec();
        lock(&self.statements).take();
    }

    /// The groups of statements of one thing by several facts.
    ///
    /// # Errors
    /// The book can't be read.
    pub(crate) fn statement_groups(&self) -> Result<Arc<StatementIndex>> {
        if let Some(known) = &*lock(&self.statements) {
            return Ok(Arc::clone(known));
        }
        let what_ifs = lock(&self.what_ifs).clone();
        let read = if self.is_book {
            self.privileged(|connection| read_statements(connection, &what_ifs))?
        } else {
            StatementIndex::default()
        };
        let read = Arc::new(read);
        *lock(&self.statements) = Some(Arc::clone(&read));
        Ok(read)
    }

    /// The records of imported tables that are totals of others.
    ///
    /// # Errors
    /// The book can't be read.
    pub(crate) fn totals(&self) -> Result<&TotalRecords> {
        if let Some(totals) = self.totals.get() {
            return Ok(totals);
        }
        let read = if self.is_book {
            self.privileged(|connection| read_totals(connection, &|table| self.remote_totals(table)))?
        } else {
            TotalRecords::default()
        };
        Ok(self.totals.get_or_init(|| read))
    }

    /// The records of a plain table that are totals, where its rows are still on a server; `None` where they are not.
    fn remote_totals(&self, table: &str) -> Option<Result<Vec<u32>>> {
        let rows = self.remote.get()?;
        self.authorizer.unread.contains(table).then(|| rows.totals(table).map_err(as_sqlite))
    }

    /// Sets the way to rows that are still on a server.
    pub(in crate::store) fn set_remote(&self, rows: Arc<RemoteRows>) {
        // It is set once, when the book is opened.
        let _ = self.remote.set(rows);
    }

    /// The way to rows that are still on a server; `None` for a book that is on none.
    pub(in crate::store) fn remote(&self) -> Option<&Arc<RemoteRows>> {
        self.remote.get()
    }

    /// The totals of other records that a row is, for which an aggregate leaves it out.
    pub(super) fn totals_of(&self, row: &Quantity) -> FunctionResult<Facts> {
        Ok(self.totals().map_err(unreadable)?.of_row(row))
    }

    /// True if some rows may be totals that an aggregate leaves out.
    pub(super) fn has_totals(&self) -> FunctionResult<bool> {
        Ok(!self.totals().map_err(unreadable)?.is_empty())
    }

    pub(in crate::store) fn what_ifs(&self) -> Vec<WhatIf> {
        lock(&self.what_ifs).clone()
    }

    /// Notes the assumptions of a quantity that becomes a plain value, which can't name them itself.
    pub(in crate::store) fn note_assumptions(&self, quantity: &Quantity) {
        if !quantity.assumptions().is_empty() {
            let assumed = quantity.assumptions().about_book();
            self.add_remark(|remarks| remarks.assumed = remarks.assumed.union(&assumed));
        }
    }

    /// Takes the remarks since the last call.
    pub(in crate::store) fn take_remarks(&self) -> Remarks {
        std::mem::take(&mut lock(&self.remarks))
    }
}

fn read_units(connection: &Connection) -> Result<UnitRegistry> {
    let mut statement = connection.prepare("select code, kind, places, name from main.units")?;
    let rows = statement.query_map([], |row| {
        Ok(BaseUnit { code: row.get(0)?, kind: row.get(1)?, places: row.get(2)?, name: row.get(3)? })
    })?;
    Ok(UnitRegistry::new(rows.collect::<Result<Vec<_>>>()?))
}

/// The arguments of functions that are literals, by name, site and place. A function of SQL sees the number alone; the pass
/// over the statement's program finds the literals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiteralArguments(BTreeMap<String, Vec<LiteralPlace>>);

/// The place of an argument within a call: the call is that at a site of the statement, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LiteralPlace {
    site: Option<i64>,
    place: i64,
}

impl LiteralArguments {
    /// Adds an argument: of the call at a site, or of every call of the function.
    pub fn insert(&mut self, function: &str, site: Option<i64>, place: i64) {
        let places = self.0.entry(function.to_ascii_lowercase()).or_default();
        let added = LiteralPlace { site, place };
        if !places.contains(&added) {
            places.push(added);
        }
    }

    /// True if the argument is one of them.
    #[must_use]
    pub fn contains(&self, function: &str, site: Option<i64>, place: usize) -> bool {
        let of = self.0.get(function).or_else(|| self.0.get(&function.to_ascii_lowercase()));
        let is_it = |known: &LiteralPlace| {
            (known.site.is_none() || known.site == site) && usize::try_from(known.place) == Ok(place)
        };
        of.is_some_and(|places| places.iter().any(is_it))
    }
}

#[cfg(test)]
mod tests {
    use super::LiteralArguments;

    #[test]
    fn a_literal_is_one_of_its_own_call() {
        let mut literals = LiteralArguments::default();
        literals.insert("pledgebook_mul", Some(1), 2);
        literals.insert("Q_MUL", None, 1);
        assert!(literals.contains("pledgebook_mul", Some(1), 2));
        assert!(!literals.contains("pledgebook_mul", Some(2), 2));
        assert!(!literals.contains("pledgebook_mul", Some(1), 1));
        assert!(literals.contains("q_mul", None, 1) && literals.contains("q_mul", Some(7), 1));
    }
}
