//! A script compiled past its first error, for a check alone. A name that is nowhere is taken for a variable from then on. A statement
//! that has another error is left out: by its semicolon or by the end of its block it is told from the next. All that it names
//! is taken for known, so that no later error comes of what is left out. Brackets that do not pair, and imports in such a
//! statement, end the search: where the next one begins, or what it may call, would be a guess.

use super::compile::compile;
use super::diagnostics::NamesInScope;
use crate::error::{Error, Place, ScriptCause};
use crate::syntax::rhai::tokens;
use crate::syntax::{Text, Token, TokenKind};
use rhai::{AST, Engine, Scope};
use std::collections::BTreeSet;
use std::ops::Range;

/// The most times that a script is compiled anew, each for one error more.
const MAX_ROUNDS: usize = 20;

/// The words that a statement begins with which ends with a block, and takes no semicolon.
const BLOCK_WORDS: [&str; 10] = ["fn", "private", "if", "for", "while", "loop", "do", "switch", "try", "{"];

/// The words behind a block that go on with its statement.
const CONTINUATIONS: [&str; 4] = ["else", "catch", "until", "while"];

/// A script as far as it compiles.
pub(super) struct Recovered {
    /// Its errors, in the order in which the engine met them.
    pub(super) errors: Vec<Error>,
    /// The rest of it; `None` where the search ended.
    pub(super) ast: Option<AST>,
    /// The text of that, of the same lines and columns.
    pub(super) text: Text,
    /// The words of the statements that are left out.
    pub(super) left_out: BTreeSet<String>,
    /// The lines on which they end: a semicolon too many leaves the rest of one behind it.
    ends: BTreeSet<usize>,
}

/// Compiles a script, and what is left of it after each error.
pub(super) fn compile_with_errors(
    engine: &Engine,
    scope: &mut Scope<'_>,
    text: &Text,
    names: &NamesInScope<'_>,
) -> Recovered {
    let mut found = Recovered {
        errors: Vec::new(),
        ast: None,
        text: text.clone(),
        left_out: BTreeSet::new(),
        ends: BTreeSet::new(),
    };
    for _ in 0..MAX_ROUNDS {
        let error = match compile(engine, scope, &found.text, names) {
            Ok(ast) => {
                found.ast = Some(ast);
                break;
            }
            Err(error) => error,
        };
        let of_statement = statement_of(&error, &found);
        found.note(in_text(error.clone(), text), of_statement.clone());
        let goes_on = go_on_behind(&error, of_statement, &mut found, scope);
        if !goes_on {
            break;
        }
    }
    found
}

impl Recovered {
    /// Adds an error, unless it may come of an earlier one: a statement with an unknown name may be no statement at all, so that the first
    /// error of one that is not well-formed is its only one.
    fn note(&mut self, error: Error, statement: Option<Range<usize>>) {
        if first_place(&error).is_some_and(|place| self.ends.contains(&place.line)) && !self.errors.is_empty() {
            return;
        }
        if unknown_name(&error).is_some() {
            return self.errors.push(error);
        }
        let Some(statement) = statement else {
            if self.errors.is_empty() {
                self.errors.push(error);
            }
            return;
        };
        let ends = [statement.start, statement.end].map(|at| self.text.place(at, 1)).map(|end| (end.line, end.column));
        let is_within = |error: &Error| {
            first_place(error).is_some_and(|place| (ends[0]..ends[1]).contains(&(place.line, place.column)))
        };
        match self.errors.iter().position(is_within) {
            None => self.errors.push(error),
            Some(first) => {
                let mut behind = self.errors.split_off(first + 1);
                behind.retain(|error| !is_within(error));
                self.errors.append(&mut behind);
            }
        }
    }
}

/// The name that an error is about which is nowhere; `None` for another error.
fn unknown_name(error: &Error) -> Option<&str> {
    match error {
        Error::Script(error) => match &error.cause {
            ScriptCause::UndefinedVariable { name, .. } => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn first_place(error: &Error) -> Option<&Place> {
    match error {
        Error::Script(error) => error.frames.first().map(|frame| &frame.place),
        _ => None,
    }
}

/// The range of the statement that an error is in; `None` where that is not certain.
fn statement_of(error: &Error, found: &Recovered) -> Option<Range<usize>> {
    let place = first_place(error).filter(|place| place.source == *found.text.source)?;
    statement_at(&found.text.whole, offset(&found.text, place)?)
}

/// Takes an error out of the rest of a script; false where that can't be done without making another.
fn go_on_behind(error: &Error, statement: Option<Range<usize>>, found: &mut Recovered, scope: &mut Scope<'_>) -> bool {
    if let Some(name) = unknown_name(error).filter(|name| !scope.contains(name)) {
        scope.push(name, ());
        return true;
    }
    let Some(statement) = statement else { return false };
    let whole = &found.text.whole;
    let left_out = &whole[statement.clone()];
    for token in tokens(left_out).filter(|token| token.kind == TokenKind::Word) {
        let word = token.text(left_out);
        if !scope.contains(word) {
            scope.push(word, ());
        }
        found.left_out.insert(word.to_owned());
    }
    found.ends.insert(found.text.place(statement.end, 1).line);
    let without = [&whole[..statement.start], &*blanked(left_out), &whole[statement.end..]].concat();
    found.text = Text { whole: without.into(), ..found.text.clone() };
    true
}

/// A text of the same lines and columns in which nothing stands.
fn blanked(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// An error with the lines of the whole script at its places.
fn in_text(error: Error, text: &Text) -> Error {
    let Error::Script(mut error) = error else { return error };
    for frame in error.frames.iter_mut().filter(|frame| frame.place.source == *text.source) {
        let line = (frame.place.line + 1).saturating_sub(text.first_line);
        frame.place.line_text = text.place_at_line(line, frame.place.column).line_text;
    }
    Error::Script(error)
}

/// The byte of a text at a place.
fn offset(text: &Text, place: &Place) -> Option<usize> {
    let mut lines = text.whole.split_inclusive('\n');
    let before = (place.line).checked_sub(text.first_line)?;
    let start: usize = lines.by_ref().take(before).map(str::len).sum();
    let line = lines.next().unwrap_or_default();
    Some(start + line.char_indices().nth(place.column.saturating_sub(1)).map_or(line.len(), |(at, _)| at))
}

/// The range of the statement at a byte of a script, of those outside of all blocks; `None` where that is not certain, and for one
/// that imports a module or lacks the name of what it makes.
fn statement_at(text: &str, at: usize) -> Option<Range<usize>> {
    let list: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let ends = statement_ends(&list, text)?;
    let mut first = 0;
    let mut found = None;
    for end in ends {
        if list.get(first).is_some_and(|token| token.range.start <= at) {
            found = Some(first..end);
        }
        first = end;
    }
    let found = found.filter(|found| !found.is_empty())?;
    let statement = &list[found.clone()];
    let (first, last) = (statement.first()?, statement.last()?);
    // What is wrong with the first word behind a block may be the block.
    let is_behind_block =
        first.range.start == at && list[..found.start].last().is_some_and(|token| token.text(text) == "}");
    let imports = statement.iter().any(|token| token.text(text) == "import");
    let lacks_name = statement
        .windows(2)
        .any(|pair| matches!(pair[0].text(text), "let" | "const" | "fn") && pair[1].kind != TokenKind::Word);
    let is_certain = !is_behind_block && !imports && !lacks_name;
    is_certain.then_some(first.range.start..last.range.end)
}

/// The number of the token behind each statement; `None` where a bracket or a text is open.
fn statement_ends(list: &[Token], text: &str) -> Option<Vec<usize>> {
    let (mut ends, mut open, mut first) = (Vec::new(), Vec::new(), 0);
    for (at, token) in list.iter().enumerate() {
        let word = token.text(text);
        match word {
            _ if !token.is_closed => return None,
            "(" => open.push(")"),
            "[" => open.push("]"),
            "{" => open.push("}"),
            ")" | "]" | "}" if open.pop() != Some(word) => return None,
            _ => {}
        }
        let ends_block = || {
            let goes_on = list
                .get(at + 1)
                .is_some_and(|next| next.kind != TokenKind::Word || CONTINUATIONS.contains(&next.text(text)));
            word == "}" && BLOCK_WORDS.contains(&list[first].text(text)) && !goes_on
        };
        if open.is_empty() && (word == ";" || ends_block()) {
            ends.push(at + 1);
            first = at + 1;
        }
    }
    if !open.is_empty() {
        return None;
    }
    ends.push(list.len());
    Some(ends)
}

#[cfg(test)]
mod tests {
    use super::statement_at;

    #[track_caller]
    fn cut(text: &str, at: &str, expected: Option<&str>) {
        let found = statement_at(text, text.find(at).unwrap()).map(|range| &text[range]);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_statement_ends_with_its_semicolon_or_its_block() {
        cut("let a = 1; let b = ; let c = 2;", "; let c", Some("let b = ;"));
        cut("fn f(x) { x; x + } let a = f(1);", "x +", Some("fn f(x) { x; x + }"));
        cut("if a { 1 } else { 2 } let b = ;", "= ;", Some("let b = ;"));
        cut(
            "let a = if b { 1 } else { 2 }\nlet c = 3;\nd();",
            "c =",
            Some("let a = if b { 1 } else { 2 }\nlet c = 3;"),
        );
        cut("let a = \"x; {\"; b c;", "c;", Some("b c;"));
        cut("do { a } while b; c d;", "d;", Some("c d;"));
        cut("a(1)", "1", Some("a(1)"));
    }

    #[test]
    fn what_can_not_be_told_apart_is_none() {
        cut("let a = (1; let b = 2;", "1;", None);
        cut("let a = [1}; let b = 2;", "1}", None);
        cut("let a = \"open;\nlet b = 2;", "open", None);
        cut("import \"m\" as ; let a = 1;", ";", None);
        cut("if if a { 1 } else { 2 } if b { 3 }", "if b", None);
        cut("let = 1; a;", "1", None);
    }
}
