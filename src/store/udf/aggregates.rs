//! Aggregate functions, over the rows of a group or of a window. Of quantities: sums, means and extremes, in which
//! NULLs are left out, one unknown makes the result unknown, and no row at all gives an unknown, never 0. Of plain
//! numbers: statistics that SQLite lacks, each a REAL, NULL for too few rows.

use super::arguments::{CallArguments, tagged};
use super::context::UdfContext;
use super::plain::{as_real, describe_plain, to_real_value};
use super::{FunctionKind, PURE, READS_BOOK, Registration, SqlFunction, function};
use crate::error::FunctionCause;
use crate::quantity::{Amount, Assumption, Extreme, Facts, Quantity, Reason, Reasons, StatementWarnings, Sum, Unit};
use crate::store::{FunctionResult, unreadable};
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::types::ValueRef;
use rusqlite::{Error, Result};
use rust_decimal::Decimal;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The name of the assumption of a sum that leaves unknown rows out; its value is their number.
const UNKNOWN_LEFT_OUT: &str = "unknown_left_out";

pub(super) const QUANTITY_AGGREGATES: &[SqlFunction] = &[
    function!("q_sum", "(q)", Quantity, |f| f.aggregate(Accumulator::Sum(Sum::new())),
        "the exact sum, in which what several sources state counts once; of nothing, or with an unknown in it, it is unknown",
        "select q_sum(amount) from pledges" => "1,600,000,000 GBP [F29]"),
    function!("q_sum_known", "(q)", Quantity,
        |f| f.aggregate(Accumulator::KnownSum { known: Sum::new(), unknown: Box::default() }),
        "the sum of the known ones; how many were left out is printed as an assumption",
        "select q_sum_known(quantity) from facts where id in ('F39', 'F44', 'F53')" => "≥5 state [F44 F53; unknown_left_out]"),
    function!("q_avg", "(q)", Quantity, |f| f.aggregate(Accumulator::Mean(Sum::new())),
        "the mean; of nothing, or with an unknown in it, it is unknown",
        "select q_avg(amount) from pledges" => "1,600,000,000 GBP [F29]"),
    function!("q_min", "(q)", Quantity, |f| f.aggregate(Accumulator::Extreme(Extreme::least())),
        "the least, with the facts that state it; where ranges overlap, the range that it lies in",
        "select q_min(quantity) from facts where id in ('F44', 'F53')" => "2 to 3 state [F44 F53]"),
    function!("q_max", "(q)", Quantity, |f| f.aggregate(Accumulator::Extreme(Extreme::greatest())),
        "the greatest, with the facts that state it; where ranges overlap, the range that it lies in",
        "select q_max(quantity) from facts where id in ('F06', 'F07') and q_unit(quantity) = 'person'" => "2 person [F06]"),
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

impl Accumulator {
    /// True if rows add up, so that one counted twice makes the answer wrong.
    fn is_additive(&self) -> bool {
        !matches!(self, Self::Extreme(_))
    }

    /// Adds a row.
    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        Ok(match self {
            Self::Sum(sum) | Self::Mean(sum) => sum.push(row),
            Self::KnownSum { unknown, .. } if row.is_unknown() => unknown.push(row),
            Self::KnownSum { known, .. } => known.push(row),
            Self::Extreme(extreme) => extreme.push(row),
        }?)
    }

    /// Computes the answer; may leave a remark.
    fn finish(&self, udf: &UdfContext) -> FunctionResult<Quantity> {
        match self {
            Self::Sum(sum) => total(sum, udf),
            Self::Mean(sum) => {
                let count = Decimal::from(sum.count().max(1));
                Ok(total(sum, udf)?.divide(&Quantity::plain(count))?)
            }
            Self::KnownSum { known, unknown } => known_total(known, unknown, udf),
            Self::Extreme(extreme) => Ok(extreme.finish()?.unwrap_or_else(empty_total)),
        }
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
    if sum.count() == 0 {
        return Ok(empty_total());
    }
    if !sum.counted_twice().is_empty() {
        udf.add_remark(|remarks| remarks.counted_twice.extend(sum.counted_twice()));
    }
    Ok(sum.finish()?)
}

/// The result for no rows: an unknown, since the book has nothing on it.
fn empty_total() -> Quantity {
    Quantity::unknown(Reasons::from(Reason::NotInBook), None)
}

/// An aggregate over the rows of one group or window.
struct WindowFrame {
    accumulated: Accumulator,
    /// The rows that are totals of others: they are left out, unless there is nothing else.
    totals: Vec<Quantity>,
    /// True if there is a row that is none.
    has_rows: bool,
    /// The rows that are statements of one thing by several facts, which are reconciled at the end.
    statements: Vec<Quantity>,
    /// The rows themselves, only where some of them will leave the window again. The result names the facts of each
    /// row, so that recomputing it for every window costs no more than printing it.
    rows: VecDeque<Option<Quantity>>,
}

impl WindowFrame {
    fn new(empty: &Accumulator) -> Self {
        Self {
            accumulated: empty.clone(),
            totals: Vec::new(),
            has_rows: false,
            statements: Vec::new(),
            rows: VecDeque::new(),
        }
    }

    fn push(&mut self, row: Quantity, udf: &UdfContext) -> FunctionResult<()> {
        let totals = udf.totals().map_err(unreadable)?;
        if !totals.is_empty() && !udf.takes_totals.load(Ordering::Relaxed) && !totals.of_row(&row).is_empty() {
            self.totals.push(row);
            return Ok(());
        }
        self.has_rows = true;
        let statements = udf.statement_groups().map_err(unreadable)?;
        if statements.not_alone(row.facts()).is_empty() {
            return self.accumulated.push(&row);
        }
        self.statements.push(row);
        Ok(())
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Quantity> {
        if !self.has_rows && !self.totals.is_empty() {
            let mut all = self.accumulated.clone();
            self.totals.iter().try_for_each(|row| all.push(row))?;
            return all.finish(udf);
        }
        if !self.totals.is_empty() {
            let totals = udf.totals().map_err(unreadable)?;
            let left_out: Vec<Facts> = self.totals.iter().map(|row| totals.of_row(row)).collect();
            udf.add_remark(|remarks| left_out.iter().for_each(|facts| remarks.totals_left_out.extend(facts)));
        }
        if self.statements.is_empty() {
            return self.accumulated.finish(udf);
        }
        let statements = udf.statement_groups().map_err(unreadable)?;
        let mut all = self.accumulated.clone();
        let settled = if all.is_additive() {
            statements.reconcile_sum(&self.statements)
        } else {
            statements.reconcile(&self.statements)
        };
        settled.rows.iter().try_for_each(|row| all.push(row))?;
        let reported = if all.is_additive() {
            settled.warnings
        } else {
            StatementWarnings { disputes: settled.warnings.disputes, ..StatementWarnings::default() }
        };
        udf.add_remark(|remarks| remarks.statements.extend(reported));
        all.finish(udf)
    }
}

/// An aggregate of quantities with its name.
struct QuantityAggregate {
    name: &'static str,
    empty: Accumulator,
    udf: Arc<UdfContext>,
}

impl Registration<'_> {
    /// An aggregate of one argument.
    fn aggregate(&self, empty: Accumulator) -> Result<()> {
        let aggregate = QuantityAggregate { name: self.name, empty, udf: Arc::clone(self.udf) };
        self.connection.create_window_function(self.name, 1, READS_BOOK, aggregate)
    }

    /// A statistic, which is computed of all rows at the end.
    fn statistic(&self, count: i32, compute: fn(&StatisticRows) -> Option<f64>) -> Result<()> {
        self.connection.create_window_function(self.name, count, PURE, Statistic { name: self.name, compute })
    }
}

impl QuantityAggregate {
    fn answer(&self, frame: Option<&WindowFrame>) -> Result<Option<String>> {
        let answer = match frame {
            Some(frame) if frame.rows.is_empty() => frame.finish(&self.udf),
            frame => self.recompute(frame.into_iter().flat_map(|frame| frame.rows.iter().flatten())),
        };
        answer.map(|total| tagged(&self.udf, Some(&total))).map_err(|cause| self.udf.fail(self.name, cause))
    }

    fn recompute<'q>(&self, mut rows: impl Iterator<Item = &'q Quantity>) -> FunctionResult<Quantity> {
        let mut frame = WindowFrame::new(&self.empty);
        rows.try_for_each(|row| frame.push(row.clone(), &self.udf))?;
        frame.finish(&self.udf)
    }
}

impl Aggregate<WindowFrame, Option<String>> for QuantityAggregate {
    fn init(&self, _: &mut Context<'_>) -> Result<WindowFrame> {
        Ok(WindowFrame::new(&self.empty))
    }

    fn step(&self, context: &mut Context<'_>, frame: &mut WindowFrame) -> Result<()> {
        let row = CallArguments::new(self.name, context, &self.udf).quantity_or_literal(0);
        let done = row.and_then(|row| {
            if self.udf.keeps_rows.load(Ordering::Relaxed) {
                frame.rows.push_back(row);
                return Ok(());
            }
            row.map_or(Ok(()), |row| frame.push(row, &self.udf))
        });
        done.map_err(|cause| self.udf.fail(self.name, cause))
    }

    fn finalize(&self, _: &mut Context<'_>, frame: Option<WindowFrame>) -> Result<Option<String>> {
        self.answer(frame.as_ref())
    }
}

impl WindowAggregate<WindowFrame, Option<String>> for QuantityAggregate {
    fn value(&self, frame: Option<&mut WindowFrame>) -> Result<Option<String>> {
        self.answer(frame.as_deref())
    }

    fn inverse(&self, _: &mut Context<'_>, frame: &mut WindowFrame) -> Result<()> {
        // The oldest row leaves first.
        frame.rows.pop_front();
        Ok(())
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
];

/// The rows of a group or window, NULLs apart, in the order in which they came.
#[derive(Default)]
struct StatisticRows {
    values: VecDeque<f64>,
    fraction: Option<f64>,
}

/// A statistic with its name; `compute` is applied to all rows at the end.
struct Statistic {
    name: &'static str,
    compute: fn(&StatisticRows) -> Option<f64>,
}

impl Aggregate<StatisticRows, Option<f64>> for Statistic {
    fn init(&self, _: &mut Context<'_>) -> Result<StatisticRows> {
        Ok(StatisticRows::default())
    }

    fn step(&self, context: &mut Context<'_>, rows: &mut StatisticRows) -> Result<()> {
        if context.len() > 1 {
            self.take_fraction(context.get_raw(1), rows)?;
        }
        rows.values.extend(self.number(context.get_raw(0))?);
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
        if !matches!(context.get_raw(0), ValueRef::Null) {
            rows.values.pop_front();
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

/// The sample standard deviation by Welford's algorithm, which subtracts no large sums of squares from each other, on
/// the distances from the first number, so that a common offset falls away before anything is rounded.
fn deviation(rows: &StatisticRows) -> Option<f64> {
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
