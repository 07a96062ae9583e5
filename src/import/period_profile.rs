//! The cells of a column that are a quarter of a year, or a month of one whose name is written, counted: a column of either is stored so
//! that it sorts by time.

use super::date::parse;
use super::quarter;

/// The formats of months that show themselves: with the name, and a year of four digits.
const MONTH_FORMATS: [&str; 4] = ["%b %Y", "%b-%Y", "%B %Y", "%B-%Y"];

/// The fewest bytes of such a month: `Mai 2023`.
const MIN_BYTES: usize = 8;

/// The most: `September, 2023` would be none.
const MAX_BYTES: usize = 16;

/// The periods of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Period {
    /// Quarters.
    Quarters,
    /// Months, in these formats.
    Months(Vec<&'static str>),
}

/// Counts of the cells of a column that are periods.
#[derive(Debug, Clone, Default)]
pub(super) struct PeriodProfile {
    quarters: u64,
    months: [u64; MONTH_FORMATS.len()],
    /// Months in ISO 8601.
    iso_months: u64,
}

impl PeriodProfile {
    /// Counts a cell; true if it is a quarter or a month whose name is written.
    pub(super) fn add(&mut self, cell: &str) -> bool {
        if quarter::parse(cell).is_some() {
            self.quarters += 1;
            return true;
        }
        self.iso_months += u64::from(is_iso_month(cell));
        let found = month_format(cell);
        if let Some(at) = found {
            self.months[at] += 1;
        }
        found.is_some()
    }

    /// The periods of a column of so many cells, at most one in a hundred of which is none.
    pub(super) fn of_all(&self, cells: u64, cells_per_misfit: u64) -> Option<Period> {
        let are_all = |count: u64| count > 0 && cells.saturating_sub(count) * cells_per_misfit <= count;
        let months: u64 = self.months.iter().sum();
        if are_all(self.quarters) {
            return Some(Period::Quarters);
        }
        let used = MONTH_FORMATS.iter().zip(self.months).filter(|(_, count)| *count > 0);
        (months > 0 && are_all(months + self.iso_months))
            .then(|| Period::Months(used.map(|(format, _)| *format).collect()))
    }
}

/// The first of the formats that a cell is a month in, by its place.
fn month_format(cell: &str) -> Option<usize> {
    let is_like = (MIN_BYTES..=MAX_BYTES).contains(&cell.len())
        && cell.bytes().rev().take(4).all(|byte| byte.is_ascii_digit())
        && cell.chars().next().is_some_and(char::is_alphabetic);
    MONTH_FORMATS.iter().position(|format| is_like && parse(cell, format).is_some())
}

/// True for `2024-03`.
fn is_iso_month(cell: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let split = cell.split_once('-').filter(|_| cell.len() == 7);
    split.is_some_and(|(year, month)| {
        year.len() == 4
            && is_digits(year)
            && is_digits(month)
            && month.parse().is_ok_and(|month: u8| (1..=12).contains(&month))
    })
}

#[cfg(test)]
mod tests {
    use super::{Period, PeriodProfile};

    fn periods(cells: &[&str]) -> Option<Period> {
        let mut profile = PeriodProfile::default();
        for cell in cells {
            profile.add(cell);
        }
        profile.of_all(cells.len() as u64, 100)
    }

    #[test]
    fn quarters_and_months_of_years_are_found() {
        assert_eq!(periods(&["Q3 2023", "2023Q4"]), Some(Period::Quarters));
        assert_eq!(periods(&["Mar 2024", "2024-02", "January 2024"]), Some(Period::Months(vec!["%b %Y", "%B %Y"])));
        assert_eq!(periods(&["März 2024", "Mai 2024"]), Some(Period::Months(vec!["%B %Y"])));
        // A month in ISO 8601 sorts as it is; one with a year of two digits may be a day.
        for cells in
            [&["2024-02", "2024-03"][..], &["Mar-23", "Apr-23"], &["Mar 2024", "Q1 2024"], &["Mar", "2024"], &[]]
        {
            assert_eq!(periods(cells), None, "{cells:?}");
        }
    }
}
