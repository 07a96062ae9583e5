//! Texts that are run as they would be typed, entry by entry, with the files that they read. What is done with an entry is
//! the caller's.

use super::waiting::{self, Received};
use crate::error::{Error, wrong};
use crate::session::Session;
use crate::syntax::Text;
use crate::terminal::{self, Flow};
use std::ops::Range;
use std::path::Path;

/// How deep files may read each other.
const MOST_NESTED: usize = 16;

/// Does one entry.
pub(super) type Ask<'a> = dyn FnMut(&mut Session, &Text) -> Result<Flow, Error> + 'a;

/// Runs a text, entry by entry; the first error ends it, and so does one that leaves.
///
/// # Errors
/// Those of `ask`; a byte of an entry that is no UTF-8; a file that can't be read, or that reads itself.
pub(super) fn run(session: &mut Session, received: &Received, name: &str, ask: &mut Ask<'_>) -> Result<Flow, Error> {
    run_within(session, received, name, 0, ask)
}

/// Does one entry, and what a file holds that it reads.
///
/// # Errors
/// As [`run`].
pub(super) fn one(session: &mut Session, entry: &Text, ask: &mut Ask<'_>) -> Result<Flow, Error> {
    one_within(session, entry, 0, ask)
}

/// Refuses what only a person at the prompt may do: a text from elsewhere starts no program and writes no file.
///
/// # Errors
/// It is such a thing.
pub(super) fn refuse_outside(flow: &Flow) -> Result<(), Error> {
    let command = match flow {
        Flow::Edit => ".edit",
        Flow::Save(..) => ".save",
        Flow::Continue | Flow::Read(_) | Flow::Quit => return Ok(()),
    };
    Err(wrong(&format!("`{command}` works at the prompt alone"), "type it there"))
}

fn one_within(session: &mut Session, entry: &Text, depth: usize, ask: &mut Ask<'_>) -> Result<Flow, Error> {
    match ask(session, entry)? {
        Flow::Read(file) if depth == MOST_NESTED => {
            Err(wrong(&format!("`{file}` is read by a file that it reads"), "read it once"))
        }
        Flow::Read(file) => {
            let text = waiting::text(Path::new(&file), session.settings.limits, session.book().stop())?;
            run_within(session, &text.into(), &file, depth + 1, ask)
        }
        flow => Ok(flow),
    }
}

fn run_within(
    session: &mut Session,
    received: &Received,
    name: &str,
    depth: usize,
    ask: &mut Ask<'_>,
) -> Result<Flow, Error> {
    let mut cut = Cut::new(&received.text);
    while let Some(range) = cut.next(&|variable| session.has_variable(variable)) {
        let entry = Text::from_line(name, &received.text[range.clone()], cut.line);
        if let Some(stray) = received.strays.iter().find(|stray| range.contains(stray)) {
            return Err(entry.stray_byte(stray - range.start));
        }
        let flow = one_within(session, &entry, depth, ask)?;
        if flow == Flow::Quit {
            return Ok(flow);
        }
        refuse_outside(&flow)?;
    }
    Ok(Flow::Continue)
}

/// The entries of a text, one after the other: an entry may make variables by which the next is read.
struct Cut<'t> {
    text: &'t str,
    from: usize,
    /// The line that the newest begins on, from 1.
    line: usize,
    /// The lines that it has, but for the last.
    lines: usize,
}

impl<'t> Cut<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, from: 0, line: 1, lines: 0 }
    }

    fn next(&mut self, is_variable: &dyn Fn(&str) -> bool) -> Option<Range<usize>> {
        let entry = terminal::next_entry(self.text, self.from, is_variable)?;
        self.line += self.lines + self.text[self.from..entry.start].matches('\n').count();
        self.lines = self.text[entry.clone()].matches('\n').count();
        self.from = entry.end;
        Some(entry)
    }
}

/// What a person has entered at once, entry by entry; what is one entry stays as it was entered.
pub(super) struct Entries<'t> {
    cut: Cut<'t>,
    name: &'t str,
    is_one: Option<bool>,
}

impl<'t> Entries<'t> {
    pub(super) fn new(entered: &'t str, name: &'t str) -> Self {
        Self { cut: Cut::new(entered), name, is_one: None }
    }

    pub(super) fn next(&mut self, is_variable: &dyn Fn(&str) -> bool) -> Option<Text> {
        let is_first = self.is_one.is_none();
        if *self.is_one.get_or_insert_with(|| terminal::is_one_entry(self.cut.text, is_variable)) {
            return is_first.then(|| Text::new(self.name, self.cut.text));
        }
        let entry = self.cut.next(is_variable)?;
        Some(Text::from_line(self.name, &self.cut.text[entry], self.cut.line))
    }
}
