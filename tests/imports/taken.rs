//! What is taken out of a book: the whole of it as one file or a package, an answer as a workbook, and two versions compared.

use crate::scratch;
use calamine::{Data, Reader, Xlsx, open_workbook};
use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(scratch::program()).current_dir(directory).args(arguments).output().expect("it runs")
}

#[track_caller]
fn done(directory: &Path, arguments: &[&str]) -> String {
    let answer = run(directory, arguments);
    assert!(answer.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).expect("it is text")
}

/// The message of a run that fails with this code.
#[track_caller]
fn refused(directory: &Path, arguments: &[&str], code: i32) -> String {
    let answer = run(directory, arguments);
    let message = String::from_utf8_lossy(&answer.stderr).into_owned();
    assert_eq!(answer.status.code(), Some(code), "{arguments:?}: {message}");
    message
}

/// A book with a table of numbers, ranges, marks, formulas and line feeds.
fn book(name: &str) -> PathBuf {
    let directory = scratch::directory(name);
    let table = "id,Amount (EUR),Share,Country,Amount unit\n\
                 001,0.1,12345678901234.56,NA,x\n002,<=5,0.5,=1+1,y\n003,undisclosed,7,\"a\nb\",z\n004,,1,\u{7}bell _x0041_,\n";
    fs::write(directory.join("t.csv"), table).expect("the directory is writable");
    done(&directory, &["init", "b.db", "--empty"]);
    done(&directory, &["b.db", "import", "t.csv", "--unit", "amount_eur=EUR"]);
    directory
}

fn cells(path: &Path, sheet: &str) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = open_workbook(path).expect("it is a workbook");
    let range = workbook.worksheet_range(sheet).expect("the sheet is there");
    range.rows().map(<[Data]>::to_vec).collect()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("it is a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_workbook_has_numbers_where_all_digits_show_and_texts_elsewhere() {
    let directory = book("taken_workbook");
    let question = "select amount_eur as amount, share, country from t";
    done(&directory, &["-q", "b.db", "-o", "a.xlsx", "-c", question]);
    let rows = cells(&directory.join("a.xlsx"), "result");
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(rows[0][..2], [text("amount"), text("amount_unit")]);
    assert_eq!((&rows[1][0], &rows[1][1], &rows[1][3]), (&Data::Float(0.1), &text("EUR"), &text("S1:1")));
    assert_eq!(rows[1][5], text("12345678901234.56"), "16 digits are more than a spreadsheet shows");
    assert_eq!((&rows[2][0], &rows[2][5], &rows[2][10]), (&text("<=5"), &Data::Float(0.5), &text("=1+1")));
    assert_eq!((&rows[3][0], &rows[3][10]), (&text("unknown(withheld)"), &text("a\nb")));
    assert_eq!(rows[4][0], Data::Empty);
    let notes = cells(&directory.join("a.xlsx"), "notes");
    let has =
        |about: &str, part: &str| notes.iter().any(|row| row[1] == text(about) && row[3].to_string().contains(part));
    assert!(has("statement", question) && has("unknown", "withheld") && has("written by", "pledgebook"), "{notes:?}");
    let once = fs::read(directory.join("a.xlsx")).expect("it is there");
    done(&directory, &["-q", "b.db", "-o", "b.xlsx", "-c", question]);
    assert_eq!(once, fs::read(directory.join("b.xlsx")).expect("it is there"), "the same answer, other bytes");
}

#[test]
fn a_workbook_goes_on_in_a_further_sheet_and_cuts_no_text() {
    let directory = scratch::directory("taken_long_workbook");
    let rows = "select value as n from generate_series(1, 1048577)";
    done(&directory, &["-q", "-o", "a.xlsx", "-c", rows]);
    let (first, second) = (cells(&directory.join("a.xlsx"), "result"), cells(&directory.join("a.xlsx"), "result (2)"));
    assert_eq!((first.len(), second.len()), (1_048_576, 3));
    assert_eq!(second[2], [Data::Float(1_048_577.0)]);
    let message = refused(&directory, &["-o", "b.xlsx", "-c", "select printf('%.32768c', 'x') as x"], 3);
    assert!(message.contains("32767 characters") && !directory.join("b.xlsx").exists(), "{message}");
    refused(&directory, &["-o", "b.xlsx", "-c", "select abs(-9223372036854775808)"], 1);
    assert_eq!(names(&directory), ["a.xlsx"]);
}

#[test]
fn a_package_is_as_its_descriptor_says() {
    let directory = book("taken_package");
    done(&directory, &["-q", "b.db", "export", "p"]);
    let package = directory.join("p");
    let read = |name: &str| fs::read(package.join(name)).expect("it is there");
    let descriptor: Value = serde_json::from_slice(&read("datapackage.json")).expect("it is JSON");
    let mut listed = vec!["README.md".to_owned(), "datapackage.json".to_owned()];
    for resource in descriptor["resources"].as_array().expect("there are resources") {
        let path = resource["path"].as_str().expect("it has a path");
        listed.push(path.to_owned());
        let bytes = read(path);
        let digest: Vec<String> = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(resource["hash"], format!("sha256:{}", digest.concat()), "{path}");
        assert_eq!(resource["bytes"], bytes.len(), "{path}");
        check_table(resource, &bytes);
    }
    listed.sort();
    assert_eq!(names(&package), listed);
    let table = String::from_utf8(read("t.csv")).expect("it is text");
    let header = "record,id,amount_eur,amount_eur_unit,amount_eur_unknown,amount_eur_low,amount_eur_high,amount_eur_form,share,\
                  country,amount_unit\n";
    assert!(table.starts_with(header), "{table}");
    assert!(table.contains("S1:1,001,0.1,EUR,,,,,12345678901234.56,NA,x\n"), "{table}");
    assert!(table.contains("S1:2,002,,EUR,,,5,<=5,0.5,=1+1,y\n"), "{table}");
    assert!(table.contains("S1:3,003,,EUR,withheld,,,,7,\"a\nb\",z\n"), "{table}");
    assert!(table.contains("S1:4,004,,,,,,,1,"), "{table}");
}

/// Compares a file with the schema of its resource: names, types, the key.
fn check_table(resource: &Value, bytes: &[u8]) {
    let mut reader = csv::Reader::from_reader(bytes);
    let fields = resource["schema"]["fields"].as_array().expect("it has fields");
    let named: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
    assert_eq!(reader.headers().expect("it has a header"), named);
    let key = resource["schema"]["primaryKey"][0].as_str();
    let key = key.map(|key| named.iter().position(|name| *name == key).expect("the key is a field"));
    let mut seen = std::collections::BTreeSet::new();
    let mut rows = 0;
    for record in reader.records() {
        let record = record.expect("every row has all fields");
        rows += 1;
        for (field, cell) in fields.iter().zip(&record).filter(|(_, cell)| !cell.is_empty()) {
            match field["type"].as_str() {
                Some("number") => drop(cell.parse::<rust_decimal::Decimal>().expect(cell)),
                Some("integer") => drop(cell.parse::<i64>().expect(cell)),
                kind => assert_eq!(kind, Some("string")),
            }
        }
        assert!(key.is_none_or(|key| seen.insert(record[key].to_owned())), "{record:?}");
    }
    assert_eq!(resource["rows"], rows);
}

#[test]
fn the_bundled_book_is_a_package_whose_keys_hold() {
    let directory = scratch::directory("taken_bundled");
    done(&directory, &["-q", "export", "p"]);
    let text = fs::read(directory.join("p/datapackage.json")).expect("it is there");
    let descriptor: Value = serde_json::from_slice(&text).expect("it is JSON");
    let resources = descriptor["resources"].as_array().expect("there are resources");
    let column = |name: &Value, field: &Value| -> Vec<String> {
        let path = directory.join("p").join(format!("{}.csv", name.as_str().expect("it has a name")));
        let mut reader = csv::Reader::from_path(path).expect("it is there");
        let at = reader.headers().expect("it has a header").iter().position(|known| *field == known);
        let at = at.expect("the column is there");
        reader.records().map(|record| record.expect("it is whole")[at].to_owned()).collect()
    };
    let mut count = 0;
    for resource in resources {
        for reference in resource["schema"]["foreignKeys"].as_array().into_iter().flatten() {
            let keys = column(&reference["reference"]["resource"], &reference["reference"]["fields"][0]);
            let cells = column(&resource["name"], &reference["fields"][0]);
            assert!(cells.iter().all(|cell| cell.is_empty() || keys.contains(cell)), "{reference}");
            count += 1;
        }
        check_table(
            resource,
            &fs::read(directory.join("p").join(resource["path"].as_str().unwrap_or_default())).expect("it is there"),
        );
    }
    assert!(count > 10, "{count} references");
}

#[test]
fn an_export_is_the_book_and_writes_over_nothing_unasked() {
    let directory = book("taken_copy");
    done(&directory, &["-q", "b.db", "export", "c.db"]);
    let ask = ["-q", "--csv", "-c", "select * from t"];
    let asked = |book: &str| done(&directory, &[&[book], &ask[..]].concat());
    assert_eq!(asked("b.db"), asked("c.db"));
    let copy = Connection::open(directory.join("c.db")).expect("it is a database");
    let row: String =
        copy.query_row("select amount_eur from t where id = '001'", [], |row| row.get(0)).expect("it reads");
    assert_eq!(row, "0.1 EUR [S1:1]");
    done(&directory, &["-q", "b.db", "drop", "S1"]);
    done(&directory, &["-q", "b.db", "export", "d.db"]);
    let bytes = fs::read(directory.join("d.db")).expect("it is there");
    assert!(!bytes.windows(4).any(|found| found == b"bell"), "what was taken back went along");
    for (target, code) in [("c.db", 3), ("b.db", 2), ("none/x.db", 3), ("none/x", 3), ("t.csv", 2), ("x.xlsx", 2)] {
        refused(&directory, &["b.db", "export", target], code);
    }
    fs::create_dir(directory.join("mine")).expect("it is writable");
    fs::write(directory.join("mine/diary.txt"), "mine").expect("it is writable");
    refused(&directory, &["b.db", "export", "mine", "--force"], 2);
    done(&directory, &["-q", "b.db", "export", "p"]);
    refused(&directory, &["b.db", "export", "p"], 3);
    done(&directory, &["-q", "b.db", "export", "p", "--force"]);
    refused(&directory, &["--sandbox", "b.db", "export", "s.db"], 6);
    assert_eq!(names(&directory), ["b.db", "c.db", "d.db", "mine", "p", "t.csv"]);
}

#[test]
fn a_difference_is_exact_and_a_revision_gives_its_name_back() {
    let directory = scratch::directory("taken_releases");
    let first = "id,amount,gone\n1,0.1,a\n2,5,a\n3,xx,a\n";
    let second = "id,amount,new\n1,0.3,a\n3,7,a\n4,1,a\n";
    fs::write(directory.join("one.csv"), first).expect("the directory is writable");
    fs::write(directory.join("two.csv"), second).expect("the directory is writable");
    done(&directory, &["init", "b.db", "--empty"]);
    done(&directory, &["b.db", "import", "one.csv", "--as", "t", "--unit", "amount=EUR", "--missing", "amount=xx"]);
    done(&directory, &["b.db", "import", "two.csv", "--revision-of", "s1"]);
    let rows = done(&directory, &["-q", "--csv", "b.db", "diff", "--key", "id"]);
    let expected = "\
change,id,column,old,new,difference,difference_unit,difference_stage,difference_facts,difference_assumptions,old_record,new_record
changed,1,amount,0.1 EUR,0.3 EUR,0.2,EUR,,S1:1 S2:1,,S1:1,S2:1
removed,2,,,,,,,,,S1:2,
changed,3,amount,unknown(not_stated) EUR,7 EUR,unknown(not_stated),EUR,,S1:3 S2:2,,S1:3,S2:2
added,4,,,,,,,,,,S2:3
";
    assert_eq!(rows, expected);
    let count = |view: &str| done(&directory, &["--csv", "b.db", "-c", &format!("select count(*) as n from {view}")]);
    assert_eq!((count("t").as_str(), count("t_v1").as_str()), ("n\n3\n", "n\n3\n"));
    done(&directory, &["b.db", "import", "one.csv", "--revision-of", "S2"]);
    done(&directory, &["b.db", "drop", "S2"]);
    let left = done(&directory, &["--csv", "b.db", "-c", "select id, revises from sources"]);
    assert_eq!(left, "id,revises\nS1,\nS3,S1\n");
    done(&directory, &["b.db", "drop", "S3"]);
    let named = done(&directory, &["--csv", "b.db", "-c", "select source, name from imported_table"]);
    assert_eq!(named, "source,name\nS1,t\n");
    refused(&directory, &["b.db", "-c", "select * from t_v1"], 1);
}
