//! Aggregate functions, over the rows of a group or of a window. Of quantities: sums, means and extremes, in which
//! NULLs are left out, one unknown makes the result unknown, and no row at all gives an unknown, never 0. Of plain
//! numbers: statistics that SQLite lacks, each a REAL, NULL for too few rows.

use super::context::UdfContext;
use super::plain::{as_real, describe_plain, to_real_value};
use super::window_frame::{Accumulate, RowUse};
use super::{FunctionKind, PURE, Registration, SqlFunction, function};
use crate::error::FunctionCause;
use crate::quantity::{Amount, Assumption, Extreme, Quantity, Reason, Reasons, Sum, Unit};
use crate::store::FunctionResult;
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::types::ValueRef;
use rusqlite::{Error, Result};
use rust_decimal::Decimal;
use std::collections::VecDeque;

/// The name of the assumption of a sum that leaves unknown rows out; its value is their number.
const UNKNOWN_LEFT_OUT: &str = "unknown_left_out";

pub(super) const QUANTITY_AGGREGATES: &[SqlFunction] = &[
    function!("q_sum", "(q)", Quantity, |f| f.aggregate(&Accumulator::Sum(Sum::new())),
        "the exact sum, in which what several sources state counts once; of nothing, or with an unknown in it, it is unknown",
        "select q_sum(amount) from pledges" => "1,600,000,000 GBP [F29]"),
    function!("q_sum_known", "(q)", Quantity,
        |f| f.aggregate(&Accumulator::KnownSum { known: Sum::new(), unknown: Box::default() }),
        "the sum of the known ones; how many were left out is printed as an assumption",
        "select q_sum_known(quantity) from facts where id in ('F39', 'F44', 'F53')" => "≥5 states [F44 F53; unknown_left_out]"),
    function!("q_avg", "(q)", Quantity, |f| f.aggregate(&Accumulator::Mean(Sum::new())),
        "the mean; of nothing, or with an unknown in it, it is unknown",
        "select q_avg(amount) from pledges" => "1,600,000,000 GBP [F29]"),
    function!("q_min", "(q)", Quantity, |f| f.aggregate(&Accumulator::Extreme(Extreme::least())),
        "the least, with the facts that state it; where ranges overlap, the range that it lies in",
        "select q_min(quantity) from facts where id in ('F44', 'F53')" => "2 to 3 states [F44 F53]"),
    function!("q_max", "(q)", Quantity, |f| f.aggregate(&Accumulator::Extreme(Extreme::greatest())),
        "the greatest, with the facts that state it; where ranges overlap, the range that it lies in",
        "select q_max(quantity) from facts where id in ('F06', 'F07') and q_unit(quantity) = 'person'" => "2 people [F06]"),
];

/// The state of an aggregate over the rows so far.
#[derive(Clone)]
enum Accumulator {
    Sum(Sum),
    Mean(Sum),
    /// A sum of known rows, and one of the unknown rows.
    KnownSum {
        known: Sum,
        unknown: Box<Sum>,
    },
    Extreme(Extreme),
}

impl Accumulate for Accumulator {
    fn row_use(&self) -> RowUse {
        if let Self::Extreme(_) = self { RowUse::Compared } else { RowUse::Added }
    }

    fn open_call(&self) -> Option<&'static str> {
        match self {
            Self::Sum(_) => Some("q_sum("),
            Self::Mean(_) => Some("q_avg("),
            Self::KnownSum { .. } => None,
            Self::Extreme(extreme) => Some(if extreme.is_least() { "q_min(" } else { "q_max(" }),
        }
    }

    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        Ok(match self {
            Self::Sum(sum) | Self::Mean(sum) => sum.push(row),
            Self::KnownSum { unknown, .. } if row.is_unknown() => unknown.push(row),
            Self::KnownSum { known, .. } => known.push(row),
            Self::Extreme(extreme) => extreme.push(row),
        }?)
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Option<Quantity>> {
        let answer = match self {
            Self::Sum(sum) => total(sum, udf)?,
            Self::Mean(sum) => {
                let count = Decimal::from(sum.count().max(1));
                total(sum, udf)?.divide(&Quantity::plain(count))?
            }
            Self::KnownSum { known, unknown } => known_total(known, unknown, udf)?,
            Self::Extreme(extreme) => extreme.finish()?.unwrap_or_else(empty_total),
        };
        Ok(Some(answer))
    }
}

/// The sum of the known rows, with the number of unknown ones left out as an assumption; unknown if all are.
fn known_total(known: &Sum, unknown: &Sum, udf: &UdfContext) -> FunctionResult<Quantity> {
    let left_out = unknown.count();
    if left_out == 0 || known.count() == 0 {
        return total(if left_out == 0 { known } else { unknown }, udf);
    }
    let sum = total(known, udf)?;
    udf.add_remark(|remarks| {
        let (before, all) = remarks.known.unwrap_or_default();
        remarks.known = Some((before + known.count(), all + known.count() + left_out));
    });
    let count = Amount::exact(Decimal::from(left_out));
    let assumption = Assumption::valued(UNKNOWN_LEFT_OUT, count, Unit::one()).map_err(FunctionCause::from)?;
    let assumptions = sum.assumptions().with(assumption);
    Ok(sum.with_assumptions(assumptions))
}

fn total(sum: &Sum, udf: &UdfContext) -> FunctionResult<Quantity> {
    if sum.count() == 0 { Ok(empty_total()) } else { finish_sum(sum, udf) }
}

/// The sum of rows; may leave a remark.
pub(super) fn finish_sum(sum: &Sum, udf: &UdfContext) -> FunctionResult<Quantity> {
    if !sum.counted_twice().is_empty() {
        udf.add_remark(|remarks| remarks.counted_twice.extend(sum.counted_twice()));
    }
    Ok(sum.finish()?)
}

/// The result for no rows: an unknown, since the book has nothing on it.
fn empty_total() -> Quantity {
    Quantity::unknown(Reasons::from(Reason::NotInBook), None)
}

impl Registration<'_> {
    /// A statistic, which is computed of all rows at the end.
    fn statistic(&self, count: i32, compute: fn(&StatisticRows) -> Option<f64>) -> Result<()> {
        let second = if count > 1 { Second::Fraction } else { Second::None };
        self.connection.create_window_function(self.name, count, PURE, Statistic { name: self.name, second, compute })
    }

    /// The correlation of two columns.
    fn correlation(&self) -> Result<()> {
        let statistic = Statistic { name: self.name, second: Second::Number, compute: correlation };
        self.connection.create_window_function(self.name, 2, PURE, statistic)
    }
}

pub(super) const STATISTICS: &[SqlFunction] = &[
    function!("median", "(x)", Plain, |f| f.statistic(1, |rows| percentile(rows, 0.5)),
        "the middle one of the numbers in order, or the mean of the two in the middle",
        "select median(value) from generate_series(1, 5)" => "≈3.0"),
    function!("percentile_cont", "(x, fraction)", Plain, |f| f.statistic(2, |rows| percentile(rows, rows.fraction?)),
        "the number at a fraction, from 0 to 1, of the way through the numbers in order, interpolated between two",
        "select percentile_cont(value, 0.25) from generate_series(1, 5)" => "≈2.0"),
    function!("stddev_samp", "(x)", Plain, |f| f.statistic(1, deviation),
        "the standard deviation of a sample of numbers; NULL for fewer than two",
        "select stddev_samp(value) from generate_series(1, 5)" => "≈1.5811388300841898"),
    function!("stddev_pop", "(x)", Plain, |f| f.statistic(1, population_deviation),
        "the standard deviation of numbers that are all there are; NULL for none",
        "select stddev_pop(value) from generate_series(1, 5)" => "≈1.4142135623730952"),
    function!("corr", "(x, y)", Plain, |f| f.correlation(),
        "the correlation of two columns of numbers, from -1 to 1, over the rows that have both; NULL for fewer than two, or where one is always the same",
        "select corr(value, value * value) from generate_series(1, 5)" => "≈0.98110491025159285"),
];

/// The rows of a group or window, NULLs apart, in the order in which they came.
#[derive(Default)]
struct StatisticRows {
    values: VecDeque<f64>,
    /// The second number of each, of a statistic of two columns.
    others: VecDeque<f64>,
    fraction: Option<f64>,
}

/// The second argument of a statistic.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Second {
    None,
    /// The same in all rows.
    Fraction,
    /// A number of each row.
    Number,
}

/// A statistic with its name; `compute` is applied to all rows at the end.
struct Statistic {
    name: &'static str,
    second: Second,
    compute: fn(&StatisticRows) -> Option<f64>,
}

impl Aggregate<StatisticRows, Option<f64>> for Statistic {
    fn init(&self, _: &mut Context<'_>) -> Result<StatisticRows> {
        Ok(StatisticRows::default())
    }

    fn step(&self, context: &mut Context<'_>, rows: &mut StatisticRows) -> Result<()> {
        if self.second == Second::Fraction {
            self.take_fraction(context.get_raw(1), rows)?;
        }
        let number = self.number(context.get_raw(0))?;
        if self.second == Second::Number {
            let both = number.zip(self.number(context.get_raw(1))?);
            rows.values.extend(both.map(|(number, _)| number));
            rows.others.extend(both.map(|(_, other)| other));
        } else {
            rows.values.extend(number);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, rows: Option<StatisticRows>) -> Result<Option<f64>> {
        self.answer(rows.as_ref())
    }
}

impl WindowAggregate<StatisticRows, Option<f64>> for Statistic {
    fn value(&self, rows: Option<&mut StatisticRows>) -> Result<Option<f64>> {
        self.answer(rows.as_deref())
    }

    /// Removes the oldest row, which leaves a window first.
    fn inverse(&self, context: &mut Context<'_>, rows: &mut StatisticRows) -> Result<()> {
        let is_null = |at: usize| matches!(context.get_raw(at), ValueRef::Null);
        if !is_null(0) && (self.second != Second::Number || !is_null(1)) {
            rows.values.pop_front();
            rows.others.pop_front();
        }
        Ok(())
    }
}

impl Statistic {
    fn answer(&self, rows: Option<&StatisticRows>) -> Result<Option<f64>> {
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
            ValueRef::Real(_) => Err(self.refusal(&format!("finite numbers, not {}", describe_plain(value)))),
            _ => Err(self.refusal(&format!("numbers, not {}", describe_plain(value)))),
        }
    }

    fn take_fraction(&self, value: ValueRef<'_>, rows: &mut StatisticRows) -> Result<()> {
        let Some(fraction) = to_real_value(value).filter(|fraction| (0.0..=1.0).contains(fraction)) else {
            return Err(self.refusal(&format!("a fraction from 0 to 1, not {}", describe_plain(value))));
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

/// The value at the fraction of the way from the first row to the last, interpolated as in PostgreSQL and SQLite's own
/// extension.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is a row's place
fn percentile(rows: &StatisticRows, fraction: f64) -> Option<f64> {
    let last = rows.values.len().checked_sub(1)?;
    let place = fraction * last as f64;
    let mut values: Vec<f64> = rows.values.iter().copied().collect();
    let (_, low, above) = values.select_nth_unstable_by(place as usize, f64::total_cmp);
    let high = above.iter().copied().reduce(f64::min).unwrap_or(*low);
    Some(between(*low, high, place.fract()))
}

/// Interpolates; a step that is too large for a REAL is made of two.
fn between(low: f64, high: f64, share: f64) -> f64 {
    let step = high - low;
    if step.is_finite() { low + step * share } else { low * (1.0 - share) + high * share }
}

/// The standard deviation of a sample.
fn deviation(rows: &StatisticRows) -> Option<f64> {
    let (count, squares) = squares(rows)?;
    (count > 1.0).then(|| (squares / (count - 1.0)).sqrt())
}

/// The standard deviation of all that there are.
fn population_deviation(rows: &StatisticRows) -> Option<f64> {
    let (count, squares) = squares(rows)?;
    Some((squares / count).sqrt())
}

/// The count and the sum of the squared distances from the mean, by two passes over the distances from the first number, so that a
/// common offset falls away before anything is rounded; what the mean was rounded by is taken out again.
#[allow(clippy::cast_precision_loss)] // it is a count of rows
fn squares(rows: &StatisticRows) -> Option<(f64, f64)> {
    let first = rows.values.front()?;
    let count = rows.values.len() as f64;
    let mean = rows.values.iter().map(|value| value - first).sum::<f64>() / count;
    let distances = rows.values.iter().map(|value| value - first - mean);
    let (sum, squares) =
        distances.fold((0.0, 0.0), |(sum, squares), distance| (sum + distance, squares + distance * distance));
    Some((count, squares - sum * sum / count))
}

/// The correlation of the two numbers of each row, by the distances from their means.
#[allow(clippy::cast_precision_loss)] // it is a count of rows
fn correlation(rows: &StatisticRows) -> Option<f64> {
    let count = rows.values.len() as f64;
    let mean = |values: &VecDeque<f64>| {
        let first = values.front().copied().unwrap_or_default();
        first + values.iter().map(|value| value - first).sum::<f64>() / count
    };
    let (mean, mean_of_others) = (mean(&rows.values), mean(&rows.others));
    let (mut products, mut squares, mut squares_of_others) = (0.0, 0.0, 0.0);
    for (value, other) in rows.values.iter().zip(&rows.others) {
        let (distance, other_distance) = (value - mean, other - mean_of_others);
        products += distance * other_distance;
        squares += distance * distance;
        squares_of_others += other_distance * other_distance;
    }
    let product: f64 = squares * squares_of_others;
    let scale = if product.is_normal() { product.sqrt() } else { squares.sqrt() * squares_of_others.sqrt() };
    (count > 1.0 && scale > 0.0).then(|| (products / scale).clamp(-1.0, 1.0))
}
