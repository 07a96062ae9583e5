//! What may be sent to a terminal: told here by a list of its own, not by the program's.

/// What is wrong with a text for a terminal.
pub(crate) fn check(text: &str) -> Result<(), String> {
    match text.char_indices().find(|(_, c)| is_wild(*c)) {
        None => Ok(()),
        Some((at, c)) => {
            let end = text[at..].char_indices().nth(20).map_or(text.len(), |(length, _)| at + length);
            Err(format!("{} reaches the terminal: {:?}", c.escape_unicode(), &text[at..end]))
        }
    }
}

fn is_wild(c: char) -> bool {
    let is_control = (c < ' ' && c != '\n' && c != '\t') || ('\u{7f}'..='\u{9f}').contains(&c);
    let is_direction =
        matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_control || is_direction || matches!(c, '\u{2028}'..='\u{2029}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}
