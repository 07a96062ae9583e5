//! The format of a file by its first bytes, not by its name: what is no table is named, with the way to one.

use super::file::ImportFile;
use crate::error::Error;

/// The first bytes of a zip archive, which xlsx and ods are.
const ZIP: &[u8] = b"PK\x03\x04";

/// The first bytes of an older Office file: xls, or a workbook under a password.
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// The part of a file by which its format is known, in bytes.
pub(super) const HEAD_BYTES: u64 = 1024;

/// The format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileFormat {
    /// A workbook in a zip archive: xlsx, xlsb, ods.
    ZippedWorkbook,
    /// A workbook as Office had them before: xls.
    OlderWorkbook,
    /// An array or objects of JSON.
    Json,
    /// Lines of text.
    Text,
}

const UNPACK: &str = "unpack it first";

/// Formats of bytes that are no table: where they show, by which bytes, what they are, and the way to a table.
const OTHERS: [(usize, &[u8], &str, &str); 19] = [
    (0, b"\x1f\x8b", "it is compressed by gzip", "unpack it first, by `gunzip`"),
    (4, b"1AY&SY", "it is compressed by bzip2", "unpack it first, by `bunzip2`"),
    (0, b"\xfd7zXZ\0", "it is compressed by xz", "unpack it first, by `unxz`"),
    (0, b"\x28\xb5\x2f\xfd", "it is compressed by zstd", "unpack it first, by `unzstd`"),
    (0, b"7z\xbc\xaf\x27\x1c", "it is an archive of 7-Zip", UNPACK),
    (0, b"Rar!\x1a\x07", "it is a RAR archive", UNPACK),
    (257, b"ustar", "it is a tar archive", UNPACK),
    (0, b"PK\x05\x06", "it is an empty zip archive", "was the download complete?"),
    (0, b"%PDF-", "it is a PDF document", "ask its publisher for the table, or take it out by a tool for that"),
    (0, b"SQLite format 3\0", "it is an SQLite database", "it is asked as it is: `pledgebook FILE -c …`"),
    (0, b"PAR1", "it is a Parquet file", "write it as CSV by the tool that made it"),
    (0, b"ARROW1", "it is an Arrow file", "write it as CSV by the tool that made it"),
    (0, b"\x89HDF", "it is an HDF5 file", "write it as CSV by the tool that made it"),
    (0, b"$FL2@(#)", "it is a file of SPSS", "save it as CSV"),
    (0, b"<stata_dta>", "it is a file of Stata", "save it as CSV"),
    (0, b"{\\rtf", "it is a text document", "save its table as CSV"),
    (0, b"\x89PNG", "it is a picture", "ask its publisher for the table"),
    (0, b"\xff\xd8\xff", "it is a picture", "ask its publisher for the table"),
    (0, b"GIF8", "it is a picture", "ask its publisher for the table"),
];

/// The format that a file has by its first bytes.
///
/// # Errors
/// It is no table.
pub(super) fn detect(file: &ImportFile, head: &[u8]) -> Result<FileFormat, Error> {
    if head.starts_with(ZIP) {
        return Ok(FileFormat::ZippedWorkbook);
    }
    if head.starts_with(OLE) {
        return Ok(FileFormat::OlderWorkbook);
    }
    let is_there = |at: usize, bytes: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(bytes));
    if let Some((.., message, help)) = OTHERS.iter().find(|(at, bytes, ..)| is_there(*at, bytes)) {
        return Err(file.broken(None, message, help));
    }
    // Of UTF-16 the zeros go, so that its letters can be read here.
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&plain);
    let text = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    if let Some((message, help)) = markup(text) {
        let line = text.lines().next().unwrap_or_default();
        return Err(file.broken(Some((1, line)), message, help));
    }
    Ok(if text.starts_with(['{', '[']) { FileFormat::Json } else { FileFormat::Text })
}

/// The kind of a text that is marked up, or stands for a file elsewhere, and is no table.
fn markup(text: &str) -> Option<(&'static str, &'static str)> {
    if text.starts_with("version https://git-lfs") {
        return Some((
            "it is the pointer by which Git LFS stands for a file, not the file",
            "download the file itself, by `git lfs pull` or from the page of the repository",
        ));
    }
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with('<') || !lower[1..].starts_with(|c: char| matches!(c, '!' | '?') || c.is_ascii_alphabetic()) {
        return None;
    }
    if lower.contains("office:spreadsheet") {
        return Some(("it is a workbook in XML", "open it in a spreadsheet and save it as .xlsx or CSV"));
    }
    let html = ["<!doctype html", "<html", "<head", "<body", "<table", "<meta"];
    if html.iter().any(|start| lower.contains(start)) {
        return Some((
            "it is a page of HTML, not a table",
            "open its address in a browser: it may be a page that asks something before the download",
        ));
    }
    lower.starts_with("<?xml").then_some((
        "it is XML, not a table",
        "look for the same data as CSV, JSON or a workbook, or whether it is an error of the server",
    ))
}

#[cfg(test)]
mod tests {
    use super::{FileFormat, ImportFile, detect};
    use crate::store::Stop;
    use std::path::Path;

    #[test]
    fn formats_are_known_by_their_bytes() {
        let file = ImportFile::new(Path::new("x.csv"), &Stop::default());
        for (bytes, format) in [
            (&b"a,b\n1,2\n"[..], FileFormat::Text),
            (b"<5 years,b\n1,2\n", FileFormat::Text),
            (b"<b>bold</b>,b\n1,2\n", FileFormat::Text),
            (b"\xef\xbb\xbf[{}]", FileFormat::Json),
            (b"PK\x03\x04rest", FileFormat::ZippedWorkbook),
        ] {
            assert_eq!(detect(&file, bytes).unwrap(), format);
        }
        for (bytes, word) in [
            (&b"\xff\xfe<\0h\0t\0m\0l\0>\0"[..], "HTML"),
            (b"<?xml version='1.0'?><Error>AccessDenied</Error>", "XML"),
            (
                b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
                "workbook in XML",
            ),
            (b"{\\rtf1\\ansi}", "text document"),
            (b"BZh91AY&SY", "bzip2"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        ] {
            let error = detect(&file, bytes).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
