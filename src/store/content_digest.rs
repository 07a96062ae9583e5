//! The digest of the rows of an imported table, by which a later change of them is seen. It is SHA-256 over every stored value, column
//! by column, in the order of the records: a letter for the kind of value, its length in bytes, and the bytes.

use crate::store::quote_identifier;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

/// The bytes that are gathered before they are digested.
const BUFFER_BYTES: usize = 1 << 14;

/// A digest of values in progress.
pub struct ContentDigest {
    hash: Sha256,
    buffer: Vec<u8>,
}

impl Default for ContentDigest {
    fn default() -> Self {
        Self { hash: Sha256::new(), buffer: Vec::with_capacity(BUFFER_BYTES) }
    }
}

impl ContentDigest {
    /// Adds the next value.
    pub fn add(&mut self, value: ValueRef<'_>) {
        append_value(&mut self.buffer, value);
        if self.buffer.len() > BUFFER_BYTES {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// The digest, in hexadecimal digits.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.hash.update(&self.buffer);
        hexadecimal(&self.hash.finalize())
    }

    /// The digest of a stored table as it is now.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn of_table(connection: &Connection, stored: &str) -> rusqlite::Result<String> {
        let sql = format!("select * from {} order by record", quote_identifier(stored));
        let mut statement = connection.prepare(&sql)?;
        let columns = statement.column_count();
        let (mut rows, mut digest) = (statement.query([])?, Self::default());
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                digest.add(row.get_ref(column)?);
            }
        }
        Ok(digest.finish())
    }
}

/// Appends a value: a letter for its kind, its length in bytes, and the bytes.
pub(super) fn append_value(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => append(bytes, b'n', &[]),
        ValueRef::Integer(number) => append(bytes, b'i', &number.to_le_bytes()),
        ValueRef::Real(number) => append(bytes, b'r', &number.to_bits().to_le_bytes()),
        ValueRef::Text(text) => append(bytes, b't', text),
        ValueRef::Blob(blob) => append(bytes, b'b', blob),
    }
}

fn append(bytes: &mut Vec<u8>, kind: u8, value: &[u8]) {
    bytes.push(kind);
    bytes.extend_from_slice(&(value.len() as u64).to_le_bytes());
    bytes.extend_from_slice(value);
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
