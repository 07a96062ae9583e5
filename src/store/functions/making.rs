//! `q` and what else makes a quantity out of plain values.

use super::arguments::{Answer, Arguments};
use super::call::scalar;
use super::{ASKING, Kind, SqlFunction};
use crate::quantity::{Quantity, Strictness, days_between};
use crate::store::given;
use rusqlite::types::ValueRef;

pub(super) const FUNCTIONS: &[SqlFunction] = &[
    SqlFunction {
        name: "q",
        signature: "q(text) · q(number, unit) · q(number, unit, fact)",
        meaning: "a quantity that you give, as `q('1.25 USD/GBP')`; it is printed as your assumption, unless the fact states it",
        example: "select q('1.25 USD/GBP')",
        answer: "1.25 USD/GBP [given]",
        kind: Kind::Quantity,
        register: |connection, desk| {
            [1, 2, 3].into_iter().try_for_each(|count| scalar(connection, desk, "q", count, ASKING, make))
        },
    },
    SqlFunction {
        name: "days_between",
        signature: "days_between(from, to)",
        meaning: "the days from one ISO date to another, negative where it is earlier",
        example: "select days_between('2025-03-01', '2025-03-31')",
        answer: "30 day",
        kind: Kind::FromPlain,
        register: |connection, desk| scalar(connection, desk, "days_between", 2, ASKING, days),
    },
];

fn make(arguments: &Arguments<'_, '_>) -> Answer<Option<Quantity>> {
    let number = match arguments.raw(0) {
        ValueRef::Text(_) if arguments.desk.seal.strip(arguments.any_text(0)?).is_none() => {
            given::quantity(arguments.desk, arguments.text(0)?, Strictness::Code)?
        }
        _ => match arguments.quantity(0)? {
            Some(number) => number,
            None => return Ok(None),
        },
    };
    match arguments.len() {
        1 if arguments.is_given(0) => Ok(Some(number.given())),
        1 => Ok(Some(number)),
        2 => given::number(arguments.desk, &number, arguments.text(1)?).map(Some),
        _ => given::claim(arguments.desk, &number, arguments.text(1)?, arguments.text(2)?).map(Some),
    }
}

fn days(arguments: &Arguments<'_, '_>) -> Answer<Option<Quantity>> {
    if arguments.is_null(0) || arguments.is_null(1) {
        return Ok(None);
    }
    Ok(Some(days_between(arguments.text(0)?, arguments.text(1)?)?))
}
