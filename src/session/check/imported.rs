//! The numbers of imported tables that figures are compared with. There may be millions: of each few thousand only those are kept
//! that agree with a figure, or are nearest to one.

use super::Claim;
use super::candidates::{Candidate, CandidateOrigin};
use super::verdict::worth_keeping;
use crate::error::Error;
use crate::store::Book;

/// The candidates that are looked at together.
const CHUNK: usize = 4_096;

/// The numbers of the imported tables that agree with any of the figures, or are nearest to one.
///
/// # Errors
/// The book can't be read; the work is stopped.
pub(super) fn imported_candidates(book: &Book, claims: &[&Claim]) -> Result<Vec<Candidate>, Error> {
    let mut kept: Vec<Candidate> = Vec::new();
    let mut most = CHUNK;
    let read = book.read_imported_numbers(&mut |view, column, quantity| {
        let name = format!("`{}` of `{}`", column.name, view.name);
        kept.push(Candidate { name, quantity, origin: CandidateOrigin::Stated });
        if kept.len() >= most {
            kept = worth_keeping(claims, std::mem::take(&mut kept));
            most = kept.len() + CHUNK;
        }
    });
    read.map_err(|error| if book.stop().is_raised() { book.stop().cause() } else { book.error(&error) })?;
    Ok(worth_keeping(claims, kept))
}
