//! Colours for what is typed: keywords, texts and numbers, and nothing else. It must not change the width of the line.

use super::keywords;
use super::language::Language;
use crate::sql::lex::{Token, TokenKind, tokens};

const KEYWORD: &str = "\u{1b}[1m";
const TEXT: &str = "\u{1b}[32m";
const NUMBER: &str = "\u{1b}[36m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The line with escape sequences around what is coloured; commands stay plain.
pub(super) fn highlight(line: &str, language: Language) -> String {
    let mut colored = String::with_capacity(line.len() * 2);
    let mut end = 0;
    for token in tokens(line) {
        let written = token.text(line);
        colored += &line[end..token.range.start];
        match style(&token, written, language) {
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
        _ if language == Language::Command => None,
        TokenKind::Word => is_keyword().then_some(KEYWORD),
        TokenKind::Text => Some(TEXT),
        TokenKind::QuotedName if language == Language::Script && !written.starts_with('[') => Some(TEXT),
        TokenKind::Number => Some(NUMBER),
        TokenKind::Comment if language == Language::Sql => Some(DIM),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::highlight;
    use crate::terminal::Language;

    #[test]
    fn keywords_texts_and_numbers_are_coloured() {
        let colored = highlight("SELECT 'a', n1  from t limit 5", Language::Sql).replace('\u{1b}', "^");
        assert_eq!(colored, "^[1mSELECT^[0m ^[32m'a'^[0m, n1  ^[1mfrom^[0m t ^[1mlimit^[0m ^[36m5^[0m");
        assert_eq!(highlight("let x = [1]; ", Language::Script).replace('\u{1b}', "^"), "^[1mlet^[0m x = [1]; ");
        assert_eq!(highlight(".mode csv", Language::Command), ".mode csv");
    }
}
