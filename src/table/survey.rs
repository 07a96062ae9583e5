//! What a result has in common is said once, in a heading or beside the table; what differs is said in each
//! cell. This finds out which, row by row, the rows that a long table leaves out included.

use super::assumed::Assumed;
use super::shared::Shared;
use crate::quantity::{Quantity, Stages, Unit};
use crate::sql::Cell;

/// What the quantities of a result share.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    columns: Vec<Seen>,
    pub(super) assumed: Assumed,
}

/// What has stood in a column.
#[derive(Debug, Clone, Default)]
struct Seen {
    unit: Shared<Unit>,
    stages: Shared<Stages>,
    /// A known value that is no quantity, and so has neither unit nor stage.
    has_other: bool,
}

impl Survey {
    /// Takes the next row into account.
    pub(super) fn meet(&mut self, cells: &[Cell<'_>]) {
        self.columns.resize_with(cells.len(), Seen::default);
        for (seen, cell) in self.columns.iter_mut().zip(cells) {
            match cell {
                Cell::Null => {}
                Cell::Quantity(quantity) => {
                    seen.meet(quantity);
                    self.assumed.meet(quantity);
                }
                _ => seen.has_other = true,
            }
        }
    }

    /// The unit of a column, if every known cell of it is a quantity of that unit.
    pub(super) fn unit(&self, column: usize) -> Option<&Unit> {
        self.columns.get(column).filter(|seen| !seen.has_other).and_then(|seen| seen.unit.one())
    }

    /// The stages of all columns that hold quantities. A known cell without stage differs from one that has some.
    pub(super) fn stages(&self) -> Shared<Stages> {
        let mut stages = Shared::default();
        for seen in self.columns.iter().filter(|seen| seen.stages != Shared::Absent) {
            stages.join(&seen.stages);
            if seen.has_other {
                stages.meet(&Stages::none());
            }
        }
        stages
    }
}

impl Seen {
    fn meet(&mut self, quantity: &Quantity) {
        if let Some(unit) = quantity.unit() {
            self.unit.meet(unit);
        }
        // An unknown without stage has nothing that a stage could be said of.
        if !(quantity.is_unknown() && quantity.stages().is_empty()) {
            self.stages.meet(&quantity.stages());
        }
    }
}
