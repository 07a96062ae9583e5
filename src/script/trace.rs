//! What the engine says of a failed script, as an error of the program: the cause as data and every place that it
//! passed through, each in its own source. Only here are the engine's errors read.

use super::causes::{Names, cause_of, parse_cause};
use super::raise::Carried;
use super::shared::{Failed, Sources};
use super::value::in_words;
use super::weave::unwoven;
use crate::error::{Error, Frame, Place, ScriptCause, ScriptError};
use crate::syntax::Text;
use rhai::{Dynamic, EvalAltResult, ParseError, Position};

/// The name under which the text is known that a function stands in: when functions of several texts are put together,
/// the engine forgets which came from where.
pub(super) fn of_function(name: &str) -> String {
    format!("fn {name}")
}

/// The same of a function in a text of its own, as a module is.
pub(super) fn function_in(source: &str, name: &str) -> String {
    format!("fn {name} in {source}")
}

/// An error of compiling `text`.
pub(super) fn compile_error(error: &ParseError, text: &Text, names: &Names<'_>) -> Error {
    let position = error.position();
    let cause = parse_cause(error.err_type(), position, text, names);
    let frames = place(text, position).into_iter().map(|place| Frame { place, label: None }).collect();
    ScriptError { cause, frames }.into()
}

/// An error of running `text`.
pub(super) fn run_error(error: &EvalAltResult, text: &Text, sources: &Sources, names: &Names<'_>) -> Error {
    let mut calls = Vec::new();
    let mut current = text.clone();
    let mut inner = error;
    loop {
        inner = match inner {
            EvalAltResult::ErrorInFunctionCall(name, source, within, position) => {
                let label = if name.starts_with("anon$") {
                    "in a function called here".to_owned()
                } else {
                    format!("in `{name}`, called here")
                };
                calls.extend(place(&current, *position).map(|place| Frame { place, label: Some(label) }));
                let defined = sources.get(&function_in(source, name)).or_else(|| sources.get(&of_function(name)));
                if let Some(defined) = defined.or_else(|| sources.get(source)) {
                    current = defined.clone();
                }
                within
            }
            EvalAltResult::ErrorInModule(name, within, position) => {
                let label = Some(format!("in the module `{name}`, imported here"));
                calls.extend(place(&current, *position).map(|place| Frame { place, label }));
                if let Some(module) = sources.get(name) {
                    current = module.clone();
                }
                within
            }
            leaf => return leaf_error(leaf, &current, calls, names),
        };
    }
}

fn leaf_error(error: &EvalAltResult, text: &Text, mut calls: Vec<Frame>, names: &Names<'_>) -> Error {
    calls.reverse();
    let here = place(text, error.position());
    let framed = |cause: ScriptCause, mut frames: Vec<Frame>| {
        frames.extend(here.clone().map(|place| Frame { place, label: None }));
        frames.extend(calls.clone());
        Error::from(ScriptError { cause, frames })
    };
    match error {
        EvalAltResult::ErrorTerminated(..) => Error::Interrupted,
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Carried>() {
            Some(carried) => carried_error(&carried.0, &framed),
            None => framed(ScriptCause::Thrown(thrown(value)), Vec::new()),
        },
        EvalAltResult::ErrorParsing(kind, position) => framed(parse_cause(kind, *position, text, names), Vec::new()),
        other => framed(cause_of(other, names), Vec::new()),
    }
}

/// An error that travelled through the engine: SQL within a script is drawn in both.
fn carried_error(carried: &Error, framed: &dyn Fn(ScriptCause, Vec<Frame>) -> Error) -> Error {
    match carried {
        Error::Script(error) => framed(error.cause.clone(), error.frames.clone()),
        Error::Sql(error) => framed(ScriptCause::Sql(Box::new(error.cause.clone())), error.frames()),
        Error::Store(error) => Error::Store(error.clone()),
        Error::Output(error) => Error::Output(std::io::Error::new(error.kind(), error.to_string())),
        Error::Interrupted => Error::Interrupted,
        Error::Limit(error) => Error::Limit(*error),
        Error::NotInBook => Error::NotInBook,
        Error::NotRead { failed, of } => Error::NotRead { failed: *failed, of: *of },
        Error::Usage(error) => Error::Usage(error.clone()),
        Error::Expectation(failed) => Error::Expectation(failed.clone()),
        Error::Examples { failed, of } => Error::Examples { failed: *failed, of: *of },
        Error::Fault(message) => Error::Fault(message.clone()),
    }
}

/// Where expectations failed, each with its text.
pub(super) fn expectation_frames(failed: &[Failed], text: &Text, sources: &Sources) -> Vec<Frame> {
    let frame = |failed: &Failed| {
        let source = failed.source.as_ref().and_then(|source| sources.get(source)).unwrap_or(text);
        place(source, failed.position).map(|place| Frame { place, label: Some(failed.text.clone()) })
    };
    failed.iter().filter_map(frame).collect()
}

/// What a script threw: its text, or the value in words.
fn thrown(value: &Dynamic) -> String {
    value.clone().into_string().unwrap_or_else(|_| in_words(value))
}

/// Where a position of the compiled text stands in the text as it was written.
pub(super) fn place(text: &Text, position: Position) -> Option<Place> {
    let position = unwoven(&text.whole, position);
    let line = position.line()?;
    Some(text.place_at_line(line, position.position().unwrap_or(1)))
}
