//! Plain text as blocks: paragraphs between blank lines, items of lists, and long lines, each of which is a paragraph.

use super::{BlockKind, Prose, Writer};

/// The characters of a line from which on it is a paragraph by itself: nobody breaks lines so late.
const LONG_LINE: usize = 160;

/// The most characters of a heading.
const LONGEST_HEADING: usize = 90;

/// The blocks of a plain text.
pub(super) fn read(source: &str) -> Prose {
    let mut writer = Writer::default();
    let (mut at, mut was_long) = (0, false);
    for line in source.split_inclusive('\n') {
        let is_long = line.chars().nth(LONG_LINE).is_some();
        let is_blank = line.chars().all(char::is_whitespace);
        if is_blank || is_long || was_long || is_item(line) {
            writer.end();
        }
        if !is_blank {
            writer.push(line, at..at + line.len());
        }
        (at, was_long) = (at + line.len(), is_long);
    }
    writer.end();
    for block in &mut writer.prose.blocks {
        if is_heading(&block.text) {
            block.kind = BlockKind::Heading;
        }
    }
    writer.prose
}

/// True for a line that begins with the mark of a list item: `- `, `• `, `2. `, `(2) `.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let bullet = line.strip_prefix(['-', '*', '•', '–', '+']);
    let number = line.trim_start_matches('(').trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.trim_start_matches('(').len() - number.len();
    let numbered = number.strip_prefix(['.', ')']).filter(|_| (1..=2).contains(&digits));
    bullet.or(numbered).is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// True for a short line without a full stop.
fn is_heading(text: &str) -> bool {
    let text = text.trim();
    !is_item(text)
        && text.chars().nth(LONGEST_HEADING).is_none()
        && !text.ends_with(['.', '!', '?', ',', ';', ':', '”', '"', '…'])
}
