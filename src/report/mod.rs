//! Answers as one page: a question with its value, its sentence, tables, charts, and everything that it rests on. Pure, as
//! [`crate::table`] is: data in, text out; it prints nothing and reads no book. The session fills the data.
//!
//! Reading order: `model` (the page as data), `table` (wide tables laid out), `chart` and `order` (drawings), `page` (HTML), `facts`
//! (the notes beside an answer), `legend` (what its marks say), `markdown`, `checked` (an article with its figures checked).

mod chart;
mod checked;
mod facts;
mod legend;
mod markdown;
mod model;
mod order;
mod page;
mod svg;
mod table;

pub use chart::MOST_BARS;
pub use checked::{CheckedPage, Figure, Paragraph, Part, TextSource, checked_html};
pub use markdown::markdown;
pub use model::{
    Bar, Bars, Block, BookNote, Cell, Chart, Column, Drawn, Extent, FactNote, Facts, Failure, Line, MoreFacts, Noted,
    Order, Page, Pair, Piece, ReceiptText, Role, Row, Section, SourceNote, Stamp, Table, Told, Value, Working, is_id,
};
pub use page::{html, is_drawn};
