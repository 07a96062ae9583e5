//! Workbooks: xlsx, xls, xlsb and ods. A sheet's cells become text as a table of text has them: numbers at the fifteen digits that a
//! spreadsheet keeps, dates in ISO 8601.

use super::file::{ImportFile, Watched};
use super::format::FileFormat;
use super::record::{CellKind, Record};
use super::workbook_losses::{EmptyFormulas, SheetLosses};
use super::workbook_parts;
use super::workbook_size::{self, MAX_CELLS};
use crate::error::{AskedOption, Choice, Error, Question};
use crate::quantity::exact_decimal;
use calamine::{Data, Ods, Range, Reader, Sheet, SheetType, SheetVisible, Sheets, Xls, Xlsb, Xlsx};
use rust_decimal::Decimal;
use std::fs::File;
use std::io::BufReader;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use zip::ZipArchive;

/// The most columns of a table.
const MAX_COLUMNS: u32 = 2_000;

type Bytes = BufReader<Watched<File>>;

type Workbook = Sheets<Bytes>;

/// A workbook that is open, with the losses of its sheets as far as its parts told them.
struct OpenWorkbook {
    workbook: Workbook,
    losses: Vec<SheetLosses>,
}

/// True if a panic in this source file is one of the readers of workbooks, which take what the bytes say of themselves: it is caught
/// around the reading, and the file is reported as broken.
#[must_use]
pub fn is_caught_panic(file: &str) -> bool {
    ["/calamine-", "/quick-xml-", "/zip-", "/flate2-", "/miniz_oxide-", "/cfb-"]
        .iter()
        .any(|library| file.contains(library))
}

/// The rows of a sheet in which something is written.
pub(super) struct SheetRows {
    /// The name of the sheet.
    pub(super) name: String,
    /// Its rows.
    pub(super) rows: Arc<[Record]>,
    /// The other sheets of the workbook, in words.
    pub(super) notes: Vec<String>,
    /// The cells that are read as less than they are.
    pub(super) losses: SheetLosses,
}

/// The visible sheets in which something is written.
///
/// # Errors
/// It is no workbook, or none is there.
pub(super) fn visible_sheets(file: &ImportFile, format: FileFormat) -> Result<Vec<String>, Error> {
    caught(file, || {
        let OpenWorkbook { mut workbook, .. } = open(file, format)?;
        let mut written = Vec::new();
        for sheet in sheets(&workbook).into_iter().filter(|sheet| sheet.visible == SheetVisible::Visible) {
            if !rows(file, &mut workbook, &sheet.name)?.0.is_empty() {
                written.push(sheet.name);
            }
        }
        if written.is_empty() {
            return Err(file.broken(
                None,
                "nothing is written in its visible sheets",
                "name a hidden one by `--sheet NAME`",
            ));
        }
        Ok(written)
    })
}

/// Does `work` on a workbook; where the library that reads it panics, the file is broken.
fn caught<T>(file: &ImportFile, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(file.broken(None, "it is no workbook that can be read", SAVE_AGAIN)))
}

/// Reads the rows of a sheet in which something is written.
///
/// # Errors
/// It is no workbook, or under a password; the sheet is not there; there are several, and none is named.
pub(super) fn read(file: &ImportFile, format: FileFormat, wanted: Option<&str>) -> Result<SheetRows, Error> {
    caught(file, || {
        let OpenWorkbook { mut workbook, mut losses } = open(file, format)?;
        let name = choose(file, &workbook, wanted)?;
        let (rows, of_cells) = rows(file, &mut workbook, &name)?;
        let at = sheets(&workbook).iter().position(|sheet| sheet.name == name).filter(|at| *at < losses.len());
        let found = at.map(|at| losses.swap_remove(at));
        let rounded = of_cells.rounded;
        let losses = found.map_or(of_cells, |found| SheetLosses { rounded, ..found });
        Ok(SheetRows { rows: rows.into(), notes: notes(&workbook, &name), name, losses })
    })
}

const SAVE_AGAIN: &str = "open it in a spreadsheet and save it again, or as CSV";

/// Opens a workbook in the format that its bytes have.
fn open(file: &ImportFile, format: FileFormat) -> Result<OpenWorkbook, Error> {
    let bytes = || file.open().map(BufReader::new);
    if format == FileFormat::OlderWorkbook {
        workbook_size::check_older(file)?;
        let workbook = Xls::new(bytes()?).map(Sheets::Xls).map_err(|error| unreadable(file, &error))?;
        return Ok(OpenWorkbook { workbook, losses: Vec::new() });
    }
    let (parts, losses) = parts(file)?;
    let has = |name: &str| parts.iter().any(|part| part.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        let workbook = Xlsb::new(bytes()?).map(Sheets::Xlsb).map_err(|error| unreadable(file, &error))?;
        return Ok(OpenWorkbook { workbook, losses: Vec::new() });
    }
    if has("xl/workbook.xml") || has("[Content_Types].xml") && parts.iter().any(|part| part.starts_with("xl/")) {
        let workbook = Xlsx::new(bytes()?).map(Sheets::Xlsx).map_err(|error| unreadable(file, &error))?;
        return Ok(OpenWorkbook { workbook, losses: Vec::new() });
    }
    if has("content.xml") {
        let workbook = Ods::new(bytes()?).map(Sheets::Ods).map_err(|error| unreadable(file, &error))?;
        return Ok(OpenWorkbook { workbook, losses });
    }
    let names: Vec<String> = parts.iter().take(3).map(|part| format!("`{part}`")).collect();
    let message = format!("it is a zip archive, not a workbook; it holds {}", names.join(", "));
    Err(file.broken(None, &message, "unpack it first, by `unzip`"))
}

/// The names of the parts of a zipped workbook, and the losses of the sheets of an ods document.
///
/// # Errors
/// It is cut short, or would unpack to more than the program may hold.
fn parts(file: &ImportFile) -> Result<(Vec<String>, Vec<SheetLosses>), Error> {
    let cut_short = |_| {
        if file.stop().is_raised() {
            return file.stop().cause();
        }
        file.broken(None, "it is no whole workbook: its table of contents is missing", "was the download complete?")
    };
    let mut archive = ZipArchive::new(BufReader::new(file.open()?)).map_err(cut_short)?;
    let (mut names, mut stated) = (Vec::new(), 0_u64);
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(cut_short)?;
        let name = part.name().map_err(cut_short)?.into_owned();
        stated = stated.saturating_add(if workbook_parts::is_picture(&name) { 0 } else { part.size() });
        names.push(name);
    }
    workbook_size::check_held(file, stated, "it unpacks to")?;
    let losses = workbook_parts::check(file, &mut archive, &names)?;
    Ok((names, losses))
}

/// The rows of a sheet in which something is written, and what is lost of it as far as the cells tell that.
fn rows(file: &ImportFile, workbook: &mut Workbook, name: &str) -> Result<(Vec<Record>, SheetLosses), Error> {
    let (mut rows, mut formulas) = (Rows::new(file), EmptyFormulas::default());
    match workbook {
        Sheets::Xlsx(workbook) => {
            let mut cells = workbook.worksheet_cells_reader(name).map_err(|error| unreadable(file, &error))?;
            let mut next = || cells.next_cell_with_formula_metadata().map_err(|error| unreadable(file, &error));
            while let Some(cell) = next()? {
                let value = Data::from(cell.value);
                if cell.formula.is_some() && value == Data::Empty {
                    formulas.add(cell.pos.0.into(), cell.pos.1.into(), 1);
                }
                rows.add(cell.pos, &value)?;
            }
        }
        Sheets::Xlsb(workbook) => {
            let mut cells = workbook.worksheet_cells_reader(name).map_err(|error| unreadable(file, &error))?;
            while let Some(cell) = cells.next_cell().map_err(|error| unreadable(file, &error))? {
                rows.add(cell.get_position(), &Data::from(cell.get_value().clone()))?;
            }
        }
        Sheets::Xls(workbook) => {
            rows.add_all(&workbook.worksheet_range(name).map_err(|error| unreadable(file, &error))?)?;
        }
        Sheets::Ods(workbook) => {
            rows.add_all(&workbook.worksheet_range(name).map_err(|error| unreadable(file, &error))?)?;
        }
    }
    let losses = SheetLosses { formulas, rounded: rows.rounded, ..SheetLosses::default() };
    Ok((rows.finish(), losses))
}

/// The sheets that hold cells; charts are sheets too.
fn sheets(workbook: &Workbook) -> Vec<Sheet> {
    workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
}

/// A remark on the sheets that are not read.
fn notes(workbook: &Workbook, name: &str) -> Vec<String> {
    let others: Vec<Sheet> = sheets(workbook).into_iter().filter(|sheet| sheet.name != name).collect();
    let listed = |is_wanted: &dyn Fn(&Sheet) -> bool| {
        let names = others.iter().filter(|sheet| is_wanted(sheet)).map(|sheet| format!("`{}`", sheet.name));
        names.collect::<Vec<_>>().join(", ")
    };
    let visible = listed(&|sheet| sheet.visible == SheetVisible::Visible);
    let hidden = listed(&|sheet| sheet.visible != SheetVisible::Visible);
    let said = [(visible, "other sheets"), (hidden, "hidden sheets")];
    said.iter().filter(|(names, _)| !names.is_empty()).map(|(names, which)| format!("{which}: {names}")).collect()
}

/// The sheet that is meant: by name, by number, or the only one with a table.
fn choose(file: &ImportFile, workbook: &Workbook, wanted: Option<&str>) -> Result<String, Error> {
    let sheets = sheets(workbook);
    let listed = |sheets: &[String]| sheets.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if let Some(wanted) = wanted {
        let by_name = sheets.iter().find(|sheet| sheet.name == wanted);
        // As they are listed: a hidden one has a name alone.
        let mut visible = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
        let by_number = || wanted.parse::<usize>().ok().and_then(|number| visible.nth(number.checked_sub(1)?));
        return by_name.or_else(by_number).map(|sheet| sheet.name.clone()).ok_or_else(|| {
            let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
            file.undecided(None, &format!("it has no sheet `{wanted}`"), &format!("its sheets are {}", listed(&names)))
        });
    }
    let visible: Vec<String> =
        sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone()).collect();
    match visible.as_slice() {
        [] => Err(file.broken(None, "it has no visible sheet", "name a hidden one by `--sheet NAME`")),
        [only] => Ok(only.clone()),
        several => {
            let message = format!("it has {} sheets", several.len());
            let help = format!("name one by `--sheet`: {}; `--sheet all` takes each", listed(several));
            let choices = several.iter().cloned().map(Choice::plain).collect();
            let question =
                Question { option: AskedOption::Sheet, column: None, cells: Vec::new(), choices, takes_text: false };
            Err(file.asked(None, &message, &help, question))
        }
    }
}

fn unreadable(file: &ImportFile, error: &impl std::fmt::Display) -> Error {
    if file.stop().is_raised() {
        return file.stop().cause();
    }
    let why = error.to_string();
    if why.to_lowercase().contains("password") {
        return file.broken(None, "it is under a password", "open it in a spreadsheet and save it without one");
    }
    file.broken(None, &format!("it is no workbook that can be read: {why}"), SAVE_AGAIN)
}

/// The rows of a sheet, built cell by cell.
struct Rows<'f> {
    file: &'f ImportFile,
    complete: Vec<Record>,
    current: Option<(u32, Record)>,
    cells: u64,
    /// The bytes of their texts, and the fewest that are too many.
    bytes: u64,
    too_many: u64,
    /// The numbers with more digits than are taken.
    rounded: u64,
}

impl<'f> Rows<'f> {
    fn new(file: &'f ImportFile) -> Self {
        // The limits are behind a lock, which is too slow for each cell.
        let too_many = workbook_size::too_many(file);
        Self { file, complete: Vec::new(), current: None, cells: 0, bytes: 0, too_many, rounded: 0 }
    }

    /// Adds the cells of a sheet that was read whole.
    fn add_all(&mut self, range: &Range<Data>) -> Result<(), Error> {
        let (first_row, first_column) = range.start().unwrap_or_default();
        let place = |first: u32, at: usize| first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        range
            .used_cells()
            .try_for_each(|(row, column, value)| self.add((place(first_row, row), place(first_column, column)), value))
    }

    /// Adds a cell; they come row by row, and from left to right.
    fn add(&mut self, (row, column): (u32, u32), value: &Data) -> Result<(), Error> {
        self.file.check_stop()?;
        let Some((text, kind)) = text(value) else { return Ok(()) };
        let text = text.as_str();
        self.rounded += u64::from(matches!(value, Data::Float(float) if text.parse() != Ok(*float)));
        let line = u64::from(row) + 1;
        let is_behind = self
            .current
            .as_ref()
            .is_some_and(|(current, record)| row < *current || row == *current && (column as usize) < record.len());
        if is_behind {
            return Err(self.file.broken(
                Some((line, text)),
                "its cells are not in the order of the sheet",
                SAVE_AGAIN,
            ));
        }
        if column >= MAX_COLUMNS {
            let message = format!("something is written in column {}, beyond the {MAX_COLUMNS} of a table", column + 1);
            let help = "take away what is far to the right of the table";
            return Err(self.file.broken(Some((line, text)), &message, help));
        }
        self.cells += 1;
        if self.cells > MAX_CELLS {
            let message = format!("the sheet has more than {MAX_CELLS} cells");
            return Err(self.file.broken(Some((line, text)), &message, "save the part that is the table as CSV"));
        }
        self.bytes += text.len() as u64;
        if self.bytes >= self.too_many {
            workbook_size::check_held(self.file, self.bytes, "the texts of its cells take")?;
        }
        if self.current.as_ref().is_none_or(|(current, _)| *current != row) {
            let mut record = Record::default();
            record.begin(line);
            self.complete.extend(self.current.replace((row, record)).map(|(_, record)| record));
        }
        if let Some((_, record)) = &mut self.current {
            while record.len() < column as usize {
                record.push("", CellKind::Text);
            }
            record.push(text, kind);
        }
        Ok(())
    }

    fn finish(mut self) -> Vec<Record> {
        self.complete.extend(self.current.take().map(|(_, record)| record));
        self.complete
    }
}

/// The text of a cell; `None` if nothing is in it.
fn text(value: &Data) -> Option<(String, CellKind)> {
    Some(match value {
        Data::Empty => return None,
        Data::String(text) if text.is_empty() => return None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => (text.clone(), CellKind::Text),
        Data::Int(whole) => (whole.to_string(), CellKind::Number),
        Data::Float(float) => of_float(*float),
        Data::Bool(truth) => (truth.to_string(), CellKind::Text),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let is_midnight = (hour, minute, second) == (0, 0, 0);
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            match (moment.is_duration(), is_midnight) {
                // Less than a day is a time of day, on none.
                (false, false) if (0.0..1.0).contains(&moment.as_f64()) => (time, CellKind::Text),
                (true, _) => of_float(moment.as_f64()),
                (false, true) => (date, CellKind::Text),
                (false, false) => (format!("{date}T{time}"), CellKind::Text),
            }
        }
        Data::Error(error) => (error.to_string(), CellKind::Text),
    })
}

/// The text of a double: a number where a decimal holds its digits.
fn of_float(float: f64) -> (String, CellKind) {
    match fifteen_digits(float) {
        Some(decimal) => (decimal.to_string(), CellKind::Number),
        None => (float.to_string(), CellKind::Text),
    }
}

/// A double at the fifteen digits that a spreadsheet keeps of a number; `None` where a decimal of 28 digits does not hold it.
fn fifteen_digits(float: f64) -> Option<Decimal> {
    exact_decimal(&format!("{float:.14e}")).ok()
}

#[cfg(test)]
mod tests {
    use super::fifteen_digits;

    #[test]
    fn noise_behind_the_fifteenth_digit_goes() {
        let text = |float: f64| fifteen_digits(float).map(|decimal| decimal.to_string());
        assert_eq!(text(382.340_000_000_000_03).as_deref(), Some("382.34"));
        assert_eq!(text(0.1 + 0.2).as_deref(), Some("0.3"));
        assert_eq!(text(1.0e15).as_deref(), Some("1000000000000000"));
        assert_eq!(text(1.0e-20).as_deref(), Some("0.00000000000000000001"));
        assert_eq!(text(1.234_567_890_123_45e-20), None, "a decimal of 28 places would round it");
        assert_eq!(text(f64::NAN), None);
    }
}
