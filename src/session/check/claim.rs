//! A figure as somebody wrote it, with what is told of its writing besides the number.

use crate::error::FunctionCause;
use crate::quantity::{Approximation, Quantity, Unit};
use crate::store::Book;

/// A figure to check.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    /// Its number or range, and its unit.
    pub(super) quantity: Quantity,
    /// The fewest significant figures that its digits imply: zeros behind the point count.
    pub(super) written_figures: u32,
    /// How it is hedged.
    pub(super) hedge: Option<Approximation>,
    /// Whether it is so much for each of something that is not named: `£320,000 each`.
    pub(super) is_per_item: bool,
    /// Words that do not change the number and were passed over.
    pub(super) skipped: Vec<String>,
}

impl Claim {
    /// Reads a figure in the units of a book.
    ///
    /// # Errors
    /// What is no figure, or could mean two things.
    pub(super) fn read(book: &Book, text: &str) -> Result<Self, FunctionCause> {
        let written = book.read_written(text)?;
        Ok(Self {
            written_figures: written.number().map_or(0, |number| number.significant_figures),
            hedge: written.approximation,
            is_per_item: written.per_unnamed_item,
            skipped: written.skipped,
            quantity: written.quantity,
        })
    }

    /// Whether it is a plain number, which may be of anything.
    pub(super) fn is_without_unit(&self) -> bool {
        self.quantity.unit().is_none_or(Unit::is_one)
    }

    /// A figure with nothing else told of it.
    #[cfg(test)]
    pub(super) fn plain(quantity: Quantity, written_figures: u32) -> Self {
        Self { quantity, written_figures, hedge: None, is_per_item: false, skipped: Vec::new() }
    }
}
