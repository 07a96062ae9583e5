//! The totals among the records of imported tables, which sums leave out.

use super::quote_identifier;
use crate::quantity::{Ref, TotalRecords};
use rusqlite::{Connection, Result};

/// The totals of a plain table whose rows are elsewhere; `None` for one whose rows are here.
pub(super) type TotalsElsewhere<'t> = dyn Fn(&str) -> Option<Result<Vec<u32>>> + 't;

/// The records that are totals of others.
pub(super) fn read_totals(connection: &Connection, elsewhere: &TotalsElsewhere<'_>) -> Result<TotalRecords> {
    let has_totals = "select exists (select 1 from pragma_table_info('imported_table', 'main') where name = 'totals')";
    if !connection.query_row(has_totals, [], |row| row.get(0))? {
        return Ok(TotalRecords::default());
    }
    let mut tables = connection
        .prepare("select cast(substr(source, 2) as integer), stored from main.imported_table where totals > 0")?;
    let rows = tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(u16, String)> = rows.collect::<Result<_>>()?;
    let mut records: Vec<Ref> = Vec::new();
    for (source, stored) in found {
        let numbers = elsewhere(&stored).unwrap_or_else(|| read_numbers(connection, &stored))?;
        records.extend(numbers.into_iter().map(|number| Ref::Record { source, number }));
    }
    Ok(TotalRecords::new(records.into_iter().collect()))
}

fn read_numbers(connection: &Connection, stored: &str) -> Result<Vec<u32>> {
    let sql = format!("select record from main.{} where is_total", quote_identifier(stored));
    connection.prepare(&sql)?.query_map([], |row| row.get(0))?.collect()
}
