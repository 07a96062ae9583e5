//! One value of a result: what SQL and scripts hand to a sink. It knows nothing of how it will be printed.

use crate::quantity::Quantity;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// A value in a row. Text and bytes are borrowed while a row streams by, so that a machine format copies
/// nothing; [`Cell::into_owned`] keeps one.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// "Does not apply": SQL's NULL and Rhai's `()`; never the same as an unknown.
    Null,
    /// A script's `true` or `false` (SQL has none).
    Truth(bool),
    /// A 64-bit whole number.
    Integer(i64),
    /// A SQL REAL: binary, hence printed with `≈` in tables.
    Real(f64),
    /// An exact decimal of a script.
    Decimal(Decimal),
    /// Text, in the form it was stored; control characters are still in it.
    Text(Cow<'a, str>),
    /// Bytes.
    Blob(Cow<'a, [u8]>),
    /// A number with its unit, facts, stages and assumptions.
    Quantity(Box<Quantity>),
}

impl Cell<'_> {
    /// Whether SQL has to treat it as a quantity: it is one, or an exact decimal that no number of SQL can hold.
    #[must_use]
    pub fn is_quantity(&self) -> bool {
        match self {
            Cell::Quantity(_) => true,
            Cell::Decimal(decimal) => !decimal.is_integer() || i64::try_from(*decimal).is_err(),
            _ => false,
        }
    }

    /// The same value, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Null => Cell::Null,
            Cell::Truth(truth) => Cell::Truth(truth),
            Cell::Integer(whole) => Cell::Integer(whole),
            Cell::Real(real) => Cell::Real(real),
            Cell::Decimal(decimal) => Cell::Decimal(decimal),
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Blob(bytes) => Cell::Blob(Cow::Owned(bytes.into_owned())),
            Cell::Quantity(quantity) => Cell::Quantity(quantity),
        }
    }
}
