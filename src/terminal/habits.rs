//! The habits of other shells: what their commands and phrases are here, as `\d pledges`, `show tables` or `exit`. Each is
//! another way to write a command of this prompt, or has a hint on what to do instead. It executes nothing.

use crate::error::{Error, usage_error};
use crate::syntax::sql::{GSET_HELP, WATCH_HELP, tokens};
use crate::syntax::{Token, TokenKind};
use Habit::{Hint, Is};

/// A command of another shell, as it is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// This command, which takes the same arguments.
    Is(&'static str),
    /// No command: what to do instead.
    Hint(&'static str),
}

/// The reason that no shell is started here.
const NO_SHELL: &str = "a question starts no other program: run it beside this one";

const NO_COPY: &str = "`.once FILE.csv` at the prompt, `-o FILE.csv` on the command line writes an answer; `pledgebook BOOK import FILE` adds a table";

/// The ways in which a statement is kept under a name.
const PREPARED: &str = "`fn f(a) { query(\"select :a\") }` keeps a question with its parameters, which `f(5)` asks; one without any is kept by `create temp view f as select …`";

const INDEXES: &str = "`select name, tbl_name from sqlite_schema where type = 'index';` lists them";

const OTHER_BOOK: &str = "`.open FILE` asks another book; `pledgebook BOOK.db` starts with it";

/// The commands of other shells that begin with a dot: of sqlite3 and DuckDB.
const DOT_COMMANDS: &[(&str, Habit)] = &[
    (".archive", Hint("in the shell, `pledgebook BOOK export DIRECTORY` writes the whole book")),
    (
        ".attach",
        Hint("start with `--attach NAME=FILE` to read a second database beside the book; `.open FILE` asks another"),
    ),
    (".backup", Hint("a book is a file: copy it")),
    (".bail", Hint("the first error ends a file; at the prompt none does")),
    (".cd", Hint("name files by their path: the directory is the one that the program was started in")),
    (".changes", Hint("a question changes nothing")),
    (".check-book", Hint("in the shell, `pledgebook BOOK check-book` checks the whole book")),
    (".clear", Hint("Ctrl-L clears the screen")),
    (".clone", Hint("a book is a file: copy it")),
    (".correct", Hint("`.help correct` says how a fact is corrected")),
    (".columns", Hint("`.schema VIEW` lists the columns of a view")),
    (".d", Is(".schema")),
    (".desc", Is(".schema")),
    (".describe", Is(".schema")),
    (".diff", Hint("in the shell, `pledgebook BOOK diff S1 S2 --key COLUMNS` compares two releases")),
    (".drop", Hint("in the shell, `pledgebook BOOK drop SOURCE` takes an import back")),
    (".echo", Hint("`.sql on` says which SQL ran; `.print TEXT` writes a text")),
    (".eqp", Hint("`explain query plan select …` shows how a statement is run")),
    (".excel", Hint("`.once FILE.xlsx` writes the next answer as a workbook")),
    (".explain", Hint("`explain select …` shows the program of a statement")),
    (
        ".export",
        Hint("in the shell, `pledgebook BOOK export FILE` writes the whole book; `.once FILE` writes an answer"),
    ),
    (".fullschema", Is(".schema")),
    (
        ".import",
        Hint(
            "in the shell, `pledgebook BOOK import FILE` adds a table or facts to a book of your own, and `pledgebook FILE` asks a table",
        ),
    ),
    (".indexes", Hint(INDEXES)),
    (".indices", Hint(INDEXES)),
    (".init", Hint("in the shell, `pledgebook init FILE` makes a book of your own")),
    (".load", Hint("no extension is loaded: what SQL lacks can be written as a script")),
    (".ls", Hint(NO_SHELL)),
    (".maxrows", Is(".rows")),
    (".prompt", Hint("the prompt stays as it is; `.show` lists what can be set")),
    (".pwd", Hint("`.databases` names the book's file; other files are named from where the program was started")),
    (".restore", Hint("a book is a file: copy it")),
    (".search", Is(".find")),
    (".separator", Hint("`.mode csv` separates by commas, `.mode tsv` by tabs")),
    (".sha3sum", Hint("`select id, sha256 from sources` has the digests of the texts")),
    (".shell", Hint(NO_SHELL)),
    (".stats", Hint("`.timer on` tells how long an answer takes")),
    (".system", Hint(NO_SHELL)),
    (".timeout", Hint("`.limits time SECONDS` sets how long an answer may take")),
    (".trace", Hint("`.why` tells how the last result came about; `.sql on` which SQL ran")),
    (".version", Hint("in the shell, `pledgebook --version`")),
    (".width", Hint("a table is as wide as its content; `.mode line` stands columns one below the other")),
    (".www", Hint("`.once FILE.html` writes the next answer as a page")),
];

/// The commands of psql and of the shell of MySQL, which begin with a backslash.
const BACKSLASH_COMMANDS: &[(&str, Habit)] = &[
    ("\\!", Hint(NO_SHELL)),
    ("\\?", Is(".help")),
    ("\\a", Hint("`.mode csv` writes plain columns, `.mode line` one below the other")),
    ("\\c", Is(".open")),
    ("\\cd", Hint("name files by their path: the directory is the one that the program was started in")),
    ("\\conninfo", Is(".databases")),
    ("\\copy", Hint(NO_COPY)),
    ("\\df", Hint("`.help sql` lists the functions of SQL, `.help script` those of scripts")),
    ("\\di", Hint(INDEXES)),
    ("\\du", Hint("a book has no users: who may read its file may ask it")),
    ("\\e", Is(".edit")),
    ("\\echo", Is(".print")),
    ("\\g", Hint("it ends a statement: `select 1 \\g`; `.last` shows the last answer again")),
    ("\\gx", Hint("it ends a statement: `select 1 \\gx`; `.mode line` lays every answer out so")),
    ("\\h", Is(".help")),
    ("\\gset", Hint(GSET_HELP)),
    ("\\H", Is(".mode html")),
    ("\\i", Is(".read")),
    ("\\ir", Is(".read")),
    ("\\l", Is(".databases")),
    ("\\o", Is(".output")),
    ("\\p", Hint("Up recalls the entry before")),
    ("\\pset", Hint("`.show` lists the settings: `.mode`, `.headers`, `.nullvalue`, `.pager`")),
    ("\\q", Is(".quit")),
    ("\\r", Hint("Ctrl-C drops what is typed")),
    ("\\s", Hint("Ctrl-R searches what was typed, Up recalls it")),
    ("\\set", Hint("`let x = 5;` makes a variable, which is `:x` in SQL")),
    ("\\t", Hint("`.headers off` leaves the names of columns out")),
    ("\\timing", Is(".timer")),
    ("\\w", Hint("`.once FILE` writes the next answer, `.save NAME` what led to the last one as a script")),
    ("\\watch", Hint(WATCH_HELP)),
    ("\\x", Is(".mode line")),
];

/// The help on DuckDB's `summarize`.
pub const SUMMARIZE_HELP: &str =
    "`.schema VIEW` says what each column means; `min`, `max`, `avg` and `count` sum a column up";

/// First words of phrases of other shells that have a hint, behind which a word must follow.
const PHRASES: &[(&str, &str)] = &[
    ("copy", NO_COPY),
    ("deallocate", PREPARED),
    ("execute", PREPARED),
    ("pivot", "each column is a sum of its own rows: `select a, sum(x) filter (where year = 2024) from … group by a`"),
    ("prepare", PREPARED),
    ("set", "`let x = 5;` makes a variable, which is `:x` in SQL; `.show` lists the settings"),
    ("summarize", SUMMARIZE_HELP),
    ("truncate", "`delete from TABLE` empties a table of your own, with `--write`"),
    (
        "unpivot",
        "when it is read: `pledgebook FILE --long 2021..2023 --name year --value amount` makes a row of each column",
    ),
    ("use", OTHER_BOOK),
];

/// The first words of questions in plain English, which is no language here.
const QUESTION_WORDS: [&str; 11] =
    ["can", "does", "give", "how", "please", "tell", "what", "which", "who", "whose", "why"];

/// The fewest words of such a question.
const MIN_QUESTION_WORDS: usize = 3;

/// Characters of code: one is in every script of several words, and none in a question in plain English.
const CODE: &str = "=;(){}[]|<>\"";

/// The phrases of other shells that leave, ask for help or clear, alone in an entry.
const WORDS: &[(&str, Habit)] = &[
    ("bye", Is(".quit")),
    ("clear", Hint("Ctrl-L clears the screen")),
    ("cls", Hint("Ctrl-L clears the screen")),
    ("exit", Is(".quit")),
    ("help", Is(".help")),
    ("quit", Is(".quit")),
    ("?", Is(".help")),
];

/// True if a line is a phrase of another shell, as `show tables` or `exit;`. Two words in a row are no script; of one word
/// the caller knows that it is no variable.
pub(super) fn is_phrase(line: &str) -> bool {
    has_backslash(line) || phrase(line).is_some()
}

/// True if a line begins as a command of psql.
fn has_backslash(line: &str) -> bool {
    line.strip_prefix('\\').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "!?".contains(c)))
}

/// The command of this prompt that a line of another shell is; `None` where it is none.
///
/// # Errors
/// It is none here: what to do instead.
pub(super) fn translated(line: &str) -> Result<Option<String>, Error> {
    let line = line.trim();
    if !line.starts_with('.') && !has_backslash(line) {
        return phrase(line).transpose();
    }
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if let Some(command) = toggled(name, rest.trim_end_matches(';').trim()) {
        return Ok(Some(command));
    }
    // psql takes `\d+`, and a `;` behind its commands.
    let is_dot = name.starts_with('.');
    let (known, name) =
        if is_dot { (DOT_COMMANDS, name) } else { (BACKSLASH_COMMANDS, name.trim_end_matches([';', '+'])) };
    let rest = if is_dot { rest } else { rest.trim_end().trim_end_matches(';') };
    match known.iter().find(|(of, _)| *of == name) {
        Some((_, Is(command))) => Ok(Some(format!("{command} {rest}").trim_end().to_owned())),
        Some((_, Hint(help))) => {
            let help = if name == ".import" { import_help(rest) } else { None }.unwrap_or_else(|| (*help).to_owned());
            Err(usage_error(&format!("`{name}` is no command here"), &help))
        }
        None if is_dot => Ok(None),
        None => {
            Err(usage_error(&format!("there is no command `{name}`"), "commands begin with a dot: `.help` lists them"))
        }
    }
}

/// The help on sqlite3's `.import FILE TABLE`, with both names; `None` where no file is named.
fn import_help(arguments: &str) -> Option<String> {
    let mut names = arguments.trim_end_matches(';').split_whitespace().filter(|word| !word.starts_with('-'));
    let file = names.next()?;
    Some(match names.next() {
        Some(table) => format!(
            "in the shell, `pledgebook --table {table}={file}` asks it beside the book, and `pledgebook BOOK import {file} --as {table}` keeps it in a book of your own"
        ),
        None => format!(
            "in the shell, `pledgebook {file}` asks it, and `pledgebook BOOK import {file}` keeps it in a book of your own"
        ),
    })
}

/// The commands of psql whose meaning depends on an argument; `line/table` is the other one of these two.
fn toggled(name: &str, rest: &str) -> Option<String> {
    let (name, argument) = (name.trim_end_matches([';', '+']), rest);
    let is_list = name.starts_with("\\d") && matches!(&name[2..], "" | "t" | "v" | "m" | "tv" | "s");
    match (name, argument) {
        ("\\x", "off") => Some(".mode table".to_owned()),
        ("\\x", "on" | "auto") => Some(".mode line".to_owned()),
        ("\\x", "") => Some(".mode line/table".to_owned()),
        ("\\timing", "") => Some(".timer on/off".to_owned()),
        ("\\d", argument) if !argument.is_empty() => Some(format!(".schema {argument}")),
        _ if is_list => Some(format!(".tables {argument}").trim_end().to_owned()),
        _ => None,
    }
}

/// The prompts that are copied with an entry.
const PROMPTS: [&str; 2] = ["pledgebook>", "sqlite>"];

/// The command that a phrase is; `None` for any other text.
fn phrase(line: &str) -> Option<Result<String, Error>> {
    let line = line.trim().trim_end_matches(';').trim_end();
    if let Some(prompt) = PROMPTS.iter().find(|prompt| line.starts_with(**prompt)) {
        let message = format!("`{prompt}` is a prompt that was copied with the entry");
        return Some(Err(usage_error(&message, "leave it out: the entry alone is asked")));
    }
    if line.contains('\n') {
        return None;
    }
    let of_word = |word: &str| WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    let called = line.strip_suffix("()").unwrap_or(line);
    if let Some((word, habit)) = of_word(called) {
        return Some(match habit {
            Is(command) => Ok((*command).to_owned()),
            Hint(help) => Err(usage_error(&format!("`{word}` is no command here"), help)),
        });
    }
    if let Some(help) = question_help(line) {
        return Some(Err(usage_error("a question is asked in SQL or as a script, not in plain English", &help)));
    }
    if line.strip_prefix('=').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        let help = "`select sum(x) from TABLE` adds a column up; `.help sql` lists the functions";
        return Some(Err(usage_error("a formula of a spreadsheet is no question here", help)));
    }
    let words: Vec<Token> = tokens(line).take(5).collect();
    let text = |at: usize| words.get(at).map_or("", |token| token.text(line));
    let lower = |at: usize| text(at).to_lowercase();
    let is_name = |at: usize| {
        words
            .get(at)
            .is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String))
    };
    if matches!((&*lower(0), &*lower(1), &*lower(2)), ("copy", "(", "select" | "with" | "from")) {
        return Some(Err(usage_error("`copy` is no command here", NO_COPY)));
    }
    // A word directly behind another: `show(x)` and `show = 1` are scripts.
    if !is_name(1) && !matches!((&*lower(0), words.len()), ("describe" | "desc", 1)) {
        return None;
    }
    let last = words.len().checked_sub(1).filter(|last| *last > 0).map_or("", text);
    let schema = |name: &str| Some(Ok(format!(".schema {name}").trim_end().to_owned()));
    match (&*lower(0), &*lower(1)) {
        ("show", "tables" | "views" | "all") => Some(Ok(".tables".to_owned())),
        ("show", "databases" | "schemas") => Some(Ok(".databases".to_owned())),
        ("show", "columns" | "fields" | "create" | "index" | "indexes") if words.len() > 2 => schema(last),
        ("describe" | "desc", "table" | "view") if words.len() == 3 => schema(last),
        ("show" | "describe" | "desc", _) if words.len() <= 2 => schema(last),
        ("help", _) => Some(Ok(format!(".help {}", line[words[1].range.start..].trim()))),
        ("source", _) if !line[words[1].range.start..].trim().contains(char::is_whitespace) => {
            Some(Ok(format!(".read {}", line[words[1].range.start..].trim())))
        }
        (first, second) => {
            if let Some((word, help)) = sql_phrase(first, second, &words, line) {
                return Some(none_here(word, &help));
            }
            let (word, help) = PHRASES.iter().find(|(word, _)| *word == first)?;
            Some(none_here(word, help))
        }
    }
}

/// What other databases begin a statement with, and the help on it.
fn sql_phrase(first: &str, second: &str, words: &[Token], line: &str) -> Option<(&'static str, String)> {
    Some(match (first, second, words) {
        ("explain", "analyze" | "analyse", _) => (
            "explain analyze",
            "`explain query plan select …` shows how a statement is run, `.timer on` how long it takes".to_owned(),
        ),
        ("create", "or", _) => (
            "create or replace",
            "`drop view NAME` frees a name, then `create temp view NAME as …` takes it".to_owned(),
        ),
        ("table", _, [_, name]) => ("table", format!("`select * from {}` shows its rows", name.text(line))),
        _ => return None,
    })
}

/// The error of a phrase of another shell.
fn none_here(word: &str, help: &str) -> Result<String, Error> {
    Err(usage_error(&format!("`{word}` is no command here"), help))
}

/// The help for a question in plain English, by its longest word; `None` for any other text.
fn question_help(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_end_matches(['?', '.', ',', '!'])).collect();
    let first = words.first()?.split(['\'', '’']).next().unwrap_or_default().to_lowercase();
    let asks =
        QUESTION_WORDS.contains(&&*first) || first == "show" && words[1..].first().is_some_and(|word| *word == "me");
    let is_word = |word: &&str| word.starts_with(char::is_alphabetic);
    if !asks
        || words.len() < MIN_QUESTION_WORDS
        || line.contains(|c| CODE.contains(c))
        || !words[1..2].iter().all(is_word)
    {
        return None;
    }
    let longest = words[1..].iter().filter(|word| is_word(word)).max_by_key(|word| word.chars().count())?;
    Some(format!("`.find {longest}` searches the book for a word; `.help` lists what else there is"))
}

/// Hints on the formats of other shells, which results have not here.
pub fn format_hint(name: &str) -> Option<&'static str> {
    let hints = [
        ("list", "`.mode csv` is nearest: values with commas between"),
        ("ascii", "`.mode tsv` is nearest: values with tabs between"),
        ("quote", "`.mode insert` is nearest: values as SQL writes them"),
        ("latex", "`.mode markdown` and `.mode html` are for documents"),
        ("asciidoc", "`.mode markdown` and `.mode html` are for documents"),
        ("tcl", "`.mode json` is for programs"),
        ("trash", "`.once FILE` writes the next answer elsewhere than on the screen"),
        ("off", "`.once FILE` writes the next answer elsewhere than on the screen"),
        ("excel", "a workbook is a file: `.once FILE.xlsx` writes the next answer as one"),
        ("xlsx", "a workbook is a file: `.once FILE.xlsx` writes the next answer as one"),
        ("parquet", "`.mode csv` and `.mode jsonl` are for programs"),
    ];
    let name = name.split_whitespace().next().unwrap_or_default();
    let table = ("insert", "the table is named after the question: write `.mode insert`");
    hints.into_iter().chain([table]).find(|(known, _)| *known == name).map(|(_, hint)| hint)
}

#[cfg(test)]
mod tests {
    use super::{BACKSLASH_COMMANDS, DOT_COMMANDS, Habit, WORDS, is_phrase, translated};
    use crate::terminal::commands::{COMMANDS, parse_command};

    #[test]
    fn what_another_shell_calls_it_is_a_command() {
        for (typed, command) in [
            ("\\d", ".tables"),
            ("\\d pledges", ".schema pledges"),
            ("\\d+ pledges;", ".schema pledges"),
            ("\\dt", ".tables"),
            ("\\dt pl*", ".tables pl*"),
            ("\\q", ".quit"),
            ("\\x", ".mode line/table"),
            ("\\x off", ".mode table"),
            ("\\timing", ".timer on/off"),
            ("\\timing off", ".timer off"),
            ("\\i a b.sql", ".read a b.sql"),
            (".describe pledges", ".schema pledges"),
            (".search gas", ".find gas"),
            ("show tables;", ".tables"),
            ("SHOW TABLES", ".tables"),
            ("show columns from pledges", ".schema pledges"),
            ("show create table pledges;", ".schema pledges"),
            ("describe pledges", ".schema pledges"),
            ("describe table pledges;", ".schema pledges"),
            ("DESC pledges;", ".schema pledges"),
            ("exit", ".quit"),
            ("Quit;", ".quit"),
            ("exit()", ".quit"),
            ("help", ".help"),
            ("?", ".help"),
            ("help q_div", ".help q_div"),
            ("source a.sql", ".read a.sql"),
        ] {
            assert_eq!(translated(typed).unwrap().as_deref(), Some(command), "{typed}");
            assert!(typed.starts_with('.') || is_phrase(typed), "{typed}");
        }
    }

    #[test]
    fn what_is_not_here_says_what_is() {
        for typed in [
            "\\copy a to b",
            "\\! ls",
            ".shell ls",
            "copy a to 'b'",
            "copy (select 1) to 'b'",
            "prepare a as select 1",
            "execute a",
            "execute a(1)",
            "deallocate a",
            ".import a.csv b",
            "=SUM(a)",
            "pivot a on b",
            "pledgebook> select 1;",
            "sqlite> select 1\nfrom t;",
            "unpivot a on b",
            "explain analyze select 1",
            "create or replace view a as select 1",
            "table a",
            "truncate a",
            "summarize facts",
            "use x",
            "set x = 5",
            "\\nope",
        ] {
            let report = translated(typed).unwrap_err().report().unwrap();
            assert!(report.help.is_some(), "{typed}");
        }
    }

    #[test]
    fn a_question_in_plain_english_is_led_to_the_search() {
        for (typed, word) in [
            ("how much money did the UK pledge?", "pledge"),
            ("what's the source of the missiles", "missiles"),
            ("show me the pledges", "pledges"),
            ("Who takes part?", "takes"),
        ] {
            assert!(is_phrase(typed), "{typed}");
            let help = translated(typed).unwrap_err().report().unwrap().help.unwrap();
            assert!(help.starts_with(&format!("`.find {word}`")), "{typed}: {help}");
        }
    }

    #[test]
    fn a_script_is_no_phrase() {
        for typed in [
            "show(F29)",
            "show.x",
            "help = 5",
            "exit + 1",
            "let show = 1",
            "F29 / F30",
            "set",
            "use",
            "",
            "describe(x)",
            "execute(x)",
            "prepare = 1",
            "help\nF29",
            "source of F29",
            "what + 1 + 2",
            "how is F29 = 5",
            "\\",
        ] {
            assert!(!is_phrase(typed), "{typed}");
        }
    }

    #[test]
    fn every_habit_is_a_command_or_has_a_hint() {
        for (name, habit) in DOT_COMMANDS.iter().chain(BACKSLASH_COMMANDS).chain(WORDS) {
            match habit {
                Habit::Is(command) => assert!(parse_command(command).is_ok(), "{name}"),
                Habit::Hint(help) => assert!(!help.is_empty(), "{name}"),
            }
            assert!(!COMMANDS.iter().any(|info| info.name == *name), "{name} is ours");
        }
    }
}
