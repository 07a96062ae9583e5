//! The parts of a header, between its brackets and commas and behind `in`, and the words of a name.

use super::numeric;
use super::unit_words::TURNING_WORDS;

/// A part of a header: between brackets, commas, or behind `in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'h> {
    pub(super) text: &'h str,
    /// True for the words that the header begins with: they name the column.
    pub(super) is_label: bool,
    /// True if the part before ends with a word that turns the meaning of this one round: `Not in EUR`.
    pub(super) is_turned: bool,
}

/// The parts of a header.
pub(super) fn parts(header: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let is_divider = |at: usize, c: char| match c {
        '(' | ')' | '[' | ']' | '{' | '}' | ';' | ':' | '|' | '\n' => true,
        // A comma between digits groups them.
        ',' => !header[at + 1..].starts_with(|c: char| c.is_ascii_digit()),
        // The rows of a header are joined by ` / `.
        '-' | '–' | '—' | '/' => header[..at].ends_with(' ') && header[at + c.len_utf8()..].starts_with(' '),
        _ => false,
    };
    let mut start = 0;
    let dividers = header.char_indices().filter(|(at, c)| is_divider(*at, *c)).map(|(at, c)| (at, at + c.len_utf8()));
    for (end, next) in dividers.chain([(header.len(), header.len())]) {
        add_parts(&header[start..end], start == 0, &mut parts);
        start = next;
    }
    parts
}

/// Adds the parts of a text without dividers: before and behind `in`.
fn add_parts<'h>(text: &'h str, is_first: bool, parts: &mut Vec<Part<'h>>) {
    let (mut rest, mut is_label, mut is_turned) = (numeric::trim(text), is_first, false);
    loop {
        if let Some(inner) = strip_in(rest) {
            (rest, is_label) = (inner, false);
        }
        let lower = rest.to_ascii_lowercase();
        let at = lower.find(" in ").filter(|_| lower.len() == rest.len());
        let (before, behind) = at.map_or((rest, None), |at| (&rest[..at], Some(numeric::trim(&rest[at + 4..]))));
        if !before.is_empty() {
            parts.push(Part { text: before, is_label, is_turned });
        }
        let Some(behind) = behind else { return };
        let last = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        is_turned = TURNING_WORDS.contains(&last.as_str());
        (rest, is_label) = (behind, false);
    }
}

/// The rest of a text that begins with `in `.
fn strip_in(text: &str) -> Option<&str> {
    let is_in = text.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("in "));
    is_in.then(|| numeric::trim(&text[3..]))
}

/// The words of a name: between blanks and `_`, and where capitals begin behind small letters.
pub(super) fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in name.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.')) {
        let code = word.len().checked_sub(3).filter(|start| *start > 0 && word.is_char_boundary(*start));
        let camel = code.map(|start| word.split_at(start)).filter(|(before, code)| {
            before.ends_with(|c: char| c.is_lowercase()) && code.bytes().all(|byte| byte.is_ascii_uppercase())
        });
        match camel {
            Some((before, code)) => {
                words.extend([before.rsplit(|c: char| !c.is_lowercase()).next().unwrap_or(before), code]);
            }
            None => words.push(word),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
