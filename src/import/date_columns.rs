//! The plans of columns of dates, quarters and months, what is asked where nothing says which part of a date is the month, and the doubts
//! about dates that stay text.

use super::column::{ColumnProfile, CountedText};
use super::column_plan::PlannedKind;
use super::date;
use super::date_plan::DatePlan;
use super::date_profile::DateEvidence;
use super::findings::Findings;
use super::marks;
use super::period_profile::Period;
use super::time_spelling::TimeEvidence;
use crate::error::{AskedOption, Choice, Error, Question};

impl Findings<'_> {
    /// The plan of a column whose formats an option gives: other spellings that say which part is the month are read too.
    pub(super) fn given_dates(
        given: &[String],
        name: &str,
        profile: &ColumnProfile,
        doubts: &mut Vec<String>,
    ) -> PlannedKind {
        let is_of_months = given.iter().all(|format| date::is_of_month(format));
        let beside = if is_of_months { Vec::new() } else { profile.dates_beside(given) };
        let (spells_times, doubt) = match profile.date.times.evidence() {
            TimeEvidence::AsWritten => (false, None),
            TimeEvidence::OneSpelling(doubt) => (true, doubt),
            TimeEvidence::Offsets(why) => (false, Some(why)),
        };
        doubts.extend(doubt.map(|doubt| format!("`{name}`: {doubt}")));
        PlannedKind::Date(DatePlan {
            given: given.to_vec(),
            formats: owned(&beside),
            has_written: true,
            spells_times,
            is_of_quarters: false,
        })
    }

    /// The plan of a column of dates; which of two numbers is the month is asked where no cell says it. Times of several offsets leave
    /// it text.
    pub(super) fn dates(
        &self,
        name: &str,
        profile: &ColumnProfile,
        dates: DateEvidence,
        doubts: &mut Vec<String>,
    ) -> Result<PlannedKind, Error> {
        let formats = match dates {
            DateEvidence::None | DateEvidence::Iso => Vec::new(),
            DateEvidence::Formats(formats) => formats,
            DateEvidence::Ambiguous(formats, (line, text)) => {
                return Err(self.date_question(name, formats, (line, &text)));
            }
        };
        let spells_times = match profile.date.times.evidence() {
            TimeEvidence::AsWritten => false,
            TimeEvidence::OneSpelling(doubt) => {
                doubts.extend(doubt.map(|doubt| format!("`{name}`: {doubt}")));
                true
            }
            TimeEvidence::Offsets(why) => {
                doubts.push(format!(
                    "`{name}` is text: {why}; as text they do not compare by time, and `datetime({name})` is each in UTC"
                ));
                return Ok(PlannedKind::Text);
            }
        };
        let has_written =
            spells_times || !formats.is_empty() || profile.misfits_of_iso() > 0 || !profile.texts.all().is_empty();
        let formats = owned(&formats);
        Ok(PlannedKind::Date(DatePlan { formats, has_written, spells_times, ..DatePlan::default() }))
    }

    /// The plan of a column of quarters, or of months with their years.
    pub(super) fn periods(period: Period) -> PlannedKind {
        let (formats, is_of_quarters) = match period {
            Period::Quarters => (Vec::new(), true),
            Period::Months(formats) => (owned(&formats), false),
        };
        PlannedKind::Date(DatePlan { formats, has_written: true, is_of_quarters, ..DatePlan::default() })
    }

    fn date_question(&self, name: &str, formats: [&str; 2], (line, text): (u64, &str)) -> Error {
        let message = format!("`{name}` can be read in two ways: nothing says which part of `{text}` is the month");
        let help = format!(
            "say which by `--date {name}={}` or `{name}={}`; `--type {name}=text` keeps it as text",
            formats[0], formats[1]
        );
        let choice = |format: &str| {
            let day = date::parse(text, format).unwrap_or_default();
            Choice { label: format!("{format}: `{text}` is {day}"), value: format.to_owned() }
        };
        let question = Question {
            option: AskedOption::Date,
            column: Some(name.to_owned()),
            cells: vec![(line, text.to_owned())],
            choices: formats.into_iter().map(choice).collect(),
            takes_text: true,
        };
        self.file.asked(Some((line, text)), &message, &help, question)
    }

    pub(super) fn no_dates(&self, name: &str) -> Error {
        let message = format!("`{name}` is no column of dates in a format that is known");
        self.file.undecided(None, &message, &format!("say the format, as in `--date {name}='%d. %B %Y'`"))
    }
}

/// The doubt about a column of text of whose `all` cells most are dates.
pub(super) fn text_doubt(name: &str, profile: &ColumnProfile, all: u64) -> Option<String> {
    let dates = profile.dates;
    if dates * 2 <= all {
        return None;
    }
    if let Some(([day_first, month_first], (line, text))) = profile.first_open_date() {
        return Some(format!(
            "`{name}` is text, which does not sort by time: nothing says which part of `{text}` on line {line} is the month; \
             `--date {name}={day_first}` or `{name}={month_first}` reads its dates"
        ));
    }
    let only = profile.date_format();
    let format = only.or_else(|| profile.first_uncertain_format()).unwrap_or("%d/%m/%Y");
    let other = profile.texts.all().iter().find(|found| marks::reason(&found.text).is_none());
    if only.is_none() && other.is_none() {
        return Some(format!(
            "`{name}` is text: its dates are in several formats, of which not each shows its month; `--date {name}={format}` reads those of \
             one, and may be repeated"
        ));
    }
    let example = other.map(|CountedText { text, first_line, .. }| format!(", as `{text}` on line {first_line}"));
    Some(format!(
        "`{name}` is text: {dates} of its cells are dates, and more than a hundredth of the others are none{}; `--date {name}={format}` makes \
         those NULL",
        example.unwrap_or_default()
    ))
}

fn owned(formats: &[&str]) -> Vec<String> {
    formats.iter().map(|format| (*format).to_owned()).collect()
}
