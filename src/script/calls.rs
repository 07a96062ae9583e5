//! The calls of a compiled script against the functions that there are, and its imports against the modules.

use super::diagnostics::{NamesInScope, no_such_function, run_error, source_offset, source_place};
use super::inject_scope::{SCOPE_VARIABLE, SWITCH_OPERATOR};
use super::library::find_module;
use super::runtime::ScriptLocation;
use super::{foreign, ids};
use crate::error::{Error, ScriptCause, ScriptError};
use crate::syntax::Text;
use crate::syntax::rhai::map_keys;
use rhai::{AST, ASTNode, Engine, Expr, FnCallExpr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// The functions that the language itself has.
const OF_LANGUAGE: [&str; 10] =
    ["call", "curry", "Fn", "eval", "is_def_var", "is_def_fn", "is_shared", "type_of", "print", "debug"];

/// What a script may call.
pub(super) struct KnownCalls<'c> {
    ast: &'c AST,
    text: &'c Text,
    names: &'c NamesInScope<'c>,
    /// The functions of the engine and of scripts in scope.
    functions: BTreeSet<String>,
    /// The functions of the script itself, with their numbers of parameters.
    own: BTreeMap<String, BTreeSet<usize>>,
    /// Keys of maps, whose values may be closures.
    keys: BTreeSet<&'c str>,
}

impl<'c> KnownCalls<'c> {
    pub(super) fn new(engine: &Engine, ast: &'c AST, text: &'c Text, names: &'c NamesInScope<'c>) -> Self {
        let native = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
        let of_language = OF_LANGUAGE.into_iter().chain([SWITCH_OPERATOR]).map(str::to_owned);
        let functions = native.into_iter().chain(of_language).chain(names.functions.iter().cloned()).collect();
        let mut own: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for function in ast.iter_functions() {
            own.entry(function.name.to_owned()).or_default().insert(function.params.len());
        }
        Self { ast, text, names, functions, own, keys: map_keys(&text.whole).into_iter().collect() }
    }

    /// The errors, in the order of the lines.
    pub(super) fn errors(&self, location: &ScriptLocation) -> Vec<Error> {
        let mut found: Vec<(Position, Error)> = Vec::new();
        self.ast.walk(&mut |path: &[ASTNode<'_>]| {
            match path.last() {
                Some(ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position))) => {
                    found.extend(self.wrong_call(call, false).map(|cause| (*position, self.error(cause, *position))));
                }
                Some(ASTNode::Expr(Expr::MethodCall(call, position))) => {
                    found.extend(self.wrong_call(call, true).map(|cause| (*position, self.error(cause, *position))));
                }
                Some(ASTNode::Expr(Expr::Variable(variable, None, position))) if variable.0.is_none() => {
                    found.extend(self.unseen_variable(&variable.1, *position).map(|error| (*position, error)));
                }
                Some(ASTNode::Stmt(Stmt::Import(import, position))) => {
                    found.extend(self.wrong_import(&import.0, location).map(|error| (*position, error)));
                }
                _ => {}
            }
            true
        });
        found.sort_by_key(|(position, _)| (position.line(), position.position()));
        found.dedup_by_key(|(position, _)| *position);
        found.into_iter().map(|(_, error)| error).collect()
    }

    /// The error of a variable or a parameter of the script that a function names.
    fn unseen_variable(&self, name: &str, position: Position) -> Option<Error> {
        let is_known = self.names.variables.iter().any(|known| known == name);
        if !is_known || ids::is_id(name) || name == SCOPE_VARIABLE {
            return None;
        }
        let offset = source_offset(self.names.runtime, self.text, position)?;
        let is_unseen = foreign::is_unseen_at(&self.text.whole, offset, name);
        is_unseen.then(|| self.error(self.names.no_variable(name), position))
    }

    fn error(&self, cause: ScriptCause, position: Position) -> Error {
        ScriptError::at(cause, source_place(self.names.runtime, self.text, position))
    }

    /// The cause of a call of what is no function, or of one of the script's own with another number of values.
    fn wrong_call(&self, call: &FnCallExpr, is_method: bool) -> Option<ScriptCause> {
        let name = call.name.as_str();
        let is_operator = !name.starts_with(|c: char| c.is_alphabetic() || c == '_') || name.contains('$');
        if is_operator || call.is_qualified() || self.functions.contains(name) && !self.own.contains_key(name) {
            return None;
        }
        let hands_scope = call.args.first().is_some_and(is_scope);
        let count = call.args.len() - usize::from(hands_scope);
        match self.own.get(name) {
            Some(counts) if counts.contains(&count) => None,
            // A method's receiver is `this` within it.
            Some(counts) => {
                let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
                let counts = counts.join(" or ");
                let message =
                    format!("`{name}` takes {counts} value{}, not {count}", if counts == "1" { "" } else { "s" });
                Some(ScriptCause::argument(message, "call it with as many as its `fn` has parameters"))
            }
            None if is_method && self.keys.contains(name) => None,
            None => Some(no_such_function(name, self.names)),
        }
    }

    fn wrong_import(&self, path: &Expr, location: &ScriptLocation) -> Option<Error> {
        let Expr::StringConstant(name, position) = path else { return None };
        let mut error = find_module(location, name, self.names.runtime.book.stop().limits()).err()?;
        error.set_position(*position);
        Some(run_error(&error, self.text, &self.names.runtime.sources.borrow(), self.names))
    }
}

/// True for the injected argument of a function that asks the book.
fn is_scope(argument: &Expr) -> bool {
    matches!(argument, Expr::Variable(variable, ..) if variable.1 == SCOPE_VARIABLE)
}
