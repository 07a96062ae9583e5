//! A prompt in this process: a session of the bundled book that takes one entry after the other, as on a terminal
//! but without colour. What is saved or written there lies in the directory of the document.

use crate::scratch::printed::Printed;
use pledgebook::script::library;
use pledgebook::session::Session;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use pledgebook::terminal::{Flow, draw};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Prompt {
    session: Session,
    directory: PathBuf,
    /// The file that the next answer, or all of them, go into, as far as a page shows it.
    file: Option<(String, bool)>,
}

impl Prompt {
    pub(crate) fn new(directory: &Path) -> Self {
        let mut session = Session::open(None).expect("the bundled book opens");
        session.settings.to_terminal = true;
        Self { session, directory: directory.to_owned(), file: None }
    }

    /// What the prompt prints for an entry: its results, what is said beside them, its error.
    pub(crate) fn enter(&mut self, entry: &str) -> String {
        let (printed, aside) = (Printed::default(), Printed::default());
        let screen = self.session.settings.clone();
        let into = self.file.as_ref().and_then(|(file, _)| Path::new(file).extension()?.to_str());
        if let Some(format) = into.and_then(Format::of_extension) {
            (self.session.settings.format, self.session.settings.to_terminal) = (format, false);
        }
        let notices = if self.file.is_some() { aside.clone() } else { printed.clone() };
        let follows = self.file.as_ref().is_some_and(|(file, _)| self.directory.join(file).exists());
        let output = self.session.output(printed.clone(), notices, follows);
        self.session.settings = screen;
        let done = self.session.eval(&Text::new("prompt", entry), None, &output);
        drop(output);
        let done = done.and_then(|flow| match flow {
            Flow::Save(path, text) => library::save(&self.directory.join(path), &text),
            Flow::Copy { text, format } => {
                printed.0.borrow_mut().extend(format!("copied as {format}: {} bytes\n", text.len()).into_bytes());
                Ok(())
            }
            Flow::Redirect { file, is_once, .. } => {
                self.file = Some((file, is_once));
                Ok(())
            }
            Flow::EndRedirect => {
                self.file = None;
                Ok(())
            }
            Flow::Open(file) => {
                let path = file.map(|file| self.directory.join(file));
                self.session.open_other(path.as_deref()).map(|other| self.session = other)
            }
            Flow::Continue | Flow::Read(_) | Flow::Edit => Ok(()),
        });
        let error = done.err().and_then(|error| error.report()).map(|report| draw(&report, false, None));
        let printed = String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
        let aside = String::from_utf8(aside.0.take()).expect("the program prints UTF-8");
        let shown = if printed.is_empty() { printed } else { self.written(printed) };
        [aside, shown, error.unwrap_or_default()].concat()
    }

    /// What is seen of an answer: the answer, or that it was written.
    fn written(&mut self, answer: String) -> String {
        let Some((file, is_once)) = self.file.take() else { return answer };
        let path = self.directory.join(&file);
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, [before, answer].concat()).expect("the directory is writable");
        if is_once {
            return format!("written: `{file}`\n");
        }
        self.file = Some((file, false));
        String::new()
    }
}
