//! The output formats by name and by file ending, and the style that the caller chooses for results. Nothing here asks a
//! terminal or the environment.

use crate::quantity::{Digits, Unit};
use clap::builder::PossibleValue;
use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The formats of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Columns for people: the first and last rows of a long result.
    #[default]
    Table,
    /// Comma-separated, quoted as RFC 4180 says, lines ended by a line feed.
    Csv,
    /// Tab-separated, with tab, line feed and backslash escaped.
    Tsv,
    /// One array of objects a result, on one line.
    Json,
    /// One object a row.
    Jsonl,
    /// A pipe table for documents: every row.
    Markdown,
    /// A `table` element for documents: every row.
    Html,
    /// The columns of a row one below the other, for rows that are too wide.
    Line,
    /// SQL that would store the rows.
    Insert,
    /// A workbook for spreadsheets: a sheet a result, and its notes. It is a file, never a stream.
    Xlsx,
}

/// Every format with its name, the ending of its files, and its names in other shells.
const FORMATS: &[(Format, &str, &str, &[&str])] = &[
    (Format::Table, "table", "txt", &["box", "column", "columns", "duckbox", "psql"]),
    (Format::Csv, "csv", "csv", &[]),
    (Format::Tsv, "tsv", "tsv", &["tabs"]),
    (Format::Json, "json", "json", &[]),
    (Format::Jsonl, "jsonl", "jsonl", &["jsonlines", "ndjson"]),
    (Format::Markdown, "markdown", "md", &["md"]),
    (Format::Html, "html", "html", &[]),
    (Format::Line, "line", "text", &["lines", "vertical", "expanded"]),
    (Format::Insert, "insert", "sql", &[]),
    (Format::Xlsx, "xlsx", "xlsx", &["excel"]),
];

impl Format {
    /// The names of the formats of streams, the default first.
    pub fn names() -> Vec<&'static str> {
        FORMATS.iter().filter(|(format, ..)| !format.is_only_a_file()).map(|(_, name, ..)| *name).collect()
    }

    /// True if results in it are a file and no text.
    pub fn is_only_a_file(self) -> bool {
        self == Format::Xlsx
    }

    /// True if its lines are read on a screen, where a window may break them.
    pub fn is_for_reading(self) -> bool {
        matches!(self, Format::Table | Format::Line)
    }

    /// The same names for the command line, with those of other shells.
    pub fn possible_values() -> impl Iterator<Item = PossibleValue> {
        FORMATS.iter().map(|(_, name, _, others)| PossibleValue::new(*name).aliases(*others))
    }

    /// The format of a stream by its name, its own or that of another shell.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::of_file(name).filter(|format| !format.is_only_a_file())
    }

    /// The format of a stream or a file by its name.
    pub fn of_file(name: &str) -> Option<Self> {
        let found = FORMATS.iter().find(|(_, known, _, others)| *known == name || others.contains(&name));
        found.map(|(format, ..)| *format)
    }

    /// The endings of their files, in the same order.
    pub fn extensions() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(|(_, _, ending, _)| *ending)
    }

    /// The format of a file that ends in `.extension`; letter case does not matter.
    pub fn of_extension(extension: &str) -> Option<Self> {
        FORMATS.iter().find(|(_, _, ending, _)| ending.eq_ignore_ascii_case(extension)).map(|(format, ..)| *format)
    }

    /// The name of the format.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("table", |(_, name, ..)| *name)
    }

    /// Returns true if a file of the format holds one table, and so one result.
    pub fn holds_one_result(self) -> bool {
        matches!(self, Format::Csv | Format::Tsv | Format::Jsonl)
    }

    /// True if its files may begin with a byte order mark.
    pub fn takes_bom(self) -> bool {
        matches!(self, Format::Csv | Format::Tsv)
    }

    /// Returns true for a format for programs: the printed text of a script goes beside the data, not into it.
    pub fn is_for_machines(self) -> bool {
        !matches!(self, Format::Table | Format::Markdown | Format::Html | Format::Line)
    }
}

/// The look of results. Machine formats use only `header`, `csv_safe`, `bom` and `json_numbers` of it.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub struct Style {
    /// True if column names are written. Without them every cell of a table has its own unit.
    pub header: bool,
    /// The text for NULL in formats for people.
    pub null_text: String,
    /// True if references and NULL are dimmed with escape sequences.
    pub color: bool,
    /// The number of rows of a long result that are shown, half from each end; `None` shows every row.
    pub rows: Option<usize>,
    /// The greatest width of a table before its text wraps, in terminal columns; `None` never wraps.
    pub width: Option<usize>,
    /// The decimal places of currencies.
    pub places: Places,
    /// True if an answer has been written before the first one, so that an empty line separates them.
    pub follows_answer: bool,
    /// The digits that people see of a number.
    pub digits: Digits,
    /// True if CSV and TSV have a `'` before a text that a spreadsheet would compute.
    pub csv_safe: bool,
    /// True if CSV and TSV begin with a byte order mark, by which a spreadsheet knows UTF-8.
    pub bom: bool,
    /// True if JSON has numbers in the place of texts where a binary number holds them exactly.
    pub json_numbers: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            header: true,
            null_text: "NULL".to_owned(),
            color: false,
            rows: None,
            width: None,
            places: Places::default(),
            follows_answer: false,
            digits: Digits::default(),
            csv_safe: false,
            bom: false,
            json_numbers: false,
        }
    }
}

/// The only escape sequences of results: dim, and reset.
pub(super) const DIM: &str = "\u{1b}[2m";
pub(super) const UNDIM: &str = "\u{1b}[0m";

/// The decimal places of currencies, by code: `GBP` 2, `JPY` 0. Other units have no such limit: half a missile is an odd
/// average, but printing it as one missile is wrong.
/// They are read for the first amount: an answer without one asks for none.
#[derive(Debug, Clone)]
pub struct Places(Rc<LazyCell<BTreeMap<String, u32>, ReadPlaces>>);

/// Reads the places of each currency.
type ReadPlaces = Box<dyn FnOnce() -> BTreeMap<String, u32>>;

impl Default for Places {
    fn default() -> Self {
        Self::read_by(BTreeMap::new)
    }
}

impl Places {
    /// The places that a function reads.
    pub fn read_by(read: impl FnOnce() -> BTreeMap<String, u32> + 'static) -> Self {
        Self(Rc::new(LazyCell::new(Box::new(read))))
    }

    /// True for an amount of money: a currency, and nothing else in the unit.
    pub(super) fn is_money(&self, unit: &Unit) -> bool {
        let mut powers = unit.powers();
        matches!((powers.next(), powers.next()), (Some((code, 1)), None) if self.0.contains_key(code))
    }

    /// The most decimal places of an amount of this unit: those of the one currency in it, as in `GBP/missile`. A rate between
    /// currencies, a square or a count has no limit.
    pub(super) fn limit(&self, unit: &Unit) -> Option<u32> {
        let mut currencies = unit.powers().filter_map(|(code, power)| self.0.get(code).map(|places| (*places, power)));
        match (currencies.next(), currencies.next()) {
            (Some((places, 1)), None) => Some(places),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Places};

    #[test]
    fn a_format_is_found_by_name_and_by_ending() {
        assert_eq!(Format::from_name("markdown"), Some(Format::Markdown));
        assert_eq!(Format::from_name("column"), Some(Format::Table));
        assert_eq!(Format::of_extension("JSONL"), Some(Format::Jsonl));
        assert_eq!(Format::of_extension("ods"), None);
        assert!(!Format::names().contains(&"xlsx"));
    }

    #[test]
    fn money_is_limited_and_rates_and_counts_are_not() {
        let places = Places::read_by(|| {
            [("GBP".to_owned(), 2), ("USD".to_owned(), 2), ("JPY".to_owned(), 0)].into_iter().collect()
        });
        let limit = |unit: &str| places.limit(&unit.parse().unwrap());
        assert_eq!(limit("GBP/missile"), Some(2));
        assert_eq!(limit("JPY"), Some(0));
        assert_eq!(limit("USD/GBP"), None);
        assert_eq!(limit("missile/GBP"), None);
        assert_eq!(limit("missile"), None);
    }
}
