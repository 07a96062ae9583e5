//! Statistics over plain numbers: what `sum` and `avg` of SQLite don't tell. Each is a REAL, NULL where there are too few
//! rows, and can be asked over a window. Quantities have no place here.

use super::mathematics::{as_real, real};
use super::values::in_words;
use super::{Kind, PURE, SqlFunction};
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};
use std::collections::VecDeque;

pub(super) const FUNCTIONS: &[SqlFunction] = &[
    SqlFunction {
        name: "median",
        signature: "median(x)",
        meaning: "the middle one of the numbers in order, or the mean of the two in the middle",
        example: "select median(value) from generate_series(1, 5)",
        answer: "≈3.0",
        kind: Kind::Plain,
        register: |connection, _| register(connection, "median", 1, |rows| percentile(rows, 0.5)),
    },
    SqlFunction {
        name: "percentile_cont",
        signature: "percentile_cont(x, fraction)",
        meaning: "the number at a fraction, from 0 to 1, of the way through the numbers in order, interpolated between two",
        example: "select percentile_cont(value, 0.25) from generate_series(1, 5)",
        answer: "≈2.0",
        kind: Kind::Plain,
        register: |connection, _| register(connection, "percentile_cont", 2, |rows| percentile(rows, rows.fraction?)),
    },
    SqlFunction {
        name: "stddev_samp",
        signature: "stddev_samp(x)",
        meaning: "the standard deviation of a sample of numbers; NULL for fewer than two",
        example: "select stddev_samp(value) from generate_series(1, 5)",
        answer: "≈1.5811388300841898",
        kind: Kind::Plain,
        register: |connection, _| register(connection, "stddev_samp", 1, deviation),
    },
];

/// The rows of a group or window, NULLs apart, in the order in which they came.
#[derive(Default)]
struct Rows {
    values: VecDeque<f64>,
    fraction: Option<f64>,
}

/// A statistic of a name; what is computed of all its rows at the end.
struct Statistic {
    name: &'static str,
    compute: fn(&Rows) -> Option<f64>,
}

fn register(connection: &Connection, name: &'static str, count: i32, compute: fn(&Rows) -> Option<f64>) -> Result<()> {
    connection.create_window_function(name, count, PURE, Statistic { name, compute })
}

impl Aggregate<Rows, Option<f64>> for Statistic {
    fn init(&self, _: &mut Context<'_>) -> Result<Rows> {
        Ok(Rows::default())
    }

    fn step(&self, context: &mut Context<'_>, rows: &mut Rows) -> Result<()> {
        if context.len() > 1 {
            self.take_fraction(context.get_raw(1), rows)?;
        }
        rows.values.extend(self.number(context.get_raw(0))?);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, rows: Option<Rows>) -> Result<Option<f64>> {
        self.answer(rows.as_ref())
    }
}

impl WindowAggregate<Rows, Option<f64>> for Statistic {
    fn value(&self, rows: Option<&mut Rows>) -> Result<Option<f64>> {
        self.answer(rows.as_deref())
    }

    /// The oldest row leaves a window first.
    fn inverse(&self, context: &mut Context<'_>, rows: &mut Rows) -> Result<()> {
        if !matches!(context.get_raw(0), ValueRef::Null) {
            rows.values.pop_front();
        }
        Ok(())
    }
}

impl Statistic {
    fn answer(&self, rows: Option<&Rows>) -> Result<Option<f64>> {
        match rows.and_then(self.compute) {
            Some(answer) if !answer.is_finite() => Err(self.refusal("numbers that are not so far apart")),
            answer => Ok(answer),
        }
    }

    fn number(&self, value: ValueRef<'_>) -> Result<Option<f64>> {
        match value {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(whole) => Ok(Some(as_real(whole))),
            ValueRef::Real(real) if real.is_finite() => Ok(Some(real)),
            ValueRef::Real(_) => Err(self.refusal(&format!("finite numbers, not {}", in_words(value)))),
            _ => Err(self.refusal(&format!("numbers, not {}", in_words(value)))),
        }
    }

    fn take_fraction(&self, value: ValueRef<'_>, rows: &mut Rows) -> Result<()> {
        let Some(fraction) = real(value).filter(|fraction| (0.0..=1.0).contains(fraction)) else {
            return Err(self.refusal(&format!("a fraction from 0 to 1, not {}", in_words(value))));
        };
        let first = *rows.fraction.get_or_insert(fraction);
        if first.total_cmp(&fraction).is_ne() {
            return Err(self.refusal(&format!("the same fraction in all rows, not {first:?} and {fraction:?}")));
        }
        Ok(())
    }

    fn refusal(&self, wanted: &str) -> Error {
        Error::UserFunctionError(format!("`{}` wants {wanted}", self.name).into())
    }
}

/// The place of the fraction between the first row and the last, as PostgreSQL and SQLite's own extension find it.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is a row's place
fn percentile(rows: &Rows, fraction: f64) -> Option<f64> {
    let last = rows.values.len().checked_sub(1)?;
    let place = fraction * last as f64;
    let mut values: Vec<f64> = rows.values.iter().copied().collect();
    let (_, low, above) = values.select_nth_unstable_by(place as usize, f64::total_cmp);
    let high = above.iter().copied().reduce(f64::min).unwrap_or(*low);
    Some(between(*low, high, place.fract()))
}

/// A step that is too large for a REAL is made of two.
fn between(low: f64, high: f64, share: f64) -> f64 {
    let step = high - low;
    if step.is_finite() { low + step * share } else { low * (1.0 - share) + high * share }
}

/// Welford's algorithm, which subtracts no large sums of squares from each other, on the distances from the first
/// number, so that what all have in common falls away before anything is rounded.
fn deviation(rows: &Rows) -> Option<f64> {
    let first = rows.values.front()?;
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for value in rows.values.iter().map(|value| value - first) {
        count += 1.0;
        let distance = value - mean;
        mean += distance / count;
        squares += distance * (value - mean);
    }
    (count > 1.0).then(|| (squares / (count - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;
    use crate::store::functions::values::tests::{answer, opened};

    #[test]
    fn they_look_at_all_rows_but_nulls() {
        let connection = opened(FUNCTIONS);
        for (sql, expected) in [
            ("median(column1) from (values (9), (NULL), (1), (2))", "2.0"),
            ("median(column1) from (values (4), (1), (3), (2))", "2.5"),
            ("median(column1) from (values (1.7e308), (1.7e308))", "1.7e308"),
            ("median(column1) from (values (1.7e308), (-1.7e308))", "0.0"),
            ("median(1) where false", "NULL"),
            ("percentile_cont(column1, 0.25) from (values (10), (20), (30))", "15.0"),
            ("percentile_cont(column1, 1) from (values (10), (20), (30))", "30.0"),
            ("percentile_cont(NULL, 1)", "NULL"),
            ("stddev_samp(column1) from (values (2), (4), (4), (4), (5), (5), (7), (9))", "2.138089935299395"),
            ("stddev_samp(column1) from (values (1e15 + 1), (1e15 + 2), (1e15 + 3))", "1.0"),
            ("stddev_samp(1)", "NULL"),
        ] {
            assert_eq!(answer(&connection, sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_row_that_leaves_the_window_no_longer_counts() {
        let connection = opened(FUNCTIONS);
        let rows = "over (order by column1 rows 1 preceding) from (values (1, 8), (2, NULL), (3, 4), (4, 2))";
        assert_eq!(answer(&connection, &format!("median(column2) {rows}")), "8.0 8.0 4.0 3.0");
        assert_eq!(answer(&connection, &format!("percentile_cont(column2, 1) {rows}")), "8.0 8.0 4.0 4.0");
        assert_eq!(answer(&connection, &format!("stddev_samp(column2) {rows}")), "NULL NULL NULL 1.4142135623730951");
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        let connection = opened(FUNCTIONS);
        for (sql, expected) in [
            ("median('it''s')", "`median` wants numbers, not the text 'it''s'"),
            ("median(x'00')", "`median` wants numbers, not a blob"),
            ("stddev_samp(-9e999)", "`stddev_samp` wants finite numbers, not -inf"),
            ("percentile_cont(1, 1.5)", "`percentile_cont` wants a fraction from 0 to 1, not 1.5"),
            ("percentile_cont(1, NULL)", "`percentile_cont` wants a fraction from 0 to 1, not NULL"),
            (
                "percentile_cont(1, column1) from (values (0.5), (0.25))",
                "`percentile_cont` wants the same fraction in all rows, not 0.5 and 0.25",
            ),
            (
                "stddev_samp(column1) from (values (1e300), (-1e300))",
                "`stddev_samp` wants numbers that are not so far apart",
            ),
        ] {
            assert_eq!(answer(&connection, sql), expected, "{sql}");
        }
    }
}
