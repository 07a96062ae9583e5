//! Questions about columns that stay text although they name days, months or times, and arithmetic with dates: what SQL does with them
//! by their letters is said or refused.

use super::{ask, run};
use crate::scratch;
use std::fs;
use std::path::PathBuf;

/// A directory with tables whose days, months and times do not sort.
fn tables(name: &str) -> PathBuf {
    let directory = scratch::directory(name);
    for (file, text) in [
        ("amb.csv", "id,date\n1,3 Mar 2024\n2,03/04/2024\n3,2024-01-02\n"),
        ("months.csv", "month,n\nJan,1\nFeb,2\nMar,3\n"),
        ("offsets.csv", "ts,n\n2024-03-05T10:00:00Z,1\n2024-03-05T11:00:00+02:00,2\n"),
        ("quarters.csv", "quarter,n\nQ3 2023,1\n2024 Q1,2\n"),
        ("orders.csv", "ordered,shipped,wait\n2024-03-01,2024-03-05,4\n2024-02-20,2024-03-02,11\n"),
    ] {
        fs::write(directory.join(file), text).expect("the directory is writable");
    }
    directory
}

#[test]
fn every_use_of_dates_that_stay_text_is_said() {
    let directory = tables("text_times_uses");
    let said = |file: &str, entry: &str| ask(&directory, &[file, "-c", entry]);

    let by_letters = "goes by its letters, not by time";
    for (sql, used) in [
        ("select id from amb where date >= '2024-02-01'", "`date >= '2024-02-01'` goes by its letters, not by time"),
        (
            "select id from amb where date between '2024-02-01' and '2024-03-01'",
            "and '2024-03-01'` goes by its letters",
        ),
        ("select id from amb order by date desc", "`order by date desc` goes by its letters"),
        ("select date as d from amb order by d", "`order by d` goes by its letters"),
        ("select date from amb order by 1", "`order by 1` goes by its letters"),
        ("select lag(id) over (order by date) from amb", "`order by date` goes by its letters"),
        ("select max(date) from amb", "`max(date)` goes by its letters"),
        ("select strftime('%Y-%m', date) from amb", "is NULL where the text is no date as `2023-03-01`"),
        ("select count(*) from amb group by date", "`group by date` takes the same day in two spellings for two"),
        ("select id from amb where date = '2024-03-03'", "takes the same day in two spellings for two"),
        ("with t as (select date as d from amb) select d from t order by d", "`order by d` goes by its letters"),
        ("let t = query(\"select id from amb order by date\"); t", "`order by date` goes by its letters"),
    ] {
        let text = said("amb.csv", sql);
        assert!(text.contains("is text, with days as `3 Mar 2024`: ") && text.contains(used), "{sql}: {text}");
        assert!(
            text.contains("an import with `--date date=%d/%m/%Y`, or `date=%m/%d/%Y`, reads them"),
            "{sql}: {text}"
        );
    }
    for (file, sql, is_said) in [
        ("amb.csv", "select id from amb where date = '03/04/2024'", false),
        ("amb.csv", "select id, date from amb order by id", false),
        ("amb.csv", "select count(date) from amb where date is not null", false),
        ("months.csv", "select * from months order by month", true),
        ("months.csv", "select max(month) from months", true),
        ("months.csv", "select n from months where month = 'Feb'", false),
        ("months.csv", "select month, sum(n) from months group by month", false),
        ("offsets.csv", "select ts from offsets order by ts", true),
        ("offsets.csv", "select datetime(ts) from offsets order by n", false),
    ] {
        assert_eq!(said(file, sql).contains(by_letters), is_said, "{sql}: {}", said(file, sql));
    }
}

#[test]
fn a_quarter_in_another_form_is_said() {
    let directory = tables("text_times_quarters");
    let said = ask(&directory, &["quarters.csv", "-c", "select n from quarters where quarter <= 'Q4 2023'"]);
    assert!(
        said.contains("`quarter` holds quarters as `2023-Q3`: `'Q4 2023'` is none of them; write `'2023-Q4'`"),
        "{said}"
    );
    let right =
        ask(&directory, &["quarters.csv", "-c", "select max(quarter) as m from quarters where quarter <= '2023-Q4'"]);
    assert!(right.contains("2023-Q3") && !right.contains("notice"), "{right}");
}

#[test]
fn arithmetic_with_a_column_of_dates_is_refused() {
    let directory = tables("text_times_arithmetic");
    for (entry, help) in [
        (
            "select shipped - ordered from orders",
            "`julianday(shipped) - julianday(ordered)` counts the days between two dates",
        ),
        ("select ordered + 30 from orders", "`date(ordered, '+30 days')` is the date 30 days later"),
        (
            "select ordered + wait from orders",
            "`date(ordered, format('+%d days', wait))` is the date `wait` days later",
        ),
        ("select ordered * 2 from orders", "`julianday(ordered)` is it in days, `strftime('%Y', ordered)` its year"),
        ("select n from (select -ordered as n from orders)", "`julianday(ordered)` is it in days"),
        (
            "select max(shipped) - min(ordered) from orders",
            "`julianday(max(shipped)) - julianday(min(ordered))` counts the days",
        ),
        (
            "let t = query(\"select shipped - ordered as n from orders\"); t",
            "`julianday(shipped) - julianday(ordered)`",
        ),
    ] {
        let (code, said) = run(&directory, &["orders.csv", "-c", entry]);
        assert_eq!(code, Some(1), "{entry}: {said}");
        assert!(said.contains("calculates with a date, which is a text") && said.contains(help), "{entry}: {said}");
    }
    let days = ask(
        &directory,
        &["orders.csv", "--csv", "-c", "select julianday(shipped) - julianday(ordered) as d from orders"],
    );
    assert!(days.starts_with("d\n"), "{days}");
    // What functions give is plain SQL, and said.
    let (code, said) = run(&directory, &["orders.csv", "-c", "select date(shipped) - date(ordered) from orders"]);
    assert!(
        code == Some(0)
            && said.contains("counts with the year alone: `julianday(date(shipped)) - julianday(date(ordered))`"),
        "{said}"
    );
}
