//! The tokens of a statement with the position in them, and the rule by which SQLite tells a keyword from a name. It
//! knows no clause and no expression.

use super::ast::{Name, Span};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind, WordList};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Keywords that are no names. Every other one is a name wherever the grammar has no other use for it.
static RESERVED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let words = WordList(
        "add all alter and as autoincrement between case check collate commit constraint create default \
         deferrable delete distinct drop else escape except exists foreign from group having in index insert \
         intersect into is isnull join limit not nothing notnull null on or order primary references returning \
         select set table then to transaction union unique update using values when where",
    );
    words.iter().collect()
});

/// Names that need an `as` before them to be an alias.
const JOIN_WORDS: WordList = WordList("cross full inner left natural outer right");

/// The error of a text that the grammar does not cover.
pub(super) struct Unparsed;

/// The result of reading a part.
pub(super) type Parsed<T> = Result<T, Unparsed>;

/// The tokens of a statement without its comments, and the position of the next.
pub(super) struct Cursor<'s> {
    sql: &'s str,
    lower: &'s str,
    tokens: Vec<Token>,
    position: usize,
}

impl<'s> Cursor<'s> {
    /// A cursor before the first token of `sql`; `lower` is the same in lower case. `None` where a quote is not closed.
    pub(super) fn new(sql: &'s str, lower: &'s str) -> Option<Self> {
        let tokens: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
        tokens.iter().all(|token| token.is_closed).then_some(Self { sql, lower, tokens, position: 0 })
    }

    /// The next token in lower case; empty at the end. A quoted one has its quotes, so that it equals no keyword.
    pub(super) fn word(&self) -> &'s str {
        self.peek(0)
    }

    /// The token after so many others.
    pub(super) fn peek(&self, ahead: usize) -> &'s str {
        self.word_at(self.position + ahead)
    }

    fn word_at(&self, at: usize) -> &'s str {
        self.tokens.get(at).map_or("", |token| token.text(self.lower))
    }

    /// The kind of the next token.
    pub(super) fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.position).map(|token| token.kind)
    }

    /// Goes on by so many tokens.
    pub(super) fn advance(&mut self, count: usize) {
        self.position += count;
    }

    /// Goes behind the next token if it is `word`; true if it was.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        self.eat_all(&[word])
    }

    /// Goes behind the next tokens if they are `words`; true if they were.
    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let follow = words.iter().enumerate().all(|(ahead, word)| self.peek(ahead) == *word);
        if follow {
            self.advance(words.len());
        }
        follow
    }

    /// As `eat`, for a token that has to follow.
    pub(super) fn expect(&mut self, word: &str) -> Parsed<()> {
        if self.eat(word) { Ok(()) } else { Err(Unparsed) }
    }

    /// True behind the last token.
    pub(super) fn is_at_end(&self) -> bool {
        self.position >= self.tokens.len()
    }

    /// The place where the next token begins.
    pub(super) fn start(&self) -> usize {
        self.tokens.get(self.position).map_or(self.sql.len(), |token| token.range.start)
    }

    /// The place from `start` to the end of the token before the position.
    pub(super) fn span_from(&self, start: usize) -> Span {
        let end =
            self.position.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.range.end);
        start..end.max(start)
    }

    /// True for `x'…'`, which is two tokens without a space between them.
    pub(super) fn is_blob(&self) -> bool {
        let Some([x, content]) = self.tokens.get(self.position..self.position + 2) else { return false };
        self.word() == "x" && content.kind == TokenKind::String && content.range.start == x.range.end
    }

    /// The name that has to follow.
    pub(super) fn name(&mut self) -> Parsed<Name> {
        self.next_name().ok_or(Unparsed)
    }

    /// The name that may follow, other than those that need an `as` before them.
    pub(super) fn plain_name(&mut self) -> Option<Name> {
        if self.word() == "indexed" || self.is_join_word() { None } else { self.next_name() }
    }

    fn next_name(&mut self) -> Option<Name> {
        let token = self.tokens.get(self.position)?;
        let is_name = match token.kind {
            TokenKind::QuotedName | TokenKind::String => true,
            TokenKind::Word => self.is_word_a_name(),
            _ => false,
        };
        if !is_name {
            return None;
        }
        let name = Name { text: token.unquoted(self.sql).into_owned(), span: token.range.clone() };
        self.advance(1);
        Some(name)
    }

    /// The alias that may follow.
    pub(super) fn alias(&mut self) -> Parsed<Option<Name>> {
        if self.eat("as") { self.name().map(Some) } else { Ok(self.plain_name()) }
    }

    /// True if the next token is `over` as the keyword.
    pub(super) fn is_at_over(&self) -> bool {
        self.word() == "over" && !self.is_word_a_name()
    }

    /// True for one of the words that make up a join.
    pub(super) fn is_join_word(&self) -> bool {
        JOIN_WORDS.contains(self.word())
    }

    /// False for a reserved word, and for three others where the tokens beside them make them keywords.
    fn is_word_a_name(&self) -> bool {
        let is_behind_parenthesis = || self.position.checked_sub(1).is_some_and(|before| self.word_at(before) == ")");
        let is_keyword = match self.word() {
            "window" => self.may_be_window_name(1) && self.peek(2) == "as",
            "over" => is_behind_parenthesis() && (self.peek(1) == "(" || self.may_be_window_name(1)),
            "filter" => is_behind_parenthesis() && self.peek(1) == "(",
            word => RESERVED.contains(word),
        };
        !is_keyword
    }

    /// True for a token that SQLite takes for the name of a window where it tells keywords from names.
    fn may_be_window_name(&self, ahead: usize) -> bool {
        let token = self.tokens.get(self.position + ahead);
        token.is_some_and(|token| match token.kind {
            TokenKind::QuotedName | TokenKind::String => true,
            TokenKind::Word => {
                let word = token.text(self.lower);
                !matches!(word, "filter" | "indexed") && !RESERVED.contains(word)
            }
            _ => false,
        })
    }
}
