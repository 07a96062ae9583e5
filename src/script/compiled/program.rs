//! The translated form of a body: its expressions and statements, with variables by number.

use super::values::Value;
use rhai::ImmutableString;
use std::cmp::Ordering;

/// An operator that compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison that an operator is; `None` for any other operator.
    pub(super) fn of(operator: &str) -> Option<Self> {
        Some(match operator {
            "==" => Self::Equal,
            "!=" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// True for `==` and `!=`.
    pub(super) const fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::Unequal)
    }

    /// True if it holds for two values in this order.
    pub(super) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// An expression without effects.
#[derive(Debug)]
pub(super) enum Expression {
    Constant(Value),
    /// A parameter or a variable of the body.
    Local(usize),
    /// A variable from around the loop.
    Outer(usize),
    /// A column of the row, by its index in [`Program::fields`].
    Field(usize),
    Arithmetic(&'static str, Box<[Expression; 2]>),
    Comparison(Comparison, Box<[Expression; 2]>),
    Negative(Box<Expression>),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
    /// A condition, the value where it holds and where it does not.
    Choice(Box<[Expression; 3]>),
    /// `decimal(text)`.
    Decimal(Box<Expression>),
}

/// A statement. Its value is that of a block that ends with it.
#[derive(Debug)]
pub(super) enum Statement {
    Value(Expression),
    /// `let` of a variable of the body.
    Let(usize, Expression),
    /// An assignment to a variable of the body, with the operator of one like `+=`.
    SetLocal(usize, Option<&'static str>, Expression),
    /// An assignment to a variable from around the loop.
    SetOuter(usize, Option<&'static str>, Expression),
    If(Expression, Vec<Statement>, Vec<Statement>),
    Block(Vec<Statement>),
    Return(Option<Expression>),
    Continue,
    Break,
}

/// A translated body.
#[derive(Debug, Default)]
pub(in crate::script) struct Program {
    pub(super) statements: Vec<Statement>,
    /// Number of parameters and variables of the body.
    pub(super) locals: usize,
    /// The parameter that is a row, by its number; of the body of a loop none, whose row is its own.
    pub(super) row: Option<usize>,
    /// The columns that are read of the row.
    pub(super) fields: Vec<ImmutableString>,
    /// The variables from around a loop.
    pub(super) outers: Vec<ImmutableString>,
    /// For each of them, true if the body assigns to it.
    pub(super) assigned: Vec<bool>,
}

#[cfg(test)]
thread_local! {
    /// False while everything is left to the engine.
    static IS_ENABLED: std::cell::Cell<bool> = const { std::cell::Cell::new(true) };
    /// The runs of bodies to their end.
    static RUNS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts a run.
#[cfg(test)]
pub(super) fn count_run(is_complete: bool) {
    RUNS.set(RUNS.get() + u64::from(is_complete));
}

/// The runs of bodies to their end, since the last call.
#[cfg(test)]
pub(in crate::script) fn take_runs() -> u64 {
    RUNS.take()
}

/// Calls `work` without any program.
#[cfg(test)]
pub(in crate::script) fn leaving_all_to_the_engine<T>(work: impl FnOnce() -> T) -> T {
    let before = IS_ENABLED.replace(false);
    let done = work();
    IS_ENABLED.set(before);
    done
}

/// False where a test leaves everything to the engine.
#[cfg(test)]
pub(super) fn is_enabled() -> bool {
    IS_ENABLED.get()
}

/// True: bodies are translated wherever they can be.
#[cfg(not(test))]
pub(super) const fn is_enabled() -> bool {
    true
}
