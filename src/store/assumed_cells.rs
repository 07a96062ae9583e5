//! The cells of imported records in a what-if: the number of a record in one column of its table, `S1:2.amount`, with another in its
//! place. Where the record is a statement of a pledge too, its figure has the other number as well.

use super::catalogue::{ColumnKind, View, ViewColumn};
use super::{Book, FunctionResult, unreadable};
use crate::error::FunctionCause;
use crate::error::suggest;
use crate::quantity::{Amount, Assumption, Quantity, Ref, Unit};
use rusqlite::Result;

/// A cell of an imported table that holds a number.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordCell {
    /// Its name, which is that of the assumption: `S1:2.amount`.
    pub id: String,
    /// The source that its table is.
    pub source: u16,
    /// The number as the file has it.
    pub stated: Quantity,
    /// The record.
    pub(super) record: Ref,
    /// The view of the table, and its column.
    view: String,
    pub(super) column: String,
    /// The figure that the same cell is in the book, if it is one.
    pub(super) figure: Option<Quantity>,
}

impl RecordCell {
    /// True if it is in a column of a view.
    pub(super) fn is_in(&self, view: &str, column: &str) -> bool {
        self.view.eq_ignore_ascii_case(view) && self.column.eq_ignore_ascii_case(column)
    }

    /// Its number with another amount: it rests on the record and on the assumption, and keeps its stage. A value without a unit gets
    /// that of the cell.
    ///
    /// # Errors
    /// An unknown; a value in another unit than the file's.
    pub fn assumed(&self, value: &Quantity) -> FunctionResult<Quantity> {
        let given = value.unit().filter(|unit| !unit.is_one());
        let unit = match (self.stated.unit(), given) {
            (Some(unit), Some(given)) if unit != given => {
                return Err(other_unit(&self.id, &format!("of `{unit}`"), given));
            }
            (None, Some(given)) if !self.stated.is_unknown() => {
                return Err(other_unit(&self.id, "without a unit", given));
            }
            (stated, given) => stated.or(given).cloned(),
        };
        in_place_of(&self.stated, self.record, &self.id, value.amount(), unit)
    }

    /// The figure that the cell is, with an assumed number.
    pub(super) fn assumed_figure(&self, assumed: &Quantity) -> Option<Quantity> {
        self.figure.as_ref().map(|figure| assumed.clone().with_stages(figure.stages()))
    }
}

impl Book {
    /// The cell that an id names: a record with a column, `S1:2.amount`, or the record alone where it has one number. `None` for an id
    /// of anything else.
    ///
    /// # Errors
    /// The table has no such record or column; the column holds no quantities, or the cell nothing; a record of several numbers.
    pub fn record_cell(&self, id: &str) -> FunctionResult<Option<RecordCell>> {
        let (record, column) = id.split_once('.').map_or((id, None), |(record, column)| (record, Some(column.trim())));
        let Ok(record @ Ref::Record { source, .. }) = record.trim().to_uppercase().parse::<Ref>() else {
            return Ok(None);
        };
        let Some(table) = self.import_of(source).map_err(unreadable)? else { return Ok(None) };
        let Some((view, cells)) = self.record_cells(record).map_err(unreadable)? else {
            let message = format!("`{}` has no record `{record}`", table.name);
            return Err(FunctionCause::argument(message, format!("it has {} of them", table.records)));
        };
        let column = match column {
            Some(column) => named_column(view, record, column)?,
            None => self.only_column(view, record)?,
        };
        let text = cells.into_iter().find(|(name, _)| *name == column.name).and_then(|(_, text)| text);
        let Some(stated) = text.and_then(|text| text.parse::<Quantity>().ok()) else {
            let message =
                format!("`{record}` has no number in `{}` that could be another: its cell is blank", column.name);
            return Err(FunctionCause::argument(message, in_its_place(record, &column.name, "q('5 EUR')")));
        };
        let figure = self.figure_of_cell(record, &column.name).map_err(unreadable)?;
        let (view, column) = (view.name.to_string(), column.name.to_string());
        Ok(Some(RecordCell { id: format!("{record}.{column}"), source, stated, record, view, column, figure }))
    }

    /// The only column of numbers of a view, or the one of which the record is a figure.
    fn only_column<'v>(&self, view: &'v View, record: Ref) -> FunctionResult<&'v ViewColumn> {
        let numbers: Vec<&ViewColumn> = quantities(view).collect();
        if let [only] = numbers.as_slice() {
            return Ok(only);
        }
        let mut figures = Vec::new();
        for column in &numbers {
            figures.extend(self.figure_of_cell(record, &column.name).map_err(unreadable)?.map(|_| *column));
        }
        match (figures.as_slice(), numbers.first()) {
            ([only], _) => Ok(only),
            (_, Some(first)) => {
                let names: Vec<String> = numbers.iter().map(|column| format!("`{record}.{}`", column.name)).collect();
                let message = format!("`{record}` has {} numbers", numbers.len());
                let help = format!("say which, as `{record}.{}=400`: {}", first.name, names.join(", "));
                Err(FunctionCause::argument(message, help))
            }
            (_, None) => {
                let message = format!("`{record}` has no number with a unit or with places behind the point");
                Err(FunctionCause::argument(message, in_its_place(record, "people", "5")))
            }
        }
    }

    /// The figure of a record, if it is the number of this column.
    fn figure_of_cell(&self, record: Ref, column: &str) -> Result<Option<Quantity>> {
        let id = record.to_string();
        let sql = "select exists (select 1 from main.fact f join main.imported_column c on c.source = f.source and c.header = f.object \
                   where f.id = ?1 and c.name = ?2)";
        if self.query_row(sql, [id.as_str(), column], |row| row.get(0))? { self.stated_figure(&id) } else { Ok(None) }
    }
}

/// A number in the place of a stated one: it rests on the same reference and on the assumption `id`, and keeps the stage.
///
/// # Errors
/// The amount is unknown.
pub(super) fn in_place_of(
    stated: &Quantity,
    reference: Ref,
    id: &str,
    amount: &Amount,
    unit: Option<Unit>,
) -> FunctionResult<Quantity> {
    let assumption = Assumption::valued(id, amount.clone(), unit.clone().unwrap_or_default())?;
    let number = Quantity::new(amount.clone(), unit).with_facts(reference.into()).with_stages(stated.stages());
    Ok(number.with_assumptions([assumption].into_iter().collect()))
}

/// The error of a number in another unit than the one that it is to stand for.
pub(super) fn other_unit(id: &str, stated: &str, given: &Unit) -> FunctionCause {
    FunctionCause::argument(format!("`{id}` is a number {stated}, not of `{given}`"), "give the number alone")
}

fn quantities(view: &View) -> impl Iterator<Item = &ViewColumn> {
    view.columns.iter().filter(|column| column.kind == ColumnKind::Quantity)
}

/// The column of this name, if it holds quantities.
fn named_column<'v>(view: &'v View, record: Ref, name: &str) -> FunctionResult<&'v ViewColumn> {
    match view.column(name) {
        Some(column) if column.kind == ColumnKind::Quantity => Ok(column),
        Some(column) => {
            let message = format!("`{name}` of `{}` holds no quantities, which name what they rest on", view.name);
            Err(FunctionCause::argument(message, in_its_place(record, &column.name, "5")))
        }
        None => {
            let near = suggest::nearest_column(name, quantities(view).map(|column| &*column.name).collect::<Vec<_>>());
            let names = || quantities(view).map(|column| &*column.name).collect::<Vec<_>>().join(", ");
            let help =
                near.map_or_else(|| format!("its numbers are {}", names()), |near| format!("did you mean `{near}`?"));
            Err(FunctionCause::argument(format!("`{}` has no column `{name}`", view.name), help))
        }
    }
}

/// The way to ask with another value, where an assumption can't replace one.
fn in_its_place(record: Ref, column: &str, value: &str) -> String {
    format!("ask with another in its place, as `iif(record = '{record}', {value}, {column})`")
}
