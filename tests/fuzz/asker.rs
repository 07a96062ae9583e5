//! A session in this process that is asked as the prompt would ask it, and what it sends to a terminal.

use crate::fuzz::{tame, watchdog};
use crate::scratch::printed::Printed;
use pledgebook::error::Error;
use pledgebook::session::Session;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use pledgebook::terminal::{self, Language};
use std::path::Path;

/// The exit code of a fault of the program.
const FAULT: u8 = 70;

/// What came of a text.
pub(crate) struct Answer {
    /// What was printed up to the error, results and remarks.
    pub(crate) printed: String,
    /// The error, as it is drawn.
    pub(crate) error: Option<String>,
}

/// A session.
pub(crate) struct Asker(pub(crate) Session);

impl Asker {
    /// A session of the bundled book, or of a file; the error with which it does not open.
    pub(crate) fn open(path: Option<&Path>, format: Format) -> Result<Self, Error> {
        let mut session = Session::open(path)?;
        session.settings.format = format;
        Ok(Self(session))
    }

    /// A session of the bundled book.
    pub(crate) fn bundled(format: Format) -> Self {
        Self::open(None, format).expect("the bundled book opens")
    }

    /// Asks entry by entry up to the first error.
    pub(crate) fn entries(&mut self, text: &str) -> Result<Answer, String> {
        watchdog::watch(self.0.book().stop());
        self.entries_however_long(text)
    }

    /// The same for what a kind makes ready, which no slow machine may end.
    pub(crate) fn entries_however_long(&mut self, text: &str) -> Result<Answer, String> {
        let printed = Printed::default();
        let mut error = None;
        let mut from = 0;
        while let Some(entry) =
            terminal::next_entry(text, from, terminal::SqlEnd::Line, &|name| self.0.has_variable(name))
        {
            from = entry.end;
            error = self.eval(&text[entry], None, &printed)?;
            if error.is_some() {
                break;
            }
        }
        Ok(Answer { printed: text_of(&printed)?, error })
    }

    /// Asks one text in its language.
    pub(crate) fn ask(&mut self, text: &str, language: Language) -> Result<Answer, String> {
        watchdog::watch(self.0.book().stop());
        let printed = Printed::default();
        let error = self.eval(text, Some(language), &printed)?;
        Ok(Answer { printed: text_of(&printed)?, error })
    }

    fn eval(&mut self, text: &str, language: Option<Language>, printed: &Printed) -> Result<Option<String>, String> {
        let output = self.0.output(printed.clone(), printed.clone(), false);
        match self.0.eval(&Text::new("prompt", text), language, &output) {
            Ok(_) => Ok(None),
            Err(error) => drawn(&error).map(Some),
        }
    }
}

impl Answer {
    /// Whether all of it may be sent to a terminal.
    pub(crate) fn tame(&self) -> Result<(), String> {
        tame::check(&self.printed)
    }
}

/// An error as it is drawn; whether it is a fault of the program or would disturb a terminal.
pub(crate) fn drawn(error: &Error) -> Result<String, String> {
    let Some(report) = error.report() else { return Ok(String::new()) };
    let drawn = terminal::draw(&report, false, None);
    if error.exit_code() == FAULT {
        return Err(format!("a fault: {drawn}"));
    }
    tame::check(&drawn)?;
    Ok(drawn)
}

fn text_of(printed: &Printed) -> Result<String, String> {
    String::from_utf8(printed.0.take()).map_err(|_| "what is printed is no UTF-8".to_owned())
}
