//! Completion of a command: its name, its arguments, the parameters of a script, files. Files are written as
//! `commands::arguments` reads them; directories are listed and nothing is opened.

use super::{Completion, FunctionName, IdName, Vocabulary, filter_by_prefix, is_identifier};
use crate::quantity::PREFER;
use crate::script::ValueShape;
use crate::script::library::{Parameter, ParameterType, ScriptHeader};
use crate::table::visible;
use crate::terminal::command_groups::group_names;
use crate::terminal::commands::{self, ArgumentKind, CommandInfo, FUNCTION_LISTS};
use std::fs;
use std::path::Path;

/// The start of the last word of `before`, and its candidates.
pub(super) fn complete(before: &str, vocabulary: &Vocabulary) -> (usize, Vec<Completion>) {
    let typed = before.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let Some((name, rest)) = typed.split_once(char::is_whitespace) else {
        let known = commands::commands_for(!vocabulary.is_plain).map(command_candidate).collect();
        return (before.len() - typed.len(), filter_by_prefix(known, typed));
    };
    let argument = commands::find_command(name).map_or(ArgumentKind::None, |info| info.argument);
    let rest = rest.trim_start();
    let whole = before.len() - rest.len();
    // Files are chosen by their names on the disk, and may be written in quotes.
    match argument {
        ArgumentKind::File => return (whole, file_candidates(rest, |_| true)),
        ArgumentKind::Script if is_path(rest) => return (whole, file_candidates(rest, is_script)),
        _ => {}
    }
    let (start, candidates) = argument_candidates(argument, before, rest, vocabulary);
    (start, filter_by_prefix(candidates, &before[start..]))
}

/// The start of the last of the arguments `rest` of a command, and all candidates for its kind.
fn argument_candidates(
    argument: ArgumentKind,
    before: &str,
    rest: &str,
    vocabulary: &Vocabulary,
) -> (usize, Vec<Completion>) {
    let last = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
    let start = before.len() - last.len();
    let is_first = last.len() == rest.len();
    let candidates = match argument {
        ArgumentKind::Script if !is_first => return parameter_candidates(before.len(), rest, last, vocabulary),
        ArgumentKind::Figure => figure_candidates(last, vocabulary),
        ArgumentKind::Fact if !is_first => last_column_candidates(vocabulary),
        _ if !is_first => Vec::new(),
        ArgumentKind::None | ArgumentKind::File => Vec::new(),
        ArgumentKind::Script => vocabulary.scripts.iter().map(script_candidate).collect(),
        ArgumentKind::Relation => relation_candidates(vocabulary),
        ArgumentKind::Fact => {
            let sources = vocabulary.sources.iter().map(|(id, says)| Completion::new(id).with_description(says));
            vocabulary.ids.iter().map(Completion::of_id).chain(sources).collect()
        }
        ArgumentKind::Word(words) => words().into_iter().map(Completion::new).collect(),
        ArgumentKind::Topic => topic_candidates(vocabulary),
    };
    (start, candidates)
}

fn command_candidate(info: &CommandInfo) -> Completion {
    let usage = format!("{} {}", info.name, info.arguments);
    Completion::new(info.name).with_display(usage.trim_end()).with_description(info.meaning)
}

fn script_candidate(script: &ScriptHeader) -> Completion {
    Completion::new(&script.name).with_description(&script.summary)
}

/// True if the argument of `.run` is a path rather than the name of a script of the library.
fn is_path(word: &str) -> bool {
    word.contains('/') || word.starts_with(['.', '\'', '"'])
}

fn is_script(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "rhai")
}

fn relation_candidates(vocabulary: &Vocabulary) -> Vec<Completion> {
    let relations = vocabulary.relations.iter().map(|(name, _)| name).filter(|name| is_identifier(name));
    let attached = vocabulary.attached.iter().filter(|(_, name, _)| is_identifier(name));
    let qualified = attached.map(|(database, name, _)| format!("{database}.{name}"));
    relations.cloned().chain(qualified).map(Completion::new).collect()
}

/// The candidates of `.assume`: facts that state a number, assumptions of the book, a source to prefer; only the last
/// of these behind a `=`.
fn figure_candidates(word: &str, vocabulary: &Vocabulary) -> Vec<Completion> {
    let preferred =
        vocabulary.sources.iter().map(|(id, says)| Completion::new(format!("{PREFER}={id}")).with_description(says));
    if word.contains('=') {
        return preferred.collect();
    }
    let is_figure = |id: &&IdName| id.holds == ValueShape::Quantity && id.id.contains('F');
    let figures = vocabulary.ids.iter().filter(is_figure).map(Completion::of_id);
    let assumptions =
        vocabulary.assumptions.iter().map(|(id, statement)| Completion::new(id).with_description(statement));
    let none = Completion::new("none").with_description("what the sources state, and nothing else");
    figures.chain(assumptions).chain([none]).chain(preferred).collect()
}

/// The columns of the last result, which `.why` takes behind a row.
fn last_column_candidates(vocabulary: &Vocabulary) -> Vec<Completion> {
    let columns = vocabulary.columns("last").unwrap_or_default();
    columns.iter().filter(|name| is_identifier(name)).map(Completion::new).collect()
}

/// All names that `.help` knows.
fn topic_candidates(vocabulary: &Vocabulary) -> Vec<Completion> {
    let functions: Vec<&FunctionName> = vocabulary.script_functions.iter().chain(&vocabulary.sql_functions).collect();
    let columns = vocabulary.relations.iter().flat_map(|(_, columns)| columns).filter(|name| is_identifier(name));
    let mut topics = relation_candidates(vocabulary);
    topics.extend(commands::commands_for(!vocabulary.is_plain).map(command_candidate));
    topics.extend(functions.into_iter().map(Completion::of_function));
    topics.extend(vocabulary.scripts.iter().map(script_candidate));
    topics.extend(FUNCTION_LISTS.iter().copied().chain(group_names()).map(Completion::new));
    topics.extend(columns.map(Completion::new));
    topics
}

/// The candidates behind the name of a script: values of the parameter before the cursor, or the parameters not yet
/// given.
fn parameter_candidates(end: usize, rest: &str, last: &str, vocabulary: &Vocabulary) -> (usize, Vec<Completion>) {
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    if !last.is_empty() {
        words.pop();
    }
    let at = |word: &str| end - word.len();
    let script = words.first().and_then(|name| {
        let name = name.replace('-', "_");
        vocabulary.scripts.iter().find(|script| script.name == name)
    });
    let Some(script) = script else { return (at(last), Vec::new()) };
    let values = |flag: &str| Some(parameter_values(script.parameter(flag.strip_prefix("--")?)?, vocabulary));
    if let Some((flag, value)) = last.split_once('=') {
        return (at(value), values(flag).unwrap_or_default());
    }
    if let Some(values) = words.last().and_then(|word| values(word)).filter(|_| !last.starts_with('-')) {
        return (at(last), values);
    }
    let is_given = |name: &str| words.iter().any(|word| word.trim_start_matches('-').split('=').next() == Some(name));
    let free = script.parameters.iter().filter(|parameter| !is_given(&parameter.flag())).map(parameter_candidate);
    let help = Completion::new("--help").with_description("what the script answers, and what it takes");
    (at(last), free.chain([help]).collect())
}

fn parameter_candidate(parameter: &Parameter) -> Completion {
    let name = format!("--{}", parameter.flag());
    Completion::new(&name)
        .with_display(format!("{name} <{}>", parameter.kind.placeholder()))
        .with_description(&parameter.meaning)
}

/// The values of a parameter, if its type has a list of them.
fn parameter_values(parameter: &Parameter, vocabulary: &Vocabulary) -> Vec<Completion> {
    match &parameter.kind {
        ParameterType::Choice(words) => words.iter().map(Completion::new).collect(),
        ParameterType::Bool => ["true", "false"].map(Completion::new).to_vec(),
        ParameterType::Fact => vocabulary.ids.iter().filter(|id| id.id.contains('F')).map(Completion::of_id).collect(),
        ParameterType::Named(_) | ParameterType::AnyName => {
            let kind = parameter.kind.names();
            let named = vocabulary.names.iter().filter(|(known, _)| Some(*known) == kind).flat_map(|(_, names)| names);
            let says = |name: &str| vocabulary.ids.iter().find(|id| id.id == name).map_or("", |id| &id.description);
            named.map(|name| Completion::new(name).with_description(says(name))).collect()
        }
        _ => Vec::new(),
    }
}

/// The most entries of a directory that are read.
const MAX_DIRECTORY_ENTRIES: usize = 10_000;

/// The files and directories that complete the argument `typed`; a directory ends in `/` so that it can be continued.
/// Hidden ones are included once the dot is typed; names with control characters never.
fn file_candidates(typed: &str, fits: impl Fn(&str) -> bool) -> Vec<Completion> {
    let (quote, path) = unquoted(typed);
    let (directory, beginning) =
        path.rsplit_once('/').map_or(("", &*path), |(_, name)| (&path[..path.len() - name.len()], name));
    let names: Vec<String> = entries(directory, beginning, fits);
    let written = |name: &str| format!("{directory}{name}");
    // All are quoted alike, so that their common prefix can be put in the line.
    let quote = quote.or_else(|| {
        let needs = |name: &String| written(name).contains(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'));
        let is_one_with = |quote| names.iter().any(|name| written(name).contains(quote));
        names.iter().any(needs).then(|| if is_one_with('\'') { '"' } else { '\'' })
    });
    let candidate = |name: &String| {
        let path = written(name);
        let typed = match quote {
            None => path,
            // What has the quote in it can't be written within it.
            Some(quote) if path.contains(quote) => return None,
            Some(quote) if path.ends_with('/') => format!("{quote}{path}"),
            Some(quote) => format!("{quote}{path}{quote}"),
        };
        Some(Completion::new(typed).with_display(name))
    };
    names.iter().filter_map(candidate).collect()
}

/// The quote that an argument begins with, and the argument without it.
fn unquoted(typed: &str) -> (Option<char>, String) {
    match typed.chars().next().filter(|first| matches!(first, '\'' | '"')) {
        Some(quote) => (Some(quote), typed.replace(quote, "")),
        None => (None, typed.to_owned()),
    }
}

fn entries(directory: &str, beginning: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let place = if directory.is_empty() { Path::new(".") } else { Path::new(directory) };
    let Ok(listed) = fs::read_dir(place) else { return Vec::new() };
    let offered = listed.take(MAX_DIRECTORY_ENTRIES).filter_map(Result::ok).filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let is_offered = name.starts_with(beginning)
            && (!name.starts_with('.') || beginning.starts_with('.'))
            && visible(&name) == name;
        // A link to a directory is one.
        let is_directory = is_offered && fs::metadata(entry.path()).is_ok_and(|found| found.is_dir());
        let name = if is_directory { format!("{name}/") } else { name };
        (is_offered && (is_directory || fits(&name))).then_some(name)
    });
    let mut names: Vec<String> = offered.collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::file_candidates;
    use crate::terminal::split_arguments;
    use std::fs;
    use std::path::PathBuf;
    use tempfile::TempDir;

    /// A temporary directory with empty files.
    fn directory_with(files: &[&str]) -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        for file in files {
            let file = directory.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        directory
    }

    #[track_caller]
    fn candidates(typed: &str, names: &[&str]) {
        let found: Vec<String> = file_candidates(typed, |_| true).into_iter().map(|candidate| candidate.name).collect();
        assert_eq!(found, names, "{typed}");
    }

    #[test]
    fn files_are_written_as_the_command_reads_them() {
        let directory = directory_with(&["a b.sql", "ab.sql", "c/d.sql", ".hidden", "e\u{1b}.sql", "it's"]);
        let at = |rest: &str| format!("{}/{rest}", directory.path().display());
        candidates(&at("c"), &[&at("c/")]);
        candidates(&at("c/"), &[&at("c/d.sql")]);
        candidates(&at("."), &[&at(".hidden")]);
        candidates(&at("ab"), &[&at("ab.sql")]);
        candidates(&at("e"), &[]);
        candidates(&at("a"), &[&format!("'{}'", at("a b.sql")), &format!("'{}'", at("ab.sql"))]);
        candidates(&format!("'{}", at("a ")), &[&format!("'{}'", at("a b.sql"))]);
        candidates(&format!("\"{}", at("c")), &[&format!("\"{}", at("c/"))]);
        candidates(&at("it"), &[&format!("\"{}\"", at("it's"))]);
        for candidate in file_candidates(&at("a"), |_| true) {
            let read = split_arguments(&candidate.name).unwrap();
            assert!(PathBuf::from(&read[0]).is_file(), "{read:?}");
        }
    }

    #[test]
    fn only_those_that_fit_are_offered_and_directories() {
        let directory = directory_with(&["a.rhai", "a.sql", "b/c"]);
        let typed = format!("{}/", directory.path().display());
        let found: Vec<String> =
            file_candidates(&typed, |name| name != "a.sql").into_iter().map(|one| one.display).collect();
        assert_eq!(found, ["a.rhai", "b/"]);
        assert!(file_candidates("/nowhere/at/all", |_| true).is_empty());
    }
}
