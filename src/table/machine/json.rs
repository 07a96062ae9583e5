//! JSON and JSON lines. A number that is not whole is a text, since readers make binary numbers of others; on request one that
//! a binary number holds exactly is a number. A quantity is an
//! object that always has `value`, `unit`, `stage` and `facts`, and more members only where they apply: `lo hi lo_open
//! hi_open`, `unknown`, `exact`, `assumptions`. Everything is written straight into the row: it costs no allocation.

use super::{ColumnNaming, Encoder, column_names, explicit_unit};
use crate::quantity::{Amount, Assumption, Assumptions, End, Quantity, Range};
use crate::sql::{Cell, Header};
use crate::table::format::Style;
use crate::table::output::Prepend;
use crate::table::real::Real;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};

/// The arrangement of rows.
pub(in crate::table) enum JsonShape {
    /// One array a result, on one line.
    Array,
    /// One object a line, and nothing between results.
    Lines,
    /// One document of all results. A single result is its array of rows, as on a stream; several have a name and rows each.
    /// Since the second result begins after the first is written, the opening of the first is inserted at the end: rows
    /// stream all the same.
    Document(Prepend),
}

/// Rows as JSON objects.
pub(in crate::table) struct Json {
    shape: JsonShape,
    decimals: Decimals,
    /// The number of results so far.
    count: usize,
    /// The opening of the first result, written if another follows.
    first_opening: Vec<u8>,
    /// The keys, each escaped and between its comma and its colon: `,"amount":`.
    keys: Vec<Vec<u8>>,
    next_key: usize,
    has_row: bool,
    row: Vec<u8>,
}

impl Json {
    pub(in crate::table) fn new(shape: JsonShape, style: &Style) -> Self {
        let (first_opening, keys, row) = (Vec::new(), Vec::new(), Vec::new());
        let decimals = Decimals { are_numbers: style.json_numbers, long_count: 0 };
        Self { shape, decimals, count: 0, first_opening, keys, next_key: 0, has_row: false, row }
    }

    /// True if the rows are elements of an array.
    fn is_array(&self) -> bool {
        !matches!(self.shape, JsonShape::Lines)
    }

    /// Appends the key of the next column.
    fn key(&mut self) {
        self.row.extend_from_slice(self.keys.get(self.next_key).map_or(b"", Vec::as_slice));
        self.next_key += 1;
    }

    /// Appends the end of the result before this one and the opening of this one: `},{"name":"…","rows":`.
    fn open_member(&mut self, title: Option<&String>) -> io::Result<()> {
        let mut opening = b"{\"name\":".to_vec();
        write_json(&mut opening, &title)?;
        opening.extend_from_slice(b",\"rows\":");
        if self.count == 1 {
            self.first_opening = opening;
        } else {
            self.row.extend_from_slice(b"},");
            self.row.extend_from_slice(&opening);
        }
        Ok(())
    }
}

impl Encoder for Json {
    const SEPARATES_RESULTS: bool = false;

    fn begin(&mut self, header: &Header) -> io::Result<&[u8]> {
        self.row.clear();
        self.has_row = false;
        self.count += 1;
        self.keys.clear();
        for (index, name) in column_names(&header.columns, header.appended, ColumnNaming::Members).iter().enumerate() {
            let mut key = if index == 0 { Vec::new() } else { vec![b','] };
            write_json(&mut key, name)?;
            key.push(b':');
            self.keys.push(key);
        }
        if let JsonShape::Document(_) = self.shape {
            self.open_member(header.title.as_ref())?;
        }
        if self.is_array() {
            self.row.push(b'[');
        }
        Ok(&self.row)
    }

    fn begin_row(&mut self) {
        self.row.clear();
        if self.has_row && self.is_array() {
            self.row.push(b',');
        }
        self.row.push(b'{');
        (self.has_row, self.next_key) = (true, 0);
    }

    fn cell(&mut self, cell: &Cell<'_>, _is_quantity: bool) -> io::Result<()> {
        self.key();
        write_cell(&mut self.row, cell, &mut self.decimals)
    }

    fn assumptions(&mut self, assumptions: &Assumptions) -> io::Result<()> {
        self.key();
        write_assumptions(&mut self.row, assumptions)
    }

    fn notice(&mut self) -> Option<String> {
        self.decimals.notice()
    }

    fn end_row(&mut self) -> &[u8] {
        self.row.extend_from_slice(if self.is_array() { b"}" } else { b"}\n" });
        &self.row
    }

    fn result_end(&self) -> &'static [u8] {
        match self.shape {
            JsonShape::Array => b"]\n",
            JsonShape::Document(_) => b"]",
            JsonShape::Lines => b"",
        }
    }

    fn document_end(&self) -> &'static [u8] {
        match (&self.shape, self.count) {
            (JsonShape::Array | JsonShape::Lines, _) => b"",
            (JsonShape::Document(_), 0) => b"{\"results\":[]}\n",
            (JsonShape::Document(_), 1) => b"\n",
            (JsonShape::Document(_), _) => b"}]}\n",
        }
    }

    fn open_document(&mut self) -> io::Result<()> {
        match &mut self.shape {
            JsonShape::Document(prepend) if self.count > 1 => {
                prepend(&[b"{\"results\":[", &self.first_opening[..]].concat())
            }
            _ => Ok(()),
        }
    }
}

fn write_cell(row: &mut Vec<u8>, cell: &Cell<'_>, decimals: &mut Decimals) -> io::Result<()> {
    match cell {
        Cell::Null => row.write_all(b"null"),
        Cell::Truth(truth) => write!(row, "{truth}"),
        Cell::Integer(whole) => write!(row, "{whole}"),
        Cell::Real(real) | Cell::StoredReal(real) if real.is_finite() => write!(row, "{}", Real(*real)),
        // JSON has no infinity: SQLite writes one that no REAL can hold.
        Cell::Real(real) | Cell::StoredReal(real) if real.is_infinite() => {
            row.write_all(if *real > 0.0 { b"9.0e+999" } else { b"-9.0e+999" })
        }
        Cell::Real(real) | Cell::StoredReal(real) => write!(row, "\"{}\"", Real(*real)),
        // Text even if it is whole, so that a column of decimals has one type.
        Cell::Decimal(decimal) => decimals.write(row, Some(*decimal), true),
        Cell::Text(text) => write_json(row, text),
        Cell::Blob(bytes) => {
            row.push(b'"');
            bytes.iter().try_for_each(|byte| write!(row, "{byte:02x}"))?;
            row.push(b'"');
            Ok(())
        }
        Cell::Quantity(quantity) => write_quantity(row, quantity, decimals),
    }
}

fn write_quantity(row: &mut Vec<u8>, quantity: &Quantity, decimals: &mut Decimals) -> io::Result<()> {
    row.write_all(b"{\"value\":")?;
    decimals.write(row, quantity.number(), quantity.is_exact())?;
    row.write_all(b",\"unit\":")?;
    write_string(row, explicit_unit(quantity))?;
    write_list(row, "stage", quantity.stages(), '+')?;
    write_list(row, "facts", quantity.facts(), ' ')?;
    match quantity.amount() {
        Amount::Number(_) => {}
        Amount::Range(range) => write_ends(row, range, quantity.is_exact(), decimals)?,
        Amount::Unknown(reasons) => write_list(row, "unknown", reasons, ',')?,
    }
    if !quantity.is_exact() {
        row.write_all(b",\"exact\":false")?;
    }
    if !quantity.assumptions().is_empty() {
        row.write_all(b",\"assumptions\":")?;
        write_assumptions(row, quantity.assumptions())?;
    }
    row.write_all(b"}")
}

/// Appends a string of digits, letters and signs that needs no escapes, or null.
fn write_string(row: &mut Vec<u8>, value: Option<impl Display>) -> io::Result<()> {
    match value {
        Some(value) => write!(row, "\"{value}\""),
        None => row.write_all(b"null"),
    }
}

/// The form of decimals.
#[derive(Debug, Clone, Copy, Default)]
struct Decimals {
    /// True if they are numbers where a reader's binary number keeps them.
    are_numbers: bool,
    /// The number of those that are texts all the same.
    long_count: u64,
}

impl Decimals {
    /// Appends a decimal, or null. One that is not exact is marked as such, so that a reader may round it.
    fn write(&mut self, row: &mut Vec<u8>, value: Option<Decimal>, is_exact: bool) -> io::Result<()> {
        match value.map(|value| value.normalize()) {
            Some(value) if self.are_numbers && (!is_exact || is_kept_by_double(value)) => write!(row, "{value}"),
            value => {
                self.long_count += u64::from(self.are_numbers && value.is_some());
                write_string(row, value)
            }
        }
    }

    /// The notice about those that are texts.
    fn notice(&mut self) -> Option<String> {
        Some(match std::mem::take(&mut self.long_count) {
            0 => return None,
            1 => "1 number has more digits than a binary number keeps, and is a text".to_owned(),
            count => format!("{count} numbers have more digits than a binary number keeps, and are texts"),
        })
    }
}

/// The bits of a double's mantissa.
const MANTISSA_BITS: u32 = 53;

/// The decimal digits that every double gives back as they were read (`DBL_DIG` of C).
const KEPT_DIGITS: u32 = 15;

/// True if a double that is read from a decimal stands for it alone among the decimals of as many digits: it has few digits, or the
/// double holds it without rounding, where the reduced denominator is a power of two and the odd part of the numerator fits the mantissa.
/// The exponent of a decimal always fits.
fn is_kept_by_double(value: Decimal) -> bool {
    let mut numerator = value.mantissa().unsigned_abs();
    if numerator < 10_u128.pow(KEPT_DIGITS) {
        return true;
    }
    for _ in 0..value.scale() {
        if !numerator.is_multiple_of(5) {
            return false;
        }
        numerator /= 5;
    }
    numerator == 0 || numerator >> numerator.trailing_zeros() < 1 << MANTISSA_BITS
}

/// Appends the ends of a range; an absent end is null and open.
fn write_ends(row: &mut Vec<u8>, range: &Range, is_exact: bool, decimals: &mut Decimals) -> io::Result<()> {
    let is_open = |end: Option<End>| end.is_none_or(|end| !end.closed);
    let (lo, hi) = (range.lo(), range.hi());
    row.write_all(b",\"lo\":")?;
    decimals.write(row, lo.map(|end| end.value), is_exact)?;
    row.write_all(b",\"hi\":")?;
    decimals.write(row, hi.map(|end| end.value), is_exact)?;
    write!(row, ",\"lo_open\":{},\"hi_open\":{}", is_open(lo), is_open(hi))
}

/// Appends the values of each assumption as a list: `given` may have several, and some assumptions have none. Instead of too
/// many values there is their number.
fn write_assumptions(row: &mut Vec<u8>, assumptions: &Assumptions) -> io::Result<()> {
    row.write_all(b"{")?;
    let all: Vec<&Assumption> = assumptions.iter().collect();
    for (at, of_name) in all.chunk_by(|one, other| one.name() == other.name()).enumerate() {
        write!(row, "{}\"{}\":", if at == 0 { "" } else { "," }, of_name[0].name())?;
        match of_name[0].count() {
            Some(count) => write!(row, "{count}")?,
            None => write_values(row, of_name)?,
        }
    }
    row.write_all(b"}")
}

fn write_values(row: &mut Vec<u8>, assumptions: &[&Assumption]) -> io::Result<()> {
    row.write_all(b"[")?;
    let mut comma = "";
    for assumption in assumptions {
        // The text form is the name, and the value behind a `=` where there is one.
        if let Some((_, value)) = assumption.to_string().split_once('=') {
            write!(row, "{comma}\"{value}\"")?;
            comma = ",";
        }
    }
    row.write_all(b"]")
}

/// Appends a member whose value is a set of words or references, from the printed form of the set.
fn write_list(row: &mut Vec<u8>, name: &str, set: impl Display, separator: char) -> io::Result<()> {
    write!(row, ",\"{name}\":[\"")?;
    let start = row.len();
    write!(Items { row, separator }, "{set}").expect("a vector takes any text");
    if row.len() == start {
        row.truncate(start - 1); // no item, hence no quotes
        return row.write_all(b"]");
    }
    row.write_all(b"\"]")
}

/// A writer that turns each `separator` of a text into the border between two JSON strings.
struct Items<'a> {
    row: &'a mut Vec<u8>,
    separator: char,
}

impl fmt::Write for Items<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (index, item) in text.split(self.separator).enumerate() {
            self.row.extend_from_slice(if index == 0 { b"" } else { b"\",\"" });
            self.row.extend_from_slice(item.as_bytes());
        }
        Ok(())
    }
}

/// Writes `value` as JSON on one line. Control characters of a terminal are escaped, U+007F to U+009F too, which JSON allows.
///
/// # Errors
/// The writer's.
pub fn write_json(out: impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping)).map_err(io::Error::from)
}

/// The compact form with more escapes.
struct Escaping;

impl Formatter for Escaping {
    /// Writes a part of a text that JSON itself requires no escapes for.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // In UTF-8, U+007F is 7F and the others begin with C2.
        if !fragment.bytes().any(|byte| matches!(byte, 0x7f | 0xc2)) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(char::is_control) {
            let (before, behind) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut behind = behind.chars();
            behind.next().map_or(Ok(()), |c| write!(out, "\\u{:04x}", u32::from(c)))?;
            rest = behind.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::write_json;
    use crate::sql::Cell;
    use crate::table::fixture::{facts, header, quantity, result, value, written};
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
        assert_eq!(side, "notice: WHAT-IF assumes rate = 1.25 USD/GBP  given 4,500 missiles\n");
    }

    #[test]
    fn numbers_are_numbers_where_a_double_keeps_them_and_were_asked_for() {
        let texts = [
            ("1600000000", "1600000000"),
            ("-0.5", "-0.5"),
            ("0", "0"),
            ("9007199254740992", "9007199254740992"),
            ("9007199254740993", "\"9007199254740993\""),
            ("18014398509481984", "18014398509481984"),
            ("0.1", "0.1"),
            ("118461709.02", "118461709.02"),
            ("1234567890.12345", "1234567890.12345"),
            ("1234567890.123456", "\"1234567890.123456\""),
            ("≈0.3333333333333333333333333333", "0.3333333333333333333333333333"),
        ];
        for (text, expected) in texts {
            let style = Style { json_numbers: true, ..Style::default() };
            let (out, side) = written(Format::Json, style, |sink| value(sink, &quantity(text)));
            assert_eq!(side.contains("more digits than a binary number keeps"), expected.starts_with('"'), "{side}");
            assert!(out.starts_with(&format!("[{{\"value\":{{\"value\":{expected},\"unit\"")), "{text}: {out}");
        }
        let style = Style { json_numbers: true, ..Style::default() };
        let (out, _) = written(Format::Json, style, |sink| {
            value(sink, &quantity("1..<1.1 GBP"));
            value(sink, &Cell::Decimal(Decimal::new(250, 2)));
        });
        assert!(out.contains("\"lo\":1,\"hi\":1.1,") && out.ends_with("[{\"value\":2.5}]\n"), "{out}");
    }

    #[test]
    fn missing_ends_and_repeated_assumptions_are_written() {
        let (out, _) = written(Format::Json, Style::default(), |sink| {
            let rests_on = "[F30; @pledged+proposed; across_stages; given=1 GBP; given=2 GBP; share=0.5]";
            value(sink, &quantity(&format!(">5000 missile {rests_on}")));
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
            value(sink, &Cell::Null);
        });
        let expected = r#"[{"n":9007199254740993,"n_3":1.0,"n_2":9.0e+999,"n_4":true,"\"q\"":null}]
[{"d":"2.5","e":"2","b":"0aff"},{"d":"2.5","e":"2","b":"0aff"}]
[]
[{"value":null}]
"#;
        assert_eq!(out, expected);
    }

    #[test]
    fn every_control_character_is_escaped_and_reads_back() {
        let text: String = (0..0x2ff).filter_map(char::from_u32).chain("\u{2028}\u{feff}é£\u{202e}".chars()).collect();
        let mut written = Vec::new();
        write_json(&mut written, &text).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(!written.contains(char::is_control), "{written:?}");
        assert!(written.contains("~\\u007f\\u0080") && written.contains("\\u009f\u{a0}"), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
