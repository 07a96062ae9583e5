//! `round(x, places)` with negative places, to thousands by −3, as other databases have it: SQLite's own takes them for 0. With
//! any other places it is SQLite's own that answers, asked on a connection without this one.

use super::{FunctionKind, PURE, SqlFunction, function};
use crate::store::connection::empty;
use rusqlite::functions::Context;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Result, Statement};
use std::cell::RefCell;

pub(super) const FUNCTIONS: &[SqlFunction] = &[function!(
    "round",
    "(x) · round(x, places)",
    Plain,
    |f| f.connection.create_scalar_function(f.name, 2, PURE, |context| round(context)),
    "x rounded half away from zero, to thousands by `round(x, -3)`; of a quantity as `q_round`",
    "select round(1234567, -3)" => "≈1235000.0"
)];

/// The most decimal places that SQLite rounds to.
const MOST_PLACES: i64 = 30;

thread_local! {
    /// The statement that asks SQLite; its connection lasts as long as the thread.
    static SQLITE: RefCell<Option<Statement<'static>>> = const { RefCell::new(None) };
}

fn round(context: &Context<'_>) -> Result<Value> {
    let (number, places) = (context.get_raw(0), context.get_raw(1));
    let places = match places {
        ValueRef::Integer(places) if places < 0 => places,
        _ => return sqlites(number, places),
    };
    // What SQLite makes of a text is the number to round.
    let number = match number {
        ValueRef::Integer(whole) => Value::Integer(whole),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Null => return Ok(Value::Null),
        other => sqlites(other, ValueRef::Integer(MOST_PLACES))?,
    };
    Ok(Value::Real(to_tens(&number, places)))
}

/// The answer of SQLite's own function.
fn sqlites(number: ValueRef<'_>, places: ValueRef<'_>) -> Result<Value> {
    SQLITE.with_borrow_mut(|kept| {
        let statement = match kept {
            Some(statement) => statement,
            none => none.insert(Box::leak(Box::new(empty()?)).prepare("select round(?1, ?2)")?),
        };
        let arguments = [number, places].map(ToSqlOutput::Borrowed);
        statement.query_row(arguments, |row| row.get(0))
    })
}

/// A number rounded to a power of ten, by its shortest decimal digits.
fn to_tens(number: &Value, places: i64) -> f64 {
    let (written, is_negative) = match number {
        Value::Integer(whole) => (format!("{:e}", i128::from(*whole).unsigned_abs()), *whole < 0),
        Value::Real(real) if real.is_finite() => (format!("{:e}", real.abs()), *real < 0.0),
        Value::Real(real) => return *real,
        _ => return 0.0,
    };
    let (mantissa, power) = written.split_once('e').unwrap_or((&written, "0"));
    let digits = mantissa.replace('.', "");
    // The first digit has the place of the power; so many digits are kept, or less than none.
    let kept = power.parse::<i64>().unwrap_or_default().saturating_add(1).saturating_add(places);
    let rounded = match usize::try_from(kept) {
        Ok(kept) if kept >= digits.len() => written,
        Ok(kept) => {
            let whole: u64 = digits[..kept].parse().unwrap_or_default();
            let rises = digits.as_bytes()[kept] >= b'5';
            format!("{}e{}", whole + u64::from(rises), places.unsigned_abs())
        }
        Err(_) => "0".to_owned(),
    };
    let rounded: f64 = rounded.parse().unwrap_or_default();
    if is_negative { -rounded } else { rounded }
}

#[cfg(test)]
mod tests {
    use crate::store::open;

    #[test]
    fn places_below_zero_are_tens_and_others_are_those_of_sqlite() {
        let book = open(None).unwrap();
        let bare = rusqlite::Connection::open_in_memory().unwrap();
        for (number, places, expected) in [
            ("1234567", "-3", Some(1_235_000.0)),
            ("-1250", "-2", Some(-1_300.0)),
            ("9223372036854775807", "-18", Some(9e18)),
            ("149.99999999999997", "-2", Some(100.0)),
            ("'1500'", "-3", Some(2_000.0)),
            ("5", "-40", Some(0.0)),
            ("5", "-1", Some(10.0)),
            ("-0.5", "-1", Some(0.0)),
            ("-9223372036854775808", "-3", Some(-9_223_372_036_854_776_000.0)),
            ("1e300", "-2", Some(1e300)),
            ("1.6e300", "-300", Some(2e300)),
            ("9e999", "-3", Some(f64::INFINITY)),
            ("null", "-3", None),
            ("2.675", "2", None),
            ("0.125", "2", None),
            ("7", "null", None),
            ("'x'", "1", None),
            ("123.456", "'1'", None),
        ] {
            let sql = format!("select round({number}, {places})");
            let ours: Option<f64> =
                book.privileged(|connection| connection.query_row(&sql, [], |row| row.get(0))).unwrap();
            let theirs: Option<f64> = bare.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(ours, if places.starts_with('-') { expected } else { theirs }, "{sql}");
        }
    }
}
