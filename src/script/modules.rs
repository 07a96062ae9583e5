//! `import`: a module is a file beside the script that imports it, or one of the library, and nothing else. The engine's
//! own way to files would read any on the machine, and would run without end where two modules import each other.

use super::causes::Names;
use super::compile::{bring_names, compile, note};
use super::home::Home;
use super::library::{self, read_text};
use super::raise::{Raised, raise, raise_argument, raise_error};
use super::shared::Shared;
use crate::error::{ScriptCause, suggest};
use crate::store::Limits;
use crate::syntax::Text;
use rhai::module_resolvers::DummyModuleResolver;
use rhai::{AST, Dynamic, Engine, EvalAltResult, FnAccess, FuncRegistration, GlobalRuntimeState, Module};
use rhai::{ModuleResolver, NativeCallContext, Position, RhaiFunc, Scope};
use std::any::TypeId;
use std::cell::RefCell;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

/// How many modules may wait for each other.
pub(super) const MOST_NESTED: usize = 32;

/// A module that was found.
struct Found {
    /// The file, as a person would name it.
    source: String,
    text: String,
    home: Home,
}

/// Finds modules.
pub(super) struct Modules {
    shared: Rc<Shared>,
    /// Those that are being loaded, the outermost first.
    loading: RefCell<Vec<String>>,
}

impl Modules {
    pub(super) fn new(shared: &Rc<Shared>) -> Self {
        Self { shared: Rc::clone(shared), loading: RefCell::default() }
    }

    fn load(&self, engine: &Engine, state: &GlobalRuntimeState, name: &str, pos: Position) -> Raised<Rc<Module>> {
        let home = self.shared.homes.borrow().get(state.source().unwrap_or_default()).cloned().unwrap_or_default();
        let found = find(&home, name, self.shared.book.stop().limits()).map_err(|error| standing(error, pos))?;
        if let Some(module) = self.shared.modules.borrow().get(&found.source) {
            return Ok(Rc::clone(module));
        }
        self.refuse_circle(&found.source).map_err(|error| standing(error, pos))?;
        self.loading.borrow_mut().push(found.source.clone());
        let made = self.make(engine, state, &found);
        self.loading.borrow_mut().pop();
        let module = made.map_err(|error| EvalAltResult::ErrorInModule(found.source.clone(), error, pos))?;
        self.shared.modules.borrow_mut().insert(found.source, Rc::clone(&module));
        Ok(module)
    }

    fn refuse_circle(&self, source: &str) -> Raised<()> {
        let loading = self.loading.borrow();
        if let Some(from) = loading.iter().position(|waiting| waiting == source) {
            let circle: Vec<&str> = loading[from..].iter().map(String::as_str).chain([source]).collect();
            let message = format!("modules import each other in a circle: {}", circle.join(" → "));
            return Err(raise_argument(message, "put what they share into a module of its own"));
        }
        if loading.len() >= MOST_NESTED {
            let message = format!("modules import each other more than {MOST_NESTED} deep");
            return Err(raise(ScriptCause::Limit { message, limit: None }));
        }
        Ok(())
    }

    fn make(&self, engine: &Engine, state: &GlobalRuntimeState, found: &Found) -> Raised<Rc<Module>> {
        let text = Text::new(&found.source, &found.text);
        let mut scope = Scope::new();
        bring_names(&self.shared, &mut scope, &text)?;
        let names = Names { shared: &self.shared, own: Vec::new() };
        let own = compile(engine, &scope, &text, &names).map_err(raise_error)?;
        note(&self.shared, &found.source, &own, &text);
        self.shared.homes.borrow_mut().insert(found.source.clone(), found.home.clone());
        // A module has the functions that every script has, and none of those that its importer defines.
        let mut whole = prelude(engine)?.merge(&own);
        whole.set_source(found.source.as_str());
        let mut fresh = engine.new_global_runtime_state();
        fresh.level = state.level + 1;
        let made = Module::eval_ast_as_new_raw(engine, &mut scope, &mut fresh, &whole)?;
        Ok(Rc::new(apart(&made, &own, &whole)))
    }
}

fn prelude(engine: &Engine) -> Raised<AST> {
    engine.compile(library::PRELUDE).map_err(|error| raise_argument(error.to_string(), "report it"))
}

/// The module with functions that look for others among its own first, whatever was called before: within one run the
/// engine remembers a function by its name, and would take the importer's for it, or the other way round.
fn apart(made: &Module, own: &AST, whole: &AST) -> Module {
    let mut module = Module::new();
    for (name, value) in made.iter_var() {
        module.set_var(name, value.clone());
    }
    for (name, within) in made.iter_sub_modules() {
        module.set_sub_module(name, Rc::clone(within));
    }
    let within: Rc<[(String, Rc<Module>)]> =
        made.iter_sub_modules().map(|(name, within)| (name.to_owned(), Rc::clone(within))).collect();
    for function in own.iter_functions().filter(|function| function.access == FnAccess::Public) {
        let (name, library, within) = (function.name.to_owned(), Rc::clone(whole.shared_lib()), Rc::clone(&within));
        let call = move |context: Option<NativeCallContext>, arguments: &mut [&mut Dynamic]| {
            let context = context.ok_or_else(|| raise_argument("a module is called from nowhere", "report it"))?;
            call_within(&context, &name, &library, &within, arguments)
        };
        let parameters = vec![TypeId::of::<Dynamic>(); function.params.len()];
        let function = FuncRegistration::new(function.name).in_internal_namespace();
        let func = RhaiFunc::Pure { func: Rc::new(call), has_context: true, is_pure: true, is_volatile: true };
        function.set_into_module_raw(&mut module, parameters, func);
    }
    module.build_index();
    module
}

/// Calls a function of a module where its own functions and imports are nearest.
fn call_within(
    context: &NativeCallContext,
    name: &str,
    library: &Rc<Module>,
    imports: &[(String, Rc<Module>)],
    arguments: &mut [&mut Dynamic],
) -> Raised<Dynamic> {
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

impl ModuleResolver for Modules {
    fn resolve(&self, engine: &Engine, source: Option<&str>, path: &str, pos: Position) -> Raised<Rc<Module>> {
        // The engine asks by the other way, which tells how deep calls are nested.
        DummyModuleResolver::new().resolve(engine, source, path, pos)
    }

    fn resolve_raw(
        &self,
        engine: &Engine,
        state: &mut GlobalRuntimeState,
        _: &mut Scope<'_>,
        path: &str,
        pos: Position,
    ) -> Raised<Rc<Module>> {
        self.load(engine, state, path, pos)
    }
}

/// The module of a name: beside the script, or else of the library.
fn find(home: &Home, name: &str, limits: Limits) -> Raised<Found> {
    let file = file_name(name)?;
    if let Home::Directory(directory) = home
        && let Some(found) = beside(directory, &file, name, limits)?
    {
        return Ok(found);
    }
    let stem = file.with_extension("").display().to_string();
    if let Some(text) = library::module(&stem) {
        return Ok(Found { source: format!("{stem}.rhai"), text: text.to_owned(), home: Home::Library });
    }
    Err(missing(home, &stem))
}

/// The file that a name stands for, below the directory that it is looked for in.
fn file_name(name: &str) -> Raised<PathBuf> {
    let path = Path::new(name);
    if name.is_empty() || name.contains(['\\', '\0']) || name.ends_with('/') {
        return Err(denied(name, "that is no name of a file"));
    }
    if path.is_absolute() {
        return Err(denied(name, "it is an absolute path"));
    }
    if path.components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err(denied(name, "it leads out of the script's directory"));
    }
    match path.extension() {
        None => Ok(path.with_extension("rhai")),
        Some(ending) if ending == "rhai" => Ok(path.to_owned()),
        Some(_) => Err(denied(name, "it is no `.rhai` file")),
    }
}

/// The file in a directory; `None` where it has none of that name. Where links lead is looked at, not what they say.
fn beside(directory: &Path, file: &Path, name: &str, limits: Limits) -> Raised<Option<Found>> {
    let path = directory.join(file);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    let (Ok(root), Ok(real)) = (directory.canonicalize(), path.canonicalize()) else {
        return Err(denied(name, "its link leads nowhere"));
    };
    if !real.starts_with(&root) {
        return Err(denied(name, "its link leads out of the script's directory"));
    }
    if !real.is_file() {
        return Err(denied(name, if real.is_dir() { "it is a directory" } else { "it is a pipe or a device" }));
    }
    if real.extension().is_none_or(|ending| ending != "rhai") {
        return Err(denied(name, "its link leads to what is no `.rhai` file"));
    }
    let text = read_text(&real, limits).map_err(|error| raise_error(error.into()))?;
    let home = path.parent().unwrap_or(directory).to_owned();
    let source = path.strip_prefix(".").unwrap_or(&path).display().to_string();
    Ok(Some(Found { source, text, home: Home::Directory(home) }))
}

/// An error at its place, which the engine fills in for functions alone.
fn standing(mut error: Box<EvalAltResult>, pos: Position) -> Box<EvalAltResult> {
    error.set_position(pos);
    error
}

fn denied(name: &str, why: &str) -> Box<EvalAltResult> {
    let cure = "put the module beside the script, as `NAME.rhai`, and import it by that name".to_owned();
    raise(ScriptCause::Denied { action: format!("import `{name}`: {why}"), cure })
}

fn missing(home: &Home, name: &str) -> Box<EvalAltResult> {
    let mut known: Vec<String> = library::modules().map(str::to_owned).collect();
    let library = format!("the modules of the library: {}", known.join(", "));
    let (sought, cure) = match home {
        Home::Directory(directory) => {
            known.extend(modules_in(directory));
            ("beside the script or in the library", format!("a module is a `.rhai` file; {library}"))
        }
        Home::Library => ("in the library", library),
        Home::Nowhere => (
            "in the library, and what is typed has no files beside it",
            format!("put the script in a file too; {library}"),
        ),
    };
    let near = suggest::nearest(name, known.iter().map(String::as_str));
    raise(ScriptCause::NoModule { name: name.to_owned(), sought: sought.to_owned(), cure, near })
}

/// The names of the modules in a directory.
fn modules_in(directory: &Path) -> Vec<String> {
    let listed = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let modules = listed.filter(|path| path.extension().is_some_and(|ending| ending == "rhai"));
    let mut names: Vec<String> = modules.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}
