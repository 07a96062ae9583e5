//! The parts of a zipped workbook, unpacked once without holding them, before the reader of workbooks does: how much they unpack to, how
//! long a text is, how much all texts take. The sizes that an archive states are not believed.

use super::file::ImportFile;
use super::workbook_losses::SheetLosses;
use super::workbook_ods::{MAX_ROWS, OdsSheets};
use super::workbook_repeats::RepeatedCells;
use super::workbook_size::{self, HELP};
use crate::error::Error;
use memchr::memchr;
use regex::bytes::Regex;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// The longest text between two tags that is read, in bytes: five hundred times what a spreadsheet takes in a cell.
const MAX_TEXT: u64 = 16 << 20;

/// The fewest bytes of an entry in a table of strings: `<si/>`.
const ENTRY_BYTES: u64 = 5;

/// The copies of a text that are held while a workbook is read: the reader's, and that of the rows.
const TEXT_COPIES: u64 = 2;

/// The bytes that are kept of a chunk, so that what lies across its end is found.
const OVERLAP: usize = 128;

/// The check of all parts of an archive.
struct PartCheck<'f> {
    file: &'f ImportFile,
    /// Finds the number of strings that a table of them says it has.
    count: Regex,
    /// The bytes of all parts so far.
    unpacked: u64,
    /// The losses of the sheets of an ods document.
    losses: Vec<SheetLosses>,
}

/// Unpacks a workbook part by part; its parts have these names. Returns the losses of the sheets of an ods document, in their order.
///
/// # Errors
/// A part can't be unpacked; it would take more than may be held; a table of strings says that it has more than its bytes can hold; a
/// sheet has no room for its rows.
pub(super) fn check<R: Read + Seek>(
    file: &ImportFile,
    archive: &mut ZipArchive<R>,
    names: &[String],
) -> Result<Vec<SheetLosses>, Error> {
    let count = Regex::new(r#"uniqueCount\s*=\s*["']\+?([0-9]+)"#).map_err(fault)?;
    let mut check = PartCheck { file, count, unpacked: 0, losses: Vec::new() };
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !is_picture(name)) {
        let mut part = archive.by_index(index).map_err(|error| check.broken(&error))?;
        check.part(name, &mut part)?;
    }
    Ok(check.losses)
}

#[expect(clippy::needless_pass_by_value)] // as `map_err` calls it
fn fault(error: regex::Error) -> Error {
    Error::Fault(format!("can't look for counts: {error}"))
}

/// True for a part that is not read. A workbook may say that all of it is in the folder of pictures, and XML there is read then.
pub(super) fn is_picture(name: &str) -> bool {
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    let is_xml = ["xml", "rels"].into_iter().any(|xml| kind.eq_ignore_ascii_case(xml));
    !is_xml && (name.contains("media/") || name.contains("Pictures/"))
}

impl PartCheck<'_> {
    fn broken(&self, error: &dyn std::fmt::Display) -> Error {
        let cause = self.file.check_stop().err();
        cause.unwrap_or_else(|| self.file.broken(None, &format!("it is no workbook that can be read: {error}"), HELP))
    }

    /// Unpacks a part.
    fn part(&mut self, name: &str, part: &mut dyn Read) -> Result<(), Error> {
        let (mut chunk, mut kept) = (vec![0; 1 << 16], 0);
        let mut texts = Texts::new(Self::content_of(name)?);
        let (mut length_of_part, mut said) = (0, 0);
        loop {
            let length = part.read(&mut chunk[kept..]).map_err(|error| self.broken(&error))?;
            if length == 0 {
                self.losses.extend(texts.content.into_iter().flat_map(|content| content.sheets.losses()));
                return self.check_count(said, length_of_part);
            }
            length_of_part += length as u64;
            self.unpacked += length as u64;
            workbook_size::check_held(self.file, self.unpacked, "it unpacks to at least")?;
            texts.add(&chunk[kept..kept + length]);
            self.check_texts(&texts, name)?;
            let end = kept + length;
            said = said.max(self.said_count(&chunk[..end]));
            let start = end.saturating_sub(OVERLAP);
            chunk.copy_within(start..end, 0);
            kept = end - start;
        }
    }

    /// The sheets of a part that has those of an ods document.
    fn content_of(name: &str) -> Result<Option<OdsContent>, Error> {
        if name.eq_ignore_ascii_case("content.xml") { OdsContent::new().map(Some).map_err(fault) } else { Ok(None) }
    }

    fn check_texts(&self, texts: &Texts, name: &str) -> Result<(), Error> {
        if texts.longest > MAX_TEXT {
            let message = format!("a text in `{name}` is longer than {} MiB, the most that is read", MAX_TEXT >> 20);
            let help = "take the long text away: the cells of a spreadsheet have no room for it";
            return Err(self.file.too_large(&message, help));
        }
        if let Some(content) = &texts.content {
            self.check_rows(&content.sheets)?;
            workbook_size::check_held(self.file, content.cells.bytes(), "its repeated cells take at least")?;
        }
        workbook_size::check_held(self.file, texts.total * TEXT_COPIES, "the texts of its cells take at least")
    }

    /// Refuses rows that a sheet has no room for: the reader leaves them out.
    fn check_rows(&self, sheets: &OdsSheets) -> Result<(), Error> {
        let Some(beyond) = sheets.beyond_end() else { return Ok(()) };
        let times = if beyond.repeats == 1 { String::new() } else { format!(", {} times,", beyond.repeats) };
        let message = format!(
            "a row with something in it is there{times} beyond the {MAX_ROWS} rows that a sheet has: row {} of sheet {}",
            beyond.row, beyond.sheet
        );
        let help = "open it in a spreadsheet, delete the rows that are not meant, and save it again";
        Err(self.file.broken(Some((beyond.row, &beyond.text)), &message, help))
    }

    /// The most strings that bytes of a part say a table of them has; 0 where they say nothing.
    fn said_count(&self, bytes: &[u8]) -> u64 {
        let said = |found: regex::bytes::Captures<'_>| {
            let digits = found.get(1).map_or(&b""[..], |digits| digits.as_bytes());
            std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u64>().ok())
        };
        self.count.captures_iter(bytes).filter_map(said).max().unwrap_or_default()
    }

    /// Refuses a number of strings that the bytes of their table can't hold.
    fn check_count(&self, said: u64, length_of_part: u64) -> Result<(), Error> {
        if said <= length_of_part / ENTRY_BYTES {
            return Ok(());
        }
        let message = format!("its table of strings says that it has {said}, more than its bytes can hold");
        Err(self.file.broken(None, &message, HELP))
    }
}

/// The lengths of the texts of a part in XML, and of its tags.
struct Texts {
    /// False for a part that is no XML, as its first sign says: it has none.
    is_xml: Option<bool>,
    is_in_tag: bool,
    /// The length of the text or tag so far, and of the longest.
    current: u64,
    longest: u64,
    /// The length of all texts between tags.
    total: u64,
    /// The sheets of an ods document.
    content: Option<OdsContent>,
}

/// The sheets of an ods document, and the tag that is read.
struct OdsContent {
    cells: RepeatedCells,
    sheets: OdsSheets,
    tag: Vec<u8>,
}

impl OdsContent {
    fn new() -> Result<Self, regex::Error> {
        Ok(Self { cells: RepeatedCells::new()?, sheets: OdsSheets::default(), tag: Vec::new() })
    }

    fn text(&mut self, text: &[u8]) {
        self.cells.text(text.len() as u64);
        self.sheets.text(text);
    }

    /// Adds a part of a tag, which may end with it.
    fn add_to_tag(&mut self, part: &[u8], is_end: bool) {
        self.tag.extend_from_slice(part);
        if is_end {
            self.cells.tag(&self.tag);
            self.sheets.tag(&self.tag);
            self.tag.clear();
        }
    }
}

impl Texts {
    /// No texts yet.
    fn new(content: Option<OdsContent>) -> Self {
        Self { is_xml: None, is_in_tag: false, current: 0, longest: 0, total: 0, content }
    }

    /// Follows the next bytes.
    fn add(&mut self, mut bytes: &[u8]) {
        if self.is_xml.is_none() {
            // Before the first sign there may be the mark of UTF-8, and blanks.
            let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
            self.is_xml = first.map(|first| *first == b'<');
        }
        while self.is_xml != Some(false) && !bytes.is_empty() {
            let end = memchr(if self.is_in_tag { b'>' } else { b'<' }, bytes);
            let part = &bytes[..end.unwrap_or(bytes.len())];
            self.current += part.len() as u64;
            self.longest = self.longest.max(self.current);
            self.total += if self.is_in_tag { 0 } else { part.len() as u64 };
            self.add_to_content(part, end.is_some());
            bytes = end.map_or(&[], |end| &bytes[end + 1..]);
            if end.is_some() {
                (self.is_in_tag, self.current) = (!self.is_in_tag, 0);
            }
        }
    }

    /// Adds a part of a text, or of a tag that may end with it, to the sheets.
    fn add_to_content(&mut self, part: &[u8], is_end: bool) {
        match &mut self.content {
            Some(content) if !self.is_in_tag => content.text(part),
            Some(content) if self.current <= MAX_TEXT => content.add_to_tag(part, is_end),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn texts_are_measured_across_the_ends_of_chunks() {
        for step in [1, 2, 5, 64] {
            let text = b"\xef\xbb\xbf<a b=\"cdefgh\">ijk</a><b/>lm\n";
            let mut texts = Texts::new(None);
            text.chunks(step).for_each(|chunk| texts.add(chunk));
            assert_eq!((texts.longest, texts.total), (12, 9), "by {step}");
        }
        let mut picture = Texts::new(None);
        picture.add(b"\x89PNG and more");
        assert_eq!(picture.longest, 0);
    }
}
