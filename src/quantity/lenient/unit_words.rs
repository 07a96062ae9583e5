//! Units as people name them: signs of currencies, `Canadian dollars`, `countries`, `per cent`. What a word may mean in a book
//! is decided here; where it stands in a figure is `grammar`'s.

use super::number_words;
use crate::error::QuantityError;
use crate::quantity::{BaseUnit, Units};

/// Signs of currencies, with the codes that each may stand for. Longer ones stand before those that they begin with.
const SIGNS: &[(&str, &[&str])] = &[
    ("US$", &["USD"]),
    ("US $", &["USD"]),
    ("AU$", &["AUD"]),
    ("A$", &["AUD"]),
    ("CA$", &["CAD"]),
    ("C$", &["CAD"]),
    ("HK$", &["HKD"]),
    ("NZ$", &["NZD"]),
    ("NT$", &["TWD"]),
    ("S$", &["SGD"]),
    ("R$", &["BRL"]),
    ("E£", &["EGP"]),
    ("£", &["GBP"]),
    ("€", &["EUR"]),
    ("₴", &["UAH"]),
    ("₽", &["RUB"]),
    ("₺", &["TRY"]),
    ("₹", &["INR"]),
    ("₩", &["KRW"]),
    ("₪", &["ILS"]),
    ("₫", &["VND"]),
    ("₦", &["NGN"]),
    ("฿", &["THB"]),
    ("₸", &["KZT"]),
    ("$", &["USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN", "CLP"]),
    ("JP¥", &["JPY"]),
    ("CN¥", &["CNY"]),
    ("¥", &["JPY", "CNY"]),
    ("Rs", &["INR", "PKR"]),
    ("kr", &["DKK", "NOK", "SEK", "ISK"]),
];

/// Other names, in small and singular, with the codes that each may stand for.
const ALIASES: &[(&str, &[&str])] = &[
    ("pound", &["GBP"]),
    ("pound sterling", &["GBP"]),
    ("pounds sterling", &["GBP"]),
    ("sterling", &["GBP"]),
    ("british pound", &["GBP"]),
    ("uk pound", &["GBP"]),
    ("american dollar", &["USD"]),
    ("u.s. dollar", &["USD"]),
    ("dollar", &["USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"]),
    ("yuan", &["CNY"]),
    ("renminbi", &["CNY"]),
    ("rmb", &["CNY"]),
    ("rouble", &["RUB"]),
    ("russian rouble", &["RUB"]),
    ("shekel", &["ILS"]),
    ("israeli shekel", &["ILS"]),
    ("kroner", &["DKK", "NOK"]),
    ("kronor", &["SEK"]),
    ("kr", &["DKK", "NOK", "SEK", "ISK"]),
    ("people", &["person"]),
    ("country", &["state"]),
    ("nation", &["state"]),
    ("soldier", &["troop"]),
    ("%", &["percent"]),
    ("pct", &["percent"]),
    ("pc", &["percent"]),
    ("annum", &["year"]),
    ("percentage point", &["percentage_point"]),
    ("percent point", &["percentage_point"]),
    ("pp", &["percentage_point"]),
    ("basis point", &["basis_point"]),
];

/// Words that change what is counted, so that no figure is read past them.
const DECISIVE: &[&str] = &[
    "fewer",
    "less",
    "few",
    "several",
    "many",
    "times",
    "half",
    "quarter",
    "third",
    "double",
    "percentage",
    "basis",
    "square",
    "cubic",
    "potential",
    "no",
    "non",
    "not",
    "none",
    "out",
    "so-called",
    "former",
    "of",
];

/// Words that only say that there are others, so that they may stand before any unit.
const ADDED: &[&str] = &["additional", "extra", "further", "more", "other", "new", "another"];

/// What a word or several may mean: the codes of the book that fit.
pub(super) type Codes = Vec<String>;

/// The sign of a currency at the beginning of `text`: its length and the codes that it may stand for.
pub(super) fn sign(text: &str) -> Option<(usize, &'static [&'static str])> {
    let found = SIGNS.iter().find(|(sign, _)| super::phrases::begins_with(text, sign))?;
    Some((found.0.len(), found.1))
}

/// Those of some codes that the book has; the first where it has none, to be refused by name.
pub(super) fn of_book(codes: &[&str], units: &Units) -> Codes {
    let known: Codes = codes.iter().filter(|code| units.get(code).is_some()).map(|code| (*code).to_owned()).collect();
    match codes.first() {
        Some(first) if known.is_empty() && codes.len() == 1 => vec![(*first).to_owned()],
        _ => known,
    }
}

/// The code before a number, in capitals: `GBP 5`.
pub(super) fn code_before(text: &str, units: &Units) -> Option<(usize, String)> {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let unit = units.get(&text[..end].to_ascii_uppercase())?;
    Some((end, unit.code.clone()))
}

/// The codes that a phrase may mean: by code, by another name, by the name in the book.
pub(super) fn meanings(phrase: &str, units: &Units) -> Codes {
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

/// The codes of another name, in one of these forms.
fn alias(forms: &[String]) -> Option<&'static [&'static str]> {
    ALIASES.iter().find(|(name, _)| forms.iter().any(|form| form == name)).map(|(_, codes)| *codes)
}

/// A phrase in small as it is, and with what may be a plural's end taken off it.
fn singulars(lower: &str) -> Vec<String> {
    let mut found = vec![lower.to_owned()];
    found.extend(lower.strip_suffix("ies").map(|stem| format!("{stem}y")));
    found.extend(lower.strip_suffix("es").map(str::to_owned));
    found.extend(lower.strip_suffix('s').map(str::to_owned));
    found
}

/// A unit in words, and the words before it that do not belong to its name.
pub(super) fn read(words: &[&str], units: &Units) -> Result<(Codes, Vec<String>), Problem> {
    for start in 0..words.len() {
        let phrase = words[start..].join(" ");
        let codes = meanings(&phrase, units);
        if codes.is_empty() && alias(&singulars(&phrase.to_lowercase())).is_some() {
            return Err(Problem::Absent(phrase));
        }
        let Some(first) = codes.first() else { continue };
        let passed = &words[..start];
        let is_counted = units.get(first).is_none_or(|unit| matches!(unit.kind.as_str(), "count" | ""));
        if let Some(word) = passed.iter().find(|word| is_decisive(word, is_counted, units)) {
            return Err(Problem::Decisive((*word).to_owned(), words[start..].join(" ")));
        }
        return Ok((codes, passed.iter().map(|word| (*word).to_owned()).collect()));
    }
    Err(Problem::Unknown(words.last().map_or_else(String::new, |word| (*word).to_owned())))
}

/// Why words are no unit.
pub(super) enum Problem {
    /// This word before these may change what they say.
    Decisive(String, String),
    /// The words are known, and the book has no unit for them.
    Absent(String),
    /// No unit of the book has this name.
    Unknown(String),
}

fn is_decisive(word: &str, is_counted: bool, units: &Units) -> bool {
    let lower = word.to_lowercase();
    if ADDED.contains(&lower.as_str()) {
        return false;
    }
    !is_counted
        || DECISIVE.contains(&lower.as_str())
        || number_words::is_number(&lower)
        || !word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\''))
        || !meanings(word, units).is_empty()
}

/// The error of a word that is no unit of the book.
pub(super) fn unknown(word: &str, units: &Units) -> QuantityError {
    let singulars = singulars(&word.to_lowercase());
    let near = singulars.iter().find_map(|singular| crate::error::suggest::nearest(singular, units.codes()));
    QuantityError::UnknownUnit { code: word.to_owned(), near }
}
