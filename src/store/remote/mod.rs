//! A book that several people share on a PostgreSQL server. The server keeps it; every question is answered by the SQLite in memory
//! that it is pulled into, as it is of the bundled book, and no text of a user reaches the server.
//!
//! Reading order: `address`; `server` for the connection, with `pass_file`, `tls` and `causes`; `factbook` for the tables as rows,
//! `snapshot` for what a transaction sees of them, `pull` and `cache` for reading, `server_tables` and `push` for writing. Imported
//! tables are in `shared_imports`; `sent_rows` writes their rows and `fetched_rows` reads them, when a statement first asks for them, both
//! by `copy_text`; `block_sums` has the server add them up. Without the feature `shared` all but the address is left out, and opening one says so.

// Without the client an address is read and shown, and nothing more is made of it.
#[cfg_attr(not(feature = "shared"), allow(dead_code))]
mod address;
#[cfg(feature = "shared")]
mod block_sums;
#[cfg(feature = "shared")]
mod cache;
#[cfg(feature = "shared")]
mod causes;
#[cfg(feature = "shared")]
mod copy_text;
#[cfg(feature = "shared")]
mod factbook;
#[cfg(feature = "shared")]
mod fetched_rows;
#[cfg(feature = "shared")]
mod pass_file;
#[cfg(feature = "shared")]
mod pull;
#[cfg(feature = "shared")]
mod push;
#[cfg(feature = "shared")]
mod sent_rows;
#[cfg(feature = "shared")]
mod server;
#[cfg(feature = "shared")]
mod server_tables;
#[cfg(feature = "shared")]
mod shared_imports;
#[cfg(feature = "shared")]
mod snapshot;
#[cfg(feature = "shared")]
mod tls;

pub use address::{Address, is_address};
#[cfg(feature = "shared")]
pub(super) use fetched_rows::{ReadError, RemoteRows};
#[cfg(feature = "shared")]
pub(super) use pull::read;

use crate::error::{ServerCause, StoreCause, StoreError};
use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;

/// The way to a shared book.
#[derive(Debug, Clone)]
pub struct SharedBook {
    /// Its address.
    pub address: Address,
    /// The password, where it comes from the environment.
    pub password: Option<Password>,
    /// The file of passwords.
    pub pass_file: Option<PathBuf>,
    /// The file of the authorities that are trusted, where it is not the system's.
    pub authorities: Option<PathBuf>,
    /// The directory of copies; `None` where none is kept.
    pub cache: Option<PathBuf>,
    /// The use of a copy.
    pub freshness: Freshness,
    /// True if the server may add rows up.
    pub pushes: bool,
}

impl SharedBook {
    /// The error of the book on the server.
    fn error(&self, cause: impl Into<StoreCause>) -> StoreError {
        StoreError { path: self.address.as_path(), cause: cause.into() }
    }
}

/// The use that is made of the copy of a shared book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// The copy, if the server has no later version.
    ByVersion,
    /// The server's rows, whatever its version.
    Fresh,
    /// The copy, without asking the server.
    Offline,
}

/// A password, which is never printed.
#[derive(Clone)]
#[cfg_attr(not(feature = "shared"), allow(dead_code))] // only a client reads it
pub struct Password(String);

impl Password {
    /// A password from the environment.
    #[must_use]
    pub fn new(password: String) -> Self {
        Self(password)
    }
}

impl Debug for Password {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// A version of a shared book that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedVersion {
    /// The address of the book.
    pub address: Address,
    /// The number of the version.
    pub number: i64,
    /// Who made it, when, and what it changed; `None` where the server was not asked.
    pub entry: Option<String>,
    /// The day of the copy that it was read from; `None` if it was read from the server.
    pub copied: Option<String>,
}

/// The options of [`super::Book::push`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushOptions<'p> {
    /// True if the book is to be made on the server.
    pub is_new: bool,
    /// True if rows of the server may be replaced.
    pub replaces: bool,
    /// The version that the changes were made in; `None` where the difference alone says what is changed.
    pub seen: Option<i64>,
    /// The name of the pushed book, for the journal.
    pub name: &'p str,
    /// The version of the program, for the server.
    pub program: &'p str,
}

/// A push that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The version that the book has now.
    pub version: i64,
    /// The change in words; `None` where the server had it all.
    pub change: Option<String>,
    /// True if the roles for readers and writers are there; `None` where the book was there already.
    pub has_roles: Option<bool>,
}

impl From<ServerCause> for StoreCause {
    fn from(cause: ServerCause) -> Self {
        Self::Server(cause)
    }
}

/// A text as a literal of the server's SQL.
#[cfg(feature = "shared")]
fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(not(feature = "shared"))]
mod without_client {
    //! A program without the client: each way to a server is an error that says so.

    use super::{PushOptions, Pushed, SharedBook, SharedVersion};
    use crate::error::{Error, ServerCause};
    use crate::store::block::{Block, BlockGroup};
    use crate::store::{Book, Stop};
    use rusqlite::Connection;
    use std::iter;

    /// Refuses to read a shared book.
    ///
    /// # Errors
    /// Always: there is no client.
    pub(in crate::store) fn read(shared: &SharedBook, _: &Stop) -> Result<(Connection, SharedVersion), Error> {
        Err(shared.error(ServerCause::NoClient).into())
    }

    /// The rows of a shared book, which there is none of.
    #[derive(Debug)]
    pub(in crate::store) enum RemoteRows {}

    /// The reason for which rows are not read.
    #[allow(dead_code)] // there are none to read
    pub(in crate::store) enum ReadError {
        /// SQLite does not take them.
        Sqlite(rusqlite::Error),
        /// They can't be had.
        Other(Error),
    }

    impl RemoteRows {
        pub(in crate::store) fn of(_: &Connection, _: &SharedBook, _: &Stop) -> Result<Option<Self>, Error> {
            Ok(None)
        }

        pub(in crate::store) fn tables(&self) -> iter::Empty<String> {
            match *self {}
        }

        pub(in crate::store) fn listing(&self) -> iter::Empty<(&str, &str, u64)> {
            match *self {}
        }

        pub(in crate::store) fn check_rows(&self, _: &str, _: u64) -> Result<(), Error> {
            match *self {}
        }

        pub(in crate::store) fn read_into(&self, _: &Connection, _: &str) -> Result<(), ReadError> {
            match *self {}
        }

        pub(in crate::store) fn add_up(&self, _: &Block) -> Result<Option<Vec<BlockGroup>>, Error> {
            match *self {}
        }

        pub(in crate::store) fn totals(&self, _: &str) -> Result<Vec<u32>, Error> {
            match *self {}
        }
    }

    impl Book {
        /// Refuses to push a book.
        ///
        /// # Errors
        /// Always: there is no client.
        pub fn push(&self, shared: &SharedBook, _: PushOptions<'_>) -> Result<Pushed, Error> {
            Err(shared.error(ServerCause::NoClient).into())
        }
    }
}
#[cfg(not(feature = "shared"))]
pub(super) use without_client::{ReadError, RemoteRows, read};
