//! Everything that has a name and can be looked up, gathered from the tables that define it: commands, functions of
//! both languages, views and their columns, scripts. Nothing is described here.

use super::script_help;
use crate::error::Error;
use crate::script::{ScriptFunction, functions, library};
use crate::store::catalogue::{self, View};
use crate::store::udf::{self as sql_functions, SqlFunction};
use crate::terminal::{COMMANDS, CommandInfo};

/// What a name of the session stands for, in the order in which it is told.
pub(super) const KINDS: [&str; 6] = ["command", "script", "view", "column", "script function", "SQL function"];

/// A name that can be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// What sort of thing bears it: `command`, `column`.
    pub kind: &'static str,
    /// The name; that of a column with its view's.
    pub name: String,
    /// How it is written.
    pub signature: String,
    /// What it is or gives, in a sentence.
    pub meaning: String,
    /// What else there is to say, each under its label.
    pub details: Vec<(&'static str, String)>,
    /// All of its help, where that is laid out otherwise.
    pub page: Option<String>,
    /// What can be entered, and what stands in the answer.
    pub example: Option<(String, String)>,
    /// The view of a column, and its name there: their example is answered by the book.
    pub(super) column: Option<(&'static View, &'static str)>,
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

    fn shown(self, example: &str, answer: &str) -> Self {
        Self { example: Some((example.to_owned(), answer.to_owned())), ..self }
    }

    /// Whether it is what a word names: a column by its own name or with its view's, a command with or without its dot,
    /// a function by any name that it is written with.
    pub(super) fn is_called(&self, word: &str) -> bool {
        let is_same = |name: &str| name.eq_ignore_ascii_case(word);
        let bare = |name: &str| name.trim_start_matches(['.', '-']).to_owned();
        is_same(&self.name)
            || is_same(&bare(&self.name))
            || self.column.is_some_and(|(_, name)| is_same(name))
            || (self.kind.ends_with("function") && written_names(&self.signature).any(is_same))
    }

    /// Whether its name begins with a word, in any letter case.
    pub(super) fn begins_with(&self, word: &str) -> bool {
        let word = word.trim_start_matches(['.', '-']).to_lowercase();
        let name = self.short_name().trim_start_matches(['.', '-']).to_lowercase();
        !word.is_empty() && name.starts_with(&word)
    }

    /// Whether what is said of it has a word, in any letter case.
    pub(super) fn speaks_of(&self, word: &str) -> bool {
        [&self.name, &self.signature, &self.meaning]
            .iter()
            .any(|text| text.to_lowercase().contains(&word.to_lowercase()))
    }

    /// The name that was meant by a word near it.
    pub(super) fn short_name(&self) -> &str {
        self.column.map_or(&self.name, |(_, name)| name)
    }
}

/// The names in a signature: `sort` and `sort_desc` in `array.sort() · array.sort_desc()`.
fn written_names(signature: &str) -> impl Iterator<Item = &str> {
    signature.split(" · ").map(|variant| {
        let called = variant.split('(').next().unwrap_or(variant);
        called.rsplit('.').next().unwrap_or(called).trim()
    })
}

/// Every topic, by kind.
///
/// # Errors
/// A header of the library that can't be read: a fault of the program.
pub(super) fn all() -> Result<Vec<Topic>, Error> {
    let mut all: Vec<Topic> = COMMANDS.iter().map(of_command).collect();
    for script in library::all()? {
        let header = &script.header;
        let topic = Topic::new("script", &header.name, &header.name, &header.summary);
        all.push(Topic { page: Some(script_help::help(header, &header.name)), ..topic });
    }
    all.extend(catalogue::VIEWS.iter().map(of_view));
    all.extend(catalogue::VIEWS.iter().flat_map(of_columns));
    all.extend(functions::all().map(of_script_function));
    all.extend(sql_functions::all().map(of_sql_function));
    Ok(all)
}

fn of_command(command: &CommandInfo) -> Topic {
    let usage = format!("{} {}", command.name, command.arguments);
    Topic::new("command", command.name, usage.trim_end(), command.meaning).shown(command.example, command.answer)
}

fn of_view(view: &'static View) -> Topic {
    let columns: Vec<&str> = view.columns.iter().map(|column| column.name).collect();
    let topic = Topic::new("view", view.name, view.name, view.meaning);
    Topic { details: vec![("columns", columns.join(", "))], ..topic }
}

fn of_columns(view: &'static View) -> impl Iterator<Item = Topic> {
    view.columns.iter().map(move |column| {
        let name = format!("{}.{}", view.name, column.name);
        Topic { column: Some((view, column.name)), ..Topic::new("column", &name, &name, column.meaning) }
    })
}

fn of_script_function(function: &ScriptFunction) -> Topic {
    Topic::new("script function", function.name, function.signature, function.meaning)
        .shown(function.example, function.answer)
}

fn of_sql_function(function: &SqlFunction) -> Topic {
    Topic::new("SQL function", function.name, function.signature, function.meaning)
        .shown(function.example, function.answer)
}
