//! Storage classes, with texts that are numbers apart from others; the values of a program by their classes and origin; and the
//! classes that functions give. It knows no opcodes.

use super::State;
use super::liveness::LiveSet;
use super::state::{Lattice, Registers};
use crate::store::udf::{self, FunctionKind, NUMBER, QUOTIENT, WHOLE_NUMBER};
use crate::syntax::numeric_text::{NumericText, numeric_text};

/// The set of storage classes that a value may have; NULL fits any and is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct StorageClasses(u8);

impl StorageClasses {
    /// Nothing but NULL, or a class that no lint is about: bytes, quantities.
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const INTEGER: Self = Self(1);
    pub(crate) const REAL: Self = Self(2);
    pub(crate) const NUMBER: Self = Self(1 | 2);
    /// A text that is not known to be a number.
    pub(crate) const TEXT: Self = Self(4);
    /// A text that is a whole number, or another number.
    pub(crate) const INTEGER_TEXT: Self = Self(8);
    pub(crate) const REAL_TEXT: Self = Self(16);
    pub(crate) const NUMBER_TEXT: Self = Self(8 | 16);
    /// Perhaps a text: only the rows show.
    pub(crate) const MAYBE_TEXT: Self = Self(32);
    /// Nothing is known before rows are read.
    pub(crate) const ANY: Self = Self(1 | 2 | 32);
    /// Every text.
    pub(crate) const TEXTS: Self = Self(4 | 8 | 16 | 32);

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.and(other) != Self::NONE
    }

    /// True for a number and nothing else.
    pub(crate) fn is_number(self) -> bool {
        self.has(Self::NUMBER) && !self.has(Self::TEXTS)
    }

    /// The classes after texts that are numbers were converted, by an operator or a numeric affinity.
    pub(crate) fn as_numeric(self) -> Self {
        let made = |text: Self, number: Self| if self.has(text) { number } else { Self::NONE };
        let rest = self.and(Self(!Self::NUMBER_TEXT.0));
        rest.or(made(Self::INTEGER_TEXT, Self::INTEGER)).or(made(Self::REAL_TEXT, Self::REAL))
    }

    /// The classes of the number that an operator converts it to.
    pub(crate) fn as_number(self) -> Self {
        let number = self.as_numeric();
        if number.has(Self::TEXT.or(Self::MAYBE_TEXT)) { Self::NUMBER } else { number.and(Self::NUMBER) }
    }

    /// The class of a text constant.
    pub(crate) fn of_text(text: &str) -> Self {
        match numeric_text(text) {
            NumericText::Whole => Self::INTEGER_TEXT,
            NumericText::Real => Self::REAL_TEXT,
            NumericText::None => Self::TEXT,
        }
    }
}

/// The bits of a set of storage classes; an origin has the others of a packed value.
const CLASS_BITS: u32 = 6;

/// The classes of a value, and the instruction of the program that made it, counted from 1; 0 where several may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct AbstractValue {
    pub(crate) classes: StorageClasses,
    origin: u32,
}

impl AbstractValue {
    pub(crate) fn new(classes: StorageClasses, at: usize) -> Self {
        let origin = u32::try_from(at + 1).ok().filter(|origin| *origin < 1 << (u32::BITS - CLASS_BITS));
        Self { classes, origin: origin.unwrap_or_default() }
    }

    /// A value that no instruction of the program has made.
    pub(crate) const fn stored(classes: StorageClasses) -> Self {
        Self { classes, origin: 0 }
    }

    pub(crate) fn with(self, classes: StorageClasses) -> Self {
        Self { classes, ..self }
    }

    /// The instruction that made it, if that is known.
    pub(crate) fn made_by(self) -> Option<usize> {
        self.origin.checked_sub(1).and_then(|at| usize::try_from(at).ok())
    }
}

impl Lattice for AbstractValue {
    fn merge(&mut self, other: Self) -> bool {
        let before = *self;
        self.classes = self.classes.or(other.classes);
        // If one of them may be a text, that is the one to report.
        let texts = StorageClasses::TEXT.or(StorageClasses::MAYBE_TEXT);
        let is_text_alone = !before.classes.has(texts) && other.classes.has(texts);
        if self.origin == 0 || before.classes == StorageClasses::NONE || is_text_alone {
            self.origin = other.origin;
        }
        self.classes != before.classes
    }

    fn pack(self) -> u32 {
        u32::from(self.classes.0) | self.origin << CLASS_BITS
    }

    fn unpack(packed: u32) -> Self {
        Self { classes: StorageClasses((packed % (1 << CLASS_BITS)) as u8), origin: packed >> CLASS_BITS }
    }
}

impl State for Registers<AbstractValue> {
    fn merge(&mut self, other: &Self, live: LiveSet<'_>) -> bool {
        self.merge_all(other, live)
    }

    fn size(&self) -> usize {
        self.len()
    }
}

/// Functions that give a whole number, a REAL, a text, of any arguments.
const INTEGER: [&str; 20] = [
    "count",
    "length",
    "octet_length",
    "instr",
    "unicode",
    "sign",
    "json_array_length",
    "json_valid",
    "random",
    "changes",
    "total_changes",
    "row_number",
    "rank",
    "dense_rank",
    "ntile",
    "unixepoch",
    "glob",
    "like",
    "q_amount",
    "q_cmp",
];
const REAL: [&str; 5] = ["avg", "total", "julianday", "percent_rank", "cume_dist"];
const TEXT: [&str; 27] = [
    "upper",
    "lower",
    "trim",
    "ltrim",
    "rtrim",
    "substr",
    "substring",
    "replace",
    "hex",
    "quote",
    "char",
    "concat",
    "concat_ws",
    "group_concat",
    "string_agg",
    "printf",
    "format",
    "typeof",
    "date",
    "time",
    "datetime",
    "timediff",
    "json_object",
    "json_array",
    "json_type",
    "json_group_array",
    "json_group_object",
];

/// Functions that hand on one of their arguments.
const PASSING: [&str; 12] = [
    "coalesce",
    "ifnull",
    "iif",
    "if",
    "max",
    "min",
    "nullif",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

/// The classes of a function's result.
pub(crate) fn result_of(name: &str, arguments: &[AbstractValue], format: Option<&str>) -> StorageClasses {
    let all = || arguments.iter().fold(StorageClasses::NONE, |all, value| all.or(value.classes));
    let first = arguments.first().map(|value| value.classes).unwrap_or_default();
    match name {
        "q_is_unknown" => StorageClasses::INTEGER,
        "sum" | "abs" | "ceil" | "ceiling" | "floor" | "trunc" => first.as_number(),
        "round" => StorageClasses::REAL,
        "strftime" if format.is_some_and(is_number_format) => StorageClasses::NUMBER_TEXT,
        "strftime" => StorageClasses::TEXT,
        "json_extract" | "->>" | "->" => StorageClasses::ANY,
        "nullif" | "likely" | "unlikely" | "likelihood" => first,
        "iif" | "if" => arguments.iter().skip(1).fold(StorageClasses::NONE, |all, value| all.or(value.classes)),
        "lag" | "lead" => first.or(arguments.get(2).map(|value| value.classes).unwrap_or_default()),
        "nth_value" => first,
        name if PASSING.contains(&name) => all(),
        name if INTEGER.contains(&name) => StorageClasses::INTEGER,
        name if REAL.contains(&name) => StorageClasses::REAL,
        name if TEXT.contains(&name) => StorageClasses::TEXT,
        QUOTIENT => quotient(arguments),
        // What was lost is counted there.
        NUMBER | WHOLE_NUMBER => arguments.get(1).map(|value| value.classes.as_number()).unwrap_or_default(),
        // It stands for an operator on quantities, of which nothing is converted.
        name if udf::takes_site(name) => StorageClasses::NONE,
        name => match udf::kind_of(name) {
            Some(FunctionKind::Quantity | FunctionKind::FromPlain) => StorageClasses::NONE,
            Some(FunctionKind::PartOfQuantity) => StorageClasses::TEXT,
            Some(FunctionKind::Plain) => StorageClasses::REAL,
            None => StorageClasses::NONE,
        },
    }
}

/// The classes of the quotient of the second and the third argument.
fn quotient(arguments: &[AbstractValue]) -> StorageClasses {
    let operand = |at: usize| arguments.get(at).map(|value| value.classes.as_number()).unwrap_or_default();
    let [left, right] = [operand(1), operand(2)];
    left.and(right).and(StorageClasses::INTEGER).or(left.or(right).and(StorageClasses::REAL))
}

/// The indices of the arguments that a function converts to numbers.
pub(crate) fn numeric_arguments(name: &str, format: Option<&str>) -> Vec<usize> {
    match name {
        "sum" | "total" | "avg" | "abs" | "round" => vec![0],
        "printf" | "format" => format.map(numeric_placeholders).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The indices of the arguments that a format writes as numbers, the format being the first.
fn numeric_placeholders(format: &str) -> Vec<usize> {
    let (mut found, mut place, mut characters) = (Vec::new(), 1, format.chars());
    while characters.by_ref().any(|c| c == '%') {
        for c in characters.by_ref() {
            match c {
                '0'..='9' | '-' | '+' | ' ' | '#' | ',' | '!' | '.' | 'l' => continue,
                '*' => {
                    place += 1;
                    continue;
                }
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'f' | 'F' | 'e' | 'E' | 'g' | 'G' | 'r' => {
                    found.push(place);
                    place += 1;
                }
                '%' | 'n' => {}
                _ => place += 1,
            }
            break;
        }
    }
    found
}

/// True if a format of `strftime` gives digits alone.
fn is_number_format(format: &str) -> bool {
    !format.is_empty()
        && format.split('%').enumerate().all(|(at, part)| match at {
            0 => part.is_empty(),
            _ => part.len() == 1 && "YmdHMSjsfJwWuVU".contains(part),
        })
}

#[cfg(test)]
mod tests {
    use super::{is_number_format, numeric_placeholders};

    #[test]
    fn a_format_says_which_arguments_are_numbers() {
        assert_eq!(numeric_placeholders("%d"), [1]);
        assert_eq!(numeric_placeholders("%s: %,d %% %-8.2f %*d"), [2, 3, 5]);
        assert!(numeric_placeholders("100 %").is_empty());
        assert!(
            is_number_format("%Y") && is_number_format("%Y%m") && !is_number_format("%Y-%m") && !is_number_format("")
        );
    }
}
