//! What published tables are like, each trap in a small file of its own, and what becomes of its columns.

use super::{empty_book, report};
use pledgebook::import::{ColumnReport, ImportOptions, Report};
use std::fs;
use std::path::Path;

/// Imports a text under some options, and returns each column in a line: name, type, unit, present, missing, sum.
fn columns(book: &Path, name: &str, bytes: &[u8], options: &str) -> Result<Vec<String>, String> {
    let file = book.with_file_name(name);
    fs::write(&file, bytes).expect("the directory is writable");
    let mut options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    options.name = Some("t".to_owned());
    report(book, &file, &options).map(|report| lines(&report))
}

fn lines(report: &Report) -> Vec<String> {
    let line = |column: &ColumnReport| {
        let missing: Vec<String> = column.missing.iter().map(|(mark, count)| format!("{count}×{mark}")).collect();
        let sums: Vec<String> = column.sums.iter().map(|(unit, sum)| format!("{sum} {unit}")).collect();
        let sum = column.sum.clone().unwrap_or(sums.join(" + "));
        let unit = column.unit.as_deref().unwrap_or("-");
        let words = [&*column.name, column.kind, unit, &column.present.to_string(), &missing.join(" "), &sum].join(" ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    report.columns.iter().map(line).collect()
}

/// A file's name, its bytes, the options, and its columns as they are imported.
type Trap = (&'static str, &'static [u8], &'static str, &'static [&'static str]);

const TRAPS: &[Trap] = &[
    (
        "semicolons.csv",
        b"a;b (EUR)\nx;\" 12 301,50 \"\ny;-7,25\nz; - \n",
        "",
        &["a text - 3", "b_eur quantity EUR 2 1\u{d7}- 12294.25"],
    ),
    (
        "cr_only.csv",
        b"year,value\r2001,*****\r2002,-5\r2003,12\r",
        "",
        &["year integer - 3", "value quantity - 2 1\u{d7}***** 7"],
    ),
    (
        "utf16.csv",
        b"\xff\xfen\0a\0m\0e\0,\0U\0S\0D\0 \0(\0U\0S\0D\0)\0\r\0\n\0Z\0o\0\xeb\0,\x005\0.\x005\0\r\0\n\0B\0o\0,\x001\0\n\0",
        "",
        &["name text - 2", "usd_usd quantity USD 2 6.5"],
    ),
    ("latin.csv", b"name,n\nM\xfcller,1\nBo,2\n", "", &["name text - 2", "n integer - 2 3"]),
    ("padded.csv", b"code,n\n00123,\xc2\xa05\xc2\xa0\n00124,6 \n", "", &["code text - 2", "n integer - 2 11"]),
    (
        "signs.csv",
        b"who,amount\na,\"\xc2\xa368,486.66\"\nb,-\xc2\xa35\n",
        "",
        &["who text - 2", "amount quantity GBP 2 68481.66"],
    ),
    ("percent.csv", b"who,share\na,22.69%\nb,13.1%\n", "", &["who text - 2", "share quantity percent 2 35.79"]),
    (
        "flags.tsv",
        b"geo\tv\nAT\t18838 b\nBE\t:\nDE\t19000\n",
        "",
        &["geo text - 3", "v quantity - 2 1\u{d7}: 37838"],
    ),
    (
        "tags.csv",
        b"country,funding\n#country,#value+usd\nUA,5\nPL,7\n",
        "",
        &["country text - 2", "funding quantity USD 2 12"],
    ),
    (
        "per_row.csv",
        b"donor,award,currency\nNO,10.5,NOK\nDK,3,DKK\nNO,2,NOK\nSE,,\n",
        "unit = { award = '@currency' }",
        &["donor text - 4", "award quantity @currency 3 1\u{d7} 3 DKK + 12.5 NOK", "currency text - 3 1\u{d7}"],
    ),
    (
        "title.csv",
        b"Kept by,hand,as,,they,come\nand with,,,,some,notes\nname,job,age,kids,born,gone\n\
          Ann,cook,69,yes,1947-01-08,2016-01-10\nBob,smith,60,no,1956-10-21,2016-12-27\n",
        "",
        &[
            "name text - 2",
            "job text - 2",
            "age integer - 2 129",
            "kids text - 2",
            "born date - 2",
            "gone date - 2",
        ],
    ),
    (
        "unnamed_filled.csv",
        b"who,how,n,,\na,x,none yet,b,c\nd,y,5,e,f\n",
        "type = { n = 'text' }",
        &["who text - 2", "how text - 2", "n text - 2", "column_4 text - 2", "column_5 text - 2"],
    ),
    (
        "header_rows.csv",
        b"title,,\n,2023,\nname,a,b\nx,1,2\n",
        "header-row = '2-3'",
        &["name text - 1", "c_2023_a integer - 1 1", "c_2023_b integer - 1 2"],
    ),
    (
        "places.csv",
        b"People in state,Share in %,Cost (US$ million)\n5,1.5,2\n6,2,3\n",
        "",
        &["people_in_state integer - 2 11", "share_in quantity percent 2 3.5", "cost_us_million quantity USD 2 5000000"],
    ),
    (
        "scaled.csv",
        b"who,cost,price,length\na,5 M,5 p,10 km\nb,2 bn,7 p,3 mi\nc,3 k,8 p,4\n",
        "",
        &["who text - 3", "cost text - 3", "price text - 3", "length text - 3"],
    ),
    ("bom.json", b"\xef\xbb\xbf[{\"n\": 1}, {\"n\": 2}]", "", &["n integer - 2 3"]),
    ("unnamed.csv", b"a,b,\n1,2,\n3,4,\n", "", &["a integer - 2 4", "b integer - 2 6"]),
    (
        "exact.csv",
        b"n\n0.1\n0.2\n123456789012345678901234567.8\n",
        "separator = ','",
        &["n quantity - 3 123456789012345678901234568.1"],
    ),
    (
        "rows.json",
        br#"{"meta": 1, "data": {"flows": [{"usd": 1.10, "to": {"name": "UA"}}, {"usd": 2}]}}"#,
        "",
        &["usd quantity - 2 3.1", "to_name text - 1 1\u{d7}"],
    ),
];

#[test]
fn every_trap_is_read() {
    let book = empty_book("import_traps");
    for (name, bytes, options, expected) in TRAPS {
        let found = columns(&book, name, bytes, options).unwrap_or_else(|error| vec![error]);
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn a_header_that_may_be_another_row_is_in_doubt() {
    let book = empty_book("import_header_doubt");
    let (.., title, _, _) = TRAPS.iter().find(|(name, ..)| *name == "title.csv").expect("it is a trap");
    let title = std::str::from_utf8(title).expect("it is UTF-8");
    let unnamed = "who,status,amount,\nAnn,planned,,\nBob,done,unpaid,late\nCid,open,5,soon\nDan,open,6,soon\n";
    let full = "who,status,,late\nAnn,,,\nBob,done,unpaid,late\nCid,open,,5\nDan,open,,6\nEve,open,,7\n";
    for (text, options, header, other) in [
        (title, "", 3, Some(1)),
        (title, "header-row = '3'", 3, None),
        (unnamed, "", 1, Some(3)),
        (unnamed, "lines = '1-'", 1, None),
        (full, "", 1, None),
    ] {
        let file = book.with_file_name("t.csv");
        fs::write(&file, text).expect("the directory is writable");
        let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
        let report = report(&book, &file, &options).unwrap_or_else(|error| panic!("{text}{error}"));
        let doubts: Vec<&String> = report.doubts.iter().filter(|doubt| doubt.contains("for the header")).collect();
        let wanted = other.map(|other| format!("line {header} is taken for the header, not line {other}, which"));
        let is_said = match &wanted {
            Some(wanted) => matches!(&*doubts, [doubt] if doubt.starts_with(wanted)),
            None => doubts.is_empty(),
        };
        assert!(is_said && report.header_row.0 == header, "{text}{options:?}: {report:?}");
    }
}

#[test]
fn a_column_with_a_few_misfits_is_numeric_and_lists_them() {
    let book = empty_book("import_misfits");
    let file = book.with_file_name("misfits.csv");
    let row = |n: u32| if n == 77 { "\"77,88\",1".to_owned() } else { format!("{n}.5,1") };
    let rows: Vec<String> = (0..200).map(row).collect();
    fs::write(&file, format!("n,m\n{}\n", rows.join("\n"))).expect("it is written");
    let report = report(&book, &file, &ImportOptions::default()).expect("it is imported");
    let column = &report.columns[0];
    let misfits: Vec<(u64, &str)> = column.misfits.iter().map(|misfit| (misfit.line, misfit.text.as_str())).collect();
    assert_eq!((column.kind, misfits), ("quantity", vec![(79, "77,88")]), "{report:?}");
    assert_eq!(report.doubts.len(), 1, "{report:?}");
}

#[test]
fn what_is_no_table_is_refused_with_its_help() {
    let book = empty_book("import_refused");
    for (name, bytes, message) in [
        ("empty.csv", &b""[..], "it has no rows"),
        ("nul.csv", b"a,b\n1,\0\n", "bytes that are zero"),
        ("page.csv", b"<html>log in</html>", "a page of HTML"),
        ("quote.csv", b"a,b\n1,\"2\n", "never closed"),
        ("broken.json", b"[{\"a\": 1}, {\"a\":", "it ends within its JSON"),
        ("two.json", br#"{"a": [{"x": 1}], "b": [{"x": 2}]}"#, "it has 2 tables"),
        ("zip.xlsx", b"PK\x03\x04 and no more", "it is no whole workbook"),
        ("two_ways.csv", b"n\n\"1,846\"\n5\n", "can be read in two ways"),
        ("sign.csv", b"who,Cost ($ million)\na,5\nb,6\n", "the unit of `cost_million` is open"),
        ("dollars.csv", b"n,m\n$5,1\n$6,2\n", "the unit of `n` is open"),
    ] {
        let error = columns(&book, name, bytes, "").expect_err(name);
        assert!(error.contains(message), "{name}: {error}");
    }
}

#[test]
fn currencies_that_no_number_takes_are_a_doubt() {
    let book = empty_book("import_currencies_unused");
    let file = book.with_file_name("aid.csv");
    fs::write(&file, "id,year,amount,currency\na,2024,1,NOK\nb,2024,2,DKK\nc,2025,3,n/a\n").expect("it is writable");
    let doubts = |options: &str| {
        let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
        report(&book, &file, &options).expect("it is imported").doubts
    };
    assert!(matches!(&*doubts(""), [doubt] if doubt.contains("`--unit amount=@currency`")), "{:?}", doubts(""));
    let other = doubts("unit = { amount = 'EUR' }");
    assert!(matches!(&*other, [doubt] if doubt.contains("`NOK` on line 2, and `amount` is taken in EUR")), "{other:?}");
    for said in ["unit = { amount = 'none' }", "unit = { amount = '@currency' }"] {
        assert_eq!(doubts(said), [""; 0], "{said}");
    }
}

/// Tables with a header that is repeated, and a part of what is said of each; empty for nothing.
const REPEATED_HEADERS: [(&str, &str, &str); 5] = [
    ("donor,a,A,b\nx,1,2,3\n", "", "`a` stands over 2 columns, from left to right `a`, `a_2`: `--header-row 1`"),
    ("note\ndonor,a,A,b\nx,1,2,3\n", "header-row = '2'", ""),
    ("donor,a,b,c,,\nx,1,2,3,4,5\n", "", ""),
    ("a,a,b\n1,2,3\n", "", "line 1 may be the header, and has `a` more than once"),
    ("1,2,3\n4,5,6\n", "", "no row looks like the header of its columns"),
];

#[test]
fn a_header_over_several_columns_is_said() {
    let book = empty_book("import_repeated_header");
    for (text, options, said) in REPEATED_HEADERS {
        let file = book.with_file_name("table.csv");
        fs::write(&file, text).expect("the directory is writable");
        let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
        let doubts = report(&book, &file, &options).map_or_else(|error| error, |report| report.doubts.join("; "));
        let is_as_expected = if said.is_empty() { doubts.is_empty() } else { doubts.contains(said) };
        assert!(is_as_expected, "{text}: {doubts}");
    }
}
