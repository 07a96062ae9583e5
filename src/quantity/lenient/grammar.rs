//! Figures as people write them: `£1.6bn`, `£320,000 per missile`, `more than 5,000 missiles`, `4,500`. They are turned into
//! the text form of a quantity, which alone decides what they are; what could mean two things is refused.

use super::{WrittenFigure, WrittenNumber};
use crate::error::{QuantityError, power_of_ten};
use crate::quantity::Units;

/// How people bound a number, and how the text form does. Longer ones stand before those that they begin with.
const BOUNDS: [(&str, &str); 26] = [
    (">=", ">="),
    ("≥", ">="),
    ("at least", ">="),
    ("no less than", ">="),
    ("no fewer than", ">="),
    (">", ">"),
    ("more than", ">"),
    ("over", ">"),
    ("above", ">"),
    ("<=", "<="),
    ("≤", "<="),
    ("at most", "<="),
    ("up to", "<="),
    ("no more than", "<="),
    ("<", "<"),
    ("less than", "<"),
    ("fewer than", "<"),
    ("under", "<"),
    ("below", "<"),
    ("about", "≈"),
    ("around", "≈"),
    ("roughly", "≈"),
    ("approximately", "≈"),
    ("some", "≈"),
    ("~", "≈"),
    ("≈", "≈"),
];

/// Signs that stand for one currency, with its code.
const SIGNS: [(&str, &str); 18] = [
    ("US$", "USD"),
    ("AU$", "AUD"),
    ("A$", "AUD"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("£", "GBP"),
    ("€", "EUR"),
    ("₴", "UAH"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₫", "VND"),
];

/// Reads a figure.
///
/// # Errors
/// What is no figure, could mean two things, or has a unit that the book does not have.
pub(super) fn read(text: &str, units: &Units) -> Result<WrittenFigure, QuantityError> {
    let mut reader = Reader { text, rest: text.trim(), units, parts: Vec::new() };
    let form = reader.form()?;
    let quantity = units.read(&form)?;
    let values = [quantity.lo(), quantity.hi()].into_iter().flatten().filter_map(|end| end.number());
    let numbers = values.zip(&reader.parts).map(|(value, (digits, zeros))| WrittenNumber::new(value, digits, *zeros));
    Ok(WrittenFigure {
        numbers: numbers.collect(),
        quantity,
        approximation: None,
        per_unnamed_item: false,
        skipped: Vec::new(),
    })
}

struct Reader<'r> {
    text: &'r str,
    rest: &'r str,
    units: &'r Units,
    parts: Vec<(String, usize)>,
}

/// One number as written: its digits without grouping, the zeros that a word adds, its currency.
struct Part<'r> {
    digits: String,
    zeros: Option<usize>,
    currency: Option<&'r str>,
}

impl<'r> Reader<'r> {
    /// The text form.
    fn form(&mut self) -> Result<String, QuantityError> {
        self.eat_word("between");
        let bound = BOUNDS.iter().find(|(written, _)| self.eat_word(written)).map_or("", |(_, sign)| *sign);
        let mut first = self.part()?;
        let second = if self.eats_connective() { Some(self.part()?) } else { None };
        if let Some(second) = &second {
            // `5 to 10 million` speaks of millions twice.
            let is_short = first.digits.len() <= 3 || first.digits.contains('.');
            first.zeros = first.zeros.or(second.zeros.filter(|_| is_short));
        }
        let currency = first.currency.or(second.as_ref().and_then(|second| second.currency));
        let unit = self.unit(currency)?;
        self.parts.extend(
            [Some(&first), second.as_ref()]
                .into_iter()
                .flatten()
                .map(|part| (part.digits.clone(), part.zeros.unwrap_or_default())),
        );
        let number = |part: &Part<'_>| format!("{}e{}", part.digits, part.zeros.unwrap_or_default());
        let amount = match &second {
            Some(second) if bound.is_empty() => format!("{}..{}", number(&first), number(second)),
            Some(_) => return Err(self.refused("it has a bound and two numbers", "give one of the two")),
            None => format!("{bound}{}", number(&first)),
        };
        Ok(if unit.is_empty() { amount } else { format!("{amount} {unit}") })
    }

    /// A number with the sign or code of a currency before it, and a word for a power of ten behind.
    fn part(&mut self) -> Result<Part<'r>, QuantityError> {
        let currency = self.currency()?;
        let rest = self.rest;
        let end = rest.find(|c: char| !(c.is_ascii_digit() || is_grouping(c) || c == '.')).unwrap_or(rest.len());
        // A separator or a point at the end belongs to what follows: ` missiles`, `..`.
        let written = rest[..end].split("..").next().unwrap_or_default();
        let written = written.trim_end_matches(|c: char| is_grouping(c) || c == '.');
        let sign = if currency.is_none() && written.is_empty() && rest.starts_with('-') { "-" } else { "" };
        if !sign.is_empty() {
            self.rest = &rest[1..];
            let part = self.part()?;
            return Ok(Part { digits: format!("-{}", part.digits), ..part });
        }
        let digits = self.digits(written)?;
        self.rest = rest[written.len()..].trim_start();
        Ok(Part { digits, zeros: self.zeros(), currency })
    }

    /// Digits without their grouping, which is by threes.
    fn digits(&self, written: &str) -> Result<String, QuantityError> {
        let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
        if whole.is_empty() {
            return Err(self.refused("a number is missing", "write it as `£320,000 per missile` or `5000 missile`"));
        }
        let mut groups = whole.split(is_grouping);
        let is_first_right = groups.next().is_some_and(|first| first.len() <= 3 || first.len() == whole.len());
        if !is_first_right || !groups.all(|group| group.len() == 3) || fraction.contains(['.', ',']) {
            let cure = "group by threes and write a point for decimals: `1,600.5`";
            return Err(self.refused(&format!("the digits of `{written}` could mean two numbers"), cure));
        }
        let whole = whole.replace(is_grouping, "");
        Ok(if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") })
    }

    /// The zeros of a word for a power of ten, which is stepped over.
    fn zeros(&mut self) -> Option<usize> {
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        let zeros = power_of_ten(&self.rest[..end])?;
        self.rest = self.rest[end..].trim_start();
        Some(zeros)
    }

    /// A currency before a number.
    fn currency(&mut self) -> Result<Option<&'r str>, QuantityError> {
        if let Some((sign, code)) = SIGNS.iter().find(|(sign, _)| self.rest.starts_with(sign)) {
            self.rest = self.rest[sign.len()..].trim_start();
            return Ok(Some(code));
        }
        if let Some(sign) = self.rest.chars().next().filter(|sign| matches!(sign, '$' | '¥')) {
            let why = format!("`{sign}` is the sign of several currencies");
            return Err(self.refused(&why, "write the code, as `USD 5` or `5 USD`"));
        }
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        let Some(unit) = self.units.get(&self.rest[..end].to_ascii_uppercase()) else { return Ok(None) };
        self.rest = self.rest[end..].trim_start();
        Ok(Some(&unit.code))
    }

    /// The unit behind the number: `missiles`, `GBP per missile`, `/missile`, `%`.
    fn unit(&mut self, currency: Option<&str>) -> Result<String, QuantityError> {
        let rest = self.rest.replace("per cent", "percent").replace('%', " percent ");
        let spaced = rest.replace('/', " per ");
        let mut words = spaced.split_whitespace().peekable();
        let above = match words.next_if(|word| !is_per(word)) {
            Some(word) if currency.is_some_and(|code| self.code(word).as_deref() != Some(code)) => {
                return Err(self.refused(&format!("`{word}` stands where `per …` would"), "name one unit"));
            }
            Some(word) => self.known(word)?,
            None => currency.unwrap_or_default().to_owned(),
        };
        let below = match words.next_if(|word| is_per(word)).and_then(|_| words.next()) {
            Some(word) => format!("/{}", self.known(word)?),
            None => String::new(),
        };
        if let Some(word) = words.next() {
            return Err(self.refused(&format!("`{word}` is no part of a figure"), "write it as `320000 GBP/missile`"));
        }
        let above = if above.is_empty() && !below.is_empty() { "1".to_owned() } else { above };
        Ok(format!("{above}{below}"))
    }

    /// The code of a word: as it is, in capitals, in small letters, without a plural's `s`.
    fn code(&self, word: &str) -> Option<String> {
        let (upper, lower) = (word.to_uppercase(), word.to_lowercase());
        let singular = lower.strip_suffix('s').unwrap_or_default();
        let known = [word, &upper, &lower, singular].into_iter().find(|code| self.units.get(code).is_some());
        known.map(str::to_owned)
    }

    fn known(&self, word: &str) -> Result<String, QuantityError> {
        self.code(word).map_or_else(|| self.units.read_unit(word).map(|unit| unit.to_string()), Ok)
    }

    /// Steps over words that stand here, and over the spaces behind them.
    fn eat_word(&mut self, words: &str) -> bool {
        let Some(beginning) = self.rest.get(..words.len()) else { return false };
        let after = &self.rest[words.len()..];
        let is_letters = words.ends_with(char::is_alphabetic);
        let is_here =
            beginning.eq_ignore_ascii_case(words) && !(is_letters && after.starts_with(char::is_alphanumeric));
        if is_here {
            self.rest = after.trim_start();
        }
        is_here
    }

    fn eats_connective(&mut self) -> bool {
        ["..", "to", "and", "–", "—", "-"].into_iter().any(|word| self.eat_word(word))
    }

    fn refused(&self, why: &str, cure: &str) -> QuantityError {
        QuantityError::Figure { text: self.text.trim().to_owned(), why: why.to_owned(), cure: cure.to_owned() }
    }
}

fn is_per(word: &str) -> bool {
    ["per", "a", "an", "each"].contains(&word)
}

fn is_grouping(c: char) -> bool {
    matches!(c, ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::quantity::{BaseUnit, Units};

    fn units() -> Units {
        let unit = |code: &str| BaseUnit { code: code.into(), kind: String::new(), places: 2, name: code.into() };
        Units::new(["GBP", "USD", "EUR", "missile", "troop", "percent"].map(unit))
    }

    #[track_caller]
    fn check(text: &str, form: &str) {
        assert_eq!(read(text, &units()).map(|figure| figure.quantity.to_string()), Ok(form.to_owned()), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, message: &str) {
        let error = read(text, &units()).unwrap_err();
        assert!(error.to_string().contains(message) && error.cure().is_some(), "{text}: {error}");
    }

    #[test]
    fn figures_are_read_as_people_write_them() {
        check("£320,000 per missile", "320000 GBP/missile");
        check("£320k/missile", "320000 GBP/missile");
        check("£320,000 a missile", "320000 GBP/missile");
        check("£1.6bn", "1600000000 GBP");
        check("£1.6 billion", "1600000000 GBP");
        check("GBP 1,600,000,000", "1600000000 GBP");
        check("1.6bn gbp", "1600000000 GBP");
        check("US$400,000 per missile", "400000 USD/missile");
        check("5,000 missiles", "5000 missile");
        check("5 000 missiles", "5000 missile");
        check("5000", "5000");
        check("9.1%", "9.1 percent");
        check("9.1 per cent", "9.1 percent");
        check("-11 %", "-11 percent");
        check("3.125 per GBP", "3.125 1/GBP");
    }

    #[test]
    fn bounds_and_ranges_are_kept() {
        check("more than 5,000 missiles", ">5000 missile");
        check("at least 5,000", ">=5000");
        check("up to £1.6bn", "<=1600000000 GBP");
        check(">5000", ">5000");
        check("about £1.6bn", "≈1600000000 GBP");
        check("£310,000–£330,000 per missile", "310000..330000 GBP/missile");
        check("310000..330000 GBP/missile", "310000..330000 GBP/missile");
        check("between £1.55bn and £1.65bn", "1550000000..1650000000 GBP");
        check("£1.55 to 1.65bn", "1550000000..1650000000 GBP");
        check("5 to 10 million", "5000000..10000000");
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        refused("$400,000", "`$` is the sign of several currencies");
        refused("1,6", "could mean two numbers");
        refused("1.600.000", "could mean two numbers");
        refused("1600,000", "could mean two numbers");
        refused("£", "a number is missing");
        refused("", "a number is missing");
        refused("£5 missiles", "`missiles` stands where");
        refused("5 missile launchers", "`launchers` is no part");
        refused("more than 5 to 6", "a bound and two numbers");
        refused("5 misiles", "`misiles`");
    }
}
