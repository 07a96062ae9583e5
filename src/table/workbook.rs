//! Results as a workbook for spreadsheets: a sheet a result, and one of notes. A number is a number of the sheet where a spreadsheet
//! shows all its digits, else a text; unit, stage, facts and assumptions stand beside it. A day of a column of dates is a date of the
//! sheet; a year, a month, and a day before those that a spreadsheet counts stay texts. A text is a text, whatever it begins with.
//! Rows go to a temporary file of the library's, so that memory does not grow with them.

use super::machine::{ColumnNaming, appended_names, column_names, explicit_unit};
use super::output::Writers;
use super::summary::CommonAssumptions;
use super::visible::visible;
use crate::quantity::{Amount, Quantity};
use crate::sql::{Appended, AppendedColumns, Cell, Header, Note, Sink};
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io::{self, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most rows of a sheet, its header among them.
const MAX_ROWS: u32 = 1 << 20;

/// The most significant digits of which a spreadsheet shows every one.
const MAX_DIGITS: u32 = 15;

/// The most UTF-16 units of a text in a cell.
const MAX_TEXT_UNITS: usize = 32_767;

/// The first day that every spreadsheet counts alike: before it some have the 29 February 1900.
const FIRST_DAY: &str = "1900-03-01";

/// The name of the sheet of notes.
const NOTES: &str = "notes";

/// True if a panic in this source file is caught here: the library panics where its temporary file can't be written.
#[must_use]
pub fn is_caught_panic(file: &str) -> bool {
    file.contains("/rust_xlsxwriter-")
}

/// Writes results as a workbook, which is complete when the sink is finished.
pub(super) struct WorkbookSink<W: Write, E> {
    writers: Writers<W, E>,
    workbook: Workbook,
    has_header: bool,
    formats: CellFormats,
    /// The results so far.
    results: usize,
    /// The names of the columns of the current result.
    names: Vec<String>,
    is_quantity: Vec<bool>,
    /// For each column, true if it is one of dates; empty where that is not known.
    dates: Vec<bool>,
    appended: AppendedColumns,
    assumptions: CommonAssumptions,
    /// The sheets of the current result.
    parts: usize,
    /// The next row of the current sheet.
    row: u32,
    /// The lines of the sheet of notes: the result that they belong to, subject, place and text.
    notes: Vec<[String; 4]>,
    /// True while a result is not complete.
    is_open: bool,
}

/// The formats of cells.
struct CellFormats {
    header: Format,
    whole: Format,
    /// A day, as ISO 8601 has it.
    date: Format,
    /// Grouped digits by the number of decimal places.
    grouped: Vec<Format>,
}

impl CellFormats {
    fn new() -> Self {
        let places = |places: usize| match places {
            0 => "#,##0".to_owned(),
            places => format!("#,##0.{}", "0".repeat(places)),
        };
        let grouped = (0..=28).map(|count| Format::new().set_num_format(places(count))).collect();
        let [whole, date] = ["0", "yyyy-mm-dd"].map(|format| Format::new().set_num_format(format));
        Self { header: Format::new().set_bold(), whole, date, grouped }
    }
}

/// Calls the library; its panic is an error of writing.
fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(XlsxError::IoError(error))) => Err(error),
        Ok(Err(XlsxError::ParameterError(message))) => Err(io::Error::other(message)),
        Ok(Err(error)) => Err(io::Error::other(error.to_string())),
        Err(_) => Err(io::Error::new(io::ErrorKind::StorageFull, "the rows of the workbook can't be kept")),
    }
}

impl<W: Write, E: Write> WorkbookSink<W, E> {
    pub(super) fn new(writers: Writers<W, E>, has_header: bool) -> Self {
        let mut workbook = Workbook::new();
        let program = format!("pledgebook {}", env!("CARGO_PKG_VERSION"));
        let mut properties = DocProperties::new().set_author(&program);
        // The same answer is the same file whenever it is written.
        if let Ok(date) = ExcelDateTime::from_ymd(1980, 1, 1) {
            properties = properties.set_creation_datetime(&date);
        }
        workbook.set_properties(&properties);
        Self {
            writers,
            workbook,
            has_header,
            formats: CellFormats::new(),
            results: 0,
            names: Vec::new(),
            is_quantity: Vec::new(),
            dates: Vec::new(),
            appended: AppendedColumns::default(),
            assumptions: CommonAssumptions::default(),
            parts: 0,
            row: 0,
            notes: vec![[String::new(), "written by".to_owned(), String::new(), program]],
            is_open: false,
        }
    }

    /// The name of the current result.
    fn result_name(&self) -> String {
        if self.results < 2 { "result".to_owned() } else { format!("result {}", self.results) }
    }

    /// Begins the next sheet of the current result, with the names of its columns.
    fn begin_sheet(&mut self) -> io::Result<()> {
        self.parts += 1;
        let part = if self.parts < 2 { String::new() } else { format!(" ({})", self.parts) };
        let name = format!("{}{part}", self.result_name());
        self.row = u32::from(self.has_header);
        let Self { workbook, formats, names, has_header, .. } = self;
        guarded(|| {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(&name)?;
            if !*has_header {
                return Ok(());
            }
            sheet.set_freeze_panes(1, 0)?;
            for (at, name) in (0..).zip(&*names) {
                let width = u8::try_from(name.chars().count()).unwrap_or(u8::MAX).clamp(12, 40);
                sheet.set_column_width(at, width)?;
                sheet.write_string_with_format(0, at, clipped(name), &formats.header)?;
            }
            Ok(())
        })
    }

    fn note(&mut self, subject: &str, place: &str, text: &str) {
        let result = if self.results == 0 { String::new() } else { self.result_name() };
        self.notes.push([result, subject.to_owned(), place.to_owned(), text.to_owned()]);
    }

    fn add_notes(&mut self, notes: &[Note]) {
        for note in notes {
            let parts = [note.lead.as_str(), note.text.as_str(), note.aside.as_str()];
            let text: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            self.note(&note.label, &note.place, &text.join("  "));
        }
    }

    /// Takes away the sheets of a result that broke off, if there is one.
    fn drop_open_result(&mut self) {
        if std::mem::take(&mut self.is_open) {
            let kept = self.workbook.worksheets().len().saturating_sub(self.parts);
            self.workbook.worksheets_mut().truncate(kept);
            let name = self.result_name();
            self.notes.retain(|[result, ..]| *result != name);
            self.results -= 1;
        }
    }

    /// Writes the sheet of notes.
    fn write_notes(&mut self) -> io::Result<()> {
        let Self { workbook, notes, formats, .. } = self;
        guarded(|| {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(NOTES)?;
            for (at, width) in [(0, 10), (1, 18), (2, 14), (3, 100)] {
                sheet.set_column_width(at, width)?;
            }
            for (at, name) in (0..).zip(["result", "about", "place", "note"]) {
                sheet.write_string_with_format(0, at, name, &formats.header)?;
            }
            for (row, line) in (1..MAX_ROWS).zip(&*notes) {
                for (at, text) in (0..).zip(line) {
                    sheet.write_string(row, at, clipped(&visible(text)))?;
                }
            }
            Ok(())
        })
    }
}

/// The beginning of a text of the program's own that fits a cell.
fn clipped(text: &str) -> String {
    text.chars().take(MAX_TEXT_UNITS / 2).collect()
}

/// The cells of a row, written one after the other.
struct RowCells<'s> {
    sheet: &'s mut Worksheet,
    formats: &'s CellFormats,
    row: u32,
    column: u16,
}

impl RowCells<'_> {
    fn skip(&mut self) {
        self.column += 1;
    }

    /// A text; one that no cell holds is an error rather than cut.
    fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        let length = text.encode_utf16().count();
        if length > MAX_TEXT_UNITS {
            return Err(XlsxError::ParameterError(format!(
                "a cell of a workbook holds {MAX_TEXT_UNITS} characters, and the text in row {} has {length}; `-o FILE.csv` holds it",
                self.row + 1
            )));
        }
        self.sheet.write_string(self.row, self.column, text)?;
        self.skip();
        Ok(())
    }

    /// A day as a date of the sheet; a text that is none stays one.
    fn day(&mut self, text: &str) -> Result<(), XlsxError> {
        let is_written_so = text.bytes().zip(FIRST_DAY.bytes()).all(|(byte, known)| (known == b'-') == (byte == b'-'));
        let is_day = is_written_so && text.len() == FIRST_DAY.len() && text >= FIRST_DAY;
        match ExcelDateTime::parse_from_str(text) {
            Ok(date) if is_day => {
                self.sheet.write_datetime_with_format(self.row, self.column, &date, &self.formats.date)?;
                self.skip();
                Ok(())
            }
            _ => self.text(text),
        }
    }

    fn number(&mut self, number: f64, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, self.column, number, format)?;
        self.skip();
        Ok(())
    }

    /// A decimal, as a number if it has few enough digits.
    fn decimal(&mut self, decimal: Decimal, written: &str) -> Result<(), XlsxError> {
        let decimal = decimal.normalize();
        let is_shown = decimal.mantissa().unsigned_abs() < 10_u128.pow(MAX_DIGITS);
        match (is_shown, decimal.to_string().parse::<f64>(), usize::try_from(decimal.scale())) {
            (true, Ok(number), Ok(places)) if places < self.formats.grouped.len() => {
                self.number(number, &self.formats.grouped[places])
            }
            _ => self.text(written),
        }
    }

    /// A number of a quantity with its parts beside it.
    fn quantity(&mut self, quantity: &Quantity) -> Result<(), XlsxError> {
        let amount = quantity.amount().to_string();
        match quantity.amount() {
            Amount::Number(number) if number.is_exact() => self.decimal(number.value, &amount)?,
            _ => self.text(&amount)?,
        }
        self.text(&explicit_unit(quantity).map(ToString::to_string).unwrap_or_default())?;
        self.text(&quantity.stages().to_string())?;
        self.text(&quantity.facts().to_string())?;
        self.text(&quantity.assumptions().to_string())
    }

    fn cell(&mut self, cell: &Cell<'_>) -> Result<(), XlsxError> {
        match cell {
            Cell::Null => self.skip(),
            Cell::Text(text) => self.text(text)?,
            Cell::Truth(truth) => {
                self.sheet.write_boolean(self.row, self.column, *truth)?;
                self.skip();
            }
            Cell::Integer(whole) if whole.unsigned_abs() < 10_u64.pow(MAX_DIGITS) => {
                #[allow(clippy::cast_precision_loss)] // it has at most 15 digits
                self.number(*whole as f64, &self.formats.whole)?;
            }
            Cell::Integer(whole) => self.text(&whole.to_string())?,
            Cell::Real(real) | Cell::StoredReal(real) if real.is_finite() => {
                self.sheet.write_number(self.row, self.column, *real)?;
                self.skip();
            }
            Cell::Real(real) | Cell::StoredReal(real) => self.text(&real.to_string())?,
            Cell::Decimal(decimal) => self.decimal(*decimal, &decimal.normalize().to_string())?,
            Cell::Quantity(quantity) => self.text(&quantity.to_string())?,
            Cell::Blob(bytes) => {
                self.text(&bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat())?;
            }
        }
        Ok(())
    }
}

impl<W: Write, E: Write> Sink for WorkbookSink<W, E> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.drop_open_result();
        (self.results, self.is_open) = (self.results + 1, true);
        self.parts = 0;
        self.assumptions = CommonAssumptions::of(&header.assumed);
        // People read of conflicts in the notes.
        self.appended = AppendedColumns { conflict: false, ..header.appended };
        self.is_quantity = header.columns.iter().map(|column| column.is_quantity).collect();
        self.dates.clone_from(&header.dates);
        self.names = column_names(&header.columns, self.appended, ColumnNaming::Split);
        if let Some(title) = &header.title {
            self.note("title", "", title);
        }
        if let Some(statement) = &header.statement {
            self.note("statement", "", statement);
        }
        self.begin_sheet()
    }

    fn row(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        if self.row == MAX_ROWS {
            self.begin_sheet()?;
            let text = format!("a sheet holds {MAX_ROWS} rows: this result has {} sheets", self.parts);
            self.note("rows", "", &text);
        }
        for cell in cells {
            if let Cell::Quantity(quantity) = cell {
                self.assumptions.update(quantity.assumptions());
            }
        }
        self.assumptions.update(&appended.assumptions);
        let Self { workbook, formats, is_quantity, dates, row, .. } = self;
        let has_assumptions = appended_names(self.appended).next().is_some();
        guarded(|| {
            let last = workbook.worksheets().len().saturating_sub(1);
            let sheet = workbook.worksheet_from_index(last)?;
            let mut written = RowCells { sheet, formats, row: *row, column: 0 };
            for (at, (cell, is_quantity)) in cells.iter().zip(&*is_quantity).enumerate() {
                match cell {
                    Cell::Text(text) if dates.get(at) == Some(&true) => written.day(text)?,
                    Cell::Quantity(quantity) if *is_quantity => written.quantity(quantity)?,
                    cell => {
                        written.cell(cell)?;
                        (1..if *is_quantity { 5 } else { 1 }).for_each(|_| written.skip());
                    }
                }
            }
            if has_assumptions { written.text(&appended.assumptions.to_string()) } else { Ok(()) }
        })?;
        self.row += 1;
        Ok(())
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        self.is_open = false;
        self.add_notes(notes);
        match self.assumptions.notice() {
            Some(notice) => self.notice(&notice),
            None => Ok(()),
        }
    }

    fn below_value(&mut self, notes: &[Note]) -> io::Result<()> {
        self.add_notes(notes);
        Ok(())
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.writers.print_aside(text)
    }

    /// Notices stand among the notes too: the file is read where standard error is not.
    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.note("notice", "", text);
        self.writers.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writers.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.drop_open_result();
        self.write_notes()?;
        let mut file = tempfile::tempfile()?;
        guarded(|| self.workbook.save_to_writer(&mut file))?;
        file.rewind()?;
        io::copy(&mut file, self.writers.out())?;
        self.writers.flush()
    }

    fn wants_notes(&self) -> bool {
        true
    }

    fn is_for_programs(&self) -> bool {
        true
    }
}
