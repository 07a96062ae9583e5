//! Functions that write out.

use super::ScriptFunction;
use crate::script::raise::{Raised, raise_argument};
use crate::script::shared::{Failed, Metric, Shared};
use crate::script::value::to_worked;
use crate::script::{chart, show};
use rhai::{Dynamic, NativeCallContext};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "show",
        signature: "show(value)",
        meaning: "prints a table, a row, an array or a single value",
        example: "show(F30)",
        answer: "5,000 missile  [F30]  stage proposed",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("show", move |value: Dynamic| show::show(&shared, &value));
        },
    },
    ScriptFunction {
        name: "metric",
        signature: "metric(name, quantity) · metric(name, quantity, note) · metric(name, quantity, range, note)",
        meaning: "adds a line to the standard result, printed when the script ends; the note says what the range supposes",
        example: "metric(\"twice\", F30 * 2)",
        answer: "twice    10,000  proposed  F30; given",
        register: |engine, shared| {
            let (two, three, four) = (Rc::clone(shared), Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("metric", move |name: &str, value: Dynamic| add(&two, name, &value, None, None));
            engine.register_fn("metric", move |name: &str, value: Dynamic, note: &str| {
                add(&three, name, &value, None, Some(note))
            });
            engine.register_fn("metric", move |name: &str, value: Dynamic, range: Dynamic, note: &str| {
                add(&four, name, &value, Some(&range), Some(note))
            });
        },
    },
    ScriptFunction {
        name: "chart",
        signature: "chart(table, labels, numbers)",
        meaning: "prints a column of numbers as bars, beside the column that names them",
        example: "chart([#{of: \"one\", n: 1}, #{of: \"two\", n: 2}], \"of\", \"n\")",
        answer: "two  ██",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("chart", move |table: Dynamic, labels: &str, numbers: &str| {
                chart::chart(&shared, &table, labels, numbers)
            });
        },
    },
    ScriptFunction {
        name: "title",
        signature: "title(text)",
        meaning: "sets the line above the next table",
        example: "title(\"Two numbers\"); show([1, 2])",
        answer: "Two numbers",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("title", move |text: &str| {
                shared.title.replace(Some(text.to_owned()));
            });
        },
    },
    ScriptFunction {
        name: "print",
        signature: "print(value) · debug(value)",
        meaning: "prints a line, with CSV and JSON to standard error; `debug` prints a notice",
        example: "print(\"a line\")",
        answer: "a line",
        register: |engine, shared| {
            let (lines, debugged) = (Rc::clone(shared), Rc::clone(shared));
            engine.on_print(move |line| lines.write(|output| output.print(line)));
            engine.on_debug(move |line, _, _| {
                let line = debugged.stamped(line);
                debugged.write(|output| output.notice(&line));
            });
        },
    },
    ScriptFunction {
        name: "expect",
        signature: "expect(condition, text)",
        meaning: "reports the text where the condition is false, and lets the script go on; it then ends with exit code 5",
        example: "expect(1 < 2, \"one is less than two\"); \"it holds\"",
        answer: "it holds",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("expect", move |context: NativeCallContext, holds: bool, text: &str| -> Raised<()> {
                if holds {
                    return Ok(());
                }
                let source = context.call_source().map(str::to_owned);
                let failed = Failed { text: shared.stamped(text), source, position: context.call_position() };
                shared.failed_expectations.borrow_mut().push(failed);
                Ok(())
            });
        },
    },
];

fn add(shared: &Shared, name: &str, value: &Dynamic, range: Option<&Dynamic>, note: Option<&str>) -> Raised<()> {
    show::refuse_within(shared, "metric")?;
    let range = match range {
        Some(range) if range.is_unit() => None,
        Some(range) => Some(to_worked(range, "metric")?),
        None => None,
    };
    if name.is_empty() {
        return Err(raise_argument("a metric needs a name", "as `metric(\"pledged per missile\", F29 / F30)`"));
    }
    let value = to_worked(value, "metric")?;
    shared.metrics.borrow_mut().push(Metric { name: name.to_owned(), value, range, note: note.map(str::to_owned) });
    Ok(())
}
