//! That a search finds what people look for: other names, codes, forms of a word, words near it; and says of no word that
//! the source is silent. The table is to be read beside the book.

use pledgebook::store::search::{SEARCHED, SearchTerms};
use pledgebook::store::{Book, open};
use std::path::Path;
use std::{env, fs};

const TABLE: &str = include_str!("words.txt");

/// Each line of the table: the words, and what they find.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("`{line}` has no colon")))
}

/// What the words find in the book: near words, then ids.
fn found(book: &Book, words: &str) -> String {
    let sought = SearchTerms::read(book, words).expect("the book can be read");
    let found = book.search(&SEARCHED, &sought).expect("the book can be searched");
    let near = found.related.iter().flat_map(|(_, near)| near).map(|near| format!("~{near}"));
    let ids = found.entries.iter().map(|entry| entry.id.clone());
    let all: Vec<String> = near.chain(ids).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(" ") }
}

#[test]
fn words_find_what_the_table_says() {
    let book = open(None).expect("the bundled book opens");
    let (mut wrong, mut table) = (String::new(), TABLE.to_owned());
    for (words, expected) in lines() {
        let found = found(&book, words);
        if found != expected {
            wrong += &format!("{words}: {found}\n");
            table = table.replacen(&format!("\n{words}: {expected}\n"), &format!("\n{words}: {found}\n"), 1);
        }
    }
    if env::var_os("UPDATE").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/book/words.txt"), table).expect("it is writable");
    } else {
        let help = "where this is right, `UPDATE=1 cargo test words` writes it into the table";
        assert!(wrong.is_empty(), "these find something else; {help}:\n{wrong}");
    }
    assert!(lines().count() >= 80, "only {} searches", lines().count());
}

#[test]
fn letter_case_is_nothing_but_to_codes() {
    let book = open(None).expect("the bundled book opens");
    for (one, other) in [("america", "AMERICA"), ("Troops", "troops"), ("uk", "UK")] {
        assert_eq!(found(&book, one), found(&book, other), "{one}");
    }
    assert_ne!(found(&book, "tur"), found(&book, "TUR"), "a word of small letters is no code");
}

#[test]
fn whole_names_go_before_parts_of_names() {
    let book = open(None).expect("the bundled book opens");
    for (words, expected) in [
        ("UK", vec!["United Kingdom"]),
        ("US", vec!["United States"]),
        ("us", vec!["United States"]),
        ("gb", vec!["United Kingdom"]),
        ("UA", vec!["Ukraine"]),
        ("Ukr", vec!["Ukraine"]),
        ("Kyiv", vec!["Ukraine"]),
        ("Trump", vec!["Donald Trump"]),
        ("US President", vec!["Donald Trump"]),
        ("president", vec!["Donald Trump", "Vladimir Putin", "Volodymyr Zelenskyy"]),
        ("Baltic", vec!["Baltic states"]),
        ("States", vec!["Baltic states", "United States"]),
        ("coalition", vec!["the coalition"]),
        ("Keir", vec!["Keir Starmer"]),
        ("Poland", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(book.actors_named(words).expect("the book can be read"), expected, "{words}");
    }
}

#[test]
fn a_mistyped_word_is_led_to_one_of_the_book() {
    let book = open(None).expect("the bundled book opens");
    let meant = |word: &str| book.nearest_word(word).expect("the book can be read");
    for (word, expected) in
        [("misiles", Some("missiles")), ("Ukriane", Some("Ukraine")), ("Zelenski", Some("Zelenskiy")), ("Poland", None)]
    {
        assert_eq!(meant(word).as_deref(), expected, "{word}");
    }
}
