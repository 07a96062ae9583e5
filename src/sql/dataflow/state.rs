//! The state of a program at one instruction: the value of each register, the fields of the records in registers, and the rows
//! behind cursors. The values are the analysis's; those of the analysis of quantities are defined here, for their rules of merging.

use super::State;
use super::liveness::{LiveSet, WORD};
use smallvec::SmallVec;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::rc::Rc;

/// An abstract value: everything that a register may hold at an instruction, by any path.
pub(super) trait Lattice: Copy + Default + PartialEq {
    /// Adds what it may be by another path; true if that is news.
    fn merge(&mut self, other: Self) -> bool;

    /// The value as a number, 0 for the default: registers are compared by the chunk.
    fn pack(self) -> u32;

    /// The value of a number.
    fn unpack(packed: u32) -> Self;
}

/// Registers in a chunk: few enough to be copied for one write, enough to make a state short; one word of a set of registers.
const CHUNK: usize = WORD;

/// Packed values of neighbouring registers.
type Chunk = [u32; CHUNK];

/// Values by the number of their register, the default where none was written; in chunks that are shared between states as long
/// as they are the same: a state is copied for every path, and an instruction writes one register of hundreds.
#[derive(Debug, Clone)]
struct RegisterFile<T> {
    chunks: Vec<Rc<Chunk>>,
    values: PhantomData<T>,
}

impl<T> Default for RegisterFile<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), values: PhantomData }
    }
}

impl<T: Lattice> RegisterFile<T> {
    fn get(&self, register: i64) -> T {
        let place = usize::try_from(register).ok().map(|register| (register / CHUNK, register % CHUNK));
        place.and_then(|(chunk, at)| Some(T::unpack(self.chunks.get(chunk)?[at]))).unwrap_or_default()
    }

    fn set(&mut self, register: i64, value: T) {
        let Ok(register) = usize::try_from(register) else { return };
        let (chunk, at) = (register / CHUNK, register % CHUNK);
        self.grow(chunk + 1);
        let packed = value.pack();
        if self.chunks[chunk][at] != packed {
            Rc::make_mut(&mut self.chunks[chunk])[at] = packed;
        }
    }

    /// The number of registers that there is room for.
    fn len(&self) -> usize {
        self.chunks.len() * CHUNK
    }

    /// Those of `count` registers from `first` on for which there is room.
    fn range(&self, first: i64, count: i64) -> impl Iterator<Item = T> {
        let place = |register: i64| usize::try_from(register).unwrap_or_default().min(self.len());
        let (first, end) = (place(first), place(first.saturating_add(count.max(0))));
        (first..end).map(|register| T::unpack(self.chunks[register / CHUNK][register % CHUNK]))
    }

    /// True if any live value of `other` `is_news` beside the known one, which is told the register. Chunks that are found to be the
    /// same are shared from then on.
    fn any_news(&mut self, other: &Self, live: LiveSet<'_>, is_news: impl Fn(usize, T, T) -> bool) -> bool {
        self.grow(other.chunks.len());
        self.chunks.iter_mut().zip(&other.chunks).enumerate().any(|(at, (known, brought))| {
            let live = live.word(at);
            if live == 0 || Rc::ptr_eq(known, brought) {
                return false;
            }
            if known == brought {
                *known = Rc::clone(brought);
                return false;
            }
            let is_news = |lane: usize| is_news(at * CHUNK + lane, T::unpack(known[lane]), T::unpack(brought[lane]));
            lanes(live).any(|lane| known[lane] != brought[lane] && is_news(lane))
        })
    }

    /// Merges each live value of `other` into the known one; true if any was news.
    fn merge(&mut self, other: &Self, live: LiveSet<'_>) -> bool {
        self.grow(other.chunks.len());
        let mut grew = false;
        for (at, (known, brought)) in self.chunks.iter_mut().zip(&other.chunks).enumerate() {
            let live = live.word(at);
            if live == 0 || Rc::ptr_eq(known, brought) {
                continue;
            }
            for lane in lanes(live).filter(|lane| known[*lane] != brought[*lane]).collect::<SmallVec<[usize; CHUNK]>>()
            {
                let mut merged = T::unpack(known[lane]);
                grew |= merged.merge(T::unpack(brought[lane]));
                Rc::make_mut(known)[lane] = merged.pack();
            }
            // What is known along a path grows: as a rule it is what the path brings, and is shared from then on.
            if known == brought {
                *known = Rc::clone(brought);
            }
        }
        grew
    }

    fn grow(&mut self, chunks: usize) {
        while self.chunks.len() < chunks {
            self.chunks.push(Rc::new([0; CHUNK]));
        }
    }
}

/// The lanes of a chunk that are in a word of a set.
fn lanes(mut word: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        usize::try_from(lane).ok()
    })
}

/// A field of a record. It may be a record itself: a sorter carries whole rows that way.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Field<T> {
    pub(super) value: T,
    pub(super) nested: Option<Fields<T>>,
}

/// The fields of a record, in order.
pub(super) type Fields<T> = Rc<Vec<Field<T>>>;

/// The depth to which records are followed into each other; a quantity in a deeper one is refused.
const MAX_NESTING: usize = 4;

/// The number of records in each other, this one included.
fn depth<T>(fields: &Fields<T>) -> usize {
    1 + fields.iter().filter_map(|field| field.nested.as_ref()).map(depth).max().unwrap_or_default()
}

/// Adds the fields of one record to those of another; true if that was news.
fn merge_fields<T: Lattice>(into: &mut Fields<T>, from: &Fields<T>) -> bool {
    if Rc::ptr_eq(into, from) || into == from {
        return false;
    }
    let into = Rc::make_mut(into);
    let mut grew = into.len() < from.len();
    into.resize(into.len().max(from.len()), Field::default());
    for (known, field) in into.iter_mut().zip(&**from) {
        grew |= known.value.merge(field.value);
        grew |= match (&mut known.nested, &field.nested) {
            (Some(known), Some(fields)) => merge_fields(known, fields),
            (nested @ None, Some(fields)) => {
                *nested = Some(Rc::clone(fields));
                true
            }
            (_, None) => false,
        };
    }
    grew
}

/// The fields of the registers that hold a record, by the number of the register: few at a time, shared between states as long as they
/// are the same.
#[derive(Debug, Clone)]
struct Records<T>(Rc<Vec<(i64, Fields<T>)>>);

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

impl<T: Clone> Records<T> {
    fn place(&self, register: i64) -> Result<usize, usize> {
        self.0.binary_search_by_key(&register, |(known, _)| *known)
    }

    fn get(&self, register: i64) -> Option<&Fields<T>> {
        self.place(register).ok().map(|at| &self.0[at].1)
    }

    fn insert(&mut self, register: i64, fields: Fields<T>) {
        match self.place(register) {
            Ok(at) => Rc::make_mut(&mut self.0)[at].1 = fields,
            Err(at) => Rc::make_mut(&mut self.0).insert(at, (register, fields)),
        }
    }

    fn remove(&mut self, register: i64) {
        if let Ok(at) = self.place(register) {
            Rc::make_mut(&mut self.0).remove(at);
        }
    }

    fn iter(&self) -> impl Iterator<Item = &(i64, Fields<T>)> {
        self.0.iter()
    }

    fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Lattice> Records<T> {
    /// Merges each live record of `other` into the known one; true if any was news.
    fn merge(&mut self, other: &Self, live: LiveSet<'_>) -> bool {
        if self.is_same(other) {
            return false;
        }
        let mut grew = false;
        for (register, fields) in other.iter().filter(|(register, _)| live.has(*register)) {
            match self.place(*register) {
                Ok(at) if Rc::ptr_eq(&self.0[at].1, fields) => {}
                Ok(at) => grew |= merge_fields(&mut Rc::make_mut(&mut self.0)[at].1, fields),
                Err(at) => {
                    Rc::make_mut(&mut self.0).insert(at, (*register, Rc::clone(fields)));
                    grew = true;
                }
            }
        }
        grew
    }
}

/// The registers at one instruction, and the fields of those that hold a record.
#[derive(Debug, Clone, Default)]
pub(super) struct Registers<T> {
    values: RegisterFile<T>,
    records: Records<T>,
}

impl<T: Lattice> Registers<T> {
    pub(super) fn get(&self, register: i64) -> T {
        self.values.get(register)
    }

    /// Writes a register; a record that it held is gone.
    pub(super) fn set(&mut self, register: i64, value: T) {
        self.records.remove(register);
        self.values.set(register, value);
    }

    pub(super) fn copy(&mut self, from: i64, to: i64) {
        let record = self.record(from).cloned();
        self.set_field(to, Field { value: self.get(from), nested: record });
    }

    /// The fields of the record in a register.
    pub(super) fn record(&self, register: i64) -> Option<&Fields<T>> {
        self.records.get(register)
    }

    /// The same; none where it holds no record.
    pub(super) fn fields(&self, register: i64) -> Fields<T> {
        self.record(register).cloned().unwrap_or_default()
    }

    /// The value and the record in a register, as a field of another record.
    pub(super) fn field(&self, register: i64) -> Field<T> {
        let nested = self.record(register).filter(|fields| depth(fields) < MAX_NESTING).cloned();
        Field { value: self.get(register), nested }
    }

    /// Writes a register with a field of a record.
    pub(super) fn set_field(&mut self, register: i64, field: Field<T>) {
        self.set(register, field.value);
        if let Some(fields) = field.nested {
            self.records.insert(register, fields);
        }
    }

    /// Writes a register with a record, which is `value` where it is taken for a value of its own.
    pub(super) fn set_fields(&mut self, register: i64, value: T, fields: Fields<T>) {
        self.set(register, value);
        self.records.insert(register, fields);
    }

    /// The number of registers that there is room for.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Merges every live register of `other` into the known ones; true if any was news.
    pub(super) fn merge_all(&mut self, other: &Self, live: LiveSet<'_>) -> bool {
        let is_news = self.values.merge(&other.values, live);
        self.records.merge(&other.records, live) || is_news
    }
}

/// The rows behind each cursor: the union of all that is ever inserted, as one row.
#[derive(Debug, Default)]
pub(super) struct Cursors<T> {
    rows: BTreeMap<i64, Fields<T>>,
    /// The register that holds the only row of a cursor (`OpenPseudo`).
    pseudo: BTreeMap<i64, i64>,
    /// The cursor that another one reads the rows of (`OpenDup`).
    duplicated: BTreeMap<i64, i64>,
}

impl<T: Lattice> Cursors<T> {
    /// Adds a row; true if that was news.
    pub(super) fn insert(&mut self, cursor: i64, row: &Fields<T>) -> bool {
        merge_fields(self.rows.entry(self.original(cursor)).or_default(), row)
    }

    pub(super) fn open_pseudo(&mut self, cursor: i64, register: i64) {
        self.pseudo.insert(cursor, register);
    }

    /// Opens a cursor over the rows of another; true if that was news.
    pub(super) fn open_duplicate(&mut self, cursor: i64, of: i64) -> bool {
        self.duplicated.insert(cursor, self.original(of)).is_none()
    }

    pub(super) fn row(&self, cursor: i64) -> Fields<T> {
        self.rows.get(&self.original(cursor)).cloned().unwrap_or_default()
    }

    /// A column of the row that a cursor is at; `lost` gives its value where the register of the row holds no known record.
    pub(super) fn column(
        &self,
        cursor: i64,
        column: i64,
        registers: &Registers<T>,
        lost: impl FnOnce(i64) -> T,
    ) -> Field<T> {
        let row = match self.pseudo.get(&cursor) {
            None => self.rows.get(&self.original(cursor)),
            Some(register) => match registers.record(*register) {
                None => return Field { value: lost(*register), nested: None },
                record => record,
            },
        };
        usize::try_from(column).ok().and_then(|column| row?.get(column).cloned()).unwrap_or_default()
    }

    fn original(&self, cursor: i64) -> i64 {
        self.duplicated.get(&cursor).copied().unwrap_or(cursor)
    }
}

/// The packed form of the first source of a quantity, and the greatest index of one: every other value has two.
const FIRST_SOURCE: u32 = 3;
const MAX_SOURCE: u32 = u32::MAX / 2 - FIRST_SOURCE;

/// The index, in a list of its caller's, of the name of the column, function or parameter that a quantity came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QuantitySource(u32);

impl QuantitySource {
    pub(super) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// The type of a value. A register without one is NULL or has not been written: both fit any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
    /// No quantity.
    Plain,
    /// No quantity, and made of a number that a person gave: a literal, a parameter.
    UserSupplied,
    /// A quantity.
    Quantity(QuantitySource),
    /// A quantity on one path, something else on another.
    Mixed(QuantitySource),
}

impl ValueType {
    /// A quantity from the source at an index.
    pub(super) fn quantity(index: usize) -> Self {
        Self::Quantity(QuantitySource(u32::try_from(index).unwrap_or(MAX_SOURCE).min(MAX_SOURCE)))
    }

    /// The source of the quantity that it may be.
    pub(super) fn source(self) -> Option<QuantitySource> {
        match self {
            ValueType::Plain | ValueType::UserSupplied => None,
            ValueType::Quantity(source) | ValueType::Mixed(source) => Some(source),
        }
    }
}

/// The type of a value that comes by one path or the other.
pub(super) fn union(one: Option<ValueType>, other: Option<ValueType>) -> Option<ValueType> {
    use ValueType::{Mixed, Plain, Quantity, UserSupplied};
    match (one, other) {
        (None, known) | (known, None) => known,
        (Some(Plain), Some(Plain)) => one,
        (Some(Plain | UserSupplied), Some(Plain | UserSupplied)) => Some(UserSupplied),
        (Some(Quantity(_)), Some(Quantity(_))) => one,
        (Some(Mixed(_)), _) => one,
        (Some(one), Some(other)) => one.source().or(other.source()).map(Mixed),
    }
}

impl Lattice for Option<ValueType> {
    fn merge(&mut self, other: Self) -> bool {
        let merged = union(*self, other);
        std::mem::replace(self, merged) != merged
    }

    fn pack(self) -> u32 {
        match self {
            None => 0,
            Some(ValueType::Plain) => 1,
            Some(ValueType::UserSupplied) => 2,
            Some(ValueType::Quantity(QuantitySource(source))) => FIRST_SOURCE + 2 * source,
            Some(ValueType::Mixed(QuantitySource(source))) => FIRST_SOURCE + 2 * source + 1,
        }
    }

    fn unpack(packed: u32) -> Self {
        match packed.checked_sub(FIRST_SOURCE) {
            Some(rest) if rest % 2 == 0 => Some(ValueType::Quantity(QuantitySource(rest / 2))),
            Some(rest) => Some(ValueType::Mixed(QuantitySource(rest / 2))),
            None if packed == 0 => None,
            None if packed == 1 => Some(ValueType::Plain),
            None => Some(ValueType::UserSupplied),
        }
    }
}

impl Field<Option<ValueType>> {
    /// The source of the quantity that it may be, or may hold.
    pub(super) fn source(&self) -> Option<QuantitySource> {
        self.value.and_then(ValueType::source)
    }
}

/// The types of the registers at one instruction.
pub(super) type TypeState = Registers<Option<ValueType>>;

impl TypeState {
    /// The source of the quantity that a register may hold.
    pub(super) fn source(&self, register: i64) -> Option<QuantitySource> {
        self.get(register).and_then(ValueType::source)
    }

    /// The source of the first quantity among `count` registers from `first` on.
    pub(super) fn first_source(&self, first: i64, count: i64) -> Option<QuantitySource> {
        self.values.range(first, count).flatten().find_map(ValueType::source)
    }

    /// True if any of `count` registers from `first` on holds what a person gave.
    pub(super) fn any_user_supplied(&self, first: i64, count: i64) -> bool {
        self.values.range(first, count).any(|value| value == Some(ValueType::UserSupplied))
    }

    /// Copies a register, and leaves NULL there.
    pub(super) fn move_value(&mut self, from: i64, to: i64) {
        self.copy(from, to);
        self.set(from, None);
    }

    /// Writes a register with a record. As a value of its own, a record of quantities is neither one nor anything else.
    pub(super) fn set_record(&mut self, register: i64, record: Fields<Option<ValueType>>) {
        let source = record.iter().find_map(Field::source);
        self.set_fields(register, Some(source.map_or(ValueType::Plain, ValueType::Mixed)), record);
    }
}

impl State for TypeState {
    /// Adds what another path brings; true if that was anything of quantities. A value that is only plain there is not carried on:
    /// it makes no quantity, and a row that has it in place of one is refused when it is read.
    fn merge(&mut self, other: &Self, live: LiveSet<'_>) -> bool {
        let records = &self.records;
        let known = |register| records.get(register).map_or(&[][..], |record| &record[..]);
        let mut brought = other.records.iter().filter(|(register, _)| live.has(*register));
        let is_news = |register, known, value: Option<ValueType>| {
            is_news(known, value) && (value != Some(ValueType::UserSupplied) || live.is_used(register))
        };
        let is_news = self.values.any_news(&other.values, live, is_news)
            || !records.is_same(&other.records) && brought.any(|(register, record)| any_news(known(*register), record));
        if is_news {
            self.merge_all(other, live);
        }
        is_news
    }

    fn size(&self) -> usize {
        self.len()
    }
}

/// True for a quantity or a user-supplied value that was not known, and for something else where one was.
fn is_news(known: Option<ValueType>, brought: Option<ValueType>) -> bool {
    if known == brought || brought.is_none() {
        return false;
    }
    let merged = union(known, brought);
    merged != known && merged.is_some_and(|value| value != ValueType::Plain)
}

/// True if any field of `from` is such news.
fn any_news(into: &[Field<Option<ValueType>>], from: &[Field<Option<ValueType>>]) -> bool {
    from.iter().enumerate().any(|(at, field)| {
        let known = into.get(at);
        let nested = known.and_then(|known| known.nested.as_ref()).map_or(&[][..], |fields| &fields[..]);
        field.nested.as_ref().is_some_and(|fields| any_news(nested, fields))
            || is_news(known.and_then(|known| known.value), field.value)
    })
}
