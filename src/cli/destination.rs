//! `-o FILE`: the answer takes its name when it is complete, so that a failed question leaves no half of an answer. A device
//! or a pipe is written to as it is.

use super::plan::Destination;
use super::unnamed;
use crate::error::{Error, StoreCause, StoreError, wrong};
use crate::table::{Format, Medium, Selection};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An answer that is being written.
pub(super) struct Unfinished {
    path: PathBuf,
    /// Whether it takes the place of a file of its name.
    force: bool,
    partial: Partial,
}

/// What an answer is until it is complete.
enum Partial {
    /// A file without a name, which goes with the process.
    Unnamed(File),
    /// A file beside its place, where there are none without a name.
    Beside(PathBuf),
    /// Nothing: it is written to its place at once.
    None,
}

impl Destination {
    /// Begins to write; the writer is the caller's until it is finished.
    ///
    /// # Errors
    /// The file exists and may not be written over; it or its directory can't be written to.
    pub(super) fn begin(&self) -> Result<(Unfinished, BufWriter<File>, Medium), Error> {
        let fail = |cause| Error::from(StoreError { path: self.path.clone(), cause });
        // A link is followed: the answer goes where it points.
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let is_file = match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(fail(StoreCause::Unwritable("it is a directory".to_owned()))),
            Ok(found) if found.is_file() && !self.force => return Err(fail(StoreCause::Exists)),
            Ok(found) if found.is_file() && found.permissions().readonly() => {
                return Err(fail(StoreCause::Unwritable("it is read-only".to_owned())));
            }
            // To rename a file onto a device would take the device away.
            Ok(found) => found.is_file(),
            Err(_) => true,
        };
        let (partial, file) = begun(&path, is_file).map_err(|error| fail(unwritable(&error)))?;
        let medium = if is_file { medium(&file).map_err(|error| fail(unwritable(&error)))? } else { Medium::Stream };
        Ok((Unfinished { path, force: self.force, partial }, BufWriter::new(file), medium))
    }
}

/// The file as what a document is written to.
fn medium(file: &File) -> io::Result<Medium> {
    let mut file = file.try_clone()?;
    Ok(Medium::File(Box::new(move |text| put_before(&mut file, text))))
}

/// How much of a file is moved at once.
const PIECE_BYTES: u64 = 1 << 20;

/// Puts a text before what a file holds, which is moved back piece by piece, the last one first.
fn put_before(file: &mut File, text: &[u8]) -> io::Result<()> {
    let mut left = file.metadata()?.len();
    let mut piece = Vec::new();
    while left > 0 {
        let length = left.min(PIECE_BYTES);
        left -= length;
        piece.clear();
        file.seek(SeekFrom::Start(left))?;
        Read::by_ref(file).take(length).read_to_end(&mut piece)?;
        file.seek(SeekFrom::Start(left + text.len() as u64))?;
        file.write_all(&piece)?;
    }
    file.rewind()?;
    file.write_all(text)?;
    file.seek(SeekFrom::End(0)).map(drop)
}

impl Destination {
    /// What results of this format are written to: a table that is asked for by its name is no page.
    pub(super) fn medium_of(&self, format: Format, medium: Medium) -> Medium {
        if format == Format::Html && !self.is_by_ending { Medium::Stream } else { medium }
    }

    /// Refuses an answer of several results where the file holds one.
    ///
    /// # Errors
    /// There were several.
    pub(super) fn refuse_several(&self, format: Format, selection: &Selection) -> Result<(), Error> {
        if !selection.is_refused() {
            return Ok(());
        }
        let message = format!(
            "can't write `{}`: the answer has several results, and a file of {} holds one",
            self.path.display(),
            format.name()
        );
        Err(wrong(&message, "`--result N` writes the Nth, counted from 1; `-o FILE.json` holds all"))
    }

    /// An answer that could not be written, told with the name of its file.
    pub(super) fn told_of(&self, error: Error) -> Error {
        match error {
            Error::Output(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                StoreError { path: self.path.clone(), cause: unwritable(&error) }.into()
            }
            error => error,
        }
    }
}

/// What the answer is written to.
fn begun(path: &Path, is_file: bool) -> io::Result<(Partial, File)> {
    if !is_file {
        return Ok((Partial::None, OpenOptions::new().write(true).open(path)?));
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Some((file, kept)) = unnamed::create(directory) {
        return Ok((Partial::Unnamed(kept), file));
    }
    let beside = beside(path);
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(&beside)?;
    Ok((Partial::Beside(beside), file))
}

fn unwritable(error: &io::Error) -> StoreCause {
    StoreCause::Unwritable(match error.kind() {
        io::ErrorKind::NotFound => "there is no such directory".to_owned(),
        kind => kind.to_string(),
    })
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
    /// As the system refuses it; a file has come to have its name meanwhile, and may not be written over.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        let done = match &self.partial {
            Partial::Unnamed(file) if !self.force => unnamed::name(file, &self.path),
            Partial::Unnamed(file) => {
                // No file can be put in the place of another but by its name.
                let beside = beside(&self.path);
                let named = unnamed::name(file, &beside);
                self.partial = Partial::Beside(beside);
                named.and_then(|()| self.put_in_place())
            }
            _ => self.put_in_place(),
        };
        done.map_err(|error| {
            let cause = match error.kind() {
                io::ErrorKind::AlreadyExists => StoreCause::Exists,
                kind => StoreCause::Unwritable(kind.to_string()),
            };
            StoreError { path: self.path.clone(), cause }.into()
        })
    }

    fn put_in_place(&mut self) -> io::Result<()> {
        if let Partial::Beside(beside) = &self.partial {
            fs::rename(beside, &self.path)?;
            self.partial = Partial::None;
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Partial::Beside(partial) = &self.partial {
            // There is nothing else to do for one that can't be removed.
            let _ = fs::remove_file(partial);
        }
    }
}
