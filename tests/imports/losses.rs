//! Cells of a workbook that are read as less than they are: the report says so, and `--strict` ends the import.

use super::workbook::{ods, ods_row, row, workbook_of};
use super::{empty_book, report};
use crate::scratch;
use pledgebook::import::ImportOptions;
use std::fs;
use std::path::Path;

/// The doubts about a file under these options.
fn doubts(book: &Path, name: &str, bytes: &[u8], options: &str) -> Vec<String> {
    let file = book.with_file_name(name);
    fs::write(&file, bytes).expect("the directory is writable");
    let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    report(book, &file, &options).expect("it is a table").doubts
}

/// A sheet with a formula that was calculated, and others that were not.
fn formulas() -> Vec<u8> {
    let other = [row(1, &["who", "n"]), "<row r=\"2\"><c r=\"A2\"><f>1+1</f></c></row>".to_owned()].concat();
    let rows = [
        row(1, &["who", "n", "note"]),
        "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>B2</f><v>x</v></c><c r=\"B2\"><v>1</v></c></row>".to_owned(),
        "<row r=\"3\"><c r=\"A3\" t=\"str\"><f>B2</f><v>y</v></c><c r=\"B3\"><f>B2*2</f><v>2</v></c>\
         <c r=\"C3\" t=\"str\"><f>\"\"</f><v></v></c></row>"
            .to_owned(),
        "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>z</t></is></c><c r=\"B4\"><f>B3*2</f></c></row>".to_owned(),
        "<row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t>w</t></is></c><c r=\"B5\"><f>B4*2</f><v/></c></row>"
            .to_owned(),
        "<row r=\"6\"><c r=\"A6\"><f>A5</f><v></v></c><c r=\"B6\"><v>5</v></c></row>".to_owned(),
    ];
    workbook_of(&[("Data", "visible", &rows.concat()), ("Other", "visible", &other)])
}

#[test]
fn formulas_without_a_value_are_in_doubt() {
    let book = empty_book("import_formulas");
    let found = doubts(&book, "t.xlsx", &formulas(), "sheet = 'Data'");
    let wanted = "3 cells of the sheet are formulas without a value, from `B4` on, and are read as blank";
    assert!(found.iter().any(|doubt| doubt.starts_with(wanted) && doubt.contains("save it")), "{found:?}");
    let found = doubts(&book, "t.xlsx", &formulas(), "sheet = 'Other'\nheader-row = '1'");
    assert!(
        found.iter().any(|doubt| doubt.contains("1 cell of the sheet is a formula without a value, `A2`")),
        "{found:?}"
    );
    let directory = book.parent().expect("it is in a directory");
    let import = ["book.db", "import", "t.xlsx", "--sheet", "Data", "--strict"];
    let answer = scratch::command(scratch::program(), directory).args(import).output().expect("it runs");
    assert_eq!(answer.status.code(), Some(5), "{answer:?}");

    let empty = "<table:table-cell table:formula=\"of:=[.B2]*2\"/>";
    let blank = "<table:table-cell table:formula=\"of:=&quot;&quot;\" office:value-type=\"string\"/>";
    let rows =
        [ods_row("", &["who", "n"]), ods_row("", &["a", "5"]), ods_row("", &["b", empty]), ods_row("", &[blank, "7"])];
    let found = doubts(&book, "t.ods", &ods(&rows.concat()), "");
    assert!(found.iter().any(|doubt| doubt.contains("a formula without a value, `B3`")), "{found:?}");
    let found = doubts(&book, "u.ods", &ods(&[&*rows[0], &rows[1], &rows[3]].concat()), "");
    assert!(!found.iter().any(|doubt| doubt.contains("formula")), "{found:?}");
}

#[test]
fn currencies_of_cells_are_in_doubt_unless_they_are_the_unit() {
    let book = empty_book("import_currencies");
    let cell = |currency: &str| {
        format!(
            "<table:table-cell office:value-type=\"currency\" office:currency=\"{currency}\" office:value=\"5\"><text:p>5</text:p></table:table-cell>"
        )
    };
    let table = |header: &str, currencies: [&str; 3]| {
        let row = |currency: &str| ods_row("", &["a", &cell(currency), currency]);
        ods(&[ods_row("", &["who", header, "unit"]), currencies.map(row).concat()].concat())
    };
    let (one, two) = (["EUR", "EUR", "EUR"], ["USD", "EUR", "USD"]);
    for (header, currencies, options, wanted) in [
        (
            "amount",
            one,
            "",
            Some("cells of `amount` state currencies that are not read: EUR 3; `--unit amount=EUR` says one"),
        ),
        (
            "amount",
            two,
            "",
            Some("cells of `amount` state currencies that are not read: USD 2, EUR 1; `--unit amount=USD`"),
        ),
        ("amount", one, "unit = { amount = 'EUR' }", None),
        ("amount", one, "unit = { amount = 'EUR million' }", None),
        ("amount (EUR)", one, "", None),
        ("amount (USD)", one, "", Some("are not read: EUR 3")),
        ("amount", two, "unit = { amount = 'EUR' }", Some("are not read: USD 2, EUR 1")),
        ("amount", two, "unit = { amount = '@unit' }", None),
        ("amount", one, "type = { amount = 'text' }", Some("are not read: EUR 3")),
    ] {
        let found = doubts(&book, "t.ods", &table(header, currencies), options);
        let said: Vec<&String> = found.iter().filter(|doubt| doubt.contains("state currencies")).collect();
        let is_right = match wanted {
            Some(wanted) => said.len() == 1 && said[0].contains(wanted),
            None => said.is_empty(),
        };
        assert!(is_right, "{header} {currencies:?} {options}: {found:?}");
    }
    let wide = ods(&[ods_row("", &["who", "2020", "2021"]), ods_row("", &["a", &cell("EUR"), &cell("USD")])].concat());
    let found = doubts(&book, "wide.ods", &wide, "long = '2020..2021'\nname = 'year'\nvalue = 'aid'");
    assert!(
        found.iter().any(|doubt| doubt.contains("cells of `aid` state currencies that are not read: EUR 1, USD 1")),
        "{found:?}"
    );
}

#[test]
fn blank_rows_may_go_on_to_the_end_of_the_sheet() {
    let book = empty_book("import_repeated_rows");
    let blank = "<table:table-cell table:number-columns-repeated=\"16384\"/>";
    let end = ods_row(" table:number-rows-repeated=\"1048573\"", &[blank]);
    let twice = ods_row(" table:number-rows-repeated=\"2\"", &["a", "5"]);
    let table = ods(&[ods_row("", &["who", "n"]), twice, end].concat());
    let file = book.with_file_name("t.ods");
    fs::write(&file, table).expect("the directory is writable");
    let report = report(&book, &file, &ImportOptions::default()).expect("it is a table");
    assert_eq!((report.rows, report.doubts), (2, Vec::new()));
}

#[test]
fn digits_beyond_the_fifteenth_are_said() {
    let book = empty_book("import_digits");
    let file = book.with_file_name("t.xlsx");
    let number = |row: u32, value: &str| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>{value}</v></c></row>");
    let rows = [row(1, &["n"]), number(2, "382.34000000000003"), number(3, "5.25"), number(4, "12")].concat();
    fs::write(&file, workbook_of(&[("Data", "visible", &rows)])).expect("the directory is writable");
    let report = report(&book, &file, &ImportOptions::default()).expect("it is a table");
    assert_eq!(report.columns[0].sum.as_deref(), Some("399.59"));
    assert!(
        matches!(&*report.remarks, [only] if only.starts_with("1 number of the sheet has more than 15")),
        "{report:?}"
    );
}

#[test]
fn a_number_of_a_workbook_does_not_say_how_a_text_beside_it_is_read() {
    let book = empty_book("import_mixed");
    let rows =
        [row(1, &["n"]), "<row r=\"2\"><c r=\"A2\"><v>12.5</v></c></row>".to_owned(), row(3, &["1,846"])].concat();
    let sheet = workbook_of(&[("Data", "visible", &rows)]);
    let json = br#"[{"n": 12.5}, {"n": "1,846"}]"#;
    for (name, bytes) in [("t.xlsx", &sheet[..]), ("t.json", &json[..])] {
        let file = book.with_file_name(name);
        fs::write(&file, bytes).expect("the directory is writable");
        let error = report(&book, &file, &ImportOptions::default()).expect_err(name);
        assert!(error.contains("can be read in two ways"), "{name}: {error}");
        for (decimal, sum) in [("point", "1858.5"), ("comma", "14.346")] {
            let options = toml::from_str(&format!("decimal = '{decimal}'")).expect("it is TOML");
            let report = report(&book, &file, &options).expect(name);
            assert_eq!(report.columns[0].sum.as_deref(), Some(sum), "{name} {decimal}");
        }
    }
}
