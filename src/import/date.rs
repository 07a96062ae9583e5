//! Dates as tables write them: the formats that are known, and a cell that is read by one.

use super::month_names;
use crate::quantity::is_calendar_day;
use chrono::{NaiveDate, NaiveTime};
use std::borrow::Cow;
use std::fmt::Write;

/// The formats that are tried, as strptime has them. Of the pairs that differ in day and month alone, the day comes first.
pub(super) const FORMATS: [&str; 23] = [
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%m-%y",
    "%m-%d-%y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %y",
    "%b %d, %Y",
    "%d %B, %Y",
    "%d %B %Y",
    "%d-%B-%Y",
    "%d. %B %Y",
    "%B %d, %Y",
    "%B %d %Y",
];

/// The formats of months, which no column is read by unless it is said.
const MONTH_FORMATS: [&str; 8] = ["%b-%y", "%b %Y", "%b-%Y", "%B %Y", "%b %y", "%B-%y", "%m/%Y", "%m.%Y"];

/// The parts of a format that name a day.
const DAYS: [&str; 9] = ["%d", "%e", "%j", "%D", "%F", "%x", "%c", "%s", "%v"];

/// The longest text that is tried as a date, in bytes.
const MAX_BYTES: usize = 40;

/// The beginnings of the names of months.
const MONTHS: [&[u8]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

/// True for a cell, already trimmed, that begins as a day, a month or a year does, and ends with a digit as all dates do.
pub(super) fn may_be_date(cell: &[u8]) -> bool {
    let [first, .., last] = cell else { return false };
    let is_month = || MONTHS.iter().any(|month| cell.len() >= 3 && cell[..3].eq_ignore_ascii_case(month));
    cell.len() <= MAX_BYTES
        && last.is_ascii_digit()
        && cell.iter().filter(|byte| byte.is_ascii_digit()).count() >= 3
        && (first.is_ascii_digit() || *first == b'+' || is_month())
}

/// True if a cell has what is between the parts of a format: its separator twice or, where that is a blank, letters.
pub(super) fn may_fit(cell: &[u8], format: &str) -> bool {
    match format.as_bytes()[2..4] {
        [b' ', _] | [_, b' '] => cell.iter().any(u8::is_ascii_alphabetic),
        [separator, ..] => cell.iter().filter(|byte| **byte == separator).nth(1).is_some(),
        [] => false,
    }
}

/// A cell in ISO 8601, read by a format; with a time of day behind it that stays. `None` where it is no such date.
#[must_use]
pub(super) fn parse(cell: &str, format: &str) -> Option<String> {
    let cell = &*if format.contains("%B") { month_names::in_english(cell) } else { Cow::Borrowed(cell) };
    if is_of_month(format) {
        return parse_month(cell, format);
    }
    let (date, time) = if let Ok(date) = NaiveDate::parse_from_str(cell, format) {
        (date, None)
    } else {
        let at = cell.rfind(|c: char| c.is_whitespace() || c == 'T').filter(|at| cell[*at..].contains(':'))?;
        let time = cell[at..].trim_start_matches(|c: char| c.is_whitespace() || c == 'T');
        let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok())?;
        (NaiveDate::parse_from_str(cell[..at].trim_end(), format).ok()?, Some(time))
    };
    // A year of four digits that is written with two is another century.
    if format.contains("%Y") && date < NaiveDate::from_ymd_opt(1000, 1, 1)? {
        return None;
    }
    let date = date.format("%Y-%m-%d");
    Some(time.map_or_else(|| date.to_string(), |time| format!("{date}T{}", time.format("%H:%M:%S"))))
}

/// True for a format that names no day.
pub(super) fn is_of_month(format: &str) -> bool {
    !DAYS.iter().any(|day| format.contains(day))
}

/// A month in ISO 8601, read by a format.
fn parse_month(cell: &str, format: &str) -> Option<String> {
    let iso = |cell: &str| NaiveDate::parse_from_str(&format!("{cell}-01"), "%Y-%m-%d").ok();
    let month = NaiveDate::parse_from_str(&format!("1 {cell}"), &format!("%d {format}")).ok().or_else(|| iso(cell))?;
    Some(month.format("%Y-%m").to_string())
}

/// The format of the month that a text is; `None` for any other text.
pub(super) fn month_format(text: &str) -> Option<&'static str> {
    MONTH_FORMATS.into_iter().find(|format| {
        let month = parse_month(text, format);
        month.is_some_and(|month| is_reproduced(&month, text, Some(format)))
    })
}

/// True for a day of the calendar as `2025-01-31`, perhaps with a time behind it.
#[must_use]
pub(super) fn is_iso(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let is_time =
        |time: &[u8]| matches!(time, [b'T' | b' ', a, b, b':', ..] if a.is_ascii_digit() && b.is_ascii_digit());
    bytes.len() >= 10
        && bytes[4] == b'-'
        && (bytes.len() == 10 || is_time(&bytes[10..]))
        && cell.get(..10).is_some_and(is_calendar_day)
}

/// True if a text is a format by which a day or a month can be read.
#[must_use]
pub(super) fn is_format(format: &str) -> bool {
    let Some(day) = NaiveDate::from_ymd_opt(2025, 3, 14) else { return false };
    let is_known = chrono::format::StrftimeItems::new(format).all(|item| item != chrono::format::Item::Error);
    let mut written = String::new();
    // A format that asks a day for its hour can't be written.
    is_known
        && write!(written, "{}", day.format(format)).is_ok()
        && matches!(parse(&written, format).as_deref(), Some("2025-03-14" | "2025-03"))
}

/// True if a date is written in a format just as that format writes it: the cell need not be kept beside it.
#[must_use]
pub(super) fn is_reproduced(date: &str, cell: &str, format: Option<&str>) -> bool {
    let Some(format) = format.filter(|_| date != cell) else { return date == cell };
    let day = if is_of_month(format) { Cow::Owned(format!("{date}-01")) } else { Cow::Borrowed(date) };
    NaiveDate::parse_from_str(&day, "%Y-%m-%d").is_ok_and(|date| date.format(format).to_string() == cell)
}

#[cfg(test)]
mod tests {
    use super::{is_format, is_reproduced, month_format, parse};

    #[test]
    fn a_cell_is_read_by_a_format_or_is_none() {
        assert_eq!(parse("16/02/2023", "%d/%m/%Y").as_deref(), Some("2023-02-16"));
        assert_eq!(parse("1/2/2023", "%d/%m/%Y").as_deref(), Some("2023-02-01"));
        assert_eq!(parse("5 Mar 2011", "%d %b %Y").as_deref(), Some("2011-03-05"));
        assert_eq!(parse("05-Mar-11", "%d-%b-%y").as_deref(), Some("2011-03-05"));
        assert_eq!(parse("5 March 2011", "%d %B %Y").as_deref(), Some("2011-03-05"));
        assert_eq!(parse("5. März 2011", "%d. %B %Y").as_deref(), Some("2011-03-05"));
        assert_eq!(parse("16/02/2023 12:30", "%d/%m/%Y").as_deref(), Some("2023-02-16T12:30:00"));
        for cell in ["16/02/23", "31/02/2023", "16/02/2023 or so", "until 12/31/2022", "", "2023"] {
            assert_eq!(parse(cell, "%d/%m/%Y"), None, "{cell}");
        }
    }

    #[test]
    fn a_month_is_read_by_a_format_without_a_day() {
        for (cell, format) in [("Mar-23", "%b-%y"), ("March 2023", "%B %Y"), ("03/2023", "%m/%Y"), ("2023-03", "%b-%y")]
        {
            assert_eq!(parse(cell, format).as_deref(), Some("2023-03"), "{cell}");
            assert!(is_format(format), "{format}");
        }
        assert_eq!(month_format("Mar-23"), Some("%b-%y"));
        assert_eq!(month_format("Mar 2023"), Some("%b %Y"));
        assert_eq!(month_format("Q1 2023"), None);
        assert_eq!(parse("Total", "%b-%y"), None);
        assert!(
            is_reproduced("2023-03", "Mar-23", Some("%b-%y")) && !is_reproduced("2023-03", "MAR-23", Some("%b-%y"))
        );
    }

    #[test]
    fn formats_name_a_day() {
        for format in ["%d/%m/%Y", "%d.%m.%y", "%B %d, %Y", "%Y%m%d"] {
            assert!(is_format(format), "{format}");
        }
        for format in ["", "%d/%m", "%Q", "dd/mm/yyyy", "%H:%M"] {
            assert!(!is_format(format), "{format}");
        }
        assert!(is_reproduced("2023-02-16", "16/02/2023", Some("%d/%m/%Y")));
        assert!(!is_reproduced("2023-02-06", "6/2/2023", Some("%d/%m/%Y")));
        assert!(is_reproduced("2023-02-06", "2023-02-06", None));
    }
}
