//! The address of a book on a server, and what the environment adds to it. A password is taken from the environment or from a file,
//! never from the command line, which others on the machine can read.

use super::arguments::{Action, Cli};
use super::config::{cache_directory, environment};
use crate::error::{Error, usage_error};
use crate::store::{Address, Freshness, Password, SharedBook, is_address};
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Refuses a command line with an address that has a password in it, or can't be read, wherever it stands: no message repeats it.
///
/// # Errors
/// The first such address.
pub(super) fn refuse_passwords(args: &[OsString]) -> Result<(), Error> {
    for arg in args {
        let text = arg.to_string_lossy();
        // Behind an option or a name: `--db=postgres://…`, `--attach n=postgres://…`.
        let value = text.split_once('=').map(|(_, value)| value).filter(|value| is_address(value));
        if let Some(address) = Some(&*text).filter(|text| is_address(text)).or(value) {
            Address::parse(address, role().as_deref())?;
        }
    }
    Ok(())
}

/// The book that the environment names, where the command line names none.
pub(super) fn book_of_environment() -> Option<PathBuf> {
    environment("PLEDGEBOOK_DB").filter(|book| !book.as_os_str().is_empty())
}

/// True for the address of a shared book in the place of a file.
pub(super) fn is_shared(book: &Path) -> bool {
    book.to_str().is_some_and(is_address)
}

/// The shared book of an address, with what the environment says of the way to it.
///
/// # Errors
/// It is no address, or has a password in it; `--fresh` and `--offline` are both given.
pub(super) fn shared_book(address: &OsStr, cli: &Cli, is_sandboxed: bool) -> Result<SharedBook, Error> {
    let address = Address::parse(&address.to_string_lossy(), role().as_deref())?;
    let freshness = match (cli.fresh, cli.offline) {
        (true, true) => {
            return Err(usage_error("`--fresh` asks the server, and `--offline` does not", "leave one of them out"));
        }
        (true, false) => Freshness::Fresh,
        (false, true) => Freshness::Offline,
        (false, false) => Freshness::ByVersion,
    };
    let home = || environment("HOME").map(|home| home.join(".pgpass"));
    Ok(SharedBook {
        address,
        password: env::var("PGPASSWORD").ok().filter(|password| !password.is_empty()).map(Password::new),
        pass_file: environment("PGPASSFILE").or_else(home),
        authorities: environment("PGSSLROOTCERT"),
        // What a stranger's text asks for leaves nothing behind.
        cache: if is_sandboxed { None } else { cache_directory() },
        freshness,
        pushes: environment("PLEDGEBOOK_NO_PUSH").is_none(),
    })
}

/// The role of an address that names none.
fn role() -> Option<String> {
    ["PGUSER", "USER", "LOGNAME"].into_iter().find_map(|name| env::var(name).ok()).filter(|role| !role.is_empty())
}

/// Refuses options of a shared book where none is asked.
pub(super) fn refuse_unused(cli: &Cli) -> Result<(), Error> {
    let option = if cli.fresh { "--fresh" } else { "--offline" };
    if cli.fresh || cli.offline {
        let message = format!("`{option}` is for a book on a server, and none is asked");
        return Err(usage_error(&message, "name one, as `--db postgres://ROLE@HOST/DATABASE`"));
    }
    Ok(())
}

/// Refuses a task that a shared book has no part in, or not yet.
pub(super) fn refuse_task(cli: &Cli, action: Option<&Action>, has_tables: bool) -> Result<(), Error> {
    use Action::{CheckBook, Diff, Drop};
    let help =
        "`pledgebook ADDRESS pull mine.db` writes it as a file: change that, then `pledgebook mine.db push ADDRESS`";
    match action {
        _ if cli.write => Err(usage_error("`--write` changes tables in a file, and the book is on a server", help)),
        Some(Drop { .. }) => Err(usage_error("a book on a server has no import to take back", help)),
        Some(CheckBook | Diff { .. }) => {
            Err(usage_error("`check-book` and `diff` are for books in files, and this one is on a server", help))
        }
        _ if has_tables => {
            Err(usage_error("tables are asked at once beside a file, and the book is on a server", help))
        }
        _ => Ok(()),
    }
}
