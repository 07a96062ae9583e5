//! The comparisons of translated statements: 1, 0 or NULL. NULL is what can't be told: a comparison with an unknown, with a range on
//! both sides of a number, with an inexact value too close to tell. It is counted for a notice. A number without unit is one in the
//! unit that it is compared with.

use super::arguments::{CallArguments, is_bare_number, is_bare_zero};
use super::{FunctionKind, SiteFunction, literal, site_function};
use crate::error::{FunctionCause, QuantityError};
use crate::quantity::{Amount, End, Quantity, Strictness, human};
use crate::store::FunctionResult;
use rusqlite::types::{Value, ValueRef};
use rust_decimal::Decimal;
use std::borrow::Borrow;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_eq", "=", PartOfQuantity, |f| f.plain(&[3], |a| equality(a, Orders::EQUAL))),
    site_function!("pledgebook_ne", "<>", PartOfQuantity, |f| f.plain(&[3], |a| equality(a, Orders::UNEQUAL))),
    site_function!("pledgebook_lt", "<", PartOfQuantity, |f| f.plain(&[3], |a| inequality(a, Orders::LESS))),
    site_function!("pledgebook_le", "<=", PartOfQuantity, |f| f.plain(&[3], |a| inequality(a, Orders::AT_MOST))),
    site_function!("pledgebook_gt", ">", PartOfQuantity, |f| f.plain(&[3], |a| inequality(a, Orders::GREATER))),
    site_function!("pledgebook_ge", ">=", PartOfQuantity, |f| f.plain(&[3], |a| inequality(a, Orders::AT_LEAST))),
    site_function!("pledgebook_between", "between", PartOfQuantity, |f| f.plain(&[4], between)),
    site_function!("pledgebook_in", "in", PartOfQuantity, |f| f.plain(&[-1], is_in)),
];

/// The orders that two values may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Orders(u8);

impl Orders {
    const LESS: Self = Self(1);
    const EQUAL: Self = Self(2);
    const GREATER: Self = Self(4);
    const AT_MOST: Self = Self(3);
    const UNEQUAL: Self = Self(5);
    const AT_LEAST: Self = Self(6);
    const ANY: Self = Self(7);

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True if one of them is an order of the others; `None` if that is open.
    fn are(self, wanted: Self) -> Option<bool> {
        match self.0 & wanted.0 {
            0 => Some(false),
            common if common == self.0 => Some(true),
            _ => None,
        }
    }
}

impl From<Ordering> for Orders {
    fn from(order: Ordering) -> Self {
        match order {
            Ordering::Less => Self::LESS,
            Ordering::Equal => Self::EQUAL,
            Ordering::Greater => Self::GREATER,
        }
    }
}

/// The reason that a comparison is NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undecided {
    /// A value is NULL.
    Null,
    /// A value is unknown.
    Unknown,
    /// A value is a range or inexact.
    Open,
}

/// The answer to a comparison.
type Verdict = Result<bool, Undecided>;

/// The answer as a value of SQL; one that is undecided is counted.
fn value(arguments: &CallArguments<'_, '_>, verdict: Verdict) -> Value {
    let undecided = match verdict {
        Ok(is_so) => return Value::Integer(i64::from(is_so)),
        Err(undecided) => undecided,
    };
    match undecided {
        Undecided::Null => {}
        Undecided::Unknown => arguments.udf.add_remark(|remarks| remarks.operators.unknown_compared += 1),
        Undecided::Open => arguments.udf.add_remark(|remarks| remarks.operators.undecided += 1),
    }
    Value::Null
}

/// A value that is compared: a quantity, a plain number, or a text that is read as a quantity; `None` for NULL.
pub(super) fn comparand(arguments: &CallArguments<'_, '_>, at: usize) -> FunctionResult<Option<Quantity>> {
    match arguments.raw(at) {
        ValueRef::Text(_) if arguments.udf.tag.strip(arguments.raw_text(at)?).is_none() => {
            literal::quantity(arguments.udf, arguments.text(at)?, Strictness::Code).map(Some)
        }
        _ => arguments.quantity(at),
    }
}

/// A bare number in the unit of the value that it is compared with; `None` for any other value, which has its own. But for 0, that
/// is said in a notice, and a site takes one unit.
pub(super) fn take_unit(
    arguments: &CallArguments<'_, '_>,
    bare: &Quantity,
    other: &Quantity,
) -> FunctionResult<Option<Quantity>> {
    let Some(unit) = other.unit().filter(|unit| !unit.is_one() && is_bare_number(bare)) else { return Ok(None) };
    let number = bare.amount();
    let taken = Quantity::new(number.clone(), Some(unit.clone()));
    if is_bare_zero(bare) {
        return Ok(Some(taken));
    }
    if let Some(first) = arguments.site_units().add(unit) {
        let bare = human::amount(number, None);
        let message = format!("{bare} has no unit, and is compared with values in `{first}` and in `{unit}`");
        let help = format!(
            "write `q('{number} {first}')` in its place, and leave other rows out: `where q_unit(…) = '{first}'`"
        );
        return Err(FunctionCause::argument(message, help));
    }
    arguments.udf.add_remark(|remarks| remarks.operators.take_unit(unit));
    if bare.assumptions().is_empty() {
        return Ok(Some(taken));
    }
    let others = bare.without_given();
    let is_given = others.assumptions() != bare.assumptions();
    let taken = if is_given { taken.given() } else { taken };
    let assumptions = taken.assumptions().union(others.assumptions());
    Ok(Some(taken.with_assumptions(assumptions)))
}

/// The orders that two values may have. Values of different units have none, but where only equality is asked they are unequal.
fn orders(
    arguments: &CallArguments<'_, '_>,
    [left, right]: [&Quantity; 2],
    only_equality: bool,
) -> FunctionResult<Result<Orders, Undecided>> {
    let (of_left, of_right) = (take_unit(arguments, left, right)?, take_unit(arguments, right, left)?);
    let (left, right) = (of_left.as_ref().unwrap_or(left), of_right.as_ref().unwrap_or(right));
    let differ = left.unit().zip(right.unit()).is_some_and(|(left, right)| left != right);
    if only_equality && differ {
        arguments.udf.add_remark(|remarks| remarks.operators.units_compared += 1);
        return Ok(Ok(Orders::UNEQUAL));
    }
    Ok(possible_orders(left, right)?)
}

/// The orders that two values of one unit may have.
///
/// # Errors
/// If units or stages differ.
fn possible_orders(left: &Quantity, right: &Quantity) -> Result<Result<Orders, Undecided>, QuantityError> {
    match left.compare(right) {
        Ok(order) => Ok(Ok(order.into())),
        Err(QuantityError::UnknownCompared(..)) => Ok(Err(Undecided::Unknown)),
        Err(QuantityError::RangesOverlap(..)) if left.is_exact() && right.is_exact() => {
            Ok(Ok(overlapping_orders(left.amount(), right.amount())))
        }
        Err(QuantityError::RangesOverlap(..) | QuantityError::InexactCompared(..)) => Ok(Ok(Orders::ANY)),
        Err(error) => Err(error),
    }
}

/// The orders of two amounts of which neither is below the other: they may be equal.
fn overlapping_orders(left: &Amount, right: &Amount) -> Orders {
    let [(left_lo, left_hi), (right_lo, right_hi)] = [left, right].map(ends);
    let is_below = |lo: Option<Decimal>, hi: Option<Decimal>| lo.zip(hi).is_none_or(|(lo, hi)| lo < hi);
    let less = if is_below(left_lo, right_hi) { Orders::LESS } else { Orders::EQUAL };
    let greater = if is_below(right_lo, left_hi) { Orders::GREATER } else { Orders::EQUAL };
    Orders::EQUAL.or(less).or(greater)
}

/// The ends of an amount; `None` for one that is missing.
fn ends(amount: &Amount) -> (Option<Decimal>, Option<Decimal>) {
    let value = |end: Option<End>| end.map(|end| end.value);
    match amount {
        Amount::Number(number) => (Some(number.value), Some(number.value)),
        Amount::Range(range) => (value(range.lo()), value(range.hi())),
        Amount::Unknown(_) => (None, None),
    }
}

/// The answer to a comparison of two values; NULL if either is.
fn verdict(
    arguments: &CallArguments<'_, '_>,
    (left, right): (Option<&Quantity>, Option<&Quantity>),
    wanted: Orders,
    only_equality: bool,
) -> FunctionResult<Verdict> {
    let Some((left, right)) = left.zip(right) else { return Ok(Err(Undecided::Null)) };
    Ok(match orders(arguments, [left, right], only_equality)? {
        Ok(possible) => possible.are(wanted).ok_or(Undecided::Open),
        Err(undecided) => Err(undecided),
    })
}

fn equality(arguments: &CallArguments<'_, '_>, wanted: Orders) -> FunctionResult<Value> {
    let (left, right) = (comparand(arguments, 1)?, comparand(arguments, 2)?);
    Ok(value(arguments, verdict(arguments, (left.as_ref(), right.as_ref()), wanted, true)?))
}

fn inequality(arguments: &CallArguments<'_, '_>, wanted: Orders) -> FunctionResult<Value> {
    let (left, right) = (comparand(arguments, 1)?, comparand(arguments, 2)?);
    Ok(value(arguments, verdict(arguments, (left.as_ref(), right.as_ref()), wanted, false)?))
}

fn between(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let [subject, low, high] = [comparand(arguments, 1)?, comparand(arguments, 2)?, comparand(arguments, 3)?];
    let compared = |end: &Option<Quantity>, wanted| verdict(arguments, (subject.as_ref(), end.as_ref()), wanted, false);
    let both = match (compared(&low, Orders::AT_LEAST)?, compared(&high, Orders::AT_MOST)?) {
        (Ok(false), _) | (_, Ok(false)) => Ok(false),
        (Ok(true), other) | (other, Ok(true)) => other,
        (Err(Undecided::Null), other) => other,
        (undecided, _) => undecided,
    };
    Ok(value(arguments, both))
}

fn is_in(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(subject) = comparand(arguments, 1)? else { return Ok(Value::Null) };
    is_member(arguments, &subject, (2..arguments.len()).map(|at| comparand(arguments, at)))
}

/// 1, 0 or NULL as a value is one of some members, of which `None` is NULL. Of what leaves it open the first unknown says more than
/// NULL.
pub(super) fn is_member<B: Borrow<Quantity>>(
    arguments: &CallArguments<'_, '_>,
    subject: &Quantity,
    members: impl Iterator<Item = FunctionResult<Option<B>>>,
) -> FunctionResult<Value> {
    let mut found = Ok(false);
    for member in members {
        let member = member?;
        let member = member.as_ref().map(Borrow::borrow);
        match verdict(arguments, (Some(subject), member), Orders::EQUAL, true)? {
            Ok(true) => return Ok(value(arguments, Ok(true))),
            Ok(false) => {}
            Err(undecided) if matches!(found, Ok(_) | Err(Undecided::Null)) => found = Err(undecided),
            Err(_) => {}
        }
    }
    Ok(value(arguments, found))
}

/// True if two values are certainly equal; that it is open is counted.
pub(super) fn is_equal(arguments: &CallArguments<'_, '_>, left: &Quantity, right: &Quantity) -> FunctionResult<bool> {
    let answer = verdict(arguments, (Some(left), Some(right)), Orders::EQUAL, true)?;
    Ok(value(arguments, answer) == Value::Integer(1))
}

/// -1, 0 or 1 as a value is below, at or above 0; NULL where that is open.
pub(super) fn sign(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(Value::Null) };
    let zero = Quantity::of(Decimal::ZERO, quantity.unit().cloned().unwrap_or_default());
    let signs = [(Orders::LESS, -1), (Orders::EQUAL, 0), (Orders::GREATER, 1)];
    let undecided = match possible_orders(&quantity, &zero)? {
        Ok(possible) => match signs.iter().find(|(order, _)| *order == possible) {
            Some((_, sign)) => return Ok(Value::Integer(*sign)),
            None => Undecided::Open,
        },
        Err(undecided) => undecided,
    };
    Ok(value(arguments, Err(undecided)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, expected: Result<Orders, Undecided>) {
        let turned = expected.map(|Orders(bits)| Orders(bits & 2 | bits >> 2 | (bits & 1) << 2));
        let (left, right): (Quantity, Quantity) = (left.parse().unwrap(), right.parse().unwrap());
        assert_eq!(possible_orders(&left, &right).unwrap(), expected, "{left} and {right}");
        assert_eq!(possible_orders(&right, &left).unwrap(), turned, "{right} and {left}");
    }

    #[test]
    fn a_range_has_the_orders_that_its_ends_leave() {
        check("1 GBP", "2 GBP", Ok(Orders::LESS));
        check(">=2", "2", Ok(Orders::AT_LEAST));
        check(">2", "2", Ok(Orders::GREATER));
        check("<2", "2", Ok(Orders::LESS));
        check("1..3", "3..5", Ok(Orders::AT_MOST));
        check("1..<3", "3..5", Ok(Orders::LESS));
        check("1..3", "1..3", Ok(Orders::ANY));
        check("1..3", "2", Ok(Orders::ANY));
        check(">=1", "<=1", Ok(Orders::AT_LEAST));
        check(">=1", ">=2", Ok(Orders::ANY));
    }

    #[test]
    fn unknowns_and_lost_digits_leave_it_open() {
        check("unknown(not_stated) GBP", "2 GBP", Err(Undecided::Unknown));
        check("≈1", "1", Ok(Orders::ANY));
        check("≈1", "2", Ok(Orders::LESS));
        check("≈1..≈3", "3", Ok(Orders::ANY));
    }

    #[test]
    fn units_and_stages_do_not_compare() {
        let error =
            |left: &str, right: &str| possible_orders(&left.parse().unwrap(), &right.parse().unwrap()).unwrap_err();
        assert!(matches!(error("1 GBP", "unknown(conflict) USD"), QuantityError::UnitMismatch { .. }));
        assert!(matches!(error("1 GBP [@proposed]", "2 GBP [@delivered]"), QuantityError::StageMismatch { .. }));
    }

    #[test]
    fn possible_orders_decide_where_all_or_none_is_wanted() {
        assert_eq!(Orders::AT_LEAST.are(Orders::AT_LEAST), Some(true));
        assert_eq!(Orders::EQUAL.are(Orders::AT_LEAST), Some(true));
        assert_eq!(Orders::LESS.are(Orders::AT_LEAST), Some(false));
        assert_eq!(Orders::ANY.are(Orders::AT_LEAST), None);
        assert_eq!(Orders::UNEQUAL.are(Orders::EQUAL), Some(false));
    }
}
