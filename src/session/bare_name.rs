//! A name that was typed alone and is no value of a script: the id of a record, a view, a column, a saved script. An id is answered by
//! its record, of any other the error says what it is.

use crate::error::ScriptCause;
use crate::script::library;
use crate::store::Book;

/// The statement for the record of an id, where an entry is an id of the book and nothing else.
pub(super) fn record_query(book: &Book, entry: &str) -> Option<String> {
    let id = entry.trim().trim_end_matches(';').trim_end();
    let is_word = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    // A book that can't be read fails where it is asked.
    let view = if is_word && book.is_book() { book.view_of_id(id).ok().flatten()? } else { return None };
    Some(format!("select * from {view} where id = '{id}'"))
}

/// Says what a name is that is no variable: a view or a table, a column of an imported one, or a saved script.
pub(super) fn explain(book: &Book, cause: &mut ScriptCause) {
    let ScriptCause::UndefinedVariable { name, .. } = cause else { return };
    let relations = book.relations().unwrap_or_default();
    let relation = relations.iter().map(|(known, _)| known).find(|known| known.eq_ignore_ascii_case(name));
    if let Some(relation) = relation {
        let kind = if book.catalogue().find(relation).is_some() { "view" } else { "table" };
        let help = format!("`select * from {relation};` shows its rows, `.schema {relation}` its columns");
        *cause = ScriptCause::argument(format!("`{name}` is a {kind}, and no value of a script"), help);
        return;
    }
    let imported = || book.catalogue().imported();
    if let Some(view) = imported().find(|view| view.column(name).is_some()) {
        let help = format!("`select {name} from {};` shows it", view.name);
        *cause =
            ScriptCause::argument(format!("`{name}` is a column of `{}`, and no value of a script", view.name), help);
        return;
    }
    if library::names().any(|known| known == name) {
        let help = format!("`.run {name}` runs it, `.help {name}` says what it answers");
        *cause = ScriptCause::argument(format!("`{name}` is a saved script"), help);
    }
}
