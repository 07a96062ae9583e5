//! What an answer says of sources that disagree: lines under a result that shows several statements of one thing, a last
//! column where programs read it, remarks on what counts once and on what is unknown. It must not ask the book itself.

use super::{Cell, Column, Note};
use crate::quantity::{Facts, StatementRemarks, Statements};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// So many conflicts are told one by one.
const MOST_TOLD: usize = 12;

/// Gives what several facts state of one thing, where there is anything.
pub type AskStatements = Rc<dyn Fn() -> Option<Arc<Statements>>>;

/// What has been shown and told of disagreements.
#[derive(Default)]
pub(super) struct Conflicts {
    /// The statements, while a result is written that may show some.
    statements: Option<Arc<Statements>>,
    shown: Facts,
    told: BTreeSet<String>,
    settled: StatementRemarks,
    handed_on: Facts,
}

impl Conflicts {
    /// A result begins; whether it may show what sources disagree about, so that programs have a column more.
    pub(super) fn begin(&mut self, ask: &AskStatements, columns: &[Column]) -> bool {
        self.shown = Facts::none();
        self.statements = ask().filter(|statements| statements.has_conflict());
        self.statements.is_some() && columns.iter().any(|column| column.is_quantity)
    }

    /// Takes a row into account; what programs are told of it, where it is part of a conflict.
    pub(super) fn meet(&mut self, cells: &[Cell<'_>], is_for_programs: bool) -> Option<String> {
        let statements = self.statements.as_ref()?;
        let mut facts = Facts::none();
        for cell in cells {
            if let Cell::Quantity(quantity) = cell {
                facts.extend(&statements.touched(quantity.facts()));
            }
        }
        self.shown.extend(&facts);
        let told = if is_for_programs { statements.conflicts_with(&facts) } else { Vec::new() };
        (!told.is_empty()).then(|| told.join("; "))
    }

    /// The lines under a result that shows several statements which disagree.
    pub(super) fn notes(&mut self) -> Vec<Note> {
        let Some(statements) = self.statements.take() else { return Vec::new() };
        let lines = statements.conflicts_among(&self.shown);
        let more = lines.len().saturating_sub(MOST_TOLD);
        let note = |line: &String| Note::new("CONFLICT", "", &format!("{line}; none is chosen or averaged"));
        let mut notes: Vec<Note> = lines.iter().take(MOST_TOLD).map(note).collect();
        if more > 0 {
            notes.push(Note::new("", "", &format!("{more} more: `select * from conflicts` lists them")));
        }
        self.told.extend(lines);
        notes
    }

    /// Takes note of statements of one thing that were put together.
    pub(super) fn settle(&mut self, settled: StatementRemarks) {
        self.settled.extend(settled);
    }

    /// Takes note of statements that were handed on as plain numbers.
    pub(super) fn hand_on(&mut self, facts: &Facts) {
        self.handed_on.extend(facts);
    }

    /// The remarks on them, each once, without the conflicts that results have named.
    pub(super) fn remarks(&mut self, ask: &AskStatements) -> Vec<String> {
        let StatementRemarks { disputes, once, twice } = std::mem::take(&mut self.settled);
        let mut remarks = self.untold(&disputes, "unknown: conflict of ", "; none is chosen or averaged");
        remarks.extend(self.untold(&once, "counted once: ", ""));
        remarks.extend(self.untold(&twice, "counted twice? ", ""));
        let facts = std::mem::take(&mut self.handed_on);
        let several = if facts.len() > 1 { ask().map(|statements| statements.several_among(&facts)) } else { None };
        remarks.extend(self.untold(several.iter().flatten(), "plain numbers of one thing: ", ""));
        remarks
    }

    fn untold<'l>(&mut self, lines: impl IntoIterator<Item = &'l String>, before: &str, behind: &str) -> Vec<String> {
        let new: Vec<&String> = lines.into_iter().filter(|line| self.told.insert((*line).clone())).collect();
        let mut remarks: Vec<String> =
            new.iter().take(MOST_TOLD).map(|line| format!("{before}{line}{behind}")).collect();
        if new.len() > MOST_TOLD {
            remarks.push(format!("{before}{} more{behind}", new.len() - MOST_TOLD));
        }
        remarks
    }

    /// Something new is asked.
    pub(super) fn begin_answer(&mut self) {
        *self = Self::default();
    }
}
