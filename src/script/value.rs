//! The values of scripts: conversion from and to cells of the book, the tag that says whether a number comes from the book or
//! from a person, descriptions for messages, and errors of the program on their way through the engine, each as the value of a
//! runtime error. It computes nothing.

use super::taint;
use crate::error::{Error, FunctionCause, QuantityError, ScriptCause, ScriptError};
use crate::quantity::{Assumptions, Quantity, Traced, human};
use crate::sql::Cell;
use crate::store::Stop;
use rhai::{Dynamic, DynamicReadLock, Engine, EvalAltResult, FLOAT, INT, ImmutableString, Map, Position};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

/// The result of a native function, whose error the engine propagates.
pub(super) type ScriptResult<T> = Result<T, Box<EvalAltResult>>;

/// An error of the program, as a value that a script can catch and print.
#[derive(Debug, Clone)]
pub(super) struct Exception(pub(super) Rc<Error>);

/// Wraps any error of the program; an interrupt or a limit becomes a termination, which no script can catch.
pub(super) fn program_error(error: Error) -> Box<EvalAltResult> {
    if let Error::Exit(..) = error {
        return Box::new(EvalAltResult::Exit(Dynamic::UNIT, Position::NONE));
    }
    if matches!(error, Error::Interrupted | Error::Limit(_)) {
        return Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE));
    }
    Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(Exception(Rc::new(error))), Position::NONE))
}

/// Ends a long native function as the engine ends a script between two steps.
///
/// # Errors
/// The stop flag is raised.
pub(super) fn check_interrupt(stop: &Stop) -> ScriptResult<()> {
    if stop.is_raised() { Err(program_error(Error::Interrupted)) } else { Ok(()) }
}

/// Wraps a cause of a script error; the engine fills in the position of the call.
pub(super) fn script_error(cause: ScriptCause) -> Box<EvalAltResult> {
    program_error(ScriptError::at(cause, None))
}

/// Wraps a violation of the rules of quantities.
pub(super) fn quantity_error(error: QuantityError) -> Box<EvalAltResult> {
    function_error(error.into())
}

/// Wraps a wrong argument, with the help that says how to correct it.
pub(super) fn argument_error(message: impl Into<String>, help: impl Into<String>) -> Box<EvalAltResult> {
    script_error(ScriptCause::argument(message, help))
}

/// Wraps the error of a function that SQL has too.
pub(super) fn function_error(cause: FunctionCause) -> Box<EvalAltResult> {
    script_error(cause.into())
}

/// The cause of a key that a map does not have.
pub(super) fn unknown_key(key: &str, near: Option<String>) -> ScriptCause {
    let help = match key {
        "len" => "`m.len()` counts the keys".to_owned(),
        _ => format!(
            "`m.get(\"{key}\")` gives () where there is none, `m.contains(\"{key}\")` says whether there is one"
        ),
    };
    ScriptCause::NotFound { message: format!("the map has no key `{key}`"), near, help: Some(help) }
}

/// A value of a script by its type; `Other` for a table, a row, a map, an array, a function or a blob.
pub(super) enum Scalar<'v> {
    Integer(INT),
    Decimal(Decimal),
    Real(FLOAT),
    Quantity(DynamicReadLock<'v, Traced>),
    Text(ImmutableString),
    Truth(bool),
    Null,
    Other,
}

/// Classifies a value.
pub(super) fn scalar(value: &Dynamic) -> Scalar<'_> {
    if let Ok(whole) = value.as_int() {
        return Scalar::Integer(whole);
    }
    if value.is_unit() {
        return Scalar::Null;
    }
    if value.is_string() {
        return value.clone().into_immutable_string().map_or(Scalar::Other, Scalar::Text);
    }
    if let Ok(truth) = value.as_bool() {
        return Scalar::Truth(truth);
    }
    if let Ok(decimal) = value.as_decimal() {
        return Scalar::Decimal(decimal);
    }
    if let Ok(real) = value.as_float() {
        return Scalar::Real(real);
    }
    if let Some(worked) = value.read_lock::<Traced>() {
        return Scalar::Quantity(worked);
    }
    value.as_char().map_or(Scalar::Other, |character| Scalar::Text(character.to_string().into()))
}

thread_local! {
    /// The columns that the NULLs of this thread came from; the tag of a NULL is its index here, from 1 on.
    static NULL_COLUMNS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A NULL tagged with its column, for the error of an operator on it.
fn null_of_column(column: &str) -> Dynamic {
    let mut null = Dynamic::UNIT;
    null.set_tag(null_tag(column));
    null
}

/// The tag of a NULL of a column.
pub(super) fn null_tag(column: &str) -> i32 {
    NULL_COLUMNS.with_borrow_mut(|columns| {
        let known = columns.iter().position(|known| known == column);
        let at = known.unwrap_or_else(|| {
            columns.push(column.to_owned());
            columns.len() - 1
        });
        i32::try_from(at + 1).unwrap_or_default()
    })
}

/// True for the NULL of a cell, false for the unit value of a statement.
pub(super) fn is_null_of_cell(value: &Dynamic) -> bool {
    value.is_unit() && value.tag() > 0
}

/// `NULL`, with its column where that is known.
fn describe_null(null: &Dynamic) -> String {
    let at = usize::try_from(null.tag()).unwrap_or_default().checked_sub(1);
    let column = at.and_then(|at| NULL_COLUMNS.with_borrow(|columns| columns.get(at).cloned()));
    column.map_or_else(|| "NULL".to_owned(), |column| format!("the NULL of `{column}`"))
}

/// Converts a cell of column `column`, tagged as coming from the book.
pub(super) fn from_cell(cell: Cell<'static>, column: &str) -> Dynamic {
    let (is_null, is_stored_real) = (matches!(cell, Cell::Null), matches!(cell, Cell::StoredReal(_)));
    let mut value = from_cell_untagged(cell, column);
    if is_stored_real {
        value.set_tag(STORED_REAL_TAG);
    }
    // The tag of a NULL is its column.
    if is_null || is_stored_real { value } else { from_book(value) }
}

/// Converts a cell without a tag of origin.
pub(super) fn from_cell_untagged(cell: Cell<'static>, column: &str) -> Dynamic {
    match cell {
        Cell::Null => null_of_column(column),
        Cell::Truth(truth) => truth.into(),
        Cell::Integer(whole) => whole.into(),
        Cell::Real(real) | Cell::StoredReal(real) => real.into(),
        Cell::Decimal(decimal) => decimal.into(),
        Cell::Text(text) => text.into_owned().into(),
        Cell::Blob(bytes) => Dynamic::from_blob(bytes.into_owned()),
        Cell::Quantity(quantity) => from_quantity(*quantity),
    }
}

/// Converts a quantity that was read, not computed: its derivation is itself.
pub(super) fn from_quantity(quantity: Quantity) -> Dynamic {
    Dynamic::from(Traced::from(quantity))
}

/// Converts an exact number: an integer where it is whole and fits 64 bits, else a decimal.
pub(super) fn from_number(number: Decimal) -> Dynamic {
    match i64::try_from(number) {
        Ok(whole) if number.is_integer() => whole.into(),
        _ => number.normalize().into(),
    }
}

/// Converts a value to a cell.
///
/// # Errors
/// The description of a value that no cell holds: a table, a map, a function.
pub(super) fn to_cell(value: &Dynamic) -> Result<Cell<'static>, String> {
    match scalar(value) {
        Scalar::Null => Ok(Cell::Null),
        Scalar::Truth(truth) => Ok(Cell::Truth(truth)),
        Scalar::Integer(whole) => Ok(Cell::Integer(whole)),
        Scalar::Decimal(decimal) => Ok(Cell::Decimal(decimal.normalize())),
        Scalar::Real(real) if value.tag() == STORED_REAL_TAG => Ok(Cell::StoredReal(real)),
        Scalar::Real(real) => Ok(Cell::Real(real)),
        Scalar::Text(text) => Ok(Cell::Text(Cow::Owned(text.into_owned()))),
        Scalar::Quantity(worked) => Ok(Cell::Quantity(Box::new(worked.quantity.clone()))),
        Scalar::Other => match value.read_lock::<rhai::Blob>() {
            Some(bytes) => Ok(Cell::Blob(Cow::Owned(bytes.clone()))),
            None => Err(describe(value)),
        },
    }
}

/// Converts a value to a quantity; a plain number without the tag of the book is marked as given.
///
/// # Errors
/// A value of any other type; `wanted_by` is the function that the message names.
pub(super) fn to_given_quantity(value: &Dynamic, wanted_by: &str) -> ScriptResult<Traced> {
    let worked = to_quantity(value, wanted_by)?;
    Ok(if worked.quantity.is_bare() && !is_from_book(value) { worked.given() } else { worked })
}

/// Converts a value to a quantity; a plain number becomes one without unit.
///
/// # Errors
/// For any other value.
pub(super) fn to_quantity(value: &Dynamic, wanted_by: &str) -> ScriptResult<Traced> {
    match scalar(value) {
        Scalar::Quantity(worked) => Ok(worked.clone()),
        Scalar::Integer(whole) => Ok(Traced::from(Quantity::plain(whole.into()))),
        Scalar::Decimal(decimal) => Ok(Traced::from(Quantity::plain(decimal))),
        _ => Err(argument_error(
            format!("`{wanted_by}` wants a quantity or a number, not {}", describe(value)),
            "a quantity is read from a view, or written as `q(\"1.25 USD/GBP\")`",
        )),
    }
}

/// The text of a value within a string that a script builds: a quantity with what it rests on, as `320,000 GBP/missile [F29
/// F30; @proposed]`.
pub(super) fn display_text(value: &Dynamic) -> String {
    taint::note(value);
    match scalar(value) {
        Scalar::Quantity(worked) => {
            let words = human::quantity(&worked.quantity, None);
            match worked.quantity.to_string().split_once(" [") {
                Some((_, references)) => format!("{words} [{references}"),
                None => words,
            }
        }
        Scalar::Integer(whole) => whole.to_string(),
        Scalar::Decimal(decimal) => decimal.normalize().to_string(),
        Scalar::Real(real) if value.tag() == STORED_REAL_TAG => format!("{real:?}"),
        Scalar::Real(real) => format!("≈{real:?}"),
        Scalar::Text(text) => text.to_string(),
        Scalar::Null => "NULL".to_owned(),
        Scalar::Truth(_) | Scalar::Other => describe(value),
    }
}

/// The description of a value in messages: `the text "x"`, `1,600,000,000 GBP`, `a table`.
pub(super) fn describe(value: &Dynamic) -> String {
    taint::note(value);
    match scalar(value) {
        Scalar::Integer(whole) => format!("the number {whole}"),
        Scalar::Decimal(decimal) => format!("the number {}", decimal.normalize()),
        Scalar::Real(real) => format!("the REAL {real:?}"),
        Scalar::Quantity(worked) => human::quantity(&worked.quantity, None),
        Scalar::Text(text) => {
            let short: String = text.chars().take(30).collect();
            format!("the text \"{short}{}\"", if short.len() < text.len() { "…" } else { "" })
        }
        Scalar::Truth(truth) => truth.to_string(),
        Scalar::Null => describe_null(value),
        Scalar::Other => describe_type(value.type_name()).to_owned(),
    }
}

/// The most characters of a value that is written out in a message.
const MAX_LITERAL_CHARS: usize = 400;

/// The most levels of one.
const MAX_LITERAL_LEVELS: usize = 8;

/// A value as a script could write it, in a message: `#{code: 5, text: "no"}`; a long one is cut, with `…`.
pub(super) fn literal(value: &Dynamic) -> String {
    let mut text = String::new();
    write_literal(value, MAX_LITERAL_LEVELS, &mut text);
    match text.char_indices().nth(MAX_LITERAL_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn write_literal(value: &Dynamic, levels: usize, text: &mut String) {
    if levels == 0 || text.len() > 4 * MAX_LITERAL_CHARS {
        text.push('…');
        return;
    }
    let mut separator = "";
    if let Some(map) = value.read_lock::<Map>() {
        text.push_str("#{");
        for (key, value) in map.iter() {
            let is_name = key.starts_with(char::is_alphabetic) && key.chars().all(|c| c.is_alphanumeric() || c == '_');
            text.push_str(separator);
            text.push_str(&if is_name { key.to_string() } else { format!("{key:?}") });
            text.push_str(": ");
            write_literal(value, levels - 1, text);
            separator = ", ";
        }
        text.push('}');
    } else if let Some(values) = value.read_lock::<rhai::Array>() {
        text.push('[');
        for value in values.iter() {
            text.push_str(separator);
            write_literal(value, levels - 1, text);
            separator = ", ";
            if text.len() > 4 * MAX_LITERAL_CHARS {
                break;
            }
        }
        text.push(']');
    } else {
        text.push_str(&match scalar(value) {
            Scalar::Text(written) => format!("{written:?}"),
            Scalar::Null => "()".to_owned(),
            Scalar::Truth(truth) => truth.to_string(),
            _ => display_text(value),
        });
    }
}

/// The union of the assumptions about the book that quantities in `rows` name.
pub(super) fn named_assumptions<'c>(rows: &[impl AsRef<[Cell<'c>]>]) -> Assumptions {
    let mut named = Assumptions::none();
    for cell in rows.iter().flat_map(AsRef::as_ref) {
        if let Cell::Quantity(quantity) = cell {
            named = named.union(&quantity.assumptions().about_book());
        }
    }
    named
}

/// The description of a type in messages, from the engine's or Rust's name of it.
pub(super) fn describe_type(name: &str) -> &'static str {
    if name.contains("String") {
        return "a text";
    }
    match name.rsplit("::").next().unwrap_or(name).trim_start_matches("&mut ") {
        "i64" | "INT" => "a whole number",
        "decimal" | "Decimal" => "a decimal",
        "f64" | "FLOAT" => "a REAL",
        "quantity" | "Traced" => "a quantity",
        "string" | "&str" => "a text",
        "bool" => "true or false",
        "()" => "NULL",
        "table" | "Table" => "a table",
        "row" | "TableRow" => "a row",
        "array" | "Array" | "Vec<Dynamic>" => "an array",
        "map" | "Map" => "a map",
        "Fn" | "FnPtr" => "a function",
        "char" => "a character",
        "rows" | "RowStream" => "a stream of rows",
        "error" | "Exception" => "an error",
        "range" | "range=" => "a range",
        _ => "a value of another kind",
    }
}

/// Tag of a value that comes from the book. The tag of a NULL is its column, and never below 0.
pub(super) const FROM_BOOK_TAG: i32 = -1;

/// Tag of a REAL that comes from the book as a table stores it: whatever is computed of it has another tag.
const STORED_REAL_TAG: i32 = -2;

/// Tags a value as coming from the book.
pub(super) fn from_book(mut value: Dynamic) -> Dynamic {
    value.set_tag(FROM_BOOK_TAG);
    value
}

/// True if a value comes from the book alone.
pub(super) fn is_from_book(value: &Dynamic) -> bool {
    is_book_tag(value.tag())
}

/// True for the tag of a value that comes from the book alone.
pub(super) const fn is_book_tag(tag: i32) -> bool {
    matches!(tag, FROM_BOOK_TAG | STORED_REAL_TAG)
}

/// Tags a computed value as coming from the book if all of its operands do.
pub(super) fn derived_from(made: Dynamic, values: &[&Dynamic]) -> Dynamic {
    if values.iter().all(|value| is_from_book(value)) { from_book(made) } else { made }
}

/// A length or index, tagged as coming from the book.
pub(super) fn book_count(len: usize) -> Dynamic {
    from_book(INT::try_from(len).unwrap_or(INT::MAX).into())
}

/// Registers `len`, whose result comes from the book, and refuses scripts that set a tag themselves.
pub(super) fn register_tags(engine: &mut Engine) {
    engine.register_fn("len", |values: &mut rhai::Array| book_count(values.len()));
    engine.register_get("len", |values: &mut rhai::Array| book_count(values.len()));
    engine.register_fn("len", |map: &mut Map| book_count(map.len()));
    engine.register_fn("len", |text: &mut ImmutableString| book_count(text.chars().count()));
    engine.register_get("len", |text: &mut ImmutableString| book_count(text.chars().count()));
    let refused = || argument_error("where a value comes from can't be set", "leave the tag as it is");
    engine.register_fn("set_tag", move |_: &mut Dynamic, _: INT| -> ScriptResult<()> { Err(refused()) });
    engine.register_set("tag", move |_: &mut Dynamic, _: INT| -> ScriptResult<()> { Err(refused()) });
}
