//! An answer without rows that a text in another letter case explains: `kind = 'State'`, where `kind` holds `state`. It is asked for
//! only where nothing was found, of the book's own views, and changes no answer.

use crate::store::Book;
use crate::store::catalogue::{ColumnKind, View};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

/// The notice about the first comparison with a text that no row of its column has but in another letter case.
pub(crate) fn notice(book: &Book, sql: &str) -> Option<String> {
    let list: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
    let is_named = |view: &&View| list.iter().any(|token| view.name.eq_ignore_ascii_case(token.name(sql)));
    let views: Vec<&View> = book.catalogue().of_book().filter(is_named).collect();
    list.windows(3).find_map(|three| {
        let [column, operator, literal] = three else { return None };
        let is_name = matches!(column.kind, TokenKind::Word | TokenKind::QuotedName);
        if !is_name || !matches!(operator.text(sql), "=" | "==") || literal.kind != TokenKind::String {
            return None;
        }
        let (name, written) = (column.name(sql), literal.unquoted(sql));
        let of_texts = |view: &&&View| view.column(name).is_some_and(|column| column.kind == ColumnKind::Text);
        let held = |view: &&View| book.in_other_case(view, name, &written).ok().flatten();
        let held = views.iter().filter(of_texts).find_map(held)?;
        Some(format!("`{name}` holds `{held}`, not `{written}`: texts are compared with their letter case"))
    })
}
