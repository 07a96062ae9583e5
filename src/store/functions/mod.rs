//! The functions that SQL has here besides SQLite's own, each with how it is written and what it means, in one table:
//! registration, help, completion, the pass over a statement's program and the reference are all made from it.
//!
//! Reading order: `arguments` is what a function is handed, `call` how it is registered; `making`, `combining`, `parts` and `comparing` take
//! quantities, `totals` sums them up with `frame`; `mathematics`, `statistics`, `texts` and `series` know plain
//! values alone, and read them with `values`. `scripted` registers what scripts define; `native` says how SQLite's own are called.

mod arguments;
mod call;
mod combining;
mod comparing;
mod frame;
mod making;
mod mathematics;
mod native;
mod parts;
mod scripted;
mod series;
mod statistics;
mod texts;
mod totals;
mod values;

use super::desk::Desk;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};
pub(super) use scripted::{register as register_scripted, rename};
use std::sync::Arc;

/// A function of SQL.
pub struct SqlFunction {
    /// Its name.
    pub name: &'static str,
    /// How it is written, its variants separated by ` · `.
    pub signature: &'static str,
    /// What it gives, in a sentence.
    pub meaning: &'static str,
    /// A call of it that answers on the bundled book.
    pub example: &'static str,
    /// What stands in the answer to that.
    pub answer: &'static str,
    /// What it may be handed and what comes out.
    pub kind: Kind,
    register: fn(&Connection, &Arc<Desk>) -> Result<()>,
}

/// What a function may be handed and what comes out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It takes quantities and plain numbers, and gives a quantity.
    Quantity,
    /// It takes quantities and gives a plain value.
    PartOfQuantity,
    /// It takes plain values and gives a quantity.
    FromPlain,
    /// It knows no quantities.
    Plain,
}

/// What SQLite may suppose of a function whose answer depends on its arguments alone: that it may call it once for the
/// same arguments, and from any view.
const PURE: FunctionFlags =
    FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC).union(FunctionFlags::SQLITE_INNOCUOUS);

/// The same of a function of quantities: it asks the book or leaves a remark, and may stand in no definition of a column
/// or an index, where its answer would be kept as a text.
const ASKING: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_INNOCUOUS);

/// Every function, by what it is for: making quantities, computing with them, looking at their parts, comparing,
/// summing up; mathematics, statistics, texts, series.
pub fn all() -> impl Iterator<Item = &'static SqlFunction> {
    [
        making::FUNCTIONS,
        combining::FUNCTIONS,
        parts::FUNCTIONS,
        comparing::FUNCTIONS,
        totals::FUNCTIONS,
        mathematics::FUNCTIONS,
        statistics::FUNCTIONS,
        texts::FUNCTIONS,
        series::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// How every function is called, SQLite's own too as far as that is written down.
pub fn signatures() -> impl Iterator<Item = &'static str> {
    all().map(|function| function.signature).chain(native::SIGNATURES.iter().copied())
}

/// The function of that name, letter case ignored as SQL ignores it.
#[must_use]
pub fn find(name: &str) -> Option<&'static SqlFunction> {
    all().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// How the name of a script's function begins that takes and gives quantities, as the names of those in the table do.
/// Nothing else of it is known before it is called.
pub const QUANTITY_PREFIX: &str = "q_";

/// Whether a script's function of that name takes and gives quantities.
#[must_use]
pub fn gives_quantities(name: &str) -> bool {
    name.get(..QUANTITY_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(QUANTITY_PREFIX))
}

/// The kind of the function of that name, be it in the table or a script's; `None` for one that is SQLite's own or a
/// script's that knows no quantities.
#[must_use]
pub fn kind_of(name: &str) -> Option<Kind> {
    find(name).map(|function| function.kind).or_else(|| gives_quantities(name).then_some(Kind::Quantity))
}

/// Whether the function of that name makes quantities or takes them.
pub(super) fn know_quantities(name: &str) -> bool {
    kind_of(name).is_some_and(|kind| kind != Kind::Plain)
}

/// Registers every function.
pub(super) fn register(connection: &Connection, desk: &Arc<Desk>) -> Result<()> {
    all().try_for_each(|function| (function.register)(connection, desk))
}
