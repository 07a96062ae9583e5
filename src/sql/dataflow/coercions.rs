//! Follows what the values of a statement may be through its program, and finds where SQL divides whole numbers, takes a text for a
//! number or compares it with one. That is SQLite's own way and is changed nowhere; what is said of it is `lints`'.

use super::bytecode::{Operand, Reads, Step, Writes};
use super::control_flow::{Closeness, Flow};
use super::storage_class::{Classes, Field, Registers, Row, Value, merge_rows, numeric_arguments, result_of};
use super::{Transfer, settle};
use crate::store::{Affinity, Book, StoredColumn};
use crate::syntax::expr::most_arguments;
use std::collections::BTreeMap;
use std::rc::Rc;

/// As what a comparison takes a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// As a text, which is greater than any number.
    AsText,
    /// As a number, where it is one.
    AsNumber,
    /// The number as a text.
    NumberAsText,
}

/// What is done to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Use {
    /// A whole number is divided by another.
    Division,
    /// A text is made a number of, by an operator, a function or a cast.
    Operator(&'static str),
    Function(String),
    Cast,
    /// A text is a condition.
    Condition,
    /// A text is compared with a number: as one, or as what it is.
    Comparison(Taken),
    /// A number is made a text to be compared with texts.
    Number,
    /// The greatest or least of texts is asked for.
    Extreme(String),
}

/// A place of a program where that is done.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) usage: Use,
    /// The text, or what is divided.
    pub(crate) value: Value,
    /// What it is put together with.
    pub(crate) other: Value,
    /// The column of an index that the text stands in, where no step reads it.
    pub(crate) column: Option<StoredColumn>,
}

/// The affinities of a comparison, as its step has them.
pub(crate) const AFFINITY: i64 = 0x47;
const TEXT_AFFINITY: i64 = 0x42;

/// What is known of a statement before its program is read.
pub(crate) struct Asked<'a> {
    pub(crate) sql: &'a str,
    /// What the parameters hold, from 1 on.
    pub(crate) parameters: &'a [Classes],
    /// Whether it writes to no table.
    pub(crate) is_question: bool,
}

/// Where a statement does it, in the order of its program; nothing where that is too large.
///
/// # Errors
/// That of an interrupted statement.
pub(crate) fn findings(book: &Book, steps: &[Step], asked: &Asked<'_>) -> rusqlite::Result<Vec<Finding>> {
    let opens = |step: &&Step| matches!(step.opcode.as_str(), "OpenRead" | "OpenWrite" | "ReopenIdx");
    let columns = steps.iter().filter(opens).map(|step| Ok((step.p1, book.stored_columns(step.p3, step.p2)?)));
    let lower = asked.sql.to_ascii_lowercase();
    let mut pass = Pass {
        steps,
        asked,
        columns: columns.collect::<rusqlite::Result<_>>()?,
        has_json: lower.contains("json_"),
        has_series: lower.contains("generate_series"),
        rows: BTreeMap::new(),
        pseudo: BTreeMap::new(),
        shared: BTreeMap::new(),
        found: BTreeMap::new(),
    };
    for closeness in [Closeness::TellingCalls, Closeness::AnyCaller] {
        pass.found.clear();
        if settle(&Flow::new(steps, closeness), &mut pass, book.stop())?.is_some() {
            return Ok(pass.found.into_values().collect());
        }
    }
    Ok(Vec::new())
}

struct Pass<'p> {
    steps: &'p [Step],
    asked: &'p Asked<'p>,
    /// The columns of each cursor over a table or an index.
    columns: BTreeMap<i64, Rc<[StoredColumn]>>,
    has_json: bool,
    has_series: bool,
    /// What the rows behind a cursor of the program's own hold.
    rows: BTreeMap<i64, Row>,
    /// Cursors over a single record in a register, and over the rows of another.
    pseudo: BTreeMap<i64, i64>,
    shared: BTreeMap<i64, i64>,
    found: BTreeMap<(usize, usize), Finding>,
}

impl Transfer for Pass<'_> {
    type State = Registers;

    const MOST_SIZE: usize = 4_000_000;

    fn reads_rows(&self, at: usize) -> bool {
        let step = &self.steps[at];
        match step.opcode.as_str() {
            "SorterData" | "RowData" => true,
            "Column" => !self.columns.contains_key(&step.p1),
            _ => matches!(step.does.map(|does| does.reads), Some(Reads::Key(_))),
        }
    }

    fn apply(&mut self, at: usize, registers: &mut Registers) -> bool {
        let step = &self.steps[at];
        let (p1, p2, p3) = (step.p1, step.p2, step.p3);
        let made = |classes| Value::new(classes, at);
        match step.opcode.as_str() {
            "Integer" | "Int64" => registers.set(p2, made(Classes::WHOLE)),
            "Real" => registers.set(p2, made(Classes::REAL)),
            "String" | "String8" => registers.set(p2, made(Classes::of_text(&step.p4))),
            "Variable" => {
                let bound = usize::try_from(p1).ok().and_then(|index| self.asked.parameters.get(index));
                registers.set(p2, made(bound.copied().unwrap_or_default()));
            }
            "Null" => (p2..=p3.max(p2)).for_each(|register| registers.set(register, Value::default())),
            "Copy" => (0..=p3).for_each(|i| registers.copy(p1 + i, p2 + i)),
            "SCopy" | "IntCopy" => registers.copy(p1, p2),
            "Move" => (0..p3).for_each(|i| registers.copy(p1 + i, p2 + i)),
            "AggValue" => registers.copy(p1, p3),
            "AggFinal" | "AggInverse" => {}
            "Concat" => registers.set(p3, made(Classes::TEXT)),
            "Function" | "PureFunc" | "AggStep" => self.call(at, registers),
            "Affinity" => self.apply_affinity(at, registers),
            "RealAffinity" => {
                let value = registers.get(p1);
                registers.set(p1, value.with(real(value.classes)));
            }
            "MakeRecord" => {
                let affinities = step.p4.chars().chain(std::iter::repeat('A'));
                let fields = (0..p2).zip(affinities).map(|(i, affinity)| {
                    let field = registers.field(p1 + i);
                    Field { value: self.affine(at, field.value, affinity), ..field }
                });
                let row = fields.collect();
                registers.set_row(p3, Rc::new(row));
            }
            "Insert" | "IdxInsert" | "SorterInsert" => {
                let Some(row) = registers.row(p2) else { return false };
                return merge_rows(self.rows.entry(self.rows_of(p1)).or_default(), row);
            }
            "OpenPseudo" => drop(self.pseudo.insert(p1, p2)),
            "OpenDup" => drop(self.shared.insert(p1, self.rows_of(p2))),
            "SorterData" | "RowData" => {
                registers.set_row(p2, self.rows.get(&self.rows_of(p1)).cloned().unwrap_or_default());
            }
            "Column" => registers.set_field(p3, self.column(at, p1, p2, registers)),
            "VColumn" => registers.set(p3, made(self.virtual_column(p2))),
            _ => self.apply_operator(at, registers),
        }
        false
    }
}

impl Pass<'_> {
    /// An operator, a comparison, or whatever else writes a plain value.
    fn apply_operator(&mut self, at: usize, registers: &mut Registers) {
        let step = &self.steps[at];
        let Some(does) = step.does else { return };
        let get = |operand| registers.get(step.register(operand));
        match (step.opcode.as_str(), does.reads) {
            ("Eq" | "Ne" | "Lt" | "Le" | "Gt" | "Ge", Reads::Pair(left, right, _)) => {
                self.compare(at, [get(left), get(right)], step.p5 & AFFINITY, None);
            }
            ("And" | "Or", Reads::Pair(left, right, _)) => {
                for (side, operand) in [left, right].into_iter().enumerate() {
                    self.take_text(at, side, Use::Condition, get(operand), Value::default());
                }
            }
            ("If" | "IfNot" | "Not" | "IsTrue", Reads::Value(operand, _)) => {
                self.take_text(at, 0, Use::Condition, get(operand), Value::default());
            }
            ("BitNot", Reads::Value(operand, what)) => {
                self.take_text(at, 0, Use::Operator(what), get(operand), Value::default());
            }
            ("Cast", Reads::Value(operand, _)) => self.cast(at, operand, registers),
            ("SeekRowid" | "NotExists", Reads::Value(operand, _)) => {
                self.compare(at, [Value::stored(Classes::WHOLE), get(operand)], AFFINITY, None);
            }
            (_, Reads::Key(_)) => self.seek(at, registers),
            ("OffsetLimit", _) => {}
            (_, Reads::Pair(left, right, what)) => {
                let result = self.operate(at, what, get(left), get(right));
                registers.set(step.p3, Value::new(result, at));
                return;
            }
            _ => {}
        }
        match does.writes {
            Writes::Plain(operand) | Writes::Given(operand) => {
                registers.set(step.register(operand), Value::new(Classes::WHOLE, at));
            }
            Writes::Null(operand) => registers.set(step.register(operand), Value::default()),
            Writes::Nothing | Writes::Own => {}
        }
    }

    fn column(&self, at: usize, cursor: i64, column: i64, registers: &Registers) -> Field {
        let Ok(index) = usize::try_from(column) else { return Field::default() };
        if let Some(stored) = self.columns.get(&cursor).and_then(|columns| columns.get(index)) {
            return Field { value: Value::new(declared(stored), at), within: None };
        }
        let row = match self.pseudo.get(&cursor) {
            Some(register) => registers.row(*register),
            None => self.rows.get(&self.rows_of(cursor)),
        };
        row.and_then(|row| row.get(index)).cloned().unwrap_or_default()
    }

    fn virtual_column(&self, column: i64) -> Classes {
        match column {
            0 if self.has_series => Classes::WHOLE,
            1 | 3 if self.has_json => Classes::ANY,
            2 | 6 | 7 if self.has_json => Classes::TEXT,
            0 | 4 | 5 if self.has_json => Classes::NUMBER,
            _ => Classes::NONE,
        }
    }

    fn rows_of(&self, cursor: i64) -> i64 {
        self.shared.get(&cursor).copied().unwrap_or(cursor)
    }
}

impl Pass<'_> {
    /// What an operator of numbers makes.
    fn operate(&mut self, at: usize, written: &'static str, left: Value, right: Value) -> Classes {
        let step = &self.steps[at];
        // SQLite asks by it which of several values is NULL.
        let is_null_test = step.opcode == "BitAnd" && (step.p1 == step.p2 || step.p1 == step.p3);
        for (side, [value, other]) in [[left, right], [right, left]].into_iter().enumerate().filter(|_| !is_null_test) {
            if !(self.is_conversion(written, value, other)) {
                self.take_text(at, side, Use::Operator(written), value, other);
            }
        }
        let [l, r] = [left, right].map(|value| value.classes.as_number());
        let whole = l.and(r).and(Classes::WHOLE);
        if written == "/" && whole.has(Classes::WHOLE) && !left.classes.or(right.classes).has(Classes::TEXT) {
            self.found.insert((at, 2), Finding { usage: Use::Division, value: left, other: right, column: None });
        }
        match written {
            _ if l == Classes::NONE || r == Classes::NONE => Classes::NONE,
            "+" | "-" | "*" | "/" | "%" => whole.or(l.or(r).and(Classes::REAL)),
            _ => Classes::WHOLE,
        }
    }

    /// Whether somebody makes a number of the text of a function on purpose, by `+ 0` or `* 1`.
    fn is_conversion(&self, written: &str, value: Value, other: Value) -> bool {
        let is_made = value.step().is_some_and(|at| matches!(&*self.steps[at].opcode, "Function" | "PureFunc"));
        let neutral = match written {
            "+" => 0,
            "*" => 1,
            _ => return false,
        };
        let is_neutral = |step: &Step| step.opcode == "Integer" && step.p1 == neutral;
        is_made && other.step().is_some_and(|at| is_neutral(&self.steps[at]))
    }

    /// Takes note of a text that is made a number of, unless it is known to be one.
    fn take_text(&mut self, at: usize, side: usize, usage: Use, value: Value, other: Value) {
        if value.classes.has(Classes::TEXT.or(Classes::OPEN)) {
            self.found.insert((at, side), Finding { usage, value, other, column: None });
        }
    }

    fn compare(&mut self, at: usize, sides: [Value; 2], affinity: i64, column: Option<&StoredColumn>) {
        let classes = sides.map(|side| if affinity > TEXT_AFFINITY { side.classes.as_numeric() } else { side.classes });
        for (side, other) in [(0, 1), (1, 0)] {
            if classes[other].is_number() && classes[side].has(Classes::TEXTS) {
                let usage = Use::Comparison(match affinity {
                    TEXT_AFFINITY => Taken::NumberAsText,
                    affinity if affinity > TEXT_AFFINITY => Taken::AsNumber,
                    _ => Taken::AsText,
                });
                let column = column.filter(|_| side == 1).cloned();
                self.found.insert((at, side), Finding { usage, value: sides[side], other: sides[other], column });
            }
        }
    }

    /// A key that is looked up in an index or among rows of the program's own.
    fn seek(&mut self, at: usize, registers: &Registers) {
        let step = &self.steps[at];
        let row = registers.row(step.p3).cloned();
        let count = step.p4.parse().unwrap_or(0);
        let keys = row.map_or_else(
            || (0..count).map(|i| registers.get(step.p3 + i)).collect::<Vec<_>>(),
            |row| row.iter().map(|field| field.value).collect(),
        );
        let stored = self.columns.get(&step.p1).cloned();
        let own = self.rows.get(&self.rows_of(step.p1)).cloned();
        for (i, key) in keys.into_iter().enumerate() {
            let column = stored.as_ref().and_then(|columns| columns.get(i));
            let within = own.as_ref().and_then(|row| row.get(i)).map(|field| field.value);
            let held = within.or(column.map(|column| Value::stored(declared(column))));
            self.compare(at, [key, held.unwrap_or_default()], 0, column);
        }
    }

    fn cast(&mut self, at: usize, operand: Operand, registers: &mut Registers) {
        let step = &self.steps[at];
        let value = registers.get(step.register(operand));
        let is_asked = |step: &Step| !matches!(&*step.opcode, "Function" | "PureFunc" | "Concat");
        let classes = match step.p2 & AFFINITY {
            0x42 => Classes::TEXT,
            0x44 => Classes::WHOLE,
            0x45 => Classes::REAL,
            0x43 => value.classes.as_number(),
            _ => Classes::NONE,
        };
        // `cast('1e3' as integer)` is 1.
        let is_cut = classes == Classes::WHOLE && value.classes.has(Classes::REAL_TEXT);
        if classes.has(Classes::NUMBER) && value.step().is_none_or(|made| is_asked(&self.steps[made])) {
            let texts = if is_cut { value.with(value.classes.or(Classes::TEXT)) } else { value };
            self.take_text(at, 0, Use::Cast, texts, Value::default());
        }
        registers.set(step.register(operand), Value::new(classes, at));
    }

    fn apply_affinity(&mut self, at: usize, registers: &mut Registers) {
        let step = &self.steps[at];
        for (i, affinity) in (0..step.p2).zip(step.p4.chars()) {
            let value = self.affine(at, registers.get(step.p1 + i), affinity);
            registers.set(step.p1 + i, value);
        }
    }

    /// What becomes of a value that gets an affinity: the comparison that follows is of what it is then.
    fn affine(&mut self, at: usize, value: Value, affinity: char) -> Value {
        match affinity {
            'B' if value.classes.has(Classes::NUMBER) => {
                if value.classes.is_number() && self.asked.is_question {
                    let finding = Finding { usage: Use::Number, value, other: Value::default(), column: None };
                    self.found.insert((at, 0), finding);
                }
                value.with(value.classes.and(Classes::TEXTS).or(Classes::NUMBER_TEXT))
            }
            'C' | 'D' | 'F' => value.with(value.classes.as_numeric()),
            'E' => value.with(real(value.classes.as_numeric())),
            _ => value,
        }
    }

    fn call(&mut self, at: usize, registers: &mut Registers) {
        let step = &self.steps[at];
        let (name, count) = step.function();
        let is_aggregate = step.opcode == "AggStep";
        let count = count.unwrap_or_else(|| {
            most_arguments(self.asked.sql, name).and_then(|most| i64::try_from(most).ok()).unwrap_or(1)
        });
        let arguments: Vec<Value> = (step.p2..step.p2 + count).map(|register| registers.get(register)).collect();
        let format = arguments.first().and_then(|first| first.step()).map(|made| &self.steps[made]);
        let format = format.filter(|made| made.opcode == "String8").map(|made| made.p4.as_str());
        for place in numeric_arguments(name, format) {
            let value = arguments.get(place).copied().unwrap_or_default();
            self.take_text(at, place, Use::Function(name.to_owned()), value, Value::default());
        }
        if matches!(name, "max" | "min") {
            match arguments[..] {
                [only] if only.classes.has(Classes::TEXTS) => {
                    let usage = Use::Extreme(name.to_owned());
                    self.found.insert((at, 0), Finding { usage, value: only, other: Value::default(), column: None });
                }
                [first, ref rest @ ..] => rest.iter().for_each(|other| self.compare(at, [first, *other], 0, None)),
                [] => {}
            }
        }
        let mut result = Value::new(result_of(name, &arguments, format), at);
        if is_aggregate {
            result.merge(registers.get(step.p3));
        }
        registers.set(step.p3, result);
    }
}

/// What becomes of a number in a column of REALs.
fn real(classes: Classes) -> Classes {
    if classes.has(Classes::WHOLE) { Classes::REAL.or(classes.and(Classes::TEXTS)) } else { classes }
}

/// What a column may hold by its type.
fn declared(column: &StoredColumn) -> Classes {
    match column.affinity {
        Affinity::Integer => Classes::WHOLE,
        Affinity::Real => Classes::REAL,
        Affinity::Numeric => Classes::NUMBER,
        Affinity::Text => Classes::TEXT,
        Affinity::None => Classes::ANY,
    }
}
