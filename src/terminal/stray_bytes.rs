//! Bytes that are no UTF-8, typed or pasted. The editor gives up its entry at the first of them. What a person types is taken
//! up again with a mark in the place of the byte, so that the rest of the line is still that entry's; of what came in one go
//! the editor has lost the rest, so that none of it is run.

use crate::error::Error;
use crate::syntax::Text;
use rustyline::error::ReadlineError;
use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, KeyCode, KeyEvent, Modifiers, RepeatCount};
use std::io;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What stands for a byte that can't be read.
const MARK: char = '\u{fffd}';

/// Keys that follow each other more quickly come from no person.
const QUICK: Duration = Duration::from_millis(20);

/// What is known of the entry that is being typed. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The line and the place of the cursor in it, as they were seen last.
    line: String,
    cursor: usize,
    /// When the last key came.
    key: Option<Instant>,
    /// Whether a paste has begun, of which nothing was seen yet.
    is_pasting: bool,
    /// Whether a byte of the entry could not be read.
    has_stray: bool,
}

/// What is done about a byte that could not be read.
#[derive(Debug)]
pub(super) struct Stray {
    /// What is told of it.
    pub(super) error: Error,
    /// What the entry begins with again, before the cursor and behind it; nothing where it is given up.
    pub(super) resumed: Option<(String, String)>,
}

impl Typed {
    /// Each change is one assignment: a thread that panicked has left it whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of the line as it is now.
    pub(super) fn see(&self, line: &str, cursor: usize) {
        let mut state = self.state();
        line.clone_into(&mut state.line);
        state.cursor = cursor;
        state.is_pasting = false;
    }

    /// What an error of the editor's is about, if it is one of bytes.
    pub(super) fn stray(&self, error: &ReadlineError) -> Option<Stray> {
        if !is_of_bytes(error) {
            return None;
        }
        let mut state = self.state();
        let is_quick = state.key.is_some_and(|key| key.elapsed() < QUICK);
        let came_at_once = mem::take(&mut state.is_pasting) || is_quick || state.line.is_empty();
        let cursor = mem::take(&mut state.cursor);
        let mut before = mem::take(&mut state.line);
        let behind = before.split_off(cursor);
        before.push(MARK);
        state.has_stray = !came_at_once;
        let error = Text::new("prompt", &format!("{before}{behind}")).stray_byte(cursor);
        Some(Stray { error, resumed: (!came_at_once).then_some((before, behind)) })
    }

    /// Whether the entry has a byte in it that could not be read.
    pub(super) fn is_stray(&self, entry: &str) -> bool {
        self.state().has_stray && entry.contains(MARK)
    }

    /// The entry is complete, or given up; where a byte of it could not be read and still is in it, the error of that.
    pub(super) fn finish(&self, entry: &str) -> Option<Error> {
        let has_stray = mem::take(&mut *self.state()).has_stray;
        let at = entry.find(MARK).filter(|_| has_stray)?;
        Some(Text::new("prompt", entry).stray_byte(at))
    }
}

/// Whether the editor has met bytes that are no UTF-8.
pub(super) fn is_of_bytes(error: &ReadlineError) -> bool {
    matches!(error, ReadlineError::Io(error) if error.kind() == io::ErrorKind::InvalidData)
}

/// Forgets what came with a byte that could not be read and still waits to be: a part of it would be taken for an entry.
#[cfg(target_os = "linux")]
pub(super) fn forget_waiting() {
    use rustix::termios::{QueueSelector, tcflush};
    for _ in 0..3 {
        std::thread::sleep(QUICK);
        // Where that can't be done, what waits is read as it is.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// Nothing can be forgotten.
#[cfg(not(target_os = "linux"))]
pub(super) fn forget_waiting() {}

/// Sees every key before it does anything.
impl ConditionalEventHandler for Typed {
    fn handle(&self, event: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        let paste = KeyEvent(KeyCode::BracketedPasteStart, Modifiers::NONE);
        let mut state = self.state();
        state.key = Some(Instant::now());
        state.is_pasting = matches!(event, Event::KeySeq(keys) if keys[..] == [paste]);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Typed;
    use rustyline::error::ReadlineError;
    use std::io;

    #[test]
    fn an_entry_goes_on_behind_a_byte_and_is_refused_unless_it_is_taken_out() {
        let (typed, error) = (Typed::default(), ReadlineError::Io(io::ErrorKind::InvalidData.into()));
        typed.see("select ''", 8);
        assert!(typed.stray(&ReadlineError::Eof).is_none());
        let stray = typed.stray(&error).unwrap();
        assert_eq!(stray.error.to_string(), "a byte here is not valid UTF-8");
        assert_eq!(stray.resumed, Some(("select '\u{fffd}".to_owned(), "'".to_owned())));
        assert!(typed.is_stray("select '\u{fffd}'") && typed.finish("select '\u{fffd}'").is_some());
        assert!(typed.finish("select '\u{fffd}'").is_none(), "it was typed as it is");
        typed.see("select 1", 8);
        assert!(typed.stray(&error).is_some() && typed.finish("select 1").is_none());
    }

    #[test]
    fn nothing_is_resumed_of_what_came_at_once() {
        let (typed, error) = (Typed::default(), ReadlineError::Io(io::ErrorKind::InvalidData.into()));
        assert!(typed.stray(&error).unwrap().resumed.is_none(), "nothing was seen");
        typed.see("select 1", 8);
        typed.state().is_pasting = true;
        assert!(typed.stray(&error).unwrap().resumed.is_none(), "a paste");
    }
}
