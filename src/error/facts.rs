//! The errors of an import of facts by hand: all that is wrong in its files, each with its place.

use super::{Frame, Report};
use std::collections::BTreeSet;

/// Files of facts that are not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsError {
    /// The directory as it was named.
    pub directory: String,
    /// The faults, at least one, each labelled with its message.
    pub findings: Vec<Frame>,
}

impl FactsError {
    pub(super) fn report(&self) -> Report {
        let files: BTreeSet<&str> = self.findings.iter().map(|frame| frame.place.source.as_str()).collect();
        let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let message = format!(
            "can't import the facts in `{}`: {} in {}",
            self.directory,
            count(self.findings.len(), "error"),
            count(files.len(), "file")
        );
        let help = "nothing of them is in the book: mend the files and import them again".to_owned();
        Report { frames: self.findings.clone(), is_list: true, ..Report::plain(message, Some(help)) }
    }
}
