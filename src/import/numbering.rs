//! Rows below a header that are no records: one that numbers the columns, as statistics offices have it, 1, 2, 3 or (1), (2), (3); and
//! a second line of the header with years.

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

/// True for a row with years in columns in which the rows below have other numbers: it is a second line of the header.
pub(super) fn has_years_of_header(row: &Record, header: &[String], below: &[Record]) -> bool {
    let is_filled = |at: &usize| !numeric::trim(row.cell(*at)).is_empty();
    let (years, others): (Vec<usize>, Vec<usize>) =
        (0..row.len()).filter(is_filled).partition(|at| numeric::is_year(numeric::trim(row.cell(*at))));
    let is_word = |at: &usize| numeric::parse(numeric::trim(row.cell(*at))).is_none();
    let has_other_numbers = |at: &usize| {
        let is_other = |row: &&Record| {
            numeric::parse(numeric::trim(row.cell(*at))).is_some() && !numeric::is_year(numeric::trim(row.cell(*at)))
        };
        let filled = below.iter().filter(|row| !numeric::trim(row.cell(*at)).is_empty()).count();
        filled > 0 && below.iter().filter(is_other).count() * 2 > filled
    };
    let is_below_year = |at: &usize| header.get(*at).is_some_and(|name| numeric::is_year(name));
    years.len() > 1
        && others.iter().all(is_word)
        && years.iter().all(has_other_numbers)
        && !years.iter().any(is_below_year)
}
