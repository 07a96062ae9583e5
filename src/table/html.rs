//! HTML drawn from the same columns as tables: a `table` for a document, its title as caption, its notes as a list below.
//! What a cell holds is text there too: the columns come with it [`escaped`].

use super::column::{Column, Piece};
use super::notes::words;
use super::visible::visible;
use crate::sql::Note;

/// The table, each row on a line.
pub(super) fn table(columns: &[Column], has_header: bool) -> String {
    let mut text = "<table>\n".to_owned();
    if has_header {
        let heading = |column: &Column| tagged("th", column.is_numeric, &column.heading);
        text += &row(columns.iter().map(heading));
    }
    for at in 0..columns.first().map_or(0, |column| column.cells.len()) {
        text += &row(columns.iter().map(|column| tagged("td", column.is_numeric, &whole(&column.cells[at]))));
    }
    text + "</table>\n"
}

/// The notes as a list; one without label and place belongs to the item above.
pub(super) fn notes(notes: &[Note]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let mut items: Vec<String> = Vec::new();
    for note in notes {
        let words = words(note).map(|word| escaped(&word)).collect::<Vec<_>>().join(" ");
        match items.last_mut().filter(|_| note.label.is_empty() && note.place.is_empty()) {
            Some(item) => *item += &format!("<br>{words}"),
            None => items.push(words),
        }
    }
    format!("<ul>\n<li>{}</li>\n</ul>\n", items.join("</li>\n<li>"))
}

/// What ends a page.
pub(super) const PAGE_END: &str = "</body>\n</html>\n";

/// What begins a page: a document in UTF-8, under the title of what it shows.
pub(super) fn page_start(title: Option<&str>) -> String {
    let title = escaped(title.unwrap_or("pledgebook"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n"
    )
}

/// A line of escaped text as a paragraph.
pub(super) fn paragraph(line: &str) -> String {
    format!("<p>{line}</p>")
}

fn row(cells: impl Iterator<Item = String>) -> String {
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

fn tagged(tag: &str, is_numeric: bool, text: &str) -> String {
    let align = if is_numeric { " align=\"right\"" } else { "" };
    format!("<{tag}{align}>{text}</{tag}>")
}

/// The parts of a cell in one. Texts come escaped; the sign of an open end, as in `310,000 to <330,000`, does not.
fn whole(piece: &Piece) -> String {
    let main = piece.main.replace("<br>", "\n").replace('<', "&lt;").replace('\n', "<br>");
    let parts = [&main, &piece.unit, &piece.refs].into_iter().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Text without markup of its own; a line feed is `<br>`, and what can't be seen is made visible.
pub(super) fn escaped(text: &str) -> String {
    text.split('\n').map(|line| escaped_line(&visible(line))).collect::<Vec<_>>().join("<br>")
}

fn escaped_line(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::escaped;
    use crate::table::fixture::{facts, written};
    use crate::table::{Format, Style};

    #[test]
    fn nothing_in_a_cell_is_markup() {
        assert_eq!(escaped("<b>&\"\n\u{1b}"), "&lt;b&gt;&amp;&quot;<br>\\u{1b}");
    }

    #[test]
    fn a_table_carries_units_facts_and_stamp() {
        let (out, _) = written(Format::Html, Style::default(), facts);
        assert!(out.starts_with("<p>WHAT-IF  assumes rate = 1.25 USD/GBP  given 4,500 missile</p>\n"), "{out}");
        assert!(out.contains("<tr><th>id</th><th align=\"right\">amount</th></tr>\n"), "{out}");
        assert!(out.contains("310,000 to &lt;330,000 GBP/missile [F29 F30; @proposed; given; rate]</td>"), "{out}");
    }
}
