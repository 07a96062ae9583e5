//! Inference of storage classes: follows them through a statement's program, and finds the implicit coercions in it: divisions of
//! whole numbers, texts taken for numbers or compared with them. They are SQLite's own way and are changed nowhere; the warnings
//! about them are those of `lints`.

use super::bytecode::{Op, Reads, RegisterOperand, Writes};
use super::control_flow::{CallSensitivity, ControlFlowGraph};
use super::state::{Cursors, Field, Lattice, Registers};
use super::storage_class::{AbstractValue, StorageClasses, numeric_arguments, result_of};
use super::{Analysis, fixpoint};
use crate::store::{Affinity, Book, StoredColumn};
use crate::syntax::expr::most_arguments;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The side that a comparison of a text with a number converts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Converted {
    /// Neither: a text is greater than any number.
    Neither,
    /// The text, if it is a number.
    TextToNumber,
    /// The number.
    NumberToText,
}

/// A coercion of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Coercion {
    /// A whole number is divided by another.
    Division,
    /// A text is converted to a number, by an operator, a function or a cast.
    Operator(&'static str),
    Function(String),
    Cast,
    /// A text is a condition.
    Condition,
    /// A text is compared with a number.
    Comparison(Converted),
    /// A number is converted to a text to be compared with texts.
    Number,
    /// The greatest or least of texts is computed.
    Extreme(String),
}

/// A coercion in a program.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) coercion: Coercion,
    /// The text, or the dividend.
    pub(crate) value: AbstractValue,
    /// The other operand.
    pub(crate) other: AbstractValue,
    /// The column of an index that holds the text, where no instruction reads it.
    pub(crate) column: Option<StoredColumn>,
}

/// The affinities of a comparison, as its instruction has them.
pub(crate) const AFFINITY: i64 = 0x47;
const TEXT_AFFINITY: i64 = 0x42;

/// The facts about a statement that its program does not show.
pub(crate) struct StatementInput<'a> {
    pub(crate) sql: &'a str,
    /// The storage classes of the parameters, from 1 on.
    pub(crate) parameters: &'a [StorageClasses],
    /// True if it writes to no table.
    pub(crate) is_read_only: bool,
}

/// The coercions of a statement, in the order of its program; none where that is too large.
///
/// # Errors
/// That of an interrupted statement.
pub(crate) fn coercions(book: &Book, program: &[Op], input: &StatementInput<'_>) -> rusqlite::Result<Vec<Finding>> {
    let opens = |op: &&Op| matches!(op.opcode, "OpenRead" | "OpenWrite" | "ReopenIdx");
    let columns = program.iter().filter(opens).map(|op| Ok((op.p1, book.stored_columns(op.p3, op.p2)?)));
    let lower = input.sql.to_ascii_lowercase();
    let mut analysis = CoercionAnalysis {
        program,
        input,
        columns: columns.collect::<rusqlite::Result<_>>()?,
        has_json: lower.contains("json_"),
        has_series: lower.contains("generate_series"),
        cursors: Cursors::default(),
        found: BTreeMap::new(),
    };
    for sensitivity in [CallSensitivity::PerCall, CallSensitivity::AnyCaller] {
        analysis.found.clear();
        if fixpoint(&ControlFlowGraph::new(program, sensitivity), &mut analysis, book.stop())?.is_some() {
            return Ok(analysis.found.into_values().collect());
        }
    }
    Ok(Vec::new())
}

struct CoercionAnalysis<'p> {
    program: &'p [Op],
    input: &'p StatementInput<'p>,
    /// The columns of each cursor over a table or an index.
    columns: BTreeMap<i64, Rc<[StoredColumn]>>,
    has_json: bool,
    has_series: bool,
    cursors: Cursors<AbstractValue>,
    /// By the instruction and the operand.
    found: BTreeMap<(usize, usize), Finding>,
}

impl Analysis for CoercionAnalysis<'_> {
    type State = Registers<AbstractValue>;

    const MAX_SIZE: usize = 4_000_000;

    fn reads_rows(&self, at: usize) -> bool {
        let op = &self.program[at];
        match op.opcode {
            "SorterData" | "RowData" => true,
            "Column" => !self.columns.contains_key(&op.p1),
            _ => matches!(op.effect.map(|effect| effect.reads), Some(Reads::Key(_))),
        }
    }

    fn apply(&mut self, at: usize, registers: &mut Registers<AbstractValue>) -> bool {
        let op = &self.program[at];
        let (p1, p2, p3) = (op.p1, op.p2, op.p3);
        let made = |classes| AbstractValue::new(classes, at);
        match op.opcode {
            "Integer" | "Int64" => registers.set(p2, made(StorageClasses::INTEGER)),
            "Real" => registers.set(p2, made(StorageClasses::REAL)),
            "String" | "String8" => registers.set(p2, made(StorageClasses::of_text(&op.p4))),
            "Variable" => {
                let bound = usize::try_from(p1).ok().and_then(|index| self.input.parameters.get(index));
                registers.set(p2, made(bound.copied().unwrap_or_default()));
            }
            "Null" => (p2..=p3.max(p2)).for_each(|register| registers.set(register, AbstractValue::default())),
            "Copy" => (0..=p3).for_each(|i| registers.copy(p1 + i, p2 + i)),
            "SCopy" | "IntCopy" => registers.copy(p1, p2),
            "Move" => (0..p3).for_each(|i| registers.copy(p1 + i, p2 + i)),
            "AggValue" => registers.copy(p1, p3),
            "AggFinal" | "AggInverse" => {}
            "Concat" => registers.set(p3, made(StorageClasses::TEXT)),
            "Function" | "PureFunc" | "AggStep" => self.call(at, registers),
            "Affinity" => self.apply_affinities(at, registers),
            "RealAffinity" => {
                let value = registers.get(p1);
                registers.set(p1, value.with(real(value.classes)));
            }
            "MakeRecord" => {
                let affinities = op.p4.chars().chain(std::iter::repeat('A'));
                let fields = (0..p2).zip(affinities).map(|(i, affinity)| {
                    let field = registers.field(p1 + i);
                    Field { value: self.apply_affinity(at, field.value, affinity), ..field }
                });
                let record = Rc::new(fields.collect());
                registers.set_fields(p3, AbstractValue::default(), record);
            }
            "Insert" | "IdxInsert" | "SorterInsert" => {
                return registers.record(p2).is_some_and(|row| self.cursors.insert(p1, row));
            }
            "OpenPseudo" => self.cursors.open_pseudo(p1, p2),
            "OpenDup" => {
                self.cursors.open_duplicate(p1, p2);
            }
            "SorterData" | "RowData" => {
                registers.set_fields(p2, AbstractValue::default(), self.cursors.row(p1));
            }
            "Column" => registers.set_field(p3, self.column(at, p1, p2, registers)),
            "VColumn" => registers.set(p3, made(self.virtual_column(p2))),
            _ => self.apply_operator(at, registers),
        }
        false
    }
}

impl CoercionAnalysis<'_> {
    /// Applies an operator, a comparison, or another instruction that writes a plain value.
    fn apply_operator(&mut self, at: usize, registers: &mut Registers<AbstractValue>) {
        let op = &self.program[at];
        let Some(effect) = op.effect else { return };
        let get = |operand| registers.get(op.register(operand));
        match (op.opcode, effect.reads) {
            ("Eq" | "Ne" | "Lt" | "Le" | "Gt" | "Ge", Reads::Pair(left, right, _)) => {
                self.compare(at, [get(left), get(right)], op.p5 & AFFINITY, None);
            }
            ("And" | "Or", Reads::Pair(left, right, _)) => {
                for (side, operand) in [left, right].into_iter().enumerate() {
                    self.report_text(at, side, Coercion::Condition, get(operand), AbstractValue::default());
                }
            }
            ("If" | "IfNot" | "Not" | "IsTrue", Reads::Value(operand, _)) => {
                self.report_text(at, 0, Coercion::Condition, get(operand), AbstractValue::default());
            }
            ("BitNot", Reads::Value(operand, what)) => {
                self.report_text(at, 0, Coercion::Operator(what), get(operand), AbstractValue::default());
            }
            ("Cast", Reads::Value(operand, _)) => self.cast(at, operand, registers),
            ("SeekRowid" | "NotExists", Reads::Value(operand, _)) => {
                self.compare(at, [AbstractValue::stored(StorageClasses::INTEGER), get(operand)], AFFINITY, None);
            }
            // A Bloom filter is no cursor, whatever is open under its number.
            ("Filter" | "FilterAdd", _) => {}
            (_, Reads::Key(_)) => self.seek(at, registers),
            ("OffsetLimit", _) => {}
            (_, Reads::Pair(left, right, what)) => {
                let result = self.operate(at, what, get(left), get(right));
                registers.set(op.p3, AbstractValue::new(result, at));
                return;
            }
            _ => {}
        }
        match effect.writes {
            Writes::Plain(operand) | Writes::UserSupplied(operand) => {
                registers.set(op.register(operand), AbstractValue::new(StorageClasses::INTEGER, at));
            }
            Writes::Null(operand) => registers.set(op.register(operand), AbstractValue::default()),
            Writes::Nothing | Writes::Special => {}
        }
    }

    fn column(
        &self,
        at: usize,
        cursor: i64,
        column: i64,
        registers: &Registers<AbstractValue>,
    ) -> Field<AbstractValue> {
        let Ok(index) = usize::try_from(column) else { return Field::default() };
        if let Some(stored) = self.columns.get(&cursor).and_then(|columns| columns.get(index)) {
            return Field { value: AbstractValue::new(declared(stored), at), nested: None };
        }
        self.cursors.column(cursor, column, registers, |_| AbstractValue::default())
    }

    fn virtual_column(&self, column: i64) -> StorageClasses {
        match column {
            0 if self.has_series => StorageClasses::INTEGER,
            1 | 3 if self.has_json => StorageClasses::ANY,
            2 | 6 | 7 if self.has_json => StorageClasses::TEXT,
            0 | 4 | 5 if self.has_json => StorageClasses::NUMBER,
            _ => StorageClasses::NONE,
        }
    }
    /// The result of an operator on numbers.
    fn operate(
        &mut self,
        at: usize,
        written: &'static str,
        left: AbstractValue,
        right: AbstractValue,
    ) -> StorageClasses {
        let op = &self.program[at];
        // SQLite tests by it whether any of several values is NULL.
        let is_null_test = op.opcode == "BitAnd" && (op.p1 == op.p2 || op.p1 == op.p3);
        for (side, [value, other]) in [[left, right], [right, left]].into_iter().enumerate().filter(|_| !is_null_test) {
            if !self.is_conversion(written, value, other) {
                self.report_text(at, side, Coercion::Operator(written), value, other);
            }
        }
        let [l, r] = [left, right].map(|value| value.classes.as_number());
        let whole = l.and(r).and(StorageClasses::INTEGER);
        if written == "/"
            && whole.has(StorageClasses::INTEGER)
            && !left.classes.or(right.classes).has(StorageClasses::TEXT)
        {
            self.found
                .insert((at, 2), Finding { coercion: Coercion::Division, value: left, other: right, column: None });
        }
        match written {
            _ if l == StorageClasses::NONE || r == StorageClasses::NONE => StorageClasses::NONE,
            "+" | "-" | "*" | "/" | "%" => whole.or(l.or(r).and(StorageClasses::REAL)),
            _ => StorageClasses::INTEGER,
        }
    }

    /// True if the text of a function is converted on purpose, by `+ 0` or `* 1`.
    fn is_conversion(&self, written: &str, value: AbstractValue, other: AbstractValue) -> bool {
        let is_made = value.made_by().is_some_and(|at| matches!(&*self.program[at].opcode, "Function" | "PureFunc"));
        let neutral = match written {
            "+" => 0,
            "*" => 1,
            _ => return false,
        };
        let is_neutral = |op: &Op| op.opcode == "Integer" && op.p1 == neutral;
        is_made && other.made_by().is_some_and(|at| is_neutral(&self.program[at]))
    }

    /// Reports a text that is converted to a number, unless it is known to be one.
    fn report_text(&mut self, at: usize, side: usize, coercion: Coercion, value: AbstractValue, other: AbstractValue) {
        if value.classes.has(StorageClasses::TEXT.or(StorageClasses::MAYBE_TEXT)) {
            self.found.insert((at, side), Finding { coercion, value, other, column: None });
        }
    }

    fn compare(&mut self, at: usize, sides: [AbstractValue; 2], affinity: i64, column: Option<&StoredColumn>) {
        let classes = sides.map(|side| if affinity > TEXT_AFFINITY { side.classes.as_numeric() } else { side.classes });
        for (side, other) in [(0, 1), (1, 0)] {
            if classes[other].is_number() && classes[side].has(StorageClasses::TEXTS) {
                let coercion = Coercion::Comparison(match affinity {
                    TEXT_AFFINITY => Converted::NumberToText,
                    affinity if affinity > TEXT_AFFINITY => Converted::TextToNumber,
                    _ => Converted::Neither,
                });
                let column = column.filter(|_| side == 1).cloned();
                self.found.insert((at, side), Finding { coercion, value: sides[side], other: sides[other], column });
            }
        }
    }

    /// Compares a key that is looked up in an index, or among rows of the program's own, with the columns there.
    fn seek(&mut self, at: usize, registers: &Registers<AbstractValue>) {
        let op = &self.program[at];
        let row = registers.record(op.p3).cloned();
        let count = op.p4.parse().unwrap_or(0);
        let keys = row.map_or_else(
            || (0..count).map(|i| registers.get(op.p3 + i)).collect::<Vec<_>>(),
            |row| row.iter().map(|field| field.value).collect(),
        );
        let stored = self.columns.get(&op.p1).cloned();
        let own = self.cursors.row(op.p1);
        for (i, key) in keys.into_iter().enumerate() {
            let column = stored.as_ref().and_then(|columns| columns.get(i));
            let value = own.get(i).map(|field| field.value);
            let value = value.or(column.map(|column| AbstractValue::stored(declared(column))));
            let affinity = i64::try_from(i).map_or(0, |i| self.affinity_of_key(at, op.p3 + i));
            self.compare(at, [key, value.unwrap_or_default()], affinity, column);
        }
    }

    /// The affinity that the register of a key has got right before it is looked up, as a comparison has it; 0 for none.
    fn affinity_of_key(&self, at: usize, register: i64) -> i64 {
        // The steps of a look-up that write no register.
        let is_of_key = |op: &&Op| {
            matches!(op.opcode, "Affinity" | "Filter" | "IsNull" | "SeekGE" | "SeekGT" | "SeekLE" | "SeekLT")
        };
        let before = self.program[..at].iter().rev().take_while(is_of_key);
        let mut affinities = before.filter(|op| op.opcode == "Affinity" && (op.p1..op.p1 + op.p2).contains(&register));
        let letter = affinities.next().and_then(|op| op.p4.chars().nth(usize::try_from(register - op.p1).ok()?));
        letter.map_or(0, |letter| i64::from(u32::from(letter)) & AFFINITY)
    }

    fn cast(&mut self, at: usize, operand: RegisterOperand, registers: &mut Registers<AbstractValue>) {
        let op = &self.program[at];
        let value = registers.get(op.register(operand));
        let is_asked = |op: &Op| !matches!(op.opcode, "Function" | "PureFunc" | "Concat");
        let classes = match op.p2 & AFFINITY {
            0x42 => StorageClasses::TEXT,
            0x44 => StorageClasses::INTEGER,
            0x45 => StorageClasses::REAL,
            0x43 => value.classes.as_number(),
            _ => StorageClasses::NONE,
        };
        // `cast('1e3' as integer)` is 1.
        let is_cut = classes == StorageClasses::INTEGER && value.classes.has(StorageClasses::REAL_TEXT);
        if classes.has(StorageClasses::NUMBER) && value.made_by().is_none_or(|made| is_asked(&self.program[made])) {
            let texts = if is_cut { value.with(value.classes.or(StorageClasses::TEXT)) } else { value };
            self.report_text(at, 0, Coercion::Cast, texts, AbstractValue::default());
        }
        registers.set(op.register(operand), AbstractValue::new(classes, at));
    }

    fn apply_affinities(&mut self, at: usize, registers: &mut Registers<AbstractValue>) {
        let op = &self.program[at];
        for (i, affinity) in (0..op.p2).zip(op.p4.chars()) {
            let value = self.apply_affinity(at, registers.get(op.p1 + i), affinity);
            registers.set(op.p1 + i, value);
        }
    }

    /// Applies an affinity to a value, as the comparison that follows sees it.
    fn apply_affinity(&mut self, at: usize, value: AbstractValue, affinity: char) -> AbstractValue {
        match affinity {
            'B' if value.classes.has(StorageClasses::NUMBER) => {
                if value.classes.is_number() && self.input.is_read_only {
                    let finding =
                        Finding { coercion: Coercion::Number, value, other: AbstractValue::default(), column: None };
                    self.found.insert((at, 0), finding);
                }
                value.with(value.classes.and(StorageClasses::TEXTS).or(StorageClasses::NUMBER_TEXT))
            }
            'C' | 'D' | 'F' => value.with(value.classes.as_numeric()),
            'E' => value.with(real(value.classes.as_numeric())),
            _ => value,
        }
    }

    fn call(&mut self, at: usize, registers: &mut Registers<AbstractValue>) {
        let op = &self.program[at];
        let (name, count) = op.function();
        let is_aggregate = op.opcode == "AggStep";
        let count = count.unwrap_or_else(|| {
            most_arguments(self.input.sql, name).and_then(|most| i64::try_from(most).ok()).unwrap_or(1)
        });
        let arguments: Vec<AbstractValue> = (op.p2..op.p2 + count).map(|register| registers.get(register)).collect();
        let format = arguments.first().and_then(|first| first.made_by()).map(|made| &self.program[made]);
        let format = format.filter(|made| made.opcode == "String8").map(|made| made.p4.as_str());
        for argument in numeric_arguments(name, format) {
            let value = arguments.get(argument).copied().unwrap_or_default();
            self.report_text(at, argument, Coercion::Function(name.to_owned()), value, AbstractValue::default());
        }
        if matches!(name, "max" | "min") {
            match arguments[..] {
                [only] if only.classes.has(StorageClasses::TEXTS) => {
                    let coercion = Coercion::Extreme(name.to_owned());
                    self.found.insert(
                        (at, 0),
                        Finding { coercion, value: only, other: AbstractValue::default(), column: None },
                    );
                }
                [first, ref rest @ ..] => rest.iter().for_each(|other| self.compare(at, [first, *other], 0, None)),
                [] => {}
            }
        }
        let mut result = AbstractValue::new(result_of(name, &arguments, format), at);
        if is_aggregate {
            result.merge(registers.get(op.p3));
        }
        registers.set(op.p3, result);
    }
}

/// Applies the REAL affinity.
fn real(classes: StorageClasses) -> StorageClasses {
    if classes.has(StorageClasses::INTEGER) {
        StorageClasses::REAL.or(classes.and(StorageClasses::TEXTS))
    } else {
        classes
    }
}

/// The storage classes of a column by its type.
fn declared(column: &StoredColumn) -> StorageClasses {
    match column.affinity {
        Affinity::Integer => StorageClasses::INTEGER,
        Affinity::Real => StorageClasses::REAL,
        Affinity::Numeric => StorageClasses::NUMBER,
        Affinity::Text => StorageClasses::TEXT,
        Affinity::None => StorageClasses::ANY,
    }
}
