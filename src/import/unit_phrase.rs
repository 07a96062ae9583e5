//! A unit with its scale, as headers, cells and options write it: `EUR million`, `US$m`, `£'000`, `%`, `GBP/missile`.

use super::numeric::{self, CURRENCY_SIGNS};
use super::scale_words::large_scale;
use super::unit_words::PER_WORDS;
use crate::quantity::{Strictness, Unit, UnitRegistry, parse_quantity};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::fmt;

/// A unit, and what a number in the table is to be multiplied by: a million in `EUR million`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScaledUnit {
    /// The unit.
    pub(super) unit: Unit,
    /// The factor, a power of ten.
    pub(super) factor: Decimal,
}

/// The word by which an option writes each scale.
const SCALE_WORDS: [(i64, &str); 7] = [
    (1, ""),
    (1_000, " thousand"),
    (100_000, " lakh"),
    (1_000_000, " million"),
    (10_000_000, " crore"),
    (1_000_000_000, " billion"),
    (1_000_000_000_000, " trillion"),
];

impl fmt::Display for ScaledUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.unit, scale_word(self.factor))
    }
}

/// The meaning of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Measure {
    /// A unit, with its scale.
    Unit(ScaledUnit),
    /// A scale alone: `millions`, `'000`.
    Scale(Decimal),
}

impl Measure {
    /// True for a scale, and for a unit of money or of shares: `People in state` does not count states.
    pub(super) fn is_money_or_share(&self, units: &UnitRegistry) -> bool {
        let Self::Unit(ScaledUnit { unit, .. }) = self else { return true };
        let kinds = unit.powers().map(|(code, _)| units.get(code).map(|unit| unit.kind.as_str()));
        kinds.into_iter().all(|kind| matches!(kind, Some("currency" | "ratio")))
    }
}

/// Words and figures that are a scale beside a unit, as written.
const SMALL_SCALES: [(i64, &[&str]); 3] = [
    (
        1_000,
        &["k", "K", "miles", "1.000", "1000", "1,000", "1000s", "1,000s", "x1000", "x1,000", "×1000", "×1,000", "10^3"],
    ),
    (1_000_000, &["m", "M", "1.000.000", "1000000", "1,000,000", "x1000000", "x1,000,000", "×1,000,000", "10^6"]),
    (1_000_000_000, &["B", "1,000,000,000", "10^9"]),
];

/// Words beside a unit that do not change it.
const QUALIFIERS: [&str; 14] =
    ["a", "constant", "current", "de", "des", "di", "em", "en", "in", "nominal", "of", "prices", "x", "×"];

/// Words that a base year stands beside, as in `constant 2015 US$`.
const BASE_YEAR_WORDS: [&str; 2] = ["constant", "prices"];

/// A unit as a header or an option writes it: `EUR million`, `million US$`, `USD mn`, `%`, `GBP/missile`.
#[must_use]
pub(super) fn parse_unit(phrase: &str, units: &UnitRegistry) -> Option<ScaledUnit> {
    match read_measure(phrase, units)? {
        Measure::Unit(unit) => Some(unit),
        Measure::Scale(_) => None,
    }
}

/// The meaning of a phrase that is a unit, a scale, or both, and nothing else.
#[must_use]
pub(super) fn read_measure(phrase: &str, units: &UnitRegistry) -> Option<Measure> {
    let phrase = numeric::trim(phrase);
    if phrase == "%" {
        return Some(Measure::Unit(ScaledUnit { unit: units.parse_unit("percent").ok()?, factor: Decimal::ONE }));
    }
    let has_base_year = phrase.split_whitespace().any(|word| BASE_YEAR_WORDS.contains(&word));
    let is_said_otherwise = |word: &&str| QUALIFIERS.contains(word) || has_base_year && numeric::is_year(word);
    let (mut factor, mut rest) = (None, Vec::new());
    for word in phrase.split_whitespace().filter(|word| !is_said_otherwise(word)) {
        // French joins `de` to a vowel: `milliers d'euros`.
        let word = word.strip_prefix("d'").or_else(|| word.strip_prefix("d’")).unwrap_or(word);
        let (scale, unit) = match scale(word) {
            Some(scale) => (Some(scale), Cow::Borrowed("")),
            None => unglued(word, units).map_or((None, Cow::Borrowed(word)), |(scale, unit)| (Some(scale), unit)),
        };
        if scale.is_some() && factor.is_some() {
            return None;
        }
        factor = factor.or(scale);
        rest.extend(Some(unit).filter(|unit| !unit.is_empty()));
    }
    if rest.is_empty() {
        return factor.map(Measure::Scale);
    }
    if rest.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()) || is_minor_code(word)) {
        return None;
    }
    // Which of two units a scale belongs to is open: `jobs per million EUR`, `EUR/m`.
    let is_per = rest.iter().any(|word| word.contains('/') || PER_WORDS.contains(&word.as_ref()));
    if is_per && factor.is_some() {
        return None;
    }
    let quantity = parse_quantity(&format!("1 {}", rest.join(" ")), units, Strictness::Prose).ok()?;
    let factor = quantity.number()?.checked_mul(factor.unwrap_or(Decimal::ONE))?;
    let unit = quantity.unit().filter(|unit| unit.powers().any(|(_, power)| power > 0))?.clone();
    Some(Measure::Unit(ScaledUnit { unit, factor }))
}

/// True for a code of the hundredth part of a currency: `GBp`, `ZAc`.
fn is_minor_code(word: &str) -> bool {
    matches!(word.as_bytes(), [a, b, c] if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_lowercase())
}

/// The scale that a word is.
fn scale(word: &str) -> Option<Decimal> {
    let small = SMALL_SCALES.iter().find(|(_, words)| words.contains(&word)).map(|(factor, _)| *factor);
    small.or_else(|| large_scale(word)).map(Decimal::from)
}

/// The word by which an option writes a scale.
pub(super) fn scale_word(factor: Decimal) -> &'static str {
    SCALE_WORDS.iter().find(|(known, _)| Decimal::from(*known) == factor).map_or("", |(_, word)| word)
}

/// True for a word that is a unit and its scale in one, in letters alone: `EURm`, `kEUR`.
pub(super) fn is_glued(word: &str, units: &UnitRegistry) -> bool {
    word.chars().all(char::is_alphabetic) && unglued(word, units).is_some()
}

/// True for a word that is a scale wherever it stands: `millions`, `bn`.
pub(super) fn is_large_scale(word: &str) -> bool {
    large_scale(word.trim_matches([',', ';', ':', '"'])).is_some()
}

/// The scale and the unit that are one word: `US$m`, `£'000`, `EURm`, `kEUR`, `M€`.
fn unglued<'w>(word: &'w str, units: &UnitRegistry) -> Option<(Decimal, Cow<'w, str>)> {
    if let Some((at, sign)) = word.char_indices().find(|(_, c)| CURRENCY_SIGNS.contains(c)) {
        let end = at + sign.len_utf8();
        let (before, behind) = (&word[..at], &word[end..]);
        if let Some(factor) = scale(behind) {
            return Some((factor, Cow::Borrowed(&word[..end])));
        }
        let factor = scale_before(before).filter(|_| behind.is_empty())?;
        return Some((factor, Cow::Borrowed(&word[at..])));
    }
    let code = |code: Option<&'w str>| code.filter(|code| is_currency(code, units));
    if let (Some(unit), Some(behind)) = (code(word.get(..3)), word.get(3..))
        && let Some(factor) = scale(behind)
    {
        return Some((factor, Cow::Borrowed(unit)));
    }
    let start = word.len().checked_sub(3).filter(|start| word.is_char_boundary(*start))?;
    let factor = scale_before(&word[..start])?;
    Some((factor, Cow::Borrowed(code(word.get(start..))?)))
}

/// The scale that letters before a currency are: German accounts write `TEUR`.
fn scale_before(letters: &str) -> Option<Decimal> {
    if letters == "T" { Some(Decimal::ONE_THOUSAND) } else { scale(letters) }
}

/// True for the code of a currency of the book.
pub(super) fn is_currency(code: &str, units: &UnitRegistry) -> bool {
    units.get(code).is_some_and(|unit| unit.kind.as_str() == "currency")
}

/// True if a sign stands in a phrase that several currencies have, alone: `$`, and not `US$`.
pub(super) fn has_open_sign(phrase: &str, units: &UnitRegistry) -> bool {
    let signs = phrase.char_indices().filter(|(_, c)| CURRENCY_SIGNS.contains(c));
    signs.into_iter().any(|(at, sign)| {
        let letters = phrase[..at].chars().rev().take_while(char::is_ascii_uppercase).count();
        let signed = &phrase[at - letters..at + sign.len_utf8()];
        parse_unit(signed, units).is_none()
    })
}

/// True if a sign or code beside a number may stand for a unit: `$` for any dollar, `CA$` for CAD alone.
pub(super) fn may_mean(affix: &str, unit: &Unit, units: &UnitRegistry) -> bool {
    if let Some(stated) = parse_unit(affix, units) {
        return stated.unit == *unit;
    }
    let code = unit.to_string();
    let Some(base) = units.get(&code) else { return false };
    let has_name = |name: &str| base.name.to_lowercase().contains(name);
    match affix.strip_suffix('$') {
        Some(letters) => has_name("dollar") && code.starts_with(letters),
        None => affix == "¥" && ["JPY", "CNY"].contains(&code.as_str()) || affix == "£" && has_name("pound"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Measure, may_mean, parse_unit, read_measure};
    use crate::quantity::{BaseUnit, UnitRegistry};

    fn units() -> UnitRegistry {
        let currency = |code: &str, name: &str| BaseUnit {
            code: code.into(),
            kind: "currency".into(),
            places: 2,
            name: name.into(),
        };
        let codes = [("USD", "US dollar"), ("EUR", "euro"), ("GBP", "pound sterling"), ("CAD", "Canadian dollar")];
        UnitRegistry::new(codes.map(|(code, name)| currency(code, name)))
    }

    #[test]
    fn a_scale_is_read_before_behind_and_at_a_unit() {
        for (phrase, unit) in [
            ("EUR million", "EUR million"),
            ("million US$", "USD million"),
            ("USD mn", "USD million"),
            ("US$m", "USD million"),
            ("US$bn", "USD billion"),
            ("£'000", "GBP thousand"),
            ("£ 000s", "GBP thousand"),
            ("€k", "EUR thousand"),
            ("M€", "EUR million"),
            ("EURm", "EUR million"),
            ("kEUR", "EUR thousand"),
            ("TEUR", "EUR thousand"),
            ("Mrd. EUR", "EUR billion"),
            ("thousands of US dollars", "USD thousand"),
            ("1,000 EUR", "EUR thousand"),
            ("1.000 Euro", "EUR thousand"),
            ("milliers d'euros", "EUR thousand"),
            ("miles de euros", "EUR thousand"),
            ("Md€", "EUR billion"),
            ("duizend euro", "EUR thousand"),
            ("EUR", "EUR"),
        ] {
            assert_eq!(parse_unit(phrase, &units()).map(|unit| unit.to_string()).as_deref(), Some(unit), "{phrase}");
        }
        for phrase in [
            "GBp",
            "per million EUR",
            "EUR/m",
            "USD per 1000 EUR",
            "person/EUR million",
            "EUR thousand million",
            "EUR 2,000",
            "million",
            "mil EUR",
            "T",
            "EUR countries",
            "",
        ] {
            assert_eq!(parse_unit(phrase, &units()), None, "{phrase}");
        }
        for (phrase, factor) in [("millions", 1_000_000), ("'000", 1_000), ("x1000", 1_000), ("x 1,000", 1_000)] {
            assert_eq!(read_measure(phrase, &units()), Some(Measure::Scale(factor.into())), "{phrase}");
        }
    }

    #[test]
    fn a_base_year_is_no_part_of_a_unit() {
        for (phrase, is_dollars) in
            [("constant 2015 USD", true), ("2015 USD", false), ("constant 2015", false), ("USD prices of 2015", true)]
        {
            let unit = parse_unit(phrase, &units()).map(|unit| unit.unit.to_string());
            assert_eq!(unit.as_deref(), is_dollars.then_some("USD"), "{phrase}");
        }
    }

    #[test]
    fn a_sign_may_mean_what_has_it() {
        let unit = |code: &str| units().parse_unit(code).unwrap();
        for (affix, code, may) in [
            ("$", "USD", true),
            ("$", "CAD", true),
            ("$", "EUR", false),
            ("CA$", "CAD", true),
            ("CA$", "USD", false),
            ("US$", "USD", true),
            ("GBP", "EUR", false),
            ("EUR", "EUR", true),
            ("£", "GBP", true),
            ("%", "EUR", false),
        ] {
            assert_eq!(may_mean(affix, &unit(code), &units()), may, "{affix} {code}");
        }
    }
}
