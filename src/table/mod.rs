//! Results as text: rows and a style in, bytes out. Nothing here prints, asks for a terminal or reads the environment, so the
//! same result gives the same bytes everywhere.
//!
//! Reading order: `format` and `visible`, then `human` (tables, Markdown, HTML: drawn when a result is complete), `machine`
//! (CSV, JSON, SQL: row by row; the shape of JSON is in `result.schema.json`), `output` (streams and files), `workbook` (for
//! spreadsheets), `package` (a whole book as CSV files with a descriptor). The sinks use `summary` (the properties that all rows share) and `real` (the digits of a REAL); `wrap` breaks lines for a window. `checked_text` is a text with verdicts on its figures.

mod checked_text;
mod format;
mod human;
mod machine;
mod output;
pub mod package;
mod real;
mod summary;
mod visible;
mod workbook;
mod wrap;

pub use checked_text::{CheckedText, FigureVerdict, Paragraph, ParagraphKind, TextFigure, TextPiece};
pub use format::{Format, Places, Style};
pub use human::{TextColumn, escape_markdown, markdown_paragraph, quantity_line, text_columns};
pub use machine::write_json;
pub use output::{Medium, Selection};
pub use visible::{visible, visible_lines};
pub use workbook::is_caught_panic;
pub use wrap::{WrapWriter, wrap};

use crate::sql::{Note, Sink};
use human::{HumanSink, RenderMode};
use machine::{Delimited, Dialect, Insert, Json, JsonShape, MachineSink};
use output::{SelectingSink, Writers};
use serde_json::{Value, json};
use std::io::Write;
use workbook::WorkbookSink;

/// The JSON Schema of the JSON that the program writes: results, rows, errors.
const JSON_SCHEMA: &str = include_str!("result.schema.json");

/// The places of the schema that an exact decimal has there, a text unless numbers were asked for.
const DECIMALS: [&str; 2] = ["/$defs/decimal", "/$defs/quantity/oneOf/0/properties/value"];

/// The JSON Schema of the JSON that the program writes, and with [`Style::json_numbers`] if `has_numbers`.
pub fn json_schema(has_numbers: bool) -> String {
    let parsed = if has_numbers { serde_json::from_str::<Value>(JSON_SCHEMA).ok() } else { None };
    let Some(mut schema) = parsed else { return JSON_SCHEMA.to_owned() };
    for place in DECIMALS {
        if let Some(decimal) = schema.pointer_mut(place) {
            *decimal = json!({ "anyOf": [decimal.take(), { "type": "number" }] });
        }
    }
    format!("{schema:#}\n")
}

/// The sink that writes the selected results in `format` to `out`, which should be buffered: machine formats write row by row,
/// and flush after each result. A file is one document when the sink is finished. Notices go to `side`, and so does the printed
/// text of a script if the format is for programs.
pub fn sink<'a>(
    format: Format,
    style: Style,
    medium: Medium,
    selection: Selection,
    out: impl Write + 'a,
    side: impl Write + 'a,
) -> Box<dyn Sink + 'a> {
    let holds_one = matches!(medium, Medium::File(_)) && format.holds_one_result();
    let width = style.width.filter(|_| format.is_for_reading() && medium.is_stream());
    let writers = Writers::new(out, side, style.follows_answer, width);
    let inner: Box<dyn Sink + 'a> = match (format, medium) {
        (Format::Table, _) => Box::new(HumanSink::new(writers, RenderMode::Table, style)),
        (Format::Markdown, _) => Box::new(HumanSink::new(writers, RenderMode::Markdown, style)),
        (Format::Html, Medium::Stream) => Box::new(HumanSink::new(writers, RenderMode::Html, style)),
        (Format::Html, Medium::File(prepend)) => Box::new(HumanSink::page(writers, style, prepend)),
        (Format::Line, _) => Box::new(HumanSink::new(writers, RenderMode::Lines, style)),
        (Format::Insert, _) => Box::new(MachineSink::new(writers, Insert::new(selection.clone()))),
        (Format::Csv, _) => Box::new(MachineSink::new(writers, Delimited::new(Dialect::Csv, &style))),
        (Format::Tsv, _) => Box::new(MachineSink::new(writers, Delimited::new(Dialect::Tsv, &style))),
        (Format::Json, Medium::Stream) => Box::new(MachineSink::new(writers, Json::new(JsonShape::Array, &style))),
        (Format::Json, Medium::File(prepend)) => {
            Box::new(MachineSink::new(writers, Json::new(JsonShape::Document(prepend), &style)))
        }
        (Format::Xlsx, _) => Box::new(WorkbookSink::new(writers, style.header)),
        (Format::Jsonl, _) => Box::new(MachineSink::new(writers, Json::new(JsonShape::Lines, &style))),
    };
    Box::new(SelectingSink::new(inner, selection, holds_one))
}

/// Notes as lines, laid out as under a table; `width` is that of the terminal, if one is known.
pub fn notes_block(notes: &[Note], width: Option<usize>) -> String {
    human::notes_block(notes, width)
}

/// Results that the tests of several formats write.
#[cfg(test)]
mod fixture {
    use super::{Format, Medium, Places, Selection, Style, sink};
    use crate::quantity::Assumptions;
    use crate::sql::{Appended, Cell, Column, Header, Note, Sink};

    /// The answer that a sink wrote, and the text beside it.
    pub(super) fn written(format: Format, style: Style, work: impl FnOnce(&mut dyn Sink)) -> (String, String) {
        let (mut out, mut side) = (Vec::new(), Vec::new());
        work(&mut *sink(format, style, Medium::Stream, Selection::default(), &mut out, &mut side));
        (String::from_utf8(out).unwrap(), String::from_utf8(side).unwrap())
    }

    /// The default style with the places of pounds, dollars and yen.
    pub(super) fn style() -> Style {
        let places = || [("GBP", 2), ("USD", 2), ("JPY", 0)].map(|(code, places)| (code.to_owned(), places)).into();
        let places = Places::read_by(places);
        Style { places, rows: Some(40), ..Style::default() }
    }

    pub(super) fn text(text: &str) -> Cell<'_> {
        Cell::Text(text.into())
    }

    /// A quantity from its text form.
    pub(super) fn quantity(text: &str) -> Cell<'static> {
        Cell::Quantity(Box::new(text.parse().unwrap()))
    }

    /// Columns; a name that ends in `*` is that of a column of quantities.
    pub(super) fn header(names: &[&str]) -> Header {
        let column =
            |name: &&str| Column { name: name.trim_end_matches('*').to_owned(), is_quantity: name.ends_with('*') };
        Header { columns: names.iter().map(column).collect(), ..Header::default() }
    }

    pub(super) fn note(label: &str, place: &str, text: &str) -> Note {
        Note::new(label, place, text)
    }

    /// Writes a row without appended cells.
    pub(super) fn row(sink: &mut dyn Sink, cells: &[Cell<'_>]) {
        sink.row(cells, &Appended::default()).unwrap();
    }

    /// Writes a single value.
    pub(super) fn value(sink: &mut dyn Sink, cell: &Cell<'_>) {
        sink.value(cell, &Assumptions::none()).unwrap();
    }

    /// Writes a whole result.
    pub(super) fn result(sink: &mut dyn Sink, header: &Header, rows: &[Vec<Cell<'_>>], notes: &[Note]) {
        sink.begin(header).unwrap();
        for cells in rows {
            row(sink, cells);
        }
        sink.end(notes).unwrap();
    }

    /// A number, a range on assumptions, an unknown, NULL and an inexact plain number.
    pub(super) fn facts(sink: &mut dyn Sink) {
        let rows = [
            ("F29", quantity("1600000000 GBP [F29; @proposed]")),
            (
                "F30",
                quantity("310000..<330000 GBP/missile [F29 F30; @proposed; given=4500 missile; rate=1.25 USD/GBP]"),
            ),
            ("U11", quantity("unknown(not_stated,unnamed) [F38 U11]")),
            ("none", Cell::Null),
            ("x", quantity("≈0.333")),
        ];
        let rows = rows.map(|(id, amount)| vec![text(id), amount]);
        result(sink, &header(&["id", "amount*"]), &rows, &[]);
    }

    /// Text that would break out of its cell.
    pub(super) fn hostile(sink: &mut dyn Sink) {
        let texts = [
            "\u{1b}[31mred",
            "a|b",
            "line\nfeed",
            "tab\there",
            "say \"hi\", please",
            "北京 q\u{303}",
            "\u{202e}gpj.exe",
            r"back\slash",
            "",
        ];
        let cells = texts.map(text).into_iter().chain([Cell::Null, text("NULL"), text("\"NULL\""), text("\"\"")]);
        let rows: Vec<Vec<Cell<'_>>> = cells.map(|cell| vec![cell]).collect();
        result(sink, &header(&["text"]), &rows, &[]);
    }

    /// Compares with a block that begins on its own line.
    #[track_caller]
    pub(super) fn check(format: Format, style: Style, work: impl FnOnce(&mut dyn Sink), expected: &str) {
        let (out, _) = written(format, style, work);
        assert_eq!(out, expected[1..], "got:\n{out}");
    }
}
