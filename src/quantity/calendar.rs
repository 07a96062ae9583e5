//! The days of the calendar, as texts of the form `2025-01-31`.

use crate::error::QuantityError;
use std::ops::Range;

/// True for a day of the calendar as `2025-01-31`.
#[must_use]
pub fn is_calendar_day(text: &str) -> bool {
    day_number(text).is_ok()
}

/// The day after one of the form `2025-01-31`; `None` for any other text.
#[must_use]
pub fn day_after(text: &str) -> Option<String> {
    day_number(text).ok()?;
    let [year, month, day] = [0..4, 5..7, 8..10].map(|part| text[part].parse::<u32>().unwrap_or_default());
    let days = [(year, month, day + 1), (year, month + 1, 1), (year + 1, 1, 1)];
    let written = |(year, month, day): (u32, u32, u32)| format!("{year:04}-{month:02}-{day:02}");
    days.into_iter().map(written).find(|day| is_calendar_day(day))
}

/// Days since 1 March of year 0: with the year beginning in March, the leap day is its last.
pub(super) fn day_number(text: &str) -> Result<i64, QuantityError> {
    let wrong = || QuantityError::NotADate(text.to_owned());
    let bytes: &[u8; 10] = text.as_bytes().try_into().map_err(|_| wrong())?;
    let read = |range: Range<usize>| {
        let add = |sum: i64, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'));
        bytes[range].iter().try_fold(0, add).filter(|_| bytes[4] == b'-' && bytes[7] == b'-')
    };
    let (Some(year), Some(month), Some(day)) = (read(0..4), read(5..7), read(8..10)) else { return Err(wrong()) };
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
    use super::day_after;

    #[test]
    fn a_day_has_one_behind_it() {
        for (day, after) in [
            ("2023-03-15", Some("2023-03-16")),
            ("2023-02-28", Some("2023-03-01")),
            ("2024-02-28", Some("2024-02-29")),
            ("2023-12-31", Some("2024-01-01")),
            ("2023-13-01", None),
            ("soon", None),
        ] {
            assert_eq!(day_after(day).as_deref(), after, "{day}");
        }
    }
}
