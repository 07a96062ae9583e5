//! The functions that scripts can call, each with how it is written and what it means, in one table: registration,
//! help, completion and the reference are all made from it. And the calls of a script's own function for each value.

mod arrays;
mod book;
mod numbers;
pub(super) mod output;
mod quantities;
mod tables;

use super::exception::ScriptResult;
use super::runtime::Runtime;
use super::{operators, query, value};
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};
use std::rc::Rc;

/// A function of scripts.
pub struct ScriptFunction {
    /// Its name.
    pub name: &'static str,
    /// How it is written, its variants separated by ` · `.
    pub signature: &'static str,
    /// What it gives, in a sentence.
    pub meaning: &'static str,
    /// A call of it that answers on the bundled book.
    pub example: &'static str,
    /// What stands in the answer to that.
    pub answer: &'static str,
    register: fn(&mut Engine, &Rc<Runtime>),
}

/// Every function, by what it is for: reading the book, quantities, numbers, tables, arrays, writing out.
pub fn all() -> impl Iterator<Item = &'static ScriptFunction> {
    [
        book::FUNCTIONS,
        quantities::FUNCTIONS,
        numbers::FUNCTIONS,
        tables::FUNCTIONS,
        arrays::FUNCTIONS,
        output::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// Registers the operators and every function, in place of the engine's own.
pub(super) fn register(engine: &mut Engine, runtime: &Rc<Runtime>) {
    let of_sum = Rc::clone(runtime);
    operators::register(engine, move |left, right| numbers::conflict(&of_sum, left, right, true));
    query::register_stream(engine);
    arrays::register_pad(engine, runtime.book.stop());
    for function in all() {
        (function.register)(engine, runtime);
    }
}

/// A function and how it wants to be called.
pub(super) struct Callback<'c> {
    context: &'c NativeCallContext<'c>,
    function: &'c FnPtr,
    /// How many parameters it has; `None` until it has been called.
    parameters: Option<usize>,
}

impl<'c> Callback<'c> {
    pub(super) fn new(context: &'c NativeCallContext<'c>, function: &'c FnPtr) -> Self {
        Self { context, function, parameters: None }
    }

    /// Calls it for a value at a place, counted from 0.
    ///
    /// # Errors
    /// Its own; one that takes more than two parameters.
    pub(super) fn call(&mut self, value: Dynamic, place: usize) -> ScriptResult<Dynamic> {
        if let Some(parameters) = self.parameters {
            return self.call_with(parameters, value, place);
        }
        let mut first = None;
        for parameters in [1, 2, 0] {
            match self.call_with(parameters, value.clone(), place) {
                Err(error) if self.is_missing(&error) => first = first.or(Some(error)),
                done => {
                    self.parameters = Some(parameters);
                    return done;
                }
            }
        }
        // It says how many values the function was handed.
        first.map_or(Ok(Dynamic::UNIT), Err)
    }

    fn call_with(&self, parameters: usize, mut value: Dynamic, place: usize) -> ScriptResult<Dynamic> {
        match parameters {
            0 => self.function.call_raw(self.context, Some(&mut value), []),
            1 => self.function.call_raw(self.context, None, [value]),
            _ => self.function.call_raw(self.context, None, [value, value::book_count(place)]),
        }
    }

    /// Whether an error says that there is no function of its name with so many parameters.
    fn is_missing(&self, error: &EvalAltResult) -> bool {
        let name = self.function.fn_name();
        matches!(error, EvalAltResult::ErrorFunctionNotFound(signature, _)
            if signature.strip_prefix(name).is_some_and(|rest| rest.starts_with(" (")))
    }
}
