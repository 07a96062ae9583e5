//! What the registers, records and cursors of a program may hold: storage classes, with texts told apart by whether they are
//! numbers, and where a value was made. It knows no opcodes.

use super::chunks::Chunks;
use super::fixpoint::State;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A set of what a value may be; NULL fits any and is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Classes(u8);

impl Classes {
    /// Nothing but NULL, or what no lint is about: bytes, quantities.
    pub(super) const NONE: Self = Self(0);
    pub(super) const WHOLE: Self = Self(1);
    pub(super) const REAL: Self = Self(2);
    pub(super) const NUMBER: Self = Self(1 | 2);
    /// A text that is not known to be a number.
    pub(super) const TEXT: Self = Self(4);
    /// A text that is a whole number, or another number.
    pub(super) const WHOLE_TEXT: Self = Self(8);
    pub(super) const REAL_TEXT: Self = Self(16);
    pub(super) const NUMBER_TEXT: Self = Self(8 | 16);
    /// Perhaps a text: only the rows tell.
    pub(super) const OPEN: Self = Self(32);
    /// Of which nothing is known before its rows are read.
    pub(super) const ANY: Self = Self(1 | 2 | 32);
    /// Every text.
    pub(super) const TEXTS: Self = Self(4 | 8 | 16 | 32);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.and(other) != Self::NONE
    }

    /// Whether it is a number and nothing else.
    pub(super) fn is_number(self) -> bool {
        self.has(Self::NUMBER) && !self.has(Self::TEXTS)
    }

    /// Without the texts that are numbers, which an operator or a numeric affinity makes numbers of.
    pub(super) fn as_numeric(self) -> Self {
        let made = |text: Self, number: Self| if self.has(text) { number } else { Self::NONE };
        let rest = self.and(Self(!Self::NUMBER_TEXT.0));
        rest.or(made(Self::WHOLE_TEXT, Self::WHOLE)).or(made(Self::REAL_TEXT, Self::REAL))
    }

    /// The number that an operator makes of it.
    pub(super) fn as_number(self) -> Self {
        let number = self.as_numeric();
        if number.has(Self::TEXT.or(Self::OPEN)) { Self::NUMBER } else { number.and(Self::NUMBER) }
    }

    /// A text constant.
    pub(super) fn of_text(text: &str) -> Self {
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
pub(super) struct Value {
    pub(super) classes: Classes,
    origin: u32,
}

impl Value {
    pub(super) fn new(classes: Classes, at: usize) -> Self {
        Self { classes, origin: u32::try_from(at + 1).unwrap_or_default() }
    }

    /// One that no step of the program has made.
    pub(super) const fn stored(classes: Classes) -> Self {
        Self { classes, origin: 0 }
    }

    pub(super) fn with(self, classes: Classes) -> Self {
        Self { classes, ..self }
    }

    /// The step that made it, where it is known.
    pub(super) fn step(self) -> Option<usize> {
        self.origin.checked_sub(1).and_then(|at| usize::try_from(at).ok())
    }

    /// Adds what else it may be; whether that was news.
    pub(super) fn merge(&mut self, other: Self) -> bool {
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
pub(super) struct Field {
    pub(super) value: Value,
    pub(super) within: Option<Row>,
}

/// The columns of a row.
pub(super) type Row = Rc<Vec<Field>>;

/// How deep rows are followed into each other.
const MOST_NESTED: usize = 4;

/// What the registers hold at one step. Those of rows hold a record.
#[derive(Debug, Clone, Default)]
pub(super) struct Registers {
    values: Chunks<Value>,
    rows: BTreeMap<i64, Row>,
}

impl Registers {
    pub(super) fn get(&self, register: i64) -> Value {
        self.values.get(register)
    }

    pub(super) fn set(&mut self, register: i64, value: Value) {
        self.rows.remove(&register);
        self.values.set(register, value);
    }

    pub(super) fn copy(&mut self, from: i64, to: i64) {
        let row = self.rows.get(&from).cloned();
        self.set(to, self.get(from));
        self.rows.extend(row.map(|row| (to, row)));
    }

    pub(super) fn row(&self, register: i64) -> Option<&Row> {
        self.rows.get(&register)
    }

    /// What a register holds, as a column of a row.
    pub(super) fn field(&self, register: i64) -> Field {
        let within = self.rows.get(&register).filter(|row| depth(row) < MOST_NESTED).cloned();
        Field { value: self.get(register), within }
    }

    pub(super) fn set_field(&mut self, register: i64, field: Field) {
        self.set(register, field.value);
        self.rows.extend(field.within.map(|row| (register, row)));
    }

    pub(super) fn set_row(&mut self, register: i64, row: Row) {
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
pub(super) fn merge_rows(into: &mut Row, from: &[Field]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::Classes;

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
}
