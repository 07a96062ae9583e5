//! The plan of a column of dates: the formats by which its cells are read, and how each is stored.

use super::date;
use super::quarter;
use super::time_spelling::in_one_spelling;
use std::borrow::Cow;

/// The spelling of dates that need no format.
pub(super) const ISO: &str = "ISO 8601";

/// The spelling of quarters that are not written as they are stored.
const QUARTER: &str = "quarter";

/// A column of dates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DatePlan {
    /// The formats that an option gives, which are tried first.
    pub(super) given: Vec<String>,
    /// The formats of the other cells; none where all are in ISO 8601.
    pub(super) formats: Vec<String>,
    /// True if what is written in a cell may differ from the date that is stored.
    pub(super) has_written: bool,
    /// True if times are given one spelling.
    pub(super) spells_times: bool,
    /// True if they are quarters.
    pub(super) is_of_quarters: bool,
}

/// A date as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadDate<'c> {
    /// The date as it is stored.
    pub(super) date: Cow<'c, str>,
    /// The format that read it, or [`ISO`].
    pub(super) spelling: &'c str,
}

impl DatePlan {
    /// The date of a cell; `None` where it fits no format.
    pub(super) fn read<'c>(&'c self, cell: &'c str) -> Option<ReadDate<'c>> {
        if self.is_of_quarters {
            let quarter = quarter::parse(cell)?;
            let spelling = if quarter == cell { ISO } else { QUARTER };
            return Some(ReadDate { date: quarter.into(), spelling });
        }
        let by = |formats: &'c [String]| {
            formats.iter().find_map(|format| {
                let date = date::parse(cell, format)?;
                let spelling = if date == cell { ISO } else { format };
                Some(ReadDate { date: date.into(), spelling })
            })
        };
        let iso = || date::is_iso(cell).then(|| ReadDate { date: cell.into(), spelling: ISO });
        let mut read = by(&self.given).or_else(iso).or_else(|| by(&self.formats))?;
        if self.spells_times {
            read.date = in_one_spelling(read.date);
        }
        Some(read)
    }

    /// The only format of its cells that are not in ISO 8601; `None` where there is none, or several.
    pub(super) fn only_format(&self) -> Option<&str> {
        let mut all = self.all_formats();
        all.next().filter(|_| all.next().is_none())
    }

    /// True if a cell is written just as the date that is stored for it says, so that it need not be kept.
    pub(super) fn reproduces(&self, date: &str, cell: &str) -> bool {
        let format = self.only_format().filter(|_| !self.spells_times && !self.is_of_quarters);
        date::is_reproduced(date, cell, format)
    }

    /// All formats, those that are given first.
    pub(super) fn all_formats(&self) -> impl Iterator<Item = &str> {
        self.given.iter().chain(&self.formats).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::{DatePlan, ISO};

    fn plan(given: &[&str], formats: &[&str]) -> DatePlan {
        let owned = |formats: &[&str]| formats.iter().map(|format| (*format).to_owned()).collect();
        DatePlan { given: owned(given), formats: owned(formats), ..DatePlan::default() }
    }

    #[test]
    fn what_is_given_is_tried_first_and_the_rest_after_it() {
        let read = |plan: &DatePlan, cell: &str| {
            plan.read(cell).map(|read| (read.date.into_owned(), read.spelling.to_owned()))
        };
        let found = |date: &str, spelling: &str| Some((date.to_owned(), spelling.to_owned()));
        let days = plan(&["%d/%m/%Y"], &["%d %b %Y"]);
        assert_eq!(read(&days, "03/04/2024"), found("2024-04-03", "%d/%m/%Y"));
        assert_eq!(read(&days, "3 Mar 2024"), found("2024-03-03", "%d %b %Y"));
        assert_eq!(read(&days, "2024-03-05"), found("2024-03-05", ISO));
        assert_eq!(read(&days, "04/13/2024"), None);
        // What is given goes before ISO 8601.
        assert_eq!(read(&plan(&["%Y-%d-%m"], &[]), "2024-03-05"), found("2024-05-03", "%Y-%d-%m"));
        let several = plan(&["%d/%m/%Y", "%m/%d/%Y"], &[]);
        assert_eq!(read(&several, "03/04/2024"), found("2024-04-03", "%d/%m/%Y"));
        assert_eq!(read(&several, "04/13/2024"), found("2024-04-13", "%m/%d/%Y"));
    }

    #[test]
    fn one_format_writes_its_cells_again_and_several_do_not() {
        assert!(plan(&[], &["%d/%m/%Y"]).reproduces("2024-04-13", "13/04/2024"));
        assert!(!plan(&[], &["%d/%m/%Y", "%d %b %Y"]).reproduces("2024-04-13", "13/04/2024"));
        assert!(plan(&[], &["%d/%m/%Y", "%d %b %Y"]).reproduces("2024-04-13", "2024-04-13"));
    }
}
