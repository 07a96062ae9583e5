//! A function that is called for each value of an array or each row of a table: with the value alone, with its place too
//! where it has two parameters, or with nothing but the value as `this` where it has none.

use super::origin;
use super::raise::Raised;
use rhai::{Dynamic, EvalAltResult, FnPtr, NativeCallContext};

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
    pub(super) fn call(&mut self, value: Dynamic, place: usize) -> Raised<Dynamic> {
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

    fn call_with(&self, parameters: usize, mut value: Dynamic, place: usize) -> Raised<Dynamic> {
        match parameters {
            0 => self.function.call_raw(self.context, Some(&mut value), []),
            1 => self.function.call_raw(self.context, None, [value]),
            _ => self.function.call_raw(self.context, None, [value, origin::count(place)]),
        }
    }

    /// Whether an error says that there is no function of its name with so many parameters.
    fn is_missing(&self, error: &EvalAltResult) -> bool {
        let name = self.function.fn_name();
        matches!(error, EvalAltResult::ErrorFunctionNotFound(signature, _)
            if signature.strip_prefix(name).is_some_and(|rest| rest.starts_with(" (")))
    }
}
