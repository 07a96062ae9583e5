//! Dates of facts by hand: ISO 8601, and of EDTF the parts that a source needs: months and years, uncertain or approximate ones, the
//! digits that are left open, seasons, and the time from one date to another.

/// Checks a date.
///
/// # Errors
/// Its fault, and the way in which dates are written.
pub(super) fn check(text: &str) -> Result<(), String> {
    let is_date = match text.split_once('/') {
        Some((from, to)) => {
            let is_open = |end: &str| end.is_empty() || end == "..";
            (is_open(from) || is_point(from)) && (is_open(to) || is_point(to)) && !(is_open(from) && is_open(to))
        }
        None => is_point(text),
    };
    if is_date {
        return Ok(());
    }
    Err(format!("`{text}` is no date: write it as 2025-01-31, 2025-01 or 2025"))
}

/// True for a year, a month or a day, with a sign of doubt behind it or without.
fn is_point(text: &str) -> bool {
    let date = text.strip_suffix(['?', '~', '%']).unwrap_or(text);
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let has_digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'X')
    };
    if parts.next().is_some() || !has_digits(year, 4) {
        return false;
    }
    let Some(month) = month else { return true };
    let is_season = day.is_none() && is_within(month, 21, 24);
    if !has_digits(month, 2) || !(is_season || is_within(month, 1, 12)) {
        return false;
    }
    day.is_none_or(|day| has_digits(day, 2) && is_within(day, 1, days_of(year, month)))
}

/// True if digits are a number from `least` to `most`, or may be one where some are left open.
fn is_within(digits: &str, least: u32, most: u32) -> bool {
    if digits.contains('X') {
        return true;
    }
    digits.parse().is_ok_and(|number: u32| (least..=most).contains(&number))
}

/// The days of a month; the most that it may have where digits are left open.
fn days_of(year: &str, month: &str) -> u32 {
    let is_leap = year
        .parse()
        .is_ok_and(|year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)));
    match month {
        "04" | "06" | "09" | "11" => 30,
        "02" if is_leap || year.contains('X') => 29,
        "02" => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn dates_are_told_from_what_is_none() {
        for date in [
            "2025",
            "2025-02",
            "2025-03-02",
            "2024-02-29",
            "2025-03~",
            "2025?",
            "202X",
            "2025-XX",
            "2025-03-02/2025-03-05",
            "2025-03/..",
            "../2025",
            "2025-21",
            "2025/2026",
        ] {
            assert_eq!(check(date), Ok(()), "{date}");
        }
        for none in [
            "",
            "02/03/2025",
            "3.2.2025",
            "2025-13",
            "2025-02-29",
            "2025-04-31",
            "2025-1-2",
            "25-01-02",
            "2025-03-02T10:00",
            "March 2025",
            "2025-21-01",
            "../..",
            "/",
            "2025-00",
            "45718",
        ] {
            assert!(check(none).is_err(), "{none}");
        }
    }
}
