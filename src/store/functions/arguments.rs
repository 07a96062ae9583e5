//! What a function of SQL is handed: quantities, told from texts by their seal; whole numbers; texts. What is no such
//! thing is refused here, in words that name the function.

use super::values::quoted;
use crate::error::FunctionCause;
use crate::quantity::{Quantity, Statements, Unit, Units};
use crate::store::desk::Desk;
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use std::sync::Arc;

/// The result of a function.
pub(super) type Answer<T> = Result<T, FunctionCause>;

/// Whether the text form of a quantity may name an assumption: most do not, and are not read again.
fn may_suppose(form: &str) -> bool {
    ["=", "; A", "[A", "across_stages"].iter().any(|part| form.contains(part))
}

/// The arguments of one call.
pub(super) struct Arguments<'c, 'd> {
    function: &'static str,
    context: &'c Context<'c>,
    pub(super) desk: &'d Desk,
}

impl<'c, 'd> Arguments<'c, 'd> {
    pub(super) fn new(function: &'static str, context: &'c Context<'c>, desk: &'d Desk) -> Self {
        Self { function, context, desk }
    }

    pub(super) fn len(&self) -> usize {
        self.context.len()
    }

    pub(super) fn is_null(&self, at: usize) -> bool {
        matches!(self.raw(at), ValueRef::Null)
    }

    /// A quantity, or a whole number as one without unit; `None` for NULL, which does not apply.
    pub(super) fn quantity(&self, at: usize) -> Answer<Option<Quantity>> {
        match self.raw(at) {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(whole) => Ok(Some(Quantity::plain(whole.into()))),
            ValueRef::Text(_) => {
                let text = self.any_text(at)?;
                match self.desk.seal.strip(text) {
                    Some(form) => Ok(Some(self.read(form)?)),
                    None => Err(self.refused(at, &format!("say that it is a quantity: `q({})`", quoted(text)))),
                }
            }
            _ => Err(self.refused(at, "give it a quantity, or an exact number as text: `q('0.5')`")),
        }
    }

    /// Whether it is a plain number that a person gave.
    pub(super) fn is_given(&self, at: usize) -> bool {
        matches!(self.raw(at), ValueRef::Integer(_)) && self.desk.is_given(self.function, at)
    }

    /// As [`Arguments::quantity`], where a person's plain number says that it is given.
    pub(super) fn quantity_given(&self, at: usize) -> Answer<Option<Quantity>> {
        let quantity = self.quantity(at)?;
        Ok(if self.is_given(at) { quantity.map(Quantity::given) } else { quantity })
    }

    /// The unit that a place of the statement met first, which is this one where it meets its first. SQLite keeps what is
    /// remembered with a number below 0 for as long as the statement runs.
    pub(super) fn first_unit(&self, place: i64, unit: &Unit) -> Arc<Unit> {
        let at = i32::try_from(-place).unwrap_or(-1);
        let known = self.context.get_aux::<Unit>(at).ok().flatten();
        known.or_else(|| self.context.set_aux(at, unit.clone()).ok()).unwrap_or_else(|| Arc::new(unit.clone()))
    }

    /// What several facts state of one thing.
    pub(super) fn statements(&self) -> Answer<Arc<Statements>> {
        self.desk.statement_groups().map_err(|error| FunctionCause::Book(error.to_string()))
    }

    /// Takes note of quantities among the arguments of which something is supposed.
    pub(super) fn note_supposed(&self) {
        for at in (0..self.len()).filter(|at| self.any_text(*at).is_ok_and(may_suppose)) {
            if let Ok(Some(quantity)) = self.quantity(at) {
                self.desk.note_supposed(&quantity);
            }
        }
    }

    /// A text; a quantity, NULL and the rest are refused.
    pub(super) fn text(&self, at: usize) -> Answer<&'c str> {
        let text = self.any_text(at)?;
        if self.desk.seal.is_in(text) { Err(self.refused(at, "give it a text")) } else { Ok(text) }
    }

    /// A text or a sealed quantity.
    pub(super) fn any_text(&self, at: usize) -> Answer<&'c str> {
        match self.raw(at) {
            ValueRef::Text(bytes) => {
                std::str::from_utf8(bytes).map_err(|_| self.refused(at, "give it a text in UTF-8"))
            }
            _ => Err(self.refused(at, "give it a text")),
        }
    }

    /// A whole number within bounds; `wanted` says which.
    pub(super) fn whole(&self, at: usize, bounds: std::ops::RangeInclusive<i64>, wanted: &str) -> Answer<i64> {
        match self.raw(at) {
            ValueRef::Integer(whole) if bounds.contains(&whole) => Ok(whole),
            _ => Err(self.refused(at, wanted)),
        }
    }

    pub(super) fn raw(&self, at: usize) -> ValueRef<'c> {
        self.context.get_raw(at)
    }

    /// Reads a text form in the units of the book.
    pub(super) fn read(&self, form: &str) -> Answer<Quantity> {
        self.units()?.read(form).map_err(FunctionCause::from)
    }

    /// The units of the book.
    pub(super) fn units(&self) -> Answer<&'d Units> {
        self.desk.units().map_err(|error| FunctionCause::Book(error.to_string()))
    }

    /// That an argument is not what the function takes.
    pub(super) fn refused(&self, at: usize, cure: &str) -> FunctionCause {
        FunctionCause::argument(
            format!("`{}` does not take {}", self.function, in_words(self.raw(at), self.desk)),
            cure,
        )
    }
}

/// A value as a message names it.
fn in_words(value: ValueRef<'_>, desk: &Desk) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(whole) => format!("the number {whole}"),
        ValueRef::Real(real) => format!("the REAL {real:?}"),
        ValueRef::Blob(_) => "a blob".to_owned(),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            match desk.seal.strip(&text) {
                Some(form) => format!("the quantity `{form}`"),
                // What bears the seal within is nothing to show.
                None if desk.seal.is_in(&text) => "a text with a quantity in it".to_owned(),
                None => format!("the text {}", quoted(&text)),
            }
        }
    }
}
