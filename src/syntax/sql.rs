//! The lexer of SQL: tokens as SQLite cuts them, the statements that they make, and the tables and verbs in those.

use super::{Token, TokenKind, tokenize};
use std::ops::Range;

/// The tokens of `text` without the white space between them.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    tokenize(text, |c| c.is_ascii_whitespace(), token_at)
}

fn token_at(text: &str, start: usize) -> Token {
    let rest = &text[start..];
    let first = rest.chars().next().unwrap_or_default();
    let run =
        |from: usize, of: &dyn Fn(char) -> bool| rest[from..].find(|c| !of(c)).map_or(rest.len(), |end| from + end);
    let open = |kind, length: usize| Token { kind, range: start..start + length, is_closed: true };
    match first {
        '\'' => enclosed(rest, start, TokenKind::String, '\''),
        '"' | '`' => enclosed(rest, start, TokenKind::QuotedName, first),
        '[' => enclosed(rest, start, TokenKind::QuotedName, ']'),
        '-' if rest.starts_with("--") => open(TokenKind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => {
            let end = rest[2..].find("*/");
            let length = end.map_or(rest.len(), |end| end + 4);
            Token { kind: TokenKind::Comment, range: start..start + length, is_closed: end.is_some() }
        }
        '?' => open(TokenKind::Parameter, run(1, &|c| c.is_ascii_digit())),
        ':' | '@' | '$' if rest[1..].starts_with(is_name) => open(TokenKind::Parameter, run(1, &is_name)),
        c if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit())) => {
            open(TokenKind::Number, number_length(rest))
        }
        c if is_name(c) => open(TokenKind::Word, run(0, &is_name)),
        _ => open(TokenKind::Punct, punct_length(rest, first)),
    }
}

/// True for a character that SQLite allows in a name: any that is not ASCII is one.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// A quoted token; a doubled quote is an escaped one, except in `[…]`.
fn enclosed(rest: &str, start: usize, kind: TokenKind, close: char) -> Token {
    let mut at = 1;
    while let Some(found) = rest[at..].find(close) {
        at += found + close.len_utf8();
        if close == ']' || !rest[at..].starts_with(close) {
            return Token { kind, range: start..start + at, is_closed: true };
        }
        at += close.len_utf8();
    }
    Token { kind, range: start..start + rest.len(), is_closed: false }
}

/// Digits, point and exponent, or a hexadecimal number; `1e-3` is one token, `1-3` and `0x1e-3` are three. Letters that follow
/// belong to it, and make it invalid.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is = |at: usize, of: fn(&u8) -> bool| bytes.get(at).is_some_and(of);
    let run = |mut at: usize, of: fn(&u8) -> bool| {
        while is(at, of) || is(at, |byte| *byte == b'_') {
            at += 1;
        }
        at
    };
    let is_hex = bytes[0] == b'0' && is(1, |byte| byte.eq_ignore_ascii_case(&b'x')) && is(2, u8::is_ascii_hexdigit);
    let mut end = if is_hex { run(2, u8::is_ascii_hexdigit) } else { run(0, u8::is_ascii_digit) };
    if !is_hex && is(end, |byte| *byte == b'.') {
        end = run(end + 1, u8::is_ascii_digit);
    }
    let exponent = end + 1 + usize::from(is(end + 1, |byte| matches!(byte, b'+' | b'-')));
    if !is_hex && is(end, |byte| byte.eq_ignore_ascii_case(&b'e')) && is(exponent, u8::is_ascii_digit) {
        end = run(exponent, u8::is_ascii_digit);
    }
    end + rest[end..].find(|c| !is_name(c)).unwrap_or(rest.len() - end)
}

/// The words behind a `\` that end a statement as a `;` does, and run it: `\G` lays its rows out in lines.
const BACKSLASH_ENDS: [&str; 3] = ["G", "gx", "g"];

/// The words behind a `\` that psql has behind a statement, and this prompt has not: their error waits for no `;`.
const BACKSLASH_COMMANDS: [&str; 2] = ["gset", "watch"];

/// The help on `\gset`.
pub const GSET_HELP: &str = "`let x = …;` in a script keeps a value, which is `:x` in SQL";

/// The help on `\watch`.
pub const WATCH_HELP: &str = "Up and Enter ask again; in the shell, `watch pledgebook -c '…'`";

/// The statements of a text without the `\G`, `\gx` or `\g` at its end, and true if that lays rows out in lines, as in the shell of MySQL
/// and in psql.
pub fn without_backslash_end(text: &str) -> (&str, bool) {
    let whole = text.trim_end();
    let ended = BACKSLASH_ENDS.iter().find_map(|end| Some((whole.strip_suffix(end)?.strip_suffix('\\')?, *end != "g")));
    ended.unwrap_or((text, false))
}

/// The end of a statement, looked for token by token.
#[derive(Debug, Default)]
pub struct EndScanner {
    /// True if the token before the next one ends a statement.
    pub is_ended: bool,
    is_behind_backslash: bool,
    /// True behind one of [`BACKSLASH_COMMANDS`].
    has_command: bool,
}

impl EndScanner {
    /// Scans the next token of `text`.
    pub fn push(&mut self, token: &Token, text: &str) {
        if token.kind == TokenKind::Comment {
            self.is_ended &= token.is_closed;
            return;
        }
        let written = token.text(text);
        self.has_command |= self.is_behind_backslash && BACKSLASH_COMMANDS.contains(&written);
        let is_end = written == ";" || (self.is_behind_backslash && BACKSLASH_ENDS.contains(&written));
        self.is_ended = is_end || self.has_command;
        self.is_behind_backslash = written == "\\";
    }
}

/// True if a text has no statement, or ends in the end of one.
pub fn is_ended(text: &str) -> bool {
    let mut end = EndScanner { is_ended: true, ..EndScanner::default() };
    tokens(text).for_each(|token| end.push(&token, text));
    end.is_ended
}

/// True if a line of a text is a command of the prompt: it begins with a dot or a backslash, and a letter, where no statement is open.
pub fn has_commands(text: &str) -> bool {
    let mut end = EndScanner { is_ended: true, ..EndScanner::default() };
    tokens(text).any(|token| {
        let (before, rest) = text.split_at(token.range.start);
        let is_dotted = rest.strip_prefix(['.', '\\']).is_some_and(|name| name.starts_with(char::is_alphabetic));
        let is_command = end.is_ended && is_dotted && (before.is_empty() || before.ends_with('\n'));
        end.push(&token, text);
        is_command
    })
}

/// The length of an operator or a punctuation mark.
fn punct_length(rest: &str, first: char) -> usize {
    let two = ["->>", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>", "->"];
    two.iter().find(|mark| rest.starts_with(**mark)).map_or(first.len_utf8(), |mark| mark.len())
}

/// The closing of a quote or comment that a text of SQL lacks: `a closing '`.
#[must_use]
pub fn unclosed(text: &str) -> Option<&'static str> {
    open_at_end(text).map(|(_, missing)| missing)
}

/// The quote or comment that is still open at the end of `text`, and the closing that it lacks.
#[must_use]
pub fn open_at_end(text: &str) -> Option<(Token, &'static str)> {
    let last = tokens(text).last().filter(|token| !token.is_closed)?;
    let missing = match text[last.range.clone()].chars().next() {
        Some('\'') => "a closing `'`",
        Some('"') => "a closing `\"`",
        Some('`') => "a closing backquote",
        Some('[') => "a closing `]`",
        _ => "a closing `*/`",
    };
    Some((last, missing))
}

/// The ranges of the statements of `text`, in bytes. Comments between them are left out.
pub fn statements(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut tokens = tokens(text);
    std::iter::from_fn(move || {
        let mut range: Option<Range<usize>> = None;
        for token in tokens.by_ref() {
            let is_end = token.kind == TokenKind::Punct && token.text(text) == ";";
            match &mut range {
                Some(range) if is_end => return Some(range.clone()),
                Some(range) => range.end = token.range.end,
                None if is_end || token.kind == TokenKind::Comment => {}
                None => range = Some(token.range),
            }
        }
        range
    })
}

/// True if a statement reads any table: without one it has no cells.
pub(crate) fn reads_tables(statement: &str) -> bool {
    tokens(statement).any(|token| token.is_word(statement, "from"))
}

/// Keywords that begin a statement which changes rows, also behind a `with`.
const ROW_VERBS: [&str; 4] = ["insert", "update", "delete", "replace"];

/// Keywords that begin a statement which changes nothing, `with` if it has none of the above behind it.
const READING_VERBS: [&str; 6] = ["select", "values", "with", "from", "explain", "pragma"];

/// True if a text has several statements, and any of them changes something: it could stop half-way.
#[must_use]
pub fn may_leave_half(text: &str) -> bool {
    statements(text).nth(1).is_some() && !only_reads(text)
}

/// True if every statement of a text begins as one that changes nothing.
#[must_use]
pub fn only_reads(text: &str) -> bool {
    statements(text).all(|range| {
        let statement = &text[range];
        let is_one_of = |token: &Token, verbs: &[&str]| verbs.iter().any(|verb| token.is_word(statement, verb));
        let mut tokens = tokens(statement).filter(|token| token.kind != TokenKind::Comment);
        let Some(first) = tokens.next().filter(|first| is_one_of(first, &READING_VERBS)) else { return false };
        !first.is_word(statement, "with")
            || !has_row_verb(statement, tokens.filter(|token| is_one_of(token, &ROW_VERBS)))
    })
}

/// True if one of these words is no call of a function, as `replace(…)` is.
fn has_row_verb(statement: &str, mut words: impl Iterator<Item = Token>) -> bool {
    words.any(|word| !statement[word.range.end..].trim_start().starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::{only_reads, statements, tokens, unclosed};

    fn cut(text: &str) -> Vec<&str> {
        tokens(text).map(|token| &text[token.range]).collect()
    }

    #[test]
    fn quotes_comments_and_parameters_are_single_tokens() {
        assert_eq!(cut("a<='it''s' -- x\n, :n/*;*/"), ["a", "<=", "'it''s'", "-- x", ",", ":n", "/*;*/"]);
        assert_eq!(cut("\"a;b\"[c]1.5e-3-2"), ["\"a;b\"", "[c]", "1.5e-3", "-", "2"]);
    }

    #[test]
    fn names_and_numbers_end_where_sqlite_ends_them() {
        assert_eq!(cut("a\u{a0}b\u{feff} \u{feff}c"), ["a\u{a0}b\u{feff}", "c"]);
        assert_eq!(
            cut("0x1e+b 1_0.5E+2+c .5.d 1e+e"),
            ["0x1e", "+", "b", "1_0.5E+2", "+", "c", ".5", ".", "d", "1e", "+", "e"]
        );
    }

    #[test]
    fn a_semicolon_in_a_quote_or_comment_ends_nothing() {
        let text = "select ';' /*;*/;\n-- only this;\nselect 2";
        let found: Vec<&str> = statements(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["select ';' /*;*/", "select 2"]);
    }

    #[test]
    fn a_statement_that_changes_rows_is_known_behind_its_parts() {
        for text in
            ["select replace(a, 'b', 'c') from t", "with a as (select 1) select replace(1, 2, 3)", "/* x */ values (1)"]
        {
            assert!(only_reads(text), "{text}");
        }
        for text in
            ["with a as (select 1) insert into t select * from a", "/* x */ delete from t", "select 1; drop table t"]
        {
            assert!(!only_reads(text), "{text}");
        }
    }

    #[test]
    fn an_open_quote_or_comment_is_named() {
        assert_eq!(unclosed("select 'a"), Some("a closing `'`"));
        assert_eq!(unclosed("select 1 /* b"), Some("a closing `*/`"));
        assert_eq!(unclosed("select 'a'"), None);
    }
}
