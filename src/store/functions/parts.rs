//! What a quantity consists of, as plain values of SQL. A number comes out only where SQL can hold it exactly.

use super::arguments::{Answer, Arguments};
use super::call::{plain, scalar};
use super::{ASKING, Kind, SqlFunction};
use crate::error::FunctionCause;
use crate::quantity::{Quantity, Unit, decimal, reading};
use rusqlite::types::{Value, ValueRef};
use rust_decimal::Decimal;

pub(super) const FUNCTIONS: &[SqlFunction] = &[
    SqlFunction {
        name: "q_amount",
        signature: "q_amount(q, unit) · q_amount(q, unit, places) · q_amount(q)",
        meaning: "the number alone, in that unit or in pence (`q_amount(q, 'GBP', 2)`); another unit is refused, and without \
                  one a second unit; NULL where it is unknown, which a notice counts",
        example: "select q_amount(amount) from pledges",
        answer: "1600000000",
        kind: Kind::PartOfQuantity,
        register: |connection, desk| {
            // With four arguments it is a call without a unit, as its place in a statement is told apart from others.
            [1, 2, 3, 4].into_iter().try_for_each(|count| plain(connection, desk, "q_amount", count, ASKING, amount))
        },
    },
    SqlFunction {
        name: "q_text",
        signature: "q_text(q)",
        meaning: "its number and unit as a text, as `unknown(not_stated) troop` where it is unknown",
        example: "select q_text(q_div(amount, item_count)) from pledges",
        answer: "320000 GBP/missile",
        kind: Kind::PartOfQuantity,
        register: |connection, desk| {
            plain(connection, desk, "q_text", 1, ASKING, |a| {
                text(a, |q| Quantity::new(q.amount().clone(), q.unit().cloned()).to_string())
            })
        },
    },
    SqlFunction {
        name: "q_unit",
        signature: "q_unit(q)",
        meaning: "the unit as text, empty where there is none",
        example: "select q_unit(q_div(amount, item_count)) from pledges",
        answer: "GBP/missile",
        kind: Kind::PartOfQuantity,
        register: |connection, desk| {
            plain(connection, desk, "q_unit", 1, ASKING, |a| {
                text(a, |q| q.unit().filter(|unit| !unit.is_one()).map(Unit::to_string).unwrap_or_default())
            })
        },
    },
    SqlFunction {
        name: "q_facts",
        signature: "q_facts(q)",
        meaning: "the ids of the facts that it rests on, separated by spaces",
        example: "select q_facts(q_div(amount, item_count)) from pledges",
        answer: "F29 F30",
        kind: Kind::PartOfQuantity,
        register: |connection, desk| {
            plain(connection, desk, "q_facts", 1, ASKING, |a| text(a, |q| q.facts().to_string()))
        },
    },
    SqlFunction {
        name: "q_stage",
        signature: "q_stage(q)",
        meaning: "how far the pledge has got; several stages are joined by `+`",
        example: "select q_stage(amount) from pledges",
        answer: "proposed",
        kind: Kind::PartOfQuantity,
        register: |connection, desk| {
            plain(connection, desk, "q_stage", 1, ASKING, |a| text(a, |q| q.stages().to_string()))
        },
    },
    SqlFunction {
        name: "q_assumptions",
        signature: "q_assumptions(q)",
        meaning: "what was supposed on the way to it, separated by `; `",
        example: "select q_assumptions(q('5 GBP'))",
        answer: "given=5 GBP",
        kind: Kind::PartOfQuantity,
        register: |connection, desk| {
            plain(connection, desk, "q_assumptions", 1, ASKING, |a| text(a, |q| q.assumptions().to_string()))
        },
    },
    SqlFunction {
        name: "q_is_unknown",
        signature: "q_is_unknown(q)",
        meaning: "1 where the sources leave it open, else 0",
        example: "select q_is_unknown(quantity) from facts where id = 'F38'",
        answer: "1",
        kind: Kind::PartOfQuantity,
        register: |connection, desk| {
            plain(connection, desk, "q_is_unknown", 1, ASKING, |a| {
                Ok(a.quantity(0)?.map_or(Value::Null, |q| Value::Integer(i64::from(q.is_unknown()))))
            })
        },
    },
    SqlFunction {
        name: "q_lo",
        signature: "q_lo(q)",
        meaning: "the lower end of a range; NULL where it has none, the number itself where it is no range",
        example: "select q_lo(quantity) from facts where id = 'F44'",
        answer: "2 state [F44]",
        kind: Kind::Quantity,
        register: |connection, desk| {
            scalar(connection, desk, "q_lo", 1, ASKING, |a| Ok(a.quantity(0)?.and_then(|q| q.lo())))
        },
    },
    SqlFunction {
        name: "q_hi",
        signature: "q_hi(q)",
        meaning: "the upper end of a range; NULL where it has none, the number itself where it is no range",
        example: "select q_hi(quantity) from facts where id = 'F53'",
        answer: "3 state [F53]",
        kind: Kind::Quantity,
        register: |connection, desk| {
            scalar(connection, desk, "q_hi", 1, ASKING, |a| Ok(a.quantity(0)?.and_then(|q| q.hi())))
        },
    },
];

fn text(arguments: &Arguments<'_, '_>, part: fn(&Quantity) -> String) -> Answer<Value> {
    Ok(arguments.quantity(0)?.map_or(Value::Null, |quantity| Value::Text(part(&quantity))))
}

/// A whole number: SQL has no other exact ones. What is not whole in ones may be in hundredths.
fn amount(arguments: &Arguments<'_, '_>) -> Answer<Value> {
    let Some(quantity) = arguments.quantity(0)? else { return Ok(Value::Null) };
    let handed_on = arguments.statements()?.touched(quantity.facts());
    arguments.desk.remark(|remarks| remarks.handed_on.extend(&handed_on));
    match arguments.len() {
        2 | 3 => check_unit(arguments, &quantity)?,
        count if !quantity.is_unknown() => check_alike(arguments, &quantity, count)?,
        _ => {}
    }
    let places = match arguments.len() {
        3 => arguments.whole(2, 0..=18, "places are a whole number from 0 to 18: `q_amount(q, 'GBP', 2)`")?,
        _ => 0,
    };
    let refused = |what: &str, cure: &str| {
        let message = format!("`q_amount` gives a number, and {} is {what}", reading::quantity(&quantity, None));
        Err(FunctionCause::argument(message, cure))
    };
    if quantity.is_unknown() {
        arguments.desk.remark(|remarks| remarks.without_number += 1);
        return Ok(Value::Null);
    }
    let Some(number) = quantity.number() else { return refused("a range", "take an end of it: `q_lo(q)`, `q_hi(q)`") };
    let scale = Decimal::from(10_i64.pow(u32::try_from(places).unwrap_or_default()));
    let scaled = decimal::multiply(number, scale)?;
    match i64::try_from(scaled.0) {
        Ok(whole) if scaled.1 && scaled.0.is_integer() => {
            if !quantity.is_exact() {
                arguments.desk.remark(|remarks| remarks.rounded += 1);
            }
            Ok(Value::Integer(whole))
        }
        _ if !quantity.is_exact() => refused("inexact", "round it, as `q_round(q, 0)`, or compare by `q_cmp`"),
        Ok(_) => refused("not whole", "count in smaller ones: `q_amount(q, 'GBP', 2)` counts pence"),
        Err(_) => refused("beyond 64 bits", "compare by `q_cmp`, which holds 28 digits"),
    }
}

/// A call without a unit gives numbers of one unit: those of pounds and of yen would be compared and sorted as if they were
/// alike.
fn check_alike(arguments: &Arguments<'_, '_>, quantity: &Quantity, count: usize) -> Answer<()> {
    let place = if count == 4 { arguments.whole(3, 0..=1 << 30, "name the unit: `q_amount(q, 'GBP')`")? } else { 1 };
    let (1.., Some(unit)) = (place, quantity.unit()) else { return Ok(()) };
    let first = arguments.first_unit(place, unit);
    if *first == *unit {
        return Ok(());
    }
    let named = |unit: &Unit| if unit.is_one() { "no unit".to_owned() } else { format!("`{unit}`") };
    let message = format!("`q_amount` gives numbers of one unit, and here are {} and {}", named(&first), named(unit));
    let wanted = if first.is_one() { unit } else { &first };
    let cure = format!(
        "name the unit, as `q_amount(q, '{wanted}')`, and leave other rows out: `where q_unit(q) = '{wanted}'`"
    );
    Err(FunctionCause::argument(message, cure))
}

fn check_unit(arguments: &Arguments<'_, '_>, quantity: &Quantity) -> Answer<()> {
    let ValueRef::Text(_) = arguments.raw(1) else {
        return Err(arguments.refused(1, "the second argument is the unit: `q_amount(q, 'GBP')`"));
    };
    let units = arguments.desk.units().map_err(|error| FunctionCause::Book(error.to_string()))?;
    let wanted = units.read_unit(arguments.text(1)?)?;
    match quantity.unit() {
        Some(unit) if *unit != wanted => {
            let message =
                format!("`q_amount` was to count `{wanted}`, and this is {}", reading::quantity(quantity, None));
            Err(FunctionCause::argument(message, "leave such rows out, or convert them: `q_convert(q, rate)`"))
        }
        _ => Ok(()),
    }
}
