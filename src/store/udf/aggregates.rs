//! Aggregate functions, over the rows of a group or of a window. Of quantities: sums, means and extremes, in which
//! NULLs are left out, one unknown makes the result unknown, and no row at all gives an unknown, never 0. Of plain
//! numbers: statistics that SQLite lacks, each a REAL, NULL for too few rows.

use super::arguments::{CallArguments, tagged};
use super::context::UdfContext;
use super::plain::{as_real, describe_plain, to_real_value};
use super::{FunctionKind, PURE, READS_BOOK, SqlFunction};
use crate::error::FunctionCause;
use crate::quantity::{Amount, Assumption, Extreme, Quantity, Reason, Reasons, StatementWarnings, Sum, Unit};
use crate::store::{FunctionResult, unreadable};
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};
use rust_decimal::Decimal;
use std::collections::VecDeque;
use std::sync::Arc;

/// The name of the assumption of a sum that leaves unknown rows out; its value is their number.
const UNKNOWN_LEFT_OUT: &str = "unknown_left_out";

pub(super) const QUANTITY_AGGREGATES: &[SqlFunction] = &[
    SqlFunction {
        name: "q_sum",
        signature: "q_sum(q)",
        meaning: "the exact sum, in which what several sources state counts once; of nothing, or with an unknown in it, it is unknown",
        example: "select q_sum(amount) from pledges",
        answer: "1,600,000,000 GBP [F29]",
        kind: FunctionKind::Quantity,
        register: |connection, udf| register_aggregate(connection, udf, "q_sum", SumAccumulator(Sum::new())),
    },
    SqlFunction {
        name: "q_sum_known",
        signature: "q_sum_known(q)",
        meaning: "the sum of the known ones; how many were left out is printed as an assumption",
        example: "select q_sum_known(quantity) from facts where id in ('F39', 'F44', 'F53')",
        answer: "≥5 state [F44 F53; unknown_left_out]",
        kind: FunctionKind::Quantity,
        register: |connection, udf| register_aggregate(connection, udf, "q_sum_known", KnownSumAccumulator::default()),
    },
    SqlFunction {
        name: "q_avg",
        signature: "q_avg(q)",
        meaning: "the mean; of nothing, or with an unknown in it, it is unknown",
        example: "select q_avg(amount) from pledges",
        answer: "1,600,000,000 GBP [F29]",
        kind: FunctionKind::Quantity,
        register: |connection, udf| register_aggregate(connection, udf, "q_avg", MeanAccumulator(Sum::new())),
    },
    SqlFunction {
        name: "q_min",
        signature: "q_min(q)",
        meaning: "the least, with the facts that state it; where ranges overlap, the range that it lies in",
        example: "select q_min(quantity) from facts where id in ('F44', 'F53')",
        answer: "2 to 3 state [F44 F53]",
        kind: FunctionKind::Quantity,
        register: |connection, udf| register_aggregate(connection, udf, "q_min", ExtremeAccumulator(Extreme::least())),
    },
    SqlFunction {
        name: "q_max",
        signature: "q_max(q)",
        meaning: "the greatest, with the facts that state it; where ranges overlap, the range that it lies in",
        example: "select q_max(quantity) from facts where id in ('F06', 'F07') and q_unit(quantity) = 'person'",
        answer: "2 person [F06]",
        kind: FunctionKind::Quantity,
        register: |connection, udf| {
            register_aggregate(connection, udf, "q_max", ExtremeAccumulator(Extreme::greatest()))
        },
    },
];

#[derive(Clone)]
struct SumAccumulator(Sum);

#[derive(Clone)]
struct MeanAccumulator(Sum);

#[derive(Clone)]
struct ExtremeAccumulator(Extreme);

/// A sum of known rows, and one of the unknown rows.
#[derive(Clone, Default)]
struct KnownSumAccumulator {
    known: Sum,
    unknown: Sum,
}

impl Accumulator for SumAccumulator {
    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        Ok(self.0.push(row)?)
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Quantity> {
        total(&self.0, udf)
    }
}

impl Accumulator for MeanAccumulator {
    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        Ok(self.0.push(row)?)
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Quantity> {
        let total = total(&self.0, udf)?;
        let count = Decimal::from(self.0.count().max(1));
        Ok(total.divide(&Quantity::plain(count))?)
    }
}

impl Accumulator for ExtremeAccumulator {
    const IS_ADDITIVE: bool = false;

    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        Ok(self.0.push(row)?)
    }

    fn finish(&self, _: &UdfContext) -> FunctionResult<Quantity> {
        Ok(self.0.finish()?.unwrap_or_else(empty_total))
    }
}

impl Accumulator for KnownSumAccumulator {
    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        Ok(if row.is_unknown() { self.unknown.push(row) } else { self.known.push(row) }?)
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Quantity> {
        let left_out = self.unknown.count();
        if left_out == 0 || self.known.count() == 0 {
            return total(if left_out == 0 { &self.known } else { &self.unknown }, udf);
        }
        let sum = total(&self.known, udf)?;
        udf.add_remark(|remarks| {
            let (known, all) = remarks.known.unwrap_or_default();
            remarks.known = Some((known + self.known.count(), all + self.known.count() + left_out));
        });
        let count = Amount::exact(Decimal::from(left_out));
        let assumption = Assumption::valued(UNKNOWN_LEFT_OUT, count, Unit::one()).map_err(FunctionCause::from)?;
        let assumptions = sum.assumptions().with(assumption);
        Ok(sum.with_assumptions(assumptions))
    }
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

/// The state of an aggregate over the rows so far.
trait Accumulator: Clone + Send + std::panic::UnwindSafe + std::panic::RefUnwindSafe + 'static {
    /// True if rows add up, so that one counted twice makes the answer wrong.
    const IS_ADDITIVE: bool = true;
    /// Adds a row.
    fn push(&mut self, row: &Quantity) -> FunctionResult<()>;
    /// Computes the answer; may leave a remark.
    fn finish(&self, udf: &UdfContext) -> FunctionResult<Quantity>;
}

/// An aggregate over the rows of one group or window.
struct WindowFrame<G> {
    accumulated: Accumulated<G>,
    /// The rows themselves, only where some of them will leave the window again. The result names the facts of each
    /// row, so that recomputing it for every window costs no more than printing it.
    rows: VecDeque<Option<Quantity>>,
}

/// The rows accumulated so far, apart from those that are statements of one thing by several facts.
#[derive(Clone)]
struct Accumulated<G> {
    of_rows: G,
    statements: Vec<Quantity>,
}

impl<G: Accumulator> Accumulated<G> {
    fn push(&mut self, row: Quantity, udf: &UdfContext) -> FunctionResult<()> {
        let statements = udf.statement_groups().map_err(unreadable)?;
        if statements.facts_in_groups(row.facts()).is_empty() {
            return self.of_rows.push(&row);
        }
        self.statements.push(row);
        Ok(())
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Quantity> {
        if self.statements.is_empty() {
            return self.of_rows.finish(udf);
        }
        let statements = udf.statement_groups().map_err(unreadable)?;
        let settled = statements.reconcile(&self.statements);
        let mut all = self.of_rows.clone();
        settled.rows.iter().try_for_each(|row| all.push(row))?;
        let reported = if G::IS_ADDITIVE {
            settled.warnings
        } else {
            StatementWarnings { disputes: settled.warnings.disputes, ..StatementWarnings::default() }
        };
        udf.add_remark(|remarks| remarks.statements.extend(reported));
        all.finish(udf)
    }
}

struct QuantityAggregate<G> {
    name: &'static str,
    empty: G,
    udf: Arc<UdfContext>,
}

/// Registers an aggregate of one argument.
fn register_aggregate<G: Accumulator + Sync>(
    connection: &Connection,
    udf: &Arc<UdfContext>,
    name: &'static str,
    empty: G,
) -> Result<()> {
    connection.create_window_function(name, 1, READS_BOOK, QuantityAggregate { name, empty, udf: Arc::clone(udf) })
}

impl<G: Accumulator> QuantityAggregate<G> {
    fn answer(&self, frame: Option<&WindowFrame<G>>) -> Result<Option<String>> {
        let answer = match frame {
            Some(frame) if !frame.rows.is_empty() => self.recompute(frame),
            Some(frame) => frame.accumulated.finish(&self.udf),
            None => self.empty().finish(&self.udf),
        };
        answer.map(|total| tagged(&self.udf, Some(&total))).map_err(|cause| self.udf.fail(self.name, cause))
    }

    fn recompute(&self, frame: &WindowFrame<G>) -> FunctionResult<Quantity> {
        let mut accumulated = self.empty();
        frame.rows.iter().flatten().try_for_each(|row| accumulated.push(row.clone(), &self.udf))?;
        accumulated.finish(&self.udf)
    }

    fn empty(&self) -> Accumulated<G> {
        Accumulated { of_rows: self.empty.clone(), statements: Vec::new() }
    }
}

impl<G: Accumulator> Aggregate<WindowFrame<G>, Option<String>> for QuantityAggregate<G> {
    fn init(&self, _: &mut Context<'_>) -> Result<WindowFrame<G>> {
        Ok(WindowFrame { accumulated: self.empty(), rows: VecDeque::new() })
    }

    fn step(&self, context: &mut Context<'_>, frame: &mut WindowFrame<G>) -> Result<()> {
        let row = CallArguments::new(self.name, context, &self.udf).quantity_or_literal(0);
        let done = row.and_then(|row| {
            if self.udf.keeps_rows() {
                frame.rows.push_back(row);
                return Ok(());
            }
            row.map_or(Ok(()), |row| frame.accumulated.push(row, &self.udf))
        });
        done.map_err(|cause| self.udf.fail(self.name, cause))
    }

    fn finalize(&self, _: &mut Context<'_>, frame: Option<WindowFrame<G>>) -> Result<Option<String>> {
        self.answer(frame.as_ref())
    }
}

impl<G: Accumulator> WindowAggregate<WindowFrame<G>, Option<String>> for QuantityAggregate<G> {
    fn value(&self, frame: Option<&mut WindowFrame<G>>) -> Result<Option<String>> {
        self.answer(frame.as_deref())
    }

    fn inverse(&self, _: &mut Context<'_>, frame: &mut WindowFrame<G>) -> Result<()> {
        // The oldest row leaves first.
        frame.rows.pop_front();
        Ok(())
    }
}

pub(super) const STATISTICS: &[SqlFunction] = &[
    SqlFunction {
        name: "median",
        signature: "median(x)",
        meaning: "the middle one of the numbers in order, or the mean of the two in the middle",
        example: "select median(value) from generate_series(1, 5)",
        answer: "≈3.0",
        kind: FunctionKind::Plain,
        register: |connection, _| register_statistic(connection, "median", 1, |rows| percentile(rows, 0.5)),
    },
    SqlFunction {
        name: "percentile_cont",
        signature: "percentile_cont(x, fraction)",
        meaning: "the number at a fraction, from 0 to 1, of the way through the numbers in order, interpolated between two",
        example: "select percentile_cont(value, 0.25) from generate_series(1, 5)",
        answer: "≈2.0",
        kind: FunctionKind::Plain,
        register: |connection, _| {
            register_statistic(connection, "percentile_cont", 2, |rows| percentile(rows, rows.fraction?))
        },
    },
    SqlFunction {
        name: "stddev_samp",
        signature: "stddev_samp(x)",
        meaning: "the standard deviation of a sample of numbers; NULL for fewer than two",
        example: "select stddev_samp(value) from generate_series(1, 5)",
        answer: "≈1.5811388300841898",
        kind: FunctionKind::Plain,
        register: |connection, _| register_statistic(connection, "stddev_samp", 1, deviation),
    },
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

fn register_statistic(
    connection: &Connection,
    name: &'static str,
    count: i32,
    compute: fn(&StatisticRows) -> Option<f64>,
) -> Result<()> {
    connection.create_window_function(name, count, PURE, Statistic { name, compute })
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

#[cfg(test)]
mod tests {
    use super::STATISTICS;
    use crate::store::udf::tests::{answer, opened};

    #[test]
    fn they_look_at_all_rows_but_nulls() {
        let connection = opened(STATISTICS);
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
        let connection = opened(STATISTICS);
        let rows = "over (order by column1 rows 1 preceding) from (values (1, 8), (2, NULL), (3, 4), (4, 2))";
        assert_eq!(answer(&connection, &format!("median(column2) {rows}")), "8.0 8.0 4.0 3.0");
        assert_eq!(answer(&connection, &format!("percentile_cont(column2, 1) {rows}")), "8.0 8.0 4.0 4.0");
        assert_eq!(answer(&connection, &format!("stddev_samp(column2) {rows}")), "NULL NULL NULL 1.4142135623730951");
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        let connection = opened(STATISTICS);
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
