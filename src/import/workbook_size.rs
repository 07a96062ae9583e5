//! The size of a workbook, read before memory is taken for it: the reader believes the bytes, and the process would end where
//! they lie.

use super::file::{ImportFile, Watched};
use crate::error::{Error, Limit};
use cfb::CompoundFile;
use std::fs::File;
use std::io::{BufReader, Read};

/// The most cells that the area of a sheet may have.
pub(super) const MAX_CELLS: u64 = 50_000_000;

/// The memory that the reader takes for a cell of an older workbook, in bytes.
const CELL_BYTES: u64 = 40;

pub(super) const HELP: &str = "open it in a spreadsheet and save it again, or as CSV";

/// The fewest bytes that are too many to be held.
pub(super) fn too_many(file: &ImportFile) -> u64 {
    file.stop().limits().bytes(Limit::Memory).unwrap_or(u64::MAX)
}

/// Refuses bytes that are as many as may be held.
///
/// # Errors
/// They are.
pub(super) fn check_held(file: &ImportFile, bytes: u64, what: &str) -> Result<(), Error> {
    let (most, mib) = (file.stop().limits().most(Limit::Memory), bytes >> 20);
    if most == 0 || mib < most {
        return Ok(());
    }
    let message = format!("{what} {mib} MiB, and the program may hold {most} MiB");
    Err(file.too_large(&message, &Limit::Memory.help()))
}

/// Refuses an older workbook under a password, or one whose cells span more than is read.
///
/// # Errors
/// It is; it holds no workbook.
pub(super) fn check_older(file: &ImportFile) -> Result<(), Error> {
    let broken = |error: &dyn std::fmt::Display| {
        let cause = file.check_stop().err();
        cause.unwrap_or_else(|| file.broken(None, &format!("it is no workbook that can be read: {error}"), HELP))
    };
    let mut container = CompoundFile::open(BufReader::new(file.open()?)).map_err(|error| broken(&error))?;
    if container.exists("/EncryptedPackage") {
        return Err(file.broken(None, "it is under a password", "open it in a spreadsheet and save it without one"));
    }
    let Some(name) = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name)) else {
        return Err(broken(&"it is an older Office file without a workbook in it"));
    };
    let stream = container.open_stream(name).map_err(|error| broken(&error))?;
    let mut records = BufReader::new(stream);
    let mut area = Area::default();
    while let Some((kind, data)) = record(&mut records) {
        file.check_stop()?;
        match kind {
            // The beginning of a sheet.
            0x0809 => area = Area::default(),
            // The dimensions that it says it has.
            0x0200 if data.len() >= 10 => check_area(file, stated(&data))?,
            // Cells: formulas, numbers, texts, truths, several numbers in a row.
            0x0006 | 0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd if data.len() >= 6 => {
                let last = if kind == 0x00bd { word(&data, data.len() - 2) } else { word(&data, 2) };
                area.add(word(&data, 0), word(&data, 2).min(last), word(&data, 2).max(last));
                check_area(file, area.size())?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The next record of a workbook; `None` at the end, or where it is cut short.
fn record(stream: &mut BufReader<cfb::Stream<BufReader<Watched<File>>>>) -> Option<(u16, Vec<u8>)> {
    let mut head = [0; 4];
    stream.read_exact(&mut head).ok()?;
    let mut data = vec![0; usize::from(u16::from_le_bytes([head[2], head[3]]))];
    stream.read_exact(&mut data).ok()?;
    Some((u16::from_le_bytes([head[0], head[1]]), data))
}

fn word(data: &[u8], at: usize) -> u64 {
    data.get(at..at + 2).map_or(0, |bytes| u64::from(u16::from_le_bytes([bytes[0], bytes[1]])))
}

/// The cells that a record of dimensions says there are.
fn stated(data: &[u8]) -> u64 {
    let long = |at: usize| word(data, at) + (word(data, at + 2) << 16);
    let (rows, columns) = if data.len() >= 14 {
        (long(4).saturating_sub(long(0)), word(data, 10).saturating_sub(word(data, 8)).max(word(data, 10)))
    } else {
        (word(data, 2).saturating_sub(word(data, 0)), word(data, 6))
    };
    rows.saturating_mul(columns)
}

/// The area of the cells of a sheet.
#[derive(Debug, Clone, Copy, Default)]
struct Area {
    rows: Option<(u64, u64)>,
    columns: Option<(u64, u64)>,
}

impl Area {
    fn add(&mut self, row: u64, first: u64, last: u64) {
        let (top, bottom) = self.rows.unwrap_or((row, row));
        let (left, right) = self.columns.unwrap_or((first, last));
        self.rows = Some((top.min(row), bottom.max(row)));
        self.columns = Some((left.min(first), right.max(last)));
    }

    fn size(self) -> u64 {
        let length = |range: Option<(u64, u64)>| range.map_or(0, |(first, last)| last - first + 1);
        length(self.rows) * length(self.columns)
    }
}

/// Refuses more cells than are read, or than memory holds.
fn check_area(file: &ImportFile, cells: u64) -> Result<(), Error> {
    if cells > MAX_CELLS {
        let message = format!("a sheet spans {cells} cells, more than the {MAX_CELLS} that are read");
        return Err(file.broken(None, &message, HELP));
    }
    let (most, mib) = (file.stop().limits().most(Limit::Memory), (cells * CELL_BYTES) >> 20);
    if most > 0 && mib >= most {
        let message = format!("a sheet spans {cells} cells, which take {mib} MiB of the {most} that may be held");
        return Err(file.too_large(&message, &Limit::Memory.help()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Area, stated};

    #[test]
    fn the_area_of_a_sheet_is_that_of_its_cells() {
        let mut area = Area::default();
        assert_eq!(area.size(), 0);
        area.add(10, 3, 3);
        area.add(12, 1, 2);
        assert_eq!(area.size(), 9);
        let bytes = |rows: u32, columns: u16| {
            let mut data = 0_u32.to_le_bytes().to_vec();
            data.extend(rows.to_le_bytes());
            data.extend([0, 0]);
            data.extend(columns.to_le_bytes());
            data.extend([0, 0]);
            data
        };
        assert_eq!(stated(&bytes(5, 2)), 10);
        assert_eq!(stated(&bytes(u32::MAX, u16::MAX)), u64::from(u32::MAX) * u64::from(u16::MAX));
    }
}
