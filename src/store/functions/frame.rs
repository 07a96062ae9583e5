//! The rows behind an aggregate of quantities, be it over a group or over a window whose rows leave it again.

use super::arguments::{Answer, Arguments};
use super::call::sealed;
use super::{ASKING, Arc, Connection, Desk, Result};
use crate::error::FunctionCause;
use crate::quantity::{Quantity, StatementRemarks};
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use std::collections::VecDeque;

/// What an aggregate makes of the rows that it has seen.
pub(super) trait Gather: Clone + Send + std::panic::UnwindSafe + std::panic::RefUnwindSafe + 'static {
    /// Whether rows add up, so that one counted twice makes the answer wrong.
    const ADDS_UP: bool = true;
    /// A row that applies.
    fn push(&mut self, row: &Quantity) -> Answer<()>;
    /// The answer, which may leave a remark.
    fn finish(&self, desk: &Desk) -> Answer<Quantity>;
}

/// An aggregate over the rows of one group or window.
pub(super) struct Frame<G> {
    gathered: Gathered<G>,
    /// The rows themselves, only where some of them will leave again. What is made of them names the facts of each, so
    /// that making it anew for every window costs no more than saying it.
    rows: VecDeque<Option<Quantity>>,
}

/// What has been made of the rows so far, and those that are statements of what other facts may state too.
#[derive(Clone)]
struct Gathered<G> {
    of_rows: G,
    statements: Vec<Quantity>,
}

impl<G: Gather> Gathered<G> {
    fn push(&mut self, row: Quantity, desk: &Desk) -> Answer<()> {
        let statements = desk.statement_groups().map_err(|error| FunctionCause::Book(error.to_string()))?;
        if statements.touched(row.facts()).is_empty() {
            return self.of_rows.push(&row);
        }
        self.statements.push(row);
        Ok(())
    }

    fn finish(&self, desk: &Desk) -> Answer<Quantity> {
        if self.statements.is_empty() {
            return self.of_rows.finish(desk);
        }
        let statements = desk.statement_groups().map_err(|error| FunctionCause::Book(error.to_string()))?;
        let settled = statements.settle(&self.statements);
        let mut all = self.of_rows.clone();
        settled.rows.iter().try_for_each(|row| all.push(row))?;
        let told = if G::ADDS_UP {
            settled.remarks
        } else {
            StatementRemarks { disputes: settled.remarks.disputes, ..StatementRemarks::default() }
        };
        desk.remark(|remarks| remarks.statements.extend(told));
        all.finish(desk)
    }
}

struct Gathering<G> {
    name: &'static str,
    empty: G,
    desk: Arc<Desk>,
}

/// Registers an aggregate of one argument.
pub(super) fn aggregate<G: Gather + Sync>(
    connection: &Connection,
    desk: &Arc<Desk>,
    name: &'static str,
    empty: G,
) -> Result<()> {
    connection.create_window_function(name, 1, ASKING, Gathering { name, empty, desk: Arc::clone(desk) })
}

impl<G: Gather> Gathering<G> {
    fn answer(&self, frame: Option<&Frame<G>>) -> Result<Option<String>> {
        let answer = match frame {
            Some(frame) if !frame.rows.is_empty() => self.anew(frame),
            Some(frame) => frame.gathered.finish(&self.desk),
            None => self.none().finish(&self.desk),
        };
        answer.map(|total| sealed(&self.desk, Some(&total))).map_err(|cause| self.desk.fail(self.name, cause))
    }

    fn anew(&self, frame: &Frame<G>) -> Answer<Quantity> {
        let mut gathered = self.none();
        frame.rows.iter().flatten().try_for_each(|row| gathered.push(row.clone(), &self.desk))?;
        gathered.finish(&self.desk)
    }

    fn none(&self) -> Gathered<G> {
        Gathered { of_rows: self.empty.clone(), statements: Vec::new() }
    }
}

impl<G: Gather> Aggregate<Frame<G>, Option<String>> for Gathering<G> {
    fn init(&self, _: &mut Context<'_>) -> Result<Frame<G>> {
        Ok(Frame { gathered: self.none(), rows: VecDeque::new() })
    }

    fn step(&self, context: &mut Context<'_>, frame: &mut Frame<G>) -> Result<()> {
        let row = Arguments::new(self.name, context, &self.desk).quantity_given(0);
        let done = row.and_then(|row| {
            if self.desk.keeps_rows() {
                frame.rows.push_back(row);
                return Ok(());
            }
            row.map_or(Ok(()), |row| frame.gathered.push(row, &self.desk))
        });
        done.map_err(|cause| self.desk.fail(self.name, cause))
    }

    fn finalize(&self, _: &mut Context<'_>, frame: Option<Frame<G>>) -> Result<Option<String>> {
        self.answer(frame.as_ref())
    }
}

impl<G: Gather> WindowAggregate<Frame<G>, Option<String>> for Gathering<G> {
    fn value(&self, frame: Option<&mut Frame<G>>) -> Result<Option<String>> {
        self.answer(frame.as_deref())
    }

    fn inverse(&self, _: &mut Context<'_>, frame: &mut Frame<G>) -> Result<()> {
        // The row that came first leaves first.
        frame.rows.pop_front();
        Ok(())
    }
}
