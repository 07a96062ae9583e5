//! Colours for an entry while it is typed: keywords, texts, numbers, comments, and the bracket that matches the one at the
//! cursor. It must not change the width of the line.

use super::language::{Language, SCRIPT_KEYWORDS, SQL_KEYWORDS};
use crate::syntax::rhai as script_lex;
use crate::syntax::sql as sql_lex;
use crate::syntax::{Token, TokenKind, bracket_pairs};

const KEYWORD: &str = "\u{1b}[1m";
const TEXT: &str = "\u{1b}[32m";
const NUMBER: &str = "\u{1b}[36m";
const DIM: &str = "\u{1b}[2m";
/// Bold and underlined: visible on dark and on light ground, and not mistaken for the cursor.
const BRACKET: &str = "\u{1b}[1;4m";
const RESET: &str = "\u{1b}[0m";

/// The line with escape sequences around its coloured tokens; commands stay plain. `bracket` is the byte of the bracket
/// that matches the one at the cursor.
pub(super) fn highlight(line: &str, language: Language, bracket: Option<usize>) -> String {
    let mut colored = String::with_capacity(line.len() * 2);
    let mut end = 0;
    for token in tokens_of(line, language) {
        let written = token.text(line);
        colored += &line[end..token.range.start];
        let is_bracket = token.kind == TokenKind::Punct && bracket == Some(token.range.start);
        match style(&token, written, language).or(is_bracket.then_some(BRACKET)) {
            Some(style) => colored.extend([style, written, RESET]),
            None => colored += written,
        }
        end = token.range.end;
    }
    colored + &line[end..]
}

/// Dimmed text, for hints.
pub(super) fn dim(text: &str) -> String {
    format!("{DIM}{text}{RESET}")
}

fn style(token: &Token, written: &str, language: Language) -> Option<&'static str> {
    // Letter case matters to scripts alone.
    let is_keyword = || match language {
        Language::Command => false,
        Language::Sql => SQL_KEYWORDS.contains(&written.to_lowercase()),
        Language::Script => SCRIPT_KEYWORDS.contains(written),
    };
    match token.kind {
        TokenKind::Word => is_keyword().then_some(KEYWORD),
        TokenKind::String => Some(TEXT),
        TokenKind::Number => Some(NUMBER),
        TokenKind::Comment => Some(DIM),
        _ => None,
    }
}

/// The tokens of an entry in its language; a command has none.
fn tokens_of(line: &str, language: Language) -> Vec<Token> {
    match language {
        Language::Command => Vec::new(),
        Language::Sql => sql_lex::tokens(line).collect(),
        Language::Script => script_lex::tokens(line).collect(),
    }
}

/// The byte of the bracket that matches the one at the byte `pos`, or else the one right before it.
pub(super) fn matching_bracket(line: &str, pos: usize, language: Language) -> Option<usize> {
    let is_bracket = |at: &usize| line[*at..].starts_with(['(', ')', '[', ']', '{', '}']);
    let near = [Some(pos), pos.checked_sub(1)].into_iter().flatten();
    let mut near = near.filter(|at| line.is_char_boundary(*at)).filter(is_bracket).peekable();
    near.peek()?;
    let tokens = tokens_of(line, language);
    let pairs = bracket_pairs(&tokens, line);
    near.find_map(|at| {
        let bracket = tokens.iter().position(|token| token.range.start == at)?;
        pairs[bracket].map(|other| tokens[other].range.start)
    })
}

#[cfg(test)]
mod tests {
    use super::{highlight, matching_bracket};
    use crate::terminal::{Language, classify};

    #[track_caller]
    fn looks(line: &str, language: Language, expected: &str) {
        assert_eq!(highlight(line, language, None).replace('\u{1b}', "^"), expected);
    }

    #[test]
    fn keywords_texts_and_numbers_are_coloured() {
        looks(
            "SELECT 'a', n1  from t limit 5",
            Language::Sql,
            "^[1mSELECT^[0m ^[32m'a'^[0m, n1  ^[1mfrom^[0m t ^[1mlimit^[0m ^[36m5^[0m",
        );
        looks("let x = [1]; ", Language::Script, "^[1mlet^[0m x = [^[36m1^[0m]; ");
        looks("f(`a\nb`) // it's", Language::Script, "f(^[32m`a\nb`^[0m) ^[2m// it's^[0m");
        looks(".mode csv", Language::Command, ".mode csv");
    }

    #[test]
    fn the_bracket_that_belongs_to_the_one_at_the_cursor_is_marked() {
        let marked = highlight("f(x)", Language::Script, Some(3));
        assert_eq!(marked, "f(x\u{1b}[1;4m)\u{1b}[0m");
    }

    /// Checks that the bracket in `<>` matches the one at the cursor, `¦`.
    #[track_caller]
    fn belongs(line: &str, expected: &str) {
        let pos = line.find('¦').unwrap();
        let line = line.replace('¦', "");
        let found = matching_bracket(&line, pos, classify(&line, &|_| false));
        let found =
            found.map_or_else(|| line.clone(), |at| format!("{}<{}>{}", &line[..at], &line[at..=at], &line[at + 1..]));
        assert_eq!(found, expected);
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
