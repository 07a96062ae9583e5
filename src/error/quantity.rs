//! What can go wrong with a quantity: the cases as data, and their words; what to do about them is in `cures`. Operands
//! are held as text, because the value types stand above this module.

use std::fmt;

/// An operation on quantities that was refused, or a text that is none.
///
/// `operation` is the operator (`+ - * /`) or the function (`compare sum convert round`); operands are in
/// reading form (`1,600,000,000 GBP`). Offsets are in bytes of the text read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuantityError {
    /// `+`, `-`, a comparison or a sum of different units.
    Units {
        /// Operator or function.
        operation: &'static str,
        /// Left operand.
        left: String,
        /// Right operand.
        right: String,
        /// Unit of the left operand, `1` for a plain number.
        left_unit: String,
        /// Unit of the right operand.
        right_unit: String,
    },
    /// `+`, `-`, a comparison or a sum of different stages.
    Stages {
        /// Operator or function.
        operation: &'static str,
        /// Stages of the left operand, as `pledged+proposed`.
        left: String,
        /// Stages of the right operand.
        right: String,
    },
    /// A result of more than 28 digits before the point.
    Overflow {
        /// Operator or function.
        operation: &'static str,
        /// The operands, as `left is 5, right is 3`.
        operands: String,
    },
    /// A result that is not 0 and would become 0.
    Underflow {
        /// Operator or function.
        operation: &'static str,
        /// The operands, as `left is 5, right is 3`.
        operands: String,
    },
    /// A division by 0.
    DivisionByZero,
    /// A division by a range that contains 0; the operands as in an overflow.
    DivisionByRange(String),
    /// A comparison with an unknown: left and right operand.
    UnknownCompared(String, String),
    /// A comparison of ranges that have a number in common, so that either may be the larger.
    RangesOverlap(String, String),
    /// `==` on an inexact value: left and right operand.
    InexactEquated(String, String),
    /// A comparison in which only the digits that an inexact value has lost could decide.
    InexactCompared(String, String),
    /// A unit that the book does not have.
    UnknownUnit {
        /// The code as written.
        code: String,
        /// The known code nearest to it.
        near: Option<String>,
    },
    /// A word that can't be a unit's code, as written.
    UnitCode(String),
    /// A power beyond ±127, of this base unit.
    UnitPower(String),
    /// A rate whose unit is not one base unit over another.
    NotARate(String),
    /// A rate that is 0 or less, or may be.
    RateNotPositive(String),
    /// A rate that joins units of two kinds.
    RateOfKinds {
        /// The rate.
        rate: String,
        /// The kind of its upper unit: `currency`, `count`.
        upper: String,
        /// The kind of its lower unit.
        lower: String,
    },
    /// A rate neither of whose units is in the quantity.
    RateUnfit {
        /// The quantity.
        quantity: String,
        /// The rate.
        rate: String,
    },
    /// A range with no number in it, in text form.
    EmptyRange(String),
    /// A number that has more significant figures than it was said to have.
    Figures {
        /// The number.
        value: String,
        /// The significant figures it was said to have.
        figures: u32,
    },
    /// The range that rounding implies was asked of 0, which has no figure that counts.
    FiguresOfZero,
    /// The range that rounding implies has an end of more than 28 digits, or 28 places.
    FiguresBeyond {
        /// The number.
        value: String,
        /// The significant figures it was said to have.
        figures: u32,
    },
    /// The range that rounding implies was asked of a value that no source states.
    NotAStatedFigure,
    /// The range that rounding implies was asked of what is a bound or a range already.
    RoundedRange(String),
    /// A name of an assumption that is no name, or looks like a fact's id.
    AssumptionName(String),
    /// The name of an assumption that supposes an unknown.
    AssumptionUnknown(String),
    /// A text that is no date of the calendar.
    NotADate(String),
    /// What a person wrote that is no figure, or could be two.
    Figure {
        /// As written.
        text: String,
        /// What is wrong with it.
        why: String,
        /// What to write instead.
        cure: String,
    },
    /// Text that is no quantity.
    Malformed {
        /// The text around the place; `…` where it was cut.
        text: String,
        /// Where reading stopped.
        offset: usize,
        /// What would have been read there.
        expected: &'static str,
    },
    /// A word that is not of its list.
    UnknownWord {
        /// Where it begins.
        offset: usize,
        /// What the list holds: `reason`, `stage`.
        kind: &'static str,
        /// The word.
        word: String,
        /// The listed word nearest to it.
        near: Option<String>,
    },
    /// A number of more than 28 digits, or 28 places.
    TooLong {
        /// Where it begins.
        offset: usize,
    },
    /// Grouped digits.
    Grouping {
        /// Where the first separator stands.
        offset: usize,
        /// The numbers that they may mean, without grouping.
        readings: Vec<String>,
    },
    /// A currency sign.
    CurrencySign {
        /// Where it stands.
        offset: usize,
        /// The sign.
        sign: char,
    },
    /// A magnitude attached to a number: `k`, `bn`.
    Magnitude {
        /// Where it begins.
        offset: usize,
        /// The letters.
        word: String,
    },
}

impl QuantityError {
    /// The same error about other operands, in reading form; an error that names none stays as it is.
    #[must_use]
    pub fn between(mut self, left: &str, right: &str) -> Self {
        if let Self::Overflow { operands, .. } | Self::Underflow { operands, .. } | Self::DivisionByRange(operands) =
            &mut self
        {
            *operands = both(left, right);
        }
        self
    }

    /// The same error in a text of which the one that was read is a part, beginning at byte `start`.
    #[must_use]
    pub fn within(mut self, start: usize) -> Self {
        if let Self::Malformed { offset, .. }
        | Self::UnknownWord { offset, .. }
        | Self::TooLong { offset }
        | Self::Grouping { offset, .. }
        | Self::CurrencySign { offset, .. }
        | Self::Magnitude { offset, .. } = &mut self
        {
            *offset += start;
        }
        self
    }

    /// Where in the text that was read the error lies, in bytes; `None` for an error of arithmetic.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Malformed { offset, .. }
            | Self::UnknownWord { offset, .. }
            | Self::TooLong { offset }
            | Self::Grouping { offset, .. }
            | Self::CurrencySign { offset, .. }
            | Self::Magnitude { offset, .. } => Some(*offset),
            _ => None,
        }
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Units { operation, left_unit, right_unit, .. } => refusal(operation, left_unit, right_unit),
            Self::Stages { operation, left, right } => {
                format!("{} would mix the stages {left} and {right}", named(operation))
            }
            Self::Overflow { operation, .. } => {
                format!("{} overflows: a number has at most 28 digits", named(operation))
            }
            Self::Underflow { operation, .. } => {
                format!("{} gives a number so small that it would become 0", named(operation))
            }
            Self::DivisionByZero => "division by 0".into(),
            Self::DivisionByRange(_) => "division by a range that contains 0".into(),
            Self::UnknownCompared(..) => "can't compare with an unknown".into(),
            Self::RangesOverlap(..) => "can't compare ranges that overlap".into(),
            Self::InexactEquated(..) => "can't tell whether inexact values are equal".into(),
            Self::InexactCompared(..) => "too close to tell: an inexact value has lost the digits that decide".into(),
            Self::UnknownUnit { code, .. } => format!("no unit `{code}` in the book"),
            Self::UnitCode(code) => format!("`{code}` can't be the code of a unit"),
            Self::UnitPower(code) => format!("the power of `{code}` is beyond 127"),
            Self::NotARate(rate) => format!("{rate} is not a rate"),
            Self::RateNotPositive(rate) => format!("{rate} is not a rate: a rate is more than 0"),
            Self::RateOfKinds { rate, upper, lower } => {
                format!("{rate} is not a rate: its units are of two kinds, {upper} and {lower}")
            }
            Self::RateUnfit { quantity, rate } => format!("the rate {rate} does not fit {quantity}"),
            Self::EmptyRange(range) => format!("no number lies in the range {range}"),
            Self::Figures { value, figures } => format!("{value} has more significant figures than {figures}"),
            Self::FiguresOfZero => "0 has no significant figures, so that no range can be told from them".into(),
            Self::FiguresBeyond { value, figures } => {
                format!("the range of {value} to {figures} significant figures ends beyond 28 digits")
            }
            Self::NotAStatedFigure => "not a stated figure: it was computed, so no source rounded it".into(),
            Self::RoundedRange(range) => {
                format!("{range} is a bound or a range already: only a single number can have been rounded")
            }
            Self::AssumptionName(name) => format!("`{name}` can't be the name of an assumption"),
            Self::AssumptionUnknown(name) => format!("the assumption `{name}` supposes an unknown"),
            Self::NotADate(text) => format!("\"{text}\" is no date"),
            Self::Figure { text, why, .. } => format!("can't read the figure `{text}`: {why}"),
            Self::Malformed { text, expected, .. } => format!("can't read `{text}`: expected {expected}"),
            Self::UnknownWord { kind, word, .. } => format!("no {kind} `{word}`"),
            Self::TooLong { .. } => "the number is too long: at most 28 digits, at most 28 after the point".into(),
            Self::Grouping { .. } => "the digits of a number can't be grouped".into(),
            Self::CurrencySign { sign, .. } => format!("the currency sign `{sign}` is no unit"),
            Self::Magnitude { word, .. } => format!("`{word}` joined to a number"),
        }
    }

    /// What to write beside the caret: the operands.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Units { left, right, .. }
            | Self::Stages { left, right, .. }
            | Self::UnknownCompared(left, right)
            | Self::RangesOverlap(left, right)
            | Self::InexactEquated(left, right)
            | Self::InexactCompared(left, right) => Some(both(left, right)),
            Self::Overflow { operands, .. } | Self::Underflow { operands, .. } | Self::DivisionByRange(operands) => {
                Some(operands.clone())
            }
            _ => None,
        }
    }
}

fn both(left: &str, right: &str) -> String {
    format!("left is {left}, right is {right}")
}

/// The message of a refused operation, in its word order: what is added *to* what, subtracted *from* what.
fn refusal(operation: &str, left: &str, right: &str) -> String {
    let name = |unit: &str| {
        if unit == "1" { "a plain number".into() } else { format!("`{unit}`") }
    };
    let (left, right) = (name(left), name(right));
    match operation {
        "+" => format!("can't add {right} to {left}"),
        "-" => format!("can't subtract {right} from {left}"),
        "sum" => format!("can't sum {left} and {right}"),
        _ => format!("can't compare {left} with {right}"),
    }
}

/// An operation as the subject of a sentence.
pub(super) fn named(operation: &str) -> String {
    match operation {
        "compare" => "a comparison".into(),
        "sum" => "a sum".into(),
        _ => format!("`{operation}`"),
    }
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for QuantityError {}
