//! A number without its unit: digits or words, and the words for powers of ten behind either.

use super::number_words::{Word, in_words, known, run};
use super::numeral::Numeral;
use crate::quantity::digits::{self, Strictness, Unclear};

/// The zeros of the largest word that another may follow: `thousand million`.
const LARGEST_SCALED: usize = 3;

const FRACTIONS: [(char, &str); 3] = [('½', "5"), ('¼', "25"), ('¾', "75")];

/// The number at the beginning of `text`, with its length; `None` where there is none. `has_currency` tells whether a
/// currency stands before it.
pub(super) fn read(
    text: &str,
    strictness: Strictness,
    has_currency: bool,
) -> Result<Option<(usize, Numeral)>, Unclear> {
    let (mut length, mut numeral) = match in_digits(text, strictness)? {
        Some(found) => found,
        None => match in_words(text) {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let mut last = numeral.zeros;
    while !numeral.is_article && !numeral.is_dozens && last.is_none_or(|zeros| zeros <= LARGEST_SCALED) {
        let Some((step, scale)) = scale(&text[length..], has_currency) else { break };
        length += step;
        match scale {
            Some(zeros) => numeral.zeros = Some(numeral.zeros.unwrap_or_default() + zeros),
            None => numeral.is_dozens = true,
        }
        // `k` and `bn` end a number, `thousand` may be thousands of millions.
        let is_sign = text[..length].rsplit(|c: char| !c.is_alphabetic()).next().is_some_and(|word| word.len() <= 3);
        last = scale.filter(|_| !is_sign).or(Some(usize::MAX));
    }
    Ok(Some((length, numeral)))
}

fn in_digits(text: &str, strictness: Strictness) -> Result<Option<(usize, Numeral)>, Unclear> {
    let mut length = digits::length(text);
    let fraction = |text: &str| {
        let sign = text.chars().next()?;
        FRACTIONS.iter().find(|(known, _)| *known == sign).map(|(sign, places)| (sign.len_utf8(), *places))
    };
    let mut plain = match length {
        0 if fraction(text).is_some() => "0".to_owned(),
        0 => return Ok(None),
        _ => digits::plain(&text[..length], strictness)?,
    };
    if let Some((step, places)) = fraction(&text[length..]).filter(|_| !plain.contains('.')) {
        plain = format!("{plain}.{places}");
        length += step;
    }
    let mut numeral = Numeral::of(plain);
    if let Some((step, power)) = exponent(&text[length..]) {
        length += step;
        numeral.digits = shifted(&numeral.digits, power);
    }
    Ok(Some((length, numeral)))
}

/// `e9`, `E-3`, with its length; a power that no number can have is held at where none fits.
fn exponent(text: &str) -> Option<(usize, i16)> {
    let rest = text.strip_prefix(['e', 'E'])?;
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 || digits[count..].starts_with(|c: char| c.is_alphanumeric() || c == '.') {
        return None;
    }
    let power: i16 = digits[..count].parse::<i16>().unwrap_or(i16::MAX).min(99);
    let length = text.len() - digits.len() + count;
    Some((length, if rest.starts_with('-') { -power } else { power }))
}

/// Digits with their point so many places further right.
fn shifted(digits: &str, places: i16) -> String {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let far = usize::from(places.unsigned_abs());
    let (whole, fraction) = if places < 0 {
        let padded = format!("{}{whole}", "0".repeat(far));
        let (whole, moved) = padded.split_at(padded.len() - far);
        (whole.to_owned(), format!("{moved}{fraction}"))
    } else {
        let padded = format!("{fraction}{}", "0".repeat(far.saturating_sub(fraction.len())));
        let (moved, fraction) = padded.split_at(far);
        (format!("{whole}{moved}"), fraction.to_owned())
    };
    let whole = if whole.is_empty() { "0".to_owned() } else { whole };
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// A word for a power of ten or for a dozen behind a number, with its length and its zeros.
fn scale(text: &str, has_currency: bool) -> Option<(usize, Option<usize>)> {
    let start = text.len() - text.trim_start().trim_start_matches('-').trim_start().len();
    let (word, end) = run(&text[start..])?;
    let is_tonnes = word == "t" && !has_currency;
    match known(&word)? {
        Word::Scale(zeros) if !is_tonnes => Some((start + end, Some(zeros))),
        Word::Hundred => Some((start + end, Some(2))),
        Word::Dozen => Some((start + end, None)),
        Word::Scale(_) | Word::Small(_) | Word::Tens(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, value: &str, rest: &str) {
        let (length, numeral) = read(text, Strictness::Prose, false).unwrap().unwrap();
        assert_eq!((numeral.number().unwrap().value, &text[length..]), (value.parse().unwrap(), rest), "{text}");
    }

    #[test]
    fn digits_and_words_are_scaled() {
        check("1.6bn missiles", "1600000000", " missiles");
        check("1.6 thousand million", "1600000000", "");
        check("5 hundred thousand", "500000", "");
        check("2 dozen eggs", "24", " eggs");
        check("2½ million", "2500000", "");
        check("1.6e9", "1600000000", "");
        check("1.5e-3", "0.0015", "");
        check("5t", "5", "t");
        check("5-million", "5000000", "");
    }

    #[test]
    fn words_count_as_far_as_they_are_one_number() {
        check("twenty-five points", "25", " points");
        check("a hundred and five thousand", "105000", "");
        check("one million two hundred thousand", "1200000", "");
        check("nineteen hundred", "1900", "");
        check("one and a half million", "1500000", "");
        check("half a million", "500000", "");
        check("half a dozen", "6", "");
        check("two dozen missiles", "24", " missiles");
        check("a day", "1", " day");
        check("five six", "5", " six");
        check("two hundred million", "200000000", "");
        check("a thousand and one", "1001", "");
        assert_eq!(read("million", Strictness::Prose, false), Ok(None));
        assert_eq!(read("missiles", Strictness::Prose, false), Ok(None));
    }
}
