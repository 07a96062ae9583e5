//! Untrusted text made safe for a terminal and an editor: characters that move the cursor, change colours, reorder or hide
//! letters are escaped. Errors use it too; machine formats do not.

use std::borrow::Cow;

/// Escapes every control and format character as Rust does: `\n`, `\t`, `\r`, and `\u{1b}` for the rest. A backslash stays as
/// it is: the text is for people, not for parsing.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, is_hidden)
}

/// Escapes a text of several lines, whose line feeds and tabs stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    written_out(text, |c| is_hidden(c) && c != '\n' && c != '\t')
}

fn written_out(text: &str, hides: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !hides(c) => shown.push(c),
            '\n' | '\t' | '\r' => shown.extend(c.escape_default()),
            c => shown.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(shown)
}

/// Returns true for control characters and for format characters that can't be seen, except the joiners U+200C and U+200D:
/// Persian, Indic scripts and emoji are misspelt without them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{feff}' // soft hyphen, spaces without width
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction
            | '\u{2028}' | '\u{2029}' // line and paragraph separators
            | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' // invisible operators
            | '\u{e0000}'..='\u{e007f}') // tags
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_lines};

    #[test]
    fn characters_that_move_colour_or_reorder_are_escaped() {
        assert_eq!(visible("\u{1b}[31mred\u{7}\r\n\tend"), r"\u{1b}[31mred\u{7}\r\n\tend");
        assert_eq!(visible("user\u{202e}txt.exe\u{9b}0m\u{200b}"), r"user\u{202e}txt.exe\u{9b}0m\u{200b}");
    }

    #[test]
    fn letters_of_every_script_stay() {
        for text in ["北京", "e\u{301}", "می\u{200c}خواهم", "👩\u{200d}🚀", r"C:\new"] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn lines_keep_their_line_feeds_and_tabs() {
        assert_eq!(visible_lines("a\n\tb\u{1b}c"), "a\n\tb\\u{1b}c");
    }
}
