//! The functions that SQL has here besides SQLite's own, with their signatures and meanings, in one table:
//! registration, help, completion, the pass over a statement's program and the reference are all made from it. Another
//! table has the functions that a translated statement calls in place of its operators; no statement can name them.
//!
//! Reading order: `context` is shared by every function, `arguments` is one call, `window_frame` the rows of an aggregate;
//! `quantities`, `lookup`, `aggregates` and `plain` are the functions that people call; `operators`, `predicates`, `keys`,
//! `quantity_sets`, `top_rows`, `plain_rows` and `operator_aggregates` those of translated statements, `counters` those of
//! instrumented ones; `remarks` is what they leave for the notices; `literal` reads the quantities that a person writes; `host` calls
//! the functions of scripts.

mod aggregates;
mod arguments;
mod context;
mod counters;
mod host;
mod keys;
pub(super) mod literal;
mod lookup;
mod operator_aggregates;
mod operators;
mod plain;
mod plain_rows;
mod predicates;
pub(crate) mod probes;
mod quantities;
mod quantity_sets;
mod remarks;
mod top_rows;
#[cfg(test)]
mod translated_calls;
mod window_frame;

pub(super) use context::UdfContext;
pub use context::{Failure, FunctionError, LiteralArguments, Remarks};
pub(crate) use counters::{NUMBER, QUOTIENT, WHOLE_NUMBER};
pub use host::{Host, HostFunction, HostValue};
pub(super) use host::{passed_quantity_help, register_script_function};
pub use lookup::OpenSeries;
pub(crate) use lookup::{AT, GIVEN_LOOKUP_FUNCTION, LOOKUP_FUNCTION};
pub use plain::compile_pattern;
pub use remarks::{GapCount, GapPlace, Gaps, LossCount, OperatorRemarks};

use crate::store::is_reserved;
use arguments::Callee;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};
use std::sync::Arc;

/// A function of SQL that people call.
pub struct SqlFunction {
    /// The name.
    pub name: &'static str,
    /// The signature, its variants separated by ` · `.
    pub signature: &'static str,
    /// The meaning, in a sentence.
    pub meaning: &'static str,
    /// An example call that has an answer in the bundled book.
    pub example: &'static str,
    /// A text in the answer to the example.
    pub answer: &'static str,
    /// The kinds of its arguments and result.
    pub kind: FunctionKind,
    register: fn(&Registration<'_>) -> Result<()>,
}

/// A function that only a translated statement calls. Its first argument is the site of the call, a whole number by which the
/// translation finds the operator or the function that a person wrote.
pub struct SiteFunction {
    /// The name.
    pub name: &'static str,
    /// The operator, keyword or function that it stands for.
    pub spelling: &'static str,
    /// The kinds of its arguments and result.
    pub kind: FunctionKind,
    register: fn(&Registration<'_>) -> Result<()>,
}

/// A function that is being registered: its connection, the context of its book, its name, and what it stands for if its first
/// argument is a site.
struct Registration<'a> {
    connection: &'a Connection,
    udf: &'a Arc<UdfContext>,
    name: &'static str,
    site_spelling: Option<&'static str>,
}

impl Registration<'_> {
    fn callee(&self) -> Callee {
        Callee {
            name: self.name,
            spelling: self.site_spelling.unwrap_or(self.name),
            takes_site: self.site_spelling.is_some(),
        }
    }
}

/// A row of a table of functions of translated statements: name, what it stands for, kind, the way to register it.
macro_rules! site_function {
    ($name:literal, $spelling:literal, $kind:ident, $register:expr) => {
        SiteFunction { name: $name, spelling: $spelling, kind: FunctionKind::$kind, register: $register }
    };
}
use site_function;

/// A row of a table of functions: name and arguments, kind, the way to register it, meaning, example and answer.
macro_rules! function {
    ($name:literal, $arguments:literal, $kind:ident, $register:expr, $meaning:literal, $example:literal => $answer:literal) => {
        SqlFunction {
            name: $name,
            signature: concat!($name, $arguments),
            meaning: $meaning,
            example: $example,
            answer: $answer,
            kind: FunctionKind::$kind,
            register: $register,
        }
    };
}
use function;

/// The kinds of a function's arguments and result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// Quantities and plain numbers in, a quantity out.
    Quantity,
    /// Quantities in, a plain value out.
    PartOfQuantity,
    /// Plain values in, a quantity out.
    FromPlain,
    /// Plain values in and out.
    Plain,
}

/// The flags of a function whose answer depends on its arguments alone: SQLite may call it once for the same arguments,
/// and from any view.
const PURE: FunctionFlags =
    FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC).union(FunctionFlags::SQLITE_INNOCUOUS);

/// The flags of a function of quantities, which reads the book or leaves a remark. It may be in no definition of a
/// column or an index, where its answer would be stored as text.
const READS_BOOK: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_INNOCUOUS);

/// Every function in the order of the reference: making quantities, computing with them, their parts, comparison,
/// aggregates; mathematics, statistics, texts, series.
pub fn all() -> impl Iterator<Item = &'static SqlFunction> {
    [
        quantities::FUNCTIONS,
        lookup::FUNCTIONS,
        aggregates::QUANTITY_AGGREGATES,
        plain::MATHEMATICS,
        aggregates::STATISTICS,
        plain::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// Every function that translated and instrumented statements call: operators, comparisons, keys of orders and groups, sets,
/// aggregates, counters.
pub fn all_of_sites() -> impl Iterator<Item = &'static SiteFunction> {
    let scalars = [operators::FUNCTIONS, predicates::FUNCTIONS, keys::FUNCTIONS, quantity_sets::FUNCTIONS];
    let others = [top_rows::FUNCTIONS, plain_rows::FUNCTIONS, operator_aggregates::FUNCTIONS, counters::FUNCTIONS];
    scalars.into_iter().chain(others).flatten()
}

/// The function of that name that translated statements call.
fn find_of_site(name: &str) -> Option<&'static SiteFunction> {
    if is_reserved(name) { all_of_sites().find(|function| function.name.eq_ignore_ascii_case(name)) } else { None }
}

/// True if the first argument of a function is the site of its call.
#[must_use]
pub fn takes_site(name: &str) -> bool {
    find_of_site(name).is_some()
}

/// The signatures of all functions, SQLite's own included where they are listed.
pub fn signatures() -> impl Iterator<Item = &'static str> {
    all().map(|function| function.signature).chain(SQLITE_SIGNATURES.iter().copied())
}

/// The function of that name, letter case ignored as in SQL.
#[must_use]
pub fn find(name: &str) -> Option<&'static SqlFunction> {
    all().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// True for an aggregate of that name in the table.
pub(crate) fn is_aggregate(name: &str) -> bool {
    let mut all = aggregates::QUANTITY_AGGREGATES.iter().chain(aggregates::STATISTICS);
    all.any(|function| function.name.eq_ignore_ascii_case(name))
}

/// The prefix of a script's function that takes and gives quantities, as of those in the table. Nothing else is known
/// of it before it is called.
pub const QUANTITY_PREFIX: &str = "q_";

/// True if a script's function of that name takes and gives quantities.
#[must_use]
pub fn gives_quantities(name: &str) -> bool {
    name.get(..QUANTITY_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(QUANTITY_PREFIX))
}

/// The kind of the function of that name, be it in a table or a script's; `None` for one of SQLite's own, or for a
/// script's without the prefix.
#[must_use]
pub fn kind_of(name: &str) -> Option<FunctionKind> {
    let of_site = || find_of_site(name).map(|function| function.kind);
    let listed = find(name).map(|function| function.kind);
    listed.or_else(of_site).or_else(|| gives_quantities(name).then_some(FunctionKind::Quantity))
}

/// True if the function of that name makes or takes quantities.
pub(in crate::store) fn handles_quantities(name: &str) -> bool {
    kind_of(name).is_some_and(|kind| kind != FunctionKind::Plain)
}

/// True if a function of that name is one of these, and none of SQLite's own.
pub(in crate::store) fn is_added(name: &str) -> bool {
    find(name).is_some() || takes_site(name)
}

/// Registers every function.
pub(in crate::store) fn register(connection: &Connection, udf: &Arc<UdfContext>) -> Result<()> {
    all().try_for_each(|function| {
        (function.register)(&Registration { connection, udf, name: function.name, site_spelling: None })
    })?;
    all_of_sites().try_for_each(|function| {
        let site_spelling = Some(function.spelling);
        (function.register)(&Registration { connection, udf, name: function.name, site_spelling })
    })
}

/// The signatures of SQLite's own functions, as its documentation writes them, variants separated by ` · `: for
/// completion and the hint. Their meaning is not described.
const SQLITE_SIGNATURES: &[&str] = &[
    "abs(x)",
    "avg(x)",
    "char(x1, x2, …)",
    "coalesce(x, y, …)",
    "concat(x, …)",
    "concat_ws(separator, x, …)",
    "count(*) · count(x)",
    "cume_dist()",
    "date(time, modifier, …)",
    "datetime(time, modifier, …)",
    "dense_rank()",
    "first_value(x)",
    "format(format, …)",
    "glob(pattern, text)",
    "group_concat(x) · group_concat(x, separator)",
    "hex(x)",
    "ifnull(x, y)",
    "iif(condition, x, y)",
    "instr(text, part)",
    "json_array(x, …)",
    "json_extract(json, path, …)",
    "json_group_array(x)",
    "json_object(label, x, …)",
    "julianday(time, modifier, …)",
    "lag(x) · lag(x, offset, default)",
    "last_value(x)",
    "lead(x) · lead(x, offset, default)",
    "length(text)",
    "like(pattern, text) · like(pattern, text, escape)",
    "lower(text)",
    "ltrim(text) · ltrim(text, characters)",
    "max(x) · max(x, y, …)",
    "min(x) · min(x, y, …)",
    "nth_value(x, n)",
    "ntile(n)",
    "nullif(x, y)",
    "percent_rank()",
    "printf(format, …)",
    "quote(x)",
    "random()",
    "rank()",
    "replace(text, part, replacement)",
    "round(x) · round(x, places)",
    "row_number()",
    "rtrim(text) · rtrim(text, characters)",
    "sign(x)",
    "strftime(format, time, modifier, …)",
    "string_agg(x, separator)",
    "substr(text, start) · substr(text, start, length)",
    "substring(text, start) · substring(text, start, length)",
    "sum(x)",
    "time(time, modifier, …)",
    "timediff(time, time)",
    "total(x)",
    "trim(text) · trim(text, characters)",
    "typeof(x)",
    "unicode(text)",
    "unixepoch(time, modifier, …)",
    "upper(text)",
];

#[cfg(test)]
mod tests {
    use super::SQLITE_SIGNATURES;
    use crate::store::is_reserved;
    use rusqlite::Connection;

    #[test]
    fn no_statement_can_name_what_is_called_for_an_operator() {
        for function in super::all_of_sites() {
            assert!(is_reserved(function.name), "{}", function.name);
            assert!(super::find(function.name).is_none(), "{}", function.name);
            assert_eq!(super::all_of_sites().filter(|other| other.name == function.name).count(), 1);
        }
    }

    #[test]
    fn each_is_a_function_of_sqlite_and_none_is_ours() {
        let connection = Connection::open_in_memory().unwrap();
        let sql = "select exists (select 1 from pragma_function_list where name = ?1)";
        for signature in SQLITE_SIGNATURES {
            let name = signature.split('(').next().unwrap();
            assert!(connection.query_row(sql, [name], |row| row.get::<_, bool>(0)).unwrap(), "{name}");
            assert!(super::find(name).is_none(), "{name}");
        }
    }
}
