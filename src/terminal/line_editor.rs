//! Answers of the line editor's helper while an entry is typed: completeness, hints, completion, colours; and recovery from
//! input that is not valid UTF-8. Only the editor's types are here; the answers come from the parts beside it.

use super::completion::{Offer, Vocabulary, complete, cut, language_at, lay_out, signature};
use super::external_editor::to_edit;
use super::highlight::{dim, highlight, matching};
use super::language::classify;
use super::sanitize::drawn;
use super::screen::width;
use super::splitter::missing_at_end;
use crate::error::Error;
use crate::sql::Text;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, ConditionalEventHandler, Context, Event, EventContext, Helper, KeyCode, KeyEvent, Modifiers};
use rustyline::{RepeatCount, Result};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::io;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use unicode_width::UnicodeWidthStr;

/// What stands before an entry.
pub(super) const PROMPT: &str = "pledgebook> ";

/// The columns of a window that does not say how many it has.
const USUAL_COLUMNS: usize = 80;

/// A hint shorter than this says nothing.
const SHORTEST_HINT: usize = 12;

/// The editor's helper.
pub(super) struct Keys<'a> {
    vocabulary: &'a dyn Fn() -> Vocabulary,
    is_variable: &'a dyn Fn(&str) -> bool,
    /// The names as they were when this entry first needed them.
    names: OnceCell<Vocabulary>,
    /// Where the bracket stands that belongs to the one at the cursor.
    bracket: Cell<Option<usize>>,
    /// What is known of the line, for when the editor gives it up.
    typed: Typed,
    /// Whether what is typed is coloured.
    pub(super) color: bool,
}

impl<'a> Keys<'a> {
    pub(super) fn new(
        vocabulary: &'a dyn Fn() -> Vocabulary,
        is_variable: &'a dyn Fn(&str) -> bool,
        typed: Typed,
    ) -> Self {
        Self { vocabulary, is_variable, names: OnceCell::new(), bracket: Cell::default(), typed, color: false }
    }

    /// A new entry begins: the one before may have made names.
    pub(super) fn forget_names(&mut self) {
        self.names.take();
        self.bracket.take();
    }

    fn names(&self) -> &Vocabulary {
        self.names.get_or_init(self.vocabulary)
    }

    /// What is missing, on the new line where it can be typed; else how the function is called that the cursor is in.
    fn told(&self, line: &str, pos: usize) -> Option<String> {
        if pos == line.len() && line.trim_end_matches(' ').ends_with('\n') {
            return missing_at_end(line, self.is_variable).map(|missing| format!("{missing} is missing"));
        }
        // Where the last line has no room for it, the window would scroll with every key.
        let (indent, last) = line.rsplit_once('\n').map_or((PROMPT.width(), line), |(_, last)| (0, last));
        let columns = columns();
        let room = columns.saturating_sub((indent + last.width()) % columns + "  … ".width() + 1);
        let signature = signature(line, pos, classify(line, self.is_variable), || self.names())?;
        (room >= SHORTEST_HINT).then(|| cut(&signature, room))
    }
}

fn columns() -> usize {
    width().unwrap_or(USUAL_COLUMNS)
}

impl Helper for Keys<'_> {}

impl Completer for Keys<'_> {
    type Candidate = Offer;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<Offer>)> {
        let (start, mut offers) = complete(line, pos, language_at(line, pos, self.is_variable), self.names());
        lay_out(&mut offers, columns());
        Ok((start, offers))
    }
}

impl Validator for Keys<'_> {
    fn validate(&self, context: &mut ValidationContext) -> Result<ValidationResult> {
        Ok(match missing_at_end(context.input(), self.is_variable) {
            Some(_) if to_edit(context.input()).is_none() && !self.typed.is_stray(context.input()) => {
                ValidationResult::Incomplete
            }
            _ => ValidationResult::Valid(None),
        })
    }
}

/// What is told behind the line: what is missing, how a function is called. No key takes it over.
pub(super) struct Told(String);

impl Hint for Told {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Keys<'_> {
    type Hint = Told;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<Told> {
        self.typed.see(line, pos);
        self.told(line, pos).map(|told| Told(format!("  … {told}")))
    }
}

/// All that is drawn of an entry comes through here, with colours or without.
impl Highlighter for Keys<'_> {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        let line = drawn(line);
        if !self.color {
            return line;
        }
        highlight(&line, classify(&line, self.is_variable), self.bracket.get()).into()
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.color { dim(hint).into() } else { hint.into() }
    }

    /// A letter may end a keyword, so that the whole line is drawn anew; moving the cursor changes brackets alone. An entry
    /// that is taken stays behind without a mark.
    fn highlight_char(&self, line: &str, pos: usize, kind: CmdKind) -> bool {
        self.typed.see(line, pos);
        if !self.color {
            return drawn(line) != line;
        }
        let is_taken = kind == CmdKind::ForcedRefresh;
        let bracket = if is_taken { None } else { matching(line, pos, classify(line, self.is_variable)) };
        let is_new = self.bracket.replace(bracket) != bracket;
        is_new || kind == CmdKind::Other
    }
}

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
