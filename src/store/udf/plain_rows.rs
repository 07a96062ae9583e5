//! Quantities of imported tables by their plain columns: a row as two whole numbers, of which an aggregate makes the quantity, and the
//! remarks of comparisons and orders that SQLite itself carries out on those numbers.

use super::arguments::CallArguments;
use super::context::UdfContext;
use super::{FunctionKind, SiteFunction, site_function};
use crate::error::FunctionCause;
use crate::quantity::{Quantity, RecordForm};
use crate::store::FunctionResult;
use rusqlite::types::{Value, ValueRef};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_bare", "comparison", Plain, |f| f.plain(&[3], bare)),
    site_function!("pledgebook_unknown", "comparison", Plain, |f| f.plain(&[2], |arguments| Ok(unknown(arguments)))),
    site_function!("pledgebook_last", "order by", Plain, |f| f.plain(&[1], |arguments| Ok(last(arguments)))),
];

/// The number of arguments of an aggregate whose rows are plain columns: site, form, record, number of smallest parts, reason.
pub(super) const PLAIN_ARGUMENTS: i32 = 5;

/// The form of the rows that an aggregate reads, with its number.
#[derive(Debug, Clone, Default)]
struct KnownForm(Option<(i64, Arc<RecordForm>)>);

impl KnownForm {
    /// True if it is the form of this number.
    fn is(&self, number: ValueRef<'_>) -> bool {
        matches!((&self.0, number), (Some((known, _)), ValueRef::Integer(number)) if *known == number)
    }

    fn get(&mut self, number: i64, udf: &UdfContext) -> FunctionResult<&RecordForm> {
        if self.0.as_ref().is_none_or(|(known, _)| *known != number) {
            self.0 = Some((number, udf.record_form(number)?));
        }
        match &self.0 {
            Some((_, form)) => Ok(form),
            None => Err(FunctionCause::argument("a column has no form", "ask again")),
        }
    }
}

/// The most rows of a run.
const MAX_RUN: usize = 1 << 12;

/// Rows of one form whose records ascend, which an aggregate can take as one.
#[derive(Debug, Clone, Default)]
pub(super) struct RecordRun {
    /// The records with their numbers of smallest parts.
    rows: Vec<(u32, i64)>,
    form: KnownForm,
}

impl RecordRun {
    /// Adds the row that the arguments of an aggregate are. Returns false for one that is no part of this run.
    pub(super) fn push(&mut self, arguments: &CallArguments<'_, '_>) -> bool {
        let (ValueRef::Integer(record), ValueRef::Integer(minor)) = (arguments.raw(2), arguments.raw(3)) else {
            return false;
        };
        let Ok(record) = u32::try_from(record) else { return false };
        let is_next = self.rows.last().is_none_or(|(last, _)| *last < record) && self.rows.len() < MAX_RUN;
        let is_row = RecordForm::is_record(record) && self.form.is(arguments.raw(1));
        if is_next && is_row {
            self.rows.push((record, minor));
        }
        is_next && is_row
    }

    /// The number of rows.
    pub(super) fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Begins a new run of the same form.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }

    /// The rows as quantities.
    pub(super) fn quantities(&self) -> impl Iterator<Item = Quantity> {
        self.quantities_of(|_| true)
    }

    /// Those with the least number, or with the greatest.
    pub(super) fn extremes(&self, is_least: bool) -> impl Iterator<Item = Quantity> {
        let numbers = self.rows.iter().map(|(_, minor)| *minor);
        let best = if is_least { numbers.min() } else { numbers.max() };
        self.quantities_of(move |minor| Some(minor) == best)
    }

    fn quantities_of(&self, is_wanted: impl Fn(i64) -> bool) -> impl Iterator<Item = Quantity> {
        let form = self.form.0.as_ref().map(|(_, form)| &**form);
        let wanted = self.rows.iter().filter(move |(_, minor)| is_wanted(*minor));
        wanted.filter_map(move |(record, minor)| form?.quantity(*minor, (*record).into()))
    }

    /// Their sum, if there are any.
    pub(super) fn sum(&self) -> Option<Quantity> {
        let (_, form) = self.form.0.as_ref().filter(|_| !self.rows.is_empty())?;
        Some(form.sum(&self.rows))
    }
}

/// True for a call of an aggregate whose rows come as plain columns.
pub(super) fn has_plain_columns(arguments: &CallArguments<'_, '_>) -> bool {
    i32::try_from(arguments.len()) == Ok(PLAIN_ARGUMENTS)
}

/// The quantity of a row whose plain columns are the arguments of an aggregate; `None` where it is NULL. Its form is that of the rows
/// behind it.
pub(super) fn plain_row(arguments: &CallArguments<'_, '_>, run: &mut RecordRun) -> FunctionResult<Option<Quantity>> {
    let (ValueRef::Integer(number), ValueRef::Integer(record)) = (arguments.raw(1), arguments.raw(2)) else {
        return Ok(None);
    };
    let form = run.form.get(number, arguments.udf)?;
    let amount = match (arguments.raw(3), arguments.raw(4)) {
        (ValueRef::Integer(minor), _) => match form.quantity(minor, record) {
            Some(quantity) => return Ok(Some(quantity)),
            None => form.decimal(minor).to_string(),
        },
        (_, ValueRef::Null) => return Ok(None),
        _ => format!("unknown({})", arguments.text(4)?),
    };
    arguments.udf.read(&form.text(&amount, record)).map(Some)
}

/// The number of smallest parts that a bare number is in the unit of the column beside it, which is said in a notice.
fn bare(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let form = arguments.integer(1, 0..=i64::MAX, "give it the number of a form")?;
    let form = arguments.udf.record_form(form)?;
    arguments.udf.add_remark(|remarks| remarks.operators.take_unit(form.unit()));
    Ok(arguments.integer(2, i64::MIN..=i64::MAX, "give it a whole number")?.into())
}

/// NULL: the comparison of an unknown is counted, and that of NULL is not.
fn unknown(arguments: &CallArguments<'_, '_>) -> Value {
    if !arguments.is_null(1) {
        arguments.udf.add_remark(|remarks| remarks.operators.unknown_compared += 1);
    }
    Value::Null
}

/// The place of an unknown in an order: behind all that is known.
fn last(arguments: &CallArguments<'_, '_>) -> Value {
    arguments.udf.add_remark(|remarks| remarks.operators.placed_last += 1);
    Value::Integer(1)
}
