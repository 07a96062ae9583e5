//! Errors of the program on their way through the script engine: each travels as the value of a runtime error and arrives
//! whole. Positions and causes of the engine's own errors are `diagnostics`'.

use crate::error::{Error, FunctionCause, QuantityError, ScriptCause, ScriptError};
use crate::store::Stop;
use rhai::{Dynamic, EvalAltResult, Position};
use std::rc::Rc;

/// The result of a function that scripts call.
pub(super) type Raised<T> = Result<T, Box<EvalAltResult>>;

/// An error of the program, as a value that a script can catch and print.
#[derive(Debug, Clone)]
pub(super) struct Carried(pub(super) Rc<Error>);

/// Carries any error of the program.
pub(super) fn raise_error(error: Error) -> Box<EvalAltResult> {
    if matches!(error, Error::Interrupted | Error::Limit(_)) {
        return Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE));
    }
    Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(Carried(Rc::new(error))), Position::NONE))
}

/// Ends a function that takes long, as the engine ends a script between two steps.
///
/// # Errors
/// Work was told to end.
pub(super) fn unless_stopped(stop: &Stop) -> Raised<()> {
    if stop.is_raised() { Err(raise_error(Error::Interrupted)) } else { Ok(()) }
}

/// Carries a script's error; the engine fills in the position of the call.
pub(super) fn raise(cause: ScriptCause) -> Box<EvalAltResult> {
    raise_error(ScriptError { cause, frames: Vec::new() }.into())
}

/// Carries the breaking of a rule of quantities.
pub(super) fn raise_quantity(error: QuantityError) -> Box<EvalAltResult> {
    raise(ScriptCause::Quantity(Box::new(error)))
}

/// Carries a wrong argument, with what to give instead.
pub(super) fn raise_argument(message: impl Into<String>, cure: impl Into<String>) -> Box<EvalAltResult> {
    raise(ScriptCause::Argument { message: message.into(), cure: cure.into() })
}

/// Carries the error of a function that SQL has too.
pub(super) fn raise_function(cause: FunctionCause) -> Box<EvalAltResult> {
    raise(cause.into())
}
