//! The aggregates of translated statements: of no rows they are NULL, as those of SQL are, and a bare 0 counts and fits any unit. In
//! all else they are the aggregates of quantities: exact, one unknown makes the answer unknown, and totals and statements of one
//! thing count as they do there.

use super::aggregates::finish_sum;
use super::arguments::is_bare_zero;
use super::context::UdfContext;
use super::keys::group_key;
use super::plain_rows::RecordRun;
use super::window_frame::{Accumulate, RowUse};
use super::{FunctionKind, SiteFunction, site_function};
use crate::error::FunctionCause;
use crate::quantity::{Extreme, GroupValue, Median, Quantity, Sum, Unit};
use crate::store::FunctionResult;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_sum", "sum", Quantity, |f| f.aggregate(&RowSum::new(SumResult::Sum))),
    site_function!("pledgebook_avg", "avg", Quantity, |f| f.aggregate(&RowSum::new(SumResult::Mean))),
    site_function!("pledgebook_total", "total", Quantity, |f| f.aggregate(&RowSum::new(SumResult::Total))),
    site_function!("pledgebook_sum_distinct", "sum", Quantity, |f| f.aggregate(&DistinctSum::new(SumResult::Sum))),
    site_function!("pledgebook_avg_distinct", "avg", Quantity, |f| f.aggregate(&DistinctSum::new(SumResult::Mean))),
    site_function!("pledgebook_min", "min", Quantity, |f| f.aggregate(&RowExtreme::new(Extreme::least()))),
    site_function!("pledgebook_max", "max", Quantity, |f| f.aggregate(&RowExtreme::new(Extreme::greatest()))),
    site_function!("pledgebook_median", "median", Quantity, |f| f.aggregate(&RowMedian::default())),
    site_function!("pledgebook_same", "group by", Quantity, |f| f.aggregate(&SameRows::default())),
];

/// The result of adding rows up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SumResult {
    /// The sum; NULL of no rows.
    Sum,
    /// The sum; 0 of no rows.
    Total,
    /// The mean; NULL of no rows.
    Mean,
}

impl SumResult {
    /// The result of a sum, and of zeros beside it.
    fn of(self, sum: &Sum, zeros: u64, udf: &UdfContext) -> FunctionResult<Option<Quantity>> {
        let count = sum.count() + zeros;
        if count == 0 && self != Self::Total {
            return Ok(None);
        }
        let total = finish_sum(sum, udf)?;
        Ok(Some(if self == Self::Mean { total.divide(&Quantity::plain(count.into()))? } else { total }))
    }
}

/// A sum of rows.
#[derive(Debug, Clone)]
struct RowSum {
    result: SumResult,
    sum: Sum,
    /// The number of bare zeros.
    zeros: u64,
}

impl RowSum {
    fn new(result: SumResult) -> Self {
        Self { result, sum: Sum::new(), zeros: 0 }
    }
}

impl Accumulate for RowSum {
    fn row_use(&self) -> RowUse {
        RowUse::Added
    }

    fn open_call(&self) -> Option<&'static str> {
        Some(match self.result {
            SumResult::Sum => "sum(",
            SumResult::Total => "total(",
            SumResult::Mean => "avg(",
        })
    }

    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        if is_bare_zero(row) {
            self.zeros += 1;
            return Ok(());
        }
        Ok(self.sum.push(row)?)
    }

    fn takes_runs(&self) -> bool {
        true
    }

    fn push_run(&mut self, run: &RecordRun, sum: &Quantity) -> FunctionResult<()> {
        Ok(self.sum.push_sum(sum, run.len())?)
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Option<Quantity>> {
        self.result.of(&self.sum, self.zeros, udf)
    }
}

/// A sum of the different values among rows: numbers are told apart, not their texts.
#[derive(Debug, Clone)]
struct DistinctSum {
    result: SumResult,
    /// By their keys.
    values: BTreeMap<Vec<u8>, GroupValue>,
    /// True if there is a 0, with or without unit.
    has_zero: bool,
    has_bare_zero: bool,
}

impl DistinctSum {
    fn new(result: SumResult) -> Self {
        Self { result, values: BTreeMap::new(), has_zero: false, has_bare_zero: false }
    }
}

impl Accumulate for DistinctSum {
    fn row_use(&self) -> RowUse {
        RowUse::Added
    }

    fn open_call(&self) -> Option<&'static str> {
        Some(if self.result == SumResult::Mean { "avg(distinct " } else { "sum(distinct " })
    }

    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        if is_bare_zero(row) {
            self.has_bare_zero = true;
            return Ok(());
        }
        self.has_zero |= row.is_exact() && row.number().is_some_and(|number| number.is_zero());
        Ok(self.values.entry(group_key(row, true)).or_default().push(row)?)
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Option<Quantity>> {
        let mut sum = Sum::new();
        for value in self.values.values().filter_map(GroupValue::finish) {
            sum.push(&value)?;
        }
        self.result.of(&sum, u64::from(self.has_bare_zero && !self.has_zero), udf)
    }
}

/// The least or the greatest of rows.
#[derive(Debug, Clone)]
struct RowExtreme {
    extreme: Extreme,
    has_bare_zero: bool,
}

impl RowExtreme {
    fn new(extreme: Extreme) -> Self {
        Self { extreme, has_bare_zero: false }
    }
}

impl Accumulate for RowExtreme {
    fn row_use(&self) -> RowUse {
        RowUse::Compared
    }

    fn open_call(&self) -> Option<&'static str> {
        Some(if self.extreme.is_least() { "min(" } else { "max(" })
    }

    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        if is_bare_zero(row) {
            self.has_bare_zero = true;
            return Ok(());
        }
        Ok(self.extreme.push(row)?)
    }

    fn takes_runs(&self) -> bool {
        true
    }

    fn push_run(&mut self, run: &RecordRun, sum: &Quantity) -> FunctionResult<()> {
        Ok(self.extreme.push_best((sum, run.len()), run.extremes(self.extreme.is_least()))?)
    }

    fn finish(&self, _: &UdfContext) -> FunctionResult<Option<Quantity>> {
        let found = self.extreme.finish()?;
        if !self.has_bare_zero {
            return Ok(found);
        }
        let Some(found) = found else { return Ok(Some(Quantity::plain(Decimal::ZERO))) };
        let mut all = self.extreme.clone();
        all.push(&zero_in(found.unit()))?;
        Ok(all.finish()?)
    }
}

/// A 0 in a unit, if there is one.
fn zero_in(unit: Option<&Unit>) -> Quantity {
    Quantity::of(Decimal::ZERO, unit.cloned().unwrap_or_default())
}

/// The median of rows.
#[derive(Debug, Clone, Default)]
struct RowMedian {
    median: Median,
    /// The number of bare zeros.
    zeros: u64,
    /// The unit of the rows, which the zeros take.
    unit: Option<Unit>,
}

impl Accumulate for RowMedian {
    fn row_use(&self) -> RowUse {
        RowUse::Added
    }

    fn open_call(&self) -> Option<&'static str> {
        Some("median(")
    }

    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        if is_bare_zero(row) {
            self.zeros += 1;
            return Ok(());
        }
        if self.unit.is_none() {
            self.unit = row.unit().cloned();
        }
        Ok(self.median.push(row)?)
    }

    fn finish(&self, _: &UdfContext) -> FunctionResult<Option<Quantity>> {
        let mut all = self.median.clone();
        let zero = zero_in(self.unit.as_ref());
        for _ in 0..self.zeros {
            all.push(&zero)?;
        }
        if all.is_open() {
            let help = "take an end of each: `median(q_lo(…))`, `median(q_hi(…))`";
            return Err(FunctionCause::argument("the `median` of ranges is open", help));
        }
        Ok(all.finish()?)
    }
}

/// The one value of a group of equal rows.
#[derive(Debug, Clone, Default)]
struct SameRows {
    group: GroupValue,
    /// The key of the first row, without its unit.
    key: Option<Vec<u8>>,
    has_bare_zero: bool,
}

impl Accumulate for SameRows {
    fn row_use(&self) -> RowUse {
        RowUse::Gathered
    }

    fn open_call(&self) -> Option<&'static str> {
        None
    }

    fn push(&mut self, row: &Quantity) -> FunctionResult<()> {
        if is_bare_zero(row) {
            self.has_bare_zero = true;
            return Ok(());
        }
        let key = group_key(row, false);
        if *self.key.get_or_insert_with(|| key.clone()) != key {
            let message =
                "the values of a group differ: its name is that of a column of a table, and of a result column";
            return Err(FunctionCause::argument(message, "give the result column another name"));
        }
        Ok(self.group.push(row)?)
    }

    fn finish(&self, _: &UdfContext) -> FunctionResult<Option<Quantity>> {
        Ok(self.group.finish().or_else(|| self.has_bare_zero.then(|| Quantity::plain(Decimal::ZERO))))
    }
}
