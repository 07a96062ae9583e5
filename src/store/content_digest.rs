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
        match value {
            ValueRef::Null => self.append(b'n', &[]),
            ValueRef::Integer(number) => self.append(b'i', &number.to_le_bytes()),
            ValueRef::Real(number) => self.append(b'r', &number.to_bits().to_le_bytes()),
            ValueRef::Text(text) => self.append(b't', text),
            ValueRef::Blob(bytes) => self.append(b'b', bytes),
        }
    }

    fn append(&mut self, kind: u8, bytes: &[u8]) {
        if self.buffer.len() + bytes.len() + 9 > BUFFER_BYTES {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
        let mut head = [kind; 9];
        head[1..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.buffer.extend_from_slice(&head);
        self.buffer.extend_from_slice(bytes);
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

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
