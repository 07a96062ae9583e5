//! `describe select …`, as other shells have it: the columns of an answer and their kinds, without the answer.

use super::Session;
use crate::error::Error;
use crate::sql::{Column, Output};
use crate::syntax::Text;

/// The words that a statement with an answer begins with.
const VERBS: [&str; 4] = ["select", "with", "values", "from"];

/// The statement behind the first word of an entry, in a text of the same columns; `None` where there is none.
pub(super) fn statement(entry: &Text, words: &[String]) -> Option<Text> {
    let verb = words.first().filter(|_| words.len() > 1)?.to_lowercase();
    if !VERBS.contains(&&*verb) {
        return None;
    }
    let start = entry.whole.find(|c: char| !c.is_whitespace())?;
    let (before, sql) = entry.whole.split_at(start + entry.whole[start..].find(char::is_whitespace)?);
    Some(entry.with_whole(&format!("{}{sql}", " ".repeat(before.chars().count()))))
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
