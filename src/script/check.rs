//! A script checked without being run: it is compiled, and the names of the functions that it calls and of the modules that it
//! imports are looked up. What a value is, only a run can tell.

use super::calls::KnownCalls;
use super::interpreter::Interpreter;
use super::library::{self, Script};
use crate::error::{Error, Frame};
use crate::sql::Cell;
use crate::store::Book;

impl Interpreter {
    /// The errors of a script, in the order of its lines; none where it can be run. `self` is an interpreter made for it.
    pub fn check(&mut self, script: &Script) -> Vec<Error> {
        for parameter in &script.header.parameters {
            self.set_constant(&parameter.name, Cell::Null);
        }
        match self.compile_for_check(&script.text) {
            Ok(ast) => {
                KnownCalls::new(self.engine(), &ast, &script.text, &self.names_in_scope()).errors(&script.location)
            }
            Err(error) => vec![error],
        }
    }
}

/// The errors of the defaults in a header, each at the line of its parameter.
pub fn check_defaults(script: &Script, book: &Book) -> Vec<Error> {
    let wrong = library::wrong_defaults(&script.header, book).into_iter();
    let located = wrong.map(|(parameter, error)| match error {
        Error::Usage(mut report) => {
            let declared = &parameter.declared_at;
            report.frames.push(Frame { place: script.text.place(declared.start, declared.len()), label: None });
            Error::Usage(report)
        }
        error => error,
    });
    located.collect()
}
