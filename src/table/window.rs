//! The rows of a result that people see: the first and the last ones of a long result, in memory that does not
//! grow with it. It does not know what a row looks like.

use crate::sql::Cell;
use std::collections::VecDeque;

/// How many rows of each end are kept: a screen for each, and 40 rows whole.
pub(super) const HALF: usize = 20;

/// An owned row.
pub(super) type Row = Vec<Cell<'static>>;

/// The head and the tail of a result, or all of it.
pub(super) struct Window {
    is_whole: bool,
    head: Vec<Row>,
    tail: VecDeque<Row>,
    seen: usize,
}

impl Window {
    /// Keeps the first and the last [`HALF`] rows.
    pub(super) fn of_both_ends() -> Self {
        Self { is_whole: false, head: Vec::new(), tail: VecDeque::new(), seen: 0 }
    }

    /// Keeps every row.
    pub(super) fn of_everything() -> Self {
        Self { is_whole: true, ..Self::of_both_ends() }
    }

    /// Takes the next row; the oldest of the tail makes room, and its memory is used again.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        self.seen += 1;
        let owned = cells.iter().map(|cell| cell.clone().into_owned());
        if self.is_whole || self.head.len() < HALF {
            self.head.push(owned.collect());
            return;
        }
        let mut row = if self.tail.len() == HALF { self.tail.pop_front() } else { None }.unwrap_or_default();
        row.clear();
        row.extend(owned);
        self.tail.push_back(row);
    }

    /// The kept rows, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[Cell<'static>]> + Clone {
        self.head.iter().chain(&self.tail).map(Vec::as_slice)
    }

    /// All rows that came by.
    pub(super) fn seen(&self) -> usize {
        self.seen
    }

    /// How many of them are kept.
    pub(super) fn kept(&self) -> usize {
        self.head.len() + self.tail.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Window;
    use crate::sql::Cell;

    fn kept(mut window: Window, count: i64) -> Vec<i64> {
        (1..=count).for_each(|n| window.push(&[Cell::Integer(n)]));
        let number = |row: &[Cell<'_>]| match row {
            [Cell::Integer(n)] => *n,
            other => panic!("{other:?}"),
        };
        window.rows().map(number).collect()
    }

    #[test]
    fn forty_rows_are_whole_and_more_lose_their_middle() {
        assert_eq!(kept(Window::of_both_ends(), 40), (1..=40).collect::<Vec<_>>());
        assert_eq!(kept(Window::of_both_ends(), 100), (1..=20).chain(81..=100).collect::<Vec<_>>());
        assert_eq!(kept(Window::of_everything(), 100), (1..=100).collect::<Vec<_>>());
    }
}
