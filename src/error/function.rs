//! What can go wrong in a function that takes quantities, of SQL or of scripts: data, and words of its own only where
//! the two languages write the cure differently.

use super::{QuantityError, SupersededFact};

/// Why a function can't answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FunctionCause {
    /// A rule of quantities was broken.
    Quantity(Box<QuantityError>),
    /// It was given a value that it can't take.
    Argument {
        /// What is wrong with it.
        message: String,
        /// What to give instead.
        cure: String,
    },
    /// It was given a fact that a later one corrects.
    Superseded(SupersededFact),
    /// The book could not be asked, in SQLite's words.
    Book(String),
}

impl FunctionCause {
    /// A value that a function can't take.
    pub fn argument(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::Argument { message: message.into(), cure: cure.into() }
    }

    /// What is wrong, in a line.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Quantity(error) => error.message(),
            Self::Argument { message, .. } | Self::Book(message) => message.clone(),
            Self::Superseded(fact) => fact.message(),
        }
    }

    /// What stands beside the caret: the operands.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.label(),
            Self::Argument { .. } | Self::Superseded(_) | Self::Book(_) => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.cure(),
            _ => self.cure_in_sql(),
        }
    }

    /// What to do about it, in SQL.
    #[must_use]
    pub fn cure_in_sql(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.cure_in_sql(),
            Self::Argument { cure, .. } => Some(cure.clone()),
            Self::Superseded(fact) => Some(fact.cure()),
            Self::Book(_) => None,
        }
    }
}

impl From<QuantityError> for FunctionCause {
    fn from(error: QuantityError) -> Self {
        Self::Quantity(Box::new(error))
    }
}
