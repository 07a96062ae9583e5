//! SQL that stores the rows, a statement a row, behind one that makes their table. A quantity becomes five columns, as in CSV: none of
//! its parts is lost. A number that SQL can't hold exactly is a text: its column has no type, which would change that.

use super::{ColumnNaming, Encoder, column_names, explicit_unit};
use crate::quantity::{Assumptions, Quantity};
use crate::sql::{Cell, Header};
use crate::table::output::Selection;
use crate::table::real::Real;
use std::fmt::Write as _;
use std::io;

/// The table of the statements; that of the second result is `result_2`, since a reader would mix the columns of two in one.
const TABLE: &str = "result";

/// The most significant digits of a decimal that a number of SQL gives back.
const MAX_DIGITS: usize = 15;

/// Statements of the form `insert into result (…) values (…);`.
pub(in crate::table) struct Insert {
    /// Counts the tables of the run.
    selection: Selection,
    /// The statement that makes the table.
    table: String,
    /// The statement up to its values.
    head: String,
    statement: String,
}

impl Insert {
    pub(in crate::table) fn new(selection: Selection) -> Self {
        Self { selection, table: String::new(), head: String::new(), statement: String::new() }
    }

    fn separate(&mut self) {
        if self.statement.len() > self.head.len() {
            self.statement.push_str(", ");
        }
    }
}

impl Encoder for Insert {
    const SEPARATES_RESULTS: bool = true;
    const TAKES_SQL: bool = true;

    fn begin(&mut self, header: &Header) -> io::Result<&[u8]> {
        let names = column_names(&header.columns, header.appended, ColumnNaming::Sql);
        let names: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
        let number = Some(self.selection.next_table()).filter(|number| *number > 1);
        let number = number.map(|number| format!("_{number}")).unwrap_or_default();
        let types = column_types(header, names.len());
        let columns: Vec<String> = names.iter().zip(types).map(|(name, kind)| format!("{name}{kind}")).collect();
        self.table = format!("create table if not exists {TABLE}{number} ({});\n", columns.join(", "));
        self.head = format!("insert into {TABLE}{number} ({}) values (", names.join(", "));
        Ok(self.table.as_bytes())
    }

    fn begin_row(&mut self) {
        self.statement.clone_from(&self.head);
    }

    fn cell(&mut self, cell: &Cell<'_>, is_quantity: bool) -> io::Result<()> {
        self.separate();
        match cell {
            Cell::Quantity(quantity) if is_quantity => push_quantity(&mut self.statement, quantity),
            Cell::Quantity(quantity) => push_text(&mut self.statement, &quantity.to_string()),
            cell => {
                push_value(&mut self.statement, cell);
                self.statement.push_str(if is_quantity { ", NULL, NULL, NULL, NULL" } else { "" });
            }
        }
        Ok(())
    }

    fn assumptions(&mut self, assumptions: &Assumptions) -> io::Result<()> {
        push_part(&mut self.statement, &assumptions.to_string());
        Ok(())
    }

    fn end_row(&mut self) -> &[u8] {
        self.statement.push_str(");\n");
        self.statement.as_bytes()
    }
}

/// The types of the columns: text for the parts of a quantity and what is appended; none where values of several kinds may stand.
fn column_types(header: &Header, count: usize) -> impl Iterator<Item = &'static str> {
    let of_column = |column: &crate::sql::Column| {
        let parts = if column.is_quantity { QUANTITY_PARTS } else { 0 };
        std::iter::once("").chain(std::iter::repeat_n(" text", parts))
    };
    let types: Vec<&str> = header.columns.iter().flat_map(of_column).collect();
    types.into_iter().chain(std::iter::repeat(" text")).take(count)
}

/// The columns of a quantity beside its number.
const QUANTITY_PARTS: usize = 4;

fn push_value(statement: &mut String, cell: &Cell<'_>) {
    let written = match cell {
        Cell::Null | Cell::Quantity(_) => write!(statement, "NULL"),
        Cell::Truth(truth) => write!(statement, "{}", i64::from(*truth)),
        Cell::Integer(whole) => write!(statement, "{whole}"),
        Cell::Real(real) | Cell::StoredReal(real) if real.is_infinite() => {
            write!(statement, "{}9.0e+999", if *real < 0.0 { "-" } else { "" })
        }
        Cell::Real(real) | Cell::StoredReal(real) => write!(statement, "{}", Real(*real)),
        Cell::Decimal(decimal) => return push_number(statement, &decimal.normalize().to_string()),
        Cell::Text(text) => return push_text(statement, text),
        Cell::Blob(bytes) => {
            statement.push_str("x'");
            bytes.iter().for_each(|byte| statement.push_str(&format!("{byte:02x}")));
            write!(statement, "'")
        }
    };
    written.expect("a string takes any text");
}

fn push_quantity(statement: &mut String, quantity: &Quantity) {
    push_number(statement, &quantity.amount().to_string());
    let unit = explicit_unit(quantity).map(ToString::to_string).unwrap_or_default();
    let parts = [unit, quantity.stages().to_string(), quantity.facts().to_string(), quantity.assumptions().to_string()];
    for part in &parts {
        push_part(statement, part);
    }
}

/// Appends another value, NULL for an empty one.
fn push_part(statement: &mut String, part: &str) {
    statement.push_str(", ");
    if part.is_empty() { statement.push_str("NULL") } else { push_text(statement, part) }
}

/// Appends a number that SQL gives back digit by digit as it is, any other as text, which loses nothing.
fn push_number(statement: &mut String, number: &str) {
    if number.parse::<i64>().is_ok() || is_short_decimal(number) {
        statement.push_str(number);
    } else {
        push_text(statement, number);
    }
}

/// True for an exact decimal of few digits.
fn is_short_decimal(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_decimal = digits.split_once('.').is_some_and(|(whole, places)| {
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        are_digits(whole) && are_digits(places)
    });
    is_decimal && digits.replace('.', "").trim_start_matches('0').len() <= MAX_DIGITS
}

/// The most NULs of a text that are written one by one: each makes the expression deeper, and `SQLite` parses 1,000 levels.
const MAX_NULS: usize = 100;

/// Appends a text; SQL has no escape for a NUL within quotes.
fn push_text(statement: &mut String, text: &str) {
    if text.matches('\0').nth(MAX_NULS).is_some() {
        statement.push_str("cast(");
        push_value(statement, &Cell::Blob(text.as_bytes().into()));
        return statement.push_str(" as text)");
    }
    statement.push('\'');
    statement.push_str(&text.replace('\'', "''").replace('\0', "'||char(0)||'"));
    statement.push('\'');
}

#[cfg(test)]
mod tests {
    use crate::sql::Cell;
    use crate::table::fixture::{facts, header, quantity, result, row, value, written};
    use crate::table::{Format, Style};

    /// The statements behind the one that makes the table.
    fn statements(out: &str) -> &str {
        out.strip_prefix("create table if not exists ").and_then(|rest| rest.split_once(";\n")).unwrap().1
    }

    /// `SQLite` gives every number back as it was, and adds up those that are short.
    #[test]
    fn numbers_of_one_column_are_written_alike() {
        let numbers =
            ["1200.5 EUR", "300 EUR", "-0.25 EUR", "0.123456789012345 EUR", "0.1234567890123456 EUR", ">5 EUR"];
        let (out, _) = written(Format::Insert, Style::default(), |sink| {
            sink.begin(&header(&["n*"])).unwrap();
            for number in numbers {
                row(sink, &[quantity(number)]);
            }
        });
        let book = rusqlite::Connection::open_in_memory().unwrap();
        book.execute_batch(&out).unwrap();
        let stored =
            book.query_row("select group_concat(typeof(n) || ' ' || n, ', ') from result", [], |row| row.get(0));
        let stored: String = stored.unwrap();
        assert_eq!(
            stored,
            "real 1200.5, integer 300, real -0.25, real 0.123456789012345, text 0.1234567890123456, text >5"
        );
    }

    #[test]
    fn a_row_is_a_statement_and_a_quantity_five_columns() {
        let (out, side) = written(Format::Insert, Style::default(), facts);
        let head = "insert into result (\"id\", \"amount\", \"amount_unit\", \"amount_stage\", \"amount_facts\", \
                    \"amount_assumptions\") values (";
        assert!(
            statements(&out).starts_with(&format!("{head}'F29', 1600000000, 'GBP', 'proposed', 'F29', NULL);\n")),
            "{out}"
        );
        let table =
            "create table if not exists result (\"id\", \"amount\", \"amount_unit\" text, \"amount_stage\" text, ";
        assert!(out.starts_with(table), "{out}");
        assert!(out.contains("'310000..<330000', 'GBP/missile', 'proposed', 'F29 F30', 'given=4500 missile"), "{out}");
        assert!(side.contains("WHAT-IF"), "{side}");
    }

    #[test]
    fn a_quantity_among_plain_values_is_one_value_as_the_header_says() {
        let (out, _) = written(Format::Insert, Style::default(), |sink| {
            sink.begin(&header(&["n"])).unwrap();
            row(sink, &[quantity("5 day [F16]")]);
        });
        assert_eq!(statements(&out), "insert into result (\"n\") values ('5 day [F16]');\n");
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
        let book = rusqlite::Connection::open_in_memory().unwrap();
        book.execute_batch(&out).unwrap();
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
            let (out, _) = written(Format::Insert, Style::default(), |sink| value(sink, cell));
            assert_eq!(statements(&out), format!("insert into result (\"value\") values ({expected});\n"));
        }
    }
}
