//! The options of an import: what its file does not say itself, or says in two ways. They are kept with the source, as the TOML that
//! repeats the import.

use super::header::{self, ScaledUnit};
use crate::error::{Error, usage_error};
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
    /// Types by column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", rename = "type")]
    pub types: BTreeMap<String, ColumnType>,
    /// Marks of the missing by column: `xxx`, `secret:withheld`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub missing: BTreeMap<String, Vec<String>>,
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

/// `--type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Whole numbers without a unit.
    Integer,
    /// Exact decimals.
    Decimal,
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
        let unit = header::parse_unit(text, units).ok_or_else(|| {
            let help =
                "write a unit of the book, as `EUR`, `EUR million` or `person`; `select * from units` lists them";
            usage_error(&format!("`{text}` is no unit: `--unit {name}='{text}'`"), help)
        })?;
        Ok(Some(UnitOption::Fixed(unit)))
    }

    /// The type of a column.
    #[must_use]
    pub(super) fn type_of(&self, name: &str, header: &str) -> Option<ColumnType> {
        by_column(&self.types, name, header).copied()
    }

    /// The reason that a text stands for in a column of numbers, if an option says that it is a mark.
    #[must_use]
    pub(super) fn missing_reason(&self, name: &str, header: &str, text: &str) -> Option<&str> {
        let marks = by_column(&self.missing, name, header)?;
        marks.iter().find_map(|mark| match mark.split_once(':') {
            Some((known, reason)) if known == text => Some(reason),
            None if mark == text => Some("not_stated"),
            _ => None,
        })
    }

    /// Checks that every column that an option names is there.
    ///
    /// # Errors
    /// One is not.
    pub(super) fn check_columns(&self, names: &[String], headers: &[String]) -> Result<(), Error> {
        let columns = self.unit.keys().chain(self.types.keys()).chain(self.missing.keys());
        let of_units = self.unit.values().filter_map(|unit| unit.strip_prefix('@'));
        for column in columns.map(String::as_str).chain(of_units) {
            if !names.iter().chain(headers).any(|known| known == column) {
                let near = crate::error::suggest::nearest(column, names.iter().map(String::as_str));
                let help = near.map_or_else(
                    || format!("its columns are {}", names.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(usage_error(&format!("there is no column `{column}`"), &help));
            }
        }
        Ok(())
    }
}

fn by_column<'o, T>(options: &'o BTreeMap<String, T>, name: &str, header: &str) -> Option<&'o T> {
    options.get(name).or_else(|| options.get(header))
}
