//! How results look: what the command line, or a command of the prompt, has chosen.

use super::Depth;
use crate::error::Error;
use crate::store::Book;
use crate::table::{Format, Places, Style};

/// The settings of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The format of results.
    pub format: Format,
    /// How much is said under a result.
    pub notes: Depth,
    /// Whether tables and CSV name their columns.
    pub header: bool,
    /// What stands for NULL, where not the format's own.
    pub null_text: Option<String>,
    /// Whether to use colour.
    pub color: bool,
    /// Whether the newest result is kept for `last` and `.why`.
    pub keeps_last: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::Table,
            notes: Depth::Brief,
            header: true,
            null_text: None,
            color: false,
            keeps_last: true,
        }
    }
}

impl Settings {
    /// The style of results of `book`.
    pub(super) fn style(&self, book: &Book, follows_answer: bool) -> Result<Style, Error> {
        let units = book.units().map_err(|error| book.error(&error))?;
        // Only a currency says how many places are meaningful; other units show what their values need.
        let currencies = units.codes().filter_map(|code| units.get(code)).filter(|unit| unit.kind == "currency");
        let places: Places = currencies.map(|unit| (unit.code.clone(), unit.places)).collect();
        let (null_text, color) = (self.null_text.clone(), self.color);
        Ok(Style { header: self.header, null_text, color, width: None, places, follows_answer })
    }
}
