//! Databases that are read beside the book: `--attach NAME=FILE`, and the tasks that have a use for one. Opening them is the store's.

use super::at_once::name_and_file;
use crate::error::{Error, usage_error};
use crate::import;
use crate::table::visible;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// A database that is read beside the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attachment {
    pub(super) name: String,
    pub(super) file: PathBuf,
}

/// The databases that options name.
///
/// # Errors
/// A sandbox, a task that asks nothing in SQL, a text without a name.
pub(super) fn read(options: &[OsString], is_sandboxed: bool, asks: bool) -> Result<Vec<Attachment>, Error> {
    if options.is_empty() {
        return Ok(Vec::new());
    }
    if is_sandboxed {
        return Err(Error::Denied("--attach"));
    }
    if !asks {
        let help = "give it to the prompt, `-c`, `-f`, `run` or a pipe";
        return Err(usage_error("`--attach` is for questions in SQL and scripts", help));
    }
    options.iter().map(|option| attachment(option)).collect()
}

/// The database that `NAME=FILE` names.
fn attachment(option: &OsStr) -> Result<Attachment, Error> {
    match name_and_file(option, |_| true) {
        (Some(name), file) if file != Path::new("") => Ok(Attachment { name, file }),
        _ => {
            let text = visible(&option.to_string_lossy()).into_owned();
            let name = import::default_name(Path::new(option));
            let name = if name.is_empty() { "other" } else { &name };
            let help = format!("write `--attach {name}={text}`: its tables are then `{name}.TABLE`");
            Err(usage_error(&format!("`--attach {text}` gives the database no name"), &help))
        }
    }
}
