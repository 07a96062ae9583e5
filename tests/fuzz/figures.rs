//! Figures as people write them: whatever is read prints to a text that is read as the same, and has the digits that were
//! written; what is refused says what to do.

use crate::fuzz::{Target, mutate, tame};
use crate::scratch::random::Random;
use pledgebook::quantity::{Quantity, Strictness, WrittenFigure, parse_figure};
use pledgebook::store::{self, Book};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The spellings of the corpus.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/figures");
    let files = fs::read_dir(folder).expect("the corpus is there").map(|file| file.expect("it can be listed").path());
    let texts: Vec<String> = files.map(|file| fs::read_to_string(file).expect("it can be read")).collect();
    let lines = texts.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut spellings: Vec<String> = lines.filter_map(|line| Some(line.rsplit_once("  =>  ")?.0.to_owned())).collect();
    spellings.sort();
    spellings
});

/// Words and signs that stand for a number, or for a part of one.
const COUNTING: [&str; 37] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "teen",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million",
    "billion", "trillion", "dozen", "half", "½", "¼", "¾", "e", "E", "a ", "an ", "²",
];

/// The reader of what people write.
pub(crate) struct Figures(Book);

impl Target for Figures {
    const BATCH: u64 = 20_000;

    fn new() -> Self {
        Self(store::open(None).expect("the bundled book opens"))
    }

    fn input(random: &mut Random) -> Vec<String> {
        mutate::spoilt(random, &TEXTS)
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let text = pieces.concat();
        let units = self.0.units().map_err(|error| error.to_string())?;
        for strictness in [Strictness::Prose, Strictness::Code] {
            match parse_figure(&text, units, strictness) {
                Ok(figure) => {
                    has_its_digits(&text, &figure)?;
                    let printed = figure.quantity.to_string();
                    tame::check(&printed)?;
                    let again = parse_figure(&printed, units, Strictness::Code).map(|again| again.quantity);
                    if again.as_ref() != Ok(&figure.quantity) {
                        return Err(format!("`{printed}` is printed and read as {again:?}"));
                    }
                }
                Err(error) if error.help().is_none_or(|help| help.is_empty()) => {
                    return Err(format!("nothing is said to be done: {error}"));
                }
                Err(_) => {}
            }
        }
        Ok(())
    }
}

/// Whether the one number of a text that has it in digits is read with those digits, whatever separates them.
fn has_its_digits(text: &str, figure: &WrittenFigure) -> Result<(), String> {
    let is_in_words = COUNTING.iter().any(|word| text.to_lowercase().contains(word));
    let digits =
        |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().trim_matches('0').to_owned();
    let Some(number) = Quantity::number(&figure.quantity).filter(|_| figure.numbers.len() == 1 && !is_in_words) else {
        return Ok(());
    };
    let (written, read) = (digits(text), digits(&number.normalize().to_string()));
    // A power and the one above a line are the unit's; without a digit the number is in words, as `a`.
    let is_unit = text.contains(['^', '/', '*']);
    if written == read || is_unit || written.is_empty() {
        Ok(())
    } else {
        Err(format!("the digits {written} are read as {number}"))
    }
}
