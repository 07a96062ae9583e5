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
    // Wherever the join stands.
    ("select sum(items) over () from aid join visits on country = donor", "adds up 3 rows of 2 records of `aid`"),
    (
        "select donor, sum(items) over (partition by donor) from aid join visits on country = donor",
        "3 rows of 2 records",
    ),
    (
        "select sum(items) over w from aid join visits on country = donor window w as (order by day)",
        "3 rows of 2 records",
    ),
    (
        "select sum(items) over (order by day rows unbounded preceding) from aid join visits on country = donor",
        "3 rows of 2 records",
    ),
    ("select sum(items) over (partition by day) from aid join visits on country = donor", ""),
    ("select sum(items) over (order by day rows 1 preceding) from aid join visits on country = donor", ""),
    ("select row_number() over (), items from aid join visits on country = donor", ""),
    ("select sum(items) from (select items from aid join visits on country = donor)", "`sum(items)` adds up 3 rows"),
    ("select sum(j.n * 2) as s from (select items as n, day from aid, visits where country = donor) j", "3 rows of 2"),
    (
        "with j as (select items from aid join visits on country = donor) select sum(items) from j",
        "3 rows of 2 records",
    ),
    ("with j (n) as (select items from aid join visits on country = donor) select avg(n) from j", "`avg(n)` adds up 3"),
    (
        "with j as (select * from aid join visits on country = donor) select sum(items), sum(people) from j",
        "`sum(items)`",
    ),
    (
        "with j as (select a.* from aid a join visits on country = donor), k as (select items from j) select sum(items) from k",
        "3 rows of 2 records of `aid`",
    ),
    (
        "with j as (select q_amount(amount_eur) as m from aid join visits on country = donor) select sum(m) from j",
        "of `aid`",
    ),
    (
        "with s as (select donor, sum(items) as n from aid join visits on country = donor group by 1) select * from s",
        "of `aid`",
    ),
    ("select n from (select sum(items) as n from aid join visits on country = donor)", "3 rows of 2 records of `aid`"),
    (
        "select sum(n) from (select donor, items as n from aid) join visits on country = donor",
        "3 rows of 2 records of `aid`",
    ),
    ("with v as (select distinct country from visits) select sum(items) from aid join v on country = donor", ""),
    ("with v as (select country from visits group by 1) select sum(items) from aid join v on country = donor", ""),
    ("select sum(items) from aid where donor in (select country from visits)", ""),
    ("select sum(items) from aid where exists (select 1 from visits where country = donor)", ""),
    ("select sum(items) from (select distinct donor, items from aid join visits on country = donor)", ""),
    ("select sum(items) from (select donor, items from aid join visits on country = donor group by aid.record)", ""),
    ("select sum(people) from (select people from aid join visits on country = donor)", ""),
    ("select sum(items) from (select items, day from aid join visits on country = donor) where day = '2024-03-15'", ""),
    ("select sum(items) filter (where day = '2024-03-15') from aid join visits on country = donor", ""),
    ("select sum(case day when '2024-03-15' then items end) from aid join visits on country = donor", ""),
    ("select sum(items) from (select items from aid)", ""),
    // A number looked up by its key; and one that another join repeats.
    ("select sum(a.items * v.people) from visits v join aid a on donor = country", ""),
    (
        "select sum(a.items * v.people) from visits v join aid a on donor = v.country, visits w",
        "`sum(a.items * v.people)`",
    ),
    (
        "with j as (select items, count(*) over (partition by aid.record) as n from aid join visits on country = donor) \
         select sum(items * 1.0 / n) from j",
        "",
    ),
    ("select count(people), total(items) from aid join visits on country = donor", "`total(items)` adds up 3 rows"),
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
    for (view, sum) in [("", "items"), ("q_amount(amount_eur) as m, ", "m"), ("amount_eur * 2 as z, ", "items")] {
        let made = format!("create temp view j as select {view}items from aid join visits on country = donor");
        let (code, said) = ask(&format!("{made}; select sum({sum}) from j"));
        assert!(code == Some(0) && said.contains("3 rows of 2 records of `aid`"), "{made}: {said}");
        let (_, said) = ask(&format!("{made} where day = '2024-03-15'; select sum({sum}) from j as k"));
        assert!(!said.contains("counted twice?"), "{made}: {said}");
    }
    let (_, said) =
        ask("let days = 7; query(\"select sum(items) from aid join visits on country = donor where :days > 5\")");
    assert!(said.contains("3 rows of 2 records"), "{said}");
}
