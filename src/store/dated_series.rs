//! A series: values by date, and by key where it has one. The value at a date is that of the day, month or year itself, or else the
//! last before it. It is read once and looked up by the functions `at` of SQL and of scripts.

use crate::error::{FunctionCause, suggest};
use crate::quantity::is_calendar_day;
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::ops::Bound;

/// The rows of a series, each by its key and date.
#[derive(Debug, Default)]
pub struct DatedSeries {
    /// By the key; a series without keys has one, which is empty.
    keys: BTreeMap<String, Periods>,
}

/// A series in memory.
#[derive(Debug, Default)]
pub struct LoadedSeries {
    /// The rows by key and date.
    pub dates: DatedSeries,
    /// The value of each row; a quantity in its text form.
    pub values: Vec<Value>,
}

/// The rows of one key.
#[derive(Debug, Default)]
struct Periods {
    rows: BTreeMap<String, Entry>,
    /// The first of the longest dates.
    longest: String,
}

/// The row of a date.
#[derive(Debug)]
struct Entry {
    row: usize,
    /// True if other rows have this date too.
    is_repeated: bool,
}

/// The row of a series that has the value at a date.
#[derive(Debug, PartialEq, Eq)]
pub struct FoundPeriod<'s> {
    /// The number of the row.
    pub row: usize,
    /// Its date, where that does not take in the date that was asked for.
    pub earlier: Option<&'s str>,
}

impl DatedSeries {
    /// Adds a row; `key` is `None` in a series without keys.
    ///
    /// # Errors
    /// The date is none.
    pub fn insert(&mut self, key: Option<&str>, date: &str, row: usize) -> Result<(), FunctionCause> {
        let date = checked_date(date)?;
        let periods = self.keys.entry(key.unwrap_or_default().to_owned()).or_default();
        if date.len() > periods.longest.len() {
            date.clone_into(&mut periods.longest);
        }
        let known = periods.rows.get_mut(date);
        match known {
            Some(entry) => entry.is_repeated = true,
            None => drop(periods.rows.insert(date.to_owned(), Entry { row, is_repeated: false })),
        }
        Ok(())
    }

    /// The row at a date: of the date itself, or of the year or month that it is in, or else the last before it.
    ///
    /// # Errors
    /// No date; a year or month of a series of days; a key that it lacks; no row until then, or several of that date.
    pub fn find(&self, key: Option<&str>, asked: &str) -> Result<FoundPeriod<'_>, FunctionCause> {
        let asked = checked_date(asked)?;
        let Some(periods) = self.keys.get(key.unwrap_or_default()) else { return Err(self.no_key(key)) };
        if periods.longest.len() > asked.len() {
            let message = format!("`{asked}` is longer than the days or months of the series");
            return Err(FunctionCause::argument(message, format!("ask for one of them, as `{}`", periods.longest)));
        }
        let (of, until) = (of_key(key), (Bound::Unbounded, Bound::Included(asked)));
        // A month within the year that has a value is later in the order of their texts.
        let mut within = [asked.len(), MONTH_LENGTH, YEAR_LENGTH].into_iter().filter_map(|length| asked.get(..length));
        let found = within.find_map(|period| periods.rows.get_key_value(period));
        let Some((taken, entry)) = found.or_else(|| periods.rows.range::<str, _>(until).next_back()) else {
            let first = periods.rows.keys().next().map(String::as_str).unwrap_or_default();
            let message = format!("the series has no value{of} until {asked}");
            return Err(FunctionCause::argument(message, format!("it begins at {first}")));
        };
        if entry.is_repeated {
            let message = format!("the series has several values of {taken}{of}");
            return Err(FunctionCause::argument(message, "select one of them by a condition"));
        }
        Ok(FoundPeriod { row: entry.row, earlier: (!asked.starts_with(taken.as_str())).then_some(taken) })
    }

    /// The error for a key that the series lacks.
    fn no_key(&self, key: Option<&str>) -> FunctionCause {
        let Some(key) = key.filter(|_| !self.keys.is_empty()) else {
            return FunctionCause::argument("the series has no rows", "select some");
        };
        let near = suggest::nearest(key, self.keys.keys().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {} keys", self.keys.len()),
        };
        FunctionCause::argument(format!("the series has no `{key}`"), help)
    }
}

fn of_key(key: Option<&str>) -> String {
    key.map(|key| format!(" for `{key}`")).unwrap_or_default()
}

/// The lengths of `2025`, `2025-01` and `2025-01-31`.
const YEAR_LENGTH: usize = 4;
const MONTH_LENGTH: usize = 7;
const DAY_LENGTH: usize = 10;

/// A year, month or day as ISO 8601 has it; that of a time is its day.
fn checked_date(text: &str) -> Result<&str, FunctionCause> {
    let day = match text.as_bytes().get(DAY_LENGTH) {
        Some(b'T' | b' ') => text.get(..DAY_LENGTH).unwrap_or(text),
        _ => text,
    };
    let is_date = match day.len() {
        YEAR_LENGTH => day.bytes().all(|byte| byte.is_ascii_digit()),
        MONTH_LENGTH => is_calendar_day(&format!("{day}-01")),
        _ => is_calendar_day(day),
    };
    if is_date {
        return Ok(day);
    }
    let help =
        "write a year, month or day, as `2024`, `2024-02` or `2024-02-01`; `--date` of an import reads other forms";
    Err(FunctionCause::argument(format!("`{text}` is no date"), help))
}

/// The most notices of earlier values that are listed one by one.
const MAX_NOTICES: usize = 5;

/// The values of an answer that are the last before the dates that were asked for.
#[derive(Debug, Clone, Default)]
pub struct EarlierValues {
    listed: Vec<String>,
    /// The number of further ones.
    more: u64,
}

impl EarlierValues {
    /// Adds a value that is of an earlier date.
    pub fn add(&mut self, key: Option<&str>, asked: &str, taken: &str) {
        let of = of_key(key);
        self.add_notice(format!("the series has no {asked}{of}: the value of {taken} is taken, the last before"));
    }

    fn add_notice(&mut self, notice: String) {
        if self.listed.contains(&notice) {
            return;
        }
        if self.listed.len() < MAX_NOTICES { self.listed.push(notice) } else { self.more += 1 }
    }

    /// Adds those of another statement.
    pub fn extend(&mut self, other: Self) {
        other.listed.into_iter().for_each(|notice| self.add_notice(notice));
        self.more += other.more;
    }

    /// The notices.
    #[must_use]
    pub fn notices(self) -> Vec<String> {
        let more = match self.more {
            0 => None,
            1 => Some("one more value is the last before the date that was asked for".to_owned()),
            more => Some(format!("{more} more values are the last before the dates that were asked for")),
        };
        self.listed.into_iter().chain(more).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{DatedSeries, EarlierValues, FoundPeriod};

    fn series(rows: &[(&str, &str)]) -> DatedSeries {
        let mut series = DatedSeries::default();
        for (row, (key, date)) in rows.iter().enumerate() {
            series.insert(Some(key), date, row).unwrap();
        }
        series
    }

    #[test]
    fn the_value_is_that_of_the_period_or_the_last_before() {
        let series = series(&[("a", "2023"), ("a", "2021"), ("b", "2024-02"), ("b", "2024-03-15"), ("a", "2020")]);
        for (key, asked, row, earlier) in [
            ("a", "2023-12-31", 0, None),
            ("a", "2024-01-01", 0, Some("2023")),
            ("a", "2022", 1, Some("2021")),
            ("b", "2024-02-29", 2, None),
            ("b", "2024-03-14", 2, Some("2024-02")),
            ("b", "2024-03-15", 3, None),
            ("b", "2024-03-15T08:00", 3, None),
        ] {
            assert_eq!(series.find(Some(key), asked).unwrap(), FoundPeriod { row, earlier }, "{key} {asked}");
        }
    }

    #[test]
    fn a_year_has_its_value_on_its_last_day_whatever_its_months_have() {
        let series = series(&[("a", "2023"), ("a", "2023-06"), ("a", "2023-06-15")]);
        for (asked, row, earlier) in [
            ("2023-12-31", 0, None),
            ("2023-06-15", 2, None),
            ("2023-06-20", 1, None),
            ("2023-06-01", 1, None),
            ("2024-01-01", 2, Some("2023-06-15")),
        ] {
            assert_eq!(series.find(Some("a"), asked).unwrap(), FoundPeriod { row, earlier }, "{asked}");
        }
    }

    #[test]
    fn what_is_not_there_is_said_with_what_is() {
        let series = series(&[("Norway", "2023"), ("Norway", "2021"), ("Norway", "2021"), ("day", "2024-01-01")]);
        for (key, asked, message, help) in [
            ("Norwya", "2023", "the series has no `Norwya`", "did you mean `Norway`?"),
            ("Fiji", "2023", "the series has no `Fiji`", "it has 2 keys"),
            ("Norway", "2020", "the series has no value for `Norway` until 2020", "it begins at 2021"),
            (
                "Norway",
                "2022",
                "the series has several values of 2021 for `Norway`",
                "select one of them by a condition",
            ),
            (
                "day",
                "2024",
                "`2024` is longer than the days or months of the series",
                "ask for one of them, as `2024-01-01`",
            ),
            ("Norway", "1/2/2023", "`1/2/2023` is no date", ""),
            ("Norway", "2023-13", "`2023-13` is no date", ""),
            ("Norway", "2023-02-31", "`2023-02-31` is no date", ""),
        ] {
            let error = series.find(Some(key), asked).unwrap_err();
            assert_eq!(error.message(), message);
            assert!(error.help().unwrap_or_default().contains(help), "{message}");
        }
        assert!(series.find(Some("Norway"), "2024").is_ok(), "a date that is there twice harms no other");
        assert_eq!(DatedSeries::default().find(None, "2024").unwrap_err().message(), "the series has no rows");
    }

    #[test]
    fn many_earlier_values_are_counted() {
        let mut earlier = EarlierValues::default();
        (1..=9).for_each(|day| earlier.add(None, &format!("2024-01-0{day}"), "2023"));
        earlier.add(None, "2024-01-01", "2023");
        let notices = earlier.notices();
        assert_eq!(notices.len(), 6);
        assert_eq!(notices[5], "4 more values are the last before the dates that were asked for");
    }
}
