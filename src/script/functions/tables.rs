//! Functions of tables and rows. Every method leaves the table unchanged and returns a new one.

use super::arrays::{self, compare_keys};
use super::ranges::{bounds, bounds_inclusive};
use super::{Callback, ScriptFunction, numbers};
use crate::script::runtime::Runtime;
use crate::script::table::{self, Table, TableRow, column_index};
use crate::script::value;
use crate::script::value::{ScriptResult, argument_error, check_interrupt};
use crate::sql::Column;
use crate::store::Stop;
use rhai::{Array, Dynamic, FnPtr, INT, ImmutableString, Map, NativeCallContext};
use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "table.filter(|row| condition) · table[0..10]",
        meaning: "the rows for which the condition is true; those of a range of indices, a negative one counted from the end",
        example: "query(\"select kind from actors\").filter(|row| row.kind == \"state\").len",
        answer: "10",
        register: |engine, _| {
            engine.register_type_with_name::<Table>("table");
            engine.register_iterator::<Table>();
            engine.register_indexer_get(|table: &mut Table, index: INT| -> ScriptResult<TableRow> {
                Ok(table.row(table::checked_index(index, table.rows.len(), "row")?))
            });
            engine.register_indexer_get(|table: &mut Table, range: Range<INT>| {
                table.slice(bounds(&range, table.rows.len()))
            });
            engine.register_indexer_get(|table: &mut Table, range: RangeInclusive<INT>| {
                table.slice(bounds_inclusive(&range, table.rows.len()))
            });
            engine.register_fn("filter", |context: NativeCallContext, table: &mut Table, keep: FnPtr| {
                table.filter(&context, &keep)
            });
        },
    },
    ScriptFunction {
        signature: "table.map(|row| expression)",
        meaning: "an array of what the expression gives for each row",
        example: "query(\"select id from figures\").map(|row| row.id + \"!\")[0]",
        answer: "F16!",
        register: |engine, _| {
            engine.register_fn("map", |context: NativeCallContext, table: &mut Table, change: FnPtr| {
                table.map(&context, &change)
            });
        },
    },
    ScriptFunction {
        signature: "table.sort_by(column) · table.sort_by(column, \"desc\") · table.sort_by(|row| key)",
        meaning: "the rows in order; an array is a key of several parts; rows that can't be compared are an error",
        example: "query(\"select id, sig_figs from figures\").sort_by(\"sig_figs\", \"desc\")[0].id",
        answer: "F29",
        register: |engine, runtime| {
            let [stop, directed, keyed] = [(); 3].map(|()| runtime.book.stop().clone());
            engine.register_fn("sort_by", move |table: &mut Table, name: &str| {
                table.sort_by_values(&stop, &table.column(name)?, false)
            });
            engine.register_fn("sort_by", move |table: &mut Table, name: &str, direction: &str| match direction {
                "asc" | "desc" => table.sort_by_values(&directed, &table.column(name)?, direction == "desc"),
                _ => {
                    let help = "write \"asc\" or \"desc\"; by several columns, the first of them first: `.sort_by(|row| [row.a, row.b])`";
                    Err(argument_error(format!("`{direction}` is no direction"), help))
                }
            });
            engine.register_fn("sort_by", move |context: NativeCallContext, table: &mut Table, key: FnPtr| {
                table.sort_by_values(&keyed, &table.map(&context, &key)?, false)
            });
        },
    },
    ScriptFunction {
        signature: "table.group_by(column)",
        meaning: "an array of `#{key, rows}`, one for each value of the column, in the order of the rows",
        example: "query(\"select kind from actors\").group_by(\"kind\").len",
        answer: "6",
        register: |engine, runtime| {
            let stop = runtime.book.stop().clone();
            engine.register_fn("group_by", move |table: &mut Table, name: &str| table.group_by(&stop, name));
        },
    },
    ScriptFunction {
        signature: "table.add(column, |row| expression)",
        meaning: "the table with one more column",
        example: "query(\"select id from figures\").add(\"letters\", |row| row.id.len())[0].letters",
        answer: "3",
        register: |engine, _| {
            engine.register_fn("add", |context: NativeCallContext, table: &mut Table, name: &str, compute: FnPtr| {
                table.add(&context, name, &compute)
            });
        },
    },
    ScriptFunction {
        signature: "table.select([column, …])",
        meaning: "the table with only these columns, in this order",
        example: "query(\"select * from pledges\").select([\"id\", \"stage\"]).columns.len",
        answer: "2",
        register: |engine, _| {
            engine.register_fn("select", |table: &mut Table, names: Array| table.select(&names));
        },
    },
    ScriptFunction {
        signature: "table.column(name)",
        meaning: "the values of a column, as an array",
        example: "query(\"select id from figures\").column(\"id\")[0]",
        answer: "F16",
        register: |engine, _| {
            engine.register_fn("column", |table: &mut Table, name: &str| -> ScriptResult<Array> { table.column(name) });
        },
    },
    ScriptFunction {
        signature: "table.sum(column) · array.sum()",
        meaning: "the exact sum, in which what several sources state counts once; of nothing, or with an unknown in it, it is unknown",
        example: "query(\"select amount from pledges\").sum(\"amount\")",
        answer: "1,600,000,000 GBP  [F29]  stage proposed",
        register: |engine, runtime| {
            let (of_table, of_array) = (Rc::clone(&runtime), runtime);
            engine
                .register_fn("sum", move |table: &mut Table, name: &str| numbers::sum(&of_table, &table.column(name)?));
            engine.register_fn("sum", move |values: Array| numbers::sum(&of_array, &values));
        },
    },
    ScriptFunction {
        signature: "table.len",
        meaning: "how many rows there are",
        example: "query(\"select id from pledges\").len",
        answer: "1",
        register: |engine, runtime| {
            let (of_property, of_call) = (Rc::clone(&runtime), runtime);
            engine.register_get("len", move |table: &mut Table| length(&of_property, table));
            engine.register_fn("len", move |table: &mut Table| length(&of_call, table));
            engine.register_fn("to_string", |table: &mut Table| format!("a table of {} rows", table.rows.len()));
            engine.register_fn("to_debug", |table: &mut Table| format!("a table of {} rows", table.rows.len()));
        },
    },
    ScriptFunction {
        signature: "tally(table) · tally(array)",
        meaning: "how many rows or groups there are, as a number that rests on the facts which they name",
        example: "tally(query(\"select fact from participants where role = 'participates'\"))",
        answer: "3  [F50 F51 F52]",
        register: |engine, runtime| {
            engine.register_fn("tally", move |counted: Dynamic| numbers::tally(&runtime, &counted));
        },
    },
    ScriptFunction {
        signature: "table.columns · row.columns",
        meaning: "the names of the columns, as an array",
        example: "query(\"select id, stage from pledges\").columns[1]",
        answer: "stage",
        register: |engine, _| {
            engine.register_get("columns", |table: &mut Table| column_names(&table.columns));
            engine.register_get("columns", |row: &mut TableRow| column_names(&row.columns));
        },
    },
    ScriptFunction {
        signature: "row.values",
        meaning: "the values of a row, as an array; one of them is `row.name` or `row[0]`",
        example: "row(\"select id, stage from pledges\").values[1]",
        answer: "proposed",
        register: |engine, _| {
            engine.register_type_with_name::<TableRow>("row");
            engine.register_get("values", |row: &mut TableRow| -> Array { row.values.to_vec() });
            engine.register_indexer_get(|row: &mut TableRow, name: ImmutableString| row.get(&name));
            engine.register_indexer_get(|row: &mut TableRow, index: INT| -> ScriptResult<Dynamic> {
                Ok(row.values[table::checked_index(index, row.values.len(), "column")?].clone())
            });
            engine.register_fn("to_string", |row: &mut TableRow| table::display_row(row));
            engine.register_fn("to_debug", |row: &mut TableRow| table::display_row(row));
        },
    },
];

fn length(runtime: &Runtime, table: &Table) -> ScriptResult<Dynamic> {
    numbers::note_counted_totals(runtime, "len", table)?;
    Ok(value::book_count(table.rows.len()))
}

fn column_names(columns: &[Column]) -> Array {
    columns.iter().map(|column| Dynamic::from(column.name.clone())).collect()
}

impl Table {
    fn with_rows(&self, rows: Vec<Rc<[Dynamic]>>) -> Self {
        Self::new(Rc::clone(&self.columns), rows)
    }

    /// Returns the values of one column.
    pub(super) fn column(&self, name: &str) -> ScriptResult<Vec<Dynamic>> {
        let at = column_index(&self.columns, name)?;
        Ok(self.rows.iter().map(|row| row[at].clone()).collect())
    }

    /// The rows at these places.
    fn slice(&self, places: Range<usize>) -> Self {
        self.with_rows(self.rows[places].to_vec())
    }

    fn filter(&self, context: &NativeCallContext, keep: &FnPtr) -> ScriptResult<Self> {
        let (mut rows, mut keep) = (Vec::new(), Callback::new(context, keep));
        for at in 0..self.rows.len() {
            if arrays::is_true(&mut keep, Dynamic::from(self.row(at)), at)? {
                rows.push(Rc::clone(&self.rows[at]));
            }
        }
        Ok(self.with_rows(rows))
    }

    fn map(&self, context: &NativeCallContext, change: &FnPtr) -> ScriptResult<Array> {
        let mut change = Callback::new(context, change);
        (0..self.rows.len()).map(|at| change.call(Dynamic::from(self.row(at)), at)).collect()
    }

    fn sort_by_values(&self, stop: &Stop, keys: &[Dynamic], descending: bool) -> ScriptResult<Self> {
        let order = arrays::sorted_indices(keys, stop, &|a, b| {
            let ordering = compare_keys(a, b)?;
            Ok(if descending { ordering.reverse() } else { ordering })
        })?;
        Ok(self.with_rows(order.into_iter().map(|at| Rc::clone(&self.rows[at])).collect()))
    }

    /// Returns the rows of each key, in the order of its first row.
    fn group_by(&self, stop: &Stop, name: &str) -> ScriptResult<Array> {
        let keys = self.column(name)?;
        let groups = if keys.iter().all(Dynamic::is_string) {
            group_texts(&keys, stop)?
        } else {
            group_comparable(&keys, stop)?
        };
        let rows_of = |group: &[usize]| group.iter().map(|at| Rc::clone(&self.rows[*at])).collect();
        let groups = groups.into_iter().map(|group| (keys[group[0]].clone(), rows_of(&group)));
        let as_map = |(key, rows)| {
            let entries = [("key".into(), key), ("rows".into(), Dynamic::from(self.with_rows(rows)))];
            Dynamic::from_map(Map::from_iter(entries))
        };
        Ok(groups.map(as_map).collect())
    }

    fn add(&self, context: &NativeCallContext, name: &str, compute: &FnPtr) -> ScriptResult<Self> {
        if self.columns.iter().any(|column| column.name == name) {
            return Err(argument_error(
                format!("the table has a column `{name}` already"),
                "give the new one another name",
            ));
        }
        let values = self.map(context, compute)?;
        let is_quantity = values.iter().any(Dynamic::is::<crate::quantity::Traced>);
        let mut columns = self.columns.to_vec();
        columns.push(Column { name: name.to_owned(), is_quantity });
        let longer = |(row, value): (&Rc<[Dynamic]>, Dynamic)| row.iter().cloned().chain([value]).collect();
        let rows = self.rows.iter().zip(values).map(longer).collect();
        Ok(Self::new(columns.into(), rows))
    }

    fn select(&self, names: &Array) -> ScriptResult<Self> {
        let place = |name: &Dynamic| column_index(&self.columns, &name.to_string());
        let places = names.iter().map(place).collect::<ScriptResult<Vec<_>>>()?;
        let columns: Vec<Column> = places.iter().map(|at| self.columns[*at].clone()).collect();
        let rows = self.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect();
        Ok(Self::new(columns.into(), rows))
    }
}

/// Groups equal texts by hash: the indices of each, in the order of the first.
fn group_texts(texts: &[Dynamic], stop: &Stop) -> ScriptResult<Vec<Vec<usize>>> {
    let (mut groups, mut group_of) = (Vec::new(), HashMap::new());
    for (at, text) in texts.iter().enumerate() {
        check_interrupt(stop)?;
        let group = *group_of.entry(text.clone().into_immutable_string().ok()).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    Ok(groups)
}

/// Groups any comparable values, which may have no hash, by sorting.
fn group_comparable(keys: &[Dynamic], stop: &Stop) -> ScriptResult<Vec<Vec<usize>>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in arrays::sorted_indices(keys, stop, &compare_keys)? {
        match groups.last_mut() {
            Some(group) if compare_keys(&keys[group[0]], &keys[at])?.is_eq() => group.push(at),
            _ => groups.push(vec![at]),
        }
    }
    groups.sort_unstable_by_key(|group| group[0]);
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::{group_comparable, group_texts};
    use crate::store::Stop;
    use rhai::Dynamic;

    #[test]
    fn texts_are_grouped_like_other_values() {
        let stop = Stop::default();
        let texts: Vec<Dynamic> = ["b", "a", "b", "", "A", "a", "b", "1", "1.0"].map(Dynamic::from).into();
        let groups = group_texts(&texts, &stop).expect("nothing stops it");
        assert_eq!(groups, group_comparable(&texts, &stop).expect("texts have an order"));
        assert_eq!(groups[0], [0, 2, 6]);
    }
}
