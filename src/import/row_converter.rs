//! The converter of the rows of an import: each cell as the plan of its column reads it, into values of plain columns, summed up and
//! digested on the way. It knows no book.

use super::cell::{CellValue, ColumnSummary, DateSpelling, UnitSummaries, minor};
use super::column_plan::{ColumnPlan, PlannedKind, QuantityPlan};
use super::date_plan::{DatePlan, ISO};
use super::file::ImportFile;
use super::header;
use super::levels::{LevelSearch, numbers_of};
use super::marks;
use super::numeric::{self, DecimalMark, NumericCell};
use super::options::ImportOptions;
use super::record::Record;
use super::report::TotalsReport;
use super::stage::StagePlan;
use super::stored_rows::{RowValues, StoredRows};
use super::table::ImportedTable;
use crate::error::Error;
use crate::quantity::{Stage, Unit};
use crate::store::ContentDigest;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The most columns that a doubt names.
const MAX_NAMED: usize = 4;

/// Converts rows and sums them up.
pub(super) struct RowConverter<'p> {
    table: &'p ImportedTable<'p>,
    file: &'p ImportFile,
    /// The codes of the units of the book.
    units: BTreeSet<String>,
    /// The summary of each column, by unit where rows have their own.
    pub(super) summaries: Vec<UnitSummaries>,
    /// The rows converted.
    pub(super) rows: u64,
    digest: ContentDigest,
    /// The lines of the first and the last row that is no total.
    ends: Option<[u64; 2]>,
    /// The totals among the rows: their number, and the lines of the first ones.
    pub(super) totals: TotalsReport,
    /// The first row whose numbers are the sums of all above it, and the columns in which they are.
    running_total: Option<(u64, Vec<usize>)>,
    /// The rows that are no totals, among which sums of others are looked for.
    levels: LevelSearch,
}

impl<'p> RowConverter<'p> {
    /// A converter of no rows yet.
    pub(super) fn new(table: &'p ImportedTable<'p>, file: &'p ImportFile, units: BTreeSet<String>) -> Self {
        Self {
            table,
            file,
            units,
            summaries: vec![UnitSummaries::default(); table.columns.len()],
            rows: 0,
            digest: ContentDigest::default(),
            ends: None,
            totals: TotalsReport::default(),
            running_total: None,
            levels: LevelSearch::default(),
        }
    }

    /// The digest of all rows.
    #[must_use]
    pub(super) fn finish(self) -> String {
        self.digest.finish()
    }

    /// Keeps the first row most of whose numbers are the sums of all above them, each with true where it is no small number. Years and
    /// identifiers are no numbers here.
    fn find_running_total(&mut self, record: &Record, sums: &[(usize, bool)]) {
        if sums.is_empty() || self.running_total.is_some() {
            return;
        }
        let is_sum = |at: usize| sums.iter().any(|(column, _)| *column == at);
        let is_number = |column: &&ColumnPlan| {
            let cell = numeric::trim(record.cell(column.index));
            let is_label = numeric::is_year(cell) || header::is_identifier(&column.name);
            let has_numbers = !matches!(column.kind, PlannedKind::Text | PlannedKind::Date(_));
            has_numbers && !cell.is_empty() && cell != "0" && (is_sum(column.index) || !is_label)
        };
        let numbers = self.table.columns.iter().filter(is_number).count();
        let is_by_chance = self.rows <= MIN_ROWS && !sums.iter().any(|(_, is_large)| *is_large);
        if !is_by_chance && sums.len() * 10 >= numbers * 6 && (sums.len() > 1 || numbers == 1) {
            self.running_total = Some((record.line, sums.iter().map(|(column, _)| *column).collect()));
        }
    }

    /// Counts a record.
    fn count(&mut self, record: &Record, is_total: bool) {
        self.rows += 1;
        let line = record.line;
        if is_total {
            self.totals.add(line);
        } else {
            self.ends = Some([self.ends.map_or(line, |[first, _]| first), line]);
            self.levels.add(self.rows, line, || numbers_of(self.table.columns.iter(), record));
        }
    }

    /// Appends the values of a record, which may be a total, to a batch.
    ///
    /// # Errors
    /// A cell has too many digits, or a unit that the book does not have.
    pub(super) fn convert(&mut self, record: &Record, is_total: bool, rows: &mut StoredRows) -> Result<(), Error> {
        self.count(record, is_total);
        let mut row = ConvertedRow { values: RowValues { rows, digest: &mut self.digest }, is_total };
        row.values.record(self.rows);
        row.values.integer(i64::try_from(record.line).ok());
        row.add_row(self.table, self.file, record)?;
        let (table, file, line) = (self.table, self.file, record.line);
        let mut sums = Vec::new();
        for (column, summaries) in table.columns.iter().zip(&mut self.summaries) {
            let cell = numeric::trim(record.cell(column.index));
            let summary = match &column.kind {
                PlannedKind::Text => {
                    row.values.text(Some(cell).filter(|cell| !cell.is_empty()));
                    let summary = summaries.of("");
                    *(if cell.is_empty() { &mut summary.blank } else { &mut summary.present }) += 1;
                    summary
                }
                PlannedKind::Integer(mark) => {
                    let read = record.number(column.index).and_then(|read| read.value(*mark));
                    let value = read.and_then(|value| minor(value, 0));
                    row.values.integer(value);
                    let counted = value.map_or(CellValue::Blank, |value| CellValue::Exact(value.into()));
                    let summary = summaries.of("");
                    summary.add(&counted, cell, line, is_total);
                    summary
                }
                PlannedKind::Real(_) | PlannedKind::Date(_) => {
                    let summary = summaries.of("");
                    row.add_plain(column, record, table.options, (&mut *summary, line));
                    summary
                }
                PlannedKind::Quantity(plan) => {
                    let value = plan.value((cell, record.number(column.index)), column, table.options, (file, line))?;
                    // A unit that a row before has is known.
                    let is_new = |unit: &str| !summaries.has(unit) && !is_known(unit, &self.units);
                    let unit = match value {
                        CellValue::Blank => "",
                        _ => row_unit(plan, cell, record)
                            .map_err(|units| contrary_unit(file, column, (line, cell), units))?,
                    };
                    let unit = if is_unit(unit) { unit } else { "" };
                    if !unit.is_empty() && is_new(unit) {
                        return Err(unknown_unit(file, column, (line, unit)));
                    }
                    row.add_quantity(plan, &value, cell, Some(unit).filter(|unit| !unit.is_empty()));
                    let summary = summaries.of(unit);
                    summary.add(&value, cell, line, is_total);
                    summary
                }
            };
            if summary.equals_above {
                sums.push((column.index, summary.is_large(MIN_NUMBER)));
            }
            let from = record.from_above.iter().find(|(filled, _)| *filled == column.index).map(|(_, line)| *line);
            row.add_origin(table.filled.contains(&column.index), from, summary);
        }
        self.find_running_total(record, &sums);
        Ok(())
    }
}

/// True for a unit of the book, and for a product of such as the text form has it: `NOK/EUR`.
fn is_known(unit: &str, units: &BTreeSet<String>) -> bool {
    let is_product =
        |product: &Unit| product.to_string() == unit && product.powers().all(|(code, _)| units.contains(code));
    units.contains(unit) || unit.parse().is_ok_and(|product| is_product(&product))
}

/// True if a unit is written, and no mark for that it is missing.
fn is_unit(unit: &str) -> bool {
    !unit.is_empty() && marks::reason(unit).is_none()
}

/// The unit of a number in its row: that of the row, or that beside it where the row has none; the two as an error where they differ.
fn row_unit<'r>(plan: &'r QuantityPlan, cell: &str, record: &'r Record) -> Result<&'r str, [&'r str; 2]> {
    let of_row = plan.unit_in(record, cell);
    match plan.beside.written(cell) {
        Some(beside) if !is_unit(of_row) => Ok(beside),
        Some(beside) if beside != of_row => Err([beside, of_row]),
        _ => Ok(of_row),
    }
}

/// The error of a cell with another unit than its row.
fn contrary_unit(file: &ImportFile, column: &ColumnPlan, (line, cell): (u64, &str), units: [&str; 2]) -> Error {
    let (name, [beside, of_row]) = (&column.name, units);
    let message = format!("`{cell}` in `{name}` is in {beside}, and its row says {of_row}");
    let help = format!(
        "`--unit {name}=@{name}` takes the unit beside each number; `--unit {name}=none` leaves the column without one"
    );
    file.undecided(Some((line, cell)), &message, &help)
}

/// The error of a unit beside a number that the book does not have.
fn unknown_unit(file: &ImportFile, column: &ColumnPlan, (line, unit): (u64, &str)) -> Error {
    let name = &column.name;
    let message = format!("`{unit}` beside `{name}` is no unit of the book");
    let help = format!(
        "`--new-unit {unit}=currency:NAME` adds it to the book; `--unit {name}=none` leaves the column without one"
    );
    file.undecided(Some((line, unit)), &message, &help)
}

impl RowConverter<'_> {
    /// The doubts about shares of a workbook most of which are at most 1: it may show 0.05 as 5 %.
    pub(super) fn percent_doubts(&self) -> impl Iterator<Item = String> {
        let columns = self.table.columns.iter().zip(&self.summaries);
        columns.filter(|(column, _)| column.is_percent()).filter_map(|(column, summaries)| {
            let name = &column.name;
            summaries.all().any(|(_, summary)| summary.is_mostly_small()).then(|| {
                format!(
                    "`{name}` is in percent by its header, and most numbers in it are at most 1: where the workbook shows 0.05 as 5 %, \
                     `--unit {name}=none` keeps the shares as they are"
                )
            })
        })
    }

    /// The doubt about rows that are sums of others on a level below theirs. Rows on the lines `named` have a doubt already.
    pub(super) fn level_doubt(&self, named: &[u64]) -> Option<String> {
        let levels = self.levels.find(&[])?;
        let (_, line) = levels.rows.iter().find(|(_, line)| !named.contains(line))?;
        let (count, sums) = (levels.rows.len(), levels.columns.iter().map(|at| &self.table.columns[*at]));
        Some(format!(
            "{count} rows, the first on line {line}, are sums of other rows in {}, without a word for a total: adding all up counts parts \
             twice; `--totals flag` takes them for totals",
            names_of(sums)
        ))
    }

    /// The doubt about a row between others that is the sum of all above it. Rows on the lines `named` have a doubt already.
    pub(super) fn running_doubt(&self, named: &[u64]) -> Option<String> {
        let (line, columns) = self.running_total.as_ref()?;
        if named.contains(line) || self.ends.is_some_and(|[_, last]| last == *line) {
            return None;
        }
        let sums = columns.iter().filter_map(|at| self.table.columns.iter().find(|column| column.index == *at));
        Some(format!(
            "line {line} is the sum of all rows above it in {}, without a word for a total: `--totals flag` takes it for one, and the rows \
             below it may be parts of it once more",
            names_of(sums)
        ))
    }

    /// The doubt about a column in which each of some rows is the sum of the rows below it, up to the next of them.
    pub(super) fn headed_doubt(&self) -> Option<String> {
        let groups = |summaries: &UnitSummaries| {
            let mut all = summaries.all();
            let (_, only) = all.next().filter(|_| all.next().is_none())?;
            only.headed_groups().filter(|_| only.is_large(MIN_NUMBER))
        };
        let mut columns = self.table.columns.iter().zip(&self.summaries);
        let (name, count) = columns.find_map(|(column, summaries)| Some((&column.name, groups(summaries)?)))?;
        Some(format!(
            "{count} rows of `{name}` are each the sum of the rows below, up to the next of them: adding all up counts every part twice; \
             `--totals flag` takes them for totals"
        ))
    }

    /// The columns of dates, each with its summary.
    fn dates(&self) -> impl Iterator<Item = (&ColumnPlan, &ColumnSummary)> {
        let columns = self.table.columns.iter().zip(&self.summaries);
        let dates = columns.filter(|(column, _)| matches!(column.kind, PlannedKind::Date(_)));
        dates.filter_map(|(column, summaries)| Some((column, summaries.all().next()?.1)))
    }

    /// The doubts about cells of columns of dates that are none.
    pub(super) fn date_doubts(&self) -> impl Iterator<Item = String> {
        self.dates().filter_map(|(column, summary)| {
            let (line, text) = summary.misfits.first()?;
            let (name, stem, stored) = (&column.name, &column.stem, self.table.stored_name());
            let which = match summary.misfit_count {
                1 => format!("1 cell fits no date and is NULL, `{text}` on line {line}"),
                misfits => format!("{misfits} cells fit no date and are NULL, the first `{text}` on line {line}"),
            };
            Some(format!("`{name}`: {which}; `{stem}_written` of `{stored}` keeps what is written"))
        })
    }

    /// The remarks on columns of dates in several spellings, and on quarters that are stored in another.
    pub(super) fn date_remarks(&self) -> impl Iterator<Item = String> {
        self.dates().filter_map(|(column, summary)| {
            let (name, stem, stored) = (&column.name, &column.stem, self.table.stored_name());
            let keeps = format!("`{stem}_written` of `{stored}` keeps what is written");
            if column.is_of_quarters() {
                let first = summary.spellings.iter().find(|spelling| spelling.format != ISO)?;
                return Some(format!(
                    "`{name}` holds quarters, which are stored as `2023-Q3`, one written `{}` too; {keeps}",
                    first.example
                ));
            }
            let spelled = |spelling: &DateSpelling| match (&*spelling.format, spelling.cells) {
                (ISO, cells) => format!("{cells} in {ISO}"),
                (_, cells) => format!("{cells} as `{}`", spelling.example),
            };
            let spelled: Vec<String> = summary.several_spellings()?.iter().map(spelled).collect();
            Some(format!("`{name}` has dates in {} spellings: {}; {keeps}", spelled.len(), spelled.join(", ")))
        })
    }

    /// The doubts about the first and the last row: a sum of all others may be a total without a word for it. Rows on the lines
    /// `named` have one.
    pub(super) fn doubts(&self, named: &[u64]) -> Vec<String> {
        let [first, last] = self.ends.unwrap_or_default();
        let lines = if first == last { vec![first] } else { vec![first, last] };
        let doubt = |line: u64| {
            let is_sum = |summaries: &UnitSummaries| {
                let mut all = summaries.all();
                all.next().is_some_and(|(_, summary)| summary.is_sum_of_others(line)) && all.next().is_none()
            };
            let columns = self.table.columns.iter().zip(&self.summaries).filter(|(_, summaries)| is_sum(summaries));
            let named = names_of(columns.map(|(column, _)| column));
            (!named.is_empty()).then(|| {
                format!("line {line} is the sum of all other rows in {named}, without a word for a total: `--totals flag` takes it for one")
            })
        };
        lines.into_iter().filter(|line| !named.contains(line)).filter_map(doubt).collect()
    }
}

/// The names of columns, the first ones and the number of the others.
fn names_of<'c>(columns: impl Iterator<Item = &'c ColumnPlan>) -> String {
    let names: Vec<String> = columns.map(|column| format!("`{}`", column.name)).collect();
    let more = names.len().saturating_sub(MAX_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names[..names.len().min(MAX_NAMED)].join(", "))
}

/// The rows up to which numbers that are the sums of those above may be so by chance: 0, 1, 2, 3.
const MIN_ROWS: u64 = 6;

/// The number up to which they may.
const MIN_NUMBER: u32 = 50;

/// A row whose values are appended cell after cell.
struct ConvertedRow<'r> {
    values: RowValues<'r>,
    is_total: bool,
}

impl ConvertedRow<'_> {
    /// Adds what the row is: its column of the file, its stage, and that it is a total.
    fn add_row(&mut self, table: &ImportedTable<'_>, file: &ImportFile, record: &Record) -> Result<(), Error> {
        if table.is_long {
            self.values.integer(i64::try_from(record.cell_column).ok());
        }
        if let StagePlan::Column { index, .. } = table.stage {
            let word = numeric::trim(record.cell(*index));
            let stage = table.stage.of_word(word);
            if table.stage.is_unknown(word) {
                return Err(table.stage.unknown(file, record.line, &[word]));
            }
            self.values.text(stage.map(Stage::as_str));
        }
        if table.has_totals {
            self.values.integer(Some(i64::from(self.is_total)));
        }
        Ok(())
    }

    /// Adds the line that a filled cell has its text from, in a column whose cells may be filled.
    fn add_origin(&mut self, is_filled: bool, from: Option<u64>, summary: &mut ColumnSummary) {
        summary.filled += u64::from(from.is_some());
        if is_filled {
            self.values.integer(from.and_then(|line| i64::try_from(line).ok()));
        }
    }

    /// Adds a cell of a column of floating-point numbers or of dates.
    fn add_plain(
        &mut self,
        column: &ColumnPlan,
        record: &Record,
        options: &ImportOptions,
        (summary, line): (&mut ColumnSummary, u64),
    ) {
        let cell = numeric::trim(record.cell(column.index));
        match &column.kind {
            PlannedKind::Real(mark) if !cell.is_empty() => {
                self.add_real((cell, record.number(column.index)), *mark, options, column, (summary, line));
            }
            PlannedKind::Date(plan) if !cell.is_empty() => self.add_date(plan, cell, options, column, (summary, line)),
            kind => {
                summary.blank += 1;
                self.values.text(None);
                if !matches!(kind, PlannedKind::Date(plan) if !plan.has_written) {
                    self.values.text(None);
                }
            }
        }
    }

    /// Adds a floating-point number, and what is written where that is another or none.
    fn add_real(
        &mut self,
        (cell, read): (&str, Option<NumericCell<'_>>),
        mark: DecimalMark,
        options: &ImportOptions,
        column: &ColumnPlan,
        (summary, line): (&mut ColumnSummary, u64),
    ) {
        let missing = options.missing_reason(&column.name, &column.header, cell);
        let exact =
            read.filter(|_| missing.is_none()).filter(|read| read.bound.is_none()).and_then(|read| read.value(mark));
        let value = match exact {
            Some(exact) => CellValue::Exact(exact),
            None => CellValue::Unknown(options.reason_of(&column.name, &column.header, cell).to_owned()),
        };
        summary.add(&value, cell, line, self.is_total);
        let canonical = exact.map(|exact| exact.normalize().to_string());
        let real = canonical.as_deref().and_then(|text| text.parse::<f64>().ok());
        self.values.real(real);
        self.values.text((canonical.as_deref() != Some(cell)).then_some(cell));
    }

    /// Adds a date, and what is written where the format of the column does not write it so.
    fn add_date(
        &mut self,
        plan: &DatePlan,
        cell: &str,
        options: &ImportOptions,
        column: &ColumnPlan,
        (summary, line): (&mut ColumnSummary, u64),
    ) {
        let missing = options.missing_reason(&column.name, &column.header, cell);
        let read = plan.read(cell).filter(|_| missing.is_none());
        let reason = || options.reason_of(&column.name, &column.header, cell);
        let day = read.as_ref().map(|read| &*read.date);
        summary.add_day(day.ok_or_else(reason), cell, line);
        if let Some(read) = &read {
            summary.add_spelling(read.spelling, cell);
        }
        self.values.text(day);
        if plan.has_written {
            let is_reproduced = day.is_some_and(|day| plan.reproduces(day, cell));
            self.values.text((!is_reproduced).then_some(cell));
        }
    }

    fn add_quantity(&mut self, plan: &QuantityPlan, value: &CellValue, cell: &str, unit: Option<&str>) {
        let (number, bound, reason) = match value {
            CellValue::Blank => (None, None, None),
            CellValue::Exact(number) => (Some(*number), None, None),
            CellValue::Bound(bound, number) => (Some(*number), Some(bound.sign()), None),
            CellValue::Unknown(reason) => (None, None, Some(reason.as_str())),
        };
        let canonical = || number.map(|number| number.normalize().to_string());
        match plan.places {
            Some(places) => self.values.integer(number.and_then(|number| minor(number, places))),
            None => self.values.text(canonical().as_deref()),
        }
        if plan.has_units_of_rows() {
            self.values.text(unit);
        }
        if plan.has_unknown {
            self.values.text(reason);
        }
        if plan.has_bounds {
            self.values.text(bound);
        }
        // A cell that is written as the number is shown needs no second copy.
        let is_as_shown = if plan.factor == Decimal::ONE && (plan.mark == DecimalMark::Point || !cell.contains('.')) {
            numeric::is_canonical(cell)
        } else {
            canonical().as_deref() == Some(cell)
        };
        let is_reproduced = cell.is_empty() || number.is_some() && is_as_shown;
        self.values.text((!is_reproduced).then_some(cell));
    }
}
