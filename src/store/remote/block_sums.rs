//! Adding blocks up on the server: the groups with their sums in one statement, by chunks of records of which each is one range or has
//! gaps; then, of the groups with few gaps, the ranges of their records. The statements are made of the columns of the table and of
//! literals of two kinds.

use super::fetched_rows::RemoteRows;
use super::server::{Server, with_server};
use super::shared_imports::{CHUNK, SharedImport};
use super::{Freshness, quote_text};
use crate::error::{Error, ServerCause, StoreCause};
use crate::store::block::{Block, BlockColumn, BlockGroup, BlockRecords, BlockValue, PlainAggregate};
use crate::store::quote_identifier;
use postgres::SimpleQueryRow;
use rusqlite::types::Value;
use std::ops::RangeInclusive;

/// The most groups that are added up; more come as rows.
const MAX_GROUPS: usize = 100_000;

/// The most groups whose ranges are asked for.
const MAX_RANGED: usize = 200;

/// The gaps from which on a group has more ranges than are written.
const MAX_GAPS: i64 = 64;

/// The records up to which a set with more ranges is written whole.
const MAX_RECORDS: u64 = 2_048;

/// What the server says of a group: its row, and the first and last of its records with the number of chunks that have gaps.
struct FoundGroup {
    group: BlockGroup,
    least: u32,
    greatest: u32,
    gaps: i64,
    /// The values of its keys as literals of the server.
    keys: Vec<String>,
}

impl RemoteRows {
    /// The groups of a block; `None` where the server can't say exactly what SQLite would.
    ///
    /// # Errors
    /// The server can't be reached; the work was stopped.
    pub(in crate::store) fn add_up(&self, block: &Block) -> Result<Option<Vec<BlockGroup>>, Error> {
        if self.shared.freshness == Freshness::Offline || !self.shared.pushes {
            return Ok(None);
        }
        let Some(work) = BlockWork::new(self.find(&block.table)?, block) else { return Ok(None) };
        with_server(&self.shared, &self.stop, move |server| work.groups(server))
    }
}

/// The statements of a block.
struct BlockWork {
    block: Block,
    /// The columns of the keys, in quotes.
    keys: Vec<String>,
    /// The columns of the keys that hold texts.
    are_texts: Vec<bool>,
    /// The imported table.
    name: String,
    rows_table: String,
    condition: String,
    /// The column of the sum, or a constant.
    minor: String,
    /// The aggregates of plain columns: of each chunk, and of the groups.
    aggregates: Vec<[String; 2]>,
}

impl BlockWork {
    fn new(import: &SharedImport, block: &Block) -> Option<Self> {
        // SQLite groups by an index where it can, whatever order the keys are written in.
        if block.order.is_empty() && block.keys.len() > 1 && !import.table.key.is_empty() {
            return None;
        }
        let column = |name: &str| {
            let is_it = |(column, declared): &(String, String)| {
                column == name && matches!(declared.as_str(), "TEXT" | "INTEGER")
            };
            let at = import.table.columns.iter().position(is_it)?;
            Some((import.server_column(at), import.table.columns[at].1.as_str()))
        };
        let mut conditions = vec!["true".to_owned()];
        for condition in &block.conditions {
            let (name, _) = column(&condition.column)?;
            let value = match &condition.value {
                BlockValue::Integer(number) => format!("({number})::bigint"),
                BlockValue::Text(text) => format!("{}::text", quote_text(text)),
            };
            conditions.push(format!("{name} {} {value}", condition.sign));
        }
        let keys = block.keys.iter().map(|key| column(key)).collect::<Option<Vec<_>>>()?;
        let mut aggregates = Vec::new();
        for (at, of) in block.columns.iter().enumerate() {
            let BlockColumn::Plain(aggregate, name) = of else { continue };
            let (name, _) = column(name)?;
            aggregates.push(match aggregate {
                PlainAggregate::Count => [format!("count({name}) as a{at}"), format!("sum(a{at})")],
                PlainAggregate::Least => [format!("min({name}) as a{at}"), format!("min(a{at})")],
                PlainAggregate::Greatest => [format!("max({name}) as a{at}"), format!("max(a{at})")],
            });
        }
        let minor = match &block.sum {
            Some(sum) => {
                let of_sum = |(name, _): &(String, String)| quote_identifier(name) == sum.minor;
                import.server_column(import.table.columns.iter().position(of_sum)?)
            }
            None => "0".to_owned(),
        };
        Some(Self {
            block: block.clone(),
            minor,
            keys: keys.iter().map(|(name, _)| name.clone()).collect(),
            are_texts: keys.iter().map(|(_, declared)| *declared == "TEXT").collect(),
            name: import.name.clone(),
            rows_table: import.rows_table(),
            condition: conditions.join(" and "),
            aggregates,
        })
    }

    fn groups(&self, server: &mut Server) -> Result<Option<Vec<BlockGroup>>, StoreCause> {
        let begin = server.begin("read only");
        let results = server.run(&format!("{begin}{}", self.sums())).map_err(|cause| match cause {
            // What is not there is the table with the rows.
            ServerCause::NoBook => ServerCause::RowsGone(self.name.clone()),
            cause => cause,
        })?;
        let rows = results.last().map(Vec::as_slice).unwrap_or_default();
        if rows.len() > MAX_GROUPS {
            return Ok(None);
        }
        let Some(mut found) = rows.iter().map(|row| self.group(row)).collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        if self.block.sum.is_some() && !self.find_ranges(server, &mut found)? {
            return Ok(None);
        }
        Ok(Some(found.into_iter().map(|found| found.group).collect()))
    }

    /// The statement for the groups and their sums.
    fn sums(&self) -> String {
        let keys: Vec<String> = self.keys.iter().enumerate().map(|(at, key)| format!("{key} as k{at}")).collect();
        let names: Vec<String> = (0..keys.len()).map(|at| format!("k{at}")).collect();
        let of_keys = |list: &[String]| list.iter().map(|key| format!("{key}, ")).collect::<Vec<_>>().concat();
        let inner: Vec<String> = self.aggregates.iter().map(|[inner, _]| format!(", {inner}")).collect();
        let outer: Vec<String> = self.aggregates.iter().map(|[_, outer]| format!(", {outer}")).collect();
        let by = if names.is_empty() { String::new() } else { format!("group by {}", names.join(", ")) };
        // By number: a column of the table may have the name of a result.
        let by_chunk: Vec<String> = (1..=names.len() + 1).map(|at| at.to_string()).collect();
        let by_chunk = by_chunk.join(", ");
        format!(
            "select {}sum(n), sum(known), sum(s)::text, min(lo), max(hi), count(*) filter (where hi - lo + 1 <> n){} \
             from (select {}{CHUNK}, count(*) as n, count({minor}) as known, sum({minor}) as s, min(record) as lo, \
             max(record) as hi{} from {} where {} group by {by_chunk}) x {by} limit {};",
            of_keys(&names),
            outer.concat(),
            of_keys(&keys),
            inner.concat(),
            self.rows_table,
            self.condition,
            MAX_GROUPS + 1,
            minor = self.minor,
        )
    }

    /// A group of the answer; `None` where it has no row, an amount that is missing, or a sum that is too large.
    fn group(&self, row: &SimpleQueryRow) -> Option<FoundGroup> {
        let (mut keys, mut literals) = (Vec::new(), Vec::new());
        for (at, is_text) in self.are_texts.iter().enumerate() {
            keys.push(value(row.get(at), *is_text)?);
            literals.push(match row.get(at) {
                None => "null".to_owned(),
                Some(text) if *is_text => format!("{}::text", quote_text(text)),
                Some(number) => format!("({number})::bigint"),
            });
        }
        let width = keys.len();
        let number = |at: usize| row.get(width + at)?.parse::<u64>().ok();
        let (rows, known) = (number(0)?, number(1)?);
        let sum = if self.block.sum.is_some() {
            // Records without an amount are not among those of the sum.
            let minor = row.get(width + 2).filter(|_| rows == known)?.parse().ok()?;
            Some((minor, BlockRecords::Counted))
        } else {
            None
        };
        let plain = (0..self.aggregates.len()).map(|at| match row.get(width + FIXED + at) {
            None => Some(None),
            Some(number) => number.parse().ok().map(Some),
        });
        let plain = plain.collect::<Option<_>>()?;
        let (least, greatest) = (u32::try_from(number(3)?).ok()?, u32::try_from(number(4)?).ok()?);
        let gaps = i64::try_from(number(5)?).ok()?;
        Some(FoundGroup { group: BlockGroup { keys, rows, sum, plain }, least, greatest, gaps, keys: literals })
    }

    /// Finds the records of each group; false where there are too many to ask for.
    fn find_ranges(&self, server: &mut Server, found: &mut [FoundGroup]) -> Result<bool, StoreCause> {
        let mut asked = Vec::new();
        for (at, one) in found.iter_mut().enumerate() {
            let rows = one.group.rows;
            if u64::from(one.greatest - one.least) + 1 == rows {
                set_records(one, vec![one.least..=one.greatest]);
            } else if one.gaps < MAX_GAPS || rows <= MAX_RECORDS {
                asked.push(at);
            }
        }
        if asked.len() > MAX_RANGED {
            return Ok(false);
        }
        for at in asked {
            let results = server.run(&self.ranges(&found[at].keys))?;
            let text = results.last().and_then(|rows| rows.first()).and_then(|row| row.get(0));
            let Some(text) = text else { continue };
            let ranges = text.split(' ').map(range).collect::<Option<Vec<_>>>();
            let ranges = ranges.ok_or_else(|| ServerCause::Failed("it has no ranges of records".to_owned()))?;
            if ranges.len() <= WRITTEN_RANGES || found[at].group.rows <= MAX_RECORDS {
                set_records(&mut found[at], ranges);
            }
        }
        Ok(true)
    }

    /// The statement for the ranges of the records of a group; NULL where they are too many.
    fn ranges(&self, keys: &[String]) -> String {
        let is_of_group =
            self.keys.iter().zip(keys).map(|(key, value)| format!(" and {key} is not distinct from {value}"));
        format!(
            "select case when count(*) <= {MAX_RECORDS} then string_agg(lo || '-' || hi, ' ' order by lo) end from \
             (select min(record) as lo, max(record) as hi from (select record, record - row_number() over (order by record) \
             as island from {} where {}{}) r group by island) i;",
            self.rows_table,
            self.condition,
            is_of_group.collect::<Vec<_>>().concat()
        )
    }
}

/// The columns of the answer between the keys and the aggregates of plain columns.
const FIXED: usize = 6;

/// The most ranges that are written.
const WRITTEN_RANGES: usize = 64;

fn set_records(found: &mut FoundGroup, ranges: Vec<RangeInclusive<u32>>) {
    if let Some((_, records)) = &mut found.group.sum {
        *records = BlockRecords::Ranges(ranges);
    }
}

fn range(text: &str) -> Option<RangeInclusive<u32>> {
    let (least, greatest) = text.split_once('-')?;
    Some(least.parse().ok()?..=greatest.parse().ok()?)
}

fn value(text: Option<&str>, is_text: bool) -> Option<Value> {
    Some(match text {
        None => Value::Null,
        Some(text) if is_text => Value::Text(text.to_owned()),
        Some(number) => Value::Integer(number.parse().ok()?),
    })
}
