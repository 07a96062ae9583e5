//! How results look: what the command line, or a command of the prompt, has chosen.

use super::Depth;
use crate::error::Error;
use crate::store::Book;
use crate::table::{Format, Places, Style};

/// What stands for NULL in tables unless another text is chosen.
pub(super) const NULL_TEXT: &str = "NULL";

/// The settings of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
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
    /// Whether each answer says how long it took.
    pub timer: bool,
    /// The columns of the terminal that tables keep to; `None` where there is none.
    pub width: Option<usize>,
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
            timer: false,
            width: None,
            keeps_last: true,
        }
    }
}

impl Settings {
    /// Every setting with its value, a line each.
    pub(super) fn in_words(&self) -> String {
        let switch = |is_on: bool| if is_on { "on" } else { "off" };
        [
            ("format", self.format.name()),
            ("notes", self.notes.word()),
            ("headers", switch(self.header)),
            ("null", self.null_text.as_deref().unwrap_or(NULL_TEXT)),
            ("timer", switch(self.timer)),
        ]
        .map(|(name, value)| format!("{name:8} {value}"))
        .join("\n")
    }

    /// The style of results of `book`.
    pub(super) fn style(&self, book: &Book, follows_answer: bool) -> Result<Style, Error> {
        let units = book.units().map_err(|error| book.error(&error))?;
        // Only a currency says how many places are meaningful; other units show what their values need.
        let currencies = units.codes().filter_map(|code| units.get(code)).filter(|unit| unit.kind == "currency");
        let places: Places = currencies.map(|unit| (unit.code.clone(), unit.places)).collect();
        let (null_text, color) = (self.null_text.clone(), self.color);
        Ok(Style { header: self.header, null_text, color, width: self.width, places, follows_answer })
    }
}
