//! `-o FILE`: the answer gets its name when it is complete, so that a failed question leaves no half of an answer. A device or
//! a pipe is written to as it is. On most file systems of Linux the incomplete file has no name, so that nothing is left of
//! it, even by a kill or a power failure; elsewhere it is a file beside its place.

use crate::error::{Error, StoreCause, StoreError, usage_error};
use crate::table::{Format, Medium, Selection};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, TempPath};

/// The file that `-o` names.
#[derive(Debug, Clone)]
pub(super) struct OutputFile {
    pub(super) path: PathBuf,
    /// True if an existing file is replaced.
    pub(super) force: bool,
    /// True if the ending of the path decided the format: an HTML file is a page then, and otherwise a bare table.
    pub(super) is_by_ending: bool,
    /// The command of the prompt that has named it, `.once` or `.output`.
    pub(super) command: Option<&'static str>,
}

/// An output file that is not complete.
pub(super) struct PendingFile {
    path: PathBuf,
    /// True if an existing file is replaced.
    force: bool,
    temp: TempFile,
}

/// The file that holds the results until they are complete.
enum TempFile {
    /// A file without a name, which the system removes at the end of the process.
    Anonymous(File),
    /// A file in the same directory, on systems without anonymous files.
    Named(TempPath),
    /// No file: a device or a pipe is written to directly.
    None,
}

impl OutputFile {
    /// The error of this file for a cause.
    fn error(&self, cause: StoreCause) -> Error {
        StoreError { path: self.path.clone(), cause }.into()
    }

    /// Returns an error for a file that exists and may not be written over.
    ///
    /// # Errors
    /// It is there.
    pub(super) fn refuse_existing(&self) -> Result<(), Error> {
        if self.force || !self.path.is_file() {
            return Ok(());
        }
        Err(self.error(match self.command {
            Some(command) => {
                let name = self.path.display().to_string();
                let quote = if name.contains(char::is_whitespace) { "'" } else { "" };
                StoreCause::OutputExists { by: format!("{command} --force {quote}{name}{quote}") }
            }
            None => StoreCause::output_exists(),
        }))
    }

    /// Creates the temporary file; the caller writes to it, flushes, and calls [`PendingFile::finish`].
    ///
    /// # Errors
    /// The file exists and may not be written over; it or its directory can't be written to.
    pub(super) fn create(&self) -> Result<(PendingFile, BufWriter<File>, Medium), Error> {
        let fail = |cause| self.error(cause);
        self.refuse_existing()?;
        // A link is followed: its target is written.
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let is_file = match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(fail(StoreCause::CannotWrite("it is a directory".to_owned()))),
            Ok(found) if found.is_file() && found.permissions().readonly() => {
                return Err(fail(StoreCause::CannotWrite("it is read-only".to_owned())));
            }
            // To rename a file onto a device would take the device away.
            Ok(found) => found.is_file(),
            Err(_) => true,
        };
        let (temp, file) = create_temp(&path, is_file).map_err(|error| fail(unwritable(&error)))?;
        let medium = if is_file { medium(&file).map_err(|error| fail(unwritable(&error)))? } else { Medium::Stream };
        Ok((PendingFile { path, force: self.force, temp }, BufWriter::new(file), medium))
    }
}

/// The medium of a document in this file.
fn medium(file: &File) -> io::Result<Medium> {
    let mut file = file.try_clone()?;
    Ok(Medium::File(Box::new(move |text| prepend(&mut file, text))))
}

/// Bytes of a file that are moved at once.
const CHUNK_BYTES: u64 = 1 << 20;

/// Inserts a text at the start of a file, whose contents are moved back in chunks, the last one first.
fn prepend(file: &mut File, text: &[u8]) -> io::Result<()> {
    let mut left = file.metadata()?.len();
    let mut chunk = Vec::new();
    while left > 0 {
        let length = left.min(CHUNK_BYTES);
        left -= length;
        chunk.clear();
        file.seek(SeekFrom::Start(left))?;
        Read::by_ref(file).take(length).read_to_end(&mut chunk)?;
        file.seek(SeekFrom::Start(left + text.len() as u64))?;
        file.write_all(&chunk)?;
    }
    file.rewind()?;
    file.write_all(text)?;
    file.seek(SeekFrom::End(0)).map(drop)
}

impl OutputFile {
    /// True if the ending of the path asks for a page with everything that an answer rests on; a format that is named asks for a bare
    /// table.
    pub(super) fn is_page(&self, format: Format) -> bool {
        self.is_by_ending && self.command.is_none() && matches!(format, Format::Html | Format::Markdown)
    }

    /// Writes a whole text and gives the file its name.
    ///
    /// # Errors
    /// As [`OutputFile::create`], and as the system writes.
    pub(super) fn write(&self, text: &str) -> Result<(), Error> {
        let (pending, mut file, _) = self.create()?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.flush());
        written.map_err(|error| self.error(unwritable(&error)))?;
        pending.finish()
    }

    /// The medium for results of this format: an HTML table that was requested by `--format` is not made a page.
    pub(super) fn medium_of(&self, format: Format, medium: Medium) -> Medium {
        if format == Format::Html && !self.is_by_ending { Medium::Stream } else { medium }
    }

    /// Returns an error for several results if the format holds one.
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
        Err(usage_error(&message, "`--result N` writes the Nth, counted from 1; `-o FILE.json` holds all"))
    }

    /// The error with the path of this file, if it is one of writing.
    pub(super) fn with_path(&self, error: Error) -> Error {
        match error {
            Error::Output(error) if error.kind() != io::ErrorKind::BrokenPipe => self.error(unwritable(&error)),
            error => error,
        }
    }
}

/// Opens the file that the results are written to until they are complete.
fn create_temp(path: &Path, is_file: bool) -> io::Result<(TempFile, File)> {
    if !is_file {
        return Ok((TempFile::None, OpenOptions::new().write(true).open(path)?));
    }
    if let Some((file, handle)) = create_anonymous(directory(path)) {
        return Ok((TempFile::Anonymous(handle), file));
    }
    let create = |path: &Path| OpenOptions::new().read(true).write(true).create_new(true).open(path);
    let (file, sibling) = sibling(path).make_in(directory(path), create)?.into_parts();
    Ok((TempFile::Named(sibling), file))
}

/// The cause of an error of writing. One of the program's own says in words what no file can hold.
pub(super) fn unwritable(error: &io::Error) -> StoreCause {
    StoreCause::CannotWrite(match error.kind() {
        io::ErrorKind::NotFound => "there is no such directory".to_owned(),
        io::ErrorKind::AlreadyExists => return StoreCause::output_exists(),
        io::ErrorKind::Other => error.to_string(),
        kind => kind.to_string(),
    })
}

/// The names of files beside this one that are not complete.
fn sibling(path: &Path) -> Builder<'_, 'static> {
    let mut builder = Builder::new();
    builder.prefix(path.file_name().unwrap_or_default()).suffix(".part");
    builder
}

/// The directory of a file.
fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl PendingFile {
    /// Gives the complete file its name.
    ///
    /// # Errors
    /// The system's own; a file of this name that was made meanwhile and may not be replaced.
    pub(super) fn finish(self) -> Result<(), Error> {
        let path = &self.path;
        let done = match self.temp {
            TempFile::Anonymous(file) if !self.force => link(&file, path),
            // Only a file with a name can replace another.
            TempFile::Anonymous(file) => sibling(path)
                .make_in(directory(path), |sibling| link(&file, sibling))
                .and_then(|named| named.into_temp_path().persist(path).map_err(io::Error::from)),
            TempFile::Named(sibling) => sibling.persist(path).map_err(io::Error::from),
            TempFile::None => Ok(()),
        };
        done.map_err(|error| StoreError { path: self.path.clone(), cause: unwritable(&error) }.into())
    }
}

/// A file in a directory that has no name yet, and a second handle to it; `None` if the file system has no such files.
#[cfg(target_os = "linux")]
fn create_anonymous(directory: &Path) -> Option<(File, File)> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = File::from(open(directory, flags, Mode::from_raw_mode(0o666)).ok()?);
    let handle = file.try_clone().ok()?;
    path_of(&handle).exists().then_some((file, handle))
}

/// Links an anonymous file to a path; fails if the path exists.
#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    linkat(CWD, path_of(file), CWD, path, AtFlags::SYMLINK_FOLLOW).map_err(io::Error::from)
}

/// The path under which the system lists an open file.
#[cfg(target_os = "linux")]
fn path_of(file: &File) -> std::path::PathBuf {
    use std::os::fd::AsRawFd;
    Path::new("/proc/self/fd").join(file.as_raw_fd().to_string())
}

/// Returns `None`: there are no anonymous files on this system.
#[cfg(not(target_os = "linux"))]
fn create_anonymous(_: &Path) -> Option<(File, File)> {
    None
}

/// Returns an error: there are no anonymous files on this system.
#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
