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
    let whole = &*entry.whole;
    let is_of_statement =
        |token: &Token| token.range.start >= after && token.kind != TokenKind::Comment && token.text(whole) != ";";
    let found: Vec<Token> = tokens(whole).filter(is_of_statement).collect();
    let opening = found.iter().take_while(|token| token.text(whole) == "(").count();
    let closing = found.iter().rev().take_while(|token| token.text(whole) == ")").count();
    let around = opening.min(closing);
    let verb = found.get(around)?.text(whole).to_lowercase();
    let is_query = found.len() > 2 * around + 1 && terminal::QUERY_VERBS.contains(&verb);
    is_query.then(|| {
        let start = if around == 0 { after } else { found[around].range.start };
        let end = if around == 0 { whole.len() } else { found[found.len() - around].range.start };
        let blank: String = whole[..start].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        entry.with_whole(&(blank + &whole[start..end]))
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
