//! The tables and the view that hold an import: their definitions in SQL, readable by any SQLite tool.

use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit, QuantityPlan};
use super::file::ImportFile;
use super::options::ImportOptions;
use super::stage::StagePlan;
use crate::error::Error;
use crate::store::{decimal_expression, quote_identifier, record_table, totals_index};
use rusqlite::{Connection, Statement};

/// The most columns of a table of SQLite.
const MAX_STORED_COLUMNS: usize = 2_000;

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
                stored.extend(plan.has_units_of_rows().then(|| (format!("{stem}_unit"), "TEXT")));
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
        let columns: Vec<(String, &str)> = columns.collect();
        record_table(&self.stored_name(), columns.iter().map(|(name, kind)| (name.as_str(), *kind)))
    }

    /// Makes the index of its totals.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn index_totals(&self, connection: &Connection) -> rusqlite::Result<()> {
        if !self.has_totals {
            return Ok(());
        }
        connection.execute_batch(&totals_index(&self.stored_name()))
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
                        format!(",\n       {} AS {name}", quantity_expression(column, plan, source, self.stage))
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
fn quantity_expression(of: &ColumnPlan, plan: &QuantityPlan, source: &str, stage: &StagePlan) -> String {
    let column = |suffix: &str| quote_identifier(&format!("{}_{suffix}", of.stem));
    let (is_there, number) = match plan.places {
        Some(places) => (column("minor"), decimal_expression(&column("minor"), places)),
        None => (column("decimal"), column("decimal")),
    };
    let bounded = if plan.has_bounds { format!("coalesce({}, '') || {number}", column("bound")) } else { number };
    let unit = match &plan.unit {
        PlannedUnit::None => String::new(),
        PlannedUnit::Fixed(unit) => format!(" || ' {unit}'"),
        PlannedUnit::Column(_) | PlannedUnit::Cells => format!(" || coalesce(' ' || {}, '')", column("unit")),
    };
    let own = of.stage.map(StagePlan::Fixed);
    let stage = match own.as_ref().unwrap_or(stage) {
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
