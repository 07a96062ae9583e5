//! The denial of a statement.

/// The action that a statement may not do, and the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// `a question`, or `an entry` that writes.
    pub subject: &'static str,
    /// As in "a question can't `action`".
    pub action: String,
    /// The help.
    pub help: String,
}

impl Denial {
    /// The denial of a question.
    pub(super) fn of_question(action: String, help: &str) -> Self {
        Self { subject: "a question", action, help: help.to_owned() }
    }

    /// The denial of an entry that writes.
    pub(super) fn of_entry(action: String, help: &str) -> Self {
        Self { subject: "an entry", action, help: help.to_owned() }
    }
}
