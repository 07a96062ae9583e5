//! Rows as SQL that would store them, a statement a row, streaming. A quantity becomes five columns, as in CSV: none of its
//! parts is lost, and a number that 64 bits can't hold exactly is a text.

use super::assumed::Assumed;
use super::document::Selection;
use super::machine;
use super::names::{Naming, all_names};
use super::real::Real;
use super::writers::Writers;
use crate::quantity::{Assumptions, Quantity};
use crate::sql::{Appended, AppendedColumns, Cell, Header, Note, Sink};
use std::fmt::Write as _;
use std::io::{self, Write};

/// The table that the statements name; the second result's is `result_2`, for a reader would mix the columns of two in one.
const TABLE: &str = "result";

/// Writes `insert into result (…) values (…);`.
pub(super) struct Insert<W, E> {
    writers: Writers<W, E>,
    is_quantity: Vec<bool>,
    appended: AppendedColumns,
    assumed: Assumed,
    /// Counts the tables of the run.
    selection: Selection,
    /// The statement up to its values.
    head: String,
    line: String,
}

impl<W: Write, E: Write> Insert<W, E> {
    pub(super) fn new(writers: Writers<W, E>, selection: Selection) -> Self {
        let (head, line) = (String::new(), String::new());
        let (is_quantity, appended) = (Vec::new(), AppendedColumns::default());
        Self { writers, is_quantity, appended, assumed: Assumed::default(), selection, head, line }
    }
}

impl<W: Write, E: Write> Sink for Insert<W, E> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.writers.part()?;
        self.assumed = Assumed::of(&header.assumed);
        self.appended = header.appended;
        self.is_quantity = header.columns.iter().map(|column| column.is_quantity).collect();
        let names = all_names(&header.columns, header.appended, Naming::Sql);
        let names: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
        let number = Some(self.selection.next_table()).filter(|number| *number > 1);
        let number = number.map(|number| format!("_{number}")).unwrap_or_default();
        self.head = format!("insert into {TABLE}{number} ({}) values (", names.join(", "));
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.row_with(cells, &Appended::default())
    }

    fn row_with(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.line.clear();
        self.line.push_str(&self.head);
        for (at, (cell, is_quantity)) in cells.iter().zip(&self.is_quantity).enumerate() {
            if at > 0 {
                self.line.push_str(", ");
            }
            if let Cell::Quantity(quantity) = cell {
                self.assumed.meet(quantity);
            }
            match cell {
                Cell::Quantity(quantity) if *is_quantity => push_quantity(&mut self.line, quantity),
                Cell::Quantity(quantity) => push_text(&mut self.line, &quantity.to_string()),
                cell => {
                    push_value(&mut self.line, cell);
                    self.line.push_str(if *is_quantity { ", NULL, NULL, NULL, NULL" } else { "" });
                }
            }
        }
        if self.appended.conflict {
            push_part(&mut self.line, appended.conflict.unwrap_or_default());
        }
        if self.appended.assumptions {
            self.assumed.meet_all(&appended.assumptions);
            push_part(&mut self.line, &appended.assumptions.to_string());
        }
        self.line.push_str(");\n");
        self.writers.write(self.line.as_bytes())
    }

    fn end(&mut self, _: &[Note]) -> io::Result<()> {
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

fn push_value(line: &mut String, cell: &Cell<'_>) {
    let written = match cell {
        Cell::Null | Cell::Quantity(_) => write!(line, "NULL"),
        Cell::Truth(truth) => write!(line, "{}", i64::from(*truth)),
        Cell::Integer(whole) => write!(line, "{whole}"),
        Cell::Real(real) if real.is_infinite() => write!(line, "{}9.0e+999", if *real < 0.0 { "-" } else { "" }),
        Cell::Real(real) => write!(line, "{}", Real(*real)),
        Cell::Decimal(decimal) => return push_number(line, &decimal.normalize().to_string()),
        Cell::Text(text) => return push_text(line, text),
        Cell::Blob(bytes) => {
            line.push_str("x'");
            bytes.iter().for_each(|byte| line.push_str(&format!("{byte:02x}")));
            write!(line, "'")
        }
    };
    written.expect("a string takes any text");
}

fn push_quantity(line: &mut String, quantity: &Quantity) {
    push_number(line, &quantity.amount().to_string());
    let unit = machine::unit(quantity).map(ToString::to_string).unwrap_or_default();
    let parts = [unit, quantity.stages().to_string(), quantity.facts().to_string(), quantity.assumptions().to_string()];
    for part in &parts {
        push_part(line, part);
    }
}

/// One more value; NULL where there is nothing to say.
fn push_part(line: &mut String, part: &str) {
    line.push_str(", ");
    if part.is_empty() { line.push_str("NULL") } else { push_text(line, part) }
}

/// A whole number of 64 bits as it is; any other as text, which loses nothing.
fn push_number(line: &mut String, number: &str) {
    if number.parse::<i64>().is_ok() { line.push_str(number) } else { push_text(line, number) }
}

/// How many NULs of a text are written one by one: each makes the expression deeper, and `SQLite` reads 1,000 levels.
const MOST_NULS: usize = 100;

/// A text; SQL has no way to write a NUL within quotes.
fn push_text(line: &mut String, text: &str) {
    if text.matches('\0').nth(MOST_NULS).is_some() {
        line.push_str("cast(");
        push_value(line, &Cell::Blob(text.as_bytes().into()));
        return line.push_str(" as text)");
    }
    line.push('\'');
    line.push_str(&text.replace('\'', "''").replace('\0', "'||char(0)||'"));
    line.push('\'');
}

#[cfg(test)]
mod tests {
    use crate::sql::Cell;
    use crate::table::fixture::{facts, header, quantity, result, written};
    use crate::table::{Format, Style};

    #[test]
    fn a_row_is_a_statement_and_a_quantity_five_columns() {
        let (out, side) = written(Format::Insert, Style::default(), facts);
        let head = "insert into result (\"id\", \"amount\", \"amount_unit\", \"amount_stage\", \"amount_facts\", \
                    \"amount_assumptions\") values (";
        assert!(out.starts_with(&format!("{head}'F29', 1600000000, 'GBP', 'proposed', 'F29', NULL);\n")), "{out}");
        assert!(out.contains("'310000..<330000', 'GBP/missile', 'proposed', 'F29 F30', 'given=4500 missile"), "{out}");
        assert!(side.contains("WHAT-IF"), "{side}");
    }

    #[test]
    fn a_quantity_among_plain_values_is_one_value_as_the_header_says() {
        let (out, _) = written(Format::Insert, Style::default(), |sink| {
            sink.begin(&header(&["n"])).unwrap();
            sink.row(&[quantity("5 day [F16]")]).unwrap();
        });
        assert_eq!(out, "insert into result (\"n\") values ('5 day [F16]');\n");
    }

    /// `SQLite` is the reader: every value is in a column of its own.
    #[test]
    fn no_column_hides_another() {
        let names = ["a", "A", "a", "amount*", "amount_unit", "Amount_Facts", "", "\"q\""];
        let row = vec![
            Cell::Integer(1),
            Cell::Integer(2),
            Cell::Integer(3),
            quantity("5 day [F16]"),
            Cell::Integer(4),
            Cell::Integer(5),
            Cell::Integer(6),
            Cell::Integer(7),
        ];
        let (out, _) = written(Format::Insert, Style::default(), |sink| result(sink, &header(&names), &[row], &[]));
        let columns =
            out.split_once(") values").and_then(|(head, _)| head.strip_prefix("insert into result ")).unwrap();
        let book = rusqlite::Connection::open_in_memory().unwrap();
        book.execute_batch(&format!("create table result {columns}); {out}")).unwrap();
        let stored = book.query_row("select * from result", [], |row| {
            (0..12).map(|at| row.get::<_, rusqlite::types::Value>(at)).collect::<Result<Vec<_>, _>>()
        });
        let stored = format!("{:?}", stored.unwrap());
        assert_eq!(
            stored,
            "[Integer(1), Integer(2), Integer(3), Integer(5), Text(\"day\"), Null, Text(\"F16\"), Null, Integer(4), \
             Integer(5), Integer(6), Integer(7)]"
        );
    }

    #[test]
    fn values_are_written_as_sql_reads_them() {
        let cells = [
            Cell::Text("it's\0".into()),
            Cell::Text("\0".repeat(600).into()),
            Cell::Real(0.1),
            Cell::Real(f64::NEG_INFINITY),
            Cell::Blob([10, 255].as_slice().into()),
            Cell::Null,
            Cell::Truth(true),
        ];
        let long = format!("cast(x'{}' as text)", "00".repeat(600));
        let expected = ["'it''s'||char(0)||''", &long, "0.1", "-9.0e+999", "x'0aff'", "NULL", "1"];
        for (cell, expected) in cells.iter().zip(expected) {
            let (out, _) = written(Format::Insert, Style::default(), |sink| sink.value(cell).unwrap());
            assert_eq!(out, format!("insert into result (\"value\") values ({expected});\n"));
        }
    }
}
