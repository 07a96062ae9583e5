//! The functions of instrumented statements: they do what SQLite does with plain numbers and texts, and count where that loses
//! something, a remainder or what in a text is no number. A quotient is computed as SQLite's machine computes it; a value that is
//! read as a number is handed on untouched, for SQLite to read.

use super::context::UdfContext;
use super::remarks::LossCount;
use super::{FunctionKind, PURE, Registration, SiteFunction, site_function};
use crate::store::{Book, lock};
use crate::syntax::numeric_text::{NumericText, numeric_text};
use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The division of two numbers.
pub(crate) const QUOTIENT: &str = "pledgebook_quotient";

/// A value that is read as a number.
pub(crate) const NUMBER: &str = "pledgebook_number";

/// A value that is read as a whole number.
pub(crate) const WHOLE_NUMBER: &str = "pledgebook_whole_number";

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_quotient", "/", Plain, |f| f.quotient()),
    site_function!("pledgebook_number", "+", Plain, |f| f.handed_on(|text| text == NumericText::None)),
    site_function!("pledgebook_whole_number", "cast", Plain, |f| f.handed_on(|text| text != NumericText::Whole)),
];

impl Registration<'_> {
    fn quotient(&self) -> Result<()> {
        let udf = Arc::clone(self.udf);
        self.connection.create_scalar_function(self.name, 3, PURE, move |context| {
            let (value, has_remainder) = quotient(context.get_raw(1), context.get_raw(2));
            if value != Value::Null {
                udf.count(context, has_remainder);
            }
            Ok(value)
        })
    }

    fn handed_on(&self, is_lost: fn(NumericText) -> bool) -> Result<()> {
        let udf = Arc::clone(self.udf);
        self.connection.create_scalar_function(self.name, 2, PURE, move |context| {
            match context.get_raw(1) {
                ValueRef::Null => {}
                ValueRef::Text(text) => udf.count(context, is_lost(numeric_text(&String::from_utf8_lossy(text)))),
                _ => udf.count(context, false),
            }
            Ok(context.get_arg(1))
        })
    }
}

/// The quotient of two numbers, and true if a remainder was dropped. Whole numbers give a whole number; where that does not fit, or
/// one of them is none, both are REALs; a division by 0 is NULL, and so is one of which the REAL is no number.
#[allow(clippy::cast_precision_loss)] // SQLite's own
fn quotient(left: ValueRef<'_>, right: ValueRef<'_>) -> (Value, bool) {
    let (left, right) = match (left, right) {
        (ValueRef::Integer(_), ValueRef::Integer(0)) => return (Value::Null, false),
        (ValueRef::Integer(left), ValueRef::Integer(right)) => match left.checked_div(right) {
            Some(whole) => return (Value::Integer(whole), left % right != 0),
            None => (left as f64, right as f64),
        },
        (ValueRef::Integer(left), ValueRef::Real(right)) => (left as f64, right),
        (ValueRef::Real(left), ValueRef::Integer(right)) => (left, right as f64),
        (ValueRef::Real(left), ValueRef::Real(right)) => (left, right),
        // The statement makes numbers of its operands before.
        _ => return (Value::Null, false),
    };
    let real = left / right;
    (if right == 0.0 || real.is_nan() { Value::Null } else { Value::Real(real) }, false)
}

impl UdfContext {
    /// Counts a value at the counter that a call names first.
    fn count(&self, context: &Context<'_>, is_lost: bool) {
        let Ok(counter) = context.get_raw(0).as_i64() else { return };
        let mut counts = lock(&self.losses);
        let count = counts.entry(counter).or_default();
        count.all += 1;
        count.lost += u64::from(is_lost);
    }
}

impl Book {
    /// The numbers of as many counters, which no other statement has.
    #[must_use]
    pub fn new_counters(&self, count: usize) -> Range<i64> {
        let count = i64::try_from(count).unwrap_or_default();
        let first = self.udf.next_counter.fetch_add(count, Ordering::Relaxed);
        first..first + count
    }

    /// Takes what counters have seen, each in the order of its number.
    #[must_use]
    pub fn take_losses(&self, counters: Range<i64>) -> Vec<LossCount> {
        let mut counts = lock(&self.udf.losses);
        counters.map(|counter| counts.remove(&counter).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::quotient;
    use rusqlite::Connection;
    use rusqlite::types::Value;

    #[test]
    fn a_quotient_is_that_of_sqlite() {
        let connection = Connection::open_in_memory().unwrap();
        let whole = [0, 1, -1, 2, -7, 7, 1 << 53, (1 << 53) + 1, i64::MAX, i64::MIN, i64::MIN + 1];
        let real = [0.0, -0.0, 0.5, -2.5, 1e308, 5e-324, f64::INFINITY, f64::NEG_INFINITY, 9.3e18];
        let values: Vec<Value> =
            whole.into_iter().map(Value::from).chain(real.into_iter().map(Value::from)).chain([Value::Null]).collect();
        let mut statement = connection.prepare("select ?1 / ?2, typeof(?1 / ?2), ?1 % ?2").unwrap();
        for left in &values {
            for right in &values {
                let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Value>(0)?, row.get::<_, Value>(2)?));
                let (expected, remainder) = statement.query_row([left, right], read).unwrap();
                let (found, has_remainder) = quotient(left.into(), right.into());
                // A REAL is compared with its sign.
                assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{left:?} / {right:?}");
                let is_dropped = matches!(expected, Value::Integer(_)) && remainder != Value::Integer(0);
                assert_eq!(has_remainder, is_dropped, "{left:?} / {right:?}");
            }
        }
    }
}
