//! The names in a statement, as the book knows them: its tables and views, their units, and the cause for a column that none of them has.

use super::{StatementContext, dialect};
use crate::error::{SqlCause, suggest};
use crate::store::catalogue::View;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

impl StatementContext {
    /// The cause for an unknown column, with a near one of the tables that the statement names.
    pub(crate) fn no_column(&self, column: &str) -> SqlCause {
        let bare = column.rsplit('.').next().unwrap_or(column);
        let tables = self.tables();
        let columns: Vec<String> =
            tables.iter().flat_map(|table| self.book.columns(table).unwrap_or_default()).collect();
        let near = suggest::nearest_column(bare, columns.iter().map(String::as_str));
        let elsewhere = self.view_with(bare, &tables);
        let only = if tables.len() == 1 { tables.into_iter().next() } else { None };
        let sql = self.sql();
        let is_it = |token: &Token| token.text(sql).starts_with('"') && token.unquoted(sql) == column;
        let is_quoted = tokens(sql).any(|token| token.kind == TokenKind::QuotedName && is_it(&token));
        let is_listed = !columns.is_empty();
        let of_id = self.id_help(bare).or_else(|| dialect::column_help(bare).map(str::to_owned));
        let near = near.filter(|_| of_id.is_none());
        SqlCause::UnknownColumn { column: bare.to_owned(), table: only, near, elsewhere, is_quoted, is_listed, of_id }
    }

    /// The help on the id of a fact, which stands for its value in scripts alone.
    fn id_help(&self, name: &str) -> Option<String> {
        let id = name.to_uppercase();
        let is_fact = self.book.is_book() && self.book.fact(&id).is_ok_and(|fact| fact.is_some());
        let has_from = tokens(self.sql()).any(|token| token.is_word(self.sql(), "from"));
        is_fact.then(|| {
            if has_from {
                format!("in SQL an id is a text, `'{id}'`; `{id}` is its value in a script")
            } else {
                format!("`{id}` alone, at the prompt or in a script, is its value; in SQL `select * from facts where id = '{id}'`")
            }
        })
    }

    /// The public view that has a column, and is named like a table of the statement if it has any.
    fn view_with(&self, column: &str, tables: &[String]) -> Option<String> {
        let is_there = |view: &&View| view.column(column).is_some();
        let is_alike = |view: &&View| tables.iter().any(|table| view.name.starts_with(table.as_str()));
        let has_from = tokens(self.sql()).any(|token| token.is_word(self.sql(), "from"));
        let mut found = self.book.catalogue().iter().filter(is_there);
        found.find(|view| !has_from || is_alike(view)).map(|view| view.name.to_string())
    }

    /// The definitions of the user's views that the statement names.
    pub(crate) fn user_views(&self) -> Vec<String> {
        let is_own = |table: &String| self.book.catalogue().find(table).is_none();
        let definitions = self.tables().into_iter().filter(is_own);
        let definitions = definitions.filter_map(|table| self.book.definition(&table).ok().flatten());
        let is_view = |definition: &String| tokens(definition).take(3).any(|token| token.is_word(definition, "view"));
        definitions.filter(is_view).collect()
    }

    /// The unit of a quantity that the statement reads, if its view shows no other in that column.
    pub(crate) fn unit_of(&self, quantity: &str) -> Option<String> {
        let name = quantity.rsplit('.').next()?.trim_matches(['"', '`', '[', ']']).to_ascii_lowercase();
        let views = self.tables().into_iter().filter_map(|table| self.book.catalogue().find(&table));
        let mut found = views.filter(|view| view.column(&name).is_some());
        let view = found.next().filter(|_| found.next().is_none())?;
        self.book.only_unit(view, &name).ok().flatten()
    }

    /// The names in the statement that are tables or views of the book.
    pub(crate) fn tables(&self) -> Vec<String> {
        let known = self.book.relations().unwrap_or_default();
        let mut found: Vec<String> = Vec::new();
        for token in tokens(self.sql()).filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName)) {
            let name = token.name(self.sql());
            if let Some((relation, _)) = known.iter().find(|(relation, _)| relation.eq_ignore_ascii_case(name))
                && !found.contains(relation)
            {
                found.push(relation.clone());
            }
        }
        found
    }
}
