//! A number in words: `twenty-five`, `a hundred and five thousand`, `half a dozen`. Digits are `number_reader`'.

use super::numeral::Numeral;
use super::phrases::begins_with;
use crate::error::power_of_ten;

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// How a word counts on.
pub(super) enum Word {
    Small(u64),
    Tens(u64),
    Hundred,
    Scale(usize),
    Dozen,
}

pub(super) fn known(word: &str) -> Option<Word> {
    let place = |list: &[&str]| list.iter().position(|known| *known == word).and_then(|at| u64::try_from(at).ok());
    if let Some(value) = place(&SMALL) {
        return Some(Word::Small(value));
    }
    if let Some(at) = place(&TENS) {
        return Some(Word::Tens((at + 2) * 10));
    }
    match word {
        "hundred" => Some(Word::Hundred),
        "dozen" => Some(Word::Dozen),
        word => power_of_ten(word).map(Word::Scale),
    }
}

/// Whether a word is a number, or a part of one.
pub(super) fn is_number(word: &str) -> bool {
    known(&word.to_lowercase()).is_some()
}

/// The letters at the beginning of `text` in small, with their length.
pub(super) fn run(text: &str) -> Option<(String, usize)> {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_lowercase(), end))
}

/// A number in words that grows word by word.
#[derive(Default)]
struct Count {
    /// What stands before the last word for a power of ten.
    total: u64,
    /// What has been counted since, below a thousand.
    group: Option<u64>,
    /// The zeros of the last word for a power of ten.
    last: Option<usize>,
    has_half: bool,
    is_dozens: bool,
}

impl Count {
    /// Counts a word; whether it goes on the number.
    fn take(&mut self, word: &Word) -> bool {
        let group = self.group.unwrap_or_default();
        let counted = match word {
            Word::Small(value) => match self.group {
                None => Some(*value),
                Some(_) if group > 0 && group.is_multiple_of(100) && *value > 0 => Some(group + value),
                Some(_) if group % 100 >= 20 && group.is_multiple_of(10) && (1..=9).contains(value) => {
                    Some(group + value)
                }
                Some(_) => None,
            },
            Word::Tens(value) => {
                (self.group.is_none() || group > 0 && group.is_multiple_of(100)).then_some(group + value)
            }
            Word::Hundred => (1..=99).contains(&group).then_some(group * 100),
            Word::Scale(zeros)
                if zeros.is_multiple_of(3) && group > 0 && self.last.is_none_or(|last| *zeros < last) =>
            {
                return self.raise(group, *zeros);
            }
            Word::Scale(_) => None,
            Word::Dozen if group > 0 && self.total == 0 => {
                self.is_dozens = true;
                return true;
            }
            Word::Dozen => None,
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

    /// The number, with the last word for a power of ten kept apart where it scales all of it.
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

/// A number in words: `twenty-five`, `a hundred and five thousand`, `one and a half million`, `half a dozen`, `a`.
pub(super) fn in_words(text: &str) -> Option<(usize, Numeral)> {
    if let Some(found) = half(text) {
        return Some(found);
    }
    let mut count = Count::default();
    let (first, mut at) = run(text)?;
    let is_article = matches!(first.as_str(), "a" | "an");
    if is_article {
        count.group = Some(1);
    } else if !matches!(known(&first), Some(Word::Small(_) | Word::Tens(_))) || !count.take(&known(&first)?) {
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
            let is_first = matches!(word, Word::Small(_) | Word::Tens(_)) && is_article && is_lone;
            !is_first && count.take(&word)
        });
        if !is_taken {
            break;
        }
        at += step + length;
        is_lone = false;
    }
    // `a` counts what is named behind it, by a word.
    let is_article = is_article && is_lone;
    if is_article && !text[at..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphabetic)) {
        return None;
    }
    let numeral = count.numeral();
    Some((at, Numeral { is_article, ..numeral }))
}

/// What stands between two words of a number: a space, a hyphen, `and`.
fn next_word(rest: &str) -> Option<usize> {
    [" and ", " ", "-"].into_iter().find(|between| rest.starts_with(between)).map(str::len)
}

fn and_a_half(rest: &str) -> Option<usize> {
    let words = " and a half";
    (begins_with(rest, words)).then_some(words.len())
}

/// `half a million`, `half a dozen`.
fn half(text: &str) -> Option<(usize, Numeral)> {
    let words = ["half a ", "half an ", "a half "].into_iter().find(|words| begins_with(text, words))?;
    let (word, end) = run(&text[words.len()..])?;
    let mut numeral = Numeral::of("0.5".to_owned());
    match known(&word)? {
        Word::Scale(zeros) => numeral.zeros = Some(zeros),
        Word::Hundred => numeral.zeros = Some(2),
        Word::Dozen => numeral.is_dozens = true,
        Word::Small(_) | Word::Tens(_) => return None,
    }
    Some((words.len() + end, numeral))
}
