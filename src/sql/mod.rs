//! SQL: prepare, type, bind and step statements, and hand their rows to a sink.
//!
//! Reading order: `run`, `refusals`, `lowering`, `bind`; `opcodes`, `program`, `flow`, `fixpoint`, `chunks`, `marks`, `typing`, `reading` for how a quantity is followed
//! through a statement; `diagnose`, `columns`, `misuse`, `rewrite` and `operands` for its errors; `storage`, `results` and `coercion` for what values may be,
//! `lints` with `spelling` and `remark` for what is worth a remark; `counting` for how far a series may count; `cell`, `sink`, `output` with `evidence` and `conflicts` for where rows go; `offer` for rows that come from elsewhere.

mod bind;
mod cell;
mod chunks;
mod coercion;
mod columns;
mod conflicts;
mod counting;
mod diagnose;
mod evidence;
mod fixpoint;
mod flow;
mod lints;
mod lowering;
mod marks;
mod misuse;
mod offer;
mod opcodes;
mod output;
mod program;
mod reading;
mod refusals;
mod remark;
mod results;
mod rewrite;
mod run;
mod sink;
mod spelling;
mod storage;
mod typing;
mod unreadable;

pub use bind::{NoParameters, Parameters};
pub use cell::Cell;
pub use conflicts::AskStatements;
pub use evidence::{Evidence, Origin};
pub use offer::offer_rows;
pub use output::{Annotate, KEPT_ROWS, Keep, Kept, Output};
pub use run::{Asker, Prepared, prepare_one, run};
pub use sink::{Appended, AppendedColumns, Column, Header, Layout, Note, Sink};
