//! Asks a session in this process, and makes answers comparable.

use super::expression::VARIABLES;
use crate::scratch::printed::Printed;
use pledgebook::session::{NoteLevel, Session};
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use pledgebook::terminal::Language;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The functions of the scripts, defined once in each session.
const PRELUDE: &str = include_str!("prelude.rhai");

/// The columns behind those that were asked for.
const APPENDED: [&str; 2] = ["conflict", "assumptions"];

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The cells of each row by the names of their columns, in the order of those.
    Rows(Vec<Vec<(String, String)>>),
    /// The message.
    Error(String),
    /// The program panicked, and said so.
    Panic(String),
}

/// A session of a book.
pub(crate) struct Asker(Session);

impl Asker {
    pub(crate) fn new(book: &Path) -> Self {
        let mut session = Session::open(Some(book)).expect("the book opens");
        session.settings.format = Format::Tsv;
        session.settings.notes = NoteLevel::None;
        session.settings.keep_last = false;
        let mut asker = Self(session);
        let variables = VARIABLES.map(|(name, text)| format!("let {name} = q(\"{text}\");"));
        for text in [PRELUDE, &variables.join(" ")] {
            assert_eq!(asker.said(text, Language::Script), Ok(String::new()), "{text}");
        }
        asker
    }

    /// What becomes of a statement that answers, or of a script.
    pub(crate) fn ask(&mut self, text: &str, language: Language) -> Outcome {
        match catch_unwind(AssertUnwindSafe(|| self.said(text, language))) {
            Ok(Ok(printed)) => Outcome::Rows(rows(&printed)),
            Ok(Err(message)) => Outcome::Error(message),
            Err(panic) => {
                let words = panic.downcast_ref::<String>().cloned();
                Outcome::Panic(
                    words.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default(),
                )
            }
        }
    }

    /// What is printed for a text, or its error.
    pub(crate) fn said(&mut self, text: &str, language: Language) -> Result<String, String> {
        let printed = Printed::default();
        let output = self.0.output(printed.clone(), io::sink(), false);
        let done = self.0.eval(&Text::new("case", text), Some(language), &output);
        drop(output);
        let printed = String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
        done.map(|_| printed).map_err(|error| error.to_string())
    }
}

/// The rows of what was printed. The parts of a quantity are put together again: where a column has none in any row, one
/// language knows that it is one of quantities and the other does not.
fn rows(printed: &str) -> Vec<Vec<(String, String)>> {
    let mut lines = printed.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let Some(header) = lines.next() else { return Vec::new() };
    let is_quantity = |at: usize| header.get(at + 1).is_some_and(|next| *next == format!("{}_unit", header[at]));
    let starts: Vec<(usize, usize)> = (0..header.len())
        // What a result as a whole rests on is told by each language of what it can follow.
        .filter(|at| !header[*at].contains('_') && !APPENDED.contains(&header[*at]))
        .map(|at| (at, if is_quantity(at) { 5 } else { 1 }))
        .collect();
    lines
        .map(|cells| {
            let cell = |(at, width): &(usize, usize)| {
                let joined = cells[*at..at + width].join(" | ");
                // The prelude can put an assumption to a sum by a factor alone, which is given.
                let is_factor = joined.contains("unknown_left_out=");
                let joined = if is_factor { joined.replace("given=1; ", "") } else { joined };
                (header[*at].to_owned(), joined.trim_end_matches([' ', '|']).to_owned())
            };
            let mut row: Vec<(String, String)> = starts.iter().map(cell).collect();
            row.sort();
            row
        })
        .collect()
}
