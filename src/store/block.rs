//! A block: a select over one imported table that a server can add up, since all that it does is to filter rows by plain columns, group
//! them by others, and count and add up what is in each group. What it comes to stands in the place of its rows; nothing of the text that
//! asked for it reaches the server.

use super::Book;
use super::connection::OwnedStatement;
use crate::error::Error;
use crate::quantity::RecordForm;
use rusqlite::types::Value;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// The plain table behind the imported table.
    pub(crate) table: String,
    /// The plain columns by whose values rows are grouped.
    pub(crate) keys: Vec<String>,
    /// The conditions on rows, all of which hold.
    pub(crate) conditions: Vec<BlockCondition>,
    /// The result columns.
    pub(crate) columns: Vec<BlockColumn>,
    /// The result columns by which the rows are in order, each with true where they descend; none for that of the keys.
    pub(crate) order: Vec<(usize, bool)>,
    /// The most rows.
    pub(crate) limit: Option<usize>,
    /// The quantity that is added up.
    pub(crate) sum: Option<BlockQuantity>,
}

/// A condition: a plain column, a comparison, and a value of the column's class.
#[derive(Debug, Clone)]
pub(crate) struct BlockCondition {
    /// The plain column.
    pub(crate) column: String,
    /// `=`, `<>`, `<`, `<=`, `>` or `>=`.
    pub(crate) sign: &'static str,
    /// The value.
    pub(crate) value: BlockValue,
}

/// A value that a plain column is compared with.
#[derive(Debug, Clone)]
pub(crate) enum BlockValue {
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
}

/// A result column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BlockColumn {
    /// The key of this number.
    Key(usize),
    /// The number of rows.
    Count,
    /// The sum of the quantity.
    Sum,
    /// An aggregate of a plain column.
    Plain(PlainAggregate, String),
}

/// An aggregate of plain values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlainAggregate {
    /// The number of values.
    Count,
    /// The least of whole numbers.
    Least,
    /// The greatest of whole numbers.
    Greatest,
}

/// A quantity of a column with one form: its plain column, and the form.
#[derive(Debug, Clone)]
pub(crate) struct BlockQuantity {
    /// The plain column of smallest parts.
    pub(crate) minor: String,
    /// The form.
    pub(crate) form: Arc<RecordForm>,
}

/// The records of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BlockRecords {
    /// These.
    Ranges(Vec<RangeInclusive<u32>>),
    /// More ranges than are kept.
    Counted,
}

/// A group, as a server has added it up.
#[derive(Debug, Clone)]
pub(crate) struct BlockGroup {
    /// The values of the keys.
    pub(crate) keys: Vec<Value>,
    /// The number of its rows.
    pub(crate) rows: u64,
    /// The sum of smallest parts, and the records of it.
    pub(crate) sum: Option<(i128, BlockRecords)>,
    /// The aggregates of plain columns, in the order of the result columns; `None` where there is nothing to compare.
    pub(crate) plain: Vec<Option<i64>>,
}

impl Book {
    /// A statement whose rows are those that the block comes to, as a server has added them up; `None` where it can't say exactly what
    /// SQLite would.
    ///
    /// # Errors
    /// The server can't be reached; the work was stopped.
    pub(crate) fn add_up(&self, block: &Block) -> Result<Option<OwnedStatement>, Error> {
        let Some(rows) = self.udf.remote() else { return Ok(None) };
        let Some(groups) = rows.add_up(block)? else { return Ok(None) };
        let Some(rows) = self.block_rows(block, &groups) else { return Ok(None) };
        let made = self.privileged(|_| {
            let list: Vec<String> = (0..block.columns.len()).map(|at| format!("value ->> {at}")).collect();
            let mut statement =
                self.connection.prepare_owned(&format!("select {} from json_each(?1)", list.join(", ")))?;
            statement.with_mut(|statement| statement.raw_bind_parameter(1, &rows))?;
            Ok(statement)
        });
        made.map(Some).map_err(|error| self.error(&error))
    }

    /// The rows of a block as JSON.
    fn block_rows(&self, block: &Block, groups: &[BlockGroup]) -> Option<String> {
        let mut groups: Vec<(Vec<SortKey>, &BlockGroup)> =
            groups.iter().map(|group| Some((block.sort_keys(group)?, group))).collect::<Option<_>>()?;
        let compare = |one: &[SortKey], other: &[SortKey]| {
            let by_terms = one.iter().zip(other).enumerate().map(|(at, (one, other))| {
                let is_descending = block.order.get(at).is_some_and(|(_, is_descending)| *is_descending);
                if is_descending { other.cmp(one) } else { one.cmp(other) }
            });
            by_terms.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        };
        groups.sort_by(|(one, _), (other, _)| compare(one, other));
        // Rows of one rank come in an order that only SQLite knows.
        if groups.windows(2).any(|pair| compare(&pair[0].0, &pair[1].0).is_eq()) {
            return None;
        }
        let most = block.limit.unwrap_or(usize::MAX);
        let rows = groups.into_iter().take(most).map(|(_, group)| self.block_row(block, group));
        serde_json::to_string(&rows.collect::<Option<Vec<_>>>()?).ok()
    }

    fn block_row(&self, block: &Block, group: &BlockGroup) -> Option<Vec<serde_json::Value>> {
        let mut plain = group.plain.iter();
        let cell = |column: &BlockColumn| match column {
            BlockColumn::Key(at) => json(group.keys.get(*at)?),
            BlockColumn::Count => Some(group.rows.into()),
            BlockColumn::Plain(..) => plain.next().map(|value| (*value).into()),
            BlockColumn::Sum => {
                let (quantity, (minor, records)) = (block.sum.as_ref()?, group.sum.as_ref()?);
                let sum = match records {
                    BlockRecords::Ranges(ranges) => quantity.form.sum_of_ranges(*minor, ranges)?,
                    BlockRecords::Counted => quantity.form.sum_of_many(*minor, group.rows)?,
                };
                Some(self.udf.tag.attach(&sum.full_text()).into())
            }
        };
        block.columns.iter().map(cell).collect()
    }
}

/// A value by which rows are in order, as SQLite orders them: NULL, numbers, texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Null,
    Integer(i128),
    Text(String),
}

impl Block {
    /// The values by which a group has its place.
    fn sort_keys(&self, group: &BlockGroup) -> Option<Vec<SortKey>> {
        if self.order.is_empty() {
            return group.keys.iter().map(sort_key).collect();
        }
        let key = |(at, _): &(usize, bool)| match &self.columns[*at] {
            BlockColumn::Key(at) => sort_key(group.keys.get(*at)?),
            BlockColumn::Count => Some(SortKey::Integer(group.rows.into())),
            BlockColumn::Sum => Some(SortKey::Integer(group.sum.as_ref()?.0)),
            BlockColumn::Plain(..) => {
                let before = self.columns[..*at].iter().filter(|column| matches!(column, BlockColumn::Plain(..)));
                let value = group.plain.get(before.count())?;
                Some(value.map_or(SortKey::Null, |number| SortKey::Integer(number.into())))
            }
        };
        self.order.iter().map(key).collect()
    }
}

fn sort_key(value: &Value) -> Option<SortKey> {
    match value {
        Value::Null => Some(SortKey::Null),
        Value::Integer(number) => Some(SortKey::Integer((*number).into())),
        Value::Text(text) => Some(SortKey::Text(text.clone())),
        Value::Real(_) | Value::Blob(_) => None,
    }
}

fn json(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Null => Some(serde_json::Value::Null),
        Value::Integer(number) => Some((*number).into()),
        Value::Text(text) => Some(text.as_str().into()),
        Value::Real(_) | Value::Blob(_) => None,
    }
}
