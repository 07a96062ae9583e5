//! SQL: prepare, type, bind and step statements, and hand their rows to a sink.
//!
//! Reading order: `run`, `lowering`, `bind`; `dataflow` for how values are followed through a statement's program, `quantities` and `coercions` in it
//! for what is found there; `diagnostics` for its errors, fix-its and lints; `result` and `output` for where rows go.

mod bind;
mod dataflow;
mod diagnostics;
mod lowering;
mod output;
mod result;
mod run;

pub use bind::{NoParameters, Parameters, offer_rows};
pub use output::{Annotate, AskStatements, Keep, Output, Sink};
pub use result::{Appended, AppendedColumns, Cell, Column, Evidence, Header, KEPT_ROWS, Kept, Layout, Note, Origin};
pub use run::{Asker, Prepared, prepare_one, run};
