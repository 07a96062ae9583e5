//! JSON and JSON lines, streaming: a row is formatted into one buffer that is used again, and written at once.
//! Nothing is rounded or grouped: what is no whole number is text, since readers make binary numbers of others.

use super::assumed::Assumed;
use super::json_text::write_json;
use super::names::{Naming, all_names};
use super::writers::Writers;
use super::{json_cell, machine};
use crate::quantity::Assumptions;
use crate::sql::{Appended, AppendedColumns, Cell, Header, Note, Sink};
use std::io::{self, Write};

/// How rows are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One array a result, on one line.
    Array,
    /// One object a line, and nothing between results.
    Lines,
    /// One array a result, which stands within a document.
    Member,
}

/// Writes rows as objects.
pub(super) struct Json<W, E> {
    writers: Writers<W, E>,
    shape: Shape,
    /// The keys, each escaped and with what stands before and after it: `,"amount":`.
    keys: Vec<Vec<u8>>,
    appended: AppendedColumns,
    has_row: bool,
    assumed: Assumed,
    line: Vec<u8>,
}

impl<W: Write, E: Write> Json<W, E> {
    pub(super) fn new(writers: Writers<W, E>, shape: Shape) -> Self {
        let (keys, appended, assumed) = (Vec::new(), AppendedColumns::default(), Assumed::default());
        Self { writers, shape, keys, appended, has_row: false, assumed, line: Vec::new() }
    }
}

impl<W: Write, E: Write> Json<W, E> {
    /// Writes what stands between results.
    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.writers.write(text)
    }
}

impl<W: Write, E: Write> Sink for Json<W, E> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.has_row = false;
        self.assumed = Assumed::of(&header.assumed);
        self.appended = header.appended;
        self.keys.clear();
        for (index, name) in all_names(&header.columns, header.appended, Naming::Members).iter().enumerate() {
            let mut key = if index == 0 { Vec::new() } else { vec![b','] };
            write_json(&mut key, name)?;
            key.push(b':');
            self.keys.push(key);
        }
        if self.shape == Shape::Lines { Ok(()) } else { self.writers.write(b"[") }
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.row_with(cells, &Appended::default())
    }

    fn row_with(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.line.clear();
        if self.shape != Shape::Lines && self.has_row {
            self.line.push(b',');
        }
        self.has_row = true;
        self.line.push(b'{');
        for (key, cell) in self.keys.iter().zip(cells) {
            self.line.extend_from_slice(key);
            if let Cell::Quantity(quantity) = cell {
                self.assumed.meet(quantity);
            }
            json_cell::write(&mut self.line, cell)?;
        }
        if let Some(key) = self.keys.get(cells.len()).filter(|_| self.appended.conflict) {
            self.line.extend_from_slice(key);
            json_cell::write(&mut self.line, &appended.conflict.map_or(Cell::Null, |text| Cell::Text(text.into())))?;
        }
        if let Some(key) = self.keys.last().filter(|_| self.appended.assumptions) {
            self.assumed.meet_all(&appended.assumptions);
            self.line.extend_from_slice(key);
            json_cell::assumptions(&mut self.line, &appended.assumptions)?;
        }
        self.line.extend_from_slice(if self.shape == Shape::Lines { b"}\n" } else { b"}" });
        self.writers.write(&self.line)
    }

    fn end(&mut self, _notes: &[Note]) -> io::Result<()> {
        match self.shape {
            Shape::Array => self.writers.write(b"]\n")?,
            Shape::Member => self.writers.write(b"]")?,
            Shape::Lines => {}
        }
        self.writers.flush()?;
        self.assumed.notice().map_or(Ok(()), |notice| self.writers.notice(&notice))
    }

    fn value(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        self.value_with(cell, &Assumptions::none())
    }

    fn value_with(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        machine::one_row(self, cell, assumed)
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.writers.print_aside(text)
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.writers.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writers.flush()
    }

    fn wants_notes(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::Cell;
    use crate::table::fixture::{facts, header, hostile, quantity, result, text, written};
    use crate::table::{Format, Style};
    use rust_decimal::Decimal;

    #[test]
    fn a_quantity_is_an_object_with_what_applies() {
        let (out, side) = written(Format::Jsonl, Style::default(), facts);
        let expected = r#"{"id":"F29","amount":{"value":"1600000000","unit":"GBP","stage":["proposed"],"facts":["F29"]}}
{"id":"F30","amount":{"value":null,"unit":"GBP/missile","stage":["proposed"],"facts":["F29","F30"],"lo":"310000","hi":"330000","lo_open":false,"hi_open":true,"assumptions":{"given":["4500 missile"],"rate":["1.25 USD/GBP"]}}}
{"id":"U11","amount":{"value":null,"unit":null,"stage":[],"facts":["F38","U11"],"unknown":["not_stated","unnamed"]}}
{"id":"none","amount":null}
{"id":"x","amount":{"value":"0.333","unit":null,"stage":[],"facts":[],"exact":false}}
"#;
        assert_eq!(out, expected);
        assert_eq!(side, "notice: WHAT-IF assumes rate = 1.25 USD/GBP  given 4,500 missile\n");
    }

    #[test]
    fn ends_that_are_missing_and_assumptions_of_one_name_are_told() {
        let (out, _) = written(Format::Json, Style::default(), |sink| {
            let rests_on = "[F30; @pledged+proposed; across_stages; given=1 GBP; given=2 GBP; share=0.5]";
            sink.value(&quantity(&format!(">5000 missile {rests_on}"))).unwrap();
        });
        let expected = r#"[{"value":{"value":null,"unit":"missile","stage":["pledged","proposed"],"facts":["F30"],"lo":"5000","hi":null,"lo_open":true,"hi_open":true,"assumptions":{"across_stages":[],"given":["1 GBP","2 GBP"],"share":["0.5"]}}}]
"#;
        assert_eq!(out, expected);
    }

    #[test]
    fn every_cell_has_its_type_and_every_column_its_name() {
        let (out, _) = written(Format::Json, Style::default(), |sink| {
            let big = Cell::Integer(9_007_199_254_740_993);
            let cells = vec![big, Cell::Real(1.0), Cell::Real(f64::INFINITY), Cell::Truth(true), Cell::Null];
            result(sink, &header(&["n", "n", "n_2", "n", "\"q\""]), &[cells], &[]);
            let cells = vec![
                Cell::Decimal(Decimal::new(250, 2)),
                Cell::Decimal(Decimal::TWO),
                Cell::Blob(vec![10, 255].into()),
            ];
            result(sink, &header(&["d", "e", "b"]), &[cells.clone(), cells], &[]);
            result(sink, &header(&["d"]), &[], &[]);
            sink.value(&Cell::Null).unwrap();
        });
        let expected = r#"[{"n":9007199254740993,"n_3":1.0,"n_2":9.0e+999,"n_4":true,"\"q\"":null}]
[{"d":"2.5","e":"2","b":"0aff"},{"d":"2.5","e":"2","b":"0aff"}]
[]
[{"value":null}]
"#;
        assert_eq!(out, expected);
    }

    #[test]
    fn hostile_text_reads_back_as_it_was() {
        let (out, _) = written(Format::Json, Style::default(), hostile);
        assert_eq!(out.lines().count(), 1);
        assert!(!out.trim_end().contains(char::is_control), "{out:?}");
        let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(rows[0]["text"], "\u{1b}[31mred");
        assert_eq!(rows[2]["text"], "line\nfeed");
        assert_eq!((&rows[8]["text"], &rows[9]["text"]), (&"".into(), &serde_json::Value::Null));
    }

    #[test]
    fn what_is_printed_goes_beside() {
        let (out, side) = written(Format::Jsonl, Style::default(), |sink| {
            sink.print("half\u{1b}c way").unwrap();
            sink.value(&text("a")).unwrap();
            sink.value(&Cell::Integer(2)).unwrap();
        });
        assert_eq!((out.as_str(), side.as_str()), ("{\"value\":\"a\"}\n{\"value\":2}\n", "half\\u{1b}c way\n"));
    }
}
