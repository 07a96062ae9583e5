//! The scripts around a statement, as SQL calls them: their functions, and the tables in their variables. Scripts are
//! right of the store and implement a trait. A function of SQL can't hold anything of this thread, so that the scripts
//! are found by the number of their connection.
//!
//! A script's function is registered when a statement first names it and looked up again at every call. Before it is
//! called nothing is known of it but its name, whose prefix says that it takes and gives quantities.

use super::arguments::describe;
use super::context::UdfContext;
use super::gives_quantities;
use crate::error::{Error, FunctionCause, ScriptError};
use crate::quantity::{Quantity, human};
use crate::store::connection::ConnectionId;
use crate::store::session_tables::{TableSource, TableVersion};
use crate::store::{Book, FunctionResult};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;

/// A value that crosses between SQL and a function of a script.
#[derive(Debug, Clone, PartialEq)]
pub enum HostValue {
    /// A plain value, without unit and facts.
    Plain(Value),
    /// A plain value from the book: a cell, a count.
    Cell(Value),
    /// A quantity.
    Quantity(Box<Quantity>),
}

/// A function of a script, as SQL registers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFunction {
    /// The name, as the script spells it.
    pub name: String,
    /// The number of arguments.
    pub arguments: usize,
    /// The signature, as `twice(n)`.
    pub signature: String,
}

/// The scripts around a statement, as the host of its functions and tables.
pub trait Host {
    /// Every function of this name, letter case ignored as in SQL.
    fn functions(&self, name: &str) -> Vec<HostFunction>;

    /// Computes a function that asks the book nothing; `None` for one that has to be called.
    fn compute(&self, name: &str, arguments: &[HostValue]) -> Option<std::result::Result<HostValue, Error>>;

    /// Calls a function.
    ///
    /// # Errors
    /// Whatever goes wrong in it, with its places.
    fn call(&self, name: &str, arguments: Vec<HostValue>) -> std::result::Result<HostValue, Error>;

    /// The version of the table in the variable of this name; `None` if it is not a table.
    fn version(&self, name: &str) -> Option<TableVersion>;

    /// The rows of that table.
    ///
    /// # Errors
    /// In words, where SQL can't have them.
    fn table(&self, name: &str) -> std::result::Result<Option<TableSource>, String>;

    /// True if one of the functions may make an assumption.
    fn may_assume(&self) -> bool;

    /// The call of the closure that a variable of this name is made of, as `f(x)`; `None` if there is none.
    fn closure(&self, name: &str) -> Option<String>;

    /// The names of the functions and of the tables, for `did you mean`.
    fn names(&self) -> (Vec<String>, Vec<String>);
}

thread_local! {
    /// The host of each of this thread's connections, while it has one.
    static HOSTS: RefCell<BTreeMap<ConnectionId, Weak<dyn Host>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The host of a connection.
fn host(udf: &UdfContext) -> Option<Rc<dyn Host>> {
    HOSTS.with_borrow(|hosts| hosts.get(&udf.connection).and_then(Weak::upgrade))
}

impl Book {
    /// The host of its statements.
    pub(in crate::store) fn host(&self) -> Option<Rc<dyn Host>> {
        host(&self.udf)
    }

    /// Sets the host of the statements from now on. Returns the previous one.
    #[must_use]
    pub fn set_host(&self, host: Option<Weak<dyn Host>>) -> Option<Weak<dyn Host>> {
        HOSTS.with_borrow_mut(|hosts| {
            hosts.retain(|_, host| host.strong_count() > 0);
            match host {
                Some(host) => hosts.insert(self.udf.connection, host),
                None => hosts.remove(&self.udf.connection),
            }
        })
    }

    /// The help on a name that is called as a function and is a closure of the host's scripts.
    #[must_use]
    pub fn closure_help(&self, name: &str) -> Option<String> {
        let call = self.host()?.closure(name)?;
        Some(format!("`{name}` is a closure in a variable, and SQL calls functions: write `fn {call} {{ … }}`"))
    }

    /// True if the host has a function of that name.
    #[must_use]
    pub fn is_host_function(&self, name: &str) -> bool {
        self.host().is_some_and(|host| !host.functions(name).is_empty())
    }
}

/// Not deterministic, and not to be called by a view of a file.
const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DIRECTONLY);

/// Registers a script's function.
pub(in crate::store) fn register_script_function(
    connection: &Connection,
    udf: &Arc<UdfContext>,
    function: &HostFunction,
) -> Result<()> {
    let (name, udf) = (function.name.clone(), Arc::clone(udf));
    let count = i32::try_from(function.arguments).unwrap_or(i32::MAX);
    connection.create_scalar_function(&*function.name, count, FLAGS, move |context| {
        call(&udf, &name, context).map_err(|error| udf.fail_script(&name, error))
    })
}

fn call(udf: &UdfContext, name: &str, context: &Context<'_>) -> std::result::Result<Value, Error> {
    let arguments = (0..context.len()).map(|at| to_host(udf, name, at, context.get_raw(at)));
    let arguments = arguments.collect::<FunctionResult<Vec<HostValue>>>().map_err(script_error)?;
    let host = host(udf);
    if let Some(result) = host.as_ref().and_then(|host| host.compute(name, &arguments)) {
        return from_host(udf, name, result?).map_err(script_error);
    }
    let no_host = || Error::Fault(format!("`{name}` is called where no script is"));
    // Its own queries leave remarks too, which are reported with their answers.
    let remarks = udf.take_remarks();
    let result = host.ok_or_else(no_host)?.call(name, arguments);
    udf.add_remark(|current| *current = remarks);
    let result = result?;
    from_host(udf, name, result).map_err(script_error)
}

/// Converts a value of SQL for a script; the tag marks a quantity.
fn to_host(udf: &UdfContext, name: &str, at: usize, value: ValueRef<'_>) -> FunctionResult<HostValue> {
    let ValueRef::Text(bytes) = value else { return plain_value(value, udf.is_literal(name, None, at)) };
    let text = String::from_utf8_lossy(bytes);
    match udf.tag.strip(&text) {
        Some(form) if gives_quantities(name) => {
            let quantity = udf.read(form)?;
            udf.note_assumptions(&quantity);
            Ok(HostValue::Quantity(Box::new(quantity)))
        }
        _ if udf.tag.is_in(&text) => {
            let message = format!("`{name}` would drop the unit and the facts of a quantity");
            Err(FunctionCause::argument(message, passed_quantity_help(name)))
        }
        _ => Ok(HostValue::Plain(Value::Text(text.into_owned()))),
    }
}

/// Converts the result of a script's function for SQL.
fn from_host(udf: &UdfContext, name: &str, result: HostValue) -> FunctionResult<Value> {
    match result {
        HostValue::Plain(Value::Null) | HostValue::Cell(Value::Null) => Ok(Value::Null),
        HostValue::Quantity(quantity) if gives_quantities(name) => {
            Ok(Value::Text(udf.tag.attach(&quantity.full_text())))
        }
        HostValue::Plain(other) | HostValue::Cell(other) if gives_quantities(name) => {
            let message = format!("`{name}` gave {}, which is no quantity", describe((&other).into(), udf));
            let help = format!(
                "a function whose name begins with `q_` gives a quantity or a number; what gives a text is called {}",
                call_in_script(name)
            );
            Err(FunctionCause::argument(message, help))
        }
        HostValue::Quantity(quantity) => {
            let message = format!("`{name}` gave {}, which SQL can't hold as it is", human::quantity(&quantity, None));
            Err(FunctionCause::argument(message, quantity_prefix_help(name)))
        }
        HostValue::Plain(plain) | HostValue::Cell(plain) => Ok(plain),
    }
}

/// The help for a function that gives a quantity and whose name lacks the prefix.
fn quantity_prefix_help(name: &str) -> String {
    format!("call the function `q_{name}`: one whose name begins with `q_` takes and gives quantities")
}

/// The help for a function that is passed a quantity and whose name lacks the prefix.
pub(in crate::store) fn passed_quantity_help(name: &str) -> String {
    let in_script = call_in_script(name);
    format!("if it gives a quantity or a number, call the function `q_{name}`; if it gives a text, ask {in_script}")
}

/// The call of a function that makes a text, or anything else that is plain, of a quantity: in a script, for each row.
fn call_in_script(name: &str) -> String {
    format!("in a script: `query(\"select …\").add(\"name\", |row| {name}(row.amount))`")
}

fn script_error(cause: FunctionCause) -> Error {
    ScriptError::at(cause.into(), None)
}

fn plain_value(value: ValueRef<'_>, is_literal: bool) -> FunctionResult<HostValue> {
    let convert = if is_literal { HostValue::Plain } else { HostValue::Cell };
    Value::try_from(value).map(convert).map_err(|error| FunctionCause::Book(error.to_string()))
}
