//! The owners of what a book's file holds, and what an entry may change of it. The tables and views of the schema are the book's:
//! its facts are changed by files of facts, whose codes, keys and spans are checked. An imported table is the record of a file: it
//! is cited by its rows, and a digest of its content is kept, so that it stays as it was imported, or goes as a whole. Everything
//! else is the person's whose book it is, whatever program has made it.

use super::denial::Denial;
use super::{SchemaNames, is_program_name, is_sqlite_name, text};
use crate::store::catalogue::Catalogue;
use crate::store::{bundled, quote_identifier};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use rusqlite::hooks::{AuthAction, AuthContext};
use rusqlite::{Connection, Result};

/// The owner of a table, view or index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Owner {
    /// The book: its schema has the name.
    Book,
    /// An import.
    Import,
    /// The person whose book it is.
    Person,
    /// Nobody: there is no such thing.
    Nobody,
}

/// A change that a statement makes to something in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Rows are inserted into a table.
    Insert(String),
    /// Rows of a table are updated.
    Update(String),
    /// Rows of a table are deleted.
    Delete(String),
    /// Something of this kind is created: `table`, `view` or `index`.
    Create(&'static str, String),
    /// Something of this kind is dropped.
    Drop(&'static str, String),
    /// A table is altered.
    Alter(String),
}

impl Change {
    /// The table, view or index.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Insert(name) | Self::Update(name) | Self::Delete(name) | Self::Alter(name) => name,
            Self::Create(_, name) | Self::Drop(_, name) => name,
        }
    }

    /// True if it changes the schema.
    #[must_use]
    pub fn is_of_schema(&self) -> bool {
        matches!(self, Self::Create(..) | Self::Drop(..) | Self::Alter(_))
    }

    /// The change of the main database that an action is; `None` for any other action.
    pub(super) fn of(context: AuthContext<'_>) -> Option<Self> {
        if context.database_name == Some("temp") {
            return None;
        }
        Some(match context.action {
            AuthAction::Insert { table_name } => Self::Insert(table_name.to_owned()),
            AuthAction::Update { table_name, .. } => Self::Update(table_name.to_owned()),
            AuthAction::Delete { table_name } => Self::Delete(table_name.to_owned()),
            AuthAction::CreateTable { table_name } => Self::Create("table", table_name.to_owned()),
            AuthAction::CreateView { view_name } => Self::Create("view", view_name.to_owned()),
            AuthAction::CreateIndex { index_name, .. } => Self::Create("index", index_name.to_owned()),
            AuthAction::DropTable { table_name } => Self::Drop("table", table_name.to_owned()),
            AuthAction::DropView { view_name } => Self::Drop("view", view_name.to_owned()),
            AuthAction::DropIndex { index_name, .. } => Self::Drop("index", index_name.to_owned()),
            AuthAction::AlterTable { database_name: "main", table_name } => Self::Alter(table_name.to_owned()),
            _ => return None,
        })
    }
}

impl SchemaNames {
    /// Reads who owns what.
    pub(super) fn read_owners(&mut self, connection: &Connection, schema: &str) -> Result<()> {
        if !self.relations.contains("imported_table") {
            return Ok(());
        }
        let schema = quote_identifier(schema);
        let mut imports = connection.prepare(&format!("select name, stored from {schema}.imported_table"))?;
        let mut rows = imports.query([])?;
        while let Some(row) = rows.next()? {
            self.imported.extend([text(row, 0)?, text(row, 1)?].map(|name| name.to_ascii_lowercase()));
        }
        // A virtual table has no page of its own: its rows are wherever its module keeps them.
        let sql = format!(
            "select name, tbl_name, type from {schema}.sqlite_schema where type in ('view', 'index') \
             or (type = 'table' and rootpage > 0)"
        );
        let mut objects = connection.prepare(&sql)?;
        let mut rows = objects.query([])?;
        while let Some(row) = rows.next()? {
            let (name, table) = (text(row, 0)?, text(row, 1)?);
            let is_others =
                |name: &str| bundled::is_of_schema(name) || self.imported.contains(&name.to_ascii_lowercase());
            if is_others(&name) || is_others(&table) || is_sqlite_name(&name) || is_kept_name(&name) {
                continue;
            }
            self.own.insert(name.to_ascii_lowercase());
            if row.get_ref(2)?.as_bytes()? == b"view" {
                self.user_views.push(name);
            }
        }
        Ok(())
    }

    /// True for a view of the person whose book it is.
    pub(super) fn is_user_view(&self, name: &str) -> bool {
        self.user_views.iter().any(|view| view.eq_ignore_ascii_case(name))
    }

    /// The owner of a table, view or index.
    pub(in crate::store) fn owner(&self, name: &str) -> Owner {
        let name = name.to_ascii_lowercase();
        match () {
            () if self.own.contains(&name) => Owner::Person,
            () if self.imported.contains(&name) => Owner::Import,
            () if self.relations.contains(&name) || bundled::is_of_schema(&name) => Owner::Book,
            () => Owner::Nobody,
        }
    }
}

/// The denial of an entry.
#[allow(clippy::unnecessary_wraps)] // every refusal reads as one expression
fn deny(action: String, help: &str) -> Option<Denial> {
    Some(Denial::of_entry(action, help))
}

/// The denial of a name for something of a person's: the book's own, an import's, or one of the program.
pub(in crate::store) fn refuse_name(name: &str, schema: &SchemaNames, catalogue: &Catalogue) -> Option<Denial> {
    let is_programs = is_kept_name(name);
    let is_taken = catalogue.find(name).is_some() || matches!(schema.owner(name), Owner::Book | Owner::Import);
    if !is_programs && !is_taken {
        return None;
    }
    let whose = if is_programs { "the program itself has that name" } else { "the book has something of that name" };
    deny(format!("make `{name}`: {whose}"), "give yours another name")
}

/// True for a name that the program gives to tables and views of a session.
fn is_kept_name(name: &str) -> bool {
    is_program_name(name) || name.eq_ignore_ascii_case("assumed")
}

/// The denial of a change of a view's rows.
pub(in crate::store) fn refuse_view(name: &str, is_books: bool) -> Denial {
    let (whose, help) = if is_books {
        (
            "a view of the book",
            "`create view` of your own shows it as you need it; `.help correct` says how a fact is corrected",
        )
    } else {
        ("a view, and has no rows of its own", "change the table that it reads")
    };
    Denial::of_entry(format!("change `{name}`: it is {whose}"), help)
}

/// The denial of a change; `None` if the thing that it changes is the person's.
pub(super) fn refuse_change(
    change: &Change,
    context: AuthContext<'_>,
    schema: &SchemaNames,
    catalogue: &Catalogue,
) -> Option<Denial> {
    // An index is its table's.
    let table = match context.action {
        AuthAction::CreateIndex { table_name, .. } | AuthAction::DropIndex { table_name, .. } => table_name,
        _ => change.name(),
    };
    if let Change::Create(_, name) = change
        && let Some(denial) = refuse_name(name, schema, catalogue)
    {
        return Some(denial);
    }
    match schema.owner(table) {
        Owner::Person => None,
        // SQLite itself says that it is missing, or has made the table of an index a moment before.
        Owner::Nobody => None,
        Owner::Import => {
            let help = "`create view` shows it as you need it; a newer file goes by `import --revision-of`, and `drop` takes it back";
            deny(format!("change `{table}`: it is the record of an imported file"), help)
        }
        Owner::Book => {
            let help = "`create table` makes one of your own; `.help correct` says how a fact is corrected";
            deny(format!("change `{table}`: it is the book's own"), help)
        }
    }
}

/// The denial of a function of the program's in the definition of a column or an index, where every other program that reads or
/// copies the book would need it; `None` for any other action.
pub(super) fn refuse_function(action: AuthAction<'_>, statement: &str, is_added: fn(&str) -> bool) -> Option<Denial> {
    let AuthAction::Function { function_name } = action else { return None };
    if !is_added(function_name) || !defines_columns(statement) {
        return None;
    }
    let action = format!("define a column or an index by `{function_name}`, which other programs do not have");
    deny(action, "compute it in a view, as `create view`")
}

/// True if a statement defines columns or an index by expressions of its own.
fn defines_columns(statement: &str) -> bool {
    let words: Vec<Token> = tokens(statement).filter(|token| token.kind != TokenKind::Comment).collect();
    let is = |at: usize, word: &str| words.get(at).is_some_and(|token| token.is_word(statement, word));
    match () {
        () if is(0, "alter") => true,
        () if is(0, "create") && is(1, "table") => {
            // Behind the name stands a list of columns, or `as`.
            let mut rest = words
                .iter()
                .skip(2)
                .skip_while(|token| ["if", "not", "exists"].iter().any(|word| token.is_word(statement, word)));
            rest.find(|token| token.text(statement) == "(" || token.is_word(statement, "as"))
                .is_some_and(|token| token.text(statement) == "(")
        }
        () => is(0, "create") && (is(1, "index") || is(1, "unique")),
    }
}

/// The denial of an action that no entry may do, with its reason; `None` for any other action.
pub(super) fn refuse_kind(action: AuthAction<'_>) -> Option<Denial> {
    match action {
        AuthAction::CreateTrigger { .. } | AuthAction::CreateTempTrigger { .. } => deny(
            "make a trigger: it would change tables that no entry names".into(),
            "write what it would do in the entry",
        ),
        AuthAction::CreateVtable { .. } | AuthAction::DropVtable { .. } => {
            deny("make or drop a virtual table: its rows are no plain table".into(), "`create table` makes a plain one")
        }
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
            let help = "leave it out: an entry is one transaction, kept at its end for good; `;` joins its statements, and a file \
                        given by `-f` is one entry, where each statement of a pipe is one";
            deny("begin or end a transaction".into(), help)
        }
        _ => None,
    }
}
