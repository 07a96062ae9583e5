//! Loops over the rows of a table or of a stream. What a loop goes over is preceded by an operator of ours in the compiled text; it
//! runs the translated body for the first rows, and hands those that are left to the loop of the engine.

use super::called::field_indices;
use super::machine::{Flow, Machine, Row};
use super::program::{Program, is_enabled};
use super::translate;
use super::values::Value;
use crate::script::engine::MAX_VARIABLES;
use crate::script::inject_scope::LOOP_OPERATOR;
use crate::script::query::{OpenStream, RowStream};
use crate::script::runtime::Runtime;
use crate::script::table::Table;
use crate::script::value::{from_cell, from_cell_untagged, null_tag};
use crate::sql::Cell;
use rhai::{AST, ASTNode, Array, Dynamic, Engine, EvalContext, Expr, Position, Scope, Stmt};
use std::cell::OnceCell;
use std::rc::Rc;

/// The place of a loop's program in the syntax tree: it is translated when the tree is complete.
#[derive(Clone, Default)]
struct LoopProgram(Rc<OnceCell<Program>>);

/// Registers the operator.
pub(super) fn register(engine: &mut Engine, runtime: &Rc<Runtime>) {
    let runtime = Rc::clone(runtime);
    engine.register_custom_syntax_with_state_raw(
        LOOP_OPERATOR,
        |symbols, _, state| {
            let is_begun = symbols.len() == 1;
            if is_begun {
                *state = Dynamic::from(LoopProgram::default());
            }
            Ok(is_begun.then(|| "$expr$".into()))
        },
        false,
        move |context, inputs, state| {
            let rows = context.eval_expression_tree(&inputs[0])?.flatten();
            let place = state.read_lock::<LoopProgram>();
            match place.as_ref().and_then(|place| place.0.get()) {
                Some(program) => Ok(rest_of(&runtime, program, context, rows)),
                None => Ok(rows),
            }
        },
    );
}

/// The places before which a compiled text needs the operator: what the loops go over whose bodies can be translated, each with
/// the word that stands there.
pub(in crate::script) fn sites(ast: &AST) -> Vec<(Position, String)> {
    let mut found = Vec::new();
    for_each_loop(ast, &mut |over, row, body| {
        if let Some(word) = first_word(over)
            && translate::row_loop(row, body).is_some()
        {
            found.push((over.start_position(), word.to_owned()));
        }
    });
    found
}

/// The word that an expression begins with, if it is a call or a variable, or a method of one.
fn first_word(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Variable(variable, ..) if variable.2.is_empty() => Some(&variable.1),
        Expr::FnCall(call, _) if call.op_token.is_none() && call.namespace.is_empty() => Some(&call.name),
        Expr::Dot(sides, ..) => first_word(&sides.lhs),
        _ => None,
    }
}

/// Translates the bodies of the loops that have the operator.
pub(in crate::script) fn install(ast: &AST) {
    for_each_loop(ast, &mut |over, row, body| {
        if let Expr::Custom(custom, _) = over
            && custom.tokens.first().is_some_and(|token| token == LOOP_OPERATOR)
            && let Some(place) = custom.state.read_lock::<LoopProgram>()
            && let Some(program) = translate::row_loop(row, body)
        {
            // A tree is looked through once.
            drop(place.0.set(program));
        }
    });
}

/// Calls `work` with each loop that has no counter: what it goes over, its variable and its body.
fn for_each_loop(ast: &AST, work: &mut dyn FnMut(&Expr, &str, &[Stmt])) {
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Stmt(Stmt::For(of_loop, _))) = path.last()
            && let (row, None, control) = &**of_loop
        {
            work(&control.expr, &row.name, control.body.statements());
        }
        true
    });
}

/// Runs a program for the first of the rows; returns those that are left for the engine.
fn rest_of(
    runtime: &Rc<Runtime>,
    program: &Program,
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    rows: Dynamic,
) -> Dynamic {
    if !is_enabled() || !(rows.is::<Table>() || rows.is::<RowStream>()) {
        return rows;
    }
    let scope = context.scope_mut();
    let Some(outers) = outer_values(program, scope) else { return rows };
    let mut run = Run { runtime, program, machine: Machine::new(program, outers, may_conflict(runtime)) };
    let rest = match rows.read_lock::<Table>() {
        Some(table) => run.table(&table),
        None => rows.read_lock::<RowStream>().and_then(|stream| run.stream(&stream)),
    };
    run.write_back(scope);
    rest.unwrap_or(rows)
}

/// The values of the variables from around the loop; `None` where the engine has to look at one.
fn outer_values(program: &Program, scope: &Scope<'_>) -> Option<Vec<Value>> {
    if scope.len() + program.locals + 2 > MAX_VARIABLES {
        return None;
    }
    let value = |(name, is_assigned): (&rhai::ImmutableString, &bool)| {
        let value = scope.get(name)?;
        if value.is_shared() || *is_assigned && scope.is_constant(name)? {
            return None;
        }
        Value::of(value)
    };
    program.outers.iter().zip(&program.assigned).map(value).collect()
}

/// True if the sum of two quantities may have to be reconciled, or can't be told to be free of that.
fn may_conflict(runtime: &Runtime) -> bool {
    let has_totals = runtime.book.totals().map_or(true, |totals| !totals.is_empty());
    has_totals || runtime.book.statements().map_or(true, |statements| !statements.is_empty())
}

/// A loop that runs.
struct Run<'r> {
    runtime: &'r Rc<Runtime>,
    program: &'r Program,
    machine: Machine<'r>,
}

/// What follows a row.
enum Next {
    Row,
    /// The end of the loop.
    End,
    /// The engine goes on with this row.
    Engine,
}

impl Run<'_> {
    fn row(&mut self, row: Row<'_>) -> Next {
        match self.machine.run(row) {
            Ok(Flow::Next(_) | Flow::Continue) => Next::Row,
            Ok(Flow::Break) => Next::End,
            Ok(Flow::Return(_)) | Err(_) => Next::Engine,
        }
    }

    fn is_stopped(&self) -> bool {
        self.runtime.book.stop().is_raised() || self.runtime.exit_code().is_some()
    }

    /// Runs it for rows of a table; `None` where all are left.
    fn table(&mut self, table: &Table) -> Option<Dynamic> {
        let columns = field_indices(self.program, &table.columns)?;
        let mut done = 0;
        while let Some(row) = table.rows.get(done)
            && !self.is_stopped()
        {
            match self.row(Row::OfTable(row, &columns)) {
                Next::Row => done += 1,
                Next::End => return Some(Dynamic::from_array(Array::new())),
                Next::Engine => break,
            }
        }
        let rest = || Table::new(Rc::clone(&table.columns), table.rows[done..].to_vec());
        (done > 0).then(|| Dynamic::from(rest()))
    }

    /// Runs it for rows of a stream, which keeps those that are left; `None` where there may be some.
    fn stream(&mut self, stream: &RowStream) -> Option<Dynamic> {
        let mut open = stream.take()?;
        match self.open_stream(&mut open) {
            Some(Next::End) => return Some(Dynamic::from_array(Array::new())),
            Some(Next::Row | Next::Engine) | None => stream.put_back(open),
        }
        None
    }

    fn open_stream(&mut self, open: &mut OpenStream) -> Option<Next> {
        let columns = Rc::clone(open.columns());
        let indices = field_indices(self.program, &columns)?;
        let nulls: Vec<i32> = indices.iter().map(|at| null_tag(&columns[*at].name)).collect();
        let mut fields: Vec<Option<Value>> = vec![None; indices.len()];
        while !self.is_stopped() {
            let Some(mut cells) = open.next_cells() else { return Some(Next::Row) };
            let given = open.user_supplied();
            for ((field, at), null) in fields.iter_mut().zip(&indices).zip(&nulls) {
                let cell = std::mem::replace(&mut cells[*at], Cell::Null);
                *field = match Value::of_cell(cell, given[*at], *null) {
                    Ok(value) => Some(value),
                    Err(cell) => {
                        cells[*at] = cell;
                        None
                    }
                };
            }
            match self.row(Row::Fields(&fields)) {
                Next::Row => {}
                Next::End => return Some(Next::End),
                Next::Engine => {
                    let value = |(at, cell): (usize, Cell<'static>)| {
                        let read = indices.iter().position(|read| *read == at);
                        match read.and_then(|read| fields[read].take()) {
                            Some(value) => value.into_dynamic(),
                            None if given[at] => from_cell_untagged(cell, &columns[at].name),
                            None => from_cell(cell, &columns[at].name),
                        }
                    };
                    let values = cells.into_iter().enumerate().map(value).collect();
                    open.hand_back(values);
                    return Some(Next::Engine);
                }
            }
        }
        Some(Next::Row)
    }

    /// Sets the variables from around the loop to what the rows have made of them.
    fn write_back(self, scope: &mut Scope<'_>) {
        let assigned = self.program.outers.iter().zip(&self.program.assigned).zip(self.machine.outers);
        for ((name, is_assigned), value) in assigned {
            if *is_assigned && let Some(place) = scope.get_mut(name) {
                *place = value.into_dynamic();
            }
        }
    }
}
