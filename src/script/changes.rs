//! Calls of methods that change in place, read in the syntax tree: the result of one that gives none can't be used, what no
//! variable holds can't be changed for good, and the last statement of a script shows nothing that it only changes.

use super::diagnostics::{NamesInScope, source_place};
use super::functions::in_place;
use crate::error::{Error, ScriptCause, ScriptError};
use crate::syntax::rhai::{map_keys, tokens};
use crate::syntax::{Text, TokenKind};
use rhai::{AST, ASTNode, Expr, Stmt};

/// The methods that change in place and give nothing: a copy for each value that is added would take long.
const WITHOUT_RESULT: [&str; 6] = ["push", "insert", "append", "splice", "mixin", "fill_with"];

/// Refuses a use of what such a method gives, and such a change of a value that no variable holds.
///
/// # Errors
/// The first of them.
pub(super) fn refuse_lost(ast: &AST, text: &Text, names: &NamesInScope<'_>) -> Result<(), Error> {
    let is_own = |name: &str| {
        let own = ast.iter_functions().any(|function| function.name == name);
        own || map_keys(&text.whole).contains(&name) || names.functions.iter().any(|function| function == name)
    };
    let mut found = None;
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(Expr::MethodCall(call, position))) = path.last()
            && WITHOUT_RESULT.contains(&call.name.as_str())
            && let Some(cause) = lost(call.name.as_str(), path)
            && !is_own(&call.name)
        {
            found = Some((cause, *position));
        }
        found.is_none()
    });
    let Some((cause, position)) = found else { return Ok(()) };
    Err(ScriptError::at(cause, source_place(names.runtime, text, position)))
}

/// The cause of a call at the end of a path whose change or result is lost.
fn lost(method: &str, path: &[ASTNode<'_>]) -> Option<ScriptCause> {
    let mut chain: Vec<&Expr> = Vec::new();
    let mut inner = match path.last()? {
        ASTNode::Expr(call) => *call,
        _ => return None,
    };
    let mut at = path.len() - 1;
    while let Some(ASTNode::Expr(outer @ (Expr::Dot(pair, ..) | Expr::Index(pair, ..)))) =
        at.checked_sub(1).map(|at| &path[at])
    {
        if !std::ptr::eq(inner, &raw const pair.rhs) {
            return Some(without_result(method));
        }
        chain.push(outer);
        (inner, at) = (outer, at - 1);
    }
    if !is_held(&chain) {
        let message = format!("`{method}` changes a value that no variable holds");
        let help = format!("`let values = …; values.{method}(…);` changes a variable, which is read then");
        return Some(ScriptCause::argument(message, help));
    }
    let is_statement = match at.checked_sub(1).map(|at| &path[at]) {
        None => true,
        Some(ASTNode::Stmt(outer)) => matches!(outer, Stmt::Expr(_) | Stmt::Block(_) | Stmt::Return(..)),
        Some(_) => false,
    };
    (!is_statement).then(|| without_result(method))
}

fn without_result(method: &str) -> ScriptCause {
    let help = format!("call it by itself, `values.{method}(…);`, and read the variable behind it");
    ScriptCause::argument(format!("`{method}` changes in place, and gives no value"), help)
}

/// True if a chain of properties and indices, the innermost first, begins at a variable and has no call on its way.
fn is_held<'c>(chain: &[&'c Expr]) -> bool {
    let left = |link: &&'c Expr| match link {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => Some(&pair.lhs),
        _ => None,
    };
    let lefts: Vec<Option<&Expr>> = chain.iter().map(left).collect();
    let is_variable = matches!(lefts.last(), Some(Some(Expr::Variable(..) | Expr::ThisPtr(..))));
    // The left of a link within an index is that index, and may call what it likes.
    let is_called = chain
        .windows(2)
        .zip(&lefts)
        .any(|(links, left)| matches!(links[1], Expr::Dot(..)) && matches!(left, Some(Expr::MethodCall(..))));
    is_variable && !is_called
}

/// True if a script ends with a call, closed by `;`, of a method that changes a variable: it is written for the change.
pub(super) fn is_at_end(ast: &AST, text: &str) -> bool {
    if !ast.statements().last().is_some_and(is_change) {
        return false;
    }
    let code = tokens(text).filter(|token| token.kind != TokenKind::Comment).map(|token| token.text(text));
    code.filter(|token| *token != "}").last() == Some(";")
}

fn is_change(statement: &Stmt) -> bool {
    let ends_so = |statements: &[Stmt]| statements.last().is_some_and(is_change);
    match statement {
        Stmt::Expr(expression) => is_change_of_variable(expression),
        Stmt::If(parts, _) => ends_so(parts.body.statements()) || ends_so(parts.branch.statements()),
        Stmt::Block(block) => ends_so(block.statements()),
        Stmt::TryCatch(parts, _) => ends_so(parts.body.statements()),
        _ => false,
    }
}

fn is_change_of_variable(expression: &Expr) -> bool {
    let Expr::Dot(pair, ..) = expression else { return false };
    let mut last = &pair.rhs;
    while let Expr::Dot(inner, ..) | Expr::Index(inner, ..) = last {
        last = &inner.rhs;
    }
    let is_variable = matches!(pair.lhs, Expr::Variable(..));
    is_variable && matches!(last, Expr::MethodCall(call, _) if in_place::is_one(&call.name))
}
