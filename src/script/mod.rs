//! Scripts: the engine, its values and functions, and running source with the state of a session.
//!
//! Reading order: `interpreter`, `engine`, `operators`, `value`, `table`, `taint`; [`functions`] for what scripts can call, with
//! `query` and `ids` behind them; `runtime`, `inject_scope` and `host` for SQL that reaches the scope around it; `compile` for
//! `eval` and `import`, `compiled` for bodies that are run for many rows, `changes` for calls that are lost, `check`, `recovery` and `calls` for a script that is not run;
//! [`library`] for saved scripts; `diagnostics` for errors, and `foreign` for the words of other languages that they explain.

mod calls;
mod changes;
mod check;
mod compile;
mod compiled;
#[cfg(test)]
mod compiled_law;
mod diagnostics;
mod engine;
mod foreign;
pub mod functions;
mod host;
mod ids;
mod inject_scope;
mod interpreter;
pub mod library;
mod operators;
mod query;
mod recovery;
mod runtime;
mod table;
mod taint;
mod value;

pub use check::check_defaults;
pub use diagnostics::{is_complete, missing_token};
pub use engine::FIXED_BOUNDS;
pub use functions::ScriptFunction;
pub use interpreter::{Interpreter, Symbol, ValueShape};
pub use runtime::ScriptLocation;
