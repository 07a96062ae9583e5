//! An answer without rows that a text in another letter case explains: `kind = 'State'`, where `kind` holds `state`. It is asked for
//! only where nothing was found, of the book's own views, and changes no answer.

use crate::store::Book;
use crate::store::catalogue::{ColumnKind, View};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

/// The most texts of a statement that are looked up.
const MAX_TEXTS: usize = 16;

/// The notice about the first text of a comparison that no row of its column has but in another letter case.
pub(crate) fn notice(book: &Book, sql: &str) -> Option<String> {
    let list: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
    let is_named = |view: &&View| list.iter().any(|token| view.name.eq_ignore_ascii_case(token.name(sql)));
    let views: Vec<&View> = book.catalogue().of_book().filter(is_named).collect();
    let compared = (0..list.len()).flat_map(|at| compared_texts(sql, &list[at..]));
    compared.take(MAX_TEXTS).find_map(|(column, literal)| {
        let (name, written) = (column.name(sql), literal.unquoted(sql));
        let of_texts = |view: &&&View| view.column(name).is_some_and(|column| column.kind == ColumnKind::Text);
        let held = |view: &&View| book.in_other_case(view, name, &written).ok().flatten();
        let held = views.iter().filter(of_texts).find_map(held)?;
        Some(format!("`{name}` holds `{held}`, not `{written}`: texts are compared with their letter case"))
    })
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
