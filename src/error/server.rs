//! The causes of errors with a book that is shared on a server, each with its help. None holds a password, and none a text that may
//! have one in it.

/// The cause of an error with a shared book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerCause {
    /// A program that was built without the client.
    NoClient,
    /// A server that can't be reached, and why; `cached` says which copy of the book is at hand.
    Unreachable {
        /// The system's reason.
        why: String,
        /// The copy, as `version 412 of 2026-11-27`.
        cached: Option<String>,
    },
    /// A certificate that is not trusted, and why.
    Untrusted(String),
    /// The file of authorities that can't be read, and why.
    Authorities(String),
    /// An address that asks for no encryption, of a server elsewhere.
    Unencrypted,
    /// A server elsewhere that offers no encryption.
    NoEncryption,
    /// A login that the server refuses: its message.
    LoginRefused(String),
    /// A password that is asked for and not at hand.
    NoPassword,
    /// A file of passwords that others can read.
    OpenPassFile(String),
    /// A file of passwords that can't be read: its path and why.
    UnreadablePassFile(String, String),
    /// A database without a book.
    NoBook,
    /// A database that has a book where one was to be made.
    HasBook,
    /// A server whose texts are not in UTF-8: their encoding.
    Encoding(String),
    /// Tables of a later version of the program: what this one does not know.
    NewerTables(String),
    /// Rows that are no book: the first thing that is wrong.
    NotABook(String),
    /// A right that the role lacks: the server's message.
    Denied(String),
    /// A book that has moved on while something was to be written.
    Behind {
        /// The version that was seen.
        seen: i64,
        /// The version now, with who made it, when, and what it changed.
        now: String,
    },
    /// Rows of the server that the pushed book lacks or has otherwise: how many, and the first.
    Losing {
        /// Their number in words.
        rows: String,
        /// The first of them.
        first: String,
    },
    /// A book that holds what is not shared.
    NotShareable(String),
    /// Rows of an imported table that are not those that were imported.
    ChangedRows {
        /// The imported table.
        table: String,
        /// True if they were to be pushed, false if they were read.
        is_sent: bool,
    },
    /// Rows of an imported table of an older version that the server has no more: the table.
    RowsGone(String),
    /// Rows of an imported table of which there is no copy: the table.
    NoRows(String),
    /// A book with a value that the server can't keep.
    NotStorable(String),
    /// No copy of the book at hand.
    NoCopy,
    /// Any other failure of the server: its message.
    Failed(String),
}

impl ServerCause {
    /// The exit code of the process.
    pub(super) fn exit_code(&self) -> u8 {
        if matches!(self, Self::Denied(_)) { 6 } else { 3 }
    }

    /// The verb of what can't be done, the cause and the help.
    pub(super) fn verb_why_and_help(&self) -> (&'static str, String, Option<String>) {
        let with = |verb: &'static str, why: &str, help: &str| (verb, why.to_owned(), Some(help.to_owned()));
        match self {
            Self::NoClient => with(
                "open",
                ": this build has no PostgreSQL client",
                "install the full one, or build with `--features shared`",
            ),
            Self::Unreachable { why, cached } => {
                let offline = cached.as_ref().map(|copy| format!(" `--offline` asks the copy here, {copy}"));
                let help = format!("is the server running?{}", offline.unwrap_or_default());
                ("reach", format!(": {why}"), Some(help))
            }
            Self::Untrusted(why) => with(
                "trust",
                &format!(": {why}"),
                "name the authority's file with `PGSSLROOTCERT`, or as `?sslrootcert=FILE`",
            ),
            Self::Authorities(why) => {
                with("trust", &format!(": {why}"), "`PGSSLROOTCERT` names a file of certificates in PEM")
            }
            Self::Unencrypted => with(
                "send a password to",
                " without encryption",
                "add `?sslmode=require`, or use an ssh tunnel to localhost",
            ),
            Self::NoEncryption => with(
                "send a password to",
                ": the server offers no encryption",
                "turn on `ssl` there, or use an ssh tunnel to localhost",
            ),
            Self::LoginRefused(_) | Self::NoPassword | Self::OpenPassFile(_) | Self::UnreadablePassFile(..) => {
                self.login_why_and_help()
            }
            Self::Denied(why) => with(
                "use",
                &format!(": {why}"),
                "the owner of the book gives `pb_reader` or `pb_writer`: `grant pb_reader to ROLE`",
            ),
            Self::Failed(why) => ("use", format!(": {why}"), None),
            _ => self.book_why_and_help(),
        }
    }

    /// The same, of a login.
    fn login_why_and_help(&self) -> (&'static str, String, Option<String>) {
        let from = "a password is taken from `PGPASSWORD`, or from the file that `PGPASSFILE` names (~/.pgpass), never from the \
                    command line";
        let (why, help) = match self {
            Self::LoginRefused(why) => (format!(": {why}"), from.to_owned()),
            Self::OpenPassFile(path) => {
                (format!(": others can read the passwords in `{path}`"), format!("`chmod 600 {path}` closes it"))
            }
            Self::UnreadablePassFile(path, why) => {
                (format!(": the passwords in `{path}` can't be read: {why}"), from.to_owned())
            }
            _ => (": it asks for a password, and there is none".to_owned(), from.to_owned()),
        };
        ("log in to", why, Some(help))
    }

    /// The same, of a book that is not as it must be.
    fn book_why_and_help(&self) -> (&'static str, String, Option<String>) {
        let with = |verb: &'static str, why: String, help: &str| (verb, why, Some(help.to_owned()));
        match self {
            Self::NoBook => with(
                "open",
                ": there is no book in that database".to_owned(),
                "`pledgebook [BOOK] push ADDRESS --create` makes one",
            ),
            Self::HasBook => with("make a book in", ": there is one".to_owned(), "leave out `--create` to add to it"),
            Self::Encoding(encoding) => with(
                "open",
                format!(": its texts are in {encoding}, not in UTF-8"),
                "make a database with `create database … encoding 'UTF8' template template0`",
            ),
            Self::NewerTables(what) => with(
                "open",
                format!(": it has {what}, which this program does not know"),
                "open it with the pledgebook that made it, or a later one",
            ),
            Self::NotABook(why) => with(
                "open",
                format!(" as a book: {why}"),
                "its rows must be as schema.sql has them: whoever changed them on the server has to mend that there",
            ),
            Self::Behind { seen, now } => with(
                "write",
                format!(": the book has moved on from version {seen} to {now}"),
                "nothing was written: `push` again compares with what is there now",
            ),
            Self::Losing { rows, first } => with(
                "write",
                format!(": {rows} of it would go or be other ones, the first {first}"),
                "nothing was written: `pull` it, make the change there and push that; `--force` replaces what is there",
            ),
            Self::NotShareable(what) => with(
                "write",
                format!(": the book has {what}, and only facts and imported tables are shared"),
                "push a book without it: `--write -c 'drop table NAME'` takes a table of your own away",
            ),
            Self::ChangedRows { .. } | Self::RowsGone(_) | Self::NoRows(_) => self.rows_why_and_help(),
            Self::NotStorable(what) => {
                with("write", format!(": {what}, which the server can't keep"), "mend it in the book that is pushed")
            }
            _ => with("open", ": there is no copy of it here".to_owned(), "leave `--offline` out to ask the server"),
        }
    }

    /// The same, of the rows of an imported table.
    fn rows_why_and_help(&self) -> (&'static str, String, Option<String>) {
        let with = |verb: &'static str, why: String, help: &str| (verb, why, Some(help.to_owned()));
        match self {
            Self::ChangedRows { table, is_sent: true } => with(
                "write",
                format!(": the rows of `{table}` are not those that were imported"),
                "`check-book` says more of the book that is pushed; `drop SOURCE` takes the import back, to be made again",
            ),
            Self::ChangedRows { table, .. } => with(
                "read",
                format!(": the rows of `{table}` there are not those that were imported"),
                "whoever changed them on the server has to mend that there, or the table is pushed again from a file",
            ),
            Self::RowsGone(table) => with(
                "read",
                format!(": the rows of `{table}` are gone with their version of the book"),
                "ask again, which asks the newest version",
            ),
            Self::NoRows(table) => with(
                "read",
                format!(": there is no copy of the rows of `{table}` here"),
                "leave `--offline` out to ask the server",
            ),
            other => ("use", format!(": {other:?}"), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ServerCause;
    use crate::error::{Error, StoreCause, StoreError};

    #[test]
    fn what_no_server_of_the_tests_does_has_its_words() {
        for (cause, message, help) in [
            (
                ServerCause::NoClient,
                "can't open `postgres://a@b/c`: this build has no PostgreSQL client",
                "install the full one, or build with `--features shared`",
            ),
            (
                ServerCause::Untrusted("its certificate is of an unknown issuer".to_owned()),
                "can't trust `postgres://a@b/c`: its certificate is of an unknown issuer",
                "name the authority's file with `PGSSLROOTCERT`, or as `?sslrootcert=FILE`",
            ),
            (
                ServerCause::Unreachable {
                    why: "timed out".to_owned(),
                    cached: Some("version 412 of 2026-11-27".to_owned()),
                },
                "can't reach `postgres://a@b/c`: timed out",
                "is the server running? `--offline` asks the copy here, version 412 of 2026-11-27",
            ),
        ] {
            let error: Error = StoreError { path: "postgres://a@b/c".into(), cause: StoreCause::Server(cause) }.into();
            let report = error.report().unwrap();
            assert_eq!((report.message.as_str(), report.help.as_deref()), (message, Some(help)));
            assert_eq!(error.exit_code(), 3);
        }
    }
}
