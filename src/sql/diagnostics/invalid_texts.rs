//! Texts and names that are invalid UTF-8.

use std::borrow::Cow;
use std::cell::Cell;

/// The number of texts of an answer that are invalid UTF-8.
#[derive(Debug, Default)]
pub(crate) struct InvalidTexts(Cell<u64>);

impl InvalidTexts {
    /// Decodes a text of the database; one that is invalid is counted, with U+FFFD for its invalid bytes.
    pub(crate) fn decode<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, Cow::Owned(_)) {
            self.0.set(self.0.get() + 1);
        }
        text
    }

    /// The warning about those texts, once.
    pub(crate) fn warning(&self) -> Option<String> {
        let texts = match self.0.take() {
            0 => return None,
            1 => "a text is".to_owned(),
            count => format!("{count} texts are"),
        };
        Some(format!("{texts} not valid UTF-8: U+FFFD stands for what can't be read; `hex(…)` shows the bytes"))
    }
}

/// The error of a name that is invalid UTF-8: the guard can't be asked about it, which SQLite takes for a denial.
pub(super) fn invalid_utf8_name(message: &str) -> Option<String> {
    let named = message.strip_prefix("access to ").and_then(|rest| rest.strip_suffix(" is prohibited"));
    let name = named.map_or("a name in the database".to_owned(), |name| format!("the name `{name}`"));
    (named.is_some() || message == "not authorized").then(|| format!("{name} is not valid UTF-8"))
}
