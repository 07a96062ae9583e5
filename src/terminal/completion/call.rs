//! The call that the cursor stands in: how its function is written, for the hint.

use super::script::{is_around, sql_in};
use super::vocabulary::{FunctionName, Vocabulary};
use crate::syntax::{Token, TokenKind};
use crate::syntax::{rhai, sql};
use crate::terminal::commands;
use crate::terminal::language::Language;

/// How the function is called in whose parentheses the byte `pos` of `line` stands, or what a command that has no argument
/// yet takes; `None` where none is known. The names are asked for only where there is a call.
pub(in crate::terminal) fn signature<'v>(
    line: &str,
    pos: usize,
    language: Language,
    vocabulary: impl FnOnce() -> &'v Vocabulary,
) -> Option<String> {
    let before = &line[..pos];
    match language {
        Language::Command => arguments(line, pos),
        Language::Sql => sql(before, vocabulary),
        Language::Script => {
            let tokens: Vec<Token> = rhai::tokens(line).take_while(|token| token.range.start < pos).collect();
            let names = called(&tokens, line);
            match tokens.last().filter(|token| is_around(token, line, pos)) {
                Some(token) if token.kind == TokenKind::Comment => None,
                Some(token) if sql_in(line, token).is_some() => sql(&before[token.range.start + 1..], vocabulary),
                _ => find(names, vocabulary, |vocabulary| &vocabulary.script_functions),
            }
        }
    }
}

/// What a command takes, where nothing of that is typed.
fn arguments(line: &str, pos: usize) -> Option<String> {
    let name =
        line.trim_start().strip_suffix(' ').filter(|name| pos == line.len() && !name.contains(char::is_whitespace))?;
    let info = commands::find(name).ok().filter(|info| !info.arguments.is_empty())?;
    Some(info.arguments.to_owned())
}

fn sql<'v>(before: &str, vocabulary: impl FnOnce() -> &'v Vocabulary) -> Option<String> {
    let tokens: Vec<Token> = sql::tokens(before).collect();
    if tokens.last().is_some_and(|last| last.kind == TokenKind::Comment) {
        return None;
    }
    find(called(&tokens, before), vocabulary, |vocabulary| &vocabulary.sql_functions)
}

/// The names before the parentheses that are open at the end, from the innermost out.
fn called<'t>(tokens: &[Token], text: &'t str) -> Vec<&'t str> {
    let mut closed = 0_usize;
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate().rev() {
        match token.text(text) {
            // Another statement.
            ";" if closed == 0 => break,
            ")" => closed += 1,
            "(" if closed > 0 => closed -= 1,
            "(" => {
                let name = at.checked_sub(1).map(|at| &tokens[at]).filter(|name| name.kind == TokenKind::Word);
                names.extend(name.map(|name| name.text(text)));
            }
            _ => {}
        }
    }
    names
}

/// How the first of some names is called that is a function; letter case is that of the language's functions, which have
/// none in upper case.
fn find<'v>(
    names: Vec<&str>,
    vocabulary: impl FnOnce() -> &'v Vocabulary,
    functions: impl Fn(&Vocabulary) -> &Vec<FunctionName>,
) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let vocabulary = vocabulary();
    names.into_iter().find_map(|name| {
        let known = functions(vocabulary).iter().filter(|function| function.name.eq_ignore_ascii_case(name));
        let calls: Vec<&str> =
            known.flat_map(|function| &function.calls).map(String::as_str).filter(|call| call.contains('(')).collect();
        let own = || vocabulary.own.iter().find(|own| own.name == name)?.signature.clone();
        Some(calls.join(" · ")).filter(|calls| !calls.is_empty()).or_else(own)
    })
}
