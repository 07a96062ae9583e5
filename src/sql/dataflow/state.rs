//! What registers, records and cursor columns of a program hold: quantities, each with the name of its column, or
//! other values, or either. It knows no opcodes.

use super::State;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Registers in a chunk: few enough to be copied for one write, enough to make a state short.
const CHUNK: usize = 32;

/// Values by the number of their register; the default where none was written.
#[derive(Debug, Clone)]
pub(super) struct Chunks<T>(Vec<Rc<[T; CHUNK]>>);

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + Default + PartialEq> Chunks<T> {
    pub(super) fn get(&self, register: i64) -> T {
        let place = usize::try_from(register).ok().map(|register| (register / CHUNK, register % CHUNK));
        place.and_then(|(chunk, at)| Some(self.0.get(chunk)?[at])).unwrap_or_default()
    }

    pub(super) fn set(&mut self, register: i64, value: T) {
        let Ok(register) = usize::try_from(register) else { return };
        let (chunk, at) = (register / CHUNK, register % CHUNK);
        self.grow(chunk + 1);
        if self.0[chunk][at] != value {
            Rc::make_mut(&mut self.0[chunk])[at] = value;
        }
    }

    /// How many registers there is room for.
    pub(super) fn len(&self) -> usize {
        self.0.len() * CHUNK
    }

    /// Those of `count` registers from `first` on for which there is room.
    pub(super) fn range(&self, first: i64, count: i64) -> impl Iterator<Item = T> {
        let place = |register: i64| usize::try_from(register).unwrap_or_default().min(self.len());
        let (first, end) = (place(first), place(first.saturating_add(count.max(0))));
        (first..end).map(|register| self.0[register / CHUNK][register % CHUNK])
    }

    /// Whether any value of `other` `is_news` beside the one that is known.
    pub(super) fn any_news(&self, other: &Self, is_news: impl Fn(T, T) -> bool) -> bool {
        let none = [T::default(); CHUNK];
        other.0.iter().enumerate().any(|(at, brought)| match self.0.get(at) {
            Some(known) if Rc::ptr_eq(known, brought) => false,
            known => {
                let known = known.map_or(&none, |known| &**known);
                known.iter().zip(&**brought).any(|(known, brought)| is_news(*known, *brought))
            }
        })
    }

    /// Merges each value of `other` into the one that is known by `merge`, which says whether that was news; whether any was.
    pub(super) fn merge(&mut self, other: &Self, merge: impl Fn(&mut T, T) -> bool) -> bool {
        self.grow(other.0.len());
        let mut grew = false;
        for (known, brought) in self.0.iter_mut().zip(&other.0) {
            if Rc::ptr_eq(known, brought) {
                continue;
            }
            if known == brought {
                *known = Rc::clone(brought);
                continue;
            }
            for (known, brought) in Rc::make_mut(known).iter_mut().zip(&**brought) {
                grew |= known != brought && merge(known, *brought);
            }
        }
        grew
    }

    fn grow(&mut self, chunks: usize) {
        while self.0.len() < chunks {
            self.0.push(Rc::new([T::default(); CHUNK]));
        }
    }
}

/// The place, in a list of its caller's, of the name of the column that a quantity came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(u32);

impl Mark {
    pub(super) fn new(place: usize) -> Self {
        Self(u32::try_from(place).unwrap_or(u32::MAX))
    }

    pub(super) fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// What a value is. Where none is given, it is NULL or has not been written: both fit any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No quantity.
    Plain,
    /// No quantity, and made of a number that a person gave: a literal, a parameter.
    Given,
    /// A quantity.
    Quantity(Mark),
    /// A quantity on one path, something else on another.
    Mixed(Mark),
}

impl Kind {
    /// The name of the quantity that it may be.
    pub(super) fn mark(self) -> Option<Mark> {
        match self {
            Kind::Plain | Kind::Given => None,
            Kind::Quantity(mark) | Kind::Mixed(mark) => Some(mark),
        }
    }
}

/// What a value is that comes by one path or the other.
pub(super) fn either(one: Option<Kind>, other: Option<Kind>) -> Option<Kind> {
    match (one, other) {
        (None, kind) | (kind, None) => kind,
        (Some(Kind::Plain), Some(Kind::Plain)) => one,
        (Some(Kind::Plain | Kind::Given), Some(Kind::Plain | Kind::Given)) => Some(Kind::Given),
        (Some(Kind::Quantity(_)), Some(Kind::Quantity(_))) => one,
        (Some(Kind::Mixed(_)), _) => one,
        (Some(one), Some(other)) => one.mark().or(other.mark()).map(Kind::Mixed),
    }
}

/// The columns of a record, in order.
pub(super) type Record = Vec<Field>;

/// How deep records are followed into each other; a row that is deeper is refused.
const MOST_NESTED: usize = 4;

/// A value of a record. It may be a record itself: a sorter carries whole rows that way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    kind: Option<Kind>,
    within: Option<Rc<Record>>,
}

impl Field {
    /// The quantity that it may be, or may hold.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.kind.and_then(Kind::mark)
    }
}

/// What the registers hold at one step.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    kinds: Chunks<Option<Kind>>,
    /// Shared: a state is copied for every way, and few steps make a record.
    records: BTreeMap<i64, Rc<Record>>,
}

impl Marks {
    pub(super) fn kind(&self, register: i64) -> Option<Kind> {
        self.kinds.get(register)
    }

    /// The quantity that a register may hold.
    pub(super) fn get(&self, register: i64) -> Option<Mark> {
        self.kind(register).and_then(Kind::mark)
    }

    /// A register is written, with NULL where no kind is given: whatever it held before is gone.
    pub(super) fn set(&mut self, register: i64, kind: Option<Kind>) {
        self.records.remove(&register);
        self.kinds.set(register, kind);
    }

    /// Whether any of `count` registers from `first` on holds what a person gave.
    pub(super) fn any_given(&self, first: i64, count: i64) -> bool {
        self.kinds.range(first, count).any(|kind| kind == Some(Kind::Given))
    }

    pub(super) fn copy(&mut self, from: i64, to: i64) {
        let record = self.records.get(&from).cloned();
        self.set(to, self.kind(from));
        self.records.extend(record.map(|record| (to, record)));
    }

    pub(super) fn shift(&mut self, from: i64, to: i64) {
        self.copy(from, to);
        self.set(from, None);
    }

    /// The first quantity among `count` registers from `first` on.
    pub(super) fn first_of(&self, first: i64, count: i64) -> Option<Mark> {
        self.kinds.range(first, count).flatten().find_map(Kind::mark)
    }

    /// A register is written with a value that comes out of a record.
    pub(super) fn set_field(&mut self, register: i64, field: Field) {
        self.set(register, field.kind);
        self.records.extend(field.within.map(|record| (register, record)));
    }

    pub(super) fn make_record(&mut self, first: i64, count: i64, into: i64) {
        let field = |register| {
            let within = self.records.get(&register).filter(|record| depth(record) < MOST_NESTED);
            Field { kind: self.kind(register), within: within.cloned() }
        };
        let record = (first..first + count).map(field).collect();
        self.set_record(into, Rc::new(record));
    }

    pub(super) fn set_record(&mut self, register: i64, record: Rc<Record>) {
        // As a value of its own, a record of quantities is neither one nor anything else.
        let mark = record.iter().find_map(Field::mark);
        self.set(register, Some(mark.map_or(Kind::Plain, Kind::Mixed)));
        self.records.insert(register, record);
    }

    pub(super) fn record(&self, register: i64) -> Rc<Record> {
        self.records.get(&register).cloned().unwrap_or_default()
    }
}

impl State for Marks {
    /// Adds what another way brings; whether that was anything of quantities. What is only plain there is not carried on:
    /// it makes no quantity, and a row in which it stands for one is refused when it is read.
    fn merge(&mut self, other: &Self) -> bool {
        let none = Record::new();
        let known = |register: &i64| self.records.get(register).map_or(&none, |record| &**record);
        let grows = self.kinds.any_news(&other.kinds, is_news)
            || other.records.iter().any(|(register, record)| brings_marks(known(register), record));
        if !grows {
            return false;
        }
        self.kinds.merge(&other.kinds, |known, kind| {
            *known = either(*known, kind);
            true
        });
        for (register, record) in &other.records {
            let known = self.records.entry(*register).or_default();
            if !Rc::ptr_eq(known, record) && **known != **record {
                merge_record(Rc::make_mut(known), record);
            }
        }
        true
    }

    fn size(&self) -> usize {
        self.kinds.len()
    }
}

/// What the rows behind each cursor hold: the union over all that is ever inserted.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    rows: BTreeMap<i64, Rc<Record>>,
    /// Cursors over a single record in a register.
    pseudo: BTreeMap<i64, i64>,
    /// Cursors opened over the rows of another.
    shared: BTreeMap<i64, i64>,
}

impl Cursors {
    pub(super) fn insert(&mut self, cursor: i64, record: &Record) -> bool {
        let rows = self.rows.entry(self.origin(cursor)).or_default();
        **rows != *record && merge_record(Rc::make_mut(rows), record)
    }

    pub(super) fn set_pseudo(&mut self, cursor: i64, register: i64) {
        self.pseudo.insert(cursor, register);
    }

    pub(super) fn share(&mut self, cursor: i64, of: i64) -> bool {
        self.shared.insert(cursor, self.origin(of)).is_none()
    }

    pub(super) fn row(&self, cursor: i64) -> Rc<Record> {
        self.rows.get(&self.origin(cursor)).cloned().unwrap_or_default()
    }

    /// What a column of a temporary cursor holds.
    pub(super) fn column(&self, cursor: i64, column: i64, marks: &Marks) -> Field {
        let row = match self.pseudo.get(&cursor) {
            Some(register) if marks.records.contains_key(register) => marks.record(*register),
            // A record that came out of another one: which of its columns are quantities has been lost.
            Some(register) => return Field { kind: marks.kind(*register), within: None },
            None => self.row(cursor),
        };
        usize::try_from(column).ok().and_then(|column| row.get(column).cloned()).unwrap_or_default()
    }

    fn origin(&self, cursor: i64) -> i64 {
        self.shared.get(&cursor).copied().unwrap_or(cursor)
    }
}

/// How deep a record holds others.
fn depth(record: &Record) -> usize {
    1 + record.iter().filter_map(|field| field.within.as_deref()).map(depth).max().unwrap_or_default()
}

/// Whether `kind` is a quantity or given where that was not known, or something else where one was.
fn is_news(known: Option<Kind>, kind: Option<Kind>) -> bool {
    let merged = either(known, kind);
    merged != known && merged.is_some_and(|kind| kind != Kind::Plain)
}

/// Whether `from` has such news in any column.
fn brings_marks(into: &Record, from: &Record) -> bool {
    let none = Field::default();
    from.iter().enumerate().any(|(at, field)| {
        let known = into.get(at).unwrap_or(&none);
        let within = match (&known.within, &field.within) {
            (Some(known), Some(record)) => brings_marks(known, record),
            (None, Some(record)) => brings_marks(&Record::new(), record),
            (_, None) => false,
        };
        within || is_news(known.kind, field.kind)
    })
}

/// Adds to `into` what `from` brings; whether that was anything new.
fn merge_record(into: &mut Record, from: &Record) -> bool {
    if into.len() < from.len() {
        into.resize(from.len(), Field::default());
    }
    let mut grew = false;
    for (known, field) in into.iter_mut().zip(from) {
        let merged = either(known.kind, field.kind);
        grew |= merged != known.kind;
        known.kind = merged;
        match (&mut known.within, &field.within) {
            (Some(known), Some(record)) => grew |= merge_record(Rc::make_mut(known), record),
            (within @ None, Some(record)) => {
                *within = Some(Rc::clone(record));
                grew = true;
            }
            (_, None) => {}
        }
    }
    grew
}
