//! The finder of figures in a text: each number that may be a figure, read with its unit and its qualifier, or the reason why it can't
//! be; and the numbers that are none, by their kind: dates, telephone numbers, sections.
//!
//! Reading order: this file; `non_figure` for the numbers that are no figures, `token` and `words` for the words of a text,
//! `extent` for where a figure begins and ends, `share` and `vague` for those without a number of their own.

mod extent;
mod non_figure;
mod share;
mod token;
mod vague;
mod word_lists;

use super::lenient::terminals;
use super::{UnitRegistry, WrittenFigure, parse_figure};
use crate::quantity::Strictness;
use std::ops::Range;
use token::{Token, TokenKind};

pub use non_figure::NonFigure;

/// A stretch of a text that has a number or stands for one.
#[derive(Debug)]
pub struct FoundFigure {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The sentence that it is in.
    pub sentence: Range<usize>,
    /// The figure, or the reason why it can't be read.
    pub reading: Result<WrittenFigure, Unreadable>,
}

/// The reason why a figure can't be read, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The reason.
    pub why: String,
    /// The help.
    pub help: Option<String>,
}

impl Unreadable {
    fn because(why: String) -> Self {
        Self { why, help: None }
    }
}

/// The figures of a text, and the numbers in it that are none.
#[derive(Debug, Default)]
pub struct Findings {
    /// The figures, in the order of the text.
    pub figures: Vec<FoundFigure>,
    /// The numbers that are no figures.
    pub others: Vec<(NonFigure, Range<usize>)>,
}

/// Finds the figures of a text: a paragraph, a heading, a cell. A heading may begin with the number of its section. Where
/// `is_stopped` becomes true, the findings end.
#[must_use]
pub fn find(text: &str, is_heading: bool, units: &UnitRegistry, is_stopped: &dyn Fn() -> bool) -> Findings {
    let others = non_figure::find(text, is_heading, units, is_stopped);
    let sentences = token::sentences(text, &others);
    let mut finder = Finder { text, units, tokens: Vec::new(), others: Vec::new(), figures: Vec::new(), is_stopped };
    for sentence in &sentences {
        finder.tokens = token::tokens(text, sentence, &others);
        finder.sentence(sentence);
    }
    let mut others: Vec<(NonFigure, Range<usize>)> = others.into_iter().chain(finder.others).collect();
    others.sort_by_key(|(_, range)| range.start);
    Findings { figures: finder.figures, others }
}

/// The state of finding.
struct Finder<'t> {
    is_stopped: &'t dyn Fn() -> bool,
    text: &'t str,
    units: &'t UnitRegistry,
    /// The tokens of the sentence.
    tokens: Vec<Token<'t>>,
    /// The numbers that are no figures by the words around them.
    others: Vec<(NonFigure, Range<usize>)>,
    figures: Vec<FoundFigure>,
}

impl Finder<'_> {
    /// Finds the figures of a sentence, from its start to its end.
    fn sentence(&mut self, sentence: &Range<usize>) {
        let mut at = 0;
        while at < self.tokens.len() && !(self.is_stopped)() {
            let found = vague::find(&self.tokens, at, self.text)
                .or_else(|| share::find(self, at))
                .or_else(|| self.number(at, sentence.end));
            match found {
                Some(Found::Figure(range, reading)) => {
                    // A mark between two figures is of the first.
                    let before = self.figures.last().map_or(0, |before| before.range.end);
                    let (range, end) = (range.start.max(before)..range.end, range.end);
                    self.figures.push(FoundFigure { range, sentence: sentence.clone(), reading: *reading });
                    at = self.next_token(at, end);
                }
                Some(Found::Other(kind, range)) => {
                    let end = range.end;
                    self.others.push((kind, range));
                    at = self.next_token(at, end);
                }
                None => at += 1,
            }
        }
    }

    /// The first token behind an offset.
    fn next_token(&self, at: usize, end: usize) -> usize {
        (at + 1..self.tokens.len()).find(|next| self.tokens[*next].start >= end).unwrap_or(self.tokens.len())
    }

    /// The figure whose number begins at a token.
    fn number(&self, at: usize, limit: usize) -> Option<Found> {
        let token = &self.tokens[at];
        let is_candidate = match token.kind {
            TokenKind::Number => true,
            TokenKind::Word => word_lists::may_begin_number(&token.lower),
            TokenKind::Mark => token.text.starts_with(['½', '¼', '¾']),
            TokenKind::Other => false,
        };
        if !is_candidate {
            return None;
        }
        if let Some(kind) = self.year_or_name(at) {
            return Some(Found::Other(kind, token.start..token.end()));
        }
        let currency = terminals::currency_length_before(&self.text[..token.start], self.units);
        let first = terminals::numeral_at(&self.text[token.start..limit], currency > 0)?;
        if first.is_article && !self.is_counting_article(at) || token.lower == "one" && self.is_pronoun(at) {
            return None;
        }
        if self.is_idiom(at) {
            return None;
        }
        if let Some(end) = self.decimal_in_words(at) {
            let why = "it is a decimal number in words".to_owned();
            let help = Some("write the number in digits, and its unit behind it".to_owned());
            return Some(Found::Figure(token.start..end, Box::new(Err(Unreadable { why, help }))));
        }
        let extent = extent::Extent::of(self, at, currency, limit)?;
        let reading = extent.reading(self);
        Some(Found::Figure(reading.0, Box::new(reading.1)))
    }

    /// A year, or a number that is part of a name: `Leopard 2`, `Big Three`.
    fn year_or_name(&self, at: usize) -> Option<NonFigure> {
        let (token, next) = (&self.tokens[at], self.tokens.get(at + 1));
        let before = at.checked_sub(1).map(|before| &self.tokens[before]);
        if token.kind == TokenKind::Word {
            let is_name = at > 0
                && token.text.starts_with(char::is_uppercase)
                && terminals::begins_number(&token.lower)
                && self.tokens[..at].iter().any(|before| before.kind == TokenKind::Word)
                && !self.is_after_opening(at);
            return is_name.then_some(NonFigure::Identifier);
        }
        if token.is_year() && self.is_used_as_year(at) {
            return Some(NonFigure::Year);
        }
        let is_plain = token.text.len() <= 3 && token.text.bytes().all(|byte| byte.is_ascii_digit());
        let before = before.filter(|before| {
            before.kind == TokenKind::Word && token.has_blank_before && before.text.starts_with(char::is_uppercase)
        })?;
        let is_place = at >= 2 && word_lists::is_place_preposition(&self.tokens[at - 2].lower);
        let is_initial = at == 1 && !word_lists::is_model_name(&before.lower);
        let is_currency = terminals::currency_length_before(&self.text[..token.start], self.units) > 0;
        let is_scaled = next.is_some_and(|next| word_lists::is_scale(&next.lower) || next.text == "%");
        (is_plain && !is_place && !is_initial && !is_currency && !is_scaled && !word_lists::is_function(&before.lower))
            .then_some(NonFigure::Identifier)
    }

    /// True behind a quotation mark, a bracket or a colon, where a sentence may begin.
    fn is_after_opening(&self, at: usize) -> bool {
        let before = &self.tokens[at - 1];
        before.kind == TokenKind::Mark && before.text.starts_with(['"', '“', '‘', '(', ':', '–', '—', '\'', '•', '*'])
    }

    /// True for four digits that are used as a year: without a unit behind them, or behind a word as `in` or `since`.
    fn is_used_as_year(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.tokens[before].lower.as_str());
        if word_lists::is_year_preposition(before) {
            return true;
        }
        let Some(next) = self.tokens.get(at + 1).filter(|next| next.kind == TokenKind::Word) else {
            let is_sign = self
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.text == "%" || terminals::sign_length(next.text).is_some());
            return !is_sign && terminals::currency_length_before(&self.text[..self.tokens[at].start], self.units) == 0;
        };
        let is_unit = terminals::unit_name(next.text, self.units).is_some() || terminals::is_number_word(&next.lower);
        let is_currency = terminals::currency_length_before(&self.text[..self.tokens[at].start], self.units) > 0;
        let is_noun = word_lists::is_plural_noun(&next.lower) && !word_lists::is_before_year(before);
        let is_joined = next.lower == "to" || next.lower == "or";
        !is_unit && !is_currency && !is_noun && !is_joined && next.has_blank_before
    }

    /// True for `one` that stands for somebody or something: behind `no`, before a word that is no noun.
    fn is_pronoun(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.tokens[before].lower.as_str());
        let is_joined = self.tokens.get(at + 1).is_some_and(|next| matches!(next.text, "-" | "‑"));
        let next = self.tokens.get(at + 1).filter(|next| next.kind == TokenKind::Word);
        let is_free = next.is_none_or(|next| {
            word_lists::is_function(&next.lower) && !matches!(next.lower.as_str(), "to" | "or" | "in" | "per" | "out")
        });
        let is_per_cent = next.is_some_and(|next| next.lower == "percent" || next.lower == "per");
        matches!(
            before,
            "no" | "any" | "every" | "some" | "which" | "the" | "this" | "that" | "each" | "other" | "another"
        ) && !is_per_cent
            || is_free && !is_joined && !is_per_cent && self.tokens.get(at + 1).is_none_or(|next| next.text != "%")
            || next.is_some_and(|next| word_lists::is_behind_pronoun(&next.lower))
    }

    /// True for `one-off` and `two-way`.
    fn is_idiom(&self, at: usize) -> bool {
        let is_joined = self.tokens.get(at + 1).is_some_and(|next| matches!(next.text, "-" | "‑"));
        is_joined
            && self
                .tokens
                .get(at + 2)
                .is_some_and(|next| word_lists::is_idiom(next.lower.split('-').next().unwrap_or_default()))
    }

    /// The end of a decimal number in words with what it counts: `one point six billion pounds`.
    fn decimal_in_words(&self, at: usize) -> Option<usize> {
        let is_number =
            |step: usize| self.tokens.get(at + step).is_some_and(|token| terminals::is_number_word(&token.lower));
        let is_point = self.tokens.get(at + 1).is_some_and(|token| token.lower == "point");
        if self.tokens[at].kind != TokenKind::Word || !is_point || !is_number(0) || !is_number(2) {
            return None;
        }
        let behind = (at + 3..self.tokens.len()).find(|next| !terminals::is_number_word(&self.tokens[*next].lower));
        let unit = behind
            .map(|next| &self.tokens[next])
            .filter(|next| word_lists::is_plural_noun(&next.lower) || next.lower == "percent");
        unit.or(self.tokens.get(behind.unwrap_or(self.tokens.len()) - 1)).map(Token::end)
    }

    /// True for `a day after`, in which the article counts.
    fn is_counting_article(&self, at: usize) -> bool {
        let [Some(noun), Some(behind)] = [1, 2].map(|step| self.tokens.get(at + step)) else { return false };
        word_lists::is_time_noun(&noun.lower) && word_lists::is_after_time(&behind.lower)
    }
}

/// A stretch that a finder found.
enum Found {
    Figure(Range<usize>, Box<Result<WrittenFigure, Unreadable>>),
    Other(NonFigure, Range<usize>),
}

/// Reads a figure that was found, and refuses one without a unit.
fn read(text: &str, units: &UnitRegistry) -> Result<WrittenFigure, Unreadable> {
    let figure = parse_figure(text, units, Strictness::Prose).map_err(|error| {
        let message = error.message();
        let why = message.split_once("`: ").map_or(message.as_str(), |(_, why)| why);
        Unreadable { why: why.to_owned(), help: error.help() }
    })?;
    if figure.quantity.unit().is_none_or(super::Unit::is_one) {
        return Err(Unreadable::because("no unit of the book is beside it".to_owned()));
    }
    Ok(figure)
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::quantity::{BaseUnit, UnitRegistry};

    fn units() -> UnitRegistry {
        let unit = |(code, kind, name): (&str, &str, &str)| BaseUnit {
            code: code.into(),
            kind: kind.into(),
            places: 2,
            name: name.into(),
        };
        UnitRegistry::new(
            [
                ("GBP", "currency", "pound sterling"),
                ("EUR", "currency", "euro"),
                ("USD", "currency", "US dollar"),
                ("AUD", "currency", "Australian dollar"),
                ("KRW", "currency", "won"),
                ("missile", "count", "missile"),
                ("troop", "count", "soldier of a force"),
                ("person", "count", "person"),
                ("state", "count", "state"),
                ("point", "count", "point of a plan"),
                ("day", "time", "day"),
                ("month", "time", "month"),
                ("year", "time", "year"),
                ("percent", "ratio", "hundredth part"),
            ]
            .map(unit),
        )
    }

    /// The figures as `written = quantity` or `written ? reason`, and the numbers that are none as `kind: written`.
    fn found(text: &str) -> Vec<String> {
        let found = find(text, false, &units(), &|| false);
        let mut all: Vec<(usize, String)> = Vec::new();
        for figure in found.figures {
            let written = &text[figure.range.clone()];
            let reading = match figure.reading {
                Ok(read) => {
                    format!("{written} = {}{}", read.quantity, if read.per_unnamed_item { " each" } else { "" })
                }
                Err(unreadable) => format!("{written} ? {}", unreadable.why),
            };
            all.push((figure.range.start, reading));
        }
        all.extend(
            found
                .others
                .into_iter()
                .map(|(kind, range)| (range.start, format!("{}: {}", kind.words().0, &text[range]))),
        );
        all.sort();
        all.into_iter().map(|(_, found)| found).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(found(text), expected, "{text}");
    }

    #[test]
    fn a_figure_has_its_unit_and_qualifier() {
        check(
            "It buys 5,000 additional air-defence missiles.",
            &["5,000 additional air-defence missiles = 5000 missile"],
        );
        check(
            "They cost £320,000 each, or nearly £1.6bn.",
            &["£320,000 each = 320000 GBP each", "nearly £1.6bn = ≈1600000000 GBP"],
        );
        check(
            "Each costs between £310,000 and £330,000 per missile, not £1.6 billion.",
            &[
                "between £310,000 and £330,000 per missile = 310000..330000 GBP/missile",
                "£1.6 billion = 1600000000 GBP",
            ],
        );
        check("It took two to three days.", &["two to three days = 2..3 day"]);
        check("More than a dozen countries joined.", &["More than a dozen countries = >12 state"]);
        check("A third of the states voted.", &["A third = ≈33.33333333333333333333333333 percent"]);
        check("A 19-year deal with a four-point plan.", &["19-year = 19 year", "four-point = 4 point"]);
        check("Growth of 9.5 per cent, about 9%.", &["9.5 per cent = 9.5 percent", "about 9% = ≈9 percent"]);
        check("a day after; a day in May; within at least 2 days", &["a day = 1 day", "at least 2 days = >=2 day"]);
        check("It cost €5m and EUR 400,000.", &["€5m = 5000000 EUR", "EUR 400,000 = 400000 EUR"]);
        check("It handed over 5,000 missiles.", &["5,000 missiles = 5000 missile"]);
    }

    #[test]
    fn what_may_be_a_figure_and_cannot_be_read_has_a_reason() {
        check("Dozens of states spoke.", &["Dozens of states ? `Dozens of states` is no single number"]);
        check(
            "in the mid-teens, a handful",
            &["the mid-teens ? `the mid-teens` is no single number", "a handful ? `a handful` is no single number"],
        );
        check(
            "Three reporters saw 5 ships.",
            &["Three reporters ? `reporters` is no unit of the book", "5 ships ? `ships` is no unit of the book"],
        );
        check("5,000 reporters wrote about missiles", &["5,000 reporters ? `reporters` is no unit of the book"]);
        check("5,000 missile launchers", &["5,000 missile launchers ? `launchers` is no unit of the book"]);
        check("It rose to 4,000.", &["4,000 ? no unit of the book is beside it"]);
        check(
            "It is $5 and 5.000 missiles",
            &[
                "$5 ? `$` may be any of several currencies",
                "5.000 missiles ? the digits of `5.000` could mean two numbers",
            ],
        );
        check("three won medals", &["three ? no unit of the book is beside it"]);
    }

    #[test]
    fn any_text_is_gone_through() {
        const PIECES: &str = "5|5,000|1.6|£|€|$|bn|%|-|–|.|,| | | |to|and|between|from|or|a|one|two|half|a third|of|missiles|states|per|each|é|’|\
                              \u{a0}|\u{fffc}|(|)|[|]|/|May|24|2025|in|about|over|more than|the|plus or minus|twenty-|four-point|ß|½|²|F-16|@|:|\
                              GBP|US|no|day|after|hundred|point|dozens|tens|several|𝟓|٣|Leopard|article|+|0800|ago|minus|…|\"|—|±";
        let (units, pieces) = (units(), PIECES.split('|').collect::<Vec<_>>());
        let mut seed = 7_usize;
        for _ in 0..4_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) % pieces.len()]);
            }
            let found = find(&text, seed.is_multiple_of(2), &units, &|| false);
            let mut end = 0;
            for figure in found.figures {
                assert!(text.get(figure.range.clone()).is_some() && figure.range.start < figure.range.end, "{text}");
                assert!(text.get(figure.sentence.clone()).is_some(), "{text}");
                assert!(
                    figure.sentence.start <= figure.range.start && figure.range.end <= figure.sentence.end,
                    "{text}"
                );
                assert!(end <= figure.range.start, "{text}: {:?}", figure.range);
                end = figure.range.end;
            }
        }
    }

    #[test]
    fn numbers_that_are_no_figures_are_told_apart() {
        check(
            "On 24 October 2025 and 2025-10-24, 24 Oct.",
            &["date: 24 October 2025", "date: 2025-10-24", "date: 24 Oct."],
        );
        check("In 2024, from 2019–2023 and the 1990s", &["year: 2024", "year: 2019–2023", "year: 1990s"]);
        check(
            "Call 020 7946 0958 at 10:30 or 5 pm",
            &["telephone number: Call 020 7946 0958", "time of day: 10:30", "time of day: 5 pm"],
        );
        check(
            "Section 4.2 states that Article 5 and ¶4.2 hold",
            &["section number: Section 4.2", "section number: Article 5", "section number: ¶4.2"],
        );
        check(
            "F-16, A400M, B-52, COVID-19 and the G7",
            &[
                "name with a number: F-16",
                "name with a number: A400M",
                "name with a number: B-52",
                "name with a number: COVID-19",
                "name with a number: G7",
            ],
        );
        check("A Leopard 2 tank and the Big Three", &["name with a number: 2", "name with a number: Three"]);
        check(
            "Version 1.2 at https://example.org/5/6.",
            &["version: Version 1.2", "web address: https://example.org/5/6"],
        );
        check(
            "May 5,000 missiles come in March 30 states agree",
            &["5,000 missiles = 5000 missile", "30 states = 30 state"],
        );
        check("£5M, 5G, the 24th time", &["£5M = 5000000 GBP", "name with a number: 5G", "ordinal: 24th"]);
    }
}
