//! The library: the scripts and modules that ship with the program, finding a script or module by name or path, and the files
//! that an import may read.

mod header;
mod lookalike;
mod needs;
mod parameter;

pub use header::{
    Example, Parameter, ScriptHeader, argument_texts, argument_values, reserve_option_names, wrong_defaults,
};
pub use lookalike::lookalikes;
pub use needs::{LibraryInBook, check_needs, in_book};
pub use parameter::{ParameterType, parameter_types};

use super::runtime::ScriptLocation;
use super::value::{ScriptResult, program_error, script_error};
use crate::error::suggest::{did_you_mean, nearest};
use crate::error::{Error, Limit, ScriptCause, StoreCause, StoreError, usage_error};
use crate::store::{Limits, similar_name};
use crate::syntax::Text;
use rhai::EvalAltResult;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

/// The prelude: functions that every script has, written as a script themselves.
pub(super) const PRELUDE: &str = include_str!("../../../scripts/prelude.rhai");

/// The signatures of the prelude's functions.
pub fn prelude_signatures() -> impl Iterator<Item = &'static str> {
    PRELUDE.lines().filter_map(|line| line.strip_prefix("fn ")?.strip_suffix(" {"))
}

/// The names of the prelude's functions.
pub fn prelude_functions() -> impl Iterator<Item = &'static str> {
    prelude_signatures().filter_map(|signature| signature.split('(').next())
}

/// Name and text of each script, by name.
const SCRIPTS: [(&str, &str); 15] = [
    ("about_actor", include_str!("../../../scripts/about_actor.rhai")),
    ("ambiguities", include_str!("../../../scripts/ambiguities.rhai")),
    ("compare_pledges", include_str!("../../../scripts/compare_pledges.rhai")),
    ("evidence", include_str!("../../../scripts/evidence.rhai")),
    ("in_currency", include_str!("../../../scripts/in_currency.rhai")),
    ("items_per_million", include_str!("../../../scripts/items_per_million.rhai")),
    ("money_by_stage", include_str!("../../../scripts/money_by_stage.rhai")),
    ("open_questions", include_str!("../../../scripts/open_questions.rhai")),
    ("order_of_events", include_str!("../../../scripts/order_of_events.rhai")),
    ("participants_by_certainty", include_str!("../../../scripts/participants_by_certainty.rhai")),
    ("plan_points", include_str!("../../../scripts/plan_points.rhai")),
    ("pledged_per_missile", include_str!("../../../scripts/pledged_per_missile.rhai")),
    ("roles", include_str!("../../../scripts/roles.rhai")),
    ("share_of_gdp", include_str!("../../../scripts/share_of_gdp.rhai")),
    ("statements_by_attribution", include_str!("../../../scripts/statements_by_attribution.rhai")),
];

/// Name and text of each module, by name.
const MODULES: [(&str, &str); 1] = [("changes", include_str!("../../../scripts/modules/changes.rhai"))];

/// A saved script.
#[derive(Debug, Clone)]
pub struct Script {
    /// Its header.
    pub header: ScriptHeader,
    /// Its source, under the name by which it was asked for.
    pub text: Text,
    /// Its location, for imports.
    pub location: ScriptLocation,
}

impl Script {
    /// The same script, located in the file at `path`.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self { location: ScriptLocation::Directory(directory.to_owned()), ..self }
    }
}

/// The names of the library's modules.
pub fn modules() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|(name, _)| *name)
}

/// The text of one of the library's modules.
pub(super) fn module(name: &str) -> Option<&'static str> {
    MODULES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of the library.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCRIPTS.iter().map(|(name, _)| *name)
}

/// Every script of the library.
///
/// # Errors
/// A header that can't be read: a fault of the program, which a test rules out.
pub fn all() -> Result<Vec<Script>, Error> {
    SCRIPTS.iter().map(|(name, text)| script(name, &format!("{name}.rhai"), text)).collect()
}

/// True for the path of a script: a name of the library has no separator and no ending.
#[must_use]
pub fn is_path(name: &str) -> bool {
    name.contains('/') || Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("rhai"))
}

/// Finds a script by library name or path: a name with a separator or the ending `.rhai` is a path.
///
/// # Errors
/// No such script, a file that can't be read, a header that can't be read.
pub fn find(name: &str, limits: Limits) -> Result<Script, Error> {
    if is_path(name) {
        return Ok(script(name, name, &read_text(Path::new(name), limits)?)?.at(Path::new(name)));
    }
    let wanted = name.replace('-', "_");
    let Some((known, text)) = SCRIPTS.iter().find(|(known, _)| *known == wanted) else {
        let help = did_you_mean(nearest(&wanted, names()).as_ref());
        let help = help.unwrap_or_else(|| "`pledgebook scripts` lists them; a path runs a file".to_owned());
        return Err(usage_error(&format!("there is no script `{name}`"), &help));
    };
    Ok(Script { location: ScriptLocation::Library, ..script(known, &format!("{known}.rhai"), text)? })
}

/// Writes a new script under a temporary name and renames it when it is complete; never overwrites.
///
/// # Errors
/// The file exists, or the system refuses it.
pub fn save(path: &Path, text: &str) -> Result<(), Error> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // The user's umask decides the permissions, as with any file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let begun = builder.prefix(".").suffix(".part").tempfile_in(directory);
    let written = begun.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.persist_noclobber(path).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => usage_error(
            &format!("`{}` is there already", path.display()),
            "save under another name, or remove it first",
        ),
        kind => StoreError { path: path.to_owned(), cause: StoreCause::CannotWrite(kind.to_string()) }.into(),
    })
}

/// Makes a script from its text, without a location.
///
/// # Errors
/// A header that can't be read.
pub fn script(name: &str, source: &str, text: &str) -> Result<Script, Error> {
    let text = text.trim_start_matches('\u{feff}');
    Ok(Script {
        header: ScriptHeader::read(name, source, text)?,
        text: Text::new(source, &without_shebang(text)),
        location: ScriptLocation::Nowhere,
    })
}

/// Makes a script from its text as far as its header can be read, with the errors of that and the warnings of what looks like it.
pub fn script_with_errors(name: &str, source: &str, text: &str) -> (Script, Vec<Error>, Vec<Error>) {
    let text = text.trim_start_matches('\u{feff}');
    let (header, errors) = ScriptHeader::read_all(name, source, text);
    let warnings = lookalikes(&header, source, text);
    let script = Script { header, text: Text::new(source, &without_shebang(text)), location: ScriptLocation::Nowhere };
    (script, errors, warnings)
}

/// Turns a `#!` line into a comment of the same length, so that every position stays.
fn without_shebang(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    match text.strip_prefix("#!") {
        Some(rest) => format!("//{rest}"),
        None => text.to_owned(),
    }
}

/// Reads all bytes of a text, at most as many as the limits allow: no device or pipe fills the memory.
///
/// # Errors
/// Unreadable, or too long.
pub fn read_bounded(reader: impl Read, limits: Limits) -> Result<Vec<u8>, StoreCause> {
    // A text is held in memory, so the limit of memory applies too.
    let bounds = [Limit::Text, Limit::Memory].map(|limit| (limits.bytes(limit).unwrap_or(u64::MAX), limit));
    let (most, limit) = if bounds[0].0 <= bounds[1].0 { bounds[0] } else { bounds[1] };
    let mut bytes = Vec::new();
    reader
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| StoreCause::CannotReadText(error.kind().to_string()))?;
    if bytes.len() as u64 > most { Err(StoreCause::TextTooLong(limit, limits.most(limit))) } else { Ok(bytes) }
}

/// Reads the text of a script or SQL file.
///
/// # Errors
/// Missing, a directory, refused, too long, or not UTF-8.
pub fn read_text(path: &Path, limits: Limits) -> Result<String, StoreError> {
    let fail = |cause| StoreError { path: path.to_owned(), cause };
    let file = fs::File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => fail(StoreCause::TextNotFound { near: similar_name(path) }),
        kind => fail(StoreCause::CannotReadText(kind.to_string())),
    })?;
    let bytes = read_bounded(file, limits).map_err(fail)?;
    String::from_utf8(bytes).map_err(|_| fail(StoreCause::CannotReadText("it is no text in UTF-8".to_owned())))
}

/// The source of a module.
pub(super) struct ModuleSource {
    /// The file, as a person would name it.
    pub(super) source: String,
    pub(super) text: String,
    pub(super) location: ScriptLocation,
}

/// Finds a module: beside the importing script, or else in the library.
pub(super) fn find_module(location: &ScriptLocation, name: &str, limits: Limits) -> ScriptResult<ModuleSource> {
    let file = file_name(name)?;
    if let ScriptLocation::Directory(directory) = location
        && let Some(found) = module_file(directory, &file, name, limits)?
    {
        return Ok(found);
    }
    let stem = file.with_extension("").display().to_string();
    if let Some(text) = module(&stem) {
        return Ok(ModuleSource {
            source: format!("{stem}.rhai"),
            text: text.to_owned(),
            location: ScriptLocation::Library,
        });
    }
    Err(no_such_module(location, &stem))
}

/// The file of a module name, relative to the directory of the importer.
fn file_name(name: &str) -> ScriptResult<PathBuf> {
    let path = Path::new(name);
    if name.is_empty() || name.contains(['\\', '\0']) || name.ends_with('/') {
        return Err(import_denied(name, "that is no name of a file"));
    }
    if path.is_absolute() {
        return Err(import_denied(name, "it is an absolute path"));
    }
    if path.components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err(import_denied(name, "it leads out of the script's directory"));
    }
    match path.extension() {
        None => Ok(path.with_extension("rhai")),
        Some(ending) if ending == "rhai" => Ok(path.to_owned()),
        Some(_) => Err(import_denied(name, "it is no `.rhai` file")),
    }
}

/// Reads the module file in a directory; `None` where there is none of that name. Links are resolved before the check.
fn module_file(directory: &Path, file: &Path, name: &str, limits: Limits) -> ScriptResult<Option<ModuleSource>> {
    let path = directory.join(file);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    let (Ok(root), Ok(real)) = (directory.canonicalize(), path.canonicalize()) else {
        return Err(import_denied(name, "its link leads nowhere"));
    };
    if !real.starts_with(&root) {
        return Err(import_denied(name, "its link leads out of the script's directory"));
    }
    if !real.is_file() {
        return Err(import_denied(name, if real.is_dir() { "it is a directory" } else { "it is a pipe or a device" }));
    }
    if real.extension().is_none_or(|ending| ending != "rhai") {
        return Err(import_denied(name, "its link leads to what is no `.rhai` file"));
    }
    let text = read_text(&real, limits).map_err(|error| program_error(error.into()))?;
    let location = path.parent().unwrap_or(directory).to_owned();
    let source = path.strip_prefix(".").unwrap_or(&path).display().to_string();
    Ok(Some(ModuleSource { source, text, location: ScriptLocation::Directory(location) }))
}

fn import_denied(name: &str, why: &str) -> Box<EvalAltResult> {
    let help = "put the module beside the script, as `NAME.rhai`, and import it by that name".to_owned();
    script_error(ScriptCause::Denied { action: format!("import `{name}`: {why}"), help })
}

fn no_such_module(location: &ScriptLocation, name: &str) -> Box<EvalAltResult> {
    let mut known: Vec<String> = modules().map(str::to_owned).collect();
    let library = format!("the modules of the library: {}", known.join(", "));
    let (sought, help) = match location {
        ScriptLocation::Directory(directory) => {
            known.extend(modules_in(directory));
            ("beside the script or in the library", format!("a module is a `.rhai` file; {library}"))
        }
        ScriptLocation::Library => ("in the library", library),
        ScriptLocation::Nowhere => (
            "in the library, and what is typed has no files beside it",
            format!("put the script in a file too; {library}"),
        ),
    };
    let near = nearest(name, known.iter().map(String::as_str));
    let (message, help) = (format!("there is no module `{name}` {sought}"), near.is_none().then_some(help));
    script_error(ScriptCause::NotFound { message, near, help })
}

/// The names of the modules in a directory.
fn modules_in(directory: &Path) -> Vec<String> {
    let listed = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let modules = listed.filter(|path| path.extension().is_some_and(|ending| ending == "rhai"));
    let mut names: Vec<String> = modules.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}
