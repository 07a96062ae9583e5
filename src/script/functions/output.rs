//! Functions that write results: values and tables, charts, metrics, lines and expectations.

use super::ScriptFunction;
use crate::error::usage_error;
use crate::quantity::digits::MAX_FIGURES;
use crate::quantity::{Digits, Quantity, Scale, Traced, human};
use crate::script::runtime::{FailedExpectation, Metric, Runtime};
use crate::script::table::{Table, as_table, column_index};
use crate::script::value::{
    Scalar, ScriptResult, argument_error, check_interrupt, describe, is_null_of_cell, named_assumptions, program_error,
    scalar, to_cell, to_quantity,
};
use crate::sql::{AppendedColumns, Cell, Column, Header, Layout, MAX_CACHED_ROWS, Origin, Output};
use rhai::{Dynamic, ImmutableString, Map, NativeCallContext};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::io;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "show(value) · show(value, #{scale: name, significant: figures})",
        meaning: "prints a table, a row, an array or a single value; money in `thousand`, `million` or `billion`, numbers to so many significant figures",
        example: "show(F30)",
        answer: "5,000 missiles  [F30]  stage proposed",
        register: |engine, runtime| {
            let plain = Rc::clone(&runtime);
            engine.register_fn("show", move |value: Dynamic| show(&plain, &value));
            engine.register_fn("show", move |value: Dynamic, options: Map| {
                let digits = digits_of(&options)?;
                match runtime.output() {
                    Some(output) => output.with_digits(digits, || show(&runtime, &value)),
                    None => Ok(()),
                }
            });
        },
    },
    ScriptFunction {
        signature: "metric(name, quantity) · metric(name, quantity, note) · metric(name, quantity, range, note)",
        meaning: "adds a line to the standard result, printed when the script ends; the note says what the range supposes",
        example: "metric(\"twice\", F30 * 2)",
        answer: "twice     10,000  proposed  F30; given",
        register: |engine, runtime| {
            let (two, three, four) = (Rc::clone(&runtime), Rc::clone(&runtime), runtime);
            engine.register_fn("metric", move |name: &str, value: Dynamic| add_metric(&two, name, &value, None, None));
            engine.register_fn("metric", move |name: &str, value: Dynamic, note: &str| {
                add_metric(&three, name, &value, None, Some(note))
            });
            engine.register_fn("metric", move |name: &str, value: Dynamic, range: Dynamic, note: &str| {
                add_metric(&four, name, &value, Some(&range), Some(note))
            });
        },
    },
    ScriptFunction {
        signature: "chart(table, labels, numbers)",
        meaning: "prints a column of numbers as bars, beside the column that names them",
        example: "chart([#{of: \"one\", n: 1}, #{of: \"two\", n: 2}], \"of\", \"n\")",
        answer: "two  ██",
        register: |engine, runtime| {
            engine.register_fn("chart", move |table: Dynamic, labels: &str, numbers: &str| {
                chart(&runtime, &table, labels, numbers)
            });
        },
    },
    ScriptFunction {
        signature: "answer(sentence)",
        meaning: "says in a sentence what the answer is, below the results and under the question of a page; quantities in it bring their facts",
        example: "answer(`the pledge comes to ${F29 / F30}`)",
        answer: "the pledge comes to 320,000 GBP/missile  [F29 F30]  stage proposed",
        register: |engine, runtime| {
            engine.register_fn("answer", move |sentence: &str| add_answer(&runtime, sentence));
        },
    },
    ScriptFunction {
        signature: "title(text)",
        meaning: "sets the line above the next table",
        example: "title(\"Two numbers\"); show([1, 2])",
        answer: "Two numbers",
        register: |engine, runtime| {
            engine.register_fn("title", move |text: &str| {
                runtime.title.replace(Some(text.to_owned()));
            });
        },
    },
    ScriptFunction {
        signature: "print(value) · debug(value)",
        meaning: "prints a line, with CSV and JSON to standard error; `debug` prints a notice",
        example: "print(\"a line\")",
        answer: "a line",
        register: |engine, runtime| {
            let (lines, debugged) = (Rc::clone(&runtime), runtime);
            engine.on_print(move |line| lines.write(|output| output.print(line)));
            engine.on_debug(move |line, _, _| {
                let line = debugged.with_assumptions(line);
                debugged.write(|output| output.notice(&line));
            });
        },
    },
    ScriptFunction {
        signature: "exit() · exit(code)",
        meaning: "ends the script, and the program with this exit code, 0 where none is given; what was shown before is kept",
        example: "if F30.is_unknown { exit(3) } \"it goes on\"",
        answer: "it goes on",
        register: |engine, runtime| {
            let ended = Rc::clone(&runtime);
            engine.register_fn("exit", move || -> ScriptResult<()> { Err(ended.exit(0)) });
            engine.register_fn("exit", move |code: Dynamic| -> ScriptResult<()> {
                let number = code.as_int().ok().and_then(|code| u8::try_from(code).ok());
                Err(number.map_or_else(|| wrong_exit_code(&code), |code| runtime.exit(code)))
            });
        },
    },
    ScriptFunction {
        signature: "refuse(parameter, reason)",
        meaning: "ends a script whose parameter has a value that it can't take, with exit code 2; what was shown before stays",
        example: "if F30.is_unknown { refuse(\"places\", \"at most 28\") } \"it goes on\"",
        answer: "it goes on",
        register: |engine, _| {
            engine.register_fn("refuse", |parameter: &str, reason: &str| -> ScriptResult<()> {
                Err(program_error(usage_error(
                    &format!("`--{}`: {reason}", parameter.replace('_', "-")),
                    "give it another value",
                )))
            });
        },
    },
    ScriptFunction {
        signature: "expect(condition, text)",
        meaning: "reports the text where the condition is false, and lets the script go on; it then ends with exit code 5",
        example: "expect(1 < 2, \"one is less than two\"); \"it holds\"",
        answer: "it holds",
        register: |engine, runtime| {
            engine.register_fn(
                "expect",
                move |context: NativeCallContext, is_met: bool, text: &str| -> ScriptResult<()> {
                    if is_met {
                        return Ok(());
                    }
                    let source = context.call_source().map(str::to_owned);
                    let failed = FailedExpectation {
                        text: runtime.with_assumptions(text),
                        source,
                        position: context.call_position(),
                    };
                    runtime.failed_expectations.borrow_mut().push(failed);
                    Ok(())
                },
            );
        },
    },
];

fn wrong_exit_code(code: &Dynamic) -> Box<rhai::EvalAltResult> {
    let message = format!("`exit` takes a whole number from 0 to 255, not {}", describe(code));
    argument_error(message, "as `exit(3)`; 0 says that all went well")
}

fn add_metric(
    runtime: &Runtime,
    name: &str,
    value: &Dynamic,
    range: Option<&Dynamic>,
    note: Option<&str>,
) -> ScriptResult<()> {
    refuse_nested_output(runtime, "metric")?;
    let range = match range {
        Some(range) if range.is_unit() => None,
        Some(range) => Some(to_quantity(range, "metric")?),
        None => None,
    };
    if name.is_empty() {
        return Err(argument_error("a metric needs a name", "as `metric(\"pledged per missile\", F29 / F30)`"));
    }
    let value = to_quantity(value, "metric")?;
    runtime.metrics.borrow_mut().push(Metric { name: name.to_owned(), value, range, note: note.map(str::to_owned) });
    Ok(())
}

/// Keeps a sentence of the answer until the script ends.
fn add_answer(runtime: &Runtime, sentence: &str) -> ScriptResult<()> {
    refuse_nested_output(runtime, "answer")?;
    if sentence.trim().is_empty() {
        return Err(argument_error("an answer needs a sentence", "as `answer(\"nothing is stated\")`"));
    }
    runtime.answers.borrow_mut().push(sentence.to_owned());
    Ok(())
}

/// Shows the sentences of the answer that were collected in this run, below its results.
pub(in crate::script) fn flush_answers(runtime: &Runtime) -> ScriptResult<()> {
    let sentences = runtime.answers.take();
    let Some(output) = runtime.output() else { return Ok(()) };
    let written = sentences.iter().try_for_each(|sentence| output.answer(sentence));
    written.map_err(|error| program_error(error.into()))
}

/// Shows a value. The unit value of a statement shows nothing; the NULL of a cell is shown as the cell would be.
pub(in crate::script) fn show(runtime: &Runtime, value: &Dynamic) -> ScriptResult<()> {
    let Some(output) = runtime.output() else { return Ok(()) };
    refuse_nested_output(runtime, "show")?;
    let title = runtime.title.take();
    if value.is_unit() && !is_null_of_cell(value) {
        return Ok(());
    }
    if let Some(table) = as_table(value)? {
        return write_as(&output, title, &table, Layout::Rows);
    }
    let refused = |what| argument_error(format!("can't show {what}"), "show a value, a row or a table");
    let cell = to_cell(value).map_err(refused)?;
    output.value(&cell, derivation(value)).map_err(|error| program_error(error.into()))
}

/// The digits that the options of `show` ask for.
fn digits_of(options: &Map) -> ScriptResult<Digits> {
    let mut digits = Digits::default();
    for (name, value) in options {
        match name.as_str() {
            "scale" => {
                let names = Scale::ALL.map(|(name, _)| format!("\"{name}\"")).join(", ");
                let scale = value.read_lock::<ImmutableString>().and_then(|name| Scale::from_name(&name));
                let refused =
                    || argument_error(format!("`scale` can't be {}", describe(value)), format!("it is one of {names}"));
                digits.scale = Some(scale.ok_or_else(refused)?);
            }
            "significant" => {
                let figures = value.as_int().ok().and_then(|figures| u32::try_from(figures).ok());
                let figures = figures.filter(|figures| (1..=MAX_FIGURES).contains(figures));
                let refused = || {
                    let help = format!("it is a whole number from 1 to {MAX_FIGURES}");
                    argument_error(format!("`significant` can't be {}", describe(value)), help)
                };
                digits.significant = Some(figures.ok_or_else(refused)?);
            }
            other => {
                let message = format!("`show` has no option `{other}`");
                return Err(argument_error(message, "as `show(F29, #{scale: \"million\", significant: 3})`"));
            }
        }
    }
    Ok(digits)
}

/// Refuses a result within the result of SQL that calls the function.
fn refuse_nested_output(runtime: &Runtime, function: &str) -> ScriptResult<()> {
    if runtime.is_running_sql.get() {
        let message = format!("`{function}` can't write a result while that of SQL is written");
        return Err(argument_error(message, "let the function give the value: SQL shows it"));
    }
    Ok(())
}

/// The derivation of a computed quantity; `None` for one that was read, and for any other value.
fn derivation(value: &Dynamic) -> Option<String> {
    let worked = value.read_lock::<Traced>()?;
    (!worked.derivation.is_value()).then(|| worked.derivation.to_string())
}

fn write_as(output: &Output, title: Option<String>, table: &Table, layout: Layout) -> ScriptResult<()> {
    let columns = table.columns.iter().enumerate().map(|(at, column)| Column {
        name: column.name.clone(),
        is_quantity: column.is_quantity || table.rows.iter().any(|row| row[at].is::<Traced>()),
    });
    let columns = columns.collect();
    // A value without a cell would be lost in most formats, so it is refused in all.
    let refused = |what| {
        argument_error(
            format!("can't show {what} within a table"),
            "`print(to_json(…))` writes the whole, `show` its parts one by one",
        )
    };
    let cell = |value: &Dynamic| to_cell(value).map_err(refused);
    let cells = |row: &Rc<[Dynamic]>| check_interrupt(output.stop()).and_then(|()| row.iter().map(cell).collect());
    let rows = table.rows.iter().map(cells).collect::<ScriptResult<Vec<Vec<_>>>>()?;
    let header = Header { title, columns, layout, appended: appended_columns(&rows), ..Header::default() };
    let computed = |(row, values): (usize, &Rc<[Dynamic]>)| {
        let cells = values.iter().enumerate();
        cells.filter_map(|(column, value)| Some((row, column, derivation(value)?))).collect::<Vec<_>>()
    };
    let workings = table.rows.iter().take(MAX_CACHED_ROWS).enumerate().flat_map(computed).collect();
    let write = || -> io::Result<()> {
        output.begin(&header)?;
        rows.iter().try_for_each(|row| output.row(row))?;
        output.end(Origin::Computed(workings))
    };
    write().map_err(|error| program_error(error.into()))
}

/// The columns that are appended to these rows.
fn appended_columns<'c>(rows: &[impl AsRef<[Cell<'c>]>]) -> AppendedColumns {
    AppendedColumns { assumptions: !named_assumptions(rows).is_empty(), ..AppendedColumns::default() }
}

/// Shows column `x` of a table with bars for column `y`, whose numbers must have one unit.
fn chart(runtime: &Runtime, rows: &Dynamic, x: &str, y: &str) -> ScriptResult<()> {
    let Some(table) = as_table(rows)? else {
        return Err(argument_error(format!("can't chart {}", describe(rows)), "chart a table or an array of maps"));
    };
    let (label, number) = (column_index(&table.columns, x)?, column_index(&table.columns, y)?);
    let mut unit: Option<String> = None;
    for row in table.rows.iter() {
        let of_row = unit_of(&row[number], y)?;
        match (&unit, of_row) {
            (Some(known), Some(other)) if *known != other => {
                let message = format!("can't chart {} and {} on one axis", unit_words(known), unit_words(&other));
                return Err(argument_error(message, "chart the rows of each unit by itself, or convert them"));
            }
            (None, of_row) => unit = of_row,
            _ => {}
        }
    }
    let columns: Vec<Column> = [label, number].map(|at| table.columns[at].clone()).into();
    let rows = table.rows.iter().map(|row| Rc::from([row[label].clone(), row[number].clone()])).collect();
    let Some(output) = runtime.output() else { return Ok(()) };
    write_as(&output, runtime.title.take(), &Table::new(columns.into(), rows), Layout::Chart)
}

/// The unit of a number, `1` for a plain one; `None` where there is no number.
fn unit_of(value: &Dynamic, column: &str) -> ScriptResult<Option<String>> {
    match scalar(value) {
        Scalar::Quantity(worked) if worked.quantity.is_unknown() => Ok(None),
        Scalar::Quantity(worked) => Ok(Some(worked.quantity.unit().map(ToString::to_string).unwrap_or_default())),
        Scalar::Integer(_) | Scalar::Decimal(_) | Scalar::Real(_) => Ok(Some("1".to_owned())),
        Scalar::Null => Ok(None),
        _ => {
            let message = format!("`{column}` holds {}, which has no length", describe(value));
            Err(argument_error(message, "name a column of numbers, as `chart(table, \"name\", \"amount\")`"))
        }
    }
}

fn unit_words(unit: &str) -> String {
    if unit == "1" { "plain numbers".to_owned() } else { format!("`{unit}`") }
}

/// Columns of the metrics, each with true for a quantity (contract).
const COLUMNS: [(&str, bool); 5] =
    [("metric", false), ("value", true), ("range", true), ("stage", false), ("note", false)];

/// Indices of some of them.
const NAME: usize = 0;
const VALUE: usize = 1;
const RANGE: usize = 2;
const NOTE: usize = 4;

/// Decimal places of a change in percent.
const CHANGE_PLACES: u32 = 2;

/// Shows the metrics collected in this run as one table.
pub(in crate::script) fn flush_metrics(runtime: &Runtime) -> ScriptResult<()> {
    let metrics = runtime.metrics.take();
    let Some(output) = runtime.output().filter(|_| !metrics.is_empty()) else { return Ok(()) };
    let columns = COLUMNS.map(|(name, is_quantity)| Column { name: name.to_owned(), is_quantity });
    let rows = metric_rows(&metrics, &mut runtime.stated_metrics.take());
    let cells: Vec<&[Cell<'_>]> = rows.iter().map(|(row, _)| row.as_slice()).collect();
    let (title, appended) = (runtime.title.take(), appended_columns(&cells));
    let header = Header { title, columns: columns.into(), layout: Layout::Metrics, appended, ..Header::default() };
    let computed = rows.iter().enumerate().filter_map(|(at, (_, metric))| Some(metric_derivations(at, (*metric)?)));
    let workings = computed.flatten().collect();
    let show = || {
        output.begin(&header)?;
        rows.iter().try_for_each(|(row, metric)| match metric {
            Some(_) => output.row(row),
            None => output.row_as_stated(row),
        })?;
        output.end(Origin::Computed(workings))
    };
    show().map_err(|error| program_error(error.into()))
}

/// The rows, each with its metric; a row without assumptions has none.
fn metric_rows<'m>(
    metrics: &'m [Metric],
    stated: &mut Vec<Vec<Cell<'static>>>,
) -> Vec<(Vec<Cell<'static>>, Option<&'m Metric>)> {
    let mut rows = Vec::new();
    for metric in metrics {
        match stated_and_assumed(metric, stated) {
            Some([stated, supposed]) => rows.extend([(stated, None), (supposed, Some(metric))]),
            None => rows.push((metric_cells(metric), Some(metric))),
        }
    }
    rows
}

/// The rows of a metric that rests on assumptions: without them, and with them and the change in percent. `None` for any other
/// metric.
fn stated_and_assumed(metric: &Metric, stated: &mut Vec<Vec<Cell<'static>>>) -> Option<[Vec<Cell<'static>>; 2]> {
    let is_same = |row: &Vec<Cell<'_>>| matches!(&row[NAME], Cell::Text(name) if *name == metric.name);
    let mut row = stated.remove(stated.iter().position(is_same)?);
    let Cell::Quantity(before) = &row[VALUE] else { return None };
    let after = &metric.value.quantity;
    if before.assumptions() == after.assumptions() {
        return None;
    }
    let change = percent_change(before, after).unwrap_or_else(|| "as assumed".to_owned());
    let mut supposed = metric_cells(metric);
    supposed[NAME] = text_cell(&format!("WHAT-IF {}", metric.name));
    supposed[NOTE] = text_cell(&change);
    row[NOTE] = text_cell("as stated");
    // Two ranges side by side would hide the comparison.
    (row[RANGE], supposed[RANGE]) = (Cell::Null, Cell::Null);
    Some([row, supposed])
}

/// The change between two numbers, as `≈+11.11 %`; `None` where one of them is no single number.
fn percent_change(before: &Quantity, after: &Quantity) -> Option<String> {
    let plain = |quantity: &Quantity| {
        quantity.number().map(|_| Quantity::new(quantity.amount().clone(), quantity.unit().cloned()))
    };
    let (before, after) = (plain(before)?, plain(after)?);
    let share = after.subtract(&before).ok()?.divide(&before).ok()?;
    let percent = share.multiply(&Quantity::plain(Decimal::ONE_HUNDRED)).ok()?;
    let words = human::amount(percent.amount(), Some(CHANGE_PLACES));
    if percent.number().is_some_and(|number| number.is_zero()) {
        return Some("unchanged".to_owned());
    }
    let is_rise = percent.number().is_some_and(|number| number > Decimal::ZERO);
    let (sign, digits) = words.strip_prefix('≈').map_or(("", words.as_str()), |digits| ("≈", digits));
    Some(format!("{sign}{}{digits} %", if is_rise { "+" } else { "" }))
}

fn text_cell(text: &str) -> Cell<'static> {
    Cell::Text(Cow::Owned(text.to_owned()))
}

/// The derivations of value and range in a row, by row and column.
fn metric_derivations(row: usize, metric: &Metric) -> Vec<(usize, usize, String)> {
    let with_place = |(column, worked): (usize, &Traced)| (row, column, worked.derivation.to_string());
    [(VALUE, Some(&metric.value)), (RANGE, metric.range.as_ref())]
        .into_iter()
        .filter_map(|(column, worked)| Some((column, worked?)))
        .filter(|(_, worked)| !worked.derivation.is_value())
        .map(with_place)
        .collect()
}

fn metric_cells(metric: &Metric) -> Vec<Cell<'static>> {
    let stages = metric.value.quantity.stages();
    vec![
        text_cell(&metric.name),
        Cell::Quantity(Box::new(metric.value.quantity.clone())),
        metric.range.as_ref().map_or(Cell::Null, |range| Cell::Quantity(Box::new(range.quantity.clone()))),
        if stages.is_empty() { Cell::Null } else { text_cell(&stages.to_string()) },
        metric.note.as_deref().map_or(Cell::Null, text_cell),
    ]
}
