//! A text becomes a tree that the engine can run, be it a script or a module: checked for what the engine would take
//! for whole, woven, its functions' names looked at, and known from then on to errors that stand in it.

use super::causes::{Names, taken};
use super::raise::Raised;
use super::shared::Shared;
use super::trace::{compile_error, function_in, of_function, place};
use super::{functions, ids, shadow, weave};
use crate::error::{Error, Frame, ScriptCause, ScriptError};
use crate::syntax::Text;
use crate::syntax::rhai::{open_comment_or_string, tokens};
use crate::syntax::{Token, TokenKind};
use rhai::{AST, ASTNode, Engine, Expr, Scope};

/// Compiles a text whose ids of the book are in `scope`.
pub(super) fn compile(engine: &Engine, scope: &Scope<'_>, text: &Text, names: &Names<'_>) -> Result<AST, Error> {
    if let Some(missing) = open_comment_or_string(&text.whole) {
        let place = text.place(text.whole.trim_end().len(), 1);
        let cause = ScriptCause::Incomplete { missing: missing.to_owned() };
        return Err(ScriptError { cause, frames: vec![Frame { place, label: None }] }.into());
    }
    refuse_shadows(names.shared, text)?;
    refuse_wrapped_numbers(text)?;
    names.shared.note_names(&text.whole);
    let compiled = engine.compile_with_scope(scope, weave::woven(&text.whole));
    let ast = compiled.map_err(|error| compile_error(&error, text, names))?;
    check_names(&ast)?;
    check_numbers(&ast, text)?;
    Ok(ast)
}

/// Refuses a parameter, a loop variable or an alias that would hide something of the book.
fn refuse_shadows(shared: &Shared, text: &Text) -> Result<(), Error> {
    let found = shadow::find(shared, &text.whole).map_err(|error| Error::Fault(error.to_string()))?;
    let Some((name, at)) = found else { return Ok(()) };
    let frames = vec![Frame { place: text.place(at, name.len()), label: None }];
    Err(ScriptError { cause: taken(name), frames }.into())
}

/// Refuses a number to another base that the engine would take for one below 0.
fn refuse_wrapped_numbers(text: &Text) -> Result<(), Error> {
    let is_wrapped = |token: &Token| {
        let digits = token.text(&text.whole).replace('_', "").to_ascii_lowercase();
        let bases = [("0x", 16), ("0o", 8), ("0b", 2)];
        let bits = bases.iter().find_map(|(mark, base)| u64::from_str_radix(digits.strip_prefix(mark)?, *base).ok());
        token.kind == TokenKind::Number && bits.is_some_and(|bits| i64::try_from(bits).is_err())
    };
    let Some(token) = tokens(&text.whole).find(is_wrapped) else { return Ok(()) };
    let message = format!("`{}` is beyond the whole numbers of 64 bits", token.text(&text.whole));
    let cause =
        ScriptCause::Argument { message, cure: "a larger one is a quantity: `q(\"18446744073709551615\")`".to_owned() };
    let place = text.place(token.range.start, token.range.len());
    Err(ScriptError { cause, frames: vec![Frame { place, label: None }] }.into())
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

/// Refuses the negative of the least whole number: no literal of a script is a REAL, so that one was made by the engine,
/// which puts it in the place of a number that it can't hold.
fn check_numbers(ast: &AST, text: &Text) -> Result<(), Error> {
    let mut found = None;
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(Expr::FloatConstant(_, position))) = path.last() {
            found = Some(*position);
        }
        found.is_none()
    });
    let Some(position) = found else { return Ok(()) };
    let cause = ScriptCause::Overflow { operation: format!("-({})", i64::MIN) };
    let place = place(text, position);
    Err(ScriptError { cause, frames: place.into_iter().map(|place| Frame { place, label: None }).collect() }.into())
}

/// Makes the ids that a text mentions, and what stands for its surroundings, constants of a scope. What a comment mentions
/// is nothing that the script can read.
pub(super) fn bring_names(shared: &Shared, scope: &mut Scope<'_>, text: &Text) -> Raised<()> {
    if !scope.contains(weave::AROUND) {
        scope.push_constant(weave::AROUND, ());
    }
    let mentioned = ids::mentioned(&text.whole);
    ids::find_figures(shared, &mentioned)?;
    for id in mentioned {
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
