//! Functions that read the book.

use super::ScriptFunction;
use crate::script::raise::{Raised, raise_argument};
use crate::script::{ids, query};
use rhai::{Dynamic, Map};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "query",
        signature: "query(sql) · query(sql, #{name: value})",
        meaning: "the rows of a SQL question as a table; `:name` in the SQL stands for the value",
        example: "query(\"select id from figures\").len",
        answer: "4",
        register: |engine, shared| {
            let (one, two) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("query", move |sql: &str| query::table(&one, sql, Map::new()));
            engine.register_fn("query", move |sql: &str, values: Map| query::table(&two, sql, values));
        },
    },
    ScriptFunction {
        name: "stream",
        signature: "stream(sql) · stream(sql, #{name: value})",
        meaning: "the rows of a SQL question one by one, for a `for` loop over more than fits in memory",
        example: "let n = 0; for fact in stream(\"select id from facts\") { n += 1 } n",
        answer: "55",
        register: |engine, shared| {
            let (one, two) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("stream", move |sql: &str| query::stream(&one, sql, Map::new()));
            engine.register_fn("stream", move |sql: &str, values: Map| query::stream(&two, sql, values));
        },
    },
    ScriptFunction {
        name: "row",
        signature: "row(sql) · row(sql, #{name: value})",
        meaning: "the only row of a SQL question; none or several are an error",
        example: "row(\"select kind from actors where name = 'France'\").kind",
        answer: "state",
        register: |engine, shared| {
            let (one, two) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("row", move |sql: &str| query::row(&one, sql, Map::new()));
            engine.register_fn("row", move |sql: &str, values: Map| query::row(&two, sql, values));
        },
    },
    ScriptFunction {
        name: "value",
        signature: "value(sql) · value(sql, #{name: value})",
        meaning: "the only value of a SQL question: one row of one column",
        example: "value(\"select count(*) from facts\")",
        answer: "55",
        register: |engine, shared| {
            let (one, two) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("value", move |sql: &str| query::value(&one, sql, Map::new()));
            engine.register_fn("value", move |sql: &str, values: Map| query::value(&two, sql, values));
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
                ids::stated(&shared, id)?.ok_or_else(|| {
                    raise_argument(
                        format!("the book states no figure `{id}`"),
                        "`select id, label from figures` lists them",
                    )
                })
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
