//! Functions and closures that are called for many rows: each is translated at its first call, and found again by its definition.

use super::machine::{Flow, Machine, Row};
use super::program::{Program, is_enabled};
use super::translate;
use super::values::Value;
use crate::script::table::{TableRow, column_index};
use crate::sql::Column;
use rhai::{AST, ASTNode, Dynamic, Engine, FnPtr, GlobalRuntimeState, NativeCallContext, ScriptFuncDef, Stmt};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// The levels of calls that one is surely below the maximum of.
const LEVELS_TO_SPARE: usize = 4;

/// Translations by definition, each with its function; `None` is one that has none.
type ByDefinition = HashMap<*const ScriptFuncDef, (Weak<ScriptFuncDef>, Option<Rc<Program>>)>;

/// The translations of an engine's functions, in its tag: what a native function is called with leads to that.
#[derive(Clone, Default)]
struct Translations(Rc<RefCell<ByDefinition>>);

/// Gives an engine its translations.
pub(super) fn register(engine: &mut Engine) {
    engine.set_default_tag(Dynamic::from(Translations::default()));
}

/// The program of the one function in scope that has this name and so many parameters; `None` where there are several, where it
/// can't be translated, and where a call might be too deep.
pub(in crate::script) fn program_of(
    engine: &Engine,
    state: &GlobalRuntimeState,
    name: &str,
    parameters: usize,
) -> Option<Rc<Program>> {
    if !is_enabled() || state.level + LEVELS_TO_SPARE > engine.max_call_levels() {
        return None;
    }
    let functions = || {
        let all = state
            .lib
            .iter()
            .flat_map(|module| module.iter_script_fn_info().map(move |(.., function)| (module, function)));
        all.filter(|(_, function)| function.params.len() == parameters && function.name == name)
    };
    let (module, function) = functions().next()?;
    if functions().any(|(_, other)| !Rc::ptr_eq(function, other)) {
        return None;
    }
    let translations = engine.default_tag().read_lock::<Translations>()?;
    let at = Rc::as_ptr(function);
    if let Some((_, known)) = translations.0.borrow().get(&at).cloned() {
        return known;
    }
    let translated = translated(AST::new_from_module(Rc::clone(module)), function).map(Rc::new);
    let mut known = translations.0.borrow_mut();
    // Those of functions that are defined anew go before it would grow.
    if known.len() == known.capacity() {
        known.retain(|_, (function, _)| function.strong_count() > 0);
    }
    known.insert(at, (Rc::downgrade(function), translated.clone()));
    translated
}

/// Translates one function of a tree.
fn translated(mut tree: AST, function: &ScriptFuncDef) -> Option<Program> {
    if function.this_type.is_some() {
        return None;
    }
    tree.retain_functions(|_, _, name, parameters| name == function.name && parameters == function.params.len());
    if tree.iter_functions().count() != 1 {
        return None;
    }
    let mut body: Vec<Stmt> = Vec::new();
    tree.walk(&mut |path: &[ASTNode<'_>]| {
        if let [ASTNode::Stmt(statement)] = path {
            body.push((*statement).clone());
        }
        true
    });
    translate::function(&function.params, &body)
}

/// Calls a function for values alone; `None` where the engine has to.
pub(in crate::script) fn call(program: &Program, arguments: impl Iterator<Item = Option<Value>>) -> Option<Value> {
    if program.row.is_some() {
        return None;
    }
    let mut machine = Machine::new(program, Vec::new(), true);
    for (local, argument) in machine.locals.iter_mut().zip(arguments) {
        *local = argument?;
    }
    result(&mut machine, Row::Absent)
}

fn result(machine: &mut Machine<'_>, row: Row<'_>) -> Option<Value> {
    match machine.run(row) {
        Ok(Flow::Next(value) | Flow::Return(value)) => Some(value),
        _ => None,
    }
}

/// A closure with its captured values, for one row or value after the other.
pub(in crate::script) struct Closure<'c> {
    program: Rc<Program>,
    captured: &'c [Dynamic],
    /// The columns of the last row, and the index of each that the program reads.
    columns: Option<(Rc<[Column]>, Vec<usize>)>,
}

impl<'c> Closure<'c> {
    /// The translation of a closure that is called with one value; `None` where it has none.
    pub(in crate::script) fn of(context: &NativeCallContext<'_>, function: &'c FnPtr) -> Option<Self> {
        let (state, captured) = (context.global_runtime_state(), function.curry());
        let program = program_of(context.engine(), state, function.fn_name(), captured.len() + 1)?;
        // The row is the value that it is called with.
        program.row.is_none_or(|row| row == captured.len()).then_some(Self { program, captured, columns: None })
    }

    /// Calls it with a value; `None` where the engine has to.
    pub(in crate::script) fn call(&mut self, value: &Dynamic) -> Option<Dynamic> {
        let mut machine = Machine::new(&self.program, Vec::new(), true);
        for (local, captured) in machine.locals.iter_mut().zip(self.captured) {
            *local = Value::of(captured)?;
        }
        if self.program.row.is_none() {
            machine.locals[self.captured.len()] = Value::of(value)?;
            return result(&mut machine, Row::Absent).map(Value::into_dynamic);
        }
        let row = value.read_lock::<TableRow>()?;
        let known = self.columns.take().filter(|(columns, _)| Rc::ptr_eq(columns, &row.columns));
        let (columns, indices) = match known {
            Some(known) => known,
            None => (Rc::clone(&row.columns), field_indices(&self.program, &row.columns)?),
        };
        let done = result(&mut machine, Row::OfTable(&row.values, &indices)).map(Value::into_dynamic);
        self.columns = Some((columns, indices));
        done
    }
}

/// The index of the column that each field is; `None` where one is none, or several.
pub(super) fn field_indices(program: &Program, columns: &[Column]) -> Option<Vec<usize>> {
    program.fields.iter().map(|field| column_index(columns, field).ok()).collect()
}
