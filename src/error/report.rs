//! An error as it is reported: the message, the places in the source text that it passed through, and the help. Drawing it is
//! left to `terminal`.

use serde::Serialize;

/// A place in a source text, kept with its line, so that an error can be drawn after the text is gone. Columns and width count
/// characters, not bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The name of the text: `prompt`, `-c`, a file as it was named.
    pub source: String,
    /// 1 for the first line.
    pub line: usize,
    /// 1 for the first character.
    pub column: usize,
    /// The number of characters that the caret underlines, at least 1.
    pub width: usize,
    /// The line itself, without its end.
    #[serde(rename = "text")]
    pub line_text: String,
}

impl Place {
    /// The place of `width_bytes` bytes from `offset_bytes` on in `text`; an offset past the end means the end.
    #[must_use]
    pub fn at_byte(source: &str, text: &str, offset_bytes: usize, width_bytes: usize) -> Self {
        let offset = floor_boundary(text, offset_bytes);
        let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[..start].matches('\n').count() + 1;
        let line_text = text[start..].lines().next().unwrap_or_default();
        let end = floor_boundary(text, offset + width_bytes).min(start + line_text.len()).max(offset);
        Self {
            source: source.to_owned(),
            line,
            column: text[start..offset].chars().count() + 1,
            width: text[offset..end].chars().count().max(1),
            line_text: line_text.to_owned(),
        }
    }

    /// The place at a line and a column of `text`, both from 1; the caret underlines the word that begins there.
    #[must_use]
    pub fn at_line(source: &str, text: &str, line: usize, column: usize) -> Self {
        let line_text = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
        let width = line_text.chars().skip(column.saturating_sub(1)).take_while(is_word).count();
        Self { source: source.to_owned(), line, column, width: width.max(1), line_text: line_text.to_owned() }
    }
}

/// The nearest character boundary at or before `offset`.
fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// One place that an error passed through, innermost first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The place.
    #[serde(flatten)]
    pub place: Place,
    /// The label beside the caret: `did you mean …`, `left is …`, `in a call of …`.
    pub label: Option<String>,
}

/// A reported error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The message: lower case, names in backticks, no full stop.
    pub message: String,
    /// True if the message may have several lines, as that of a script's `throw`. In any other message a line feed is part of
    /// untrusted input and is escaped.
    pub has_lines: bool,
    /// True if the places are findings beside each other, and not the calls that one error passed through: each is shown.
    pub is_list: bool,
    /// The places, the innermost first; empty if there is none.
    pub frames: Vec<Frame>,
    /// The help: what the user can do about it.
    pub help: Option<String>,
}

impl Report {
    /// A report without a place.
    #[must_use]
    pub fn plain(message: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), has_lines: false, is_list: false, frames: Vec::new(), help }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_byte_offset_becomes_a_line_and_a_column_in_characters() {
        let place = Place::at_byte("prompt", "select 1,\n 'é', nme from t", 17, 3);
        assert_eq!((place.line, place.column, place.width), (2, 7, 3));
        assert_eq!(place.line_text, " 'é', nme from t");
        let end = Place::at_byte("prompt", "select", 99, 1);
        assert_eq!((end.line, end.column, end.width), (1, 7, 1));
    }
}
