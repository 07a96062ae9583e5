//! `check-script`: the errors of scripts that are not run, a line each, for editors and hooks.

use super::interruptible_read::{read_file, read_standard_input};
use super::plan::Plan;
use crate::error::{Error, Report};
use crate::script::library;
use crate::session::Session;
use crate::store::Stop;
use crate::table::visible;
use crate::terminal;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Checks scripts, and reports what is wrong with each, and what may be, as `file:line:column: message`.
///
/// # Errors
/// The book can't be read; the exit code of the first error that was reported.
pub(super) fn run(plan: &Plan, files: &[PathBuf]) -> Result<(), Error> {
    let session = plan.open_session()?;
    let mut first = None;
    // A module that several scripts import is checked with each of them.
    let mut reported = BTreeSet::new();
    for file in files {
        let name = file.display().to_string();
        let found = match read(plan, file) {
            Ok(text) => findings(plan, &session, file, &text)?,
            Err(error) => vec![(false, error)],
        };
        for (is_warning, error) in &found {
            if error.report().is_some() && reported.insert(line(&name, error, *is_warning)) {
                report(plan, &name, error, *is_warning);
            }
            first = first.or((!is_warning).then(|| error.exit_code()));
        }
    }
    first.map_or(Ok(()), |code| Err(Error::Exit(code, Vec::new())))
}

/// The errors and warnings of a script, in the order of its text, each with true for a warning.
fn findings(plan: &Plan, session: &Session, file: &Path, text: &str) -> Result<Vec<(bool, Error)>, Error> {
    let name = file.display().to_string();
    let stem = file.file_stem().map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned());
    let (script, mut errors, warnings) = library::script_with_errors(&stem, &name, text);
    let _watch = plan.watch(session);
    errors.extend(session.check_script(&script.at(file))?);
    let errors = errors.into_iter().map(|error| (false, error));
    let mut found: Vec<(bool, Error)> = errors.chain(warnings.into_iter().map(|warning| (true, warning))).collect();
    found.sort_by_key(|(_, error)| place(&name, error));
    Ok(found)
}

fn read(plan: &Plan, file: &Path) -> Result<String, Error> {
    let (limits, stop) = (plan.settings.limits, Stop::default());
    if file == Path::new("-") {
        return read_standard_input(limits, &stop)?.into_utf8().map_err(Error::from);
    }
    read_file(file, limits, &stop)
}

/// The place of an error, those in the script itself before those in its modules.
fn place(file: &str, error: &Error) -> (bool, String, usize, usize) {
    let place = error.report().and_then(|report| report.frames.into_iter().next()).map(|frame| frame.place);
    place.map_or((false, file.to_owned(), 0, 0), |place| (place.source != file, place.source, place.line, place.column))
}

/// Reports an error or a warning in one line; as JSON an error alone, since a program takes each line for one.
fn report(plan: &Plan, file: &str, error: &Error, is_warning: bool) {
    if plan.errors != super::arguments::Errors::Json {
        // A closed standard error leaves the exit code.
        let _ = writeln!(terminal::notices(), "{}", line(file, error, is_warning));
    } else if !is_warning {
        terminal::report_error(error, false, true);
    }
}

/// An error or a warning in one line.
fn line(file: &str, error: &Error, is_warning: bool) -> String {
    let Some(Report { message, help, frames, .. }) = error.report() else { return String::new() };
    let place = frames.first().map_or_else(
        || format!("{file}:1:1"),
        |frame| format!("{}:{}:{}", frame.place.source, frame.place.line, frame.place.column),
    );
    let label = frames.first().and_then(|frame| frame.label.clone());
    let parts = [Some(message), label, help].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let kind = if is_warning { "warning: " } else { "" };
    format!("{place}: {kind}{}", visible(&parts))
}
