//! Scalar functions of quantities: making them of plain values, arithmetic (the operators of scripts under names),
//! their parts as plain values, comparison. A number comes out only where SQL can hold it exactly; a comparison that
//! can't be decided is NULL, which no condition takes for true.

use super::arguments::CallArguments;
use super::{FunctionKind, SqlFunction, function, literal};
use crate::error::{FunctionCause, QuantityError};
use crate::quantity::{Quantity, Strictness, Unit, days_between, decimal, human};
use crate::store::{FunctionResult, unreadable};
use rusqlite::types::{Value, ValueRef};
use rust_decimal::Decimal;

pub(super) const FUNCTIONS: &[SqlFunction] = &[
    function!("q", "(text) · q(number, unit) · q(number, unit, fact)", Quantity, |f| f.scalar(&[1, 2, 3], from_literal),
        "a quantity that you give, as `q('1.25 USD/GBP')`; it is printed as your assumption, unless the fact states it",
        "select q('1.25 USD/GBP')" => "1.25 USD/GBP [given]"),
    function!("days_between", "(from, to)", FromPlain, |f| f.scalar(&[2], days),
        "the days from one ISO date to another, negative where it is earlier",
        "select days_between('2025-03-01', '2025-03-31')" => "30 day"),
    function!("q_add", "(a, b)", Quantity, |f| f.scalar(&[2], add),
        "the sum of two quantities of one unit and stage",
        "select q_add(amount, amount) from pledges" => "3,200,000,000 GBP [F29]"),
    function!("q_sub", "(a, b)", Quantity, |f| f.scalar(&[2], |a| binary(a, Quantity::subtract)),
        "the difference of two quantities of one unit and stage",
        "select q_sub(amount, amount) from pledges" => "0 GBP [F29]"),
    function!("q_mul", "(a, b)", Quantity, |f| f.scalar(&[2], |a| binary(a, Quantity::multiply)),
        "the product, in the product of the units",
        "select q_mul(amount, 2) from pledges" => "3,200,000,000 GBP [F29; given]"),
    function!("q_div", "(a, b)", Quantity, |f| f.scalar(&[2], |a| binary(a, Quantity::divide)),
        "the quotient, in the quotient of the units: `GBP/missile`",
        "select q_div(amount, item_count) from pledges" => "320,000 GBP/missile [F29 F30]"),
    function!("q_neg", "(q)", Quantity, |f| f.scalar(&[1], |a| Ok(a.quantity(0)?.map(|q| as_given(a, 0, q.negate())))),
        "the quantity with its sign turned",
        "select q_neg(amount) from pledges" => "-1,600,000,000 GBP [F29]"),
    function!("q_round", "(q) · q_round(q, places)", Quantity, |f| f.scalar(&[1, 2], round),
        "rounds half away from zero, to thousands by `q_round(q, -3)`; a digit that changes marks the result `≈`",
        "select q_round(q_div(amount, 7), 2) from pledges" => "≈228,571,428.57 GBP [F29; given]"),
    function!("q_convert", "(q, rate)", Quantity, |f| f.scalar(&[2], convert),
        "the quantity in another unit, by a rate that you give; the rate is printed as your assumption",
        "select q_convert(amount, q('1.25 USD/GBP')) from pledges" => "2,000,000,000 USD [F29; rate]"),
    function!("q_percent", "(share)", Quantity, |f| f.scalar(&[1], percent),
        "a share, as `q_div(part, whole)`, in the unit `percent`",
        "select q_percent(q_div(amount, q_mul(amount, 4))) from pledges" => "25 percent [F29; given]"),
    function!("q_across_stages", "(q)", Quantity,
        |f| f.scalar(&[1], |a| Ok(a.quantity_or_literal(0)?.map(|q| q.across_stages()))),
        "lets a quantity be added to one at another stage, as a printed assumption",
        "select q_across_stages(amount) from pledges" => "1,600,000,000 GBP [F29; across_stages]"),
    // Four arguments are a call without a unit; the last is its place in the statement.
    function!("q_amount", "(q, unit) · q_amount(q, unit, places) · q_amount(q)", PartOfQuantity,
        |f| f.plain(&[1, 2, 3, 4], amount),
        "the number alone, in that unit or in pence (`q_amount(q, 'GBP', 2)`); another unit is refused, and without \
         one a second unit; NULL where it is unknown, which a notice counts",
        "select q_amount(amount) from pledges" => "1600000000"),
    function!("q_text", "(q)", PartOfQuantity,
        |f| f.plain(&[1], |a| text_part(a, |q| Quantity::new(q.amount().clone(), q.unit().cloned()).to_string())),
        "its number and unit as a text, as `unknown(not_stated) troop` where it is unknown",
        "select q_text(q_div(amount, item_count)) from pledges" => "320000 GBP/missile"),
    function!("q_unit", "(q)", PartOfQuantity,
        |f| f.plain(&[1], |a| text_part(a, unit_text)),
        "the unit as text, empty where there is none",
        "select q_unit(q_div(amount, item_count)) from pledges" => "GBP/missile"),
    function!("q_facts", "(q)", PartOfQuantity, |f| f.plain(&[1], |a| text_part(a, |q| q.facts().to_string())),
        "the ids of the facts that it rests on, separated by spaces",
        "select q_facts(q_div(amount, item_count)) from pledges" => "F29 F30"),
    function!("q_stage", "(q)", PartOfQuantity, |f| f.plain(&[1], |a| text_part(a, |q| q.stages().to_string())),
        "how far the pledge has got; several stages are joined by `+`",
        "select q_stage(amount) from pledges" => "proposed"),
    function!("q_assumptions", "(q)", PartOfQuantity,
        |f| f.plain(&[1], |a| text_part(a, |q| q.assumptions().to_string())),
        "what was supposed on the way to it, separated by `; `",
        "select q_assumptions(q('5 GBP'))" => "given=5 GBP"),
    function!("q_is_unknown", "(q)", PartOfQuantity, |f| f.plain(&[1], is_unknown),
        "1 where the sources leave it open, else 0",
        "select q_is_unknown(quantity) from facts where id = 'F38'" => "1"),
    function!("q_lo", "(q)", Quantity, |f| f.scalar(&[1], |a| Ok(a.quantity(0)?.and_then(|q| q.lo()))),
        "the lower end of a range; NULL where it has none, the number itself where it is no range",
        "select q_lo(quantity) from facts where id = 'F44'" => "2 states [F44]"),
    function!("q_hi", "(q)", Quantity, |f| f.scalar(&[1], |a| Ok(a.quantity(0)?.and_then(|q| q.hi()))),
        "the upper end of a range; NULL where it has none, the number itself where it is no range",
        "select q_hi(quantity) from facts where id = 'F53'" => "3 states [F53]"),
    function!("q_cmp", "(a, b)", PartOfQuantity, |f| f.plain(&[2], compare),
        "-1, 0 or 1 as the first is less, equal or greater; NULL where that can't be told, which a notice counts",
        "select q_cmp(amount, q('1000000000 GBP')) from pledges" => "1"),
];

fn from_literal(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let number = match arguments.raw(0) {
        ValueRef::Text(_) if arguments.udf.tag.strip(arguments.raw_text(0)?).is_none() => {
            if arguments.len() == 2 {
                return literal::number_of_text(arguments.udf, arguments.text(0)?, arguments.text(1)?).map(Some);
            }
            literal::quantity(arguments.udf, arguments.text(0)?, Strictness::Code)?
        }
        _ => match arguments.quantity(0)? {
            Some(number) => number,
            None => return Ok(None),
        },
    };
    match arguments.len() {
        1 if arguments.is_literal(0) => Ok(Some(number.given())),
        1 => Ok(Some(number)),
        2 => literal::number(arguments.udf, &number, arguments.text(1)?).map(Some),
        _ => literal::claim(arguments.udf, &number, arguments.text(1)?, arguments.text(2)?).map(Some),
    }
}

fn days(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    if arguments.is_null(0) || arguments.is_null(1) {
        return Ok(None);
    }
    Ok(Some(days_between(arguments.text(0)?, arguments.text(1)?)?))
}

/// An operation of two quantities.
pub(super) type Operation = fn(&Quantity, &Quantity) -> Result<Quantity, QuantityError>;

/// Applies an operator; NULL if either argument is.
fn binary(arguments: &CallArguments<'_, '_>, combine: Operation) -> FunctionResult<Option<Quantity>> {
    let (Some(left), Some(right)) = (arguments.quantity(0)?, arguments.quantity(1)?) else { return Ok(None) };
    apply(arguments, [(0, &left), (1, &right)], combine).map(Some)
}

/// Applies an operator to two arguments, each with its place. A literal beside a quantity is marked as given; of two plain
/// numbers the result is.
pub(super) fn apply(
    arguments: &CallArguments<'_, '_>,
    [(left_at, left), (right_at, right)]: [(usize, &Quantity); 2],
    combine: Operation,
) -> FunctionResult<Quantity> {
    let named = |error: QuantityError| error.between(&human::quantity(left, None), &human::quantity(right, None));
    let (left_is_bare, right_is_bare) = (left.is_bare(), right.is_bare());
    let marked = |at: usize, quantity: &Quantity, is_among_more: bool| {
        if is_among_more && arguments.is_literal(at) { quantity.clone().given() } else { quantity.clone() }
    };
    let (marked_left, marked_right) = (marked(left_at, left, !right_is_bare), marked(right_at, right, !left_is_bare));
    let result = combine(&marked_left, &marked_right).map_err(named)?;
    let is_given = left_is_bare && right_is_bare && (arguments.is_literal(left_at) || arguments.is_literal(right_at));
    Ok(if is_given { result.given() } else { result })
}

/// Marks a result of the argument at a place as given if that is a literal.
pub(super) fn as_given(arguments: &CallArguments<'_, '_>, at: usize, result: Quantity) -> Quantity {
    if arguments.is_literal(at) { result.given() } else { result }
}

/// Converts by a rate in the units of the book.
fn convert(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    if let (false, Some(rate)) = (arguments.is_null(0), arguments.quantity(1)?)
        && let Err(error) = arguments.units()?.check_rate(&rate)
    {
        let unit = arguments.quantity(0)?.and_then(|quantity| quantity.unit().map(ToString::to_string));
        return Err(error.for_unit(unit).into());
    }
    binary(arguments, Quantity::convert)
}

/// A share in percent.
fn percent(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let share = arguments.quantity_or_literal(0)?;
    share.map(|share| share.percent()).transpose().map_err(FunctionCause::from)
}

fn add(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let (Some(left), Some(right)) = (arguments.quantity(0)?, arguments.quantity(1)?) else { return Ok(None) };
    sum(arguments, [(0, &left), (1, &right)]).map(Some)
}

/// The sum of two arguments, each with its place; unknown where they are statements of one thing that differ.
pub(super) fn sum(arguments: &CallArguments<'_, '_>, pair: [(usize, &Quantity); 2]) -> FunctionResult<Quantity> {
    let Some(settled) = arguments.statements()?.reconcile_pair(pair[0].1, pair[1].1) else {
        return apply(arguments, pair, Quantity::add);
    };
    let unknown = settled.rows.into_iter().find(|_| !settled.warnings.disputes.is_empty());
    arguments.udf.add_remark(|remarks| remarks.statements.extend(settled.warnings));
    unknown.map_or_else(|| apply(arguments, pair, Quantity::add), Ok)
}

fn round(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some(quantity) = arguments.quantity(0)? else { return Ok(None) };
    let places = match arguments.len() {
        1 => 0,
        _ => arguments.integer(1, -28..=28, "places are a whole number from -28 to 28: `q_round(q, 2)`")?,
    };
    Ok(Some(as_given(arguments, 0, quantity.round(i32::try_from(places).unwrap_or_default())?)))
}

fn is_unknown(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    Ok(arguments.quantity(0)?.map_or(Value::Null, |quantity| Value::Integer(i64::from(quantity.is_unknown()))))
}

fn text_part(arguments: &CallArguments<'_, '_>, part: fn(&Quantity) -> String) -> FunctionResult<Value> {
    Ok(arguments.quantity(0)?.map_or(Value::Null, |quantity| Value::Text(part(&quantity))))
}

fn unit_text(quantity: &Quantity) -> String {
    quantity.unit().filter(|unit| !unit.is_one()).map(Unit::to_string).unwrap_or_default()
}

/// The help on a number that has more places than can be counted in.
const TO_PLACES: &str = "round it first: `q_amount(round(q * 100)) / 100.0` is its number to two places";

/// The number as an integer, since SQL has no other exact numbers; `places` scales it, as to pence.
fn amount(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let Some(quantity) = arguments.quantity(0)? else { return Ok(Value::Null) };
    let made_plain = arguments.statements()?.not_alone(quantity.facts());
    let totals = arguments.udf.totals().map_err(unreadable)?.of_row(&quantity);
    arguments.udf.add_remark(|remarks| {
        remarks.made_plain.extend(&made_plain);
        remarks.plain_totals.extend(&totals);
    });
    let unit = unit_of(&quantity);
    match arguments.len() {
        2 | 3 => check_unit(arguments, &quantity)?,
        count if !quantity.is_unknown() => check_same_unit(arguments, &quantity, count)?,
        _ => {}
    }
    let places = match arguments.len() {
        3 => {
            let help = format!("places are a whole number from 0 to 18: `q_amount(q, '{unit}', 2)`");
            arguments.integer(2, 0..=18, &help)?
        }
        _ => 0,
    };
    let refused = |what: &str, help: &str| {
        let message = format!("`q_amount` gives a number, and {} is {what}", human::quantity(&quantity, None));
        Err(FunctionCause::argument(message, help))
    };
    if quantity.is_unknown() {
        arguments.udf.add_remark(|remarks| remarks.without_number += 1);
        return Ok(Value::Null);
    }
    let Some(number) = quantity.number() else { return refused("a range", "take an end of it: `q_lo(q)`, `q_hi(q)`") };
    let scale = Decimal::from(10_i64.pow(u32::try_from(places).unwrap_or_default()));
    let scaled = decimal::multiply(number, scale)?;
    match i64::try_from(scaled.0) {
        Ok(whole) if scaled.1 && scaled.0.is_integer() => {
            if !quantity.is_exact() {
                arguments.udf.add_remark(|remarks| remarks.rounded += 1);
            }
            Ok(Value::Integer(whole))
        }
        _ if !quantity.is_exact() => refused("inexact", &format!("{TO_PLACES}, and `q_cmp` compares it")),
        Ok(_) if number.normalize().scale() > 2 => refused("not whole", TO_PLACES),
        Ok(_) => refused("not whole", &format!("count in smaller ones: `q_amount(q, '{unit}', 2)` counts hundredths")),
        Err(_) => refused("beyond 64 bits", "compare by `q_cmp`, which holds 28 digits"),
    }
}

/// The unit of a quantity, as a call names it.
fn unit_of(quantity: &Quantity) -> String {
    quantity.unit().map_or_else(|| "1".to_owned(), ToString::to_string)
}

/// Checks that a call without a unit gives numbers of one unit in all rows: those of pounds and of yen would be
/// compared and sorted as if they were alike.
fn check_same_unit(arguments: &CallArguments<'_, '_>, quantity: &Quantity, count: usize) -> FunctionResult<()> {
    let help = || format!("name the unit: `q_amount(q, '{}')`", unit_of(quantity));
    let place = if count == 4 { arguments.integer(3, 0..=1 << 30, &help())? } else { 1 };
    let (1.., Some(unit)) = (place, quantity.unit()) else { return Ok(()) };
    let first = arguments.first_unit(place, unit);
    if *first == *unit {
        return Ok(());
    }
    let named = |unit: &Unit| if unit.is_one() { "no unit".to_owned() } else { format!("`{unit}`") };
    let message = format!("`q_amount` gives numbers of one unit, and here are {} and {}", named(&first), named(unit));
    let wanted = if first.is_one() { unit } else { &first };
    let help = format!(
        "name the unit, as `q_amount(q, '{wanted}')`, and leave other rows out: `where q_unit(q) = '{wanted}'`"
    );
    Err(FunctionCause::argument(message, help))
}

fn check_unit(arguments: &CallArguments<'_, '_>, quantity: &Quantity) -> FunctionResult<()> {
    let ValueRef::Text(_) = arguments.raw(1) else {
        let help = format!("the second argument is the unit: `q_amount(q, '{}')`", unit_of(quantity));
        return Err(arguments.type_error(1, &help));
    };
    if arguments.text(1)?.trim().is_empty() {
        let help = format!("here it is `q_amount(q, '{}')`; `'1'` is that of a number without unit", unit_of(quantity));
        return Err(FunctionCause::argument("the unit that `q_amount` counts in is an empty text".to_owned(), help));
    }
    let units = arguments.udf.units().map_err(unreadable)?;
    let wanted = units.parse_unit(arguments.text(1)?)?;
    match quantity.unit() {
        Some(unit) if *unit != wanted => {
            let message =
                format!("`q_amount` was to count `{wanted}`, and this is {}", human::quantity(quantity, None));
            Err(FunctionCause::argument(message, "leave such rows out, or convert them: `q_convert(q, rate)`"))
        }
        _ => Ok(()),
    }
}

fn compare(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let (Some(left), Some(right)) = (arguments.quantity(0)?, arguments.quantity(1)?) else { return Ok(Value::Null) };
    match left.compare(&right) {
        Ok(order) => Ok(Value::Integer(order as i64)),
        Err(
            QuantityError::UnknownCompared(..) | QuantityError::RangesOverlap(..) | QuantityError::InexactCompared(..),
        ) => {
            arguments.udf.add_remark(|remarks| remarks.undecided += 1);
            Ok(Value::Null)
        }
        Err(error) => Err(error.into()),
    }
}
