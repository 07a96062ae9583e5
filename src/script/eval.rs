//! `eval(text)`: a text of a script as a part of it, which sees and sets the variables around it. Its errors stand in the
//! text itself. Variables that it makes end with it. The engine's own sees no variables and draws its errors elsewhere.

use super::causes::Names;
use super::compile::{bring_names, compile, note};
use super::raise::{Raised, raise_argument, raise_error};
use super::shared::Shared;
use super::value::in_words;
use crate::syntax::Text;
use rhai::{Caches, Dynamic, Engine, EvalAltResult, EvalContext, Expression, Position, Scope};
use std::rc::Rc;

/// What it is called in errors, and what its text is called there.
const NAME: &str = "eval";

/// Registers it in place of the engine's.
pub(super) fn register(engine: &mut Engine, shared: &Rc<Shared>) -> Raised<()> {
    let shared = Rc::clone(shared);
    let call = move |context: &mut EvalContext<'_, '_, '_, '_, '_, '_>, inputs: &[Expression<'_>]| {
        let position = inputs[0].position();
        let text = context.eval_expression_tree(&inputs[0])?;
        let text = text.clone().into_immutable_string().map_err(|_| {
            let wanted = format!("`eval` wants a text of a script, not {}", in_words(&text));
            let mut error = raise_argument(wanted, "write it in quotes");
            error.set_position(position);
            error
        })?;
        evaluated(&shared, context, &text, position)
    };
    engine.register_custom_syntax([NAME, "(", "$expr$", ")"], false, call)?;
    Ok(())
}

fn evaluated(
    shared: &Rc<Shared>,
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    text: &str,
    position: Position,
) -> Raised<Dynamic> {
    let engine = context.engine();
    if context.call_level() >= engine.max_call_levels() {
        return Err(EvalAltResult::ErrorStackOverflow(position).into());
    }
    let text = Text::new(NAME, text);
    let name = format!("{NAME}#{}", shared.sources.borrow().len());
    shared.sources.borrow_mut().insert(name.clone(), text.clone());
    let mut state = context.global_runtime_state().clone();
    state.level += 1;
    state.source = Some(name.as_str().into());
    let scope = context.scope_mut();
    let before = scope.len();
    let done = run(shared, engine, &mut state, scope, &text, &name);
    scope.rewind(before);
    done.map_err(|error| EvalAltResult::ErrorInFunctionCall(NAME.to_owned(), name, error, position).into())
}

fn run(
    shared: &Shared,
    engine: &Engine,
    state: &mut rhai::GlobalRuntimeState,
    scope: &mut Scope<'_>,
    text: &Text,
    name: &str,
) -> Raised<Dynamic> {
    bring_names(shared, scope, text)?;
    let own = scope.iter_raw().map(|(name, ..)| name.to_owned()).collect();
    let ast = compile(engine, scope, text, &Names { shared, own }).map_err(raise_error)?;
    if ast.iter_functions().any(|function| !function.name.starts_with("anon$")) {
        return Err(raise_argument("`eval` can't define a function", "define it in the script itself"));
    }
    note(shared, name, &ast, text);
    state.lib.push(Rc::clone(ast.shared_lib()));
    state.always_search_scope = true;
    #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
    engine.eval_statements_raw(state, &mut Caches::new(), scope, ast.statements())
}
