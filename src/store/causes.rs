//! What SQLite's result codes say of a file, and what SQLite is told of a function that failed.

use crate::error::{FunctionCause, StoreCause};
use rusqlite::{ErrorCode, ffi};

/// What SQLite's code says of the file.
pub(super) fn cause_of(error: &rusqlite::Error) -> StoreCause {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreCause::NotADatabase,
        Some(ErrorCode::DatabaseCorrupt) => StoreCause::Damaged(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreCause::Busy,
        // Its log lies beside it, and only who may write to it could put it in order.
        Some(ErrorCode::ReadOnly) => StoreCause::Unfinished,
        _ => match error {
            rusqlite::Error::Utf8Error(..) => StoreCause::NotABook("a name in it is no text in UTF-8".to_owned()),
            error => StoreCause::Refused(error.to_string()),
        },
    }
}

/// What SQLite passes on of a function's error; the error itself is kept elsewhere.
pub(super) fn of_function(cause: &FunctionCause) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(cause.message().into())
}

/// An error in SQLite's own form.
pub(super) fn failure(message: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(message))
}
