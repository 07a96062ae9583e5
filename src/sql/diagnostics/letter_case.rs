//! An answer without rows that a text in another letter case explains, `kind = 'State'`, where `kind` holds `state`; another name of an
//! actor, `provider = 'UK'`; or a view of a book without facts, beside tables that have rows. It is asked for only where nothing was
//! found, of the book's own views, and changes no answer.

use super::enumerate;
use crate::store::Book;
use crate::store::catalogue::{ColumnKind, View};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

/// The most texts of a statement that are looked up.
const MAX_TEXTS: usize = 16;

/// The most tables that a notice names.
const MAX_TABLES: usize = 3;

/// The notice about the first text of a comparison that no row of its column has but in another letter case, or by another name.
pub(crate) fn notice(book: &Book, sql: &str) -> Option<String> {
    let list: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
    let is_named = |view: &&View| list.iter().any(|token| view.name.eq_ignore_ascii_case(token.name(sql)));
    let views: Vec<&View> = book.catalogue().of_book().filter(is_named).collect();
    if let Some(notice) = empty_view(book, sql, &list) {
        return Some(notice);
    }
    let compared = (0..list.len()).flat_map(|at| compared_texts(sql, &list[at..]));
    compared.take(MAX_TEXTS).find_map(|(column, literal)| {
        let (name, written) = (column.name(sql), literal.unquoted(sql));
        let of_texts = |view: &&&View| view.column(name).is_some_and(|column| column.kind == ColumnKind::Text);
        let held = |view: &&View| book.in_other_case(view, name, &written).ok().flatten();
        if let Some(held) = views.iter().filter(of_texts).find_map(held) {
            return Some(format!(
                "`{name}` holds `{held}`, not `{written}`: texts are compared with their letter case"
            ));
        }
        let called = |view: &&View| book.actor_called(view, name, &written).ok().flatten();
        let called = views.iter().filter(of_texts).find_map(called)?;
        Some(format!("`{name}` holds no `{written}`: the book calls it `{called}`"))
    })
}

/// The notice about a view of a book that has no facts, where there are imported tables and none of them is asked.
fn empty_view(book: &Book, sql: &str, list: &[Token]) -> Option<String> {
    let begins_a_name = |pair: &&[Token]| pair[0].is_word(sql, "from") || pair[0].is_word(sql, "join");
    let sources: Vec<&str> = list.windows(2).filter(begins_a_name).map(|pair| pair[1].name(sql)).collect();
    let is_of_imports = |name: &&str| book.catalogue().imported().any(|view| view.name.eq_ignore_ascii_case(name));
    // A CTE may have the name of a view.
    let has_own = list.first().is_some_and(|first| first.is_word(sql, "with"));
    if !book.catalogue().has_imports() || has_own || sources.iter().any(is_of_imports) {
        return None;
    }
    let of_book = |name: &&str| book.catalogue().of_book().find(|view| view.name.eq_ignore_ascii_case(name));
    let asked = sources.iter().find_map(of_book).filter(|view| book.is_without_facts(view).unwrap_or_default())?;
    let names = |view: &View| format!("`{}`", view.name);
    let is_alike = |view: &&View| view.name.to_lowercase().contains(&asked.name.to_lowercase());
    let alike: Vec<String> = book.catalogue().imported().filter(is_alike).map(names).collect();
    let tables = match &alike[..] {
        [] => book.catalogue().imported().take(MAX_TABLES).map(names).collect(),
        _ => alike,
    };
    let are = if tables.len() == 1 { "your table is" } else { "your tables are" };
    Some(format!("`{}` is a view of the book, which has no facts; {are} {}", asked.name, enumerate(&tables)))
}

/// The texts that a column at the beginning of `list` is compared with, by `=` or `in`, each with the column.
fn compared_texts<'l>(sql: &str, list: &'l [Token]) -> impl Iterator<Item = (&'l Token, &'l Token)> {
    let literals = match list {
        [_, operator, rest @ ..] if matches!(operator.text(sql), "=" | "==") => &rest[..rest.len().min(1)],
        [_, operator, open, rest @ ..] if operator.is_word(sql, "in") && open.text(sql) == "(" => {
            let end = rest.iter().position(|token| token.text(sql) == ")").unwrap_or(rest.len());
            &rest[..end]
        }
        _ => &[],
    };
    let column = list.first().filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName));
    let texts = literals.iter().filter(|token| token.kind == TokenKind::String);
    column.into_iter().flat_map(move |column| texts.clone().map(move |text| (column, text)))
}
