//! Workbooks made part by part, so that what is wrong with one is known.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// An archive with these parts.
pub(super) fn zip_archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        archive.start_file(*name, options).expect("memory is writable");
        archive.write_all(bytes).expect("memory is writable");
    }
    archive.finish().expect("memory is writable").into_inner()
}

/// A workbook of one sheet, `Data`, with these rows in its XML.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    workbook_of(&[("Data", "visible", rows)])
}

/// A workbook of these sheets: name, state, and rows in XML. The style 1 is a day.
pub(super) fn workbook_of(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let (mut listed, mut related) = (String::new(), String::new());
    for (number, (name, state, _)) in (1..).zip(sheets) {
        listed += &format!("<sheet name=\"{name}\" sheetId=\"{number}\" state=\"{state}\" r:id=\"r{number}\"/>");
        let target = format!("worksheets/sheet{number}.xml");
        related += &format!("<Relationship Id=\"r{number}\" Type=\"{OFFICE}/worksheet\" Target=\"{target}\"/>");
    }
    related += &format!("<Relationship Id=\"s\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>");
    let root = format!("<Relationship Id=\"b\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>");
    let relations = |inner: &str| format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inner}</Relationships>");
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        ("_rels/.rels".to_owned(), relations(&root)),
        (
            "xl/workbook.xml".to_owned(),
            format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{listed}</sheets></workbook>"),
        ),
        ("xl/_rels/workbook.xml.rels".to_owned(), relations(&related)),
        (
            "xl/styles.xml".to_owned(),
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
    ];
    parts.extend((1..).zip(sheets).map(|(number, (.., rows))| {
        let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
        (format!("xl/worksheets/sheet{number}.xml"), sheet)
    }));
    let declared: Vec<(String, String)> =
        parts.into_iter().map(|(name, xml)| (name, format!("<?xml version=\"1.0\"?>{xml}"))).collect();
    zip_archive(&declared.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect::<Vec<_>>())
}

/// An ods document of one sheet, `Data`, with these rows in its XML.
pub(super) fn ods(rows: &str) -> Vec<u8> {
    const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
    let space = |name: &str| format!(" xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\"");
    let uses = ["office", "table", "text"].map(space).concat();
    let content = format!(
        "<office:document-content{uses}><office:body><office:spreadsheet><table:table table:name=\"Data\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    zip_archive(&[
        ("mimetype", MIME.as_bytes()),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ])
}

/// A row of an ods sheet: texts, numbers, or with a `<` before it a cell as it stands.
pub(super) fn ods_row(attributes: &str, cells: &[&str]) -> String {
    let cell = |cell: &&str| match cell.parse::<f64>() {
        _ if cell.starts_with('<') => (*cell).to_owned(),
        Ok(_) => format!("<table:table-cell office:value-type=\"float\" office:value=\"{cell}\"/>"),
        Err(_) => {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
        }
    };
    let cells: String = cells.iter().map(cell).collect();
    format!("<table:table-row{attributes}>{cells}</table:table-row>")
}

/// A row of cells in XML: text, or numbers, or with a `@` before it the number of a day.
pub(super) fn row(number: u32, cells: &[&str]) -> String {
    let cell = |(column, cell): (char, &&str)| {
        let place = format!("{column}{number}");
        match cell.strip_prefix('@') {
            Some(day) => format!("<c r=\"{place}\" s=\"1\"><v>{day}</v></c>"),
            None if cell.parse::<f64>().is_ok() => format!("<c r=\"{place}\"><v>{cell}</v></c>"),
            None => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
        }
    };
    let cells: String = ('A'..='Z').zip(cells).map(cell).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}
