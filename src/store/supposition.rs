//! One thing that a session supposes, and what rests on such things, as data. What becomes of the one is `supposed`'s, and
//! what rests on it is found out in `reliance`.

use crate::error::QuantityError;
use crate::quantity::{Assumption, Assumptions, Quantity};

/// One supposition.
#[derive(Debug, Clone, PartialEq)]
pub enum Supposed {
    /// What the figure of a fact would be.
    Figure(String, Quantity),
    /// An assumption of the book by its id, with the value that it takes.
    Assumption(String, Option<String>),
    /// A source whose statements are chosen where sources disagree.
    Preference(Assumption),
}

impl Supposed {
    /// The fact, the assumption, or the name of the preference.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Figure(id, _) | Self::Assumption(id, _) => id,
            Self::Preference(assumption) => assumption.name(),
        }
    }

    /// It as what a quantity rests on says it.
    ///
    /// # Errors
    /// It has no such form.
    pub fn assumption(&self) -> Result<Assumption, QuantityError> {
        match self {
            Self::Figure(id, quantity) => {
                Assumption::valued(id, quantity.amount().clone(), quantity.unit().cloned().unwrap_or_default())
            }
            Self::Assumption(id, None) => Assumption::named(id),
            Self::Assumption(id, Some(value)) => {
                let value: Quantity = value.parse()?;
                Assumption::valued(id, value.amount().clone(), value.unit().cloned().unwrap_or_default())
            }
            Self::Preference(assumption) => Ok(assumption.clone()),
        }
    }
}

/// The assumptions that the rows of a statement, of the result shown last or of a script's table may rest on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reliance {
    /// Those that can have changed quantities alone, each of which names what it rests on.
    pub named: Assumptions,
    /// Those that can have changed plain values, or which rows there are.
    pub unnamed: Assumptions,
}

impl Reliance {
    /// Whether it rests on the sources alone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.unnamed.is_empty()
    }

    /// Takes what something else rests on into account.
    pub fn meet(&mut self, other: &Self) {
        self.named = self.named.union(&other.named);
        self.unnamed = self.unnamed.union(&other.unnamed);
    }
}
