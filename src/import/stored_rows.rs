//! Rows as the stored table has them, value after value: one thread converts them from the cells of a file, another inserts them.

use crate::store::ContentDigest;
use rusqlite::types::ValueRef;

/// The values of a batch beyond which no further row is added to it.
const BATCH_VALUES: usize = 4096;

/// The text of a batch beyond which no further row is added to it, in bytes.
const BATCH_BYTES: usize = 1 << 16;

/// A value of a row; of a text its length, in bytes.
#[derive(Debug, Clone, Copy)]
enum StoredValue {
    Null,
    Integer(i64),
    Real(f64),
    Text(usize),
}

/// A batch of rows.
#[derive(Debug)]
pub(super) struct StoredRows {
    values: Vec<StoredValue>,
    /// The texts, one behind the other.
    text: String,
}

impl StoredRows {
    /// No rows yet.
    pub(super) fn new() -> Self {
        Self { values: Vec::with_capacity(BATCH_VALUES), text: String::with_capacity(BATCH_BYTES) }
    }

    /// True if no further row belongs to it.
    pub(super) fn is_full(&self) -> bool {
        self.values.len() >= BATCH_VALUES || self.text.len() >= BATCH_BYTES
    }

    /// The values, row after row.
    pub(super) fn values(&self) -> impl Iterator<Item = ValueRef<'_>> {
        let mut start = 0;
        self.values.iter().map(move |value| match value {
            StoredValue::Null => ValueRef::Null,
            StoredValue::Integer(number) => ValueRef::Integer(*number),
            StoredValue::Real(number) => ValueRef::Real(*number),
            StoredValue::Text(length) => {
                let text = &self.text.as_bytes()[start..start + length];
                start += length;
                ValueRef::Text(text)
            }
        })
    }
}

/// The end of a batch, to which the values of a row are appended one after the other; each is digested, too.
pub(super) struct RowValues<'r> {
    pub(super) rows: &'r mut StoredRows,
    pub(super) digest: &'r mut ContentDigest,
}

impl RowValues<'_> {
    /// Appends the number of the record, from 1. SQLite itself gives the next one, and need not look for the place of any.
    pub(super) fn record(&mut self, number: u64) {
        self.digest.add(i64::try_from(number).map_or(ValueRef::Null, ValueRef::Integer));
        self.rows.values.push(StoredValue::Null);
    }

    pub(super) fn integer(&mut self, number: Option<i64>) {
        self.digest.add(number.map_or(ValueRef::Null, ValueRef::Integer));
        self.rows.values.push(number.map_or(StoredValue::Null, StoredValue::Integer));
    }

    pub(super) fn real(&mut self, number: Option<f64>) {
        self.digest.add(number.map_or(ValueRef::Null, ValueRef::Real));
        self.rows.values.push(number.map_or(StoredValue::Null, StoredValue::Real));
    }

    pub(super) fn text(&mut self, text: Option<&str>) {
        self.digest.add(text.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())));
        self.rows.values.push(text.map_or(StoredValue::Null, |text| StoredValue::Text(text.len())));
        self.rows.text.push_str(text.unwrap_or_default());
    }
}
