//! The recorder of an answer: an output that keeps what a receipt says of it: the digest of its JSON, its first rows, its facts and the
//! lines that a script prints. Memory does not grow with the rows.

use crate::quantity::{Assumptions, Facts, Ref};
use crate::session::named_ids::{ids_in_text, may_name_ids};
use crate::sql::{Appended, Cell, Header, Note, Sink};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// The most rows of an answer that a receipt repeats.
const MAX_ROWS: u64 = 200;

/// The most bytes of JSON that a receipt repeats.
const MAX_BYTES: usize = 1 << 17;

/// The record of an answer.
#[derive(Debug, Clone, Default)]
pub(in crate::session) struct Recorded {
    /// The digest of the JSON of all results.
    hash: Sha256,
    /// The JSON itself, as far as a receipt repeats it.
    json: Option<Vec<u8>>,
    /// The number of rows.
    pub(super) rows: u64,
    /// The facts of its quantities, and those that a column of facts names.
    pub(super) facts: Facts,
    /// The lines that a script has printed.
    pub(super) printed: Vec<String>,
}

impl Recorded {
    fn begun() -> Self {
        Self { json: Some(Vec::new()), ..Self::default() }
    }

    /// The digest of the JSON, in hexadecimal digits.
    pub(super) fn sha256(&self) -> String {
        crate::store::hexadecimal(&self.hash.clone().finalize())
    }

    /// The results, an array each; `None` for more than a receipt repeats.
    pub(super) fn results(&self) -> Option<Vec<Value>> {
        let json = self.json.as_deref().filter(|_| self.rows <= MAX_ROWS)?;
        serde_json::Deserializer::from_slice(json).into_iter().collect::<Result<_, _>>().ok()
    }

    fn append(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        let is_kept = |json: &Vec<u8>| self.rows <= MAX_ROWS && json.len() + bytes.len() <= MAX_BYTES;
        self.json = self.json.take().filter(is_kept);
        if let Some(json) = &mut self.json {
            json.extend_from_slice(bytes);
        }
    }
}

/// A record in progress. Clones share it.
#[derive(Debug, Clone)]
pub(in crate::session) struct Recording(Rc<RefCell<Recorded>>);

impl Default for Recording {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(Recorded::begun())))
    }
}

impl Recording {
    /// The record so far.
    pub(super) fn recorded(&self) -> Recorded {
        self.0.borrow().clone()
    }

    /// The record since the previous call.
    pub(in crate::session) fn take(&self) -> Recorded {
        self.0.replace(Recorded::begun())
    }
}

impl Write for Recording {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().append(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A sink of JSON that records the facts of its rows and what is printed.
pub(super) struct RecordSink {
    json: Box<dyn Sink>,
    recording: Recording,
    /// The columns of the result begun last that name facts.
    fact_columns: Vec<usize>,
}

impl RecordSink {
    /// Records beside `json`, which writes into the recording.
    pub(super) fn new(json: Box<dyn Sink>, recording: Recording) -> Self {
        Self { json, recording, fact_columns: Vec::new() }
    }

    fn add_facts(&self, cells: &[Cell<'_>]) {
        let mut recorded = self.recording.0.borrow_mut();
        for cell in cells {
            if let Cell::Quantity(quantity) = cell {
                recorded.facts.extend(quantity.facts());
            }
        }
        for cell in self.fact_columns.iter().filter_map(|at| cells.get(*at)) {
            let Cell::Text(text) = cell else { continue };
            let named = ids_in_text(text).unwrap_or_default();
            recorded.facts.extend(&named.iter().filter_map(|id| id.parse::<Ref>().ok()).collect());
        }
    }
}

impl Sink for RecordSink {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        let columns = header.columns.iter().enumerate().filter(|(_, column)| may_name_ids(&column.name));
        self.fact_columns = columns.map(|(at, _)| at).collect();
        self.json.begin(header)
    }

    fn row(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.recording.0.borrow_mut().rows += 1;
        self.add_facts(cells);
        self.json.row(cells, appended)
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        self.json.end(notes)
    }

    fn value(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        self.fact_columns.clear();
        self.recording.0.borrow_mut().rows += 1;
        self.add_facts(std::slice::from_ref(cell));
        self.json.value(cell, assumed)
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.recording.0.borrow_mut().printed.push(text.to_owned());
        Ok(())
    }

    fn say(&mut self, _: &str) -> io::Result<()> {
        // The program's own words beside the answer: its assumptions have a member of their own.
        Ok(())
    }

    fn notice(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn wants_notes(&self) -> bool {
        false
    }

    fn flush(&mut self) -> io::Result<()> {
        self.json.flush()
    }
}
