//! The arguments and the result of one call of a function. A tag marks a text as a quantity; an argument of another
//! kind is refused with a message that names the function. Functions are registered here too: the result is tagged, and
//! the error kept. A function of a site knows the place in the statement that calls it by its first argument.

use super::context::UdfContext;
use super::{READS_BOOK, Registration};
use crate::error::FunctionCause;
use crate::quantity::{Assumption, Quantity, StatementIndex, Unit, UnitRegistry};
use crate::store::{FunctionResult, unreadable};
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Error, Result};
use std::panic::UnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// True if the text form of a quantity may name an assumption: most do not, and are not parsed again. What rests on one fact or
/// record alone names none.
fn may_have_assumptions(form: &[u8]) -> bool {
    let Some(open) = memchr::memrchr(b'[', form) else { return false };
    match &form[open + 1..] {
        [b'F' | b'S' | b'U', rest @ ..] => memchr::memchr2(b';', b'=', rest).is_some(),
        _ => true,
    }
}

/// The work of a function.
type Work<T> = fn(&CallArguments<'_, '_>) -> FunctionResult<T>;

/// A function that is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Callee {
    /// Its name in SQL.
    pub(super) name: &'static str,
    /// The operator, keyword or function that it is in the statement of a person.
    pub(super) spelling: &'static str,
    /// True if its first argument is the site of the call.
    pub(super) takes_site: bool,
}

/// The number from which on auxiliary data is that of a site, downwards: below the places of `q_amount`. Each site has two.
const SITE_DATA: i64 = -(1 << 30) - 1;

/// The units that a site of a statement has met.
#[derive(Debug, Default)]
pub(super) struct SiteUnits {
    /// The first of them.
    pub(super) first: OnceLock<Unit>,
    /// True once there was another.
    pub(super) has_others: AtomicBool,
    /// True once there was a bare 0 among them.
    pub(super) has_bare_zero: AtomicBool,
}

impl SiteUnits {
    /// Adds a unit. Returns the first one if it is another than that.
    pub(super) fn add(&self, unit: &Unit) -> Option<&Unit> {
        let first = Some(self.first.get_or_init(|| unit.clone())).filter(|first| *first != unit);
        if first.is_some() {
            self.has_others.store(true, Ordering::Relaxed);
        }
        first
    }
}

/// True for a plain number without unit that no source states, be it given or computed.
pub(super) fn is_bare_number(quantity: &Quantity) -> bool {
    !quantity.is_unknown()
        && quantity.unit().is_some_and(Unit::is_one)
        && quantity.facts().is_empty()
        && quantity.stages().is_empty()
        && quantity.assumptions().iter().all(Assumption::is_given)
}

/// True for a bare number that is exactly 0, which fits any unit.
pub(super) fn is_bare_zero(quantity: &Quantity) -> bool {
    is_bare_number(quantity) && quantity.is_exact() && quantity.number().is_some_and(|number| number.is_zero())
}

/// The arguments of one call.
pub(super) struct CallArguments<'c, 'd> {
    callee: Callee,
    context: &'c Context<'c>,
    pub(super) udf: &'d UdfContext,
}

impl<'c, 'd> CallArguments<'c, 'd> {
    pub(super) fn new(callee: Callee, context: &'c Context<'c>, udf: &'d UdfContext) -> Self {
        Self { callee, context, udf }
    }

    /// The site of the call, of a function that is told it.
    pub(super) fn site(&self) -> Option<i64> {
        if self.callee.takes_site { self.raw(0).as_i64().ok() } else { None }
    }

    /// Keeps the error of the call. Returns the error for SQLite.
    fn fail(&self, cause: FunctionCause) -> Error {
        self.udf.fail(self.callee.spelling, self.site(), cause)
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
                    Some(form) => Ok(Some(self.udf.read(form)?)),
                    None => Err(self.type_error(at, &format!("say that it is a quantity: `q({})`", quoted(text)))),
                }
            }
            _ => Err(self.type_error(at, "give it a quantity, or an exact number as text: `q('0.5')`")),
        }
    }

    /// True for a plain number that is a literal.
    pub(super) fn is_literal(&self, at: usize) -> bool {
        matches!(self.raw(at), ValueRef::Integer(_)) && self.udf.is_literal(self.callee.name, self.site(), at)
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

    /// The units that the site of the call has met while the statement runs.
    pub(super) fn site_units(&self) -> Arc<SiteUnits> {
        let at = self.site_slot(0);
        let known = self.context.get_aux::<SiteUnits>(at).ok().flatten();
        known.or_else(|| self.context.set_aux(at, SiteUnits::default()).ok()).unwrap_or_default()
    }

    /// The data that the site of the call has kept besides, while the statement runs.
    pub(super) fn site_data<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.context.get_aux(self.site_slot(1)).ok().flatten()
    }

    /// Keeps something for the next calls at the site.
    pub(super) fn keep_site_data<T: Send + Sync + Default + 'static>(&self, data: T) -> Arc<T> {
        self.context.set_aux(self.site_slot(1), data).unwrap_or_default()
    }

    /// The number of the auxiliary data of the site: one of two.
    fn site_slot(&self, which: i64) -> i32 {
        let site = self.site().unwrap_or_default();
        i32::try_from(SITE_DATA - 2 * site - which).unwrap_or(i32::MIN)
    }

    /// The groups of statements of one thing by several facts.
    pub(super) fn statements(&self) -> FunctionResult<Arc<StatementIndex>> {
        self.udf.statement_groups().map_err(unreadable)
    }

    /// Notes the assumptions of quantities among the arguments.
    pub(super) fn note_assumptions(&self) {
        let may_have = |at: &usize| match self.raw(*at) {
            ValueRef::Text(bytes) => may_have_assumptions(bytes),
            _ => false,
        };
        for at in (0..self.len()).filter(may_have) {
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

    /// The units of the book.
    pub(super) fn units(&self) -> FunctionResult<&'d UnitRegistry> {
        self.udf.units().map_err(unreadable)
    }

    /// The error for an argument that the function does not take.
    pub(super) fn type_error(&self, at: usize, help: &str) -> FunctionCause {
        FunctionCause::argument(
            format!("`{}` does not take {}", self.callee.spelling, describe(self.raw(at), self.udf)),
            help,
        )
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
            let (callee, udf) = (self.callee(), Arc::clone(self.udf));
            self.connection.create_scalar_function(callee.name, *count, READS_BOOK, move |context| {
                let arguments = CallArguments::new(callee, context, &udf);
                work(&arguments).map_err(|cause| arguments.fail(cause))
            })
        })
    }
}

/// A quantity as SQL holds it, tagged.
pub(super) fn tagged(udf: &UdfContext, quantity: Option<&Quantity>) -> Option<String> {
    quantity.map(|quantity| udf.tag.attach(&quantity.full_text()))
}
