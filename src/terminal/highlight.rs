//! Colours for what is typed: keywords, texts, numbers and comments, and the bracket that belongs to the one at the cursor.
//! It must not change the width of the line.

use super::brackets::tokens_of;
use super::keywords;
use super::language::Language;
use crate::syntax::{Token, TokenKind};

const KEYWORD: &str = "\u{1b}[1m";
const TEXT: &str = "\u{1b}[32m";
const NUMBER: &str = "\u{1b}[36m";
const DIM: &str = "\u{1b}[2m";
/// Bold and underlined: seen on dark and on light ground, and not taken for the cursor.
const BRACKET: &str = "\u{1b}[1;4m";
const PLAIN: &str = "\u{1b}[0m";

/// The line with escape sequences around what is coloured; commands stay plain. `bracket` is where the one stands that
/// belongs to the bracket at the cursor.
pub(super) fn highlight(line: &str, language: Language, bracket: Option<usize>) -> String {
    let mut colored = String::with_capacity(line.len() * 2);
    let mut end = 0;
    for token in tokens_of(line, language) {
        let written = token.text(line);
        colored += &line[end..token.range.start];
        let is_bracket = token.kind == TokenKind::Punct && bracket == Some(token.range.start);
        match style(&token, written, language).or(is_bracket.then_some(BRACKET)) {
            Some(style) => colored.extend([style, written, PLAIN]),
            None => colored += written,
        }
        end = token.range.end;
    }
    colored + &line[end..]
}

/// Dimmed text: what the prompt says while an entry is typed.
pub(super) fn dim(text: &str) -> String {
    format!("{DIM}{text}{PLAIN}")
}

fn style(token: &Token, written: &str, language: Language) -> Option<&'static str> {
    // Letter case matters to scripts alone.
    let is_keyword = || match language {
        Language::Command => false,
        Language::Sql => keywords::SQL.contains(&written.to_lowercase()),
        Language::Script => keywords::SCRIPT.contains(written),
    };
    match token.kind {
        TokenKind::Word => is_keyword().then_some(KEYWORD),
        TokenKind::String => Some(TEXT),
        TokenKind::Number => Some(NUMBER),
        TokenKind::Comment => Some(DIM),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::highlight;
    use crate::terminal::Language;

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
}
