//! Imported tables joined by names of actors that differ between them: noticed where rows find no partner by them.

use super::ask;
use crate::scratch;
use std::fs;

/// A statement, and a part of the notice that it gets; empty for none.
const STATEMENTS: &[(&str, &str)] = &[
    (
        "select donor from aid join gdp on country = donor",
        "`case donor when 'UK' then 'United Kingdom' when 'USA' then 'United States' else donor end = country` finds it",
    ),
    ("select donor from aid left join gdp on aid.donor = gdp.country", "`UK` is `United Kingdom`"),
    ("select donor from aid a, gdp g where a.donor = g.country", "`a.donor` and `g.country` have other names"),
    ("select donor from aid where donor not in (select country from gdp)", "`USA` is `United States`"),
    ("with g as (select country as donor from gdp) select donor from aid join g using (donor)", "`UK` is"),
    ("select d from (select donor as d from aid) join gdp on d = country", "`UK` is `United Kingdom`"),
    ("select name from actors join aid on name = donor", "`UK` is `United Kingdom`"),
    ("select a.donor from aid a join aid b on a.donor = b.donor", ""),
    ("select donor from aid join gdp on iif(donor = 'UK', 'United Kingdom', donor) = country", ""),
    ("select donor from aid join gdp on amount_eur = gdp_eur", ""),
    ("select provider from pledges join gdp on country = provider", ""),
    ("select donor from aid join gdp on country = donor where donor in ('UK', 'USA')", ""),
];

#[test]
fn names_that_find_no_partner_are_noticed() {
    let directory = scratch::directory("joined_names");
    let write = |name: &str, text: &str| fs::write(directory.join(name), text).expect("the directory is writable");
    write("aid.csv", "donor,amount (EUR)\nUK,100\nUSA,50\nFrance,7\nPoland,8\n");
    write("gdp.csv", "country,gdp (EUR)\nUnited Kingdom,3000\nUnited States,9000\nFrance,2000\nPoland,900\n");
    ask(&directory, &["init", "mine.db"]);
    ask(&directory, &["mine.db", "import", "aid.csv"]);
    ask(&directory, &["mine.db", "import", "gdp.csv"]);
    for (sql, part) in STATEMENTS {
        for question in [(*sql).to_owned(), format!("query(\"{sql}\")")] {
            let said = ask(&directory, &["mine.db", "--csv", "-c", &question]);
            let is_noticed = said.contains("names for one actor");
            assert!(is_noticed != part.is_empty() && said.contains(part), "{question}: {said}");
        }
    }
}
