//! The arguments and the result of one call of a function. A tag marks a text as a quantity; an argument of another
//! kind is refused with a message that names the function. Functions are registered here too: the result is tagged, and
//! the error kept.

use super::context::UdfContext;
use super::{READS_BOOK, Registration};
use crate::error::FunctionCause;
use crate::quantity::{Quantity, StatementIndex, Unit, UnitRegistry};
use crate::store::{FunctionResult, unreadable};
use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use std::panic::UnwindSafe;
use std::sync::Arc;

/// True if the text form of a quantity may name an assumption: most do not, and are not parsed again.
fn may_have_assumptions(form: &str) -> bool {
    ["=", "; A", "[A", "across_stages"].iter().any(|part| form.contains(part))
}

/// The work of a function.
type Work<T> = fn(&CallArguments<'_, '_>) -> FunctionResult<T>;

/// The arguments of one call.
pub(super) struct CallArguments<'c, 'd> {
    function: &'static str,
    context: &'c Context<'c>,
    pub(super) udf: &'d UdfContext,
}

impl<'c, 'd> CallArguments<'c, 'd> {
    pub(super) fn new(function: &'static str, context: &'c Context<'c>, udf: &'d UdfContext) -> Self {
        Self { function, context, udf }
    }

    pub(super) fn len(&self) -> usize {
        self.context.len()
    }

    pub(super) fn is_null(&self, at: usize) -> bool {
        matches!(self.raw(at), ValueRef::Null)
    }

    /// A quantity, or an integer as one without unit; `None` for NULL.
    pub(super) fn quantity(&self, at: usize) -> FunctionResult<Option<Quantity>> {
        match self.raw(at) {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(whole) => Ok(Some(Quantity::plain(whole.into()))),
            ValueRef::Text(_) => {
                let text = self.raw_text(at)?;
                match self.udf.tag.strip(text) {
                    Some(form) => Ok(Some(self.read(form)?)),
                    None => Err(self.type_error(at, &format!("say that it is a quantity: `q({})`", quoted(text)))),
                }
            }
            _ => Err(self.type_error(at, "give it a quantity, or an exact number as text: `q('0.5')`")),
        }
    }

    /// True for a plain number that is a literal.
    pub(super) fn is_literal(&self, at: usize) -> bool {
        matches!(self.raw(at), ValueRef::Integer(_)) && self.udf.is_literal(self.function, at)
    }

    /// As [`CallArguments::quantity`], with a literal marked as given.
    pub(super) fn quantity_or_literal(&self, at: usize) -> FunctionResult<Option<Quantity>> {
        let quantity = self.quantity(at)?;
        Ok(if self.is_literal(at) { quantity.map(Quantity::given) } else { quantity })
    }

    /// The unit that a place of the statement first met; `unit` itself on the first call. SQLite keeps auxiliary data
    /// with a number below 0 for as long as the statement runs.
    pub(super) fn first_unit(&self, place: i64, unit: &Unit) -> Arc<Unit> {
        let at = i32::try_from(-place).unwrap_or(-1);
        let known = self.context.get_aux::<Unit>(at).ok().flatten();
        known.or_else(|| self.context.set_aux(at, unit.clone()).ok()).unwrap_or_else(|| Arc::new(unit.clone()))
    }

    /// The groups of statements of one thing by several facts.
    pub(super) fn statements(&self) -> FunctionResult<Arc<StatementIndex>> {
        self.udf.statement_groups().map_err(unreadable)
    }

    /// Notes the assumptions of quantities among the arguments.
    pub(super) fn note_assumptions(&self) {
        for at in (0..self.len()).filter(|at| self.raw_text(*at).is_ok_and(may_have_assumptions)) {
            if let Ok(Some(quantity)) = self.quantity(at) {
                self.udf.note_assumptions(&quantity);
            }
        }
    }

    /// A text; a quantity, NULL and the rest are refused.
    pub(super) fn text(&self, at: usize) -> FunctionResult<&'c str> {
        let text = self.raw_text(at)?;
        if self.udf.tag.is_in(text) { Err(self.type_error(at, "give it a text")) } else { Ok(text) }
    }

    /// A text or a tagged quantity.
    pub(super) fn raw_text(&self, at: usize) -> FunctionResult<&'c str> {
        match self.raw(at) {
            ValueRef::Text(bytes) => {
                std::str::from_utf8(bytes).map_err(|_| self.type_error(at, "give it a text in UTF-8"))
            }
            _ => Err(self.type_error(at, "give it a text")),
        }
    }

    /// An integer within bounds; `wanted` is the help for any other argument.
    pub(super) fn integer(
        &self,
        at: usize,
        bounds: std::ops::RangeInclusive<i64>,
        wanted: &str,
    ) -> FunctionResult<i64> {
        match self.raw(at) {
            ValueRef::Integer(whole) if bounds.contains(&whole) => Ok(whole),
            _ => Err(self.type_error(at, wanted)),
        }
    }

    pub(super) fn raw(&self, at: usize) -> ValueRef<'c> {
        self.context.get_raw(at)
    }

    /// Reads a text form in the units of the book.
    pub(super) fn read(&self, form: &str) -> FunctionResult<Quantity> {
        self.units()?.parse_quantity(form).map_err(FunctionCause::from)
    }

    /// The units of the book.
    pub(super) fn units(&self) -> FunctionResult<&'d UnitRegistry> {
        self.udf.units().map_err(unreadable)
    }

    /// The error for an argument that the function does not take.
    pub(super) fn type_error(&self, at: usize, help: &str) -> FunctionCause {
        FunctionCause::argument(format!("`{}` does not take {}", self.function, describe(self.raw(at), self.udf)), help)
    }
}

/// Describes a value for a message.
pub(super) fn describe(value: ValueRef<'_>, udf: &UdfContext) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(whole) => format!("the number {whole}"),
        ValueRef::Real(real) => format!("the REAL {real:?}"),
        ValueRef::Blob(_) => "a blob".to_owned(),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            match udf.tag.strip(&text) {
                Some(form) => format!("the quantity `{form}`"),
                // The tag is printed nowhere.
                None if udf.tag.is_in(&text) => "a text with a quantity in it".to_owned(),
                None => format!("the text {}", quoted(&text)),
            }
        }
    }
}

/// A text in quotes, cut where it is long. One with control characters may contain the tag, which is printed nowhere.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(char::is_control) {
        return "with control characters".to_owned();
    }
    let short: String = text.chars().take(30).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("'{}{more}'", short.replace('\'', "''"))
}

impl Registration<'_> {
    /// A function that gives a quantity, or NULL, of each of these numbers of arguments.
    pub(super) fn scalar(&self, counts: &[i32], work: Work<Option<Quantity>>) -> Result<()> {
        self.of_quantities(counts, move |arguments| {
            work(arguments).map(|quantity| tagged(arguments.udf, quantity.as_ref()).into())
        })
    }

    /// A function that gives a plain value, of each of these numbers of arguments.
    pub(super) fn plain(&self, counts: &[i32], work: Work<Value>) -> Result<()> {
        self.of_quantities(counts, move |arguments| {
            let answer = work(arguments)?;
            arguments.note_assumptions();
            Ok(answer)
        })
    }

    fn of_quantities<W>(&self, counts: &[i32], work: W) -> Result<()>
    where
        W: Fn(&CallArguments<'_, '_>) -> FunctionResult<Value> + Copy + Send + UnwindSafe + 'static,
    {
        counts.iter().try_for_each(|count| {
            let (name, udf) = (self.name, Arc::clone(self.udf));
            self.connection.create_scalar_function(name, *count, READS_BOOK, move |context| {
                work(&CallArguments::new(name, context, &udf)).map_err(|cause| udf.fail(name, cause))
            })
        })
    }
}

/// A quantity as SQL holds it, tagged.
pub(super) fn tagged(udf: &UdfContext, quantity: Option<&Quantity>) -> Option<String> {
    quantity.map(|quantity| udf.tag.attach(&quantity.full_text()))
}
