//! The rows of an imported table: totals among them, cells filled from above, columns that become rows, stages, keys, and lines that
//! are no rows.

use super::{empty_book, report};
use crate::scratch;
use pledgebook::import::{ImportOptions, Report};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The report on a text under some options.
fn try_import(book: &Path, text: &str, options: &str) -> Result<Report, String> {
    let file = book.with_file_name("t.csv");
    fs::write(&file, text).expect("the directory is writable");
    let mut options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    options.name = Some("t".to_owned());
    report(book, &file, &options)
}

/// A book with a text as its table `t`.
fn imported(name: &str, text: &str, arguments: &[&str]) -> PathBuf {
    let book = empty_book(name);
    fs::write(book.with_file_name("t.csv"), text).expect("the directory is writable");
    let (code, _, notices) = run(&book, &[&["import", "t.csv"], arguments].concat());
    assert_eq!(code, Some(0), "{notices}");
    book
}

/// The exit code, the answer and the notices of the program.
fn run(book: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let directory = book.parent().expect("it is in a directory");
    let mut program = Command::new(scratch::program());
    let done = program.current_dir(directory).arg(book).args(arguments).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

/// The rows of an answer, and its notices.
fn ask(book: &Path, question: &str) -> (Vec<String>, String) {
    let (code, answer, notices) = run(book, &["--csv", "--no-header", "-c", question]);
    assert_eq!(code, Some(0), "{question}: {notices}");
    (answer.lines().map(str::to_owned).collect(), notices)
}

/// Tables with totals: the text, the options, the lines of the flagged rows, and the number of doubts.
const TOTALS: &[(&str, &str, &str, &[u64], usize)] = &[
    ("at the end", "who,n\na,1\nb,2\nTotal,3\n", "", &[4], 0),
    ("at the top", "who,n\nTotal,3\na,1\nb,2\n", "", &[2], 0),
    ("in the middle, by group", "who,n\na,1\nb,2\nSubtotal,3\nc,4\nd,5\nSubtotal,9\n", "", &[4, 7], 0),
    ("of totals", "who,n\na,1\nb,2\nEU total,3\nc,4\nd,5\nOther total,9\nGrand total,12\n", "", &[4, 7, 8], 0),
    ("of totals without rows", "who,n\nEU total,3\nOther total,9\nGrand total,12\n", "", &[4], 1),
    (
        "headings with their sum above",
        "who,n\nTotal,10\nEU total,3\na,1\nb,2\nRest total,7\nc,3\nd,4\n",
        "",
        &[2, 3, 6],
        0,
    ),
    ("of one row, beside others", "who,n\na,1\nb,2\nTotal,3\n\nc,4\nTotal,4\n", "", &[4, 7], 0),
    ("of one row", "who,n\na,4\nTotal,4\n", "", &[], 1),
    ("alone", "who,n\nTotal,4\n", "", &[], 1),
    ("negative", "who,n\na,-1\nb,-2\nc,3\nTotal,0\n", "", &[5], 0),
    ("with places and groups", "who,n\na,\"1,000.10\"\nb,0.20\nSumme,\"1,000.30\"\n", "", &[4], 0),
    ("that are none", "who,n\na,1\nb,2\nTotal,4\n", "", &[], 1),
    ("that are none, taken for some", "who,n\na,1\nb,2\nTotal,4\n", "totals = 'flag'", &[4], 0),
    ("not looked for", "who,n\na,1\nb,2\nTotal,3\n", "totals = 'keep'", &[], 0),
    ("a company of that name", "who,n\nTotal Energies,7\na,1\nb,2\n", "", &[], 1),
    ("without a label", "who,what,n\na,x,1\nb,y,2\n,,3\n", "", &[4], 0),
    ("whose labels have digits", "who,code,n\na,x,1\nb,y,2\n7 Hyde Park,42DAYS,3\n", "", &[], 0),
    ("in one small column of many", "who,n,m,w\na,5,7,1\nb,6,8,2\nTotal Energies,9,9,3\n", "", &[], 1),
    ("without labels at all", "n,m\n1,2\n2,4\n3,6\n", "", &[], 0),
    ("without a word", "who,n\na,1\nb,2\nc,3\nHamburg,6\n", "", &[], 1),
    ("without a word, taken for one", "who,n\na,1\nb,2\nc,3\nHamburg,6\n", "totals = 'flag'", &[5], 0),
    ("by labels", "year,who,n\n2020,Total,3\n2021,Total,7\n2020,a,1\n2021,a,3\n2020,b,2\n2021,b,4\n", "", &[2, 3], 0),
    ("with a share beside", "who,n,%\na,1,25\nb,3,75\nTotal,4,100\n", "unit = {'%' = 'none'}", &[4], 0),
    ("with a mean beside", "who,n,mean\na,1,5\nb,3,7\nTotal,4,6\n", "", &[4], 0),
    ("with an unknown above", "who,n\na,1\nb,..\nc,2\nTotal,3\n", "", &[5], 0),
    ("in one unit", "who,n,u\na,1,EUR\nb,2,EUR\nTotal,3,EUR\n", "unit = {n = '@u'}", &[4], 0),
    ("in another unit", "who,n,u\na,1,EUR\nb,2,EUR\nTotal,3,USD\n", "unit = {n = '@u'}", &[], 1),
    ("over several units", "who,n,u\na,1,EUR\nb,2,USD\nTotal,3,EUR\n", "unit = {n = '@u'}", &[], 1),
    ("under a filled cell", "of,who,n\nEU,a,1\n,b,2\n,Total,3\nUS,c,1\n,d,5\n,Total,6\n", "fill = ['of']", &[4, 7], 0),
];

#[test]
fn totals_are_flagged_where_a_word_and_a_sum_agree() {
    let book = empty_book("import_totals");
    for (name, text, options, lines, doubts) in TOTALS {
        let report = try_import(&book, text, options).expect(name);
        assert_eq!((&*report.totals.lines, report.doubts.len()), (*lines, *doubts), "{name}: {report:?}");
        let rows = text.lines().filter(|line| !line.is_empty()).count() as u64 - 1;
        assert_eq!(report.rows, rows, "{name}");
    }
}

#[test]
fn the_report_sums_all_records_and_totals_apart() {
    let book = empty_book("import_totals_report");
    let text = "who,n (EUR)\na,1\nb,2.5\nTotal,3.5\n";
    let report = try_import(&book, text, "").expect("it is imported");
    let column = &report.columns[1];
    assert_eq!((column.sum.as_deref(), column.totals.as_deref()), (Some("7"), Some("3.5")), "{report:?}");
    let report = try_import(&book, text, "totals = 'drop'").expect("it is imported");
    assert_eq!(
        (report.rows, report.skipped.totals, report.columns[1].sum.as_deref()),
        (2, 1, Some("3.5")),
        "{report:?}"
    );
}

#[test]
fn sums_leave_totals_out_and_say_so() {
    let book = imported("import_totals_sql", "who,n,is_total\na,1,no\nb,2,no\nTotal,3,yes\n", &[]);
    let left_out = "1 total of other rows is left out: `where is_total` shows them";
    for (question, answer, notice) in [
        ("select q_amount(q_sum(n)) from t", "3", left_out),
        ("select q_avg(n) from t", "1.5,,,S1:1-2,", left_out),
        ("select q_amount(q_max(n)) from t", "2", left_out),
        ("select q_amount(q_sum_known(n)) from t", "3", left_out),
        ("select q_amount(q_sum(q_mul(n, 2))) from t", "6", left_out),
        ("select q_amount(q_sum(n)) from t where is_total", "3", ""),
        ("select q_amount(q_sum(n)) from t where not is_total", "3", ""),
        ("select q_amount(q_sum(n)) from t where is_total in (0, 1)", "3", left_out),
        ("select q_amount(q_sum(n)), max(is_total) from t", "3,1", left_out),
        ("select q_amount(max(n)), who from t where is_total", "3,Total", ""),
        ("select q_amount(min(n)), who from t", "1,a", left_out),
        ("select q_amount(max(n)), who from t", "2,b", left_out),
        ("select count(*) from t", "3", "`count` counts the totals in `t`"),
        ("select count(*) from t where not is_total", "2", ""),
        ("select is_total_ from t where is_total", "yes", ""),
        ("select sum(q_amount(n)) from t", "6", "1 total of other rows is among the plain numbers"),
        ("query(\"select * from t\").sum(\"n\").amount", "3", left_out),
        ("let s = 0; for r in query(\"select * from t\") { s += r.n } s.amount", "6", "a total of other rows is added"),
        ("query(\"select * from t\").mean(\"n\").amount", "1.5", left_out),
        ("query(\"select * from t\").max(\"n\").amount", "2", left_out),
        ("query(\"select * from t\").column(\"n\").min().amount", "1", left_out),
        ("query(\"select * from t where is_total\").max(\"n\").amount", "3", ""),
    ] {
        let (rows, notices) = ask(&book, question);
        let is_noticed = if notice.is_empty() { !notices.contains("total") } else { notices.contains(notice) };
        assert!(rows == [answer] && is_noticed, "{question}: {rows:?} {notices}");
    }
    let (rows, _) = ask(&book, "select who, q_amount(q_sum(n)) from t group by who order by who");
    assert_eq!(rows, ["Total,3", "a,1", "b,2"]);
    let share = "select q_sum(q_div(n, (select n from t where who = 'Total'))) as share from t where who <> 'Total'";
    assert_eq!(ask(&book, share).0, ["≈1,,,S1:1-3,"]);
}

#[test]
fn a_total_among_rows_and_groups_is_noticed() {
    let book = imported("import_totals_shown", "who,n,is_total\na,1,no\nb,2,no\nTotal,3,yes\n", &[]);
    let among = "1 total of other rows is among the rows: `where not is_total` leaves it out";
    let group = "1 total of other rows makes a group of its own: `where not is_total` leaves it out";
    for (question, answer, notice) in [
        ("select who from t where n > 2", "Total", among),
        ("select who from t where n < 2", "a", ""),
        ("select distinct who from t where n > 2", "Total", ""),
        ("select who from t order by n desc limit 1", "Total", among),
        ("select who from t order by n limit 1", "a", ""),
        ("select u.who from t u where u.n > 2", "Total", among),
        ("select q_amount(sum(n)) from t where n > 2 group by who", "3", "among the plain numbers"),
    ] {
        let (rows, notices) = ask(&book, question);
        let is_noticed = if notice.is_empty() { !notices.contains("total of") } else { notices.contains(notice) };
        assert!(rows == [answer] && is_noticed, "{question}: {rows:?} {notices}");
    }
    for (question, notice) in [
        ("select who, sum(n) from t group by who", group),
        ("select who, max(n) from t group by who having max(n) > 1", group),
        ("select who, sum(n) from t group by who having sum(n) < 3", ""),
        ("select who, sum(n) from t where not is_total group by who", ""),
        ("select who, sum(n) from t where who = 'Total' group by who", ""),
        ("select who, n from t order by n", among),
        ("select who, n from t", among),
        ("select who from t", among),
        ("select who, n, is_total from t", ""),
        ("select * from t", ""),
        ("select who, n from t where n < 2", ""),
    ] {
        let (_, notices) = ask(&book, question);
        let is_noticed = if notice.is_empty() { !notices.contains("total of") } else { notices.contains(notice) };
        assert!(is_noticed, "{question}: {notices}");
    }
    let (_, shown, notices) = run(&book, &["--format", "table", "-c", "select who, n from t order by record"]);
    assert!(shown.contains("Total") && !notices.contains("total of"), "{notices}");
}

#[test]
fn a_filled_cell_says_that_it_was_blank() {
    let text = "of,who,n\nEU,a,1\n,b,2\nUS,c,3\n,d,4\n,Total,10\n";
    let book = imported("import_fill", text, &["--fill", "of"]);
    let (rows, _) = ask(&book, "select of, who from t");
    assert_eq!(rows, ["EU,a", "EU,b", "US,c", "US,d", ",Total"]);
    let (_, why, _) = run(&book, &["-c", ".why S1:2"]);
    assert!(why.contains("EU (blank here: from line 2)") && why.contains("line 3"), "{why}");
    let error = try_import(&book, text, "fill = ['off']").expect_err("there is no such column");
    assert!(error.contains("no column `off`"), "{error}");
}

#[test]
fn columns_become_rows_that_lead_to_their_cells() {
    let text = "land,code,2020,2021 *\nA,a,1.5,2\nB,b,,4\nland,code,2020,2021 *\nC,c,5,6\n";
    let arguments = ["--long", "2020..2021 *", "--name", "year", "--value", "gdp", "--unit", "gdp=EUR million"];
    let book = imported("import_long", text, &arguments);
    let (rows, _) = ask(&book, "select record, land, year, gdp from t order by length(record), record");
    let expected = ["S1:1,A,2020,1500000,EUR,,S1:1,", "S1:2,A,2021,2000000,EUR,,S1:2,", "S1:3,B,2020,,,,,"];
    assert_eq!((rows.len(), &rows[..3]), (6, &expected.map(str::to_owned)[..]), "{rows:?}");
    let (_, why, _) = run(&book, &["-c", ".why S1:6"]);
    assert!(why.contains("line 5, column 4"), "{why}");
    let book = empty_book("import_long_units");
    let units = "land,a (EUR),b (USD)\nA,1,2\nB,3,4\n";
    let long = "long = 'a_eur..b_usd'\nname = 'what'\nvalue = 'v'";
    let report = try_import(&book, units, long).expect("it is imported");
    let sums: Vec<String> = report.columns[2].sums.iter().map(|(unit, sum)| format!("{sum} {unit}")).collect();
    assert_eq!(sums, ["4 EUR", "6 USD"], "{report:?}");
    let mixed = try_import(&book, "land,a (EUR),b\nA,1,2\n", "long = 'a_eur..b'\nname = 'w'\nvalue = 'v'");
    assert!(mixed.expect_err("one has no unit").contains("different units"));
}

#[test]
fn stages_are_not_added_up() {
    let text = "who,measure,n (EUR)\na,Commitment,5\nb,Allocation,3\nc,Promise,1\nd,,2\n";
    let book = empty_book("import_stage");
    let error = try_import(&book, text, "stage = '@measure'").expect_err("a word is no stage");
    assert!(error.contains("`Promise` in `measure` is no stage"), "{error}");
    let book = imported("import_stages", text, &["--stage", "@measure:Promise=pledged"]);
    let (rows, _) = ask(&book, "select q_stage(n_eur) from t");
    assert_eq!(rows, ["committed", "allocated", "pledged", "\"\""]);
    let (code, _, error) = run(&book, &["-c", "select q_sum(n_eur) from t"]);
    assert!(code == Some(1) && error.contains("stage"), "{error}");
    let (rows, _) = ask(&book, "select q_amount(q_sum(n_eur)) from t where measure = 'Commitment'");
    assert_eq!(rows, ["5"]);
    let book = imported("import_one_stage", "who,n\na,5\n", &["--stage", "delivered"]);
    assert_eq!(ask(&book, "select q_stage(n) from t").0, ["delivered"]);
}

#[test]
fn a_key_is_held_to_every_row() {
    let book = empty_book("import_key");
    let text = "id,year,n\nx,1,5\ny,1,6\nx,2,7\nx,1,8\n,3,9\nTotal,,35\n";
    let report = try_import(&book, text, "key = ['id', 'year']").expect("it is imported");
    let key = report.key.as_ref().expect("it has a key");
    let found: Vec<(&str, u64, u64)> =
        key.listed.iter().map(|one| (one.key.as_str(), one.first_line, one.last_line)).collect();
    assert_eq!((found, key.blank, report.doubts.len()), (vec![("x, 1", 2, 5)], 1, 2), "{report:?}");
    let report = try_import(&book, "id,n\nx,5\ny,6\n", "key = ['id']").expect("it is imported");
    assert!(report.doubts.is_empty() && report.key.is_some_and(|key| key.duplicates == 0));
    let error = try_import(&book, "id,n\nx,5\n", "key = ['ident']").expect_err("there is no such column");
    assert!(error.contains("no column `ident`"), "{error}");
    let book = imported("import_key_kept", "id,n\nx,5\ny,6\n", &["--key", "id"]);
    let schema = run(&book, &["-c", ".schema t"]).1;
    assert!(schema.contains("known by `id`"), "{schema}");
    let (rows, _) = ask(&book, "select key from imported_table");
    assert_eq!(rows, [r#""[""id""]""#]);
    // Numbers that are no key are named like texts.
    let error =
        try_import(&empty_book("import_key_numbers"), "id,n\n5,5\n5,6\n", "key = ['id']").map(|report| report.doubts);
    assert!(error.as_ref().is_ok_and(|doubts| doubts[0].contains("`5` is on 2 rows, on lines 2 and 3")), "{error:?}");
}

#[test]
fn blank_lines_are_counted_and_lines_stay_right() {
    let book = imported("import_blank", "a,b\n\nx,1\n\n\n\"two\nlines\",2\n,\ny,3\n\n", &[]);
    let (_, why, _) = run(&book, &["-c", ".why S1:2"]);
    assert!(why.contains("line 6"), "{why}");
    assert!(run(&book, &["-c", ".why S1:3"]).1.contains("line 9"));
    let book = empty_book("import_blank_pairs");
    let report = try_import(&book, "a,b\r\n\r\nx,1\r\n\r\n\r\ny,2\r\n", "").expect("it is imported");
    assert_eq!((report.rows, report.skipped.blank), (2, 3), "{report:?}");
}

#[test]
fn a_header_in_the_middle_is_no_row() {
    let book = empty_book("import_header_again");
    for again in ["who,n,m", "WHO,n,m", "Who, n,M "] {
        let text = format!("who,n,m\na,1,2\nb,2,3\n{again}\nc,3,4\n");
        let report = try_import(&book, &text, "").expect(again);
        assert_eq!((report.skipped.headers, report.rows), (1, 3), "{again}: {report:?}");
    }
    let error = try_import(&book, "who,n,m\na,1,2\nb,2,3\nwho,n,m2\nc,3,4\n", "").expect_err("a name is another");
    assert!(error.contains("a second table may begin on line 4"), "{error}");
    let text = "who,how,where,n\na,x,y,2\nb,x,y,3\nwho,how,where,n (2)\nc,x,y,4\n";
    let report = try_import(&book, text, "").expect("it is imported");
    assert_eq!((report.skipped.headers, report.columns[3].kind), (1, "integer"), "{report:?}");
}

#[test]
fn a_second_table_is_never_appended() {
    let book = empty_book("import_two_tables");
    let two = "who,n\na,1\nb,2\n\nplace,cost\nx,30\ny,40\n";
    let error = try_import(&book, two, "").expect_err("there are two tables");
    assert!(error.contains("a second table may begin on line 5"), "{error}");
    for (rows, sum) in [("1-3", "3"), ("5-", "70"), ("5-6", "30")] {
        let report = try_import(&book, two, &format!("lines = '{rows}'")).expect(rows);
        assert_eq!(report.columns[1].sum.as_deref(), Some(sum), "{rows}");
    }
    let titled = "who,n\na,1\n\nTable 2: the year before\nwho,n\na,5\n";
    assert!(try_import(&book, titled, "").expect_err("they are two years").contains("second table"));
    let pages = "who,n\na,1\n\nwho,n\na,5\n";
    assert_eq!(try_import(&book, pages, "").map(|report| (report.rows, report.skipped.headers)), Ok((2, 1)));
    let gap = "who,n\na,1\nb,2\n\nc,3\nd,..\n\n\ne,5\n";
    assert_eq!(try_import(&book, gap, "").map(|report| (report.rows, report.skipped.blank)), Ok((5, 3)));
    assert!(try_import(&book, two, "lines = '5'").expect_err("it is no range").contains("are no lines"));
}

/// Tables below each other: the text, the lines of the second, and the words of the error.
const BELOW: &[(&str, &str, &str, &str)] = &[
    ("behind one record", "who,n\na,1\n\nplace,cost\nx,30\ny,40\n", "4-", "names follow a blank row"),
    ("without a blank row", "who,n,m\na,1,5\nb,2,6\nplace,cost,price\nx,30,7\n", "4-", "names are where"),
    ("with a name in common", "who,n,how\na,1,cash\nb,2,cash\nplace,cost,how\nx,30,cash\n", "4-", "names are where"),
    ("with dates", "day,n\n2024-01-05,1\n2024-01-06,2\npaid on,cost\n2025-01-05,3\n", "4-", "names are where"),
    ("of another year", "who,how,2023\na,x,5\nb,y,6\n\nwho,how,2024\na,x,7\n", "5-", "with `2024` for `2023`"),
    ("with another name", "who,how,of,n\na,x,z,5\nwho,how,of,total\na,x,z,7\n", "3-", "with `total` for `n`"),
];

#[test]
fn a_second_header_is_known_by_the_rows_around_it() {
    let book = empty_book("import_second_header");
    for (name, text, lines, words) in BELOW {
        let error = try_import(&book, text, "").expect_err(name);
        assert!(error.contains("a second table may begin on line") && error.contains(words), "{name}: {error}");
        let report = try_import(&book, text, &format!("lines = '{lines}'")).expect(name);
        assert_eq!(report.doubts, [""; 0], "{name}");
        assert!(try_import(&book, text, "lines = '1-'").is_ok(), "{name}");
    }
    for (name, text, doubts) in [
        ("one word where one column has numbers", "who,n\na,1\nb,2\nplace,cost\nx,30\n", 2),
        ("a word that other rows have", "who,n,how\na,1,cash\nb,none yet,cash\nc,2,kind\n", 1),
        ("names in another order", "who,n,how\na,1,cash\nb,2,kind\nhow,..,who\nkind,5,c\n", 1),
        ("a name of texts alone", "who,how\na,cash\nb,kind\nwho,where\nc,Kyiv\n", 1),
        ("years behind years", "who,2020,2021\na,5,6\nfor whom,2022,2023\nb,7,8\n", 1),
        ("a matrix", "of,a,b\na,1,0.5\nb,0.5,1\n", 0),
        ("words of texts alone", "who,how\na,cash\nb,kind\n\nc,paid\nd,kind\n", 0),
        ("marks of the missing", "who,n,m\na,1,2\nb,n/a,..\nc,3,4\n", 0),
        ("a group of rows behind a blank one", "who,n,how\na,1,cash\n\nb,..,kind\nc,2,cash\n", 0),
    ] {
        let report = try_import(&book, text, "").expect(name);
        assert_eq!(report.doubts.len(), doubts, "{name}: {:?}", report.doubts);
    }
}

#[test]
fn a_second_header_is_known_behind_many_groups() {
    let book = empty_book("import_many_groups");
    let mut text = String::from("who,kind,n\n");
    for (group, number) in ('a'..='y').zip(900..) {
        write!(text, "\n{group} one,cash,\n{group} two,goods,{number}\n").expect("a string is written");
    }
    let report = try_import(&book, &text, "").expect("the groups are one table");
    assert_eq!((report.rows, &*report.doubts), (50, &[][..]), "{report:?}");
    text.push_str("\nplace,kind,cost\nq,r,7\n");
    let error = try_import(&book, &text, "").expect_err("another table is below the groups");
    assert!(error.contains("a second table may begin on line 78: names follow a blank row"), "{error}");
    assert!(try_import(&book, &text, "lines = '1-'").is_ok());
    let renamed = "who,how,of,total\n".repeat(30);
    let text = format!("who,how,of,n\na,x,z,5\n{renamed}a,x,z,7\n");
    let error = try_import(&book, &text, "").expect_err("a name is another");
    assert!(error.contains("a second table may begin on line 3"), "{error}");
}

#[test]
fn a_second_table_beside_the_first_is_in_doubt() {
    let book = empty_book("import_beside");
    for (name, text, is_doubted) in [
        ("two tables", "who,n,,place,cost\na,1,,x,5\nb,2,,y,6\nc,3,,,\n", true),
        ("of years", "year,n,,of year,m\n2020,1,,2021,5\n2021,2,,2022,6\n", true),
        ("behind another", "a,,who,n,,place,cost\nx,,y,1,,z,5\nx,,y,2,,z,6\n", true),
        ("remarks", "who,n,,remark\na,1,,x\nb,2,,\n", false),
        ("numbers with a space between", "who,2020,,2021\na,1,,5\nb,2,,6\n", false),
        ("texts", "who,how,,place,of\na,x,,b,c\n", false),
    ] {
        let report = try_import(&book, text, "").expect(name);
        let is_said = report.doubts.iter().any(|doubt| doubt.contains("a second table may be beside the first"));
        assert_eq!(is_said, is_doubted, "{name}: {:?}", report.doubts);
        assert_eq!(try_import(&book, text, "lines = '1-'").map(|report| report.doubts), Ok(vec![]), "{name}");
    }
}

#[test]
fn a_number_that_a_cut_may_have_shortened_is_in_doubt() {
    let book = empty_book("import_cut_number");
    for (name, text, doubted) in [
        ("a number", "who,n\na,1250\nb,1", "`1` in `n` ends with a digit"),
        ("of one row", "who,n\na,1", "`1` in `n` ends with a digit"),
        ("a date", "who,day\na,2024-01-15\nb,2024-01-1", "`2024-01-1` in `day` ends with a digit"),
        ("a code", "who,id\na,0125\nb,012", "`012` in `id` ends with a digit"),
        ("the only blank", "who,n\na,1\nb,", "line 3 has no line end"),
        ("the only sign", "who,n\na,1\nb,-", "line 3 has no line end"),
        ("a blank of several", "who,n\na,\nb,1\nc,", ""),
        ("a line end", "who,n\na,1250\nb,1\n", ""),
        ("a closing quote", "who,n\na,1250\nb,\"1\"", ""),
        ("a sign behind it", "who,n\na,50%\nb,1%", ""),
        ("a mark", "who,n\na,1\nb,..", ""),
        ("text", "n,who\n1,a\n2,b 7", ""),
    ] {
        let report = try_import(&book, text, "").expect(name);
        let is_right = if doubted.is_empty() { report.doubts.is_empty() } else { report.doubts[0].contains(doubted) };
        assert!(is_right && report.doubts.len() < 2, "{name}: {:?}", report.doubts);
        let lines = format!("lines = '1-{}'", text.lines().count());
        for accepted in [&lines, "ragged = true"] {
            assert_eq!(try_import(&book, text, accepted).map(|report| report.doubts), Ok(vec![]), "{name}");
        }
    }
    let long = "long = '2020..2021'\nname = 'year'\nvalue = 'n'";
    let report = try_import(&book, "who,2020,2021\na,1,25", long).expect("it is imported");
    assert!(report.doubts[0].contains("`25` in `n` ends with a digit"), "{:?}", report.doubts);
}

#[test]
fn words_at_the_end_are_records_where_an_option_says_so() {
    let book = empty_book("import_words_below");
    let text = "who,n,how\na,5,cash\nb,7,cash\nc,8,cash\nd,none yet,cash\n";
    let report = try_import(&book, text, "").expect("it is imported");
    assert_eq!((report.rows, report.skipped.below), (3, 1), "{report:?}");
    assert!(report.doubts[0].contains("`--lines 1-` takes them for records"), "{:?}", report.doubts);
    for (options, doubts) in
        [("type = { n = 'text' }", 0), ("missing = { n = ['none yet'] }", 0), ("lines = '1-'", 1), ("lines = '1-5'", 1)]
    {
        let report = try_import(&book, text, options).expect(options);
        assert_eq!((report.rows, report.skipped.below, report.doubts.len()), (4, 0, doubts), "{options}: {report:?}");
    }
}

#[test]
fn every_object_of_json_is_a_record() {
    let book = empty_book("import_json_rows");
    let file = book.with_file_name("t.json");
    let whole = r#"{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8}"#;
    let rows = [whole, whole, r#"{"a": "a", "b": "b", "c": "c", "d": "d", "e": "x"}"#, r#"{"a": "none yet"}"#];
    fs::write(&file, format!("[{}]", rows.join(","))).expect("the directory is writable");
    let report = report(&book, &file, &ImportOptions::default()).expect("it is imported");
    assert_eq!((report.rows, report.skipped.below, report.skipped.headers), (4, 0, 0), "{report:?}");
}

#[test]
fn notes_of_several_cells_below_are_no_rows() {
    let book = empty_book("import_notes");
    let text = "who,age,n\na,30,1\nb,40,2\nc,50,3\nAlso,at,the bottom\nof,this,sheet\n";
    let report = try_import(&book, text, "").expect("it is imported");
    assert_eq!((report.rows, report.skipped.below, report.columns[1].kind), (3, 2, "integer"), "{report:?}");
    assert_eq!(report.doubts.len(), 1, "{report:?}");
    let text = "who,age,n\na,30,1\nb,40,2\nc,50,3\nd,..,n/a\n";
    assert_eq!(try_import(&book, text, "").map(|report| report.rows), Ok(4));
}

#[test]
fn columns_are_called_apart_from_the_parts_of_others() {
    let text = "amount (EUR),amount,amount_minor,line,record,is_total,valid_from\n1.5,x,2,3,4,5,6\n";
    let book = imported("import_names", text, &["--fill", "valid_from"]);
    let (rows, _) = ask(&book, "select amount, amount_minor, line_, record_, is_total_, valid_from from t");
    assert_eq!(rows, ["x,2,3,4,5,6"]);
}

#[test]
fn a_number_beside_a_column_that_is_named_after_a_scale_has_a_notice() {
    let text = "who,amt (EUR million),cost (EUR)\na,1,180\nb,3,170\n";
    let book = imported("import_scaled_name", text, &[]);
    let (rows, notices) = ask(&book, "select who from t where amt_eur_million > 2");
    assert_eq!(rows, ["a", "b"]);
    assert!(notices.contains("`amt_eur_million` is in `EUR`, whatever scale its name has"), "{notices}");
    for quiet in ["select who from t where cost_eur > 175", "select 5 as k_m, who from t where cost_eur > 175"] {
        let (rows, notices) = ask(&book, quiet);
        assert!(rows.len() == 1 && !notices.contains("whatever scale"), "{quiet}: {notices}");
    }
}

#[test]
fn many_rows_with_totals_are_looked_at_once() {
    let book = empty_book("import_many_totals");
    let groups = if scratch::long::is_asked() { 4_000 } else { 400 };
    let mut text = String::from("group,who,n\n");
    for group in 0..groups {
        (0..20).for_each(|row| writeln!(text, "g{group},w{row},{}", group + row).expect("a string is written"));
        writeln!(text, "g{group},Total,{}", group * 20 + 190).expect("a string is written");
    }
    let report = try_import(&book, &text, "").expect("it is imported");
    assert_eq!((report.totals.rows, report.doubts.len()), (groups, 0));
}
