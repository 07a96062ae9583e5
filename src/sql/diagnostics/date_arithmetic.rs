//! Arithmetic with columns of dates, which is refused: a date is a text, of which SQL takes the year alone, so that two days of one year
//! are 0 apart.

use super::StatementContext;
use super::column_scope::{CatalogueColumn, ScopedCore, unwrapped};
use super::date_texts::DateLints;
use crate::error::{Error, SqlCause};
use crate::quantity::human;
use crate::store::catalogue::ColumnKind;
use crate::syntax::select::{BinaryOperator, Expression, ExpressionKind, Literal, Span, UnaryOperator};

/// A number from here on is a year, rather than of days.
const FIRST_YEAR: i64 = 1000;

/// An operation that is refused, with its place in the statement.
pub(crate) struct RefusedArithmetic {
    /// The place.
    pub(crate) span: Span,
    /// The message and its help.
    pub(crate) cause: SqlCause,
}

impl DateLints<'_> {
    /// The first operation of a `select` that has a column of dates among its operands.
    pub(super) fn refused(&self, core: &ScopedCore<'_, '_>) -> Option<RefusedArithmetic> {
        use BinaryOperator::{Add, Divide, Multiply, Remainder, Subtract};
        core.expressions.iter().find_map(|expression| {
            let help = match &expression.kind {
                ExpressionKind::Binary {
                    operator: operator @ (Add | Subtract | Multiply | Divide | Remainder),
                    left,
                    right,
                    ..
                } => {
                    let date = [left, right].into_iter().find_map(|side| self.date_column(side));
                    date.map(|date| {
                        self.arithmetic_help(*operator, [left, right]).unwrap_or_else(|| number_help(&date))
                    })
                }
                ExpressionKind::Unary(UnaryOperator::Minus, operand) => {
                    self.date_column(operand).map(|date| number_help(&date))
                }
                _ => None,
            }?;
            let written = self.text(&expression.span);
            let message = format!("`{written}` calculates with a date, which is a text: SQL would take its year alone");
            Some(RefusedArithmetic { span: expression.span.clone(), cause: SqlCause::refused(message, help) })
        })
    }

    /// The text that a column of dates, or the first or last of one, is read by as a day.
    pub(super) fn date_column(&self, expression: &Expression) -> Option<String> {
        let expression = unwrapped(expression);
        let (CatalogueColumn { view, column }, text) = (self.dates_of(expression)?, self.text(&expression.span));
        let unread = self.book.unread_dates(view, &column.name).ok().flatten();
        let is_of_months = unread.is_some_and(|(_, first)| first.len() == "2023-03".len());
        Some(if is_of_months { format!("{text} || '-01'") } else { text.to_owned() })
    }

    /// The column of dates that an expression is, or the first or last of.
    fn dates_of(&self, expression: &Expression) -> Option<CatalogueColumn<'_>> {
        let expression = unwrapped(expression);
        match &expression.kind {
            ExpressionKind::Column(_) => self.scope.column(expression).filter(|found| found.column.is_date),
            ExpressionKind::Call(call)
                if ["min", "max"].iter().any(|name| call.name.text.eq_ignore_ascii_case(name)) =>
            {
                let [argument] = &call.arguments[..] else { return None };
                self.dates_of(argument)
            }
            _ => None,
        }
    }

    /// The text that a date is read by as a day.
    fn date_operand(&self, expression: &Expression) -> Option<String> {
        self.date_column(expression).or_else(|| Some(self.date(expression)?.text.to_owned()))
    }

    /// What is meant by a sum of a date and days, or a difference of dates.
    pub(super) fn arithmetic_help(&self, operator: BinaryOperator, [left, right]: [&Expression; 2]) -> Option<String> {
        let is_sum = operator == BinaryOperator::Add;
        if !is_sum && operator != BinaryOperator::Subtract {
            return None;
        }
        let (date, other) = match (self.date_operand(left), self.date_operand(right)) {
            (Some(left), Some(right)) if !is_sum => {
                return Some(format!("`julianday({left}) - julianday({right})` counts the days between two dates"));
            }
            (Some(date), None) => (date, right),
            (None, Some(date)) if is_sum => (date, left),
            _ => return None,
        };
        let (days, sign) = (self.text(&other.span), if is_sum { '+' } else { '-' });
        let later = if is_sum { "later" } else { "earlier" };
        let (modifier, when) = match unwrapped(other).kind {
            ExpressionKind::Literal(Literal::Integer) => {
                let count: i64 = days.parse().ok().filter(|days| (1..FIRST_YEAR).contains(days))?;
                let days = human::count(count.unsigned_abs(), "day");
                (format!("'{sign}{days}'"), days)
            }
            ExpressionKind::Column(_)
                if self.scope.column(other).is_some_and(|found| found.column.kind == ColumnKind::Integer) =>
            {
                (format!("format('{sign}%d days', {days})"), format!("`{days}` days"))
            }
            _ => return None,
        };
        Some(format!("`date({date}, {modifier})` is the date {when} {later}"))
    }
}

impl StatementContext {
    /// Refuses an operation that was found in a text of which the statement is made.
    ///
    /// # Errors
    /// There is one.
    pub(crate) fn refuse_arithmetic(&self, text: &str, refused: Option<RefusedArithmetic>) -> Result<(), Error> {
        let Some(RefusedArithmetic { span, cause }) = refused else { return Ok(()) };
        let written = &text[span];
        Err(match self.sql().find(written) {
            Some(start) => self.at(cause, start, written.len()),
            None => self.at_token(cause, None),
        })
    }
}

/// The numbers that a date can be calculated with as.
fn number_help(date: &str) -> String {
    format!("`julianday({date})` is it in days, `strftime('%Y', {date})` its year")
}
