//! Errors of the program on their way through the script engine: each travels as the value of a runtime error and arrives
//! whole. Causes and positions of the engine's own errors are in `diagnostics`.

use crate::error::{Error, FunctionCause, QuantityError, ScriptCause, ScriptError};
use crate::store::Stop;
use rhai::{Dynamic, EvalAltResult, Position};
use std::rc::Rc;

/// The result of a native function, whose error the engine propagates.
pub(super) type ScriptResult<T> = Result<T, Box<EvalAltResult>>;

/// An error of the program, as a value that a script can catch and print.
#[derive(Debug, Clone)]
pub(super) struct Exception(pub(super) Rc<Error>);

/// Wraps any error of the program; an interrupt or a limit becomes a termination, which no script can catch.
pub(super) fn program_error(error: Error) -> Box<EvalAltResult> {
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
    ScriptCause::NotFound { message: format!("the map has no key `{key}`"), near, help: None }
}
