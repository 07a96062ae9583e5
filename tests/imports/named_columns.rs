//! Notices by the columns that a statement names: there where one is meant otherwise than SQLite takes it, by whatever way it is named,
//! and nowhere else.

use super::ask;
use crate::scratch;
use std::fs;
use std::path::PathBuf;

fn directory(name: &str) -> PathBuf {
    let directory = scratch::directory(name);
    for (file, text) in [
        ("g.csv", "id,date,year,paid (GBP)\n1,2023-01-10,2022,5\n2,2023-02-03,2023,n/a\n3,2023-03-01,2023,\n"),
        ("v.csv", "place,year,2022,2023\nOslo,2023,410,502\nRiga,2023,300,333\n"),
    ] {
        fs::write(directory.join(file), text).expect("the directory is writable");
    }
    directory
}

/// The notices of statements over both tables.
fn notices(directory: &std::path::Path, sql: &str) -> Vec<String> {
    let said = ask(directory, &["g.csv", "v.csv", "-c", sql]);
    said.lines().filter_map(|line| line.strip_prefix("notice: ")).map(str::to_owned).collect()
}

/// Checks that a statement has a notice with these words in it.
#[track_caller]
fn check(directory: &std::path::Path, sql: &str, wanted: &str) {
    let found = notices(directory, sql);
    assert!(found.iter().any(|notice| notice.contains(wanted)), "{sql}: {found:?}");
}

#[test]
fn a_date_in_another_form_is_found_by_whatever_way_its_column_is_named() {
    let directory = directory("named_dates");
    for sql in [
        "select id from g where '1 March 2023' >= date",
        "select id from g as a where a.date in ('2023-01-10', '01.03.2023')",
        "select id from (select id, date as d from g) where d = '3/2/2023'",
        "with x as (select * from g) select id from x where date <> '20230301'",
        "with x(a, b) as (select id, date from g) select a from x where b is '2023-3-1'",
        "create temp view w as select id, date as d from g; select id from w where d < '2023/03/01'",
        "select case date when 'March 1, 2023' then 1 end as n from g",
        "select count(*) as n from g having max(date) < '01-03-2023'",
        "select id from g where id in (select id from g where date > '1.3.2023')",
        "select a.id from g as a join v on a.year = v.year where date between '2023-01-01' and '31/12/2023'",
        "select id from g where date >= 2023-03-01",
        "select id from g where date like 'March 2023%'",
        "select id from g where date not like '%/03/2023'",
        "select id from g where date glob '*.2023'",
        "let d = \"01/03/2023\"; query(`select id from g where date > :d`)",
    ] {
        check(&directory, sql, " as `2023-03-01`");
    }
}

#[test]
fn years_and_unknowns_are_found() {
    let directory = directory("named_years");
    for (sql, wanted) in [
        ("select place, 2023 from v", "the column is `c_2023`"),
        ("select round(100.0 * 2023 / 2022, 1) as p from v", "the columns are `c_2023` and `c_2022`"),
        ("select c_2023 - 2022 as change from v", "the column is `c_2022`"),
        ("select id from g where paid_gbp isnull", "1 unknown value of `paid_gbp` is not NULL"),
        ("select ifnull(paid_gbp, 0) as paid from g", "leaves 1 unknown value as it is"),
        ("with x as (select * from g where id > 1) select count(paid_gbp) from x", "counts 1 unknown value too"),
        ("select date(date) - 1 as d from g", "`date(date(date), '-1 day')` is the date 1 day earlier"),
        ("select id from g where julianday(date) > julianday('01/03/2023')", "`julianday` reads no date"),
    ] {
        check(&directory, sql, wanted);
    }
}

#[test]
fn what_is_meant_as_it_stands_gets_no_notice() {
    let directory = directory("named_otherwise");
    for sql in [
        "select id from g where date > '2023-01-31' or date like '2023-02%' or date like '%-01' or date >= '2023'",
        "select id from g where date like '%23-03-01' or date like '2023%' or date = '2023-03-01T12:00'",
        "select id from g where strftime('%d/%m/%Y', date) = '01/03/2023'",
        "select id, '01/03/2023' as day from g where 'x' <> '01/03/2023'",
        "select julianday(date) - julianday('2023-01-01') as days, date(date, '+30 days') as due from g",
        "select place from v where year = 2023 or place || '' in ('2023') limit 2023",
        "select 2022 as year, c_2022 as n from v union all select 2023, c_2023 from v",
        "select year - 2022 as n, max(year) - 2022 as m from v",
        "select id from g where paid_gbp is null and id = 3 and year < 2000",
        "select count(id) as n, count(*) as m from g where date is not null",
        "select id, paid_gbp from g where paid_gbp is not null",
        "select v.place from v left join g on g.year = v.year + 100 where g.paid_gbp is null",
    ] {
        assert_eq!(notices(&directory, sql), Vec::<String>::new(), "{sql}");
    }
}
