//! Statements of one thing in scripts: in a sum, under `+`, and where the lesser or greater of two is taken. What agrees
//! counts once in a sum; what differs makes the result unknown.

use super::raise::{Raised, raise_error};
use super::shared::Shared;
use crate::quantity::{Facts, Quantity, Settled, Statements, Worked};
use rhai::Dynamic;
use std::sync::Arc;

/// What several facts state of one thing, where there is anything.
///
/// # Errors
/// The book can't be read.
pub(super) fn of_book(shared: &Shared) -> Raised<Option<Arc<Statements>>> {
    let statements = shared.book.statements().map_err(|error| raise_error(shared.book.error(&error)))?;
    Ok(Some(statements).filter(|statements| !statements.is_empty()))
}

/// Takes note of what was settled, for a remark when all is answered.
pub(super) fn note(shared: &Shared, settled: &Settled) {
    if let Some(output) = shared.output() {
        output.note_settled(settled.remarks.clone());
    }
}

/// The unknown that an operation on two statements gives which differ; `None` where they do not. The difference and the
/// quotient of two compare them, and are known; their sum, or the greater of them, is the number of no source.
///
/// # Errors
/// The book can't be read.
pub(super) fn disputed(shared: &Shared, left: &Dynamic, right: &Dynamic, adds_up: bool) -> Raised<Option<Dynamic>> {
    let (Some(left), Some(right)) = (left.read_lock::<Worked>(), right.read_lock::<Worked>()) else { return Ok(None) };
    let Some(statements) = of_book(shared)? else { return Ok(None) };
    let Some(settled) = statements.settle_pair(&left.quantity, &right.quantity) else { return Ok(None) };
    let is_disputed = !settled.remarks.disputes.is_empty();
    if !is_disputed && !adds_up {
        return Ok(None);
    }
    note(shared, &settled);
    let unknown = settled.rows.iter().find(|_| is_disputed);
    Ok(unknown.map(|quantity| Dynamic::from(Worked::from(quantity.clone()))))
}

/// Whether a quantity is a statement, or rests on one, of what other facts may state too.
pub(super) fn is_statement(statements: Option<&Statements>, quantity: &Quantity) -> bool {
    statements.is_some_and(|statements| statements.touched(quantity.facts()) != Facts::none())
}
