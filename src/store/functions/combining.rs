//! Arithmetic of quantities in SQL: what the operators of scripts do, under names.

use super::arguments::{Answer, Arguments};
use super::call::scalar;
use super::{ASKING, Kind, SqlFunction};
use crate::error::QuantityError;
use crate::quantity::{Quantity, reading};

pub(super) const FUNCTIONS: &[SqlFunction] = &[
    SqlFunction {
        name: "q_add",
        signature: "q_add(a, b)",
        meaning: "the sum of two quantities of one unit and stage",
        example: "select q_add(amount, amount) from pledges",
        answer: "3,200,000,000 GBP [F29]",
        kind: Kind::Quantity,
        register: |connection, desk| scalar(connection, desk, "q_add", 2, ASKING, added),
    },
    SqlFunction {
        name: "q_sub",
        signature: "q_sub(a, b)",
        meaning: "the difference of two quantities of one unit and stage",
        example: "select q_sub(amount, amount) from pledges",
        answer: "0 GBP [F29]",
        kind: Kind::Quantity,
        register: |connection, desk| scalar(connection, desk, "q_sub", 2, ASKING, |a| both(a, Quantity::subtract)),
    },
    SqlFunction {
        name: "q_mul",
        signature: "q_mul(a, b)",
        meaning: "the product, in the product of the units",
        example: "select q_mul(amount, 2) from pledges",
        answer: "3,200,000,000 GBP [F29; given]",
        kind: Kind::Quantity,
        register: |connection, desk| scalar(connection, desk, "q_mul", 2, ASKING, |a| both(a, Quantity::multiply)),
    },
    SqlFunction {
        name: "q_div",
        signature: "q_div(a, b)",
        meaning: "the quotient, in the quotient of the units: `GBP/missile`",
        example: "select q_div(amount, item_count) from pledges",
        answer: "320,000 GBP/missile [F29 F30]",
        kind: Kind::Quantity,
        register: |connection, desk| scalar(connection, desk, "q_div", 2, ASKING, |a| both(a, Quantity::divide)),
    },
    SqlFunction {
        name: "q_neg",
        signature: "q_neg(q)",
        meaning: "the quantity with its sign turned",
        example: "select q_neg(amount) from pledges",
        answer: "-1,600,000,000 GBP [F29]",
        kind: Kind::Quantity,
        register: |connection, desk| {
            scalar(connection, desk, "q_neg", 1, ASKING, |a| {
                Ok(a.quantity(0)?.map(|quantity| own(a, quantity.negate())))
            })
        },
    },
    SqlFunction {
        name: "q_round",
        signature: "q_round(q) · q_round(q, places)",
        meaning: "rounds half away from zero, to thousands by `q_round(q, -3)`; a digit that changes marks the result `≈`",
        example: "select q_round(q_div(amount, 7), 2) from pledges",
        answer: "≈228,571,428.57 GBP [F29; given]",
        kind: Kind::Quantity,
        register: |connection, desk| {
            [1, 2].into_iter().try_for_each(|count| scalar(connection, desk, "q_round", count, ASKING, round))
        },
    },
    SqlFunction {
        name: "q_convert",
        signature: "q_convert(q, rate)",
        meaning: "the quantity in another unit, by a rate that you give; the rate is printed as your assumption",
        example: "select q_convert(amount, q('1.25 USD/GBP')) from pledges",
        answer: "2,000,000,000 USD [F29; rate]",
        kind: Kind::Quantity,
        register: |connection, desk| scalar(connection, desk, "q_convert", 2, ASKING, convert),
    },
    SqlFunction {
        name: "q_across_stages",
        signature: "q_across_stages(q)",
        meaning: "lets a quantity be added to one at another stage, as a printed assumption",
        example: "select q_across_stages(amount) from pledges",
        answer: "1,600,000,000 GBP [F29; across_stages]",
        kind: Kind::Quantity,
        register: |connection, desk| {
            scalar(connection, desk, "q_across_stages", 1, ASKING, |a| {
                Ok(a.quantity_given(0)?.map(|q| q.across_stages()))
            })
        },
    },
];

/// NULL where either does not apply.
fn both(
    arguments: &Arguments<'_, '_>,
    combine: fn(&Quantity, &Quantity) -> Result<Quantity, QuantityError>,
) -> Answer<Option<Quantity>> {
    let (Some(left), Some(right)) = (arguments.quantity(0)?, arguments.quantity(1)?) else { return Ok(None) };
    let named = |error: QuantityError| error.between(&reading::quantity(&left, None), &reading::quantity(&right, None));
    let (left_is_bare, right_is_bare) = (left.is_bare(), right.is_bare());
    let says_given = |at: usize, quantity: &Quantity, is_among_more: bool| {
        if is_among_more && arguments.is_given(at) { quantity.clone().given() } else { quantity.clone() }
    };
    // A person's plain number beside what is more than a number is given; of plain numbers the result is.
    let result =
        combine(&says_given(0, &left, !right_is_bare), &says_given(1, &right, !left_is_bare)).map_err(named)?;
    let is_own = left_is_bare && right_is_bare && (arguments.is_given(0) || arguments.is_given(1));
    Ok(Some(if is_own { result.given() } else { result }))
}

/// What was made of the first argument, which a person may have given.
fn own(arguments: &Arguments<'_, '_>, result: Quantity) -> Quantity {
    if arguments.is_given(0) { result.given() } else { result }
}

/// By a rate in the units of the book.
fn convert(arguments: &Arguments<'_, '_>) -> Answer<Option<Quantity>> {
    if let (false, Some(rate)) = (arguments.is_null(0), arguments.quantity(1)?) {
        arguments.units()?.check_rate(&rate)?;
    }
    both(arguments, Quantity::convert)
}

/// The sum; unknown where the two are statements of one thing that differ.
fn added(arguments: &Arguments<'_, '_>) -> Answer<Option<Quantity>> {
    let (Some(left), Some(right)) = (arguments.quantity(0)?, arguments.quantity(1)?) else { return Ok(None) };
    let statements = arguments.statements()?;
    let Some(settled) = statements.settle_pair(&left, &right) else { return both(arguments, Quantity::add) };
    let unknown = settled.rows.into_iter().find(|_| !settled.remarks.disputes.is_empty());
    arguments.desk.remark(|remarks| remarks.statements.extend(settled.remarks));
    unknown.map_or_else(|| both(arguments, Quantity::add), |unknown| Ok(Some(unknown)))
}

fn round(arguments: &Arguments<'_, '_>) -> Answer<Option<Quantity>> {
    let Some(quantity) = arguments.quantity(0)? else { return Ok(None) };
    let places = match arguments.len() {
        1 => 0,
        _ => arguments.whole(1, -28..=28, "places are a whole number from -28 to 28: `q_round(q, 2)`")?,
    };
    Ok(Some(own(arguments, quantity.round(i32::try_from(places).unwrap_or_default())?)))
}
