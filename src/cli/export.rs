//! `export`: the whole book as one SQLite file, or as a data package in a directory. Either is there complete or not at all.

use super::endings::{FileKind, ending};
use super::output_directory::PendingDirectory;
use super::output_file::unwritable;
use super::plan::Plan;
use crate::error::{Error, StoreCause, StoreError, usage_error};
use crate::quantity::human;
use crate::session::Session;
use crate::table::{Format, visible};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use tempfile::Builder;

/// The name of the bundled book in a package.
const BUNDLED: &str = "pledgebook";

/// Exports the book to a file or a directory, by the ending of its name.
///
/// # Errors
/// The target exists and may not be written over; its name is that of a result; the book can't be read; the system refuses.
pub(super) fn export(plan: &Plan, target: &Path, force: bool) -> Result<(), Error> {
    refuse_export(plan)?;
    let name = target.as_os_str();
    let is_directory = target.is_dir() || name.as_encoded_bytes().ends_with(b"/");
    if !is_directory && FileKind::of(name) == Some(FileKind::Database) {
        return export_file(plan, target, true);
    }
    let session = plan.open_session()?;
    let watch = plan.watch(&session);
    session.check_book()?;
    match ending(name).as_deref() {
        Some(ending) if !is_directory && (Format::of_extension(ending).is_some() || ending == "zip") => {
            let message = format!("can't export the book to `{}`: it holds many tables", target.display());
            let help = "`export FILE.db` writes one SQLite file, `export DIRECTORY` a CSV file a table; \
                        an answer is written by `-c … -o FILE`";
            Err(usage_error(&message, help))
        }
        _ => export_package(&session, target, force).and_then(|()| report_unreadable(plan, &session)),
    }?;
    drop(watch);
    report_complete(plan, target)
}

/// Exports the book to a file, whatever the ending of its name; without its imported tables if it is shared and not `has_rows`.
///
/// # Errors
/// As [`export`].
pub(super) fn export_file(plan: &Plan, target: &Path, has_rows: bool) -> Result<(), Error> {
    refuse_export(plan)?;
    let session = plan.open_session()?;
    let watch = plan.watch(&session);
    session.check_book()?;
    export_database(&session, target, plan.force, has_rows)?;
    drop(watch);
    match session.book().remote_imports().len() {
        left_out if left_out > 0 && !has_rows => {
            let shown = target.display().to_string();
            let left_out = human::count(left_out as u64, "imported table");
            writeln!(plan.notices(), "{}: the book without its {left_out}", visible(&shown)).map_err(Error::from)
        }
        _ => report_complete(plan, target),
    }
}

/// Refuses to write a book where nothing may be written, or into a file of answers.
fn refuse_export(plan: &Plan) -> Result<(), Error> {
    if plan.settings.is_sandboxed {
        return Err(Error::Denied("exporting a book"));
    }
    if plan.output_file.is_some() {
        return Err(usage_error("`-o` writes answers, and an export names its file itself", "leave out `-o`"));
    }
    Ok(())
}

fn report_complete(plan: &Plan, target: &Path) -> Result<(), Error> {
    let shown = target.display().to_string();
    writeln!(plan.notices(), "{}: the whole book, complete", visible(&shown)).map_err(Error::from)
}

/// Copies the book into one file, beside its place until it is complete.
fn export_database(session: &Session, target: &Path, force: bool, has_rows: bool) -> Result<(), Error> {
    let fail = |cause| Error::from(StoreError { path: target.to_owned(), cause });
    let refused = |error: &std::io::Error| fail(unwritable(error));
    // A link is followed: its target is written.
    let path = target.canonicalize().unwrap_or_else(|_| target.to_owned());
    match path.metadata() {
        Ok(_) if session.book().path().and_then(|book| book.canonicalize().ok()).as_ref() == Some(&path) => {
            return Err(usage_error("the book would be written over itself", "name another file"));
        }
        Ok(found) if !found.is_file() => {
            return Err(fail(StoreCause::CannotWrite("it is not a regular file".to_owned())));
        }
        Ok(_) if !force => return Err(fail(StoreCause::output_exists())),
        Ok(found) if found.permissions().readonly() => {
            return Err(fail(StoreCause::CannotWrite("it is read-only".to_owned())));
        }
        Ok(_) | Err(_) => {}
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // SQLite keeps files of its own beside the one that it writes: they go with the directory.
    let scratch = Builder::new().prefix(".pledgebook-").suffix(".part").tempdir_in(directory);
    let scratch = scratch.map_err(|error| refused(&error))?;
    let create = |path: &Path| File::create_new(path);
    let file = Builder::new().make_in(scratch.path(), create).map_err(|error| refused(&error))?;
    if has_rows {
        session.book().copy_into(file.path(), target)?;
    } else {
        session.book().copy_facts_into(file.path(), target)?;
    }
    file.as_file().sync_all().map_err(|error| refused(&error))?;
    let named = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
    named.map(drop).map_err(|error| refused(&error.error))
}

/// Writes the book as a data package.
fn export_package(session: &Session, target: &Path, force: bool) -> Result<(), Error> {
    let directory = PendingDirectory::create(target, force, is_of_package)?;
    let book = session.book().path().and_then(Path::file_stem);
    let name = book.map_or_else(|| BUNDLED.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let done = session.export_package(&name, &mut |file| directory.file(file));
    done.map_err(|error| directory.with_path(error))?;
    directory.finish()
}

/// Reports the views that a package lacks.
fn report_unreadable(plan: &Plan, session: &Session) -> Result<(), Error> {
    session.book().unreadable_views().iter().try_for_each(|(view, why)| {
        let line = format!("the view `{view}` is left out, for it can't be read: {why}");
        writeln!(plan.notices(), "{}", visible(&line)).map_err(Error::from)
    })
}

/// True for the name of a file of a data package.
fn is_of_package(name: &str) -> bool {
    matches!(name, "datapackage.json" | "README.md")
        || Path::new(name).extension().is_some_and(|ending| ending == "csv")
}
