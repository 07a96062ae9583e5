//! The bytes of a file: their digest, and the encoding of their text, which is decided by all of them or by the option. Bytes that are
//! no text at all are refused.

use super::file::ImportFile;
use crate::error::{AskedOption, Choice, Error, Question};
use crate::store::hexadecimal;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::io::{BufReader, Read};

/// The bytes that are read at once.
const CHUNK_BYTES: usize = 1 << 16;

/// The beginning of a line that an error shows, in bytes.
const SHOWN_BYTES: usize = 100;

/// The digest and the encoding of a file.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    /// SHA-256 of all bytes, in hexadecimal digits.
    pub sha256: String,
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// True if the bytes themselves say which encoding they are in; else it is the most usual of those that fit.
    pub(super) is_certain: bool,
    /// True if every byte is known to have a character in the encoding.
    pub(super) is_valid: bool,
}

/// The evidence for an encoding in the bytes of a file, from the first to the last.
struct EncodingDetector {
    head: Vec<u8>,
    /// Zero bytes at even and at odd places.
    zeros: [u64; 2],
    bytes: u64,
    /// The bytes of a character that the last chunk began.
    pending: Vec<u8>,
    is_utf8: bool,
    /// True if a character of several bytes was read in UTF-8.
    has_wide_character: bool,
    /// True if a byte has no character in Windows-1252.
    has_undefined: bool,
}

impl TextFile {
    /// Reads a file once, and decides its encoding unless `wanted` names it.
    ///
    /// # Errors
    /// It can't be read; it is no text; its encoding can't be told.
    pub(super) fn detect(file: &ImportFile, wanted: Option<&'static Encoding>) -> Result<Self, Error> {
        let mut source = file.open()?;
        let (mut digest, mut detector) = (Sha256::new(), EncodingDetector::new());
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let length = source.read(&mut chunk).map_err(|error| file.unreadable(&error))?;
            if length == 0 {
                break;
            }
            let zeros_in_chunk = detector.add(&chunk[..length]);
            if detector.is_no_text(zeros_in_chunk, length as u64, wanted) {
                return Err(zeros(file)?);
            }
            digest.update(&chunk[..length]);
        }
        let is_utf8 = detector.is_utf8 && detector.pending.is_empty();
        let (encoding, is_certain) = detector.decide(file, wanted)?;
        let is_valid = encoding == UTF_8 && is_utf8 || encoding == WINDOWS_1252;
        Ok(Self { sha256: hexadecimal(&digest.finalize()), encoding, is_certain, is_valid })
    }

    /// The beginning of a line, for an error; empty where it can't be read again.
    pub(super) fn line(&self, file: &ImportFile, number: u64) -> String {
        let Ok(text) = self.text(file) else { return String::new() };
        let (mut line, mut start) = (1, Vec::new());
        for byte in BufReader::with_capacity(CHUNK_BYTES, text).bytes().map_while(Result::ok) {
            line += u64::from(byte == b'\n');
            match line.cmp(&number) {
                Ordering::Less => {}
                Ordering::Equal if start.len() < SHOWN_BYTES => start.push(byte),
                Ordering::Equal | Ordering::Greater => break,
            }
        }
        String::from_utf8_lossy(&start).trim().to_owned()
    }

    /// The text of the file, decoded, with a line feed at the end of each line that ends in a carriage return alone.
    ///
    /// # Errors
    /// It can't be opened.
    pub(super) fn text(&self, file: &ImportFile) -> Result<impl Read + use<>, Error> {
        let mut decoder = DecodeReaderBytesBuilder::new();
        decoder.encoding(Some(self.encoding)).strip_bom(true);
        let buffer = vec![0; CHUNK_BYTES];
        let decoded = decoder.build_with_buffer(file.open()?, buffer).map_err(|error| file.unreadable(&error))?;
        Ok(LineFeeds { inner: BufReader::with_capacity(CHUNK_BYTES, decoded), after_return: false })
    }
}

impl EncodingDetector {
    fn new() -> Self {
        Self {
            head: Vec::new(),
            zeros: [0; 2],
            bytes: 0,
            pending: Vec::new(),
            is_utf8: true,
            has_wide_character: false,
            has_undefined: false,
        }
    }

    /// Adds the next bytes, and returns the number of zeros among them at even and at odd places of the file.
    fn add(&mut self, chunk: &[u8]) -> [u64; 2] {
        if self.head.is_empty() {
            self.head.extend_from_slice(&chunk[..chunk.len().min(1024)]);
        }
        let zeros = zeros_of(chunk, self.bytes);
        self.zeros.iter_mut().zip(zeros).for_each(|(all, found)| *all += found);
        self.has_undefined |= !chunk.is_ascii() && chunk.iter().any(|byte| is_undefined(*byte));
        self.bytes += chunk.len() as u64;
        if self.is_utf8 {
            self.pending.extend_from_slice(chunk);
            self.is_utf8 = match std::str::from_utf8(&self.pending) {
                Ok(text) => {
                    self.has_wide_character |= !text.is_ascii();
                    self.pending.clear();
                    true
                }
                // The last character may go on in the next chunk.
                Err(error) if error.error_len().is_none() => {
                    let whole = self.pending.drain(..error.valid_up_to());
                    self.has_wide_character |= !whole.as_slice().is_ascii();
                    true
                }
                Err(_) => false,
            };
        }
        zeros
    }

    /// True if the zeros of a chunk show that the file is no text, whatever follows: only UTF-16 may have any, and the file is in another
    /// encoding, or they are so many that pairs of them are no character in UTF-16 either.
    fn is_no_text(&self, zeros: [u64; 2], length: u64, wanted: Option<&'static Encoding>) -> bool {
        if zeros == [0; 2] {
            return false;
        }
        match wanted.or_else(|| Encoding::for_bom(&self.head).map(|(encoding, _)| encoding)) {
            Some(known) => !is_wide(known),
            None => zeros.iter().sum::<u64>() * 2 > length && wide_by_zeros(zeros, length).is_none(),
        }
    }

    fn decide(self, file: &ImportFile, wanted: Option<&'static Encoding>) -> Result<(&'static Encoding, bool), Error> {
        let wide = Encoding::for_bom(&self.head).map(|(encoding, _)| encoding);
        let wide = wide.or_else(|| wide_by_zeros(self.zeros, self.bytes));
        let has_zeros = |encoding| !is_wide(encoding) && self.zeros != [0; 2];
        if has_zeros(wanted.or(wide).unwrap_or(UTF_8)) {
            return Err(zeros(file)?);
        }
        match (wanted, wide) {
            (Some(wanted), _) => Ok((wanted, true)),
            (None, Some(encoding)) => Ok((encoding, true)),
            (None, None) if self.is_utf8 && self.pending.is_empty() => Ok((UTF_8, true)),
            (None, None) if self.is_utf8 && self.has_wide_character => {
                let help = "was the download complete? `--encoding windows-1252` takes its bytes as they are";
                Err(file.broken(None, "it ends within a character", help))
            }
            (None, None) if self.has_undefined => {
                let message = "its text is neither UTF-8 nor Windows-1252";
                let line = first_line(file, is_undefined)?;
                let help = "say what it is by `--encoding`, as in `--encoding big5`";
                let choices = ["big5", "gb18030", "shift_jis", "euc-kr", "windows-1251", "windows-1252"];
                let question = Question {
                    option: AskedOption::Encoding,
                    column: None,
                    cells: line.clone().into_iter().collect(),
                    choices: choices.iter().map(|name| Choice::plain((*name).to_owned())).collect(),
                    takes_text: true,
                };
                Err(file.broken_or_asked(line.as_ref().map(shown), message, help, question))
            }
            (None, None) => Ok((WINDOWS_1252, false)),
        }
    }
}

/// The zero bytes at even and at odd places of a chunk that begins at this place of its file.
fn zeros_of(chunk: &[u8], start: u64) -> [u64; 2] {
    let mut zeros = [0; 2];
    if chunk.contains(&0) {
        for (at, _) in (start..).zip(chunk).filter(|(_, byte)| **byte == 0) {
            zeros[usize::from(at % 2 == 1)] += 1;
        }
    }
    zeros
}

/// The encoding of bytes without a mark, by their zeros: every other byte of plain letters in UTF-16 is one.
fn wide_by_zeros([even, odd]: [u64; 2], bytes: u64) -> Option<&'static Encoding> {
    match () {
        () if odd * 4 > bytes && even * 20 < odd => Some(UTF_16LE),
        () if even * 4 > bytes && odd * 20 < even => Some(UTF_16BE),
        () => None,
    }
}

/// True for an encoding whose characters may have zero bytes.
fn is_wide(encoding: &'static Encoding) -> bool {
    [UTF_16LE, UTF_16BE].contains(&encoding)
}

/// The error of a file with bytes that are zero, at the first.
fn zeros(file: &ImportFile) -> Result<Error, Error> {
    let line = first_line(file, |byte| byte == 0)?;
    let help = "is it a table at all? text in UTF-16 is read by `--encoding utf-16le` or `utf-16be`";
    Ok(file.broken(line.as_ref().map(shown), "it has bytes that are zero, as no text has", help))
}

/// True for a byte that has no character in Windows-1252.
fn is_undefined(byte: u8) -> bool {
    matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)
}

/// The first line with such a byte, and how it begins.
fn first_line(file: &ImportFile, is_wanted: impl Fn(u8) -> bool) -> Result<Option<(u64, String)>, Error> {
    let mut bytes = BufReader::with_capacity(CHUNK_BYTES, file.open()?).bytes();
    let (mut line, mut start, mut previous) = (1, Vec::new(), 0);
    while let Some(byte) = bytes.next().transpose().map_err(|error| file.unreadable(&error))? {
        if is_wanted(byte) {
            return Ok(Some((line, String::from_utf8_lossy(&start).into_owned())));
        }
        let is_second = byte == b'\n' && previous == b'\r';
        previous = byte;
        if matches!(byte, b'\n' | b'\r') && !is_second {
            line += 1;
            start.clear();
        } else if start.len() < SHOWN_BYTES && !is_second {
            start.push(byte);
        }
    }
    Ok(None)
}

fn shown((line, text): &(u64, String)) -> (u64, &str) {
    (*line, text)
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
