//! The rows of an aggregate of quantities, over a group or a window: rows that are totals of others are left out, statements of one
//! thing by several facts are reconciled, and unknown rows are counted for the notices. What is made of the rows is an
//! accumulator's.

use super::arguments::{CallArguments, Callee, tagged};
use super::context::UdfContext;
use super::plain_rows::{PLAIN_ARGUMENTS, RecordRun, has_plain_columns, plain_row};
use super::remarks::{GapCount, GapPlace};
use super::{READS_BOOK, Registration};
use crate::quantity::{Facts, Quantity, Reconciled, StatementIndex, StatementWarnings};
use crate::store::{FunctionResult, unreadable};
use rusqlite::Result;
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use std::collections::VecDeque;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The use that an aggregate makes of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowUse {
    /// Rows add up, so that one counted twice makes the answer wrong.
    Added,
    /// Rows are compared.
    Compared,
    /// Every row is taken as it is: totals are not left out, nor statements reconciled.
    Gathered,
}

/// The state of an aggregate over the rows so far.
pub(super) trait Accumulate: Clone + Send + UnwindSafe + RefUnwindSafe + 'static {
    /// The use that it makes of its rows.
    fn row_use(&self) -> RowUse;

    /// The beginning of its call, as `sum(`; `None` if an unknown row does not make the answer unknown.
    fn open_call(&self) -> Option<&'static str>;

    /// Adds a row.
    fn push(&mut self, row: &Quantity) -> FunctionResult<()>;

    /// True if it takes a run of rows as one.
    fn takes_runs(&self) -> bool {
        false
    }

    /// Adds a run of rows, with their sum.
    fn push_run(&mut self, run: &RecordRun, _sum: &Quantity) -> FunctionResult<()> {
        run.quantities().try_for_each(|row| self.push(&row))
    }

    /// Computes the answer; may leave a remark.
    fn finish(&self, udf: &UdfContext) -> FunctionResult<Option<Quantity>>;
}

/// An aggregate over the rows of one group or window.
pub(super) struct WindowFrame<A> {
    accumulated: A,
    /// The rows that are totals of others: they are left out, unless there is nothing else.
    totals: Vec<Quantity>,
    /// True if there is a row that is none.
    has_rows: bool,
    /// The rows that are statements of one thing by several facts, which are reconciled at the end.
    statements: Vec<Quantity>,
    /// The rows themselves, only where some of them will leave the window again. The result names the facts of each
    /// row, so that recomputing it for every window costs no more than printing it.
    rows: VecDeque<Option<Quantity>>,
    groups: Option<Arc<StatementIndex>>,
    /// The number of rows, those that have left the window again among them.
    counted: GapCount,
    site: Option<i64>,
    /// The rows of plain columns that are not added yet.
    run: RecordRun,
}

impl<A: Accumulate> WindowFrame<A> {
    fn new(empty: &A) -> Self {
        Self {
            accumulated: empty.clone(),
            totals: Vec::new(),
            has_rows: false,
            statements: Vec::new(),
            rows: VecDeque::new(),
            groups: None,
            counted: GapCount::default(),
            site: None,
            run: RecordRun::default(),
        }
    }

    /// Adds a row of the group, which is counted.
    fn step(&mut self, row: Option<Quantity>, udf: &UdfContext) -> FunctionResult<()> {
        let is_total = row.as_ref().map(|row| self.is_left_out(row, udf)).transpose()?.unwrap_or_default();
        match &row {
            Some(row) if !is_total => {
                self.counted.all += 1;
                self.counted.unknown += u64::from(row.is_unknown());
            }
            Some(_) => {}
            None => self.counted.nulls += 1,
        }
        if udf.keeps_rows.load(Ordering::Relaxed) {
            self.rows.push_back(row);
            return Ok(());
        }
        row.map_or(Ok(()), |row| self.push(row, is_total, udf))
    }

    /// Adds a row of plain columns: to a run of them where those are added as one.
    fn step_plain(&mut self, arguments: &CallArguments<'_, '_>) -> FunctionResult<()> {
        let udf = arguments.udf;
        if self.accumulated.takes_runs() && !udf.keeps_rows.load(Ordering::Relaxed) && self.run.push(arguments) {
            return Ok(());
        }
        self.end_run(udf)?;
        let row = plain_row(arguments, &mut self.run)?;
        self.step(row, udf)
    }

    /// Adds the rows of the run: as their sum, unless some are totals or statements of one thing.
    fn end_run(&mut self, udf: &UdfContext) -> FunctionResult<()> {
        let mut run = std::mem::take(&mut self.run);
        let Some(sum) = run.sum() else {
            self.run = run;
            return Ok(());
        };
        if udf.has_totals()? || !self.groups(udf)?.not_alone(sum.facts()).is_empty() {
            run.quantities().try_for_each(|row| self.step(Some(row), udf))?;
        } else {
            self.counted.all += run.len();
            self.has_rows = true;
            self.accumulated.push_run(&run, &sum)?;
        }
        run.clear();
        self.run = run;
        Ok(())
    }

    fn is_left_out(&self, row: &Quantity, udf: &UdfContext) -> FunctionResult<bool> {
        Ok(self.accumulated.row_use() != RowUse::Gathered && !udf.totals_of(row)?.is_empty())
    }

    fn push(&mut self, row: Quantity, is_total: bool, udf: &UdfContext) -> FunctionResult<()> {
        if is_total {
            self.totals.push(row);
            return Ok(());
        }
        self.has_rows = true;
        let is_gathered = self.accumulated.row_use() == RowUse::Gathered;
        if is_gathered || self.groups(udf)?.not_alone(row.facts()).is_empty() {
            return self.accumulated.push(&row);
        }
        self.statements.push(row);
        Ok(())
    }

    /// The groups of statements of one thing, looked up for the first row.
    fn groups(&mut self, udf: &UdfContext) -> FunctionResult<&StatementIndex> {
        if self.groups.is_none() {
            self.groups = Some(udf.statement_groups().map_err(unreadable)?);
        }
        Ok(self.groups.get_or_insert_default())
    }

    fn finish(&self, udf: &UdfContext) -> FunctionResult<Option<Quantity>> {
        if !self.has_rows && !self.totals.is_empty() {
            if self.totals.len() > 1 && self.accumulated.row_use() == RowUse::Added {
                udf.add_remark(|remarks| remarks.adds_totals = true);
            }
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
        let mut all = self.accumulated.clone();
        let settled = self.reconciled(udf)?;
        settled.rows.iter().try_for_each(|row| all.push(row))?;
        udf.add_remark(|remarks| remarks.statements.extend(settled.warnings));
        all.finish(udf)
    }

    /// The statements of one thing, reconciled, with the warnings that matter to the answer.
    fn reconciled(&self, udf: &UdfContext) -> FunctionResult<Reconciled> {
        let statements = udf.statement_groups().map_err(unreadable)?;
        if self.accumulated.row_use() == RowUse::Added {
            return Ok(statements.reconcile_sum(&self.statements));
        }
        let Reconciled { rows, warnings } = statements.reconcile(&self.statements);
        let warnings = StatementWarnings { disputes: warnings.disputes, ..StatementWarnings::default() };
        Ok(Reconciled { rows, warnings })
    }

    /// Notes that the answer is unknown for unknown rows; at the end of the group also the number of its rows.
    fn note_gap(&self, answer: Option<&Quantity>, is_end: bool, udf: &UdfContext) {
        let is_open = self.counted.unknown > 0 && answer.is_some_and(Quantity::is_unknown);
        if let Some(call) = self.accumulated.open_call().filter(|_| is_open || is_end) {
            let counted = if is_end { self.counted } else { GapCount::default() };
            let place = GapPlace { site: self.site, call };
            udf.add_remark(|remarks| remarks.gaps.add(place, GapCount { is_open, ..counted }));
        }
    }
}

/// An aggregate of quantities with its name.
struct QuantityAggregate<A> {
    callee: Callee,
    empty: A,
    udf: Arc<UdfContext>,
}

impl Registration<'_> {
    /// An aggregate of one argument; one of translated statements takes the plain columns of an imported table too.
    pub(super) fn aggregate<A: Accumulate>(&self, empty: &A) -> Result<()> {
        let callee = self.callee();
        let counts: &[i32] = if callee.takes_site { &[2, PLAIN_ARGUMENTS] } else { &[1] };
        counts.iter().try_for_each(|count| {
            let aggregate = QuantityAggregate { callee, empty: empty.clone(), udf: Arc::clone(self.udf) };
            self.connection.create_window_function(callee.name, *count, READS_BOOK, aggregate)
        })
    }
}

impl<A: Accumulate> QuantityAggregate<A> {
    fn answer(&self, mut frame: Option<&mut WindowFrame<A>>, is_end: bool) -> Result<Option<String>> {
        let site = frame.as_ref().and_then(|frame| frame.site);
        let answer = match &mut frame {
            Some(frame) if frame.rows.is_empty() => frame.end_run(&self.udf).and_then(|()| frame.finish(&self.udf)),
            frame => self.recompute(frame.iter().flat_map(|frame| frame.rows.iter().flatten())),
        };
        let answer = answer.map_err(|cause| self.udf.fail(self.callee.spelling, site, cause))?;
        if let Some(frame) = frame {
            frame.note_gap(answer.as_ref(), is_end, &self.udf);
        }
        Ok(tagged(&self.udf, answer.as_ref()))
    }

    fn recompute<'q>(&self, mut rows: impl Iterator<Item = &'q Quantity>) -> FunctionResult<Option<Quantity>> {
        let mut frame = WindowFrame::new(&self.empty);
        rows.try_for_each(|row| {
            let is_total = frame.is_left_out(row, &self.udf)?;
            frame.push(row.clone(), is_total, &self.udf)
        })?;
        frame.finish(&self.udf)
    }
}

impl<A: Accumulate> Aggregate<WindowFrame<A>, Option<String>> for QuantityAggregate<A> {
    fn init(&self, _: &mut Context<'_>) -> Result<WindowFrame<A>> {
        Ok(WindowFrame::new(&self.empty))
    }

    fn step(&self, context: &mut Context<'_>, frame: &mut WindowFrame<A>) -> Result<()> {
        let arguments = CallArguments::new(self.callee, context, &self.udf);
        frame.site = arguments.site();
        let done = if has_plain_columns(&arguments) {
            frame.step_plain(&arguments)
        } else {
            let row = arguments.quantity_or_literal(usize::from(self.callee.takes_site));
            row.and_then(|row| frame.step(row, &self.udf))
        };
        done.map_err(|cause| self.udf.fail(self.callee.spelling, frame.site, cause))
    }

    fn finalize(&self, _: &mut Context<'_>, mut frame: Option<WindowFrame<A>>) -> Result<Option<String>> {
        self.answer(frame.as_mut(), true)
    }
}

impl<A: Accumulate> WindowAggregate<WindowFrame<A>, Option<String>> for QuantityAggregate<A> {
    fn value(&self, frame: Option<&mut WindowFrame<A>>) -> Result<Option<String>> {
        self.answer(frame, false)
    }

    fn inverse(&self, _: &mut Context<'_>, frame: &mut WindowFrame<A>) -> Result<()> {
        // The oldest row leaves first.
        frame.rows.pop_front();
        Ok(())
    }
}
