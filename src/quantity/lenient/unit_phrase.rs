//! What a number is of: the words behind it up to `per`, and what each of it is for. Which unit a word names is `unit_words`'.

use super::phrases::begins_with;
use super::scanner::Scanner;
use super::unit_words::{self, Codes, Problem};
use super::{number_words, tidied};
use crate::error::QuantityError;
use crate::quantity::Unit;

/// Words at which the name of a unit ends.
const ENDS: [&str; 17] = [
    "to", "and", "but", "or", "per", "a", "an", "each", "apiece", "every", "for", "plus", "at", "in", "through", "of",
    "up",
];

/// Words that say of what each is, with whether they are complete without naming it. Longer ones stand first.
const PER: [(&str, bool); 10] = [
    ("for each", false),
    ("for every", false),
    ("apiece", true),
    ("a piece", true),
    ("each", true),
    ("every", false),
    ("per", false),
    ("an", false),
    ("a", false),
    ("/", false),
];

/// Names of an item that say nothing of what it is.
const ITEMS: [&str; 5] = ["item", "unit", "piece", "one", "copy"];

/// The most units below the line.
const MOST_BELOW: usize = 6;

/// A currency before a number: the codes that it may stand for, and as it is written.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) codes: Codes,
    pub(super) written: String,
}

/// What a number is of.
#[derive(Debug, Clone, Default)]
pub(super) struct Measure {
    /// What is counted; `None` where nothing is named.
    pub(super) above: Option<Unit>,
    /// What each is for; `None` where nothing is named.
    pub(super) below: Option<Unit>,
    /// Whether each is for something that is not named.
    pub(super) is_each: bool,
    /// Whether the currency stands before the number.
    pub(super) is_before: bool,
    pub(super) skipped: Vec<String>,
}

impl<'r> Scanner<'r> {
    /// What a number is of. Behind an article alone no word is passed over: `a few missiles` are not one.
    pub(super) fn measure(&mut self, source: Option<Source>, is_article: bool) -> Result<Measure, QuantityError> {
        let mut measure = Measure { is_before: source.is_some(), ..Measure::default() };
        let behind = match self.written_unit() {
            Some(unit) => Some(unit),
            None => self.named_unit(source.as_ref(), &mut measure, is_article)?,
        };
        if is_article && behind.is_none() {
            return Err(self.refused("a number is missing", "write the number in digits, and its unit behind it"));
        }
        measure.above = match (source, behind) {
            (None, behind) => behind,
            (Some(source), None) => Some(Unit::base(&self.only(&source)?)?),
            (Some(source), Some(unit)) => Some(self.of_both(&source, unit)?),
        };
        self.per(&mut measure)?;
        self.known(&measure)?;
        Ok(measure)
    }

    /// A unit in the text form, where it has several parts: `GBP/missile`, `day^2`.
    fn written_unit(&mut self) -> Option<Unit> {
        let word = self.next_word();
        if !word.contains(['/', '*', '^']) {
            return None;
        }
        let unit = self.units.read_unit(word).ok()?;
        let length = word.len();
        self.step(length);
        Some(unit)
    }

    /// The unit that words behind the number name; `None` where there are none.
    fn named_unit(
        &mut self,
        source: Option<&Source>,
        measure: &mut Measure,
        is_article: bool,
    ) -> Result<Option<Unit>, QuantityError> {
        if let Some((length, codes)) = unit_words::sign(self.rest) {
            let written = self.rest[..length].to_owned();
            self.step(length);
            let code = self.only(&Source { codes: unit_words::of_book(codes, self.units), written })?;
            return Ok(Some(Unit::base(&code)?));
        }
        let words = self.words();
        if words.is_empty() {
            return Ok(None);
        }
        let (codes, skipped) = unit_words::read(&words, self.units).map_err(|problem| self.problem(problem))?;
        if is_article && !skipped.is_empty() {
            let why = format!("`{}` may change how many there are", skipped.join(" "));
            return Err(self.refused(&why, "write the number in digits"));
        }
        measure.skipped.extend(skipped);
        let fitting = match source {
            Some(source) => codes.iter().filter(|code| source.codes.contains(code)).cloned().collect(),
            None => codes.clone(),
        };
        let codes = if fitting.is_empty() { codes } else { fitting };
        let code = self.only(&Source { codes, written: words.join(" ") })?;
        Ok(Some(Unit::base(&code)?))
    }

    /// The words that may name a unit, which are stepped over.
    fn words(&mut self) -> Vec<&'r str> {
        let mut found = Vec::new();
        let mut rest = self.rest;
        loop {
            let length = word_length(rest);
            let word = &rest[..length];
            if length == 0 || ENDS.iter().any(|end| word.eq_ignore_ascii_case(end)) {
                break;
            }
            found.push(word);
            rest = rest[length..].trim_start();
        }
        self.rest = rest;
        found
    }

    /// What each is for, as often as that is said.
    fn per(&mut self, measure: &mut Measure) -> Result<(), QuantityError> {
        let mut below = Unit::one();
        for _ in 0..MOST_BELOW {
            let Some((word, is_complete)) = PER.into_iter().find(|(word, _)| begins_with(self.rest, word)) else {
                break;
            };
            self.step(word.len());
            if word == "a" && self.eat("head") || word == "per" && (self.eat("head") || self.eat("capita")) {
                below = below.multiply(&Unit::base("person")?)?;
                continue;
            }
            let is_number = self.rest.starts_with(|c: char| c.is_ascii_digit())
                || self
                    .rest
                    .split([' ', '-'])
                    .next()
                    .is_some_and(|next| number_words::is_number(next) && next.len() > 1)
                || unit_words::sign(self.rest).is_some();
            let is_one = self.eat("one");
            if is_number && !is_one {
                let why = format!("a number stands behind `{word}`");
                return Err(self.refused(&why, "give the figure for one of them"));
            }
            let words = self.words();
            let is_item = matches!(words.as_slice(), [word] if is_item(word) && unit_words::meanings(word, self.units).is_empty());
            match words.as_slice() {
                [] if is_complete || is_one => measure.is_each = true,
                [] => {
                    let why = format!("`{word}` does not say of what");
                    return Err(self.refused(&why, &format!("name it behind `{word}`, or write `each`")));
                }
                _ if is_item => measure.is_each = true,
                words => {
                    let (codes, skipped) =
                        unit_words::read(words, self.units).map_err(|problem| self.problem(problem))?;
                    measure.skipped.extend(skipped);
                    let code = self.only(&Source { codes, written: words.join(" ") })?;
                    below = below.multiply(&Unit::base(&code)?)?;
                }
            }
        }
        measure.below = Some(below).filter(|below| !below.is_one());
        Ok(())
    }

    /// The unit of a number that has one before it and one behind it.
    fn of_both(&self, source: &Source, unit: Unit) -> Result<Unit, QuantityError> {
        let is_of_source = source.codes.iter().any(|code| unit.power_of(code) == 1);
        if is_of_source {
            return Ok(unit);
        }
        let why = format!("it names two units, `{}` and `{unit}`", source.written);
        Err(self.refused(&why, "name one unit, and what each is for behind `per`"))
    }

    /// The one unit that something written may mean.
    fn only(&self, source: &Source) -> Result<String, QuantityError> {
        match source.codes.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(self.refused(
                &format!("the book has no unit for `{}`", source.written),
                "`select code, name from units` lists the units of the book",
            )),
            [first, .., last] => {
                let why = format!("`{}` may be any of several currencies", source.written);
                let choices = &source.codes[1..source.codes.len() - 1];
                let between: Vec<String> = choices.iter().map(|code| format!(", {code}")).collect();
                let cure = format!("name it by its code: {first}{} or {last}", between.concat());
                Err(self.refused(&why, &cure))
            }
        }
    }

    fn known(&self, measure: &Measure) -> Result<(), QuantityError> {
        measure.above.iter().chain(&measure.below).try_for_each(|unit| self.units.check(unit))
    }

    fn problem(&self, problem: Problem) -> QuantityError {
        match problem {
            Problem::Unknown(word) if number_words::is_number(&word) => {
                let why = format!("`{}` stands where its unit would", tidied::shortened(&word));
                self.refused(&why, "write the number in digits, and its unit behind it")
            }
            Problem::Unknown(word) => unit_words::unknown(&word, self.units),
            Problem::Absent(phrase) => {
                let is_difference = phrase.contains("percent") && phrase.contains("point");
                let what = if is_difference { ", which are not percent" } else { "" };
                let why = format!("the book has no unit for `{}`{what}", tidied::shortened(&phrase));
                self.refused(&why, "`select code, name from units` lists the units of the book")
            }
            Problem::Decisive(word, unit) => {
                let (word, unit) = (tidied::shortened(&word), tidied::shortened(&unit));
                self.refused(&format!("`{word}` may change what `{unit}` is"), "name the unit alone, or by its code")
            }
        }
    }
}

fn is_item(word: &str) -> bool {
    ITEMS.iter().any(|item| word.eq_ignore_ascii_case(item))
}

/// The length of the word at the beginning of `text`: letters, digits and `_`, with points, hyphens and apostrophes within.
fn word_length(text: &str) -> usize {
    if !text.starts_with(char::is_alphabetic) {
        return 0;
    }
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let is_within = matches!(c, '-' | '.' | '\'') && next.is_some_and(char::is_alphabetic);
        // The last point of `U.S.` is its own.
        let is_abbreviation = c == '.' && text[..at].contains('.');
        if !(c.is_alphanumeric() || c == '_' || is_within || is_abbreviation) {
            return at;
        }
        end = at + c.len_utf8();
    }
    end
}
