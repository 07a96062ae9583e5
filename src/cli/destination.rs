//! `-o FILE`: the answer is written beside the file and takes its name when it is complete, so that a failed question
//! leaves no half of an answer.

use super::plan::Destination;
use crate::error::{Error, StoreCause, StoreError};
use std::fs::{self, File, OpenOptions};
use std::io::BufWriter;
use std::path::PathBuf;

/// An answer that is being written.
pub(super) struct Unfinished {
    path: PathBuf,
    partial: PathBuf,
}

impl Destination {
    /// Begins to write; the writer is the caller's until it is finished.
    ///
    /// # Errors
    /// The file exists and may not be written over; its directory can't be written to.
    pub(super) fn begin(&self) -> Result<(Unfinished, BufWriter<File>), Error> {
        let fail = |cause| Error::from(StoreError { path: self.path.clone(), cause });
        if self.path.is_dir() {
            return Err(fail(StoreCause::Directory));
        }
        if self.path.exists() && !self.force {
            return Err(fail(StoreCause::Exists));
        }
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let partial = self.path.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&partial);
        let file = file.map_err(|error| fail(StoreCause::Refused(error.kind().to_string())))?;
        Ok((Unfinished { path: self.path.clone(), partial }, BufWriter::new(file)))
    }
}

impl Unfinished {
    /// Gives the complete answer its name.
    ///
    /// # Errors
    /// As the system refuses it.
    pub(super) fn finish(self) -> Result<(), Error> {
        let renamed = fs::rename(&self.partial, &self.path);
        renamed.map_err(|error| {
            StoreError { path: self.path.clone(), cause: StoreCause::Refused(error.kind().to_string()) }.into()
        })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After `finish` there is nothing left of it to remove.
        let _ = fs::remove_file(&self.partial);
    }
}
