//! The number of a record of an imported table as the figure of a fact, so that a tracker's row can be a statement of a pledge beside
//! the sentence of a text: exact, in the unit of its column, and as the file writes it.

use crate::error::suggest::{did_you_mean, nearest};
use crate::import::plan::stem;
use crate::quantity::{Amount, Quantity, Ref, Unit};
use crate::store::quote_identifier;
use rusqlite::{Connection, OptionalExtension, Result, params};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The most decimal places of a number that is kept.
const MAX_PLACES: u32 = 9;

/// The longest name of a column in a gloss, in characters.
const NAME_CHARS: usize = 40;

/// The number of a cell of an imported table.
#[derive(Debug, Clone)]
pub(super) struct RecordFigure {
    source: String,
    record: u32,
    table: String,
    header: String,
    quantity: Quantity,
    written: String,
}

/// A number in the columns of a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct StoredNumber {
    bound: Option<&'static str>,
    minor: Option<i64>,
    upper: Option<i64>,
    per_unit: Option<i64>,
    finer: Option<i64>,
    reason: Option<&'static str>,
}

/// A cell of a record.
enum Cell {
    NoRecord,
    Blank,
    Text(String),
}

impl RecordFigure {
    /// Reads the cell of a column in a record: `S2:37`.
    ///
    /// # Errors
    /// The reason why it is no figure; SQLite's own.
    pub(super) fn read(connection: &Connection, id: &str, column: &str) -> Result<std::result::Result<Self, String>> {
        let Ok(Ref::Record { source, number }) = id.parse::<Ref>() else {
            return Ok(Err(format!("`{id}` is no record, as S2:37")));
        };
        let source = format!("S{source}");
        let sql = "select name, stored from imported_table where source = ?1";
        let table: Option<(String, String)> =
            connection.query_row(sql, [&source], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((table, stored)) = table else {
            let help = "write the fact in facts.csv and its number in figures.csv";
            return Ok(Err(format!("`{source}` is no imported table of this book: {help}")));
        };
        let sql = "select name, header from imported_column where source = ?1 order by ord";
        let columns: Vec<(String, String)> = connection
            .prepare(sql)?
            .query_map([&source], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_>>()?;
        let Some((name, header)) = columns.iter().find(|(name, header)| name == column || header == column) else {
            let near = nearest(column, columns.iter().map(|(name, _)| name.as_str()));
            let help = did_you_mean(near.as_ref()).unwrap_or_else(|| {
                let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                format!("they are {}", names.join(", "))
            });
            return Ok(Err(format!("`{table}` has no column `{column}`: {help}")));
        };
        let cell = cell(connection, &table, &stored, name, number)?;
        let text = match cell {
            Cell::NoRecord => return Ok(Err(format!("`{table}` has no record {number}"))),
            Cell::Blank => return Ok(Err(format!("record {number} of `{table}` has nothing in `{name}`"))),
            Cell::Text(text) => text,
        };
        let Ok(quantity) = text.parse::<Quantity>() else {
            return Ok(Err(format!("`{name}` of `{table}` has no numbers with a unit")));
        };
        let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        let written = written(connection, &stored, &stem(name, &names), number)?;
        let written = written.or_else(|| quantity.number().map(|number| number.to_string())).unwrap_or(text);
        Ok(Ok(Self { source, record: number, table, header: header.clone(), quantity, written }))
    }

    /// Writes the fact and its figure at a stage.
    ///
    /// # Errors
    /// The reason why it is no figure; SQLite's own.
    pub(super) fn write(&self, connection: &Connection, stage: &str) -> Result<std::result::Result<(), String>> {
        let (unit, per_unit) = match self.unit(connection)? {
            Ok(unit) => unit,
            Err(why) => return Ok(Err(why)),
        };
        let Some(number) = StoredNumber::of(&self.quantity, per_unit) else {
            return Ok(Err(format!("`{}` has more digits than a figure keeps", self.quantity)));
        };
        let id = format!("{}:{}", self.source, self.record);
        let name: String = self.header.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
        let name = if name.is_empty() { self.table.clone() } else { name };
        let status = if matches!(stage, "disbursed" | "delivered") { "occurred" } else { "planned" };
        let sql = "insert into fact (id, source, record, subject, action, object, gloss, kind, status, certainty, attribution) \
                   select ?1, ?2, ?3, ?4, 'states', ?5, ?6, 'pledge', ?7, 'asserted', 'author' \
                   where not exists (select 1 from fact where id = ?1)";
        let gloss = format!("{name}: {{}}");
        connection.execute(sql, params![id, self.source, self.record, self.table, self.header, gloss, status])?;
        let is_known = number.minor.is_some();
        let sql = "insert into figure (fact, bound, amount_minor, upper_minor, unit, minor_per_unit, finer_parts, reason, \
                   basis, as_written, sig_figs, label, stage) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        connection.execute(
            sql,
            params![
                id,
                number.bound,
                number.minor,
                number.upper,
                unit,
                number.per_unit,
                number.finer,
                number.reason,
                is_known.then_some("stated"),
                is_known.then_some(&self.written),
                is_known.then(|| significant_figures(&self.written)),
                is_known.then_some(name),
                stage
            ],
        )?;
        Ok(Ok(()))
    }

    /// True if the book has another number of the record.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn is_other(&self, connection: &Connection) -> Result<bool> {
        let id = format!("{}:{}", self.source, self.record);
        let sql = "select quantity from figure where fact = ?1";
        let form: Option<String> = connection.query_row(sql, [id], |row| row.get(0)).optional()?;
        let stated = form.and_then(|form| form.parse::<Quantity>().ok());
        Ok(stated
            .is_some_and(|stated| stated.amount() != self.quantity.amount() || stated.unit() != self.quantity.unit()))
    }

    /// The unit as a figure has it: a unit of the book, and the number of its parts; none for an unknown without one.
    fn unit(&self, connection: &Connection) -> Result<std::result::Result<(Option<String>, i64), String>> {
        let Some(unit) = self.quantity.unit().filter(|unit| !unit.is_one()).map(Unit::to_string) else {
            if self.quantity.is_unknown() {
                return Ok(Ok((None, 1)));
            }
            let help =
                "import it with `--unit COLUMN=UNIT`, or write the fact in facts.csv and its number in figures.csv";
            return Ok(Err(format!("`{}` has no unit: {help}", self.header)));
        };
        let sql = "select minor_per_unit from unit where code = ?1";
        let per_unit = connection.query_row(sql, [&unit], |row| row.get(0)).optional()?;
        Ok(per_unit
            .map(|per_unit| (Some(unit.clone()), per_unit))
            .ok_or_else(|| format!("a figure is in a unit of units.csv, and `{unit}` is none")))
    }
}

impl StoredNumber {
    /// The columns for a quantity of a unit of so many parts, or of more where its digits need them.
    fn of(quantity: &Quantity, per_unit: i64) -> Option<Self> {
        let exact = |number: Decimal, bound: &'static str| Self::numbers(bound, number, None, per_unit);
        match quantity.amount() {
            Amount::Unknown(reasons) => {
                let reason = reasons.iter().next()?.as_str();
                let per_unit = quantity.unit().filter(|unit| !unit.is_one()).map(|_| per_unit);
                Some(Self { reason: Some(reason), per_unit, ..Self::default() })
            }
            Amount::Number(number) if number.is_exact() => exact(number.value, "exact"),
            Amount::Number(number) => exact(number.value, "about"),
            Amount::Range(range) => match (range.lo(), range.hi()) {
                (Some(lo), None) => exact(lo.value, if lo.closed { "at_least" } else { "more_than" }),
                (None, Some(hi)) => exact(hi.value, if hi.closed { "up_to" } else { "less_than" }),
                (Some(lo), Some(hi)) if lo.closed && hi.closed => {
                    Self::numbers("between", lo.value, Some(hi.value), per_unit)
                }
                _ => None,
            },
        }
    }

    fn numbers(bound: &'static str, number: Decimal, upper: Option<Decimal>, per_unit: i64) -> Option<Self> {
        let places = number.normalize().scale().max(upper.map_or(0, |upper| upper.normalize().scale()));
        if places > MAX_PLACES {
            return None;
        }
        let finer = (10_i64.pow(places) / per_unit).max(1);
        let minor = |number: Decimal| number.checked_mul(Decimal::from(per_unit * finer))?.to_i64();
        Some(Self {
            bound: Some(bound),
            minor: Some(minor(number)?),
            upper: match upper {
                Some(upper) => Some(minor(upper)?),
                None => None,
            },
            per_unit: Some(per_unit),
            finer: Some(finer).filter(|finer| *finer > 1),
            reason: None,
        })
    }
}

/// The cell of a view in one record, found by the key of the table behind it.
fn cell(connection: &Connection, view: &str, stored: &str, column: &str, record: u32) -> Result<Cell> {
    let sql = "select sql from sqlite_schema where type = 'view' and name = ?1";
    let definition: String = connection.query_row(sql, [view], |row| row.get(0))?;
    let from = format!("FROM {}", quote_identifier(stored));
    let query =
        definition.split_once(" AS\n").map(|(_, query)| query).filter(|query| query.trim_end().ends_with(&from));
    let column = quote_identifier(column);
    let sql = match query {
        // The name of a column of the table goes before that of the view's: the row is found by its key.
        Some(query) => format!("select cast({column} as text) from ({query} WHERE record = ?1)"),
        None => format!("select cast({column} as text) from {} where record like '%:' || ?1", quote_identifier(view)),
    };
    let found: Option<Option<String>> = connection.query_row(&sql, [record], |row| row.get(0)).optional()?;
    Ok(match found {
        None => Cell::NoRecord,
        Some(None) => Cell::Blank,
        Some(Some(text)) => Cell::Text(text),
    })
}

/// The cell as the file writes it, where the table keeps that.
fn written(connection: &Connection, stored: &str, column: &str, record: u32) -> Result<Option<String>> {
    let name = format!("{column}_written");
    let sql = "select count(*) from pragma_table_info(?1) where name = ?2";
    if !connection.query_row(sql, [stored, &*name], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    let sql = format!("select {} from {} where record = ?1", quote_identifier(&name), quote_identifier(stored));
    connection.query_row(&sql, [record], |row| row.get(0)).optional().map(Option::flatten)
}

/// The fewest significant figures that the digits of a text imply, at least one.
fn significant_figures(text: &str) -> i64 {
    let text = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let has_decimals = text.contains(['.', ',']) && text.rsplit(['.', ',']).next().is_some_and(|last| last.len() != 3);
    let digits = if has_decimals { digits } else { digits.trim_end_matches('0') };
    i64::try_from(digits.len().max(1)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{StoredNumber, significant_figures};

    fn stored(text: &str) -> String {
        let Some(number) = StoredNumber::of(&text.parse().unwrap(), 100) else { return "none".into() };
        let count = |count: Option<i64>| count.map_or("-".to_owned(), |count| count.to_string());
        let counts = [number.minor, number.upper, number.finer].map(count);
        format!("{} {}", number.bound.unwrap_or_default(), counts.join(" "))
    }

    #[test]
    fn a_quantity_is_kept_in_parts_fine_enough() {
        for (text, expected) in [
            ("1200500000 EUR", "exact 120050000000 - -"),
            ("1157407.407 EUR", "exact 1157407407 - 10"),
            ("-0.5 EUR", "exact -50 - -"),
            ("<=5 EUR", "up_to 500 - -"),
            ("2..3 EUR", "between 200 300 -"),
            ("0.12345678901 EUR", "none"),
        ] {
            assert_eq!(stored(text), expected, "{text}");
        }
        assert_eq!(StoredNumber::of(&"unknown(withheld) EUR".parse().unwrap(), 100).unwrap().reason, Some("withheld"));
    }

    #[test]
    fn zeros_at_the_end_of_a_whole_number_do_not_count() {
        for (text, figures) in [
            ("1,200.5", 5),
            ("5,000", 1),
            ("0.50", 2),
            ("320", 2),
            ("£1.6 billion", 2),
            ("0", 1),
            ("1,200 million", 2),
            ("1,200*", 2),
        ] {
            assert_eq!(significant_figures(text), figures, "{text}");
        }
    }
}
