//! What a table says of its numbers beside them, and no number takes by itself: a scale in a note, in a column or beside the rows of JSON,
//! sums above their parts. Each is taken, or in doubt, and never silent.

use super::workbook::{row, workbook_of};
use super::{empty_book, report};
use pledgebook::import::{ImportOptions, Report};
use std::{fs, thread};

/// The report on a file of this text.
fn read(name: &str, text: impl AsRef<[u8]>) -> Report {
    let test = thread::current().name().unwrap_or_default().replace(':', "_");
    let book = empty_book(&format!("import_{test}"));
    let file = book.with_file_name(name);
    fs::write(&file, text).expect("the directory is writable");
    report(&book, &file, &ImportOptions::default()).expect("it is a table")
}

#[track_caller]
fn doubted(name: &str, text: &str, wanted: &str) {
    let doubts = read(name, text).doubts;
    assert!(doubts.iter().any(|doubt| doubt.contains(wanted)), "{text}\n{doubts:?}");
}

#[track_caller]
fn undoubted(name: &str, text: &str) {
    assert_eq!(read(name, text).doubts, Vec::<String>::new(), "{text}");
}

#[test]
fn a_sentence_below_the_rows_is_a_note() {
    for note in
        ["All figures in £ million,,", "\"Note: 2023 is provisional, and not final.\",,", ",* in thousands of EUR,"]
    {
        let report = read("t.csv", format!("donor,amount,year\nA,5.5,2022\nB,7,2022\nC,8,2023\n{note}\n"));
        assert_eq!((report.rows, report.skipped.below), (3, 1), "{note}");
        let is_doubted = report.doubts.iter().any(|doubt| doubt.starts_with("from line 5 on there are words"));
        assert!(is_doubted || note.contains("Note:"), "{report:?}");
    }
    // A name of several words without numbers is a record, and so are sentences between others.
    for rows in [
        "Trinidad and Tobago,,",
        "All other donors together,,",
        "Acme Trading Co Ltd.,,",
        "Note: the first.,,\nD,4,2023",
    ] {
        let report = read("t.csv", format!("donor,amount,year\nA,5.5,2022\nB,7,2022\nC,8,2023\n{rows}\n"));
        assert_eq!(report.rows, 3 + rows.lines().count() as u64, "{rows}");
    }
}

#[test]
fn a_scale_below_the_rows_is_in_doubt() {
    let below = |note: &str| format!("donor,amount (EUR)\nA,5\nB,7\n\n{note}\nSource: a ministry\n");
    for note in
        ["Note: amounts in thousands", "All amounts are given in millions of euros and rounded", "Beträge in Tsd."]
    {
        doubted("t.csv", &below(note), "line 5 says");
    }
    undoubted("t.csv", &below("Note: thousands of people took part in 2022"));
}

#[test]
fn a_column_that_multiplies_is_in_doubt() {
    let power = "country,unit_mult,obs_value\nDEU,6,5.5\nFRA,6,7\n";
    doubted("t.csv", power, "`unit_mult` may multiply the numbers of `obs_value`");
    doubted("t.csv", &power.replace("unit_mult", "PowerCode Code"), "`power_code_code` may multiply");
    doubted(
        "t.csv",
        "country,scale,value\nDEU,Millions,5\nFRA,Units,7\n",
        "`scale` may multiply the numbers of `value`",
    );
    undoubted("t.csv", &power.replace(",6,", ",0,"));
    undoubted("t.csv", &power.replace("obs_value", "obs_value (EUR million)"));
}

#[test]
fn sums_above_their_parts_are_in_doubt() {
    let table = "region,amount\nEurope,100\nGermany,60\nFrance,40\nAsia,50\nJapan,50\n";
    doubted("t.csv", table, "2 rows of `amount` are each the sum of the rows below");
    doubted("t.csv", &table.replace("60", "65").replace("40", "35"), "2 rows of `amount`");
    undoubted("t.csv", &table.replace("40", "41"));
    undoubted("t.csv", &table.replace("Japan,50", "Japan,49"));
    undoubted("t.csv", "region,amount\na,7\nb,7\nc,90\nd,90\ne,5\nf,5\n");
}

#[test]
fn a_unit_beside_the_rows_of_json_is_that_of_the_numbers() {
    let table = |unit: &str| {
        format!("{{{unit}\"data\": [{{\"donor\": \"A\", \"amount\": 5}}, {{\"donor\": \"B\", \"amount\": 7}}]}}")
    };
    for unit in ["\"unit\": \"EUR million\", ", "\"meta\": {\"about\": {\"unit\": \"EUR million\"}}, "] {
        let report = read("t.json", table(unit));
        let amount = report.columns.iter().find(|column| column.name == "amount").expect("it is there");
        assert_eq!((amount.unit.as_deref(), amount.sum.as_deref()), (Some("EUR"), Some("12000000")), "{unit}");
        assert!(report.remarks.iter().any(|remark| remark.contains("EUR million")), "{report:?}");
        assert_eq!(report.skipped.above, 0);
    }
    doubted("t.json", &table("\"note\": \"values in thousands\", "), "says `note: values in thousands`");
    undoubted("t.json", &table("\"title\": \"Aid by donor\", "));
}

#[test]
fn shares_of_a_workbook_that_may_be_shown_in_percent_are_in_doubt() {
    let sheet = |shares: [&str; 4]| {
        let cells = shares.iter().zip(2..).map(|(share, line)| {
            format!("<row r=\"{line}\"><c r=\"A{line}\"><v>{line}</v></c><c r=\"B{line}\"><v>{share}</v></c></row>")
        });
        let rows = [row(1, &["year", "Growth (%)"]), cells.collect()].concat();
        workbook_of(&[("Data", "visible", &rows)])
    };
    let is_doubted =
        |shares| read("t.xlsx", sheet(shares)).doubts.iter().any(|doubt| doubt.contains("shows 0.05 as 5 %"));
    assert!(is_doubted(["0.05", "0.1", "-0.02", "0.3"]) && is_doubted(["0.05", "0.1", "-0.02", "1.5"]));
    assert!(!is_doubted(["5", "10", "-2", "0.5"]) && !is_doubted(["1", "1", "1", "1"]));
}
