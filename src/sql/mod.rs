//! SQL: prepare, type, bind and step statements, and hand their rows to a sink.
//!
//! Reading order: `run`, with `from_first`; `preparation`, `lowering`, `bind`; `translation` for operators on quantities;
//! `instrumentation` for the counters of what plain operators lose; `series_calls` and `series_columns` for the series of `at`;
//! `dataflow` for the analyses of a statement's bytecode, which type its columns and find coercions; `diagnostics` for errors, fix-its and lints; `result` for results as data, `output` for the sink that they go to.

mod bind;
mod blocks;
mod conflict_log;
mod counter;
mod dataflow;
mod diagnostics;
mod from_first;
mod instrumentation;
mod lowering;
mod output;
mod preparation;
mod result;
mod run;
mod series_calls;
mod series_columns;
mod translation;

pub use bind::{NoParameters, Parameters, temp_table};
pub use conflict_log::FindStatements;
pub(crate) use diagnostics::columns_of_book;
pub use output::{Annotate, OnResult, Output, Sink};
pub use preparation::{Author, Prepared};
pub use result::{
    Appended, AppendedColumns, CachedResult, Cell, Column, Evidence, Header, Layout, MAX_CACHED_ROWS, Note, Origin,
};
pub use run::{prepare_one, run};
pub use series_columns::SeriesColumns;
