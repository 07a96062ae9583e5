//! Functions that read the book: SQL with parameters, ids, and the search for words.

use super::ScriptFunction;
use crate::error::suggest;
use crate::script::ids;
use crate::script::query::{self, RowStream};
use crate::script::runtime::{CallerScope, Runtime};
use crate::script::table::{Table, TableRow};
use crate::script::value::{self, ScriptResult, argument_error, program_error, script_error, to_cell};
use crate::sql::{Author, Cell, Parameters};
use crate::store::search::{SEARCHED, SearchTerms};
use rhai::{Array, Dynamic, Engine, Map, NativeCallContext, Variant};
use std::rc::Rc;

/// The functions that ask any database, and one that finds what was meant.
pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "query(sql) · query(sql, #{name: value})",
        meaning: "the rows of a SQL question as a table; `:name` in the SQL stands for the value",
        example: "query(\"select id from figures\").len",
        answer: "4",
        register: |engine, runtime| {
            register_query(engine, &runtime, "query", table);
        },
    },
    ScriptFunction {
        signature: "stream(sql) · stream(sql, #{name: value})",
        meaning: "the rows of a SQL question one by one, for a `for` loop over more than fits in memory",
        example: "let n = 0; for pledge in stream(\"select id from pledges\") { n += 1 } n",
        answer: "1",
        register: |engine, runtime| {
            register_query(engine, &runtime, "stream", stream_rows);
        },
    },
    ScriptFunction {
        signature: "row(sql) · row(sql, #{name: value})",
        meaning: "the only row of a SQL question; none or several are an error",
        example: "row(\"select kind from actors where name = 'France'\").kind",
        answer: "state",
        register: |engine, runtime| {
            register_query(engine, &runtime, "row", row);
        },
    },
    ScriptFunction {
        signature: "value(sql) · value(sql, #{name: value})",
        meaning: "the only value of a SQL question: one row of one column",
        example: "value(\"select count(*) from pledges\")",
        answer: "1",
        register: |engine, runtime| {
            register_query(engine, &runtime, "value", value);
        },
    },
    ScriptFunction {
        signature: "nearest(word, names)",
        meaning: "the one of an array of names that a mistyped word probably means; () where none is near",
        example: "nearest(\"Frence\", [\"France\", \"Latvia\"])",
        answer: "France",
        register: |engine, _| {
            engine.register_fn("nearest", |word: &str, names: Array| {
                let names: Vec<String> = names.iter().map(ToString::to_string).collect();
                suggest::nearest(word, names.iter().map(String::as_str)).map_or(Dynamic::UNIT, Dynamic::from)
            });
        },
    },
];

/// The functions that ask the facts of a book, of which a plain database has none.
pub(super) const OF_FACTS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "figure(id)",
        meaning: "the number that a fact states, as the name `F29` does; a fact without one is an error",
        example: "figure(\"F30\")",
        answer: "5,000 missiles  [F30]  stage proposed",
        register: |engine, runtime| {
            engine.register_fn("figure", move |id: &str| -> ScriptResult<Dynamic> {
                if let Some(figure) = ids::stated_quantity(&runtime, id)? {
                    return Ok(figure);
                }
                let missing = format!("the book states no figure `{id}`");
                let cause = ids::superseded(&runtime, id)?;
                Err(cause.map_or_else(
                    || argument_error(missing, "`select id, label from figures` lists them"),
                    script_error,
                ))
            });
        },
    },
    ScriptFunction {
        signature: "find(id)",
        meaning: "what an id stands for: a stated quantity, an unknown, or the record of a fact or pledge",
        example: "find(\"PL1\").provider",
        answer: "United Kingdom",
        register: |engine, runtime| {
            engine.register_fn("find", move |id: &str| -> ScriptResult<Dynamic> {
                match ids::find(&runtime, id)? {
                    Some(found) => Ok(found),
                    None => Err(script_error(ids::unknown_id_cause(&runtime, id)?)),
                }
            });
        },
    },
    ScriptFunction {
        signature: "same_pledge(id)",
        meaning: "the pledge that a pledge is the same as, announced again; itself where it is the same as none",
        example: "same_pledge(\"PL1\")",
        answer: "PL1",
        register: |engine, runtime| {
            engine.register_fn("same_pledge", move |id: &str| -> ScriptResult<String> {
                runtime.book.same_pledge(id).map_err(|error| program_error(runtime.book.error(&error)))
            });
        },
    },
    ScriptFunction {
        signature: "search(view, words)",
        meaning: "the ids of the rows of `facts`, `unknowns`, `events` … that have the words in any form, an actor under any name",
        example: "search(\"unknowns\", \"soldiers\")[0]",
        answer: "U11",
        register: |engine, runtime| {
            engine.register_fn("search", move |view: &str, words: &str| search(&runtime, view, words));
        },
    },
    ScriptFunction {
        signature: "actors_named(words)",
        meaning: "the names of the actors that the words name: by a whole name, alias or code, or else by a part of a name",
        example: "actors_named(\"UK\")[0]",
        answer: "United Kingdom",
        register: |engine, runtime| {
            engine.register_fn("actors_named", move |words: &str| -> ScriptResult<Array> {
                if !runtime.book.is_book() {
                    return Ok(Array::new());
                }
                let named = runtime.book.actors_named(words);
                let named = named.map_err(|error| program_error(runtime.book.error(&error)))?;
                Ok(named.into_iter().map(Dynamic::from).collect())
            });
        },
    },
];

/// Registers a function that asks the book, with its caller scope injected, or without one where the engine calls it by name
/// alone.
fn register_query<T: Variant + Clone>(
    engine: &mut Engine,
    runtime: &Rc<Runtime>,
    name: &'static str,
    ask: fn(&Rc<Runtime>, &CallerScope, &str, Map) -> ScriptResult<T>,
) {
    let [one, two, three, four] = std::array::from_fn(|_| Rc::clone(runtime));
    engine.register_fn(name, move |caller: CallerScope, sql: &str| ask(&one, &caller, sql, Map::new()));
    engine.register_fn(name, move |caller: CallerScope, sql: &str, values: Map| ask(&two, &caller, sql, values));
    engine.register_fn(name, move |context: NativeCallContext, sql: &str| {
        ask(&three, &three.functions_in_scope_of(&context), sql, Map::new())
    });
    engine.register_fn(name, move |context: NativeCallContext, sql: &str, values: Map| {
        ask(&four, &four.functions_in_scope_of(&context), sql, values)
    });
}

/// The values of a map as `:name`, then variables of the caller, then ids of the book.
struct QueryParameters<'m> {
    runtime: &'m Runtime,
    values: Map,
    caller: CallerScope,
}

impl Parameters for QueryParameters<'_> {
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String> {
        match self.values.get(name).or_else(|| self.caller.parameters.get(name)) {
            Some(value) => to_cell(value).map(Some),
            None => ids::parameter_value(self.runtime, name),
        }
    }

    fn is_of_book(&self, name: &str) -> bool {
        let value = self.values.get(name).or_else(|| self.caller.parameters.get(name));
        value.is_none_or(value::is_from_book)
    }

    fn names(&self) -> Vec<String> {
        let given = self.values.keys().map(ToString::to_string);
        given.chain(self.caller.parameters.keys().cloned()).collect()
    }
}

/// `query`: every row, in memory.
fn table(runtime: &Rc<Runtime>, caller: &CallerScope, sql: &str, values: Map) -> ScriptResult<Table> {
    let caller = caller.with(&values);
    runtime.with_caller_scope(Some(&caller), || {
        let parameters = QueryParameters { runtime, values, caller: caller.clone() };
        query::all_rows(runtime, query::prepare(runtime, Author::Person, sql, &parameters)?)
    })
}

/// `stream`: the rows one at a time.
fn stream_rows(runtime: &Rc<Runtime>, caller: &CallerScope, sql: &str, values: Map) -> ScriptResult<RowStream> {
    let caller = caller.with(&values);
    let parameters = QueryParameters { runtime, values, caller: caller.clone() };
    let prepared =
        runtime.with_caller_scope(Some(&caller), || query::prepare(runtime, Author::Person, sql, &parameters))?;
    RowStream::new(runtime, caller, prepared)
}

/// `row`: the only row.
fn row(runtime: &Rc<Runtime>, caller: &CallerScope, sql: &str, values: Map) -> ScriptResult<TableRow> {
    let table = table(runtime, caller, sql, values)?;
    match table.rows.len() {
        1 => Ok(table.row(0)),
        count => {
            Err(argument_error(format!("this SQL has {count} rows, not one"), "`query(…)` takes any number of rows"))
        }
    }
}

/// `value`: the only value.
fn value(runtime: &Rc<Runtime>, caller: &CallerScope, sql: &str, values: Map) -> ScriptResult<Dynamic> {
    let row = row(runtime, caller, sql, values)?;
    match &*row.values {
        [value] => Ok(value.clone()),
        values => {
            let message = format!("this SQL has {} columns, not one", values.len());
            Err(argument_error(message, "`row(…)` takes any number of columns"))
        }
    }
}

fn search(runtime: &Runtime, view: &str, words: &str) -> ScriptResult<Array> {
    if !SEARCHED.contains(&view) {
        let near = suggest::nearest(view, SEARCHED).unwrap_or_else(|| "facts".to_owned());
        let help = format!("did you mean `{near}`? there are {}", SEARCHED.join(", "));
        return Err(argument_error(format!("`{view}` is not searched by words"), help));
    }
    if !runtime.book.is_book() {
        return Err(argument_error("this database has no facts", "ask the bundled book, or a copy of it"));
    }
    let found = SearchTerms::read(&runtime.book, words).and_then(|sought| runtime.book.search(&[view], &sought));
    let found = found.map_err(|error| program_error(runtime.book.error(&error)))?;
    if let Some(output) = runtime.output() {
        for (word, near) in &found.related {
            let notice = format!("`{word}` was looked for as `{}` too: near it, and not the same", near.join("`, `"));
            output.notice(&notice).map_err(|error| program_error(error.into()))?;
        }
    }
    Ok(found.entries.into_iter().map(|entry| Dynamic::from(entry.id)).collect())
}
