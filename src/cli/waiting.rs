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

/// A text as it came.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) text: String,
    /// Where U+FFFD stands in it for bytes that are no UTF-8.
    pub(super) strays: Vec<usize>,
}

impl From<String> for Received {
    fn from(text: String) -> Self {
        Self { text, strays: Vec::new() }
    }
}

impl Received {
    fn of(bytes: &[u8]) -> Self {
        let mut received = Self::default();
        for chunk in bytes.utf8_chunks() {
            received.text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                received.strays.push(received.text.len());
                received.text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        received
    }
}

/// All of standard input, whose entries stand for themselves.
///
/// # Errors
/// It can't be read, or is too long; Ctrl-C.
pub(super) fn standard_input(limits: Limits, stop: &Stop) -> Result<Received, Error> {
    until_stopped(stop, move || Ok(Received::of(&read_standard_input(limits)?)))
}

/// All of standard input as one text.
///
/// # Errors
/// As [`standard_input`], and for what is no UTF-8.
pub(super) fn standard_input_text(limits: Limits, stop: &Stop) -> Result<String, Error> {
    until_stopped(stop, move || {
        let not_text = |_| unreadable(StoreCause::Unreadable("it is no text in UTF-8".to_owned()));
        String::from_utf8(read_standard_input(limits)?).map_err(not_text)
    })
}

fn read_standard_input(limits: Limits) -> Result<Vec<u8>, StoreError> {
    library::read_bounded(io::stdin().lock(), limits).map_err(unreadable)
}

fn unreadable(cause: StoreCause) -> StoreError {
    StoreError { path: "standard input".into(), cause }
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
            Err(RecvTimeoutError::Timeout) => return Err(stop.cause()),
            Err(RecvTimeoutError::Disconnected) => return Err(Error::Fault("a text was not read".to_owned())),
        }
    }
}
