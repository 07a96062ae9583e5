//! The rows of a result that people see: the first and the last ones of a long result, in memory that does not
//! grow with it. It does not know what a row looks like.

use crate::sql::Cell;
use std::collections::VecDeque;

/// An owned row.
pub(super) type Row = Vec<Cell<'static>>;

/// The head and the tail of a result, or all of it.
pub(super) struct Window {
    /// How many rows of each end are kept; every row, if not given.
    ends: Option<(usize, usize)>,
    head: Vec<Row>,
    tail: VecDeque<Row>,
    seen: usize,
}

impl Window {
    /// Keeps so many rows, half of them from each end.
    pub(super) fn of_both_ends(rows: usize) -> Self {
        Self { ends: Some((rows.div_ceil(2), rows / 2)), ..Self::of_everything() }
    }

    /// Keeps every row.
    pub(super) fn of_everything() -> Self {
        Self { ends: None, head: Vec::new(), tail: VecDeque::new(), seen: 0 }
    }

    /// Whether every row is kept.
    pub(super) fn is_whole(&self) -> bool {
        self.ends.is_none()
    }

    /// Before which kept row others are left out.
    pub(super) fn gap(&self) -> Option<usize> {
        (self.seen > self.kept()).then_some(self.head.len())
    }

    /// Takes the next row; the oldest of the tail makes room, and its memory is used again.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        self.seen += 1;
        let owned = cells.iter().map(|cell| cell.clone().into_owned());
        let (first, last) = self.ends.unwrap_or((usize::MAX, 0));
        if self.head.len() < first {
            self.head.push(owned.collect());
            return;
        }
        if last == 0 {
            return;
        }
        let mut row = if self.tail.len() == last { self.tail.pop_front() } else { None }.unwrap_or_default();
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
        assert_eq!(kept(Window::of_both_ends(40), 40), (1..=40).collect::<Vec<_>>());
        assert_eq!(kept(Window::of_both_ends(40), 100), (1..=20).chain(81..=100).collect::<Vec<_>>());
        assert_eq!(kept(Window::of_both_ends(5), 9), [1, 2, 3, 8, 9]);
        assert_eq!(kept(Window::of_both_ends(1), 9), [1]);
        assert_eq!(kept(Window::of_everything(), 100), (1..=100).collect::<Vec<_>>());
    }
}
