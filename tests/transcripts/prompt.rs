//! A prompt in this process: a session of the bundled book that takes one entry after the other, as on a terminal
//! but without colour. What is saved there lies in the directory of the document.

use crate::scratch::printed::Printed;
use pledgebook::script::library;
use pledgebook::session::Session;
use pledgebook::syntax::Text;
use pledgebook::terminal::{Flow, draw};
use std::path::{Path, PathBuf};

pub(crate) struct Prompt {
    session: Session,
    directory: PathBuf,
}

impl Prompt {
    pub(crate) fn new(directory: &Path) -> Self {
        let mut session = Session::open(None).expect("the bundled book opens");
        session.settings.to_terminal = true;
        Self { session, directory: directory.to_owned() }
    }

    /// What the prompt prints for an entry: its results, what is said beside them, its error.
    pub(crate) fn enter(&mut self, entry: &str) -> String {
        let printed = Printed::default();
        let output = self.session.output(printed.clone(), printed.clone(), false).expect("the bundled book has units");
        let done = self.session.eval(&Text::new("prompt", entry), None, &output);
        drop(output);
        let done = done.and_then(|flow| match flow {
            Flow::Save(path, text) => library::save(&self.directory.join(path), &text),
            _ => Ok(()),
        });
        let error = done.err().and_then(|error| error.report()).map(|report| draw(&report, false, None));
        let printed = String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
        [printed, error.unwrap_or_default()].concat()
    }
}
