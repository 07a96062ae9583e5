//! The places that results go to: two streams, the answer and the text beside it, or a file, which is one valid document of
//! its format when it is complete. A format whose files hold one table refuses the second. Nothing is formatted here.

use super::visible::{visible, visible_lines};
use crate::quantity::Assumptions;
use crate::sql::{Appended, Cell, Header, Note, Sink};
use std::cell::Cell as StdCell;
use std::io::{self, Write};
use std::rc::Rc;

/// Inserts a text at the start of a file that has been written.
pub(super) type Prepend = Box<dyn FnMut(&[u8]) -> io::Result<()>>;

/// The kind of output.
pub enum Medium {
    /// A stream, in which each result is complete by itself.
    Stream,
    /// A file, which is one document when it is complete.
    File(Prepend),
}

/// The results of a run that are written, and the count of all. Clones share their state.
#[derive(Debug, Clone, Default)]
pub struct Selection(Rc<Selected>);

#[derive(Debug, Default)]
struct Selected {
    /// The number of the only result that is written, from 1.
    wanted: Option<usize>,
    count: StdCell<usize>,
    /// The number of tables that results have been written to, each to one of its own.
    tables: StdCell<usize>,
    is_refused: StdCell<bool>,
}

impl Selection {
    /// All results, or the one of this number, counted from 1.
    #[must_use]
    pub fn of(wanted: Option<usize>) -> Self {
        Self(Rc::new(Selected { wanted, ..Selected::default() }))
    }

    /// The selected number, if no result has had it so far.
    pub fn missing(&self) -> Option<usize> {
        self.0.wanted.filter(|wanted| *wanted > self.count())
    }

    /// The number of results so far.
    pub fn count(&self) -> usize {
        self.0.count.get()
    }

    /// The number of the next table, from 1. The sinks of a run share it: a change of format on the way starts no table anew.
    pub(super) fn next_table(&self) -> usize {
        self.0.tables.set(self.0.tables.get() + 1);
        self.0.tables.get()
    }

    /// Returns true if there was a second result for a file that holds one.
    pub fn is_refused(&self) -> bool {
        self.0.is_refused.get()
    }
}

/// Passes the selected results on to another sink.
pub(super) struct SelectingSink<'a> {
    inner: Box<dyn Sink + 'a>,
    selection: Selection,
    /// True if the output holds one result.
    holds_one: bool,
    /// True if the current result is selected.
    is_selected: bool,
}

impl<'a> SelectingSink<'a> {
    pub(super) fn new(inner: Box<dyn Sink + 'a>, selection: Selection, holds_one: bool) -> Self {
        Self { inner, selection, holds_one, is_selected: true }
    }

    fn count_result(&mut self) -> io::Result<()> {
        let Selected { wanted, count, is_refused, .. } = &*self.selection.0;
        count.set(count.get() + 1);
        self.is_selected = wanted.is_none_or(|wanted| wanted == count.get());
        if self.holds_one && wanted.is_none() && count.get() > 1 {
            is_refused.set(true);
        }
        self.check_refused()
    }

    /// Returns an error after a second result, also later: a script that catches the error ends with it all the same.
    fn check_refused(&self) -> io::Result<()> {
        if self.selection.is_refused() {
            Err(io::Error::other("a file of this format holds one result"))
        } else {
            Ok(())
        }
    }
}

impl Sink for SelectingSink<'_> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.count_result()?;
        if self.is_selected { self.inner.begin(header) } else { Ok(()) }
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        if self.is_selected { self.inner.row(cells) } else { Ok(()) }
    }

    fn row_with(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        if self.is_selected { self.inner.row_with(cells, appended) } else { Ok(()) }
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        if self.is_selected { self.inner.end(notes) } else { Ok(()) }
    }

    fn value(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        self.count_result()?;
        if self.is_selected { self.inner.value(cell) } else { Ok(()) }
    }

    fn value_with(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        self.count_result()?;
        if self.is_selected { self.inner.value_with(cell, assumed) } else { Ok(()) }
    }

    fn below_value(&mut self, notes: &[Note]) -> io::Result<()> {
        if self.is_selected { self.inner.below_value(notes) } else { Ok(()) }
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.inner.print(text)
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.inner.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.check_refused().and_then(|()| self.inner.flush())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.check_refused().and_then(|()| self.inner.finish())
    }

    fn wants_notes(&self) -> bool {
        self.inner.wants_notes()
    }

    fn holds_rows(&self) -> bool {
        self.is_selected && self.inner.holds_rows()
    }
}

/// The two streams of an output: `out` takes the data, `side` everything else.
pub(super) struct Writers<W, E> {
    out: W,
    side: E,
    last: LastWritten,
}

/// The kind of text that was written last to `out`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LastWritten {
    Nothing,
    Answer,
    Print,
}

impl<W: Write, E: Write> Writers<W, E> {
    pub(super) fn new(out: W, side: E, follows_answer: bool) -> Self {
        Self { out, side, last: if follows_answer { LastWritten::Answer } else { LastWritten::Nothing } }
    }

    /// Writes the empty line between an answer and the text before it.
    pub(super) fn separate(&mut self) -> io::Result<()> {
        if self.last != LastWritten::Nothing {
            self.out.write_all(b"\n")?;
        }
        self.last = LastWritten::Answer;
        Ok(())
    }

    /// Writes a part of the answer.
    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.out.write_all(text)
    }

    /// Flushes both streams at the end of an answer.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.side.flush()
    }

    /// Writes the printed text of a script among the answers, with an empty line after an answer.
    pub(super) fn print(&mut self, text: &str) -> io::Result<()> {
        if self.last == LastWritten::Answer {
            self.out.write_all(b"\n")?;
        }
        self.last = LastWritten::Print;
        writeln!(self.out, "{}", visible_lines(text))
    }

    /// Writes the printed text of a script beside the answers.
    pub(super) fn print_aside(&mut self, text: &str) -> io::Result<()> {
        self.out.flush()?;
        writeln!(self.side, "{}", visible_lines(text))
    }

    /// Writes a notice beside the answers, on one line, so that no text of the book can pass for another notice.
    pub(super) fn notice(&mut self, text: &str) -> io::Result<()> {
        self.out.flush()?;
        writeln!(self.side, "notice: {}", visible(text))
    }
}

#[cfg(test)]
mod tests {
    use super::{Medium, Prepend, Selection};
    use crate::sql::{Cell, Header, Sink};
    use crate::table::fixture::{header, result, text};
    use crate::table::{Format, Style, document};
    use std::cell::RefCell;
    use std::io::{self, Write};
    use std::rc::Rc;

    /// A file in memory.
    #[derive(Clone, Default)]
    struct File(Rc<RefCell<Vec<u8>>>);

    impl Write for File {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn document_of(format: Format, wanted: Option<usize>, work: impl FnOnce(&mut dyn Sink)) -> (String, Selection) {
        let (file, selection) = (File::default(), Selection::of(wanted));
        let before = file.clone();
        let prepend: Prepend = Box::new(move |text| {
            before.0.borrow_mut().splice(..0, text.iter().copied());
            Ok(())
        });
        let medium = Medium::File(prepend);
        let mut sink = document(format, Style::default(), medium, selection.clone(), file.clone(), io::sink());
        work(&mut *sink);
        drop(sink);
        (String::from_utf8(file.0.take()).unwrap(), selection)
    }

    fn results(count: usize) -> impl FnOnce(&mut dyn Sink) {
        move |sink| {
            for number in 1..=count {
                let title = (number == 2).then(|| "The \"second\"\u{9b}".to_owned());
                let rows = [vec![Cell::Integer(1)], vec![text("x")]];
                result(sink, &Header { title, ..header(&["n"]) }, &rows, &[]);
            }
            sink.finish().unwrap();
        }
    }

    #[test]
    fn a_json_file_is_one_document_however_many_results_there_are() {
        let (none, _) = document_of(Format::Json, None, results(0));
        assert_eq!(none, "{\"results\":[]}\n");
        let (one, _) = document_of(Format::Json, None, results(1));
        assert_eq!(one, "[{\"n\":1},{\"n\":\"x\"}]\n");
        let (three, _) = document_of(Format::Json, None, results(3));
        let read: serde_json::Value = serde_json::from_str(&three).unwrap();
        assert_eq!(read["results"].as_array().unwrap().len(), 3);
        assert_eq!(read["results"][0]["name"], serde_json::Value::Null);
        assert_eq!(read["results"][1]["name"], "The \"second\"\u{9b}");
        assert_eq!(read["results"][2]["rows"], serde_json::json!([{"n": 1}, {"n": "x"}]));
        assert!(!three.trim_end().contains(char::is_control), "{three}");
    }

    #[test]
    fn a_page_says_what_it_is() {
        let (page, _) = document_of(Format::Html, None, results(2));
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n"), "{page}");
        assert!(page.contains("<meta charset=\"utf-8\">") && page.ends_with("</body>\n</html>\n"), "{page}");
        assert_eq!((page.matches("<table>").count(), page.matches("<title>").count()), (2, 1), "{page}");
    }

    #[test]
    fn rows_of_another_result_go_to_another_table() {
        let (sql, _) = document_of(Format::Insert, None, results(2));
        let tables: Vec<&str> = sql.lines().filter_map(|line| line.split(' ').nth(2)).collect();
        assert_eq!(tables, ["result", "result", "result_2", "result_2"]);
    }

    #[test]
    fn a_stream_has_a_table_per_result_across_sinks() {
        let (file, selection) = (File::default(), Selection::default());
        for format in [Format::Insert, Format::Csv, Format::Insert] {
            let (medium, selection) = (Medium::Stream, selection.clone());
            results(2)(&mut *document(format, Style::default(), medium, selection, file.clone(), io::sink()));
        }
        let sql = String::from_utf8(file.0.take()).unwrap();
        let inserts = sql.lines().filter(|line| line.starts_with("insert"));
        let tables: Vec<&str> = inserts.filter_map(|line| line.split(' ').nth(2)).collect();
        let expected = ["result", "result_2", "result_3", "result_4"];
        assert_eq!(tables, expected.map(|table| [table; 2]).concat());
    }

    #[test]
    fn a_format_of_one_table_refuses_the_second_result_for_good() {
        for format in [Format::Csv, Format::Tsv, Format::Jsonl] {
            let (_, selection) = document_of(format, None, |sink| {
                sink.value(&Cell::Integer(1)).unwrap();
                sink.flush().unwrap();
                assert!(sink.value(&Cell::Integer(2)).is_err() && sink.flush().is_err() && sink.finish().is_err());
            });
            assert!(selection.is_refused());
        }
    }

    #[test]
    fn the_selected_result_is_written_alone() {
        let (second, selection) = document_of(Format::Csv, Some(2), results(3));
        assert_eq!((second.as_str(), selection.count(), selection.missing()), ("n\n1\nx\n", 3, None));
        let (none, selection) = document_of(Format::Csv, Some(4), results(3));
        assert_eq!((none.as_str(), selection.missing()), ("", Some(4)));
    }
}
