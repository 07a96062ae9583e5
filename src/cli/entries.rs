//! Texts that are run as they would be typed, entry by entry, with the files that they read. What is done with an entry is
//! the caller's.

use super::waiting;
use crate::error::{Error, wrong};
use crate::session::Session;
use crate::sql::Text;
use crate::terminal::{self, Flow};
use std::path::Path;

/// How deep files may read each other.
const MOST_NESTED: usize = 16;

/// Does one entry.
pub(super) type Ask<'a> = dyn FnMut(&mut Session, &Text) -> Result<Flow, Error> + 'a;

/// Runs a text, entry by entry; the first error ends it, and so does one that leaves.
///
/// # Errors
/// Those of `ask`; a file that can't be read, or that reads itself.
pub(super) fn run(session: &mut Session, text: &str, name: &str, ask: &mut Ask<'_>) -> Result<Flow, Error> {
    run_within(session, text, name, 0, ask)
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
            run_within(session, &text, &file, depth + 1, ask)
        }
        flow => Ok(flow),
    }
}

fn run_within(session: &mut Session, text: &str, name: &str, depth: usize, ask: &mut Ask<'_>) -> Result<Flow, Error> {
    let (mut from, mut line) = (0, 1);
    while let Some(entry) = terminal::next_entry(text, from, &|variable| session.has_variable(variable)) {
        line += text[from..entry.start].matches('\n').count();
        let flow = one_within(session, &Text::from_line(name, &text[entry.clone()], line), depth, ask)?;
        if flow == Flow::Quit {
            return Ok(flow);
        }
        refuse_outside(&flow)?;
        line += text[entry.clone()].matches('\n').count();
        from = entry.end;
    }
    Ok(Flow::Continue)
}
