//! Results as text: rows and a layout in, bytes out. Nothing here prints, asks for a terminal or reads the
//! environment, so the same result gives the same bytes everywhere.
//!
//! Read `people` for tables and markdown, then `sheet`, `grid`, `vertical` and `chart`; `delimited`, `json` and `insert` for programs, with what
//! these may rely on in `result.schema.json`.

mod assumed;
mod chart;
mod column;
mod delimited;
mod document;
#[cfg(test)]
mod fixture;
mod format;
mod grid;
mod html;
mod insert;
mod json;
mod json_cell;
mod json_document;
mod json_text;
mod line;
mod machine;
mod markdown;
mod metrics;
mod names;
mod notes;
mod number;
mod people;
mod piece;
mod powers;
mod real;
mod rows;
mod shape;
mod shared;
mod sheet;
mod single;
mod style;
mod survey;
#[cfg(test)]
mod tests;
mod vertical;
mod visible;
mod window;
mod writers;

pub use document::{Medium, PutBefore, Selection};
pub use format::{Format, UnknownFormat};
pub use json_text::write_json;
pub use style::{Places, Style};
pub use visible::{visible, visible_lines};

use crate::quantity::Quantity;
use crate::sql::{Note, Sink};
use std::io::Write;

/// The JSON Schema of whatever the program writes as JSON: results, rows, errors.
pub const JSON_SCHEMA: &str = include_str!("result.schema.json");

/// The sink that writes results in `format` to `out`, which should be buffered: machine formats write row by
/// row, and flush after each result. Notices go to `side`, and what a script prints too if a program reads `out`.
pub fn sink<'a>(format: Format, style: Style, out: impl Write + 'a, side: impl Write + 'a) -> Box<dyn Sink + 'a> {
    written_to(format, style, Medium::Stream, Selection::default(), out, side)
}

/// The same for the selected results; where `out` is a file, it is one document when the sink is finished.
pub fn document<'a>(
    format: Format,
    style: Style,
    medium: Medium,
    selection: Selection,
    out: impl Write + 'a,
    side: impl Write + 'a,
) -> Box<dyn Sink + 'a> {
    let holds_one = matches!(medium, Medium::File(_)) && format.holds_one_result();
    let inner = written_to(format, style, medium, selection.clone(), out, side);
    Box::new(document::Selecting::new(inner, selection, holds_one))
}

fn written_to<'a>(
    format: Format,
    style: Style,
    medium: Medium,
    selection: Selection,
    out: impl Write + 'a,
    side: impl Write + 'a,
) -> Box<dyn Sink + 'a> {
    use {json::Shape, line::Dialect, people::Drawing};
    let writers = writers::Writers::new(out, side, style.follows_answer);
    match (format, medium) {
        (Format::Table, _) => Box::new(people::People::new(writers, Drawing::Table, style)),
        (Format::Markdown, _) => Box::new(people::People::new(writers, Drawing::Markdown, style)),
        (Format::Html, Medium::Stream) => Box::new(people::People::new(writers, Drawing::Html, style)),
        (Format::Html, Medium::File(put_before)) => Box::new(people::People::page(writers, style, put_before)),
        (Format::Line, _) => Box::new(people::People::new(writers, Drawing::Lines, style)),
        (Format::Insert, _) => Box::new(insert::Insert::new(writers, selection)),
        (Format::Csv, _) => Box::new(delimited::Delimited::new(writers, Dialect::Csv, &style)),
        (Format::Tsv, _) => Box::new(delimited::Delimited::new(writers, Dialect::Tsv, &style)),
        (Format::Json, Medium::Stream) => Box::new(json::Json::new(writers, Shape::Array)),
        (Format::Json, Medium::File(put_before)) => Box::new(json_document::JsonDocument::new(writers, put_before)),
        (Format::Jsonl, _) => Box::new(json::Json::new(writers, Shape::Lines)),
    }
}

/// A quantity in one line, with as many places as a table gives it, and without what it rests on.
pub fn in_words(quantity: &Quantity, style: &Style) -> String {
    single::in_words(quantity, style)
}

/// Notes as lines, laid out as under a table.
pub fn notes_block(notes: &[Note]) -> String {
    notes::block(notes, None)
}
