//! Comparison of quantities in SQL. What can't be told is NULL, which no condition takes for true, and is counted.

use super::arguments::{Answer, Arguments};
use super::call::plain;
use super::{ASKING, Kind, SqlFunction};
use crate::error::QuantityError;
use rusqlite::types::Value;

pub(super) const FUNCTIONS: &[SqlFunction] = &[SqlFunction {
    name: "q_cmp",
    signature: "q_cmp(a, b)",
    meaning: "-1, 0 or 1 as the first is less, equal or greater; NULL where that can't be told, which a notice counts",
    example: "select q_cmp(amount, q('1000000000 GBP')) from pledges",
    answer: "1",
    kind: Kind::PartOfQuantity,
    register: |connection, desk| plain(connection, desk, "q_cmp", 2, ASKING, compare),
}];

fn compare(arguments: &Arguments<'_, '_>) -> Answer<Value> {
    let (Some(left), Some(right)) = (arguments.quantity(0)?, arguments.quantity(1)?) else { return Ok(Value::Null) };
    match left.compare(&right) {
        Ok(order) => Ok(Value::Integer(order as i64)),
        Err(
            QuantityError::UnknownCompared(..) | QuantityError::RangesOverlap(..) | QuantityError::InexactCompared(..),
        ) => {
            arguments.desk.remark(|remarks| remarks.undecided += 1);
            Ok(Value::Null)
        }
        Err(error) => Err(error.into()),
    }
}
