//! SQL: prepare, type, bind and step statements, and hand their rows to a sink.
//!
//! Reading order: `run`, `lowering`, `bind`; `dataflow` for the analyses of a statement's bytecode, which type its columns and find
//! coercions; `diagnostics` for errors, fix-its and lints; `result` for results as data, `output` for the sink that they go to.

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
