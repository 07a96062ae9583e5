//! The file of passwords that libpq has (`~/.pgpass`): a line for each server, `host:port:database:role:password`, where `*` fits
//! anything, and `\` takes a `:` or a `\` as it stands. The first line that fits has the password.

use super::Address;
use crate::error::ServerCause;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The password of an address in the file at `path`; `None` where there is no file, or no line that fits.
///
/// # Errors
/// Others can read the file; it can't be read.
pub(super) fn find(path: &Path, address: &Address) -> Result<Option<String>, ServerCause> {
    let name = path.display().to_string();
    let unreadable = |why: ErrorKind| ServerCause::UnreadablePassFile(name.clone(), why.to_string());
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error.kind())),
        // A pipe would wait for somebody to write to it.
        Ok(found) if !found.is_file() => return Err(unreadable(ErrorKind::InvalidInput)),
        Ok(found) if is_open(&found) => return Err(ServerCause::OpenPassFile(name)),
        Ok(_) => {}
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(error.kind()))?;
    Ok(text.lines().find_map(|line| password(line, address)))
}

/// True for a file that others than its owner may read or write.
#[cfg(unix)]
fn is_open(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    false
}

/// The password of a line that fits an address.
fn password(line: &str, address: &Address) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let port = address.port.to_string();
    let mut rest = line;
    for wanted in [address.host.as_str(), &port, &address.database, &address.user] {
        let (field, after) = field(rest)?;
        // A socket is that of this machine.
        let is_fitting = field == wanted || (wanted.starts_with('/') && field == "localhost");
        if !is_fitting && rest.get(..2) != Some("*:") {
            return None;
        }
        rest = after;
    }
    // In the password a `:` needs no `\`, and may have one.
    let (mut password, mut chars) = (String::new(), rest.chars());
    while let Some(c) = chars.next() {
        password.push(if c == '\\' { chars.next()? } else { c });
    }
    Some(password)
}

/// The text before the first `:` that stands for itself, and what is behind it.
fn field(line: &str) -> Option<(String, &str)> {
    let (mut text, mut chars) = (String::new(), line.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            ':' => return Some((text, &line[at + 1..])),
            '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
            c => text.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Address, find, password};
    use crate::error::ServerCause;
    use std::fs;

    fn address(text: &str) -> Address {
        Address::parse(text, None).unwrap()
    }

    #[test]
    fn a_line_fits_as_libpq_has_it() {
        let there = address("postgres://ann@db.example:5433/news");
        for (line, expected) in [
            ("db.example:5433:news:ann:one", Some("one")),
            ("*:*:*:*:two", Some("two")),
            ("*:*:*:ann:a\\:b\\\\c", Some("a:b\\c")),
            ("*:*:*:ann:a:b", Some("a:b")),
            ("*:*:*:ann:", Some("")),
            ("other:5433:news:ann:no", None),
            ("*:5432:*:*:no", None),
            ("*:*:new:*:no", None),
            ("*:*:*:an:no", None),
            ("\\*:*:*:*:no", None),
            ("#*:*:*:*:no", None),
            ("db.example:5433:news", None),
            ("", None),
        ] {
            assert_eq!(password(line, &there).as_deref(), expected, "{line}");
        }
        let escaped = address("postgres://a%3Ab@/x?host=/tmp/s");
        assert_eq!(password("localhost:*:x:a\\:b:yes", &escaped).as_deref(), Some("yes"));
        assert_eq!(password("/tmp/s:5432:x:a\\:b:yes", &escaped).as_deref(), Some("yes"));
    }

    #[test]
    #[cfg(unix)]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let (path, there) = (directory.path().join("pgpass"), address("postgres://ann@db/x"));
        assert_eq!(find(&path, &there), Ok(None));
        fs::write(&path, "# mine\nelse:*:*:*:no\n*:*:*:*:yes\r\n*:*:*:*:later\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(find(&path, &there), Err(ServerCause::OpenPassFile(path.display().to_string())));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(find(&path, &there), Ok(Some("yes".to_owned())));
        fs::write(&path, b"\xff").unwrap();
        assert!(matches!(find(&path, &there), Err(ServerCause::UnreadablePassFile(..))));
        assert!(matches!(find(directory.path(), &there), Err(ServerCause::UnreadablePassFile(..))));
    }
}
