//! How a figure is put together: what stands before a number, the number, its unit, what stands behind, and the second number of a
//! range. Step by step, so that no text is too deep to read.

use super::number_reader;
use super::numeral::Numeral;
use super::phrases::{self, Bound, Phrase};
use super::scanner::Scanner;
use super::unit_phrase::{Measure, Source};
use super::{Approximation, number_words, tidied, unit_words};
use crate::error::QuantityError;

/// Words that join the two numbers of a range whatever stands before the first.
const JOINTS: [&str; 7] = ["..", "to", "–", "—", "-", "up to", "through"];

/// Words that may not be left without what they announce.
const DANGLING: [&str; 4] = ["between", "from", "to", "and"];

/// A number with what bounds it and what it is of.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// Its bound, and whether a sign says so.
    pub(super) bound: Option<(Bound, bool)>,
    pub(super) approximation: Option<Approximation>,
    pub(super) numeral: Numeral,
    pub(super) measure: Measure,
}

/// What words before or behind a number say of it.
#[derive(Debug, Clone, Default)]
struct Said {
    bound: Option<(Bound, bool)>,
    approximation: Option<Approximation>,
    told: Vec<String>,
}

/// What announces two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    Between,
    From,
}

impl Scanner<'_> {
    /// The numbers of a figure: one, or the two of a range.
    pub(super) fn ends(&mut self) -> Result<(End, Option<End>), QuantityError> {
        let mut said = self.before()?;
        let opening = self.opening();
        if opening.is_some() && said.bound.is_some() {
            return Err(self.refused("it has a bound and two numbers", "give one of the two"));
        }
        let before = self.before()?;
        self.add(&mut said, &before)?;
        let first = self.end(said)?;
        let second = if self.joins(opening, &first) {
            let said = self.before()?;
            Some(self.end(said)?)
        } else {
            None
        };
        match opening {
            Some(opening) if second.is_none() => {
                let word = if opening == Opening::Between { "between" } else { "from" };
                Err(self.refused(&format!("`{word}` has one number"), "give both numbers, or leave it out"))
            }
            _ if !self.rest.is_empty() => Err(self.left_over()),
            _ => Ok((first, second)),
        }
    }

    fn opening(&mut self) -> Option<Opening> {
        if self.eat("between") {
            Some(Opening::Between)
        } else if self.eat("anywhere from") || self.eat("from") {
            Some(Opening::From)
        } else {
            None
        }
    }

    /// Steps over what joins two numbers; whether it did.
    fn joins(&mut self, opening: Option<Opening>, first: &End) -> bool {
        let is_bounded = first.bound.is_some_and(|(bound, _)| bound.is_lower());
        let and_joins = opening == Some(Opening::Between) || opening.is_none() && is_bounded;
        JOINTS.into_iter().any(|joint| self.eat(joint)) || is_bounded && self.eat("but") || and_joins && self.eat("and")
    }

    /// A number with its currency and unit, and what is said of it before and behind.
    fn end(&mut self, mut said: Said) -> Result<End, QuantityError> {
        let is_negative = self.sign();
        let source = self.currency_before();
        let is_negative = is_negative || source.is_some() && self.sign();
        let numeral = number_reader::read(self.rest, self.strictness, source.is_some()).map_err(|unclear| {
            let error =
                self.refused(&unclear.why(), "group the digits by threes and put a point before decimal places");
            self.unclear = Some(unclear);
            error
        })?;
        let Some((length, mut numeral)) = numeral else { return Err(self.no_number()) };
        self.refuse_unit_as_scale(length)?;
        self.step(length);
        if is_negative {
            numeral.digits.insert(0, '-');
        }
        self.joining_hyphen();
        let behind = self.behind()?;
        self.add(&mut said, &behind)?;
        let mut measure = self.measure(source, numeral.is_article)?;
        let behind = self.behind()?;
        self.add(&mut said, &behind)?;
        if said.bound.is_none() && self.rest.starts_with("<..") {
            said.bound = Some((Bound::Above, true));
            self.step(1);
        }
        measure.skipped.splice(0..0, said.told);
        Ok(End { bound: said.bound, approximation: said.approximation, numeral, measure })
    }

    /// What is said before a number.
    fn before(&mut self) -> Result<Said, QuantityError> {
        self.phrases(phrases::before)
    }

    /// What is said behind it.
    fn behind(&mut self) -> Result<Said, QuantityError> {
        self.phrases(phrases::behind)
    }

    fn phrases(&mut self, find: fn(&str) -> Option<(usize, Phrase)>) -> Result<Said, QuantityError> {
        let mut said = Said::default();
        while let Some((length, phrase)) = find(self.rest) {
            let mut more = Said::default();
            match phrase {
                Phrase::Bound(bound) => more.bound = Some((bound, false)),
                Phrase::Sign(bound) => more.bound = Some((bound, true)),
                Phrase::Hedge(hedge) => more.approximation = Some(hedge),
                Phrase::Nothing => {}
                Phrase::Told(word) => more.told.push(word.to_owned()),
            }
            self.add(&mut said, &more)?;
            self.step(length);
        }
        Ok(said)
    }

    /// Adds what is said to what has been said: two bounds are one too many.
    fn add(&self, said: &mut Said, more: &Said) -> Result<(), QuantityError> {
        if said.bound.is_some() && more.bound.is_some() {
            return Err(self.refused("it has two bounds", "give one of the two"));
        }
        said.bound = said.bound.or(more.bound);
        said.approximation = said.approximation.or(more.approximation);
        said.told.extend(more.told.iter().cloned());
        Ok(())
    }

    /// Steps over the sign of a number; whether it is negative.
    fn sign(&mut self) -> bool {
        let is_negative = ["-", "–", "minus"].into_iter().any(|sign| self.eat(sign));
        if !is_negative {
            self.eat("+");
        }
        is_negative
    }

    /// A currency before a number, by its sign or its code.
    fn currency_before(&mut self) -> Option<Source> {
        if let Some((length, codes)) = unit_words::sign(self.rest) {
            let written = self.rest[..length].to_owned();
            self.step(length);
            return Some(Source { codes: unit_words::of_book(codes, self.units), written });
        }
        let (length, code) = unit_words::code_before(self.rest, self.units)?;
        let is_before_number =
            self.rest[length..].trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
        if !is_before_number {
            return None;
        }
        let written = self.rest[..length].to_owned();
        self.step(length);
        Some(Source { codes: vec![code], written })
    }

    /// Refuses a word behind the digits that is a power of ten and a unit of the book too.
    fn refuse_unit_as_scale(&self, length: usize) -> Result<(), QuantityError> {
        let written = &self.rest[..length];
        let word = written.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if !word.is_empty() && number_words::is_number(word) && self.units.get(word).is_some() {
            let why = format!("`{word}` is a power of ten and a unit of the book");
            return Err(self.refused(&why, "write the number out, and the unit behind a space"));
        }
        Ok(())
    }

    /// Steps over the hyphen of `5-day`.
    fn joining_hyphen(&mut self) {
        let is_joining = self.rest.strip_prefix('-').is_some_and(|rest| {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            end > 0 && !number_words::is_number(&rest[..end])
        });
        if is_joining {
            self.step(1);
        }
    }

    fn no_number(&self) -> QuantityError {
        let word = self.next_word();
        let is_dangling = word.is_empty() && DANGLING.into_iter().any(|word| self.shown.to_lowercase().ends_with(word));
        let why = match word {
            _ if is_dangling => "a number is missing at its end".to_owned(),
            "" => "a number is missing".to_owned(),
            word => format!("a number is missing before `{}`", tidied::shortened(word)),
        };
        self.refused(&why, "write the number in digits, and its unit behind it")
    }

    /// The error of what stands behind a figure.
    fn left_over(&self) -> QuantityError {
        let word = tidied::shortened(self.next_word());
        self.refused(&format!("`{word}` is no part of a figure"), "give the number and its unit alone")
    }
}
