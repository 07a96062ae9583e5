//! Texts that a statement compares with a column of a view of the catalogue, none of whose rows has them: one in another letter case,
//! `kind = 'State'`, where `kind` holds `state`, another name of an actor, `provider <> 'UK'`, or none of the few that there are. The
//! comparison answers the same for every row.

use super::column_scope::{CatalogueColumn, ScopedCore, unwrapped};
use super::date_texts::{TextOf, text_value};
use super::enumerate;
use crate::store::Book;
use crate::store::catalogue::{ColumnKind, View};
use crate::syntax::select::{BinaryOperator, Expression, ExpressionKind, InSet, LikeOperator};

/// The most texts of a `select` that are looked up.
const MAX_TEXTS: usize = 16;

/// The most texts of a column that are listed where it does not hold one.
const MAX_LISTED: usize = 6;

/// A column beside a text.
struct ComparedText<'b> {
    column: CatalogueColumn<'b>,
    text: String,
    /// The operator of a pattern.
    pattern: Option<LikeOperator>,
}

/// Reads the texts that the columns of a `select` are compared with.
pub(super) struct ComparedTexts<'l> {
    pub(super) book: &'l Book,
    pub(super) sql: &'l str,
    pub(super) parameter: &'l TextOf<'l>,
}

impl ComparedTexts<'_> {
    /// The warnings about the texts of a `select` that no row has but under another name.
    pub(super) fn warnings(&self, core: &ScopedCore<'_, '_>) -> Vec<String> {
        let compared: Vec<ComparedText<'_>> =
            core.expressions.iter().flat_map(|expression| self.compared(core, expression)).take(MAX_TEXTS).collect();
        // Who writes both names knows them.
        let is_written = |name: &str| compared.iter().any(|other| other.text == name);
        compared.iter().filter_map(|text| self.warning(text, &is_written)).collect()
    }

    fn compared<'b>(&self, core: &ScopedCore<'_, 'b>, expression: &Expression) -> Vec<ComparedText<'b>> {
        let beside = |column: &Expression, texts: &[&Expression], pattern: Option<LikeOperator>| {
            let is_looked_into =
                |found: &CatalogueColumn<'_>| found.column.kind == ColumnKind::Text && !found.column.is_date;
            // A collation may find a text in any letter case.
            let has_collation = [column].iter().chain(texts).any(|side| has_collation(side));
            let found = core.scope.column(column).filter(|_| !has_collation);
            let Some(column) = found.filter(is_looked_into) else { return Vec::new() };
            let values = texts.iter().filter_map(|text| text_value(self.sql, self.parameter, text));
            values.map(|text| ComparedText { column, text, pattern }).collect()
        };
        let either = |left: &Expression, right: &Expression| {
            let found = beside(left, &[right], None);
            if found.is_empty() { beside(right, &[left], None) } else { found }
        };
        match &expression.kind {
            ExpressionKind::Binary {
                operator: BinaryOperator::Equal | BinaryOperator::NotEqual, left, right, ..
            }
            | ExpressionKind::Is { left, right, .. } => either(left, right),
            ExpressionKind::In { operand, set: InSet::List(list), .. } => {
                beside(operand, &list.iter().collect::<Vec<_>>(), None)
            }
            ExpressionKind::Case { base: Some(base), branches, .. } => {
                beside(base, &branches.iter().map(|(when, _)| when).collect::<Vec<_>>(), None)
            }
            ExpressionKind::Like {
                operator: operator @ (LikeOperator::Like | LikeOperator::Glob),
                left,
                right,
                escape: None,
                ..
            } => beside(unwrapped(left), &[right], Some(*operator)),
            _ => Vec::new(),
        }
    }

    fn is_of_book(&self, view: &View) -> bool {
        self.book.catalogue().of_book().any(|known| std::ptr::eq(known, view))
    }

    fn warning(&self, compared: &ComparedText<'_>, is_written: &dyn Fn(&str) -> bool) -> Option<String> {
        let ComparedText { column: CatalogueColumn { view, column }, text, pattern } = compared;
        let inner = match pattern {
            Some(LikeOperator::Like) => text.trim_matches('%'),
            Some(_) => text.trim_matches('*'),
            None => text,
        };
        let is_pattern = inner.contains(['%', '_', '*', '?', '[']) && pattern.is_some();
        let operator = match pattern {
            None => "=",
            Some(LikeOperator::Glob) => "glob",
            Some(_) => "like",
        };
        if inner.is_empty() || is_pattern || self.book.has_text(view, &column.name, operator, text).ok()? {
            return None;
        }
        // `like` does not tell letter cases apart.
        if let Some(held) = self.book.in_other_case(view, &column.name, inner).ok()? {
            return (!is_written(&held)).then(|| {
                format!("`{}` holds `{held}`, not `{text}`: texts are compared with their letter case", column.name)
            });
        }
        if let Some(called) = self.book.actor_called(view, &column.name, inner).ok()? {
            let calls = if self.is_of_book(view) { "the book calls it" } else { "it has" };
            return (!is_written(&called)).then(|| format!("`{}` holds no `{text}`: {calls} `{called}`", column.name));
        }
        let held = self.book.few_texts(view, &column.name, MAX_LISTED).ok()?;
        let is_listed = pattern.is_none() && !held.is_empty() && !held.iter().any(|held| is_written(held));
        is_listed.then(|| {
            let held: Vec<String> = held.iter().map(|held| format!("`{held}`")).collect();
            format!("`{}` holds no `{text}`: it has {}", column.name, enumerate(&held))
        })
    }
}

fn has_collation(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Collate { .. } => true,
        ExpressionKind::Parenthesised(inner) => has_collation(inner),
        _ => false,
    }
}
