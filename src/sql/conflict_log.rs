//! The conflicts of sources that an answer shows, and the remarks about them: a result that shows several statements of one thing gets lines
//! below it, in machine formats a column.

use super::result::{Cell, Column, Note};
use crate::quantity::{Facts, StatementIndex, StatementWarnings};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// The most conflicts that are listed one by one.
const MAX_LISTED: usize = 12;

/// Finds the statements of one thing by several facts, if there are any.
pub type FindStatements = Rc<dyn Fn() -> Option<Arc<StatementIndex>>>;

/// The conflicts of sources that an answer shows, and the remarks about them. A result that shows several statements of one
/// thing gets lines below it, in machine formats a column.
#[derive(Default)]
pub(super) struct ConflictLog {
    /// Finds the statements, until a quantity asks for them: an answer without one reads none.
    find: Option<FindStatements>,
    /// The statements, while a result is written that may show some.
    statements: Option<Arc<StatementIndex>>,
    shown: Facts,
    reported: BTreeSet<String>,
    settled: StatementWarnings,
    handed_on: Facts,
}

impl ConflictLog {
    /// Begins a result; true if it may show a conflict, so that machine formats have another column.
    pub(super) fn begin(&mut self, ask: &FindStatements, columns: &[Column]) -> bool {
        self.shown = Facts::none();
        (self.find, self.statements) = (Some(Rc::clone(ask)), None);
        columns.iter().any(|column| column.is_quantity) && self.statements().is_some()
    }

    /// The statements of this result, if any of them differ.
    fn statements(&mut self) -> Option<Arc<StatementIndex>> {
        if let Some(find) = self.find.take() {
            self.statements = find().filter(|statements| statements.has_conflict());
        }
        self.statements.clone()
    }

    /// Adds a row; its cell in machine formats, if it is part of a conflict.
    pub(super) fn add_row(&mut self, cells: &[Cell<'_>], is_for_programs: bool) -> Option<String> {
        let is_quantity = |cell: &Cell<'_>| matches!(cell, Cell::Quantity(_));
        let statements = if cells.iter().any(is_quantity) { self.statements() } else { None }?;
        let mut facts = Facts::none();
        for cell in cells {
            if let Cell::Quantity(quantity) = cell {
                facts.extend(&statements.facts_in_groups(quantity.facts()));
            }
        }
        self.shown.extend(&facts);
        let lines = if is_for_programs { statements.conflicts_with(&facts) } else { Vec::new() };
        let lines: Vec<String> = lines.into_iter().map(|conflict| conflict.line).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }

    /// The notes under a result that shows several statements which disagree.
    pub(super) fn notes(&mut self) -> Vec<Note> {
        let Some(statements) = self.statements.take() else { return Vec::new() };
        let conflicts = statements.conflicts_among(&self.shown);
        let more = conflicts.len().saturating_sub(MAX_LISTED);
        let shown = conflicts.iter().take(MAX_LISTED);
        let mut notes: Vec<Note> = shown.map(|conflict| Note::new("CONFLICT", "", &conflict.in_words())).collect();
        if more > 0 {
            notes.push(Note::new("", "", &format!("{more} more: `select * from conflicts` lists them")));
        }
        self.reported.extend(conflicts.into_iter().map(|conflict| conflict.line));
        notes
    }

    /// Records statements of one thing that were combined.
    pub(super) fn settle(&mut self, settled: StatementWarnings) {
        self.settled.extend(settled);
    }

    /// Records statements that were handed on as plain numbers.
    pub(super) fn hand_on(&mut self, facts: &Facts) {
        self.handed_on.extend(facts);
    }

    /// The remarks on them, each once, without the conflicts that results have named.
    pub(super) fn remarks(&mut self, ask: &FindStatements) -> Vec<String> {
        let StatementWarnings { disputes, once, twice } = std::mem::take(&mut self.settled);
        let mut remarks = self.unreported(&disputes, "unknown: conflict of ", "; none is chosen or averaged");
        remarks.extend(self.unreported(&once, "counted once: ", ""));
        remarks.extend(self.unreported(&twice, "counted twice? ", ""));
        let facts = std::mem::take(&mut self.handed_on);
        let several = if facts.len() > 1 { ask() } else { None };
        let several = several.map(|statements| {
            let overlaps = statements.overlaps_among(&facts);
            statements.several_among(&facts).into_iter().chain(overlaps).collect::<Vec<_>>()
        });
        remarks.extend(self.unreported(several.iter().flatten(), "plain numbers of one thing: ", ""));
        remarks
    }

    fn unreported<'l>(
        &mut self,
        lines: impl IntoIterator<Item = &'l String>,
        before: &str,
        behind: &str,
    ) -> Vec<String> {
        let new: Vec<&String> = lines.into_iter().filter(|line| self.reported.insert((*line).clone())).collect();
        let mut remarks: Vec<String> =
            new.iter().take(MAX_LISTED).map(|line| format!("{before}{line}{behind}")).collect();
        if new.len() > MAX_LISTED {
            remarks.push(format!("{before}{} more{behind}", new.len() - MAX_LISTED));
        }
        remarks
    }

    /// Begins a new answer.
    pub(super) fn begin_answer(&mut self) {
        *self = Self::default();
    }
}
