//! Ordinary SQL on quantities against an oracle: random statements over small random tables, imported or given, are answered by
//! the program and by an evaluator over fractions that knows the semantics alone and shares no code with it. A number, unit,
//! stage, record, row or NULL that is another one is a failure; so is an answer to what has no meaning. A refusal of what has
//! one is counted, and bounded.
//!
//! `PLEDGEBOOK_SEED` does the case of one seed again, as printed with a failure, and `PLEDGEBOOK_CASES` says how many from there
//! on; `PLEDGEBOOK_TESTS=long` does a hundred times as many as usually, from a seed that the clock decides.

mod aggregate;
mod amount;
mod answered;
mod book;
mod evaluate;
mod expression;
mod expressions;
mod fault;
mod generate;
mod order;
mod run;
mod select;
mod shrink;
mod tables;
mod tally;
mod value;

use crate::scratch::long;
use crate::scratch::random::Random;
use book::Book;
use fault::Fault;
use run::oracle;
use select::Select;
use std::env;
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};
use tables::{Origin, Table};
use tally::{Outcome, Tally};

/// How many statements are asked of the tables of one book.
const PER_BOOK: u64 = 40;

/// How many statements the usual run asks.
const USUAL: u64 = 500;

/// How many failures are told; the rest is counted.
const TOLD: usize = 5;

const ORIGINS: [Origin; 7] = [
    Origin::Imported { has_units: false, has_stages: false, is_scaled: false },
    Origin::Imported { has_units: false, has_stages: false, is_scaled: true },
    Origin::Imported { has_units: true, has_stages: false, is_scaled: false },
    Origin::Imported { has_units: false, has_stages: true, is_scaled: false },
    Origin::Given { is_inline: false, has_units: false },
    Origin::Given { is_inline: true, has_units: false },
    Origin::Given { is_inline: true, has_units: true },
];

/// The tables of the book of a seed.
fn tables_of(seed: u64) -> Vec<Table> {
    let mut random = Random::new((seed / PER_BOOK).wrapping_mul(0x9E6D_62D0_6F6A_9A9B));
    let mut table = |(at, origin): (usize, &Origin)| Table::random(&mut random, format!("t{at}"), *origin);
    ORIGINS.iter().enumerate().map(&mut table).collect()
}

fn statement_of(seed: u64, tables: &[Table]) -> (&'static str, Select) {
    generate::statement(&mut Random::new(seed.wrapping_mul(0x5851_F42D_4C95_7F2D)), tables)
}

/// Asks both, and says what is wrong.
fn judge(book: &mut Book, select: &Select) -> (Outcome, Result<(), String>) {
    let wanted = oracle(select, &book.known);
    if wanted.as_ref().err() == Some(&Fault::Open) {
        return (Outcome::Open, Ok(()));
    }
    let given = book.ask(select);
    match (wanted, given) {
        (_, Err(message)) if message.starts_with("panicked") => (Outcome::Wrong, Err(message)),
        (Ok(answer), Ok(rows)) => match answered::check(&answer, &rows) {
            Ok(()) => (Outcome::Equal, Ok(())),
            Err(what) => (Outcome::Wrong, Err(what)),
        },
        (Ok(_), Err(message)) => (Outcome::Refused(answered::class(&message)), Ok(())),
        (Err(_), Err(_)) => (Outcome::Error, Ok(())),
        (Err(_), Ok(rows)) => (Outcome::Wrong, Err(format!("it has no meaning, and is answered by {rows:?}"))),
    }
}

/// The smallest statement and tables found that still fail, as they are told.
fn told(seed: u64, mut tables: Vec<Table>, mut select: Select, mut what: String) -> String {
    let failure = |tables: &[Table], select: &Select| judge(&mut Book::new(tables), select).1.err();
    loop {
        let mut book = Book::new(&tables);
        let smaller =
            shrink::statements(&select).into_iter().find_map(|other| Some((judge(&mut book, &other).1.err()?, other)));
        let Some((error, other)) = smaller else { break };
        (what, select) = (error, other);
    }
    while let Some((error, other)) =
        shrink::tables(&tables).into_iter().find_map(|other| Some((failure(&other, &select)?, other)))
    {
        (what, tables) = (error, other);
    }
    let mut book = Book::new(&tables);
    let (wanted, given) = (oracle(&select, &book.known), book.ask(&select));
    let setup = book::told(&tables, &select);
    format!("PLEDGEBOOK_SEED={seed}\n{setup}\n{what}\nthe oracle: {wanted:?}\nthe program: {given:?}")
}

#[test]
fn statements_answer_as_the_oracle_does() {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let (seed, cases) = (number("PLEDGEBOOK_SEED"), number("PLEDGEBOOK_CASES"));
    let by_clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs()) * PER_BOOK * USUAL;
    let (first, count) = match seed {
        Some(seed) => (seed, cases.unwrap_or(1)),
        None if long::is_asked() => (by_clock(), USUAL * 200),
        None => (0, USUAL),
    };
    let (mut tally, mut failures) = (Tally::default(), Vec::new());
    let mut open: Option<(u64, Vec<Table>, Book)> = None;
    for seed in first..first + count {
        let (number, tables, mut book) =
            open.take().filter(|(number, ..)| *number == seed / PER_BOOK).unwrap_or_else(|| {
                let tables = tables_of(seed);
                let book = Book::new(&tables);
                (seed / PER_BOOK, tables, book)
            });
        let (kind, select) = statement_of(seed, &tables);
        let (outcome, done) = judge(&mut book, &select);
        tally.count(kind, seed, outcome);
        if let Some(what) = done.err() {
            failures.push(if failures.len() < TOLD { told(seed, tables.clone(), select, what) } else { String::new() });
            book = Book::new(&tables);
        }
        open = Some((number, tables, book));
    }
    writeln!(io::stdout(), "from PLEDGEBOOK_SEED={first} on:\n{tally}").expect("somebody listens");
    let shown: Vec<&String> = failures.iter().filter(|told| !told.is_empty()).collect();
    assert!(
        failures.is_empty(),
        "{} of {count} statements fail\n\n{}",
        failures.len(),
        shown.iter().map(|told| told.as_str()).collect::<Vec<_>>().join("\n\n")
    );
    if seed.is_none() {
        tally.check();
    }
}
