//! The native functions that scripts can call, each with its signature and meaning, in one table: registration, help,
//! completion and the reference are all made from it. And the calls back into a closure of the script.

mod aggregates;
mod arrays;
mod book;
mod dates;
mod engine_methods;
pub(super) mod in_place;
mod json;
mod numbers;
pub(super) mod output;
mod patterns;
mod plain_numbers;
mod quantities;
mod ranges;
mod series;
mod tables;

pub use engine_methods::{EngineMethod, engine_methods};

use super::compiled::Closure;
use super::runtime::Runtime;
use super::value::ScriptResult;
use super::{operators, query, value};
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, FuncRegistration, NativeCallContext, RhaiNativeFunc, Variant};
use std::rc::Rc;

/// A native function of scripts.
pub struct ScriptFunction {
    /// Its signatures, separated by ` · `.
    pub signature: &'static str,
    /// Its result, in a sentence.
    pub meaning: &'static str,
    /// A call of it that succeeds on the bundled book.
    pub example: &'static str,
    /// A text that the answer to that contains.
    pub answer: &'static str,
    register: fn(&mut Engine, Rc<Runtime>),
}

impl ScriptFunction {
    /// Its name, that of the first signature.
    pub fn name(&self) -> &'static str {
        let called = self.signature.split(['(', ' ']).next().unwrap_or_default();
        called.rsplit('.').next().unwrap_or(called)
    }
}

/// Every function by topic: reading the book, quantities, numbers, dates, texts, tables, series, arrays, output.
pub fn all() -> impl Iterator<Item = &'static ScriptFunction> {
    for_book(true)
}

/// The functions that have something to do in a book, or in a plain database.
pub fn for_book(is_book: bool) -> impl Iterator<Item = &'static ScriptFunction> {
    [
        book::FUNCTIONS,
        if is_book { book::OF_FACTS } else { &[] },
        quantities::FUNCTIONS,
        numbers::FUNCTIONS,
        plain_numbers::FUNCTIONS,
        dates::FUNCTIONS,
        patterns::FUNCTIONS,
        json::FUNCTIONS,
        tables::FUNCTIONS,
        series::FUNCTIONS,
        arrays::FUNCTIONS,
        ranges::FUNCTIONS,
        in_place::FUNCTIONS,
        aggregates::FUNCTIONS,
        output::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// Registers the operators and every function, in place of the engine's own.
pub(super) fn register(engine: &mut Engine, runtime: &Rc<Runtime>) {
    let of_run = Rc::clone(runtime);
    operators::register(engine, move |name, left, right| match name {
        "+" => numbers::conflict(&of_run, left, right, true),
        "*" | "/" => numbers::note_share(&of_run, name, left, right).map(|()| None),
        _ => Ok(None),
    });
    query::register_stream(engine);
    for function in all() {
        (function.register)(engine, Rc::clone(runtime));
    }
}

/// Registers a method that changes its receiver: the engine refuses it for a constant.
fn register_change<A: 'static, const N: usize, const X: bool, R: Variant + Clone, const F: bool>(
    engine: &mut Engine,
    name: &str,
    method: impl RhaiNativeFunc<A, N, X, R, F> + 'static,
) {
    register_method(engine, name, false, method);
}

/// Registers a method; a pure one leaves its receiver as it is.
fn register_method<A: 'static, const N: usize, const X: bool, R: Variant + Clone, const F: bool>(
    engine: &mut Engine,
    name: &str,
    is_pure: bool,
    method: impl RhaiNativeFunc<A, N, X, R, F> + 'static,
) {
    let _ = FuncRegistration::new(name).with_purity(is_pure).register_into_engine(engine, method);
}

/// A closure that is called for each value of an array or row of a table: with the value, with its index too if it has two
/// parameters, or with the value as `this` if it has none.
pub(super) struct Callback<'c> {
    context: &'c NativeCallContext<'c>,
    function: &'c FnPtr,
    /// Number of parameters; `None` before the first call.
    parameters: Option<usize>,
    /// Its translation, once it is known to have one parameter.
    compiled: Option<Closure<'c>>,
}

/// Every so many calls one is left to the engine, which looks whether the script is to stop.
const CALLS_WITHOUT_ENGINE: usize = 256;

impl<'c> Callback<'c> {
    pub(super) fn new(context: &'c NativeCallContext<'c>, function: &'c FnPtr) -> Self {
        Self { context, function, parameters: None, compiled: None }
    }

    /// Calls it for a value at an index, counted from 0.
    ///
    /// # Errors
    /// An error of the closure; a closure with more than two parameters.
    pub(super) fn call(&mut self, value: Dynamic, place: usize) -> ScriptResult<Dynamic> {
        if let Some(parameters) = self.parameters {
            let compiled = self.compiled.as_mut().filter(|_| !place.is_multiple_of(CALLS_WITHOUT_ENGINE));
            return match compiled.and_then(|compiled| compiled.call(&value)) {
                Some(made) => Ok(made),
                None => self.call_with(parameters, value, place),
            };
        }
        let mut first = None;
        for parameters in [1, 2, 0] {
            match self.call_with(parameters, value.clone(), place) {
                Err(error) if is_missing(self.function, &error) => first = first.or(Some(error)),
                done => {
                    self.parameters = Some(parameters);
                    self.compiled = if parameters == 1 { Closure::of(self.context, self.function) } else { None };
                    return done;
                }
            }
        }
        // The first error names the usual number of arguments.
        first.map_or(Ok(Dynamic::UNIT), Err)
    }

    fn call_with(&self, parameters: usize, mut value: Dynamic, place: usize) -> ScriptResult<Dynamic> {
        match parameters {
            0 => self.function.call_raw(self.context, Some(&mut value), []),
            1 => self.function.call_raw(self.context, None, [value]),
            _ => self.function.call_raw(self.context, None, [value, value::book_count(place)]),
        }
    }
}

/// True for the error that no function of its name has so many parameters.
fn is_missing(function: &FnPtr, error: &EvalAltResult) -> bool {
    let name = function.fn_name();
    matches!(error, EvalAltResult::ErrorFunctionNotFound(signature, _)
        if signature.strip_prefix(name).is_some_and(|rest| rest.starts_with(" (")))
}
