//! A file of JSON: one document, whatever was asked. One result is its array of rows, as on a stream; of several each has its
//! name and its rows. That there are several is known when the second begins, so that what stands before the first is put
//! there at the end: rows stream all the same.

use super::document::PutBefore;
use super::json::{Json, Shape};
use super::json_text::write_json;
use super::machine;
use super::writers::Writers;
use crate::quantity::Assumptions;
use crate::sql::{Appended, Cell, Header, Note, Sink};
use std::io::{self, Write};

/// Writes results as members of one document.
pub(super) struct JsonDocument<W, E> {
    rows: Json<W, E>,
    put_before: PutBefore,
    /// How many results there have been.
    count: usize,
    /// What opens the first result where another follows.
    first: Vec<u8>,
}

impl<W: Write, E: Write> JsonDocument<W, E> {
    pub(super) fn new(writers: Writers<W, E>, put_before: PutBefore) -> Self {
        Self { rows: Json::new(writers, Shape::Member), put_before, count: 0, first: Vec::new() }
    }
}

/// What opens a result: `{"name":"…","rows":`.
fn opening(header: &Header) -> io::Result<Vec<u8>> {
    let mut opening = b"{\"name\":".to_vec();
    write_json(&mut opening, &header.title)?;
    opening.extend_from_slice(b",\"rows\":");
    Ok(opening)
}

impl<W: Write, E: Write> Sink for JsonDocument<W, E> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        let opening = opening(header)?;
        self.count += 1;
        if self.count == 1 {
            self.first = opening;
        } else {
            self.rows.write(&[b"},", &opening[..]].concat())?;
        }
        self.rows.begin(header)
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.rows.row(cells)
    }

    fn row_with(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.rows.row_with(cells, appended)
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        self.rows.end(notes)
    }

    fn value(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        self.value_with(cell, &Assumptions::none())
    }

    fn value_with(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        machine::one_row(self, cell, assumed)
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.rows.print(text)
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.rows.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.rows.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        let closing: &[u8] = match self.count {
            0 => b"{\"results\":[]}\n",
            1 => b"\n",
            _ => b"}]}\n",
        };
        self.rows.write(closing)?;
        self.rows.flush()?;
        if self.count > 1 {
            (self.put_before)(&[b"{\"results\":[", &self.first[..]].concat())?;
        }
        Ok(())
    }

    fn wants_notes(&self) -> bool {
        false
    }
}
