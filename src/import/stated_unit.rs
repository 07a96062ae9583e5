//! The unit that a header or a line above it states, with its scale: `EUR million`, `Value (USD) millions`, `Cost (£) '000`. What names
//! a unit and leaves it or its scale open is told apart from what names none: it is asked, never decided.

use super::header_parts::{Part, parts, words};
use super::label_unit::{in_capitals, measure, says_count};
use super::numeric;
use super::unit_phrase::{Measure, ScaledUnit, has_open_sign, is_currency, is_large_scale, parse_unit, read_measure};
use super::unit_words::{
    COUNT_WORDS, CURRENCY_LETTERS, CURRENCY_WORDS, FIRST_COUNT_WORDS, MINOR_WORDS, MONEY_WORDS, OF_COUNT_WORDS,
    PER_WORDS, RATE_WORDS,
};
use crate::quantity::UnitRegistry;
use rust_decimal::Decimal;

/// The meaning of a header for the unit of its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StatedUnit<'h> {
    /// Nothing.
    None,
    /// It is this one.
    Stated(ScaledUnit),
    /// A scale without a unit: `Population (millions)`.
    Scale(&'h str, Decimal),
    /// A unit is named, and it or its scale is open.
    Open(OpenUnit<'h>),
    /// A currency is named, perhaps in another sense: `Contracts in EUR countries`.
    Mentioned(&'h str),
}

/// A unit that is named and open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenUnit<'h> {
    /// The part of the header that names it.
    pub(super) phrase: &'h str,
    /// The cause.
    pub(super) why: &'static str,
    /// The units that it may be, as an option writes them; empty where the sign in the phrase decides them.
    pub(super) candidates: Vec<String>,
}

/// True for the name of a column of rates.
pub(super) fn is_rate(name: &str) -> bool {
    words(name).iter().any(|word| RATE_WORDS.contains(&word.to_lowercase().as_str()))
}

/// Reads a header for the unit of its numbers. A header that is a code alone states none: in a table of rates it names the other side.
#[must_use]
pub(super) fn read<'h>(header: &'h str, units: &UnitRegistry) -> StatedUnit<'h> {
    read_parts(header, parts(header), units)
}

/// True for the name of a column of money that names no currency: `Total value`.
#[must_use]
pub(super) fn is_of_money(header: &str, units: &UnitRegistry) -> bool {
    let words: Vec<String> = words(header).iter().map(|word| word.to_lowercase()).collect();
    let is_money =
        |word: &String| MONEY_WORDS.contains(&word.as_str()) || MONEY_WORDS.contains(&word.trim_end_matches('s'));
    let is_other = |word: &String| {
        COUNT_WORDS.contains(&word.as_str())
            || FIRST_COUNT_WORDS.contains(&word.as_str())
            || OF_COUNT_WORDS.contains(&word.as_str())
            || RATE_WORDS.contains(&word.as_str())
            || is_currency(&word.to_uppercase(), units)
    };
    words.iter().any(is_money) && !words.iter().any(is_other)
}

/// Reads a line above a table for the unit of its numbers: `EUR million`, `Amounts in thousands of US dollars`.
#[must_use]
pub(super) fn of_title<'h>(line: &'h str, units: &UnitRegistry) -> StatedUnit<'h> {
    let mut parts = parts(line);
    for part in &mut parts {
        part.is_label = false;
    }
    read_parts(line, parts, units)
}

/// The most words of a part of a line that names a unit: more are a sentence about something else.
const MAX_PART_WORDS: usize = 5;

/// True if a line outside of the records names a unit or a scale for the numbers: `Values in thousands of pounds`.
#[must_use]
pub(super) fn in_note(line: &str, units: &UnitRegistry) -> bool {
    let names_scale = |part: &Part<'_>| {
        let words: Vec<&str> = part.text.split_whitespace().collect();
        words.len() <= MAX_PART_WORDS && words.iter().any(|word| is_large_scale(word.trim_end_matches('.')))
            || words.len() <= MAX_PART_WORDS && words.iter().any(|word| is_currency(word, units))
            || read_measure(part.text, units).is_some_and(|measure| measure.is_money_or_share(units) && !part.is_label)
    };
    parts(line).iter().any(names_scale)
}

/// The words that come before a scale in a note: `amounts in thousands`, `en milliers`.
const SCALE_PREPOSITIONS: [&str; 4] = ["in", "en", "im", "w"];

/// The scale that a line below a table states for its numbers: `All figures are in thousands`, `in £ million`.
#[must_use]
pub(super) fn scale_in_note(line: &str) -> Option<&str> {
    let words = words(line);
    let is_unit = |word: &str| !word.contains(char::is_lowercase);
    (0..words.len()).filter(|at| SCALE_PREPOSITIONS.contains(&words[*at].to_lowercase().as_str())).find_map(|at| {
        let next = words.get(at + 1).copied()?;
        let word = if is_unit(next) { words.get(at + 2).copied()? } else { next };
        is_large_scale(word).then_some(word)
    })
}

fn read_parts<'h>(header: &'h str, parts: Vec<Part<'h>>, units: &UnitRegistry) -> StatedUnit<'h> {
    let mut found: Vec<(Part<'h>, ScaledUnit)> = Vec::new();
    let mut scales: Vec<(&'h str, Decimal)> = Vec::new();
    let mut others: Vec<Part<'h>> = Vec::new();
    for part in parts {
        match measure(part, units) {
            Some(Measure::Unit(unit)) => found.push((part, unit)),
            Some(Measure::Scale(factor)) if part.is_label => {
                scales.push((part.text.split_whitespace().last().unwrap_or_default(), factor));
            }
            Some(Measure::Scale(factor)) => scales.push((part.text, factor)),
            None => others.push(part),
        }
    }
    // A code that is the name of the column is its unit where a scale follows: `EUR (million)`.
    if found.is_empty() && scales.len() == 1 {
        let unit = |part: &Part<'h>| match read_measure(part.text, units)? {
            Measure::Unit(unit) if part.is_label => Some((*part, unit)),
            _ => None,
        };
        found.extend(others.iter().find_map(unit));
    }
    if let Some(part) = others.iter().find(|part| states_open_sign(**part, units)) {
        let why = "it is the sign of several currencies";
        return StatedUnit::Open(OpenUnit { phrase: part.text, why, candidates: Vec::new() });
    }
    let Some((_, unit)) = found.first().cloned() else { return unmeasured(header, &others, &scales, units) };
    Measured { header, found, scales, others }.judged(&unit, units)
}

/// The meaning of a header that has no unit.
fn unmeasured<'h>(
    header: &'h str,
    others: &[Part<'h>],
    scales: &[(&'h str, Decimal)],
    units: &UnitRegistry,
) -> StatedUnit<'h> {
    // A letter alone may be anything: `m`, `Length (m)`.
    let scale = scales.iter().find(|(text, _)| text.split_whitespace().any(is_large_scale) && *text != header);
    match (mention(header, others, units), scale) {
        (Some(mentioned), _) => StatedUnit::Mentioned(mentioned),
        (None, Some((text, factor))) => StatedUnit::Scale(text, *factor),
        (None, None) => StatedUnit::None,
    }
}

/// A header that states a unit, in its parts.
struct Measured<'h> {
    header: &'h str,
    /// The units, the first of which is meant if any is.
    found: Vec<(Part<'h>, ScaledUnit)>,
    scales: Vec<(&'h str, Decimal)>,
    others: Vec<Part<'h>>,
}

impl<'h> Measured<'h> {
    /// The unit with its scale, if nothing else in the header speaks against it.
    fn judged(&self, unit: &ScaledUnit, units: &UnitRegistry) -> StatedUnit<'h> {
        let scaled = |factor: Decimal| ScaledUnit { factor, ..unit.clone() };
        let mut candidates = vec![unit.to_string()];
        candidates.extend(self.scales.iter().map(|(_, factor)| scaled(*factor).to_string()));
        candidates.dedup();
        let open = |why, candidates| StatedUnit::Open(OpenUnit { phrase: self.header, why, candidates });
        if self.found.first().is_some_and(|(part, _)| part.is_turned) {
            return open("the word before it may say that it is not the unit", candidates);
        }
        // A code that is the whole name of the column is another unit.
        let named = self.others.iter().filter(|part| part.is_label).filter_map(|part| parse_unit(part.text, units));
        let all: Vec<ScaledUnit> = self.found.iter().map(|(_, unit)| unit.clone()).chain(named).collect();
        if all.iter().any(|other| other != unit) {
            return open("it names several units", all.iter().map(ToString::to_string).collect());
        }
        if let Some(why) = is_no_amount(&self.others).filter(|_| is_money(unit, units)) {
            return open(why, candidates);
        }
        if self.others.iter().any(|part| may_scale(part.text)) {
            return open("a word of it may scale the numbers, or not", candidates);
        }
        match self.scales.as_slice() {
            [] => StatedUnit::Stated(unit.clone()),
            [(_, factor)] if unit.factor == Decimal::ONE => StatedUnit::Stated(scaled(*factor)),
            _ => open("it states two scales", candidates),
        }
    }
}

/// True for a unit of money, and not a share.
pub(super) fn is_money(unit: &ScaledUnit, units: &UnitRegistry) -> bool {
    unit.unit.powers().any(|(code, _)| is_currency(code, units))
}

/// The reason for which the numbers beside a unit of money may be none of it.
fn is_no_amount(others: &[Part<'_>]) -> Option<&'static str> {
    let has = |known: &[&str]| {
        let mut words = others.iter().flat_map(|part| part.text.split(|c: char| c.is_whitespace() || c == '_'));
        words.any(|word| known.contains(&word.to_lowercase().as_str()))
    };
    if has(&MINOR_WORDS) {
        return Some("it names the hundredth part too");
    }
    let is_count = others.iter().any(|part| says_count(&words(part.text)));
    is_count.then_some("a word of it may say that the numbers are no amounts")
}

/// True for words one of which may scale the numbers: a letter only where they end.
fn may_scale(text: &str) -> bool {
    let letters = ["m", "k", "M", "K", "B", "mm", "MM"];
    text.split_whitespace().any(is_large_scale)
        || text.split_whitespace().last().is_some_and(|word| letters.contains(&word))
}

/// True if a part states a unit by a sign that several currencies have: `$`, `$ million`.
fn states_open_sign(part: Part<'_>, units: &UnitRegistry) -> bool {
    if !has_open_sign(part.text, units) {
        return false;
    }
    // A sign before digits is an amount in the name: `under $25,000`.
    let is_amount = part
        .text
        .split(numeric::CURRENCY_SIGNS)
        .skip(1)
        .any(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    !is_amount || read_measure(&part.text.replace('$', " USD "), units).is_some()
}

/// The word that names a currency in the parts that state no unit; `None` in a header that is a code alone, or of rates.
fn mention<'h>(header: &'h str, others: &[Part<'h>], units: &UnitRegistry) -> Option<&'h str> {
    let all = words(header);
    let is_code = |word: &&&str| word.split('/').all(|code| is_currency(code, units));
    if all.iter().all(|word| is_code(&word))
        || all.iter().any(|word| RATE_WORDS.contains(&word.to_lowercase().as_str()))
    {
        return None;
    }
    let names_currency = |word: &&str| {
        word.split('/').any(|code| is_currency(code, units))
            || CURRENCY_WORDS.contains(&word.to_lowercase().as_str())
            || word.contains(CURRENCY_LETTERS)
            || word.contains(numeric::CURRENCY_SIGNS) && !word.contains(|c: char| c.is_ascii_digit())
    };
    let of_others =
        others.iter().flat_map(|part| words(part.text)).map(|word| word.trim_matches(['.', '\'', '"', '*']));
    let small = all.iter().copied().find(|word| in_capitals(&[word], units)[0] != **word);
    of_others.into_iter().find(|word| names_currency(word)).or(small).or_else(|| {
        // A scale of a unit that is not known: `KES millions`.
        let ends = |part: &Part<'h>| {
            let mut words = part.text.split_whitespace();
            [words.next(), words.next_back()].into_iter().flatten().find(|word| is_large_scale(word) && *word != header)
        };
        others.iter().find_map(ends)
    })
}

/// The unit that a word of a header may mean, as an option writes it; `CODE` where the header may mean another one, or a scale of it.
pub(super) fn candidate(header: &str, word: &str, units: &UnitRegistry) -> String {
    let is_other = |word: &str| is_large_scale(word) || PER_WORDS.contains(&word) || word.contains('/');
    if header.split(|c: char| c.is_whitespace() || c == '_').any(|word| is_other(&word.to_lowercase())) {
        return "CODE".to_owned();
    }
    let known = parse_unit(word, units).or_else(|| parse_unit(&word.to_uppercase(), units));
    known.map_or_else(|| "CODE".to_owned(), |unit| unit.to_string())
}

/// The words of a header that say by what its numbers are counted: `per m²`, `per capita`.
#[must_use]
pub(super) fn per_words(header: &str) -> Option<String> {
    let mut words = header.split(|c: char| c.is_whitespace() || matches!(c, '_' | '(' | ')' | '[' | ']' | ','));
    let per = words.find(|word| PER_WORDS.contains(&word.to_lowercase().as_str()))?;
    let counted = words.find(|word| !word.is_empty())?;
    Some(format!("{per} {counted}"))
}

/// The unit that a header states without doubt.
#[must_use]
pub(super) fn stated_unit(header: &str, units: &UnitRegistry) -> Option<ScaledUnit> {
    match read(header, units) {
        StatedUnit::Stated(unit) => Some(unit),
        _ => None,
    }
}

/// The units that a phrase with the sign of several currencies may mean, with its scale.
pub(super) fn units_of_sign(phrase: &str, units: &UnitRegistry) -> Vec<String> {
    let codes = ["USD", "EUR", "GBP", "CAD", "AUD"].iter().filter(|code| units.get(code).is_some());
    let written = |code: &&str| {
        let signed = phrase.replace(numeric::CURRENCY_SIGNS, &format!(" {code} "));
        let words = signed.split_whitespace().collect::<Vec<_>>().join(" ");
        parse_unit(&words, units).map_or((*code).to_owned(), |_| words)
    };
    codes.map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::{StatedUnit, of_title, read};
    use crate::quantity::{BaseUnit, UnitRegistry};

    fn units() -> UnitRegistry {
        let unit = |(code, kind, name): (&str, &str, &str)| BaseUnit {
            code: code.into(),
            kind: kind.into(),
            places: 2,
            name: name.into(),
        };
        let all = [
            ("USD", "currency", "US dollar"),
            ("CAD", "currency", "Canadian dollar"),
            ("EUR", "currency", "euro"),
            ("GBP", "currency", "pound sterling"),
            ("percent", "ratio", "per cent"),
            ("state", "count", "state"),
        ];
        UnitRegistry::new(all.map(unit))
    }

    /// The unit, or in brackets what else a header says.
    fn said(header: &str) -> String {
        match read(header, &units()) {
            StatedUnit::None => String::new(),
            StatedUnit::Stated(unit) => unit.to_string(),
            StatedUnit::Scale(word, factor) => format!("[{word} is {factor}]"),
            StatedUnit::Open(open) => format!("[open {}]", open.candidates.join(" or ")),
            StatedUnit::Mentioned(word) => format!("[names {word}]"),
        }
    }

    #[test]
    fn a_header_states_a_unit_with_its_scale_wherever_each_stands() {
        for (header, unit) in [
            ("Amount (EUR)", "EUR"),
            ("Converted Value in EUR", "EUR"),
            ("Pledge (USD mn)", "USD million"),
            ("Estimated needs for low- and middle-income countries (million US$)", "USD million"),
            ("Value (USD) millions", "USD million"),
            ("Cost (£) '000", "GBP thousand"),
            ("Amount in euros (billions)", "EUR billion"),
            ("Amount (USD), in thousands", "USD thousand"),
            ("Aid (EUR) (millions)", "EUR million"),
            ("Aid (EUR, million)", "EUR million"),
            ("in bn (EUR)", "EUR billion"),
            ("Value (EUR) x1000", "EUR thousand"),
            ("Value (EUR) x 1,000", "EUR thousand"),
            ("USD millions", "USD million"),
            ("Amount, EUR million", "EUR million"),
            ("Amount - EUR million", "EUR million"),
            ("EURm", "EUR million"),
            ("EUR (million)", "EUR million"),
            ("Pledged EUR million", "EUR million"),
            ("Amount EUR", "EUR"),
            ("amountUSD", "USD"),
            ("amount_usd", "USD"),
            ("total_cost_gbp", "GBP"),
            ("budget_eur_mn", "EUR million"),
            ("Share in %", "percent"),
            ("Ausländeranteil in %", "percent"),
            ("Aid [EUR]", "EUR"),
            ("in millions / EUR", "EUR million"),
            ("Amount {EUR million}", "EUR million"),
            ("usd_bn", "USD billion"),
            ("eur_million", "EUR million"),
            ("budget_meur", "EUR million"),
            ("budget_keur", "EUR thousand"),
            ("Montant (en milliers d'euros)", "EUR thousand"),
            ("Median full time wage gross £", "GBP"),
            ("Betrag in 1.000 Euro", "EUR thousand"),
        ] {
            assert_eq!(said(header), unit, "{header}");
        }
    }

    #[test]
    fn what_a_header_leaves_open_is_told_apart() {
        for (header, wanted) in [
            ("Amount ($)", "[open ]"),
            ("$ million", "[open ]"),
            ("$m", "[open ]"),
            ("Not in EUR", "[open EUR]"),
            ("Price in USD (EUR)", "[open USD or EUR]"),
            ("EUR million (thousands)", "[open EUR million or EUR thousand]"),
            ("EUR, USD", "[open USD or EUR]"),
            ("EUR: USD", "[open USD or EUR]"),
            ("nicht in EUR", "[open EUR]"),
            ("Price (EUR, cents)", "[open EUR]"),
            ("Number of grants (EUR million)", "[open EUR million]"),
            ("Loans (EUR million) / share", "[open EUR million]"),
            ("Value m (EUR)", "[open EUR]"),
            ("Cost EUR/m", "[names EUR/m]"),
            ("Price (GBp)", ""),
            ("Jobs per million EUR", "[names EUR]"),
            ("thousand million EUR", "[names EUR]"),
            ("Contracts over 5 million EUR", "[names EUR]"),
            ("amount_10_m_usd", "[names usd]"),
            ("eur_usd_m", "[names eur]"),
            ("rank_usd_m", "[names usd]"),
            ("amount_usd_2021", "[names usd]"),
            ("Amount '000", "['000 is 1000]"),
            ("Loans bn", "[bn is 1000000000]"),
            ("Million-dollar grants over a million (USD)", "[open USD]"),
            ("Population (millions)", "[millions is 1000000]"),
            ("Contracts in EUR countries", "[names EUR]"),
            ("contracts_eur", "[names eur]"),
            ("Spent by euro area", "[names euro]"),
            ("KES millions", "[millions is 1000000]"),
            ("Budget (Rs. crore)", "[names Rs]"),
            ("млн грн", "[names грн]"),
            ("予算 千円", "[names 千円]"),
            ("Einwohner (in Tsd.)", "[Tsd. is 1000]"),
        ] {
            assert_eq!(said(header), wanted, "{header}");
        }
    }

    #[test]
    fn a_header_of_something_else_states_nothing() {
        for header in [
            "",
            "USD",
            "EUR",
            "USD/EUR",
            "exchange_rate_usd",
            "Rate in EUR terms",
            "People in state",
            "2005=100",
            "Income under $25,000",
            "Year",
            "to_all",
        ] {
            assert_eq!(said(header), "", "{header}");
        }
    }

    #[test]
    fn a_line_above_a_table_states_the_unit_of_its_numbers() {
        let stated = |line: &str| match of_title(line, &units()) {
            StatedUnit::Stated(unit) => Some(unit.to_string()),
            _ => None,
        };
        for (line, unit) in [
            ("EUR million", "EUR million"),
            ("(in millions of euros)", "EUR million"),
            ("Amounts in thousands of US dollars", "USD thousand"),
            ("Unit: EUR million", "EUR million"),
            ("Military aid, EUR billion, 2022-2024", "EUR billion"),
            ("Currency: GBP", "GBP"),
        ] {
            assert_eq!(stated(line), Some(unit.to_owned()), "{line}");
        }
        for line in ["Aid to Ukraine", "in thousands", "Source: a ministry of the euro area", "Aid in $ million"] {
            assert_eq!(stated(line), None, "{line}");
        }
    }
}
