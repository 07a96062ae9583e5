//! The columns of a series: which is its key, which its date and which its value. Those of a table in which several could be are
//! named by whoever asks.

use super::Column;
use crate::error::{FunctionCause, suggest};
use crate::store::catalogue::{ColumnKind, View};

/// The columns of a series, by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesColumns {
    /// The column of keys, in a series that has some.
    pub key: Option<usize>,
    /// The column of dates.
    pub date: usize,
    /// The column of values.
    pub value: usize,
}

/// The help for a query whose columns are not those of a series.
const ORDER_HELP: &str = "select them in this order, as `select country, year, gdp from gdp`";

impl SeriesColumns {
    /// The columns of a query: those named `key`, `date` and `value`, or else in this order.
    ///
    /// # Errors
    /// It has other columns.
    pub fn of_query(columns: &[Column], has_key: bool) -> Result<Self, FunctionCause> {
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        match (place("key"), place("date"), place("value"), columns.len(), has_key) {
            (Some(key), Some(date), Some(value), _, true) => Ok(Self { key: Some(key), date, value }),
            (_, Some(date), Some(value), _, false) => Ok(Self { key: None, date, value }),
            (.., 3, true) => Ok(Self { key: Some(0), date: 1, value: 2 }),
            (.., 2, false) => Ok(Self { key: None, date: 0, value: 1 }),
            (.., count, _) => {
                let wanted = if has_key { "key, date and value" } else { "date and value" };
                let message = format!("a series has the columns {wanted}, and this table has {count}");
                Err(FunctionCause::argument(message, ORDER_HELP))
            }
        }
    }

    /// The columns of a whole table. Its date is the column of dates or years, its value `value` or the only one of quantities,
    /// its key the only other text; of a table of no more columns they are in this order.
    ///
    /// # Errors
    /// Several columns could be one of them, or none.
    pub(super) fn of_table(table: &SeriesTable<'_>, value: Option<&str>, has_key: bool) -> Result<Self, FunctionCause> {
        let own = table.own_columns();
        let is_plain = own.len() == if has_key { 3 } else { 2 };
        let quantities: Vec<usize> = own.iter().copied().filter(|at| table.columns[*at].is_quantity).collect();
        let none = Found { date: None, value: None };
        let value = match (value, quantities.as_slice(), own.last()) {
            (Some(name), ..) => table.column_named(name)?,
            (None, [only], _) => *only,
            (None, [], Some(last)) if is_plain => table.named(SeriesPart::Value, &own).unwrap_or(*last),
            _ => table.only(SeriesPart::Value, &own, |at| quantities.contains(&at), none)?,
        };
        let others: Vec<usize> = own.into_iter().filter(|at| *at != value).collect();
        let dates: Vec<usize> = others.iter().copied().filter(|at| table.is_date(*at)).collect();
        let found = Found { value: Some(value), ..none };
        let date = match (dates.as_slice(), others.as_slice()) {
            ([date], _) => *date,
            ([], [date]) if !has_key => *date,
            ([], [_, date]) if is_plain => *date,
            _ => table.only(SeriesPart::Date, &others, |at| dates.contains(&at), found)?,
        };
        let found = Found { date: Some(date), ..found };
        let others: Vec<usize> = others.into_iter().filter(|at| *at != date).collect();
        let key = match others.as_slice() {
            _ if !has_key => None,
            [only] => Some(*only),
            _ => Some(table.key(&others, found)?),
        };
        Ok(Self { key, date, value })
    }
}

/// A part of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeriesPart {
    Key,
    Date,
    Value,
}

impl SeriesPart {
    fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Date => "date",
            Self::Value => "value",
        }
    }
}

/// The columns that have been found so far.
#[derive(Clone, Copy)]
struct Found {
    date: Option<usize>,
    value: Option<usize>,
}

/// A table of which the columns of a series are found.
pub(super) struct SeriesTable<'t> {
    /// The name as it is written.
    pub(super) name: &'t str,
    pub(super) columns: &'t [Column],
    /// What the book knows of it; `None` for a table of the session.
    pub(super) view: Option<&'t View>,
    /// The columns that an import took for dates.
    pub(super) dates: &'t [String],
    /// The columns that hold the units of others.
    pub(super) units: &'t [String],
}

/// Names of columns that hold years, months or days.
const DATE_NAMES: [&str; 7] = ["date", "day", "month", "quarter", "year", "period", "time_period"];

impl SeriesTable<'_> {
    /// The columns that the file of an imported table has.
    fn own_columns(&self) -> Vec<usize> {
        let is_added = |name: &str| self.view.is_some() && matches!(name, "record" | "is_total");
        (0..self.columns.len()).filter(|at| !is_added(&self.columns[*at].name)).collect()
    }

    fn column_named(&self, name: &str) -> Result<usize, FunctionCause> {
        let found = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
            let near = suggest::nearest_column(name, names.iter().copied());
            let help =
                near.map_or_else(|| format!("it has {}", listed(&names)), |near| format!("did you mean `{near}`?"));
            FunctionCause::argument(format!("`{}` has no column `{name}`", self.name), help)
        })
    }

    /// The column that is named as a part.
    fn named(&self, part: SeriesPart, places: &[usize]) -> Option<usize> {
        places.iter().copied().find(|at| self.columns[*at].name.eq_ignore_ascii_case(part.name()))
    }

    /// The column of keys: the only text, but for one that follows from another.
    fn key(&self, places: &[usize], found: Found) -> Result<usize, FunctionCause> {
        let texts: Vec<usize> = places.iter().copied().filter(|at| self.is_text(*at)).collect();
        let is_unit = |at: usize| self.units.iter().any(|unit| unit.eq_ignore_ascii_case(&self.columns[at].name));
        let is_key = |at: usize| texts.contains(&at) && (!is_unit(at) || texts.iter().all(|text| is_unit(*text)));
        self.only(SeriesPart::Key, places, is_key, found)
    }

    /// The column that is named as a part among `places`, or the only one for which `is_it` holds.
    fn only(
        &self,
        part: SeriesPart,
        places: &[usize],
        is_it: impl Fn(usize) -> bool,
        found: Found,
    ) -> Result<usize, FunctionCause> {
        let name = |at: usize| self.columns[at].name.as_str();
        if let Some(named) = self.named(part, places) {
            return Ok(named);
        }
        let fitting: Vec<usize> = places.iter().copied().filter(|at| is_it(*at)).collect();
        if let [only] = fitting.as_slice() {
            return Ok(*only);
        }
        let (table, part_name) = (self.name, part.name());
        let names: Vec<&str> = fitting.iter().map(|at| name(*at)).collect();
        let Some(first) = fitting.first().copied() else {
            let message = format!("no column of `{table}` is plainly the {part_name} of a series");
            let help = format!("select them: `at((select key, date, value from {table}), …)`");
            return Err(FunctionCause::argument(message, help));
        };
        let message = format!("several columns of `{table}` could be the {part_name} of a series: {}", listed(&names));
        let help = match part {
            SeriesPart::Value => format!("name one, as `at('{table}.{}', …)`", name(first)),
            SeriesPart::Date | SeriesPart::Key => {
                let shown = |place: Option<usize>, wanted: SeriesPart| {
                    let place = if part == wanted { Some(first) } else { place };
                    place.map_or(wanted.name(), name)
                };
                let (key, date) = (shown(None, SeriesPart::Key), shown(found.date, SeriesPart::Date));
                format!(
                    "choose: `at((select {key}, {date}, {} from {table}), …)`",
                    shown(found.value, SeriesPart::Value)
                )
            }
        };
        Err(FunctionCause::argument(message, help))
    }

    fn is_date(&self, at: usize) -> bool {
        let name = self.columns[at].name.to_ascii_lowercase();
        DATE_NAMES.contains(&&*name) || self.dates.iter().any(|date| date.eq_ignore_ascii_case(&name))
    }

    fn is_text(&self, at: usize) -> bool {
        let column = &self.columns[at];
        let kind = self.view.and_then(|view| view.column(&column.name)).map(|column| column.kind);
        !column.is_quantity && kind.is_none_or(|kind| kind == ColumnKind::Text) && !self.is_date(at)
    }

    /// What the value of a series is, with its unit, and by what it goes.
    pub(super) fn describe(&self, columns: SeriesColumns) -> String {
        let name = |at: usize| self.columns[at].name.as_str();
        let value = self.view.and_then(|view| view.column(name(columns.value)));
        let value = value.map_or_else(|| format!("`{}`", name(columns.value)), |column| column.meaning.to_string());
        let key = columns.key.map(|key| format!("`{}` and ", name(key))).unwrap_or_default();
        format!("{value}, by {key}`{}`", name(columns.date))
    }
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
