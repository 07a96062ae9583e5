//! The authorizer: SQLite asks it for every action while it prepares a statement. A statement may read the book and
//! make temporary tables, and one of an entry that writes may change what `ownership` lets it; any action that is not named
//! is denied. A read-only connection would not be enough: `VACUUM INTO` and `ATTACH` write files through one.

use super::attached::AttachedSchema;
use super::denial::Denial;
use super::marker::TAG_FUNCTION;
use super::ownership::{self, Change, refuse_change, refuse_kind, refuse_view};
use super::unread::UnreadTables;
use super::{SchemaNames, ctes, is_program_name, is_reserved, is_sqlite_name};
use crate::store::catalogue::Catalogue;
use crate::store::lock;
use crate::store::series::{HIDDEN_COLUMNS, SERIES};
use crate::syntax::TokenKind;
use crate::syntax::sql::tokens;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// The findings of the authorizer about a statement.
#[derive(Debug, Default)]
pub struct Findings {
    /// True if it reads a quantity of a view, or calls a function of quantities.
    pub reads_quantities: bool,
    /// The first change that it makes to the file.
    pub change: Option<Change>,
    /// True if it reads through a name that it defines itself, or through a view that is not the book's.
    pub reads_user_views: bool,
    /// The functions that it calls, each with true if the call is in its own text and not in that of a view.
    pub(in crate::store) functions: BTreeSet<(String, bool)>,
    /// Its reads that may differ under an assumption: a public view, the table behind the last result or one of a
    /// script, each with the column; with an empty column where only rows are counted.
    pub(in crate::store) reads: BTreeSet<(String, String)>,
    /// The plain tables that it reads, in lower case, whose rows are still on a server.
    pub unread: BTreeSet<String>,
}

/// The way to write to a book, as the help of a denied statement names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum WriteAccess {
    /// There is none: the bundled book, one in memory, a plain database.
    None,
    /// The book is a file of one's own, opened for reading.
    ByOption,
    /// The book is open for writing.
    Open,
}

impl WriteAccess {
    /// The help for a statement that would write.
    pub(in crate::store) fn help(self) -> &'static str {
        match self {
            Self::None => "`create temp table` makes a table for this session only",
            Self::ByOption => {
                "`create temp table` makes a table for this session only; `--write` lets tables of your own be changed"
            }
            Self::Open => {
                "`create`, `alter`, `drop`, `insert`, `update` and `delete` change tables of your own, in SQL that is entered; \
                 a script only reads"
            }
        }
    }
}

/// A test of the name of a function.
pub(in crate::store) type FunctionTest = fn(&str) -> bool;

/// The authorizer.
#[derive(Debug)]
pub(in crate::store) struct Authorizer {
    /// The views that are created again in TEMP; none in a plain database.
    catalogue: Arc<Catalogue>,
    /// The names of the database. A temporary table or view may have none of them, since it would hide the book's; CTEs
    /// of views read its tables under their own names.
    schema: Mutex<Arc<SchemaNames>>,
    /// The way to write to the book.
    access: WriteAccess,
    /// Set while a statement of an entry that writes is prepared and run.
    writing: AtomicBool,
    /// The statement that is being prepared.
    statement: Mutex<String>,
    /// The names of the CTEs that it defines, once one is asked for.
    statement_ctes: Mutex<Option<BTreeSet<String>>>,
    /// Returns true for the name of a function that makes or takes quantities.
    handles_quantities: FunctionTest,
    /// Returns true for the name of a function that SQLite itself does not have.
    is_added: FunctionTest,
    /// Set while the program's own statements run, such as those that create views in TEMP.
    privileged: AtomicBool,
    /// Set while temporary copies with assumed numbers are in front of the book's tables.
    has_what_if: AtomicBool,
    /// The findings so far about the statement that is being prepared.
    findings: Mutex<Findings>,
    /// The newest denial, until it is taken.
    denial: Mutex<Option<Denial>>,
    /// The names of the script tables that exist in SQL, in lower case.
    script_tables: Mutex<BTreeSet<String>>,
    /// The table with rows to keep that the statement may make.
    kept: Mutex<Option<String>>,
    /// The databases that are read beside the book.
    attached: Mutex<Vec<Arc<AttachedSchema>>>,
    /// The plain tables whose rows are still on a server.
    pub(in crate::store) unread: UnreadTables,
}

impl Authorizer {
    /// An authorizer for a database of these names; `handles_quantities` returns true for a function that makes or
    /// takes quantities, `is_added` for one that SQLite itself does not have.
    pub(in crate::store) fn new(
        catalogue: Arc<Catalogue>,
        schema: SchemaNames,
        access: WriteAccess,
        (handles_quantities, is_added): (FunctionTest, FunctionTest),
    ) -> Self {
        Self {
            catalogue,
            schema: Mutex::new(Arc::new(schema)),
            access,
            writing: AtomicBool::default(),
            statement: Mutex::default(),
            statement_ctes: Mutex::default(),
            handles_quantities,
            is_added,
            privileged: AtomicBool::default(),
            has_what_if: AtomicBool::default(),
            findings: Mutex::default(),
            denial: Mutex::default(),
            script_tables: Mutex::default(),
            kept: Mutex::default(),
            attached: Mutex::default(),
            unread: UnreadTables::default(),
        }
    }

    /// Forgets the findings about the statement before; to be called before each `prepare`.
    pub(in crate::store) fn begin_statement(&self, sql: &str) {
        sql.clone_into(&mut lock(&self.statement));
        *lock(&self.statement_ctes) = None;
        *lock(&self.denial) = None;
        *lock(&self.findings) = Findings::default();
    }

    /// Takes the findings about the statement that has been prepared.
    pub(in crate::store) fn take_findings(&self) -> Findings {
        std::mem::take(&mut lock(&self.findings))
    }

    /// Sets the names of the script tables.
    pub(in crate::store) fn set_script_tables(&self, names: impl Iterator<Item = String>) {
        *lock(&self.script_tables) = names.collect();
    }

    /// Sets the table with rows to keep that a statement may make.
    pub(in crate::store) fn set_kept(&self, table: Option<String>) {
        *lock(&self.kept) = table;
    }

    /// Takes the newest denial.
    pub(in crate::store) fn take_denial(&self) -> Option<Denial> {
        lock(&self.denial).take()
    }

    /// Switches the pass for the program's own statements on or off. Returns the previous setting.
    pub(in crate::store) fn set_privileged(&self, privileged: bool) -> bool {
        self.privileged.swap(privileged, Ordering::Relaxed)
    }

    /// The way to write to the book.
    pub(in crate::store) fn access(&self) -> WriteAccess {
        self.access
    }

    /// Lets statements change tables of one's own, or no longer. Returns the previous setting.
    pub(in crate::store) fn set_writing(&self, writing: bool) -> bool {
        self.writing.swap(writing, Ordering::Relaxed)
    }

    /// The names of the database.
    pub(in crate::store) fn schema(&self) -> Arc<SchemaNames> {
        Arc::clone(&lock(&self.schema))
    }

    /// Replaces the names of the database, which has changed.
    pub(in crate::store) fn set_schema(&self, schema: Arc<SchemaNames>) {
        *lock(&self.schema) = schema;
    }

    /// The databases that are read beside the book.
    pub(in crate::store) fn attached(&self) -> Vec<Arc<AttachedSchema>> {
        lock(&self.attached).clone()
    }

    /// Adds a database that is read beside the book.
    pub(in crate::store) fn add_attached(&self, schema: AttachedSchema) {
        lock(&self.attached).push(Arc::new(schema));
    }

    /// The attached database that an action is about; `None` for the book and the session.
    fn attached_of(&self, context: AuthContext<'_>) -> Option<Arc<AttachedSchema>> {
        let database = match context.action {
            AuthAction::AlterTable { database_name, .. } => Some(database_name),
            _ => context.database_name,
        };
        let database = database.filter(|name| !matches!(*name, "main" | "temp"))?;
        lock(&self.attached).iter().find(|schema| schema.name.eq_ignore_ascii_case(database)).cloned()
    }

    pub(in crate::store) fn has_what_if(&self) -> bool {
        self.has_what_if.load(Ordering::Relaxed)
    }

    pub(in crate::store) fn set_has_what_if(&self, has_what_if: bool) {
        self.has_what_if.store(has_what_if, Ordering::Relaxed);
    }

    /// The authorizer callback: records the findings about an action, and allows or denies it.
    pub(in crate::store) fn authorize(&self, context: AuthContext<'_>) -> Authorization {
        if self.privileged.load(Ordering::Relaxed) {
            return if self.unread.denies(context) { Authorization::Deny } else { Authorization::Allow };
        }
        if let Some(table) = self.unread.read_by(context) {
            lock(&self.findings).unread.insert(table);
        }
        if context.accessor.is_some_and(|accessor| !is_reserved(accessor) && !self.is_public_view(accessor)) {
            lock(&self.findings).reads_user_views = true;
        }
        if let AuthAction::Function { function_name } = context.action {
            let is_direct = context.accessor.is_none_or(|accessor| self.is_cte_of_statement(accessor));
            lock(&self.findings).functions.insert((function_name.to_owned(), is_direct));
            if self.is_quantity_function(function_name) {
                lock(&self.findings).reads_quantities = true;
            }
            // SQLite does not always report a view whose rows are only counted; it does report its marker.
            if let (TAG_FUNCTION, Some(view)) = (function_name, context.accessor) {
                lock(&self.findings).reads.insert((view.to_owned(), String::new()));
            }
        }
        let attached = self.attached_of(context);
        if let AuthAction::Read { table_name, column_name } = context.action
            && attached.is_none()
            && self.depends_on_assumptions(table_name, context)
        {
            lock(&self.findings).reads.insert((table_name.to_owned(), column_name.to_owned()));
        }
        let refusal = |this: &Self| match &attached {
            Some(schema) => this.refuse_attached(schema, context),
            None => this.refusal(context),
        };
        match self.refuse_unchecked_series(context).or_else(|| refusal(self)) {
            None => Authorization::Allow,
            Some(denial) => {
                *lock(&self.denial) = Some(denial);
                Authorization::Deny
            }
        }
    }

    /// The denial of a series whose bounds nothing has checked: set by a condition, or computed in a view of the file.
    fn refuse_unchecked_series(&self, context: AuthContext<'_>) -> Option<Denial> {
        let is_unchecked = |view: &&str| {
            let view = view.to_ascii_lowercase();
            self.schema().unchecked_series.contains(&view)
                || self.attached().iter().any(|schema| schema.names.unchecked_series.contains(&view))
        };
        if let Some(view) = context.accessor.filter(is_unchecked) {
            let help = "write its `generate_series` in the statement itself, where its bounds are checked";
            return deny(format!("read `{view}`, which counts to a bound that is not checked"), help);
        }
        match context.action {
            AuthAction::Read { table_name: SERIES, column_name } if HIDDEN_COLUMNS.contains(&column_name) => deny(
                format!("set `{column_name}` of `generate_series` by a condition"),
                "give its bounds as arguments: `generate_series(start, stop, step)`",
            ),
            _ => None,
        }
    }

    /// The denial of an action on an attached database; `None` if it is allowed. What the session's own views read is named
    /// in them; a view of the book means its tables alone.
    fn refuse_attached(&self, schema: &AttachedSchema, context: AuthContext<'_>) -> Option<Denial> {
        let is_direct = context.accessor.is_none_or(|accessor| {
            self.is_cte_of_statement(accessor) || self.schema().relations.contains(&accessor.to_ascii_lowercase())
        });
        if let AuthAction::Pragma { .. } | AuthAction::Function { .. } = context.action {
            return self.refusal(context);
        }
        schema.refusal(context.action, &lock(&self.statement), is_direct)
    }

    /// The denial of an action; `None` if it is allowed.
    fn refusal(&self, context: AuthContext<'_>) -> Option<Denial> {
        let in_temp = context.database_name == Some("temp");
        if self.writing.load(Ordering::Relaxed)
            && !self.is_rtree_write(context.action)
            && let Some(ruling) = self.rule_write(context)
        {
            return ruling.err();
        }
        match context.action {
            AuthAction::Select | AuthAction::Recursive => None,
            action if !in_temp && self.is_rtree_write(action) => None,
            AuthAction::Read { table_name, column_name } => self
                .refuse_read(table_name, context.database_name)
                .or_else(|| self.refuse_assumed_figure(table_name, column_name, in_temp, context.accessor))
                .or_else(|| self.refuse_figure_text(table_name, column_name, context.accessor)),
            AuthAction::Function { function_name } => Self::refuse_function(function_name),
            AuthAction::Pragma { pragma_name, pragma_value } if !is_reading_pragma(pragma_name, pragma_value) => {
                deny(format!("set the pragma `{pragma_name}`"), "leave it out: a question changes no setting")
            }
            AuthAction::Pragma { .. } => None,
            AuthAction::CreateTempTable { table_name: name }
            | AuthAction::CreateTempView { view_name: name }
            | AuthAction::DropTempTable { table_name: name }
            | AuthAction::DropTempView { view_name: name }
                if self.is_reserved_temp_name(name) && !self.is_kept(name) =>
            {
                deny(format!("make or drop something temporary called `{name}`"), "give yours another name")
            }
            AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name }
                if is_program_name(table_name) || self.is_script_table(table_name) =>
            {
                deny(format!("change `{table_name}`"), "make a table of your own with `create temp table`")
            }
            AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name }
                if in_temp && self.is_reserved_temp_name(table_name) =>
            {
                deny(format!("change `{table_name}`"), "suppose another number with `.assume`")
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
            AuthAction::Attach { .. } | AuthAction::Detach { .. } => self.refuse_attach(context.action),
            AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
                deny("begin or end a transaction".into(), "leave it out: a question changes nothing")
            }
            _ => deny("write to the book".into(), self.access.help()),
        }
    }

    /// The denial of attaching a database, as `vacuum into` does too, or detaching one.
    fn refuse_attach(&self, action: AuthAction<'_>) -> Option<Denial> {
        match action {
            AuthAction::Detach { .. } => {
                deny("detach a database".into(), "leave its `--attach` out when you start the program")
            }
            _ if self.is_statement(&["attach"]) => deny(
                "open another file".into(),
                "start the program with `--attach NAME=FILE`: it reads a second database beside the book",
            ),
            _ => deny("open or write another file".into(), "name the book when you start the program"),
        }
    }

    /// The ruling on a change of the file by an entry that writes; `None` for any other action. The first change of a statement
    /// is that which it names.
    fn rule_write(&self, context: AuthContext<'_>) -> Option<Result<(), Denial>> {
        let function = || ownership::refuse_function(context.action, &lock(&self.statement), self.is_added);
        if let Some(denial) = refuse_kind(context.action).or_else(function) {
            return Some(Err(denial));
        }
        if let AuthAction::Reindex { .. } = context.action {
            // SQLite reports the creation of an index as one too.
            return self.is_statement(&["create"]).then_some(Ok(()));
        }
        if let AuthAction::Insert { table_name } = context.action
            && context.database_name == Some("temp")
            && (self.is_public_view(table_name) || self.schema().is_user_view(table_name))
        {
            // SQLite itself says so of the other verbs.
            return Some(Err(refuse_view(table_name, self.is_public_view(table_name))));
        }
        let change = match context.action {
            // A public view is found in TEMP first.
            AuthAction::DropTempView { view_name } if self.is_public_view(view_name) => {
                Change::Drop("view", view_name.to_owned())
            }
            _ => Change::of(context)?,
        };
        if is_sqlite_name(change.name()) {
            // Its own statements keep these tables, in the course of a `create`, `drop` or `alter`.
            let ruling =
                if self.is_statement(&["create", "drop", "alter"]) { Ok(()) } else { Err(sqlite_table(&change)) };
            return Some(ruling);
        }
        if let Some(denial) = refuse_change(&change, context, &self.schema(), &self.catalogue) {
            return Some(Err(denial));
        }
        lock(&self.findings).change.get_or_insert(change);
        Some(Ok(()))
    }

    /// True if the statement that is being prepared begins with one of these words, behind an `explain`.
    fn is_statement(&self, verbs: &[&str]) -> bool {
        let statement = lock(&self.statement);
        let mut words = tokens(&statement).filter(|token| token.kind != TokenKind::Comment);
        let verb = words.find(|token| !token.is_word(&statement, "explain"));
        verb.is_some_and(|verb| verbs.iter().any(|known| verb.is_word(&statement, known)))
    }

    /// True for a write that SQLite prepares, and does not carry out, when it first reads an R-Tree table.
    fn is_rtree_write(&self, action: AuthAction<'_>) -> bool {
        match action {
            AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name } => self.schema().is_rtree_shadow(table_name),
            _ => false,
        }
    }

    fn is_quantity_function(&self, function: &str) -> bool {
        function == TAG_FUNCTION || (self.handles_quantities)(function)
    }

    fn is_public_view(&self, name: &str) -> bool {
        self.catalogue.find(name).is_some()
    }

    /// True if a temporary object of this name would hide one of the book's, or of the program's own.
    fn is_reserved_temp_name(&self, name: &str) -> bool {
        is_program_name(name)
            || self.is_public_view(name)
            || self.schema().relations.contains(&name.to_ascii_lowercase())
    }

    /// Denies reading the file's own public views, which are plain text; those made again in TEMP are tagged.
    fn refuse_read(&self, table: &str, database: Option<&str>) -> Option<Denial> {
        let bypasses = database == Some("main") && self.is_public_view(table);
        if bypasses {
            deny(format!("read `main.{table}` directly"), "leave out `main.`: the view keeps its units")
        } else {
            None
        }
    }

    /// True if a read of a table or view may differ under an assumption. The table of assumptions counts only where the
    /// statement reads it directly: the views that read it count themselves.
    fn depends_on_assumptions(&self, table: &str, context: AuthContext<'_>) -> bool {
        let is_assumed = || {
            table == "assumed" && context.database_name == Some("temp") && !context.accessor.is_some_and(is_reserved)
        };
        self.is_public_view(table) || is_reserved(table) || is_assumed()
    }

    /// True if a view of the database may read something of this name: a table, a view, or a CTE of its definition.
    pub(in crate::store) fn is_read_by_views(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let schema = self.schema();
        is_reserved(&name) || schema.relations.contains(&name) || schema.view_ctes().contains(&name)
    }

    /// True for the table with rows to keep that the statement may make.
    fn is_kept(&self, name: &str) -> bool {
        lock(&self.kept).as_deref() == Some(name)
    }

    fn is_script_table(&self, name: &str) -> bool {
        lock(&self.script_tables).contains(&name.to_ascii_lowercase())
    }

    /// Denies reading an assumed number past the views: it would not name its assumption.
    fn refuse_assumed_figure(
        &self,
        table: &str,
        column: &str,
        in_temp: bool,
        accessor: Option<&str>,
    ) -> Option<Denial> {
        let is_read = in_temp && self.has_what_if() && table == "figure" && !column.is_empty();
        if !is_read || accessor.is_some_and(is_reserved) {
            return None;
        }
        let action = format!("read `figure.{column}` while a figure is assumed");
        deny(action, "read `figures` or `facts`, where it is marked, or take it back with `.assume none`")
    }

    /// Denies reading the text form of a figure from its table, where it would be a text like any other. The views that
    /// tag it have CTEs with reserved names.
    fn refuse_figure_text(&self, table: &str, column: &str, accessor: Option<&str>) -> Option<Denial> {
        let is_text = !self.catalogue.is_empty()
            && table == "figure"
            && ["amount", "upper", "value", "quantity"].contains(&column);
        if !is_text || accessor.is_some_and(is_reserved) {
            return None;
        }
        let bypassed =
            ctes::names_qualified_by(&lock(&self.statement), "main").into_iter().find(|name| self.is_public_view(name));
        if let Some(view) = bypassed {
            return self.refuse_read(&view, Some("main"));
        }
        deny(format!("read `figure.{column}`"), "read `figures` or `facts`, where it keeps its unit")
    }

    /// True if the statement that is being prepared defines a CTE of this name itself.
    fn is_cte_of_statement(&self, name: &str) -> bool {
        let mut known = lock(&self.statement_ctes);
        known.get_or_insert_with(|| ctes::cte_names(&lock(&self.statement))).contains(&name.to_lowercase())
    }

    fn refuse_function(name: &str) -> Option<Denial> {
        match name {
            "load_extension" => deny("load an extension".into(), "what SQL lacks can be written as a script"),
            "fts3_tokenizer" => deny("call `fts3_tokenizer`".into(), "leave it out"),
            _ => None,
        }
    }
}

#[allow(clippy::unnecessary_wraps)] // every refusal reads as one expression
fn deny(action: String, help: &str) -> Option<Denial> {
    Some(Denial::of_question(action, help))
}

/// The denial of a direct change of a table of SQLite's own.
fn sqlite_table(change: &Change) -> Denial {
    let action = format!("change `{}`: it is SQLite's own", change.name());
    Denial::of_entry(action, "`create`, `alter` and `drop` change it")
}

/// Pragmas that only read, with any argument.
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
const READING_PRAGMAS_WITHOUT_VALUE: [&str; 8] = [
    "application_id",
    "encoding",
    "foreign_keys",
    "journal_mode",
    "page_size",
    "query_only",
    "schema_version",
    "user_version",
];

/// True if a pragma, with this argument or none, only reads.
fn is_reading_pragma(name: &str, value: Option<&str>) -> bool {
    let lower = name.to_ascii_lowercase();
    READING_PRAGMAS.contains(&lower.as_str())
        || (value.is_none() && READING_PRAGMAS_WITHOUT_VALUE.contains(&lower.as_str()))
}
