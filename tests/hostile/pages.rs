//! Pages of a book's file that are emptied, stand in the place of others, or have one bit changed. An answer is the one of
//! the sound book, or the file is said to be damaged; a wrong number is never printed. What is left to chance is told where
//! it is.

use crate::hostile::{Answer, ask, files, long, scratch};
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: usize = 4096;

/// Questions that together read most tables, by views, by ids, by scripts.
const QUESTIONS: [&[&str]; 6] = [
    &["-c", "select * from facts"],
    &["-c", "select * from pledges"],
    &["-c", "F29 / F30"],
    &["-c", "select * from units"],
    &["check", "5,000 missiles"],
    &["run", "participants_by_certainty"],
];

/// A book in a directory of its own, its bytes, and what the sound one answers.
struct Book {
    directory: PathBuf,
    whole: Vec<u8>,
    sound: Vec<String>,
}

impl Book {
    fn new(name: &str) -> Self {
        let directory = scratch::directory(&format!("hostile_pages_{name}"));
        drop(scratch::book(&directory.join("it.db")));
        let whole = fs::read(directory.join("it.db")).expect("it was written");
        let sound = QUESTIONS.map(|question| {
            let answer = asked(&directory, question);
            assert_eq!(answer.code, Some(0), "{question:?}: {answer:?}");
            answer.out
        });
        Self { directory, whole, sound: sound.into() }
    }

    fn pages(&self) -> usize {
        self.whole.len() / PAGE
    }

    /// Asks one of the questions of the book with these bytes. There is an answer, or what is wrong with the book is said, with
    /// exit code 3.
    #[track_caller]
    fn asked(&self, what: &str, bytes: &[u8], number: usize) -> Answer {
        fs::write(self.directory.join("it.db"), bytes).expect("it is writable");
        let before = files(&self.directory);
        let answer = asked(&self.directory, QUESTIONS[number]);
        assert!(before == files(&self.directory), "{what}: a file is changed");
        let shown = format!("{what}, {:?}: {answer:?}", QUESTIONS[number]);
        match answer.code {
            Some(0) => {}
            Some(3) => {
                let words = ["the database is damaged: ", "it is not a SQLite database", "as a book: "];
                assert!(words.iter().any(|words| answer.err.contains(words)), "{shown}");
                // What streams has its heading out before the first row is read.
                assert!(answer.out.lines().count() <= 1, "{shown}");
            }
            _ => panic!("{shown}"),
        }
        answer
    }

    /// Whether what was answered to a question is not what the sound book answers.
    fn is_other(&self, answer: &Answer, number: usize) -> bool {
        answer.code == Some(0) && answer.out != self.sound[number]
    }

    #[track_caller]
    fn is_sound_or_refused(&self, what: &str, bytes: &[u8], number: usize) {
        let answer = self.asked(what, bytes, number);
        assert!(!self.is_other(&answer, number), "{what}: another answer, {answer:?}");
    }
}

/// All in the long run, and in the usual one so many that each question has its turn: the step and their number have no common part.
fn some<T>(all: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    all.step_by(if long::is_asked() { 1 } else { 5 })
}

fn asked(directory: &Path, question: &[&str]) -> Answer {
    ask(directory, &[&["it.db", "--csv"], question].concat())
}

#[test]
fn an_emptied_page_is_noticed() {
    let book = Book::new("emptied");
    for page in some(0..book.pages()) {
        let mut bytes = book.whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        let answer = book.asked(&format!("page {page}"), &bytes, page % QUESTIONS.len());
        // Each page of this book is needed, so that none can be emptied unseen.
        assert_eq!(answer.code, Some(3), "page {page}: {answer:?}");
    }
}

#[test]
fn a_page_in_the_place_of_another_is_noticed() {
    let book = Book::new("swapped");
    let pages = book.pages();
    // Neighbours, which often belong to one table, and pages far apart.
    let near = (1..pages).map(|page| (page - 1, page));
    let far = (0..pages / 2).map(|page| (page, (page * 37 + pages / 2) % pages)).filter(|(one, other)| one != other);
    for (round, (one, other)) in some(near.chain(far)).enumerate() {
        let mut bytes = book.whole.clone();
        for at in 0..PAGE {
            bytes.swap(one * PAGE + at, other * PAGE + at);
        }
        book.is_sound_or_refused(&format!("pages {one} and {other}"), &bytes, round % QUESTIONS.len());
    }
}

#[test]
fn a_page_written_over_by_a_copy_of_another_is_noticed() {
    let book = Book::new("copied");
    for page in some(1..book.pages()) {
        let mut bytes = book.whole.clone();
        bytes.copy_within((page - 1) * PAGE..page * PAGE, page * PAGE);
        book.is_sound_or_refused(&format!("page {page}"), &bytes, page % QUESTIONS.len());
    }
}

/// Where the bytes differ that are the data itself, a letter of a text, nobody can know: the file is whole, and says
/// something else. So another answer is allowed to one flip of a bit in the part of the pages that holds rows, and it may
/// differ only in what is one bit apart.
#[test]
fn a_flipped_bit_is_noticed_or_is_the_data_itself() {
    let book = Book::new("flipped");
    let mut others = 0;
    // So many that each question and each bit of a byte has its turn.
    let rounds = if long::is_asked() { 240 } else { 24 };
    for round in 0..rounds {
        let mut bytes = book.whole.clone();
        let at = round * 7_919 * 13 % bytes.len();
        bytes[at] ^= 1 << (round % 8);
        let number = round % QUESTIONS.len();
        let what = format!("byte {at}, bit {}", round % 8);
        let answer = book.asked(&what, &bytes, number);
        if book.is_other(&answer, number) {
            others += 1;
            let changed = changed_bytes(&book.sound[number], &answer.out);
            assert!(changed.is_some_and(|changed| changed > 0), "{what}: more than the letter is another: {answer:?}");
        }
    }
    assert!(others <= rounds / 10, "{others} of {rounds}");
}

/// How many bytes differ between two texts of one length, if each of them is the same wrong letter again.
fn changed_bytes(sound: &str, other: &str) -> Option<usize> {
    let (sound, other): (Vec<char>, Vec<char>) = (sound.chars().collect(), other.chars().collect());
    let pairs: Vec<(char, char)> =
        sound.iter().copied().zip(other.iter().copied()).filter(|(one, two)| one != two).collect();
    let is_one = pairs.iter().all(|pair| *pair == pairs[0]);
    (sound.len() == other.len() && is_one).then_some(pairs.len())
}

#[test]
fn a_book_that_takes_for_ever_to_look_through_ends_by_the_limit() {
    let directory = scratch::directory("hostile_pages_slow");
    let book = scratch::book(&directory.join("it.db"));
    // What the column costs is put in when the rows are there: they would take as long to write.
    let sql = "create table slow(a, b generated always as (a) virtual not null); \
               insert into slow(a) with recursive n(n) as (select 1 union all select n + 1 from n where n < 20000) \
               select n from n; pragma writable_schema = on; update sqlite_schema set sql = \
               replace(sql, 'as (a)', 'as (replace(hex(zeroblob(a + 3000000)), ''0'', ''ab''))') where name = 'slow'";
    book.execute_batch(sql).expect("it can be made");
    drop(book);
    for question in [&["-c", "select 1"][..], &["check", "5"], &["run", "roles"]] {
        ask(&directory, &[&["it.db", "--limit-time", "1"], question].concat()).is(4, "the limit of time");
    }
}

#[test]
fn the_header_says_what_is_wrong_with_it() {
    let book = Book::new("header");
    for (at, value, code, words) in [
        (0, b'T', 3, "it is not a SQLite database"),
        (16, 0, 3, ""),
        (16, 3, 3, ""),
        (18, 3, 0, scratch::fact_count()),
        (18, 9, 0, scratch::fact_count()),
        (19, 9, 3, ""),
        (20, 255, 3, ""),
        (21, 1, 3, ""),
        (28, 255, 3, ""),
        (47, 9, 3, ""),
        (56 + 3, 2, 3, ""),
        (60 + 3, 9, 3, "its schema is version 9"),
    ] {
        let mut bytes = book.whole.clone();
        bytes[at] = value;
        fs::write(book.directory.join("it.db"), bytes).expect("it is writable");
        let answer = ask(&book.directory, &["it.db", "--csv", "-c", "select count(*) from facts"]);
        assert_eq!(answer.code, Some(code), "{at} = {value}: {answer:?}");
        answer.is(code, words);
    }
}
