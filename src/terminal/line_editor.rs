//! Answers of the line editor's helper while an entry is typed: completeness, hints, completion, colours; and recovery from
//! input that is not valid UTF-8. Only the editor's types are here; the answers come from the parts beside it.

use super::completion::{Completion, Vocabulary, align_list, complete, language_at, signature, truncate_to_width};
use super::continuation::{MARK, PROMPT, Unfinished, as_drawn, draw_marks, unfinished, unmarked, without_marks};
use super::external_editor::strip_edit_suffix;
use super::highlight::{dim, highlight, matching_bracket};
use super::language::{Language, classify};
use super::lock;
use super::sanitize::displayable;
use super::screen::width;
use super::splitter::last_entry;
use super::streams::{is_dumb_terminal, results};
use crate::error::Error;
use crate::syntax::Text;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, ConditionalEventHandler, Context, Event, EventContext, Helper, KeyCode, KeyEvent, Modifiers};
use rustyline::{RepeatCount, Result};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{env, mem};
use unicode_width::UnicodeWidthStr;

/// The columns of a window whose size is unknown.
const DEFAULT_COLUMNS: usize = 80;

/// A hint truncated to fewer columns than this is left out.
const MIN_HINT_COLUMNS: usize = 12;

/// The hint on the line below SQL that could run.
const WAITING_HINT: &str = "`;` or Alt-Enter runs it, Ctrl-C drops it";

/// The way out of an entry that lacks a token.
const DROPPING_HINT: &str = "Ctrl-C drops it";

/// The same below a command that was typed meanwhile.
const LEAVING_HINT: &str = "still SQL: Ctrl-C drops it first";

pub(super) struct EditorHelper<'a> {
    vocabulary: &'a dyn Fn() -> Vocabulary,
    is_variable: &'a dyn Fn(&str) -> bool,
    /// The names when this entry first needed them.
    names: OnceCell<Vocabulary>,
    /// The byte of the bracket that matches the one at the cursor.
    bracket: Cell<Option<usize>>,
    /// The line as last seen, for when the editor gives it up.
    tracker: LineTracker,
    /// The columns of the window when the entry was last drawn.
    drawn_columns: Cell<usize>,
    /// True if the entry is coloured.
    pub(super) color: bool,
}

impl<'a> EditorHelper<'a> {
    pub(super) fn new(
        vocabulary: &'a dyn Fn() -> Vocabulary,
        is_variable: &'a dyn Fn(&str) -> bool,
        tracker: LineTracker,
    ) -> Self {
        Self {
            vocabulary,
            is_variable,
            names: OnceCell::new(),
            bracket: Cell::default(),
            tracker,
            drawn_columns: Cell::default(),
            color: false,
        }
    }

    /// Clears the state of the entry before, which may have made names.
    pub(super) fn reset(&mut self) {
        self.names.take();
        self.bracket.take();
        self.drawn_columns.take();
    }

    fn names(&self) -> &Vocabulary {
        self.names.get_or_init(self.vocabulary)
    }

    /// True if the last line of SQL that waits is a command, or `exit` or `help`: its writer wants to be somewhere else.
    fn ends_in_request(&self, line: &str) -> bool {
        let entry = last_entry(line, self.is_variable);
        let last = entry.trim_end().rsplit_once('\n').map_or("", |(_, last)| last.trim());
        classify(last, &|_| false) == Language::Command && classify(entry, self.is_variable) == Language::Sql
    }

    /// The hint: the missing token, on the new line where it can be typed; else the signature of the call around the
    /// cursor.
    fn hint_text(&self, line: &str, pos: usize) -> Option<String> {
        if pos == line.len() && line.trim_end_matches(' ').ends_with('\n') {
            return unfinished(line, self.is_variable).map(|unfinished| match unfinished {
                _ if self.ends_in_request(line) => LEAVING_HINT.to_owned(),
                Unfinished::Lacks(missing) => missing_hint(&missing),
                Unfinished::Unended if columns() < MARK.width() + WAITING_HINT.width() + 5 => "`;` runs it".to_owned(),
                Unfinished::Unended => WAITING_HINT.to_owned(),
            });
        }
        // Where the last line has no room for it, the window would scroll with every key.
        let (indent, last) = line.rsplit_once('\n').map_or((PROMPT.width(), line), |(_, last)| (0, last));
        let columns = columns();
        let room = columns.saturating_sub((indent + last.width()) % columns + "  … ".width() + 1);
        let signature = signature(line, pos, classify(line, self.is_variable), || self.names())?;
        (room >= MIN_HINT_COLUMNS).then(|| truncate_to_width(&signature, room))
    }
}

/// The hint on a missing token, with the way out where there is room.
fn missing_hint(missing: &str) -> String {
    let short = format!("{missing} is missing");
    let long = format!("{short}; {DROPPING_HINT}");
    if MARK.width() + long.width() + 5 < columns() { long } else { short }
}

fn columns() -> usize {
    width().unwrap_or(DEFAULT_COLUMNS)
}

impl Helper for EditorHelper<'_> {}

impl Completer for EditorHelper<'_> {
    type Candidate = Completion;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<Completion>)> {
        let line = &*unmarked(line);
        let (start, mut candidates) = complete(line, pos, language_at(line, pos, self.is_variable), self.names());
        align_list(&mut candidates, columns());
        Ok((start, candidates))
    }
}

impl Validator for EditorHelper<'_> {
    fn validate(&self, context: &mut ValidationContext) -> Result<ValidationResult> {
        let is_unfinished = self.tracker.is_unfinished(&unmarked(context.input()));
        if is_unfinished && is_dumb_terminal() {
            // The editor reads lines there and draws nothing.
            let mut out = results();
            out.write_all(MARK.as_bytes())?;
            out.flush()?;
        }
        Ok(if is_unfinished { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// The hint behind the line. No key accepts it.
pub(super) struct HintText(String);

impl Hint for HintText {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for EditorHelper<'_> {
    type Hint = HintText;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<HintText> {
        self.tracker.record(line, pos);
        self.hint_text(&unmarked(line), pos).map(|text| HintText(format!("  … {text}")))
    }
}

/// All drawing of an entry comes through here, with colours or without.
impl Highlighter for EditorHelper<'_> {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        let (unmarked, bracket) = as_drawn(line, self.bracket.get().filter(|at| line.is_char_boundary(*at)));
        let shown = displayable(&unmarked);
        let drawn = if self.color {
            highlight(&shown, classify(&shown, self.is_variable), bracket)
        } else {
            shown.into_owned()
        };
        draw_marks(line, drawn).into()
    }

    /// Begins where the terminal has put the beginning of the entry in a narrower window, so that no part of it is drawn twice.
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        let columns = columns();
        let before = self.drawn_columns.replace(columns);
        let gained = if columns < before && rewraps_lines() { self.tracker.rows_gained(before, columns) } else { 0 };
        if gained == 0 { prompt.into() } else { format!("\x1b[{gained}A\r\x1b[J{prompt}").into() }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.color { dim(hint).into() } else { hint.into() }
    }

    /// Redraws the whole line for each letter, since one may end a keyword; moving the cursor changes brackets alone.
    /// An entry that is accepted is left without a mark.
    fn highlight_char(&self, line: &str, pos: usize, kind: CmdKind) -> bool {
        self.tracker.record(line, pos);
        let line = &*unmarked(line);
        if !self.color {
            return displayable(line) != line;
        }
        let is_accepted = kind == CmdKind::ForcedRefresh;
        let bracket = if is_accepted { None } else { matching_bracket(line, pos, classify(line, self.is_variable)) };
        let has_moved = self.bracket.replace(bracket) != bracket;
        has_moved || kind == CmdKind::Other
    }
}

/// True if the terminal breaks the lines on its screen anew when its window gets narrower, as all but these do.
fn rewraps_lines() -> bool {
    let cuts = env::var_os("XTERM_VERSION").is_some() || env::var_os("STY").is_some();
    !cuts && env::var_os("TERM").is_none_or(|terminal| terminal != "linux")
}

/// The character in the place of a byte that is not valid UTF-8.
const REPLACEMENT: char = '\u{fffd}';

/// Keys at shorter intervals than this are pasted, not typed.
const PASTE_INTERVAL: Duration = Duration::from_millis(20);

/// The state of the entry that is being typed. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct LineTracker(Arc<Mutex<LineState>>);

#[derive(Debug, Default)]
struct LineState {
    /// The line and the cursor in it, as last seen.
    line: String,
    cursor: usize,
    /// The time of the last key.
    key: Option<Instant>,
    /// True if a paste has begun, and none of it was seen yet.
    is_pasting: bool,
    /// True if the entry has had a byte that is not valid UTF-8.
    has_invalid_byte: bool,
    /// The variables of the session when the entry was begun.
    variables: BTreeSet<String>,
}

/// A byte that is not valid UTF-8, and the rest of its entry.
#[derive(Debug)]
pub(super) struct InvalidByte {
    /// The error to report.
    pub(super) error: Error,
    /// The entry before and after the cursor, to resume with; `None` where it is dropped.
    pub(super) resume_with: Option<(String, String)>,
}

impl LineTracker {
    fn state(&self) -> MutexGuard<'_, LineState> {
        lock(&self.0)
    }

    /// Records the current line.
    pub(super) fn record(&self, line: &str, cursor: usize) {
        let mut state = self.state();
        line.clone_into(&mut state.line);
        state.cursor = cursor;
        state.is_pasting = false;
    }

    /// The invalid byte that an error of the editor is about, if it is about one.
    pub(super) fn invalid_byte(&self, error: &ReadlineError) -> Option<InvalidByte> {
        if !is_invalid_utf8(error) {
            return None;
        }
        let mut state = self.state();
        let is_fast = state.key.is_some_and(|key| key.elapsed() < PASTE_INTERVAL);
        let is_pasted = mem::take(&mut state.is_pasting) || is_fast || state.line.is_empty();
        let cursor = mem::take(&mut state.cursor);
        let mut before = mem::take(&mut state.line);
        let after = before.split_off(cursor);
        before.push(REPLACEMENT);
        state.has_invalid_byte = !is_pasted;
        let whole = format!("{before}{after}");
        // Without the marks that are in the entry.
        let at = without_marks(&whole[..cursor]).len();
        let error = Text::new("prompt", &without_marks(&whole)).stray_byte(at);
        Some(InvalidByte { error, resume_with: (!is_pasted).then_some((before, after)) })
    }

    /// The rows above the cursor that the entry takes more in a window of `columns` than in the one before.
    fn rows_gained(&self, before: usize, columns: usize) -> usize {
        let state = self.state();
        let (drawn, cursor) = as_drawn(&state.line, Some(state.cursor).filter(|at| state.line.is_char_boundary(*at)));
        let above = &drawn[..cursor.unwrap_or_default()];
        let rows = |columns: usize| {
            let lines = above.split('\n').enumerate();
            let cells = lines.map(|(at, line)| line.width() + if at == 0 { PROMPT.width() } else { 0 });
            let cells: Vec<usize> = cells.collect();
            let full: usize = cells.iter().rev().skip(1).map(|cells| cells.div_ceil(columns).max(1)).sum();
            full + cells.last().map_or(0, |cells| cells / columns)
        };
        rows(columns).saturating_sub(rows(before))
    }

    /// Begins an entry, under these variables.
    pub(super) fn begin(&self, variables: Vec<String>) {
        self.state().variables = variables.into_iter().collect();
    }

    /// True if Enter does not run the entry, but goes on with it.
    pub(super) fn is_unfinished(&self, entry: &str) -> bool {
        let is_taken = strip_edit_suffix(entry).is_some() || self.has_invalid_byte_in(entry);
        !is_taken && unfinished(entry, &|name| self.state().variables.contains(name)).is_some()
    }

    /// True if the last entry of what is typed is SQL.
    pub(super) fn is_sql(&self, entry: &str) -> bool {
        let is_variable = |name: &str| self.state().variables.contains(name);
        classify(last_entry(entry, &is_variable), &is_variable) == Language::Sql
    }

    /// True if the entry still has an invalid byte in it.
    fn has_invalid_byte_in(&self, entry: &str) -> bool {
        self.state().has_invalid_byte && entry.contains(REPLACEMENT)
    }

    /// Ends the entry; the error of an invalid byte that still is in it.
    pub(super) fn take_error(&self, entry: &str) -> Option<Error> {
        let has_invalid_byte = mem::take(&mut *self.state()).has_invalid_byte;
        let at = entry.find(REPLACEMENT).filter(|_| has_invalid_byte)?;
        Some(Text::new("prompt", entry).stray_byte(at))
    }
}

/// True if the editor has read bytes that are not valid UTF-8.
pub(super) fn is_invalid_utf8(error: &ReadlineError) -> bool {
    matches!(error, ReadlineError::Io(error) if error.kind() == io::ErrorKind::InvalidData)
}

/// Discards input pending after an invalid byte: a part of it would be taken for an entry.
#[cfg(target_os = "linux")]
pub(super) fn discard_pending_input() {
    use rustix::termios::{QueueSelector, tcflush};
    for _ in 0..3 {
        std::thread::sleep(PASTE_INTERVAL);
        // Where that fails, the pending input is read as it is.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// Does nothing: pending input can't be discarded.
#[cfg(not(target_os = "linux"))]
pub(super) fn discard_pending_input() {}

/// Records the time of every key before it takes effect.
impl ConditionalEventHandler for LineTracker {
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
    use super::LineTracker;
    use crate::terminal::continuation::continued_line;
    use rustyline::error::ReadlineError;
    use std::io;

    #[test]
    fn an_entry_takes_more_rows_in_a_narrower_window() {
        let tracker = LineTracker::default();
        let gained = |line: &str, cursor, before, columns| {
            tracker.record(line, cursor);
            tracker.rows_gained(before, columns)
        };
        // The prompt is 12 columns wide.
        let line = "select id, gloss from facts where status";
        assert_eq!(gained(line, line.len(), 80, 40), 1);
        assert_eq!(gained(line, 5, 80, 40), 0);
        assert_eq!(gained(line, line.len(), 80, 10), 5);
        assert_eq!(gained(line, line.len(), 40, 20), 1);
        let two = format!("{line}{}and id = 1", continued_line());
        assert_eq!(gained(&two, two.len(), 80, 40), 1);
        assert_eq!(gained(&two, two.len(), 80, 20), 3);
    }

    #[test]
    fn an_entry_goes_on_behind_a_byte_and_is_refused_unless_it_is_taken_out() {
        let (tracker, error) = (LineTracker::default(), ReadlineError::Io(io::ErrorKind::InvalidData.into()));
        tracker.record("select ''", 8);
        assert!(tracker.invalid_byte(&ReadlineError::Eof).is_none());
        let invalid_byte = tracker.invalid_byte(&error).unwrap();
        assert_eq!(invalid_byte.error.to_string(), "a byte here is not valid UTF-8");
        assert_eq!(invalid_byte.resume_with, Some(("select '\u{fffd}".to_owned(), "'".to_owned())));
        assert!(tracker.has_invalid_byte_in("select '\u{fffd}'") && tracker.take_error("select '\u{fffd}'").is_some());
        assert!(tracker.take_error("select '\u{fffd}'").is_none(), "it was typed as it is");
        tracker.record("select 1", 8);
        assert!(tracker.invalid_byte(&error).is_some() && tracker.take_error("select 1").is_none());
    }
}
