//! Preparing a statement of the user under the authorizer. Anything that it names and the book lacks is created first:
//! a tagged view, the last result, a script's table or a script's function.

use super::{Book, Denial, Findings, OwnedStatement, failure, guard, udf};
use rusqlite::{Error, Result};

/// A prepared statement of the user with the authorizer's findings about it.
pub struct GuardedStatement {
    /// The statement.
    pub statement: OwnedStatement,
    /// The findings.
    pub findings: Findings,
}

/// The error of a statement that can't be prepared.
#[derive(Debug)]
pub struct PrepareError {
    /// SQLite's error.
    pub error: Error,
    /// The denial, if the authorizer has denied the statement.
    pub denial: Option<Denial>,
}

impl From<Error> for PrepareError {
    fn from(error: Error) -> Self {
        Self { error, denial: None }
    }
}

/// A missing object that a statement names.
enum Missing<'e> {
    Table(&'e str),
    Function(&'e str),
}

impl Book {
    /// Prepares a statement of the user under the authorizer.
    ///
    /// # Errors
    /// SQLite's own, with the denial of a statement that is denied.
    pub fn prepare(&self, sql: &str) -> Result<GuardedStatement, PrepareError> {
        self.privileged(|connection| self.pending.create(connection, sql))?;
        self.drop_stale_script_tables(sql)?;
        loop {
            self.authorizer.begin_statement(sql);
            let error = match self.connection.prepare_owned(sql) {
                Ok(statement) => {
                    let findings = self.authorizer.take_findings();
                    self.check_called_functions(&findings)?;
                    return Ok(GuardedStatement { statement, findings });
                }
                Err(error) => error,
            };
            let denial = self.authorizer.take_denial();
            let is_created = match missing(&error) {
                Some(Missing::Table(name)) if guard::is_program_name(name) => self.create_last_result()?,
                Some(Missing::Table(name)) => self.create_script_table(name)?,
                Some(Missing::Function(name)) => self.register_script_function(name)?,
                None => false,
            };
            if !is_created {
                return Err(PrepareError { error, denial });
            }
        }
    }

    /// True if a function of SQL is, or was, one of a script.
    pub(super) fn is_script_function(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.script_functions.borrow().iter().any(|(known, _)| *known == name)
    }

    /// The help for a function that was passed a quantity; `None` for one that is not a script's.
    #[must_use]
    pub fn quantity_help(&self, function: &str) -> Option<String> {
        self.is_script_function(function).then(|| udf::quantity_prefix_help(function))
    }

    /// The signature of a script's function that the statement can call, its variants separated by ` · `.
    #[must_use]
    pub fn scripted_signature(&self, name: &str) -> Option<String> {
        let found = self.host()?.functions(name);
        let signatures: Vec<&str> = found.iter().map(|function| function.signature.as_str()).collect();
        (!signatures.is_empty()).then(|| signatures.join(" · "))
    }

    /// Registers a script's function of that name, for each number of arguments that it can take. Returns true if any
    /// was not registered.
    fn register_script_function(&self, name: &str) -> Result<bool> {
        let Some(host) = self.host() else { return Ok(false) };
        let mut is_new = false;
        for function in host.functions(name) {
            let known = (function.name.to_ascii_lowercase(), function.arguments);
            if self.script_functions.borrow().contains(&known) {
                continue;
            }
            udf::register_script_function(&self.connection, &self.udf, &function)?;
            self.script_functions.borrow_mut().insert(known);
            is_new = true;
        }
        Ok(is_new)
    }

    /// Refuses calls of script functions that SQLite would resolve wrongly: it keeps one that is gone, ignores letter
    /// case, and prefers functions of its own.
    fn check_called_functions(&self, findings: &Findings) -> Result<()> {
        let host = self.host();
        for (name, is_direct) in &findings.functions {
            let found = host.as_ref().map(|host| host.functions(name)).unwrap_or_default();
            match found.iter().find(|function| function.name != found[0].name) {
                _ if !self.is_script_function(name) && *is_direct && !found.is_empty() => {
                    return Err(failure(format!("SQL has a function `{name}`, and so has the script")));
                }
                _ if !self.is_script_function(name) => {}
                Some(other) => {
                    return Err(failure(format!("in SQL `{}` and `{}` are one name", found[0].name, other.name)));
                }
                None if found.is_empty() => return Err(failure(format!("no such function: {name}"))),
                None => {}
            }
        }
        Ok(())
    }
}

fn missing(error: &Error) -> Option<Missing<'_>> {
    let (Error::SqlInputError { msg: said, .. } | Error::SqliteFailure(_, Some(said))) = error else { return None };
    let function = || {
        let other_count = said.strip_prefix("wrong number of arguments to function ");
        said.strip_prefix("no such function: ").or_else(|| other_count?.strip_suffix("()"))
    };
    said.strip_prefix("no such table: ").map(Missing::Table).or_else(|| function().map(Missing::Function))
}
