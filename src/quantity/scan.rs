//! Scanning of text: a cursor, and the digits of a number with their grouping. It knows no grammar; words and units are read by
//! `lenient`.

use crate::error::QuantityError;

/// The most characters before and after the position that an error shows.
const SHOWN_BEFORE: usize = 30;
const SHOWN_AFTER: usize = 30;

/// A text and the position in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, offset: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Consumes `prefix` if it follows; true if it did.
    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.offset += prefix.len();
        }
        found
    }

    /// Consumes spaces; true if there were any.
    pub(super) fn spaces(&mut self) -> bool {
        !self.ascii(|byte| byte == b' ').is_empty()
    }

    /// Consumes the longest run of characters that `belongs`, which may be empty.
    pub(super) fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.offset += length;
        &rest[..length]
    }

    /// Consumes the longest run of digits, which may be empty.
    pub(super) fn digits(&mut self) -> &'a str {
        self.ascii(|byte| byte.is_ascii_digit())
    }

    /// As `take` for ASCII, which needs no decoding.
    fn ascii(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| belongs(*byte)).count();
        self.offset += length;
        &rest[..length]
    }

    /// Consumes a name: a letter, then letters, digits and `_`; empty if there is none.
    pub(super) fn name(&mut self) -> &'a str {
        if self.peek().is_some_and(char::is_alphabetic) { self.take(|c| c.is_alphanumeric() || c == '_') } else { "" }
    }

    /// The error of unexpected input here.
    pub(super) fn malformed(&self, expected: &'static str) -> QuantityError {
        QuantityError::Malformed { text: self.excerpt(), offset: self.offset, expected }
    }

    /// The excerpt that an error shows, with the position in its middle.
    fn excerpt(&self) -> String {
        let (before, after) = self.text.split_at(self.offset);
        let start = before.char_indices().rev().nth(SHOWN_BEFORE - 1).map_or(0, |(at, _)| at);
        let end = after.char_indices().nth(SHOWN_AFTER).map_or(after.len(), |(at, _)| at);
        let mark = |is_cut: bool| if is_cut { "…" } else { "" };
        format!("{}{}{}{}", mark(start > 0), &before[start..], &after[..end], mark(end < after.len()))
    }

    /// Checks that the text ends here.
    pub(super) fn finish(&self, expected: &'static str) -> Result<(), QuantityError> {
        if self.offset == self.text.len() { Ok(()) } else { Err(self.malformed(expected)) }
    }
}

/// True if `text` is a name: of a unit, of an assumption.
pub(super) fn is_name(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    !cursor.name().is_empty() && cursor.rest().is_empty()
}

/// The treatment of digits that could mean two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// For `check`, texts, assumptions and parameters. Ambiguous digits are refused: `5.000` may be five or five thousand,
    /// `1,6` sixteen or one and six tenths. A comma groups by threes: `5,000`.
    Prose,
    /// For `q`, `decimal` and SQL. A point is the decimal point: `5.000` is five. A comma groups by threes here too, and
    /// `1,6` is refused.
    Code,
}

/// Separators of digits: a point, and grouping signs.
const SEPARATORS: [char; 5] = ['.', ',', '\'', '_', ' '];

/// Refused digits, with the unambiguous spellings of all possible numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AmbiguousDigits {
    /// The digits as written.
    pub(super) written: String,
    pub(super) readings: Vec<String>,
}

impl AmbiguousDigits {
    pub(super) fn reason(&self) -> String {
        match self.readings.len() {
            2.. => format!("the digits of `{}` could mean two numbers", self.written),
            _ => format!(
                "the digits of `{}` are not grouped by threes, with a point before decimal places",
                self.written
            ),
        }
    }
}

/// The length in bytes of the digits that `text` starts with, including separators.
pub(super) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut at, mut has_digit) = (0, false);
    loop {
        if is_digit(at) {
            (at, has_digit) = (at + 1, true);
        } else if is_separator(bytes.get(at)) && is_digit(at + 1) && (has_digit || bytes[at] == b'.') {
            // A space groups three digits; before one or two it ends the number.
            let is_group = (1..=3).all(|step| is_digit(at + step)) && !is_digit(at + 4);
            if bytes[at] == b' ' && !is_group {
                return at;
            }
            at += 1;
        } else {
            return if has_digit { at } else { 0 };
        }
    }
}

fn is_separator(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| SEPARATORS.contains(&char::from(*byte)))
}

/// The digits without their grouping, with a point before the decimal places: `1600.5` of `1,600.5`.
pub(super) fn plain(written: &str, strictness: Strictness) -> Result<String, AmbiguousDigits> {
    let (groups, separators) = split(written);
    let (whole, fraction) = match separators.split_last() {
        Some((&'.', before)) if !before.contains(&'.') => (&groups[..groups.len() - 1], groups[groups.len() - 1]),
        _ => (groups.as_slice(), ""),
    };
    let grouping = &separators[..whole.len() - 1];
    let is_grouped_well = grouping.iter().all(|sign| *sign == grouping[0] && *sign != '.')
        && (grouping.is_empty() || (1..=3).contains(&whole[0].len()) && !whole[0].starts_with('0'))
        && whole[1..].iter().all(|group| group.len() == 3);
    let could_be_grouped = strictness == Strictness::Prose
        && grouping.is_empty()
        && fraction.len() == 3
        && (1..=3).contains(&whole[0].len())
        && !whole[0].starts_with('0');
    if !is_grouped_well || could_be_grouped {
        return Err(AmbiguousDigits { written: written.to_owned(), readings: possible_numbers(written, strictness) });
    }
    let whole = whole.concat();
    let whole = if whole.is_empty() { "0" } else { whole.as_str() };
    Ok(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

fn split(written: &str) -> (Vec<&str>, Vec<char>) {
    (written.split(SEPARATORS).collect(), written.chars().filter(|c| SEPARATORS.contains(c)).collect())
}

/// The possible numbers of digits with separators, each in an unambiguous spelling; none if the grouping is of no known
/// kind.
pub(super) fn possible_numbers(written: &str, strictness: Strictness) -> Vec<String> {
    let (groups, separators) = split(written);
    let Some((last, before)) = separators.split_last() else { return vec![unambiguous(written, "", strictness)] };
    let (fraction, whole) = (groups[groups.len() - 1], &groups[..groups.len() - 1]);
    let is_point = matches!(last, '.' | ',');
    let mut found = Vec::new();
    let is_one_comma = before.is_empty() && is_point && !groups[0].is_empty() && !groups[0].starts_with('0');
    if is_one_comma || is_grouped(&groups) {
        found.push(unambiguous(&groups.concat(), "", strictness));
    }
    if is_point && !before.contains(last) && (before.is_empty() || is_grouped(whole)) {
        found.push(unambiguous(&whole.concat(), fraction, strictness));
    }
    found
}

/// True if digits are grouped by threes, or as `1,00,000` by twos before the last three.
fn is_grouped(groups: &[&str]) -> bool {
    let Some((first, [middle @ .., last])) = groups.split_first() else { return false };
    let of = |length: usize| (1..=length).contains(&first.len()) && middle.iter().all(|group| group.len() == length);
    last.len() == 3 && !first.starts_with('0') && (of(3) || of(2))
}

/// An unambiguous spelling of a number.
fn unambiguous(whole: &str, fraction: &str, strictness: Strictness) -> String {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    // Three decimal places behind three digits could be thousands.
    let is_ambiguous = strictness == Strictness::Prose && fraction.len() == 3 && whole.len() <= 3 && whole != "0";
    let fraction = match fraction.strip_suffix('0') {
        Some(shorter) if is_ambiguous => shorter.to_owned(),
        None if is_ambiguous => format!("{fraction}0"),
        _ => fraction.to_owned(),
    };
    let mut text = if strictness == Strictness::Prose { grouped(whole) } else { whole.to_owned() };
    if !fraction.is_empty() {
        text = format!("{text}.{fraction}");
    }
    text
}

/// The digits of a whole number in groups of three: `1,600`.
pub(super) fn grouped(whole: &str) -> String {
    let mut text = String::with_capacity(whole.len() * 2);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_what_surrounds_it() {
        let long = format!("{}é{}", "a".repeat(100), "b".repeat(100));
        let mut cursor = Cursor::new(&long);
        assert_eq!(cursor.excerpt(), format!("{}…", "a".repeat(30)));
        cursor.take(|c| c == 'a');
        assert_eq!(cursor.excerpt(), format!("…{}é{}…", "a".repeat(30), "b".repeat(29)));
        assert_eq!(Cursor::new("5 x").excerpt(), "5 x");
    }
}
