//! Functions that read the book.

use super::ScriptFunction;
use crate::script::around::Around;
use crate::script::raise::{Raised, raise_argument};
use crate::script::shared::Shared;
use crate::script::{ids, query};
use rhai::{Dynamic, Engine, Map, NativeCallContext, Variant};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "query",
        signature: "query(sql) · query(sql, #{name: value})",
        meaning: "the rows of a SQL question as a table; `:name` in the SQL stands for the value",
        example: "query(\"select id from figures\").len",
        answer: "4",
        register: |engine, shared| {
            asking(engine, shared, "query", query::table);
        },
    },
    ScriptFunction {
        name: "stream",
        signature: "stream(sql) · stream(sql, #{name: value})",
        meaning: "the rows of a SQL question one by one, for a `for` loop over more than fits in memory",
        example: "let n = 0; for fact in stream(\"select id from facts\") { n += 1 } n",
        answer: "55",
        register: |engine, shared| {
            asking(engine, shared, "stream", query::stream);
        },
    },
    ScriptFunction {
        name: "row",
        signature: "row(sql) · row(sql, #{name: value})",
        meaning: "the only row of a SQL question; none or several are an error",
        example: "row(\"select kind from actors where name = 'France'\").kind",
        answer: "state",
        register: |engine, shared| {
            asking(engine, shared, "row", query::row);
        },
    },
    ScriptFunction {
        name: "value",
        signature: "value(sql) · value(sql, #{name: value})",
        meaning: "the only value of a SQL question: one row of one column",
        example: "value(\"select count(*) from facts\")",
        answer: "55",
        register: |engine, shared| {
            asking(engine, shared, "value", query::value);
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
