//! Errors of quantities as data, with their messages, labels and help. Operands are kept as text, because the value types are
//! above this layer.

use std::fmt;

/// A refused operation on quantities, or a text that can't be parsed as one.
///
/// `operation` is the operator (`+ - * /`) or the function (`compare sum convert round`); operands are in
/// human form (`1,600,000,000 GBP`). Offsets are in bytes of the parsed text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuantityError {
    /// `+`, `-`, a comparison or a sum of different units.
    UnitMismatch {
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
    StageMismatch {
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
    /// A result that is not 0 and would be rounded to 0.
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
    /// A comparison of overlapping ranges: left and right operand.
    RangesOverlap(String, String),
    /// `==` on an inexact value: left and right operand.
    InexactEquated(String, String),
    /// A comparison that only the lost digits of an inexact value could decide.
    InexactCompared(String, String),
    /// A unit that the book does not have.
    UnknownUnit {
        /// The code as written.
        code: String,
        /// The known code nearest to it.
        near: Option<String>,
    },
    /// An invalid code of a unit, as written.
    InvalidUnitCode(String),
    /// A power beyond ±127, of this base unit.
    PowerOutOfRange(String),
    /// A share with a unit.
    NotAShare(String),
    /// A square root of a quantity with a unit, or of a range.
    RootOfOther(String),
    /// A square root of a number below 0.
    RootOfNegative(String),
    /// A rate whose unit is not one base unit over another.
    NotARate {
        /// What is given for one.
        rate: String,
        /// The unit that is to be converted, where that is known.
        unit: Option<String>,
    },
    /// A rate that is 0 or less, or may be.
    RateNotPositive {
        /// The rate.
        rate: String,
        /// The unit that is to be converted, where that is known.
        unit: Option<String>,
    },
    /// A rate that joins units of two kinds.
    RateKindMismatch {
        /// The rate.
        rate: String,
        /// The kind of its upper unit: `currency`, `count`.
        upper: String,
        /// The kind of its lower unit.
        lower: String,
    },
    /// A rate neither of whose units is in the quantity.
    RateUnitMismatch {
        /// The quantity.
        quantity: String,
        /// The rate.
        rate: String,
    },
    /// A range with no number in it, in text form.
    EmptyRange(String),
    /// A number with more significant figures than stated.
    TooFewFigures {
        /// The number.
        value: String,
        /// The stated significant figures.
        figures: u32,
    },
    /// The implied range of 0, which has no significant figure.
    NoSignificantFigures,
    /// An implied range with an end of more than 28 digits, or 28 places.
    ImpliedRangeTooLong {
        /// The number.
        value: String,
        /// The stated significant figures.
        figures: u32,
    },
    /// An invalid name of an assumption: no name, or like a fact's id.
    InvalidAssumptionName(String),
    /// The name of an assumption that supposes an unknown.
    AssumedUnknown(String),
    /// A text that is no calendar date.
    NotADate(String),
    /// A text that is no figure as people write them, or could mean two.
    InvalidFigure {
        /// The text.
        text: String,
        /// The reason.
        why: String,
        /// The help.
        help: String,
    },
    /// A syntax error.
    Malformed {
        /// The text around the place; `…` where it was cut.
        text: String,
        /// The offset at which parsing stopped.
        offset: usize,
        /// The expected syntax.
        expected: &'static str,
    },
    /// A word that is not in its list.
    UnknownWord {
        /// The offset of its start.
        offset: usize,
        /// The kind of word: `reason`, `stage`.
        kind: &'static str,
        /// The word.
        word: String,
        /// The listed word nearest to it.
        near: Option<String>,
    },
    /// A number of more than 28 digits, or 28 places.
    TooManyDigits {
        /// The offset of its start.
        offset: usize,
    },
    /// Grouped digits.
    GroupedDigits {
        /// The offset of the first separator.
        offset: usize,
        /// The possible numbers, without grouping.
        readings: Vec<String>,
    },
    /// A currency sign.
    CurrencySign {
        /// Its offset.
        offset: usize,
        /// The sign.
        sign: char,
    },
    /// A magnitude attached to a number: `k`, `bn`.
    AttachedMagnitude {
        /// The offset of its start.
        offset: usize,
        /// The letters.
        word: String,
    },
}

/// Texts by which a person asks for an unknown value.
const UNKNOWN_TEXTS: [&str; 6] = ["unknown", "undisclosed", "withheld", "not stated", "n/a", "null"];

fn is_unknown(text: &str) -> bool {
    UNKNOWN_TEXTS.iter().any(|known| text.trim().eq_ignore_ascii_case(known))
}

impl QuantityError {
    /// The same error with other operands, in human form; an error without operands is unchanged.
    #[must_use]
    pub fn between(mut self, left: &str, right: &str) -> Self {
        if let Self::Overflow { operands, .. } | Self::Underflow { operands, .. } | Self::DivisionByRange(operands) =
            &mut self
        {
            *operands = both(left, right);
        }
        self
    }

    /// The same error in a text that contains the parsed one from byte `start` on.
    #[must_use]
    pub fn within(mut self, start: usize) -> Self {
        if let Some(offset) = self.offset_place() {
            *offset += start;
        }
        self
    }

    /// The byte offset of the error in the parsed text; `None` for an error of arithmetic.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.clone().offset_place().copied()
    }

    fn offset_place(&mut self) -> Option<&mut usize> {
        match self {
            Self::Malformed { offset, .. }
            | Self::UnknownWord { offset, .. }
            | Self::TooManyDigits { offset }
            | Self::GroupedDigits { offset, .. }
            | Self::CurrencySign { offset, .. }
            | Self::AttachedMagnitude { offset, .. } => Some(offset),
            _ => None,
        }
    }

    /// The message, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnitMismatch { operation, left_unit, right_unit, .. } => {
                unit_mismatch(operation, left_unit, right_unit)
            }
            Self::StageMismatch { operation, left, right } => {
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
            Self::InvalidUnitCode(code) => format!("`{code}` can't be the code of a unit"),
            Self::PowerOutOfRange(code) => format!("the power of `{code}` is beyond 127"),
            Self::RootOfOther(of) => format!("`sqrt` wants a single number without unit, not {of}"),
            Self::RootOfNegative(of) => format!("`sqrt` wants a number that is not below 0, not {of}"),
            Self::NotAShare(share) => format!("a share has no unit, this is {share}"),
            Self::NotARate { rate, .. } => format!("{rate} is not a rate"),
            Self::RateNotPositive { rate, .. } => format!("{rate} is not a rate: a rate is more than 0"),
            Self::RateKindMismatch { rate, upper, lower } => {
                format!("{rate} is not a rate: its units are of two kinds, {upper} and {lower}")
            }
            Self::RateUnitMismatch { quantity, rate } => format!("the rate {rate} does not fit {quantity}"),
            Self::EmptyRange(range) => format!("no number is in the range {range}"),
            Self::TooFewFigures { value, figures } => format!("{value} has more significant figures than {figures}"),
            Self::NoSignificantFigures => "0 has no significant figures, so that no range can be told from them".into(),
            Self::ImpliedRangeTooLong { value, figures } => {
                format!("the range of {value} to {figures} significant figures ends beyond 28 digits")
            }
            Self::InvalidAssumptionName(name) => format!("`{name}` can't be the name of an assumption"),
            Self::AssumedUnknown(name) => format!("the assumption `{name}` supposes an unknown"),
            Self::NotADate(text) => format!("\"{text}\" is no date"),
            Self::InvalidFigure { text, why, .. } => format!("can't read the figure `{text}`: {why}"),
            Self::Malformed { text, expected, .. } => format!("can't read `{text}`: expected {expected}"),
            Self::UnknownWord { kind, word, .. } => format!("no {kind} `{word}`"),
            Self::TooManyDigits { .. } => {
                "the number is too long: at most 28 digits, at most 28 after the point".into()
            }
            Self::GroupedDigits { .. } => "the digits of a number can't be grouped".into(),
            Self::CurrencySign { sign, .. } => format!("the currency sign `{sign}` is no unit"),
            Self::AttachedMagnitude { word, .. } => format!("`{word}` joined to a number"),
        }
    }

    /// The label beside the caret: the operands.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            Self::UnitMismatch { left, right, .. }
            | Self::StageMismatch { left, right, .. }
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

/// The message of a unit mismatch, in the word order of the operation: added *to*, subtracted *from*.
fn unit_mismatch(operation: &str, left: &str, right: &str) -> String {
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

impl QuantityError {
    /// The same error, of a rate for quantities of a unit.
    #[must_use]
    pub fn for_unit(self, of: Option<String>) -> Self {
        match self {
            Self::NotARate { rate, .. } => Self::NotARate { rate, unit: of },
            Self::RateNotPositive { rate, .. } => Self::RateNotPositive { rate, unit: of },
            error => error,
        }
    }

    /// The help in SQL, which names other functions than in a script.
    #[must_use]
    pub fn help_in_sql(&self) -> Option<String> {
        match self {
            Self::UnitMismatch { left_unit, right_unit, .. } if left_unit == "1" || right_unit == "1" => {
                Some(plain_help(left_unit, right_unit, '\''))
            }
            Self::UnitMismatch { operation, .. } => Some(units_help(operation, "q_convert")),
            Self::StageMismatch { operation, .. } if operation.chars().all(|c| c.is_alphabetic() || c == '_') => {
                Some(format!("to mix stages on purpose, say so in each row: `{operation}(q_across_stages(q))`"))
            }
            Self::StageMismatch { .. } => Some("to mix stages on purpose, say so: `q_across_stages(q)`".into()),
            Self::RangesOverlap(..) => Some("compare the ends: `q_lo`, `q_hi`".into()),
            Self::InvalidFigure { text, .. } if is_unknown(text) => {
                Some("`q_is_unknown(q)` finds the values that are unknown".into())
            }
            _ => self.help(),
        }
    }

    /// The help in a script.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::UnknownUnit { code, near } => return Some(unit_help(code, near.as_deref())),
            Self::UnknownWord { near, .. } => return near.as_ref().map(|near| format!("did you mean `{near}`?")),
            Self::GroupedDigits { readings, .. } => return Some(together(readings)),
            Self::InvalidFigure { text, .. } if is_unknown(text) => {
                "`is_unknown(q)` says of a value that it is unknown"
            }
            Self::InvalidFigure { help, .. } => return Some(help.clone()),
            Self::AttachedMagnitude { word, .. } => return Some(magnitude_help(word)),
            Self::UnitMismatch { left_unit, right_unit, .. } if left_unit == "1" || right_unit == "1" => {
                return Some(plain_help(left_unit, right_unit, '"'));
            }
            Self::UnitMismatch { operation, .. } => return Some(units_help(operation, "convert")),
            Self::StageMismatch { .. } => "to mix stages on purpose, say so: `across_stages(q)`",
            Self::Overflow { .. } => "use a larger unit, or round the operands first",
            Self::Underflow { .. } => "a number has at most 28 places after the point: use a smaller unit",
            Self::DivisionByZero | Self::DivisionByRange(_) => "leave out the rows where the divisor may be 0",
            Self::UnknownCompared(..) => "test with `is_unknown` first, and say what an unknown shall mean",
            Self::RangesOverlap(..) => "compare the ends: `.lo`, `.hi`",
            Self::InexactEquated(..) | Self::InexactCompared(..) => {
                "round both sides and compare the difference with what is near enough"
            }
            Self::InvalidUnitCode(_) => "a code is a letter, then letters, digits and `_`",
            Self::RootOfOther(_) => "take `.amount` of a quantity with a unit, and `.lo` and `.hi` of a range",
            Self::RootOfNegative(_) => "a negative number has no square root",
            Self::NotAShare(_) => "divide two quantities of one unit first",
            Self::NotARate { unit, .. } => {
                return Some(format!("a rate has one unit over another: `{}`", rate_of(unit.as_deref())));
            }
            Self::RateNotPositive { unit, .. } => {
                return Some(format!(
                    "give what one unit of the one is worth in the other: `{}`",
                    rate_of(unit.as_deref())
                ));
            }
            Self::RateKindMismatch { .. } => {
                "a rate joins two currencies or two counts; to combine different kinds multiply or divide by it"
            }
            Self::RateUnitMismatch { .. } => "one of the rate's two units must be in the quantity's",
            Self::NotADate(_) => "write it as `2025-03-31`",
            Self::EmptyRange(_) => "write the smaller end first; equal ends must both be closed",
            Self::TooFewFigures { .. } => {
                "give at least as many figures as the number has digits that are not 0 at its end"
            }
            Self::NoSignificantFigures => "state the range itself, as `q(\"-0.5..<0.5 GBP\")`",
            Self::ImpliedRangeTooLong { .. } => "give fewer significant figures",
            Self::InvalidAssumptionName(_) => {
                "a name is a letter, then letters, digits and `_`, and not a fact's id alone"
            }
            Self::AssumedUnknown(_) => "suppose a number or a range",
            Self::CurrencySign { .. } => "write the currency's code behind the number",
            Self::Malformed { .. } => "a quantity is written as `1600000000 GBP [F29; @proposed]`",
            Self::TooManyDigits { .. } => "use a larger unit, or round it",
            Self::PowerOutOfRange(_) => "use a base unit of its own for so high a power",
        };
        Some(help.into())
    }
}

/// An example of a rate, for a unit.
fn rate_of(unit: Option<&str>) -> String {
    match unit {
        Some("USD") => "0.8 EUR/USD".to_owned(),
        unit => format!("1.25 USD/{}", unit.unwrap_or("EUR")),
    }
}

/// The help on grouped digits: the possible numbers, if there are any.
fn together(readings: &[String]) -> String {
    let spelt: Vec<String> = readings.iter().map(|reading| format!("`{reading}`")).collect();
    match spelt.as_slice() {
        [] => "write the digits together".to_owned(),
        spelt => format!("write the digits together: {}", spelt.join(", or ")),
    }
}

/// The help on a unit mismatch with a plain number.
fn plain_help(left: &str, right: &str, quote: char) -> String {
    let unit = if left == "1" { right } else { left };
    if unit == "percent" {
        let share = if quote == '"' { "percent" } else { "q_percent" };
        return format!("the whole is `q(100, {quote}percent{quote})`; `{share}(…)` makes percents of a quotient");
    }
    format!("give the plain number its unit, as `q(5, {quote}{unit}{quote})`")
}

fn units_help(operation: &str, convert: &str) -> String {
    format!(
        "{} needs equal units; to combine different ones use `*` or `/`; \
         between two currencies give a rate: `{convert}(q, rate)`",
        named(operation)
    )
}

/// Powers of ten, by their zeros, with the words for each.
const MAGNITUDES: [(usize, &[&str]); 6] = [
    (3, &["k", "thousand"]),
    (5, &["lakh"]),
    (6, &["m", "mn", "mio", "mln", "mill", "million", "millions"]),
    (7, &["crore"]),
    (9, &["b", "bn", "billion", "billions", "milliard", "mrd"]),
    (12, &["t", "tn", "trillion", "trillions"]),
];

/// The zeros that a word for a power of ten appends to a number.
pub(crate) fn power_of_ten(word: &str) -> Option<usize> {
    let is_named = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    MAGNITUDES.iter().find(|(_, words)| is_named(words)).map(|(zeros, _)| *zeros)
}

/// The help on an unknown unit: the nearest, or the number of a magnitude.
pub(super) fn unit_help(code: &str, near: Option<&str>) -> String {
    let is_magnitude = power_of_ten(code).is_some();
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if is_magnitude => magnitude_help(code),
        None => "`select code, name from units` lists the units of the book".into(),
    }
}

/// The help on letters joined to a number.
pub(super) fn magnitude_help(word: &str) -> String {
    match power_of_ten(word) {
        Some(zeros) => format!("write the number out, or with the exponent e{zeros} for `{word}`"),
        None => "put a space between the number and its unit".into(),
    }
}
