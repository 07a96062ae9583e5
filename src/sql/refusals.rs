//! Statements that are refused by their text, before SQLite prepares them.

use super::counting::too_far;
use super::diagnose::Context;
use crate::error::{Error, SqlCause};
use crate::store::{RESERVED_PREFIX, is_reserved};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

impl Context {
    /// Refuses a series that would count past the end of 64 bits and begin again from below.
    ///
    /// # Errors
    /// It would.
    pub(super) fn refuse_endless_series(&self) -> Result<(), Error> {
        too_far(self.sql()).map_or(Ok(()), |token| Err(self.at_token(SqlCause::TooFar, Some(&token))))
    }

    /// Refuses a statement with a NUL in it: SQLite reads no further, and would answer half of what was asked.
    ///
    /// # Errors
    /// It has one.
    pub(super) fn refuse_nul(&self) -> Result<(), Error> {
        let Some(at) = self.sql().find('\0') else { return Ok(()) };
        let message = "the statement has a character of no text in it, U+0000".to_owned();
        Err(self.at(SqlCause::Other { message }, at, 1))
    }

    /// Refuses a statement that has a name of the program's own: by one it could read a figure as text, or forge a quantity.
    ///
    /// # Errors
    /// It has one.
    pub(super) fn refuse_reserved(&self) -> Result<(), Error> {
        let is_name = |token: &Token| {
            let text = token.text(self.sql()).trim_matches(['"', '`', '[', ']', '\'']);
            matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::Text) && is_reserved(text)
        };
        let Some(token) = tokens(self.sql()).find(is_name) else { return Ok(()) };
        let action = format!("name what begins with `{RESERVED_PREFIX}`: it is the program's own");
        let cause = SqlCause::Denied {
            action,
            cure: "read a quantity from a view, and the newest result as `last`".to_owned(),
        };
        Err(self.at_token(cause, Some(&token)))
    }

    /// A table outlives what is supposed when it is filled, and a plain number in it would not say what it rests on.
    ///
    /// # Errors
    /// The statement fills one from what may rest on an assumption.
    pub(super) fn refuse_storing_supposed(&self, is_stored: bool) -> Result<(), Error> {
        if !is_stored {
            return Ok(());
        }
        let action = "store what may rest on an assumption".to_owned();
        let cure = "`create temp view` reads it anew each time; or take it back first by `.assume none`, and ask anew"
            .to_owned();
        let first = tokens(self.sql()).find(|token| token.kind != TokenKind::Comment);
        Err(self.at_token(SqlCause::Denied { action, cure }, first.as_ref()))
    }
}
