//! The recogniser of blocks: a select over one imported table that does nothing but filter by plain columns, group by others, and count
//! and add up. Whatever of a statement is not wholly understood makes it none, and it is answered from the rows.

use crate::store::Book;
use crate::store::block::{Block, BlockColumn, BlockCondition, BlockQuantity, BlockValue, PlainAggregate};
use crate::store::catalogue::{ColumnKind, View};
use crate::store::plain_columns::PlainTable;
use crate::syntax::select::{
    self, BinaryOperator, Call, Direction, Expression, ExpressionKind, Literal, SelectCore, TableKind, TableOrSubquery,
    Term,
};

/// The functions that add a quantity up.
const SUMS: [&str; 2] = ["sum", "q_sum"];

/// The block that a statement is; `None` where it is none.
pub(in crate::sql) fn block(book: &Book, sql: &str) -> Option<Block> {
    let statement = select::parse(sql)?;
    let [core] = &statement.cores[..] else { return None };
    let is_simple = statement.common_tables.is_empty()
        && core.distinct.is_none()
        && core.having.is_none()
        && core.windows.is_empty()
        && core.values.is_empty();
    let limit = match &statement.limit {
        None => None,
        Some(limit) if limit.offset.is_none() => Some(usize::try_from(integer(sql, &limit.count)?).ok()?),
        Some(_) => return None,
    };
    let rows = if is_simple { BlockRows::of(book, sql, core)? } else { return None };
    let block = rows.block(core, limit)?;
    let order = statement.order_by.iter().map(|term| rows.order(core, &block, term)).collect::<Option<_>>()?;
    Some(Block { order, ..block })
}

/// The rows of a statement: those of one imported table.
struct BlockRows<'b> {
    book: &'b Book,
    sql: &'b str,
    view: &'b View,
    plain: Option<std::rc::Rc<PlainTable>>,
}

impl<'b> BlockRows<'b> {
    fn of(book: &'b Book, sql: &'b str, core: &SelectCore) -> Option<Self> {
        let [TableOrSubquery { join: None, kind: TableKind::Table(table), alias: None, constraint: None, .. }] =
            &core.from[..]
        else {
            return None;
        };
        let view = book.catalogue().imported().find(|view| view.name.eq_ignore_ascii_case(&table.name.text))?;
        let is_its_own = table.schema.is_none() && view.column("is_total").is_none() && !book.has_what_if();
        is_its_own.then(|| Self { book, sql, view, plain: book.plain_table(&view.name) })
    }

    fn block(&self, core: &SelectCore, limit: Option<usize>) -> Option<Block> {
        let keys = core.group_by.iter().map(|term| self.plain_column(&term.expression));
        let keys: Vec<String> = keys.collect::<Option<_>>()?;
        let mut sum = None;
        let columns = core.columns.iter().map(|column| self.column(column.expression.as_ref()?, &keys, &mut sum));
        let columns: Vec<BlockColumn> = columns.collect::<Option<_>>()?;
        let has_aggregate = columns.iter().any(|column| !matches!(column, BlockColumn::Key(_)));
        let mut conditions = Vec::new();
        if let Some(condition) = &core.where_clause {
            self.conditions(condition, &mut conditions)?;
        }
        let table = self.book.stored_of(&self.view.name)?;
        has_aggregate.then_some(Block { table, keys, conditions, columns, order: Vec::new(), limit, sum })
    }

    /// The plain column of the table that an expression is.
    fn plain_column(&self, expression: &Expression) -> Option<String> {
        let ExpressionKind::Column(names) = &expression.kind else { return None };
        let [name] = &names[..] else { return None };
        let column = self.view.column(&name.text)?;
        let is_plain = matches!(column.kind, ColumnKind::Text | ColumnKind::Integer) && column.name != "record";
        is_plain.then(|| column.name.to_string())
    }

    /// A result column.
    fn column(&self, expression: &Expression, keys: &[String], sum: &mut Option<BlockQuantity>) -> Option<BlockColumn> {
        let ExpressionKind::Call(call) = &expression.kind else {
            let column = self.plain_column(expression)?;
            return Some(BlockColumn::Key(keys.iter().position(|key| *key == column)?));
        };
        let Call { distinct: None, order_by, filter: None, over: None, .. } = &**call else { return None };
        if !order_by.is_empty() {
            return None;
        }
        let name = call.name.text.to_ascii_lowercase();
        match (&*name, &call.arguments[..]) {
            ("count", []) if call.is_star => Some(BlockColumn::Count),
            (name, [argument]) if !call.is_star => self.aggregate(name, argument, sum),
            _ => None,
        }
    }

    fn aggregate(&self, name: &str, argument: &Expression, sum: &mut Option<BlockQuantity>) -> Option<BlockColumn> {
        let Some(column) = self.plain_column(argument) else {
            let quantity = self.quantity(argument).filter(|_| SUMS.contains(&name))?;
            // The records of one sum are asked for.
            let is_other = sum.as_ref().is_some_and(|known| known.minor != quantity.minor);
            *sum = Some(quantity);
            return (!is_other).then_some(BlockColumn::Sum);
        };
        let is_integer = self.view.column(&column)?.kind == ColumnKind::Integer;
        let aggregate = match name {
            "count" => PlainAggregate::Count,
            "min" if is_integer => PlainAggregate::Least,
            "max" if is_integer => PlainAggregate::Greatest,
            _ => return None,
        };
        Some(BlockColumn::Plain(aggregate, column))
    }

    /// The quantity that an expression is, if it is known in every row and has one form.
    fn quantity(&self, expression: &Expression) -> Option<BlockQuantity> {
        let ExpressionKind::Column(names) = &expression.kind else { return None };
        let [name] = &names[..] else { return None };
        let (_, quantity) = self.plain.as_ref()?.column(&name.text)?;
        let quantity = quantity.filter(|quantity| quantity.reason.is_none())?;
        Some(BlockQuantity { minor: quantity.stored.clone(), form: quantity.form.clone() })
    }

    /// Adds the conditions that an expression is.
    fn conditions(&self, expression: &Expression, found: &mut Vec<BlockCondition>) -> Option<()> {
        match &expression.kind {
            ExpressionKind::Parenthesised(inner) => self.conditions(inner, found),
            ExpressionKind::Binary { operator: BinaryOperator::And, left, right, .. } => {
                self.conditions(left, found)?;
                self.conditions(right, found)
            }
            ExpressionKind::Binary { operator, left, right, .. } => {
                found.push(self.condition(left, operator.comparison_sign()?, right)?);
                Some(())
            }
            ExpressionKind::Between { is_negated: false, operand, low, high, .. } => {
                found.push(self.condition(operand, ">=", low)?);
                found.push(self.condition(operand, "<=", high)?);
                Some(())
            }
            _ => None,
        }
    }

    /// A comparison of a column with a literal of its class: by affinity SQLite compares others as equal, too.
    fn condition(&self, column: &Expression, sign: &'static str, literal: &Expression) -> Option<BlockCondition> {
        let column = self.plain_column(column)?;
        let value = match self.view.column(&column)?.kind {
            ColumnKind::Integer => BlockValue::Integer(integer(self.sql, literal)?),
            _ => BlockValue::Text(text(self.sql, literal)?),
        };
        Some(BlockCondition { column, sign, value })
    }

    /// The result column that a term of `order by` names, and true where it descends.
    fn order(&self, core: &SelectCore, block: &Block, term: &Term) -> Option<(usize, bool)> {
        let is_descending = term.direction == Direction::Descending;
        if term.nulls.is_some() {
            return None;
        }
        let at = match &term.expression.kind {
            ExpressionKind::Literal(Literal::Integer) => {
                usize::try_from(integer(self.sql, &term.expression)?).ok()?.checked_sub(1)
            }
            ExpressionKind::Column(names) => {
                let [name] = &names[..] else { return None };
                let is_alias = |known: &select::Name| known.text.eq_ignore_ascii_case(&name.text);
                let by_alias = core.columns.iter().position(|column| column.alias.as_ref().is_some_and(is_alias));
                by_alias.or_else(|| {
                    let column = self.plain_column(&term.expression)?;
                    let is_it =
                        |known: &BlockColumn| matches!(known, BlockColumn::Key(at) if block.keys[*at] == column);
                    block.columns.iter().position(is_it)
                })
            }
            _ => None,
        };
        at.filter(|at| *at < block.columns.len()).map(|at| (at, is_descending))
    }
}

/// The whole number that an expression is.
fn integer(sql: &str, expression: &Expression) -> Option<i64> {
    let ExpressionKind::Literal(Literal::Integer) = &expression.kind else { return None };
    sql[expression.span.clone()].parse().ok()
}

/// The text that an expression is, of what every setting of a server reads as itself.
fn text(sql: &str, expression: &Expression) -> Option<String> {
    let ExpressionKind::Literal(Literal::Text) = &expression.kind else { return None };
    let text = sql[expression.span.clone()].strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    (!text.contains(['\\', '\0'])).then_some(text)
}
