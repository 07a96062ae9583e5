//! Workbooks: xlsx, xls, xlsb and ods. A sheet's cells become text as a table of text has them: numbers at the fifteen digits that a
//! spreadsheet keeps, dates in ISO 8601.

use super::file::ImportFile;
use super::record::{CellKind, Record};
use crate::error::Error;
use calamine::{Data, Reader, Sheet, SheetType, SheetVisible, Sheets, open_workbook_auto};
use rust_decimal::Decimal;
use std::fs::File;
use std::io::BufReader;

/// The most cells of a sheet that are read: what lies beyond is a sheet that is formatted to its end, or made to fill a memory.
const MAX_CELLS: u64 = 50_000_000;

/// The most columns of a table.
const MAX_COLUMNS: u32 = 2_000;

type Workbook = Sheets<BufReader<File>>;

/// Reads the rows of a sheet in which something is written, and returns the sheet's name with them.
///
/// # Errors
/// It is no workbook, or under a password; the sheet is not there; there are several, and none is named.
pub(super) fn read(file: &ImportFile, wanted: Option<&str>) -> Result<(String, Vec<Record>), Error> {
    let mut workbook = open_workbook_auto(file.path()).map_err(|error| unreadable(file, &error))?;
    let name = choose(file, &mut workbook, wanted)?;
    let rows = match &mut workbook {
        Sheets::Xlsx(workbook) => {
            let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| unreadable(file, &error))?;
            let mut rows = Rows::new(file);
            while let Some(cell) = cells.next_cell().map_err(|error| unreadable(file, &error))? {
                let (row, column) = cell.get_position();
                if let Some((text, kind)) = text(&Data::from(cell.get_value().clone())) {
                    rows.add(row, column, &text, kind)?;
                }
            }
            rows.finish()
        }
        workbook => {
            let range = workbook.worksheet_range(&name).map_err(|error| unreadable(file, &error))?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            let mut rows = Rows::new(file);
            for (row, column, value) in range.used_cells() {
                if let Some((text, kind)) = text(value) {
                    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                    rows.add(first_row + place(row), first_column + place(column), &text, kind)?;
                }
            }
            rows.finish()
        }
    };
    Ok((name, rows))
}

/// The sheet that is meant: by name, by number, or the only one with a table.
fn choose(file: &ImportFile, workbook: &mut Workbook, wanted: Option<&str>) -> Result<String, Error> {
    let is_table = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet;
    let sheets: Vec<Sheet> = workbook.sheets_metadata().iter().filter(is_table).cloned().collect();
    let listed = |sheets: &[String]| sheets.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if let Some(wanted) = wanted {
        let by_name = sheets.iter().find(|sheet| sheet.name == wanted);
        let by_number = || wanted.parse::<usize>().ok().and_then(|number| sheets.get(number.checked_sub(1)?));
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
            Err(file.undecided(None, &message, &format!("name one by `--sheet`: {}", listed(several))))
        }
    }
}

fn unreadable(file: &ImportFile, error: &impl std::fmt::Display) -> Error {
    let why = error.to_string();
    if why.to_lowercase().contains("password") {
        return file.broken(None, "it is under a password", "open it in a spreadsheet and save it without one");
    }
    file.broken(None, &format!("it is no workbook that can be read: {why}"), "save it again, or as CSV")
}

/// The rows of a sheet, built cell by cell.
struct Rows<'f> {
    file: &'f ImportFile,
    complete: Vec<Record>,
    current: Option<(u32, Record)>,
    cells: u64,
}

impl<'f> Rows<'f> {
    fn new(file: &'f ImportFile) -> Self {
        Self { file, complete: Vec::new(), current: None, cells: 0 }
    }

    /// Adds a cell; they come row by row, and from left to right.
    fn add(&mut self, row: u32, column: u32, text: &str, kind: CellKind) -> Result<(), Error> {
        let line = u64::from(row) + 1;
        if column >= MAX_COLUMNS {
            let message = format!("something is written in column {}, beyond the {MAX_COLUMNS} of a table", column + 1);
            return Err(self.file.broken(
                Some((line, text)),
                &message,
                "take away what is far to the right of the table",
            ));
        }
        self.cells += 1;
        if self.cells > MAX_CELLS {
            let message = format!("the sheet has more than {MAX_CELLS} cells");
            return Err(self.file.broken(Some((line, text)), &message, "save the part that is the table as CSV"));
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
        Data::String(text) => (text.clone(), CellKind::Text),
        Data::Int(whole) => (whole.to_string(), CellKind::Number),
        Data::Float(float) => match fifteen_digits(*float) {
            Some(decimal) => (decimal.to_string(), CellKind::Number),
            None => (float.to_string(), CellKind::Text),
        },
        Data::Bool(truth) => (truth.to_string(), CellKind::Text),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let is_midnight = (hour, minute, second) == (0, 0, 0);
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            match (moment.is_duration(), is_midnight) {
                (true, _) => (fifteen_digits(moment.as_f64())?.to_string(), CellKind::Number),
                (false, true) => (date, CellKind::Date),
                (false, false) => (format!("{date}T{time}"), CellKind::Date),
            }
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => (text.clone(), CellKind::Date),
        Data::Error(error) => (error.to_string(), CellKind::Text),
    })
}

/// A double at the fifteen digits that a spreadsheet keeps of a number; `None` where a decimal of 28 digits does not hold it.
fn fifteen_digits(float: f64) -> Option<Decimal> {
    Decimal::from_scientific(&format!("{float:.14e}")).ok().map(|decimal| decimal.normalize())
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
        assert_eq!(text(f64::NAN), None);
    }
}
