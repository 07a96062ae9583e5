//! Columns of dates, quarters, months and times in several spellings: each is read where it shows itself what it is, and none is guessed.

use super::{ask, empty_book, report, run};
use crate::scratch;
use chrono::{Days, NaiveDate};
use pledgebook::import::{ImportOptions, Mode, Report, import};
use pledgebook::store::BookWriter;
use proptest::prelude::*;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// A file of one column beside a number.
fn text_of(column: &str, cells: &[&str]) -> String {
    let rows: Vec<String> = cells.iter().enumerate().map(|(at, cell)| format!("\"{cell}\",{at}\n")).collect();
    format!("{column},n\n{}", rows.concat())
}

/// Imports a file of one column, and returns its report and the column as it is stored, each with what is written where that is kept.
fn stored(name: &str, cells: &[&str], options: &str) -> Result<(Report, Vec<String>), String> {
    let path = empty_book(name);
    let file = path.with_file_name("t.csv");
    fs::write(&file, text_of("d", cells)).expect("the directory is writable");
    let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    let mut book = BookWriter::open(&path).expect("it is a book");
    let report = import(&mut book, &file, &options, Mode::Write, false).map_err(|error| error.to_string())?;
    Ok((report, column(&path)))
}

fn column(book: &Path) -> Vec<String> {
    let book = Connection::open(book).expect("the book opens");
    let mut statement = book.prepare("select coalesce(d, 'NULL') from t_S1 order by record").expect("it is SQL");
    let rows = statement.query_map([], |row| row.get(0)).expect("it runs");
    rows.collect::<rusqlite::Result<_>>().expect("it can be read")
}

#[test]
fn dates_in_several_spellings_are_read() {
    let cells = ["3 Mar 2024", "2024-03-05", "13/04/2024", "12 April 2024", "n/a", "2024-04-30"];
    let (report, dates) = stored("dates_spelled", &cells, "").expect("it is imported");
    assert_eq!(dates, ["2024-03-03", "2024-03-05", "2024-04-13", "2024-04-12", "NULL", "2024-04-30"]);
    assert_eq!(report.doubts, [""; 0]);
    assert_eq!(
        report.remarks,
        [
            "`d` has dates in 4 spellings: 1 as `3 Mar 2024`, 2 in ISO 8601, 1 as `13/04/2024`, 1 as `12 April 2024`; `d_written` of `t_S1` keeps \
          what is written"
        ]
    );
    let spellings = &report.columns[0].spellings;
    let counted: Vec<(&str, u64)> = spellings.iter().map(|spelling| (&*spelling.format, spelling.cells)).collect();
    assert_eq!(counted, [("%d %b %Y", 1), ("ISO 8601", 2), ("%d/%m/%Y", 1), ("%d %B %Y", 1)]);
}

#[test]
fn what_leaves_the_month_open_is_never_guessed() {
    for (at, (cells, doubt)) in [
        (
            &["3 Mar 2024", "03/04/2024", "2024-01-02"][..],
            "nothing says which part of `03/04/2024` on line 3 is the month",
        ),
        // A day beyond the twelfth says nothing of another separator, nor of a year of two digits.
        (&["13/04/2024", "03-04-2024", "3 Mar 2024"], "nothing says which part of `03-04-2024` on line 3 is the month"),
        (&["13/04/2024", "03/04/24", "3 Mar 2024"], "nothing says which part of `03/04/24` on line 3 is the month"),
        (&["13/04/2024", "04/13/2024", "3 Mar 2024"], "in several formats, of which not each shows its month"),
        (&["13/04/24", "3 Mar 2024"], "`--date d=%d/%m/%y` reads those of one"),
        (
            &["2024-03-05", "3 Mar 2024", "4th March 2024"],
            "as `4th March 2024` on line 4; `--date d=%d %B %Y` makes those NULL",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let (report, dates) = stored(&format!("dates_open_{at}"), cells, "").expect("it is imported");
        assert_eq!((report.columns[0].kind, &*dates.join("|")), ("text", &*cells.join("|")));
        assert!(report.doubts.iter().any(|said| said.contains(doubt)), "{:?}", report.doubts);
    }
}

#[test]
fn a_given_format_leaves_the_other_spellings_as_they_are_read() {
    let cells = ["3 Mar 2024", "2024-03-05", "03/04/2024", "12 April 2024", "04/30/2024"];
    let (report, dates) = stored("dates_given", &cells, "date = { d = '%d/%m/%Y' }").expect("it is imported");
    assert_eq!(dates, ["2024-03-03", "2024-03-05", "2024-04-03", "2024-04-12", "NULL"]);
    assert_eq!(
        report.doubts,
        ["`d`: 1 cell fits no date and is NULL, `04/30/2024` on line 6; `d_written` of `t_S1` keeps what is written"]
    );
    let both = "date = { d = ['%d/%m/%Y', '%m/%d/%Y'] }";
    let (report, dates) = stored("dates_given_both", &cells, both).expect("it is imported");
    assert_eq!(dates[2..], ["2024-04-03", "2024-04-12", "2024-04-30"]);
    assert_eq!(report.doubts, [""; 0]);
    assert_eq!(report.options.lines(), ["date.d = [\"%d/%m/%Y\", \"%m/%d/%Y\"]"]);
}

#[test]
fn a_format_may_be_given_twice_and_what_is_written_is_found() {
    let directory = scratch::directory("dates_command");
    fs::write(directory.join("duk.csv"), text_of("date", &["03/04/2024", "04/30/2024", "3 Mar 2024"]))
        .expect("it is written");
    let select = "select date from duk order by date";
    let both = ["duk.csv", "--csv", "--date", "date=%d/%m/%Y", "--date", "date=%m/%d/%Y", "-c", select];
    assert_eq!(ask(&directory, &both), "date\n2024-03-03\n2024-04-03\n2024-04-30\n");
    let (code, said) = run(&directory, &["duk.csv", "--date", "date=%d/%m/%Y", "-c", "select date_written from duk"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("`duk_S1`, the plain table behind `duk`, has it: `select record, date_written from duk_S1`"),
        "{said}"
    );
    let plain = [
        "duk.csv",
        "--csv",
        "--date",
        "date=%d/%m/%Y",
        "-c",
        "select record, date_written from duk_S1 where record = 2",
    ];
    assert!(ask(&directory, &plain).contains("2,04/30/2024"));
}

#[test]
fn quarters_sort_by_time_however_they_are_spelled() {
    let cells = ["Q3 2023", "2024 Q1", "2023Q4", "Q1/2023", ""];
    let (report, quarters) = stored("dates_quarters", &cells, "").expect("it is imported");
    assert_eq!(quarters, ["2023-Q3", "2024-Q1", "2023-Q4", "2023-Q1", "NULL"]);
    let column = &report.columns[0];
    assert_eq!(
        (column.kind, column.min.as_deref(), column.max.as_deref()),
        ("quarter", Some("2023-Q1"), Some("2024-Q1"))
    );
    assert_eq!(
        report.remarks,
        [
            "`d` holds quarters, which are stored as `2023-Q3`, one written `Q3 2023` too; `d_written` of `t_S1` keeps what is written"
        ]
    );
    let (report, _) = stored("dates_half_years", &["Q3 2023", "H1 2024"], "").expect("it is imported");
    assert_eq!(report.columns[0].kind, "text");
}

#[test]
fn months_of_years_sort_by_time_and_months_alone_are_doubted() {
    let (report, months) =
        stored("dates_months", &["Mar 2024", "2024-02", "January 2024"], "").expect("it is imported");
    assert_eq!((report.columns[0].kind, &*months.join("|")), ("date", "2024-03|2024-02|2024-01"));
    let (report, months) = stored("dates_iso_months", &["2024-03", "2024-02"], "").expect("it is imported");
    assert_eq!((report.columns[0].kind, &*months.join("|")), ("text", "2024-03|2024-02"));
    let (report, _) = stored("dates_month_names", &["Jan", "Feb", "Mar"], "").expect("it is imported");
    assert_eq!(
        report.doubts,
        [
            "`d` stays text and sorts by its letters: `Jan` names no year; a column as `2023-03`, or with the number of the month, sorts by time"
        ]
    );
}

#[test]
fn times_in_several_spellings_are_given_one_and_those_of_several_offsets_none() {
    let cells = ["2024-03-05T10:00:00Z", "2024-04-06 11:30", "2024-04-06T09:15:00Z"];
    let (report, times) = stored("dates_times", &cells, "").expect("it is imported");
    assert_eq!(times, ["2024-03-05 10:00:00", "2024-04-06 11:30:00", "2024-04-06 09:15:00"]);
    assert_eq!(
        report.doubts,
        ["`d`: 2 of its times are in UTC and 1 say no offset: all are taken as the clock has them"]
    );
    let (report, times) = stored("dates_times_alike", &["2024-03-05T10:00", "2024-03-06"], "").expect("it is imported");
    assert_eq!((times.join("|").as_str(), report.doubts.len()), ("2024-03-05T10:00|2024-03-06", 0));
    let offsets = ["2024-03-05T10:00:00Z", "2024-03-05T11:00:00+02:00"];
    let (report, times) = stored("dates_offsets", &offsets, "").expect("it is imported");
    assert_eq!((report.columns[0].kind, &*times.join("|")), ("text", &*offsets.join("|")));
    assert_eq!(
        report.doubts,
        [
            "`d` is text: its times are not all in one offset: UTC first on line 2, `+02:00` first on line 3; as text they do not compare by \
          time, and `datetime(d)` is each in UTC"
        ]
    );
    let (report, times) =
        stored("dates_read_times", &["13/04/2024 12:30", "2024-03-05 10:00"], "").expect("it is imported");
    assert_eq!((times.join("|").as_str(), report.doubts.len()), ("2024-04-13 12:30:00|2024-03-05 10:00:00", 0));
}

/// The spellings that show themselves which part is the month.
const CERTAIN: [&str; 8] =
    ["%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%b-%Y"];

/// The spellings whose order other cells have to show.
const OPEN: [&str; 4] = ["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Dates in any spellings are read back equal, those of one order where a day beyond the twelfth shows it.
    #[test]
    fn dates_are_read_back_and_none_is_guessed(
        cells in proptest::collection::vec((0_u64..20_000, 0_usize..CERTAIN.len()), 1..30),
        of_order in proptest::collection::vec(0_u64..20_000, 0..10),
        order in 0_usize..OPEN.len(),
    ) {
        let day = |days: u64| NaiveDate::from_ymd_opt(1980, 1, 1).and_then(|first| first.checked_add_days(Days::new(days))).expect("it is a day");
        let written = cells.iter().map(|(days, format)| (day(*days), CERTAIN[*format]));
        let written: Vec<(NaiveDate, &str)> = written.chain(of_order.iter().map(|days| (day(*days), OPEN[order]))).collect();
        let texts: Vec<String> = written.iter().map(|(day, format)| day.format(format).to_string()).collect();
        let days: Vec<String> = written.iter().map(|(day, _)| day.to_string()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let shows = |day: &u32| *day > 12;
        let is_shown = written[cells.len()..].iter().any(|(day, _)| shows(&chrono::Datelike::day(day)));
        let is_open = written[cells.len()..].iter().any(|(day, _)| chrono::Datelike::day(day) != chrono::Datelike::month(day));
        let found = stored("dates_law", &texts, "");
        if is_shown || !is_open {
            let (report, dates) = found.expect("it is imported");
            prop_assert_eq!(report.columns[0].kind, "date");
            prop_assert_eq!(&dates, &days);
        } else if let Ok((report, dates)) = found {
            prop_assert_eq!(report.columns[0].kind, "text");
            prop_assert_eq!(&dates, &texts);
        }
        let given = format!("date = {{ d = '{}' }}", OPEN[order]);
        let (_, dates) = stored("dates_law_given", &texts, &given).expect("it is imported");
        prop_assert_eq!(dates, days);
    }
}

#[test]
fn dates_in_iso_8601_are_stored_as_they_were() {
    let book = empty_book("dates_iso");
    let file = book.with_file_name("t.csv");
    fs::write(&file, text_of("d", &["2024-03-05", "", "2024-04-06T10:00:00"])).expect("the directory is writable");
    let report = report(&book, &file, &ImportOptions::default()).expect("it is imported");
    assert!(report.remarks.is_empty() && report.doubts.is_empty() && report.columns[0].spellings.is_empty());
}
