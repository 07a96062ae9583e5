//! What of a database is no UTF-8, and so can't be read or not as it is.

use std::borrow::Cow;
use std::cell::Cell;

/// How many texts of an answer are no UTF-8.
#[derive(Debug, Default)]
pub(super) struct Unreadable(Cell<u64>);

impl Unreadable {
    /// A text of the database; what is no UTF-8 in it is replaced, and counted.
    pub(super) fn text<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, Cow::Owned(_)) {
            self.0.set(self.0.get() + 1);
        }
        text
    }

    /// The remark on those texts, once.
    pub(super) fn remark(&self) -> Option<String> {
        let texts = match self.0.take() {
            0 => return None,
            1 => "a text is".to_owned(),
            count => format!("{count} texts are"),
        };
        Some(format!("{texts} not valid UTF-8: U+FFFD stands for what can't be read; `hex(…)` shows the bytes"))
    }
}

/// What SQLite says where the guard can't be asked about a name that is no UTF-8, which it takes for a refusal.
pub(super) fn name(message: &str) -> Option<String> {
    let named = message.strip_prefix("access to ").and_then(|rest| rest.strip_suffix(" is prohibited"));
    let name = named.map_or("a name in the database".to_owned(), |name| format!("the name `{name}`"));
    (named.is_some() || message == "not authorized").then(|| format!("{name} is not valid UTF-8"))
}
