//! A table in a script: rows kept in memory, and what can be asked of them. Every method leaves the table as it is
//! and hands on a new one.

use super::callback::Callback;
use super::raise::{Raised, raise_argument, unless_stopped};
use super::rows::{Row, column_index};
use super::{operators, order};
use crate::sql::Column;
use crate::store::Stop;
use rhai::{Array, Dynamic, EvalAltResult, FnPtr, Map, NativeCallContext};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

pub(super) use super::rows::Table;

impl Table {
    fn with_rows(&self, rows: Vec<Rc<[Dynamic]>>) -> Self {
        Self::new(Rc::clone(&self.columns), rows)
    }

    /// The values of one column.
    pub(super) fn column(&self, name: &str) -> Raised<Vec<Dynamic>> {
        let at = column_index(&self.columns, name)?;
        Ok(self.rows.iter().map(|row| row[at].clone()).collect())
    }

    pub(super) fn filter(&self, context: &NativeCallContext, keep: &FnPtr) -> Raised<Self> {
        let (mut rows, mut keep) = (Vec::new(), Callback::new(context, keep));
        for at in 0..self.rows.len() {
            let kept = keep.call(Dynamic::from(self.row(at)), at)?;
            match kept.as_bool() {
                Ok(true) => rows.push(Rc::clone(&self.rows[at])),
                Ok(false) => {}
                Err(_) => {
                    let cure = "compare in it, as `|row| row.stage == \"proposed\"`";
                    return Err(raise_argument("the function given to `filter` must answer true or false", cure));
                }
            }
        }
        Ok(self.with_rows(rows))
    }

    pub(super) fn map(&self, context: &NativeCallContext, change: &FnPtr) -> Raised<Array> {
        let mut change = Callback::new(context, change);
        (0..self.rows.len()).map(|at| change.call(Dynamic::from(self.row(at)), at)).collect()
    }

    pub(super) fn sort_by_values(&self, stop: &Stop, keys: &[Dynamic], descending: bool) -> Raised<Self> {
        let order = order::sorted(keys, stop, &|a, b| {
            let ordering = compare_keys(a, b)?;
            Ok(if descending { ordering.reverse() } else { ordering })
        })?;
        Ok(self.with_rows(order.into_iter().map(|at| Rc::clone(&self.rows[at])).collect()))
    }

    /// The rows of each key, in the order of its first row.
    pub(super) fn group_by(&self, stop: &Stop, name: &str) -> Raised<Array> {
        let keys = self.column(name)?;
        let groups = if keys.iter().all(Dynamic::is_string) { alike(&keys, stop)? } else { equal(&keys, stop)? };
        let rows_of = |group: &[usize]| group.iter().map(|at| Rc::clone(&self.rows[*at])).collect();
        let groups = groups.into_iter().map(|group| (keys[group[0]].clone(), rows_of(&group)));
        let as_map = |(key, rows)| {
            let entries = [("key".into(), key), ("rows".into(), Dynamic::from(self.with_rows(rows)))];
            Dynamic::from_map(Map::from_iter(entries))
        };
        Ok(groups.map(as_map).collect())
    }

    pub(super) fn add(&self, context: &NativeCallContext, name: &str, compute: &FnPtr) -> Raised<Self> {
        if self.columns.iter().any(|column| column.name == name) {
            return Err(raise_argument(
                format!("the table has a column `{name}` already"),
                "give the new one another name",
            ));
        }
        let values = self.map(context, compute)?;
        let is_quantity = values.iter().any(Dynamic::is::<crate::quantity::Worked>);
        let mut columns = self.columns.to_vec();
        columns.push(Column { name: name.to_owned(), is_quantity });
        let longer = |(row, value): (&Rc<[Dynamic]>, Dynamic)| row.iter().cloned().chain([value]).collect();
        let rows = self.rows.iter().zip(values).map(longer).collect();
        Ok(Self::new(columns.into(), rows))
    }

    pub(super) fn select(&self, names: &Array) -> Raised<Self> {
        let mut places = Vec::new();
        for name in names {
            places.push(column_index(&self.columns, &name.to_string())?);
        }
        let columns: Vec<Column> = places.iter().map(|at| self.columns[*at].clone()).collect();
        let rows = self.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect();
        Ok(Self::new(columns.into(), rows))
    }
}

/// The places of each of some texts, in the order of the first.
fn alike(texts: &[Dynamic], stop: &Stop) -> Raised<Vec<Vec<usize>>> {
    let (mut groups, mut group_of) = (Vec::new(), HashMap::new());
    for (at, text) in texts.iter().enumerate() {
        unless_stopped(stop)?;
        let group = *group_of.entry(text.clone().into_immutable_string().ok()).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    Ok(groups)
}

/// The same of any values that can be compared, which is all that is known of them: they are sorted to be found together.
fn equal(keys: &[Dynamic], stop: &Stop) -> Raised<Vec<Vec<usize>>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in order::sorted(keys, stop, &compare_keys)? {
        match groups.last_mut() {
            Some(group) if compare_keys(&keys[group[0]], &keys[at])?.is_eq() => group.push(at),
            _ => groups.push(vec![at]),
        }
    }
    groups.sort_unstable_by_key(|group| group[0]);
    Ok(groups)
}

/// The order of two sort keys: NULLs first and equal to each other, anything else by the rules of `<`.
pub(super) fn compare_keys(left: &Dynamic, right: &Dynamic) -> Result<Ordering, Box<EvalAltResult>> {
    match (left.is_unit(), right.is_unit()) {
        (false, false) => operators::order("<", left, right),
        (left, right) => Ok(right.cmp(&left)),
    }
}

/// Whether two values are the same: of booleans too, which have no order.
pub(super) fn is_same(left: &Dynamic, right: &Dynamic) -> Result<bool, Box<EvalAltResult>> {
    operators::equal("==", left, right)
}

/// The rows of a table, one after the other: what a `for` loop goes through.
pub(super) struct TableRows {
    table: Table,
    at: usize,
}

impl IntoIterator for Table {
    type Item = Row;
    type IntoIter = TableRows;

    fn into_iter(self) -> TableRows {
        TableRows { table: self, at: 0 }
    }
}

impl Iterator for TableRows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let at = self.at;
        self.at += 1;
        (at < self.table.rows.len()).then(|| self.table.row(at))
    }
}

#[cfg(test)]
mod tests {
    use super::{alike, equal};
    use crate::store::Stop;
    use rhai::Dynamic;

    #[test]
    fn texts_are_grouped_as_any_values_are() {
        let stop = Stop::default();
        let texts: Vec<Dynamic> = ["b", "a", "b", "", "A", "a", "b", "1", "1.0"].map(Dynamic::from).into();
        let groups = alike(&texts, &stop).expect("nothing stops it");
        assert_eq!(groups, equal(&texts, &stop).expect("texts have an order"));
        assert_eq!(groups[0], [0, 2, 6]);
    }
}
