//! Asks one question of a fresh session of the bundled book, and tells in one line what came of it.

use pledgebook::error::Report;
use pledgebook::session::{NoteLevel, Session};
use pledgebook::sql::Output;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use pledgebook::terminal::{SqlEnd, next_entry};
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// What stands for an answer without a row.
const NO_ROWS: &str = "nothing";

/// What came of a question.
pub(crate) struct Outcome {
    /// In the form in which the files have it.
    pub(crate) line: String,
    /// The error that it ended in.
    pub(crate) error: Option<Report>,
}

/// The prompt of a question, and of what else is asked after it.
pub(crate) struct Prompt {
    session: Session,
}

impl Prompt {
    pub(crate) fn new() -> Self {
        let mut session = Session::open(None).expect("the bundled book opens");
        session.settings.format = Format::Csv;
        session.settings.notes = NoteLevel::None;
        Self { session }
    }

    /// Asks entry by entry, as the prompt would take them, up to the first error.
    pub(crate) fn ask(&mut self, question: &str) -> Outcome {
        let (answers, remarks) = (Written::default(), Written::default());
        let output = self.session.output(answers.clone(), remarks.clone(), false);
        let error = self.entries(&question.replace("\\n", "\n"), &output);
        drop(output);
        let failure = error.as_ref().map(|report| format!("error: {}", first_line(&report.message)));
        let mut said: Vec<String> = answers.parts().iter().map(|part| rows(part)).collect();
        if failure.is_some() {
            // The names of a result that failed before its first row.
            said.pop_if(|last| last == NO_ROWS);
        }
        said.extend(failure);
        if said.is_empty() {
            said.push(NO_ROWS.to_owned());
        }
        let beside: Vec<String> = remarks.parts().concat().lines().map(|line| format!(" ({line})")).collect();
        Outcome { line: said.join(" // ") + &*beside.concat(), error }
    }

    fn entries(&mut self, question: &str, output: &Output) -> Option<Report> {
        let mut from = 0;
        while let Some(entry) = next_entry(question, from, SqlEnd::Line, &|name| self.session.has_variable(name)) {
            from = entry.end;
            if let Err(error) = self.session.eval(&Text::new("prompt", &question[entry]), None, output) {
                return Some(error.report().expect("no answer goes to a pipe"));
            }
        }
        None
    }
}

/// The rows of one result without the line of its names.
fn rows(result: &str) -> String {
    let mut is_quoted = false;
    let is_end = |c: char| {
        is_quoted ^= c == '"';
        c == '\n' && !is_quoted
    };
    let (_, rows) = result.trim_start_matches('\n').split_once(is_end).unwrap_or_default();
    let shown = |row: &str| if row.is_empty() { "NULL" } else { row }.to_owned();
    let rows: Vec<String> = rows.lines().map(shown).collect();
    if rows.is_empty() { NO_ROWS.to_owned() } else { rows.join(" / ") }
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

/// A writer whose clones write to the same results; each ends where the program flushes it.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>, Rc<RefCell<Vec<String>>>);

impl Written {
    /// What was written, result by result.
    fn parts(mut self) -> Vec<String> {
        self.flush().expect("it is flushed into memory");
        self.1.take()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let part = String::from_utf8(self.0.take()).expect("the program prints UTF-8");
        self.1.borrow_mut().extend((!part.is_empty()).then_some(part));
        Ok(())
    }
}
