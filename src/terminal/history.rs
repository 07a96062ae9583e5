//! The history of the prompt in its file: a line an entry, behind a first line that names the format. The file
//! only ever grows by whole entries, or is written anew beside and takes its name when it is complete, so that neither a
//! kill nor a full disk takes earlier entries away. The editor's configuration decides which entries are kept.

use super::sanitize::{MAX_ENTRY_CHARS, sanitize};
use rustyline::error::ReadlineError;
use rustyline::history::{DefaultHistory, History};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The first line of the file: in the lines after it, `\n` is a line feed and `\\` a backslash.
const FORMAT_LINE: &str = "#V2";

/// The size of the largest file that is read.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Reads the history of earlier sessions, making the file's directory where it is missing. A file with many more
/// entries than are kept is rewritten.
///
/// # Errors
/// The file can't be read, holds something else, or is a device or a directory: to make it readable by its owner alone would
/// be the end of `/dev/null`.
pub(super) fn load(history: &mut DefaultHistory, path: &Path, max_entries: usize) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(io::Error::other("it is not a regular file")),
        Ok(found) if found.len() > MAX_FILE_BYTES => return Err(io::Error::other("it is longer than 64 MiB")),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return path.parent().map_or(Ok(()), fs::create_dir_all);
        }
        Err(error) => return Err(error),
    }
    let bytes = fs::read(path)?;
    let marked = bytes.strip_prefix(FORMAT_LINE.as_bytes()).and_then(|rest| rest.strip_prefix(b"\n"));
    let Some(lines) = marked.or_else(|| bytes.is_empty().then_some(&bytes[..])) else {
        return Err(io::Error::other("it holds something else"));
    };
    // Some other program may have spoilt a line.
    let entries: Vec<String> =
        lines.split(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok()).map(unescape).collect();
    for entry in entries.iter().map(|entry| sanitize(entry)).filter(|entry| is_recallable(entry)) {
        history.add(&entry).map_err(into_io_error)?;
    }
    if entries.len() > max_entries.saturating_mul(2) { rewrite(history, path) } else { Ok(()) }
}

fn is_recallable(entry: &str) -> bool {
    !entry.trim().is_empty() && entry.chars().count() <= MAX_ENTRY_CHARS
}

/// Adds an entry to the history, and to its file, made with mode 0600.
///
/// # Errors
/// The file can't be written.
pub(super) fn add(history: &mut DefaultHistory, entry: &str, path: Option<&Path>) -> io::Result<()> {
    let is_new = is_recallable(entry) && history.add(entry).map_err(into_io_error)?;
    match path {
        Some(path) if is_new => append(path, entry),
        _ => Ok(()),
    }
}

/// Writes one line at the end of the file, all of it or nothing.
fn append(path: &Path, entry: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    let mut file = owner_only(&mut options).open(path)?;
    restrict_to_owner(&file)?;
    let length = file.seek(SeekFrom::End(0))?;
    let mut text = String::new();
    if length == 0 {
        text = format!("{FORMAT_LINE}\n");
    } else if !ends_a_line(&mut file)? {
        text.push('\n');
    }
    text += &escape(entry);
    file.write_all(text.as_bytes()).inspect_err(|_| {
        // There is nothing else to do for half a line that can't be taken back.
        let _ = file.set_len(length);
    })
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

fn rewrite(history: &DefaultHistory, path: &Path) -> io::Result<()> {
    // A link is followed: the file is where it points.
    let path = path.canonicalize()?;
    let directory = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let mut file = tempfile::Builder::new().prefix(".history-").suffix(".part").tempfile_in(directory)?;
    let text: String = history.into_iter().map(|entry| escape(entry)).collect();
    file.write_all(format!("{FORMAT_LINE}\n{text}").as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Escapes an entry as a line.
fn escape(entry: &str) -> String {
    format!("{}\n", entry.replace('\\', "\\\\").replace('\n', "\\n"))
}

/// The entry of a line; any other backslash is literal.
fn unescape(line: &str) -> String {
    let mut entry = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        entry += before;
        let (stands_for, length) = match after.bytes().next() {
            Some(b'n') => ('\n', 1),
            Some(b'\\') => ('\\', 1),
            _ => ('\\', 0),
        };
        entry.push(stands_for);
        rest = &after[length..];
    }
    entry + rest
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn restrict_to_owner(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let is_open_to_others = file.metadata()?.permissions().mode() & 0o077 > 0;
    if is_open_to_others { file.set_permissions(fs::Permissions::from_mode(0o600)) } else { Ok(()) }
}

#[cfg(not(unix))]
fn restrict_to_owner(_: &File) -> io::Result<()> {
    Ok(())
}

/// Converts an error of the editor to one of input and output.
pub(super) fn into_io_error(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{add, escape, load, unescape};
    use rustyline::history::DefaultHistory;
    use std::fs;

    #[test]
    fn an_entry_is_a_line_and_comes_back() {
        for entry in ["select 1", "a\nb", r"a\nb", r"\", "a\\\nb", r"C:\new\\"] {
            assert_eq!(unescape(escape(entry).trim_end_matches('\n')), entry);
        }
        assert_eq!(unescape(r"\d+"), r"\d+");
    }

    /// The entries recalled from a file with these bytes, and the file after another entry was added.
    fn after(bytes: &[u8]) -> (Vec<String>, String) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        fs::write(&path, bytes).unwrap();
        let mut history = DefaultHistory::new();
        load(&mut history, &path, 3).unwrap();
        let recalled = history.into_iter().cloned().collect();
        add(&mut history, "new", Some(&path)).unwrap();
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        (recalled, fs::read_to_string(&path).unwrap_or_default())
    }

    #[test]
    fn what_is_recalled_can_be_drawn() {
        let (recalled, _) = after("#V2\nselect '\u{1b}]0;x\u{7}\u{202e}'\n\u{1b}\n".as_bytes());
        assert_eq!(recalled, ["select ']0;x'"]);
        assert_eq!(after(b"#V2\na\n\xff\nb\n").0, ["a", "b"]);
    }

    #[test]
    fn half_a_line_stays_alone() {
        assert_eq!(after(b"#V2\na\nsele").1, "#V2\na\nsele\nnew\n");
        assert_eq!(after(b"").1, "#V2\nnew\n");
    }

    #[test]
    fn what_is_no_history_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("it");
        for text in ["mode = \"csv\"\n", "#V2", "\0", "\n", "#V3\na\n"] {
            fs::write(&path, text).unwrap();
            assert!(load(&mut DefaultHistory::new(), &path, 3).is_err());
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn too_many_are_written_anew() {
        let many: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        let (recalled, file) = after(format!("#V2\n{}\n", many.join("\n")).as_bytes());
        assert_eq!((recalled.len(), file.lines().count()), (100, 102));
    }
}
