//! The values of scripts: conversion from and to cells of the book, the tag that says whether a number comes from the book or
//! from a person, and descriptions for messages. It computes nothing.

use super::exception::{Raised, raise_argument};
use super::taint;
use crate::quantity::{Assumptions, Quantity, Worked, reading};
use crate::sql::Cell;
use rhai::{Dynamic, Engine, FLOAT, INT, ImmutableString, Map};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::cell::RefCell;

/// An operand, sorted by what can be done with it.
pub(super) enum Operand {
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
pub(super) fn operand(value: &Dynamic) -> Operand {
    if let Ok(whole) = value.as_int() {
        return Operand::Integer(whole);
    }
    if value.is_unit() {
        return Operand::Null;
    }
    if value.is_string() {
        return value.clone().into_immutable_string().map_or(Operand::Other, Operand::Text);
    }
    if let Ok(truth) = value.as_bool() {
        return Operand::Truth(truth);
    }
    if let Ok(decimal) = value.as_decimal() {
        return Operand::Decimal(decimal);
    }
    if let Ok(real) = value.as_float() {
        return Operand::Real(real);
    }
    if let Some(worked) = value.read_lock::<Worked>() {
        return Operand::Quantity(Box::new(worked.clone()));
    }
    value.as_char().map_or(Operand::Other, |character| Operand::Text(character.to_string().into()))
}

thread_local! {
    /// The columns that a NULL of this thread came from; a NULL's tag is a place in it, from 1 on.
    static NULL_COLUMNS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A NULL that remembers the name of its column, for the error of an operator on it.
fn null_of(column: &str) -> Dynamic {
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
fn null_in_words(null: &Dynamic) -> String {
    let at = usize::try_from(null.tag()).unwrap_or_default().checked_sub(1);
    let column = at.and_then(|at| NULL_COLUMNS.with_borrow(|columns| columns.get(at).cloned()));
    column.map_or_else(|| "NULL".to_owned(), |column| format!("the NULL of `{column}`"))
}

/// A cell of the book, of the column `column`, as a script's value.
pub(super) fn from_cell(cell: Cell<'static>, column: &str) -> Dynamic {
    let is_null = matches!(cell, Cell::Null);
    let value = from_any_cell(cell, column);
    // The tag of a NULL is its column.
    if is_null { value } else { of_book(value) }
}

/// A cell as a script's value, wherever it comes from.
pub(super) fn from_any_cell(cell: Cell<'static>, column: &str) -> Dynamic {
    match cell {
        Cell::Null => null_of(column),
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
    match operand(value) {
        Operand::Null => Ok(Cell::Null),
        Operand::Truth(truth) => Ok(Cell::Truth(truth)),
        Operand::Integer(whole) => Ok(Cell::Integer(whole)),
        Operand::Decimal(decimal) => Ok(Cell::Decimal(decimal.normalize())),
        Operand::Real(real) => Ok(Cell::Real(real)),
        Operand::Text(text) => Ok(Cell::Text(Cow::Owned(text.into_owned()))),
        Operand::Quantity(worked) => Ok(Cell::Quantity(Box::new(worked.quantity))),
        Operand::Other => match value.read_lock::<rhai::Blob>() {
            Some(bytes) => Ok(Cell::Blob(Cow::Owned(bytes.clone()))),
            None => Err(in_words(value)),
        },
    }
}

/// A value as a quantity; a plain number that is a person's says so.
///
/// # Errors
/// For any other value.
pub(super) fn to_worked_given(value: &Dynamic, wanted_by: &str) -> Raised<Worked> {
    let worked = to_worked(value, wanted_by)?;
    Ok(if worked.quantity.is_bare() && !is_of_book(value) { worked.given() } else { worked })
}

/// A value as a quantity: a plain number is one without unit.
///
/// # Errors
/// For any other value.
pub(super) fn to_worked(value: &Dynamic, wanted_by: &str) -> Raised<Worked> {
    match operand(value) {
        Operand::Quantity(worked) => Ok(*worked),
        Operand::Integer(whole) => Ok(Worked::from(Quantity::plain(whole.into()))),
        Operand::Decimal(decimal) => Ok(Worked::from(Quantity::plain(decimal))),
        _ => Err(raise_argument(
            format!("`{wanted_by}` wants a quantity or a number, not {}", in_words(value)),
            "a quantity is read from a view, or written as `q(\"1.25 USD/GBP\")`",
        )),
    }
}

/// A value within a text that a script makes: a quantity as people read it with what it rests on, as `320,000
/// GBP/missile [F29 F30; @proposed]`.
pub(super) fn spoken(value: &Dynamic) -> String {
    taint::note(value);
    match operand(value) {
        Operand::Quantity(worked) => {
            let words = reading::quantity(&worked.quantity, None);
            match worked.quantity.to_string().split_once(" [") {
                Some((_, references)) => format!("{words} [{references}"),
                None => words,
            }
        }
        Operand::Integer(whole) => whole.to_string(),
        Operand::Decimal(decimal) => decimal.normalize().to_string(),
        Operand::Real(real) => format!("≈{real:?}"),
        Operand::Text(text) => text.to_string(),
        Operand::Null => "NULL".to_owned(),
        Operand::Truth(_) | Operand::Other => in_words(value),
    }
}

/// What a value is, as a message says it: `a text`, `1,600,000,000 GBP`, `a table`.
pub(super) fn in_words(value: &Dynamic) -> String {
    taint::note(value);
    match operand(value) {
        Operand::Integer(whole) => format!("the number {whole}"),
        Operand::Decimal(decimal) => format!("the number {}", decimal.normalize()),
        Operand::Real(real) => format!("the REAL {real:?}"),
        Operand::Quantity(worked) => reading::quantity(&worked.quantity, None),
        Operand::Text(text) => format!("the text {}", quoted(&text)),
        Operand::Truth(truth) => truth.to_string(),
        Operand::Null => null_in_words(value),
        Operand::Other => type_words(value.type_name()).to_owned(),
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
pub(super) fn type_words(name: &str) -> &'static str {
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
        "row" | "Row" => "a row",
        "array" | "Array" | "Vec<Dynamic>" => "an array",
        "map" | "Map" => "a map",
        "Fn" | "FnPtr" => "a function",
        "char" => "a character",
        "rows" | "Stream" => "a stream of rows",
        "error" | "Carried" => "an error",
        "range" | "range=" => "a range",
        _ => "a value of another kind",
    }
}

/// The tag of what comes from the book. A NULL's tag is its column, and never below 0.
const OF_BOOK: i32 = -1;

/// The value, as one of the book.
pub(super) fn of_book(mut value: Dynamic) -> Dynamic {
    value.set_tag(OF_BOOK);
    value
}

/// Whether a value comes from the book alone.
pub(super) fn is_of_book(value: &Dynamic) -> bool {
    value.tag() == OF_BOOK
}

/// What was made of values, with where it comes from.
pub(super) fn made_of(made: Dynamic, values: &[&Dynamic]) -> Dynamic {
    if values.iter().all(|value| is_of_book(value)) { of_book(made) } else { made }
}

/// How many there are of something.
pub(super) fn count(len: usize) -> Dynamic {
    of_book(INT::try_from(len).unwrap_or(INT::MAX).into())
}

/// Registers what counts, and keeps scripts from changing where a number comes from.
pub(super) fn register_tags(engine: &mut Engine) {
    engine.register_fn("len", |values: &mut rhai::Array| count(values.len()));
    engine.register_get("len", |values: &mut rhai::Array| count(values.len()));
    engine.register_fn("len", |map: &mut Map| count(map.len()));
    engine.register_fn("len", |text: &mut ImmutableString| count(text.chars().count()));
    engine.register_get("len", |text: &mut ImmutableString| count(text.chars().count()));
    let refused = || raise_argument("where a value comes from can't be set", "leave the tag as it is");
    engine.register_fn("set_tag", move |_: &mut Dynamic, _: INT| -> Raised<()> { Err(refused()) });
    engine.register_set("tag", move |_: &mut Dynamic, _: INT| -> Raised<()> { Err(refused()) });
}
