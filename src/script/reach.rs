//! SQL and the scripts around it: it calls their functions and reads their tables for as long as a statement runs, and not
//! after.

use super::causes::Names;
use super::origin;
use super::raise::{Raised, raise_argument};
use super::shared::Shared;
use super::show;
use super::table::Table;
use super::trace::run_error;
use super::value::{Operand, from_quantity, operand, to_cell, to_worked_given};
use crate::error::Error;
use crate::sql::{Cell, Column, Text, offer_rows};
use crate::store::{Dependencies, Host, HostFunction, HostValue, TableSource, TableVersion, udf};
use rhai::{Dynamic, Engine, ImmutableString, NativeCallContext, Position, ScriptFuncDef};
use rusqlite::types::Value;
use std::rc::Rc;

/// The functions of scripts that make an assumption: one whose text names none of them makes none.
const ASSUMING: [&str; 3] = ["assume", "convert", "across_stages"];

/// The scripts of one interpreter, as SQL reaches them.
pub(super) struct Scripts {
    pub(super) engine: Engine,
    pub(super) shared: Rc<Shared>,
}

impl Host for Scripts {
    fn functions(&self, name: &str) -> Vec<HostFunction> {
        let callable = |function: &ScriptFuncDef| {
            let parameters: Vec<&str> = function.params.iter().map(ImmutableString::as_str).collect();
            let signature = format!("{}({})", function.name, parameters.join(", "));
            HostFunction { name: function.name.to_string(), arguments: parameters.len(), signature }
        };
        let mut found = self.found(|function| function.name.eq_ignore_ascii_case(name).then(|| callable(function)));
        // The engine keeps them in no order.
        found.sort_by(|a, b| a.signature.cmp(&b.signature));
        found
    }

    fn call(&self, name: &str, arguments: Vec<HostValue>) -> Result<HostValue, Error> {
        let Some(around) = self.shared.around() else {
            return Err(Error::Fault(format!("`{name}` is called from nowhere")));
        };
        // The one that is meant now may be spelled otherwise than the one that SQL first met.
        let is_meant = |function: &ScriptFuncDef| {
            function.params.len() == arguments.len() && function.name.eq_ignore_ascii_case(name)
        };
        let spelled = self.found(|function| is_meant(function).then(|| function.name.clone())).pop();
        let name = spelled.as_deref().unwrap_or(name);
        let mut values: Vec<Dynamic> = arguments.into_iter().map(to_value).collect();
        let mut arguments: Vec<&mut Dynamic> = values.iter_mut().collect();
        let context = NativeCallContext::from((&self.engine, name, None, &*around.state, Position::NONE));
        // Its own calls are told what is around them.
        let given = self.shared.apart(|| context.call_fn_raw(name, false, false, &mut arguments));
        // The row that it is called for rests on what it has looked at.
        drop(self.shared.output());
        given.and_then(|value| handed(name, &value)).map_err(|error| self.error(&error))
    }

    fn version(&self, name: &str) -> Option<TableVersion> {
        let around = self.shared.around()?;
        let value = around.tables.get(name)?;
        Some(match value.read_lock::<Table>() {
            Some(table) => TableVersion::Rows(Rc::clone(&table.rows) as Rc<dyn std::any::Any>),
            None => TableVersion::Call(around.number),
        })
    }

    fn table(&self, name: &str) -> Result<Option<TableSource>, String> {
        let Some(around) = self.shared.around() else { return Ok(None) };
        let Some(value) = around.tables.get(name) else { return Ok(None) };
        let table = show::as_table(value).map_err(|_| "rows that are unlike each other".to_owned())?;
        let Some(table) = table else { return Ok(None) };
        if let Some((one, other)) = same_in_sql(&table.columns) {
            return Err(format!("columns `{one}` and `{other}`, which are one name in SQL"));
        }
        let cells = cells(&table)?;
        let untracked = self.shared.assumed().union(&self.shared.tainted.borrow().of(name));
        let reliance = Dependencies { tracked: show::named(&cells), untracked };
        Ok(Some(offer_rows(&table.columns, &given(&table), Rc::new(cells), reliance)))
    }

    fn may_assume(&self) -> bool {
        let sources = self.shared.sources.borrow();
        sources.values().any(|text| ASSUMING.iter().any(|name| text.whole.contains(name)))
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        let mut functions = self.found(|function| (!function.name.contains('$')).then(|| function.name.to_string()));
        functions.sort();
        let tables = self.shared.around().map(|around| around.tables.keys().cloned().collect());
        (functions, tables.unwrap_or_default())
    }
}

impl Scripts {
    /// What is made of each function in reach, those that are nearest last.
    fn found<T>(&self, make: impl Fn(&ScriptFuncDef) -> Option<T>) -> Vec<T> {
        let Some(around) = self.shared.around() else { return Vec::new() };
        let functions = around.state.lib.iter().flat_map(|module| module.iter_script_fn_info());
        functions.filter_map(|(.., function)| make(function)).collect()
    }

    fn error(&self, error: &rhai::EvalAltResult) -> Error {
        if self.shared.book.stop().is_raised() {
            return Error::Interrupted;
        }
        let names = Names { shared: &self.shared, own: self.names().0 };
        run_error(error, &Text::new("SQL", ""), &self.shared.sources.borrow(), &names)
    }
}

/// Two columns whose names SQL would not tell apart: letter case is nothing to it.
fn same_in_sql(columns: &[Column]) -> Option<(&str, &str)> {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let same = |at: usize| names[..at].iter().find(|name| name.eq_ignore_ascii_case(names[at]));
    (0..names.len()).find_map(|at| same(at).map(|name| (*name, names[at])))
}

fn cells(table: &Table) -> Result<Vec<Vec<Cell<'static>>>, String> {
    table.rows.iter().map(|row| row.iter().map(to_cell).collect()).collect()
}

/// For each column, whether a number in it is a person's.
fn given(table: &Table) -> Vec<bool> {
    let is_number = |value: &Dynamic| value.is_int() || value.is::<rust_decimal::Decimal>();
    let is_given = |at: usize| table.rows.iter().any(|row| is_number(&row[at]) && !origin::is_of_book(&row[at]));
    (0..table.columns.len()).map(is_given).collect()
}

/// A value of SQL for a script.
fn to_value(handed: HostValue) -> Dynamic {
    match handed {
        HostValue::Plain(value) => from_plain(value),
        HostValue::Cell(Value::Null) => Dynamic::UNIT,
        HostValue::Cell(value) => origin::of_book(from_plain(value)),
        // A person's bare number would say that it is given.
        HostValue::Quantity(quantity) => origin::of_book(from_quantity(*quantity)),
    }
}

fn from_plain(value: Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Integer(whole) => whole.into(),
        Value::Real(real) => real.into(),
        Value::Text(text) => text.into(),
        Value::Blob(bytes) => Dynamic::from_blob(bytes),
    }
}

/// What a script's function gave, for SQL: a decimal that no number of SQL can hold is a quantity too, and so is a number
/// of a function that gives quantities. A person's number says that it is given.
fn handed(name: &str, value: &Dynamic) -> Raised<HostValue> {
    if udf::gives_quantities(name) && matches!(operand(value), Operand::Integer(_) | Operand::Quantity(_)) {
        return Ok(HostValue::Quantity(Box::new(to_worked_given(value, name)?.quantity)));
    }
    let cell = to_cell(value).map_err(|what| {
        raise_argument(
            format!("`{name}` gave {what}, which SQL can't hold"),
            "a function that SQL calls gives a number, a text, a quantity or ()",
        )
    })?;
    Ok(match cell {
        Cell::Quantity(quantity) => HostValue::Quantity(quantity),
        Cell::Decimal(decimal) => match i64::try_from(decimal) {
            Ok(whole) if decimal.is_integer() => HostValue::Plain(Value::Integer(whole)),
            _ => HostValue::Quantity(Box::new(to_worked_given(value, name)?.quantity)),
        },
        Cell::Null => HostValue::Plain(Value::Null),
        Cell::Truth(truth) => HostValue::Plain(Value::Integer(truth.into())),
        Cell::Integer(whole) => HostValue::Plain(Value::Integer(whole)),
        Cell::Real(real) => HostValue::Plain(Value::Real(real)),
        Cell::Text(text) => HostValue::Plain(Value::Text(text.into_owned())),
        Cell::Blob(bytes) => HostValue::Plain(Value::Blob(bytes.into_owned())),
    })
}
