//! What SQLite's result codes say of a file.

use crate::error::StoreCause;
use rusqlite::ErrorCode;

/// What SQLite's code says of the file.
pub(super) fn cause_of(error: &rusqlite::Error) -> StoreCause {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreCause::NotADatabase,
        Some(ErrorCode::DatabaseCorrupt) => StoreCause::Damaged(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreCause::Busy,
        _ => StoreCause::Refused(error.to_string()),
    }
}
