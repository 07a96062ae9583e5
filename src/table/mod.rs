//! Results as text: rows and a style in, bytes out. Nothing here prints, asks for a terminal or reads the environment, so the
//! same result gives the same bytes everywhere.
//!
//! Reading order: `format` and `visible`, then `human` (tables, Markdown, HTML: drawn when a result is complete), `machine`
//! (CSV, JSON, SQL: row by row; the shape of JSON is in `result.schema.json`), `output` (streams and files). Both sinks use
//! `summary` (the properties that all rows share) and `real` (the digits of a REAL).

mod format;
mod human;
mod machine;
mod output;
mod real;
mod summary;
mod visible;

pub use format::{Format, Places, Style};
pub use human::quantity_line;
pub use machine::write_json;
pub use output::{Medium, Selection};
pub use visible::{visible, visible_lines};

use crate::sql::{Note, Sink};
use human::{HumanSink, RenderMode};
use machine::{Delimited, Dialect, Insert, Json, JsonShape, MachineSink};
use output::{SelectingSink, Writers};
use std::io::Write;

/// The JSON Schema of the JSON that the program writes: results, rows, errors.
pub const JSON_SCHEMA: &str = include_str!("result.schema.json");

/// The sink that writes results in `format` to `out`, which should be buffered: machine formats write row by row, and flush
/// after each result. Notices go to `side`, and so does the printed text of a script if the format is for programs.
pub fn sink<'a>(format: Format, style: Style, out: impl Write + 'a, side: impl Write + 'a) -> Box<dyn Sink + 'a> {
    medium_sink(format, style, Medium::Stream, Selection::default(), out, side)
}

/// The same for the selected results; if `out` is a file, it is one document when the sink is finished.
pub fn document<'a>(
    format: Format,
    style: Style,
    medium: Medium,
    selection: Selection,
    out: impl Write + 'a,
    side: impl Write + 'a,
) -> Box<dyn Sink + 'a> {
    let holds_one = matches!(medium, Medium::File(_)) && format.holds_one_result();
    let inner = medium_sink(format, style, medium, selection.clone(), out, side);
    Box::new(SelectingSink::new(inner, selection, holds_one))
}

fn medium_sink<'a>(
    format: Format,
    style: Style,
    medium: Medium,
    selection: Selection,
    out: impl Write + 'a,
    side: impl Write + 'a,
) -> Box<dyn Sink + 'a> {
    let writers = Writers::new(out, side, style.follows_answer);
    match (format, medium) {
        (Format::Table, _) => Box::new(HumanSink::new(writers, RenderMode::Table, style)),
        (Format::Markdown, _) => Box::new(HumanSink::new(writers, RenderMode::Markdown, style)),
        (Format::Html, Medium::Stream) => Box::new(HumanSink::new(writers, RenderMode::Html, style)),
        (Format::Html, Medium::File(prepend)) => Box::new(HumanSink::page(writers, style, prepend)),
        (Format::Line, _) => Box::new(HumanSink::new(writers, RenderMode::Lines, style)),
        (Format::Insert, _) => Box::new(MachineSink::new(writers, Insert::new(selection))),
        (Format::Csv, _) => Box::new(MachineSink::new(writers, Delimited::new(Dialect::Csv, &style))),
        (Format::Tsv, _) => Box::new(MachineSink::new(writers, Delimited::new(Dialect::Tsv, &style))),
        (Format::Json, Medium::Stream) => Box::new(MachineSink::new(writers, Json::new(JsonShape::Array))),
        (Format::Json, Medium::File(prepend)) => {
            Box::new(MachineSink::new(writers, Json::new(JsonShape::Document(prepend))))
        }
        (Format::Jsonl, _) => Box::new(MachineSink::new(writers, Json::new(JsonShape::Lines))),
    }
}

/// Notes as lines, laid out as under a table.
pub fn notes_block(notes: &[Note]) -> String {
    human::notes_block(notes, None)
}

/// Results that the tests of several formats write.
#[cfg(test)]
mod fixture {
    use super::{Format, Places, Style, sink};
    use crate::quantity::Assumptions;
    use crate::sql::{Appended, AppendedColumns, Cell, Column, Header, Layout, Note, Sink};

    /// The answer that a sink wrote, and the text beside it.
    pub(super) fn written(format: Format, style: Style, work: impl FnOnce(&mut dyn Sink)) -> (String, String) {
        let (mut out, mut side) = (Vec::new(), Vec::new());
        work(&mut *sink(format, style, &mut out, &mut side));
        (String::from_utf8(out).unwrap(), String::from_utf8(side).unwrap())
    }

    /// The default style with the places of pounds, dollars and yen.
    pub(super) fn style() -> Style {
        let places: Places =
            [("GBP", 2), ("USD", 2), ("JPY", 0)].map(|(code, places)| (code.to_owned(), places)).into_iter().collect();
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

    /// Rows with appended columns and a column that has the name of one.
    pub(super) fn appended(sink: &mut dyn Sink) {
        let columns = AppendedColumns { conflict: true, assumptions: true };
        sink.begin(&Header { appended: columns, ..header(&["id", "assumptions"]) }).unwrap();
        let Cell::Quantity(assumed) = quantity("1 [A1; F30=4500 missile]") else { unreachable!() };
        let said = Appended { conflict: Some("S1: 5, S2: 6"), assumptions: assumed.assumptions().clone() };
        sink.row(&[text("F29"), Cell::Null], &said).unwrap();
        sink.row(&[text("F30"), Cell::Null], &Appended::default()).unwrap();
        sink.end(&[]).unwrap();
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

    /// The standard result of one metric, as a library script collects it.
    pub(super) fn metric(sink: &mut dyn Sink) {
        let names = ["metric", "value*", "range*", "stage", "note"];
        let title = Some("Pledged finance per missile: a quotient of two stated figures, not a price".to_owned());
        let row = vec![
            text("pledged finance per missile"),
            quantity("320000 GBP/missile [F29 F30; @proposed]"),
            quantity("310000..<330000 GBP/missile [F29 F30; @proposed]"),
            text("proposed"),
            text("if £1.6bn is rounded"),
        ];
        let notes = [
            note("F29", "¶4.2", "UK would provide export finance to Ukraine: £1.6 billion"),
            note("F30", "¶4.2", "with its help Ukraine would acquire 5,000 additional missiles"),
            note("", "", "both proposed by Starmer, as S1 reports him"),
            note("not stated", "", "whole cost or part (U17), approval (U18), delivery (U16)"),
        ];
        result(sink, &Header { title, layout: Layout::Metrics, ..header(&names) }, &[row], &notes);
    }

    /// Compares with a block that begins on its own line.
    #[track_caller]
    pub(super) fn check(format: Format, style: Style, work: impl FnOnce(&mut dyn Sink), expected: &str) {
        let (out, _) = written(format, style, work);
        assert_eq!(out, expected[1..], "got:\n{out}");
    }
}
