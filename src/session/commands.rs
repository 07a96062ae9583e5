//! Execution of the commands of the prompt. Their names, arguments and help are one table in `terminal::commands`.

use super::{
    Session, asks_for_help, copy, described, header_page, help, parameter, require_book, save, search, settings, why,
};
use crate::error::{Error, usage_error};
use crate::quantity::human;
use crate::script::library::{self, Script};
use crate::sql::{Note, Output};
use crate::store::{AttachedDatabase, AttachedRelation, Book, LOG_QUERY, Origin, RelationKind, is_address};
use crate::syntax::Text;
use crate::table::{notes_block, visible};
use crate::terminal::{self, Command, Flow};
use std::path::Path;

/// Executes a command line.
pub(super) fn run(session: &mut Session, text: &Text, output: &Output) -> Result<Flow, Error> {
    let (command, words) = terminal::parse_command(&text.whole)?;
    deny_in_sandbox(session, command, &words)?;
    refuse_arrow(command, &words)?;
    if let Some(content) = command.info().and_then(|info| info.asks_of_book) {
        require_book(session.book(), content)?;
    }
    match command {
        Command::Quit => return Err(Error::Exit(exit_code(&words)?, Vec::new())),
        Command::Once | Command::Output => return redirect(command, &words),
        Command::Open => return open(&words),
        Command::Databases => print(output, &describe_book(session.book()))?,
        Command::Server => print(output, &describe_server(session.book()))?,
        Command::Dump => dump(session.book(), words.first().map(String::as_str), output)?,
        Command::Parameter => parameter::run(session, &text.whole, output)?,
        Command::Print => output.print(&words.join(" "))?,
        Command::Edit => return Ok(Flow::Edit),
        Command::Copy => return copy::run(session, &words),
        Command::Save => return save::run(session, &words),
        Command::Help => print(output, help_text(session.book(), &words)?.trim_end())?,
        Command::Tables => print(output, &tables(session, words.first().map(String::as_str))?)?,
        Command::Schema => match described::statement_of_command(text) {
            Some(statement) => described::write(session, &statement, output)?,
            None => write_schema(session, words.first().map(String::as_str), output)?,
        },
        Command::Scripts => print(output, &scripts_text(session.book())?)?,
        Command::Why => why::run(session, &words, output)?,
        Command::Facts => {
            print(output, search::facts(session.book(), &words.join(" "), session.settings.width)?.trim_end())?;
        }
        Command::Unknowns => {
            print(output, search::unknowns(session.book(), &words.join(" "), session.settings.width)?.trim_end())?;
        }
        Command::Find => {
            print(output, search::find(session.book(), &words.join(" "), session.settings.width)?.trim_end())?;
        }
        Command::Check => match session.check(&[words.join(" ")], output) {
            // The answer has reported it; at the prompt that is no failure.
            Err(Error::NotInBook) => {}
            done => done?,
        },
        Command::Assume => assume(session, &words, output)?,
        Command::Log => log(session, output)?,
        Command::Assumptions => session.eval_sql(&Text::new("SQL", ASSUMPTIONS), output)?,
        Command::Run => run_script(session, &words, output)?,
        Command::Set(name) => set(session, name, &words, output)?,
        Command::Show => print(output, &session.settings.list_text())?,
        Command::Limits => settings::run_limits(session, &words, output)?,
        Command::Last => session.last.show(output)?,
        Command::Read => match words.as_slice() {
            [file] => return Ok(Flow::Read(file.clone())),
            _ => return Err(usage_error("`.read` takes one file", "as `.read questions.sql`")),
        },
    }
    Ok(Flow::Continue)
}

/// `.open FILE`.
fn open(words: &[String]) -> Result<Flow, Error> {
    match words {
        [] => Ok(Flow::Open(None)),
        // It may have a password in it, which no message is to repeat.
        [address] if is_address(address) => {
            let help = "leave, and name it behind `pledgebook`, or as `--db ADDRESS`";
            Err(usage_error("a book on a server is named where the program begins", help))
        }
        [file] => Ok(Flow::Open(Some(file.clone()))),
        _ => Err(usage_error("`.open` takes one file", "as `.open mine.db`")),
    }
}

/// Refuses `>` and a file behind a command that answers, as a shell has it.
fn refuse_arrow(command: Command, words: &[String]) -> Result<(), Error> {
    let answers = matches!(
        command,
        Command::Dump | Command::Schema | Command::Tables | Command::Last | Command::Why | Command::Log | Command::Run
    );
    let Some(at) = words.iter().position(|word| word.starts_with('>')).filter(|_| answers) else { return Ok(()) };
    let file = words[at..].iter().map(|word| word.trim_start_matches('>')).find(|word| !word.is_empty());
    let file = file.unwrap_or("FILE");
    let help =
        format!("`.once {file}` before the command writes its answer at the prompt, `-o {file}` on the command line");
    Err(usage_error("`>` leads no answer into a file here", &help))
}

/// The help on the first of some words, or on several that name one topic; without any, the commands.
fn help_text(book: &Book, words: &[String]) -> Result<String, Error> {
    let all = words.join(" ");
    match words.first() {
        None => Ok(terminal::overview(book.is_book())),
        Some(_) if header_page::is_word(&all) => help::help(book, &all, Vec::new()),
        Some(word) => help::help(book, word, Vec::new()),
    }
}

/// `.run SCRIPT`.
fn run_script(session: &mut Session, words: &[String], output: &Output) -> Result<(), Error> {
    let (name, arguments) =
        words.split_first().ok_or_else(|| usage_error("`.run` needs a script", "`.scripts` lists them"))?;
    let script = library::find(name, session.settings.limits)?;
    if asks_for_help(arguments) {
        return print(output, help::script_help(&script.header, name).trim_end());
    }
    session.run_script(&script, arguments, output)
}

/// Shows a setting, or sets it. As psql toggles by `\x` and `\timing`, `line/table` is the other one of two, and is shown.
fn set(session: &mut Session, name: &str, words: &[String], output: &Output) -> Result<(), Error> {
    let value = words.join(" ");
    match value.split_once('/') {
        _ if words.is_empty() => print(output, &session.settings.value(name)),
        Some((one, other)) if name == "mode" || name == "timer" => {
            let value = if session.settings.value(name) == one { other } else { one };
            session.settings.set(name, value)?;
            print(output, value)
        }
        _ => session.settings.set(name, &value),
    }
}

/// Refuses untrusted input a command that reaches a file or another program, or loosens a limit.
fn deny_in_sandbox(session: &Session, command: Command, words: &[String]) -> Result<(), Error> {
    let is_file = || words.first().is_some_and(|name| !library::names().any(|known| known == name.replace('-', "_")));
    let is_denied = match command {
        Command::Read | Command::Edit | Command::Save | Command::Copy => true,
        Command::Once | Command::Output | Command::Open => true,
        Command::Run => is_file(),
        Command::Limits | Command::Set("pager") => !words.is_empty(),
        _ => false,
    };
    match command.info() {
        Some(info) if is_denied && session.settings.is_sandboxed => Err(Error::Denied(info.name)),
        _ => Ok(()),
    }
}

/// The name of a book for people.
pub(super) fn book_name(book: &Book) -> String {
    let shown = |path: &Path| visible(&path.display().to_string()).into_owned();
    match book.origin() {
        Origin::Bundled => "bundled book".to_owned(),
        Origin::File(path) => shown(path),
        Origin::Shared(version) => version.address.to_string(),
        Origin::Memory(None) => "a book in memory".to_owned(),
        Origin::Memory(Some(path)) => format!("a copy of {} in memory", shown(path)),
    }
}

/// The access to a book, for people.
pub(super) fn access(book: &Book) -> &'static str {
    if book.is_writable() { "your tables can be changed" } else { "read-only" }
}

/// The book, and what may be done to it.
fn describe_book(book: &Book) -> String {
    let attached = book.attached().into_iter().map(|database| {
        let file = database.path.display().to_string();
        format!("\n{}: {}, attached for reading", database.name, visible(&file))
    });
    format!("{}, {}{}", book_name(book), access(book), attached.collect::<String>())
}

/// The server of a book, its version, and where its rows were read.
fn describe_server(book: &Book) -> String {
    let Origin::Shared(version) = book.origin() else { return format!("{}, on no server", book_name(book)) };
    let entry = version.entry.as_deref().map(|entry| format!(" ({})", visible(entry)));
    let copy = match (&version.copied, &version.entry) {
        (Some(day), None) => format!("the copy of {day} here; the server was not asked"),
        (Some(day), Some(_)) => format!("the copy of {day} here, which is of that version"),
        (None, _) => "the server".to_owned(),
    };
    let imports = book.remote_imports().into_iter().map(|(name, rows, is_read)| {
        let place = if is_read { "read here" } else { "on the server" };
        format!("\n`{name}`: {}, {place}", human::count(rows, "row"))
    });
    format!(
        "{}\nversion {}{}\nread from {copy}{}",
        visible(&version.address.to_string()),
        version.number,
        entry.unwrap_or_default(),
        imports.collect::<String>()
    )
}

/// Writes the SQL that makes a book again, or one of its tables.
fn dump(book: &Book, table: Option<&str>, output: &Output) -> Result<(), Error> {
    if let Some(name) = table {
        let relations = book.relations().map_err(|error| book.error(&error))?;
        let found = relations.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let is_view = |kind| matches!(kind, RelationKind::PublicView | RelationKind::View);
        match found {
            Some((name, kind)) if is_view(*kind) => {
                let help = format!("`.once {name}.sql`, then `select * from {name};` writes its rows as SQL");
                return Err(usage_error(&format!("`{name}` is a view, and has no rows of its own"), &help));
            }
            Some(_) => {}
            None => return Err(no_relation(book, name)),
        }
    }
    if !output.takes_sql() {
        let help = "`.mode insert`, or a file whose name ends in `.sql`, has it as it stands";
        return Err(usage_error("a dump is SQL, and answers are written in another format", help));
    }
    book.dump(table, &mut |line| output.sql(line).map_err(Error::from))
}

/// The error of a pattern that no table or view fits.
fn no_such_name() -> Error {
    usage_error(
        "no table or view has such a name",
        "`.tables` lists them all; `%name%` is a pattern for a part of a name",
    )
}

/// The error of a table or view that is not there.
fn no_relation(book: &Book, name: &str) -> Error {
    let near = book.nearest_relation(name);
    let help = near.map_or("`.tables` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    usage_error(&format!("there is no table or view `{name}`"), &help)
}

/// The exit code of `.quit CODE`.
fn exit_code(words: &[String]) -> Result<u8, Error> {
    let code = match words {
        [] => Some(0),
        [code] => code.parse().ok(),
        _ => None,
    };
    code.ok_or_else(|| usage_error("`.quit` takes an exit code", "a number from 0 to 255, as `.quit 3`"))
}

/// `.once FILE` and `.output [FILE]`.
fn redirect(command: Command, words: &[String]) -> Result<Flow, Error> {
    let is_once = command == Command::Once;
    let force = words.iter().any(|word| word == "--force");
    match words.iter().filter(|word| *word != "--force").collect::<Vec<_>>().as_slice() {
        [] if !is_once => Ok(Flow::EndRedirect),
        [screen] if !is_once && *screen == "stdout" => Ok(Flow::EndRedirect),
        [file] => Ok(Flow::Redirect { file: (*file).clone(), force, is_once }),
        _ => {
            let name = if is_once { ".once" } else { ".output" };
            Err(usage_error(
                &format!("`{name}` takes one file"),
                &format!("as `{name} answer.md`, with quotes around blanks"),
            ))
        }
    }
}

/// The query behind `.assumptions`.
const ASSUMPTIONS: &str = "select id, statement, takes, changes, tension, value from assumptions order by id";

/// Makes each assumption, all or none of them; `none` takes all back. Then lists those in force.
fn assume(session: &mut Session, words: &[String], output: &Output) -> Result<(), Error> {
    match words {
        [] => {}
        [none] if none == "none" => session.set_suppositions(Vec::new())?,
        words => {
            let before = session.supposed.clone();
            if let Err(error) = joined_by_equals(words).iter().try_for_each(|word| session.assume(word)) {
                session.set_suppositions(before)?;
                return Err(error);
            }
        }
    }
    print(output, &session.suppositions_text()?)
}

/// Assumptions that were written with blanks around their `=`, each in one word.
fn joined_by_equals(words: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        match joined.last_mut() {
            Some(last) if last.ends_with('=') || word.starts_with('=') => last.push_str(word),
            _ => joined.push(word.clone()),
        }
    }
    joined
}

/// Shows what was done to the book, and when.
fn log(session: &mut Session, output: &Output) -> Result<(), Error> {
    if session.book.has_log().map_err(|error| session.book.error(&error))? {
        return session.eval_sql(&Text::new("SQL", LOG_QUERY), output);
    }
    Err(usage_error("this database has no log", "a book of your own has one: `pledgebook init mine.db` makes it"))
}

fn print(output: &Output, text: &str) -> Result<(), Error> {
    output.say(text).map_err(Error::from)
}

/// The heading of the views of imported tables.
const IMPORTED: &str = "imported tables";

/// The heading of the tables that views show.
const BEHIND: &str = "tables behind them";

/// Views and tables by kind, the imported ones first; `pattern` is a part of a name, or all of it with `*` or `%` for any text.
fn tables(session: &Session, pattern: Option<&str>) -> Result<String, Error> {
    let relations = session.book().relations().map_err(|error| session.book().error(&error))?;
    let catalogue = session.book().catalogue();
    let is_imported = |name: &str| catalogue.imported().any(|view| view.name == name);
    let kinds = [
        (RelationKind::PublicView, IMPORTED),
        (RelationKind::PublicView, "views"),
        (RelationKind::Own, "of your own"),
        (RelationKind::Table, if session.book().is_book() { BEHIND } else { "tables" }),
        (RelationKind::View, "other views"),
        (RelationKind::Temporary, "of this session"),
    ];
    let mut lines = Vec::new();
    for (kind, heading) in kinds {
        let is_wanted = |name: &str| pattern.is_none_or(|pattern| matches_pattern(name, pattern));
        let names: Vec<&str> = relations
            .iter()
            .filter(|(name, of)| *of == kind && is_wanted(name))
            .filter(|(name, _)| kind != RelationKind::PublicView || is_imported(name) == (heading == IMPORTED))
            .map(|(name, _)| name.as_str())
            .collect();
        // Views show what the tables behind them hold.
        let is_behind = heading == BEHIND && pattern.is_none();
        if is_behind && !names.is_empty() {
            lines.push(Note::new(heading, "", &format!("{}: `.tables *` lists them too", names.len())));
        } else if !names.is_empty() {
            lines.push(Note::new(heading, "", &names.join(", ")));
        }
    }
    lines.extend(attached_notes(session.book(), pattern)?);
    if lines.is_empty() {
        return Err(no_such_name());
    }
    Ok(notes_block(&lines, session.settings.width).trim_end().to_owned())
}

/// The tables and views of each attached database, and the reason where a book has none for here.
fn attached_notes(book: &Book, pattern: Option<&str>) -> Result<Vec<Note>, Error> {
    let relations = book.attached_relations().map_err(|error| book.error(&error))?;
    let note = |database: &AttachedDatabase| {
        let of_it: Vec<String> = relations
            .iter()
            .filter(|relation| relation.database.eq_ignore_ascii_case(&database.name))
            .map(AttachedRelation::qualified_name)
            .collect();
        let is_wanted = |name: &&String| pattern.is_none_or(|pattern| matches_pattern(name, pattern));
        let text = match of_it.iter().filter(is_wanted).cloned().collect::<Vec<_>>().join(", ") {
            none if none.is_empty() && of_it.is_empty() && pattern.is_none() => {
                "nothing that can be read here: a book's facts and units are its own".to_owned()
            }
            names => names,
        };
        (!text.is_empty()).then(|| Note::new(&format!("attached {}", database.name), "", &text))
    };
    Ok(book.attached().iter().filter_map(note).collect())
}

/// The characters that stand for any text in a pattern.
const WILDCARDS: [char; 2] = ['*', '%'];

/// True if a name, in any letter case, has a word in it, or is wholly as a pattern with `*` or `%` has it.
fn matches_pattern(name: &str, pattern: &str) -> bool {
    let (name, pattern) = (name.to_lowercase(), pattern.to_lowercase());
    let mut parts: Vec<&str> = pattern.split(WILDCARDS).collect();
    let (Some(last), Some(first)) = (parts.pop(), parts.first().copied()) else { return name.contains(&pattern) };
    let inner = name.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    let found = parts[1..].iter().try_fold(inner, |rest, part| {
        let rest = rest?;
        rest.find(part).map(|at| Some(&rest[at + part.len()..]))
    });
    found.flatten().is_some()
}

/// The description of a table or view.
enum Schema {
    /// Lines on the meaning of each column, or of each view.
    Meanings(Vec<String>),
    /// SQL that defines it.
    Definitions(Vec<String>),
}

/// Writes the meanings of a view's columns, or the SQL of a table, or of all that a pattern fits; into a file of SQL as SQL, meanings
/// as its comments.
fn write_schema(session: &Session, name: Option<&str>, output: &Output) -> Result<(), Error> {
    let Some(pattern) = name.filter(|name| name.contains(WILDCARDS)) else {
        return write_lines(schema(session, name)?, output);
    };
    let relations = session.book().relations().map_err(|error| session.book().error(&error))?;
    let names: Vec<String> =
        relations.into_iter().map(|(name, _)| name).filter(|name| matches_pattern(name, pattern)).collect();
    if names.is_empty() {
        return Err(no_such_name());
    }
    names.iter().try_for_each(|name| write_lines(schema(session, Some(name))?, output))
}

fn write_lines(described: Schema, output: &Output) -> Result<(), Error> {
    let lines = match described {
        Schema::Meanings(lines) | Schema::Definitions(lines) if !output.is_sql() => {
            return print(output, &lines.join("\n"));
        }
        Schema::Meanings(lines) => lines.into_iter().map(|line| format!("-- {line}")).collect(),
        Schema::Definitions(lines) => lines.into_iter().map(|line| format!("{line};")).collect::<Vec<_>>(),
    };
    lines.iter().try_for_each(|line| output.sql(line)).map_err(Error::from)
}

/// The meanings of a view's columns, or the SQL of a table; every view in a line each where none is named.
fn schema(session: &Session, name: Option<&str>) -> Result<Schema, Error> {
    let Some(name) = name else {
        if !session.book().is_book() {
            return all_definitions(session.book()).map(Schema::Definitions);
        }
        let catalogue = session.book().catalogue();
        let width = catalogue.iter().map(|view| view.name.len()).max().unwrap_or_default();
        // What a person has imported goes first.
        let views = catalogue.imported().chain(catalogue.of_book());
        return Ok(Schema::Meanings(views.map(|view| format!("{:width$}  {}", view.name, view.meaning)).collect()));
    };
    if let Some(view) = session.book().catalogue().find(name) {
        let width = view.columns.iter().map(|column| column.name.len()).max().unwrap_or_default();
        let mut lines = vec![format!("{}: {}", view.name, view.meaning)];
        lines.extend(view.columns.iter().map(|column| format!("  {:width$}  {}", column.name, column.meaning)));
        return Ok(Schema::Meanings(lines));
    }
    let definition = || Ok(session.book().definition(name)?.or(session.book().attached_definition(name)?));
    let sql = definition().map_err(|error| session.book().error(&error))?;
    sql.map(|sql| Schema::Definitions(vec![sql])).ok_or_else(|| no_relation(session.book(), name))
}

/// The SQL of every table and view of a plain database.
fn all_definitions(book: &Book) -> Result<Vec<String>, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    let relations = book.relations().map_err(fail)?;
    let definitions = relations.iter().map(|(name, _)| book.definition(name).map_err(fail));
    definitions.filter_map(Result::transpose).collect()
}

/// The scripts of the library that work in a book, a line each, and what the others need.
///
/// # Errors
/// The book can't be read; a header can't, which is a fault of the program.
pub(super) fn scripts_text(book: &Book) -> Result<String, Error> {
    let library = library::in_book(book)?;
    let width = library.working.iter().map(|script| script.header.name.len()).max().unwrap_or_default();
    let line = |script: &Script| format!("{:width$}  {}", script.header.name, script.header.summary);
    let mut lines: Vec<String> = library.working.iter().map(line).collect();
    if library.others > 0 {
        let names: Vec<String> = library.lacking.iter().map(|name| format!("`{name}`")).collect();
        let what = if book.is_book() { "book" } else { "database" };
        let scripts = if library.others == 1 { "script needs" } else { "scripts need" };
        lines.push(format!("{} {scripts} what this {what} has none of: {}", library.others, names.join(", ")));
    }
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn a_pattern_is_the_whole_name_and_a_word_a_part_of_it() {
        for (name, pattern, fits) in [
            ("figures", "fig%", true),
            ("figures", "%ures", true),
            ("figures", "f*r*s", true),
            ("figures", "FIG", true),
            ("figures", "gur", true),
            ("figures", "gur%", false),
            ("figures", "%gur", false),
            ("aba", "ab%ba", false),
            ("unknowns", "n%", false),
            ("", "%", true),
        ] {
            assert_eq!(matches_pattern(name, pattern), fits, "{name} {pattern}");
        }
    }
}
