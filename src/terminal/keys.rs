//! What the line editor asks while an entry is typed: is it whole, what is missing, what could the word become, which
//! parts are coloured. The answers come from the parts of this module; only the editor's types are here.

use super::completion::{Vocabulary, complete};
use super::highlight::{dim, highlight};
use super::outside::to_edit;
use super::{classify, missing};
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};
use std::borrow::Cow;
use std::cell::OnceCell;

/// The editor's helper.
pub(super) struct Keys<'a> {
    vocabulary: &'a dyn Fn() -> Vocabulary,
    is_variable: &'a dyn Fn(&str) -> bool,
    /// The names as they were at the first Tab of this entry.
    names: OnceCell<Vocabulary>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(vocabulary: &'a dyn Fn() -> Vocabulary, is_variable: &'a dyn Fn(&str) -> bool) -> Self {
        Self { vocabulary, is_variable, names: OnceCell::new() }
    }

    /// A new entry begins: the one before may have made names.
    pub(super) fn forget_names(&mut self) {
        self.names.take();
    }
}

impl Helper for Keys<'_> {}

impl Completer for Keys<'_> {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<String>)> {
        let before = &line[..pos];
        let names = self.names.get_or_init(self.vocabulary);
        Ok(complete(before, classify(before, self.is_variable), names))
    }
}

impl Validator for Keys<'_> {
    fn validate(&self, context: &mut ValidationContext) -> Result<ValidationResult> {
        Ok(match missing(context.input(), self.is_variable) {
            Some(_) if to_edit(context.input()).is_none() => ValidationResult::Incomplete,
            _ => ValidationResult::Valid(None),
        })
    }
}

/// What is missing, shown on the new line where it can be typed; no key takes it over.
pub(super) struct Missing(String);

impl Hint for Missing {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Keys<'_> {
    type Hint = Missing;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<Missing> {
        let is_on_new_line = pos == line.len() && line.trim_end_matches(' ').ends_with('\n');
        let missing = is_on_new_line.then(|| missing(line, self.is_variable)).flatten()?;
        Some(Missing(format!("  … {missing} is missing")))
    }
}

/// Asked only where the editor was told to colour.
impl Highlighter for Keys<'_> {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        highlight(line, classify(line, self.is_variable)).into()
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        dim(hint).into()
    }

    /// A letter may end a keyword, so that the whole line is drawn anew; moving the cursor changes nothing.
    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}
