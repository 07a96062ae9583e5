//! The tables and the view that hold an import: their definitions in SQL, readable by any SQLite tool, and the rows.

use super::cell::{CellValue, ColumnSummary, UnitSummaries, minor};
use super::date;
use super::file::ImportFile;
use super::marks;
use super::numeric::{self, DecimalMark};
use super::options::ImportOptions;
use super::plan::{ColumnPlan, DatePlan, PlannedKind, PlannedUnit, QuantityPlan};
use super::record::Record;
use super::report::TotalsReport;
use super::stage::StagePlan;
use crate::error::Error;
use crate::quantity::Stage;
use crate::store::{ContentDigest, quote_identifier};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The most columns of a table of SQLite.
const MAX_STORED_COLUMNS: usize = 2_000;

/// The most columns that a doubt names.
const MAX_NAMED: usize = 4;

/// A table to be written.
pub(super) struct ImportedTable<'p> {
    /// The source that it becomes: `S2`.
    pub(super) source: &'p str,
    /// The view's name.
    pub(super) name: &'p str,
    /// The columns.
    pub(super) columns: &'p [ColumnPlan],
    /// The options, for the marks of the missing.
    pub(super) options: &'p ImportOptions,
    /// The stage of the numbers.
    pub(super) stage: &'p StagePlan,
    /// The columns, by index among the cells, whose blank cells are filled from above.
    pub(super) filled: &'p [usize],
    /// True if rows are flagged as totals.
    pub(super) has_totals: bool,
    /// True if each row is a cell of the file, with its column.
    pub(super) is_long: bool,
}

impl ImportedTable<'_> {
    /// The name of the plain table behind the view.
    #[must_use]
    pub(super) fn stored_name(&self) -> String {
        format!("{}_{}", self.name, self.source)
    }

    /// The plain columns that hold a column.
    fn stored_columns(&self, column: &ColumnPlan) -> Vec<(String, &'static str)> {
        let (name, stem) = (&column.name, &column.stem);
        let mut stored = match &column.kind {
            PlannedKind::Text => vec![(name.clone(), "TEXT")],
            PlannedKind::Integer(_) => vec![(name.clone(), "INTEGER")],
            PlannedKind::Real(_) => vec![(name.clone(), "REAL"), (format!("{stem}_written"), "TEXT")],
            PlannedKind::Date(plan) => {
                let written = plan.has_written.then(|| (format!("{stem}_written"), "TEXT"));
                std::iter::once((name.clone(), "TEXT")).chain(written).collect()
            }
            PlannedKind::Quantity(plan) => {
                let mut stored = vec![match plan.places {
                    Some(_) => (format!("{stem}_minor"), "INTEGER"),
                    None => (format!("{stem}_decimal"), "TEXT"),
                }];
                stored.extend(matches!(plan.unit, PlannedUnit::Column(_)).then(|| (format!("{stem}_unit"), "TEXT")));
                stored.extend(plan.has_unknown.then(|| (format!("{stem}_reason"), "TEXT")));
                stored.extend(plan.has_bounds.then(|| (format!("{stem}_bound"), "TEXT")));
                stored.push((format!("{stem}_written"), "TEXT"));
                stored
            }
        };
        stored.extend(self.filled.contains(&column.index).then(|| (format!("{stem}_from"), "INTEGER")));
        stored
    }

    /// The plain columns that say of a row where it is from and what it is.
    fn row_columns(&self) -> Vec<(&'static str, &'static str)> {
        let mut columns = vec![("line", "INTEGER NOT NULL")];
        columns.extend(self.is_long.then_some(("line_column", "INTEGER NOT NULL")));
        columns.extend(matches!(self.stage, StagePlan::Column { .. }).then_some(("row_stage", "TEXT")));
        columns.extend(self.has_totals.then_some(("is_total", "INTEGER NOT NULL")));
        columns
    }

    /// The number of its plain columns.
    fn stored_count(&self) -> usize {
        let of_columns = self.columns.iter().map(|column| self.stored_columns(column).len()).sum::<usize>();
        1 + self.row_columns().len() + of_columns
    }

    /// The first of the plain columns that hold a column of the view.
    pub(super) fn stored_column(&self, name: &str) -> String {
        let column = self.columns.iter().find(|column| column.name == name);
        let stored = column.map(|column| self.stored_columns(column)).unwrap_or_default();
        stored.into_iter().next().map_or_else(|| name.to_owned(), |(stored, _)| stored)
    }

    /// Refuses a table whose columns take more plain ones than a table of SQLite can have.
    ///
    /// # Errors
    /// They do.
    pub(super) fn check_width(&self, file: &ImportFile) -> Result<(), Error> {
        let stored = self.stored_count();
        if stored <= MAX_STORED_COLUMNS {
            return Ok(());
        }
        let columns = self.columns.len();
        let message =
            format!("its {columns} columns take {stored} in the book, more than the {MAX_STORED_COLUMNS} of a table");
        Err(file.broken(None, &message, "import a part of them; `--type COLUMN=text` takes one column for each"))
    }

    /// The definition of the plain table.
    #[must_use]
    pub(super) fn create_table(&self) -> String {
        let of_row = self.row_columns().into_iter().map(|(name, kind)| (name.to_owned(), kind));
        let columns = of_row.chain(self.columns.iter().flat_map(|column| self.stored_columns(column)));
        let columns: Vec<String> =
            columns.map(|(name, kind)| format!(",\n    {} {kind}", quote_identifier(&name))).collect();
        let columns = columns.concat();
        let name = quote_identifier(&self.stored_name());
        format!("CREATE TABLE {name} (\n    record INTEGER PRIMARY KEY{columns}\n) STRICT")
    }

    /// Makes the index of its totals.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn index_totals(&self, connection: &Connection) -> rusqlite::Result<()> {
        if !self.has_totals {
            return Ok(());
        }
        let (index, stored) = (format!("{}_totals", self.stored_name()), quote_identifier(&self.stored_name()));
        let index = quote_identifier(&index);
        connection.execute_batch(&format!("create index {index} on {stored} (record) where is_total"))
    }

    /// The definition of the view: numbers in the text form of a quantity, with their record.
    #[must_use]
    pub(super) fn create_view(&self) -> String {
        let source = self.source;
        let columns: String = self
            .columns
            .iter()
            .map(|column| {
                let name = quote_identifier(&column.name);
                match &column.kind {
                    PlannedKind::Quantity(plan) => {
                        format!(",\n       {} AS {name}", quantity_expression(&column.stem, plan, source, self.stage))
                    }
                    _ => format!(",\n       {name}"),
                }
            })
            .collect();
        let total = if self.has_totals { ",\n       is_total" } else { "" };
        format!(
            "CREATE VIEW {} AS\nSELECT '{source}:' || record AS record{columns}{total}\nFROM {}",
            quote_identifier(self.name),
            quote_identifier(&self.stored_name())
        )
    }

    /// The statement that writes a row.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn insert<'c>(&self, connection: &'c Connection) -> rusqlite::Result<Statement<'c>> {
        let count = self.stored_count();
        let marks = vec!["?"; count].join(", ");
        connection.prepare(&format!("INSERT INTO {} VALUES ({marks})", quote_identifier(&self.stored_name())))
    }
}

/// The text form of a quantity, from the plain columns that hold it.
fn quantity_expression(stem: &str, plan: &QuantityPlan, source: &str, stage: &StagePlan) -> String {
    let column = |suffix: &str| quote_identifier(&format!("{stem}_{suffix}"));
    let (is_there, number) = match plan.places {
        Some(places) => (column("minor"), decimal_expression(&column("minor"), places)),
        None => (column("decimal"), column("decimal")),
    };
    let bounded = if plan.has_bounds { format!("coalesce({}, '') || {number}", column("bound")) } else { number };
    let unit = match &plan.unit {
        PlannedUnit::None => String::new(),
        PlannedUnit::Fixed(unit) => format!(" || ' {unit}'"),
        PlannedUnit::Column(_) => format!(" || coalesce(' ' || {}, '')", column("unit")),
    };
    let stage = match stage {
        StagePlan::None => " || ']'".to_owned(),
        StagePlan::Fixed(stage) => format!(" || '; @{stage}]'"),
        StagePlan::Column { .. } => " || coalesce('; @' || row_stage, '') || ']'".to_owned(),
    };
    let facts = format!(" || ' [{source}:' || record{stage}");
    if plan.has_unknown {
        let reason = column("reason");
        format!(
            "CASE WHEN {is_there} IS NOT NULL THEN {bounded}{unit}{facts} \
             WHEN {reason} IS NOT NULL THEN 'unknown(' || {reason} || ')'{unit}{facts} END"
        )
    } else {
        format!("{bounded}{unit}{facts}")
    }
}

/// The canonical decimal of a whole number of smallest parts.
fn decimal_expression(minor: &str, places: u32) -> String {
    if places == 0 {
        return minor.to_owned();
    }
    let power = 10_u64.pow(places);
    format!(
        "rtrim(rtrim(iif({minor} < 0, '-', '') || (abs({minor}) / {power}) || '.' || \
         substr({power} + abs({minor}) % {power}, 2), '0'), '.')"
    )
}

/// Writes rows and sums them up.
pub(super) struct RowWriter<'c, 'p> {
    statement: Statement<'c>,
    table: &'p ImportedTable<'p>,
    file: &'p ImportFile,
    /// The codes of the units of the book.
    units: BTreeSet<String>,
    /// The summary of each column, by unit where rows have their own.
    pub(super) summaries: Vec<UnitSummaries>,
    /// The rows written.
    pub(super) rows: u64,
    digest: ContentDigest,
    /// The lines of the first and the last row that is no total.
    ends: Option<[u64; 2]>,
    /// The totals written: their number, and the lines of the first ones.
    pub(super) totals: TotalsReport,
}

impl<'c, 'p> RowWriter<'c, 'p> {
    /// A writer of no rows yet.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn new(
        connection: &'c Connection,
        table: &'p ImportedTable<'p>,
        file: &'p ImportFile,
        units: BTreeSet<String>,
    ) -> rusqlite::Result<Self> {
        let statement = table.insert(connection)?;
        Ok(Self {
            statement,
            table,
            file,
            units,
            summaries: vec![UnitSummaries::default(); table.columns.len()],
            rows: 0,
            digest: ContentDigest::default(),
            ends: None,
            totals: TotalsReport::default(),
        })
    }

    /// The digest of the rows that were written.
    #[must_use]
    pub(super) fn finish(self) -> String {
        self.digest.finish()
    }

    /// Writes a record, which may be a total.
    ///
    /// # Errors
    /// A cell has too many digits, or a unit that the book does not have; SQLite's own as [`Failure::Sqlite`].
    pub(super) fn write(&mut self, record: &Record, is_total: bool) -> Result<(), Failure> {
        self.rows += 1;
        let mut row = BoundRow { statement: &mut self.statement, digest: &mut self.digest, next: 1, is_total };
        row.bind_integer(i64::try_from(self.rows).ok())?;
        row.bind_integer(i64::try_from(record.line).ok())?;
        row.bind_row(self.table, self.file, record)?;
        if is_total {
            self.totals.add(record.line);
        } else {
            self.ends = Some([self.ends.map_or(record.line, |[first, _]| first), record.line]);
        }
        let (table, file, line) = (self.table, self.file, record.line);
        for (column, summaries) in table.columns.iter().zip(&mut self.summaries) {
            let cell = numeric::trim(record.cell(column.index));
            let summary = match &column.kind {
                PlannedKind::Text => {
                    row.bind_text(Some(cell).filter(|cell| !cell.is_empty()))?;
                    let summary = summaries.of("");
                    *(if cell.is_empty() { &mut summary.blank } else { &mut summary.present }) += 1;
                    summary
                }
                PlannedKind::Integer(mark) => {
                    let read = numeric::parse(cell).and_then(|read| read.value(*mark));
                    let value = read.and_then(|value| minor(value, 0));
                    row.bind_integer(value)?;
                    let counted = value.map_or(CellValue::Blank, |value| CellValue::Exact(value.into()));
                    let summary = summaries.of("");
                    summary.add(&counted, cell, line, is_total);
                    summary
                }
                PlannedKind::Real(_) | PlannedKind::Date(_) => {
                    let summary = summaries.of("");
                    row.bind_plain(column, cell, table.options, (&mut *summary, line))?;
                    summary
                }
                PlannedKind::Quantity(plan) => {
                    let value = plan.value(cell, column, table.options, (file, line))?;
                    let mut unit = match plan.unit {
                        PlannedUnit::Column(index) if value != CellValue::Blank => numeric::trim(record.cell(index)),
                        _ => "",
                    };
                    // A unit that a row before has is known.
                    if !summaries.has(unit) && !is_unit(unit) {
                        unit = "";
                    } else if !summaries.has(unit) && !self.units.contains(unit) {
                        return Err(unknown_unit(file, column, (line, unit)).into());
                    }
                    row.bind_quantity(plan, &value, cell, Some(unit).filter(|unit| !unit.is_empty()))?;
                    let summary = summaries.of(unit);
                    summary.add(&value, cell, line, is_total);
                    summary
                }
            };
            let from = record.from_above.iter().find(|(filled, _)| *filled == column.index).map(|(_, line)| *line);
            row.bind_origin(table.filled.contains(&column.index), from, summary)?;
        }
        self.statement.raw_execute()?;
        Ok(())
    }
}

/// True if a unit is written, and no mark for that it is missing.
fn is_unit(unit: &str) -> bool {
    !unit.is_empty() && marks::reason(unit).is_none()
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

impl RowWriter<'_, '_> {
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
            let names: Vec<String> = columns.map(|(column, _)| format!("`{}`", column.name)).collect();
            let more = names.len().saturating_sub(MAX_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let named = names.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
            (!names.is_empty()).then(|| {
                format!("line {line} is the sum of all other rows in {named}{more}, without a word for a total: `--totals flag` takes it for one")
            })
        };
        lines.into_iter().filter(|line| !named.contains(line)).filter_map(doubt).collect()
    }
}

/// The failure to write a row.
#[derive(Debug)]
pub(super) enum Failure {
    /// The file is to blame.
    File(Error),
    /// The book is.
    Sqlite(rusqlite::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::File(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// A row whose cells are bound one after the other.
struct BoundRow<'s, 'c> {
    statement: &'s mut Statement<'c>,
    digest: &'s mut ContentDigest,
    next: usize,
    is_total: bool,
}

impl BoundRow<'_, '_> {
    fn bind_integer(&mut self, number: Option<i64>) -> rusqlite::Result<()> {
        self.bind(number.map_or(ValueRef::Null, ValueRef::Integer))
    }

    fn bind_text(&mut self, text: Option<&str>) -> rusqlite::Result<()> {
        self.bind(text.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())))
    }

    fn bind(&mut self, value: ValueRef<'_>) -> rusqlite::Result<()> {
        self.digest.add(value);
        self.statement.raw_bind_parameter(self.next, ToSqlOutput::Borrowed(value))?;
        self.next += 1;
        Ok(())
    }

    /// Binds what the row is: its column of the file, its stage, and that it is a total.
    fn bind_row(&mut self, table: &ImportedTable<'_>, file: &ImportFile, record: &Record) -> Result<(), Failure> {
        if table.is_long {
            self.bind_integer(i64::try_from(record.cell_column).ok())?;
        }
        if let StagePlan::Column { index, .. } = table.stage {
            let word = numeric::trim(record.cell(*index));
            let stage = table.stage.of_word(word);
            if stage.is_none() && !word.is_empty() {
                return Err(table.stage.unknown(file, record.line, &[word]).into());
            }
            self.bind_text(stage.map(Stage::as_str))?;
        }
        if table.has_totals {
            self.bind_integer(Some(i64::from(self.is_total)))?;
        }
        Ok(())
    }

    /// Binds the line that a filled cell has its text from, in a column whose cells may be filled.
    fn bind_origin(&mut self, is_filled: bool, from: Option<u64>, summary: &mut ColumnSummary) -> rusqlite::Result<()> {
        summary.filled += u64::from(from.is_some());
        if is_filled {
            self.bind_integer(from.and_then(|line| i64::try_from(line).ok()))?;
        }
        Ok(())
    }

    /// Binds a cell of a column of floating-point numbers or of dates.
    fn bind_plain(
        &mut self,
        column: &ColumnPlan,
        cell: &str,
        options: &ImportOptions,
        (summary, line): (&mut ColumnSummary, u64),
    ) -> rusqlite::Result<()> {
        match &column.kind {
            PlannedKind::Real(mark) if !cell.is_empty() => {
                self.bind_real(*mark, cell, options, column, (summary, line))
            }
            PlannedKind::Date(plan) if !cell.is_empty() => self.bind_date(plan, cell, options, column, (summary, line)),
            kind => {
                summary.blank += 1;
                self.bind_text(None)?;
                let has_written = !matches!(kind, PlannedKind::Date(plan) if !plan.has_written);
                if has_written { self.bind_text(None) } else { Ok(()) }
            }
        }
    }

    /// Binds a floating-point number, and what is written where that is another or none.
    fn bind_real(
        &mut self,
        mark: DecimalMark,
        cell: &str,
        options: &ImportOptions,
        column: &ColumnPlan,
        (summary, line): (&mut ColumnSummary, u64),
    ) -> rusqlite::Result<()> {
        let exact = numeric::parse(cell).filter(|read| read.bound.is_none()).and_then(|read| read.value(mark));
        let value = match exact {
            Some(exact) => CellValue::Exact(exact),
            None => CellValue::Unknown(options.reason_of(&column.name, &column.header, cell).to_owned()),
        };
        summary.add(&value, cell, line, self.is_total);
        let canonical = exact.map(|exact| exact.normalize().to_string());
        let real = canonical.as_deref().and_then(|text| text.parse::<f64>().ok());
        self.bind(real.map_or(ValueRef::Null, ValueRef::Real))?;
        self.bind_text((canonical.as_deref() != Some(cell)).then_some(cell))
    }

    /// Binds a date, and what is written where the format of the column does not write it so.
    fn bind_date(
        &mut self,
        plan: &DatePlan,
        cell: &str,
        options: &ImportOptions,
        column: &ColumnPlan,
        (summary, line): (&mut ColumnSummary, u64),
    ) -> rusqlite::Result<()> {
        let format = plan.format.as_deref();
        let day = date::read(cell, format);
        let reason = || options.reason_of(&column.name, &column.header, cell);
        summary.add_day(day.as_deref().ok_or_else(reason), cell, line);
        self.bind_text(day.as_deref())?;
        if plan.has_written {
            let is_reproduced = day.as_deref().is_some_and(|day| date::is_reproduced(day, cell, format));
            self.bind_text((!is_reproduced).then_some(cell))?;
        }
        Ok(())
    }

    fn bind_quantity(
        &mut self,
        plan: &QuantityPlan,
        value: &CellValue,
        cell: &str,
        unit: Option<&str>,
    ) -> rusqlite::Result<()> {
        let (number, bound, reason) = match value {
            CellValue::Blank => (None, None, None),
            CellValue::Exact(number) => (Some(*number), None, None),
            CellValue::Bound(bound, number) => (Some(*number), Some(bound.sign()), None),
            CellValue::Unknown(reason) => (None, None, Some(reason.as_str())),
        };
        let canonical = || number.map(|number| number.normalize().to_string());
        match plan.places {
            Some(places) => self.bind_integer(number.and_then(|number| minor(number, places)))?,
            None => self.bind_text(canonical().as_deref())?,
        }
        if matches!(plan.unit, PlannedUnit::Column(_)) {
            self.bind_text(unit)?;
        }
        if plan.has_unknown {
            self.bind_text(reason)?;
        }
        if plan.has_bounds {
            self.bind_text(bound)?;
        }
        // A cell that is written as the number is shown needs no second copy.
        let is_as_shown = if plan.factor == Decimal::ONE && (plan.mark == DecimalMark::Point || !cell.contains('.')) {
            numeric::is_canonical(cell)
        } else {
            canonical().as_deref() == Some(cell)
        };
        let is_reproduced = cell.is_empty() || number.is_some() && is_as_shown;
        self.bind_text((!is_reproduced).then_some(cell))
    }
}
