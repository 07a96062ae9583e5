//! Help: everything that has a name and can be looked up, gathered from the tables that define it (commands, functions of
//! both languages, views and their columns, scripts), and laid out with an example and its answer.

use super::locator::Locator;
use super::{correction_page, header_page, import_page, language};
use crate::error::{Error, suggest, usage_error};
use crate::quantity::{Quantity, human};
use crate::script::functions::{EngineMethod, engine_methods};
use crate::script::library::{self, Parameter, ParameterType, ScriptHeader};
use crate::script::{ScriptFunction, functions};
use crate::sql::Note;
use crate::store::catalogue::{ColumnKind, View};
use crate::store::udf::{self as sql_functions, SqlFunction};
use crate::store::{Book, RelationKind};
use crate::table::{notes_block, visible};
use crate::terminal::{self, COMMANDS, CommandInfo, commands_for};
use std::fmt::{self, Write};

/// The most columns in the example of a view.
const MAX_EXAMPLE_COLUMNS: usize = 3;

/// The help on all topics of a name; where there is none, on those whose name begins so; or else on those that mention
/// the word. `more` are topics of the caller's own. `sql` and `script` list the functions of a language, `language` is the page on
/// that of scripts, `header` that on their headers.
///
/// # Errors
/// Nothing has the word at all.
pub(super) fn help(book: &Book, word: &str, more: Vec<Topic>) -> Result<String, Error> {
    match word {
        "sql" => return Ok(function_list(sql_functions::all().map(|function| (function.signature, function.meaning)))),
        "script" => return Ok(script_function_list(book.is_book())),
        "language" => return Ok(language::PAGE.to_owned()),
        word if header_page::is_word(word) => return Ok(header_page::page()),
        _ => {}
    }
    if let Some(list) = terminal::group_list(word, book.is_book()) {
        return Ok(list);
    }
    let all: Vec<Topic> = more.into_iter().chain(topics(book)?).collect();
    let found = |fits: &dyn Fn(&Topic) -> bool| all.iter().filter(|topic| fits(topic)).collect::<Vec<_>>();
    let called = found(&|topic| topic.is_named(word));
    if !called.is_empty() {
        return Ok(called.into_iter().map(|topic| page(book, topic)).collect::<Vec<_>>().join("\n"));
    }
    if import_page::is_word(word) {
        return Ok(import_page::PAGE.to_owned());
    }
    if correction_page::is_word(word) {
        return Ok(correction_page::PAGE.to_owned());
    }
    if language::is_word(word) {
        return Ok(language::PAGE.to_owned());
    }
    // Every name begins with nothing.
    if word.is_empty() || other_help(book, word).is_some() {
        return Err(unknown_topic(book, word, &all));
    }
    let starting = found(&|topic| topic.starts_with(word));
    let found = if starting.is_empty() { found(&|topic| topic.mentions(word)) } else { starting };
    match found.as_slice() {
        [] => Err(unknown_topic(book, word, &all)),
        [only] => Ok(page(book, only)),
        several => Ok(several.iter().map(|topic| list_item(topic)).collect::<Vec<_>>().concat()),
    }
}

/// The functions of scripts, each with its meaning, and the names of those that are Rhai's own.
fn script_function_list(is_book: bool) -> String {
    let own = function_list(functions::for_book(is_book).map(|function| (function.signature, function.meaning)));
    let names: Vec<&str> = engine_methods().iter().map(|method| method.name.as_str()).collect();
    format!("{own}of Rhai's own, each with its help\n  {}\n", names.join(", "))
}

fn list_item(topic: &Topic) -> String {
    format!("{}  ({})\n  {}\n", topic.signature, topic.kind, topic.meaning)
}

/// Functions, each with its meaning in the line below.
fn function_list<'f>(functions: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let lines: Vec<String> = functions.map(|(signature, meaning)| format!("{signature}\n  {meaning}\n")).collect();
    lines.concat()
}

/// The help of one topic, each line ended by a line feed.
fn page(book: &Book, topic: &Topic) -> String {
    if let Some(page) = &topic.page {
        return page.clone();
    }
    let details: Vec<Note> = topic.details.iter().map(|(label, text)| Note::new(label, "", text)).collect();
    let catalogue = book.catalogue();
    let example = topic.example.clone().or_else(|| match &topic.column {
        Some((view, column)) => column_example(book, catalogue.find(view)?, column),
        None => catalogue.find(&topic.name).filter(|_| topic.kind == "view").and_then(|view| view_example(book, view)),
    });
    // Both are on a line of their own, as they are typed and printed.
    let example = example.map(|(entry, answer)| match answer.as_str() {
        "" => format!(" example  {}\n", visible(&entry)),
        answer => format!(" example  {}\n answer   {}\n", visible(&entry), visible(answer)),
    });
    [list_item(topic), notes_block(&details, None), example.unwrap_or_default()].concat()
}

/// A query for one cell, and the answer of the book.
fn column_example(book: &Book, view: &View, column: &str) -> Option<(String, String)> {
    let answer = sample_cells(book, view, &[column])?.pop()?;
    Some((format!("select {column} from {} where {}", view.name, view.sample), answer))
}

/// A query for the first cells of a row, and the answer of the book.
fn view_example(book: &Book, view: &View) -> Option<(String, String)> {
    let columns: Vec<&str> = view.columns.iter().map(|column| &*column.name).take(MAX_EXAMPLE_COLUMNS).collect();
    let answer = sample_cells(book, view, &columns)?.join("  ");
    Some((format!("select {} from {} where {}", columns.join(", "), view.name, view.sample), answer))
}

/// The cells of a view's sample row, as a table shows them; `None` where the book has no such row.
fn sample_cells(book: &Book, view: &View, columns: &[&str]) -> Option<Vec<String>> {
    if view.sample.is_empty() {
        return None;
    }
    let row = book.sample(view).ok()??;
    let shown = row.iter().zip(&*view.columns).filter(|((name, _), _)| columns.contains(&name.as_str()));
    let words = shown.map(|((_, cell), column)| match cell {
        None => "NULL".to_owned(),
        Some(cell) if column.kind == ColumnKind::Quantity => quantity_text(cell),
        Some(cell) => cell.clone(),
    });
    Some(words.collect())
}

fn quantity_text(cell: &str) -> String {
    let Ok(quantity) = cell.parse::<Quantity>() else { return cell.to_owned() };
    let value = human::quantity(&quantity, None);
    if quantity.facts().is_empty() { value } else { format!("{value} [{}]", human::facts(quantity.facts())) }
}

/// The error of a name without help: the nearest name, or another place to look.
fn unknown_topic(book: &Book, word: &str, all: &[Topic]) -> Error {
    let bare = word.trim_start_matches(['.', '-']);
    let near = suggest::nearest(bare, all.iter().map(|topic| topic.short_name().trim_start_matches(['.', '-'])));
    let help = match other_help(book, word).or_else(|| near.map(|near| format!("did you mean `{near}`?"))) {
        Some(help) => help,
        None if word.starts_with('-') => format!("options belong to the command line: `pledgebook help {word}`"),
        None => format!("`.find {word}` searches the book and all names; `.help` lists the commands"),
    };
    usage_error(&format!("there is no help on `{word}`"), &help)
}

/// The place of the help on a name that is no topic: an id of the book, a script that needs what it lacks, a function of SQLite's
/// own.
fn other_help(book: &Book, word: &str) -> Option<String> {
    let is_among = |names: Vec<String>| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    if is_among(book.ids().unwrap_or_default()) {
        return Some(format!("`.why {word}` explains what the book has under this id"));
    }
    let is_command =
        |info: &&CommandInfo| info.name.trim_start_matches('.').eq_ignore_ascii_case(word.trim_start_matches('.'));
    if let Some(info) = COMMANDS.iter().find(is_command).filter(|info| !book.is_book() && info.asks_of_book.is_some()) {
        return Some(format!("`{}` asks the facts of a book, and this is a plain database", info.name));
    }
    if let Some(place) = Locator::read(word) {
        return Some(format!("`.why {place}` explains the facts that stand there"));
    }
    let script = library::all().ok()?.into_iter().find(|script| script.header.name.eq_ignore_ascii_case(word));
    if let Some(Err(Error::Lacking(why))) = script.map(|script| library::check_needs(&script.header, book)) {
        return Some(why.message);
    }
    let is_sqlites = is_among(book.sql_functions().unwrap_or_default());
    is_sqlites.then(|| "it is a function of SQLite's own; `.help sql` lists those that are added here".to_owned())
}

/// The kinds of topics, in the order in which they are listed.
pub(super) const TOPIC_KINDS: [&str; 7] =
    ["command", "script", "table", "view", "column", "script function", "SQL function"];

/// A name that can be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its kind: `command`, `column`.
    pub kind: &'static str,
    /// The name; that of a column includes its view's.
    pub name: String,
    /// Its signature.
    pub signature: String,
    /// Its meaning, in a sentence.
    pub meaning: String,
    /// Further details, each under its label.
    pub details: Vec<(&'static str, String)>,
    /// All of its help, where that has a layout of its own.
    pub page: Option<String>,
    /// An entry, and a part of its answer.
    pub example: Option<(String, String)>,
    /// The view of a column, and its name there: their example is queried from the book.
    pub(super) column: Option<(String, String)>,
}

impl Topic {
    /// A topic without an example.
    #[must_use]
    pub fn new(kind: &'static str, name: &str, signature: &str, meaning: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            signature: signature.to_owned(),
            meaning: meaning.to_owned(),
            details: Vec::new(),
            page: None,
            example: None,
            column: None,
        }
    }

    fn with_example(self, example: &str, answer: &str) -> Self {
        Self { example: Some((example.to_owned(), answer.to_owned())), ..self }
    }

    /// True if a word names it: a column by its own name or with its view's, a command with or without its dot, a
    /// function by any name in its signature.
    pub(super) fn is_named(&self, word: &str) -> bool {
        let is_same = |name: &str| name.eq_ignore_ascii_case(word);
        let bare = |name: &str| name.trim_start_matches(['.', '-']).to_owned();
        is_same(&self.name)
            || is_same(&bare(&self.name))
            || self.column.as_ref().is_some_and(|(_, name)| is_same(name))
            || (self.kind.ends_with("function") && signature_names(&self.signature).any(is_same))
    }

    /// True if its name begins with a word, in any letter case.
    pub(super) fn starts_with(&self, word: &str) -> bool {
        let word = word.trim_start_matches(['.', '-']).to_lowercase();
        let name = self.short_name().trim_start_matches(['.', '-']).to_lowercase();
        !word.is_empty() && name.starts_with(&word)
    }

    /// True if its name, signature or meaning contains a word, in any letter case.
    pub(super) fn mentions(&self, word: &str) -> bool {
        [&self.name, &self.signature, &self.meaning]
            .iter()
            .any(|text| text.to_lowercase().contains(&word.to_lowercase()))
    }

    /// The name for suggestions: that of a column without its view's.
    fn short_name(&self) -> &str {
        self.column.as_ref().map_or(&self.name, |(_, name)| name)
    }
}

/// The names in a signature: `sort` and `sort_desc` in `array.sort() · array.sort_desc()`.
fn signature_names(signature: &str) -> impl Iterator<Item = &str> {
    signature.split(" · ").map(|variant| {
        let called = variant.split(['(', '[']).next().unwrap_or(variant);
        called.rsplit('.').next().unwrap_or(called).trim()
    })
}

/// Every topic of a book, by kind.
///
/// # Errors
/// The book can't be read; a header of the library can't, which is a fault of the program.
pub(super) fn topics(book: &Book) -> Result<Vec<Topic>, Error> {
    let catalogue = book.catalogue();
    let mut all: Vec<Topic> = commands_for(book.is_book()).map(command_topic).collect();
    for script in library::in_book(book)?.working {
        let header = &script.header;
        let topic = Topic::new("script", &header.name, &header.name, &header.summary);
        all.push(Topic { page: Some(script_help(header, &header.name)), ..topic });
    }
    all.extend(catalogue.iter().map(view_topic));
    all.extend(catalogue.iter().flat_map(column_topics));
    all.extend(table_topics(book).map_err(|error| book.error(&error))?);
    all.extend(functions::for_book(book.is_book()).map(script_function_topic));
    all.extend(engine_methods().iter().map(engine_method_topic));
    all.extend(sql_functions::all().map(sql_function_topic));
    Ok(all)
}

fn command_topic(command: &CommandInfo) -> Topic {
    let usage = format!("{} {}", command.name, command.arguments);
    Topic::new("command", command.name, usage.trim_end(), command.meaning).with_example(command.example, command.answer)
}

/// The tables and views of a plain database, and of those that are attached.
fn table_topics(book: &Book) -> rusqlite::Result<Vec<Topic>> {
    let topic = |name: &str, meaning: String, columns: &[String]| Topic {
        details: vec![("columns", columns.join(", "))],
        ..Topic::new("table", name, name, &meaning)
    };
    let word = |is_view| if is_view { "view" } else { "table" };
    let mut found = Vec::new();
    if !book.is_book() {
        for (name, kind) in book.relations()? {
            // A view over what is not there has no columns.
            let columns = book.columns(&name).unwrap_or_default();
            found.push(topic(&name, format!("a {} of this database", word(kind == RelationKind::View)), &columns));
        }
    }
    for relation in book.attached_relations()? {
        let meaning =
            format!("a {} of `{}`, a database that is attached for reading", word(relation.is_view), relation.database);
        found.push(topic(&relation.qualified_name(), meaning, &relation.columns));
    }
    Ok(found)
}

fn view_topic(view: &View) -> Topic {
    let columns: Vec<&str> = view.columns.iter().map(|column| &*column.name).collect();
    let topic = Topic::new("view", &view.name, &view.name, &view.meaning);
    Topic { details: vec![("columns", columns.join(", "))], ..topic }
}

fn column_topics(view: &View) -> impl Iterator<Item = Topic> {
    view.columns.iter().map(move |column| {
        let name = format!("{}.{}", view.name, column.name);
        let column_of = (view.name.to_string(), column.name.to_string());
        Topic { column: Some(column_of), ..Topic::new("column", &name, &name, &column.meaning) }
    })
}

fn script_function_topic(function: &ScriptFunction) -> Topic {
    Topic::new("script function", function.name(), function.signature, function.meaning)
        .with_example(function.example, function.answer)
}

fn engine_method_topic(method: &EngineMethod) -> Topic {
    let topic = Topic::new("script function", &method.name, &method.signature, &method.meaning);
    Topic { details: vec![("of Rhai", "as its book has it: https://rhai.rs/book".to_owned())], ..topic }
}

fn sql_function_topic(function: &SqlFunction) -> Topic {
    Topic::new("SQL function", function.name, function.signature, function.meaning)
        .with_example(function.example, function.answer)
}

/// The options of the program that are of most use to a script.
const COMMON_OPTIONS: [(&str, &str); 3] = [
    ("--assume <ID=VALUE>", "replace a figure for this run only; repeatable"),
    ("--format <FORMAT>", "the format of results, as csv or json [default: table]"),
    ("--notes <HOW>", "brief, full or none [default: brief]"),
];

/// The text of `run NAME --help`; `name` is the name as typed.
pub fn script_help(header: &ScriptHeader, name: &str) -> String {
    let summary = if header.summary.is_empty() { header.heading() } else { &header.summary };
    let mut text = format!("{summary}\n");
    for line in &header.description {
        text.push('\n');
        text.push_str(line);
    }
    if !header.description.is_empty() {
        text.push('\n');
    }
    let parameters = if header.parameters.is_empty() { "" } else { " [PARAMETERS]" };
    if !header.needs.is_empty() {
        push(&mut text, format_args!("\nNeeds: {}\n", header.needs.join(", ")));
    }
    push(&mut text, format_args!("\nUsage: pledgebook run {name}{parameters} [OPTIONS]\n"));
    let parameters: Vec<(String, String)> =
        header.parameters.iter().map(|parameter| (parameter_flag(parameter), parameter_meaning(parameter))).collect();
    let options = COMMON_OPTIONS.map(|(flag, meaning)| (flag.to_owned(), meaning.to_owned()));
    let width = parameters.iter().chain(&options).map(|(flag, _)| flag.chars().count()).max().unwrap_or_default();
    if !parameters.is_empty() {
        text.push_str("\nParameters:\n");
        push_aligned(&mut text, &parameters, width);
    }
    text.push_str("\nOptions (all: pledgebook --help):\n");
    push_aligned(&mut text, &options, width);
    for example in &header.examples {
        let arguments = if example.arguments.is_empty() { String::new() } else { format!(" {}", example.arguments) };
        push(&mut text, format_args!("\nExample: pledgebook run {name}{arguments} → {}\n", example.answer));
    }
    text
}

fn parameter_flag(parameter: &Parameter) -> String {
    format!("--{} <{}>", parameter.flag(), parameter.kind.placeholder())
}

fn parameter_meaning(parameter: &Parameter) -> String {
    let choices = match &parameter.kind {
        ParameterType::Choice(words) => format!(" [possible values: {}]", words.join(", ")),
        ParameterType::IntWithin(from, to) => format!(" [{from} to {to}]"),
        _ => String::new(),
    };
    match &parameter.default {
        Some(default) if default.is_empty() => format!("{}{choices} [default: empty]", parameter.meaning),
        Some(default) => format!("{}{choices} [default: {default}]", parameter.meaning),
        None => format!("{}{choices} [required]", parameter.meaning),
    }
}

fn push_aligned(text: &mut String, lines: &[(String, String)], width: usize) {
    for (flag, meaning) in lines {
        push(text, format_args!("  {flag:width$}  {meaning}\n"));
    }
}

fn push(text: &mut String, words: fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = text.write_fmt(words);
}
