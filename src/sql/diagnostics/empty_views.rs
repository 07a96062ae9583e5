//! The views of a book without facts, which a statement asks although the rows are in an imported table: their answer is nothing, in a
//! join, in `exists` and in `not in` too.

use super::column_scope::ScopedCore;
use super::enumerate;
use super::joined::leaves;
use crate::store::catalogue::View;
use crate::store::{Book, Origin};
use crate::syntax::select::{ExpressionKind, InSet, TableKind, TableName};

/// The most tables that a warning names.
const MAX_TABLES: usize = 3;

/// The warning about the first view of a `select` that has no rows since the book has no facts, where there are imported tables.
pub(super) fn warning(book: &Book, core: &ScopedCore<'_, '_>) -> Option<String> {
    if !book.catalogue().has_imports() {
        return None;
    }
    let tables = leaves(&core.core.from).into_iter().filter_map(|table| match &table.kind {
        TableKind::Table(name) => Some(name),
        _ => None,
    });
    let sets = core.expressions.iter().filter_map(|expression| match &expression.kind {
        ExpressionKind::In { set: InSet::Table(name, arguments), .. } if arguments.is_empty() => Some(&**name),
        _ => None,
    });
    let of_book = |name: &TableName| {
        // A CTE may have the name of a view.
        let is_own = core.common_tables.iter().any(|table| table.name.text.eq_ignore_ascii_case(&name.name.text));
        let is_it = |view: &&View| view.name.eq_ignore_ascii_case(&name.name.text);
        if is_own || name.schema.is_some() { None } else { book.catalogue().of_book().find(is_it) }
    };
    let asked = tables.chain(sets).filter_map(of_book).find(|view| book.is_without_facts(view).unwrap_or_default())?;
    Some(in_words(book, asked))
}

fn in_words(book: &Book, asked: &View) -> String {
    let names = |view: &View| format!("`{}`", view.name);
    let is_alike = |view: &&View| view.name.to_lowercase().contains(&asked.name.to_lowercase());
    let alike: Vec<String> = book.catalogue().imported().filter(is_alike).map(names).collect();
    let tables = match &alike[..] {
        [] => book.catalogue().imported().take(MAX_TABLES).map(names).collect(),
        _ => alike,
    };
    let own = match &tables[..] {
        [table] => format!("your table is {table}: write `from {}`", table.trim_matches('`')),
        _ => format!("your tables are {}", enumerate(&tables)),
    };
    let beside = match book.origin() {
        Origin::Memory(None) => "; `pledgebook --table FILE` asks a file beside the bundled facts",
        _ => "",
    };
    format!("{own}; `{}` is a view that every book has, and empty in this one{beside}", asked.name)
}
