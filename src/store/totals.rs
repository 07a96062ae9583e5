//! The totals among the records of imported tables, which sums leave out.

use super::quote_identifier;
use crate::quantity::{Ref, TotalRecords};
use rusqlite::{Connection, Result};

/// The records that are totals of others.
pub(super) fn read_totals(connection: &Connection) -> Result<TotalRecords> {
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
        let sql = format!("select record from main.{} where is_total", quote_identifier(&stored));
        let mut statement = connection.prepare(&sql)?;
        let numbers = statement.query_map([], |row| row.get::<_, u32>(0))?;
        for number in numbers {
            records.push(Ref::Record { source, number: number? });
        }
    }
    Ok(TotalRecords::new(records.into_iter().collect()))
}
