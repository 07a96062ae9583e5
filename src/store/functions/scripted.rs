//! The functions of scripts, as SQL calls them. One is registered when a statement first names it and looked up anew at
//! every call: what stands here is only the way there, and how a value crosses. Before it is called nothing is known of
//! a function but its name, and the name says whether quantities go in and out.

use super::arguments::Answer;
use super::gives_quantities;
use super::values::quoted;
use crate::error::{Error, FunctionCause, ScriptError};
use crate::quantity::{Quantity, reading};
use crate::store::desk::Desk;
use crate::store::reach::{Callable, Handed};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};
use std::sync::Arc;

/// Its answer may be another at every call, and no view of a file may call it.
const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DIRECTONLY);

/// Registers the way to a script's function.
pub(in crate::store) fn register(connection: &Connection, desk: &Arc<Desk>, function: &Callable) -> Result<()> {
    let (name, desk) = (function.name.clone(), Arc::clone(desk));
    let count = i32::try_from(function.arguments).unwrap_or(i32::MAX);
    connection.create_scalar_function(&*function.name, count, FLAGS, move |context| {
        call(&desk, &name, context).map_err(|error| desk.fail_script(&name, error))
    })
}

fn call(desk: &Desk, name: &str, context: &Context<'_>) -> std::result::Result<Value, Error> {
    let arguments = (0..context.len()).map(|at| handed(desk, name, at, context.get_raw(at)));
    let arguments = arguments.collect::<Answer<Vec<Handed>>>().map_err(refused)?;
    let gone = || Error::Fault(format!("`{name}` is called where no script is"));
    // What it asks itself leaves remarks of its own, which are told with its answers.
    let remarks = desk.take_remarks();
    let given = desk.reach().ok_or_else(gone)?.call(name, arguments);
    desk.remark(|told| *told = remarks);
    let given = given?;
    taken(desk, name, given).map_err(refused)
}

/// A value of SQL for a script: the seal tells what is a quantity.
fn handed(desk: &Desk, name: &str, at: usize, value: ValueRef<'_>) -> Answer<Handed> {
    let ValueRef::Text(bytes) = value else { return plain(value, desk.is_given(name, at)) };
    let text = String::from_utf8_lossy(bytes);
    match desk.seal.strip(&text) {
        Some(form) if gives_quantities(name) => {
            let quantity = read(desk, form)?;
            desk.note_supposed(&quantity);
            Ok(Handed::Quantity(Box::new(quantity)))
        }
        _ if desk.seal.is_in(&text) => {
            let message = format!("`{name}` would drop the unit and the facts of a quantity");
            Err(FunctionCause::argument(message, rename(name)))
        }
        _ => Ok(Handed::Plain(Value::Text(text.into_owned()))),
    }
}

/// What a script's function gave, for SQL.
fn taken(desk: &Desk, name: &str, given: Handed) -> Answer<Value> {
    match given {
        Handed::Plain(Value::Null) | Handed::Cell(Value::Null) => Ok(Value::Null),
        Handed::Quantity(quantity) if gives_quantities(name) => Ok(sealed(desk, &quantity)),
        Handed::Plain(other) | Handed::Cell(other) if gives_quantities(name) => {
            let message = format!("`{name}` gave {}, which is no quantity", in_words(&other));
            Err(FunctionCause::argument(message, "a function whose name begins with `q_` gives a quantity or a number"))
        }
        Handed::Quantity(quantity) => {
            let message =
                format!("`{name}` gave {}, which SQL can't hold as it is", reading::quantity(&quantity, None));
            Err(FunctionCause::argument(message, rename(name)))
        }
        Handed::Plain(plain) | Handed::Cell(plain) => Ok(plain),
    }
}

/// What to do about a function that meets a quantity and whose name does not say so.
pub(in crate::store) fn rename(name: &str) -> String {
    format!("call the function `q_{name}`: one whose name begins with `q_` takes and gives quantities")
}

fn read(desk: &Desk, form: &str) -> Answer<Quantity> {
    let units = desk.units().map_err(|error| FunctionCause::Book(error.to_string()))?;
    units.read(form).map_err(FunctionCause::from)
}

fn sealed(desk: &Desk, quantity: &Quantity) -> Value {
    Value::Text(desk.seal.put(&quantity.full_text()))
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(whole) => format!("the number {whole}"),
        Value::Real(real) => format!("the REAL {real:?}"),
        Value::Text(text) => format!("the text {}", quoted(text)),
        Value::Blob(_) => "a blob".to_owned(),
    }
}

fn refused(cause: FunctionCause) -> Error {
    ScriptError { cause: cause.into(), frames: Vec::new() }.into()
}

fn plain(value: ValueRef<'_>, is_given: bool) -> Answer<Handed> {
    let handed = if is_given { Handed::Plain } else { Handed::Cell };
    Value::try_from(value).map(handed).map_err(|error| FunctionCause::Book(error.to_string()))
}
