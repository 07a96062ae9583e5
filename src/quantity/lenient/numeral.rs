//! Numbers as people write them, without their unit: digits or words, `twenty-five`, `half a dozen`, and the words for powers of
//! ten behind either.

use super::{WrittenNumber, starts_with_words};
use crate::error::{QuantityError, power_of_ten};
use crate::quantity::decimal::multiply;
use crate::quantity::scan::{AmbiguousDigits, Strictness};
use crate::quantity::{Number, scan};
use rust_decimal::Decimal;

/// A number as written: its digits without grouping, and the words behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numeral {
    /// The digits, with the point and the sign, if any.
    pub(super) digits: String,
    /// The zeros that words for powers of ten append.
    pub(super) zeros: Option<usize>,
    pub(super) is_dozens: bool,
    /// True if it is the article `a` before a noun.
    pub(super) is_article: bool,
}

impl Numeral {
    pub(super) fn of(digits: String) -> Self {
        Self { digits, zeros: None, is_dozens: false, is_article: false }
    }

    /// The value.
    pub(super) fn number(&self) -> Result<WrittenNumber, QuantityError> {
        let zeros = self.zeros.unwrap_or_default();
        let value = format!("{}e{zeros}", self.digits).parse::<Number>()?.value;
        if !self.is_dozens {
            return Ok(WrittenNumber::new(value, &self.digits, zeros));
        }
        let (value, _) = multiply(value, Decimal::from(12))?;
        Ok(WrittenNumber::new(value, &value.normalize().to_string(), 0))
    }

    /// True if a word for a power of ten, or `dozen`, is behind the digits.
    pub(super) fn is_scaled(&self) -> bool {
        self.zeros.is_some() || self.is_dozens
    }

    /// True if it has so few digits that a word behind another number may scale it too.
    pub(super) fn is_short(&self) -> bool {
        self.digits.trim_start_matches('-').split('.').next().is_some_and(|whole| whole.len() <= 3)
    }

    /// The same, scaled as another.
    pub(super) fn scaled_as(&self, other: &Self) -> Self {
        Self { zeros: other.zeros, is_dozens: other.is_dozens, ..self.clone() }
    }
}

/// The zeros of the largest scale that another may follow: `thousand million`.
const LARGEST_SCALED: usize = 3;

const FRACTIONS: [(char, &str); 3] = [('½', "5"), ('¼', "25"), ('¾', "75")];

/// Parses the number at the start of `text`; returns its length too, and `None` if there is none. `has_currency` is true if
/// a currency precedes it.
pub(super) fn parse(
    text: &str,
    strictness: Strictness,
    has_currency: bool,
) -> Result<Option<(usize, Numeral)>, AmbiguousDigits> {
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

fn in_digits(text: &str, strictness: Strictness) -> Result<Option<(usize, Numeral)>, AmbiguousDigits> {
    let mut length = scan::length(text);
    let fraction = |text: &str| {
        let sign = text.chars().next()?;
        FRACTIONS.iter().find(|(known, _)| *known == sign).map(|(sign, places)| (sign.len_utf8(), *places))
    };
    let mut plain = match length {
        0 if fraction(text).is_some() => "0".to_owned(),
        0 => return Ok(None),
        _ => scan::plain(&text[..length], strictness)?,
    };
    if let Some((step, places)) = fraction(&text[length..]).filter(|_| !plain.contains('.')) {
        plain = format!("{plain}.{places}");
        length += step;
    }
    let mut numeral = Numeral::of(plain);
    if let Some((step, power)) = exponent(&text[length..]) {
        length += step;
        numeral.digits = shift_point(&numeral.digits, power);
    }
    Ok(Some((length, numeral)))
}

/// Parses an exponent, `e9`, `E-3`; saturates at 99, which no number can have.
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

/// Moves the point of digits to the right.
fn shift_point(digits: &str, places: i16) -> String {
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

/// Parses a word for a power of ten, with its zeros, or for a dozen, behind a number.
fn scale(text: &str, has_currency: bool) -> Option<(usize, Option<usize>)> {
    let start = text.len() - text.trim_start().trim_start_matches('-').trim_start().len();
    let (word, end) = run(&text[start..])?;
    let is_tonnes = word == "t" && !has_currency;
    match known(&word)? {
        NumberWord::Scale(zeros) if !is_tonnes => Some((start + end, Some(zeros))),
        NumberWord::Hundred => Some((start + end, Some(2))),
        NumberWord::Dozen => Some((start + end, None)),
        NumberWord::Scale(_) | NumberWord::Small(_) | NumberWord::Tens(_) => None,
    }
}

/// The numbers below twenty, in order from zero.
const SMALL: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
                     sixteen seventeen eighteen nineteen";

/// The tens, in order from twenty.
const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";

pub(super) enum NumberWord {
    Small(u64),
    Tens(u64),
    Hundred,
    Scale(usize),
    Dozen,
}

pub(super) fn known(word: &str) -> Option<NumberWord> {
    if let Some((value, _)) = (0..).zip(SMALL.split(' ')).find(|(_, known)| *known == word) {
        return Some(NumberWord::Small(value));
    }
    if let Some((tens, _)) = (2..).zip(TENS.split(' ')).find(|(_, known)| *known == word) {
        return Some(NumberWord::Tens(tens * 10));
    }
    match word {
        "hundred" => Some(NumberWord::Hundred),
        "dozen" => Some(NumberWord::Dozen),
        word => power_of_ten(word).map(NumberWord::Scale),
    }
}

/// True if a word is a number, or a part of one.
pub(super) fn is_number(word: &str) -> bool {
    known(&word.to_lowercase()).is_some()
}

/// The letters at the start of `text` in lower case, and their length.
pub(super) fn run(text: &str) -> Option<(String, usize)> {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_lowercase(), end))
}

/// A number in words, accumulated word by word.
#[derive(Default)]
struct WordCount {
    /// The sum before the last word for a power of ten.
    total: u64,
    /// The count since then, below a thousand.
    group: Option<u64>,
    /// The zeros of the last word for a power of ten.
    last: Option<usize>,
    has_half: bool,
    is_dozens: bool,
}

impl WordCount {
    /// Adds a word; true if it continues the number.
    fn take(&mut self, word: &NumberWord) -> bool {
        let group = self.group.unwrap_or_default();
        let counted = match word {
            NumberWord::Small(value) => match self.group {
                None => Some(*value),
                Some(_) if group > 0 && group.is_multiple_of(100) && *value > 0 => Some(group + value),
                Some(_) if group % 100 >= 20 && group.is_multiple_of(10) && (1..=9).contains(value) => {
                    Some(group + value)
                }
                Some(_) => None,
            },
            NumberWord::Tens(value) => {
                (self.group.is_none() || group > 0 && group.is_multiple_of(100)).then_some(group + value)
            }
            NumberWord::Hundred => (1..=99).contains(&group).then_some(group * 100),
            NumberWord::Scale(zeros)
                if zeros.is_multiple_of(3) && group > 0 && self.last.is_none_or(|last| *zeros < last) =>
            {
                return self.raise(group, *zeros);
            }
            NumberWord::Scale(_) => None,
            NumberWord::Dozen if group > 0 && self.total == 0 => {
                self.is_dozens = true;
                return true;
            }
            NumberWord::Dozen => None,
        };
        self.group = counted.or(self.group);
        counted.is_some()
    }

    fn raise(&mut self, group: u64, zeros: usize) -> bool {
        let power = u32::try_from(zeros).ok().and_then(|zeros| 10_u64.checked_pow(zeros));
        let Some(total) = power.and_then(|power| group.checked_mul(power)?.checked_add(self.total)) else {
            return false;
        };
        (self.total, self.group, self.last) = (total, None, Some(zeros));
        true
    }

    /// The number, with the last word for a power of ten kept apart if it scales all of it.
    fn numeral(&self) -> Numeral {
        let half = if self.has_half { ".5" } else { "" };
        let mut numeral = Numeral::of(format!("{}{half}", self.total + self.group.unwrap_or_default()));
        let power = self.last.and_then(|zeros| Some((zeros, 10_u64.checked_pow(u32::try_from(zeros).ok()?)?)));
        if let (Some((zeros, power)), None) = (power, self.group)
            && self.total.is_multiple_of(power)
        {
            numeral.digits = (self.total / power).to_string();
            numeral.zeros = Some(zeros);
        }
        numeral.is_dozens = self.is_dozens;
        numeral
    }
}

/// Parses a number in words: `twenty-five`, `a hundred and five thousand`, `one and a half million`, `half a dozen`, `a`.
pub(super) fn in_words(text: &str) -> Option<(usize, Numeral)> {
    if let Some(found) = half(text) {
        return Some(found);
    }
    let mut count = WordCount::default();
    let (first, mut at) = run(text)?;
    let is_article = matches!(first.as_str(), "a" | "an");
    if is_article {
        count.group = Some(1);
    } else if !matches!(known(&first), Some(NumberWord::Small(_) | NumberWord::Tens(_))) || !count.take(&known(&first)?)
    {
        return None;
    }
    let mut is_lone = true;
    while !count.is_dozens {
        let rest = &text[at..];
        if let Some(length) = and_a_half(rest).filter(|_| count.total == 0 && !is_article) {
            count.has_half = true;
            at += length;
            break;
        }
        let Some(step) = next_word(rest) else { break };
        let Some((word, length)) = run(&rest[step..]) else { break };
        let is_taken = known(&word).is_some_and(|word| {
            let is_first = matches!(word, NumberWord::Small(_) | NumberWord::Tens(_)) && is_article && is_lone;
            !is_first && count.take(&word)
        });
        if !is_taken {
            break;
        }
        at += step + length;
        is_lone = false;
    }
    // `a` counts the noun behind it.
    let is_article = is_article && is_lone;
    if is_article && !text[at..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphabetic)) {
        return None;
    }
    let numeral = count.numeral();
    Some((at, Numeral { is_article, ..numeral }))
}

/// The separator of two words of a number: a space, a hyphen, `and`.
fn next_word(rest: &str) -> Option<usize> {
    [" and ", " ", "-"].into_iter().find(|between| rest.starts_with(between)).map(str::len)
}

fn and_a_half(rest: &str) -> Option<usize> {
    let words = " and a half";
    (starts_with_words(rest, words)).then_some(words.len())
}

/// Parses `half a million`, `half a dozen`.
fn half(text: &str) -> Option<(usize, Numeral)> {
    let words = ["half a ", "half an ", "a half "].into_iter().find(|words| starts_with_words(text, words))?;
    let (word, end) = run(&text[words.len()..])?;
    let mut numeral = Numeral::of("0.5".to_owned());
    match known(&word)? {
        NumberWord::Scale(zeros) => numeral.zeros = Some(zeros),
        NumberWord::Hundred => numeral.zeros = Some(2),
        NumberWord::Dozen => numeral.is_dozens = true,
        NumberWord::Small(_) | NumberWord::Tens(_) => return None,
    }
    Some((words.len() + end, numeral))
}
