//! Lints of a column that is named after a year, as `c_2023` is after the header `2023`: that number in a statement is a number.

use super::column_scope::{ScopedCore, unwrapped};
use crate::store::catalogue::View;
use crate::syntax::select::{BinaryOperator, Call, Expression, ExpressionKind, InSet, Literal, Over, UnaryOperator};

/// Functions whose value is made of the numbers in their first argument.
const OF_NUMBERS: [&str; 9] = ["sum", "total", "avg", "median", "min", "max", "count", "round", "abs"];

/// Functions that give their first argument, or another value for it.
const OF_FIRST: [&str; 5] = ["coalesce", "ifnull", "nullif", "iif", "if"];

/// A `select` over one table with such columns.
struct YearColumns<'l> {
    sql: &'l str,
    view: &'l View,
    /// The names of columns in it.
    named: Vec<&'l str>,
    found: Vec<&'l str>,
}

/// The warning about the numbers in a `select` that are columns of the only table that it asks, and that it names nowhere.
pub(super) fn warning(sql: &str, core: &ScopedCore<'_, '_>) -> Option<String> {
    let view = core.scope.only_view()?;
    let named = core.expressions.iter().filter_map(|expression| match &expression.kind {
        ExpressionKind::Column(names) => names.last().map(|name| &*name.text),
        _ => None,
    });
    let mut years = YearColumns { sql, view, named: named.collect(), found: Vec::new() };
    // A constant column is given a name, and has none where a column was meant.
    let shown = core.core.columns.iter().filter(|column| column.alias.is_none());
    shown.filter_map(|column| column.expression.as_ref()).for_each(|expression| years.add(expression));
    core.expressions.iter().for_each(|expression| years.add_of(expression));
    core.core.where_clause.iter().chain(&core.core.having).for_each(|condition| years.add_condition(condition));
    years.warning()
}

impl<'l> YearColumns<'l> {
    /// Adds the numbers that stand in an expression where a column does.
    fn add_of(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Call(call) if is_of_numbers(call) => self.add(expression),
            ExpressionKind::Call(call) => self.add_argument(call),
            ExpressionKind::Binary { operator, .. } if calculates(*operator) => self.add(expression),
            ExpressionKind::Binary { operator: BinaryOperator::And | BinaryOperator::Or, left, right, .. } => {
                self.add_condition(left);
                self.add_condition(right);
            }
            // A number beside a column is a number.
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Is { left, right, .. } => {
                for (side, other) in [(left, right), (right, left)] {
                    if is_number(other) {
                        self.add(side);
                    }
                }
            }
            ExpressionKind::IsNull { operand, .. } => self.add(operand),
            ExpressionKind::Between { operand, low, high, .. } if is_number(low) && is_number(high) => {
                self.add(operand);
            }
            ExpressionKind::In { operand, set: InSet::List(list), .. } if list.iter().all(is_number) => {
                self.add(operand);
            }
            ExpressionKind::Case { base, branches, .. } => {
                if let Some(base) = base {
                    self.add(base);
                }
                let conditions = branches.iter().filter(|_| base.is_none());
                conditions.for_each(|(when, _)| self.add_condition(when));
            }
            _ => {}
        }
        if let ExpressionKind::Call(call) = &expression.kind
            && let Some(Over::Window(window)) = &call.over
        {
            window.order_by.iter().chain(&window.partition_by).for_each(|term| self.add(&term.expression));
        }
    }

    /// Adds a number that alone is a condition.
    fn add_condition(&mut self, condition: &Expression) {
        if is_number(condition) {
            self.add(condition);
        }
    }

    /// Adds the first argument of a function that gives another value for NULL, or for a condition.
    fn add_argument(&mut self, call: &Call) {
        let is_it = OF_FIRST.iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
        call.arguments.iter().take(1).filter(|_| is_it).for_each(|argument| self.add(argument));
    }

    /// Adds the numbers that an expression is made of.
    fn add(&mut self, expression: &Expression) {
        match &unwrapped(expression).kind {
            ExpressionKind::Literal(Literal::Integer) => self.add_number(&self.sql[unwrapped(expression).span.clone()]),
            ExpressionKind::Unary(UnaryOperator::Minus | UnaryOperator::Plus, operand)
            | ExpressionKind::Cast { operand, .. } => self.add(operand),
            ExpressionKind::Binary { operator, left, right, .. } if calculates(*operator) => {
                for (side, other) in [(left, right), (right, left)] {
                    if !is_number(side) || self.is_of_years(other) {
                        self.add(side);
                    }
                }
            }
            ExpressionKind::Call(call) if is_of_numbers(call) => {
                call.arguments.iter().take(1).for_each(|argument| self.add(argument));
            }
            _ => {}
        }
    }

    fn add_number(&mut self, digits: &'l str) {
        let name = column_of(digits);
        let is_column =
            digits.len() == 4 && self.view.column(&name).is_some_and(|column| is_headed(&column.meaning, digits));
        let is_named = self.named.iter().any(|known| known.eq_ignore_ascii_case(&name));
        if is_column && !is_named && !self.found.contains(&digits) {
            self.found.push(digits);
        }
    }

    /// True for an expression that has no column but such ones: a number beside another column may be a number.
    fn is_of_years(&self, expression: &Expression) -> bool {
        match &unwrapped(expression).kind {
            ExpressionKind::Literal(_) => true,
            ExpressionKind::Column(names) => {
                let column = names.last().and_then(|name| self.view.column(&name.text));
                column.is_some_and(|column| {
                    column.name.strip_prefix("c_").is_some_and(|digits| is_headed(&column.meaning, digits))
                })
            }
            ExpressionKind::Unary(_, operand) | ExpressionKind::Cast { operand, .. } => self.is_of_years(operand),
            ExpressionKind::Binary { left, right, .. } => self.is_of_years(left) && self.is_of_years(right),
            ExpressionKind::Call(call) => {
                is_of_numbers(call) && call.arguments.iter().all(|argument| self.is_of_years(argument))
            }
            _ => false,
        }
    }

    fn warning(&self) -> Option<String> {
        let (first, rest) = self.found.split_first()?;
        if rest.is_empty() {
            return Some(format!("`{first}` is a number: the column is `{}`", column_of(first)));
        }
        let columns: Vec<String> = self.found.iter().map(|digits| format!("`{}`", column_of(digits))).collect();
        let numbers: Vec<String> = self.found.iter().map(|digits| format!("`{digits}`")).collect();
        Some(format!("{} are numbers: the columns are {}", super::enumerate(&numbers), super::enumerate(&columns)))
    }
}

/// The name that an import gives to the column of a header in digits.
fn column_of(digits: &str) -> String {
    format!("c_{digits}")
}

/// True for the meaning of a column with this header, perhaps with a unit behind it.
fn is_headed(meaning: &str, digits: &str) -> bool {
    let header = meaning.strip_prefix('`').and_then(|rest| rest.strip_prefix(digits));
    digits.len() == 4 && header.is_some_and(|rest| rest.starts_with(['`', ' ', '(']))
}

fn is_number(expression: &Expression) -> bool {
    matches!(unwrapped(expression).kind, ExpressionKind::Literal(_))
}

fn is_of_numbers(call: &Call) -> bool {
    OF_NUMBERS.iter().any(|name| call.name.text.eq_ignore_ascii_case(name))
}

fn calculates(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply | BinaryOperator::Divide
    )
}
