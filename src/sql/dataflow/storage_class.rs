//! What the registers, records and cursors of a program may hold: storage classes, with texts told apart by whether they are
//! numbers, and where a value was made; and what functions make of them. It knows no opcodes.

use super::State;
use super::state::Chunks;
use crate::store::functions::{self, Kind};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A set of what a value may be; NULL fits any and is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Classes(u8);

impl Classes {
    /// Nothing but NULL, or what no lint is about: bytes, quantities.
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const WHOLE: Self = Self(1);
    pub(crate) const REAL: Self = Self(2);
    pub(crate) const NUMBER: Self = Self(1 | 2);
    /// A text that is not known to be a number.
    pub(crate) const TEXT: Self = Self(4);
    /// A text that is a whole number, or another number.
    pub(crate) const WHOLE_TEXT: Self = Self(8);
    pub(crate) const REAL_TEXT: Self = Self(16);
    pub(crate) const NUMBER_TEXT: Self = Self(8 | 16);
    /// Perhaps a text: only the rows tell.
    pub(crate) const OPEN: Self = Self(32);
    /// Of which nothing is known before its rows are read.
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

    /// Whether it is a number and nothing else.
    pub(crate) fn is_number(self) -> bool {
        self.has(Self::NUMBER) && !self.has(Self::TEXTS)
    }

    /// Without the texts that are numbers, which an operator or a numeric affinity makes numbers of.
    pub(crate) fn as_numeric(self) -> Self {
        let made = |text: Self, number: Self| if self.has(text) { number } else { Self::NONE };
        let rest = self.and(Self(!Self::NUMBER_TEXT.0));
        rest.or(made(Self::WHOLE_TEXT, Self::WHOLE)).or(made(Self::REAL_TEXT, Self::REAL))
    }

    /// The number that an operator makes of it.
    pub(crate) fn as_number(self) -> Self {
        let number = self.as_numeric();
        if number.has(Self::TEXT.or(Self::OPEN)) { Self::NUMBER } else { number.and(Self::NUMBER) }
    }

    /// A text constant.
    pub(crate) fn of_text(text: &str) -> Self {
        let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
        let is_number = text.bytes().all(|byte| b"0123456789+-.eE".contains(&byte)) && text.parse::<f64>().is_ok();
        match (text.parse::<i64>(), is_number) {
            (Ok(_), _) => Self::WHOLE_TEXT,
            (_, true) => Self::REAL_TEXT,
            _ => Self::TEXT,
        }
    }
}

/// What a value may be, and the step of the program that made it, counted from 1; 0 where several may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Value {
    pub(crate) classes: Classes,
    origin: u32,
}

impl Value {
    pub(crate) fn new(classes: Classes, at: usize) -> Self {
        Self { classes, origin: u32::try_from(at + 1).unwrap_or_default() }
    }

    /// One that no step of the program has made.
    pub(crate) const fn stored(classes: Classes) -> Self {
        Self { classes, origin: 0 }
    }

    pub(crate) fn with(self, classes: Classes) -> Self {
        Self { classes, ..self }
    }

    /// The step that made it, where it is known.
    pub(crate) fn step(self) -> Option<usize> {
        self.origin.checked_sub(1).and_then(|at| usize::try_from(at).ok())
    }

    /// Adds what else it may be; whether that was news.
    pub(crate) fn merge(&mut self, other: Self) -> bool {
        let before = *self;
        self.classes = self.classes.or(other.classes);
        // Where one of them may be a text, that is the one to look at.
        let texts = Classes::TEXT.or(Classes::OPEN);
        let is_text_alone = !before.classes.has(texts) && other.classes.has(texts);
        if self.origin == 0 || before.classes == Classes::NONE || is_text_alone {
            self.origin = other.origin;
        }
        self.classes != before.classes
    }
}

/// A value of a row. It may be a row itself: a sorter carries whole rows that way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) value: Value,
    pub(crate) within: Option<Row>,
}

/// The columns of a row.
pub(crate) type Row = Rc<Vec<Field>>;

/// How deep rows are followed into each other.
const MOST_NESTED: usize = 4;

/// What the registers hold at one step. Those of rows hold a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registers {
    values: Chunks<Value>,
    rows: BTreeMap<i64, Row>,
}

impl Registers {
    pub(crate) fn get(&self, register: i64) -> Value {
        self.values.get(register)
    }

    pub(crate) fn set(&mut self, register: i64, value: Value) {
        self.rows.remove(&register);
        self.values.set(register, value);
    }

    pub(crate) fn copy(&mut self, from: i64, to: i64) {
        let row = self.rows.get(&from).cloned();
        self.set(to, self.get(from));
        self.rows.extend(row.map(|row| (to, row)));
    }

    pub(crate) fn row(&self, register: i64) -> Option<&Row> {
        self.rows.get(&register)
    }

    /// What a register holds, as a column of a row.
    pub(crate) fn field(&self, register: i64) -> Field {
        let within = self.rows.get(&register).filter(|row| depth(row) < MOST_NESTED).cloned();
        Field { value: self.get(register), within }
    }

    pub(crate) fn set_field(&mut self, register: i64, field: Field) {
        self.set(register, field.value);
        self.rows.extend(field.within.map(|row| (register, row)));
    }

    pub(crate) fn set_row(&mut self, register: i64, row: Row) {
        self.set(register, Value::default());
        self.rows.insert(register, row);
    }
}

impl State for Registers {
    fn merge(&mut self, other: &Self) -> bool {
        let mut grew = self.values.merge(&other.values, Value::merge);
        for (register, row) in &other.rows {
            match self.rows.get_mut(register) {
                Some(known) if Rc::ptr_eq(known, row) => {}
                Some(known) => grew |= merge_rows(known, row),
                None => {
                    self.rows.insert(*register, Rc::clone(row));
                    grew = true;
                }
            }
        }
        grew
    }

    fn size(&self) -> usize {
        self.values.len()
    }
}

/// How deep a row holds others.
fn depth(row: &Row) -> usize {
    1 + row.iter().filter_map(|field| field.within.as_ref()).map(depth).max().unwrap_or_default()
}

/// Adds the columns of one row to those of another; whether that was news.
pub(crate) fn merge_rows(into: &mut Row, from: &[Field]) -> bool {
    if into[..] == *from {
        return false;
    }
    let into = Rc::make_mut(into);
    let mut grew = into.len() < from.len();
    into.resize(into.len().max(from.len()), Field::default());
    for (known, field) in into.iter_mut().zip(from) {
        grew |= known.value.merge(field.value);
        grew |= match (&mut known.within, &field.within) {
            (Some(known), Some(row)) => merge_rows(known, row),
            (within @ None, Some(row)) => {
                *within = Some(Rc::clone(row));
                true
            }
            (_, None) => false,
        };
    }
    grew
}

/// Functions that give a whole number, a REAL, a text, whatever they are handed.
const WHOLE: [&str; 20] = [
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

/// What a function gives.
pub(crate) fn result_of(name: &str, arguments: &[Value], format: Option<&str>) -> Classes {
    let all = || arguments.iter().fold(Classes::NONE, |all, value| all.or(value.classes));
    let first = arguments.first().map(|value| value.classes).unwrap_or_default();
    match name {
        "q_is_unknown" => Classes::WHOLE,
        "sum" | "abs" | "ceil" | "ceiling" | "floor" | "trunc" => first.as_number(),
        "round" => Classes::REAL,
        "strftime" if format.is_some_and(is_number_format) => Classes::NUMBER_TEXT,
        "strftime" => Classes::TEXT,
        "json_extract" | "->>" | "->" => Classes::ANY,
        "nullif" | "likely" | "unlikely" | "likelihood" => first,
        "iif" | "if" => arguments.iter().skip(1).fold(Classes::NONE, |all, value| all.or(value.classes)),
        "lag" | "lead" => first.or(arguments.get(2).map(|value| value.classes).unwrap_or_default()),
        "nth_value" => first,
        name if PASSING.contains(&name) => all(),
        name if WHOLE.contains(&name) => Classes::WHOLE,
        name if REAL.contains(&name) => Classes::REAL,
        name if TEXT.contains(&name) => Classes::TEXT,
        name => match functions::kind_of(name) {
            Some(Kind::Quantity | Kind::FromPlain) => Classes::NONE,
            Some(Kind::PartOfQuantity) => Classes::TEXT,
            Some(Kind::Plain) => Classes::REAL,
            None => Classes::NONE,
        },
    }
}

/// The places of the arguments that a function makes numbers of.
pub(crate) fn numeric_arguments(name: &str, format: Option<&str>) -> Vec<usize> {
    match name {
        "sum" | "total" | "avg" | "abs" | "round" => vec![0],
        "printf" | "format" => format.map(numeric_places).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The places of the arguments that a format writes as numbers, the format being the first.
fn numeric_places(format: &str) -> Vec<usize> {
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

/// Whether a format of `strftime` gives digits alone.
fn is_number_format(format: &str) -> bool {
    !format.is_empty()
        && format.split('%').enumerate().all(|(at, part)| match at {
            0 => part.is_empty(),
            _ => part.len() == 1 && "YmdHMSjsfJwWuVU".contains(part),
        })
}

#[cfg(test)]
mod tests {
    use super::{Classes, is_number_format, numeric_places};

    #[test]
    fn a_text_is_a_number_if_sql_counts_the_whole_of_it() {
        for (text, classes) in [
            ("5", Classes::WHOLE_TEXT),
            (" -5 ", Classes::WHOLE_TEXT),
            ("1.5e3", Classes::REAL_TEXT),
            ("9223372036854775808", Classes::REAL_TEXT),
            ("12abc", Classes::TEXT),
            ("5,000", Classes::TEXT),
            ("0x10", Classes::TEXT),
            ("inf", Classes::TEXT),
            ("", Classes::TEXT),
        ] {
            assert_eq!(Classes::of_text(text), classes, "{text}");
        }
    }

    #[test]
    fn a_format_says_which_arguments_are_numbers() {
        assert_eq!(numeric_places("%d"), [1]);
        assert_eq!(numeric_places("%s: %,d %% %-8.2f %*d"), [2, 3, 5]);
        assert!(numeric_places("100 %").is_empty());
        assert!(
            is_number_format("%Y") && is_number_format("%Y%m") && !is_number_format("%Y-%m") && !is_number_format("")
        );
    }
}
