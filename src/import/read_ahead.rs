//! Records that a thread of their own reads ahead: the file is decoded and split into cells while the rows before are looked at or
//! written. The rows in between are bounded, by number and by size, whatever the file.

use super::record::{Record, Records, UnendedLine};
use crate::error::Error;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// The most records of a batch.
const BATCH_RECORDS: usize = 512;

/// The text of a batch beyond which no further record is added to it, in bytes.
const BATCH_BYTES: usize = 1 << 17;

/// The batches that are read ahead.
const BATCHES_AHEAD: usize = 3;

/// Records that come from another thread. It ends with them, or when they are dropped.
pub(super) struct ReadAhead {
    /// The batches in order; an empty one is the end.
    batches: Receiver<Result<Batch, Error>>,
    /// Batches whose buffers are used again.
    spent: Sender<Batch>,
    current: Batch,
    next: usize,
    is_at_end: bool,
}

/// Records, of which the first `length` are filled.
#[derive(Default)]
struct Batch {
    records: Vec<Record>,
    length: usize,
    /// The line of the last record of all, if the file ends before that line does.
    unended_line: Option<UnendedLine>,
}

impl ReadAhead {
    /// Starts to read.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start(records: impl Records + Send + 'static) -> Result<Self, Error> {
        let (full, batches) = sync_channel(BATCHES_AHEAD);
        let (spent, emptied) = channel();
        thread::Builder::new().name("import".to_owned()).spawn(move || read_all(records, &full, &emptied))?;
        Ok(Self { batches, spent, current: Batch::default(), next: 0, is_at_end: false })
    }
}

impl Records for ReadAhead {
    fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        if self.is_at_end {
            return Ok(false);
        }
        if self.next == self.current.length {
            let lost = || Error::Fault("the thread that reads the file ended before its end".to_owned());
            let batch = self.batches.recv().map_err(|_| lost())??;
            // A reader that has ended needs no buffers.
            let _ = self.spent.send(std::mem::replace(&mut self.current, batch));
            self.next = 0;
            self.is_at_end = self.current.length == 0;
            if self.is_at_end {
                return Ok(false);
            }
        }
        std::mem::swap(record, &mut self.current.records[self.next]);
        self.next += 1;
        Ok(true)
    }

    fn unended_line(&self) -> Option<UnendedLine> {
        self.current.unended_line
    }
}

/// Reads to the end, to the first error, or until nobody waits for more.
fn read_all(mut records: impl Records, full: &SyncSender<Result<Batch, Error>>, emptied: &Receiver<Batch>) {
    loop {
        let mut batch = emptied.try_recv().unwrap_or_default();
        let filled = batch.fill(&mut records);
        let is_last = filled.is_err() || batch.length == 0;
        if full.send(filled.map(|()| batch)).is_err() || is_last {
            return;
        }
    }
}

impl Batch {
    fn fill(&mut self, records: &mut impl Records) -> Result<(), Error> {
        self.length = 0;
        self.unended_line = None;
        let mut bytes = 0;
        while self.length < BATCH_RECORDS && bytes < BATCH_BYTES {
            if self.length == self.records.len() {
                self.records.push(Record::default());
            }
            let record = &mut self.records[self.length];
            if !records.read(record)? {
                self.unended_line = records.unended_line();
                break;
            }
            bytes += record.text_bytes();
            self.length += 1;
        }
        Ok(())
    }
}
