//! What the counters of an instrumented statement are about: the kinds of coercions that are counted, and the place of each counter as
//! it is written.

use std::collections::BTreeSet;

/// The kinds of coercions of a statement that are to be counted.
#[derive(Debug, Default)]
pub(super) struct CountedCoercions {
    pub(super) divisions: bool,
    /// Operators with a text, as SQL writes them.
    pub(super) operators: BTreeSet<&'static str>,
    /// Functions with a text, in lower case.
    pub(super) functions: BTreeSet<String>,
    pub(super) casts: bool,
    pub(super) conditions: bool,
}

impl CountedCoercions {
    pub(super) fn is_empty(&self) -> bool {
        let Self { divisions, operators, functions, casts, conditions } = self;
        !divisions && operators.is_empty() && functions.is_empty() && !casts && !conditions
    }
}

/// A place of which losses are counted, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Counter {
    /// A division, with its operands.
    Division { left: String, right: String },
    /// A value that is read as a number.
    Number { text: String, is_whole: bool, is_literal: bool },
}

impl Counter {
    /// The same with other texts.
    pub(super) fn map(self, other: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Division { left, right } => Self::Division { left: other(&left), right: other(&right) },
            Self::Number { text, is_whole, is_literal } => Self::Number { text: other(&text), is_whole, is_literal },
        }
    }
}
