//! Importing a file under options that answers complete: what it leaves open is asked where a person is at the terminal.

use crate::error::Error;
use crate::import::{self, ImportOptions, Mode, Report};
use crate::store::{BookWriter, Stop};
use crate::terminal;
use std::path::Path;

/// Imports a file. `is_asking` where a person is there to be asked; `watch` watches each attempt, and no answer is waited for under
/// it.
///
/// # Errors
/// As [`import::import`].
pub(super) fn import_asking<W>(
    book: &mut BookWriter,
    file: &Path,
    mut options: ImportOptions,
    (mode, is_strict): (Mode, bool),
    (is_asking, watch): (bool, &dyn Fn(&Stop) -> W),
) -> Result<Vec<Report>, Error> {
    loop {
        let watched = watch(book.stop());
        let done = match options.sheet.as_deref() {
            Some("all") => import::import_sheets(book, file, &options, mode, is_strict),
            _ => import::import(book, file, &options, mode, is_strict).map(|report| vec![report]),
        };
        drop(watched);
        let error = match done {
            Err(Error::Import(error)) if is_asking => error,
            done => return done,
        };
        let Some(question) = &error.question else { return Err(Error::Import(error)) };
        let message = format!("`{}`: {}", error.file, error.message);
        match terminal::ask(&message, question)? {
            Some(answer) => options.answer(answer)?,
            None => return Err(Error::Import(error)),
        }
    }
}
