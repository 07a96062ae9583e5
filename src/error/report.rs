//! What is said of an error, whatever it was: the message, the places it passed through, the cure. How that is
//! drawn is the terminal's.

use super::Place;

/// One place that an error passed through, innermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Where.
    pub place: Place,
    /// What stands there, written beside the caret: `did you mean …`, `left is …`, `in a call of …`.
    pub label: Option<String>,
}

/// An error in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What went wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// Whether the message may have several lines: that of a script's `throw` alone. In any other a line feed is part of
    /// a foreign text, and must not pass for one of ours.
    pub has_lines: bool,
    /// Where, the innermost place first; empty where there is none.
    pub frames: Vec<Frame>,
    /// What to do about it.
    pub cure: Option<String>,
}

impl Report {
    /// A report without a place.
    #[must_use]
    pub fn plain(message: impl Into<String>, cure: Option<String>) -> Self {
        Self { message: message.into(), has_lines: false, frames: Vec::new(), cure }
    }
}

/// `did you mean `near`?`, the label of most misspellings.
#[must_use]
pub fn did_you_mean(near: Option<&String>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}
