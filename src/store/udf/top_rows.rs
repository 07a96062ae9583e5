//! The row that a lone `min` or `max` of a select shows beside it: SQLite itself picks it by a key, and the rows of the group are compared
//! here, so that one which is not certainly it is refused.

use super::arguments::{CallArguments, is_bare_zero};
use super::keys::{is_set, one_unit_help, order_key};
use super::operators::spoken;
use super::{FunctionKind, SiteFunction, site_function};
use crate::error::{FunctionCause, QuantityError};
use crate::quantity::{Amount, Facts, Quantity, Unit};
use crate::store::{FunctionResult, lock};
use rusqlite::types::{Value, ValueRef};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::sync::{Arc, Mutex};

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_top_key", "max", PartOfQuantity, |f| f.plain(&[3], top_key)),
    site_function!("pledgebook_top", "max", FromPlain, |f| f.scalar(&[2], top)),
];

/// The rows of a group that may have the least or the greatest value.
#[derive(Debug, Default)]
struct TopRows {
    /// Those that no other certainly beats; of equal ones the first.
    candidates: Vec<Quantity>,
    /// The first with a stage, which the stages of all others must fit.
    staged: Option<Quantity>,
}

/// A group of rows, its totals of other rows apart: one of those is the least or the greatest only where there is nothing else.
#[derive(Debug, Default)]
struct Group {
    rows: TopRows,
    totals: TopRows,
    /// True if there is a row that is no total.
    has_rows: bool,
    left_out: Facts,
    unit: Option<Unit>,
    /// True once the group is over: the next row begins another.
    is_over: bool,
}

impl TopRows {
    /// Compares a row with those before.
    fn push(&mut self, row: &Quantity, wanted: Ordering) -> Result<(), QuantityError> {
        match &self.staged {
            Some(staged) => drop(order(staged, row)?),
            None if !row.stages().is_empty() => self.staged = Some(row.clone()),
            None => {}
        }
        let mut is_beaten = false;
        let mut left = Vec::with_capacity(self.candidates.len() + 1);
        for candidate in std::mem::take(&mut self.candidates) {
            match order(&candidate, row)? {
                Some(order) if order == wanted || order.is_eq() => is_beaten = true,
                None => {}
                Some(_) => continue,
            }
            left.push(candidate);
        }
        self.candidates = left;
        if !is_beaten {
            self.candidates.push(row.clone());
        }
        Ok(())
    }
}

/// The order of two values of one unit; `None` where their errors leave it open.
fn order(left: &Quantity, right: &Quantity) -> Result<Option<Ordering>, QuantityError> {
    match left.compare(right) {
        Ok(order) => Ok(Some(order)),
        Err(QuantityError::InexactCompared(..) | QuantityError::RangesOverlap(..)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The group at a site.
fn group_of(arguments: &CallArguments<'_, '_>) -> Arc<Mutex<Group>> {
    arguments.site_data().unwrap_or_else(|| arguments.keep_site_data(Mutex::default()))
}

/// The key of an order with the quantity behind it, for SQLite's own `min` and `max`, which also pick the row that it is in; the last
/// argument is 1 for `min`. A total of other rows comes behind all that are none.
fn top_key(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(Value::Null) };
    if !matches!(quantity.amount(), Amount::Number(_)) {
        let one = format!("one is {}", spoken(&quantity));
        let help = if quantity.is_unknown() { "where not q_is_unknown(…)" } else { "where q_lo(…) = q_hi(…)" };
        return Err(open(&one, &format!("leave such rows out: `{help}`")));
    }
    let (totals, is_least) = (arguments.udf.totals_of(&quantity)?, is_set(arguments, 2));
    let group = group_of(arguments);
    let mut group = lock(&group);
    if group.is_over {
        *group = Group::default();
    }
    group.has_rows |= totals.is_empty();
    group.left_out.extend(&totals);
    if !is_bare_zero(&quantity) {
        let unit = quantity.unit().cloned().unwrap_or_default();
        let first = group.unit.get_or_insert_with(|| unit.clone());
        if *first != unit {
            let message = format!("no row has the least or the greatest of values in `{first}` and in `{unit}`");
            let help = format!("{}, or `group by q_unit(…)`", one_unit_help(first));
            return Err(FunctionCause::argument(message, help));
        }
        let rows = if totals.is_empty() { &mut group.rows } else { &mut group.totals };
        rows.push(&quantity, if is_least { Ordering::Less } else { Ordering::Greater })?;
    }
    let mut key = vec![u8::from(totals.is_empty() != is_least)];
    key.extend(order_key(&quantity, false, false));
    let length = u32::try_from(key.len()).unwrap_or_default();
    key.extend(quantity.full_text().as_bytes());
    key.extend(length.to_be_bytes());
    Ok(Value::Blob(key))
}

/// The error of a group of which no row certainly has the least or the greatest value.
fn open(why: &str, help: &str) -> FunctionCause {
    FunctionCause::argument(format!("which row has the least or the greatest value is open: {why}"), help)
}

/// The quantity behind a key of [`top_key`]; a bare 0 in the unit of the others.
fn top(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let group = group_of(arguments);
    let mut group = lock(&group);
    group.is_over = true;
    if arguments.is_null(1) {
        return Ok(None);
    }
    if group.has_rows {
        arguments.udf.add_remark(|remarks| remarks.totals_left_out.extend(&group.left_out));
    }
    let rows = if group.has_rows { &group.rows } else { &group.totals };
    if let [one, other, ..] = &rows.candidates[..] {
        let why = format!("{} and {} are within their errors", spoken(one), spoken(other));
        return Err(open(&why, "the aggregate alone has an answer: leave the columns beside it out"));
    }
    let form = if let ValueRef::Blob(key) = arguments.raw(1) { form_behind(key) } else { None };
    let Some(form) = form else { return Err(arguments.type_error(1, "give it the key of a quantity")) };
    let quantity = arguments.udf.read(form)?;
    Ok(Some(match &group.unit {
        Some(unit) if is_bare_zero(&quantity) => Quantity::of(Decimal::ZERO, unit.clone()),
        _ => quantity,
    }))
}

/// The text form behind a key.
fn form_behind(key: &[u8]) -> Option<&str> {
    let (key, length) = key.split_last_chunk()?;
    let start = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    std::str::from_utf8(key.get(start..)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_behind_its_key() {
        let mut key = order_key(&"-2.5 GBP".parse().unwrap(), false, false);
        let length = u32::try_from(key.len()).unwrap();
        key.extend("-2.5 GBP [F01]".bytes().chain(length.to_be_bytes()));
        assert_eq!(form_behind(&key), Some("-2.5 GBP [F01]"));
        assert_eq!(form_behind(&[1, 2]), None);
        assert_eq!(form_behind(&[0, 0, 0, 9]), None);
    }

    fn open_after(rows: &[&str]) -> Result<usize, QuantityError> {
        let mut found = TopRows::default();
        rows.iter().try_for_each(|row| found.push(&row.parse().unwrap(), Ordering::Greater))?;
        Ok(found.candidates.len())
    }

    #[test]
    fn a_row_is_the_greatest_where_no_other_may_be() {
        assert_eq!(open_after(&["7 GBP", "9 GBP", "≈7 GBP"]).unwrap(), 1);
        assert_eq!(open_after(&["7 GBP", "≈7 GBP"]).unwrap(), 2);
        assert_eq!(open_after(&["≈7 GBP", "7.3 GBP", "9 GBP"]).unwrap(), 1);
        assert_eq!(open_after(&["7 GBP", "7.0 GBP"]).unwrap(), 1);
        assert_eq!(open_after(&["≈7 GBP", "≈7 GBP"]).unwrap(), 2);
        assert!(open_after(&["7 GBP [@pledged]", "9 GBP", "8 GBP [@delivered]"]).is_err());
    }
}
