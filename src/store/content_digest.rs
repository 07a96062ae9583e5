//! The digest of the rows of an imported table, by which a later change of them is seen. It is SHA-256 over every stored value, column
//! by column, in the order of the records: a letter for the kind of value, its length in bytes, and the bytes.

use crate::store::quote_identifier;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};
use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

/// The bytes that are gathered before they are digested.
const BUFFER_BYTES: usize = 1 << 16;

/// The full buffers that may wait.
const BUFFERS_WAITING: usize = 4;

/// A digest of values in progress. What is more than one buffer is digested by a thread of its own, beside the writing of rows.
#[derive(Default)]
pub struct ContentDigest {
    buffer: Vec<u8>,
    hasher: Hasher,
}

/// The digest of the buffers so far.
enum Hasher {
    /// Digested here: nothing yet, or all where the system gives no thread.
    Here(Sha256),
    Thread(HashThread),
}

impl Default for Hasher {
    fn default() -> Self {
        Self::Here(Sha256::new())
    }
}

/// A thread that digests full buffers in their order. It ends when `full` is dropped.
struct HashThread {
    full: SyncSender<Vec<u8>>,
    spent: Receiver<Vec<u8>>,
    handle: JoinHandle<Sha256>,
}

impl HashThread {
    fn start(mut hash: Sha256) -> io::Result<Self> {
        let (full, waiting) = sync_channel::<Vec<u8>>(BUFFERS_WAITING);
        let (emptied, spent) = channel();
        let digest_all = move || {
            for mut buffer in waiting {
                hash.update(&buffer);
                buffer.clear();
                // Nobody needs buffers behind the last value.
                let _ = emptied.send(buffer);
            }
            hash
        };
        let handle = thread::Builder::new().name("digest".to_owned()).spawn(digest_all)?;
        Ok(Self { full, spent, handle })
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
            self.hand_over();
        }
        let mut head = [kind; 9];
        head[1..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.buffer.extend_from_slice(&head);
        self.buffer.extend_from_slice(bytes);
    }

    /// Digests what is gathered, or hands it to the thread that does.
    fn hand_over(&mut self) {
        if let Hasher::Here(hash) = &self.hasher
            && let Ok(thread) = HashThread::start(hash.clone())
        {
            self.hasher = Hasher::Thread(thread);
        }
        match &mut self.hasher {
            Hasher::Here(hash) => {
                hash.update(&self.buffer);
                self.buffer.clear();
            }
            Hasher::Thread(thread) => {
                let next = thread.spent.try_recv().unwrap_or_else(|_| Vec::with_capacity(BUFFER_BYTES));
                // The thread takes all, unless it has panicked: `finish` passes that on.
                let _ = thread.full.send(std::mem::replace(&mut self.buffer, next));
            }
        }
    }

    /// The digest, in hexadecimal digits.
    #[must_use]
    pub fn finish(self) -> String {
        let hash = match self.hasher {
            Hasher::Here(hash) => hash,
            Hasher::Thread(HashThread { full, handle, .. }) => {
                drop(full);
                handle.join().unwrap_or_else(|panic| resume_unwind(panic))
            }
        };
        hexadecimal(&hash.chain_update(&self.buffer).finalize())
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
