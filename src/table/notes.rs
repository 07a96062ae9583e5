//! The notes under a table: label and place in front, the text aligned and wrapped with a hanging indent.
//! It must not add or drop a note.

use super::visible::visible;
use crate::sql::Note;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Where notes wrap: they are prose, so they keep to the width of a classic terminal whatever the table does.
const WIDTH: usize = 78;
/// Prose is not squeezed into less than this, however wide the labels are.
const NARROWEST: usize = 30;

/// The notes as lines, each ended by a line feed; `width` is the narrower of the terminal, if one is known.
pub(super) fn block(notes: &[Note], width: Option<usize>) -> String {
    let labels = notes.iter().filter(|note| !note.place.is_empty()).map(|note| visible(&note.label).width()).max();
    let heads: Vec<String> = notes.iter().map(|note| head(note, labels.unwrap_or(0))).collect();
    let indent = heads.iter().map(|head| head.width()).max().unwrap_or(0) + 3;
    let room = width.unwrap_or(WIDTH).min(WIDTH).saturating_sub(indent).max(NARROWEST);
    let mut block = String::new();
    for (note, head) in notes.iter().zip(&heads) {
        let mut lines = wrapped(&visible(&note.text), room).into_iter();
        let first = format!(" {head}{}{}", " ".repeat(indent - 1 - head.width()), lines.next().unwrap_or_default());
        block.push_str(first.trim_end());
        block.push('\n');
        for line in lines {
            let _ = writeln!(block, "{:indent$}{line}", "");
        }
    }
    block
}

/// The label, and the place in a column of its own behind the longest label that has one.
fn head(note: &Note, labels: usize) -> String {
    let (label, place) = (visible(&note.label), visible(&note.place));
    if place.is_empty() {
        return label.into_owned();
    }
    format!("{label}{}  {place}", " ".repeat(labels - label.width()))
}

/// The text in lines of at most `room` columns, broken at spaces; a longer word has a line of its own.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::block;
    use crate::sql::Note;

    fn note(label: &str, place: &str, text: &str) -> Note {
        Note { label: label.into(), place: place.into(), text: text.into() }
    }

    #[test]
    fn labels_places_and_texts_align_and_long_texts_hang() {
        let notes = [
            note("F29", "¶4.2", "UK would provide export finance to Ukraine: £1.6 billion"),
            note("S2:37", "row 37", "a record"),
            note("", "", "both proposed by Starmer, as S1 reports him"),
            note(
                "not stated",
                "",
                "whole cost or part (U17), approval (U18), delivery (U16), the form of the finance (U15)",
            ),
        ];
        let expected = "
 F29    ¶4.2    UK would provide export finance to Ukraine: £1.6 billion
 S2:37  row 37  a record
                both proposed by Starmer, as S1 reports him
 not stated     whole cost or part (U17), approval (U18), delivery (U16), the
                form of the finance (U15)
";
        assert_eq!(block(&notes, None), &expected[1..]);
    }

    #[test]
    fn a_hostile_note_stays_on_its_line() {
        assert_eq!(block(&[note("F\u{1b}c", "", "a\nb")], None), " F\\u{1b}c  a\\nb\n");
    }
}
