//! A directory that gets its name when it is complete, so that an export that fails leaves no half of one. Until then it is a hidden
//! directory beside its place. One that is there already is replaced only where that was asked for and nothing else is in it.

use super::output_file::unwritable;
use crate::error::{Error, StoreCause, StoreError, usage_error};
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use tempfile::{Builder, TempDir};

/// An output directory that is not complete.
pub(super) struct PendingDirectory {
    path: PathBuf,
    temp: TempDir,
    /// True if there is a directory of that name, which is replaced.
    replaces: bool,
}

impl PendingDirectory {
    /// Makes a directory for the files of one that is to be named `path`; with `force` it takes the place of one of which
    /// `is_replaceable` holds for the name of every file.
    ///
    /// # Errors
    /// There is something of that name that may not be replaced; the system refuses.
    pub(super) fn create(path: &Path, force: bool, is_replaceable: fn(&str) -> bool) -> Result<Self, Error> {
        let fail = |cause| Error::from(StoreError { path: path.to_owned(), cause });
        // A link is followed: its target is written.
        let target = path.canonicalize().unwrap_or_else(|_| path.components().collect());
        let replaces = match fs::metadata(&target) {
            Ok(found) if !found.is_dir() => return Err(fail(StoreCause::CannotWrite("it is a file".to_owned()))),
            Ok(_) => match other_entry(&target, is_replaceable).map_err(|error| fail(unwritable(&error)))? {
                Contents::Nothing => true,
                Contents::Replaceable if force => true,
                Contents::Replaceable => return Err(fail(StoreCause::output_exists())),
                Contents::Other(name) => {
                    let message =
                        format!("can't write `{}`: it has `{name}` in it, which no export made", path.display());
                    return Err(usage_error(&message, "name a directory that is not there yet"));
                }
            },
            Err(_) => false,
        };
        let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temp = builder().tempdir_in(directory).map_err(|error| fail(unwritable(&error)))?;
        Ok(Self { path: target, temp, replaces })
    }

    /// Creates a file in it; the name is a plain one.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn file(&self, name: &str) -> Result<BufWriter<File>, Error> {
        let made = File::create_new(self.temp.path().join(name));
        made.map(BufWriter::new)
            .map_err(|error| StoreError { path: self.path.join(name), cause: unwritable(&error) }.into())
    }

    /// The error with the path of this directory, if it is one of writing.
    pub(super) fn with_path(&self, error: Error) -> Error {
        match error {
            Error::Output(error) => StoreError { path: self.path.clone(), cause: unwritable(&error) }.into(),
            error => error,
        }
    }

    /// Gives the complete directory its name.
    ///
    /// # Errors
    /// The system's own; something of this name was made meanwhile.
    pub(super) fn finish(self) -> Result<(), Error> {
        let Self { path, temp, replaces } = self;
        let done = sync(temp.path()).and_then(|()| if replaces { replace(&temp, &path) } else { name(&temp, &path) });
        match done {
            // What was replaced is in the place of the temporary directory now, and goes with it.
            Ok(()) if replaces => drop(temp),
            Ok(()) => drop(temp.keep()),
            Err(error) => {
                let is_taken = error.kind() == io::ErrorKind::DirectoryNotEmpty;
                let cause = if is_taken { StoreCause::output_exists() } else { unwritable(&error) };
                return Err(StoreError { path, cause }.into());
            }
        }
        Ok(())
    }
}

/// The files of a directory.
enum Contents {
    Nothing,
    Replaceable,
    /// This one, and perhaps others, is none that an export made.
    Other(String),
}

fn other_entry(directory: &Path, is_replaceable: fn(&str) -> bool) -> io::Result<Contents> {
    let mut contents = Contents::Nothing;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type()?.is_file() || !is_replaceable(&name) {
            return Ok(Contents::Other(name));
        }
        contents = Contents::Replaceable;
    }
    Ok(contents)
}

/// The names of directories that are not complete.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".pledgebook-").suffix(".part");
    // A temporary directory is the owner's alone; this is to be one like any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder
}

/// Writes all files of a directory to the disk.
fn sync(directory: &Path) -> io::Result<()> {
    fs::read_dir(directory)?.try_for_each(|entry| File::open(entry?.path())?.sync_all())
}

/// Renames a directory to a name that nothing has.
#[cfg(target_os = "linux")]
fn name(temp: &TempDir, path: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, temp.path(), CWD, path, RenameFlags::NOREPLACE) {
        // The file system has no such flag.
        Err(rustix::io::Errno::INVAL) => fs::rename(temp.path(), path),
        done => done.map_err(io::Error::from),
    }
}

/// Renames a directory to a name that nothing has.
#[cfg(not(target_os = "linux"))]
fn name(temp: &TempDir, path: &Path) -> io::Result<()> {
    fs::rename(temp.path(), path)
}

/// Exchanges a directory and the one at a path.
#[cfg(target_os = "linux")]
fn replace(temp: &TempDir, path: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, temp.path(), CWD, path, RenameFlags::EXCHANGE) {
        Err(rustix::io::Errno::INVAL) => replace_by_steps(temp, path),
        done => done.map_err(io::Error::from),
    }
}

/// Exchanges a directory and the one at a path.
#[cfg(not(target_os = "linux"))]
fn replace(temp: &TempDir, path: &Path) -> io::Result<()> {
    replace_by_steps(temp, path)
}

/// Exchanges two directories where the system has no call for that: between two of the steps neither has the name.
fn replace_by_steps(temp: &TempDir, path: &Path) -> io::Result<()> {
    let aside = temp.path().with_extension("old");
    fs::rename(path, &aside)?;
    if let Err(error) = fs::rename(temp.path(), path) {
        fs::rename(&aside, path)?;
        return Err(error);
    }
    fs::rename(&aside, temp.path())
}
