//! Names of the book that a script would take for names of its own: a parameter or a loop variable `F29` would hide the
//! fact. `let` and `const` are refused by the engine, which asks; the rest is found in the text.

use super::raise::Raised;
use super::shared::Shared;
use super::{ids, weave};
use crate::syntax::rhai::tokens;
use crate::syntax::{Token, TokenKind};

/// The first name of the book that a text makes one of its own: the name, and the byte at which it stands.
pub(super) fn find<'t>(shared: &Shared, text: &'t str) -> Raised<Option<(&'t str, usize)>> {
    let tokens: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    for at in 0..tokens.len() {
        let made = match word(at) {
            // `fn name(a, b)`, `catch (error)`, `for (value, index) in`
            "fn" if word(at + 2) == "(" => names_to(&tokens, text, at + 3, ")"),
            "catch" if word(at + 1) == "(" => names_to(&tokens, text, at + 2, ")"),
            "for" if word(at + 1) == "(" => names_to(&tokens, text, at + 2, ")"),
            "for" | "as" => vec![at + 1],
            "|" if at == 0 || is_before_value(&tokens[at - 1], word(at - 1)) => names_to(&tokens, text, at + 1, "|"),
            _ => Vec::new(),
        };
        for at in made {
            if word(at) != weave::AROUND && ids::find(shared, word(at))?.is_some() {
                return Ok(Some((word(at), tokens[at].range.start)));
            }
        }
    }
    Ok(None)
}

/// The places of the words up to a mark.
fn names_to(tokens: &[Token], text: &str, from: usize, end: &str) -> Vec<usize> {
    let places = (from..tokens.len()).take_while(|at| tokens[*at].text(text) != end);
    places.filter(|at| tokens[*at].kind == TokenKind::Word).collect()
}

/// Whether a value follows a token, so that a `|` behind it begins a function.
fn is_before_value(token: &Token, written: &str) -> bool {
    match token.kind {
        TokenKind::Punct => !matches!(written, ")" | "]" | "}"),
        TokenKind::Word => matches!(written, "return" | "in" | "if" | "while" | "else" | "throw"),
        _ => false,
    }
}
