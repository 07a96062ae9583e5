//! Functions that read the book: SQL with parameters, ids, and the search for words.

use super::ScriptFunction;
use crate::error::suggest;
use crate::script::exception::{Raised, raise_argument, raise_error};
use crate::script::ids;
use crate::script::query::{self, Stream};
use crate::script::runtime::{Around, Shared};
use crate::script::table::{Row, Table};
use crate::script::value::{self, to_cell};
use crate::sql::{Cell, Parameters};
use crate::store::search::{SEARCHED, Sought};
use rhai::{Array, Dynamic, Engine, Map, NativeCallContext, Variant};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "query",
        signature: "query(sql) · query(sql, #{name: value})",
        meaning: "the rows of a SQL question as a table; `:name` in the SQL stands for the value",
        example: "query(\"select id from figures\").len",
        answer: "4",
        register: |engine, shared| {
            asking(engine, shared, "query", table);
        },
    },
    ScriptFunction {
        name: "stream",
        signature: "stream(sql) · stream(sql, #{name: value})",
        meaning: "the rows of a SQL question one by one, for a `for` loop over more than fits in memory",
        example: "let n = 0; for fact in stream(\"select id from facts\") { n += 1 } n",
        answer: "55",
        register: |engine, shared| {
            asking(engine, shared, "stream", stream_rows);
        },
    },
    ScriptFunction {
        name: "row",
        signature: "row(sql) · row(sql, #{name: value})",
        meaning: "the only row of a SQL question; none or several are an error",
        example: "row(\"select kind from actors where name = 'France'\").kind",
        answer: "state",
        register: |engine, shared| {
            asking(engine, shared, "row", row);
        },
    },
    ScriptFunction {
        name: "value",
        signature: "value(sql) · value(sql, #{name: value})",
        meaning: "the only value of a SQL question: one row of one column",
        example: "value(\"select count(*) from facts\")",
        answer: "55",
        register: |engine, shared| {
            asking(engine, shared, "value", value);
        },
    },
    ScriptFunction {
        name: "figure",
        signature: "figure(id)",
        meaning: "the number that a fact states, as the name `F29` does; a fact without one is an error",
        example: "figure(\"F30\")",
        answer: "5,000 missile  [F30]  stage proposed",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("figure", move |id: &str| -> Raised<Dynamic> {
                if let Some(figure) = ids::stated(&shared, id)? {
                    return Ok(figure);
                }
                ids::refuse_superseded(&shared, id)?;
                Err(raise_argument(
                    format!("the book states no figure `{id}`"),
                    "`select id, label from figures` lists them",
                ))
            });
        },
    },
    ScriptFunction {
        name: "find",
        signature: "find(id)",
        meaning: "what an id stands for: a stated quantity, an unknown, or the record of a fact or pledge",
        example: "find(\"PL1\").provider",
        answer: "United Kingdom",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("find", move |id: &str| -> Raised<Dynamic> {
                match ids::find(&shared, id)? {
                    Some(found) => Ok(found),
                    None => Err(ids::missing(&shared, id)?),
                }
            });
        },
    },
    ScriptFunction {
        name: "search",
        signature: "search(view, words)",
        meaning: "the ids of the rows of `facts`, `unknowns`, `events` … that have the words in any form, an actor under any name",
        example: "search(\"unknowns\", \"soldiers\")[0]",
        answer: "U11",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("search", move |view: &str, words: &str| search(&shared, view, words));
        },
    },
    ScriptFunction {
        name: "actors_named",
        signature: "actors_named(words)",
        meaning: "the names of the actors that the words name: by a whole name, alias or code, or else by a part of a name",
        example: "actors_named(\"UK\")[0]",
        answer: "United Kingdom",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("actors_named", move |words: &str| -> Raised<Array> {
                if !shared.book.is_book() {
                    return Ok(Array::new());
                }
                let named = shared.book.actors_named(words);
                let named = named.map_err(|error| raise_error(shared.book.error(&error)))?;
                Ok(named.into_iter().map(Dynamic::from).collect())
            });
        },
    },
    ScriptFunction {
        name: "nearest",
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

/// Registers a function that asks the book: its calls are told what is around them, save those that the engine makes of
/// its name alone.
fn asking<T: Variant + Clone>(
    engine: &mut Engine,
    shared: &Rc<Shared>,
    name: &'static str,
    ask: fn(&Rc<Shared>, &Around, &str, Map) -> Raised<T>,
) {
    let [one, two, three, four] = std::array::from_fn(|_| Rc::clone(shared));
    engine.register_fn(name, move |around: Around, sql: &str| ask(&one, &around, sql, Map::new()));
    engine.register_fn(name, move |around: Around, sql: &str, values: Map| ask(&two, &around, sql, values));
    engine.register_fn(name, move |context: NativeCallContext, sql: &str| {
        ask(&three, &three.untold(&context), sql, Map::new())
    });
    engine.register_fn(name, move |context: NativeCallContext, sql: &str, values: Map| {
        ask(&four, &four.untold(&context), sql, values)
    });
}

/// The values of a map as `:name`, and those of variables that the map leaves out; an id of the book needs none.
struct FromMap<'m> {
    shared: &'m Shared,
    values: Map,
    around: Around,
}

impl Parameters for FromMap<'_> {
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String> {
        match self.values.get(name).or_else(|| self.around.parameters.get(name)) {
            Some(value) => to_cell(value).map(Some),
            None => ids::bound(self.shared, name),
        }
    }

    fn is_of_book(&self, name: &str) -> bool {
        let value = self.values.get(name).or_else(|| self.around.parameters.get(name));
        value.is_none_or(value::is_of_book)
    }

    fn names(&self) -> Vec<String> {
        let given = self.values.keys().map(ToString::to_string);
        given.chain(self.around.parameters.keys().cloned()).collect()
    }
}

/// Every row, in memory.
pub(super) fn table(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Table> {
    let around = around.with(&values);
    shared.within(&around, || query::table(shared, sql, &FromMap { shared, values, around: around.clone() }))
}

/// The rows one by one.
pub(super) fn stream_rows(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Stream> {
    let around = around.with(&values);
    let parameters = FromMap { shared, values, around: around.clone() };
    let prepared = shared.within(&around, || query::prepare(shared, sql, &parameters))?;
    Stream::new(shared, around, prepared)
}

/// The only row.
pub(super) fn row(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Row> {
    let table = table(shared, around, sql, values)?;
    match table.rows.len() {
        1 => Ok(table.row(0)),
        count => {
            Err(raise_argument(format!("this SQL has {count} rows, not one"), "`query(…)` takes any number of rows"))
        }
    }
}

/// The only value.
pub(super) fn value(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Dynamic> {
    let row = row(shared, around, sql, values)?;
    match &*row.values {
        [value] => Ok(value.clone()),
        values => {
            let message = format!("this SQL has {} columns, not one", values.len());
            Err(raise_argument(message, "`row(…)` takes any number of columns"))
        }
    }
}

fn search(shared: &Shared, view: &str, words: &str) -> Raised<Array> {
    if !SEARCHED.contains(&view) {
        let near = suggest::nearest(view, SEARCHED).unwrap_or_else(|| "facts".to_owned());
        let cure = format!("did you mean `{near}`? there are {}", SEARCHED.join(", "));
        return Err(raise_argument(format!("`{view}` is not searched by words"), cure));
    }
    if !shared.book.is_book() {
        return Err(raise_argument("this database has no facts", "ask the bundled book, or a copy of it"));
    }
    let found = Sought::read(&shared.book, words).and_then(|sought| shared.book.search(&[view], &sought));
    let found = found.map_err(|error| raise_error(shared.book.error(&error)))?;
    if let Some(output) = shared.output() {
        for (word, near) in &found.near {
            let notice = format!("`{word}` was looked for as `{}` too: near it, and not the same", near.join("`, `"));
            output.notice(&notice).map_err(|error| raise_error(error.into()))?;
        }
    }
    Ok(found.entries.into_iter().map(|entry| Dynamic::from(entry.id)).collect())
}
