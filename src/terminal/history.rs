//! The history of the prompt, written so that nobody else reads it. What belongs into it is the editor's setting.

use rustyline::error::ReadlineError;
use rustyline::history::{DefaultHistory, History};
use std::path::Path;
use std::{fs, io};

/// Reads the history of earlier sessions, making the file's directory where it is missing.
///
/// # Errors
/// The file can't be read, or is a device or a directory: the editor would make it readable by its owner alone,
/// which would be the end of `/dev/null`.
pub(super) fn load(history: &mut DefaultHistory, path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => history.load(path).map_err(to_io),
        Ok(_) => Err(io::Error::other("it is not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.parent().map_or(Ok(()), fs::create_dir_all),
        Err(error) => Err(error),
    }
}

/// Adds the newest entry to the history, and to its file, made with mode 0600.
///
/// # Errors
/// The file can't be written.
pub(super) fn add(history: &mut DefaultHistory, entry: &str, path: Option<&Path>) -> io::Result<()> {
    let is_new = history.add(entry).map_err(to_io)?;
    match path {
        Some(path) if is_new => history.append(path).map_err(to_io),
        _ => Ok(()),
    }
}

/// The editor's error as one of input and output.
pub(super) fn to_io(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other),
    }
}
