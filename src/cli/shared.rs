//! Writing to a book on a server, by `push` and by `import` of facts, and writing one into a file by `pull`.

use super::export::export_file;
use super::facts_by_hand;
use super::import_options::ImportArguments;
use super::plan::Plan;
use crate::error::{Error, ServerCause, StoreCause, StoreError, usage_error};
use crate::import::{FactsReport, Mode, import_facts};
use crate::store::{Freshness, MemoryBook, Origin, PushOptions, Pushed, SharedBook};
use crate::table::visible;
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

/// Imports a directory of facts by hand into the shared book: made and checked in a copy in memory, then pushed as one entry.
///
/// # Errors
/// Another file than such a directory; everything that is wrong in its files; the server can't be written to.
pub(super) fn import(
    plan: &Plan,
    shared: &SharedBook,
    files: &[PathBuf],
    arguments: &ImportArguments,
) -> Result<(), Error> {
    plan.refuse_change()?;
    let [directory] = files else { return Err(only_facts()) };
    if !directory.is_dir() {
        return Err(only_facts());
    }
    if shared.freshness == Freshness::Offline {
        return Err(usage_error("`--offline` asks the copy of the book, which takes no entry", "leave it out"));
    }
    let mode = if arguments.dry_run { Mode::DryRun } else { Mode::Write };
    let mut tries = 0;
    let (report, done) = loop {
        tries += 1;
        match import_once(plan, shared, directory, arguments, mode) {
            Err(error) if tries < MAX_TRIES && is_behind(&error) => {}
            done => break done?,
        }
    };
    facts_by_hand::show_import(plan, &report, mode)?;
    match done {
        Some(done) => plan.notices().write_all(pushed(shared, &done).as_bytes()).map_err(Error::from),
        None => Ok(()),
    }
}

/// One try: the report, and the push unless nothing is to be written.
fn import_once(
    plan: &Plan,
    shared: &SharedBook,
    directory: &Path,
    arguments: &ImportArguments,
    mode: Mode,
) -> Result<(FactsReport, Option<Pushed>), Error> {
    let session = plan.open_session()?;
    let Origin::Shared(version) = session.book().origin().clone() else { return Err(only_facts()) };
    let mut copy = MemoryBook::of(session.book())?;
    let _watch = plan.watch_change(session.book().stop());
    let report = import_facts(&mut copy.writer, directory, &arguments.options()?, mode, arguments.strict)?;
    if mode == Mode::DryRun {
        return Ok((report, None));
    }
    let name = directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let options = PushOptions {
        is_new: false,
        replaces: true,
        seen: Some(version.number),
        name: &name,
        program: env!("CARGO_PKG_VERSION"),
    };
    let done = copy.open()?.push(shared, options)?;
    Ok((report, Some(done)))
}

fn only_facts() -> Error {
    usage_error(
        "a book on a server takes a directory of facts by hand, and nothing else so far",
        "`export DIR --facts` writes one to fill in; tables are imported into a book in a file",
    )
}

/// True for the error of an entry before which another came.
fn is_behind(error: &Error) -> bool {
    matches!(error, Error::Store(StoreError { cause: StoreCause::Server(ServerCause::Behind { .. }), .. }))
}

/// Writes the shared book as one file.
///
/// # Errors
/// The book is on no server; the file exists, or can't be written.
pub(super) fn pull(plan: &Plan, file: &Path) -> Result<(), Error> {
    if plan.shared.is_none() {
        return Err(usage_error(
            "`pull` writes a book of a server as a file, and none is named",
            "`pledgebook ADDRESS pull FILE`",
        ));
    }
    export_file(plan, file)
}
