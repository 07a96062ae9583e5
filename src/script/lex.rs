//! The tokens of a script with their places, for colour, brackets and completion. The engine has a lexer of its own; this
//! one takes any text, be it finished or not, and keeps comments.

use super::dialect::behind;
use crate::sql::lex::{Token, TokenKind};

/// The tokens of `text` without the white space between them. Every mark is a token of its own; a text in backquotes is
/// one, with the code in it.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].find(|c: char| !c.is_whitespace() && c != '\u{feff}')?;
        let token = token_at(text, at);
        at = token.range.end;
        Some(token)
    })
}

fn token_at(text: &str, start: usize) -> Token {
    let rest = &text[start..];
    let first = rest.chars().next().unwrap_or_default();
    let whole = |kind, length: usize| Token { kind, range: start..start + length, is_closed: true };
    match first {
        '/' if rest.starts_with("//") || rest.starts_with("/*") => enclosed(rest, start, TokenKind::Comment),
        '"' | '`' | '\'' => enclosed(rest, start, TokenKind::Text),
        '#' if rest.trim_start_matches('#').starts_with('"') => enclosed(rest, start, TokenKind::Text),
        c if c.is_ascii_digit() => whole(TokenKind::Number, number_length(rest)),
        c if is_name(c) => whole(TokenKind::Word, rest.find(|c| !is_name(c)).unwrap_or(rest.len())),
        _ => whole(TokenKind::Mark, first.len_utf8()),
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A comment or a text, which may be open.
fn enclosed(rest: &str, start: usize, kind: TokenKind) -> Token {
    let after = behind(rest).unwrap_or_default();
    let written = &rest[..rest.len() - after.len()];
    let is_closed = match rest.as_bytes()[0] {
        b'/' | b'#' | b'`' => behind(rest).is_ok(),
        quote => is_closed_by(written, quote),
    };
    Token { kind, range: start..start + written.len(), is_closed }
}

/// Whether the quote at the end of a text closes it: it stands behind no `\`, or behind a `\\`.
fn is_closed_by(written: &str, quote: u8) -> bool {
    let Some(content) = written.as_bytes()[1..].strip_suffix(&[quote]) else { return false };
    content.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
}

/// Digits, a point with digits behind it, an exponent: `1.5e-3` is one token, `1.round` are three.
fn number_length(rest: &str) -> usize {
    let mut previous = ' ';
    let goes_on = |(at, c): (usize, char)| {
        let is_part = match c {
            '.' => !rest[..at].contains('.') && rest[at + 1..].starts_with(|next: char| next.is_ascii_digit()),
            '+' | '-' => matches!(previous, 'e' | 'E') && !rest.starts_with("0x"),
            c => is_name(c),
        };
        previous = c;
        (!is_part).then_some(at)
    };
    rest.char_indices().find_map(goes_on).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[track_caller]
    fn cut(text: &str, expected: &[&str]) {
        assert_eq!(tokens(text).map(|token| &text[token.range]).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn texts_and_comments_are_single_tokens() {
        cut("f(\"a\\\"(\") // x(\n`b${c}`", &["f", "(", "\"a\\\"(\"", ")", "// x(", "`b${c}`"]);
        cut("f(#\"a ` b\"#) #{a: 1}", &["f", "(", "#\"a ` b\"#", ")", "#", "{", "a", ":", "1", "}"]);
        cut("`a ${`b`} c` d", &["`a ${`b`} c`", "d"]);
        cut("/* a /* b */ */ 'c'", &["/* a /* b */ */", "'c'"]);
        cut("r.id == 1.5e-3 / 2.round", &["r", ".", "id", "=", "=", "1.5e-3", "/", "2", ".", "round"]);
    }

    #[test]
    fn what_is_open_goes_to_the_end_of_its_line_or_of_the_text() {
        let open = |text: &str| tokens(text).last().map(|token| (token.range.clone(), token.is_closed));
        assert_eq!(open("f(\"ab"), Some((2..5, false)));
        assert_eq!(open("f(`ab\nc"), Some((2..7, false)));
        assert_eq!(open("/* a"), Some((0..4, false)));
        assert_eq!(open("\"a\\\""), Some((0..4, false)));
        assert_eq!(open("\"a\""), Some((0..3, true)));
        assert_eq!(open("\""), Some((0..1, false)));
    }
}
