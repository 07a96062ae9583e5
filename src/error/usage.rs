//! Wrong use of the command line, of a command of the prompt, or of a script's parameters.

use super::{Frame, Place, Report};

/// What was asked for wrongly. Options themselves are checked, and spoken of, by the command line's parser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageError {
    /// A script that neither the library nor the file system has.
    NoScript {
        /// As written.
        name: String,
        /// A script of a similar name.
        near: Option<String>,
    },
    /// A parameter that the script does not have.
    NoParameter {
        /// The script.
        script: String,
        /// As written, without dashes.
        parameter: String,
        /// A parameter of a similar name.
        near: Option<String>,
    },
    /// A parameter without its value.
    NoValue {
        /// The parameter, without dashes.
        parameter: String,
    },
    /// A parameter that was given twice.
    Twice {
        /// The parameter, without dashes.
        parameter: String,
    },
    /// A word where a parameter was expected.
    Stray {
        /// The word.
        word: String,
    },
    /// A value that is not of the parameter's type.
    WrongValue {
        /// The parameter, without dashes.
        parameter: String,
        /// As written.
        value: String,
        /// The type, with an example: `a whole number, as 2`.
        wanted: String,
        /// What to write for it, where that can be told.
        cure: Option<String>,
    },
    /// A script whose header can't be read.
    BadHeader {
        /// The script.
        script: String,
        /// What is wrong with it.
        why: String,
    },
    /// A command of the prompt that there is none of.
    NoCommand {
        /// As written, with its dot.
        command: String,
        /// A command of a similar name.
        near: Option<String>,
    },
    /// A command of the prompt with a wrong argument.
    WrongArgument {
        /// What is wrong.
        message: String,
        /// What to write.
        cure: String,
    },
    /// Something that a sandbox denies.
    Denied {
        /// What was asked for: `.read`.
        what: String,
    },
    /// A line of the config file that can't be taken.
    Config {
        /// What is wrong.
        message: String,
        /// Where.
        place: Place,
        /// What to write.
        cure: Option<String>,
    },
    /// An output file whose ending names no format.
    NoFormat {
        /// The file.
        path: String,
    },
}

impl UsageError {
    pub(super) fn report(&self) -> Report {
        let frames = match self {
            UsageError::Config { place, .. } => vec![Frame { place: place.clone(), label: None }],
            _ => Vec::new(),
        };
        Report { frames, ..Report::plain(self.message(), self.cure()) }
    }

    fn message(&self) -> String {
        match self {
            UsageError::NoScript { name, .. } => format!("there is no script `{name}`"),
            UsageError::NoParameter { script, parameter, .. } => format!("`{script}` has no parameter `--{parameter}`"),
            UsageError::NoValue { parameter } => format!("`--{parameter}` needs a value"),
            UsageError::Twice { parameter } => format!("`--{parameter}` is given twice"),
            UsageError::Stray { word } => format!("`{word}` belongs to no parameter"),
            UsageError::WrongValue { parameter, value, wanted, .. } => {
                format!("`--{parameter}` wants {wanted}, not `{value}`")
            }
            UsageError::BadHeader { script, why } => format!("can't read the header of `{script}`: {why}"),
            UsageError::NoCommand { command, .. } => format!("there is no command `{command}`"),
            UsageError::Denied { what } => format!("{what} is denied in a sandbox"),
            UsageError::WrongArgument { message, .. } | UsageError::Config { message, .. } => message.clone(),
            UsageError::NoFormat { path } => format!("can't tell a format from the name `{path}`"),
        }
    }

    fn cure(&self) -> Option<String> {
        let meant = |near: &Option<String>, otherwise: &str| {
            Some(near.as_ref().map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?")))
        };
        match self {
            UsageError::NoScript { near, .. } => meant(near, "`pledgebook scripts` lists them; a path runs a file"),
            UsageError::NoParameter { near, script, .. } => match near {
                Some(near) => Some(format!("did you mean `--{near}`?")),
                None => Some(format!("`pledgebook run {script} --help` lists them")),
            },
            UsageError::NoValue { parameter } => Some(format!("write `--{parameter} VALUE`")),
            UsageError::Stray { .. } => Some("write `--NAME VALUE`".to_owned()),
            UsageError::NoCommand { near, .. } => meant(near, "`.help` lists them"),
            UsageError::WrongArgument { cure, .. } => Some(cure.clone()),
            UsageError::Denied { .. } => Some("leave `--sandbox` out where you trust the text".to_owned()),
            UsageError::NoFormat { .. } => {
                Some("end it in .csv, .tsv, .json, .jsonl, .md or .txt, or say `--format`".to_owned())
            }
            UsageError::WrongValue { cure, .. } | UsageError::Config { cure, .. } => cure.clone(),
            UsageError::BadHeader { .. } | UsageError::Twice { .. } => None,
        }
    }
}
