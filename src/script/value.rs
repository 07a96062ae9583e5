//! The values of scripts: conversion from and to cells of the book, the tag that says whether a number comes from the book or
//! from a person, and descriptions for messages. It computes nothing.

use super::exception::{ScriptResult, argument_error};
use super::taint;
use crate::quantity::{Assumptions, Quantity, Worked, reading};
use crate::sql::Cell;
use rhai::{Dynamic, Engine, FLOAT, INT, ImmutableString, Map};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::cell::RefCell;

/// An operand, sorted by what can be done with it.
pub(super) enum Scalar {
    Integer(INT),
    Decimal(Decimal),
    Real(FLOAT),
    Quantity(Box<Worked>),
    Text(ImmutableString),
    Truth(bool),
    Null,
    Other,
}

/// Sorts a value.
pub(super) fn scalar(value: &Dynamic) -> Scalar {
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
    if let Some(worked) = value.read_lock::<Worked>() {
        return Scalar::Quantity(Box::new(worked.clone()));
    }
    value.as_char().map_or(Scalar::Other, |character| Scalar::Text(character.to_string().into()))
}

thread_local! {
    /// The columns that a NULL of this thread came from; a NULL's tag is a place in it, from 1 on.
    static NULL_COLUMNS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A NULL that remembers the name of its column, for the error of an operator on it.
fn null_of_column(column: &str) -> Dynamic {
    let mut null = Dynamic::UNIT;
    let tag = NULL_COLUMNS.with_borrow_mut(|columns| {
        let known = columns.iter().position(|known| known == column);
        let at = known.unwrap_or_else(|| {
            columns.push(column.to_owned());
            columns.len() - 1
        });
        i32::try_from(at + 1).unwrap_or_default()
    });
    null.set_tag(tag);
    null
}

/// Whether a NULL came from a cell, rather than from a statement that has no value.
pub(super) fn is_null_of_cell(value: &Dynamic) -> bool {
    value.is_unit() && value.tag() > 0
}

/// `NULL`, with its column where it is known.
fn describe_null(null: &Dynamic) -> String {
    let at = usize::try_from(null.tag()).unwrap_or_default().checked_sub(1);
    let column = at.and_then(|at| NULL_COLUMNS.with_borrow(|columns| columns.get(at).cloned()));
    column.map_or_else(|| "NULL".to_owned(), |column| format!("the NULL of `{column}`"))
}

/// A cell of the book, of the column `column`, as a script's value.
pub(super) fn from_cell(cell: Cell<'static>, column: &str) -> Dynamic {
    let is_null = matches!(cell, Cell::Null);
    let value = from_cell_untagged(cell, column);
    // The tag of a NULL is its column.
    if is_null { value } else { from_book(value) }
}

/// A cell as a script's value, wherever it comes from.
pub(super) fn from_cell_untagged(cell: Cell<'static>, column: &str) -> Dynamic {
    match cell {
        Cell::Null => null_of_column(column),
        Cell::Truth(truth) => truth.into(),
        Cell::Integer(whole) => whole.into(),
        Cell::Real(real) => real.into(),
        Cell::Decimal(decimal) => decimal.into(),
        Cell::Text(text) => text.into_owned().into(),
        Cell::Blob(bytes) => Dynamic::from_blob(bytes.into_owned()),
        Cell::Quantity(quantity) => from_quantity(*quantity),
    }
}

/// A quantity as it was read, whose working is itself.
pub(super) fn from_quantity(quantity: Quantity) -> Dynamic {
    Dynamic::from(Worked::from(quantity))
}

/// An exact number: whole where it is whole and fits 64 bits.
pub(super) fn from_number(number: Decimal) -> Dynamic {
    match i64::try_from(number) {
        Ok(whole) if number.is_integer() => whole.into(),
        _ => number.normalize().into(),
    }
}

/// A script's value as a cell.
///
/// # Errors
/// In words, for a value that no cell holds: a table, a map, a function.
pub(super) fn to_cell(value: &Dynamic) -> Result<Cell<'static>, String> {
    match scalar(value) {
        Scalar::Null => Ok(Cell::Null),
        Scalar::Truth(truth) => Ok(Cell::Truth(truth)),
        Scalar::Integer(whole) => Ok(Cell::Integer(whole)),
        Scalar::Decimal(decimal) => Ok(Cell::Decimal(decimal.normalize())),
        Scalar::Real(real) => Ok(Cell::Real(real)),
        Scalar::Text(text) => Ok(Cell::Text(Cow::Owned(text.into_owned()))),
        Scalar::Quantity(worked) => Ok(Cell::Quantity(Box::new(worked.quantity))),
        Scalar::Other => match value.read_lock::<rhai::Blob>() {
            Some(bytes) => Ok(Cell::Blob(Cow::Owned(bytes.clone()))),
            None => Err(describe(value)),
        },
    }
}

/// A value as a quantity; a plain number that is a person's says so.
///
/// # Errors
/// For any other value.
pub(super) fn to_given_quantity(value: &Dynamic, wanted_by: &str) -> ScriptResult<Worked> {
    let worked = to_quantity(value, wanted_by)?;
    Ok(if worked.quantity.is_bare() && !is_from_book(value) { worked.given() } else { worked })
}

/// A value as a quantity: a plain number is one without unit.
///
/// # Errors
/// For any other value.
pub(super) fn to_quantity(value: &Dynamic, wanted_by: &str) -> ScriptResult<Worked> {
    match scalar(value) {
        Scalar::Quantity(worked) => Ok(*worked),
        Scalar::Integer(whole) => Ok(Worked::from(Quantity::plain(whole.into()))),
        Scalar::Decimal(decimal) => Ok(Worked::from(Quantity::plain(decimal))),
        _ => Err(argument_error(
            format!("`{wanted_by}` wants a quantity or a number, not {}", describe(value)),
            "a quantity is read from a view, or written as `q(\"1.25 USD/GBP\")`",
        )),
    }
}

/// A value within a text that a script makes: a quantity as people read it with what it rests on, as `320,000
/// GBP/missile [F29 F30; @proposed]`.
pub(super) fn display_text(value: &Dynamic) -> String {
    taint::note(value);
    match scalar(value) {
        Scalar::Quantity(worked) => {
            let words = reading::quantity(&worked.quantity, None);
            match worked.quantity.to_string().split_once(" [") {
                Some((_, references)) => format!("{words} [{references}"),
                None => words,
            }
        }
        Scalar::Integer(whole) => whole.to_string(),
        Scalar::Decimal(decimal) => decimal.normalize().to_string(),
        Scalar::Real(real) => format!("≈{real:?}"),
        Scalar::Text(text) => text.to_string(),
        Scalar::Null => "NULL".to_owned(),
        Scalar::Truth(_) | Scalar::Other => describe(value),
    }
}

/// What a value is, as a message says it: `a text`, `1,600,000,000 GBP`, `a table`.
pub(super) fn describe(value: &Dynamic) -> String {
    taint::note(value);
    match scalar(value) {
        Scalar::Integer(whole) => format!("the number {whole}"),
        Scalar::Decimal(decimal) => format!("the number {}", decimal.normalize()),
        Scalar::Real(real) => format!("the REAL {real:?}"),
        Scalar::Quantity(worked) => reading::quantity(&worked.quantity, None),
        Scalar::Text(text) => format!("the text {}", quoted(&text)),
        Scalar::Truth(truth) => truth.to_string(),
        Scalar::Null => describe_null(value),
        Scalar::Other => describe_type(value.type_name()).to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let short: String = text.chars().take(30).collect();
    if short.len() < text.len() { format!("\"{short}…\"") } else { format!("\"{short}\"") }
}

/// What is supposed of the book in the quantities of these rows.
pub(super) fn named_assumptions<'c>(rows: &[impl AsRef<[Cell<'c>]>]) -> Assumptions {
    let mut named = Assumptions::none();
    for cell in rows.iter().flat_map(AsRef::as_ref) {
        if let Cell::Quantity(quantity) = cell {
            named = named.union(&quantity.assumptions().about_book());
        }
    }
    named
}

/// The engine's name of a type, in words.
pub(super) fn describe_type(name: &str) -> &'static str {
    if name.contains("String") {
        return "a text";
    }
    match name.rsplit("::").next().unwrap_or(name).trim_start_matches("&mut ") {
        "i64" | "INT" => "a whole number",
        "decimal" | "Decimal" => "a decimal",
        "f64" | "FLOAT" => "a REAL",
        "quantity" | "Worked" => "a quantity",
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

/// The tag of what comes from the book. A NULL's tag is its column, and never below 0.
const FROM_BOOK_TAG: i32 = -1;

/// The value, as one of the book.
pub(super) fn from_book(mut value: Dynamic) -> Dynamic {
    value.set_tag(FROM_BOOK_TAG);
    value
}

/// Whether a value comes from the book alone.
pub(super) fn is_from_book(value: &Dynamic) -> bool {
    value.tag() == FROM_BOOK_TAG
}

/// What was made of values, with where it comes from.
pub(super) fn derived_from(made: Dynamic, values: &[&Dynamic]) -> Dynamic {
    if values.iter().all(|value| is_from_book(value)) { from_book(made) } else { made }
}

/// How many there are of something.
pub(super) fn book_count(len: usize) -> Dynamic {
    from_book(INT::try_from(len).unwrap_or(INT::MAX).into())
}

/// Registers what counts, and keeps scripts from changing where a number comes from.
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
