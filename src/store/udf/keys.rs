//! The keys of translated statements: blobs that SQLite orders and groups by as quantities are ordered and grouped. The bytes of a
//! number order as numbers do and say where they end, so that others may follow.

use super::arguments::{CallArguments, is_bare_number, is_bare_zero};
use super::operators::{spoken, with_unit_help};
use super::{FunctionKind, SiteFunction, site_function};
use crate::error::FunctionCause;
use crate::quantity::{Amount, End, Quantity, Unit};
use crate::store::FunctionResult;
use rusqlite::types::{Value, ValueRef};
use rust_decimal::Decimal;
use std::io::Write;
use std::sync::atomic::Ordering;

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_order", "order by", PartOfQuantity, |f| f.plain(&[4], order)),
    site_function!("pledgebook_key", "group by", PartOfQuantity, |f| f.plain(&[3], key)),
    site_function!("pledgebook_equality_key", "count", PartOfQuantity, |f| f.plain(&[2], equality_key)),
    site_function!("pledgebook_join_key", "=", PartOfQuantity, |f| f.plain(&[2], join_key)),
    site_function!("pledgebook_text", "||", PartOfQuantity, |f| f.plain(&[2], text)),
];

/// The text form of a quantity, with its unit, facts and stages.
fn text(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    Ok(arguments.quantity(1)?.map_or(Value::Null, |quantity| Value::Text(quantity.to_string())))
}

/// The most places of a decimal.
const PLACES: u32 = 28;

/// Writes the bytes of a number: they order as numbers do, and those of one number are the same at any scale. The first byte has
/// the sign and the number of bytes of the whole part; those of a negative number are turned.
fn write_number(key: &mut Vec<u8>, number: Decimal) {
    let (magnitude, unit) = (number.mantissa().unsigned_abs(), 10_u128.pow(number.scale()));
    let (whole, fraction) = (magnitude / unit, magnitude % unit * 10_u128.pow(PLACES - number.scale()));
    let start = key.len();
    let whole = whole.to_be_bytes();
    let whole = &whole[whole.iter().take_while(|byte| **byte == 0).count()..];
    key.push(0x80 + u8::try_from(whole.len()).unwrap_or_default());
    key.extend(whole);
    key.push(u8::from(fraction > 0));
    if fraction > 0 {
        // 28 digits have 94 bits.
        key.extend(&fraction.to_be_bytes()[4..]);
    }
    if number.mantissa() < 0 {
        key[start..].iter_mut().for_each(|byte| *byte = !*byte);
    }
}

/// Writes an end of a range, and whether the end itself belongs to it: of two lower ends at one place the closed one is first, of
/// two upper ends the open one.
fn write_end(key: &mut Vec<u8>, end: End, is_lower: bool) {
    write_number(key, end.value);
    key.push(u8::from(end.closed != is_lower));
}

/// Writes the bytes of an amount: known ones order by their lower ends, then by the upper.
fn write_amount(key: &mut Vec<u8>, amount: &Amount) {
    match amount {
        Amount::Number(number) => {
            key.push(1);
            write_end(key, End { value: number.value, closed: true }, true);
            key.push(0);
        }
        Amount::Range(range) => {
            key.push(u8::from(range.lo().is_some()));
            if let Some(lo) = range.lo() {
                write_end(key, lo, true);
            }
            key.push(if range.hi().is_some() { 1 } else { 2 });
            if let Some(hi) = range.hi() {
                write_end(key, hi, false);
            }
        }
        Amount::Unknown(reasons) => write_text(key, &reasons.to_string()),
    }
}

/// Writes a text, which has no NUL, and its end.
fn write_text(key: &mut Vec<u8>, text: &str) {
    key.extend(text.as_bytes());
    key.push(0);
}

/// Writes a unit; the missing one of an unknown is before all others.
fn write_unit(key: &mut Vec<u8>, unit: Option<&Unit>) {
    if let Some(unit) = unit {
        write!(key, "{unit}").expect("a vector takes all bytes");
    }
    key.push(0);
}

/// The number of an exact one, by which equal quantities are found; `None` of any other, which may be equal to more than one.
pub(super) fn number_key(quantity: &Quantity) -> Option<Decimal> {
    quantity.number().filter(|_| quantity.is_exact())
}

/// The bytes of that number; NULL where there is none, which is counted.
fn join_key(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(Value::Null) };
    let Some(number) = number_key(&quantity) else {
        arguments.udf.add_remark(|remarks| {
            let counted = if quantity.is_unknown() {
                &mut remarks.operators.unknown_compared
            } else {
                &mut remarks.operators.undecided
            };
            *counted += 1;
        });
        return Ok(Value::Null);
    };
    let mut key = Vec::with_capacity(20);
    write_number(&mut key, number);
    Ok(Value::Blob(key))
}

/// A key that quantities of one group share: of unit, number or range or reasons, and exactness. The unit is left out where all are
/// of one.
pub(super) fn group_key(quantity: &Quantity, with_unit: bool) -> Vec<u8> {
    let mut key = Vec::with_capacity(32);
    if with_unit {
        write_unit(&mut key, quantity.unit());
    }
    key.push(u8::from(quantity.is_unknown()));
    write_amount(&mut key, quantity.amount());
    key.push(u8::from(quantity.is_exact()));
    key
}

/// A key by which quantities are in order, an unknown last in either direction; with their unit, unit by unit.
pub(super) fn order_key(quantity: &Quantity, is_descending: bool, with_unit: bool) -> Vec<u8> {
    let mut key = Vec::with_capacity(32);
    key.push(u8::from(quantity.is_unknown() != is_descending));
    if !quantity.is_unknown() {
        if with_unit {
            write_unit(&mut key, quantity.unit());
        }
        write_amount(&mut key, quantity.amount());
    }
    key
}

/// True for an argument that is 1.
pub(super) fn is_set(arguments: &CallArguments<'_, '_>, at: usize) -> bool {
    arguments.raw(at) == ValueRef::Integer(1)
}

/// Refuses a quantity in another unit than the first one at the site, which a bare 0 takes. `error` makes the message and the help
/// of the two units.
fn check_one_unit(
    arguments: &CallArguments<'_, '_>,
    quantity: &Quantity,
    error: fn(&Unit, &Unit) -> (String, String),
) -> FunctionResult<()> {
    let Some(unit) = quantity.unit().filter(|_| !is_bare_zero(quantity)) else { return Ok(()) };
    match arguments.site_units().add(unit) {
        None => Ok(()),
        Some(first) => {
            let (message, help) = error(first, unit);
            Err(FunctionCause::argument(message, help))
        }
    }
}

/// The help to keep to one unit.
pub(super) fn one_unit_help(unit: &Unit) -> String {
    format!("keep to rows in one of them: `where q_unit(…) = '{unit}'`")
}

/// The key of an order: of a quantity, whether it is descending, and whether a second unit is an error.
fn order(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(Value::Null) };
    let (is_descending, is_strict) = (is_set(arguments, 2), is_set(arguments, 3));
    if is_strict {
        check_one_unit(arguments, &quantity, |first, unit| {
            let message = format!("values in `{first}` and in `{unit}` can't be ranked together");
            (message, one_unit_help(first))
        })?;
    }
    let is_range = matches!(quantity.amount(), Amount::Range(_));
    let known_unit = quantity.unit().filter(|_| !is_strict && !quantity.is_unknown());
    let is_other_unit = known_unit.is_some_and(|unit| arguments.site_units().add(unit).is_some());
    if quantity.is_unknown() || is_range || is_other_unit {
        arguments.udf.add_remark(|remarks| {
            remarks.operators.placed_last += u64::from(quantity.is_unknown());
            remarks.operators.placed_by_lower_end += u64::from(is_range);
            remarks.operators.ordered_by_unit |= is_other_unit;
        });
    }
    Ok(Value::Blob(order_key(&quantity, is_descending, !is_strict)))
}

/// The key of a group: of a quantity, and whether all are of one unit, which a bare 0 takes.
fn key(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(Value::Null) };
    let is_strict = is_set(arguments, 2);
    if is_strict {
        check_one_unit(arguments, &quantity, mixed_zero)?;
    }
    Ok(Value::Blob(group_key(&quantity, !is_strict)))
}

/// The error of values of several units among which a bare 0 may be: it would be equal to a 0 of each of them.
fn mixed_zero(first: &Unit, unit: &Unit) -> (String, String) {
    let message = format!("a 0 without unit may be among values in `{first}` and in `{unit}`");
    (message, format!("give the 0 its unit: `q('0 {first}')`"))
}

/// A key that only equal numbers share; NULL for what is not an exact number, which is counted. A bare 0 is equal to a 0 of the one
/// unit at the site.
fn equality_key(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(Value::Null) };
    let Some(number) = quantity.number().filter(|_| quantity.is_exact()) else {
        arguments.udf.add_remark(|remarks| {
            remarks.operators.unknown_compared += u64::from(quantity.is_unknown());
            remarks.operators.undecided += u64::from(!quantity.is_unknown());
        });
        return Ok(Value::Null);
    };
    let units = arguments.site_units();
    let is_first = if is_bare_zero(&quantity) {
        units.has_bare_zero.store(true, Ordering::Relaxed);
        true
    } else if is_bare_number(&quantity) && !units.first.get().is_some_and(Unit::is_one) {
        let message = format!("{} has no unit, and is counted among quantities", spoken(&quantity));
        return Err(FunctionCause::argument(message, with_unit_help(&quantity, units.first.get())));
    } else {
        quantity.unit().is_none_or(|unit| units.add(unit).is_none())
    };
    let is_mixed = units.has_bare_zero.load(Ordering::Relaxed) && units.has_others.load(Ordering::Relaxed);
    if let (true, Some(first), Some(unit)) = (is_mixed, units.first.get(), quantity.unit()) {
        let (message, help) = mixed_zero(first, unit);
        return Err(FunctionCause::argument(message, help));
    }
    let mut key = Vec::with_capacity(24);
    if !(is_first && number.is_zero()) {
        write_unit(&mut key, quantity.unit());
    }
    write_number(&mut key, number);
    Ok(Value::Blob(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn q(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn number_key(number: Decimal) -> Vec<u8> {
        let mut key = Vec::new();
        write_number(&mut key, number);
        key
    }

    fn decimals() -> impl Strategy<Value = Decimal> {
        let most = 10_i128.pow(28) - 1;
        let mantissas = prop_oneof![-most..=most, -1_000_000_i128..=1_000_000, -3_i128..=3];
        (mantissas, 0_u32..=28, 0_u32..=20)
            .prop_map(|(mantissa, scale, shift)| Decimal::from_i128_with_scale(mantissa / 10_i128.pow(shift), scale))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn bytes_order_as_numbers_do(left in decimals(), right in decimals()) {
            prop_assert_eq!(number_key(left).cmp(&number_key(right)), left.cmp(&right));
            let amounts = [left, right].map(|number| order_key(&Quantity::plain(number), true, false));
            prop_assert_eq!(amounts[0].cmp(&amounts[1]), left.cmp(&right));
        }

        #[test]
        fn one_number_has_one_key_at_any_scale(number in decimals()) {
            prop_assert_eq!(number_key(number), number_key(number.normalize()));
            prop_assert_eq!(number_key(Decimal::ZERO), number_key(-Decimal::ZERO));
        }

        #[test]
        fn no_key_of_a_number_begins_another(left in decimals(), right in decimals()) {
            prop_assert!(left == right || !number_key(left).starts_with(&number_key(right)));
        }
    }

    #[track_caller]
    fn check_order(texts: &[&str], is_descending: bool, with_unit: bool) {
        let keys: Vec<Vec<u8>> = texts.iter().map(|text| order_key(&q(text), is_descending, with_unit)).collect();
        let is_ordered = |pair: &[Vec<u8>]| if is_descending { pair[0] > pair[1] } else { pair[0] < pair[1] };
        assert!(keys.windows(2).all(is_ordered), "{texts:?}: {keys:?}");
    }

    #[test]
    fn an_unknown_is_last_in_either_direction() {
        check_order(&["-5", "-0.5", "0", "0.01", "1", "255", "256", "unknown(conflict)"], false, false);
        check_order(&["256", "255", "1", "0.01", "0", "-0.5", "-5", "unknown(conflict)"], true, false);
    }

    #[test]
    fn ranges_are_in_order_of_their_lower_ends() {
        check_order(&["<9", "1", "1..2", "1..<3", "1..3", ">=1", "1<..2", ">1", "2"], false, false);
    }

    #[test]
    fn units_are_in_order_one_by_one() {
        check_order(&["-3 EUR", "7 EUR", "1 EUR/day", "2 GBP", "unknown(conflict) EUR"], false, true);
    }

    #[test]
    fn one_group_has_one_unit_amount_and_exactness() {
        let same = |left: &str, right: &str| group_key(&q(left), true) == group_key(&q(right), true);
        assert!(same("1.50 GBP [F01]", "1.5 GBP [F02; @proposed; given=2]"));
        assert!(same("unknown(not_stated) GBP [U01]", "unknown(not_stated) GBP"));
        assert!(same("1..2 GBP", "1..2 GBP [F01]"));
        for (left, right) in [
            ("1 GBP", "1 USD"),
            ("0 GBP", "0"),
            ("1 GBP", "≈1 GBP"),
            ("1..2", "1..<2"),
            ("1..2", "≈1..≈2"),
            (">=1", "1"),
            ("unknown(not_stated)", "unknown(conflict)"),
            ("unknown(not_stated) GBP", "unknown(not_stated)"),
            ("unknown(not_stated) 1", "unknown(not_stated)"),
        ] {
            assert!(!same(left, right), "{left} and {right}");
        }
        assert_eq!(group_key(&q("0 GBP"), false), group_key(&q("0"), false));
    }
}
