//! The spellings of times behind the days of a column, and the one that all of them are given where they differ: `2024-03-05T10:00:00Z`
//! and `2024-04-06 11:30` do not compare by time as texts. No time is moved from one offset to another.

use super::date::is_iso;
use std::borrow::Cow;

/// The offset of UTC.
const UTC: &str = "Z";

/// The most different offsets that are kept: two are enough to differ.
const MAX_OFFSETS: usize = 4;

/// A time of day as it is spelled behind a day in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SpelledTime<'c> {
    has_mark: bool,
    /// Hours and minutes.
    minutes: &'c str,
    /// The seconds with their fraction; empty where there are none.
    seconds: &'c str,
    /// The offset from UTC as written; empty where there is none.
    offset: &'c str,
}

/// The spellings of the times of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct TimeSpellings {
    /// Times behind a blank, and behind the mark `T`.
    separated: [u64; 2],
    /// Times without seconds, and with them.
    seconds: [u64; 2],
    /// Each offset, with its cells and the line of the first.
    offsets: Vec<(String, u64, u64)>,
}

/// What is to be done with the times of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeEvidence {
    /// They compare as they are written.
    AsWritten,
    /// They are given one spelling; those in UTC and those without an offset are both there, where a doubt is said.
    OneSpelling(Option<String>),
    /// They have different offsets, for which a doubt is said.
    Offsets(String),
}

impl<'c> SpelledTime<'c> {
    /// Reads the time behind a day of ten characters; `None` where there is none, or more than one.
    fn read(cell: &'c str) -> Option<Self> {
        let time = cell.get(10..)?;
        let has_mark = time.starts_with('T');
        let time = time.get(1..)?;
        let clock = time.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(time.len());
        let (clock, offset) = time.split_at(clock);
        let minutes = clock.get(..5).filter(|minutes| is_shaped(minutes, "00:00"))?;
        let seconds = &clock[5..];
        let is_seconds = seconds.is_empty() || is_shaped(seconds.get(..3)?, ":00") && is_fraction(&seconds[3..]);
        let offset = offset.trim_start();
        (is_seconds && is_offset(offset)).then_some(Self { has_mark, minutes, seconds, offset })
    }

    /// Its offset as one that can be compared.
    fn canonical_offset(&self) -> String {
        match self.offset {
            "" => String::new(),
            "Z" | "z" | "+00:00" | "-00:00" | "+0000" | "+00" => UTC.to_owned(),
            offset => {
                let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
                format!("{}{}:{:0<2}", &offset[..1], &digits[..2], &digits[2..])
            }
        }
    }
}

/// True for a text with digits where the form has them.
fn is_shaped(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, form)| byte == form || form == b'0' && byte.is_ascii_digit())
}

fn is_fraction(text: &str) -> bool {
    let digits = text.strip_prefix('.');
    text.is_empty()
        || digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_offset(text: &str) -> bool {
    let signed = || text.strip_prefix(['+', '-']);
    matches!(text, "" | "Z" | "z")
        || signed().is_some_and(|text| ["00:00", "0000", "00"].iter().any(|form| is_shaped(text, form)))
}

impl TimeSpellings {
    /// Counts the time of a cell in ISO 8601, if it has one.
    pub(super) fn add_iso(&mut self, cell: &str, line: u64) {
        if cell.len() > 10
            && let Some(time) = SpelledTime::read(cell)
        {
            self.separated[usize::from(time.has_mark)] += 1;
            self.seconds[usize::from(!time.seconds.is_empty())] += 1;
            let offset = time.canonical_offset();
            if let Some((_, count, _)) = self.offsets.iter_mut().find(|(known, ..)| *known == offset) {
                *count += 1;
            } else if self.offsets.len() < MAX_OFFSETS {
                self.offsets.push((offset, 1, line));
            }
        }
    }

    /// Counts the time of a date that was read by a format.
    pub(super) fn add_read(&mut self, date: &str, line: u64) {
        self.add_iso(date, line);
    }

    /// What is to be done with them.
    pub(super) fn evidence(&self) -> TimeEvidence {
        let differs = |counts: [u64; 2]| counts[0] > 0 && counts[1] > 0;
        if self.offsets.len() < 2 {
            let is_mixed = differs(self.separated) || differs(self.seconds);
            return if is_mixed { TimeEvidence::OneSpelling(None) } else { TimeEvidence::AsWritten };
        }
        let said = |offset: &str| match offset {
            "" => "no offset".to_owned(),
            UTC => "UTC".to_owned(),
            offset => format!("`{offset}`"),
        };
        let (first, second) = (&self.offsets[0], &self.offsets[1]);
        if self.offsets.iter().all(|(offset, ..)| offset.is_empty() || offset == UTC) {
            let count =
                |of: &str| self.offsets.iter().find(|(offset, ..)| offset == of).map_or(0, |(_, count, _)| *count);
            return TimeEvidence::OneSpelling(Some(format!(
                "{} of its times are in UTC and {} say no offset: all are taken as the clock has them",
                count(UTC),
                count("")
            )));
        }
        TimeEvidence::Offsets(format!(
            "its times are not all in one offset: {} first on line {}, {} first on line {}",
            said(&first.0),
            first.2,
            said(&second.0),
            second.2
        ))
    }
}

/// A date with the time in the one spelling that a column of several is given: `2024-03-05 10:00:00`. An offset that is not UTC stays.
pub(super) fn in_one_spelling(date: Cow<'_, str>) -> Cow<'_, str> {
    let Some(time) = SpelledTime::read(&date).filter(|_| is_iso(&date)) else { return date };
    let (day, minutes) = (&date[..10], time.minutes);
    let seconds = if time.seconds.is_empty() { ":00" } else { time.seconds };
    let offset = Some(time.canonical_offset()).filter(|offset| offset != UTC).unwrap_or_default();
    Cow::Owned(format!("{day} {minutes}{seconds}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::{TimeEvidence, TimeSpellings, in_one_spelling};

    fn evidence(cells: &[&str]) -> TimeEvidence {
        let mut times = TimeSpellings::default();
        for (line, cell) in (2..).zip(cells) {
            times.add_iso(cell, line);
        }
        times.evidence()
    }

    #[test]
    fn times_of_one_spelling_stay() {
        for cells in [
            &["2024-03-05T10:00:00Z", "2024-03-06T10:00:00Z"][..],
            &["2024-03-05", "2024-03-06 10:00"],
            &["2024-03-05T10:00:00.5", "2024-03-06T10:00:00"],
            &["2024-03-05T10:00:00+02:00", "2024-03-06T10:00:00+0200"],
        ] {
            assert_eq!(evidence(cells), TimeEvidence::AsWritten, "{cells:?}");
        }
    }

    #[test]
    fn times_of_several_spellings_are_given_one_and_never_moved() {
        assert_eq!(evidence(&["2024-03-05T10:00", "2024-03-06 10:00"]), TimeEvidence::OneSpelling(None));
        assert_eq!(evidence(&["2024-03-05 10:00", "2024-03-06 10:00:00"]), TimeEvidence::OneSpelling(None));
        assert!(matches!(evidence(&["2024-03-05T10:00:00Z", "2024-03-06 10:00"]), TimeEvidence::OneSpelling(Some(_))));
        assert!(matches!(evidence(&["2024-03-05T10:00:00Z", "2024-03-06T10:00:00+02:00"]), TimeEvidence::Offsets(_)));
        for (cell, spelled) in [
            ("2024-03-05T10:00:00Z", "2024-03-05 10:00:00"),
            ("2024-04-06 11:30", "2024-04-06 11:30:00"),
            ("2024-04-06T11:30:05.25", "2024-04-06 11:30:05.25"),
            ("2024-04-06T11:30+0200", "2024-04-06 11:30:00+02:00"),
            ("2024-04-06", "2024-04-06"),
            ("2024-04-06 11:30 or so", "2024-04-06 11:30 or so"),
        ] {
            assert_eq!(in_one_spelling(cell.into()), spelled);
        }
    }
}
