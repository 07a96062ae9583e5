//! The causes of failures, from the codes of PostgreSQL (SQLSTATE) and the kinds of error of the client: never from a message alone.

use crate::error::ServerCause;
use postgres::Error;
use postgres::error::{DbError, SqlState};
use std::error::Error as AnyError;
use std::io;

/// The class of codes of a login that is refused.
const AUTHORIZATION: &str = "28";

/// The cause of a failed connection.
pub(super) fn of_connecting(error: &Error) -> ServerCause {
    if let Some(found) = error.as_db_error() {
        return of_server(found);
    }
    let reasons = reasons(error);
    if let Some(tls) = reasons.iter().find_map(|reason| reason.downcast_ref::<rustls::Error>()) {
        return ServerCause::Untrusted(certificate_reason(tls));
    }
    let said = reasons.last().map_or_else(|| error.to_string(), ToString::to_string);
    match said.as_str() {
        "server does not support TLS" => ServerCause::NoEncryption,
        "password missing" => ServerCause::NoPassword,
        _ if error.to_string() == "authentication error" => ServerCause::LoginRefused(said),
        _ => ServerCause::Unreachable { why: system_reason(&reasons).unwrap_or(said), cached: None },
    }
}

/// The cause of a statement that failed.
pub(super) fn of_statement(error: &Error) -> ServerCause {
    match error.as_db_error() {
        Some(found) => of_server(found),
        None if error.is_closed() => {
            ServerCause::Unreachable { why: "the connection was closed".to_owned(), cached: None }
        }
        None => {
            let reasons = reasons(error);
            let said = reasons.last().map_or_else(|| error.to_string(), ToString::to_string);
            ServerCause::Unreachable { why: system_reason(&reasons).unwrap_or(said), cached: None }
        }
    }
}

/// The cause of rows that stopped on their way.
pub(super) fn of_stream(error: &io::Error) -> ServerCause {
    match error.get_ref().and_then(|within| within.downcast_ref::<Error>()) {
        Some(within) => of_statement(within),
        None => ServerCause::Unreachable { why: error.kind().to_string(), cached: None },
    }
}

/// The cause that the server has sent.
fn of_server(found: &DbError) -> ServerCause {
    let code = found.code();
    let message = first_line(found.message());
    if *code == SqlState::INSUFFICIENT_PRIVILEGE || *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return ServerCause::Denied(message);
    }
    if *code == SqlState::UNDEFINED_TABLE || *code == SqlState::INVALID_SCHEMA_NAME {
        return ServerCause::NoBook;
    }
    if *code == SqlState::DUPLICATE_SCHEMA {
        return ServerCause::HasBook;
    }
    if code.code().starts_with(AUTHORIZATION) {
        return ServerCause::LoginRefused(message);
    }
    ServerCause::Failed(message)
}

/// The errors behind an error, from the outermost.
fn reasons(error: &Error) -> Vec<&(dyn AnyError + 'static)> {
    let mut found: Vec<&(dyn AnyError + 'static)> = Vec::new();
    let mut next = error.source();
    while let Some(reason) = next {
        found.push(reason);
        // The error within one of the system's is no source of it, but its content.
        let within = reason.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = within.map(|within| within as &(dyn AnyError + 'static)).or_else(|| reason.source());
    }
    found
}

/// The system's reason without its number: `connection refused`.
fn system_reason(reasons: &[&(dyn AnyError + 'static)]) -> Option<String> {
    let error = reasons.iter().find_map(|reason| reason.downcast_ref::<io::Error>())?;
    error.raw_os_error().map(|_| error.kind().to_string())
}

/// The reason for which a certificate is not trusted.
fn certificate_reason(error: &rustls::Error) -> String {
    use rustls::CertificateError::{NotValidForName, NotValidForNameContext, UnknownIssuer};
    match error {
        rustls::Error::InvalidCertificate(UnknownIssuer) => "its certificate is of an unknown issuer".to_owned(),
        rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
            "its certificate is of another server".to_owned()
        }
        error => error.to_string(),
    }
}

/// The first line of a message of the server.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}
