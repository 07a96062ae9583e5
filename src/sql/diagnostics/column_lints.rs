//! Lints by the tables and columns that a statement names, read from its tree: of dates, of columns that are named after years, of
//! texts under another name, of views without facts, of columns of one row of a group, of unknown values that are not NULL,
//! of empty cells in conditions, of texts where a column was meant.

use super::column_scope::for_each_core;
use super::compared_texts::ComparedTexts;
use super::date_arithmetic::RefusedArithmetic;
use super::date_texts::{DateLints, TextOf};
use super::text_times::TextTimeUses;
use super::unknown_values;
use super::{
    CountedQuestion, bare_columns, counted_totals, empty_views, joined_names, left_out, lints, literals, series_bounds,
    undecided_cases, year_columns,
};
use crate::store::Book;
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use crate::syntax::select::parse;

/// Words of which one is in a statement that such a lint is about, if it has neither a number nor a text.
const WORDS: [&str; 3] = ["cast", "current_date", "group"];

/// The most questions that are looked into.
const MAX_QUESTIONS: usize = 6;

/// What is found in a statement by its columns.
#[derive(Default)]
pub(crate) struct ColumnFindings {
    /// The warnings, each a sentence, once.
    pub(crate) warnings: Vec<String>,
    /// The questions that the rows answer.
    pub(crate) questions: Vec<CountedQuestion>,
    /// The first operation that is refused.
    pub(crate) refused: Option<RefusedArithmetic>,
}

impl ColumnFindings {
    /// Reads a statement as it is written.
    pub(crate) fn read(
        book: &Book,
        (sql, tokens): (&str, &Tokens<'_>),
        parameter: &TextOf<'_>,
        is_in_script: bool,
    ) -> Self {
        let select = if may_warn(book, sql, tokens) { parse(sql) } else { None };
        let mut found = Self::default();
        let Some(select) = select else { return found };
        let asks_for_unknowns = unknown_values::asks_for_unknowns(tokens);
        let names_totals = lints::names_totals(tokens);
        for_each_core(book, sql, &select, |core| {
            let dates = DateLints { book, sql, scope: &core.scope, parameter };
            if found.refused.is_none() {
                found.refused = dates.refused(core);
            }
            let of_texts = TextTimeUses { book, sql, parameter }.warnings(core);
            let parameter: &TextOf<'_> = if is_in_script { &|_| None } else { parameter };
            let texts = ComparedTexts { book, sql, parameter };
            let of_dates = dates.warnings(core).into_iter().chain(year_columns::warning(sql, core));
            let warnings = of_dates
                .chain(of_texts)
                .chain(series_bounds::warning(sql, core))
                .chain(empty_views::warning(book, core))
                .chain(texts.warnings(core))
                .chain(joined_names::warnings(book, sql, core))
                .chain(literals::warnings(book, sql, core));
            for warning in warnings {
                if !found.warnings.contains(&warning) {
                    found.warnings.push(warning);
                }
            }
            found.questions.extend(bare_columns::question(sql, core).map(CountedQuestion::Bare));
            found.questions.extend(left_out::questions(sql, core).into_iter().map(CountedQuestion::LeftOut));
            found.questions.extend(undecided_cases::questions(sql, core).into_iter().map(CountedQuestion::Undecided));
            // A sub-select has rows of its own, which a condition outside of it leaves as they are.
            let is_within = !std::ptr::eq(core.select, &raw const select);
            let names_totals =
                names_totals && (!is_within || lints::names_totals(&Tokens::new(&sql[core.select.span.clone()])));
            if !names_totals {
                let totals = counted_totals::question(book, sql, &select, core);
                found.questions.extend(totals.map(CountedQuestion::Totals));
            }
            if !asks_for_unknowns {
                found.questions.extend(unknown_values::questions(sql, core).into_iter().map(CountedQuestion::Unknown));
            }
        });
        found.questions.dedup();
        found.questions.truncate(MAX_QUESTIONS);
        found
    }
}

/// True if a statement has anything in its text that such a lint is about.
fn may_warn(book: &Book, sql: &str, tokens: &Tokens<'_>) -> bool {
    let has_empty_views = book.catalogue().has_imports();
    let mut all = (0..tokens.count()).filter_map(|at| tokens.token(at));
    let is_call = |at: usize| tokens.kind(at) == Some(TokenKind::Word) && bare_columns::may_aggregate(&tokens.word(at));
    has_empty_views
        || (0..tokens.count()).any(is_call)
        || all.any(|token| match token.kind {
            TokenKind::Number | TokenKind::Parameter | TokenKind::String => true,
            TokenKind::Word => WORDS.iter().chain(&unknown_values::WORDS).any(|word| token.is_word(sql, word)),
            // Two dates may be subtracted.
            TokenKind::Punct => token.text(sql) == "-",
            _ => false,
        })
}
