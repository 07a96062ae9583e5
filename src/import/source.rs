//! A file as a source of records, whatever its format: told by its first bytes, not by its name.

use super::delimited::{self, Dialect};
use super::encoding::TextFile;
use super::file::{Fingerprint, ImportFile};
use super::format::{self, FileFormat, HEAD_BYTES};
use super::json::{self, JsonTable};
use super::layout::NoteLine;
use super::options::ImportOptions;
use super::read_ahead::ReadAhead;
use super::record::{Record, Records, UnendedLine};
use super::workbook;
use super::workbook::SheetRows;
use super::workbook_losses::SheetLosses;
use crate::error::{Error, usage_error};
use crate::store::hexadecimal;
use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A file whose records can be read from the beginning any number of times.
pub(super) struct TableSource {
    pub(super) file: ImportFile,
    /// SHA-256 of its bytes.
    pub(super) sha256: String,
    /// The state of the file before it was first read.
    state: Fingerprint,
    /// The lines that are read; all of them without any.
    lines: Option<RangeInclusive<u64>>,
    format: TableFormat,
}

enum TableFormat {
    Delimited { text: TextFile, dialect: Dialect },
    Sheet(SheetRows),
    Json { rows: Arc<[Record]>, members: Vec<NoteLine>, notes: Vec<String> },
}

impl TableSource {
    /// Opens a file in the format that its bytes have.
    ///
    /// # Errors
    /// It can't be read, is broken, or leaves open what is meant.
    pub(super) fn open(file: ImportFile, options: &ImportOptions) -> Result<Self, Error> {
        let state = file.fingerprint()?;
        let mut head = Vec::new();
        file.open()?.take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| file.unreadable(&error))?;
        let found = format::detect(&file, &head)?;
        if matches!(found, FileFormat::ZippedWorkbook | FileFormat::OlderWorkbook) {
            let format = TableFormat::Sheet(workbook::read(&file, found, options.sheet.as_deref())?);
            return Ok(Self { sha256: digest(&file)?, file, state, lines: options.row_lines()?, format });
        }
        let encoding = encoding(options)?;
        let text = TextFile::detect(&file, encoding)?;
        let format = if found == FileFormat::Json && options.separator.is_none() {
            let JsonTable { records, members, notes } = json::read(&file, options.path.as_deref())?;
            TableFormat::Json { rows: records.into(), members, notes }
        } else {
            let quote = options.quote_byte()?;
            let separator = match options.separator_byte()? {
                Some(separator) => separator,
                None => delimited::sniff_separator(&file, &text, quote)?,
            };
            TableFormat::Delimited { dialect: Dialect { separator, quote }, text: text.clone() }
        };
        Ok(Self { sha256: text.sha256, file, state, lines: options.row_lines()?, format })
    }

    /// Its records, from the first on.
    ///
    /// # Errors
    /// It can't be opened.
    pub(super) fn records(&self) -> Result<Box<dyn Records>, Error> {
        let records: Box<dyn Records> = match &self.format {
            TableFormat::Delimited { text, dialect } => {
                Box::new(ReadAhead::start(delimited::open(&self.file, text, *dialect)?)?)
            }
            TableFormat::Sheet(SheetRows { rows, .. }) | TableFormat::Json { rows, .. } => {
                Box::new(HeldRecords { rows: Arc::clone(rows), next: 0 })
            }
        };
        Ok(match &self.lines {
            Some(lines) => Box::new(SomeLines { records, lines: lines.clone(), header: self.certain_header() }),
            None => records,
        })
    }

    /// True if an option says that a line is the last of the table.
    pub(super) fn is_said_to_end_on(&self, line: u64) -> bool {
        self.lines.as_ref().is_some_and(|lines| *lines.end() == line)
    }

    /// Refuses a file that has changed since it was first read.
    ///
    /// # Errors
    /// It has.
    pub(super) fn check_unchanged(&self) -> Result<(), Error> {
        self.file.check_unchanged(&self.state)
    }

    /// The sheet of a workbook.
    pub(super) fn sheet(&self) -> Option<&str> {
        if let TableFormat::Sheet(sheet) = &self.format { Some(&sheet.name) } else { None }
    }

    /// The parts of the file that are not read, in words.
    pub(super) fn notes(&self) -> &[String] {
        match &self.format {
            TableFormat::Sheet(sheet) => &sheet.notes,
            TableFormat::Json { notes, .. } => notes,
            TableFormat::Delimited { .. } => &[],
        }
    }

    /// The cells of the sheet of a workbook that are read as less than they are.
    pub(super) fn losses(&self) -> Option<&SheetLosses> {
        if let TableFormat::Sheet(sheet) = &self.format { Some(&sheet.losses) } else { None }
    }

    /// The encoding and the separator of a table of text.
    pub(super) fn text(&self) -> Option<(&TextFile, u8)> {
        if let TableFormat::Delimited { text, dialect } = &self.format { Some((text, dialect.separator)) } else { None }
    }

    /// The texts beside the rows of a table in JSON, each with its key.
    pub(super) fn members(&self) -> &[NoteLine] {
        if let TableFormat::Json { members, .. } = &self.format { members } else { &[] }
    }

    /// The line of its first record, if that is the header and nothing else can be.
    pub(super) fn certain_header(&self) -> Option<u64> {
        if let TableFormat::Json { rows, .. } = &self.format { rows.first().map(|row| row.line) } else { None }
    }
}

/// The visible sheets of a workbook in which something is written.
///
/// # Errors
/// It is no workbook.
pub(super) fn visible_sheets(file: &ImportFile) -> Result<Vec<String>, Error> {
    let mut head = Vec::new();
    file.open()?.take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| file.unreadable(&error))?;
    match format::detect(file, &head)? {
        FileFormat::Json | FileFormat::Text => Err(usage_error(
            &format!("`{}` has no sheets", file.name()),
            "leave `--sheet` out: it names one of a workbook",
        )),
        format => workbook::visible_sheets(file, format),
    }
}

/// The records that begin on some lines of a file, and the header that no line is.
struct SomeLines {
    records: Box<dyn Records>,
    lines: RangeInclusive<u64>,
    header: Option<u64>,
}

impl Records for SomeLines {
    fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        while self.records.read(record)? {
            if self.lines.contains(&record.line) || self.header == Some(record.line) {
                return Ok(true);
            }
            if record.line > *self.lines.end() {
                return Ok(false);
            }
        }
        Ok(false)
    }

    fn unended_line(&self) -> Option<UnendedLine> {
        self.records.unended_line()
    }
}

/// Records that are held in memory.
struct HeldRecords {
    rows: Arc<[Record]>,
    next: usize,
}

impl Records for HeldRecords {
    fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        let Some(row) = self.rows.get(self.next) else { return Ok(false) };
        record.clone_from(row);
        self.next += 1;
        Ok(true)
    }
}

fn digest(file: &ImportFile) -> Result<String, Error> {
    let mut hasher = Sha256::new();
    let mut source = file.open()?;
    let mut chunk = vec![0; 1 << 16];
    loop {
        match source.read(&mut chunk).map_err(|error| file.unreadable(&error))? {
            0 => return Ok(hexadecimal(&hasher.finalize())),
            length => hasher.update(&chunk[..length]),
        }
    }
}

/// The encoding that the options name.
pub(super) fn encoding(options: &ImportOptions) -> Result<Option<&'static Encoding>, Error> {
    let Some(label) = &options.encoding else { return Ok(None) };
    let found = Encoding::for_label(label.as_bytes());
    found.map(Some).ok_or_else(|| {
        usage_error(
            &format!("`{label}` is no encoding"),
            "name it as the web does: utf-8, windows-1252, utf-16le, big5",
        )
    })
}
