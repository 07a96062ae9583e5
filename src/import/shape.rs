//! The shape that options give the rows of a table: a blank cell filled with the text above it, and a row for each of several columns
//! that hold one thing, as years do. Each cell still leads to its line, and to its column.

use super::body::Body;
use super::file::ImportFile;
use super::header;
use super::numeric;
use super::options::{ImportOptions, no_column};
use super::publishers::{self, ColumnUnit};
use super::record::{CellKind, Record};
use super::stated_unit::{self, StatedUnit};
use super::unit_phrase::ScaledUnit;
use crate::error::{Error, usage_error};
use crate::quantity::UnitRegistry;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// The name of the column with the units of long rows, where they differ.
const UNIT_COLUMN: &str = "unit";

/// The shape of the rows of a table.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// The columns of the file whose blank cells are filled from above.
    fill: Vec<usize>,
    long: Option<LongShape>,
    /// The number of columns that the header has.
    columns: usize,
}

/// Columns of the file that become rows.
#[derive(Debug, Clone)]
struct LongShape {
    columns: RangeInclusive<usize>,
    /// The header of each.
    names: Vec<String>,
    /// The headers of the two columns that they become.
    headers: [String; 2],
    unit: LongUnit,
}

/// The unit of the values of long rows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum LongUnit {
    /// The headers state none.
    None,
    /// All state this one.
    Fixed(ScaledUnit),
    /// Each states its own; `None` where the book lacks it.
    PerColumn(Vec<Option<ScaledUnit>>),
}

impl Shape {
    /// The shape that the options ask for, of a table with these headers.
    ///
    /// # Errors
    /// They name a column that is not there, or columns that can't be rows.
    pub(super) fn new(
        file: &ImportFile,
        headers: &[String],
        options: &ImportOptions,
        units: &UnitRegistry,
    ) -> Result<Self, Error> {
        let names = header::names(headers);
        let find = |column: &str| {
            let found = names.iter().zip(headers).position(|(name, header)| name == column || header == column.trim());
            found.ok_or_else(|| no_column(column, &names))
        };
        let fill = options.fill.iter().map(|column| find(column)).collect::<Result<Vec<_>, _>>()?;
        let long = match &options.long {
            Some(columns) => Some(LongShape::new(file, columns, headers, options, units, find)?),
            None if options.long_name.is_some() || options.long_value.is_some() => {
                let help = "`--long FIRST..LAST` says which columns become rows, as in `--long 1960..2023 --name year --value gdp`";
                return Err(usage_error("`--name` and `--value` name the columns of `--long`", help));
            }
            None => None,
        };
        if let Some(long) = &long
            && let Some(at) = fill.iter().find(|at| long.columns.contains(at))
        {
            let message = format!("`{}` becomes rows, and can't be filled from above", names[*at]);
            return Err(usage_error(&message, "fill a column outside of `--long`"));
        }
        Ok(Self { fill, long, columns: headers.len() })
    }

    /// The headers of the rows, from those of the file.
    pub(super) fn headers(&self, headers: &[String]) -> Vec<String> {
        let Some(long) = &self.long else { return headers.to_vec() };
        let kept = headers.iter().enumerate().filter(|(at, _)| !long.columns.contains(at));
        let unit = matches!(long.unit, LongUnit::PerColumn(_)).then(|| UNIT_COLUMN.to_owned());
        kept.map(|(_, header)| header.clone()).chain(long.headers.iter().cloned()).chain(unit).collect()
    }

    /// The unit of a column of the rows that the headers of its columns in the file state; with the column that holds it, where each
    /// states its own.
    pub(super) fn unit_of(&self, column: usize) -> Option<(ScaledUnit, Option<usize>)> {
        let (long, value) = (self.long.as_ref()?, self.long_value()?);
        match &long.unit {
            _ if column != value => None,
            LongUnit::None => None,
            LongUnit::Fixed(unit) => Some((unit.clone(), None)),
            LongUnit::PerColumn(units) => Some((units.iter().flatten().next()?.clone(), Some(value + 1))),
        }
    }

    /// A column of a year beside those of years that become rows, which stays a column.
    pub(super) fn year_beside<'h>(&self, headers: &'h [String]) -> Option<&'h str> {
        let long = self.long.as_ref().filter(|long| long.names.iter().all(|name| numeric::is_year(name)))?;
        let (first, last) = (*long.columns.start(), *long.columns.end());
        let beside = first.checked_sub(1).into_iter().chain([last + 1]);
        beside.filter_map(|at| headers.get(at)).find(|header| numeric::is_year(header)).map(String::as_str)
    }

    /// The columns that become rows without a unit, while others have one.
    pub(super) fn without_unit(&self) -> impl Iterator<Item = &str> {
        let columns = |long: &LongShape| match &long.unit {
            LongUnit::PerColumn(units) => (0..units.len()).filter(|at| units[*at].is_none()).collect(),
            LongUnit::None | LongUnit::Fixed(_) => Vec::new(),
        };
        self.long.iter().flat_map(move |long| columns(long).into_iter().map(|at| long.names[at].as_str()))
    }

    /// The column that the cells of long columns become.
    pub(super) fn long_value(&self) -> Option<usize> {
        self.long.as_ref().map(|long| self.columns - long.names.len() + 1)
    }

    /// True if each row is a cell of the file.
    pub(super) fn is_long(&self) -> bool {
        self.long.is_some()
    }

    /// True if blank cells of any column are filled.
    pub(super) fn fills(&self) -> bool {
        !self.fill.is_empty()
    }

    /// The columns of the rows whose blank cells are filled.
    pub(super) fn filled_columns(&self) -> Vec<usize> {
        self.fill.iter().map(|at| self.column_of(*at)).collect()
    }

    /// The column of the rows that a column of the file is, or becomes.
    pub(super) fn row_column(&self, column: usize) -> usize {
        let is_long = self.long.as_ref().is_some_and(|long| long.columns.contains(&column));
        self.long_value().filter(|_| is_long).unwrap_or_else(|| self.column_of(column))
    }

    /// The column of the rows that a column of the file outside of the long ones is.
    fn column_of(&self, column: usize) -> usize {
        let before = |long: &LongShape| long.columns.clone().filter(|at| *at < column).count();
        column - self.long.as_ref().map_or(0, before)
    }
}

impl LongShape {
    fn new(
        file: &ImportFile,
        columns: &str,
        headers: &[String],
        options: &ImportOptions,
        units: &UnitRegistry,
        find: impl Fn(&str) -> Result<usize, Error>,
    ) -> Result<Self, Error> {
        let help = "write it as `--long 1960..2023 --name year --value gdp`";
        let Some((first, last)) = columns.split_once("..") else {
            return Err(usage_error(&format!("`--long {columns}` is no range of columns"), help));
        };
        let (first, last) = (find(first)?, find(last)?);
        if last < first {
            return Err(usage_error(&format!("`--long {columns}` runs backwards in the file"), help));
        }
        let (Some(name), Some(value)) = (&options.long_name, &options.long_value) else {
            return Err(usage_error("`--long` makes two columns, and their names are missing", help));
        };
        let names = headers[first..=last].to_vec();
        let made = [name.clone(), value.clone()];
        let is_stated = options.unit.keys().any(|column| made.contains(column));
        let known = publishers::by_headers(headers, units).map(|known| known.units).unwrap_or_default();
        let unit = match LongUnit::known(first..=last, &known, units) {
            _ if is_stated => LongUnit::None,
            Some(known) => known,
            None => LongUnit::of(file, &names, value, units)?,
        };
        Ok(Self { columns: first..=last, names, headers: made, unit })
    }
}

impl LongUnit {
    /// The units that the publisher of a table gives its columns, where any of these has one.
    fn known(columns: RangeInclusive<usize>, known: &[ColumnUnit], units: &UnitRegistry) -> Option<Self> {
        let unit = |column: usize| {
            let found = known.iter().find(|unit| unit.index == column)?;
            Some(ScaledUnit { unit: units.parse_unit(&found.unit).ok()?, factor: Decimal::ONE })
        };
        let units: Vec<Option<ScaledUnit>> = columns.map(unit).collect();
        units.iter().any(Option::is_some).then_some(Self::PerColumn(units))
    }

    /// The unit that headers state.
    fn of(file: &ImportFile, names: &[String], value: &str, units: &UnitRegistry) -> Result<Self, Error> {
        let is_open =
            |name: &&String| matches!(stated_unit::read(name, units), StatedUnit::Open(_) | StatedUnit::Scale(..));
        if let Some(open) = names.iter().find(is_open) {
            let message = format!("the unit in the header `{open}`, which becomes rows, is open");
            return Err(file.undecided(None, &message, &format!("say the unit of all by `--unit {value}=EUR`")));
        }
        let stated: Vec<Option<ScaledUnit>> = names.iter().map(|name| stated_unit::stated_unit(name, units)).collect();
        let known: Vec<ScaledUnit> = stated.iter().flatten().cloned().collect();
        let Some(first) = known.first() else { return Ok(Self::None) };
        let is_whole = known.len() == names.len() && known.iter().all(|unit| unit.factor == first.factor);
        match known.iter().map(|unit| unit.unit.to_string()).collect::<BTreeSet<_>>().len() {
            1 if is_whole => Ok(Self::Fixed(first.clone())),
            _ if is_whole => Ok(Self::PerColumn(stated)),
            _ => {
                let message = "the columns that become rows state different units, or some none";
                let help =
                    format!("say the unit of all by `--unit {value}=EUR`, or import the columns of each unit apart");
                Err(file.undecided(None, message, &help))
            }
        }
    }
}

/// The rows of a table in their shape, counted from 1.
pub(super) struct ShapedRows<'r> {
    pub(super) body: Body<'r>,
    shape: &'r Shape,
    /// The number of the row that was read last.
    pub(super) number: u64,
    /// The rows whose blank cells stay blank, in order: a total belongs to no group above.
    totals: &'r [u64],
    /// The last text of each filled column, with its line.
    above: Vec<(String, u64)>,
    /// The line of the file that becomes rows, and the next of its columns.
    wide: Record,
    next: Option<usize>,
}

impl<'r> ShapedRows<'r> {
    /// The rows of a body; blank cells of those that are `totals` are left.
    pub(super) fn new(body: Body<'r>, shape: &'r Shape, totals: &'r [u64]) -> Self {
        let above = vec![(String::new(), 0); shape.fill.len()];
        Self { body, shape, number: 0, totals, above, wide: Record::default(), next: None }
    }

    /// Reads the next row into `record`; false at the end.
    ///
    /// # Errors
    /// As [`Body::read`].
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        let Some(long) = &self.shape.long else {
            if !self.body.read(record)? {
                return Ok(false);
            }
            self.number += 1;
            self.fill(record);
            return Ok(true);
        };
        if self.next.is_none() {
            let mut wide = std::mem::take(&mut self.wide);
            let is_there = self.body.read(&mut wide)?;
            self.wide = wide;
            if !is_there {
                return Ok(false);
            }
        }
        let at = self.next.unwrap_or(*long.columns.start());
        self.number += 1;
        if self.next.is_none() && self.shape.fills() {
            let mut wide = std::mem::take(&mut self.wide);
            self.fill(&mut wide);
            self.wide = wide;
        }
        self.write_long(long, at, record);
        self.next = Some(at + 1).filter(|next| long.columns.contains(next));
        Ok(true)
    }

    /// The line of the file that a row just read begins, as it is there; `None` where it is another cell of the line before.
    pub(super) fn new_line<'s>(&'s self, record: &'s Record) -> Option<&'s Record> {
        match &self.shape.long {
            None => Some(record),
            Some(long) if record.cell_column == long.columns.start() + 1 => Some(&self.wide),
            Some(_) => None,
        }
    }

    /// Makes the row of one column of the line.
    fn write_long(&self, long: &LongShape, at: usize, record: &mut Record) {
        let wide = &self.wide;
        record.begin(wide.line);
        record.next_line = wide.next_line;
        record.cell_column = at + 1;
        let place = at - long.columns.start();
        for other in (0..self.shape.columns).filter(|other| !long.columns.contains(other)) {
            record.push(wide.cell(other), wide.kind(other));
        }
        record.push(&long.names[place], CellKind::Text);
        record.push(wide.cell(at), wide.kind(at));
        if let LongUnit::PerColumn(units) = &long.unit {
            let unit = units[place].as_ref().map_or(String::new(), |unit| unit.unit.to_string());
            record.push(&unit, CellKind::Text);
        }
        for surplus in self.shape.columns..wide.len() {
            record.push(wide.cell(surplus), wide.kind(surplus));
        }
        record.from_above.extend(wide.from_above.iter().map(|(column, line)| (self.shape.column_of(*column), *line)));
    }

    /// Fills the blank cells of a row from above, and remembers the others for those below.
    fn fill(&mut self, record: &mut Record) {
        if self.shape.fill.is_empty() || self.totals.binary_search(&self.number).is_ok() {
            return;
        }
        let mut blank = Vec::new();
        for (at, above) in self.shape.fill.iter().zip(&mut self.above) {
            let cell = record.cell(*at);
            if !numeric::trim(cell).is_empty() {
                *above = (cell.to_owned(), record.line);
            } else if above.1 > 0 {
                blank.push((*at, above.0.clone(), above.1));
            }
        }
        if !blank.is_empty() {
            record.fill(&blank);
        }
    }
}
