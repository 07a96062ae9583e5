//! The notes under a table: label and place in columns, the text wrapped with a hanging indent. No note is added or dropped.

use crate::sql::Note;
use crate::table::visible::visible;
use crate::table::wrap::words_in_lines;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// The greatest width of notes, which are prose, in terminal columns.
const MAX_WIDTH: usize = 78;
/// The least width of the text beside an aside, which otherwise goes on behind it.
const MIN_WIDTH_BESIDE: usize = 24;
/// The indent of a text below its label, where it has no room beside it.
const STACKED_INDENT: usize = 4;
/// The least width of the text, however wide the labels are.
const MIN_TEXT_WIDTH: usize = 16;

/// The notes as lines; `width` is that of the terminal, if one is known. Notes under a heading are aligned apart from the
/// rest.
pub(in crate::table) fn notes_block(notes: &[Note], width: Option<usize>) -> String {
    let width = width.unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
    let are_under = under_headings(notes);
    let (own, under) = (HeadWidths::of(notes, &are_under, false), HeadWidths::of(notes, &are_under, true));
    let mut block = String::new();
    for (note, is_under) in notes.iter().zip(are_under) {
        let columns = if is_under { &under } else { &own };
        let head = head(note, columns.labels);
        let beside = if note.is_heading { head.width() } else { columns.heads } + 3;
        let is_stacked = !head.is_empty() && beside + MIN_WIDTH_BESIDE > width;
        let indent = if is_stacked { STACKED_INDENT } else { beside };
        if is_stacked {
            block.push_str(&format!(" {head}\n"));
        }
        for (n, line) in lines(note, indent, width).into_iter().enumerate() {
            let head = if n == 0 && !is_stacked { head.as_str() } else { "" };
            let line = format!(" {head}{}{line}", " ".repeat(indent - 1 - head.width()));
            block.push_str(line.trim_end());
            block.push('\n');
        }
    }
    block
}

/// The parts of a note in order, for formats with a note a line: `F38`, `¶6.1`, `its sentence`, `(possible)`.
pub(super) fn note_parts(note: &Note) -> impl Iterator<Item = Cow<'_, str>> {
    let aside = if note.aside.is_empty() { String::new() } else { format!("({})", note.aside) };
    let parts = [&note.label, &note.place, &note.lead, &note.text].map(|part| Cow::Borrowed(part.as_str()));
    parts.into_iter().chain([aside.into()]).filter(|part| !part.is_empty())
}

/// For each note, true if it is a heading or belongs to one: a note with a label of its own belongs to none.
fn under_headings(notes: &[Note]) -> Vec<bool> {
    let mut is_under = false;
    notes
        .iter()
        .map(|note| {
            is_under = note.is_heading || (is_under && note.label.is_empty());
            is_under
        })
        .collect()
}

/// The greatest widths of the labels that have a place, and of label and place together.
struct HeadWidths {
    labels: usize,
    heads: usize,
}

impl HeadWidths {
    fn of(notes: &[Note], are_under: &[bool], wanted: bool) -> Self {
        let notes = || notes.iter().zip(are_under).filter(|(_, is_under)| **is_under == wanted).map(|(note, _)| note);
        let has_place = |note: &&Note| note.is_heading || !note.place.is_empty();
        let labels = notes().filter(has_place).map(|note| visible(&note.label).width()).max().unwrap_or(0);
        let heads = notes().filter(|note| !note.is_heading).map(|note| head(note, labels).width()).max();
        Self { labels, heads: heads.unwrap_or(0) }
    }
}

/// The label, and the place in a column of its own.
fn head(note: &Note, labels: usize) -> String {
    let (label, place) = (visible(&note.label), visible(&note.place));
    let gap = " ".repeat(labels.saturating_sub(label.width()));
    match (note.is_heading, place.is_empty()) {
        (true, _) => format!("{label}{gap}"),
        (false, true) => label.into_owned(),
        (false, false) => format!("{label}{gap}  {place}"),
    }
}

/// The text of a note in lines that end at `width`, with its lead and its aside.
fn lines(note: &Note, indent: usize, width: usize) -> Vec<String> {
    let (mut lead, aside) = (visible(&note.lead), visible(&note.aside));
    let mut text = visible(&note.text);
    if !lead.is_empty() && indent + lead.width() + 2 + MIN_TEXT_WIDTH > width {
        text = format!("{lead}: {text}").into();
        lead = "".into();
    }
    let before = if lead.is_empty() { 0 } else { lead.width() + 2 };
    let beside = if aside.is_empty() { 0 } else { aside.width() + 2 };
    let room = width.saturating_sub(indent + before + beside);
    let is_behind = beside > 0 && room < MIN_WIDTH_BESIDE;
    let room = if is_behind { room + beside } else { room }.max(MIN_TEXT_WIDTH);
    let mut lines = words_in_lines(&if is_behind { format!("{text} ({aside})").into() } else { text }, room);
    if lines.is_empty() {
        lines.push(String::new());
    }
    for (n, line) in lines.iter_mut().enumerate() {
        let lead = if n == 0 { lead.as_ref() } else { "" };
        *line = format!("{lead}{}{line}", " ".repeat(before - lead.width()));
    }
    if beside > 0 && !is_behind {
        let gap = (before + room + beside - aside.width()).saturating_sub(lines[0].width());
        lines[0].push_str(&format!("{}{aside}", " ".repeat(gap)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::notes_block;
    use crate::sql::{Cell, Note};
    use crate::table::Format;
    use crate::table::fixture::{header, result, style, value, written};

    fn note(label: &str, place: &str, text: &str) -> Note {
        Note::new(label, place, text)
    }

    #[test]
    fn every_format_for_people_says_all_of_a_note() {
        let lines = [
            Note::heading("U11", "question").beside("unknown"),
            note("", "closest", "nearest").led_by("F38 ¶6.1").beside("possible"),
            note("S2:37", "record", "sentence").led_by("row").beside("certainty"),
            note("", "", "continued").led_by("before").beside("beside"),
        ];
        for format in [Format::Table, Format::Line, Format::Markdown, Format::Html] {
            let rows = [vec![Cell::Integer(1)]];
            let (out, _) = written(format, style(), |sink| result(sink, &header(&["n"]), &rows, &lines));
            let (value, _) = written(format, style(), |sink| {
                value(sink, &Cell::Integer(1));
                sink.below_value(&lines).unwrap();
            });
            for note in &lines {
                for part in [&note.label, &note.place, &note.lead, &note.text, &note.aside] {
                    assert!(out.contains(part) && value.contains(part), "{format:?} drops {part:?} of {out}");
                }
            }
        }
    }

    #[test]
    fn a_hostile_note_stays_on_its_line() {
        assert_eq!(notes_block(&[note("F\u{1b}c", "", "a\nb")], None), " F\\u{1b}c  a\\nb\n");
    }
}
