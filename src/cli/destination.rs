//! `-o FILE`: the answer is written beside the file and takes its name when it is complete, so that a failed question
//! leaves no half of an answer. A device or a pipe is written to as it is.

use super::plan::Destination;
use crate::error::{Error, StoreCause, StoreError};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// An answer that is being written.
pub(super) struct Unfinished {
    path: PathBuf,
    /// Where it is written until it is complete; `None` where it goes to its place at once.
    partial: Option<PathBuf>,
}

impl Destination {
    /// Begins to write; the writer is the caller's until it is finished.
    ///
    /// # Errors
    /// The file exists and may not be written over; it or its directory can't be written to.
    pub(super) fn begin(&self) -> Result<(Unfinished, BufWriter<File>), Error> {
        let fail = |cause| Error::from(StoreError { path: self.path.clone(), cause });
        let refused = |error: io::Error| {
            fail(StoreCause::Unwritable(match error.kind() {
                io::ErrorKind::NotFound => "there is no such directory".to_owned(),
                kind => kind.to_string(),
            }))
        };
        // A link is followed: the answer goes where it points.
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let partial = match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(fail(StoreCause::Unwritable("it is a directory".to_owned()))),
            Ok(found) if found.is_file() && !self.force => return Err(fail(StoreCause::Exists)),
            Ok(found) if found.is_file() && found.permissions().readonly() => {
                return Err(fail(StoreCause::Unwritable("it is read-only".to_owned())));
            }
            // To rename a file onto a device would take the device away.
            Ok(found) if !found.is_file() => None,
            _ => Some(beside(&path)),
        };
        let mut options = OpenOptions::new();
        let file = match &partial {
            Some(partial) => options.write(true).create_new(true).open(partial),
            None => options.write(true).open(&path),
        };
        Ok((Unfinished { path, partial }, BufWriter::new(file.map_err(refused)?)))
    }
}

/// A name in the same directory that nobody else uses.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

impl Unfinished {
    /// Gives the complete answer its name.
    ///
    /// # Errors
    /// As the system refuses it.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        let Some(partial) = &self.partial else { return Ok(()) };
        fs::rename(partial, &self.path).map_err(|error| StoreError {
            path: self.path.clone(),
            cause: StoreCause::Unwritable(error.kind().to_string()),
        })?;
        self.partial = None;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(partial) = &self.partial {
            // There is nothing else to do for one that can't be removed.
            let _ = fs::remove_file(partial);
        }
    }
}
