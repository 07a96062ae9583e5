//! A script checked without being run: it is compiled, and the names of the functions that it calls and of the modules that it
//! imports are looked up. What a value is, only a run can tell.

use super::calls::KnownCalls;
use super::interpreter::Interpreter;
use super::library::{self, Script};
use crate::error::Error;
use crate::sql::Cell;
use crate::store::Book;
use crate::syntax::Text;

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
    let wrong = library::wrong_defaults(&script.header, book);
    wrong.into_iter().map(|(name, error)| at_parameter(&script.text, name, error)).collect()
}

/// The error at the line of the header that declares a parameter.
fn at_parameter(text: &Text, name: &str, error: Error) -> Error {
    let Error::Usage(mut report) = error else { return error };
    let declared = format!("{name}: ");
    let mut offset = 0;
    for line in text.whole.split_inclusive('\n') {
        if line.trim_start_matches('/').trim_start().starts_with(&declared) {
            let place = text.place(offset, line.trim_end().len());
            report.frames.push(crate::error::Frame { place, label: None });
            break;
        }
        offset += line.len();
    }
    Error::Usage(report)
}
