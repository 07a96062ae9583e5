//! Writing to a book on a server, by `push` and by `import`, and writing one into a file by `pull`.

use super::export::export_file;
use super::import_asking::import_asking;
use super::import_options::ImportArguments;
use super::plan::Plan;
use super::{facts_by_hand, own_book};
use crate::error::{Error, ServerCause, StoreCause, StoreError, usage_error};
use crate::import::{FactsReport, Mode, Report, import_facts};
use crate::store::{Book, Freshness, MemoryBook, Origin, PushOptions, Pushed, SharedBook, Stop, TemporaryBook};
use crate::table::visible;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Pushes the book to a server.
///
/// # Errors
/// The address can't be read; the book can't be pushed.
pub(super) fn push(plan: &Plan, server: &SharedBook, is_new: bool) -> Result<(), Error> {
    plan.refuse_change()?;
    let session = plan.open_session()?;
    let watch = plan.watch(&session);
    session.check_book()?;
    let name = plan.book.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let options = PushOptions {
        is_new,
        replaces: plan.force,
        seen: None,
        name: &name.unwrap_or_else(|| session.book_name()),
        program: env!("CARGO_PKG_VERSION"),
    };
    let done = session.book().push(server, options)?;
    drop(watch);
    plan.notices().write_all(pushed(server, &done).as_bytes()).map_err(Error::from)
}

/// A push in words.
fn pushed(server: &SharedBook, done: &Pushed) -> String {
    let address = server.address.to_string();
    let address = visible(&address);
    let mut text = match &done.change {
        Some(change) => format!("{address}: version {}, which {change}\n", done.version),
        None => format!("{address}: nothing to push, version {} has it all\n", done.version),
    };
    match done.has_roles {
        Some(true) => text.push_str("`grant pb_reader to ROLE` lets a role read it, `grant pb_writer to ROLE` push to it\n"),
        Some(false) => text.push_str(
            "the roles `pb_reader` and `pb_writer` are not there, and this role may not make them: only it can use the book\n",
        ),
        None => {}
    }
    text
}

/// The times that an import is made anew because somebody else was quicker.
const MAX_TRIES: usize = 10;

/// Imports files into the shared book, each made and checked in a copy and then pushed as one entry: directories of facts by hand, and
/// tables.
///
/// # Errors
/// Everything that is wrong in a file; the server can't be written to.
pub(super) fn import(
    plan: &Plan,
    shared: &SharedBook,
    files: &[PathBuf],
    arguments: &ImportArguments,
) -> Result<(), Error> {
    plan.refuse_change()?;
    own_book::refuse_options(files, arguments)?;
    if shared.freshness == Freshness::Offline {
        return Err(usage_error("`--offline` asks the copy of the book, which takes no entry", "leave it out"));
    }
    let mode = if arguments.dry_run { Mode::DryRun } else { Mode::Write };
    files.iter().try_for_each(|file| {
        let done = if file.is_dir() {
            let (report, done) = until_first(|| import_facts_once(plan, shared, file, arguments, mode))?;
            facts_by_hand::show_import(plan, &report, mode)?;
            done
        } else {
            let (reports, done) = until_first(|| import_table_once(plan, shared, file, arguments, mode))?;
            reports.iter().try_for_each(|report| own_book::show(plan, report, mode))?;
            done
        };
        match done {
            Some(done) => plan.notices().write_all(pushed(shared, &done).as_bytes()).map_err(Error::from),
            None => Ok(()),
        }
    })
}

/// Tries until nobody else was quicker.
fn until_first<T>(mut once: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    let mut tries = 1;
    loop {
        match once() {
            Err(error) if tries < MAX_TRIES && is_behind(&error) => tries += 1,
            done => return done,
        }
    }
}

/// One try of a directory of facts: the report, and the push unless nothing is to be written.
fn import_facts_once(
    plan: &Plan,
    shared: &SharedBook,
    directory: &Path,
    arguments: &ImportArguments,
    mode: Mode,
) -> Result<(FactsReport, Option<Pushed>), Error> {
    let session = plan.open_session()?;
    let _watch = plan.watch_change(session.book().stop());
    read_cited_rows(session.book(), directory)?;
    let mut copy = MemoryBook::of(session.book())?;
    let report = import_facts(&mut copy.writer, directory, &arguments.options()?, mode, arguments.strict)?;
    if mode == Mode::DryRun {
        return Ok((report, None));
    }
    let name = file_name(directory);
    let done = copy.open()?.push(shared, entry_options(session.book(), &name)?)?;
    Ok((report, Some(done)))
}

/// Reads the rows of the imported tables that files of facts may cite.
fn read_cited_rows(book: &Book, directory: &Path) -> Result<(), Error> {
    if book.remote_imports().is_empty() {
        return Ok(());
    }
    // What can't be read is reported by the import.
    let texts = fs::read_dir(directory).into_iter().flatten().flatten().filter_map(|entry| fs::read(entry.path()).ok());
    texts.into_iter().try_for_each(|text| book.read_rows_named(&String::from_utf8_lossy(&text)))
}

/// One try of a table: the reports, and the push unless nothing is to be written.
fn import_table_once(
    plan: &Plan,
    shared: &SharedBook,
    file: &Path,
    arguments: &ImportArguments,
    mode: Mode,
) -> Result<(Vec<Report>, Option<Pushed>), Error> {
    let session = plan.open_session()?;
    let mut copy = TemporaryBook::of(session.book())?;
    let watch: &dyn Fn(&Stop) -> _ = &|stop| plan.watch_change(stop);
    let ask = (plan.is_asking(), watch);
    let reports = match import_asking(&mut copy.writer, file, arguments.options()?, (mode, arguments.strict), ask) {
        // That of an import names the file.
        Err(error @ Error::Import(_)) => return Err(error),
        // What else it failed for is that it was to stop.
        Err(_) if copy.writer.stop().is_raised() => return Err(copy.writer.stop().cause()),
        done => done?,
    };
    if mode == Mode::DryRun {
        return Ok((reports, None));
    }
    let _watch = plan.watch_change(session.book().stop());
    let name = file_name(file);
    let done = copy.open()?.push(shared, entry_options(session.book(), &name)?)?;
    Ok((reports, Some(done)))
}

/// The options of an entry that was made in the version that a book has been opened in.
fn entry_options<'n>(book: &Book, name: &'n str) -> Result<PushOptions<'n>, Error> {
    let Origin::Shared(version) = book.origin() else {
        return Err(Error::Fault("the book is on no server".to_owned()));
    };
    Ok(PushOptions {
        is_new: false,
        replaces: true,
        seen: Some(version.number),
        name,
        program: env!("CARGO_PKG_VERSION"),
    })
}

/// The name of a file, for the journal.
fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// True for the error of an entry before which another came.
fn is_behind(error: &Error) -> bool {
    matches!(error, Error::Store(StoreError { cause: StoreCause::Server(ServerCause::Behind { .. }), .. }))
}

/// Writes the shared book as one file, with its imported tables or without them.
///
/// # Errors
/// The book is on no server; the file exists, or can't be written.
pub(super) fn pull(plan: &Plan, file: &Path, has_rows: bool) -> Result<(), Error> {
    if plan.shared.is_none() {
        return Err(usage_error(
            "`pull` writes a book of a server as a file, and none is named",
            "`pledgebook ADDRESS pull FILE`",
        ));
    }
    export_file(plan, file, has_rows)
}
