//! The formats of the dates of a column as an option gives them: one, or several that are tried in their order.

use serde::{Deserialize, Serialize};

/// The formats of a column, of which there is at least one: `"%d/%m/%Y"`, or `["%d/%m/%Y", "%d %b %Y"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DateFormats {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl DateFormats {
    /// The formats in their order.
    #[must_use]
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(format) => std::slice::from_ref(format),
            Self::Several(formats) => formats,
        }
    }

    /// Adds one that is tried after the others.
    pub fn push(&mut self, format: String) {
        let mut formats = self.all().to_vec();
        formats.push(format);
        *self = Self::Several(formats);
    }
}
