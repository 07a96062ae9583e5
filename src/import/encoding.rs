//! The bytes of a file: their digest, and the encoding of their text, which is decided by all of them or by the option. Bytes that are
//! no text at all are refused.

use super::file::ImportFile;
use crate::error::Error;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use sha2::{Digest, Sha256};
use std::io::{BufReader, Read};

/// The bytes that are read at once.
const CHUNK_BYTES: usize = 1 << 16;

/// The beginning of a page of HTML, in lower case: what a download often is in place of its table.
const HTML: [&str; 3] = ["<!doctype html", "<html", "<?xml"];

/// The digest and the encoding of a file.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    /// SHA-256 of all bytes, in hexadecimal digits.
    pub sha256: String,
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// True if the bytes themselves say which encoding they are in; else it is the most usual of those that fit.
    pub(super) is_certain: bool,
}

/// The evidence for an encoding in the bytes of a file, from the first to the last.
struct Survey {
    head: Vec<u8>,
    /// Zero bytes at even and at odd places.
    zeros: [u64; 2],
    bytes: u64,
    /// The bytes of a character that the last chunk began.
    pending: Vec<u8>,
    is_utf8: bool,
    /// True if a byte has no character in Windows-1252.
    has_undefined: bool,
}

impl TextFile {
    /// Reads a file once, and decides its encoding unless `wanted` names it.
    ///
    /// # Errors
    /// It can't be read; it is no text; its encoding can't be told.
    pub(super) fn survey(file: &ImportFile, wanted: Option<&'static Encoding>) -> Result<Self, Error> {
        let mut source = file.open()?;
        let (mut digest, mut survey) = (Sha256::new(), Survey::new());
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let length = source.read(&mut chunk).map_err(|error| file.unreadable(&error))?;
            if length == 0 {
                break;
            }
            digest.update(&chunk[..length]);
            survey.add(&chunk[..length]);
        }
        let (encoding, is_certain) = survey.decide(file, wanted)?;
        Ok(Self { sha256: hexadecimal(&digest.finalize()), encoding, is_certain })
    }

    /// The text of the file, decoded, with a line feed at the end of each line that ends in a carriage return alone.
    ///
    /// # Errors
    /// It can't be opened.
    pub(super) fn text(&self, file: &ImportFile) -> Result<impl Read + use<>, Error> {
        let decoded = DecodeReaderBytesBuilder::new().encoding(Some(self.encoding)).strip_bom(true).build(file.open()?);
        Ok(LineFeeds { inner: BufReader::with_capacity(CHUNK_BYTES, decoded), after_return: false })
    }
}

/// Bytes in hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

impl Survey {
    fn new() -> Self {
        Self { head: Vec::new(), zeros: [0; 2], bytes: 0, pending: Vec::new(), is_utf8: true, has_undefined: false }
    }

    fn add(&mut self, chunk: &[u8]) {
        if self.head.is_empty() {
            self.head.extend_from_slice(&chunk[..chunk.len().min(1024)]);
        }
        if chunk.contains(&0) {
            for (at, _) in (self.bytes..).zip(chunk).filter(|(_, byte)| **byte == 0) {
                self.zeros[usize::from(at % 2 == 1)] += 1;
            }
        }
        self.has_undefined |= chunk.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d));
        self.bytes += chunk.len() as u64;
        if self.is_utf8 {
            self.pending.extend_from_slice(chunk);
            self.is_utf8 = match std::str::from_utf8(&self.pending) {
                Ok(_) => {
                    self.pending.clear();
                    true
                }
                // The last character may go on in the next chunk.
                Err(error) if error.error_len().is_none() => {
                    self.pending.drain(..error.valid_up_to());
                    true
                }
                Err(_) => false,
            };
        }
    }

    fn decide(self, file: &ImportFile, wanted: Option<&'static Encoding>) -> Result<(&'static Encoding, bool), Error> {
        let [even, odd] = self.zeros;
        let wide = match Encoding::for_bom(&self.head) {
            Some((encoding, _)) => Some(encoding),
            // Every other byte of plain letters in UTF-16 is zero.
            None if odd * 4 > self.bytes && even * 20 < odd => Some(UTF_16LE),
            None if even * 4 > self.bytes && odd * 20 < even => Some(UTF_16BE),
            None => None,
        };
        if wide.is_none_or(|encoding| encoding == UTF_8) && wanted.is_none() && even + odd > 0 {
            return Err(file.broken(None, "it has bytes that are zero, as no text has", "is it a table at all?"));
        }
        let head = String::from_utf8_lossy(&self.head).trim_start().to_ascii_lowercase();
        if HTML.iter().any(|start| head.starts_with(start)) {
            let help = "open its address in a browser: it may be a page that asks something before the download";
            return Err(file.broken(None, "it is a page of HTML, not a table", help));
        }
        match (wanted, wide) {
            (Some(wanted), _) => Ok((wanted, true)),
            (None, Some(encoding)) => Ok((encoding, true)),
            (None, None) if self.is_utf8 && self.pending.is_empty() => Ok((UTF_8, true)),
            (None, None) if self.has_undefined => {
                let message = "its text is neither UTF-8 nor Windows-1252";
                Err(file.broken(None, message, "say what it is by `--encoding`, as in `--encoding big5`"))
            }
            (None, None) => Ok((WINDOWS_1252, false)),
        }
    }
}

/// Text in which a carriage return without a line feed becomes one: old files end their lines so.
struct LineFeeds<R> {
    inner: BufReader<R>,
    after_return: bool,
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        if !self.after_return && !buffer[..length].contains(&b'\r') {
            return Ok(length);
        }
        // A return becomes a line feed, and the line feed behind it a blank line, which readers of tables skip; so that lines are
        // counted right, the pair becomes one line feed.
        let mut kept = 0;
        for at in 0..length {
            let byte = buffer[at];
            let is_second = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !is_second {
                buffer[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        if kept == 0 && length > 0 { self.read(buffer) } else { Ok(kept) }
    }
}
