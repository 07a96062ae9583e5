//! The history of the prompt: where its file is, and writing it so that nobody else reads it. What belongs into it
//! is the editor's setting.

use rustyline::error::ReadlineError;
use rustyline::history::{DefaultHistory, History};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The file that keeps the history: `$PLEDGEBOOK_HISTORY`, or `pledgebook/history` in `$XDG_STATE_HOME`, or in
/// `~/.local/state`. `None` where none of them is known, and where `PLEDGEBOOK_HISTORY` is set to nothing.
#[must_use]
pub fn history_path() -> Option<PathBuf> {
    path_from(|name| env::var_os(name).map(PathBuf::from))
}

fn path_from(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    if let Some(path) = variable("PLEDGEBOOK_HISTORY") {
        return Some(path).filter(|path| !path.as_os_str().is_empty());
    }
    // A relative directory is to be ignored: so says the specification of these variables.
    let absolute = |name| variable(name).filter(|path: &PathBuf| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
    state.map(|state| state.join("pledgebook/history"))
}

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

#[cfg(test)]
mod tests {
    use super::path_from;
    use std::path::{Path, PathBuf};

    fn path(variables: &[(&str, &str)]) -> Option<PathBuf> {
        path_from(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| PathBuf::from(value)))
    }

    #[test]
    fn the_nearest_setting_decides() {
        let home = ("HOME", "/home/a");
        let state = ("XDG_STATE_HOME", "/state");
        assert_eq!(path(&[home]).as_deref(), Some(Path::new("/home/a/.local/state/pledgebook/history")));
        assert_eq!(path(&[home, state]).as_deref(), Some(Path::new("/state/pledgebook/history")));
        assert_eq!(path(&[state, ("PLEDGEBOOK_HISTORY", "h")]).as_deref(), Some(Path::new("h")));
    }

    #[test]
    fn there_may_be_none() {
        assert_eq!(path(&[]), None);
        assert_eq!(path(&[("HOME", "/home/a"), ("PLEDGEBOOK_HISTORY", "")]), None);
        assert_eq!(path(&[("XDG_STATE_HOME", "relative")]), None);
    }
}
