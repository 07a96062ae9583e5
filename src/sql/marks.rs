//! Which registers, records and cursor columns of a program hold quantities, each with the name of its column.
//! It knows no opcodes.

use std::collections::BTreeMap;
use std::rc::Rc;

/// The name of the column that a quantity came from.
pub(super) type Mark = Rc<str>;

/// The marked columns of a record, in order.
pub(super) type Record = Vec<Option<Mark>>;

/// What the registers hold at one step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    registers: BTreeMap<i64, Mark>,
    records: BTreeMap<i64, Record>,
}

impl Marks {
    pub(super) fn get(&self, register: i64) -> Option<Mark> {
        self.registers.get(&register).cloned()
    }

    /// A register is written: whatever it held before is gone.
    pub(super) fn set(&mut self, register: i64, mark: Option<Mark>) {
        self.records.remove(&register);
        match mark {
            Some(mark) => self.registers.insert(register, mark),
            None => self.registers.remove(&register),
        };
    }

    pub(super) fn copy(&mut self, from: i64, to: i64) {
        let record = self.records.get(&from).cloned();
        self.set(to, self.get(from));
        self.records.extend(record.map(|record| (to, record)));
    }

    pub(super) fn shift(&mut self, from: i64, to: i64) {
        self.copy(from, to);
        self.set(from, None);
    }

    /// The first mark among `count` registers from `first` on.
    pub(super) fn first_of(&self, first: i64, count: i64) -> Option<Mark> {
        self.registers.range(first..first + count.max(0)).next().map(|(_, mark)| mark.clone())
    }

    pub(super) fn make_record(&mut self, first: i64, count: i64, into: i64) {
        let record = (first..first + count).map(|register| self.get(register)).collect();
        self.set_record(into, record);
    }

    pub(super) fn set_record(&mut self, register: i64, record: Record) {
        self.set(register, None);
        if record.iter().any(Option::is_some) {
            self.records.insert(register, record);
        }
    }

    pub(super) fn record(&self, register: i64) -> Record {
        self.records.get(&register).cloned().unwrap_or_default()
    }

    /// Adds the marks of another path; whether there were any new ones.
    pub(super) fn merge(&mut self, other: &Marks) -> bool {
        let before = self.clone();
        for (register, mark) in &other.registers {
            self.registers.entry(*register).or_insert_with(|| mark.clone());
        }
        for (register, record) in &other.records {
            merge_record(self.records.entry(*register).or_default(), record);
        }
        *self != before
    }
}

/// What the rows behind each cursor hold: the union over all that is ever inserted.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    rows: BTreeMap<i64, Record>,
    /// Cursors over a single record in a register.
    pseudo: BTreeMap<i64, i64>,
    /// Cursors opened over the rows of another.
    shared: BTreeMap<i64, i64>,
}

impl Cursors {
    pub(super) fn insert(&mut self, cursor: i64, record: &Record) -> bool {
        merge_record(self.rows.entry(self.origin(cursor)).or_default(), record)
    }

    pub(super) fn set_pseudo(&mut self, cursor: i64, register: i64) {
        self.pseudo.insert(cursor, register);
    }

    pub(super) fn share(&mut self, cursor: i64, of: i64) -> bool {
        self.shared.insert(cursor, self.origin(of)).is_none()
    }

    pub(super) fn row(&self, cursor: i64) -> Record {
        self.rows.get(&self.origin(cursor)).cloned().unwrap_or_default()
    }

    pub(super) fn column(&self, cursor: i64, column: i64, marks: &Marks) -> Option<Mark> {
        let row = match self.pseudo.get(&cursor) {
            Some(register) => marks.record(*register),
            None => self.row(cursor),
        };
        usize::try_from(column).ok().and_then(|column| row.get(column).cloned()).flatten()
    }

    fn origin(&self, cursor: i64) -> i64 {
        self.shared.get(&cursor).copied().unwrap_or(cursor)
    }
}

/// Adds what `from` marks and `into` does not; whether there was anything.
fn merge_record(into: &mut Record, from: &Record) -> bool {
    let mut grew = false;
    for (column, mark) in from.iter().enumerate() {
        if into.len() <= column {
            into.push(None);
        }
        if mark.is_some() && into[column].is_none() {
            into[column].clone_from(mark);
            grew = true;
        }
    }
    grew
}
