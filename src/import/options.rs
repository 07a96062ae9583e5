//! The options of an import: what its file does not say itself, or says in two ways. They are kept with the source, as the TOML that
//! repeats the import.

use super::date;
use super::date_formats::DateFormats;
use super::marks;
use super::numeric;
use super::unit_phrase::{ScaledUnit, parse_unit};
use crate::error::{Answer, AskedOption, Error, usage_error};
use crate::quantity::UnitRegistry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The options of an import. Columns are named as in SQL or by their header.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ImportOptions {
    /// The name of the table; else that of the file.
    #[serde(skip_serializing_if = "Option::is_none", rename = "as")]
    pub name: Option<String>,
    /// The source whose options are taken for the rest, or `none`; without one, the newest with the same header.
    #[serde(skip)]
    pub like: Option<String>,
    /// The sheet of a workbook, by name or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The path of the rows in JSON: `$.data.flows`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The lines of the header: `5`, or `3-5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<String>,
    /// The encoding of the text, as in `windows-1252`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The separator of the cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// The quote around cells: a character, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// True if rows of another width than the header are taken as they are.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ragged: bool,
    /// The decimal mark of columns that leave it open: `point` or `comma`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalOption>,
    /// Units by column: `EUR million`, `@currency`, `none`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unit: BTreeMap<String, String>,
    /// Units that are added to the book, by code: `currency:ariary`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub new_unit: BTreeMap<String, String>,
    /// Types by column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", rename = "type")]
    pub types: BTreeMap<String, ColumnType>,
    /// The formats of dates by column: `%d/%m/%Y`, or several that are tried in their order.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub date: BTreeMap<String, DateFormats>,
    /// Marks of the missing by column: `xxx`, `secret:withheld`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub missing: BTreeMap<String, Vec<String>>,
    /// The lines of the file that are the table, with its header: `10-272`, or `10-` to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<String>,
    /// The columns whose blank cells have the text above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<String>,
    /// The columns that become rows: `FIRST..LAST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long: Option<String>,
    /// The column that their headers become.
    #[serde(skip_serializing_if = "Option::is_none", rename = "name")]
    pub long_name: Option<String>,
    /// The column that their cells become.
    #[serde(skip_serializing_if = "Option::is_none", rename = "value")]
    pub long_value: Option<String>,
    /// The treatment of totals among the rows; else those are flagged that are exactly a sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<TotalsOption>,
    /// The stage of all numbers, or `@COLUMN`, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The columns by which a row is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// The stage that each word in the column of stages means.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stages: BTreeMap<String, String>,
    /// The title of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The address of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The date of publication, as EDTF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The terms under which the source may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The source that the import revises. It is no part of what repeats an import.
    #[serde(skip)]
    pub revision_of: Option<String>,
}

/// `--decimal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalOption {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

impl DecimalOption {
    /// The decimal mark of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "point" => Ok(Self::Point),
            "comma" => Ok(Self::Comma),
            _ => Err(usage_error(&format!("`{word}` is no decimal mark"), "it is point or comma")),
        }
    }
}

/// `--totals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TotalsOption {
    /// None is looked for.
    Keep,
    /// Rows that a word alone, or a sum alone, shows as totals are flagged too.
    Flag,
    /// Those that are exactly a sum are left out, and kept as notes.
    Drop,
}

/// `--type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Whole numbers without a unit.
    Integer,
    /// Exact decimals.
    Decimal,
    /// Floating-point numbers, which tables show with `≈`.
    Real,
    /// Dates, as text in ISO 8601.
    Date,
    /// Text, as written.
    Text,
}

/// The origin of a column's unit, as an option names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum UnitOption {
    /// All cells have this unit.
    Fixed(ScaledUnit),
    /// Each has that of the column in its row, by that column's name or header.
    Column(String),
    /// They have none.
    None,
}

impl ImportOptions {
    /// The options in TOML, each in a line of its own: `unit.amount = "EUR"`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let Ok(toml::Value::Table(options)) = toml::Value::try_from(self) else { return Vec::new() };
        let key = |key: &str| {
            let is_bare =
                !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            if is_bare { key.to_owned() } else { toml::Value::from(key).to_string() }
        };
        let line = |(name, value): (&String, &toml::Value)| match value {
            toml::Value::Table(columns) => {
                columns.iter().map(|(column, value)| format!("{name}.{} = {value}", key(column))).collect()
            }
            value => vec![format!("{name} = {value}")],
        };
        options.iter().flat_map(line).collect()
    }

    /// Sets the option that answers a question.
    ///
    /// # Errors
    /// It has no such value.
    pub fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let Answer { option, column, value } = answer;
        let column = column.unwrap_or_default();
        match option {
            AskedOption::Sheet => self.sheet = Some(value),
            AskedOption::Path => self.path = Some(value),
            AskedOption::HeaderRow => self.header_row = Some(value),
            AskedOption::Encoding => self.encoding = Some(value),
            AskedOption::Decimal => self.decimal = Some(DecimalOption::parse(&value)?),
            AskedOption::Unit => drop(self.unit.insert(column, value)),
            AskedOption::Date => drop(self.date.insert(column, DateFormats::One(value))),
        }
        Ok(())
    }

    /// The lines of the header.
    ///
    /// # Errors
    /// They are no lines.
    pub(super) fn header_lines(&self) -> Result<Option<RangeInclusive<u64>>, Error> {
        let Some(text) = &self.header_row else { return Ok(None) };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (first.trim().parse(), last.trim().parse()) {
            (Ok(first), Ok(last)) if 0 < first && first <= last => Ok(Some(first..=last)),
            _ => Err(usage_error(
                &format!("`{text}` is no line of a header"),
                "write `--header-row 5`, or `3-5` for several",
            )),
        }
    }

    /// The lines of the table.
    ///
    /// # Errors
    /// They are no lines.
    pub(super) fn row_lines(&self) -> Result<Option<RangeInclusive<u64>>, Error> {
        let Some(text) = &self.lines else { return Ok(None) };
        let bad = || usage_error(&format!("`{text}` are no lines"), "write `--lines 10-272`, or `10-` to the end");
        let (first, last) = text.split_once('-').ok_or_else(bad)?;
        let first: u64 = first.trim().parse().map_err(|_| bad())?;
        let last = if last.trim().is_empty() { u64::MAX } else { last.trim().parse().map_err(|_| bad())? };
        if first == 0 || last < first { Err(bad()) } else { Ok(Some(first..=last)) }
    }

    /// The separator.
    ///
    /// # Errors
    /// It is not one byte.
    pub(super) fn separator_byte(&self) -> Result<Option<u8>, Error> {
        match self.separator.as_deref() {
            None => Ok(None),
            Some("tab" | "\\t" | "\t") => Ok(Some(b'\t')),
            Some(text) if text.len() == 1 && text.is_ascii() && text != "\"" => Ok(text.bytes().next()),
            Some(text) => {
                Err(usage_error(&format!("`{text}` can't separate cells"), "it is one character, as `;`, or `tab`"))
            }
        }
    }

    /// The quote around cells; `None` where quotes are characters like others.
    ///
    /// # Errors
    /// It is not one byte.
    pub(super) fn quote_byte(&self) -> Result<Option<u8>, Error> {
        match self.quote.as_deref() {
            None => Ok(Some(b'"')),
            Some("none") => Ok(None),
            Some(text) if text.len() == 1 && text.is_ascii() => Ok(text.bytes().next()),
            Some(text) => Err(usage_error(&format!("`{text}` can't quote cells"), "it is one character, or `none`")),
        }
    }

    /// The unit of a column, by its name or its header.
    ///
    /// # Errors
    /// It is no unit of the book.
    pub(super) fn unit_of(&self, name: &str, header: &str, units: &UnitRegistry) -> Result<Option<UnitOption>, Error> {
        let Some(text) = by_column(&self.unit, name, header) else { return Ok(None) };
        if text == "none" {
            return Ok(Some(UnitOption::None));
        }
        if let Some(column) = text.strip_prefix('@') {
            return Ok(Some(UnitOption::Column(column.to_owned())));
        }
        let unit = parse_unit(text, units).ok_or_else(|| {
            let help =
                "write a unit of the book, as `EUR`, `EUR million` or `person`; `select * from units` lists them, and \
                 `--new-unit MGA=currency:ariary` adds one";
            usage_error(&format!("`{text}` is no unit: `--unit {name}='{text}'`"), help)
        })?;
        Ok(Some(UnitOption::Fixed(unit)))
    }

    /// The type of a column.
    #[must_use]
    pub(super) fn type_of(&self, name: &str, header: &str) -> Option<ColumnType> {
        by_column(&self.types, name, header).copied()
    }

    /// The formats of the dates of a column; none where none is given.
    ///
    /// # Errors
    /// One names neither a day nor a month.
    pub(super) fn dates_of(&self, name: &str, header: &str) -> Result<&[String], Error> {
        let formats = by_column(&self.date, name, header).map_or(&[][..], DateFormats::all);
        let Some(format) = formats.iter().find(|format| !date::is_format(format)) else { return Ok(formats) };
        let help = "write it with %d, %m and %Y for the parts, as `%d/%m/%Y`, or `%b-%y` for months; %y is a year of two digits, %b a month in letters";
        Err(usage_error(&format!("`{format}` is no format of a date: `--date {name}={format}`"), help))
    }

    /// The reason that a text stands for in a column of numbers, if an option says that it is a mark.
    #[must_use]
    pub(super) fn missing_reason(&self, name: &str, header: &str, text: &str) -> Option<&str> {
        if self.missing.is_empty() {
            return None;
        }
        let marks = by_column(&self.missing, name, header)?;
        marks.iter().find_map(|mark| match mark.split_once(':') {
            Some((known, reason)) if known == text => Some(reason),
            None if mark == text => Some("not_stated"),
            _ => None,
        })
    }

    /// True if an option says a number that is a mark of the missing in a column.
    pub(super) fn has_number_mark(&self, name: &str, header: &str) -> bool {
        let is_number =
            |mark: &String| numeric::parse(mark.split_once(':').map_or(mark.as_str(), |(text, _)| text)).is_some();
        by_column(&self.missing, name, header).is_some_and(|marks| marks.iter().any(is_number))
    }

    /// True if an option says marks of the missing in a column.
    pub(super) fn has_missing(&self, name: &str, header: &str) -> bool {
        by_column(&self.missing, name, header).is_some()
    }

    /// The reason for which a cell has no value of its column: what its mark stands for, or that it can't be read.
    pub(super) fn reason_of(&self, name: &str, header: &str, cell: &str) -> &str {
        self.missing_reason(name, header, cell).or_else(|| marks::reason(cell)).unwrap_or(marks::UNREADABLE)
    }

    /// Checks that every column that an option names is there.
    ///
    /// # Errors
    /// One is not.
    pub(super) fn check_columns(&self, names: &[String], headers: &[String]) -> Result<(), Error> {
        let columns = self.unit.keys().chain(self.types.keys()).chain(self.date.keys()).chain(self.missing.keys());
        let of_units = self.unit.values().filter_map(|unit| unit.strip_prefix('@'));
        let of_rows =
            self.key.iter().map(String::as_str).chain(self.stage.iter().filter_map(|stage| stage.strip_prefix('@')));
        for column in columns.map(String::as_str).chain(of_units).chain(of_rows) {
            if !names.iter().chain(headers).any(|known| known == column) {
                return Err(no_column(column, names));
            }
        }
        Ok(())
    }
}

/// The error of an option that names a column which is not there.
pub(super) fn no_column(column: &str, names: &[String]) -> Error {
    let near = crate::error::suggest::nearest_column(column, names.iter().map(String::as_str));
    let help =
        near.map_or_else(|| format!("its columns are {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
    usage_error(&format!("there is no column `{column}`"), &help)
}

fn by_column<'o, T>(options: &'o BTreeMap<String, T>, name: &str, header: &str) -> Option<&'o T> {
    options.get(name).or_else(|| options.get(header))
}
