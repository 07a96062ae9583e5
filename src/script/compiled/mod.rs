//! Bodies of functions, closures and loops that are run for many rows, translated once from the engine's syntax tree into
//! programs of their own. A program computes by the functions of the engine's operators, and only whatever is sure to be the
//! same: at the first value of another kind, and at every error, the engine runs the body itself, from its beginning, so that the
//! answer, the error and its position are the engine's.
//!
//! Reading order: `values`, `program`, `translate`, `machine`; `called` for functions of SQL and closures, `row_loop` for loops.

mod called;
mod machine;
mod program;
mod row_loop;
mod translate;
mod values;

pub(super) use called::{Closure, call, program_of};
pub(super) use program::Program;
#[cfg(test)]
pub(super) use program::{leaving_all_to_the_engine, take_runs};
pub(super) use row_loop::{install, sites};
pub(super) use values::Value;

use super::runtime::Runtime;
use rhai::Engine;
use std::rc::Rc;

/// Registers on an engine what programs of its scripts need.
pub(super) fn register(engine: &mut Engine, runtime: &Rc<Runtime>) {
    called::register(engine);
    row_loop::register(engine, runtime);
}
