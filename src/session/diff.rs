//! `diff`: what moved between two versions of an imported table, a line a difference, each with the records that it comes from. The
//! difference of two numbers is exact, and has their unit.

use super::Session;
use crate::error::{Error, usage_error};
use crate::quantity::{Facts, Quantity, Ref, Unit};
use crate::sql::{Cell, Column, Header, Origin, Output};
use crate::store::catalogue::ColumnKind;
use crate::store::{ComparedRecord, Comparison, Difference, Release};
use std::ops::ControlFlow;

/// The numbers of differences.
#[derive(Debug, Default)]
struct Counts {
    added: u64,
    removed: u64,
    /// Records with a cell that differs.
    changed: u64,
    same: u64,
    /// Cells that differ, by column.
    cells: Vec<u64>,
    /// The record that changed last.
    last: String,
}

impl Session {
    /// Compares two imported tables by the columns of a key: all differences, or their numbers; true if there are any.
    ///
    /// # Errors
    /// Sources or columns that are not there; a key that is blank or not unique; the book can't be read; the writer's.
    pub fn diff(&self, sources: &[String], keys: &[String], is_summary: bool, output: &Output) -> Result<bool, Error> {
        self.begin_work()?;
        output.begin_answer();
        let done = self.compare(sources, keys, is_summary, output);
        self.finish(done, output)
    }

    fn compare(&self, sources: &[String], keys: &[String], is_summary: bool, output: &Output) -> Result<bool, Error> {
        let [old, new] = self.compared_sources(sources)?;
        let keys = match keys {
            [] => self.book.key_of(&new).map_err(|error| self.book.error(&error))?,
            keys => keys.to_owned(),
        };
        if keys.is_empty() {
            return Err(usage_error(
                &format!("it takes the columns by which a record of {old} is found in {new}"),
                "name them by `--key`, with commas between several: `--key id`",
            ));
        }
        let comparison = self.book.comparison(&old, &new, &keys)?;
        let whole_keys = comparison.whole_keys();
        let mut counts = Counts { cells: vec![0; comparison.columns().len()], ..Counts::default() };
        if !is_summary {
            output.begin(&header(&comparison))?;
        }
        comparison.run(&mut |difference| {
            counts.add(&difference);
            if is_summary {
                return ControlFlow::Continue(());
            }
            match row(&comparison, &whole_keys, &difference).map_or(Ok(()), |cells| output.row(&cells)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error.into()),
            }
        })?;
        if is_summary {
            summary(&comparison, &counts, output)?;
            return Ok(counts.has_any());
        }
        output.end(Origin::Untold)?;
        for line in column_notices(&comparison).into_iter().chain([counts.notice(&comparison)]) {
            output.notice(&line)?;
        }
        Ok(counts.has_any())
    }

    /// The two sources to compare, the older first; each is named by its source or its view.
    fn compared_sources(&self, named: &[String]) -> Result<[String; 2], Error> {
        let releases = self.book.releases().map_err(|error| self.book.error(&error))?;
        match named {
            [old, new] => {
                Ok([Release::named(&releases, old)?.source.clone(), Release::named(&releases, new)?.source.clone()])
            }
            [word] => {
                let new = Release::named(&releases, word)?;
                let help = "name both, the older first: `diff S2 S3`";
                let old = new.revises.clone().ok_or_else(|| usage_error(&format!("`{word}` revises nothing"), help))?;
                Ok([old, new.source.clone()])
            }
            _ => newest_pair(&releases),
        }
    }
}

/// The two newest versions of the only table that has several.
fn newest_pair(releases: &[Release]) -> Result<[String; 2], Error> {
    let is_newest = |release: &&Release| !releases.iter().any(|other| other.revises.as_ref() == Some(&release.source));
    let pairs: Vec<[String; 2]> = releases
        .iter()
        .filter(is_newest)
        .filter_map(|release| Some([release.revises.clone()?, release.source.clone()]))
        .collect();
    match &pairs[..] {
        [pair] => Ok(pair.clone()),
        [] => {
            let help = "name two imports, the older first: `diff S2 S3 --key id`";
            Err(usage_error("no table of this book has two versions", help))
        }
        pairs => {
            let choices: Vec<String> = pairs.iter().map(|[old, new]| format!("`diff {old} {new}`")).collect();
            Err(usage_error("several tables of this book have two versions", &choices.join(", ")))
        }
    }
}

fn header(comparison: &Comparison<'_>) -> Header {
    let [old, new] = comparison.sources();
    let plain = |name: &str| Column { name: name.to_owned(), is_quantity: false };
    let mut columns = vec![plain("change")];
    columns.extend(comparison.keys().iter().map(|key| plain(key)));
    columns.extend(["column", "old", "new"].map(plain));
    columns.push(Column { name: "difference".to_owned(), is_quantity: true });
    columns.extend(["old_record", "new_record"].map(plain));
    Header { title: Some(format!("{old} → {new}")), columns, ..Header::default() }
}

/// The row of a difference; none for records that are alike.
fn row<'r>(
    comparison: &'r Comparison<'_>,
    whole_keys: &'r [bool],
    difference: &'r Difference<'_>,
) -> Option<Vec<Cell<'r>>> {
    let text = |text: &'r str| Cell::Text(text.into());
    let keys = |record: &'r ComparedRecord| record.key.iter().zip(whole_keys).map(|(key, whole)| key_cell(key, *whole));
    let mut cells = Vec::with_capacity(8);
    let lone = |change: &'static str, record: &'r ComparedRecord, is_new: bool, cells: &mut Vec<Cell<'r>>| {
        cells.push(Cell::Text(change.into()));
        cells.extend(keys(record));
        cells.extend([Cell::Null, Cell::Null, Cell::Null, Cell::Null]);
        let (old, new) = if is_new { (Cell::Null, text(&record.record)) } else { (text(&record.record), Cell::Null) };
        cells.extend([old, new]);
    };
    match difference {
        Difference::Same => return None,
        Difference::Added(record) => lone("added", record, true, &mut cells),
        Difference::Removed(record) => lone("removed", record, false, &mut cells),
        Difference::Changed { records: [old, new], column, cells: [before, after] } => {
            let (old_column, new_column) = &comparison.columns()[*column];
            let values = [(before, old_column), (after, new_column)].map(|(cell, column)| value(*cell, column.kind));
            let moved = moved(&values, [old, new]);
            let [before, after] = values.each_ref().map(Value::number);
            let is_unit = before.zip(after).is_some_and(|(before, after)| !is_one_unit(&before, &after));
            cells.push(Cell::Text(if is_unit { "unit changed" } else { "changed" }.into()));
            cells.extend(keys(new));
            cells.push(text(&new_column.name));
            cells.extend(values.map(Value::into_cell));
            cells.push(moved.map_or(Cell::Null, |moved| Cell::Quantity(Box::new(moved))));
            cells.extend([text(&old.record), text(&new.record)]);
        }
    }
    Some(cells)
}

/// A cell of a key; `is_whole` for a column of whole numbers, as years.
fn key_cell(key: &str, is_whole: bool) -> Cell<'_> {
    let whole = key.parse().ok().filter(|_| is_whole);
    whole.map_or_else(|| Cell::Text(key.into()), Cell::Integer)
}

/// A cell of one of the tables.
pub(super) enum Value<'c> {
    Missing,
    Text(&'c str),
    Whole(i64),
    Number(Box<Quantity>),
}

impl<'c> Value<'c> {
    /// The number, of either kind.
    pub(super) fn number(&self) -> Option<Quantity> {
        match self {
            Value::Whole(whole) => Some(Quantity::plain((*whole).into())),
            Value::Number(number) => Some((**number).clone()),
            Value::Missing | Value::Text(_) => None,
        }
    }

    /// The cell of an answer, without the record that it is from.
    pub(super) fn into_cell(self) -> Cell<'c> {
        match self {
            Value::Missing => Cell::Null,
            Value::Text(text) => Cell::Text(text.into()),
            Value::Whole(whole) => Cell::Integer(whole),
            // The records stand beside it.
            Value::Number(number) => Cell::Quantity(Box::new(number.with_facts(Facts::none()))),
        }
    }
}

/// The value of a cell of a view, by the kind of its column.
pub(super) fn value(cell: Option<&str>, kind: ColumnKind) -> Value<'_> {
    match cell {
        None => Value::Missing,
        Some(text) if kind == ColumnKind::Text => Value::Text(text),
        Some(text) if kind == ColumnKind::Integer => text.parse().map_or(Value::Text(text), Value::Whole),
        Some(text) => text.parse().map_or(Value::Text(text), |number| Value::Number(Box::new(number))),
    }
}

/// The difference of two numbers of one unit, which rests on the records of both.
fn moved(values: &[Value<'_>; 2], records: [&ComparedRecord; 2]) -> Option<Quantity> {
    let [old, new] = values.each_ref().map(Value::number);
    let (old, new) = old.zip(new).filter(|(old, new)| is_one_unit(old, new))?;
    let facts: Facts = records.iter().filter_map(|record| record.record.parse::<Ref>().ok()).collect();
    new.subtract(&old).ok().map(|moved| moved.with_facts(facts))
}

/// True if two numbers have one unit; an unknown without a unit fits any.
pub(super) fn is_one_unit(old: &Quantity, new: &Quantity) -> bool {
    let is_free = |quantity: &Quantity| quantity.is_unknown() && quantity.unit().is_none_or(Unit::is_one);
    old.unit() == new.unit() || is_free(old) || is_free(new)
}

impl Counts {
    /// True if anything differs.
    fn has_any(&self) -> bool {
        self.added + self.removed + self.changed > 0
    }

    fn add(&mut self, difference: &Difference<'_>) {
        match difference {
            Difference::Added(_) => self.added += 1,
            Difference::Removed(_) => self.removed += 1,
            Difference::Same => self.same += 1,
            Difference::Changed { records: [_, new], column, .. } => {
                self.cells[*column] += 1;
                if self.last != new.record {
                    self.changed += 1;
                    self.last.clone_from(&new.record);
                }
            }
        }
    }

    /// `S2 → S3: 1 added, 2 removed, 3 changed (amount 2, status 1), 40 alike`.
    fn notice(&self, comparison: &Comparison<'_>) -> String {
        let [old, new] = comparison.sources();
        let named = comparison.columns().iter().zip(&self.cells).filter(|(_, count)| **count > 0);
        let cells: Vec<String> = named.map(|((_, column), count)| format!("{} {count}", column.name)).collect();
        let cells = if cells.is_empty() { String::new() } else { format!(" ({})", cells.join(", ")) };
        let Self { added, removed, changed, same, .. } = self;
        format!("{old} → {new}: {added} added, {removed} removed, {changed} changed{cells}, {same} alike")
    }
}

/// The differences of the tables beside their records.
fn column_notices(comparison: &Comparison<'_>) -> Vec<String> {
    let sources = comparison.sources();
    let lone = comparison.lone_columns();
    let mut lines = Vec::new();
    for (source, names) in sources.iter().zip(lone) {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        if !names.is_empty() {
            lines.push(format!("only {source} has the column {}", names.join(", ")));
        }
    }
    for (old, new) in comparison.columns().iter().filter(|(old, new)| old.kind != new.kind) {
        let kind = |kind: ColumnKind| if kind == ColumnKind::Text { "text" } else { "a number" };
        if kind(old.kind) != kind(new.kind) {
            let [first, second] = sources;
            lines.push(format!("`{}` is {} in {first} and {} in {second}", new.name, kind(old.kind), kind(new.kind)));
        }
    }
    lines
}

/// The numbers of differences as a result.
fn summary(comparison: &Comparison<'_>, counts: &Counts, output: &Output) -> Result<(), Error> {
    let [old, new] = comparison.sources();
    let columns = ["what", "count"].map(|name| Column { name: name.to_owned(), is_quantity: false }).to_vec();
    output.begin(&Header { title: Some(format!("{old} → {new}")), columns, is_whole: true, ..Header::default() })?;
    let records = [
        ("records added", counts.added),
        ("records removed", counts.removed),
        ("records changed", counts.changed),
        ("records alike", counts.same),
    ];
    let records = records.map(|(what, count)| (what.to_owned(), count));
    let cells = comparison.columns().iter().zip(&counts.cells);
    let cells = cells
        .filter(|(_, count)| **count > 0)
        .map(|((_, column), count)| (format!("cells of {}", column.name), *count));
    for (what, count) in records.into_iter().chain(cells) {
        output.row(&[Cell::Text(what.into()), Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))])?;
    }
    output.end(Origin::Untold)?;
    column_notices(comparison).iter().try_for_each(|line| output.notice(line)).map_err(Error::from)
}
