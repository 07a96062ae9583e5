//! When a script is whole: what an unfinished one lacks, for the prompt and for errors. It compiles nothing itself
//! but with a bare engine.

use crate::syntax::rhai::{open_bracket, open_comment_or_string};
use rhai::{Engine, LexError, ParseErrorType, Position};

/// What `text` lacks to be a whole script: `a closing }`; `None` for a whole one, or one that is plainly wrong.
#[must_use]
pub fn unfinished(text: &str) -> Option<String> {
    if let Some(open) = open_comment_or_string(text) {
        return Some(open.to_owned());
    }
    match Engine::new_raw().compile(text) {
        Ok(_) => None,
        Err(error) => missing(error.err_type(), error.position(), text),
    }
}

/// Whether `text` can be read as one script.
#[must_use]
pub fn is_whole(text: &str) -> bool {
    Engine::new_raw().compile(text).is_ok()
}

/// What is missing where the engine met the end of the text.
pub(super) fn missing(kind: &ParseErrorType, position: Position, text: &str) -> Option<String> {
    if matches!(kind, ParseErrorType::BadInput(LexError::UnterminatedString)) {
        return Some(open_comment_or_string(text).unwrap_or("a closing `\"`").to_owned());
    }
    if !is_past_end(position, text) {
        return None;
    }
    match kind {
        ParseErrorType::MissingToken(token, _) if token.chars().all(|c| !c.is_alphanumeric()) => {
            Some(format!("a closing `{token}`"))
        }
        ParseErrorType::MissingToken(token, _) => Some(format!("`{token}`")),
        ParseErrorType::UnexpectedEOF => {
            Some(open_bracket(text).map_or_else(|| "the rest of it".to_owned(), |close| format!("a closing `{close}`")))
        }
        ParseErrorType::PropertyExpected => Some("the name of a property".to_owned()),
        ParseErrorType::VariableExpected | ParseErrorType::FnMissingName => Some("a name".to_owned()),
        ParseErrorType::FnMissingParams(_) => Some("a list of parameters".to_owned()),
        ParseErrorType::FnMissingBody(_) => Some("a body `{ … }`".to_owned()),
        ParseErrorType::ExprExpected(_) => Some("an expression".to_owned()),
        _ => None,
    }
}

/// Whether a position lies behind the last character that is not white space.
fn is_past_end(position: Position, text: &str) -> bool {
    let trimmed = text.trim_end();
    let last_line = trimmed.matches('\n').count() + 1;
    let last_column = trimmed.rsplit('\n').next().unwrap_or_default().chars().count();
    match (position.line(), position.position()) {
        (Some(line), column) => line > last_line || (line == last_line && column.unwrap_or(0) > last_column),
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::unfinished;

    #[test]
    fn what_is_open_is_named_and_what_is_whole_is_whole() {
        for whole in [
            "1 + 2",
            "let x = 5;",
            "/* a /* b */ c */ 1",
            "\"/*\"",
            "fn f(x) { x }",
            "x.y",
            "let = 5",
            "'\"'",
            "#\"a ` quote\"#",
            "##\"a \"# ` quote\"##",
            "let m = #{a: 1};",
            "`a ${`b ${1} c`} d`",
            "`a ${ #\"` }\"# } b`",
            "`a ${ if true { \"}\" } else { '`' } } b`",
            "`a $ b ``c`` d`",
            "`a ${/* ` */ 1} b`",
        ] {
            assert_eq!(unfinished(whole), None, "{whole}");
        }
        for (text, missing) in [
            ("fn f(x) {", "a closing `}`"),
            ("f(1,", "a closing `)`"),
            ("/* open", "a closing `*/`"),
            ("let x = `open", "a closing backquote"),
            ("let x = `a ${`b`", "a closing backquote"),
            ("let x = #\"open `", "a closing `\"#`"),
        ] {
            assert_eq!(unfinished(text).as_deref(), Some(missing), "{text}");
        }
        assert!(unfinished("1 +").is_some());
    }
}
