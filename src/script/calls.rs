//! The calls of a compiled script against the functions that there are, those of its modules among them.

use super::diagnostics::{NamesInScope, no_such_function, source_offset, source_place};
use super::inject_scope::{SCOPE_VARIABLE, SWITCH_OPERATOR};
use super::{foreign, ids};
use crate::error::suggest::nearest;
use crate::error::{Error, ScriptCause, ScriptError};
use crate::syntax::Text;
use crate::syntax::rhai::map_keys;
use rhai::{AST, ASTFlags, ASTNode, Engine, Expr, FnAccess, FnCallExpr, Namespace, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The functions that the language itself has.
const OF_LANGUAGE: [&str; 10] =
    ["call", "curry", "Fn", "eval", "is_def_var", "is_def_fn", "is_shared", "type_of", "print", "debug"];

/// The most functions of a module that a help lists.
const MAX_LISTED: usize = 12;

/// The modules of a source by their aliases; `None` for one of which nothing is known.
pub(super) type Imports = BTreeMap<String, Option<Rc<ImportedModule>>>;

/// The functions of a source by their names, with their numbers of parameters.
type Signatures = BTreeMap<String, BTreeSet<usize>>;

/// A module, as its importers see it.
pub(super) struct ImportedModule {
    /// Its public functions.
    functions: Signatures,
    /// The names of the values that it exports.
    exported: BTreeSet<String>,
    /// The modules that it imports itself, which are in reach through it.
    imports: Imports,
}

impl ImportedModule {
    pub(super) fn of(ast: &AST, imports: Imports) -> Self {
        let mut exported = BTreeSet::new();
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Var(variable, flags, _))) if flags.intersects(ASTFlags::EXPORTED) => {
                    exported.insert(variable.0.name.to_string());
                }
                Some(ASTNode::Stmt(Stmt::Export(names, _))) => {
                    exported.extend([names.0.name.to_string(), names.1.name.to_string()]);
                }
                _ => {}
            }
            true
        });
        let mut functions = Signatures::new();
        for function in ast.iter_functions().filter(|function| function.access == FnAccess::Public) {
            functions.entry(function.name.to_owned()).or_default().insert(function.params.len());
        }
        Self { functions, exported, imports }
    }

    /// The help that lists its functions; `None` where it has none, or many.
    fn listed(&self) -> Option<String> {
        let names: Vec<String> =
            self.functions.keys().filter(|name| !name.contains('$')).map(|name| format!("`{name}`")).collect();
        (1..=MAX_LISTED).contains(&names.len()).then(|| format!("the module has {}", names.join(", ")))
    }
}

/// What a script may call.
pub(super) struct KnownCalls<'c> {
    ast: &'c AST,
    text: &'c Text,
    names: &'c NamesInScope<'c>,
    /// The functions of the engine and of scripts in scope.
    functions: BTreeSet<String>,
    /// The functions of the script itself, with their numbers of parameters.
    own: Signatures,
    /// The modules that it imports.
    imports: &'c Imports,
    /// Keys of maps, whose values may be closures.
    keys: BTreeSet<&'c str>,
}

impl<'c> KnownCalls<'c> {
    /// Of the words in `left_out` nothing is known: statements that do not compile have them.
    pub(super) fn new(
        engine: &Engine,
        ast: &'c AST,
        text: &'c Text,
        names: &'c NamesInScope<'c>,
        imports: &'c Imports,
        left_out: &BTreeSet<String>,
    ) -> Self {
        let native = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
        let of_language = OF_LANGUAGE.into_iter().chain([SWITCH_OPERATOR]).map(str::to_owned);
        let known = names.functions.iter().chain(left_out).cloned();
        let functions = native.into_iter().chain(of_language).chain(known).collect();
        let mut own = Signatures::new();
        for function in ast.iter_functions().filter(|function| !left_out.contains(function.name)) {
            own.entry(function.name.to_owned()).or_default().insert(function.params.len());
        }
        Self { ast, text, names, functions, own, imports, keys: map_keys(&text.whole).into_iter().collect() }
    }

    /// The errors, in the order of the lines.
    pub(super) fn errors(&self) -> Vec<Error> {
        let mut found: Vec<(Position, Error)> = Vec::new();
        self.ast.walk(&mut |path: &[ASTNode<'_>]| {
            match path.last() {
                Some(ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position))) => {
                    found.extend(self.wrong_call(call, false).map(|cause| (*position, self.error(cause, *position))));
                }
                Some(ASTNode::Expr(Expr::MethodCall(call, position))) => {
                    found.extend(self.wrong_call(call, true).map(|cause| (*position, self.error(cause, *position))));
                }
                Some(ASTNode::Expr(Expr::Variable(variable, _, position))) if !variable.2.is_empty() => {
                    let cause = self.not_exported(&variable.2, &variable.1);
                    found.extend(cause.map(|cause| (*position, self.error(cause, *position))));
                }
                Some(ASTNode::Expr(Expr::Variable(variable, None, position))) if variable.0.is_none() => {
                    found.extend(self.unseen_variable(&variable.1, *position).map(|error| (*position, error)));
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
        let hands_scope = call.args.first().is_some_and(is_scope);
        let count = call.args.len() - usize::from(hands_scope);
        if call.is_qualified() {
            return self.wrong_call_of_module(&call.namespace, name, count);
        }
        if is_operator || self.functions.contains(name) && !self.own.contains_key(name) {
            return None;
        }
        match self.own.get(name) {
            Some(counts) if counts.contains(&count) => None,
            // A method's receiver is `this` within it.
            Some(counts) => Some(wrong_count(name, counts, count)),
            None if is_method && self.keys.contains(name) => None,
            None => Some(no_such_function(name, self.names)),
        }
    }

    /// The module that a path of aliases means, as `a::b`; `None` where that is not known.
    fn module(&self, path: &Namespace) -> Option<&ImportedModule> {
        let (first, rest) = path.path.split_first()?;
        let mut module = self.imports.get(first.name.as_str())?.as_deref()?;
        for alias in rest {
            module = module.imports.get(alias.name.as_str())?.as_deref()?;
        }
        Some(module)
    }

    /// As [`KnownCalls::wrong_call`], for a function of a module.
    fn wrong_call_of_module(&self, path: &Namespace, name: &str, count: usize) -> Option<ScriptCause> {
        let module = self.module(path)?;
        let full = |name: &str| format!("{path}::{name}");
        match module.functions.get(name) {
            Some(counts) if counts.contains(&count) => None,
            Some(counts) => Some(wrong_count(&full(name), counts, count)),
            // What it exports may be a closure.
            None if module.exported.contains(name) => None,
            None => {
                let message = format!("there is no function `{}`", full(name));
                let near = nearest(name, module.functions.keys().map(String::as_str)).map(|near| full(&near));
                let help = if near.is_none() { module.listed() } else { None };
                Some(ScriptCause::NotFound { message, near, help })
            }
        }
    }

    /// The cause of a value that a module does not export.
    fn not_exported(&self, path: &Namespace, name: &str) -> Option<ScriptCause> {
        let module = self.module(path)?;
        let is_known = module.exported.contains(name) || module.functions.contains_key(name);
        (!is_known).then(|| self.names.no_variable(&format!("{path}::{name}")))
    }
}

/// The cause of a call with another number of values than a function takes.
fn wrong_count(name: &str, counts: &BTreeSet<usize>, count: usize) -> ScriptCause {
    let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
    let counts = counts.join(" or ");
    let message = format!("`{name}` takes {counts} value{}, not {count}", if counts == "1" { "" } else { "s" });
    ScriptCause::argument(message, "call it with as many as its `fn` has parameters")
}

/// True for the injected argument of a function that asks the book.
fn is_scope(argument: &Expr) -> bool {
    matches!(argument, Expr::Variable(variable, ..) if variable.1 == SCOPE_VARIABLE)
}
