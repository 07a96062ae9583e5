//! The report of an import: the numbers of the file, column by column, and the decisions that a reader should know.

use super::cell::{ColumnSummary, DateSpelling, UnitSummaries};
use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit};
use super::numeric;
use super::options::ImportOptions;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;

/// The most lines of totals that a report lists.
const MAX_TOTAL_LINES: usize = 20;

/// The report of one table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The source that it became.
    pub source: String,
    /// The file as it was named.
    pub file: String,
    /// The digest of its bytes.
    pub sha256: String,
    /// The view that people read.
    pub table: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The encoding of the text.
    pub encoding: Option<String>,
    /// The separator of the cells.
    pub separator: Option<String>,
    /// The lines of the header.
    pub header_row: (u64, u64),
    /// The earlier version that it revises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revises: Option<RevisedTable>,
    /// The records.
    pub rows: u64,
    /// The lines that are no records.
    pub skipped: Skipped,
    /// The totals among the records.
    #[serde(skip_serializing_if = "TotalsReport::is_empty")]
    pub totals: TotalsReport,
    /// The stage of the numbers; `@COLUMN` where a column names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The key, and the rows that share theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyReport>,
    /// The columns, in the order of the file.
    pub columns: Vec<ColumnReport>,
    /// The decisions on weak grounds.
    pub doubts: Vec<String>,
    /// The rest of the file: hidden sheets, others than the one that was taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The remarks on what was taken from the table itself: the unit that a line above states, the stage that a header names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// The publisher whose table it is, with what is known of it.
    pub recognised: Option<String>,
    /// The source whose options were taken for what was not said.
    pub like: Option<String>,
    /// The options that repeat the import.
    pub options: ImportOptions,
}

/// The earlier version of a table.
#[derive(Debug, Clone, Serialize)]
pub struct RevisedTable {
    /// The source that it is.
    pub source: String,
    /// The name that it has from now on.
    pub table: String,
}

/// Lines of the file that are no records.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Skipped {
    /// Rows with nothing in them.
    pub blank: u64,
    /// Lines above the header.
    pub above: u64,
    /// Lines below the last record.
    pub below: u64,
    /// Headers that are repeated among the records.
    pub headers: u64,
    /// Totals that were left out.
    pub totals: u64,
}

/// The totals among the records of a table, which are kept and flagged.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TotalsReport {
    /// Their number.
    pub rows: u64,
    /// The lines of the first ones.
    pub lines: Vec<u64>,
}

impl TotalsReport {
    /// Counts one on a line.
    pub(super) fn add(&mut self, line: u64) {
        self.rows += 1;
        if self.lines.len() < MAX_TOTAL_LINES {
            self.lines.push(line);
        }
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }
}

/// The key of a table.
#[derive(Debug, Clone, Serialize)]
pub struct KeyReport {
    /// Its columns.
    pub columns: Vec<String>,
    /// Rows in which a part of it is blank.
    pub blank: u64,
    /// Keys that are on several rows.
    pub duplicates: u64,
    /// The first of them.
    pub listed: Vec<DuplicateKey>,
}

/// A key that is on several rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateKey {
    /// The key.
    pub key: String,
    /// The number of its rows.
    pub rows: u64,
    /// The line of the first.
    pub first_line: u64,
    /// The line of the last.
    pub last_line: u64,
}

/// One column as it was imported.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnReport {
    /// The header as written.
    pub header: String,
    /// The name in SQL.
    pub name: String,
    /// `text`, `integer`, `quantity`, `date`, `quarter` or `real`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The unit; `@COLUMN` where it is in another column.
    pub unit: Option<String>,
    /// Cells with a value.
    pub present: u64,
    /// Cells without one, by what is written there; `""` is a blank.
    pub missing: BTreeMap<String, u64>,
    /// Cells that fit no number, the first ones.
    pub misfits: Vec<Misfit>,
    /// The exact sum, where all numbers have one unit; none of years.
    pub sum: Option<String>,
    /// The exact sum of the flagged totals in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<String>,
    /// Blank cells that have the text above.
    #[serde(skip_serializing_if = "is_zero")]
    pub filled: u64,
    /// The least number.
    pub min: Option<String>,
    /// The greatest number.
    pub max: Option<String>,
    /// The format of dates that are not written in ISO 8601, where they have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The spellings of dates, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spellings: Vec<DateSpelling>,
    /// The exact sums by unit, where rows have their own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sums: BTreeMap<String, String>,
}

impl ColumnReport {
    /// The report of a planned column, from the summaries of what was written.
    pub(super) fn of(column: &ColumnPlan, summaries: &UnitSummaries, headers: &[String]) -> Self {
        let mut missing = BTreeMap::new();
        let (mut present, mut misfits) = (0, Vec::new());
        for (_, summary) in summaries.all() {
            present += summary.present;
            let blank = Some((String::new(), summary.blank)).filter(|(_, count)| *count > 0);
            let marks = summary.missing.all().iter().map(|mark| (mark.text.clone(), mark.count));
            blank.into_iter().chain(marks).for_each(|(mark, count)| *missing.entry(mark).or_default() += count);
            misfits.extend(summary.misfits.iter().map(|(line, text)| Misfit { line: *line, text: text.clone() }));
        }
        let (kind, unit) = match &column.kind {
            PlannedKind::Text => ("text", None),
            PlannedKind::Integer(_) => ("integer", None),
            PlannedKind::Real(_) => ("real", None),
            PlannedKind::Date(plan) => (if plan.is_of_quarters { "quarter" } else { "date" }, None),
            PlannedKind::Quantity(plan) => (
                "quantity",
                match &plan.unit {
                    PlannedUnit::None => None,
                    PlannedUnit::Fixed(unit) => Some(unit.to_string()),
                    PlannedUnit::Column(index) => Some(format!("@{}", headers[*index])),
                    PlannedUnit::Cells => Some(format!("@{}", column.header)),
                },
            ),
        };
        let has_units = unit.as_ref().is_some_and(|unit| unit.starts_with('@'));
        let numeric: Vec<(&str, &ColumnSummary)> =
            summaries.all().filter(|(_, summary)| summary.ends().is_some()).collect();
        let only = numeric.first().map(|(_, summary)| *summary).filter(|_| !has_units);
        let ends = only.and_then(ColumnSummary::ends);
        let is_of_years = unit.is_none() && ends.is_some_and(|ends| are_years(&column.name, ends));
        let days = summaries.all().find_map(|(_, summary)| summary.days.as_ref());
        Self {
            header: column.header.clone(),
            name: column.name.clone(),
            kind,
            unit,
            present,
            missing,
            misfits,
            sum: only.filter(|_| !is_of_years).map(ColumnSummary::sum),
            // Totals do not add up years.
            totals: only.filter(|_| kind != "integer").and_then(ColumnSummary::sum_of_totals),
            filled: summaries.all().map(|(_, summary)| summary.filled).sum(),
            min: ends.map(|(least, _)| least.normalize().to_string()).or(days.map(|(first, _)| first.clone())),
            max: ends.map(|(_, greatest)| greatest.normalize().to_string()).or(days.map(|(_, last)| last.clone())),
            date: column.only_date_format().map(str::to_owned),
            spellings: spellings(column, summaries).to_vec(),
            sums: if has_units {
                numeric.into_iter().map(|(unit, summary)| (unit.to_owned(), summary.sum())).collect()
            } else {
                BTreeMap::new()
            },
        }
    }
}

/// The spellings of a column of dates, where there are several.
fn spellings<'s>(column: &ColumnPlan, summaries: &'s UnitSummaries) -> &'s [DateSpelling] {
    let mut all = summaries.all().filter(|_| !column.is_of_quarters());
    all.find_map(|(_, summary)| summary.several_spellings()).unwrap_or_default()
}

/// The words by which the name of a column says that its numbers are years.
const YEAR_WORDS: [&str; 7] = ["year", "years", "yr", "fy", "jahr", "année", "año"];

/// True for a column of years, by its name and the least and the greatest of its numbers: their sum means nothing.
fn are_years(name: &str, (least, greatest): (Decimal, Decimal)) -> bool {
    name.split('_').any(|word| YEAR_WORDS.contains(&word))
        && [least, greatest].iter().all(|year| numeric::is_year(&year.normalize().to_string()))
}

#[expect(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A cell that fits no number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// Its line.
    pub line: u64,
    /// The text of the cell.
    pub text: String,
}
