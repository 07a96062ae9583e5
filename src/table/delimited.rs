//! CSV and TSV, streaming: a row is formatted into one line that is used again, and written at once. A quantity
//! becomes five columns. Nothing is rounded, grouped or made visible here: programs read it.

use super::assumed::Assumed;
use super::line::{Dialect, Line};
use super::machine::{self, PARTS};
use super::names::{Naming, all_names};
use super::style::Style;
use super::writers::Writers;
use crate::quantity::Assumptions;
use crate::sql::{Appended, AppendedColumns, Cell, Column, Header, Note, Sink};
use std::io::{self, Write};

/// Writes delimited rows.
pub(super) struct Delimited<W, E> {
    writers: Writers<W, E>,
    has_header: bool,
    is_quantity: Vec<bool>,
    appended: AppendedColumns,
    assumed: Assumed,
    line: Line,
}

impl<W: Write, E: Write> Delimited<W, E> {
    pub(super) fn new(writers: Writers<W, E>, dialect: Dialect, style: &Style) -> Self {
        let line = Line::new(dialect, style.csv_safe);
        let (is_quantity, appended) = (Vec::new(), AppendedColumns::default());
        Self { writers, has_header: style.header, is_quantity, appended, assumed: Assumed::default(), line }
    }
}

impl<W: Write, E: Write> Sink for Delimited<W, E> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.writers.part()?;
        self.assumed = Assumed::of(&header.assumed);
        self.appended = header.appended;
        self.is_quantity = header.columns.iter().map(|column| column.is_quantity).collect();
        if !self.has_header {
            return Ok(());
        }
        let safe = |column: &Column| Column { name: self.line.safe(&column.name).into_owned(), ..column.clone() };
        let columns: Vec<Column> = header.columns.iter().map(safe).collect();
        let names = all_names(&columns, header.appended, Naming::Split);
        for name in &names {
            self.line.name(name);
        }
        self.writers.write(self.line.end())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.row_with(cells, &Appended::default())
    }

    fn row_with(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        for (cell, is_quantity) in cells.iter().zip(&self.is_quantity) {
            if let Cell::Quantity(quantity) = cell {
                self.assumed.meet(quantity);
            }
            match cell {
                Cell::Quantity(quantity) if *is_quantity => self.line.quantity(quantity),
                cell => {
                    self.line.cell(cell);
                    (1..if *is_quantity { PARTS.len() } else { 1 }).for_each(|_| self.line.empty());
                }
            }
        }
        if self.appended.conflict {
            match appended.conflict {
                Some(conflict) => self.line.text(conflict),
                None => self.line.empty(),
            }
        }
        if self.appended.assumptions {
            self.assumed.meet_all(&appended.assumptions);
            self.line.assumptions(&appended.assumptions);
        }
        self.writers.write(self.line.end())
    }

    fn end(&mut self, _notes: &[Note]) -> io::Result<()> {
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
    use crate::table::fixture::{appended, facts, header, hostile, quantity, text, written};
    use crate::table::{Format, Style};

    #[test]
    fn a_quantity_becomes_five_columns() {
        let (out, side) = written(Format::Csv, Style::default(), facts);
        let expected = "\
id,amount,amount_unit,amount_stage,amount_facts,amount_assumptions
F29,1600000000,GBP,proposed,F29,
F30,310000..<330000,GBP/missile,proposed,F29 F30,given=4500 missile; rate=1.25 USD/GBP
U11,\"unknown(not_stated,unnamed)\",,,F38 U11,
none,,,,,
x,≈0.333,,,,
";
        assert_eq!(out, expected);
        assert_eq!(side, "notice: WHAT-IF assumes rate = 1.25 USD/GBP  given 4,500 missile\n");
    }

    #[test]
    fn what_the_program_says_of_a_row_stands_last() {
        let (out, side) = written(Format::Csv, Style::default(), appended);
        assert_eq!(out, "id,assumptions,conflict,assumptions_2\nF29,,\"S1: 5, S2: 6\",A1; F30=4500 missile\nF30,,,\n");
        assert_eq!(side, "notice: WHAT-IF assumes A1; F30 = 4,500 missile\n");
        let (out, _) = written(Format::Insert, Style::default(), appended);
        let head = "insert into result (\"id\", \"assumptions\", \"conflict\", \"assumptions_2\") values (";
        let rows = "'F29', NULL, 'S1: 5, S2: 6', 'A1; F30=4500 missile');\n";
        assert_eq!(out, format!("{head}{rows}{head}'F30', NULL, NULL, NULL);\n"));
        let (out, _) = written(Format::Jsonl, Style::default(), appended);
        let expected = "\
{\"id\":\"F29\",\"assumptions\":null,\"conflict\":\"S1: 5, S2: 6\",\"assumptions_2\":{\"A1\":[],\"F30\":[\"4500 missile\"]}}
{\"id\":\"F30\",\"assumptions\":null,\"conflict\":null,\"assumptions_2\":{}}
";
        assert_eq!(out, expected);
        let (out, _) = written(Format::Html, Style::default(), appended);
        assert!(out.starts_with("<p>WHAT-IF  assumes A1; F30 = 4,500 missile</p>"), "{out}");
        assert!(!out.contains("conflict"), "{out}");
    }

    #[test]
    fn csv_quotes_what_must_be_quoted_and_nothing_else() {
        let (out, _) = written(Format::Csv, Style::default(), hostile);
        let expected = "\
text
\u{1b}[31mred
a|b
\"line
feed\"
tab\there
\"say \"\"hi\"\", please\"
北京 q\u{303}
\u{202e}gpj.exe
back\\slash
\"\"

NULL
\"\"\"NULL\"\"\"
\"\"\"\"\"\"
";
        assert_eq!(out, expected);
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_kept_as_text_where_that_is_asked_for() {
        let style = Style { csv_safe: true, ..Style::default() };
        for (format, tab) in [(Format::Csv, "\t"), (Format::Tsv, "\\t")] {
            let (out, _) = written(format, style.clone(), |sink| {
                sink.begin(&header(&["=a"])).unwrap();
                for cell in ["=1+1", "+1", "-1", "@sum(1)", "\tx", "a=1", "'x"] {
                    sink.row(&[text(cell)]).unwrap();
                }
                sink.row(&[Cell::Integer(-5)]).unwrap();
                sink.row(&[Cell::Real(-0.5)]).unwrap();
                sink.row(&[quantity("-5 GBP")]).unwrap();
                sink.end(&[]).unwrap();
            });
            let expected = format!("'=a\n'=1+1\n'+1\n'-1\n'@sum(1)\n'{tab}x\na=1\n'x\n-5\n-0.5\n-5 GBP\n");
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn a_name_is_unique_however_it_comes_about() {
        let columns = ["amount*", "amount_unit", "=a", "'=a", "a", "A"];
        let style = Style { csv_safe: true, ..Style::default() };
        let (out, _) = written(Format::Csv, style, |sink| sink.begin(&header(&columns)).unwrap());
        let split = "amount,amount_unit,amount_stage,amount_facts,amount_assumptions";
        assert_eq!(out, format!("{split},amount_unit_2,'=a,'=a_2,a,A\n"));
    }

    #[test]
    fn tsv_escapes() {
        let (out, _) = written(Format::Tsv, Style { header: false, ..Style::default() }, hostile);
        let expected = "\
\u{1b}[31mred
a|b
line\\nfeed
tab\\there
say \"hi\", please
北京 q\u{303}
\u{202e}gpj.exe
back\\\\slash
\"\"

NULL
\"NULL\"
\\\"\\\"
";
        assert_eq!(out, expected);
    }

    #[test]
    fn results_are_parted_and_what_is_printed_goes_beside() {
        let (out, side) = written(Format::Csv, Style::default(), |sink| {
            sink.value(&quantity("5 missile [F30]")).unwrap();
            sink.print("half way").unwrap();
            sink.value(&Cell::Null).unwrap();
            sink.begin(&header(&["n"])).unwrap();
            sink.row(&[Cell::Real(1e20)]).unwrap();
            sink.row(&[Cell::Blob(vec![0, 255].into())]).unwrap();
            sink.row(&[text("x")]).unwrap();
            sink.end(&[]).unwrap();
            sink.notice("7 rows are unknown").unwrap();
        });
        assert_eq!(
            out,
            "value,value_unit,value_stage,value_facts,value_assumptions\n5,missile,,F30,\n\nvalue\n\n\nn\n1.0e+20\n00ff\nx\n"
        );
        assert_eq!(side, "half way\nnotice: 7 rows are unknown\n");
    }
}
