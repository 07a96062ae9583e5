//! Configuration of the script engine: exact literals, native operators, every limit set, and nothing that reads a clock,
//! waits, or reaches a file.

use super::runtime::{CallerScope, MAX_NESTED_MODULES, Runtime};
use super::value::{Exception, argument_error};
use super::{ids, inject_scope, operators, value};
use crate::error::{Limit, QuantityError};
use crate::quantity::{Traced, exact_decimal};
use crate::store::{Limits, Stop};
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage,
    LanguageCorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, FLOAT, INT, LexError, OptimizationLevel, Token};
use rust_decimal::Decimal;
use std::rc::Rc;

/// Maximum depth of an expression at the top level, and within a function.
const MAX_EXPRESSION_DEPTH: usize = 64;
const MAX_FUNCTION_EXPRESSION_DEPTH: usize = 32;

pub(super) const MAX_VARIABLES: usize = 10_000;
const MAX_FUNCTIONS: usize = 10_000;
const MAX_MODULES: usize = 100;

/// The bounds of scripts that no setting changes, each with a description.
pub const FIXED_BOUNDS: [(usize, &str); 6] = [
    (MAX_EXPRESSION_DEPTH, "levels of an expression of a script at its top"),
    (MAX_FUNCTION_EXPRESSION_DEPTH, "levels of one within a function"),
    (MAX_VARIABLES, "variables of a script"),
    (MAX_FUNCTIONS, "functions of a script"),
    (MAX_MODULES, "modules of a script"),
    (MAX_NESTED_MODULES, "modules within each other"),
];

/// Builds an engine without the functions of the table.
pub(super) fn build(runtime: &Rc<Runtime>) -> Engine {
    let mut engine = Engine::new_raw();
    load_packages(&mut engine);
    configure_language(&mut engine, runtime.book.stop());
    configure_limits(&mut engine, runtime);
    register_types(&mut engine);
    resolve_ids(&mut engine, runtime);
    refuse_ids_as_variables(&mut engine, runtime);
    value::register_tags(&mut engine);
    engine
}

/// Loads the functions of Rhai's own that scripts have.
pub(super) fn load_packages(engine: &mut Engine) {
    // The engine's mathematics round silently, and its clock would make answers differ: neither is loaded.
    LanguageCorePackage::new().register_into_engine(engine);
    ArithmeticPackage::new().register_into_engine(engine);
    BasicStringPackage::new().register_into_engine(engine);
    BasicIteratorPackage::new().register_into_engine(engine);
    BasicFnPackage::new().register_into_engine(engine);
    LogicPackage::new().register_into_engine(engine);
    BasicArrayPackage::new().register_into_engine(engine);
    BasicMapPackage::new().register_into_engine(engine);
    MoreStringPackage::new().register_into_engine(engine);
}

/// Precedence of the operator that stands before the value of a `switch`: the lowest that the parser takes for an operator.
const SWITCH_PRECEDENCE: u8 = 2;

fn configure_language(engine: &mut Engine, stop: &Stop) {
    // The operator's name is a constant, which the engine accepts.
    #[allow(deprecated)] // as below: the call may change, and the version is pinned
    let _ = engine.register_custom_operator(inject_scope::SWITCH_OPERATOR, SWITCH_PRECEDENCE);
    engine.register_fn(inject_scope::SWITCH_OPERATOR, |(): (), value: Dynamic| operators::switched(&value));
    // Fast operators would answer `() < 5` with false and round decimals without a word.
    engine.set_fast_operators(false);
    // Folding constants would use the fast operators after all.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true);
    engine.set_fail_on_invalid_map_property(true);
    let stop = stop.clone();
    #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
    engine.on_parse_token(move |token, _, _| match token {
        // Lexing a script of a hundred thousand lines takes long.
        _ if stop.is_raised() => lex_error("", "interrupted"),
        Token::FloatConstant(literal) => decimal_literal(&literal.1),
        Token::DecimalConstant(literal) => decimal_literal(&literal.1),
        // A character is a text as a value: as a case of a `switch` it would equal none.
        Token::CharConstant(character) => Token::StringConstant(Box::new(character.to_string().into())),
        // `foreign` has what to write in their place.
        Token::DivideAssign => lex_error("/=", ""),
        Token::XOr => lex_error("^", ""),
        Token::XOrAssign => lex_error("^=", ""),
        token => token,
    });
}

/// Reads a literal with a point or an exponent as an exact decimal.
fn decimal_literal(text: &str) -> Token {
    match literal_value(text) {
        Ok(number) => Token::DecimalConstant(Box::new((number, text.into()))),
        Err(error) => lex_error(text, &error.message()),
    }
}

/// The value of a decimal literal, whose last sign may be its point.
///
/// # Errors
/// It has more digits or places than a decimal holds.
pub(super) fn literal_value(literal: &str) -> Result<Decimal, QuantityError> {
    exact_decimal(literal.replace('_', "").trim_end_matches('.'))
}

fn lex_error(symbol: &str, message: &str) -> Token {
    Token::LexError(LexError::ImproperSymbol(symbol.to_owned(), message.to_owned()).into())
}

/// Sets the maximum call depth. The stack of the worker thread is sized for it.
pub(super) fn set_max_depth(engine: &mut Engine, limits: Limits) {
    engine.set_max_call_levels(usize::try_from(limits.most(Limit::Depth)).unwrap_or(usize::MAX));
}

fn configure_limits(engine: &mut Engine, runtime: &Rc<Runtime>) {
    set_max_depth(engine, runtime.book.stop().limits());
    engine.set_max_expr_depths(MAX_EXPRESSION_DEPTH, MAX_FUNCTION_EXPRESSION_DEPTH);
    engine.set_max_variables(MAX_VARIABLES).set_max_functions(MAX_FUNCTIONS).set_max_modules(MAX_MODULES);
    // Zero is "no limit". A limit on sizes would make every push look through the whole array.
    engine.set_max_operations(0).set_max_array_size(0).set_max_map_size(0).set_max_string_size(0);
    let stop = runtime.book.stop().clone();
    let ending = Rc::clone(runtime);
    engine.on_progress(move |_| (stop.is_raised() || ending.exit_code().is_some()).then_some(Dynamic::UNIT));
    let refuse = || argument_error("`sleep` is not for scripts", "leave it out");
    engine.register_fn("sleep", move || -> Result<(), _> { Err(refuse()) });
    engine.register_fn("sleep", move |_: Dynamic| -> Result<(), _> { Err(refuse()) });
    engine.register_fn("sleep", move |_: INT| -> Result<(), _> { Err(refuse()) });
    engine.register_fn("sleep", move |_: FLOAT| -> Result<(), _> { Err(refuse()) });
}

/// Resolves ids of the book within functions, which don't see the variables of the session, and the injected variable.
fn resolve_ids(engine: &mut Engine, runtime: &Rc<Runtime>) {
    let runtime = Rc::clone(runtime);
    #[allow(deprecated)] // as above: the call may change, and the version is pinned
    engine.on_var(move |name, _, context| {
        if let Some(caller_scope) = runtime.scope_variable(name, &context) {
            return Ok(Some(caller_scope));
        }
        if !ids::is_id(name) || context.scope().contains(name) {
            return Ok(None);
        }
        ids::find(&runtime, name)
    });
}

/// Refuses variables that would shadow an id of the book.
fn refuse_ids_as_variables(engine: &mut Engine, runtime: &Rc<Runtime>) {
    let runtime = Rc::clone(runtime);
    #[allow(deprecated)] // as above
    engine.on_def_var(move |_, info, _| {
        Ok(info.name() != inject_scope::SCOPE_VARIABLE && ids::find(&runtime, info.name())?.is_none())
    });
}

fn register_types(engine: &mut Engine) {
    engine.register_type_with_name::<Traced>("quantity");
    engine.register_type_with_name::<Exception>("error");
    engine.register_type_with_name::<CallerScope>(inject_scope::SCOPE_TYPE_NAME);
    engine.register_fn("to_string", |error: &mut Exception| error.0.to_string());
    engine.register_fn("to_debug", |error: &mut Exception| error.0.to_string());
    engine.register_get("message", |error: &mut Exception| error.0.to_string());
    engine.register_get("help", |error: &mut Exception| {
        error.0.report().and_then(|report| report.help).map_or(Dynamic::UNIT, Dynamic::from)
    });
    engine.register_fn("to_string", |real: &mut FLOAT| format!("≈{real:?}"));
    engine.register_fn("to_debug", |real: &mut FLOAT| format!("≈{real:?}"));
    engine.register_fn("to_string", |number: &mut Decimal| number.normalize().to_string());
    engine.register_fn("to_debug", |number: &mut Decimal| number.normalize().to_string());
}
