//! Blocks, which the server adds up: the answers are those of the file and those of the copied rows, to the last byte.

use super::differential::some;
use super::{Answer, Shared};
use crate::scratch::long;
use std::fs;

/// The rows of the table: more than a chunk of records has.
const ROWS: u32 = 70_000;

/// A simple generator of numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[usize::try_from(self.below(all.len() as u64)).expect("it is small")]
    }
}

/// A table of which some keys have their records together, some in a few ranges, some scattered, few or many.
fn table() -> String {
    let mut numbers = Numbers(7);
    let mut text = "donor,place,part,lot,year,n,amount (EUR),price (EUR)\n".to_owned();
    for row in 0..ROWS {
        let donor = ["Norway", "O'Neill & \"Co\"", "Spain", "\u{d6}sterreich"][row as usize * 4 / ROWS as usize];
        let place = numbers.of(&["Kyiv", "Lviv", "", "Odesa"]);
        let lot = if row % 500 == 3 { "rare" } else { "usual" };
        let (year, n) = (2019 + numbers.below(6), numbers.below(1_000));
        let price = if row % 7 == 0 { String::new() } else { format!("{}", numbers.below(90)) };
        let amount = format!("{}.{:02}", numbers.below(5_000_000), numbers.below(100));
        text.push_str(&format!(
            "\"{}\",{place},p{},{lot},{year},{n},{amount},{price}\n",
            donor.replace('"', "\"\""),
            row / 9_000
        ));
    }
    text
}

impl Shared {
    fn with_table(name: &str) -> Option<Self> {
        let shared = Self::empty(name)?;
        fs::write(shared.directory.join("t.csv"), table()).expect("it is writable");
        shared.ask(&["init", "mine.db"]).is(0, &[]);
        shared.ask(&["mine.db", "import", "t.csv"]).is(0, &["70000 records"]);
        shared.ask(&["mine.db", "push", &shared.address, "--create"]).is(0, &["version 1, which adds "]);
        Some(shared)
    }

    /// The answers of the file, of the server, and of the copied rows; the second with true if the rows were copied for it.
    fn three_ways(&self, format: &str, sql: &str) -> ([Answer; 3], bool) {
        let arguments = ["--format", format, "-c", sql];
        let ask = |book: &str, has_no_push: bool| {
            let mut command =
                self.command(&[&[book, "--sandbox", "--limit-memory", "0"], &LIMITS[..], &arguments].concat());
            if has_no_push {
                command.env("PLEDGEBOOK_NO_PUSH", "1");
            }
            Answer::of(command.output().expect("it runs"))
        };
        let there =
            [&[self.address.as_str(), "--sandbox", "--limit-memory", "0"], &LIMITS[..], &arguments, &["-c", ".server"]];
        let there = self.ask(&there.concat());
        let is_copied = there.out.contains("read here");
        ([ask("mine.db", false), ask(&self.address, false), ask(&self.address, true)], is_copied)
    }
}

/// Limits that keep the copies of a sandbox, which are none, and none of its limits.
const LIMITS: [&str; 6] = ["--limit-rows", "0", "--limit-time", "120", "--limit-output", "0"];

/// Statements that the server adds up.
const BLOCKS: &[&str] = &[
    "select donor, sum(amount_eur) as total from t group by donor",
    "select donor, q_sum(amount_eur) as total, count(*) as n from t group by donor order by donor desc",
    "select place, sum(amount_eur) as total, count(*) as n from t group by place",
    "select part, sum(amount_eur), min(year), max(n), count(place) from t group by part",
    "select lot, year, sum(amount_eur) as total from t where n < 200 group by lot, year",
    "select year, sum(amount_eur) as total from t where year >= 2021 and n < 500 group by year order by total desc limit 2",
    "select sum(amount_eur) as total from t",
    "select sum(amount_eur) as total from t where n between 10 and 12",
    "select sum(amount_eur) as total from t where n = 7 and year = 2020",
    "select count(*) as n from t",
    "select count(*) as n, max(n), max(year) from t where year <> 2020",
    "query(\"select part, max(n) as s, sum(amount_eur) as t from t group by part\")",
    "select place, max(n) as s from t where place > 'Kyiv' group by place",
    "select donor, year, count(*) as n, sum(amount_eur) as total from t group by donor, year",
    "select year as y, count(*) from t group by year order by y desc",
    "SELECT Donor, SUM(Amount_EUR) FROM T GROUP BY Donor ORDER BY 2",
];

/// Statements that are answered from the rows.
const OTHERS: &[&str] = &[
    "select part, sum(n) from t group by part",
    "select count(*) as n, min(donor), max(place) from t where year <> 2020",
    "select lot, sum(amount_eur) as total from t where lot = 'rare' group by lot",
    "select donor, sum(price_eur) as total from t group by donor",
    "select donor, avg(amount_eur) as mean from t group by donor",
    "select donor, max(amount_eur) as most from t group by donor",
    "select donor, sum(amount_eur) as total from t group by donor having count(*) > 1",
    "select donor, sum(amount_eur) as total, sum(price_eur) as prices from t where n = 1 group by donor",
    "select sum(amount_eur) as total from t where n = 99999",
    "select donor, sum(amount_eur) * 2 as twice from t group by donor",
    "select distinct donor from t",
    "select donor, sum(distinct amount_eur) from t where n = 3 group by donor",
    "select donor, sum(amount_eur) filter (where n > 5) from t where year = 2020 group by donor",
    "select a.donor, sum(a.amount_eur) from t a group by a.donor",
    "select donor, sum(n) from t where amount_eur > 5 group by donor",
    "select donor, n from t where n = 5 group by donor",
    "select donor, sum(amount_eur) from t where n = '5' group by donor",
    "select donor, sum(nothing) from t group by donor",
    "select donor, sum(amount_eur) from t group by donor limit 1 offset 1",
    "select donor, sum(amount_eur) as donor from t group by donor order by donor",
    "select count(*) as n, count(amount_eur) as m from t where n = 4",
];

/// Formats of the answers.
const FORMATS: [&str; 3] = ["csv", "table", "json"];

#[track_caller]
fn compare(shared: &Shared, format: &str, sql: &str) -> bool {
    let ([of_file, pushed, copied], is_copied) = shared.three_ways(format, sql);
    assert!(of_file == pushed, "{sql}\n{of_file:?}\n{pushed:?}");
    assert!(of_file == copied, "{sql}\n{of_file:?}\n{copied:?}");
    is_copied
}

#[test]
fn a_block_is_added_up_by_the_server_as_here() {
    let Some(shared) = Shared::with_table("blocks") else { return };
    for (at, sql) in some(BLOCKS.iter().enumerate().collect(), 7) {
        let formats = if long::is_asked() { &FORMATS[..] } else { &FORMATS[at % 3..=at % 3] };
        for format in formats {
            assert!(!compare(&shared, format, sql), "the rows were copied for {sql}");
        }
    }
    for sql in some(OTHERS.to_vec(), 10) {
        compare(&shared, "csv", sql);
    }
}

#[test]
fn random_blocks_are_added_up_as_here() {
    let Some(shared) = Shared::with_table("random_blocks") else { return };
    let mut numbers = Numbers(11);
    let mut pushed = 0;
    for _ in 0..long::part_of(30) {
        let keys: Vec<&str> =
            ["donor", "place", "part", "lot", "year"].into_iter().filter(|_| numbers.below(3) == 0).collect();
        let mut columns: Vec<&str> = keys.clone();
        for _ in 0..=numbers.below(3) {
            columns.push(numbers.of(&[
                "sum(amount_eur)",
                "q_sum(amount_eur)",
                "count(*)",
                "sum(n)",
                "min(n)",
                "max(year)",
                "min(place)",
                "count(place)",
                "sum(price_eur)",
                "max(donor)",
                "avg(n)",
            ]));
        }
        let mut conditions = Vec::new();
        for _ in 0..numbers.below(3) {
            let sign = numbers.of(&["=", "<>", "<", "<=", ">", ">="]);
            let (column, value) = match numbers.below(3) {
                0 => ("year", 2018 + numbers.below(8)),
                1 => ("n", numbers.below(1_000)),
                _ => ("n", numbers.below(10)),
            };
            conditions.push(format!("{column} {sign} {value}"));
        }
        let clause =
            |word: &str, parts: &str| if parts.is_empty() { String::new() } else { format!(" {word} {parts}") };
        let order =
            if numbers.below(3) == 0 { (1 + numbers.below(columns.len() as u64)).to_string() } else { String::new() };
        let sql = format!(
            "select {} from t{}{}{}",
            columns.join(", "),
            clause("where", &conditions.join(" and ")),
            clause("group by", &keys.join(", ")),
            clause("order by", &order)
        );
        let format = numbers.of(&["csv", "table", "json"]);
        pushed += u32::from(!compare(&shared, format, &sql));
    }
    assert!(pushed > 0, "none was added up there");
}
