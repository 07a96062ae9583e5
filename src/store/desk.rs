//! What the functions of SQL share with the book: its units and facts to ask, and what they leave for the answer, an
//! error whole or something to remark on. A function may be called in the middle of any statement, so nothing here
//! waits or keeps a lock while SQL runs.

use super::chosen::Chosen;
use super::given_arguments::GivenArguments;
use super::guard::Guard;
use super::reach::{self, Reach};
use super::seal::Seal;
use super::supposition::Supposed;
use super::{book, causes, statement_groups};
use crate::error::{Error, FunctionCause};
use crate::quantity::{Assumptions, BaseUnit, Facts, Quantity, StatementRemarks, Statements, Units};
use rusqlite::{Connection, OptionalExtension, Result};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

thread_local! {
    /// The connections of this thread's books. SQLite calls a function on the thread that runs the statement, and a
    /// function may not hold its connection itself: it has to be `Send`.
    static CONNECTIONS: RefCell<Vec<&'static Connection>> = const { RefCell::new(Vec::new()) };
}

/// A function's error, kept whole while SQLite passes on its words alone.
#[derive(Debug)]
pub struct FunctionError {
    /// The function.
    pub function: Cow<'static, str>,
    /// What is wrong.
    pub cause: Failure,
}

/// Why a function failed.
#[derive(Debug)]
pub enum Failure {
    /// One of the program's own: its cause.
    Own(FunctionCause),
    /// One of a script: whatever went wrong in it.
    Script(Error),
}

/// What is worth a remark under an answer.
#[derive(Debug, Clone, Default)]
pub struct Remarks {
    /// How many pairs `q_cmp` could not compare.
    pub undecided: u64,
    /// Facts that more than one of the values added up rests on.
    pub counted_twice: Facts,
    /// What is supposed of the quantities that plain values were made of.
    pub assumed: Assumptions,
    /// How many unknown ones `q_amount` had no number for.
    pub without_number: u64,
    /// How many inexact ones became plain whole numbers.
    pub rounded: u64,
    /// Statements of one thing that were summed up.
    pub statements: StatementRemarks,
    /// Statements that were handed on as plain numbers.
    pub handed_on: Facts,
    /// How many values were known, of how many, where unknown ones were left out.
    pub known: Option<(u64, u64)>,
}

/// What every public view says in numbers on the ground of one fact.
const STATEMENTS: &str = "
    select quantity from main.facts where id = ?1 and quantity is not null
    union all select days from main.event_order where fact = ?1 and days is not null
    union all select number from main.participants where fact = ?1 and number is not null
    union all select quantity from main.conflicts where fact = ?1 and quantity is not null";

/// The functions' side of a book.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(super) seal: Seal,
    guard: Arc<Guard>,
    is_book: bool,
    connection: OnceLock<usize>,
    units: OnceLock<Units>,
    error: Mutex<Option<FunctionError>>,
    remarks: Mutex<Remarks>,
    slides: AtomicBool,
    /// The arguments that are given, of the statement that runs; `None` where it is not told.
    given: Mutex<Option<Arc<GivenArguments>>>,
    /// What the session supposes.
    supposed: Mutex<Vec<Supposed>>,
    /// What several facts state of one thing, once it has been asked for.
    statements: Mutex<Option<Arc<Statements>>>,
    pub(super) chosen: Chosen,
}

impl Desk {
    pub(super) fn new(seal: Seal, chosen: Chosen, guard: Arc<Guard>, is_book: bool) -> Self {
        Self {
            seal,
            guard,
            is_book,
            connection: OnceLock::new(),
            units: OnceLock::new(),
            error: Mutex::default(),
            remarks: Mutex::default(),
            slides: AtomicBool::default(),
            given: Mutex::default(),
            supposed: Mutex::default(),
            statements: Mutex::default(),
            chosen,
        }
    }

    /// Names the connection that is asked from now on.
    pub(super) fn attach(&self, connection: &'static Connection) {
        CONNECTIONS.with_borrow_mut(|connections| {
            self.connection.get_or_init(|| connections.len());
            connections.push(connection);
        });
    }

    /// Runs the program's own SQL, past the guard. No text of a user may reach it.
    ///
    /// # Errors
    /// What `work` returns.
    pub(super) fn ask<T>(&self, work: impl FnOnce(&'static Connection) -> Result<T>) -> Result<T> {
        let number = self.connection.get().copied().unwrap_or(usize::MAX);
        let connection = CONNECTIONS.with_borrow(|connections| connections.get(number).copied());
        let was_privileged = self.guard.set_privileged(true);
        let done = connection.map_or(Err(rusqlite::Error::InvalidQuery), work);
        self.guard.set_privileged(was_privileged);
        done
    }

    /// The base units of the book; those of the bundled book where a plain database has none.
    ///
    /// # Errors
    /// The units can't be read.
    pub(crate) fn units(&self) -> Result<&Units> {
        if let Some(units) = self.units.get() {
            return Ok(units);
        }
        let read = if self.is_book { self.ask(read_units)? } else { read_units(&book::load()?)? };
        Ok(self.units.get_or_init(|| read))
    }

    /// What the views of the book have a fact state: numbers and unknowns in text form, its figure first.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub(crate) fn statements(&self, id: &str) -> Result<Vec<String>> {
        if !self.is_book {
            return Ok(Vec::new());
        }
        self.ask(|connection| {
            let mut statement = connection.prepare(STATEMENTS)?;
            let stated = statement.query_map([id], |row| row.get(0))?;
            stated.collect()
        })
    }

    /// Why an open question is open.
    ///
    /// # Errors
    /// As [`Desk::statements`].
    pub(crate) fn reason(&self, id: &str) -> Result<Option<String>> {
        self.look_up("select reason from main.unknowns where id = ?1", id)
    }

    /// Whether the book has a fact of this id.
    ///
    /// # Errors
    /// As [`Desk::statements`].
    pub(crate) fn has_fact(&self, id: &str) -> Result<bool> {
        Ok(self.look_up("select id from main.facts where id = ?1", id)?.is_some())
    }

    /// Whether the book has an open question of this id.
    ///
    /// # Errors
    /// As [`Desk::statements`].
    pub(crate) fn has_question(&self, id: &str) -> Result<bool> {
        Ok(self.look_up("select id from main.unknowns where id = ?1", id)?.is_some())
    }

    fn look_up(&self, sql: &str, id: &str) -> Result<Option<String>> {
        if !self.is_book {
            return Ok(None);
        }
        self.ask(|connection| connection.query_row(sql, [id], |row| row.get(0)).optional())
    }

    /// Keeps a function's error; what is returned is what SQLite is told.
    pub(super) fn fail(&self, function: &'static str, cause: FunctionCause) -> rusqlite::Error {
        let error = causes::of_function(&cause);
        *held(&self.error) = Some(FunctionError { function: function.into(), cause: Failure::Own(cause) });
        error
    }

    /// Keeps the error of a script's function; what is returned is what SQLite is told.
    pub(super) fn fail_script(&self, function: &str, error: Error) -> rusqlite::Error {
        let told = rusqlite::Error::UserFunctionError(error.to_string().into());
        *held(&self.error) =
            Some(FunctionError { function: function.to_owned().into(), cause: Failure::Script(error) });
        told
    }

    /// The scripts around its statements.
    pub(super) fn reach(&self) -> Option<Rc<dyn Reach>> {
        self.connection.get().and_then(|number| reach::around(*number))
    }

    /// Sets them; what was before is returned.
    pub(super) fn set_reach(&self, around: Option<Weak<dyn Reach>>) -> Option<Weak<dyn Reach>> {
        self.connection.get().and_then(|number| reach::set(*number, around))
    }

    /// The error that a function left, once.
    pub(super) fn take_error(&self) -> Option<FunctionError> {
        held(&self.error).take()
    }

    /// Adds to what is worth a remark.
    pub(super) fn remark(&self, add: impl FnOnce(&mut Remarks)) {
        add(&mut held(&self.remarks));
    }

    /// Sets what is told of the arguments of the statement that runs; what was before is returned.
    pub(super) fn set_given(&self, given: Option<Arc<GivenArguments>>) -> Option<Arc<GivenArguments>> {
        std::mem::replace(&mut *held(&self.given), given)
    }

    /// Whether a plain number is one that a person gave, as an argument of a function.
    pub(super) fn is_given(&self, function: &str, place: usize) -> bool {
        held(&self.given).as_ref().is_none_or(|given| given.contains(function, place))
    }

    pub(super) fn set_supposed(&self, supposed: &[Supposed]) {
        *held(&self.supposed) = supposed.to_vec();
        held(&self.statements).take();
    }

    /// What several facts state of one thing.
    ///
    /// # Errors
    /// The book can't be read.
    pub(crate) fn statement_groups(&self) -> Result<Arc<Statements>> {
        if let Some(known) = &*held(&self.statements) {
            return Ok(Arc::clone(known));
        }
        let supposed = held(&self.supposed).clone();
        let read = if self.is_book {
            self.ask(|connection| statement_groups::read(connection, &supposed))?
        } else {
            Statements::default()
        };
        let read = Arc::new(read);
        *held(&self.statements) = Some(Arc::clone(&read));
        Ok(read)
    }

    pub(super) fn suppositions(&self) -> Vec<Supposed> {
        held(&self.supposed).clone()
    }

    pub(super) fn supposition(&self, id: &str) -> Option<Supposed> {
        held(&self.supposed).iter().find(|supposed| supposed.id() == id).cloned()
    }

    pub(super) fn is_supposed(&self, name: &str) -> bool {
        held(&self.supposed).iter().any(|supposed| supposed.id() == name)
    }

    /// Takes note of what is supposed of a quantity that becomes a plain value, which can't say so itself.
    pub(super) fn note_supposed(&self, quantity: &Quantity) {
        if !quantity.assumptions().is_empty() {
            let assumed = quantity.assumptions().about_book();
            self.remark(|remarks| remarks.assumed = remarks.assumed.union(&assumed));
        }
    }

    /// What is supposed of the quantities that plain values were made of, so far.
    pub(super) fn noted(&self) -> Assumptions {
        held(&self.remarks).assumed.clone()
    }

    /// What was worth a remark since the last call.
    pub(super) fn take_remarks(&self) -> Remarks {
        std::mem::take(&mut held(&self.remarks))
    }

    /// From now on aggregates keep their rows: a statement has a window whose rows leave it again.
    pub(super) fn keep_rows(&self) {
        self.slides.store(true, Ordering::Relaxed);
    }

    pub(super) fn keeps_rows(&self) -> bool {
        self.slides.load(Ordering::Relaxed)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_units(connection: &Connection) -> Result<Units> {
    let mut statement = connection.prepare("select code, kind, places, name from main.units")?;
    let rows = statement.query_map([], |row| {
        Ok(BaseUnit { code: row.get(0)?, kind: row.get(1)?, places: row.get(2)?, name: row.get(3)? })
    })?;
    Ok(Units::new(rows.collect::<Result<Vec<_>>>()?))
}
