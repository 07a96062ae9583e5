//! An entry that has an answer in the book that is asked, for the help of errors: a book of one's own need not have the facts of the
//! bundled one.

use crate::store::Book;
use crate::store::catalogue::{ColumnKind, View};
use crate::store::quote_identifier;

/// The facts of the example in a book that has them.
const FACTS: [&str; 2] = ["F29", "F30"];

/// An entry with a number in its answer, where the book has one.
pub(super) fn of_number(book: &Book) -> String {
    if FACTS.iter().all(|fact| book.has(fact).unwrap_or_default()) {
        return FACTS.join(" / ");
    }
    let number = |view: &View| {
        let column = view.columns.iter().find(|column| column.kind == ColumnKind::Quantity)?;
        Some(format!("select {} from {}", written(&column.name), written(&view.name)))
    };
    book.catalogue().imported().find_map(number).unwrap_or_else(|| of_rows(book))
}

/// An entry with rows in its answer.
pub(super) fn of_rows(book: &Book) -> String {
    let pledges = || book.has("pledges").unwrap_or_default().then(|| "pledges".to_owned());
    let view = pledges().or_else(|| book.catalogue().imported().next().map(|view| written(&view.name)));
    format!("select * from {}", view.as_deref().unwrap_or("sqlite_schema"))
}

/// A name as a statement has it.
fn written(name: &str) -> String {
    let is_bare = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_bare { name.to_owned() } else { quote_identifier(name) }
}
