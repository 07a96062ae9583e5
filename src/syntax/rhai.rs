//! The lexer of scripts, in Rhai: tokens for highlighting, brackets and completion, and the comment, string or bracket that an
//! unfinished script leaves open. The engine has a lexer of its own; this one takes any text and keeps comments.

use super::{Token, TokenKind, tokenize};
use std::collections::BTreeSet;

/// The tokens of `text` without the white space between them. Every mark is a token of its own; a text in backquotes is
/// one, with the code in it.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    tokenize(text, char::is_whitespace, token_at)
}

fn token_at(text: &str, start: usize) -> Token {
    let rest = &text[start..];
    let first = rest.chars().next().unwrap_or_default();
    let whole = |kind, length: usize| Token { kind, range: start..start + length, is_closed: true };
    match first {
        '/' if rest.starts_with("//") || rest.starts_with("/*") => enclosed(rest, start, TokenKind::Comment),
        '"' | '`' | '\'' => enclosed(rest, start, TokenKind::String),
        '#' if rest.trim_start_matches('#').starts_with('"') => enclosed(rest, start, TokenKind::String),
        c if c.is_ascii_digit() => whole(TokenKind::Number, number_length(rest)),
        c if is_name(c) => whole(TokenKind::Word, rest.find(|c| !is_name(c)).unwrap_or(rest.len())),
        _ => whole(TokenKind::Punct, first.len_utf8()),
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A comment or a text, which may be open.
fn enclosed(rest: &str, start: usize, kind: TokenKind) -> Token {
    let after = after_opening(rest).unwrap_or_default();
    let written = &rest[..rest.len() - after.len()];
    let is_closed = match rest.as_bytes()[0] {
        b'/' | b'#' | b'`' => after_opening(rest).is_ok(),
        quote => is_closed_by(written, quote),
    };
    Token { kind, range: start..start + written.len(), is_closed }
}

/// True if the quote at the end of a text closes it: there is no `\` before it, or a `\\`.
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

/// The names of variables and parameters that a script defines by `let`, `const`, `fn`, `for` or in a closure.
pub(crate) fn defined_names(text: &str) -> BTreeSet<&str> {
    let tokens: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    let defined = |at: usize| match word(at) {
        "let" | "const" => vec![at + 1],
        "as" => Vec::new(),
        _ => bound_names(&tokens, text, at),
    };
    (0..tokens.len()).flat_map(defined).map(word).collect()
}

/// The keys of the maps that a script writes, as `#{key: value}`.
pub(crate) fn map_keys(text: &str) -> Vec<&str> {
    let words: Vec<&str> = tokens(text).map(|token| &text[token.range]).collect();
    let keys = words.windows(2).filter(|pair| pair[1] == ":").map(|pair| pair[0].trim_matches('"'));
    keys.filter(|key| key.starts_with(is_name)).collect()
}

/// The indices of the names that the token at `at` binds: parameters, loop variables, the error of a `catch`, an alias.
/// `tokens` has no comments.
pub(crate) fn bound_names(tokens: &[Token], text: &str, at: usize) -> Vec<usize> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    match word(at) {
        // `fn name(a, b)`, `catch (error)`, `for (value, index) in`
        "fn" if word(at + 2) == "(" => words_until(tokens, text, at + 3, ")"),
        "catch" if word(at + 1) == "(" => words_until(tokens, text, at + 2, ")"),
        "for" if word(at + 1) == "(" => words_until(tokens, text, at + 2, ")"),
        "for" | "as" => vec![at + 1],
        "|" if at == 0 || expects_operand(&tokens[at - 1], word(at - 1)) => closure_parameters(tokens, text, at + 1),
        _ => Vec::new(),
    }
}

/// The indices of the names between the bars of a closure; none where it is an operator that stands there.
fn closure_parameters(tokens: &[Token], text: &str, from: usize) -> Vec<usize> {
    let is_list = |token: &&Token| token.kind == TokenKind::Word || token.text(text) == ",";
    let count = tokens[from..].iter().take_while(is_list).count();
    let is_closed = tokens.get(from + count).is_some_and(|token| token.text(text) == "|");
    if is_closed { words_until(tokens, text, from, "|") } else { Vec::new() }
}

/// The parameters of the closure that a script keeps in a variable of this name, as `let f = |x| x + 1;` does.
pub(crate) fn closure_parameters_of<'t>(text: &'t str, name: &str) -> Option<Vec<&'t str>> {
    let tokens: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    let is_made = |at: &usize| {
        matches!(word(*at), "let" | "const") && word(at + 1) == name && word(at + 2) == "=" && word(at + 3) == "|"
    };
    let at = (0..tokens.len()).find(is_made)?;
    Some(words_until(&tokens, text, at + 4, "|").into_iter().map(word).collect())
}

/// The indices of the words up to a closing token.
fn words_until(tokens: &[Token], text: &str, from: usize, end: &str) -> Vec<usize> {
    let places = (from..tokens.len()).take_while(|at| tokens[*at].text(text) != end);
    places.filter(|at| tokens[*at].kind == TokenKind::Word).collect()
}

/// True if an expression follows a token, so that a `|` after it begins a closure.
fn expects_operand(token: &Token, written: &str) -> bool {
    match token.kind {
        TokenKind::Punct => !matches!(written, ")" | "]" | "}"),
        TokenKind::Word => matches!(written, "return" | "in" | "if" | "while" | "else" | "throw"),
        _ => false,
    }
}

/// The characters that a comment or a string may begin with.
const OPENING: [char; 5] = ['"', '`', '/', '\'', '#'];

/// The closing that a block comment, a back-quoted or a raw string lacks: the engine takes an open comment for whole.
pub(crate) fn open_comment_or_string(text: &str) -> Option<&'static str> {
    let mut rest = text;
    while let Some(at) = rest.find(OPENING) {
        rest = match after_opening(&rest[at..]) {
            Ok(rest) => rest,
            Err(missing) => return Some(missing),
        };
    }
    None
}

/// The ends of lines in `text`, in bytes, at which no bracket, comment or string is open: at no other can a script
/// be whole.
pub fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let mut depth = 0_usize;
    marks(text).filter_map(move |(at, mark)| {
        match mark {
            b'\n' => return (depth == 0).then_some(at),
            b'(' | b'[' | b'{' => depth += 1,
            _ => depth = depth.saturating_sub(1),
        }
        None
    })
}

/// Brackets and ends of lines with their offsets, those in comments and strings left out.
fn marks(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += text[at..].find(['\n', '(', ')', '[', ']', '{', '}', '"', '`', '/', '\'', '#'])?;
            match text.as_bytes()[at] {
                b'"' | b'`' | b'/' | b'\'' | b'#' => at = text.len() - after_opening(&text[at..]).ok()?.len(),
                mark => {
                    at += 1;
                    return Some((at - 1, mark));
                }
            }
        }
    })
}

/// The rest behind the comment, the string or the mere `/` or `#` that `open` begins with.
///
/// # Errors
/// The closing that it lacks.
pub(crate) fn after_opening(open: &str) -> Result<&str, &'static str> {
    match open.chars().next() {
        Some('/') if open.starts_with("//") => Ok(open.find('\n').map_or("", |end| &open[end..])),
        Some('/') if open.starts_with("/*") => after_block_comment(&open[2..]).ok_or("a closing `*/`"),
        Some('`') => after_template(open).ok_or("a closing backquote"),
        Some('#') => after_raw_string(open),
        Some(quote @ ('"' | '\'')) => Ok(after_string(&open[1..], quote)),
        _ => Ok(&open[1..]),
    }
}

/// The rest behind a back-quoted string. Code between `${` and `}` in it may hold further strings, and these further code.
fn after_template(open: &str) -> Option<&str> {
    // For each string or piece of code that is open: `None` for a string, else how many braces are open in the code.
    let mut around: Vec<Option<usize>> = vec![None];
    let mut rest = &open[1..];
    while let Some(innermost) = around.last_mut() {
        let marks: &[char] = if innermost.is_none() { &['`', '$'] } else { &['`', '{', '}', '"', '/', '\'', '#'] };
        rest = &rest[rest.find(marks)?..];
        match (innermost, rest.as_bytes()[0]) {
            (None, b'`') => {
                around.pop();
            }
            (None, _) if rest.starts_with("${") => {
                around.push(Some(0));
                rest = &rest[1..];
            }
            (None, _) => {}
            (Some(_), b'`') => around.push(None),
            (Some(depth), b'{') => *depth += 1,
            (Some(0), b'}') => {
                around.pop();
            }
            (Some(depth), b'}') => *depth -= 1,
            (Some(_), _) => {
                rest = after_opening(rest).ok()?;
                continue;
            }
        }
        rest = &rest[1..];
    }
    Some(rest)
}

/// The rest behind a string between `#"` and `"#`, with as many `#` on either side, in which nothing else has a meaning; behind a
/// `#` that begins none.
fn after_raw_string(open: &str) -> Result<&str, &'static str> {
    let hashes = open.len() - open.trim_start_matches('#').len();
    let closing = ["\"", &open[..hashes]].concat();
    match open[hashes..].strip_prefix('"') {
        Some(within) => within.find(&closing).map(|end| &within[end + closing.len()..]).ok_or("a closing `\"#`"),
        None => Ok(&open[1..]),
    }
}

/// The rest behind a block comment; they nest.
fn after_block_comment(mut rest: &str) -> Option<&str> {
    let mut depth = 1;
    while depth > 0 {
        let at = rest.find("/*").into_iter().chain(rest.find("*/")).min()?;
        depth = if rest[at..].starts_with("/*") { depth + 1 } else { depth - 1 };
        rest = &rest[at + 2..];
    }
    Some(rest)
}

/// The rest behind the closing quote, or at the end of the line: such a string ends with it, unless there is a `\` before.
fn after_string(text: &str, quote: char) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\n' if !escaped => return &text[at..],
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return &text[at + 1..],
            _ => escaped = false,
        }
    }
    ""
}

/// The closing of the innermost bracket that is open at the end.
pub(crate) fn open_bracket(text: &str) -> Option<char> {
    let mut open = Vec::new();
    for (_, mark) in marks(text) {
        match mark {
            b'(' => open.push(')'),
            b'[' => open.push(']'),
            b'{' => open.push('}'),
            b')' | b']' | b'}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
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
    fn an_open_token_goes_to_the_end_of_its_line_or_of_the_text() {
        let open = |text: &str| tokens(text).last().map(|token| (token.range.clone(), token.is_closed));
        assert_eq!(open("f(\"ab"), Some((2..5, false)));
        assert_eq!(open("f(`ab\nc"), Some((2..7, false)));
        assert_eq!(open("/* a"), Some((0..4, false)));
        assert_eq!(open("\"a\\\""), Some((0..4, false)));
        assert_eq!(open("\"a\""), Some((0..3, true)));
        assert_eq!(open("\""), Some((0..1, false)));
    }
}
