//! Registering a function: its arguments are read for it, its quantity is sealed, its error is kept whole.

use super::arguments::{Answer, Arguments};
use crate::quantity::Quantity;
use crate::store::desk::Desk;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, Result};
use std::sync::Arc;

/// Registers a function of `count` arguments that gives a quantity, or NULL.
pub(super) fn scalar(
    connection: &Connection,
    desk: &Arc<Desk>,
    name: &'static str,
    count: i32,
    flags: FunctionFlags,
    work: fn(&Arguments<'_, '_>) -> Answer<Option<Quantity>>,
) -> Result<()> {
    let desk = Arc::clone(desk);
    connection.create_scalar_function(name, count, flags, move |context| {
        let answer = work(&Arguments::new(name, context, &desk));
        answer.map(|quantity| sealed(&desk, quantity.as_ref())).map_err(|cause| desk.fail(name, cause))
    })
}

/// Registers a function of `count` arguments that gives a plain value.
pub(super) fn plain(
    connection: &Connection,
    desk: &Arc<Desk>,
    name: &'static str,
    count: i32,
    flags: FunctionFlags,
    work: fn(&Arguments<'_, '_>) -> Answer<Value>,
) -> Result<()> {
    let desk = Arc::clone(desk);
    connection.create_scalar_function(name, count, flags, move |context| {
        let arguments = Arguments::new(name, context, &desk);
        let answer = work(&arguments).map_err(|cause| desk.fail(name, cause))?;
        arguments.note_supposed();
        Ok(answer)
    })
}

/// A quantity as SQL holds it.
pub(super) fn sealed(desk: &Desk, quantity: Option<&Quantity>) -> Option<String> {
    quantity.map(|quantity| desk.seal.put(&quantity.full_text()))
}
