//! The address of a book on a PostgreSQL server, as `postgres://ann@db.example/newsroom`. It never holds a password: one that is
//! written into it is refused, and no message repeats the text that was typed, since a password may stand anywhere in it.

use crate::error::{Error, usage_error};
use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// The schemes of an address.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// The port of a server unless another is named.
const PORT: u16 = 5432;

/// The directory of the server's socket unless another is named, as Debian and libpq have it.
const SOCKET_DIRECTORY: &str = "/var/run/postgresql";

/// An address without a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) user: String,
    /// A name, an IP address, or the directory of a socket.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) database: String,
    /// The wish of `sslmode`.
    encryption: Encryption,
    /// The file of `sslrootcert`.
    pub(super) authorities: Option<PathBuf>,
}

/// The encryption of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// None on this machine, and TLS with a checked certificate elsewhere.
    ByPlace,
    Required,
    Off,
}

/// True for a text that begins as an address does.
#[must_use]
pub fn is_address(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}

impl Address {
    /// Reads an address. `user` is the role where it names none.
    ///
    /// # Errors
    /// A password is in it; it is no address.
    pub fn parse(text: &str, user: Option<&str>) -> Result<Self, Error> {
        let rest =
            SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme)).ok_or_else(|| wrong("it has no scheme"))?;
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (place, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (role, host) = place.rsplit_once('@').unwrap_or(("", place));
        if role.contains(':') {
            return Err(has_password());
        }
        let (host, port) = host_and_port(host)?;
        let user = Some(decoded(role)?).filter(|role| !role.is_empty()).or_else(|| user.map(str::to_owned));
        let mut address = Self {
            user: user.unwrap_or_default(),
            host: decoded(host)?,
            port,
            database: decoded(database)?,
            encryption: Encryption::ByPlace,
            authorities: None,
        };
        options.split('&').filter(|option| !option.is_empty()).try_for_each(|option| address.set(option))?;
        address.complete()
    }

    /// Applies an option behind the `?`.
    fn set(&mut self, option: &str) -> Result<(), Error> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = decoded(value)?;
        match name {
            "password" => return Err(has_password()),
            "host" => self.host = value,
            "user" => self.user = value,
            "dbname" => self.database = value,
            "port" => self.port = port(&value)?,
            "sslrootcert" => self.authorities = Some(value.into()),
            "sslmode" => {
                self.encryption = match value.as_str() {
                    "require" | "verify-ca" | "verify-full" => Encryption::Required,
                    "disable" | "allow" | "prefer" => Encryption::Off,
                    _ => return Err(wrong("its `sslmode` is none")),
                }
            }
            _ => {
                return Err(wrong(
                    "it has an option other than `host`, `port`, `user`, `dbname`, `sslmode`, `sslrootcert`",
                ));
            }
        }
        Ok(())
    }

    /// The address with what may be left out.
    fn complete(mut self) -> Result<Self, Error> {
        if self.host.is_empty() {
            SOCKET_DIRECTORY.clone_into(&mut self.host);
        }
        if self.user.is_empty() {
            return Err(wrong("it names no role"));
        }
        if self.database.is_empty() {
            self.database.clone_from(&self.user);
        }
        let is_several = self.host.contains(',') || (self.host.contains('/') && !self.host.starts_with('/'));
        if is_several {
            return Err(wrong("it names more than one server"));
        }
        Ok(self)
    }

    /// True for a socket of this machine.
    pub(super) fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    /// True for a server on this machine: what is sent to it crosses no network.
    fn is_local(&self) -> bool {
        let is_loopback = |host: &str| host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        self.is_socket() || self.host == "localhost" || is_loopback(&self.host)
    }

    /// True if the connection is encrypted; `None` if it would have to be, and the address asks for none.
    pub(super) fn is_encrypted(&self) -> Option<bool> {
        match self.encryption {
            Encryption::Off => self.is_local().then_some(false),
            Encryption::Required => Some(!self.is_socket()),
            Encryption::ByPlace => Some(!self.is_local()),
        }
    }

    /// The address as a path, for the errors that name one.
    pub(in crate::store) fn as_path(&self) -> PathBuf {
        Path::new(&self.to_string()).to_owned()
    }
}

impl Display for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (host, socket) = if self.is_socket() { ("", self.host.as_str()) } else { (self.host.as_str(), "") };
        write!(f, "postgres://{}@", encoded(&self.user))?;
        if host.contains(':') {
            write!(f, "[{host}]")?;
        } else {
            f.write_str(&encoded(host))?;
        }
        if self.port != PORT && socket.is_empty() {
            write!(f, ":{}", self.port)?;
        }
        write!(f, "/{}", encoded(&self.database))?;
        if !socket.is_empty() {
            write!(f, "?host={}", encoded(socket).replace("%2F", "/"))?;
            if self.port != PORT {
                write!(f, "&port={}", self.port)?;
            }
        }
        Ok(())
    }
}

/// The host and the port of `host:port`, where a host with colons is in brackets.
fn host_and_port(text: &str) -> Result<(&str, u16), Error> {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return Ok((host, if rest.is_empty() { PORT } else { port(rest.strip_prefix(':').unwrap_or(rest))? }));
    }
    match text.split_once(':') {
        None => Ok((text, PORT)),
        Some((host, number)) => Ok((host, port(number)?)),
    }
}

fn port(text: &str) -> Result<u16, Error> {
    text.parse().map_err(|_| wrong("its port is no number"))
}

/// A part of an address with `%2F` as the character that it stands for.
fn decoded(part: &str) -> Result<String, Error> {
    // A mark that parts an address is a password's as a rule.
    if part.contains(['@', '#']) {
        return Err(has_password());
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(match byte {
            b'%' => digit().zip(digit()).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()),
            byte => Some(byte),
        });
    }
    let bytes: Option<Vec<u8>> = bytes.into_iter().collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| !text.contains(char::is_control));
    text.ok_or_else(|| wrong("a `%` in it stands for no character"))
}

/// A part of an address as it is written.
fn encoded(part: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    part.bytes()
        .map(|byte| if is_plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The error of an address with a password in it.
fn has_password() -> Error {
    usage_error(
        "the address of a shared book has a password in it, which others on the machine can read",
        "leave it out: it is taken from `PGPASSWORD`, or from the file that `PGPASSFILE` names (~/.pgpass)",
    )
}

/// The error of a text that is no address, which is not repeated.
fn wrong(why: &str) -> Error {
    usage_error(
        &format!("the address of a shared book can't be read: {why}"),
        "write it as `postgres://ROLE@HOST/DATABASE`, or `postgres://ROLE@/DATABASE?host=/DIRECTORY` for a socket; `%40` stands for `@`",
    )
}

#[cfg(test)]
mod tests {
    use super::{Address, is_address};

    fn read(text: &str) -> Address {
        Address::parse(text, Some("me")).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn an_address_is_written_as_it_is_read() {
        for (text, written) in [
            ("postgres://ann@db.example/newsroom", "postgres://ann@db.example/newsroom"),
            ("postgresql://ann@db.example:5433/newsroom", "postgres://ann@db.example:5433/newsroom"),
            ("postgres://db.example", "postgres://me@db.example/me"),
            ("postgres://ann@/news?host=/tmp/s&port=5433", "postgres://ann@/news?host=/tmp/s&port=5433"),
            ("postgres://", "postgres://me@/me?host=/var/run/postgresql"),
            ("postgres://a%40b@[::1]:5433/x%2Fy?sslmode=disable", "postgres://a%40b@[::1]:5433/x%2Fy"),
            ("postgres://%2Ftmp%2Fs/news?user=bo", "postgres://bo@/news?host=/tmp/s"),
        ] {
            assert_eq!(read(text).to_string(), written, "{text}");
            assert_eq!(read(written).to_string(), written);
        }
        assert!(is_address("postgresql://x") && !is_address("postgres.db"));
    }

    #[test]
    fn only_this_machine_is_spoken_to_without_encryption() {
        for (text, encrypted) in [
            ("postgres://a@db.example/x", Some(true)),
            ("postgres://a@db.example/x?sslmode=verify-full", Some(true)),
            ("postgres://a@db.example/x?sslmode=prefer", None),
            ("postgres://a@db.example/x?sslmode=disable", None),
            ("postgres://a@localhost/x", Some(false)),
            ("postgres://a@127.0.0.9/x?sslmode=disable", Some(false)),
            ("postgres://a@[::1]/x?sslmode=require", Some(true)),
            ("postgres://a@/x?host=/tmp&sslmode=require", Some(false)),
            ("postgres://a@localhost.evil/x?sslmode=disable", None),
        ] {
            assert_eq!(read(text).is_encrypted(), encrypted, "{text}");
        }
    }

    #[test]
    fn a_password_is_refused_and_nothing_of_it_repeated() {
        for text in [
            "postgres://ann:secret@db/x",
            "postgres://ann:se@cret@db/x",
            "postgres://ann:5/secret@db/x",
            "postgres://ann:5#secret@db/x",
            "postgres://ann:5?secret@db/x",
            "postgres://ann:secret/x@db/x",
            "postgres://ann@db/x?password=secret",
            "postgres://ann@db/x?passwort=secret",
            "postgres://ann@db:secret/x",
            "postgres://ann@db/x?sslmode=secret",
            "postgres://ann@db/%ffsecret",
        ] {
            let error = Address::parse(text, None).expect_err(text);
            let report = error.report().expect("it is shown");
            assert!(!format!("{report:?}").contains("cret"), "{text}: {report:?}");
            assert_eq!(error.exit_code(), 2);
        }
    }

    #[test]
    fn an_address_says_what_it_lacks() {
        for (text, why) in [
            ("mysql://x", "it has no scheme"),
            ("postgres://db/x", "it names no role"),
            ("postgres://ann@a,b/x", "it names more than one server"),
            ("postgres://ann@db:x/x", "its port is no number"),
            ("postgres://ann@db/x?sslmode=maybe", "its `sslmode` is none"),
            ("postgres://ann@db/%zz", "a `%` in it stands for no character"),
            ("postgres://ann@db/x?colour=red", "`sslrootcert`"),
        ] {
            let error = Address::parse(text, None).expect_err(text).to_string();
            assert!(
                error.starts_with("the address of a shared book can't be read: ") && error.ends_with(why),
                "{error}"
            );
        }
    }
}
