//! A file that has no name until it is complete: whatever ends the program before, be it a kill or a fallen machine, leaves
//! nothing behind. Linux has such files, on most of its file systems; elsewhere there is none.

use std::fs::File;
use std::io;
use std::path::Path;

/// A file in a directory, to write to and to give a name later; `None` where there can be none without a name.
#[cfg(target_os = "linux")]
pub(super) fn create(directory: &Path) -> Option<(File, File)> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = File::from(open(directory, flags, Mode::from_raw_mode(0o666)).ok()?);
    let kept = file.try_clone().ok()?;
    path_of(&kept).exists().then_some((file, kept))
}

/// Gives a file its name.
///
/// # Errors
/// The name is taken; the system's own.
#[cfg(target_os = "linux")]
pub(super) fn name(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    linkat(CWD, path_of(file), CWD, path, AtFlags::SYMLINK_FOLLOW).map_err(io::Error::from)
}

/// Where the system shows an open file.
#[cfg(target_os = "linux")]
fn path_of(file: &File) -> std::path::PathBuf {
    use std::os::fd::AsRawFd;
    Path::new("/proc/self/fd").join(file.as_raw_fd().to_string())
}

/// None.
#[cfg(not(target_os = "linux"))]
pub(super) fn create(_: &Path) -> Option<(File, File)> {
    None
}

/// Nothing comes here.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub(super) fn name(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
