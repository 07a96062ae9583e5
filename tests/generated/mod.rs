//! Generated statements over the views and over lists of quantities. Each is answered twice: by SQL, and by a script
//! that reads plain rows and computes with the operators of scripts; both must come to the same, and so must SQL's operators in
//! the place of its functions. Statements in which something that knows no units is put to a quantity must all be refused.
//!
//! `PLEDGEBOOK_SEED` does the case of one seed again, as printed with a failure; `PLEDGEBOOK_CASES` says how many cases
//! there are, from that seed on; `PLEDGEBOOK_TESTS=long` does ten times as many as usually.

mod amounts;
mod ask;
mod book;
mod case;
mod compare;
mod condition;
mod expression;
mod keyed;
mod misuse;
mod misuses;
mod operators;
mod shape;
mod source;
mod statements;
mod window;
mod wrap;

use crate::scratch::long;
use crate::scratch::random::Random;
use ask::{Asker, Outcome};
use case::Case;
use misuse::Misuse;
use operators::with_operators;
use pledgebook::terminal::Language;
use std::cell::Cell;
use std::{env, fs};
use wrap::Setup;

/// How many cases of a session: what one leaves there may matter to the next, but not to all.
const PER_SESSION: u64 = 50;

/// Does the cases of the seeds that are asked for, so many in the long run, and reports all that fail.
fn every_case(book: &str, all: u64, check: impl Fn(&mut Asker, &mut Random) -> (String, Result<(), String>)) {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let (seed, cases) = (number("PLEDGEBOOK_SEED"), number("PLEDGEBOOK_CASES"));
    let first = seed.unwrap_or_default();
    let last = first + cases.unwrap_or(if seed.is_some() { 1 } else { long::part_of(all) });
    let path = book::write(book);
    let mut asker = Asker::new(&path);
    let mut failures = Vec::new();
    for seed in first..last {
        if seed % PER_SESSION == 0 {
            asker = Asker::new(&path);
        }
        let (told, done) = check(&mut asker, &mut Random::new(seed.wrapping_mul(0x5851_F42D_4C95_7F2D)));
        if let Some(what) = done.err() {
            failures.push(format!("PLEDGEBOOK_SEED={seed}\n{what}\n{told}"));
            asker = Asker::new(&path);
        }
    }
    drop(asker);
    fs::remove_file(&path).expect("the book is this process's own");
    assert!(failures.is_empty(), "{} of {} cases fail\n\n{}", failures.len(), last - first, failures.join("\n\n"));
}

/// Asks a statement between what must be said before and after it.
fn ask_within(asker: &mut Asker, setup: &Setup, sql: &str) -> Outcome {
    let said = |asker: &mut Asker, statements: &[String]| {
        statements.iter().find_map(|statement| asker.said(statement, Language::Sql).err())
    };
    let before = said(asker, &setup.before);
    let answered = before.clone().map_or_else(|| asker.ask(sql, Language::Sql), Outcome::Error);
    let after = said(asker, &setup.after).filter(|_| before.is_none());
    after.map_or(answered, Outcome::Error)
}

#[test]
fn sql_its_operators_and_scripts_give_the_same_answer() {
    let (asked, refused) = (Cell::new(0_u64), Cell::new(0_u64));
    every_case("answers", 300, |asker, random| {
        let case = Case::random(random);
        let answered = ask_within(asker, &case.setup, &case.sql);
        let computed = asker.ask(&case.script, Language::Script);
        let told = format!("{}\n{}\nSQL: {answered:?}\nscript: {computed:?}", case.setup.told(&case.sql), case.script);
        asked.set(asked.get() + 1);
        if compare::refused(&answered).is_ok() {
            refused.set(refused.get() + 1);
            return (told, Ok(()));
        }
        let same = compare::same(&answered, &computed, case.is_ordered);
        // Operators do more than the functions: they take a 0 for one of any unit, and a division by it for NULL.
        let operators = with_operators(&case.sql);
        if same.is_ok() && operators != case.sql && matches!(answered, Outcome::Rows(_)) {
            let translated = ask_within(asker, &case.setup, &operators);
            let told = format!("{told}\n{operators}\noperators: {translated:?}");
            let (translated, answered) = (compare::nothing_is_null(translated), compare::nothing_is_null(answered));
            return (told, compare::same(&translated, &answered, case.is_ordered));
        }
        (told, same)
    });
    // Where a query is read twice, sorted and halved, the pass can't always tell its registers apart, and refuses.
    assert!(
        refused.get() * 50 <= asked.get() + 50,
        "{} of {} sound statements are refused",
        refused.get(),
        asked.get()
    );
}

#[test]
fn what_knows_no_units_is_refused_whatever_it_is_wrapped_in() {
    every_case("misuses", 200, |asker, random| {
        let misuse = Misuse::random(random);
        let answered = ask_within(asker, &misuse.setup, &misuse.sql);
        (format!("{}\n{answered:?}", misuse.setup.told(&misuse.sql)), compare::refused(&answered))
    });
}
