//! CSV and TSV: fields, separators, and escaped text. A quantity becomes five columns.

use super::{ColumnNaming, Encoder, QUANTITY_SUFFIXES, column_names, explicit_unit};
use crate::quantity::{Assumptions, Quantity};
use crate::sql::{Cell, Column, Header};
use crate::table::format::Style;
use crate::table::real::Real;
use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use std::io;

/// The separator and the escapes of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::table) enum Dialect {
    /// Commas, and quotes as in RFC 4180.
    Csv,
    /// Tabs, and backslash escapes.
    Tsv,
}

/// Rows of CSV or TSV.
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub(in crate::table) struct Delimited {
    dialect: Dialect,
    has_header: bool,
    /// True if a text that a spreadsheet would compute gets a `'` before it.
    is_csv_safe: bool,
    row: String,
    /// A buffer for a field that may need escapes.
    scratch: String,
    is_row_empty: bool,
    /// True until the byte order mark is written, if there is to be one.
    is_bom_due: bool,
}

/// The byte order mark, by which a spreadsheet takes a file for UTF-8.
const BOM: &str = "\u{feff}";

/// The first characters of a formula, and those that a spreadsheet skips before one.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Encoder for Delimited {
    const SEPARATES_RESULTS: bool = true;

    fn begin(&mut self, header: &Header) -> io::Result<&[u8]> {
        let bom = if std::mem::take(&mut self.is_bom_due) { BOM } else { "" };
        if !self.has_header {
            return Ok(bom.as_bytes());
        }
        let safe = |column: &Column| Column { name: self.safe(&column.name).into_owned(), ..column.clone() };
        let columns: Vec<Column> = header.columns.iter().map(safe).collect();
        self.begin_row();
        self.row.push_str(bom);
        for name in column_names(&columns, header.appended, ColumnNaming::Split) {
            self.escape(&name);
        }
        Ok(self.end_row())
    }

    fn begin_row(&mut self) {
        self.row.clear();
        self.is_row_empty = true;
    }

    fn cell(&mut self, cell: &Cell<'_>, is_quantity: bool) -> io::Result<()> {
        match cell {
            Cell::Quantity(quantity) if is_quantity => self.quantity(quantity),
            cell => {
                self.field(cell);
                (1..if is_quantity { QUANTITY_SUFFIXES.len() } else { 1 }).for_each(|_| self.empty());
            }
        }
        Ok(())
    }

    fn assumptions(&mut self, assumptions: &Assumptions) -> io::Result<()> {
        self.plain(assumptions);
        Ok(())
    }

    fn end_row(&mut self) -> &[u8] {
        self.row.push('\n');
        self.row.as_bytes()
    }
}

impl Delimited {
    pub(in crate::table) fn new(dialect: Dialect, style: &Style) -> Self {
        let (row, scratch) = (String::new(), String::new());
        Self {
            dialect,
            has_header: style.header,
            is_csv_safe: style.csv_safe,
            row,
            scratch,
            is_row_empty: true,
            is_bom_due: style.bom && !style.follows_answer,
        }
    }

    /// Begins a field; one that stays empty is NULL.
    pub(in crate::table) fn empty(&mut self) {
        if !std::mem::take(&mut self.is_row_empty) {
            self.row.push(if self.dialect == Dialect::Csv { ',' } else { '\t' });
        }
    }

    /// A field of its own for a cell of any kind.
    pub(in crate::table) fn field(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Null => self.empty(),
            Cell::Text(text) => self.text(text),
            Cell::Truth(truth) => self.plain(truth),
            Cell::Integer(whole) => self.plain(whole),
            Cell::Real(real) | Cell::StoredReal(real) => self.plain(Real(*real)),
            Cell::Decimal(decimal) => self.plain(decimal.normalize()),
            Cell::Quantity(quantity) => self.value(quantity),
            Cell::Blob(bytes) if bytes.is_empty() => self.text(""),
            Cell::Blob(bytes) => {
                self.empty();
                bytes.iter().for_each(|byte| push(&mut self.row, format_args!("{byte:02x}")));
            }
        }
    }

    /// The five fields of a quantity; an absent part is empty, as in the text form.
    fn quantity(&mut self, quantity: &Quantity) {
        self.value(quantity.amount());
        match explicit_unit(quantity) {
            Some(unit) => self.plain(unit),
            None => self.empty(),
        }
        self.plain(quantity.stages());
        self.plain(quantity.facts());
        self.plain(quantity.assumptions());
    }

    /// A field that needs no escapes: digits, names and signs; an empty set is an empty field.
    pub(in crate::table) fn plain(&mut self, value: impl Display) {
        self.empty();
        push(&mut self.row, value);
    }

    /// The text, with a `'` before one that a spreadsheet would compute if [`Style::csv_safe`] is set.
    fn safe<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_csv_safe && text.starts_with(FORMULA_STARTS) { format!("'{text}").into() } else { text.into() }
    }

    /// A number or quantity, escaped; its sign makes no formula.
    fn value(&mut self, value: impl Display) {
        let mut field = std::mem::take(&mut self.scratch);
        field.clear();
        push(&mut field, value);
        self.escape(&field);
        self.scratch = field;
    }

    /// A text, made [`Self::safe`] and escaped.
    pub(in crate::table) fn text(&mut self, text: &str) {
        self.escape(&self.safe(text));
    }

    /// A text, escaped; the empty one is `""`, since NULL is an empty field.
    fn escape(&mut self, text: &str) {
        self.empty();
        match self.dialect {
            _ if text.is_empty() => self.row.push_str("\"\""),
            Dialect::Csv if text.contains([',', '"', '\n', '\r']) => {
                self.row.push('"');
                for c in text.chars() {
                    self.row.extend(std::iter::repeat_n(c, if c == '"' { 2 } else { 1 }));
                }
                self.row.push('"');
            }
            // A text of two quotes is not the empty text.
            Dialect::Tsv if text == "\"\"" => self.row.push_str("\\\"\\\""),
            Dialect::Tsv if text.contains(['\t', '\n', '\r', '\\']) => text.chars().for_each(|c| self.escaped(c)),
            _ => self.row.push_str(text),
        }
    }

    fn escaped(&mut self, c: char) {
        match c {
            '\t' => self.row.push_str("\\t"),
            '\n' => self.row.push_str("\\n"),
            '\r' => self.row.push_str("\\r"),
            '\\' => self.row.push_str("\\\\"),
            c => self.row.push(c),
        }
    }
}

fn push(text: &mut String, value: impl Display) {
    write!(text, "{value}").expect("a string takes any text");
}

#[cfg(test)]
mod tests {
    use crate::sql::Cell;
    use crate::table::fixture::{facts, header, hostile, quantity, row, text, written};
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
        assert_eq!(side, "notice: WHAT-IF assumes rate = 1.25 USD/GBP  given 4,500 missiles\n");
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
    fn csv_safe_marks_texts_that_a_spreadsheet_would_compute() {
        let style = Style { csv_safe: true, ..Style::default() };
        for (format, tab) in [(Format::Csv, "\t"), (Format::Tsv, "\\t")] {
            let (out, _) = written(format, style.clone(), |sink| {
                sink.begin(&header(&["=a"])).unwrap();
                for cell in ["=1+1", "+1", "-1", "@sum(1)", "\tx", "a=1", "'x"] {
                    row(sink, &[text(cell)]);
                }
                row(sink, &[Cell::Integer(-5)]);
                row(sink, &[Cell::Real(-0.5)]);
                row(sink, &[quantity("-5 GBP")]);
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
}
