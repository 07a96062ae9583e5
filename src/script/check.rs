//! A script checked without being run: it is compiled, the names of the functions that it calls and of the modules that it imports
//! are looked up, and those modules are checked in the same way. What a value is, only a run can tell.

use super::calls::{ImportedModule, Imports, KnownCalls};
use super::compile::{define_ids, refuse_cycle, register_sources};
use super::diagnostics::{NamesInScope, run_error, source_place};
use super::interpreter::Interpreter;
use super::library::{self, ModuleSource, Script, find_module};
use super::recovery::compile_with_errors;
use super::runtime::{Runtime, ScriptLocation};
use super::value::ScriptResult;
use crate::error::{Error, Frame};
use crate::sql::Cell;
use crate::store::Book;
use crate::syntax::Text;
use rhai::{AST, ASTNode, Engine, Expr, Position, Scope, Stmt};
use std::collections::BTreeMap;
use std::rc::Rc;

impl Interpreter {
    /// The errors of a script and of the modules that it imports; none where it can be run. `self` is an interpreter made for it.
    pub fn check(&mut self, script: &Script) -> Vec<Error> {
        for parameter in &script.header.parameters {
            self.set_constant(&parameter.name, Cell::Null);
        }
        let mut scope = match self.scope_for_check(&script.text) {
            Ok(scope) => scope,
            Err(error) => return vec![error],
        };
        let names = self.names_in_scope();
        let mut check = Check {
            engine: self.engine(),
            runtime: names.runtime,
            modules: BTreeMap::new(),
            loading: Vec::new(),
            errors: Vec::new(),
        };
        check.source(&script.text, self.location(), &mut scope, &names);
        check.errors
    }
}

/// The check of a script and its modules.
struct Check<'c> {
    engine: &'c Engine,
    runtime: &'c Runtime,
    /// The modules that are checked, by their files; `None` for one that can't be compiled.
    modules: BTreeMap<String, Option<Rc<ImportedModule>>>,
    /// The modules that are being checked, the outermost first.
    loading: Vec<String>,
    errors: Vec<Error>,
}

impl Check<'_> {
    /// Checks a source; what it hands out as a module, where it compiles.
    fn source(
        &mut self,
        text: &Text,
        location: &ScriptLocation,
        scope: &mut Scope<'_>,
        names: &NamesInScope<'_>,
    ) -> Option<ImportedModule> {
        let found = compile_with_errors(self.engine, scope, text, names);
        self.errors.extend(found.errors);
        let ast = found.ast?;
        register_sources(self.runtime, &text.source, &ast, &found.text);
        let imports = self.imports(&ast, &found.text, location, names);
        let calls = KnownCalls::new(self.engine, &ast, &found.text, names, &imports, &found.left_out);
        self.errors.extend(calls.errors());
        found.left_out.is_empty().then(|| ImportedModule::of(&ast, imports))
    }

    /// The modules that a source imports, by their aliases, each checked.
    fn imports(&mut self, ast: &AST, text: &Text, location: &ScriptLocation, names: &NamesInScope<'_>) -> Imports {
        let mut written: Vec<(String, Position, String)> = Vec::new();
        let mut imports = Imports::new();
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = path.last() {
                match &import.0 {
                    Expr::StringConstant(name, at) => {
                        written.push((name.to_string(), *at, import.1.name.to_string()));
                    }
                    // A name that is computed: any module may be meant.
                    _ => drop(imports.insert(import.1.name.to_string(), None)),
                }
            }
            true
        });
        written.sort_by_key(|(_, at, _)| (at.line(), at.position()));
        for (name, at, alias) in written {
            let module = self.import(&name, at, text, location, names);
            // Of two modules by one alias it is not known which one a call means.
            imports.entry(alias).and_modify(|known| *known = None).or_insert(module);
        }
        imports
    }

    /// The module that a source imports.
    fn import(
        &mut self,
        name: &str,
        at: Position,
        text: &Text,
        location: &ScriptLocation,
        names: &NamesInScope<'_>,
    ) -> Option<Rc<ImportedModule>> {
        let limits = self.runtime.book.stop().limits();
        let found = find_module(location, name, limits).and_then(|found| {
            refuse_cycle(&self.loading, &found.source)?;
            Ok(found)
        });
        let found = match found {
            Ok(found) => found,
            Err(mut error) => {
                error.set_position(at);
                self.errors.push(run_error(&error, text, &self.runtime.sources.borrow(), names));
                return None;
            }
        };
        if let Some(known) = self.modules.get(&found.source) {
            return known.clone();
        }
        let before = self.errors.len();
        let module = self.module(&found).unwrap_or_else(|error| {
            self.errors.push(run_error(&error, text, &self.runtime.sources.borrow(), names));
            None
        });
        let label = Some(format!("in the module `{}`, imported here", found.source));
        let here = source_place(self.runtime, text, at).map(|place| Frame { place, label });
        for error in &mut self.errors[before..] {
            if let Error::Script(error) = error {
                error.frames.extend(here.clone());
            }
        }
        let module = module.map(Rc::new);
        self.modules.insert(found.source, module.clone());
        module
    }

    /// Checks a module: it sees the prelude, and no name of its importer.
    fn module(&mut self, found: &ModuleSource) -> ScriptResult<Option<ImportedModule>> {
        let text = Text::new(&found.source, &found.text);
        let mut scope = Scope::new();
        define_ids(self.runtime, &mut scope, &text)?;
        let functions = library::prelude_functions().map(str::to_owned).collect();
        let names = NamesInScope { runtime: self.runtime, variables: Vec::new(), functions };
        self.loading.push(found.source.clone());
        let module = self.source(&text, &found.location, &mut scope, &names);
        self.loading.pop();
        Ok(module)
    }
}

/// The errors of the defaults in a header, each at the line of its parameter.
pub fn check_defaults(script: &Script, book: &Book) -> Vec<Error> {
    let wrong = library::wrong_defaults(&script.header, book).into_iter();
    let located = wrong.map(|(parameter, error)| match error {
        Error::Usage(mut report) => {
            let declared = &parameter.declared_at;
            report.frames.push(Frame { place: script.text.place(declared.start, declared.len()), label: None });
            Error::Usage(report)
        }
        error => error,
    });
    located.collect()
}
