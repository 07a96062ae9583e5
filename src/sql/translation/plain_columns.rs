//! Quantities of imported tables by their plain columns: where a column is compared with a bare number or with another of its kind,
//! ordered or added up, SQLite does so with whole numbers, and no text of a quantity is made.

use super::plain_scope::PlainPlace;
use super::rewrite::{PlacedTerm, Rewrite};
use super::translator::Translator;
use crate::quantity::Quantity;
use crate::sql::lowering::decimal;
use crate::store::plain_columns::RECORD;
use crate::syntax::select::{BinaryOperator, Direction, Expression, ExpressionKind, Literal, SiteId, UnaryOperator};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A number beside a column, in its smallest parts.
#[derive(Clone, Copy)]
struct MinorNumber {
    minor: i64,
    /// True if it is 0, which fits any unit.
    is_zero: bool,
}

/// A comparison that SQLite carries out on plain columns.
enum PlainComparison {
    /// Of a column with a number of smallest parts.
    WithNumber { column: PlainPlace, sign: &'static str, number: MinorNumber },
    /// Of two columns that are never unknown.
    OfColumns([PlainPlace; 2], &'static str),
}

impl Translator<'_> {
    /// True if SQLite compares plain columns in the place of a condition.
    pub(super) fn compares_plainly(&self, condition: &Expression) -> bool {
        match &condition.kind {
            ExpressionKind::Binary { operator, left, right, .. } => {
                self.plain_comparison(*operator, [left, right]).is_some()
            }
            ExpressionKind::Between { operand, low, high, .. } => self.plain_range([operand, low, high]).is_some(),
            _ => false,
        }
    }

    fn plain_comparison(&self, operator: BinaryOperator, [left, right]: [&Expression; 2]) -> Option<PlainComparison> {
        let scope = &self.plain;
        match (scope.place(left), scope.place(right)) {
            (Some(left), Some(right)) => {
                let (one, other) = (scope.quantity(left)?, scope.quantity(right)?);
                let is_known = one.reason.is_none() && other.reason.is_none() && one.compares_with(other);
                is_known.then_some(PlainComparison::OfColumns([left, right], operator.comparison_sign()?))
            }
            (Some(column), None) => self.with_number(column, operator, right),
            (None, Some(column)) => self.with_number(column, mirrored(operator), left),
            (None, None) => None,
        }
    }

    /// The comparison of a column with a number that may have more decimal places than its own.
    fn with_number(
        &self,
        column: PlainPlace,
        operator: BinaryOperator,
        number: &Expression,
    ) -> Option<PlainComparison> {
        let round = match operator {
            BinaryOperator::Less | BinaryOperator::GreaterOrEqual => |parts: Decimal| Some(parts.ceil()),
            BinaryOperator::Greater | BinaryOperator::LessOrEqual => |parts: Decimal| Some(parts.floor()),
            BinaryOperator::Equal | BinaryOperator::NotEqual => |parts: Decimal| parts.is_integer().then_some(parts),
            _ => return None,
        };
        let number = self.minor_number(column, number, round)?;
        Some(PlainComparison::WithNumber { column, sign: operator.comparison_sign()?, number })
    }

    /// A bare number in the smallest parts of a column, made whole.
    fn minor_number(
        &self,
        column: PlainPlace,
        number: &Expression,
        round: impl FnOnce(Decimal) -> Option<Decimal>,
    ) -> Option<MinorNumber> {
        let power = 10_i64.checked_pow(self.plain.quantity(column)?.places())?;
        let value = self.bare_number(number)?;
        let minor = round(value.checked_mul(power.into())?)?.to_i64()?;
        Some(MinorNumber { minor, is_zero: value.is_zero() })
    }

    /// The value of a number as it is written.
    fn bare_number(&self, expression: &Expression) -> Option<Decimal> {
        match &expression.kind {
            ExpressionKind::Literal(Literal::Integer | Literal::Real) => {
                let written = &self.sql()[expression.span.clone()];
                let text = decimal(written).unwrap_or_else(|| written.replace('_', ""));
                text.parse::<Quantity>().ok().filter(Quantity::is_exact)?.number()
            }
            ExpressionKind::Parenthesised(inner) => self.bare_number(inner),
            ExpressionKind::Unary(UnaryOperator::Plus, operand) => self.bare_number(operand),
            ExpressionKind::Unary(UnaryOperator::Minus, operand) => Some(-self.bare_number(operand)?),
            _ => None,
        }
    }

    fn plain_range(&self, [operand, low, high]: [&Expression; 3]) -> Option<(PlainPlace, [MinorNumber; 2])> {
        let column = self.plain.place(operand)?;
        let low = self.minor_number(column, low, |parts| Some(parts.ceil()))?;
        let high = self.minor_number(column, high, |parts| Some(parts.floor()))?;
        Some((column, [low, high]))
    }

    /// A comparison on plain columns; `None` where there is none.
    pub(super) fn compared_plainly(
        &mut self,
        site: SiteId,
        operator: BinaryOperator,
        operands: [&Expression; 2],
    ) -> Option<String> {
        Some(match self.plain_comparison(operator, operands)? {
            PlainComparison::OfColumns(columns, sign) => {
                let [left, right] = columns.map(|column| self.minor(column));
                format!("({left} {sign} {right})")
            }
            PlainComparison::WithNumber { column, sign, number } => {
                let number = self.taken_number(site, column, number);
                let compared = format!("{} {sign} {number}", self.minor(column));
                self.or_unknown(site, column, &compared)
            }
        })
    }

    /// The same for `between`.
    pub(super) fn ranged_plainly(&mut self, site: SiteId, operands: [&Expression; 3]) -> Option<String> {
        let (column, ends) = self.plain_range(operands)?;
        let [low, high] = ends.map(|end| self.taken_number(site, column, end));
        let compared = format!("{} between {low} and {high}", self.minor(column));
        Some(self.or_unknown(site, column, &compared))
    }

    /// A bare number in smallest parts. That it takes a unit is said once it is compared.
    fn taken_number(&self, site: SiteId, column: PlainPlace, number: MinorNumber) -> String {
        let MinorNumber { minor, is_zero } = number;
        match self.plain.quantity(column) {
            Some(quantity) if !is_zero && !quantity.is_unitless() => {
                format!("(select pledgebook_bare({site}, {}, {minor}))", quantity.form_number)
            }
            _ => minor.to_string(),
        }
    }

    /// A comparison that counts the unknown among the values of its column, for which it is NULL.
    fn or_unknown(&mut self, site: SiteId, column: PlainPlace, compared: &str) -> String {
        let Some(reason) = self.plain.quantity(column).and_then(|quantity| quantity.reason.clone()) else {
            return format!("({compared})");
        };
        let (minor, reason) = (self.minor(column), self.plain.name(column, &reason));
        // Under `not` SQLite reads no further than to the first NULL.
        format!("({minor} is null and pledgebook_unknown({site}, {reason}) or {compared})")
    }

    fn minor(&mut self, column: PlainPlace) -> String {
        let minor = self.plain.quantity(column).map(|quantity| quantity.minor.clone()).unwrap_or_default();
        self.plain.name(column, &minor)
    }

    /// The arguments of an aggregate whose rows are the plain columns of its argument; `None` where it has none.
    pub(super) fn plain_rows(&mut self, site: SiteId, argument: &Expression) -> Option<String> {
        let column = self.plain.place(argument)?;
        let (form, reason) =
            self.plain.quantity(column).map(|quantity| (quantity.form_number, quantity.reason.clone()))?;
        let (record, minor) = (self.plain.name(column, RECORD), self.minor(column));
        let reason = reason.map_or_else(|| "null".to_owned(), |reason| self.plain.name(column, &reason));
        Some(format!("{site}, {form}, {record}, {minor}, {reason}"))
    }

    /// The terms in the place of one of `group by` that is a column: what is unknown is a group for each reason; `None` where it has no
    /// plain columns.
    pub(super) fn plain_key(&mut self, placed: &PlacedTerm<'_>) -> Option<String> {
        let column = self.plain.place(placed.target)?;
        let reason = self.plain.quantity(column)?.reason.clone();
        let minor = self.minor(column);
        Some(match reason {
            // As the keys of quantities have it, what is unknown comes last.
            Some(reason) => format!("{}, {minor}", self.plain.name(column, &reason)),
            None => minor,
        })
    }

    /// A column by whose different values rows are counted, of which what is unknown is none; `None` where it has no plain columns.
    pub(super) fn plain_value(&mut self, site: SiteId, argument: &Expression) -> Option<String> {
        let column = self.plain.place(argument)?;
        let reason = self.plain.quantity(column)?.reason.clone();
        let minor = self.minor(column);
        Some(match reason {
            Some(reason) => {
                let reason = self.plain.name(column, &reason);
                format!("iif({minor} is null, pledgebook_unknown({site}, {reason}), {minor})")
            }
            None => minor,
        })
    }

    /// The terms in the place of one of `order by` that is a column; `None` where it has no plain columns. What is unknown is last in
    /// either direction.
    pub(super) fn plain_order(&mut self, placed: &PlacedTerm<'_>) -> Option<String> {
        let column = self.plain.place(placed.target)?;
        let reason = self.plain.quantity(column)?.reason.clone();
        if reason.is_some() && placed.term.nulls.is_some() {
            return None;
        }
        let minor = self.minor(column);
        let Some(reason) = reason else { return Some(minor) };
        let reason = self.plain.name(column, &reason);
        let of_null = if placed.term.direction == Direction::Descending { 2 } else { -1 };
        Some(format!(
            "case when {minor} is not null then 0 when {reason} is not null then pledgebook_last({}) else {of_null} end, {minor}",
            placed.term.id
        ))
    }
}

/// The operator with its operands in the other order.
fn mirrored(operator: BinaryOperator) -> BinaryOperator {
    match operator {
        BinaryOperator::Less => BinaryOperator::Greater,
        BinaryOperator::LessOrEqual => BinaryOperator::GreaterOrEqual,
        BinaryOperator::Greater => BinaryOperator::Less,
        BinaryOperator::GreaterOrEqual => BinaryOperator::LessOrEqual,
        other => other,
    }
}
