//! From source to syntax tree: checks that the engine does not make, the scripts within scripts (`eval`), and modules
//! (`import`). The files that an import may read are in `library`.

use super::diagnostics::{
    NamesInScope, compile_error, function_source, module_function_source, reserved_name, source_place,
};
use super::engine::literal_value;
use super::library::{self, ModuleSource, find_module};
use super::runtime::{MAX_NESTED_MODULES, Runtime};
use super::value::{ScriptResult, argument_error, describe, program_error, script_error};
use super::{changes, compiled, foreign, ids, inject_scope};
use crate::error::{Error, ScriptCause, ScriptError};
use crate::syntax::Text;
use crate::syntax::rhai::{bound_names, open_comment_or_string, tokens};
use crate::syntax::{Token, TokenKind};
use rhai::module_resolvers::DummyModuleResolver;
use rhai::{
    AST, ASTNode, Caches, Dynamic, Engine, EvalAltResult, EvalContext, Expr, Expression, FnAccess, FuncRegistration,
    GlobalRuntimeState, Module, ModuleResolver, NativeCallContext, Position, RhaiFunc, Scope,
};
use std::any::TypeId;
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Registers `eval` and the resolver of `import`.
pub(super) fn register(engine: &mut Engine, runtime: &Rc<Runtime>) {
    // The syntax is a constant, which the engine accepts.
    let _ = register_eval(engine, runtime);
    compiled::register(engine, runtime);
    engine.set_module_resolver(ImportResolver { runtime: Rc::clone(runtime), loading: RefCell::default() });
}

/// Compiles a source whose ids of the book are constants of `scope`.
pub(super) fn compile(engine: &Engine, scope: &Scope<'_>, text: &Text, names: &NamesInScope<'_>) -> Result<AST, Error> {
    if let Some(missing) = open_comment_or_string(&text.whole) {
        let place = text.place(text.whole.trim_end().len(), 1);
        return Err(ScriptError::at(ScriptCause::incomplete(missing), Some(place)));
    }
    refuse_shadows(names.runtime, text)?;
    refuse_wrapped_numbers(text)?;
    refuse_decimal_cases(text)?;
    refuse_grouped_numbers(text)?;
    refuse_swapped_places(text)?;
    refuse_quotient_comments(text)?;
    names.runtime.note_names(&text.whole);
    // Reading a script of millions of letters takes as long as compiling it.
    names.runtime.check_stop()?;
    let is_variable = |name: &str| scope.get(name).is_some_and(Dynamic::is_fnptr);
    // Few scripts call a variable: the functions are listed for the first that may.
    let functions = OnceCell::new();
    let is_function = |name: &str| functions.get_or_init(|| function_names(engine, &text.whole, names)).contains(name);
    let insertions = inject_scope::insertions(&text.whole, &is_variable, &is_function);
    let injected = inject_scope::with_insertions(&text.whole, &insertions);
    names.runtime.note_insertions(text, insertions);
    names.runtime.check_stop()?;
    let compiled = engine.compile_with_scope(scope, injected);
    let ast = compiled.map_err(|error| compile_error(&error, text, names))?;
    check_names(&ast, text, &names.runtime.signatures)?;
    check_numbers(names.runtime, &ast, text)?;
    changes::refuse_lost(&ast, text, names)?;
    Ok(with_compiled_loops(engine, scope, text, names.runtime, ast))
}

/// Compiles a source again with the operator before what its loops go over whose bodies can be translated. What has compiled
/// without it is kept where it does not with it: an expression may be too deep by the operator.
fn with_compiled_loops(engine: &Engine, scope: &Scope<'_>, text: &Text, runtime: &Runtime, ast: AST) -> AST {
    let sites = if text.whole.contains("for") { compiled::sites(&ast) } else { Vec::new() };
    if sites.is_empty() {
        return ast;
    }
    let mut insertions = runtime.insertions(text).to_vec();
    let before = inject_scope::loop_insertions(&text.whole, &insertions, &sites);
    insertions.extend(before);
    insertions.sort_by_key(|(at, _)| *at);
    let Ok(again) = engine.compile_with_scope(scope, inject_scope::with_insertions(&text.whole, &insertions)) else {
        return ast;
    };
    runtime.note_insertions(text, insertions);
    compiled::install(&again);
    again
}

/// Refuses a parameter, a loop variable or an alias that would shadow an id of the book.
fn refuse_shadows(runtime: &Runtime, text: &Text) -> Result<(), Error> {
    let found = find_shadowed_id(runtime, &text.whole).map_err(|error| Error::Fault(error.to_string()))?;
    let Some((name, at)) = found else { return Ok(()) };
    Err(ScriptError::at(reserved_name(name), Some(text.place(at, name.len()))))
}

/// Refuses a hexadecimal, octal or binary literal that the engine would wrap to a negative number.
fn refuse_wrapped_numbers(text: &Text) -> Result<(), Error> {
    let is_wrapped = |token: &Token| {
        if token.kind != TokenKind::Number {
            return false;
        }
        let digits = token.text(&text.whole).replace('_', "").to_ascii_lowercase();
        let bases = [("0x", 16), ("0o", 8), ("0b", 2)];
        let bits = bases.iter().find_map(|(mark, base)| u64::from_str_radix(digits.strip_prefix(mark)?, *base).ok());
        bits.is_some_and(|bits| i64::try_from(bits).is_err())
    };
    let Some(token) = tokens(&text.whole).find(is_wrapped) else { return Ok(()) };
    let message = format!("`{}` is beyond the whole numbers of 64 bits", token.text(&text.whole));
    let cause = ScriptCause::argument(message, "a larger one is a quantity: `q(\"18446744073709551615\")`");
    Err(ScriptError::at(cause, Some(text.place(token.range.start, token.range.len()))))
}

/// Refuses a case of a `switch` that no value equals by hash: a whole number that is written as a decimal, `2.0` or `1e3`.
fn refuse_decimal_cases(text: &Text) -> Result<(), Error> {
    if !text.whole.contains("=>") {
        return Ok(());
    }
    let code = || tokens(&text.whole).filter(|token| token.kind != TokenKind::Comment);
    let mut cases = code().zip(code().skip(1)).zip(code().skip(2)).filter(|((token, equals), greater)| {
        token.kind == TokenKind::Number && equals.text(&text.whole) == "=" && greater.text(&text.whole) == ">"
    });
    let found = cases.find_map(|((token, _), _)| {
        let case = token.text(&text.whole);
        let is_decimal = case.contains(['.', 'e', 'E']) && !case.starts_with("0x");
        let whole = literal_value(case).ok().filter(|number| is_decimal && number.is_integer())?;
        Some((whole.normalize(), token.range))
    });
    let Some((whole, range)) = found else { return Ok(()) };
    let message = format!("no value is the case `{}`", &text.whole[range.clone()]);
    let cause = ScriptCause::argument(message, format!("write it without a point: `{whole} =>`"));
    Err(ScriptError::at(cause, Some(text.place(range.start, range.len()))))
}

/// Refuses a number with commas between its thousands that would be two values of a list: `f(1,000)` would hand over 1 and 0.
fn refuse_grouped_numbers(text: &Text) -> Result<(), Error> {
    let Some((range, digits)) = foreign::number_in_a_list(&text.whole) else { return Ok(()) };
    let written = &text.whole[range.clone()];
    let message = format!("`{written}` is more than one number in a script");
    let cause = ScriptCause::argument(message, foreign::without_commas(written, &digits));
    Err(ScriptError::at(cause, Some(text.place(range.start, range.len()))))
}

/// Refuses a loop whose first variable has the name of a place, as `for (i, row) in table`: the place comes second here.
fn refuse_swapped_places(text: &Text) -> Result<(), Error> {
    let Some((range, [place, value])) = foreign::swapped_places(&text.whole) else { return Ok(()) };
    let message = format!("`{place}` would be the value here, and `{value}` its place");
    let cause = ScriptCause::argument(message, format!("the value comes first: `for ({value}, {place}) in …`"));
    Err(ScriptError::at(cause, Some(text.place(range.start, range.len()))))
}

/// Refuses a comment that is written as the whole part of a quotient is in other languages: of `7 // 2` only the 7 would be read.
fn refuse_quotient_comments(text: &Text) -> Result<(), Error> {
    let Some(range) = foreign::quotient_comment(&text.whole) else { return Ok(()) };
    let message = "`//` begins a comment: what stands behind it would not be read".to_owned();
    let help = "a quotient is `7 / 2`, and its whole part `(7 / 2).floor()`; a comment is written in words";
    let cause = ScriptCause::argument(message, help.to_owned());
    Err(ScriptError::at(cause, Some(text.place(range.start, range.len()))))
}

/// The names of functions that a text can call: those of the engine, of scripts in scope, and its own.
fn function_names<'n>(engine: &Engine, text: &'n str, names: &'n NamesInScope<'_>) -> BTreeSet<Cow<'n, str>> {
    let native = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
    let own = tokens(text).zip(tokens(text).skip(1));
    let own = own.filter(|(word, _)| word.text(text) == "fn").map(|(_, name)| Cow::Borrowed(name.text(text)));
    let in_scope = names.functions.iter().map(|name| Cow::Borrowed(name.as_str()));
    native.into_iter().map(Cow::Owned).chain(in_scope).chain(own).collect()
}

/// Refuses a function with the name of a native one: a call would be ambiguous. A name that SQL has is refused where SQL calls
/// it.
fn check_names(ast: &AST, text: &Text, signatures: &[(&str, &str)]) -> Result<(), Error> {
    let is_taken = |name: &str| {
        let is_free = |signature: &str| signature.contains(&format!(".{name}"));
        signatures.iter().any(|(known, signature)| *known == name && !is_free(signature))
    };
    match ast.iter_functions().find(|function| is_taken(function.name)) {
        None => Ok(()),
        Some(taken) => {
            let message = format!("`{}` is a function of every script", taken.name);
            let pairs = tokens(&text.whole).zip(tokens(&text.whole).skip(1));
            let mut defined = pairs.filter(|(word, _)| word.text(&text.whole) == "fn").map(|(_, name)| name.range);
            let at = defined.find(|name| &text.whole[name.clone()] == taken.name);
            let place = at.map(|at| text.place(at.start, at.len()));
            Err(ScriptError::at(ScriptCause::argument(message, "give yours another name"), place))
        }
    }
}

/// Refuses `i64::MIN` as a literal: the engine replaces it by a REAL, and no literal of a script is one otherwise.
fn check_numbers(runtime: &Runtime, ast: &AST, text: &Text) -> Result<(), Error> {
    let mut found = None;
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(Expr::FloatConstant(_, position))) = path.last() {
            found = Some(*position);
        }
        found.is_none()
    });
    let Some(position) = found else { return Ok(()) };
    let cause = ScriptCause::overflow(&format!("-({})", i64::MIN));
    Err(ScriptError::at(cause, source_place(runtime, text, position)))
}

/// Defines the ids that a source mentions outside comments, and the injected variable, as constants of a scope.
pub(super) fn define_ids(runtime: &Runtime, scope: &mut Scope<'_>, text: &Text) -> ScriptResult<()> {
    if !scope.contains(inject_scope::SCOPE_VARIABLE) {
        scope.push_constant(inject_scope::SCOPE_VARIABLE, ());
    }
    let mentioned = ids::mentioned(&text.whole);
    ids::prefetch_figures(runtime, &mentioned)?;
    for id in mentioned {
        if scope.contains(id) {
            continue;
        }
        if let Some(value) = ids::find(runtime, id)? {
            scope.push_constant_dynamic(id, value);
        }
    }
    Ok(())
}

/// Registers a source under its own name and those of its functions, so that errors find it.
pub(super) fn register_sources(runtime: &Runtime, source: &str, ast: &AST, text: &Text) {
    let mut sources = runtime.sources.borrow_mut();
    for function in ast.iter_functions() {
        sources.insert(function_source(function.name), text.clone());
        sources.insert(module_function_source(source, function.name), text.clone());
    }
    sources.insert(source.to_owned(), text.clone());
}

/// The first parameter, loop variable or alias that shadows an id of the book, with its byte offset. The engine asks about
/// `let` and `const` itself; these are found in the tokens.
fn find_shadowed_id<'t>(runtime: &Runtime, text: &'t str) -> ScriptResult<Option<(&'t str, usize)>> {
    let tokens: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    for at in 0..tokens.len() {
        let defined = bound_names(&tokens, text, at);
        for at in defined {
            if word(at) != inject_scope::SCOPE_VARIABLE && ids::find(runtime, word(at))?.is_some() {
                return Ok(Some((word(at), tokens[at].range.start)));
            }
        }
    }
    Ok(None)
}

/// Name of `eval` and of its source in errors.
const EVAL: &str = "eval";

/// Registers `eval` as custom syntax that sees and sets the variables of its caller; the engine's own sees none. Variables that
/// it defines end with it.
fn register_eval(engine: &mut Engine, runtime: &Rc<Runtime>) -> ScriptResult<()> {
    let runtime = Rc::clone(runtime);
    let call = move |context: &mut EvalContext<'_, '_, '_, '_, '_, '_>, inputs: &[Expression<'_>]| {
        let position = inputs[0].position();
        let text = context.eval_expression_tree(&inputs[0])?;
        let text = text.clone().into_immutable_string().map_err(|_| {
            let wanted = format!("`eval` wants a text of a script, not {}", describe(&text));
            let mut error = argument_error(wanted, "write it in quotes");
            error.set_position(position);
            error
        })?;
        evaluate(&runtime, context, &text, position)
    };
    engine.register_custom_syntax([EVAL, "(", "$expr$", ")"], false, call)?;
    Ok(())
}

fn evaluate(
    runtime: &Rc<Runtime>,
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    text: &str,
    position: Position,
) -> ScriptResult<Dynamic> {
    let engine = context.engine();
    if context.call_level() >= engine.max_call_levels() {
        return Err(EvalAltResult::ErrorStackOverflow(position).into());
    }
    let text = Text::new(EVAL, text);
    let name = format!("{EVAL}#{}", runtime.sources.borrow().len());
    runtime.sources.borrow_mut().insert(name.clone(), text.clone());
    let mut state = context.global_runtime_state().clone();
    state.level += 1;
    state.source = Some(name.as_str().into());
    let scope = context.scope_mut();
    let length = scope.len();
    let done = run_eval(runtime, engine, &mut state, scope, &text, &name);
    scope.rewind(length);
    runtime.refuse_after_exit()?;
    done.map_err(|error| EvalAltResult::ErrorInFunctionCall(EVAL.to_owned(), name, error, position).into())
}

fn run_eval(
    runtime: &Runtime,
    engine: &Engine,
    state: &mut rhai::GlobalRuntimeState,
    scope: &mut Scope<'_>,
    text: &Text,
    name: &str,
) -> ScriptResult<Dynamic> {
    define_ids(runtime, scope, text)?;
    let variables = scope.iter_raw().map(|(name, ..)| name.to_owned()).collect();
    let functions = state.lib.iter().flat_map(|module| module.iter_script_fn_info());
    let functions = functions.map(|(.., function)| function.name.to_string()).collect();
    let names = NamesInScope { runtime, variables, functions };
    let ast = compile(engine, scope, text, &names).map_err(program_error)?;
    if ast.iter_functions().any(|function| !function.name.starts_with("anon$")) {
        return Err(argument_error("`eval` can't define a function", "define it in the script itself"));
    }
    register_sources(runtime, name, &ast, text);
    state.lib.push(Rc::clone(ast.shared_lib()));
    state.always_search_scope = true;
    #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
    engine.eval_statements_raw(state, &mut Caches::new(), scope, ast.statements())
}

/// Resolver of `import`. The engine's own would read any file, and would not end where two modules import each other.
struct ImportResolver {
    runtime: Rc<Runtime>,
    /// The modules that are being loaded, the outermost first.
    loading: RefCell<Vec<String>>,
}

/// Refuses a module that is being loaded already, the outermost first in `loading`, and one too deep within others.
pub(super) fn refuse_cycle(loading: &[String], source: &str) -> ScriptResult<()> {
    if let Some(from) = loading.iter().position(|known| known == source) {
        let cycle: Vec<&str> = loading[from..].iter().map(String::as_str).chain([source]).collect();
        let message = format!("modules import each other in a circle: {}", cycle.join(" → "));
        return Err(argument_error(message, "put what they share into a module of its own"));
    }
    if loading.len() >= MAX_NESTED_MODULES {
        let message = format!("modules import each other more than {MAX_NESTED_MODULES} deep");
        return Err(script_error(ScriptCause::LimitReached { message, limit: None }));
    }
    Ok(())
}

impl ImportResolver {
    fn build(&self, engine: &Engine, state: &GlobalRuntimeState, found: &ModuleSource) -> ScriptResult<Rc<Module>> {
        let text = Text::new(&found.source, &found.text);
        let mut scope = Scope::new();
        define_ids(&self.runtime, &mut scope, &text)?;
        let functions = library::prelude_functions().map(str::to_owned).collect();
        let names = NamesInScope { runtime: &self.runtime, variables: Vec::new(), functions };
        let ast = compile(engine, &scope, &text, &names).map_err(program_error)?;
        register_sources(&self.runtime, &found.source, &ast, &text);
        self.runtime.locations.borrow_mut().insert(found.source.clone(), found.location.clone());
        // A module sees the prelude, and no function that its importer defines.
        let prelude =
            engine.compile(library::PRELUDE).map_err(|error| argument_error(error.to_string(), "report it"))?;
        let mut whole = prelude.merge(&ast);
        whole.set_source(found.source.as_str());
        let mut fresh = engine.new_global_runtime_state();
        fresh.level = state.level + 1;
        let built = Module::eval_ast_as_new_raw(engine, &mut scope, &mut fresh, &whole)?;
        Ok(Rc::new(isolate_module(&built, &ast, &whole)))
    }
}

/// A module whose functions look for others among its own first: the engine caches function lookups by name within a run, and
/// would take the importer's for it, or the other way round.
fn isolate_module(built: &Module, ast: &AST, whole: &AST) -> Module {
    let mut module = Module::new();
    for (name, value) in built.iter_var() {
        module.set_var(name, value.clone());
    }
    for (name, within) in built.iter_sub_modules() {
        module.set_sub_module(name, Rc::clone(within));
    }
    let within: Rc<[(String, Rc<Module>)]> =
        built.iter_sub_modules().map(|(name, within)| (name.to_owned(), Rc::clone(within))).collect();
    for function in ast.iter_functions().filter(|function| function.access == FnAccess::Public) {
        let (name, library, within) = (function.name.to_owned(), Rc::clone(whole.shared_lib()), Rc::clone(&within));
        let call = move |context: Option<NativeCallContext>, arguments: &mut [&mut Dynamic]| {
            let context = context.ok_or_else(|| argument_error("a module is called from nowhere", "report it"))?;
            call_module_function(&context, &name, &library, &within, arguments)
        };
        let parameters = vec![TypeId::of::<Dynamic>(); function.params.len()];
        let function = FuncRegistration::new(function.name).in_internal_namespace();
        let func = RhaiFunc::Pure { func: Rc::new(call), has_context: true, is_pure: true, is_volatile: true };
        function.set_into_module_raw(&mut module, parameters, func);
    }
    module.build_index();
    module
}

/// Calls a function of a module with the module's own functions and imports innermost.
fn call_module_function(
    context: &NativeCallContext,
    name: &str,
    library: &Rc<Module>,
    imports: &[(String, Rc<Module>)],
    arguments: &mut [&mut Dynamic],
) -> ScriptResult<Dynamic> {
    #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
    let mut state = context.store_data().global;
    state.lib.push(Rc::clone(library));
    state.source = library.id().map(Into::into);
    for (alias, module) in imports {
        state.push_import(alias.as_str(), Rc::clone(module));
    }
    let source = library.id();
    let within = NativeCallContext::from((context.engine(), name, source, &state, context.call_position()));
    within.call_fn_raw(name, false, false, arguments)
}

impl ModuleResolver for ImportResolver {
    fn resolve(&self, engine: &Engine, source: Option<&str>, path: &str, pos: Position) -> ScriptResult<Rc<Module>> {
        // The engine calls `resolve_raw`, which has the call depth.
        DummyModuleResolver::new().resolve(engine, source, path, pos)
    }

    fn resolve_raw(
        &self,
        engine: &Engine,
        state: &mut GlobalRuntimeState,
        _: &mut Scope<'_>,
        path: &str,
        pos: Position,
    ) -> ScriptResult<Rc<Module>> {
        let location =
            self.runtime.locations.borrow().get(state.source().unwrap_or_default()).cloned().unwrap_or_default();
        let found =
            find_module(&location, path, self.runtime.book.stop().limits()).map_err(|error| at_position(error, pos))?;
        if let Some(module) = self.runtime.modules.borrow().get(&found.source) {
            return Ok(Rc::clone(module));
        }
        refuse_cycle(&self.loading.borrow(), &found.source).map_err(|error| at_position(error, pos))?;
        self.loading.borrow_mut().push(found.source.clone());
        let built = self.build(engine, state, &found);
        self.loading.borrow_mut().pop();
        self.runtime.refuse_after_exit()?;
        let module = built.map_err(|error| EvalAltResult::ErrorInModule(found.source.clone(), error, pos))?;
        self.runtime.modules.borrow_mut().insert(found.source, Rc::clone(&module));
        Ok(module)
    }
}

/// Sets the position of an error, which the engine fills in for functions alone.
fn at_position(mut error: Box<EvalAltResult>, pos: Position) -> Box<EvalAltResult> {
    error.set_position(pos);
    error
}
