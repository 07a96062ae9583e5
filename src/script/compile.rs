//! A text becomes a tree that the engine can run, be it a script or a module: checked for what the engine would take
//! for whole, woven, its functions' names looked at, and known from then on to errors that stand in it.

use super::causes::Names;
use super::raise::Raised;
use super::shared::Shared;
use super::trace::{compile_error, function_in, of_function};
use super::{dialect, functions, ids, weave};
use crate::error::{Error, Frame, ScriptCause, ScriptError};
use crate::sql::Text;
use rhai::{AST, Engine, Scope};

/// Compiles a text whose ids of the book are in `scope`.
pub(super) fn compile(engine: &Engine, scope: &Scope<'_>, text: &Text, names: &Names<'_>) -> Result<AST, Error> {
    if let Some(missing) = dialect::open_comment_or_string(&text.whole) {
        let place = text.place(text.whole.trim_end().len(), 1);
        let cause = ScriptCause::Incomplete { missing: missing.to_owned() };
        return Err(ScriptError { cause, frames: vec![Frame { place, label: None }] }.into());
    }
    names.shared.note_names(&text.whole);
    let compiled = engine.compile_with_scope(scope, weave::woven(&text.whole));
    let ast = compiled.map_err(|error| compile_error(&error, text, names))?;
    check_names(&ast)?;
    Ok(ast)
}

/// Refuses functions that have the name of one that every script has: which of the two a call means would be a guess. A
/// name that SQL has is refused where SQL is asked for it.
fn check_names(ast: &AST) -> Result<(), Error> {
    match ast.iter_functions().find(|function| functions::is_taken(function.name)) {
        None => Ok(()),
        Some(taken) => {
            let message = format!("`{}` is a function of every script", taken.name);
            let cause = ScriptCause::Argument { message, cure: "give yours another name".to_owned() };
            Err(ScriptError { cause, frames: Vec::new() }.into())
        }
    }
}

/// Makes the ids that a text mentions, and what stands for its surroundings, constants of a scope.
pub(super) fn bring_names(shared: &Shared, scope: &mut Scope<'_>, text: &Text) -> Raised<()> {
    if !scope.contains(weave::AROUND) {
        scope.push_constant(weave::AROUND, ());
    }
    for id in ids::mentioned(&text.whole) {
        if scope.contains(id) {
            continue;
        }
        if let Some(value) = ids::find(shared, id)? {
            scope.push_constant_dynamic(id, value);
        }
    }
    Ok(())
}

/// Lets errors find the text by the name of its source and of its functions.
pub(super) fn note(shared: &Shared, source: &str, ast: &AST, text: &Text) {
    let mut sources = shared.sources.borrow_mut();
    for function in ast.iter_functions() {
        sources.insert(of_function(function.name), text.clone());
        sources.insert(function_in(source, function.name), text.clone());
    }
    sources.insert(source.to_owned(), text.clone());
}
