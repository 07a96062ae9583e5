//! Translation of the engine's syntax tree into a program. A body that has anything in it which a program can't do exactly as the
//! engine does is not translated.

use super::program::{Comparison, Expression, Program, Statement};
use super::values::{Kind, Value};
use crate::script::{ids, inject_scope};
use rhai::{ASTFlags, BinaryExpr, Expr, FlowControl, FnCallExpr, ImmutableString, OpAssignment, Stmt};

/// The properties of a row that are no columns.
const ROW_PROPERTIES: [&str; 3] = ["columns", "values", "tag"];

/// The operators that compute.
const ARITHMETIC: [&str; 6] = ["+", "-", "*", "/", "%", "**"];

/// Translates the body of a function with these parameters; `None` where it can't be.
pub(super) fn function(parameters: &[ImmutableString], body: &[Stmt]) -> Option<Program> {
    let mut translation = Translation { is_loop: false, ..Translation::default() };
    for name in parameters {
        translation.define(name)?;
    }
    translation.parameters = parameters.len();
    translation.finish(body)
}

/// Translates the body of a loop over rows; `None` where it can't be.
pub(super) fn row_loop(row: &str, body: &[Stmt]) -> Option<Program> {
    if is_resolved(row) {
        return None;
    }
    let translation = Translation { is_loop: true, loop_row: Some(row.into()), ..Translation::default() };
    translation.finish(body)
}

/// A translation under way.
#[derive(Default)]
struct Translation {
    is_loop: bool,
    /// The variables in scope, the innermost last; `None` is the row of the loop.
    scope: Vec<(ImmutableString, usize)>,
    /// The number of parameters, which no statement assigns to.
    parameters: usize,
    /// The variable of the loop.
    loop_row: Option<ImmutableString>,
    /// The parameters that are read as plain values.
    plain: Vec<usize>,
    program: Program,
}

impl Translation {
    fn finish(mut self, body: &[Stmt]) -> Option<Program> {
        self.program.statements = self.statements(body)?;
        // A parameter is a row or a value.
        if self.program.row.is_some_and(|row| self.plain.contains(&row)) {
            return None;
        }
        Some(self.program)
    }

    fn define(&mut self, name: &ImmutableString) -> Option<usize> {
        if is_resolved(name) {
            return None;
        }
        let at = self.program.locals;
        self.program.locals += 1;
        self.scope.push((name.clone(), at));
        Some(at)
    }

    fn local(&self, name: &str) -> Option<usize> {
        self.scope.iter().rev().find(|(known, _)| known == name).map(|(_, at)| *at)
    }

    fn is_loop_row(&self, name: &str) -> bool {
        self.local(name).is_none() && self.loop_row.as_deref() == Some(name)
    }

    fn outer(&mut self, name: &ImmutableString) -> Option<usize> {
        if !self.is_loop || is_resolved(name) || self.is_loop_row(name) {
            return None;
        }
        let known = self.program.outers.iter().position(|known| known == name);
        Some(known.unwrap_or_else(|| {
            self.program.outers.push(name.clone());
            self.program.assigned.push(false);
            self.program.outers.len() - 1
        }))
    }

    /// Translates the statements of a block, whose variables end with it.
    fn statements(&mut self, body: &[Stmt]) -> Option<Vec<Statement>> {
        let outer = self.scope.len();
        let statements = body.iter().map(|statement| self.statement(statement)).collect();
        self.scope.truncate(outer);
        statements
    }

    fn statement(&mut self, statement: &Stmt) -> Option<Statement> {
        Some(match statement {
            Stmt::Expr(expr) => Statement::Value(self.expression(expr)?),
            Stmt::FnCall(call, _) => Statement::Value(self.call(call)?),
            Stmt::Var(definition, flags, _) if flags.is_empty() => {
                let (name, value, _) = &**definition;
                let value = self.expression(value)?;
                Statement::Let(self.define(&name.name)?, value)
            }
            Stmt::Assignment(assignment) => self.assignment(&assignment.0, &assignment.1)?,
            Stmt::If(control, _) => {
                let FlowControl { expr, body, branch } = &**control;
                let condition = self.expression(expr)?;
                Statement::If(condition, self.statements(body.statements())?, self.statements(branch.statements())?)
            }
            Stmt::Block(block) => Statement::Block(self.statements(block.statements())?),
            Stmt::Return(value, flags, _) if !self.is_loop && flags.is_empty() => {
                let value = value.as_ref().map(|value| self.expression(value));
                Statement::Return(match value {
                    Some(value) => Some(value?),
                    None => None,
                })
            }
            Stmt::BreakLoop(None, flags, _) if self.is_loop => {
                if flags.contains(ASTFlags::BREAK) {
                    Statement::Break
                } else {
                    Statement::Continue
                }
            }
            _ => return None,
        })
    }

    fn assignment(&mut self, operation: &OpAssignment, sides: &BinaryExpr) -> Option<Statement> {
        let Expr::Variable(variable, ..) = &sides.lhs else { return None };
        if !variable.2.is_empty() {
            return None;
        }
        let operator = match operation.get_op_assignment_info() {
            Some((.., operator)) => Some(arithmetic(operator)?),
            None => None,
        };
        let value = self.expression(&sides.rhs)?;
        match self.local(&variable.1) {
            // One that a closure has captured is changed for all that share it.
            Some(at) if at < self.parameters => None,
            Some(at) => Some(Statement::SetLocal(at, operator, value)),
            None => {
                let at = self.outer(&variable.1)?;
                self.program.assigned[at] = true;
                Some(Statement::SetOuter(at, operator, value))
            }
        }
    }

    fn expression(&mut self, expr: &Expr) -> Option<Expression> {
        Some(match expr {
            Expr::DynamicConstant(value, _) => Expression::Constant(Value::of(value)?),
            Expr::BoolConstant(truth, _) => Expression::Constant(Kind::Truth(*truth).into()),
            Expr::IntegerConstant(whole, _) => Expression::Constant(Kind::Integer(*whole).into()),
            Expr::StringConstant(text, _) => Expression::Constant(Kind::Text(text.clone()).into()),
            Expr::Unit(_) => Expression::Constant(Value::UNIT),
            Expr::Variable(variable, ..) if variable.2.is_empty() => match self.local(&variable.1) {
                Some(at) => {
                    self.plain.push(at);
                    Expression::Local(at)
                }
                None => Expression::Outer(self.outer(&variable.1)?),
            },
            Expr::Dot(sides, flags, _) if !flags.contains(ASTFlags::NEGATED) => self.field(sides)?,
            Expr::And(parts, _) => Expression::All(self.expressions(parts)?),
            Expr::Or(parts, _) => Expression::Any(self.expressions(parts)?),
            Expr::FnCall(call, _) => self.call(call)?,
            Expr::Stmt(block) => self.choice(block.statements())?,
            _ => return None,
        })
    }

    fn expressions(&mut self, exprs: &[Expr]) -> Option<Vec<Expression>> {
        exprs.iter().map(|expr| self.expression(expr)).collect()
    }

    /// Translates a column of a row, `row.name`.
    fn field(&mut self, sides: &BinaryExpr) -> Option<Expression> {
        let (Expr::Variable(variable, ..), Expr::Property(property, _)) = (&sides.lhs, &sides.rhs) else { return None };
        if !variable.2.is_empty() || ROW_PROPERTIES.contains(&property.2.as_str()) {
            return None;
        }
        match self.local(&variable.1) {
            Some(at) if at < self.parameters && self.program.row.is_none_or(|row| row == at) => {
                self.program.row = Some(at);
            }
            None if self.is_loop_row(&variable.1) => {}
            _ => return None,
        }
        let known = self.program.fields.iter().position(|known| *known == property.2);
        Some(Expression::Field(known.unwrap_or_else(|| {
            self.program.fields.push(property.2.clone());
            self.program.fields.len() - 1
        })))
    }

    fn call(&mut self, call: &FnCallExpr) -> Option<Expression> {
        if !call.namespace.is_empty() || call.capture_parent_scope {
            return None;
        }
        let operands = self.expressions(&call.args)?;
        match (call.name.as_str(), <[Expression; 1]>::try_from(operands)) {
            ("-", Ok([value])) if call.op_token.is_some() => Some(Expression::Negative(Box::new(value))),
            ("!", Ok([value])) if call.op_token.is_some() => Some(Expression::Not(Box::new(value))),
            // No script can define a function of this name.
            ("decimal", Ok([text])) if call.op_token.is_none() => Some(Expression::Decimal(Box::new(text))),
            (operator, Err(operands)) if call.op_token.is_some() => {
                let operands = Box::new(<[Expression; 2]>::try_from(operands).ok()?);
                match Comparison::of(operator) {
                    Some(comparison) => Some(Expression::Comparison(comparison, operands)),
                    None => Some(Expression::Arithmetic(arithmetic(operator)?, operands)),
                }
            }
            _ => None,
        }
    }

    /// Translates a block within an expression: a value, or an `if` of values.
    fn choice(&mut self, statements: &[Stmt]) -> Option<Expression> {
        match statements {
            [Stmt::Expr(expr)] => self.expression(expr),
            [Stmt::FnCall(call, _)] => self.call(call),
            [Stmt::If(control, _)] => {
                let FlowControl { expr, body, branch } = &**control;
                let condition = self.expression(expr)?;
                let [body, branch] = [body, branch].map(|block| match block.statements() {
                    [] => Some(Expression::Constant(Value::UNIT)),
                    statements => self.choice(statements),
                });
                Some(Expression::Choice(Box::new([condition, body?, branch?])))
            }
            _ => None,
        }
    }
}

fn arithmetic(operator: &str) -> Option<&'static str> {
    ARITHMETIC.into_iter().find(|known| *known == operator)
}

/// True for a variable about which the engine asks the book, or the runtime.
fn is_resolved(name: &str) -> bool {
    ids::is_id(name) || name == inject_scope::SCOPE_VARIABLE
}
