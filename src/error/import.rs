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
    /// The question that a person at a terminal can answer instead.
    pub question: Option<Question>,
}

/// A question that an option answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The option.
    pub option: AskedOption,
    /// The column that it is about, where an option is by column.
    pub column: Option<String>,
    /// The cells that leave it open, with their lines.
    pub cells: Vec<(u64, String)>,
    /// The answers.
    pub choices: Vec<Choice>,
    /// True if any other text answers too.
    pub takes_text: bool,
}

/// One answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The answer in words.
    pub label: String,
    /// The value of the option.
    pub value: String,
}

impl Choice {
    /// A value that says itself what it means.
    #[must_use]
    pub fn plain(value: String) -> Self {
        Self { label: value.clone(), value }
    }
}

/// An option of an import that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedOption {
    /// `--sheet`
    Sheet,
    /// `--path`
    Path,
    /// `--header-row`
    HeaderRow,
    /// `--encoding`
    Encoding,
    /// `--decimal`
    Decimal,
    /// `--unit`
    Unit,
    /// `--date`
    Date,
}

/// An option that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The option.
    pub option: AskedOption,
    /// The column that it is about, where an option is by column.
    pub column: Option<String>,
    /// Its value.
    pub value: String,
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
