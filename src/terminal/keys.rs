//! What the line editor asks while an entry is typed: is it whole, what is missing, what could the word become, which
//! parts are coloured. The answers come from the parts of this module; only the editor's types are here.

use super::brackets::matching;
use super::completion::{Offer, Vocabulary, complete, cut, language_at, lay_out, signature};
use super::highlight::{dim, highlight};
use super::outside::to_edit;
use super::seen::drawn;
use super::stray_bytes::Typed;
use super::{classify, missing_at_end, width};
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
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
