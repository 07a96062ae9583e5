//! Rows below a header that are no records: one that numbers the columns, as statistics offices have it, 1, 2, 3 or (1), (2), (3); and
//! a second line of the header with years.

use super::numeric;
use super::record::Record;

/// A row that numbers the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    /// It is no record: its numbers are in brackets, or one stands where all rows below have words.
    Certain,
    /// It may be a record.
    Perhaps,
}

/// The certainty with which a row numbers the columns 1, 2, 3; the first of them may have nothing. `None` where it does not.
pub(super) fn numbering(row: &Record, below: &[Record]) -> Option<Numbering> {
    let (filled, start) = sequence(row)?;
    let is_bracketed = filled.iter().all(|at| !numeric::trim(row.cell(*at)).bytes().all(|byte| byte.is_ascii_digit()));
    let cells = |at: usize| below.iter().map(move |row| numeric::trim(row.cell(at))).filter(|cell| !cell.is_empty());
    let are_words =
        |at: &usize| cells(*at).next().is_some() && !cells(*at).any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    if is_bracketed || filled.len() > 2 && start == 1 && filled.iter().any(are_words) {
        return Some(Numbering::Certain);
    }
    let has_words =
        |at: &usize| cells(*at).filter(|cell| numeric::parse(cell).is_none()).count() * 2 > cells(*at).count();
    let is_unnamed = filled[0] > 0 && has_words(&0);
    (is_unnamed || filled.len() > 2 && filled.iter().any(has_words)).then_some(Numbering::Perhaps)
}

/// The columns that a row numbers in sequence, and the first number.
fn sequence(row: &Record) -> Option<(Vec<usize>, u32)> {
    let filled: Vec<usize> = (0..row.len()).filter(|at| !numeric::trim(row.cell(*at)).is_empty()).collect();
    let number = |at: &usize| -> Option<u32> {
        numeric::trim(row.cell(*at)).trim_matches(['(', ')', '[', ']', '.']).parse().ok()
    };
    let start = number(filled.first()?)?;
    let is_sequence =
        filled.len() > 1 && start <= 2 && (start..).zip(&filled).all(|(next, at)| number(at) == Some(next));
    is_sequence.then_some((filled, start))
}

/// True for a row of nothing but the numbers of columns: in a header of several lines it is no part of their names.
pub(super) fn is_sequence(row: &Record) -> bool {
    sequence(row).is_some()
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
