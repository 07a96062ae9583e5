//! Units as people write them: the words behind a number, those behind `per`, and the codes of the book that a word or a
//! sign may mean.

use super::{Parser, longest, numeral, truncated};
use crate::error::QuantityError;
use crate::quantity::inflection::singulars;
use crate::quantity::{BaseUnit, Unit, UnitRegistry};

/// Words that end the name of a unit.
const ENDS: [&str; 17] = [
    "to", "and", "but", "or", "per", "a", "an", "each", "apiece", "every", "for", "plus", "at", "in", "through", "of",
    "up",
];

/// Words before a denominator, with a flag that is true if they are complete without one.
const PER: [(bool, &str); 2] = [(true, "apiece|a piece|each"), (false, "for each|for every|every|per|an|a|/")];

/// Generic names of an item, which name no unit.
const ITEMS: [&str; 5] = ["item", "unit", "piece", "one", "copy"];

/// The most units in a denominator.
const MOST_BELOW: usize = 6;

/// A unit as written, with the codes that it may mean.
#[derive(Debug, Clone)]
pub(super) struct UnitCandidates {
    pub(super) codes: Codes,
    pub(super) written: String,
}

/// The unit of a number as written.
#[derive(Debug, Clone, Default)]
pub(super) struct Measure {
    /// The numerator; `None` if none is named.
    pub(super) numerator: Option<Unit>,
    /// The denominator; `None` if none is named.
    pub(super) denominator: Option<Unit>,
    /// True if the figure is that of each of an unnamed item.
    pub(super) is_each: bool,
    /// True if the currency precedes the number.
    pub(super) has_currency_first: bool,
    pub(super) skipped: Vec<String>,
}

impl<'r> Parser<'r> {
    /// Parses the unit of a number. Behind an article alone no word is ignored: `a few missiles` are not one.
    pub(super) fn measure(
        &mut self,
        currency: Option<UnitCandidates>,
        is_article: bool,
    ) -> Result<Measure, QuantityError> {
        let mut measure = Measure { has_currency_first: currency.is_some(), ..Measure::default() };
        let behind = match self.written_unit() {
            Some(unit) => Some(unit),
            None => self.named_unit(currency.as_ref(), &mut measure, is_article)?,
        };
        if is_article && behind.is_none() {
            return Err(self.refused("a number is missing", "write the number in digits, and its unit behind it"));
        }
        measure.numerator = match (currency, behind) {
            (None, behind) => behind,
            (Some(currency), None) => Some(Unit::base(&self.only(&currency)?)?),
            (Some(currency), Some(unit)) => Some(self.combined_unit(&currency, unit)?),
        };
        self.per(&mut measure)?;
        self.known(&measure)?;
        Ok(measure)
    }

    /// Parses a unit in the text form, if it is a compound one: `GBP/missile`, `day^2`.
    fn written_unit(&mut self) -> Option<Unit> {
        let word = self.next_word();
        if !word.contains(['/', '*', '^']) {
            return None;
        }
        let unit = self.units.parse_unit(word).ok()?;
        let length = word.len();
        self.step(length);
        Some(unit)
    }

    /// Parses the unit that words behind the number name; `None` if there are none.
    fn named_unit(
        &mut self,
        currency: Option<&UnitCandidates>,
        measure: &mut Measure,
        is_article: bool,
    ) -> Result<Option<Unit>, QuantityError> {
        if let Some((length, codes)) = sign(self.rest) {
            let written = self.rest[..length].to_owned();
            self.step(length);
            let code = self.only(&UnitCandidates { codes: of_book(codes, self.units), written })?;
            return Ok(Some(Unit::base(&code)?));
        }
        let words = self.words();
        if words.is_empty() {
            return Ok(None);
        }
        let (codes, skipped) = parse(&words, self.units).map_err(|unit_error| self.unit_error(unit_error))?;
        if is_article && !skipped.is_empty() {
            let why = format!("`{}` may change how many there are", skipped.join(" "));
            return Err(self.refused(&why, "write the number in digits"));
        }
        measure.skipped.extend(skipped);
        let fitting = match currency {
            Some(currency) => codes.iter().filter(|code| currency.codes.contains(code)).cloned().collect(),
            None => codes.clone(),
        };
        let codes = if fitting.is_empty() { codes } else { fitting };
        let code = self.only(&UnitCandidates { codes, written: words.join(" ") })?;
        Ok(Some(Unit::base(&code)?))
    }

    /// Consumes the words that may name a unit.
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

    /// Parses the denominators.
    fn per(&mut self, measure: &mut Measure) -> Result<(), QuantityError> {
        let mut denominator = Unit::one();
        for _ in 0..MOST_BELOW {
            let Some((word, is_complete)) = longest(&PER, self.rest) else { break };
            self.step(word.len());
            if word == "a" && self.eat("head") || word == "per" && (self.eat("head") || self.eat("capita")) {
                denominator = denominator.multiply(&Unit::base("person")?)?;
                continue;
            }
            let is_number = self.rest.starts_with(|c: char| c.is_ascii_digit())
                || self.rest.split([' ', '-']).next().is_some_and(|next| numeral::is_number(next) && next.len() > 1)
                || sign(self.rest).is_some();
            let is_one = self.eat("one");
            if is_number && !is_one {
                let why = format!("there is a number behind `{word}`");
                return Err(self.refused(&why, "give the figure for one of them"));
            }
            let words = self.words();
            let is_item = matches!(words.as_slice(), [word] if is_item(word) && meanings(word, self.units).is_empty());
            match words.as_slice() {
                [] if is_complete || is_one => measure.is_each = true,
                [] => {
                    let why = format!("`{word}` does not say of what");
                    return Err(self.refused(&why, &format!("name it behind `{word}`, or write `each`")));
                }
                _ if is_item => measure.is_each = true,
                words => {
                    let (codes, skipped) =
                        parse(words, self.units).map_err(|unit_error| self.unit_error(unit_error))?;
                    measure.skipped.extend(skipped);
                    let code = self.only(&UnitCandidates { codes, written: words.join(" ") })?;
                    denominator = denominator.multiply(&Unit::base(&code)?)?;
                }
            }
        }
        measure.denominator = Some(denominator).filter(|denominator| !denominator.is_one());
        Ok(())
    }

    /// The unit of a number with a currency before it and a unit behind it.
    fn combined_unit(&self, currency: &UnitCandidates, unit: Unit) -> Result<Unit, QuantityError> {
        let is_of_source = currency.codes.iter().any(|code| unit.power_of(code) == 1);
        if is_of_source {
            return Ok(unit);
        }
        let why = format!("it names two units, `{}` and `{unit}`", currency.written);
        Err(self.refused(&why, "name one unit, and what each is for behind `per`"))
    }

    /// The code of an unambiguous unit.
    fn only(&self, currency: &UnitCandidates) -> Result<String, QuantityError> {
        match currency.codes.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(self.refused(
                &format!("the book has no unit for `{}`", currency.written),
                "`select code, name from units` lists the units of the book",
            )),
            [first, .., last] => {
                let why = format!("`{}` may be any of several currencies", currency.written);
                let choices = &currency.codes[1..currency.codes.len() - 1];
                let between: Vec<String> = choices.iter().map(|code| format!(", {code}")).collect();
                let help = format!("name it by its code: {first}{} or {last}", between.concat());
                Err(self.refused(&why, &help))
            }
        }
    }

    fn known(&self, measure: &Measure) -> Result<(), QuantityError> {
        measure.numerator.iter().chain(&measure.denominator).try_for_each(|unit| self.units.check(unit))
    }

    fn unit_error(&self, unit_error: UnitError) -> QuantityError {
        match unit_error {
            UnitError::Unknown(word) if numeral::is_number(&word) => {
                let why = format!("`{}` is in the place of its unit", truncated(&word));
                self.refused(&why, "write the number in digits, and its unit behind it")
            }
            UnitError::Unknown(word) => unknown(&word, self.units),
            UnitError::Absent(phrase) => {
                let is_difference = phrase.contains("percent") && phrase.contains("point");
                let what = if is_difference { ", which are not percent" } else { "" };
                let why = format!("the book has no unit for `{}`{what}", truncated(&phrase));
                self.refused(&why, "`select code, name from units` lists the units of the book")
            }
            UnitError::MeaningChanging(word, unit) => {
                let (word, unit) = (truncated(&word), truncated(&unit));
                self.refused(&format!("`{word}` may change what `{unit}` is"), "name the unit alone, or by its code")
            }
        }
    }
}

fn is_item(word: &str) -> bool {
    ITEMS.iter().any(|item| word.eq_ignore_ascii_case(item))
}

/// The length of the word at the start of `text`: letters, digits and `_`, with points, hyphens and apostrophes within.
fn word_length(text: &str) -> usize {
    if !text.starts_with(char::is_alphabetic) {
        return 0;
    }
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let is_within = matches!(c, '-' | '.' | '\'') && next.is_some_and(char::is_alphabetic);
        // The last point of `U.S.` belongs to it.
        let is_abbreviation = c == '.' && text[..at].contains('.');
        if !(c.is_alphanumeric() || c == '_' || is_within || is_abbreviation) {
            return at;
        }
        end = at + c.len_utf8();
    }
    end
}

/// The codes that signs of currencies may mean, each with its signs.
const SIGNS: &[(&[&str], &str)] = &[
    (&["USD"], "US$|US $"),
    (&["AUD"], "AU$|A$"),
    (&["CAD"], "CA$|C$"),
    (&["HKD"], "HK$"),
    (&["NZD"], "NZ$"),
    (&["TWD"], "NT$"),
    (&["SGD"], "S$"),
    (&["BRL"], "R$"),
    (&["EGP"], "E£"),
    (&["GBP"], "£"),
    (&["EUR"], "€"),
    (&["UAH"], "₴"),
    (&["RUB"], "₽"),
    (&["TRY"], "₺"),
    (&["INR"], "₹"),
    (&["KRW"], "₩"),
    (&["ILS"], "₪"),
    (&["VND"], "₫"),
    (&["NGN"], "₦"),
    (&["THB"], "฿"),
    (&["KZT"], "₸"),
    (&["USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN", "CLP"], "$"),
    (&["JPY"], "JP¥"),
    (&["CNY"], "CN¥"),
    (&["JPY", "CNY"], "¥"),
    (&["INR", "PKR"], "Rs"),
    (&["DKK", "NOK", "SEK", "ISK"], "kr"),
];

/// The codes that other names may mean, each with its names in lower case and singular.
const ALIASES: &[(&[&str], &str)] = &[
    (&["GBP"], "pound|pound sterling|pounds sterling|sterling|british pound|uk pound"),
    (&["USD"], "american dollar|u.s. dollar"),
    (&["USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"], "dollar"),
    (&["CNY"], "yuan|renminbi|rmb"),
    (&["RUB"], "rouble|russian rouble"),
    (&["ILS"], "shekel|israeli shekel"),
    (&["DKK", "NOK"], "kroner"),
    (&["SEK"], "kronor"),
    (&["DKK", "NOK", "SEK", "ISK"], "kr"),
    (&["state"], "country|nation"),
    (&["troop"], "soldier"),
    (&["percent"], "%|pct|pc"),
    (&["year"], "annum"),
    (&["percentage_point"], "percentage point|percent point|pp"),
    (&["basis_point"], "basis point"),
];

/// Words that change the meaning of a unit, so that they are never ignored.
const MEANING_CHANGING: &str = "fewer less few several many times half quarter third double percentage basis square \
                                cubic potential no non not none out so-called former of";

/// Words that are ignored before any unit.
const NEUTRAL: &[&str] = &["additional", "extra", "further", "more", "other", "new", "another"];

/// The codes of the book that a phrase may mean.
pub(super) type Codes = Vec<String>;

/// The sign of a currency that `text` starts with: its length and the codes that it may mean.
pub(super) fn sign(text: &str) -> Option<(usize, &'static [&'static str])> {
    longest(SIGNS, text).map(|(sign, codes)| (sign.len(), codes))
}

/// The codes that the book has; an only code that it does not have is kept, to be refused by name.
pub(super) fn of_book(codes: &[&str], units: &UnitRegistry) -> Codes {
    let known: Codes = codes.iter().filter(|code| units.get(code).is_some()).map(|code| (*code).to_owned()).collect();
    match codes.first() {
        Some(first) if known.is_empty() && codes.len() == 1 => vec![(*first).to_owned()],
        _ => known,
    }
}

/// Parses a code before a number: `GBP 5`.
pub(super) fn code_before(text: &str, units: &UnitRegistry) -> Option<(usize, String)> {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let unit = units.get(&text[..end].to_ascii_uppercase())?;
    Some((end, unit.code.clone()))
}

/// The codes that a phrase may mean: by code, by another name, by the name in the book.
pub(super) fn meanings(phrase: &str, units: &UnitRegistry) -> Codes {
    let (upper, lower) = (phrase.to_uppercase(), phrase.to_lowercase());
    let singulars = singulars(&lower);
    let codes = [phrase, &upper].into_iter().chain(singulars.iter().map(String::as_str));
    if let Some(code) = codes.into_iter().find(|code| units.get(code).is_some()) {
        return vec![code.to_owned()];
    }
    if let Some(codes) = alias(&singulars) {
        return codes.iter().filter(|code| units.get(code).is_some()).map(|code| (*code).to_owned()).collect();
    }
    let is_named = |unit: &&BaseUnit| {
        let name = unit.name.to_lowercase();
        let is_kind =
            unit.kind == "currency" && name.rsplit(' ').next().is_some_and(|last| singulars.iter().any(|s| s == last));
        is_kind || singulars.contains(&name)
    };
    units.all().filter(is_named).map(|unit| unit.code.clone()).collect()
}

/// True for a known name of a unit, whether or not the book has it.
pub(super) fn is_absent_unit(phrase: &str) -> bool {
    alias(&singulars(&phrase.to_lowercase())).is_some()
}

/// The codes of an alias, in one of these forms.
fn alias(forms: &[String]) -> Option<&'static [&'static str]> {
    let is_one = |names: &str| names.split('|').any(|name| forms.iter().any(|form| form == name));
    ALIASES.iter().find(|(_, names)| is_one(names)).map(|(codes, _)| *codes)
}

/// The codes of a unit in words, and the words before its name.
pub(super) fn parse(words: &[&str], units: &UnitRegistry) -> Result<(Codes, Vec<String>), UnitError> {
    for start in 0..words.len() {
        let phrase = words[start..].join(" ");
        let codes = meanings(&phrase, units);
        if codes.is_empty() && alias(&singulars(&phrase.to_lowercase())).is_some() {
            return Err(UnitError::Absent(phrase));
        }
        let Some(first) = codes.first() else { continue };
        let passed = &words[..start];
        let is_counted = units.get(first).is_none_or(|unit| matches!(unit.kind.as_str(), "count" | ""));
        if let Some(word) = passed.iter().find(|word| changes_meaning(word, is_counted, units)) {
            return Err(UnitError::MeaningChanging((*word).to_owned(), words[start..].join(" ")));
        }
        return Ok((codes, passed.iter().map(|word| (*word).to_owned()).collect()));
    }
    Err(UnitError::Unknown(words.last().map_or_else(String::new, |word| (*word).to_owned())))
}

/// The reason that words are no unit.
pub(super) enum UnitError {
    /// A word that may change the meaning of the unit behind it.
    MeaningChanging(String, String),
    /// A known name of a unit that the book does not have.
    Absent(String),
    /// An unknown name.
    Unknown(String),
}

fn changes_meaning(word: &str, is_counted: bool, units: &UnitRegistry) -> bool {
    let lower = word.to_lowercase();
    if NEUTRAL.contains(&lower.as_str()) {
        return false;
    }
    !is_counted
        || MEANING_CHANGING.split(' ').any(|changing| changing == lower)
        || numeral::is_number(&lower)
        || !word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\''))
        || !meanings(word, units).is_empty()
}

/// The error of a word that is no unit of the book.
pub(super) fn unknown(word: &str, units: &UnitRegistry) -> QuantityError {
    QuantityError::UnknownUnit { code: word.to_owned(), near: units.near(word) }
}
