//! The kinds of values that a translated body computes with, each with the tag of its origin, and their conversion from and to
//! the engine's.

use crate::quantity::Traced;
use crate::script::value::{self, Scalar, scalar};
use crate::sql::Cell;
use rhai::{Dynamic, INT, ImmutableString};
use rust_decimal::Decimal;

/// A value with its tag.
#[derive(Debug, Clone)]
pub(in crate::script) struct Value {
    pub(super) kind: Kind,
    /// As [`Dynamic::tag`].
    pub(super) tag: i32,
}

/// A value without its tag.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Integer(INT),
    Decimal(Decimal),
    Quantity(Box<Traced>),
    Text(ImmutableString),
    Truth(bool),
    Null,
}

impl From<Kind> for Value {
    /// A value that is not from the book.
    fn from(kind: Kind) -> Self {
        Self { kind, tag: 0 }
    }
}

impl Value {
    /// The value of a statement that has none.
    pub(super) const UNIT: Self = Self { kind: Kind::Null, tag: 0 };

    /// A whole number.
    pub(in crate::script) const fn whole(number: INT, is_from_book: bool) -> Self {
        Self { kind: Kind::Integer(number), tag: if is_from_book { value::FROM_BOOK_TAG } else { 0 } }
    }

    /// Converts a value of the engine; `None` for one of another kind.
    pub(in crate::script) fn of(value: &Dynamic) -> Option<Self> {
        if value.is_shared() {
            return Self::of(&value.flatten_clone());
        }
        let kind = match scalar(value) {
            Scalar::Integer(whole) => Kind::Integer(whole),
            Scalar::Decimal(decimal) => Kind::Decimal(decimal),
            Scalar::Quantity(traced) => Kind::Quantity(Box::new(traced.clone())),
            // A character is a text to an operator, and no text to a function.
            Scalar::Text(_) if !value.is_string() => return None,
            Scalar::Text(text) => Kind::Text(text),
            Scalar::Truth(truth) => Kind::Truth(truth),
            Scalar::Null => Kind::Null,
            Scalar::Real(_) | Scalar::Other => return None,
        };
        Some(Self { kind, tag: value.tag() })
    }

    /// Converts a cell as [`value::from_cell`] does, or as [`value::from_cell_untagged`] if it is `given`; `null` is the tag of
    /// a NULL of its column.
    ///
    /// # Errors
    /// The cell, if it is of another kind.
    pub(super) fn of_cell(cell: Cell<'static>, given: bool, null: i32) -> Result<Self, Cell<'static>> {
        let kind = match cell {
            Cell::Null => return Ok(Self { kind: Kind::Null, tag: null }),
            Cell::Truth(truth) => Kind::Truth(truth),
            Cell::Integer(whole) => Kind::Integer(whole),
            Cell::Decimal(decimal) => Kind::Decimal(decimal),
            Cell::Text(text) => Kind::Text(text.into_owned().into()),
            Cell::Quantity(quantity) => Kind::Quantity(Box::new(Traced::from(*quantity))),
            other @ (Cell::Real(_) | Cell::StoredReal(_) | Cell::Blob(_)) => return Err(other),
        };
        Ok(Self { kind, tag: if given { 0 } else { value::FROM_BOOK_TAG } })
    }

    /// Converts it for the engine.
    pub(in crate::script) fn into_dynamic(self) -> Dynamic {
        let mut made = match self.kind {
            Kind::Integer(whole) => whole.into(),
            Kind::Decimal(decimal) => decimal.into(),
            Kind::Quantity(traced) => Dynamic::from(*traced),
            Kind::Text(text) => text.into(),
            Kind::Truth(truth) => truth.into(),
            Kind::Null => Dynamic::UNIT,
        };
        made.set_tag(self.tag);
        made
    }

    /// True if it comes from the book alone.
    pub(super) fn is_from_book(&self) -> bool {
        value::is_book_tag(self.tag)
    }
}
