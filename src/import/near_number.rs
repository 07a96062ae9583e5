//! Cells that a reader takes for numbers and the import does not: with a scale in words, or more digits than are exact. They stay text,
//! and that is said.

use super::numeric::CURRENCY_SIGNS;
use super::scale_words::LETTERS;
use super::unit_phrase::is_large_scale;
use super::unit_words::CURRENCY_WORDS;

/// The most digits that a decimal holds for certain.
const EXACT_DIGITS: usize = 28;

/// True for a cell, already trimmed and no number, that is one but for a word or its length: `5 million`, `€5m`, `1e400`.
#[must_use]
pub(super) fn is_near(cell: &str) -> bool {
    // A word is none: most texts begin with one.
    if matches!(cell.as_bytes(), [first, second, ..] if first.is_ascii_alphabetic() && second.is_ascii_lowercase()) {
        return false;
    }
    let capitals = cell.bytes().take_while(u8::is_ascii_uppercase).count();
    let unsigned = if capitals <= 3 { cell[capitals..].trim_start() } else { cell };
    let unsigned = unsigned.trim_start_matches(CURRENCY_SIGNS).trim_start();
    let has_currency = cell.contains(CURRENCY_SIGNS) || capitals == 3 && cell[3..].starts_with(' ');
    let unsigned = unsigned.trim_start_matches(['-', '–', '+', '~', '<', '>', '=', '≈', '(']);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let is_of_number =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '-' | '–' | '/');
    let end = unsigned.find(|c| !is_of_number(c)).unwrap_or(unsigned.len());
    let (digits, word) = (&unsigned[..end], unsigned[end..].trim());
    let first = word.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    match word {
        "" if has_currency || digits.contains(',') => true,
        "" => digits.bytes().filter(u8::is_ascii_digit).count() > EXACT_DIGITS && !digits.contains(['-', '–', '/']),
        _ if is_exponent(word) => true,
        _ => {
            let is_glued = !digits.ends_with(' ') && word.len() == first.len();
            let is_scaled = is_large_scale(first)
                || (has_currency || is_glued) && LETTERS.iter().any(|(letter, _)| *letter == first);
            is_scaled || word.contains(CURRENCY_SIGNS) || CURRENCY_WORDS.contains(&word.to_lowercase().as_str())
        }
    }
}

fn is_exponent(word: &str) -> bool {
    let digits = word.strip_prefix(['e', 'E']).map(|digits| digits.trim_start_matches(['-', '+']));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn what_a_reader_takes_for_a_number_is_near_one() {
        for cell in [
            "5 million",
            "€5m",
            "$2.5bn",
            "EUR 5 million",
            "US$ 3 bn",
            "1e400",
            "12345678901234567890123456789",
            "€5-10m",
            "5 Mio. €",
            "~5 million",
            "1.2m",
            "400k",
            "5.5 Mrd.",
        ] {
            assert!(is_near(cell), "{cell}");
        }
        for cell in [
            "5-10",
            "555-1234-5555-6666-7777-8888-9999-0000",
            "5 m",
            "Kyiv",
            "M5",
            "2023/24",
            "5 missiles",
            "1976tq",
            "EUR",
        ] {
            assert!(!is_near(cell), "{cell}");
        }
    }
}
