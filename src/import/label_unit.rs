//! The unit at the end of the words that name a column: `Pledged EUR million`, `amount_usd`, `Loans bn`; and the words among them that
//! speak of counts.

use super::header_parts::{Part, words};
use super::numeric;
use super::unit_phrase::{Measure, ScaledUnit, is_currency, is_glued, is_large_scale, read_measure};
use super::unit_words::{
    COUNT_WORDS, CURRENCY_WORDS, FIRST_COUNT_WORDS, MONEY_WORDS, OF_COUNT_WORDS, RATE_WORDS, TURNING_WORDS,
    WORDS_LIKE_CODES,
};
use crate::quantity::UnitRegistry;
use rust_decimal::Decimal;

/// The unit or the scale that a part is; of the words that name the column, only what is at their end or has a scale.
pub(super) fn measure(part: Part<'_>, units: &UnitRegistry) -> Option<Measure> {
    let whole = read_measure(part.text, units).filter(|measure| measure.is_money_or_share(units));
    match whole {
        Some(Measure::Unit(unit)) if part.is_label && unit.factor == Decimal::ONE => None,
        // A letter before a unit may name one of several: `Plan B EUR`, `EUR (B)`.
        Some(Measure::Unit(_)) if begins_with_letter(part.text) && part.is_label => None,
        Some(Measure::Scale(_)) if part.text == "B" => None,
        Some(measure) => Some(measure),
        None if part.is_label => at_end(part.text, units).map(Measure::Unit).or_else(|| scale_at_end(part.text, units)),
        None => None,
    }
}

/// True for a text whose first word is a letter.
fn begins_with_letter(text: &str) -> bool {
    text.split_whitespace()
        .next()
        .is_some_and(|word| matches!(word.as_bytes(), [letter] if letter.is_ascii_alphabetic()))
}

/// The scale at the end of the name of a column without a unit: `Amount '000`, `Loans bn`.
fn scale_at_end(label: &str, units: &UnitRegistry) -> Option<Measure> {
    let (before, last) = label.rsplit_once(char::is_whitespace)?;
    let has_currency = before.contains(numeric::CURRENCY_SIGNS)
        || words(before).iter().any(|word| {
            is_currency(&word.to_uppercase(), units) || CURRENCY_WORDS.contains(&word.to_lowercase().as_str())
        });
    let measure = read_measure(last, units).filter(|measure| matches!(measure, Measure::Scale(_)));
    // `over a million` is a number.
    let before = words(before).last().map_or(String::new(), |word| word.to_lowercase());
    let is_number = ["a", "an", "one"].contains(&before.as_str())
        || TURNING_WORDS.contains(&before.as_str())
        || before.contains(|c: char| c.is_ascii_digit());
    measure.filter(|_| is_large_scale(last) && !has_currency && !is_number)
}

/// The unit at the end of the name of a column: `Pledged EUR million`, `amount_usd`, `amountUSD`.
fn at_end(label: &str, units: &UnitRegistry) -> Option<ScaledUnit> {
    let words = words(label);
    let start = (0..words.len()).find(|start| {
        let phrase = in_capitals(&words[*start..], units).join(" ");
        matches!(read_measure(&phrase, units), Some(Measure::Unit(_)))
    })?;
    let phrase = in_capitals(&words[start..], units).join(" ");
    let Some(measure @ Measure::Unit(_)) = read_measure(&phrase, units) else { return None };
    let Measure::Unit(unit) = measure.clone() else { return None };
    if words[start].len() == 1 && begins_with_letter(words[start]) {
        return None;
    }
    let before = words[..start]
        .iter()
        .rfind(|word| !["of", "de"].contains(word))
        .map_or(String::new(), |word| word.to_lowercase());
    // `thousand million EUR`, `over 5 million EUR`, `eur_usd_m`: what is before is a part of it, or of something else.
    let is_number = before.contains(|c: char| c.is_ascii_digit()) && !numeric::is_year(&before);
    if is_number
        || is_large_scale(&before)
        || is_glued(&before.to_uppercase(), units)
        || is_currency(&before.to_uppercase(), units)
    {
        return None;
    }
    let is_amount = !says_count(&words[..start]);
    let is_money = MONEY_WORDS.contains(&before.trim_end_matches('s')) || MONEY_WORDS.contains(&before.as_str());
    let is_rate = words.iter().any(|word| RATE_WORDS.contains(&word.to_lowercase().as_str()));
    // A sign is no word of a name, and nor is a scale.
    let is_clear = unit.factor != Decimal::ONE || words[start].contains(numeric::CURRENCY_SIGNS) && start > 0;
    let is_stated = if is_clear { !TURNING_WORDS.contains(&before.as_str()) } else { is_money };
    (is_stated && is_amount && !is_rate && measure.is_money_or_share(units)).then_some(unit)
}

/// Words, of which those that are codes of currencies in lower case are in capitals.
pub(super) fn in_capitals(words: &[&str], units: &UnitRegistry) -> Vec<String> {
    let code = |word: &&str| {
        let capitals = word.to_uppercase();
        let is_code = word.len() == 3 && !WORDS_LIKE_CODES.contains(word) && is_currency(&capitals, units);
        let is_glued = || (4..=6).contains(&word.len()) && is_glued(&capitals, units);
        if is_code || is_glued() { capitals } else { (*word).to_owned() }
    };
    words.iter().map(code).collect()
}

/// True for words of which one says that numbers are no amounts: anywhere, or as what the words begin with, `Number of grants`.
pub(super) fn says_count(words: &[&str]) -> bool {
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let first = lower.first().map_or("", String::as_str);
    let is_of = lower.get(1).is_none_or(|second| second == "of");
    lower.iter().any(|word| COUNT_WORDS.contains(&word.as_str()))
        || FIRST_COUNT_WORDS.contains(&first)
        || OF_COUNT_WORDS.contains(&first) && is_of
}
