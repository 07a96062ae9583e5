//! Days between two ISO dates of the proleptic Gregorian calendar. Other dates of the book (EDTF: uncertain, open)
//! have no distance, and are refused rather than guessed.

use super::unit::Unit;
use super::value::Quantity;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The days from one date to the other, as a quantity in `day`; negative where the other is earlier.
///
/// # Errors
/// If either is no date of the calendar.
pub fn days_between(from: &str, to: &str) -> Result<Quantity, QuantityError> {
    let days = day_number(to)? - day_number(from)?;
    Ok(Quantity::of(Decimal::from(days), Unit::base("day")?))
}

/// Days since 1 March of year 0: with the year beginning in March, the leap day is its last.
fn day_number(text: &str) -> Result<i64, QuantityError> {
    let wrong = || QuantityError::NotADate(text.to_owned());
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return Err(wrong()) };
    let is_iso = text.len() == 10
        && year.len() == 4
        && month.len() == 2
        && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let read = |part: &str| part.parse::<i64>().ok().filter(|_| is_iso);
    let (Some(year), Some(month), Some(day)) = (read(year), read(month), read(day)) else { return Err(wrong()) };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let longest = usize::try_from(month - 1).ok().and_then(|index| days_of.get(index)).copied().ok_or_else(wrong)?;
    if !(1..=longest).contains(&day) {
        return Err(wrong());
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    // (153 m + 2) / 5 counts the days of the months from March on.
    Ok(365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1)
}

#[cfg(test)]
mod tests {
    use super::day_number;

    fn between(from: &str, to: &str) -> i64 {
        day_number(to).expect(to) - day_number(from).expect(from)
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        assert_eq!(between("2025-03-01", "2025-03-02"), 1);
        assert_eq!(between("2024-02-28", "2024-03-01"), 2);
        assert_eq!(between("1900-02-28", "1900-03-01"), 1);
        assert_eq!(between("2000-01-01", "2025-01-01"), 9132);
        assert_eq!(between("2025-03-02", "2025-03-01"), -1);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["2025-02-29", "2025-13-01", "2025-3-1", "2025-03", "today", "2025-03-01T10", ""] {
            assert!(day_number(text).is_err(), "{text}");
        }
    }
}
