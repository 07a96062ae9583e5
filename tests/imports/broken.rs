//! Files that are no table, or a table that is broken: each gets an error that names the file, the line and what to do, and leaves the
//! book as it was.

use super::workbook::{ods, ods_row, row, workbook, zip_archive};
use crate::scratch;
use crate::scratch::long;
use crate::scratch::random::Random;
use rusqlite::Connection;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Broken workbooks of the long run; the normal one makes a tenth.
const BROKEN_WORKBOOKS: usize = 400;

/// A directory with an empty book in it.
fn directory(name: &str) -> PathBuf {
    let directory = scratch::directory(name);
    let made = ask(&directory, &["init", "book.db", "--empty"]);
    assert!(made.status.success(), "{made:?}");
    directory
}

/// Runs the program to its end, which has to come: `timeout` says 124 where it does not.
fn ask(directory: &Path, arguments: &[&str]) -> Output {
    let mut command: Command = scratch::command("timeout", directory);
    command.args(["--signal", "KILL", "100", scratch::program()]).args(arguments).output().expect("it runs")
}

fn import(directory: &Path, file: &str, options: &[&str]) -> (Option<i32>, String) {
    let mut arguments = vec!["book.db", "import", file];
    arguments.extend(options);
    let answer = ask(directory, &arguments);
    (answer.status.code(), String::from_utf8_lossy(&answer.stderr).into_owned())
}

/// The number of sources, imports and tables of imports in the book.
fn imports(directory: &Path) -> i64 {
    let book = Connection::open(directory.join("book.db")).expect("the book opens");
    let sql = "select (select count(*) from source) + (select count(*) from imported_table) \
               + (select count(*) from sqlite_schema where name glob '*_S[0-9]*')";
    book.query_row(sql, [], |row| row.get(0)).expect("it can be read")
}

/// Two columns and two rows of a sheet.
fn rows() -> String {
    [row(1, &["who", "n"]), row(2, &["a", "5"]), row(3, &["b", "7"])].concat()
}

/// An older Office file that holds one stream of this name, and nothing in it.
fn older_office_file(stream: &str) -> Vec<u8> {
    const NONE: u32 = 0xffff_ffff;
    const END: u32 = 0xffff_fffe;
    let mut file = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    file.extend([0; 16]);
    for half in [0x3e_u16, 3, 0xfffe, 9, 6, 0, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    for word in [0, 1, 1, 0, 4096, END, 0, END, 0, 0] {
        file.extend(u32::to_le_bytes(word));
    }
    file.resize(512, 0xff);
    let mut sectors = vec![0xffff_fffd, END];
    sectors.resize(128, NONE);
    file.extend(sectors.into_iter().flat_map(u32::to_le_bytes));
    for (name, kind, child) in [("Root Entry", 5, 1), (stream, 2, NONE), ("", 0, NONE), ("", 0, NONE)] {
        let start = file.len();
        file.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        file.resize(start + 64, 0);
        let length = if name.is_empty() { 0 } else { name.len() * 2 + 2 };
        file.extend(u16::try_from(length).expect("it is short").to_le_bytes());
        file.extend([kind, 1]);
        file.extend([NONE, NONE, child].into_iter().flat_map(u32::to_le_bytes));
        file.resize(start + 116, 0);
        file.extend(END.to_le_bytes());
        file.resize(start + 128, 0);
    }
    file
}

/// A file's name, its bytes, the options of its import, and the exit code and words of the error.
type Broken = (&'static str, Vec<u8>, &'static [&'static str], i32, &'static [&'static str]);

fn texts() -> Vec<Broken> {
    let rows = |count: u32| (0..count).map(|row| format!("donor {row},{row},EUR\n")).collect::<Vec<_>>().concat();
    let cut = format!("who,n,unit\n{}Denmark,1", rows(40));
    let days: Vec<String> = (1..31).map(|day| format!("2025-01-{day:02},1,2,3,4,5,6,7,8,9\n")).collect();
    let days = days.concat();
    let cut_early = format!("day,a,b,c,d,e,f,g,h,i\n{days}2025-01-31,1");
    let swallowed = format!("who,n,unit\n{}\"open,5,EUR\n{}\"shut, up\",7,EUR\n", rows(3), rows(3));
    vec![
        ("empty.csv", b"".to_vec(), &[], 3, &["`empty.csv`", "it has no rows"]),
        ("blank.csv", b"\n \n,,\n".to_vec(), &[], 3, &["it has no rows"]),
        ("page.csv", b"\n<!DOCTYPE html><html>log in</html>".to_vec(), &[], 3, &["page of HTML", "page.csv:1"]),
        ("denied.csv", b"<?xml version=\"1.0\"?><Error/>".to_vec(), &[], 3, &["it is XML"]),
        ("paper.csv", b"%PDF-1.7\n".to_vec(), &[], 3, &["PDF"]),
        ("packed.csv", b"\x1f\x8b\x08\0\0\0".to_vec(), &[], 3, &["gzip", "gunzip"]),
        ("base.csv", b"SQLite format 3\0".to_vec(), &[], 3, &["SQLite database"]),
        ("pointer.csv", b"version https://git-lfs.github.com/spec/v1\n".to_vec(), &[], 3, &["Git LFS"]),
        ("nul.csv", b"a,b\nx,1\ny,\0\n".to_vec(), &[], 3, &["bytes that are zero", "nul.csv:3"]),
        ("nul_too.csv", b"a,b\nx,1\ny,\0\n".to_vec(), &["--encoding", "utf-8"], 3, &["bytes that are zero"]),
        ("quote.csv", b"a,b\nx,1\ny,\"2\n".to_vec(), &[], 3, &["never closed", "quote.csv:3", "--quote none"]),
        ("lone.csv", b"a,b\nx,1\n\"".to_vec(), &[], 3, &["never closed", "lone.csv:3"]),
        ("swallowed.csv", swallowed.into_bytes(), &[], 3, &["over several lines", "swallowed.csv:5", "--quote none"]),
        (
            "moved.csv",
            b"who,n\n\"a \"b\", c\",5\n\"d\",6\n".to_vec(),
            &[],
            3,
            &["behind a closing quote", "moved.csv:2", "--quote none"],
        ),
        ("cut.csv", cut.into_bytes(), &[], 3, &["cut short", "cut.csv:42", "--ragged"]),
        ("cut_early.csv", cut_early.into_bytes(), &[], 3, &["cut short", "cut_early.csv:32", "--ragged"]),
        ("cut_number.csv", b"who,n\na,1250\nd,12".to_vec(), &["--strict"], 5, &["`12` in `n`", "--lines 1-3"]),
        ("cut_letter.csv", "who,n\nZoë,5\nZo\u{eb}".as_bytes()[..16].to_vec(), &[], 3, &["within a character"]),
        ("bad_utf8.csv", b"\xef\xbb\xbfa,b\nx,1\n\xff,2\n".to_vec(), &[], 3, &["no text in UTF-8", "bad_utf8.csv:3"]),
        ("half.csv", b"\xff\xfea\0,\0b\0\n\0x\0,\x001\0\n\0y".to_vec(), &[], 3, &["no text in UTF-16LE", "--encoding"]),
        ("undefined.csv", b"a,b\nx,1\n\x81\xff,2\n".to_vec(), &[], 3, &["neither UTF-8", "undefined.csv:3"]),
        ("wide.csv", format!("{}\n", "x,".repeat(1_000_000)).into_bytes(), &[], 3, &["1000001 cells", "--separator"]),
        ("two_ways.csv", b"n,m\n\"1,846\",1\n5,2\n".to_vec(), &[], 2, &["two ways", "two_ways.csv:2", "--decimal"]),
        ("no_header.csv", b"1,2\n3,4\n".to_vec(), &[], 2, &["--header-row"]),
        ("bad_code.csv", b"a,b\n1,2\n".to_vec(), &["--encoding", "klingon"], 2, &["`klingon` is no encoding"]),
        ("bad_quote.csv", b"a,b\n1,2\n".to_vec(), &["--quote", "''"], 2, &["can't quote cells"]),
    ]
}

fn jsons() -> Vec<Broken> {
    vec![
        ("cut.json", b"[{\"a\": 1}, {\"a\":".to_vec(), &[], 3, &["ends within its JSON", "download complete"]),
        (
            "cut.jsonl",
            b"{\"a\": 1}\n{\"a\": 2}\n{\"a\": \"3".to_vec(),
            &[],
            3,
            &["ends within its JSON", "cut.jsonl:3"],
        ),
        ("deep.json", "[".repeat(100_000).into_bytes(), &[], 3, &["it is no JSON"]),
        (
            "twice.json",
            b"[{\"a\": 1},\n{\"a\": 2,\n\"a\": 3}]".to_vec(),
            &[],
            3,
            &["an object has the key `a` twice", "twice.json:3"],
        ),
        (
            "twice.jsonl",
            b"{\"a\": 1}\n{\"b\": {\"c\": 2, \"\\u0063\": 3}}\n".to_vec(),
            &[],
            3,
            &["an object has the key `c` twice", "twice.jsonl:2"],
        ),
        (
            "within.json",
            b"[{\"a.b\": 1, \"c\": 2}, {\"a.b\": 1, \"a\": {\"b\": 2}}]".to_vec(),
            &[],
            3,
            &["line 1 has two values for `a.b`"],
        ),
        ("scalar.json", b"[1, 2, 3]".to_vec(), &[], 3, &["no array of objects"]),
        ("wide.json", wide_json(), &[], 3, &["3000 different names"]),
    ]
}

/// Rows that have no name in common: padded, they would be nine million cells.
fn wide_json() -> Vec<u8> {
    let rows: Vec<String> = (0..3_000).map(|row| format!("{{\"k{row}\": {row}}}")).collect();
    format!("[{}]", rows.join(",")).into_bytes()
}

/// A sheet of a hundred million cells in one row.
const REPEATED: &str = "<d><table-row table:number-rows-repeated=\"1000000\"><table-cell table:number-columns-repeated=\"100\">\
                        <p>x</p></table-cell></table-row></d>";

fn workbooks() -> Vec<Broken> {
    let whole = workbook(&rows());
    let start = rows();
    let far = format!("{start}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    let swapped = format!("{start}<row r=\"2\"><c r=\"A2\"><v>9</v></c></row>");
    let bomb = format!("{start}{}", " ".repeat(100 << 20));
    let mut lying = workbook(&bomb);
    state_sizes(&mut lying, "", 100);
    let table = "xl/sharedStrings.xml";
    // By its stated size the table may have so many strings, for which the reader takes gigabytes.
    let mut swollen = with_part(table, b"<sst uniqueCount=\"140000000\"><si/></sst>");
    state_sizes(&mut swollen, table, 700 << 20);
    let text = "x".repeat(17 << 20);
    let long = format!("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>");
    let strings = format!("<sst uniqueCount=\"1\"><si><t>{text}</t></si></sst>");
    let texts: String = (1..=40).map(|number| row(number, &["x".repeat(1 << 20).as_str()])).collect();
    vec![
        ("cut.xlsx", whole[..whole.len() / 2].to_vec(), &[], 3, &["no whole workbook", "download complete"]),
        ("magic.xlsx", b"PK\x03\x04".to_vec(), &[], 3, &["no whole workbook"]),
        ("archive.csv", zip_archive(&[("t.csv", b"a,b\n1,2\n")]), &[], 3, &["zip archive", "`t.csv`", "unzip"]),
        ("far.xlsx", workbook(&far), &[], 3, &["column 16384", "far.xlsx:1048576"]),
        ("swapped.xlsx", workbook(&swapped), &[], 3, &["not in the order", "swapped.xlsx:2"]),
        ("bomb.xlsx", workbook(&bomb), &["--limit-memory", "64"], 4, &["unpacks to 100 MiB", "--limit-memory"]),
        ("lying.xlsx", lying, &["--limit-memory", "64"], 3, &["no workbook that can be read"]),
        ("long.xlsx", workbook(&long), &[], 4, &["`long.xlsx`", "a text in `xl/worksheets/sheet1.xml`", "16 MiB"]),
        (
            "shared.xlsx",
            with_part(table, strings.as_bytes()),
            &[],
            4,
            &["`shared.xlsx`", "a text in `xl/sharedStrings.xml`", "16 MiB"],
        ),
        (
            "texts.xlsx",
            workbook(&texts),
            &["--limit-memory", "64"],
            4,
            &["`texts.xlsx`", "texts of its cells", "64 MiB"],
        ),
        ("strings.xlsx", with_part(table, STRINGS), &[], 3, &["table of strings"]),
        ("swollen.xlsx", swollen, &[], 3, &["table of strings", "140000000"]),
        ("hidden.xlsx", among_pictures(&with_part(table, STRINGS)), &[], 3, &["table of strings"]),
        ("locked.xlsx", older_office_file("EncryptedPackage"), &[], 3, &["under a password"]),
        ("letter.xls", older_office_file("WordDocument"), &[], 3, &["no workbook that can be read"]),
        ("empty.xlsx", workbook(""), &[], 3, &["it has no rows"]),
        ("elsewhere.xlsx", whole, &["--sheet", "Dato"], 2, &["no sheet `Dato`", "`Data`"]),
    ]
}

fn documents() -> Vec<Broken> {
    let content = format!("<document-content><p>{}</p></document-content>", "x".repeat(17 << 20));
    let long =
        [("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..]), ("content.xml", content.as_bytes())];
    let header = ods_row("", &["who", "n"]);
    let rows = ods_row(" table:number-rows-repeated=\"1000000000\"", &["a", "5"]);
    let blank = ods_row(" table:number-rows-repeated=\"1048576\"", &["<table:table-cell/>"]);
    let below = [&*header, &blank, &ods_row("", &["b", "7"])].concat();
    vec![
        ("long.ods", zip_archive(&long), &[], 4, &["`long.ods`", "a text in `content.xml`", "16 MiB"]),
        (
            "repeated.ods",
            zip_archive(&[("content.xml", REPEATED.as_bytes())]),
            &[],
            4,
            &["`repeated.ods`", "repeated cells"],
        ),
        (
            "rows.ods",
            ods(&[header, rows].concat()),
            &[],
            3,
            &["rows.ods:2", "1000000000 times", "beyond the 1048576 rows", "sheet 1"],
        ),
        ("below.ods", ods(&below), &[], 3, &["below.ods:1048578", "beyond the 1048576 rows"]),
    ]
}

/// A table that says it has more strings than any file.
const STRINGS: &[u8] = b"<sst uniqueCount=\"99999999999\"><si/></sst>";

/// The parts of an archive, unpacked.
fn parts(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("it is an archive");
    let names: Vec<String> = archive.file_names().map(|name| name.expect("it is UTF-8").into_owned()).collect();
    let mut parts = Vec::new();
    for name in names {
        let mut bytes = Vec::new();
        let mut part = archive.by_name(&name).expect("it is there");
        std::io::Read::read_to_end(&mut part, &mut bytes).expect("it can be unpacked");
        parts.push((name.clone(), bytes));
    }
    parts
}

fn archive_of(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    zip_archive(&parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

/// A workbook that has this part as well.
fn with_part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut parts = parts(&workbook(&rows()));
    parts.push((name.to_owned(), bytes.to_vec()));
    archive_of(&parts)
}

/// A workbook that says its own folder is that of its pictures.
fn among_pictures(workbook: &[u8]) -> Vec<u8> {
    let mut parts = parts(workbook);
    for (name, bytes) in &mut parts {
        if name == "_rels/.rels" {
            let text = String::from_utf8(bytes.clone()).expect("it is UTF-8");
            *bytes = text.replace("xl/", "xl/media/").into_bytes();
        }
        *name = name.replace("xl/", "xl/media/");
    }
    archive_of(&parts)
}

/// States another size for the parts of an archive whose names begin so.
fn state_sizes(archive: &mut [u8], names: &str, size: u32) {
    for (mark, at, name) in [(b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)] {
        let is_meant = |start: &usize| {
            archive[*start..].starts_with(mark) && archive[start + name..].starts_with(names.as_bytes())
        };
        let starts: Vec<usize> = (0..archive.len() - name).filter(is_meant).collect();
        for start in starts {
            archive[start + at..start + at + 4].copy_from_slice(&size.to_le_bytes());
        }
    }
}

#[test]
fn pictures_in_a_workbook_are_not_read() {
    let directory = directory("import_pictures");
    let picture = format!("<svg><text>{}</text></svg>", "x".repeat(17 << 20));
    let bytes = with_part("xl/media/image1.svg", picture.as_bytes());
    fs::write(directory.join("drawn.xlsx"), bytes).expect("the directory is writable");
    let (code, message) = import(&directory, "drawn.xlsx", &[]);
    assert_eq!(code, Some(0), "{message}");
    fs::write(directory.join("whole.xlsx"), among_pictures(&workbook(&rows()))).expect("the directory is writable");
    let (code, message) = import(&directory, "whole.xlsx", &[]);
    assert_eq!(code, Some(0), "{message}");
}

#[test]
fn each_kind_of_broken_file_has_its_error_and_leaves_the_book() {
    let directory = directory("import_broken");
    let mut wrong = Vec::new();
    for (name, bytes, options, code, words) in texts().into_iter().chain(jsons()).chain(workbooks()).chain(documents())
    {
        fs::write(directory.join(name), bytes).expect("the directory is writable");
        let (found, message) = import(&directory, name, options);
        let missing: Vec<&&str> = words.iter().filter(|word| !message.contains(**word)).collect();
        if found != Some(code) || !missing.is_empty() || !message.contains("= help:") && code != 2 {
            wrong.push(format!("{name}: {found:?}, without {missing:?}: {message}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(imports(&directory), 0);
}

/// A file of zeros ends at its first bytes: a sparse one of any length may be there in no time.
#[test]
fn zeros_are_not_read_to_their_end() {
    let directory = directory("import_zeros");
    for (name, start, options) in [
        ("zeros.csv", "", &[][..]),
        ("cut.csv", "a,b\n1,2\n", &[]),
        ("said.csv", "a,b\n1,2\n", &["--encoding", "windows-1252"]),
        ("marked.csv", "\u{feff}a,b\n1,2\n", &[]),
    ] {
        let file = fs::File::create(directory.join(name)).expect("the directory is writable");
        (&file).write_all(start.as_bytes()).expect("the directory is writable");
        // Read whole, it would take hours.
        file.set_len(1 << 40).expect("it has holes");
        let (code, message) = import(&directory, name, options);
        let line = if start.is_empty() { 1 } else { 3 };
        let is_said = message.contains("bytes that are zero") && message.contains(&format!("{name}:{line}"));
        assert!(code == Some(3) && is_said, "{name}: {code:?} {message}");
    }
}

#[test]
fn an_option_accepts_what_can_be_meant_so() {
    let directory = directory("import_accepted");
    for (name, bytes, options, row) in [
        ("inch", &b"who,n\n\"5 in,1\nx,2\n"[..], &["--quote", "none"][..], "\"\"\"5 in\",1"),
        ("single", b"who,n\n'5, in',1\nx,2\n", &["--quote", "'"], "\"5, in\",1"),
        ("short", b"who,n,unit\na,1,x\nb,2,y\nc,3", &["--ragged"], "a,1"),
        ("cp", b"\xef\xbb\xbfwho,n\n\xe9,1\nb,2\n", &["--encoding", "windows-1252", "--header-row", "1"], "é,1"),
    ] {
        let file = format!("{name}.csv");
        fs::write(directory.join(&file), bytes).expect("the directory is writable");
        let (code, message) = import(&directory, &file, options);
        assert_eq!(code, Some(0), "{name}: {message}");
        let column = if name == "cp" { "*" } else { "who, n" };
        let asked = ask(&directory, &["book.db", "--csv", "-c", &format!("select {column} from {name} limit 1")]);
        let answer = String::from_utf8_lossy(&asked.stdout).into_owned();
        assert!(answer.contains(row), "{name}: {answer}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let directory = directory("import_no_file");
    fs::create_dir(directory.join("folder.csv")).expect("the directory is writable");
    let made = scratch::command("mkfifo", &directory).arg("pipe.csv").status().expect("it runs");
    assert!(made.success());
    for (file, wanted, words) in [
        ("folder.csv", 2, "no files of facts"),
        ("pipe.csv", 3, "a pipe or a device"),
        ("/dev/zero", 3, "a pipe or a device"),
    ] {
        let (code, message) = import(&directory, file, &[]);
        assert!(code == Some(wanted) && message.contains(words), "{file}: {code:?} {message}");
    }
    assert_eq!(imports(&directory), 0);
}

#[test]
fn escape_sequences_of_a_file_reach_no_terminal() {
    let directory = directory("import_escapes");
    let name = "\u{1b}[2Jname.csv";
    let cells = "\u{1b}[31mwho\u{7},n\u{9b}31m,day\n\u{1b}]0;title\u{7},5,\u{1b}c\n\u{202e}x,\u{1b}[1m,y\n";
    fs::write(directory.join(name), cells).expect("the directory is writable");
    fs::write(directory.join("bad.csv"), "a,b\n\u{1b}[2J,\"\u{1b}c\n").expect("the directory is writable");
    for (file, options) in [(name, &["--as", "t"][..]), (name, &["--as", "u", "--json"]), ("bad.csv", &[])] {
        let mut arguments = vec!["book.db", "import", file];
        arguments.extend(options);
        let answer = ask(&directory, &arguments);
        let raw = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']);
        let is_json = options.contains(&"--json");
        assert!((is_json || !raw(&answer.stdout)) && !raw(&answer.stderr), "{file:?}: {answer:?}");
    }
}

/// Bytes of a workbook at random places are others: an error or a table, and nothing else.
#[test]
fn a_workbook_with_bytes_that_are_others_is_refused_or_read() {
    let directory = directory("import_mutated");
    let mut random = Random::new(11);
    let count = if long::is_asked() { BROKEN_WORKBOOKS } else { BROKEN_WORKBOOKS / 10 };
    let whole = workbook(&rows());
    for number in 0..count {
        let mut bytes = whole.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            bytes[at] = u8::try_from(random.below(256)).expect("it is a byte");
        }
        fs::write(directory.join("t.xlsx"), &bytes).expect("the directory is writable");
        let (code, message) = import(&directory, "t.xlsx", &["--dry-run"]);
        assert!(matches!(code, Some(0 | 2 | 3 | 4)), "{number}: {code:?} {message}");
    }
    assert_eq!(imports(&directory), 0);
}
