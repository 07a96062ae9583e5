//! The marks of a page, and what they say. A dash says what it does on the page: only the book knows that something does not apply;
//! an empty cell of a table has no value, and nothing is known of why.

use super::model::{Block, Cell, Page};

/// The mark of a cell without a value.
const DASH: &str = "–";

/// The marks, and what they say.
const READING: [(&str, &str); 7] = [
    ("F U X S", "fact, open question, tension, source"),
    ("¶4.2", "paragraph 4, sentence 2"),
    ("exact", "no digit was rounded; ≈ says that one was"),
    ("≥ <", "a bound, as the source puts it"),
    ("unknown", "the source does not say: neither 0 nor “none”"),
    (DASH, "no value"),
    ("WHAT-IF", "rests on a number that the reader supplied"),
];

/// The marks and their meanings on a page.
pub(super) fn reading(page: &Page) -> [(&'static str, &'static str); 7] {
    READING.map(|(mark, meaning)| (mark, if mark == DASH { dash_meaning(page) } else { meaning }))
}

/// The meaning of a dash: each that cells of the tables have.
fn dash_meaning(page: &Page) -> &'static str {
    let blocks = page.sections.iter().flat_map(|section| &section.blocks);
    let tables = blocks.filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    let cells = || tables.clone().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let [is_empty, is_null] = [Cell::Empty, Cell::Null].map(|wanted| cells().any(|cell| *cell == wanted));
    match (is_empty, is_null) {
        (true, true) => "no value, or does not apply",
        (false, true) => Cell::Null.spoken(),
        (_, false) => Cell::Empty.spoken(),
    }
}

#[cfg(test)]
mod tests {
    use super::dash_meaning;
    use crate::report::model::{Block, Cell, Page, Row, Section, Table};

    #[test]
    fn a_dash_says_what_it_does_on_the_page() {
        let page = |cells: &[Cell]| {
            let table = Table { rows: vec![Row { cells: cells.to_vec(), stamp: None }], ..Table::default() };
            let section = Section { blocks: vec![Block::Table(table)], ..Section::default() };
            Page { sections: vec![section], ..Page::default() }
        };
        assert_eq!(dash_meaning(&page(&[Cell::Null])), "does not apply");
        assert_eq!(dash_meaning(&page(&[Cell::Empty])), "no value");
        assert_eq!(dash_meaning(&page(&[Cell::Empty, Cell::Null])), "no value, or does not apply");
        assert_eq!(dash_meaning(&page(&[])), "no value");
    }
}
