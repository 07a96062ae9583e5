//! Texts that may be long in coming, from a pipe or from a person: Ctrl-C ends the wait.

use crate::error::{Error, StoreCause, StoreError};
use crate::script::library;
use crate::store::{Limits, Stop};
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// The interval at which a wait looks for Ctrl-C and the limits.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Reads a script or SQL file.
///
/// # Errors
/// As [`library::read_text`], and Ctrl-C.
pub(super) fn read_file(path: &Path, limits: Limits, stop: &Stop) -> Result<String, Error> {
    if path.metadata().is_ok_and(|found| found.is_file()) {
        return Ok(library::read_text(path, limits)?);
    }
    let path = path.to_owned();
    interruptible(stop, move || library::read_text(&path, limits))
}

/// A text in which bytes that are not valid UTF-8 have been replaced.
#[derive(Debug, Default)]
pub(super) struct InputText {
    pub(super) text: String,
    /// The offsets in `text` of each U+FFFD that replaces such bytes.
    pub(super) invalid_offsets: Vec<usize>,
}

impl From<String> for InputText {
    fn from(text: String) -> Self {
        Self { text, invalid_offsets: Vec::new() }
    }
}

impl InputText {
    /// The text, which must be valid UTF-8.
    ///
    /// # Errors
    /// It is not.
    pub(super) fn into_utf8(self) -> Result<String, StoreError> {
        match self.invalid_offsets[..] {
            [] => Ok(self.text),
            _ => Err(unreadable(StoreCause::CannotReadText("it is no text in UTF-8".to_owned()))),
        }
    }

    fn of(bytes: &[u8]) -> Self {
        let mut input = Self::default();
        for chunk in bytes.utf8_chunks() {
            input.text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                input.invalid_offsets.push(input.text.len());
                input.text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        input
    }
}

/// Reads all of standard input. Bytes that are not valid UTF-8 make an error of their entry alone.
///
/// # Errors
/// It can't be read, or is too long; Ctrl-C.
pub(super) fn read_standard_input(limits: Limits, stop: &Stop) -> Result<InputText, Error> {
    interruptible(stop, move || {
        let bytes = library::read_bounded(io::stdin().lock(), limits).map_err(unreadable)?;
        Ok(InputText::of(&bytes))
    })
}

fn unreadable(cause: StoreCause) -> StoreError {
    StoreError { path: "standard input".into(), cause }
}

/// Does work that may block without end in a thread, which is left behind if Ctrl-C or a limit ends the wait.
fn interruptible<T: Send + 'static>(
    stop: &Stop,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Error> {
    let (done, result) = mpsc::channel();
    let worker = thread::Builder::new().name("waiting".into()).spawn(move || done.send(work()));
    worker.map_err(|error| Error::Fault(format!("a thread can't be started: {error}")))?;
    loop {
        match result.recv_timeout(POLL_INTERVAL) {
            Ok(result) => return result.map_err(Error::from),
            Err(RecvTimeoutError::Timeout) if !stop.is_raised() => {}
            Err(RecvTimeoutError::Timeout) => return Err(stop.cause()),
            Err(RecvTimeoutError::Disconnected) => return Err(Error::Fault("a text was not read".to_owned())),
        }
    }
}
