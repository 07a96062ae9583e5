//! Errors of importing a file as a table: a broken file, or a question that its rows leave open.

use super::{Frame, Place, Report};

/// A file that is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// The file as it was named.
    pub file: String,
    /// The kind of the error.
    pub cause: ImportCause,
    /// The line or row, from 1, with what is written there; `None` where it is about the whole file.
    pub line: Option<(u64, String)>,
    /// The message, without the file.
    pub message: String,
    /// The help, the option by name.
    pub help: String,
}

/// The kind of an error of importing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportCause {
    /// The file can't be read as a table.
    Broken,
    /// It would take more than a limit.
    TooLarge,
    /// It can be read in two ways, and an option decides.
    Undecided,
    /// `--strict`, and there are doubts.
    Doubtful,
}

impl ImportCause {
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Broken => 3,
            Self::TooLarge => 4,
            Self::Undecided => 2,
            Self::Doubtful => 5,
        }
    }
}

impl ImportError {
    pub(super) fn report(&self) -> Report {
        let message = format!("can't import `{}`: {}", self.file, self.message);
        let frames = self.line.iter().map(|(line, text)| Frame {
            place: Place {
                source: self.file.clone(),
                line: usize::try_from(*line).unwrap_or(usize::MAX),
                column: 1,
                width: text.chars().count().max(1),
                line_text: text.clone(),
            },
            label: None,
        });
        Report { frames: frames.collect(), ..Report::plain(message, Some(self.help.clone())) }
    }
}
