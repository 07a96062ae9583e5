//! The name of an imported table: by the option, else that of its file; a revision takes the name of what it revises, which has its
//! number behind its name from then on.

use super::header;
use super::options::ImportOptions;
use super::report::{Report, RevisedTable};
use crate::error::{Error, usage_error};
use crate::store::{BookWriter, is_program_name};
use rusqlite::Connection;
use std::path::Path;

/// The name of a file's table where nobody names it; empty where the file's name has nothing for one.
#[must_use]
pub fn default_name(path: &Path) -> String {
    header::snake_case(&path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default())
}

/// The name of the view: by the option, else from the name of the file.
///
/// # Errors
/// It can't be the name of a table.
pub(super) fn table_name(path: &Path, options: &ImportOptions) -> Result<String, Error> {
    let name = options.name.clone().unwrap_or_else(|| default_name(path));
    if name.is_empty() || header::snake_case(&name) != name || is_program_name(&name) {
        let help = "name the table by `--as`: small letters, digits and `_`, beginning with a letter";
        return Err(usage_error(&format!("`{name}` can't be the name of a table"), help));
    }
    Ok(name)
}

/// Writes a table by `write`, which is told its name, as a revision of a source.
///
/// # Errors
/// The source is no import, is revised already, or has another name than the one that is asked for; those of `write`.
pub(super) fn write_revision(
    connection: &Connection,
    source: &str,
    options: &ImportOptions,
    write: impl FnOnce(&str) -> Result<Report, Error>,
) -> Result<Report, Error> {
    let revised = BookWriter::make_way(connection, source)?;
    if let Some(name) = options.name.as_ref().filter(|name| **name != revised.name) {
        let message = format!("a revision of {} takes its name `{}`, not `{name}`", revised.source, revised.name);
        return Err(usage_error(&message, "leave out `--as`, or import it as a table of its own"));
    }
    let report = write(&revised.name)?;
    BookWriter::link_revision(connection, &report.source, &revised.source)?;
    let earlier = RevisedTable { source: revised.source, table: revised.earlier_name };
    Ok(Report { revises: Some(earlier), ..report })
}
