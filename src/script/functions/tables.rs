//! Functions of tables and rows.

use super::ScriptFunction;
use crate::script::origin;
use crate::script::raise::{Raised, raise_argument};
use crate::script::rows::{self, Row};
use crate::script::table::Table;
use crate::script::{sums, tally};
use rhai::{Array, Dynamic, FnPtr, INT, ImmutableString, NativeCallContext};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "filter",
        signature: "table.filter(|row| condition)",
        meaning: "the rows for which the condition is true",
        example: "query(\"select kind from actors\").filter(|row| row.kind == \"state\").len",
        answer: "10",
        register: |engine, _| {
            engine.register_type_with_name::<Table>("table");
            engine.register_iterator::<Table>();
            engine.register_indexer_get(|table: &mut Table, index: INT| -> Raised<Row> {
                Ok(table.row(rows::place(index, table.rows.len(), "row")?))
            });
            engine.register_fn("filter", |context: NativeCallContext, table: &mut Table, keep: FnPtr| {
                table.filter(&context, &keep)
            });
        },
    },
    ScriptFunction {
        name: "map",
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
        name: "sort_by",
        signature: "table.sort_by(column) · table.sort_by(column, \"desc\") · table.sort_by(|row| key)",
        meaning: "the rows in order; rows that can't be compared are an error",
        example: "query(\"select id, sig_figs from figures\").sort_by(\"sig_figs\", \"desc\")[0].id",
        answer: "F29",
        register: |engine, shared| {
            let [stop, directed, keyed] = [(); 3].map(|()| shared.book.stop().clone());
            engine.register_fn("sort_by", move |table: &mut Table, name: &str| {
                table.sort_by_values(&stop, &table.column(name)?, false)
            });
            engine.register_fn("sort_by", move |table: &mut Table, name: &str, direction: &str| match direction {
                "asc" | "desc" => table.sort_by_values(&directed, &table.column(name)?, direction == "desc"),
                _ => Err(raise_argument(format!("`{direction}` is no direction"), "write \"asc\" or \"desc\"")),
            });
            engine.register_fn("sort_by", move |context: NativeCallContext, table: &mut Table, key: FnPtr| {
                table.sort_by_values(&keyed, &table.map(&context, &key)?, false)
            });
        },
    },
    ScriptFunction {
        name: "group_by",
        signature: "table.group_by(column)",
        meaning: "an array of `#{key, rows}`, one for each value of the column, in the order of the rows",
        example: "query(\"select kind from actors\").group_by(\"kind\").len",
        answer: "6",
        register: |engine, shared| {
            let stop = shared.book.stop().clone();
            engine.register_fn("group_by", move |table: &mut Table, name: &str| table.group_by(&stop, name));
        },
    },
    ScriptFunction {
        name: "add",
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
        name: "select",
        signature: "table.select([column, …])",
        meaning: "the table with only these columns, in this order",
        example: "query(\"select * from pledges\").select([\"id\", \"stage\"]).columns.len",
        answer: "2",
        register: |engine, _| {
            engine.register_fn("select", |table: &mut Table, names: Array| table.select(&names));
        },
    },
    ScriptFunction {
        name: "column",
        signature: "table.column(name)",
        meaning: "the values of a column, as an array",
        example: "query(\"select id from figures\").column(\"id\")[0]",
        answer: "F16",
        register: |engine, _| {
            engine.register_fn("column", |table: &mut Table, name: &str| -> Raised<Array> { table.column(name) });
        },
    },
    ScriptFunction {
        name: "sum",
        signature: "table.sum(column) · array.sum()",
        meaning: "the exact sum, in which what several sources state counts once; of nothing, or with an unknown in it, it is unknown",
        example: "query(\"select amount from pledges\").sum(\"amount\")",
        answer: "1,600,000,000 GBP  [F29]  stage proposed",
        register: |engine, shared| {
            let (of_table, of_array) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("sum", move |table: &mut Table, name: &str| sums::sum(&of_table, &table.column(name)?));
            engine.register_fn("sum", move |values: Array| sums::sum(&of_array, &values));
        },
    },
    ScriptFunction {
        name: "len",
        signature: "table.len",
        meaning: "how many rows there are",
        example: "query(\"select id from facts\").len",
        answer: "55",
        register: |engine, _| {
            engine.register_get("len", |table: &mut Table| length(table));
            engine.register_fn("len", |table: &mut Table| length(table));
            engine.register_fn("to_string", |table: &mut Table| format!("a table of {} rows", table.rows.len()));
            engine.register_fn("to_debug", |table: &mut Table| format!("a table of {} rows", table.rows.len()));
        },
    },
    ScriptFunction {
        name: "tally",
        signature: "tally(table) · tally(array)",
        meaning: "how many rows or groups there are, as a number that rests on the facts which they name",
        example: "tally(query(\"select fact from participants where role = 'participates'\"))",
        answer: "3  [F50 F51 F52]",
        register: |engine, _| {
            engine.register_fn("tally", |counted: Dynamic| tally::tally(&counted));
        },
    },
    ScriptFunction {
        name: "columns",
        signature: "table.columns · row.columns",
        meaning: "the names of the columns, as an array",
        example: "query(\"select id, stage from pledges\").columns[1]",
        answer: "stage",
        register: |engine, _| {
            engine.register_get("columns", |table: &mut Table| names(&table.columns));
            engine.register_get("columns", |row: &mut Row| names(&row.columns));
        },
    },
    ScriptFunction {
        name: "values",
        signature: "row.values",
        meaning: "the values of a row, as an array; one of them is `row.name` or `row[0]`",
        example: "row(\"select id, stage from pledges\").values[1]",
        answer: "proposed",
        register: |engine, _| {
            engine.register_type_with_name::<Row>("row");
            engine.register_get("values", |row: &mut Row| -> Array { row.values.to_vec() });
            engine.register_indexer_get(|row: &mut Row, name: ImmutableString| row.get(&name));
            engine.register_indexer_get(|row: &mut Row, index: INT| -> Raised<Dynamic> {
                Ok(row.values[rows::place(index, row.values.len(), "column")?].clone())
            });
            engine.register_fn("to_string", |row: &mut Row| rows::in_text(row));
            engine.register_fn("to_debug", |row: &mut Row| rows::in_text(row));
        },
    },
];

fn length(table: &Table) -> Dynamic {
    origin::count(table.rows.len())
}

fn names(columns: &[crate::sql::Column]) -> Array {
    columns.iter().map(|column| Dynamic::from(column.name.clone())).collect()
}
