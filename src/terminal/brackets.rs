//! The bracket that belongs to the one at the cursor. Those in texts and comments are none.

use super::language::Language;
use crate::syntax::{Token, TokenKind};
use crate::syntax::{rhai, sql};

/// The tokens of an entry in its language; a command has none.
pub(super) fn tokens_of(line: &str, language: Language) -> Vec<Token> {
    match language {
        Language::Command => Vec::new(),
        Language::Sql => sql::tokens(line).collect(),
        Language::Script => rhai::tokens(line).collect(),
    }
}

/// Where the bracket stands that belongs to the one at the byte `pos`, or else to the one right before it.
pub(super) fn matching(line: &str, pos: usize, language: Language) -> Option<usize> {
    let is_bracket = |at: &usize| line[*at..].starts_with(['(', ')', '[', ']', '{', '}']);
    let near = [Some(pos), pos.checked_sub(1)].into_iter().flatten();
    let mut near = near.filter(|at| line.is_char_boundary(*at)).filter(is_bracket).peekable();
    near.peek()?;
    let pairs = pairs(line, language);
    near.find_map(|at| {
        pairs.iter().find_map(|(open, close)| match at {
            at if at == *open => Some(*close),
            at if at == *close => Some(*open),
            _ => None,
        })
    })
}

/// Where the brackets stand that belong together.
fn pairs(line: &str, language: Language) -> Vec<(usize, usize)> {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut pairs = Vec::new();
    for token in tokens_of(line, language).into_iter().filter(|token| token.kind == TokenKind::Punct) {
        let closing = match token.text(line) {
            "(" => ')',
            "[" => ']',
            "{" => '}',
            written => {
                if let Some((_, at)) = open.pop_if(|(close, _)| written.starts_with(*close)) {
                    pairs.push((at, token.range.start));
                }
                continue;
            }
        };
        open.push((closing, token.range.start));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::matching;
    use crate::terminal::classify;

    /// `|` is the cursor; what belongs to the bracket there is expected in `<>`.
    #[track_caller]
    fn belongs(line: &str, expected: &str) {
        let pos = line.find('¦').unwrap();
        let line = line.replace('¦', "");
        let found = matching(&line, pos, classify(&line, &|_| false));
        let told =
            found.map_or_else(|| line.clone(), |at| format!("{}<{}>{}", &line[..at], &line[at..=at], &line[at + 1..]));
        assert_eq!(told, expected);
    }

    #[test]
    fn the_bracket_at_the_cursor_goes_before_the_one_behind_it() {
        belongs("select ¦(1 + (2))", "select (1 + (2)<)>");
        belongs("select (1 + (2)¦)", "select <(>1 + (2))");
        belongs("select (1 + (2))¦", "select <(>1 + (2))");
        belongs("f([1, 2¦])", "f(<[>1, 2])");
        belongs("select (1 ¦+ 2)", "select (1 + 2)");
    }

    #[test]
    fn texts_and_comments_have_none() {
        belongs("select ¦(')')", "select (')'<)>");
        belongs("f¦(\"(\") // )", "f(\"(\"<)> // )");
        belongs("let x = \"¦(\" + (1)", "let x = \"(\" + (1)");
        belongs("¦(]", "(]");
        belongs(".run ¦(a)", ".run (a)");
        belongs("é¦(ü)", "é(ü<)>");
    }
}
