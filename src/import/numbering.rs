//! The row below a header that numbers the columns, as statistics offices have it: 1, 2, 3 or (1), (2), (3). It is no record.

use super::numeric;
use super::record::Record;

/// The fewest columns that a row numbers.
const MIN_COLUMNS: usize = 3;

/// True for a row that numbers the columns: in brackets, or where the rows below have texts in one of its columns.
pub(super) fn is_numbering(row: &Record, below: &[Record]) -> bool {
    let filled: Vec<usize> = (0..row.len()).filter(|at| !numeric::trim(row.cell(*at)).is_empty()).collect();
    let is_next = |(number, at): (usize, &usize)| {
        numeric::trim(row.cell(*at)).trim_matches(['(', ')', '[', ']']).parse() == Ok(number)
    };
    if filled.len() < MIN_COLUMNS || !(1..).zip(&filled).all(is_next) {
        return false;
    }
    let is_bracketed = filled.iter().all(|at| numeric::trim(row.cell(*at)).starts_with(['(', '[']));
    let has_texts = |at: &usize| {
        let cells = || below.iter().map(|row| numeric::trim(row.cell(*at))).filter(|cell| !cell.is_empty());
        cells().filter(|cell| numeric::parse(cell).is_none()).count() * 2 > cells().count()
    };
    is_bracketed || filled.iter().any(has_texts)
}
