//! Execution of a program. It computes by the functions of the engine's operators, raises no error and has no effect but on its
//! own variables: whatever it can't compute is left to the engine, which runs the body from its beginning.

use super::program::{Comparison, Expression, Program, Statement};
use super::values::{Kind, Value};
use crate::error::QuantityError;
use crate::quantity::{Quantity, ShareTaken, Strictness, Traced, parse_number};
use crate::script::operators::{self, Exact};
use crate::script::taint;
use crate::script::value;
use rhai::Dynamic;
use rust_decimal::Decimal;
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// The reason that a program ended early: the engine has to run the body.
#[derive(Debug)]
pub(super) struct Unsupported;

type Computed<T> = Result<T, Unsupported>;

/// The row that a program reads.
#[derive(Clone, Copy)]
pub(super) enum Row<'r> {
    /// None.
    Absent,
    /// The values of a table's row, and the column of each field.
    OfTable(&'r [Dynamic], &'r [usize]),
    /// The values of the fields; `None` for one of another kind.
    Fields(&'r [Option<Value>]),
}

/// What a statement leads to.
pub(super) enum Flow {
    /// The next statement; the value is that of this one.
    Next(Value),
    Return(Value),
    Continue,
    Break,
}

/// So many variables of a body need no allocation.
const FEW_LOCALS: usize = 4;

/// The variables of a program that runs.
pub(super) struct Machine<'p> {
    program: &'p Program,
    pub(super) locals: SmallVec<[Value; FEW_LOCALS]>,
    /// The variables from around a loop, as the last row left them.
    pub(super) outers: Vec<Value>,
    /// What this row has assigned to them.
    written: Vec<Option<Value>>,
    /// True if the sum of two quantities that rest on facts may be another than that of their amounts.
    has_statements: bool,
}

impl<'p> Machine<'p> {
    pub(super) fn new(program: &'p Program, outers: Vec<Value>, has_statements: bool) -> Self {
        let written = vec![None; outers.len()];
        Self { program, locals: smallvec![Value::UNIT; program.locals], outers, written, has_statements }
    }

    /// Runs the body once, for a row.
    ///
    /// # Errors
    /// A value that it can't compute with; the variables from around the loop are as before.
    pub(super) fn run(&mut self, row: Row<'_>) -> Computed<Flow> {
        let done = self.block(&self.program.statements, row);
        for (outer, written) in self.outers.iter_mut().zip(&mut self.written) {
            if let Some(value) = written.take()
                && done.is_ok()
            {
                *outer = value;
            }
        }
        #[cfg(test)]
        super::program::count_run(done.is_ok());
        done
    }

    fn block(&mut self, statements: &[Statement], row: Row<'_>) -> Computed<Flow> {
        let mut last = Value::UNIT;
        for statement in statements {
            match self.statement(statement, row)? {
                Flow::Next(value) => last = value,
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next(last))
    }

    fn statement(&mut self, statement: &Statement, row: Row<'_>) -> Computed<Flow> {
        match statement {
            Statement::Value(expression) => return self.compute(expression, row).map(Flow::Next),
            Statement::Let(at, expression) => self.locals[*at] = self.compute(expression, row)?,
            Statement::SetLocal(at, operator, expression) => {
                let value = self.assigned(&Expression::Local(*at), *operator, expression, row)?;
                self.locals[*at] = value;
            }
            Statement::SetOuter(at, operator, expression) => {
                let value = self.assigned(&Expression::Outer(*at), *operator, expression, row)?;
                self.written[*at] = Some(value);
            }
            Statement::If(condition, body, branch) => {
                let chosen = if self.truth(condition, row)? { body } else { branch };
                return self.block(chosen, row);
            }
            Statement::Block(body) => return self.block(body, row),
            Statement::Return(None) => return Ok(Flow::Return(Value::UNIT)),
            Statement::Return(Some(expression)) => return self.compute(expression, row).map(Flow::Return),
            Statement::Continue => return Ok(Flow::Continue),
            Statement::Break => return Ok(Flow::Break),
        }
        Ok(Flow::Next(Value::UNIT))
    }

    /// The value that an assignment gives to a variable.
    fn assigned(
        &self,
        target: &Expression,
        operator: Option<&'static str>,
        expression: &Expression,
        row: Row<'_>,
    ) -> Computed<Value> {
        let Some(operator) = operator else { return self.compute(expression, row) };
        let (mut left, mut right) = (None, None);
        let right = self.operand(expression, row, &mut right)?;
        self.arithmetic(operator, self.operand(target, row, &mut left)?, right)
    }

    /// The value of an expression, which is a place or computed into `slot`.
    fn operand<'v>(
        &'v self,
        expression: &'v Expression,
        row: Row<'v>,
        slot: &'v mut Option<Value>,
    ) -> Computed<&'v Value> {
        match self.place(expression, row)? {
            Some(value) => Ok(value),
            None => Ok(slot.insert(self.compute(expression, row)?)),
        }
    }

    /// The place of a constant, a variable or a field; `None` for an expression that is computed.
    fn place<'v>(&'v self, expression: &'v Expression, row: Row<'v>) -> Computed<Option<&'v Value>> {
        Ok(match (expression, row) {
            (Expression::Constant(value), _) => Some(value),
            (Expression::Local(at), _) => Some(&self.locals[*at]),
            (Expression::Outer(at), _) => Some(self.written[*at].as_ref().unwrap_or(&self.outers[*at])),
            (Expression::Field(at), Row::Fields(fields)) => Some(fields[*at].as_ref().ok_or(Unsupported)?),
            _ => None,
        })
    }

    /// Computes a value.
    fn compute(&self, expression: &Expression, row: Row<'_>) -> Computed<Value> {
        match expression {
            Expression::Constant(_) | Expression::Local(_) | Expression::Outer(_) => {
                self.place(expression, row)?.cloned().ok_or(Unsupported)
            }
            Expression::Field(at) => match row {
                Row::Absent => Err(Unsupported),
                Row::Fields(fields) => fields[*at].clone().ok_or(Unsupported),
                Row::OfTable(values, columns) => Value::of(&values[columns[*at]]).ok_or(Unsupported),
            },
            Expression::Arithmetic(operator, operands) => {
                let [left, right] = &**operands;
                let (mut a, mut b) = (None, None);
                let (left, right) = (self.operand(left, row, &mut a)?, self.operand(right, row, &mut b)?);
                self.arithmetic(operator, left, right)
            }
            Expression::Negative(operand) => negative(self.operand(operand, row, &mut None)?),
            Expression::Decimal(operand) => match &self.operand(operand, row, &mut None)?.kind {
                Kind::Text(text) => {
                    let number = parse_number(text.trim(), Strictness::Code)?.ok_or(Unsupported)?;
                    Ok(Kind::from(Exact::of_number(number)).into())
                }
                _ => Err(Unsupported),
            },
            Expression::Choice(parts) => {
                let [condition, body, branch] = &**parts;
                let chosen = if self.truth(condition, row)? { body } else { branch };
                self.compute(chosen, row)
            }
            condition => Ok(Kind::Truth(self.truth(condition, row)?).into()),
        }
    }

    /// The truth of a condition.
    fn truth(&self, condition: &Expression, row: Row<'_>) -> Computed<bool> {
        match condition {
            Expression::Not(operand) => Ok(!self.truth(operand, row)?),
            Expression::All(parts) => {
                for part in parts {
                    if !self.truth(part, row)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expression::Any(parts) => {
                for part in parts {
                    if self.truth(part, row)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expression::Comparison(comparison, operands) => {
                let [left, right] = &**operands;
                let (mut a, mut b) = (None, None);
                holds_between(*comparison, self.operand(left, row, &mut a)?, self.operand(right, row, &mut b)?)
            }
            other => match self.operand(other, row, &mut None)?.kind {
                Kind::Truth(truth) => Ok(truth),
                _ => Err(Unsupported),
            },
        }
    }

    /// Computes an operator by the functions of the engine's, whatever of them is no error.
    fn arithmetic(&self, operator: &'static str, left: &Value, right: &Value) -> Computed<Value> {
        let exact = match (&left.kind, &right.kind) {
            (Kind::Integer(a), Kind::Integer(b)) => match operators::whole_numbers(operator, *a, *b) {
                Some(whole) => Exact::Integer(whole),
                None if operator == "/" => decimals(operator, (*a).into(), (*b).into())?,
                None => return Err(Unsupported),
            },
            (Kind::Quantity(a), Kind::Quantity(b)) => {
                let may_conflict = self.has_statements
                    && operator == "+"
                    && !a.quantity.facts().is_empty()
                    && !b.quantity.facts().is_empty();
                if may_conflict {
                    return Err(Unsupported);
                }
                // What a script does with shares is noted where the engine runs it.
                if operator == "*" && ShareTaken::is_of_percent(&a.quantity, &b.quantity) {
                    return Err(Unsupported);
                }
                quantities(operator, a, b, left, right)?
            }
            (Kind::Quantity(a), other) => quantities(operator, a, &plain(other)?, left, right)?,
            (other, Kind::Quantity(b)) => quantities(operator, &plain(other)?, b, left, right)?,
            (a, b) => decimals(operator, decimal(a)?, decimal(b)?)?,
        };
        let tag = if left.is_from_book() && right.is_from_book() { value::FROM_BOOK_TAG } else { 0 };
        Ok(Value { kind: exact.into(), tag })
    }
}

impl From<QuantityError> for Unsupported {
    fn from(_: QuantityError) -> Self {
        Self
    }
}

impl From<Exact> for Kind {
    fn from(exact: Exact) -> Self {
        match exact {
            Exact::Integer(whole) => Self::Integer(whole),
            Exact::Decimal(decimal) => Self::Decimal(decimal),
            Exact::Quantity(traced) => Self::Quantity(traced),
        }
    }
}

fn quantities(operator: &'static str, a: &Traced, b: &Traced, left: &Value, right: &Value) -> Computed<Exact> {
    let are_of_book = [left.is_from_book(), right.is_from_book()];
    let made = operators::quantities(operator, a, b, are_of_book).ok_or(Unsupported)??;
    Ok(Exact::Quantity(Box::new(made)))
}

fn decimals(operator: &'static str, a: Decimal, b: Decimal) -> Computed<Exact> {
    Ok(operators::decimals(operator, a, b).ok_or(Unsupported)??)
}

fn decimal(kind: &Kind) -> Computed<Decimal> {
    match kind {
        Kind::Integer(whole) => Ok((*whole).into()),
        Kind::Decimal(decimal) => Ok(*decimal),
        _ => Err(Unsupported),
    }
}

fn plain(kind: &Kind) -> Computed<Traced> {
    decimal(kind).map(|number| Traced::from(Quantity::plain(number)))
}

/// The quantity of a quantity or a number, for a comparison.
fn quantity(kind: &Kind) -> Computed<Cow<'_, Quantity>> {
    match kind {
        Kind::Quantity(traced) => Ok(Cow::Borrowed(&traced.quantity)),
        other => decimal(other).map(|number| Cow::Owned(Quantity::plain(number))),
    }
}

fn negative(value: &Value) -> Computed<Value> {
    let kind = match &value.kind {
        Kind::Integer(whole) => Kind::Integer(whole.checked_neg().ok_or(Unsupported)?),
        Kind::Decimal(decimal) => Kind::Decimal(-*decimal),
        Kind::Quantity(traced) => Kind::Quantity(Box::new(traced.negate())),
        _ => return Err(Unsupported),
    };
    Ok(Value { kind, tag: if value.is_from_book() { value::FROM_BOOK_TAG } else { 0 } })
}

fn holds_between(comparison: Comparison, left: &Value, right: &Value) -> Computed<bool> {
    let is_equal = match (&left.kind, &right.kind) {
        (Kind::Integer(a), Kind::Integer(b)) => return Ok(comparison.holds(a.cmp(b))),
        (Kind::Text(a), Kind::Text(b)) => return Ok(comparison.holds(a.as_str().cmp(b.as_str()))),
        (Kind::Quantity(_), _) | (_, Kind::Quantity(_)) => return compare_quantities(comparison, left, right),
        (Kind::Integer(_) | Kind::Decimal(_), Kind::Integer(_) | Kind::Decimal(_)) => {
            return Ok(comparison.holds(decimal(&left.kind)?.cmp(&decimal(&right.kind)?)));
        }
        _ if !comparison.is_equality() => return Err(Unsupported),
        (Kind::Truth(a), Kind::Truth(b)) => a == b,
        // The NULL of a column may be compared with `()`, and with nothing else.
        (Kind::Null, Kind::Null) if left.tag == 0 || right.tag == 0 => true,
        (Kind::Null, _) if left.tag == 0 => false,
        (_, Kind::Null) if right.tag == 0 => false,
        _ => return Err(Unsupported),
    };
    Ok(is_equal == (comparison == Comparison::Equal))
}

/// Compares two values one of which is a quantity.
fn compare_quantities(comparison: Comparison, left: &Value, right: &Value) -> Computed<bool> {
    for value in [left, right] {
        if let Kind::Quantity(traced) = &value.kind {
            taint::note_worked(traced);
        }
    }
    if comparison.is_equality() && (is_unit(left) || is_unit(right)) {
        return Ok(comparison == Comparison::Unequal);
    }
    let (a, b) = (quantity(&left.kind)?, quantity(&right.kind)?);
    if comparison.is_equality() {
        return Ok(a.equals(&b)? == (comparison == Comparison::Equal));
    }
    Ok(comparison.holds(a.compare(&b)?))
}

fn is_unit(value: &Value) -> bool {
    matches!(value.kind, Kind::Null) && value.tag == 0
}
