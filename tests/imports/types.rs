//! Dates, codes, floating-point numbers and sheets: what becomes of a column that is none of exact numbers, and what is asked of it.

use super::workbook::{row, workbook_of};
use super::{empty_book, report};
use crate::scratch;
use pledgebook::import::{ImportOptions, Mode, Report, import, import_sheets};
use pledgebook::store::BookWriter;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// Imports a text under some options, and returns each column in a line: name, type, format, present, missing, least and greatest.
fn columns(book: &Path, name: &str, text: &str, options: &str) -> Result<Vec<String>, String> {
    let file = book.with_file_name(name);
    fs::write(&file, text).expect("the directory is writable");
    let mut options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    options.name = Some("t".to_owned());
    report(book, &file, &options).map(|report| lines(&report))
}

fn lines(report: &Report) -> Vec<String> {
    let line = |column: &pledgebook::import::ColumnReport| {
        let missing: Vec<String> = column.missing.iter().map(|(mark, count)| format!("{count}\u{d7}{mark}")).collect();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let words = [
            column.name.clone(),
            column.kind.to_owned(),
            text(&column.date),
            column.present.to_string(),
            missing.join(" "),
            text(&column.min),
            text(&column.max),
        ];
        words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    report.columns.iter().map(line).collect()
}

#[test]
fn dates_are_read_by_the_format_that_all_rows_leave() {
    let book = empty_book("import_dates");
    for (name, text, options, expected) in [
        (
            "iso.csv",
            "d,n\n2025-01-31,1\n2025-02-28T12:00:00,2\n,3\n",
            "",
            "d date 2 1\u{d7} 2025-01-31 2025-02-28T12:00:00",
        ),
        ("uk.csv", "d,n\n1/2/2025,1\n16/2/2025,2\n", "", "d date %d/%m/%Y 2 2025-02-01 2025-02-16"),
        ("us.csv", "d,n\n1/2/2025,1\n2/16/2025,2\n", "", "d date %m/%d/%Y 2 2025-01-02 2025-02-16"),
        ("de.csv", "d;n\n1.2.2025;1\n3.4.2025;2\n", "", "d date %d.%m.%Y 2 2025-02-01 2025-04-03"),
        ("mon.csv", "d,n\n05-Mar-11,1\n31-Mar-11,2\nn/a,3\n", "", "d date %d-%b-%y 2 1\u{d7}n/a 2011-03-05 2011-03-31"),
        (
            "said.csv",
            "d,n\n1/2/2025,1\n3/4/2025,2\n",
            "date = { d = '%m/%d/%Y' }",
            "d date %m/%d/%Y 2 2025-01-02 2025-03-04",
        ),
        (
            "plain.csv",
            "d,n\n20250102,1\n20250304,2\n",
            "date = { d = '%Y%m%d' }",
            "d date %Y%m%d 2 2025-01-02 2025-03-04",
        ),
        ("kept.csv", "d,n\n1/2/2025,1\n3/4/2025,2\n", "type = { d = 'text' }", "d text 2"),
        ("codes.csv", "d,n\n00123,1\n99999,2\n", "", "d text 2"),
        ("truth.csv", "d,n\ntrue,1\nfalse,2\n", "", "d text 2"),
        ("few.csv", "d,n\n16/2/2025,1\nnever,2\n", "", "d text 2"),
        ("real.csv", "d,n\n1.50,1\n2e3,2\n.,3\n", "type = { d = 'real' }", "d real 2 1\u{d7}. 1.5 2000"),
    ] {
        let found = columns(&book, name, text, options).unwrap_or_else(|error| vec![error]);
        assert_eq!(found[0], expected, "{name}");
    }
    for (name, text, options, message) in [
        ("open.csv", "d,n\n1/2/2025,1\n3/4/2025,2\n", "", "nothing says which part of `1/2/2025` is the month"),
        ("format.csv", "d,n\n1/2/2025,1\n", "date = { d = 'dd/mm/yyyy' }", "no format of a date"),
        ("none.csv", "d,n\nx,1\ny,2\n", "type = { d = 'date' }", "no column of dates"),
        ("absent.csv", "d,n\nx,1\ny,2\n", "date = { e = '%Y' }", "no column `e`"),
    ] {
        let error = columns(&book, name, text, options).expect_err(name);
        assert!(error.contains(message), "{name}: {error}");
    }
}

/// What a statement over the book answers, cells by `|`.
fn query(book: &Path, sql: &str) -> Vec<String> {
    let book = Connection::open(book).expect("the book opens");
    let mut statement = book.prepare(sql).expect("it is SQL");
    let count = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let cell = |at| {
            row.get::<_, rusqlite::types::Value>(at).map(|value| match value {
                rusqlite::types::Value::Null => String::new(),
                rusqlite::types::Value::Integer(whole) => whole.to_string(),
                rusqlite::types::Value::Real(real) => real.to_string(),
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Blob(_) => "blob".to_owned(),
            })
        };
        (0..count).map(cell).collect::<rusqlite::Result<Vec<_>>>().map(|cells| cells.join("|"))
    };
    let rows = statement.query_map([], row).expect("it runs");
    rows.collect::<rusqlite::Result<_>>().expect("it can be read")
}

#[test]
fn a_date_is_stored_in_iso_with_what_is_written_where_that_differs() {
    let path = empty_book("import_dates_stored");
    let file = path.with_file_name("t.csv");
    fs::write(&file, "day,share\n16/02/2025,1.50\n6/3/2025,0.1\nn/a,.\n").expect("the directory is writable");
    let options: ImportOptions = toml::from_str("type = { share = 'real' }").expect("it is TOML");
    let mut book = BookWriter::open(&path).expect("it is a book");
    import(&mut book, &file, &options, Mode::Write, false).expect("it is imported");
    let rows = query(&path, "select day, day_written, share, share_written from t_S1 order by record");
    assert_eq!(rows, ["2025-02-16||1.5|1.50", "2025-03-06|6/3/2025|0.1|", "|n/a||."]);
    assert_eq!(query(&path, "select day from t order by day desc limit 1"), ["2025-03-06"]);
}

#[test]
fn a_cell_that_fits_no_date_is_a_doubt_whoever_said_the_format() {
    let book = empty_book("import_dates_doubted");
    let file = book.with_file_name("t.csv");
    let days: Vec<String> = (1..=28).map(|day| format!("{day}/2/2025,1\n")).collect();
    fs::write(&file, format!("d,n\n{}soon,2\n", days.concat().repeat(4))).expect("the directory is writable");
    for options in ["", "date = { d = '%d/%m/%Y' }"] {
        let report = report(&book, &file, &toml::from_str(options).expect("it is TOML")).expect("it is imported");
        assert_eq!(
            report.doubts,
            ["`d`: 1 cell fits no date and is NULL, `soon` on line 114; `d_written` of `t_S1` keeps what is written"]
        );
    }
}

#[test]
fn columns_that_are_named_as_the_parts_of_others_are_kept_apart() {
    let path = empty_book("import_stems");
    let file = path.with_file_name("t.csv");
    let text = "line,amount,amount_unit,day,day_written\n1,5.5,EUR,1/2/2024,x\n2,6,USD,20/2/2024,y\n";
    fs::write(&file, text).expect("the directory is writable");
    let options: ImportOptions = toml::from_str("unit = { amount = '@amount_unit' }").expect("it is TOML");
    let mut book = BookWriter::open(&path).expect("it is a book");
    import(&mut book, &file, &options, Mode::Write, false).expect("it is imported");
    let rows = query(&path, "select line_, amount, amount_unit, day, day_written from t order by record");
    assert_eq!(rows, ["1|5.5 EUR [S1:1]|EUR|2024-02-01|x", "2|6 USD [S1:2]|USD|2024-02-20|y"]);
}

/// A workbook of sheets of which one is hidden and one is blank.
fn write_workbook(path: &Path) {
    let rows = |count: u32| -> String {
        let body = (1..=count).map(|day| row(day + 1, &[&format!("@{}", 45_688 + day), &(day * 10).to_string()]));
        std::iter::once(row(1, &["day", "n"])).chain(body).collect()
    };
    let (first, second, hidden) = (rows(2), rows(3), row(1, &["secret", "x"]));
    let sheets = [
        ("Pledges", "visible", first.as_str()),
        ("Paid out", "visible", &second),
        ("Old", "hidden", &hidden),
        ("Blank", "visible", ""),
    ];
    fs::write(path, workbook_of(&sheets)).expect("the directory is writable");
}

#[test]
fn each_sheet_of_a_workbook_is_a_table_or_none_is() {
    let path = empty_book("import_sheets");
    let file = path.with_file_name("aid.xlsx");
    write_workbook(&file);
    let mut book = BookWriter::open(&path).expect("it is a book");
    let options = ImportOptions { sheet: Some("all".to_owned()), ..ImportOptions::default() };
    let reports = import_sheets(&mut book, &file, &options, Mode::Write, false).expect("they are imported");
    let told: Vec<String> =
        reports.iter().map(|report| format!("{} {} {}", report.source, report.table, report.rows)).collect();
    assert_eq!(told, ["S1 aid_pledges 2", "S2 aid_paid_out 3"]);
    assert_eq!(lines(&reports[1])[0], "day date 3 2025-02-01 2025-02-03");
    assert!(reports[0].notes.contains(&"hidden sheets: `Old`".to_owned()), "{:?}", reports[0].notes);
    // The second table can't be made again, and so the first is not made either.
    let options = ImportOptions { name: Some("aid_paid".to_owned()), ..options };
    Connection::open(&path)
        .and_then(|book| book.execute_batch("create table aid_paid_paid_out (a)"))
        .expect("it is made");
    let error = import_sheets(&mut book, &file, &options, Mode::Write, false).expect_err("a name is taken");
    assert!(error.to_string().contains("aid_paid_paid_out"), "{error}");
    assert_eq!(query(&path, "select count(*) from imported_table"), ["2"]);
}

#[test]
fn a_sheet_is_asked_for_where_several_are_visible() {
    let directory = scratch::directory("import_sheet_asked");
    write_workbook(&directory.join("aid.xlsx"));
    let run = |words: &[&str]| {
        let answer = scratch::command(scratch::program(), &directory).args(words).output().expect("it runs");
        (answer.status.code(), String::from_utf8_lossy(&answer.stderr).into_owned())
    };
    assert_eq!(run(&["init", "book.db", "--empty"]).0, Some(0));
    let (code, message) = run(&["book.db", "import", "aid.xlsx"]);
    assert!(code == Some(2) && message.contains("`Pledges`, `Paid out`, `Blank`; `--sheet all`"), "{message}");
    fs::write(directory.join("aid.csv"), "a,b\nx,1\n").expect("the directory is writable");
    let (code, message) = run(&["book.db", "import", "aid.csv", "--sheet", "all"]);
    assert!(code == Some(2) && message.contains("no sheets"), "{message}");
}
