//! The guard of a database that is attached beside the book: its tables are read under its name and never written to. Of a
//! book that is attached only what a person has made in it is read: its facts have ids of their own, and its numbers their
//! units, and both would be lost here.

use super::denial::Denial;
use super::ownership::Owner;
use super::{SchemaNames, ctes, is_program_name, is_sqlite_name};
use rusqlite::hooks::AuthAction;

/// A database that is attached beside the book.
#[derive(Debug)]
pub(in crate::store) struct AttachedSchema {
    /// The name under which it is read, in lower case.
    pub(in crate::store) name: String,
    /// Its file as it is shown.
    pub(in crate::store) file: String,
    /// True if it is a book of its own.
    pub(in crate::store) is_book: bool,
    /// The names in it.
    pub(in crate::store) names: SchemaNames,
}

impl AttachedSchema {
    /// True if its tables and views of this name can be read here.
    pub(in crate::store) fn is_readable(&self, table: &str) -> bool {
        !is_program_name(table) && (!self.is_book || !matches!(self.names.owner(table), Owner::Book | Owner::Import))
    }

    /// The denial of an action on it; `None` if it is allowed. `is_direct` is true for an action of the statement's own text.
    pub(super) fn refusal(&self, action: AuthAction<'_>, statement: &str, is_direct: bool) -> Option<Denial> {
        let name = &self.name;
        match action {
            AuthAction::Select | AuthAction::Recursive | AuthAction::Function { .. } => None,
            // Whatever it sets is judged as of any pragma.
            AuthAction::Pragma { .. } => None,
            AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name }
                if self.names.is_rtree_shadow(table_name) =>
            {
                None
            }
            AuthAction::Read { table_name, .. } => self.refuse_read(table_name, statement, is_direct),
            _ => {
                let help = format!(
                    "it is attached for reading alone; `create temp table … as select * from {name}.…` copies rows"
                );
                Some(Denial::of_question(format!("write to `{name}`"), &help))
            }
        }
    }

    fn refuse_read(&self, table: &str, statement: &str, is_direct: bool) -> Option<Denial> {
        let name = &self.name;
        if is_program_name(table) {
            let help = "give it another name in its own file: here the program has that one";
            return Some(Denial::of_question(format!("read `{name}.{table}`"), help));
        }
        if !self.is_readable(table) {
            // A view is read before the tables behind it are, and is what was written.
            let written = ctes::names_qualified_by(statement, name).into_iter().find(|other| !self.is_readable(other));
            let table = written.as_deref().unwrap_or(table);
            let action =
                format!("read `{name}.{table}`: it belongs to another book, whose facts and units are its own");
            let help = format!(
                "`pledgebook '{}'` asks that book; here only tables of your own in it are read, and a table of its imports by `--table NAME=FILE`, from the file itself",
                self.file
            );
            return Some(Denial::of_question(action, &help));
        }
        let is_qualified = || {
            let lower = table.to_lowercase();
            is_sqlite_name(table) || ctes::names_qualified_by(statement, name).contains(&lower)
        };
        if is_direct && !is_qualified() {
            let action = format!("read `{table}`, which the book does not have, by that name alone");
            return Some(Denial::of_question(action, &format!("`{name}` has one: write `{name}.{table}`")));
        }
        None
    }
}
