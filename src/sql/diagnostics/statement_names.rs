//! The names in a statement, as the book knows them: its tables and views, their units, and the cause for a column that none of them has.

use super::{StatementContext, dialect};
use crate::error::{SqlCause, suggest};
use crate::store::catalogue::View;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use std::ops::Range;

/// The most words on either side of the failed one that a name is searched in.
const MAX_WORDS: usize = 4;

/// The letters and digits of a name, in small letters.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The cause of a phrase that is no SQL.
fn does_not_fit(near: &str, help: String) -> SqlCause {
    SqlCause::Syntax { near: near.to_owned(), meant: None, help: Some(help) }
}

/// True if a word stands behind a comparison.
fn is_compared(sql: &str, word: &str) -> bool {
    let tokens: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
    let is_it = |pair: &[Token]| {
        pair[1].text(sql) == word && matches!(pair[0].text(sql), "=" | "==" | "<>" | "!=" | "<" | ">" | "<=" | ">=")
    };
    tokens.windows(2).any(is_it)
}

impl StatementContext {
    /// The cause for an unknown column, with a near one of the tables that the statement names.
    pub(crate) fn no_column(&self, column: &str) -> SqlCause {
        let bare = column.rsplit('.').next().unwrap_or(column);
        let (tables, columns) = (self.tables(), self.columns_of_tables());
        let near = suggest::nearest_column(bare, columns.iter().map(String::as_str));
        let elsewhere = self.view_with(bare, &tables);
        let only = if tables.len() == 1 { tables.into_iter().next() } else { None };
        let sql = self.sql();
        let is_it = |token: &Token| token.text(sql).starts_with('"') && token.unquoted(sql) == column;
        let is_quoted = tokens(sql).any(|token| token.kind == TokenKind::QuotedName && is_it(&token));
        let is_compared = is_compared(sql, column);
        let is_listed = !columns.is_empty();
        let of_id = self.id_help(bare).or_else(|| dialect::column_help(bare).map(str::to_owned));
        let of_own =
            || if near.is_none() { self.own_table_help(elsewhere.as_deref()?, only.as_deref()?) } else { None };
        let of_plain = || self.plain_column_help(bare, only.as_deref()?);
        let of_id = of_id.or_else(of_own).or_else(of_plain);
        let near = near.filter(|_| of_id.is_none());
        let column = bare.to_owned();
        SqlCause::UnknownColumn { column, table: only, near, elsewhere, is_quoted, is_compared, is_listed, of_id }
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

    /// The help on a column that an imported table has, and not the view of the book that the statement asks.
    fn own_table_help(&self, own: &str, asked: &str) -> Option<String> {
        let catalogue = self.book.catalogue();
        let is_own = catalogue.imported().any(|view| view.name == own);
        let is_of_book = catalogue.of_book().any(|view| view.name.eq_ignore_ascii_case(asked));
        (is_own && is_of_book).then(|| {
            format!("your table is `{own}`: write `from {own}`; `{asked}` is a view that every book has, and not yours")
        })
    }

    /// The help on a column that is beside the others in the plain table behind a view alone, as what is written in a cell.
    fn plain_column_help(&self, column: &str, view: &str) -> Option<String> {
        let view = self.book.catalogue().find(view)?;
        let plain = self.book.plain_table_of(view).ok()??;
        let is_there = self.book.columns(&plain).ok()?.iter().any(|known| known.eq_ignore_ascii_case(column));
        is_there.then(|| {
            format!("`{plain}`, the plain table behind `{}`, has it: `select record, {column} from {plain}`", view.name)
        })
    }

    /// The help on the name of a file in the place of the table that was made of it.
    pub(super) fn table_of_file(&self, file: &str) -> Option<String> {
        let file = file.trim_start_matches("main.");
        let is_of_file = |view: &&View| file.contains('.') && view.meaning.contains(&format!("`{file}`"));
        let own = self.book.catalogue().imported().find(is_of_file)?;
        Some(format!("the table of `{file}` is `{0}`: write `from {0}`", own.name))
    }

    /// The cause of a syntax error within the name of a column that stands in no quotes, as `Actual 2024`, and its range.
    pub(super) fn name_of_words(&self, offset: usize, message: &str) -> Option<(Range<usize>, SqlCause)> {
        let (list, failed) = self.failed_token(offset, message)?;
        let sql = self.sql();
        let is_part = |at: usize| matches!(list[at].kind, TokenKind::Word | TokenKind::Number);
        let is_beside = |at: &usize| is_part(*at) && is_part(at + 1) && list[*at].range.end < list[at + 1].range.start;
        let first = (0..failed).rev().take_while(is_beside).take(MAX_WORDS).last()?;
        let behind = (failed..list.len() - 1).take_while(is_beside).take(MAX_WORDS).count();
        let columns = self.columns_of_tables();
        let ranges = (first..failed).flat_map(|first| (failed..=failed + behind).rev().map(move |last| first..=last));
        let mut ranges = ranges.map(|words| list[*words.start()].range.start..list[*words.end()].range.end);
        let (range, name) = ranges.find_map(|range| {
            let name = columns.iter().find(|column| folded(column) == folded(&sql[range.clone()]))?;
            Some((range, name))
        })?;
        let help = if name.contains(' ') {
            format!("the column stands in double quotes: `\"{name}\"`")
        } else {
            format!("the column is `{name}`")
        };
        Some((range.clone(), does_not_fit(&sql[range], help)))
    }

    /// As [`StatementContext::name_of_words`], for a name that none of the tables has: a word with a number behind it.
    pub(super) fn unquoted_name(&self, offset: usize, message: &str) -> Option<(Range<usize>, SqlCause)> {
        let (list, failed) = self.failed_token(offset, message)?;
        let word = list[failed.checked_sub(1)?].text(self.sql());
        let is_name = list[failed - 1].kind == TokenKind::Word
            && !dialect::is_keyword(word)
            && !self.columns_of_tables().iter().any(|column| column.eq_ignore_ascii_case(word));
        if list[failed].kind != TokenKind::Number || !is_name {
            return None;
        }
        let range = list[failed - 1].range.start..list[failed].range.end;
        let written = &self.sql()[range.clone()];
        let help = format!("a name with a blank in it stands in double quotes: `\"{written}\"`");
        Some((range, does_not_fit(written, help)))
    }

    /// The tokens of the statement, and the place of the one that a syntax error is at.
    fn failed_token(&self, offset: usize, message: &str) -> Option<(Vec<Token>, usize)> {
        if !message.ends_with("syntax error") && !message.starts_with("unrecognized token") {
            return None;
        }
        let list: Vec<Token> = tokens(self.sql()).filter(|token| token.kind != TokenKind::Comment).collect();
        let failed = list.iter().position(|token| token.range.end > offset)?;
        Some((list, failed))
    }

    /// The columns of the tables that the statement names.
    fn columns_of_tables(&self) -> Vec<String> {
        self.tables().iter().flat_map(|table| self.book.columns(table).unwrap_or_default()).collect()
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
