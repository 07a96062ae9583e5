//! Columns of text whose cells name days, months or times in a way that does not sort by time, as a question about them meets them.

use super::column::{ColumnProfile, CountedText};
use super::date::month_format;
use super::month_columns;
use super::record::CellKind;
use super::time_spelling::TimeEvidence;

/// The texts of a column that name times, and do not sort by them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextTimes {
    /// What they are.
    pub(crate) kind: TextTimeKind,
    /// One of them.
    pub(crate) example: String,
    /// The formats that `--date` reads them by, as far as they are known.
    pub(crate) formats: Vec<&'static str>,
}

/// The kinds of such texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextTimeKind {
    /// Days in other forms than ISO 8601.
    Days,
    /// Times in several spellings or offsets.
    Times,
    /// Months or quarters of years.
    Months,
    /// Months without years.
    MonthNames,
}

/// Formats whose texts sort by time.
const SORTED: [&str; 3] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"];

impl TextTimes {
    /// Reads texts of a column; `None` where most are something else, or sort by time.
    pub(crate) fn read(texts: &[String]) -> Option<Self> {
        let mut profile = ColumnProfile::default();
        for (text, line) in texts.iter().zip(1..) {
            profile.add(text, CellKind::Text, line);
        }
        let all = profile.words + profile.readings.numbers() + profile.dates;
        let is_of_dates = profile.dates * 2 > all;
        let found = |kind, example: &str, formats| Some(Self { kind, example: example.to_owned(), formats });
        if is_of_dates && profile.date_format().is_none_or(|format| !SORTED.contains(&format)) {
            let formats = profile.first_open_date().map_or(Vec::new(), |(formats, _)| formats.to_vec());
            let is_other = |text: &&String| !super::date::is_iso(text) && text.contains(|c: char| c.is_ascii_digit());
            return found(TextTimeKind::Days, texts.iter().find(is_other)?, formats);
        }
        if is_of_dates && profile.date.times.evidence() != TimeEvidence::AsWritten {
            let has_time = |text: &&String| super::date::is_iso(text) && text.len() > 10;
            return found(TextTimeKind::Times, texts.iter().find(has_time)?, Vec::new());
        }
        let counted: &[CountedText] = profile.texts.all();
        if let Some(first) = month_columns::first_without_year(counted).filter(|_| profile.is_all_text()) {
            return found(TextTimeKind::MonthNames, &first.text, Vec::new());
        }
        let first = &month_columns::first_unsorted(counted)?.text;
        found(TextTimeKind::Months, first, month_format(first).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{TextTimeKind, TextTimes};

    #[test]
    fn texts_that_do_not_sort_by_time_are_found() {
        let kind = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            TextTimes::read(&texts).map(|found| (found.kind, found.example))
        };
        for (texts, expected, example) in [
            (&["2024-03-05", "03/04/2024", "3 Mar 2024"][..], TextTimeKind::Days, "03/04/2024"),
            (&["2024-03-05T10:00:00Z", "2024-03-05T11:00:00+02:00"], TextTimeKind::Times, "2024-03-05T10:00:00Z"),
            (&["Jan", "Feb"], TextTimeKind::MonthNames, "Jan"),
            (&["Mar-23", "Apr-23"], TextTimeKind::Months, "Mar-23"),
        ] {
            assert_eq!(kind(texts), Some((expected, example.to_owned())), "{texts:?}");
        }
        for texts in [
            &["2024-03-05", "2024-03-06 10:00"][..],
            &["2024/03/05"],
            &["Kyiv", "3 Mar 2024"],
            &["5", "6"],
            &["2024-03"],
            &[],
        ] {
            assert_eq!(kind(texts), None, "{texts:?}");
        }
    }
}
