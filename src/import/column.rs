//! A column while its cells are read: how many are numbers and in which ways, what is written where none is. From all of its rows
//! follows its type; nothing is taken from a part of them.

use super::date;
use super::date_profile::{DateEvidence, DateProfile};
use super::marks;
use super::near_number;
use super::numeric::{self, DecimalMark, NumericCell};
use super::period_profile::{Period, PeriodProfile};
use super::record::CellKind;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The most different texts of one column that are counted apart; a column with more is text.
const MAX_DISTINCT_TEXTS: usize = 200;

/// The most cells that fit nothing which a column of numbers may have, in parts of its numbers: one in a hundred.
const NUMBERS_PER_MISFIT: u64 = 100;

/// A text in a column, with how often and where first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CountedText {
    /// The text, trimmed.
    pub(super) text: String,
    /// The number of cells that hold it.
    pub(super) count: u64,
    /// The line of the first.
    pub(super) first_line: u64,
}

/// The number of different texts up to which they are looked through.
const FEW_TEXTS: usize = 8;

/// Texts by how often each occurs, in the order of their first lines, as far as there is room.
#[derive(Debug, Clone, Default)]
pub(super) struct TextCounts {
    found: Vec<CountedText>,
    index: HashMap<String, usize>,
    /// True if there are more different texts than are counted apart.
    pub(super) is_full: bool,
}

impl TextCounts {
    /// Counts a text on a line.
    pub(super) fn add(&mut self, text: &str, line: u64) {
        if self.is_full {
            return;
        }
        // A few words are compared sooner than one is hashed.
        let at = match self.found.len() {
            0..=FEW_TEXTS => self.found.iter().position(|found| found.text == text),
            _ => self.index.get(text).copied(),
        };
        if let Some(at) = at {
            self.found[at].count += 1;
        } else if self.found.len() < MAX_DISTINCT_TEXTS {
            self.index.insert(text.to_owned(), self.found.len());
            self.found.push(CountedText { text: text.to_owned(), count: 1, first_line: line });
        } else {
            self.is_full = true;
        }
    }

    /// The texts that were counted.
    #[must_use]
    pub(super) fn all(&self) -> &[CountedText] {
        &self.found
    }
}

/// Counts of how the numbers of a column can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Readings {
    /// Cells that are a number with a decimal point alone.
    pub(super) only_point: u64,
    /// Cells that are one with a decimal comma alone.
    pub(super) only_comma: u64,
    /// Cells that are the same number with either.
    pub(super) either: u64,
    /// Cells that are a different number with each.
    pub(super) ambiguous: u64,
}

impl Readings {
    /// The number of cells that are a number.
    #[must_use]
    pub(super) fn numbers(self) -> u64 {
        self.only_point + self.only_comma + self.either + self.ambiguous
    }

    /// The number of cells that are none under a decimal mark.
    #[must_use]
    pub(super) fn misfits(self, mark: DecimalMark) -> u64 {
        match mark {
            DecimalMark::Point => self.only_comma,
            DecimalMark::Comma => self.only_point,
        }
    }
}

/// The counts of a column once every row has been seen.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnProfile {
    /// Cells with nothing in them but blanks.
    pub(super) blank: u64,
    /// Numbers, by their possible decimal marks.
    pub(super) readings: Readings,
    /// Numbers whose zeros say that they are codes.
    pub(super) codes: u64,
    /// The digits of the longest whole part and fraction, with a point and with a comma as decimal mark.
    digits: [Digits; 2],
    /// Numbers that are bounds.
    pub(super) bounds: u64,
    /// Numbers that may be years.
    pub(super) years: u64,
    /// The numbers that are 0.
    pub(super) zeros: u64,
    /// Cells that are a date in any format.
    pub(super) dates: u64,
    /// The formats of those.
    pub(super) date: DateProfile,
    /// Cells that are a quarter or a month of a year.
    pub(super) periods: PeriodProfile,
    /// The signs and codes around numbers: `£`, `%`, `EUR`.
    pub(super) affixes: TextCounts,
    /// Numbers with a scale in words behind them.
    pub(super) scaled: u64,
    /// The first of them.
    pub(super) first_scaled: Option<CountedText>,
    /// Flags behind numbers.
    pub(super) flags: TextCounts,
    /// The texts in the place of a number.
    pub(super) texts: TextCounts,
    /// Cells with a text in the place of a number or date, marks of the missing too.
    pub(super) words: u64,
    /// The first cell that could be two numbers.
    pub(super) first_ambiguous: Option<CountedText>,
    /// The first cell that is a number with a decimal point alone, and the first with a comma alone.
    first_decided: [Option<CountedText>; 2],
    /// Texts that are numbers but for a word or their length.
    pub(super) near_numbers: u64,
    /// The first of them.
    pub(super) first_near: Option<CountedText>,
}

/// The digits of the numbers of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Digits {
    /// The digits before the decimal mark of the greatest number.
    pub(super) whole: u32,
    /// The most places behind it.
    pub(super) places: u32,
    /// The fewest places behind it.
    pub(super) fewest_places: u32,
    count: u64,
}

impl Digits {
    fn add(&mut self, value: Decimal) {
        let whole = value.mantissa().unsigned_abs().checked_ilog10().map_or(1, |power| power + 1);
        self.whole = self.whole.max(whole.saturating_sub(value.scale()));
        self.places = self.places.max(value.scale());
        self.fewest_places = if self.count == 0 { value.scale() } else { self.fewest_places.min(value.scale()) };
        self.count += 1;
    }
}

/// The type that a column has by all its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nothing is written in it.
    Empty,
    /// Text.
    Text,
    /// Text, although most cells are numbers: more than a hundredth fit nothing.
    TextByMisfits,
    /// Dates.
    Dates(DateEvidence),
    /// Numbers with a decimal mark, or with none that matters.
    Numbers(DecimalMark),
    /// Numbers, of which some could be two.
    Ambiguous,
}

impl ColumnProfile {
    /// Takes the cell of one more row into account.
    pub(super) fn add(&mut self, cell: &str, kind: CellKind, line: u64) {
        let cell = numeric::trim(cell);
        if cell.is_empty() {
            self.blank += 1;
            return;
        }
        if date::is_iso(cell) {
            self.dates += 1;
            self.date.add_iso(cell, line);
            return;
        }
        if self.periods.add(cell) {
            self.add_text(cell, line);
            return;
        }
        match numeric::parse(cell) {
            Some(number) if kind == CellKind::Number => self.add_number(cell, &number.with_point(), line),
            Some(number) => self.add_number(cell, &number, line),
            None if self.date.add(cell, line) => self.dates += 1,
            None => {
                if near_number::is_near(cell) {
                    self.near_numbers += 1;
                    self.first_near.get_or_insert_with(|| CountedText {
                        text: cell.to_owned(),
                        count: 1,
                        first_line: line,
                    });
                }
                self.add_text(cell, line);
            }
        }
    }

    fn add_text(&mut self, cell: &str, line: u64) {
        self.words += 1;
        self.texts.add(cell, line);
    }

    fn add_number(&mut self, cell: &str, number: &NumericCell<'_>, line: u64) {
        let first = || CountedText { text: cell.to_owned(), count: 1, first_line: line };
        let reading = match (number.as_point, number.as_comma) {
            (Some(point), Some(comma)) if point == comma => &mut self.readings.either,
            (Some(_), Some(_)) => {
                self.first_ambiguous.get_or_insert_with(first);
                &mut self.readings.ambiguous
            }
            (Some(_), None) => {
                self.first_decided[0].get_or_insert_with(first);
                &mut self.readings.only_point
            }
            (None, _) => {
                self.first_decided[1].get_or_insert_with(first);
                &mut self.readings.only_comma
            }
        };
        *reading += 1;
        if !number.scale.is_empty() {
            self.scaled += 1;
            self.first_scaled.get_or_insert_with(first);
        }
        self.codes += u64::from(number.is_code);
        self.bounds += u64::from(number.bound.is_some());
        let digits = &cell[..cell.len() - number.flag.len()];
        self.years += u64::from(numeric::is_year(digits.trim_end()));
        self.zeros += u64::from(number.as_point.or(number.as_comma).is_some_and(|value| value.is_zero()));
        for (digits, value) in self.digits.iter_mut().zip([number.as_point, number.as_comma]) {
            value.inspect(|value| digits.add(*value));
        }
        for (found, texts) in [(number.affix, &mut self.affixes), (number.flag, &mut self.flags)] {
            if !found.is_empty() {
                texts.add(found, line);
            }
        }
    }

    /// The cells that are neither blank nor a number, a date or a known mark. `is_mark` says of a text that it is a mark.
    pub(super) fn misfits(&self, is_mark: &dyn Fn(&str) -> bool) -> u64 {
        self.texts.all().iter().filter(|found| !is_mark(&found.text)).map(|found| found.count).sum()
    }

    /// The cells that are written but no date in ISO 8601, marks of the missing apart.
    pub(super) fn misfits_of_iso(&self) -> u64 {
        let texts = self.misfits(&|text| marks::reason(text).is_some());
        self.dates - self.date.iso + texts + self.readings.numbers()
    }

    /// The periods that nearly all cells are, marks of the missing apart.
    pub(super) fn periods(&self, is_mark: &dyn Fn(&str) -> bool) -> Option<Period> {
        let marks =
            self.texts.all().iter().filter(|found| is_mark(&found.text) || marks::reason(&found.text).is_some());
        let marks: u64 = marks.map(|found| found.count).sum();
        let all = self.words + self.readings.numbers() + self.dates - marks;
        self.periods.of_all(all, NUMBERS_PER_MISFIT)
    }

    /// The cell, with its line, of which nothing says which part is the month, and the formats that it may have.
    pub(super) fn first_open_date(&self) -> Option<([&'static str; 2], &(u64, String))> {
        self.date.first_open(NUMBERS_PER_MISFIT)
    }

    /// The format of the first dates that do not show which part is which.
    pub(super) fn first_uncertain_format(&self) -> Option<&'static str> {
        self.date.first_uncertain(NUMBERS_PER_MISFIT)
    }

    /// The formats that dates are in for certain beside those that are given.
    pub(super) fn dates_beside(&self, given: &[String]) -> Vec<&'static str> {
        self.date.beside(given, NUMBERS_PER_MISFIT)
    }

    /// True if all its numbers may be years.
    #[must_use]
    pub(super) fn are_all_years(&self) -> bool {
        self.years > 0 && self.years == self.readings.numbers()
    }

    /// True if numbers or dates are more than texts, marks of the missing among these.
    #[must_use]
    pub(super) fn reads_numbers(&self) -> bool {
        self.readings.numbers() + self.dates > self.words
    }

    /// True if numbers or dates are usual in it: a text among them fits nothing.
    #[must_use]
    pub(super) fn is_mostly_numbers(&self) -> bool {
        let texts: u64 =
            self.texts.all().iter().filter(|text| marks::reason(&text.text).is_none()).map(|text| text.count).sum();
        let numbers = self.readings.numbers() + self.dates;
        !self.texts.is_full && numbers >= 2 && numbers > texts
    }

    /// True if something is written in it, no number and no date, and every text is counted.
    #[must_use]
    pub(super) fn is_all_text(&self) -> bool {
        !self.texts.all().is_empty() && !self.texts.is_full && self.readings.numbers() == 0 && self.dates == 0
    }

    /// True if every number has letters or a mark behind it: flags are on some.
    #[must_use]
    pub(super) fn are_all_flagged(&self) -> bool {
        self.flags.all().iter().map(|flag| flag.count).sum::<u64>() == self.readings.numbers()
    }

    /// The first cell that is no number under a decimal mark but under the other.
    #[must_use]
    pub(super) fn first_misfit(&self, mark: DecimalMark) -> Option<&CountedText> {
        match mark {
            DecimalMark::Point => self.first_decided[1].as_ref(),
            DecimalMark::Comma => self.first_decided[0].as_ref(),
        }
    }

    /// The format of all its dates; `None` where they are in several.
    #[must_use]
    pub(super) fn date_format(&self) -> Option<&'static str> {
        self.date.only_format(self.dates)
    }

    /// The digits of its numbers under a decimal mark.
    #[must_use]
    pub(super) fn digits(&self, mark: DecimalMark) -> Digits {
        match mark {
            DecimalMark::Point => self.digits[0],
            DecimalMark::Comma => self.digits[1],
        }
    }

    /// The type that follows from every row. `is_mark` adds to the known marks of the missing.
    #[must_use]
    pub(super) fn evidence(&self, is_mark: &dyn Fn(&str) -> bool) -> Evidence {
        let numbers = self.readings.numbers();
        let is_any_mark = |text: &str| is_mark(text) || marks::reason(text).is_some();
        let misfits = self.misfits(&is_any_mark);
        if numbers + self.dates + misfits == 0 && self.texts.all().is_empty() {
            return Evidence::Empty;
        }
        let others = self.dates - self.date.iso + misfits + numbers;
        match self.date.evidence(others, NUMBERS_PER_MISFIT) {
            DateEvidence::None => {}
            _ if self.texts.is_full => {}
            dates => return Evidence::Dates(dates),
        }
        if numbers == 0 || self.codes > 0 {
            return Evidence::Text;
        }
        if self.texts.is_full {
            return Evidence::Text;
        }
        let mark = match (self.readings.only_point, self.readings.only_comma, self.readings.ambiguous) {
            (0, 0, 0) => Some(DecimalMark::Point),
            (0, 0, _) => None,
            // Marks of both kinds, or a stray cell among very many that could be two numbers, decide nothing.
            (point, comma, ambiguous)
                if ambiguous > 0 && (point.min(comma) > 0 || point.max(comma) * NUMBERS_PER_MISFIT < ambiguous) =>
            {
                None
            }
            (point, comma, _) if point >= comma => Some(DecimalMark::Point),
            _ => Some(DecimalMark::Comma),
        };
        let unfit = misfits + self.dates + mark.map_or(0, |mark| self.readings.misfits(mark));
        match (unfit, mark) {
            (unfit, Some(mark)) if unfit * NUMBERS_PER_MISFIT <= numbers => Evidence::Numbers(mark),
            (unfit, None) if unfit * NUMBERS_PER_MISFIT <= numbers => Evidence::Ambiguous,
            (unfit, _) if unfit < numbers => Evidence::TextByMisfits,
            _ => Evidence::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CellKind, ColumnProfile, DateEvidence, DecimalMark, Evidence};

    fn evidence(cells: &[&str]) -> Evidence {
        let mut profile = ColumnProfile::default();
        for (line, cell) in (1..).zip(cells) {
            profile.add(cell, CellKind::Text, line);
        }
        profile.evidence(&|_| false)
    }

    #[test]
    fn one_cell_decides_for_a_column_what_others_leave_open() {
        assert_eq!(evidence(&["1,846", "12,5"]), Evidence::Numbers(DecimalMark::Comma));
        assert_eq!(evidence(&["1,846", "1,200,000"]), Evidence::Numbers(DecimalMark::Point));
        assert_eq!(evidence(&["1,846", "17"]), Evidence::Ambiguous);
        assert_eq!(evidence(&["1,846", "12,5", "12.5"]), Evidence::Ambiguous);
        let mut stray = vec!["1,846"; 101];
        stray.push("12,5");
        assert_eq!(evidence(&stray), Evidence::Ambiguous);
        assert_eq!(evidence(&["17", "18"]), Evidence::Numbers(DecimalMark::Point));
    }

    #[test]
    fn marks_of_the_missing_keep_a_column_numeric() {
        assert_eq!(evidence(&["5", ".", "undisclosed", "", "\u{a0}", "<=5"]), Evidence::Numbers(DecimalMark::Point));
        assert_eq!(evidence(&[".", ""]), Evidence::Text);
        assert_eq!(evidence(&["", " "]), Evidence::Empty);
    }

    #[test]
    fn one_misfit_in_a_hundred_numbers_is_the_most() {
        let mut cells = vec!["5"; 100];
        cells.push("about five");
        assert_eq!(evidence(&cells), Evidence::Numbers(DecimalMark::Point));
        cells.pop();
        cells[0] = "about five";
        assert_eq!(evidence(&cells), Evidence::TextByMisfits);
    }

    #[test]
    fn codes_and_dates_are_no_numbers() {
        assert_eq!(evidence(&["00123", "99999"]), Evidence::Text);
        assert_eq!(evidence(&["2025-01-31", "2025-02-28 12:00"]), Evidence::Dates(DateEvidence::Iso));
        assert_eq!(evidence(&["31/1/2025", "n/a"]), Evidence::Dates(DateEvidence::Formats(vec!["%d/%m/%Y"])));
        assert_eq!(evidence(&["Kyiv", "5"]), Evidence::Text);
    }
}
