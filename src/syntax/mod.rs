//! Lexers, one for each of the program's two languages, the source text and tokens that they share, and a parser of SELECT. They know
//! no book and run nothing. [`sql`] has the tokens and statements of SQL, `expr` the operands in a statement, `numeric_text` the texts that are numbers to it, `typography` characters that are
//! neither of SQL nor of scripts, `shell` words of a command line, [`select`] the tree of
//! one, [`rhai`] the tokens of scripts; [`markup`] reads articles, which are in neither language.

pub(crate) mod expr;
pub mod markup;
pub(crate) mod numeric_text;
pub mod rhai;
pub mod select;
mod shell;
pub mod sql;
pub mod typography;

pub use shell::shell_word;

use crate::error::{Error, Place, SqlCause, SqlError};
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a bare name.
    Word,
    /// A name in `"`, `[` or `` ` ``.
    QuotedName,
    /// A string literal.
    String,
    /// A number.
    Number,
    /// `?`, `:name`, `@name`, `$name`.
    Parameter,
    /// An operator or a punctuation mark; `;` too.
    Punct,
    /// `-- …` or `/* … */`.
    Comment,
}

/// A token with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// Its range in bytes.
    pub range: Range<usize>,
    /// False for a quote or a comment that is not closed: only the last token of a text can be one.
    pub is_closed: bool,
}

impl Token {
    /// The token as written.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.range.clone()]
    }

    /// The name without its quotes.
    #[must_use]
    pub fn name<'t>(&self, text: &'t str) -> &'t str {
        self.text(text).trim_matches(['"', '`', '[', ']'])
    }

    /// The content of a quoted name or a string, with doubled quotes read as one; of any other token the text.
    #[must_use]
    pub fn unquoted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let text = self.text(text);
        if !matches!(self.kind, TokenKind::QuotedName | TokenKind::String) {
            return text.into();
        }
        let inner = &text[1..text.len() - usize::from(self.is_closed)];
        match &text[..1] {
            "[" => inner.into(),
            quote if inner.contains(quote) => inner.replace(&quote.repeat(2), quote).into(),
            _ => inner.into(),
        }
    }

    /// True for the word `word`, in any letter case.
    #[must_use]
    pub fn is_word(&self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(text).eq_ignore_ascii_case(word)
    }
}

/// The tokens of `text` without the white space between them, of which a byte order mark is part; `token_at` cuts the one
/// that begins at an offset.
fn tokenize(
    text: &str,
    is_space: fn(char) -> bool,
    token_at: fn(&str, usize) -> Token,
) -> impl Iterator<Item = Token> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].find(|c: char| !is_space(c) && c != '\u{feff}')?;
        let token = token_at(text, at);
        at = token.range.end;
        Some(token)
    })
}

/// For each token that is a bracket, the token of the bracket that matches it.
pub fn bracket_pairs(tokens: &[Token], text: &str) -> Vec<Option<usize>> {
    let mut pairs = vec![None; tokens.len()];
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Punct) {
        match token.text(text) {
            "(" => open.push((")", at)),
            "[" => open.push(("]", at)),
            "{" => open.push(("}", at)),
            closing => {
                if let Some((_, opening)) = open.pop_if(|(expected, _)| *expected == closing) {
                    (pairs[opening], pairs[at]) = (Some(at), Some(opening));
                }
            }
        }
    }
    pairs
}

/// Words separated by spaces: as one text, a long list takes a few lines.
pub struct WordList(pub &'static str);

impl WordList {
    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.split_ascii_whitespace()
    }

    /// True if it is one of them, in this letter case.
    pub fn contains(&self, word: &str) -> bool {
        self.iter().any(|known| known == word)
    }
}

/// A source text, SQL or script, with the name of its source. Clones share it.
#[derive(Debug, Clone)]
pub struct Text {
    /// `prompt`, `-c`, a file as it was named, `SQL` for a text that a script made.
    pub source: Rc<str>,
    /// The whole of it.
    pub whole: Rc<str>,
    /// The line of the source on which it begins, from 1.
    pub first_line: usize,
}

impl Text {
    /// A text under the name of its source.
    #[must_use]
    pub fn new(source: &str, whole: &str) -> Self {
        Self::from_line(source, whole, 1)
    }

    /// A text that begins on a later line of its source.
    #[must_use]
    pub fn from_line(source: &str, whole: &str, first_line: usize) -> Self {
        Self { source: source.into(), whole: whole.into(), first_line }
    }

    /// Another text of the same source, beginning on the same line.
    #[must_use]
    pub fn with_whole(&self, whole: &str) -> Self {
        Self { whole: whole.into(), ..self.clone() }
    }

    /// The place of `width` bytes from `offset` on, both in bytes of the whole.
    #[must_use]
    pub fn place(&self, offset: usize, width: usize) -> Place {
        self.shifted(Place::at_byte(&self.source, &self.whole, offset, width))
    }

    /// The place at a line and a column of the whole, both from 1.
    #[must_use]
    pub fn place_at_line(&self, line: usize, column: usize) -> Place {
        self.shifted(Place::at_line(&self.source, &self.whole, line, column))
    }

    /// The error of a byte at `offset` that was invalid UTF-8 and was replaced by U+FFFD.
    #[must_use]
    pub fn stray_byte(&self, offset: usize) -> Error {
        let message = "a byte here is not valid UTF-8".to_owned();
        let place = Some(self.place(offset, char::REPLACEMENT_CHARACTER.len_utf8()));
        SqlError { cause: SqlCause::Other { message }, place }.into()
    }

    fn shifted(&self, place: Place) -> Place {
        Place { line: place.line + self.first_line - 1, ..place }
    }
}
