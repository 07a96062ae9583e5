//! Errors of the program on their way through the script engine: each travels as the value of a runtime error and arrives
//! whole. Positions and causes of the engine's own errors are `diagnostics`'.

use crate::error::{Error, FunctionCause, QuantityError, ScriptCause, ScriptError};
use crate::store::Stop;
use rhai::{Dynamic, EvalAltResult, Position};
use std::rc::Rc;

/// The result of a function that scripts call.
pub(super) type ScriptResult<T> = Result<T, Box<EvalAltResult>>;

/// An error of the program, as a value that a script can catch and print.
#[derive(Debug, Clone)]
pub(super) struct Exception(pub(super) Rc<Error>);

/// Carries any error of the program.
pub(super) fn program_error(error: Error) -> Box<EvalAltResult> {
    if matches!(error, Error::Interrupted | Error::Limit(_)) {
        return Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE));
    }
    Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(Exception(Rc::new(error))), Position::NONE))
}

/// Ends a function that takes long, as the engine ends a script between two steps.
///
/// # Errors
/// Work was told to end.
pub(super) fn check_interrupt(stop: &Stop) -> ScriptResult<()> {
    if stop.is_raised() { Err(program_error(Error::Interrupted)) } else { Ok(()) }
}

/// Carries a script's error; the engine fills in the position of the call.
pub(super) fn script_error(cause: ScriptCause) -> Box<EvalAltResult> {
    program_error(ScriptError { cause, frames: Vec::new() }.into())
}

/// Carries the breaking of a rule of quantities.
pub(super) fn quantity_error(error: QuantityError) -> Box<EvalAltResult> {
    script_error(ScriptCause::Quantity(Box::new(error)))
}

/// Carries a wrong argument, with what to give instead.
pub(super) fn argument_error(message: impl Into<String>, cure: impl Into<String>) -> Box<EvalAltResult> {
    script_error(ScriptCause::Argument { message: message.into(), cure: cure.into() })
}

/// Carries the error of a function that SQL has too.
pub(super) fn function_error(cause: FunctionCause) -> Box<EvalAltResult> {
    script_error(cause.into())
}
