//! `chart`: two columns of a table as bars. Which bar is how long is the table layer's; here it is seen to that all of them
//! are numbers of one unit.

use super::raise::{Raised, raise_argument};
use super::rows::column_index;
use super::shared::Shared;
use super::show::{as_table, write_chart};
use super::table::Table;
use super::value::{Operand, in_words, operand};
use crate::sql::Column;
use rhai::Dynamic;
use std::rc::Rc;

/// Shows column `x` of a table with bars for column `y`.
pub(super) fn chart(shared: &Shared, rows: &Dynamic, x: &str, y: &str) -> Raised<()> {
    let Some(table) = as_table(rows)? else {
        return Err(raise_argument(format!("can't chart {}", in_words(rows)), "chart a table or an array of maps"));
    };
    let (label, number) = (column_index(&table.columns, x)?, column_index(&table.columns, y)?);
    let mut unit: Option<String> = None;
    for row in table.rows.iter() {
        let of_row = unit_of(&row[number], y)?;
        match (&unit, of_row) {
            (Some(known), Some(other)) if *known != other => {
                let message = format!("can't chart {} and {} on one axis", named(known), named(&other));
                return Err(raise_argument(message, "chart the rows of each unit by itself, or convert them"));
            }
            (None, of_row) => unit = of_row,
            _ => {}
        }
    }
    let columns: Vec<Column> = [label, number].map(|at| table.columns[at].clone()).into();
    let rows = table.rows.iter().map(|row| Rc::from([row[label].clone(), row[number].clone()])).collect();
    write_chart(shared, &Table::new(columns.into(), rows))
}

/// The unit of a number, empty for a plain one; `None` where there is no number.
fn unit_of(value: &Dynamic, column: &str) -> Raised<Option<String>> {
    match operand(value) {
        Operand::Quantity(worked) if worked.quantity.is_unknown() => Ok(None),
        Operand::Quantity(worked) => Ok(Some(worked.quantity.unit().map(ToString::to_string).unwrap_or_default())),
        Operand::Integer(_) | Operand::Decimal(_) | Operand::Real(_) => Ok(Some("1".to_owned())),
        Operand::Null => Ok(None),
        _ => {
            let message = format!("`{column}` holds {}, which has no length", in_words(value));
            Err(raise_argument(message, "name a column of numbers, as `chart(table, \"name\", \"amount\")`"))
        }
    }
}

fn named(unit: &str) -> String {
    if unit == "1" { "plain numbers".to_owned() } else { format!("`{unit}`") }
}
