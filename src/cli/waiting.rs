//! Texts that may be long in coming, from a pipe or from a person: Ctrl-C ends the wait.

use crate::error::{Error, StoreCause, StoreError};
use crate::script::library;
use crate::store::{Limits, Stop};
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How often it is looked whether the wait is to end.
const GLANCE: Duration = Duration::from_millis(20);

/// The text of a script or SQL file.
///
/// # Errors
/// As [`library::read_text`], and Ctrl-C.
pub(super) fn text(path: &Path, limits: Limits, stop: &Stop) -> Result<String, Error> {
    if path.metadata().is_ok_and(|found| found.is_file()) {
        return Ok(library::read_text(path, limits)?);
    }
    let path = path.to_owned();
    until_stopped(stop, move || library::read_text(&path, limits))
}

/// All of standard input.
///
/// # Errors
/// It can't be read, is no text or too long; Ctrl-C.
pub(super) fn standard_input(limits: Limits, stop: &Stop) -> Result<String, Error> {
    until_stopped(stop, move || {
        let fail = |cause: StoreCause| StoreError { path: "standard input".into(), cause };
        let bytes = library::read_bounded(io::stdin().lock(), limits).map_err(fail)?;
        String::from_utf8(bytes).map_err(|_| fail(StoreCause::Unreadable("it is no text in UTF-8".to_owned())))
    })
}

/// Does work that the system may let wait for ever, in a thread that is left behind where it is stopped.
fn until_stopped<T: Send + 'static>(
    stop: &Stop,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Error> {
    let (done, result) = mpsc::channel();
    let worker = thread::Builder::new().name("waiting".into()).spawn(move || done.send(work()));
    worker.map_err(|error| Error::Fault(format!("a thread can't be started: {error}")))?;
    loop {
        match result.recv_timeout(GLANCE) {
            Ok(result) => return result.map_err(Error::from),
            Err(RecvTimeoutError::Timeout) if !stop.is_raised() => {}
            Err(RecvTimeoutError::Timeout) => return Err(stop.why()),
            Err(RecvTimeoutError::Disconnected) => return Err(Error::Fault("a text was not read".to_owned())),
        }
    }
}
