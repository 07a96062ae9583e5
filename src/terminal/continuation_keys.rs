//! The keys that end an entry or go on with it, and those beside the mark of its lines.

use super::continuation::{continued_line, unmarked};
use super::line_editor::LineTracker;
use rustyline::history::History;
use rustyline::{At, Cmd, ConditionalEventHandler, EditMode, Editor, Event, EventContext, EventHandler, Helper};
use rustyline::{KeyCode, KeyEvent, Modifiers, Movement, RepeatCount, Word};

/// Those keys.
const KEYS: [(ContinuationKey, KeyCode, Modifiers); 7] = [
    (ContinuationKey::Enter, KeyCode::Enter, Modifiers::NONE),
    (ContinuationKey::Enter, KeyCode::Char('J'), Modifiers::CTRL),
    (ContinuationKey::AltEnter, KeyCode::Enter, Modifiers::ALT),
    (ContinuationKey::Backspace, KeyCode::Backspace, Modifiers::NONE),
    (ContinuationKey::Backspace, KeyCode::Char('H'), Modifiers::CTRL),
    (ContinuationKey::Left, KeyCode::Left, Modifiers::NONE),
    (ContinuationKey::Right, KeyCode::Right, Modifiers::NONE),
];

/// Binds the keys; each of them is recorded by the tracker too.
pub(super) fn bind<H: Helper, I: History>(editor: &mut Editor<H, I>, tracker: &LineTracker) {
    for (key, code, modifiers) in KEYS {
        let handler = ContinuationHandler { key, tracker: tracker.clone() };
        editor.bind_sequence(KeyEvent(code, modifiers), EventHandler::Conditional(Box::new(handler)));
    }
}

/// A key whose effect depends on the entry or on the mark before the cursor.
#[derive(Debug, Clone, Copy)]
enum ContinuationKey {
    /// Runs an entry that is finished; goes on with another in a new line.
    Enter,
    /// Runs SQL as it is; goes on with anything else in a new line.
    AltEnter,
    Backspace,
    Left,
    Right,
}

/// The handler of such a key.
struct ContinuationHandler {
    key: ContinuationKey,
    tracker: LineTracker,
}

impl ConditionalEventHandler for ContinuationHandler {
    fn handle(&self, event: &Event, n: RepeatCount, positive: bool, context: &EventContext<'_>) -> Option<Cmd> {
        self.tracker.handle(event, n, positive, context);
        let (line, cursor) = (context.line(), context.pos());
        let (before, after) = line.split_at_checked(cursor)?;
        let continued = continued_line();
        let is_at_mark = before.ends_with(&continued);
        match self.key {
            ContinuationKey::Enter => self.tracker.is_unfinished(&unmarked(line)).then_some(Cmd::Insert(1, continued)),
            ContinuationKey::AltEnter if self.tracker.is_sql(&unmarked(line)) => Some(Cmd::AcceptLine),
            // Among the keys of vi, Escape and then Enter are these bytes too.
            ContinuationKey::AltEnter
                if context.mode() == EditMode::Vi && !self.tracker.is_unfinished(&unmarked(line)) =>
            {
                Some(Cmd::AcceptLine)
            }
            ContinuationKey::AltEnter => Some(Cmd::Insert(1, continued)),
            // A second one joins the lines.
            ContinuationKey::Backspace => is_at_mark.then_some(Cmd::Kill(Movement::BeginningOfLine)),
            ContinuationKey::Left => is_at_mark.then_some(Cmd::Noop),
            ContinuationKey::Right => {
                let next = Movement::ForwardWord(1, At::Start, Word::Big);
                after.starts_with(&continued).then_some(Cmd::Move(next))
            }
        }
    }
}
