//! Lints by the columns that a statement names, read from its tree: of dates, of columns that are named after years, of unknown
//! values that are not NULL.

use super::column_scope::for_each_core;
use super::date_texts::{DateLints, TextOf};
use super::unknown_values::{self, NullQuestion};
use super::year_columns;
use crate::store::Book;
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use crate::syntax::select::parse;

/// Words of which one is in a statement that such a lint is about, if it has neither a number nor a text with a digit.
const WORDS: [&str; 2] = ["cast", "current_date"];

/// The most questions about NULL that are looked into.
const MAX_QUESTIONS: usize = 4;

/// What is found in a statement by its columns.
#[derive(Default)]
pub(crate) struct ColumnFindings {
    /// The warnings, each a sentence, once.
    pub(crate) warnings: Vec<String>,
    /// The questions about the NULLs of quantities.
    pub(crate) questions: Vec<NullQuestion>,
}

impl ColumnFindings {
    /// Reads a statement as it is written.
    pub(crate) fn read(book: &Book, sql: &str, tokens: &Tokens<'_>, parameter: &TextOf<'_>) -> Self {
        let select = if may_warn(sql, tokens) { parse(sql) } else { None };
        let mut found = Self::default();
        let Some(select) = select else { return found };
        let asks_for_unknowns = unknown_values::asks_for_unknowns(tokens);
        for_each_core(book, sql, &select, |core| {
            let dates = DateLints { sql, scope: &core.scope, parameter };
            for warning in dates.warnings(core).into_iter().chain(year_columns::warning(sql, core)) {
                if !found.warnings.contains(&warning) {
                    found.warnings.push(warning);
                }
            }
            if !asks_for_unknowns {
                found.questions.extend(unknown_values::questions(sql, core));
            }
        });
        found.questions.dedup();
        found.questions.truncate(MAX_QUESTIONS);
        found
    }
}

/// True if a statement has anything in its text that such a lint is about.
fn may_warn(sql: &str, tokens: &Tokens<'_>) -> bool {
    (0..tokens.count()).filter_map(|at| tokens.token(at)).any(|token| match token.kind {
        TokenKind::Number | TokenKind::Parameter => true,
        TokenKind::String => token.text(sql).contains(|c: char| c.is_ascii_digit()),
        TokenKind::Word => WORDS.iter().chain(&unknown_values::WORDS).any(|word| token.is_word(sql, word)),
        // Two dates may be subtracted.
        TokenKind::Punct => token.text(sql) == "-",
        _ => false,
    })
}
