//! A column that is not there: which one was meant, and which view has it.

use super::diagnose::Context;
use crate::error::{SqlCause, suggest};
use crate::store::catalogue::{self, View};
use crate::syntax::TokenKind;
use crate::syntax::sql::tokens;

impl Context {
    /// The tables named in the statement tell which columns could have been meant.
    pub(super) fn no_column(&self, column: &str) -> SqlCause {
        let bare = column.rsplit('.').next().unwrap_or(column);
        let tables = self.tables();
        let columns: Vec<String> =
            tables.iter().flat_map(|table| self.book.columns(table).unwrap_or_default()).collect();
        let near = suggest::nearest(bare, columns.iter().map(String::as_str));
        let elsewhere = self.view_with(bare, &tables);
        let only = if tables.len() == 1 { tables.into_iter().next() } else { None };
        SqlCause::NoColumn { column: bare.to_owned(), table: only, near, elsewhere }
    }

    /// The public view that has a column, and is called like a table of the statement where it has one.
    fn view_with(&self, column: &str, tables: &[String]) -> Option<String> {
        let is_there = |view: &&View| {
            self.book.is_book() && view.columns.iter().any(|known| known.name.eq_ignore_ascii_case(column))
        };
        let is_alike = |view: &&View| tables.iter().any(|table| view.name.starts_with(table.as_str()));
        let has_from = tokens(self.sql()).any(|token| token.is_word(self.sql(), "from"));
        let mut found = catalogue::VIEWS.iter().filter(is_there);
        found.find(|view| !has_from || is_alike(view)).map(|view| view.name.to_owned())
    }

    /// The definitions of the views of one's own that the statement names.
    pub(super) fn own_views(&self) -> Vec<String> {
        let is_own = |table: &String| !self.book.is_book() || catalogue::find(table).is_none();
        let definitions = self.tables().into_iter().filter(is_own);
        let definitions = definitions.filter_map(|table| self.book.definition(&table).ok().flatten());
        let is_view = |definition: &String| tokens(definition).take(3).any(|token| token.is_word(definition, "view"));
        definitions.filter(is_view).collect()
    }

    /// The unit of a quantity that the statement reads, where all that its view shows there have it.
    pub(super) fn unit_of(&self, quantity: &str) -> Option<String> {
        let name = quantity.rsplit('.').next()?.trim_matches(['"', '`', '[', ']']).to_ascii_lowercase();
        let views = self.tables().into_iter().filter_map(|table| catalogue::find(&table));
        let mut found = views.filter(|view| view.column(&name).is_some());
        let view = found.next().filter(|_| found.next().is_none() && self.book.is_book())?;
        self.book.only_unit(view, &name).ok().flatten()
    }

    /// The names in the statement that are tables or views of the book.
    pub(super) fn tables(&self) -> Vec<String> {
        let known = self.book.relations().unwrap_or_default();
        let mut found: Vec<String> = Vec::new();
        for token in tokens(self.sql()).filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName)) {
            let name = token.text(self.sql()).trim_matches(['"', '`', '[', ']']);
            if let Some((relation, _)) = known.iter().find(|(relation, _)| relation.eq_ignore_ascii_case(name))
                && !found.contains(relation)
            {
                found.push(relation.clone());
            }
        }
        found
    }
}
