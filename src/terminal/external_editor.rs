//! The external editor of `.edit` and `\e`.

use super::commands::split_arguments;
use super::sanitize::MAX_ENTRY_CHARS;
use super::signals::wait_for_exit;
use crate::error::{Error, usage_error};
use crate::store::Stop;
use std::io::{self, Write};
use std::process::Command;
use std::{env, fs};

/// The editor where the environment names none.
#[cfg(unix)]
const DEFAULT_EDITOR: &str = "vi";
#[cfg(not(unix))]
const DEFAULT_EDITOR: &str = "notepad";

/// The entry without the `\e` at its end, which asks for the external editor.
pub(super) fn strip_edit_suffix(entry: &str) -> Option<&str> {
    entry.trim_end().strip_suffix("\\e").map(str::trim_end)
}

/// Opens a text in `$VISUAL` or `$EDITOR`, in a temporary file whose name ends in `suffix`, and returns it as it was
/// saved.
///
/// # Errors
/// The editor can't be started or fails; the file can't be written or read.
pub(super) fn edit(text: &str, suffix: &str, stop: &Stop) -> Result<String, Error> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| env::var(name).ok().filter(|line| !line.is_empty()));
    let line = named.unwrap_or_else(|| DEFAULT_EDITOR.to_owned());
    let failed = |why: &str| {
        usage_error(&format!("can't edit with `{line}`: {why}"), "set `EDITOR` to a program that edits a file")
    };
    let words = split_arguments(&line)?;
    let (program, options) = words.split_first().ok_or_else(|| failed("it names no program"))?;
    let unwritable = |error: io::Error| failed(&format!("the file to edit: {error}"));

    let mut file = tempfile::Builder::new().prefix("pledgebook-").suffix(suffix).tempfile().map_err(unwritable)?;
    file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(unwritable)?;
    let started = Command::new(program).args(options).arg(file.path()).spawn();
    let mut editor = started.map_err(|error| failed(&error.kind().to_string()))?;
    if !wait_for_exit(&mut editor, stop).map_err(unwritable)? {
        return Err(failed("it ended with an error, and nothing was taken over"));
    }
    // Some editors put a new file in the place of the old one, which the open handle would not see.
    let edited = fs::read(file.path()).map_err(unwritable)?;
    let edited = String::from_utf8(edited).map_err(|_| failed("what it saved is no text in UTF-8"))?;
    if edited.chars().count() > MAX_ENTRY_CHARS {
        let message =
            format!("what was edited has more than {MAX_ENTRY_CHARS} characters, which the prompt can't hold");
        return Err(usage_error(&message, "save it as a file of its own, and run that by `.read FILE`"));
    }
    Ok(edited.trim_end().to_owned())
}
