//! Reading of quantities whose text forms differ in the digits and the number of the record alone, as those of a column do: what is
//! the same is read once. It reads what the text form is, and nothing else.

use super::Quantity;
use super::record_form::RecordForm;
use super::unit::UnitRegistry;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The most forms that are remembered: a table has a few columns of numbers, in a few units and stages.
const MAX_FORMS: usize = 8;

/// The most digits of a number that is read without the parser: they fit 64 bits.
const MAX_DIGITS: usize = 18;

/// A reader that remembers the forms it has met last.
#[derive(Debug, Default)]
pub struct RowReader {
    forms: Vec<RecordForm>,
    /// The form that makes way for a new one.
    oldest: usize,
}

impl RowReader {
    /// Reads a quantity in its text form, of known units.
    ///
    /// # Errors
    /// As [`UnitRegistry::parse_quantity`].
    pub fn read(&mut self, text: &str, units: &UnitRegistry) -> Result<Quantity, QuantityError> {
        let number = split_number(text);
        if let Some((value, rest)) = number
            && let Some(read) = self.forms.iter().find_map(|form| read_as(form, value, rest))
        {
            return Ok(read);
        }
        let read = units.parse_quantity(text)?;
        if let Some(form) = number.and_then(|(_, rest)| form_of(&read, rest)) {
            self.remember(form);
        }
        Ok(read)
    }

    fn remember(&mut self, form: RecordForm) {
        if self.forms.len() < MAX_FORMS {
            self.forms.push(form);
            return;
        }
        self.forms[self.oldest] = form;
        self.oldest = (self.oldest + 1) % MAX_FORMS;
    }
}

/// The form of a quantity that was read, from the text behind its number; `None` where that says more than a unit, one record and a
/// stage.
fn form_of(read: &Quantity, rest: &str) -> Option<RecordForm> {
    // Another digit behind the space would belong to the number.
    let is_apart = rest[1..].starts_with(|c: char| c == '[' || c.is_alphabetic());
    let colon = rest.find(':').filter(|_| is_apart)?;
    let (before, number) = rest.split_at(colon + 1);
    RecordForm::of(read, (before, number.trim_start_matches(|c: char| c.is_ascii_digit())), 0)
}

/// The quantity of a number and what is written behind it; `None` for another form.
fn read_as(form: &RecordForm, value: Decimal, rest: &str) -> Option<Quantity> {
    let number = rest.strip_prefix(&*form.before_record)?.strip_suffix(&*form.after_record)?;
    let is_number = matches!(number.as_bytes(), [b'1'..=b'9', others @ ..] if others.iter().all(u8::is_ascii_digit));
    let number = number.parse().ok().filter(|number| is_number && RecordForm::is_record(*number))?;
    Some(form.exactly(value, number))
}

/// The number that a text begins with, and what is written from the space behind it on; `None` for a number that is not written as
/// the program writes it, or is a long one.
fn split_number(text: &str) -> Option<(Decimal, &str)> {
    let (digits, is_negative) = text.strip_prefix('-').map_or((text, false), |digits| (digits, true));
    let (mut mantissa, mut point, mut end) = (0_i64, None, 0);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa.wrapping_mul(10).wrapping_add(i64::from(byte - b'0')),
            b'.' if point.is_none() && end > 0 => point = Some(end),
            b' ' => break,
            _ => return None,
        }
        end += 1;
        if end > MAX_DIGITS {
            return None;
        }
    }
    let places = point.map_or(0, |point| end - point - 1);
    let is_short = point.is_none_or(|_| places > 0 && digits.as_bytes()[end - 1] != b'0');
    if end == 0 || end == digits.len() || !is_short || (is_negative && mantissa == 0) {
        return None;
    }
    let value = if is_negative { -mantissa } else { mantissa };
    Some((Decimal::new(value, u32::try_from(places).ok()?), &digits[end..]))
}

#[cfg(test)]
mod tests {
    use super::{RowReader, split_number};
    use crate::quantity::{BaseUnit, UnitRegistry};

    fn units() -> UnitRegistry {
        let unit = |code: &str| BaseUnit { code: code.into(), kind: "count".into(), places: 0, name: code.into() };
        UnitRegistry::new(["GBP", "EUR", "missile"].map(unit))
    }

    #[test]
    fn what_is_remembered_reads_as_the_parser_does() {
        let mut reader = RowReader::default();
        let known = ["5 GBP [S2:7]", "5 EUR [S2:7; @pledged]", "5 [S3:1]", "5 GBP/missile [S4:2]"];
        for text in known {
            reader.read(text, &units()).unwrap();
        }
        let numbers =
            ["0", "-0", "7", "-12.5", "0.0001", "12.50", "5.", ".5", "1e3", "007", "1,000", "1 000", "≈3", "1..2"];
        let long = ["999999999999999999", "9999999999999999999", "123456789.123456789", "unknown(not_stated)"];
        let rests = [
            " GBP [S2:7]",
            " GBP [S2:8]",
            " GBP [S2:0]",
            " GBP [S2:07]",
            " GBP [S2:4294967295]",
            " GBP [S2:4294967294]",
            " GBP [S2:1-3]",
            " GBP [S2:*]",
            " GBP [S2:9; @pledged]",
            " EUR [S2:9; @pledged]",
            " EUR [S2:9; @pledged] ",
            " EUR [S2:9; given=5 EUR; @pledged]",
            " [S3:44]",
            " [S3:44 S3:45]",
            "[S3:4]",
            " GBP/missile [S4:2]",
            " GBP",
            "",
            " GBP [S2:]",
            " GBP [S2:+5]",
            "  GBP [S2:5]",
            " yen [S2:5]",
        ];
        for number in numbers.into_iter().chain(long) {
            for rest in rests {
                let text = format!("{number}{rest}");
                let (read, parsed) = (reader.read(&text, &units()), units().parse_quantity(&text));
                assert_eq!(format!("{read:?}"), format!("{parsed:?}"), "{text}");
            }
        }
    }

    #[test]
    fn many_forms_push_each_other_out() {
        let mut reader = RowReader::default();
        for source in (1..40).chain(1..40) {
            let text = format!("{source}.5 GBP [S{source}:{source}; @pledged]");
            assert_eq!(reader.read(&text, &units()).unwrap().to_string(), text);
        }
        assert_eq!(reader.forms.len(), super::MAX_FORMS);
    }

    #[test]
    fn a_number_is_split_off_as_it_is_written() {
        let split = |text| split_number(text).map(|(value, rest)| (value.to_string(), rest));
        assert_eq!(split("-12.5 GBP [S2:7]"), Some(("-12.5".to_owned(), " GBP [S2:7]")));
        assert_eq!(split("12.50 GBP"), None);
        assert_eq!(split("12"), None);
    }
}
