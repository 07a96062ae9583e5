//! The bytes of a book: the bundled one in a file, with bytes put in the place of others, pages swapped, the end cut off.

use crate::asker::{Asker, drawn};
use crate::batch;
use crate::random::Random;
use crate::{Target, material};
use pledgebook::table::Format;
use std::fs;
use std::path::PathBuf;

/// The bytes of a page of the book, and of all of it, nearly: a place behind the end is taken from its beginning on.
const PAGE_BYTES: usize = 4096;
const BOOK_BYTES: usize = 600_000;

/// What every damaged book is asked.
const QUESTIONS: [&str; 24] = [
    ".tables",
    ".schema",
    "select * from facts",
    "select * from figures",
    "select * from pledges",
    "select * from pledge_items",
    "select * from participants",
    "select * from mentions",
    "select * from events",
    "select * from event_order",
    "select * from plan_points",
    "select * from actors",
    "select * from unknowns",
    "select * from tensions",
    "select * from conflicts",
    "select * from sources",
    "select * from units",
    "F29 / F30",
    ".why",
    ".unknowns",
    ".facts Starmer",
    ".run pledged_per_missile",
    ".run participants_by_certainty",
    "select sum(length(sql)) from sqlite_schema",
];

/// A file whose bytes are spoilt anew for each case.
pub(crate) struct Databases {
    path: PathBuf,
    whole: Vec<u8>,
}

impl Target for Databases {
    const BATCH: u64 = 50;

    fn new() -> Self {
        let directory = batch::directory();
        Self { path: directory.join("book.db"), whole: material::book_bytes(&directory) }
    }

    /// Each piece is one change to the bytes.
    fn input(random: &mut Random) -> Vec<String> {
        let place = |random: &mut Random| {
            // The header and the schema decide the most.
            let page = if random.chance(40) { random.below(3) } else { random.below(BOOK_BYTES / PAGE_BYTES) };
            page * PAGE_BYTES + if random.chance(40) { random.below(120) } else { random.below(PAGE_BYTES) }
        };
        let change = |random: &mut Random| {
            let at = place(random);
            match random.below(20) {
                0 => format!("cut {at} 0\n"),
                1 | 2 => format!("swap {at} {}\n", place(random)),
                3 => format!("fill {at} {}\n", random.below(256)),
                4 => format!("flip {at} {}\n", random.below(8)),
                _ => format!("put {at} {}\n", *random.pick(&[0, 1, 2, 5, 10, 13, 127, 128, 254, 255, 0x1b, 0x27])),
            }
        };
        (0..=random.below(8)).map(|_| change(random)).collect()
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let mut bytes = self.whole.clone();
        for piece in pieces {
            apply(&mut bytes, piece);
        }
        fs::write(&self.path, &bytes).map_err(|error| error.to_string())?;
        match Asker::open(Some(&self.path), Format::Table) {
            Err(error) => drop(drawn(&error)?),
            Ok(mut asker) => QUESTIONS.iter().try_for_each(|question| asker.entries(question)?.tame())?,
        }
        if fs::read(&self.path).is_ok_and(|now| now == bytes) { Ok(()) } else { Err("the file is changed".to_owned()) }
    }
}

/// Does one change.
fn apply(bytes: &mut Vec<u8>, change: &str) {
    let words: Vec<&str> = change.split_whitespace().collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<usize>().ok()).unwrap_or_default();
    if bytes.is_empty() {
        return;
    }
    let (at, value) = (number(1) % bytes.len(), number(2));
    let byte = u8::try_from(value % 256).unwrap_or_default();
    match words[0] {
        "cut" => bytes.truncate(at),
        "swap" => {
            let (one, other) = (at / PAGE_BYTES * PAGE_BYTES, value % bytes.len() / PAGE_BYTES * PAGE_BYTES);
            for offset in 0..PAGE_BYTES {
                if one.max(other) + offset < bytes.len() {
                    bytes.swap(one + offset, other + offset);
                }
            }
        }
        "fill" => {
            let end = (at + 200).min(bytes.len());
            bytes[at..end].fill(byte);
        }
        "flip" => bytes[at] ^= 1 << (value % 8),
        _ => bytes[at] = byte,
    }
}
