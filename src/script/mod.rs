//! Scripts: the engine, its values and functions, and running a text with the state of a session.
//!
//! Reading order: `interpreter`, `engine`, `operators`, `value`, `taint` and `tainted`; [`functions`] for what scripts can call, `query`,
//! `table`, `rows`, `stream`, `ids`, `sums` with `statements` behind them; `weave`, `around` and `reach` for what SQL reaches of a script; `modules` for
//! `import`; `header` and `library` for saved scripts; `trace` and `causes`
//! for errors; `own` for the prompt.

mod arguments;
mod around;
mod before;
mod callback;
mod causes;
mod chart;
mod compile;
mod dialect;
mod engine;
mod eval;
mod fetch;
pub mod functions;
pub mod header;
mod home;
mod ids;
mod interpreter;
pub mod library;
mod metrics;
mod modules;
mod named;
mod operators;
mod order;
mod origin;
mod own;
mod padding;
mod parameter;
mod query;
mod raise;
mod reach;
mod rounding;
mod rows;
mod shadow;
mod shared;
mod show;
mod statements;
mod stream;
mod sums;
mod suppose;
mod table;
mod taint;
mod tainted;
mod tally;
mod trace;
mod value;
mod weave;

pub use arguments::values as argument_values;
pub use dialect::{is_whole, unfinished};
pub use engine::FIXED_BOUNDS;
pub use functions::ScriptFunction;
pub use home::Home;
pub use interpreter::Interpreter;
pub use own::{Holds, OwnName};
pub use parameter::ParameterType;
