//! `describe select …`, as other shells have it: the columns of an answer and their kinds, without the answer.

use super::Session;
use crate::error::{Error, usage_error};
use crate::sql::{Column, Output};
use crate::syntax::sql::tokens;
use crate::syntax::{Text, Token, TokenKind};
use crate::terminal;

/// The statement behind `describe` or `desc`, in a text of the same columns; `None` for an entry that begins otherwise.
///
/// # Errors
/// The entry begins with `summarize`, which is no command here.
pub(super) fn statement_of_entry(entry: &Text) -> Option<Result<Text, Error>> {
    let first = tokens(&entry.whole).find(|token| token.kind != TokenKind::Comment)?;
    match &*first.text(&entry.whole).to_lowercase() {
        "describe" | "desc" => statement(entry, first.range.end).map(Ok),
        "summarize" => statement(entry, first.range.end)
            .map(|_| Err(usage_error("`summarize` is no command here", terminal::SUMMARIZE_HELP))),
        _ => None,
    }
}

/// The statement behind the first word of a command, in a text of the same columns; `None` where there is none.
pub(super) fn statement_of_command(command: &Text) -> Option<Text> {
    let start = command.whole.find(|c: char| !c.is_whitespace())?;
    let end = command.whole[start..].find(char::is_whitespace)?;
    statement(command, start + end)
}

/// The statement with an answer that begins behind a byte of an entry, without the parentheses around it.
fn statement(entry: &Text, after: usize) -> Option<Text> {
    let mut text = entry.whole.to_string();
    let behind = |text: &str| -> Vec<Token> {
        let tokens = tokens(text).filter(|token| token.range.start >= after && token.kind != TokenKind::Comment);
        tokens.filter(|token| token.text(text) != ";").collect()
    };
    let mut found = behind(&text);
    while let [first, .., last] = &*found
        && (first.text(&text), last.text(&text)) == ("(", ")")
    {
        let (opening, closing) = (first.range.clone(), last.range.clone());
        text.replace_range(opening, " ");
        text.replace_range(closing, " ");
        found = behind(&text);
    }
    let verb = found.first()?.text(&text).to_lowercase();
    let is_query = found.len() > 1 && terminal::QUERY_VERBS.contains(&verb);
    is_query.then(|| {
        let blank: String = text[..after].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        entry.with_whole(&(blank + &text[after..]))
    })
}

/// Writes the columns of the answer to a statement, which is not run.
///
/// # Errors
/// As the statement itself has.
pub(super) fn write(session: &mut Session, statement: &Text, output: &Output) -> Result<(), Error> {
    let columns = session.interpreter()?.columns_of(statement)?;
    let width = columns.iter().map(|column| column.name.chars().count()).max().unwrap_or_default();
    let line = |column: &Column| {
        let kind = if column.is_quantity {
            "a quantity, with its unit and its facts"
        } else {
            "plain: a text, or a number without a unit"
        };
        format!("  {:width$}  {kind}", column.name)
    };
    let lines: Vec<String> = columns.iter().map(line).collect();
    let heading = format!("the answer has {} column{}", columns.len(), if columns.len() == 1 { "" } else { "s" });
    output.say(&[vec![heading], lines].concat().join("\n")).map_err(Error::from)
}
