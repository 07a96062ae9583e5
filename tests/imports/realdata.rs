//! Real files of trackers and statistics offices, with the figures that a right import gets from them. They are not part of the project:
//! `PLEDGEBOOK_REALDATA` names the folder with `EXPECTED.tsv` and the files; without it nothing is tried.

use super::{empty_book, report};
use crate::scratch;
use num_bigint::BigInt;
use pledgebook::import::{ColumnReport, ImportOptions, Mode, Report, import};
use pledgebook::store::BookWriter;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The options that a file needs, as the TOML of an import.
const OPTIONS: &[(&str, &str)] = &[
    ("messy/de_btw2021_kerg.csv", "header-row = '3-5'"),
    ("messy/horror_utf-16le_encoded.csv", "decimal = 'point'"),
    ("messy/uk_note4_staff_costs.csv", "decimal = 'point'\nheader-row = '4-5'"),
    ("pledges/economist_losses_estimates.csv", "decimal = 'point'"),
    ("aid/dportal_crs_2019.csv", "decimal = 'point'"),
    // Its currencies are known, and one sum over all of them is what is expected.
    ("aid/fts_flow_api_afg_2020.json", "unit = { originalAmount = 'none' }"),
    ("messy/us_crime_2.xlsx", "header-row = '4-5'"),
    ("messy/abs_ozmarriage.xlsx", "header-row = '5-7'"),
    ("series/uk_cpi.xls", "header-row = '1-8'"),
];

/// Expected figures that are wrong, or count as rows what is none, each with the reason.
const DISPUTED: &[(&str, &str, &str)] = &[
    (
        "kiel/UST_data_2025-01.xlsx",
        "Unit Price in USD",
        "the sum of rounded cells is 0.95 from the sum of the exact ones: 2,130 roundings of less than 0.000001 can't be",
    ),
    (
        "messy/toronto_transit.xlsx",
        "2017",
        "three rows are notes below the table: `* Please note …`, a department, a time",
    ),
];

/// The folder of real files, and their expected figures; `None` where no folder is named.
fn real_data() -> Option<(PathBuf, String)> {
    let folder = PathBuf::from(env::var_os("PLEDGEBOOK_REALDATA")?);
    let expected = fs::read_to_string(folder.join("EXPECTED.tsv")).expect("the expected figures are there");
    Some((folder, expected))
}

#[test]
fn figures_of_real_files_are_right() {
    let Some((folder, expected)) = real_data() else { return };
    let book = empty_book("realdata");
    let mut reports: BTreeMap<String, Result<Report, String>> = BTreeMap::new();
    let (mut right, mut wrong) = (0, Vec::new());
    for line in expected.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (file, sheet) = (fields[0], fields[1]);
        // A figure of a part of the rows is a question for SQL.
        let is_disputed = DISPUTED.iter().any(|(of, column, _)| *of == file && *column == fields[3]);
        if is_disputed || fields[11].starts_with("only ") {
            continue;
        }
        let key = format!("{file}\t{sheet}");
        let found = reports.entry(key).or_insert_with(|| report(&book, &folder.join(file), &options(file, sheet)));
        match found.as_ref().map_err(Clone::clone).and_then(|report| check(report, &fields)) {
            Ok(()) => right += 1,
            Err(why) => wrong.push(format!("{file} {sheet} {}: {why}", fields[3])),
        }
    }
    assert!(wrong.is_empty(), "{right} right, {} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn options(file: &str, sheet: &str) -> ImportOptions {
    let text = OPTIONS.iter().find(|(known, _)| *known == file).map_or("", |(_, text)| text);
    let mut options: ImportOptions = toml::from_str(text).expect("the options are TOML");
    options.name = Some("t".to_owned());
    match sheet {
        "" => {}
        path if path.starts_with('$') => options.path = Some(path.to_owned()),
        sheet => options.sheet = Some(sheet.to_owned()),
    }
    options
}

/// The figures of a part of the rows, by the beginning of their note, each with its condition in SQL.
const PARTS: &[(&str, &str)] = &[
    ("only Type of donation=Allocation", "type_of_donation = 'Allocation' and type_of_aid_general = 'Military'"),
    ("only Countries=United Kingdom", "countries = 'United Kingdom'"),
    ("only Type of donation=Commitment", "type_of_donation = 'Commitment'"),
    ("only Ukraine", "country_name = 'Ukraine'"),
    ("only Year=2016 rows", "year = '2016'"),
];

#[test]
fn figures_of_a_part_of_the_rows_are_right() {
    let Some((folder, expected)) = real_data() else { return };
    for (at, line) in expected.lines().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let Some((_, condition)) = PARTS.iter().find(|(note, _)| fields[11].starts_with(note)) else { continue };
        let path = empty_book(&format!("realdata_part_{at}"));
        let mut book = BookWriter::open(&path).expect("it is a book");
        let options = options(fields[0], fields[1]);
        let report = import(&mut book, &folder.join(fields[0]), &options, Mode::Write, false).expect("it is imported");
        let column = report.columns.iter().find(|column| column.header == fields[3]).expect("it has the column");
        let name = &column.name;
        let sql = format!(
            "select count(*), sum(not q_is_unknown({name})), q_sum(iif(q_is_unknown({name}), null, {name})) as total \
             from t where {condition}"
        );
        let mut program = Command::new(scratch::program());
        let done = program.arg(path).args(["--csv", "--no-header", "-c", &sql]).output().expect("it runs");
        let answer = String::from_utf8_lossy(&done.stdout);
        let cells: Vec<&str> = answer.trim().split(',').collect();
        assert_eq!(cells[..2], [fields[4], fields[6]], "{line}: {answer}");
        let wanted = rounded(&fields).unwrap_or(fields[7]);
        assert!(is_scaled(cells[2], wanted), "{line}: {answer}");
    }
}

/// The sum of the cells of a workbook rounded to 15 significant digits, where the note has it.
fn rounded<'f>(fields: &[&'f str]) -> Option<&'f str> {
    fields[11].split("15 significant digits: ").nth(1).map(|rest| rest.split(';').next().unwrap_or(rest))
}

/// Compares rows, missing, present and the sum of the column with that header, in any unit scaled by a power of ten.
fn check(report: &Report, fields: &[&str]) -> Result<(), String> {
    if fields[3] == "(count)" {
        let rows = report.rows.to_string();
        return if rows == fields[4] { Ok(()) } else { Err(format!("{rows} rows, not {}", fields[4])) };
    }
    let words = |text: &str| text.replace('/', " / ").split_whitespace().collect::<Vec<_>>().join(" ");
    let mut columns =
        report.columns.iter().filter(|column| words(&column.header).starts_with(&words(fields[3]))).peekable();
    if columns.peek().is_none() {
        return Err(format!("no such column among {} of line {:?}", report.columns.len(), report.header_row));
    }
    let reasons: Vec<String> = columns.filter_map(|column| compare(report, column, fields).err()).collect();
    let count = report.columns.iter().filter(|column| words(&column.header).starts_with(&words(fields[3]))).count();
    if reasons.len() < count { Ok(()) } else { Err(reasons.join("; or ")) }
}

fn compare(report: &Report, column: &ColumnReport, fields: &[&str]) -> Result<(), String> {
    let differs = |what: &str, is: &str, wanted: &str| Err(format!("{what} {is}, not {wanted}"));
    if report.rows.to_string() != fields[4] {
        return differs("rows", &report.rows.to_string(), fields[4]);
    }
    if fields[6] == "0" {
        return if column.sum.is_none() { Ok(()) } else { differs("sum", "some", "none") };
    }
    let present = column.present + column.misfits.len() as u64;
    if column.present.to_string() != fields[6] && present.to_string() != fields[6] {
        return differs("numbers", &column.present.to_string(), fields[6]);
    }
    let sums: Vec<&str> = column.sum.iter().chain(column.sums.values()).map(String::as_str).collect();
    let wanted: Vec<&str> = [fields[7]].into_iter().chain(rounded(fields)).collect();
    if sums.iter().any(|sum| wanted.iter().any(|wanted| is_scaled(sum, wanted))) {
        return Ok(());
    }
    differs("sum", &sums.join(" "), fields[7])
}

/// True if two decimals are equal, or the first is the second times a thousand, a million or a billion.
fn is_scaled(sum: &str, wanted: &str) -> bool {
    let parts = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits: BigInt = format!("{whole}{fraction}").parse().expect("they are digits");
        (digits, u32::try_from(fraction.len()).expect("it is short"))
    };
    let ((sum, sum_places), (wanted, wanted_places)) = (parts(sum), parts(wanted));
    let ten = BigInt::from(10);
    let (sum, wanted) = (sum * ten.pow(wanted_places), wanted * ten.pow(sum_places));
    [0, 3, 6, 9].into_iter().any(|zeros| sum == &wanted * ten.pow(zeros))
}
