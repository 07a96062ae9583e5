//! The host of the SQL in scripts: calls their functions and reads their tables while a statement runs, and not after.

use super::compiled::{self, Program};
use super::diagnostics::{NamesInScope, run_error};
use super::runtime::{CallerScope, Runtime};
use super::table::{self, Table};
use super::value::{
    self, Scalar, ScriptResult, argument_error, from_quantity, named_assumptions, scalar, to_cell, to_given_quantity,
};
use crate::error::Error;
use crate::sql::{Cell, Column, temp_table};
use crate::store::{Dependencies, Host, HostFunction, HostValue, TableSource, TableVersion, udf};
use crate::syntax::Text;
use crate::syntax::rhai::closure_parameters_of;
use rhai::{Dynamic, Engine, ImmutableString, NativeCallContext, Position, ScriptFuncDef};
use rusqlite::types::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// The native functions that make an assumption; sources that name none of them make none.
const ASSUMING_FUNCTIONS: [&str; 3] = ["assume", "convert", "across_stages"];

/// The engine and state of one interpreter, as SQL calls into them.
pub(super) struct ScriptHost {
    pub(super) engine: Engine,
    pub(super) runtime: Rc<Runtime>,
    /// The functions that statements of one scope have called.
    called: RefCell<CalledFunctions>,
}

/// The functions that are called in one scope.
#[derive(Default)]
struct CalledFunctions {
    /// Number of the scope.
    number: u64,
    functions: Vec<Rc<CalledFunction>>,
}

/// A function that SQL calls.
struct CalledFunction {
    /// The name as SQL has it, and as its definition spells it.
    name: Rc<str>,
    spelled: ImmutableString,
    arguments: usize,
    program: Option<Rc<Program>>,
}

impl ScriptHost {
    pub(super) fn new(engine: Engine, runtime: Rc<Runtime>) -> Self {
        Self { engine, runtime, called: RefCell::default() }
    }
}

impl Host for ScriptHost {
    fn functions(&self, name: &str) -> Vec<HostFunction> {
        let callable = |function: &ScriptFuncDef| {
            let parameters: Vec<&str> = function.params.iter().map(ImmutableString::as_str).collect();
            let signature = format!("{}({})", function.name, parameters.join(", "));
            HostFunction { name: function.name.to_string(), arguments: parameters.len(), signature }
        };
        let mut found =
            self.functions_in_scope(|function| function.name.eq_ignore_ascii_case(name).then(|| callable(function)));
        // The engine iterates over them in no order.
        found.sort_by(|a, b| a.signature.cmp(&b.signature));
        found
    }

    fn call(&self, name: &str, arguments: Vec<HostValue>) -> Result<HostValue, Error> {
        let Some(caller_scope) = self.runtime.caller_scope() else {
            return Err(Error::Fault(format!("`{name}` is called from nowhere")));
        };
        let function = self.called(&caller_scope, name, arguments.len());
        let name = function.spelled.as_str();
        let mut values: Vec<Dynamic> = arguments.into_iter().map(from_sql).collect();
        let mut arguments: Vec<&mut Dynamic> = values.iter_mut().collect();
        let context = NativeCallContext::from((&self.engine, name, None, &*caller_scope.state, Position::NONE));
        // The calls within it capture scopes of their own.
        let result = self.runtime.with_caller_scope(None, || context.call_fn_raw(name, false, false, &mut arguments));
        // Adds the taint of the call to the row that it is made for.
        drop(self.runtime.output());
        result.and_then(|value| to_sql(name, &value)).map_err(|error| self.error(&error))
    }

    fn compute(&self, name: &str, arguments: &[HostValue]) -> Option<Result<HostValue, Error>> {
        let function = self.runtime.with_caller(|caller_scope| self.called(caller_scope, name, arguments.len()))?;
        let program = function.program.as_ref()?;
        if self.runtime.book.stop().is_raised() || self.runtime.exit_code().is_some() {
            return None;
        }
        let value = compiled::call(program, arguments.iter().map(compiled_value))?.into_dynamic();
        // Adds the taint of the call to the row that it is made for.
        drop(self.runtime.output());
        Some(to_sql(&function.spelled, &value).map_err(|error| self.error(&error)))
    }

    fn version(&self, name: &str) -> Option<TableVersion> {
        let caller_scope = self.runtime.caller_scope()?;
        let value = caller_scope.tables.get(name)?;
        Some(match value.read_lock::<Table>() {
            Some(table) => TableVersion::Rows(Rc::clone(&table.rows) as Rc<dyn std::any::Any>),
            None => TableVersion::Call(caller_scope.number),
        })
    }

    fn table(&self, name: &str) -> Result<Option<TableSource>, String> {
        let Some(caller_scope) = self.runtime.caller_scope() else { return Ok(None) };
        let Some(value) = caller_scope.tables.get(name) else { return Ok(None) };
        let table = table::as_table(value).map_err(|_| "rows that are unlike each other".to_owned())?;
        let Some(table) = table else { return Ok(None) };
        if let Some((one, other)) = case_insensitive_duplicate(&table.columns) {
            return Err(format!("columns `{one}` and `{other}`, which are one name in SQL"));
        }
        let cells = table.rows.iter().map(|row| row.iter().map(to_cell).collect());
        let cells = cells.collect::<Result<Vec<Vec<_>>, String>>()?;
        let unnamed = self.runtime.assumed().union(&self.runtime.tainted.borrow().of(name));
        let reliance = Dependencies { tracked: named_assumptions(&cells), untracked: unnamed };
        Ok(Some(temp_table(&table.columns, &given_columns(&table), Rc::new(cells), reliance)))
    }

    fn may_assume(&self) -> bool {
        let sources = self.runtime.sources.borrow();
        sources.values().any(|text| ASSUMING_FUNCTIONS.iter().any(|name| text.whole.contains(name)))
    }

    fn closure(&self, name: &str) -> Option<String> {
        let sources = self.runtime.sources.borrow();
        let parameters = sources.values().find_map(|text| closure_parameters_of(&text.whole, name))?;
        Some(format!("{name}({})", parameters.join(", ")))
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        let mut functions =
            self.functions_in_scope(|function| (!function.name.contains('$')).then(|| function.name.to_string()));
        functions.sort();
        let tables = self.runtime.caller_scope().map(|caller_scope| caller_scope.tables.keys().cloned().collect());
        (functions, tables.unwrap_or_default())
    }
}

impl ScriptHost {
    /// The function that a call means, looked up once in each scope.
    fn called(&self, caller_scope: &CallerScope, name: &str, arguments: usize) -> Rc<CalledFunction> {
        let mut called = self.called.borrow_mut();
        if called.number != caller_scope.number {
            *called = CalledFunctions { number: caller_scope.number, functions: Vec::new() };
        }
        let is_it = |known: &&Rc<CalledFunction>| known.arguments == arguments && *known.name == *name;
        if let Some(known) = called.functions.iter().find(is_it) {
            return Rc::clone(known);
        }
        // Letter case may differ from that of the function that SQL first resolved.
        let matches_call =
            |function: &ScriptFuncDef| function.params.len() == arguments && function.name.eq_ignore_ascii_case(name);
        let spelled = self.functions_in_scope(|function| matches_call(function).then(|| function.name.clone())).pop();
        let spelled = spelled.unwrap_or_else(|| name.into());
        let program = compiled::program_of(&self.engine, &caller_scope.state, &spelled, arguments);
        let function = Rc::new(CalledFunction { name: name.into(), spelled, arguments, program });
        called.functions.push(Rc::clone(&function));
        function
    }

    /// Maps the functions in scope, the innermost last.
    fn functions_in_scope<T>(&self, make: impl Fn(&ScriptFuncDef) -> Option<T>) -> Vec<T> {
        let Some(caller_scope) = self.runtime.caller_scope() else { return Vec::new() };
        let functions = caller_scope.state.lib.iter().flat_map(|module| module.iter_script_fn_info());
        functions.filter_map(|(.., function)| make(function)).collect()
    }

    fn error(&self, error: &rhai::EvalAltResult) -> Error {
        if self.runtime.book.stop().is_raised() {
            return Error::Interrupted;
        }
        if let Some(code) = self.runtime.exit_code() {
            return Error::Exit(code, Vec::new());
        }
        let names = NamesInScope { runtime: &self.runtime, variables: Vec::new(), functions: self.names().0 };
        run_error(error, &Text::new("SQL", ""), &self.runtime.sources.borrow(), &names)
    }
}

/// Two columns whose names differ by case alone, which SQL ignores.
fn case_insensitive_duplicate(columns: &[Column]) -> Option<(&str, &str)> {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let same = |at: usize| names[..at].iter().find(|name| name.eq_ignore_ascii_case(names[at]));
    (0..names.len()).find_map(|at| same(at).map(|name| (*name, names[at])))
}

/// For each column, true if a number in it does not come from the book.
fn given_columns(table: &Table) -> Vec<bool> {
    let is_number = |value: &Dynamic| value.is_int() || value.is::<rust_decimal::Decimal>();
    let is_given = |at: usize| table.rows.iter().any(|row| is_number(&row[at]) && !value::is_from_book(&row[at]));
    (0..table.columns.len()).map(is_given).collect()
}

/// Converts a value of SQL.
fn from_sql(handed: HostValue) -> Dynamic {
    match handed {
        HostValue::Plain(value) => from_plain(value),
        HostValue::Cell(Value::Null) => Dynamic::UNIT,
        HostValue::Cell(value) => value::from_book(from_plain(value)),
        // Without the tag, a bare number would be marked as given.
        HostValue::Quantity(quantity) => value::from_book(from_quantity(*quantity)),
    }
}

/// Converts a value of SQL for a translated function, as [`from_sql`] does; `None` for one of another kind.
fn compiled_value(handed: &HostValue) -> Option<compiled::Value> {
    match handed {
        HostValue::Plain(Value::Integer(whole)) => Some(compiled::Value::whole(*whole, false)),
        HostValue::Cell(Value::Integer(whole)) => Some(compiled::Value::whole(*whole, true)),
        HostValue::Plain(Value::Real(_) | Value::Blob(_)) | HostValue::Cell(Value::Real(_) | Value::Blob(_)) => None,
        other => compiled::Value::of(&from_sql(other.clone())),
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

/// Converts the result of a script's function for SQL. A decimal that SQL can't hold becomes a quantity, and so does a number
/// of a function whose name promises quantities. A number that is not from the book is marked as given.
fn to_sql(name: &str, value: &Dynamic) -> ScriptResult<HostValue> {
    if udf::gives_quantities(name) && matches!(scalar(value), Scalar::Integer(_) | Scalar::Quantity(_)) {
        return Ok(HostValue::Quantity(Box::new(to_given_quantity(value, name)?.quantity)));
    }
    let cell = to_cell(value).map_err(|what| {
        argument_error(
            format!("`{name}` gave {what}, which SQL can't hold"),
            "a function that SQL calls gives a number, a text or (), and one whose name begins with `q_` a quantity or a number",
        )
    })?;
    Ok(match cell {
        Cell::Quantity(quantity) => HostValue::Quantity(quantity),
        Cell::Decimal(decimal) => match i64::try_from(decimal) {
            Ok(whole) if decimal.is_integer() => HostValue::Plain(Value::Integer(whole)),
            _ => HostValue::Quantity(Box::new(to_given_quantity(value, name)?.quantity)),
        },
        Cell::Null => HostValue::Plain(Value::Null),
        Cell::Truth(truth) => HostValue::Plain(Value::Integer(truth.into())),
        Cell::Integer(whole) => HostValue::Plain(Value::Integer(whole)),
        Cell::Real(real) | Cell::StoredReal(real) => HostValue::Plain(Value::Real(real)),
        Cell::Text(text) => HostValue::Plain(Value::Text(text.into_owned())),
        Cell::Blob(bytes) => HostValue::Plain(Value::Blob(bytes.into_owned())),
    })
}
