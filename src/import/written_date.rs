//! Dates as people write them in a question about columns of dates, which hold each in ISO 8601.

use super::date::{FORMATS, is_iso, parse};
use chrono::NaiveDate;

/// Formats that a person writes beside those of tables.
const FORMATS_OF_PERSONS: [&str; 2] = ["%Y%m%d", "%Y-%m-%d"];

/// The formats of a month, behind the day 1.
const MONTHS: [&str; 7] = ["%d %b-%y", "%d %b-%Y", "%d %m/%Y", "%d %m.%Y", "%d %m-%Y", "%d %Y/%m", "%d %B %Y"];

/// A date that is not in ISO 8601.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WrittenDate {
    /// A day in ISO 8601, or several: with the day read first, then with the month.
    Day(Vec<String>),
    /// A month, as `2023-03`.
    Month(String),
}

impl WrittenDate {
    /// Reads a text; `None` for one in ISO 8601 too.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if is_iso(text) || !text.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut days: Vec<String> = Vec::new();
        for day in FORMATS.iter().chain(&FORMATS_OF_PERSONS).filter_map(|format| parse(text, format)) {
            if !days.contains(&day) {
                days.push(day);
            }
        }
        if days.is_empty() { month(text).map(Self::Month) } else { Some(Self::Day(days)) }
    }
}

fn month(text: &str) -> Option<String> {
    let first = format!("1 {text}");
    let day = MONTHS.iter().find_map(|format| NaiveDate::parse_from_str(&first, format).ok())?;
    (day >= NaiveDate::from_ymd_opt(1000, 1, 1)?).then(|| day.format("%Y-%m").to_string())
}

#[cfg(test)]
mod tests {
    use super::WrittenDate;

    #[test]
    fn a_date_in_another_form_is_read() {
        for (text, days) in [
            ("01/03/2023", &["2023-03-01", "2023-01-03"][..]),
            ("3/2/2023", &["2023-02-03", "2023-03-02"]),
            ("3/3/2023", &["2023-03-03"]),
            ("31/03/2023", &["2023-03-31"]),
            ("03/31/2023", &["2023-03-31"]),
            ("01.03.2023", &["2023-03-01"]),
            ("2023/03/01", &["2023-03-01"]),
            ("1 March 2023", &["2023-03-01"]),
            ("1-Mar-2023", &["2023-03-01"]),
            ("1. March 2023", &["2023-03-01"]),
            ("March 1, 2023", &["2023-03-01"]),
            ("20230301", &["2023-03-01"]),
            ("2023-3-1", &["2023-03-01"]),
            ("01/03/2023 12:30", &["2023-03-01T12:30:00", "2023-01-03T12:30:00"]),
        ] {
            let days = days.iter().map(|day| (*day).to_owned()).collect();
            assert_eq!(WrittenDate::read(text), Some(WrittenDate::Day(days)), "{text}");
        }
        for text in ["03/2023", "3.2023", "March 2023", "2023/03", "Mar-23", "mar-2023"] {
            assert_eq!(WrittenDate::read(text), Some(WrittenDate::Month("2023-03".to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_in_iso_8601_or_no_date_is_left() {
        for text in [
            "2023-03-01",
            "2023-03-01T12:00",
            "2023-03",
            "2023",
            "2023-13-45",
            "2022/2023",
            "2023-01/2023-05",
            "2023~",
            "may",
            "1/2",
            "",
        ] {
            assert_eq!(WrittenDate::read(text), None, "{text}");
        }
    }
}
