//! What a question may do: read the book, and make temporary tables. SQLite asks here for every action while it
//! prepares a statement; what is not named here is denied. A read-only connection would not be enough: `VACUUM
//! INTO` and `ATTACH` write files through one.

use super::catalogue;
use super::reserved::is_ours;
use super::views::MARKER;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Why the last statement was denied: what a question can't do, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// As in "a question can't `action`".
    pub action: String,
    /// What to do instead.
    pub cure: String,
}

/// What the authorizer shares with the rest of the program.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// Set while the program itself asks: it makes the temporary tables behind `last`.
    privileged: AtomicBool,
    /// Whether the statement prepared last reads a quantity column of a public view.
    reads_quantities: AtomicBool,
    denial: Mutex<Option<Denial>>,
}

/// Pragmas that read, whatever their argument.
const READING_PRAGMAS: [&str; 18] = [
    "collation_list",
    "compile_options",
    "data_version",
    "database_list",
    "foreign_key_check",
    "foreign_key_list",
    "freelist_count",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "page_count",
    "pragma_list",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Pragmas that read without an argument and write with one.
const READING_PRAGMAS_WITHOUT_VALUE: [&str; 6] =
    ["application_id", "encoding", "page_size", "schema_version", "user_version", "journal_mode"];

impl Guard {
    /// Forgets what the statement before did; to be called before each `prepare`.
    pub(super) fn begin(&self) {
        self.reads_quantities.store(false, Ordering::Relaxed);
        *self.denial.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn reads_quantities(&self) -> bool {
        self.reads_quantities.load(Ordering::Relaxed)
    }

    pub(super) fn take_denial(&self) -> Option<Denial> {
        self.denial.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn set_privileged(&self, privileged: bool) {
        self.privileged.store(privileged, Ordering::Relaxed);
    }

    /// The authorizer itself.
    pub(super) fn decide(&self, context: AuthContext<'_>) -> Authorization {
        if matches!(context.action, AuthAction::Function { function_name: MARKER }) {
            self.reads_quantities.store(true, Ordering::Relaxed);
        }
        if self.privileged.load(Ordering::Relaxed) {
            return Authorization::Allow;
        }
        match refusal(context) {
            None => Authorization::Allow,
            Some(denial) => {
                *self.denial.lock().unwrap_or_else(PoisonError::into_inner) = Some(denial);
                Authorization::Deny
            }
        }
    }
}

/// What to say against an action; `None` where it is allowed.
fn refusal(context: AuthContext<'_>) -> Option<Denial> {
    let in_temp = context.database_name == Some("temp");
    match context.action {
        AuthAction::Select | AuthAction::Recursive => None,
        AuthAction::Read { table_name, .. } => refuse_read(table_name, context.database_name),
        AuthAction::Function { function_name } => refuse_function(function_name, context.accessor),
        AuthAction::Pragma { pragma_name, pragma_value } => refuse_pragma(pragma_name, pragma_value),
        AuthAction::DropTempView { view_name } | AuthAction::CreateTempView { view_name } if is_ours(view_name) => {
            deny(format!("make or drop a view called `{view_name}`"), "give yours another name: this one is the book's")
        }
        AuthAction::CreateTempTable { table_name }
        | AuthAction::DropTempTable { table_name }
        | AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name }
            if is_ours(table_name) =>
        {
            deny(format!("change `{table_name}`"), "give a table of yours another name: this one is the book's")
        }
        AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempView { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::DropTempTable { .. }
        | AuthAction::DropTempView { .. }
        | AuthAction::DropTempIndex { .. } => None,
        AuthAction::Insert { .. } | AuthAction::Update { .. } | AuthAction::Delete { .. } if in_temp => None,
        // SQLite reports the creation of an index on a temporary table as a re-index too.
        AuthAction::Reindex { .. } if in_temp => None,
        AuthAction::Attach { .. } => {
            deny("open or write another file".into(), "name the book when you start the program")
        }
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
            deny("begin or end a transaction".into(), "leave it out: a question changes nothing")
        }
        _ => deny("write to the book".into(), "`create temp table` makes a table for this session only"),
    }
}

/// The file's own public views are plain text; those made again in TEMP carry the marks.
fn refuse_read(table: &str, database: Option<&str>) -> Option<Denial> {
    let bypasses = database == Some("main") && catalogue::find(table).is_some();
    if bypasses {
        deny(format!("read `main.{table}` directly"), "leave out `main.`: the view keeps its units")
    } else {
        None
    }
}

fn refuse_function(name: &str, accessor: Option<&str>) -> Option<Denial> {
    match name {
        MARKER if !accessor.is_some_and(is_ours) => {
            deny(format!("call `{MARKER}`, which marks the quantities of the book"), "read a quantity from a view")
        }
        "load_extension" => deny("load an extension".into(), "what SQL lacks can be written as a script"),
        "fts3_tokenizer" => deny("call `fts3_tokenizer`".into(), "leave it out"),
        _ => None,
    }
}

fn refuse_pragma(name: &str, value: Option<&str>) -> Option<Denial> {
    let lower = name.to_ascii_lowercase();
    let reads = READING_PRAGMAS.contains(&lower.as_str())
        || (value.is_none() && READING_PRAGMAS_WITHOUT_VALUE.contains(&lower.as_str()));
    if reads { None } else { deny(format!("set the pragma `{name}`"), "leave it out: a question changes no setting") }
}

#[allow(clippy::unnecessary_wraps)] // every refusal reads as one expression
fn deny(action: String, cure: &str) -> Option<Denial> {
    Some(Denial { action, cure: cure.to_owned() })
}
