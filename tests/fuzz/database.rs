//! The bytes of a book: the bundled one in a file, with bytes put in the place of others, pages swapped, the end cut off.

use crate::fuzz::asker::{Asker, drawn};
use crate::fuzz::batch;
use crate::fuzz::{Target, material};
use crate::scratch::random::Random;
use pledgebook::table::Format;
use rusqlite::Connection;
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
    /// The bundled book, and one whose views have comments in their definitions.
    whole: [Vec<u8>; 2],
}

/// The piece by which the second of them is spoilt.
const OTHER: &str = "other\n";

/// Writes a comment behind the name of each view.
const COMMENT: &str = "pragma writable_schema = on;
    update sqlite_schema set sql = substr(sql, 1, 12 + length(name)) || ' /*()()()()()()()()()()()()*/' || substr(sql, 13 + length(name))
    where type = 'view';";

impl Target for Databases {
    const BATCH: u64 = 300;

    fn new() -> Self {
        let directory = batch::directory();
        let (bundled, commented) = (material::book_bytes(&directory), directory.join("commented.db"));
        if !commented.exists() {
            fs::write(&commented, &bundled).expect("the directory is writable");
            let book = Connection::open(&commented).expect("it is a book");
            book.execute_batch(COMMENT).expect("its views can be defined otherwise");
        }
        for whole in [directory.join("whole.db"), commented.clone()] {
            let answer =
                Asker::open(Some(&whole), Format::Table).map(|mut asker| asker.entries_however_long("F29 / F30"));
            let is_sound = matches!(&answer, Ok(Ok(answer)) if answer.printed.contains("320,000 GBP/missile"));
            assert!(is_sound, "a whole book answers: {}", whole.display());
        }
        let commented = fs::read(&commented).expect("it was written");
        Self { path: directory.join("book.db"), whole: [bundled, commented] }
    }

    /// Each piece is one change to the bytes, or a question.
    fn input(random: &mut Random) -> Vec<String> {
        let place = |random: &mut Random| {
            // The header and the schema decide the most.
            let page = if random.chance(40) { random.below(3) } else { random.below(BOOK_BYTES / PAGE_BYTES) };
            page * PAGE_BYTES + if random.chance(40) { random.below(120) } else { random.below(PAGE_BYTES) }
        };
        let text = |random: &mut Random, at: usize| {
            format!("text {at} {}\n", *random.pick(&[0, 10, 0x1b, 0x27, 128, 0xc3, 0xe2, 255]))
        };
        let change = |random: &mut Random| {
            let at = place(random);
            match random.below(30) {
                12..=21 => text(random, at),
                22..=29 => {
                    format!("view {} {}\n", random.below(2_000), u32::from(*random.pick(b"()()()()'\"[`;-*\0")))
                }
                10 | 11 => format!("put {at} {}\n", 128 + random.below(128)),
                0 => format!("cut {at} 0\n"),
                1 | 2 => format!("swap {at} {}\n", place(random)),
                3 => format!("fill {at} {}\n", random.below(256)),
                4 => format!("flip {at} {}\n", random.below(8)),
                _ => format!("put {at} {}\n", *random.pick(&[0, 1, 2, 5, 10, 13, 127, 128, 254, 255, 0x1b, 0x27])),
            }
        };
        // Half the cases spoil texts alone, and what reads them is asked. After many other changes a book mostly does not open.
        let is_text = random.chance(50);
        let most = if random.chance(50) { 1 } else { 8 };
        let mut pieces: Vec<String> = (0..=random.below(most))
            .map(|_| match is_text.then(|| random.below(BOOK_BYTES)) {
                Some(at) => text(random, at),
                None => change(random),
            })
            .collect();
        if random.chance(50) {
            pieces.push(OTHER.to_owned());
        }
        let asked = |random: &mut Random| if is_text { 2 + random.below(15) } else { random.below(QUESTIONS.len()) };
        pieces.extend((0..5).map(|_| format!("ask {}\n", asked(random))));
        pieces
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let mut bytes = self.whole[usize::from(pieces.iter().any(|piece| piece == OTHER))].clone();
        let (asked, changes): (Vec<&String>, Vec<&String>) = pieces.iter().partition(|piece| piece.starts_with("ask "));
        for change in changes {
            apply(&mut bytes, change);
        }
        let mut questions = asked.iter().filter_map(|piece| QUESTIONS.get(piece[4..].trim().parse::<usize>().ok()?));
        fs::write(&self.path, &bytes).map_err(|error| error.to_string())?;
        match Asker::open(Some(&self.path), Format::Table) {
            Err(error) => drop(drawn(&error)?),
            Ok(mut book) => questions.try_for_each(|question| book.entries(question)?.tame())?,
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
        // A sign of SQL within the definition of a view, where that begins.
        // A byte within a text, which is where six letters or blanks stand.
        "text" => {
            let is_text = |byte: &u8| byte.is_ascii_lowercase() || *byte == b' ';
            let places = (at..bytes.len().saturating_sub(6)).chain(0..at.min(bytes.len().saturating_sub(6)));
            if let Some(found) = places.into_iter().find(|place| bytes[*place..place + 6].iter().all(is_text)) {
                bytes[found + 3] = byte;
            }
        }
        "other" => {}
        "view" => {
            let begins =
                |at: &usize| bytes[*at..].starts_with(b"CREATE VIEW") || bytes[*at..].starts_with(b"create view");
            let found: Vec<usize> = (0..bytes.len()).filter(begins).collect();
            if let Some(start) = number(1).checked_rem(found.len()).map(|which| found[which]) {
                bytes[start + 12 + number(1) % 31] = byte;
            }
        }
        _ => bytes[at] = byte,
    }
}
