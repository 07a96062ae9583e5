//! What SQL can reach of the scripts around it: their functions, and tables that their variables hold. Scripts stand
//! right of the store and are asked through a trait; a function of SQL may hold nothing of this thread, so that they
//! are found by the number of their connection.

use super::offer::{Identity, Offer};
use crate::error::Error;
use crate::quantity::Quantity;
use rusqlite::types::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

/// A value that crosses between SQL and a function of a script.
#[derive(Debug, Clone, PartialEq)]
pub enum Handed {
    /// One without unit and facts.
    Plain(Value),
    /// The same, that comes from the book: a cell, a count.
    Cell(Value),
    /// A number with what it rests on.
    Quantity(Box<Quantity>),
}

/// A function of a script, as SQL knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callable {
    /// Its name, as the script spells it.
    pub name: String,
    /// How many arguments it takes.
    pub arguments: usize,
    /// How it is written, as `twice(n)`.
    pub signature: String,
}

/// The scripts around a statement.
pub trait Reach {
    /// Every function in reach whose name is this one, letter case ignored as SQL ignores it.
    fn functions(&self, name: &str) -> Vec<Callable>;

    /// Calls one.
    ///
    /// # Errors
    /// Whatever goes wrong in it, with its places.
    fn call(&self, name: &str, arguments: Vec<Handed>) -> Result<Handed, Error>;

    /// What the table is that the variable of this name holds; `None` where it holds none.
    fn identity(&self, name: &str) -> Option<Identity>;

    /// The rows of that table.
    ///
    /// # Errors
    /// In words, where SQL can't have them.
    fn table(&self, name: &str) -> Result<Option<Offer>, String>;

    /// Whether a function in reach may make an assumption of its own.
    fn may_assume(&self) -> bool;

    /// The names of the functions and of the tables in reach, for `did you mean`.
    fn names(&self) -> (Vec<String>, Vec<String>);
}

thread_local! {
    /// The scripts around the statements of each of this thread's connections.
    static AROUND: RefCell<BTreeMap<usize, Weak<dyn Reach>>> = const { RefCell::new(BTreeMap::new()) };
}

/// What is around the statements of a connection from now on; what was before is returned.
pub(super) fn set(connection: usize, reach: Option<Weak<dyn Reach>>) -> Option<Weak<dyn Reach>> {
    AROUND.with_borrow_mut(|around| match reach {
        Some(reach) => around.insert(connection, reach),
        None => around.remove(&connection),
    })
}

/// What is around the statements of a connection now.
pub(super) fn around(connection: usize) -> Option<Rc<dyn Reach>> {
    AROUND.with_borrow(|around| around.get(&connection).and_then(Weak::upgrade))
}
