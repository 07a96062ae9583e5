//! One thing that a session supposes, as data. What becomes of it is `supposed`'s.

use crate::quantity::Quantity;

/// One supposition.
#[derive(Debug, Clone, PartialEq)]
pub enum Supposed {
    /// What the figure of a fact would be.
    Figure(String, Quantity),
    /// An assumption of the book by its id, with the value that it takes.
    Assumption(String, Option<String>),
}

impl Supposed {
    /// The fact or the assumption.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Figure(id, _) | Self::Assumption(id, _) => id,
        }
    }
}
