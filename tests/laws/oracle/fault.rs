//! Why the oracle has no answer.

/// Either the statement has no meaning, or the semantics leave open what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The program must refuse it, or end with an error.
    Error,
    /// Nothing is asked of the program.
    Open,
}
