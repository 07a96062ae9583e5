//! One cell under the plan of its column: what is stored, and what the report counts of it.

use super::column::TextCounts;
use super::column_plan::{ColumnPlan, QuantityPlan};
use super::exact_sum::ExactSum;
use super::file::ImportFile;
use super::headed_groups::HeadedGroups;
use super::marks;
use super::numeric::{Bound, NumericCell};
use super::options::ImportOptions;
use crate::error::Error;
use crate::quantity::decimal::multiply;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;

/// The value of a cell in a column of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CellValue {
    /// Nothing is written.
    Blank,
    /// A number.
    Exact(Decimal),
    /// A number that is only a bound.
    Bound(Bound, Decimal),
    /// No number, for this reason.
    Unknown(String),
}

impl QuantityPlan {
    /// The value of a cell, already trimmed and read, in the unit of the column.
    ///
    /// # Errors
    /// The number times the scale of the column has more than 28 digits.
    pub(super) fn value(
        &self,
        (cell, read): (&str, Option<NumericCell<'_>>),
        column: &ColumnPlan,
        options: &ImportOptions,
        (file, line): (&ImportFile, u64),
    ) -> Result<CellValue, Error> {
        if cell.is_empty() {
            return Ok(CellValue::Blank);
        }
        let mark = options.missing_reason(&column.name, &column.header, cell);
        if let Some(reason) = mark {
            return Ok(CellValue::Unknown(reason.to_owned()));
        }
        let Some((number, bound)) = read.and_then(|read| Some((read.value(self.mark)?, read.bound))) else {
            return Ok(CellValue::Unknown(options.reason_of(&column.name, &column.header, cell).to_owned()));
        };
        let product = if self.factor == Decimal::ONE { Ok((number, true)) } else { multiply(number, self.factor) };
        let Ok((number, true)) = product else {
            let message = format!("`{cell}` in `{}` has more digits than the 28 that are exact", column.name);
            return Err(file.broken(Some((line, cell)), &message, "`--type COLUMN=text` keeps it as written"));
        };
        Ok(bound.map_or(CellValue::Exact(number), |bound| CellValue::Bound(bound, number)))
    }
}

/// A number as a whole number of parts of ten to the power of `places`; `None` where that does not hold it.
#[must_use]
pub(super) fn minor(number: Decimal, places: u32) -> Option<i64> {
    let number = if number.scale() > places { number.normalize() } else { number };
    let power = 10_i128.checked_pow(places.checked_sub(number.scale())?)?;
    i64::try_from(number.mantissa().checked_mul(power)?).ok()
}

/// The summary of a column for the report: counts, an exact sum, and the ends.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnSummary {
    /// Cells with a number.
    pub(super) present: u64,
    /// Cells with nothing in them.
    pub(super) blank: u64,
    /// Cells without a number, by what is written there.
    pub(super) missing: TextCounts,
    /// Cells that fit nothing: line and text of the first ones.
    pub(super) misfits: Vec<(u64, String)>,
    /// Their number.
    pub(super) misfit_count: u64,
    /// The spellings of dates, in the order of their first cells.
    pub(super) spellings: Vec<DateSpelling>,
    /// The first and the last day.
    pub(super) days: Option<(String, String)>,
    sum: ExactSum,
    /// The sum of the numbers that are no totals, and their number.
    running: (ExactSum, u64),
    /// True if the last number was the sum of all above it, at least three.
    pub(super) equals_above: bool,
    /// The groups that its numbers fall into, each below its sum.
    headed: HeadedGroups,
    /// The sum of the flagged totals, and their number.
    totals: (ExactSum, u64),
    /// Blank cells that have the text above.
    pub(super) filled: u64,
    /// The first and the last number, each with its line.
    ends_of_rows: Option<[(u64, Decimal); 2]>,
    /// The numbers from -1 to 1.
    small: u64,
    least: Option<Decimal>,
    greatest: Option<Decimal>,
}

/// The most misfits that a report lists.
const MAX_MISFITS: usize = 20;

/// A spelling of the dates of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateSpelling {
    /// Its format, or `ISO 8601`.
    pub format: String,
    /// The first cell that is written so.
    pub example: String,
    /// The number of cells.
    pub cells: u64,
}

impl ColumnSummary {
    /// Counts a value that is written as `cell`; that of a flagged total apart, too.
    pub(super) fn add(&mut self, value: &CellValue, cell: &str, line: u64, is_total: bool) {
        self.equals_above = false;
        if let (CellValue::Exact(number), true) = (value, is_total) {
            self.totals.0.add(*number);
            self.totals.1 += 1;
        } else if let CellValue::Exact(number) = value {
            let first = self.ends_of_rows.map_or((line, *number), |[first, _]| first);
            self.ends_of_rows = Some([first, (line, *number)]);
            self.equals_above = self.running.1 >= 3 && !number.is_zero() && self.running.0.equals(*number);
            self.running.0.add(*number);
            self.running.1 += 1;
            self.headed.add(*number);
        }
        match value {
            CellValue::Blank => self.blank += 1,
            CellValue::Exact(number) => {
                self.present += 1;
                self.sum.add(*number);
                self.small += u64::from(number.abs() <= Decimal::ONE);
                self.least = Some(self.least.map_or(*number, |least| least.min(*number)));
                self.greatest = Some(self.greatest.map_or(*number, |greatest| greatest.max(*number)));
            }
            CellValue::Unknown(reason) if reason == marks::UNREADABLE => {
                self.misfit_count += 1;
                if self.misfits.len() < MAX_MISFITS {
                    self.misfits.push((line, cell.to_owned()));
                }
                self.missing.add(cell, line);
            }
            CellValue::Bound(..) | CellValue::Unknown(_) => self.missing.add(cell, line),
        }
    }

    /// Counts a day that is written as `cell`; `None` where it is none, for this reason.
    pub(super) fn add_day(&mut self, day: Result<&str, &str>, cell: &str, line: u64) {
        match day {
            Err(reason) => self.add(&CellValue::Unknown(reason.to_owned()), cell, line, false),
            Ok(day) => {
                self.present += 1;
                match &mut self.days {
                    None => self.days = Some((day.to_owned(), day.to_owned())),
                    Some((first, _)) if day < first.as_str() => day.clone_into(first),
                    Some((_, last)) if day > last.as_str() => day.clone_into(last),
                    Some(_) => {}
                }
            }
        }
    }

    /// Counts the spelling of a date.
    pub(super) fn add_spelling(&mut self, spelling: &str, cell: &str) {
        if let Some(known) = self.spellings.iter_mut().find(|known| known.format == spelling) {
            known.cells += 1;
        } else {
            self.spellings.push(DateSpelling { format: spelling.to_owned(), example: cell.to_owned(), cells: 1 });
        }
    }

    /// The spellings of its dates, where there are several.
    pub(super) fn several_spellings(&self) -> Option<&[DateSpelling]> {
        Some(&*self.spellings).filter(|spellings| spellings.len() > 1)
    }

    /// True if the numbers that are no totals come to more than twice a number: the last of them, if it is their sum, is greater.
    #[must_use]
    pub(super) fn is_large(&self, than: u32) -> bool {
        self.running.0.exceeds(Decimal::from(than) * Decimal::TWO)
    }

    /// The exact sum, in decimal text.
    #[must_use]
    pub(super) fn sum(&self) -> String {
        self.sum.to_string()
    }

    /// The exact sum of the flagged totals; `None` without any.
    #[must_use]
    pub(super) fn sum_of_totals(&self) -> Option<String> {
        (self.totals.1 > 0).then(|| self.totals.0.to_string())
    }

    /// True if the number on a line, the first or the last, is the sum of all others: at least three, totals apart.
    #[must_use]
    pub(super) fn is_sum_of_others(&self, line: u64) -> bool {
        let Some(ends) = self.ends_of_rows.filter(|_| self.present - self.totals.1 > 3) else { return false };
        let twice = |number: Decimal| {
            let mut sum = self.totals.0.clone();
            sum.add(number);
            sum.add(number);
            sum.is(&self.sum)
        };
        ends.iter().any(|(of, number)| *of == line && !number.is_zero() && twice(*number))
    }

    /// The number of groups that all of its numbers fall into, each below its sum; `None` where they do not.
    #[must_use]
    pub(super) fn headed_groups(&self) -> Option<u64> {
        self.headed.count()
    }

    /// True if most numbers are from -1 to 1, and not all the same.
    #[must_use]
    pub(super) fn is_mostly_small(&self) -> bool {
        self.small * 2 > self.present && self.least != self.greatest
    }

    /// The least and the greatest number.
    #[must_use]
    pub(super) fn ends(&self) -> Option<(Decimal, Decimal)> {
        self.least.zip(self.greatest)
    }
}

/// The summaries of a column: of the rows without a unit of their own, and by unit.
#[derive(Debug, Clone, Default)]
pub(super) struct UnitSummaries {
    unitless: Option<ColumnSummary>,
    of_units: BTreeMap<String, ColumnSummary>,
}

impl UnitSummaries {
    /// The summary of the rows in a unit; of those without one for `""`.
    pub(super) fn of(&mut self, unit: &str) -> &mut ColumnSummary {
        if unit.is_empty() {
            return self.unitless.get_or_insert_default();
        }
        self.of_units.entry(unit.to_owned()).or_default()
    }

    /// True if a row had this unit.
    pub(super) fn has(&self, unit: &str) -> bool {
        self.of_units.contains_key(unit)
    }

    /// Each summary with its unit.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &ColumnSummary)> {
        let of_units = self.of_units.iter().map(|(unit, summary)| (unit.as_str(), summary));
        self.unitless.iter().map(|summary| ("", summary)).chain(of_units)
    }
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn smallest_parts_hold_a_number_or_do_not() {
        assert_eq!(minor("12.5".parse().unwrap(), 2), Some(1250));
        assert_eq!(minor("12.500".parse().unwrap(), 2), Some(1250));
        assert_eq!(minor("12.505".parse().unwrap(), 2), None);
        assert_eq!(minor("99999999999999999999".parse().unwrap(), 0), None);
    }
}
