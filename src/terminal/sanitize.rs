//! Removal of characters that a terminal does not show but may obey: pasted, recalled or come back from an editor, they
//! neither reach it nor stay in the entry. `table::visible` defines which they are.

use crate::table::visible_lines;
use std::borrow::Cow;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthChar;

/// The longest entry that the editor can draw: it counts rows in 16 bits, and a window may be very narrow.
pub(super) const MAX_ENTRY_CHARS: usize = 60_000;

/// The most kinds of removed characters that a notice names.
const MAX_NAMED: usize = 5;

fn is_visible(c: char) -> bool {
    visible_lines(c.encode_utf8(&mut [0; 4])) == *c.encode_utf8(&mut [0; 4])
}

/// The entry without characters that no terminal shows; line feeds and tabs stay.
pub(super) fn sanitize(entry: &str) -> Cow<'_, str> {
    replaced(entry, |_| None)
}

/// The line as it can be drawn while it is typed, as wide as the editor computes it.
pub(super) fn displayable(line: &str) -> Cow<'_, str> {
    replaced(line, |c| (c.width().unwrap_or_default() > 0).then_some('\u{fffd}'))
}

/// The text with characters that no terminal shows replaced or removed.
fn replaced(text: &str, replacement: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if visible_lines(text) == text {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(|c| if is_visible(c) { Some(c) } else { replacement(c) }).collect())
}

/// The notice of the characters that are removed from an entry; `None` where there are none.
pub(super) fn removal_notice(entry: &str) -> Option<String> {
    let removed: Vec<char> = entry.chars().filter(|c| !is_visible(*c)).collect();
    let kinds: BTreeSet<u32> = removed.iter().map(|c| u32::from(*c)).collect();
    let mut named: Vec<String> = kinds.iter().take(MAX_NAMED).map(|kind| format!("U+{kind:04X}")).collect();
    if kinds.len() > MAX_NAMED {
        named.push("others".to_owned());
    }
    let what = match removed.len() {
        0 => return None,
        1 => "a character that no terminal shows".to_owned(),
        several => format!("{several} characters that no terminal shows"),
    };
    Some(format!("notice: left out of the entry: {what}, {}", named.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{displayable, removal_notice, sanitize};

    #[test]
    fn what_no_terminal_shows_is_left_out_and_named() {
        let entry = "select '\u{202e}a\u{9b}31m\u{7}' -- \u{200b}\n\tb";
        assert_eq!(sanitize(entry), "select 'a31m' -- \n\tb");
        assert_eq!(displayable(entry), "select 'a31m' -- \n\tb");
        let notice =
            "notice: left out of the entry: 4 characters that no terminal shows, U+0007, U+009B, U+200B, U+202E";
        assert_eq!(removal_notice(entry).as_deref(), Some(notice));
        let many: String = "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}".into();
        assert!(removal_notice(&many).is_some_and(|notice| notice.ends_with("U+0005, others")));
        assert!(
            removal_notice("\u{ad}")
                .is_some_and(|notice| notice.ends_with("a character that no terminal shows, U+00AD"))
        );
    }

    #[test]
    fn what_is_shown_stays() {
        for entry in ["select 'می\u{200c}خواهم'", "f(x) {\n\ty\n}", "👩\u{200d}🚀"] {
            assert_eq!((&*sanitize(entry), &*displayable(entry), removal_notice(entry)), (entry, entry, None));
        }
    }
}
