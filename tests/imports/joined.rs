//! Joins that repeat records of imported tables: noticed in sums and counts of plain numbers and of quantities, and nowhere else.

use crate::scratch;
use std::fs;
use std::process::Stdio;

/// A statement, and a part of the notice that it gets; empty for none.
const STATEMENTS: &[(&str, &str)] = &[
    ("select sum(items) from aid join visits on country = donor", "`sum(items)` adds up 3 rows of 2 records of `aid`"),
    ("select a.donor, avg(a.items) from aid as a, visits v where v.country = a.donor group by 1", "of `aid`"),
    ("with v as (select country from visits) select total(items) from aid join v on country = donor", "of `aid`"),
    ("select sum(items) filter (where day > '2024-01-01') from aid left join visits on country = donor", "of `aid`"),
    ("select count(*) from aid, visits", "`count(*)` counts 6 rows of 2 records of `aid`"),
    ("select count(*) as n, donor d from aid, visits where country = donor group by d having n > 0 limit 3", ""),
    ("select q_sum(amount_eur) from aid join visits on country = donor", "rests on S1:1: counted twice?"),
    ("select sum(amount_eur) from aid join visits on country = donor", "rests on S1:1: counted twice?"),
    (
        "select sum(q_amount(amount_eur)) from aid join visits on country = donor",
        "`sum(q_amount(amount_eur))` adds up 3 rows of 2 records of `aid`",
    ),
    (
        "select donor, avg(q_amount(a.amount_eur, 'EUR', 2) / 100) from aid a, visits group by 1",
        "6 rows of 2 records of `aid`",
    ),
    ("select sum(q_amount(amount_eur)) from aid", ""),
    ("select sum(q_amount(amount_eur)) from aid join visits on country = donor and day = '2024-03-15'", ""),
    ("select sum(people) from aid join visits on country = donor", ""),
    ("select sum(items) from aid", ""),
    ("select sum(items) from aid join visits on country = donor and day = '2024-03-15'", ""),
    ("select sum(distinct items), count(distinct donor) from aid join visits on country = donor", ""),
    ("select sum(items) over () from aid join visits on country = donor", ""),
    ("select sum(items) from (select items from aid join visits on country = donor)", ""),
    ("select 'sum(items)' from aid join visits on country = donor", ""),
];

#[test]
fn a_join_that_repeats_records_is_noticed() {
    let directory = scratch::directory("joined");
    let aid = "donor,items,amount (EUR)\nNorway,5,100\nDenmark,3,50\n";
    fs::write(directory.join("aid.csv"), aid).expect("the directory is writable");
    let visits = "country,day,people\nNorway,2024-02-01,1\nNorway,2024-03-15,2\nDenmark,2024-05-02,3\n";
    fs::write(directory.join("visits.csv"), visits).expect("the directory is writable");
    let ask = |text: &str| {
        let mut command = scratch::command(scratch::program(), &directory);
        let arguments = ["aid.csv", "visits.csv", "--csv", "-c", text];
        let output = command.args(arguments).stdin(Stdio::null()).output().expect("the program runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("the program prints UTF-8"))
    };
    for (sql, part) in STATEMENTS {
        let (code, said) = ask(sql);
        assert_eq!(code, Some(0), "{sql}: {said}");
        let is_as_expected = if part.is_empty() { !said.contains("counted twice?") } else { said.contains(part) };
        assert!(is_as_expected && !said.contains("is text"), "{sql}: {said}");
        // A script gets the notice of the SQL that it asks.
        let (_, in_script) = ask(&format!("query(\"{sql}\")"));
        assert_eq!(in_script.contains("counted twice?"), said.contains("counted twice?"), "{sql}: {in_script}");
    }
    let (_, said) =
        ask("let days = 7; query(\"select sum(items) from aid join visits on country = donor where :days > 5\")");
    assert!(said.contains("3 rows of 2 records"), "{said}");
}
