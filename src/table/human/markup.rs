//! Markdown and HTML for documents, drawn from the same columns as tables. A cell holds text there too: nothing in it becomes
//! markup, since the columns come escaped by [`escape_markdown`] or [`escape_html`].

use super::cell::{CellText, joined};
use super::model::DisplayColumn;
use super::notes::note_parts;
use crate::sql::Note;
use crate::table::visible::visible;
use std::fmt::Write as _;

/// A pipe table. Markdown has no table without headings, so they are empty if `has_header` is false.
pub(super) fn markdown_table(columns: &[DisplayColumn], has_header: bool) -> String {
    let heading = |column: &DisplayColumn| {
        if has_header { column.heading.clone() } else { String::new() }
    };
    let mut text = markdown_row(columns.iter().map(heading));
    text += &markdown_row(columns.iter().map(|column| if column.is_numeric { "---:" } else { "---" }.to_owned()));
    for row in 0..columns.first().map_or(0, |column| column.cells.len()) {
        text += &markdown_row(columns.iter().map(|column| column.cells[row].joined()));
    }
    text
}

/// The notes as a Markdown list; one without label and place continues the item above.
pub(super) fn markdown_notes(notes: &[Note]) -> String {
    let mut list = String::new();
    for note in notes {
        let is_continued = note.label.is_empty() && note.place.is_empty();
        let words: Vec<String> = note_parts(note).map(|word| escape_markdown(&word)).collect();
        let _ = writeln!(list, "{} {}", if is_continued { " " } else { "-" }, markdown_paragraph(&words.join(" ")));
    }
    list
}

fn markdown_row(cells: impl Iterator<Item = String>) -> String {
    cells.fold("|".to_owned(), |line, cell| if cell.is_empty() { line + " |" } else { format!("{line} {cell} |") })
        + "\n"
}

/// Escapes the markup of Markdown and HTML and the characters that can't be seen; a line feed becomes `<br>`.
pub fn escape_markdown(text: &str) -> String {
    text.split('\n').map(|line| escape_markdown_line(&visible(line))).collect::<Vec<_>>().join("<br>")
}

fn escape_markdown_line(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut before = ' ';
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        let is_inside = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '[' | ']' | '~' => plain.extend(['\\', c]),
            // Inside a word it is no markup: column names stay readable.
            '_' if !is_inside => plain.push_str("\\_"),
            c => plain.push(c),
        }
        before = c;
    }
    plain
}

/// A line of escaped text as a Markdown paragraph: its beginning makes no heading, list, quotation or block of code.
pub fn markdown_paragraph(line: &str) -> String {
    let line = line.trim_start_matches(' ');
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = line.split_at(digits);
    let mut rest_chars = rest.chars();
    let (mark, next) = (rest_chars.next(), rest_chars.next());
    let is_markup = match mark {
        Some('#' | '>' | '=') => number.is_empty(),
        Some('-' | '+') => number.is_empty() && next.is_none_or(|next| !next.is_alphanumeric()),
        Some('.' | ')') => !number.is_empty() && next.is_none_or(char::is_whitespace),
        _ => false,
    };
    format!("{number}{}{rest}", if is_markup { "\\" } else { "" })
}

/// An HTML table, each row on a line.
pub(super) fn html_table(columns: &[DisplayColumn], has_header: bool) -> String {
    let mut text = "<table>\n".to_owned();
    if has_header {
        let heading = |column: &DisplayColumn| html_tag("th", column.is_numeric, &column.heading);
        text += &html_row(columns.iter().map(heading));
    }
    for at in 0..columns.first().map_or(0, |column| column.cells.len()) {
        text +=
            &html_row(columns.iter().map(|column| html_tag("td", column.is_numeric, &html_cell(&column.cells[at]))));
    }
    text + "</table>\n"
}

/// The notes as an HTML list; one without label and place continues the item above.
pub(super) fn html_notes(notes: &[Note]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let mut items: Vec<String> = Vec::new();
    for note in notes {
        let words = note_parts(note).map(|word| escape_html(&word)).collect::<Vec<_>>().join(" ");
        match items.last_mut().filter(|_| note.label.is_empty() && note.place.is_empty()) {
            Some(item) => *item += &format!("<br>{words}"),
            None => items.push(words),
        }
    }
    format!("<ul>\n<li>{}</li>\n</ul>\n", items.join("</li>\n<li>"))
}

pub(super) const HTML_PAGE_END: &str = "</body>\n</html>\n";

/// The start of an HTML page, in UTF-8.
pub(super) fn html_page_start(title: Option<&str>) -> String {
    let title = escape_html(title.unwrap_or("pledgebook"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n<body>\n"
    )
}

/// A line of escaped text as an HTML paragraph.
pub(super) fn html_paragraph(line: &str) -> String {
    format!("<p>{line}</p>")
}

fn html_row(cells: impl Iterator<Item = String>) -> String {
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

fn html_tag(tag: &str, is_numeric: bool, text: &str) -> String {
    let align = if is_numeric { " align=\"right\"" } else { "" };
    format!("<{tag}{align}>{text}</{tag}>")
}

/// The parts of a cell in one line. Texts are escaped already, but not the sign of an open end, as in `310,000 to <330,000`.
fn html_cell(cell: &CellText) -> String {
    let main = cell.main.replace("<br>", "\n").replace('<', "&lt;").replace('\n', "<br>");
    joined([&main, &cell.unit, &cell.refs])
}

/// Escapes the markup of HTML and the characters that can't be seen; a line feed becomes `<br>`.
pub(super) fn escape_html(text: &str) -> String {
    text.split('\n').map(|line| escape_html_line(&visible(line))).collect::<Vec<_>>().join("<br>")
}

fn escape_html_line(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{escape_html, escape_markdown, markdown_paragraph};
    use crate::sql::{Cell, Header, Sink};
    use crate::table::fixture::{check, facts, header, hostile, note, quantity, result, style, text, value, written};
    use crate::table::{Format, Style};

    #[test]
    fn markdown_carries_units_facts_and_stamp() {
        let expected = "
WHAT-IF  assumes rate = 1.25 USD/GBP  given 4,500 missiles

| id | amount |
| --- | ---: |
| F29 | 1,600,000,000 GBP [F29; @proposed] |
| F30 | 310,000 to <330,000 GBP/missile [F29 F30; @proposed; given; rate] |
| U11 | unknown: not stated, unnamed [F38 U11] |
| none | NULL |
| x | ≈0.333 |
";
        check(Format::Markdown, style(), facts, expected);
    }

    #[test]
    fn hostile_text_becomes_no_markup() {
        let expected = r#"
| text |
| --- |
| \\u{1b}\[31mred |
| a\|b |
| line<br>feed |
| tab\\there |
| say "hi", please |
| 北京 q̃ |
| \\u{202e}gpj.exe |
| back\\slash |
| "" |
| NULL |
| "NULL" |
| ""NULL"" |
| """" |
"#;
        check(Format::Markdown, style(), hostile, expected);
    }

    #[test]
    fn no_line_begins_with_markup() {
        for (text, expected) in [
            ("# a", "\\# a"),
            ("> a", "\\> a"),
            ("- a", "\\- a"),
            ("+", "\\+"),
            ("* a", "\\* a"),
            ("---", "\\---"),
            ("===", "\\==="),
            ("1. a", "1\\. a"),
            ("12) a", "12\\) a"),
            ("    # a", "\\# a"),
            ("-5 GBP", "-5 GBP"),
            ("1.5 GBP", "1.5 GBP"),
            ("a # b", "a # b"),
        ] {
            assert_eq!(markdown_paragraph(&escape_markdown(text)), expected);
        }
        let work = |sink: &mut dyn Sink| {
            let header = Header { title: Some("# a".to_owned()), ..header(&["n"]) };
            result(sink, &header, &[vec![Cell::Integer(1)]], &[note("", "", "> b")]);
            value(sink, &text("1. c"));
        };
        check(Format::Markdown, style(), work, "\n\\# a\n\n| n |\n| ---: |\n| 1 |\n\n  \\> b\n\n1\\. c\n");
    }

    #[test]
    fn markdown_is_never_coloured() {
        let colored = Style { color: true, ..style() };
        let (out, _) = written(Format::Markdown, colored, |sink| value(sink, &quantity("1 GBP [F29]")));
        assert_eq!(out, "1 GBP  [F29]\n");
    }

    #[test]
    fn hostile_headings_titles_and_notes_become_no_markup() {
        let work = |sink: &mut dyn Sink| {
            let title = Some("a\u{1b}[2Jb".to_owned());
            let header = Header { title, ..header(&["x\ny|z", "item_count"]) };
            result(sink, &header, &[vec![text("_a_ <b> [c](d)"), Cell::Null]], &[note("F\n1", "¶1", "*x*\ty")]);
        };
        let expected = r"
a\\u{1b}\[2Jb

| x<br>y\|z | item_count |
| --- | --- |
| \_a\_ &lt;b> \[c\](d) | NULL |

- F<br>1 ¶1 \*x\*\\ty
";
        check(Format::Markdown, style(), work, expected);
    }

    #[test]
    fn nothing_in_a_cell_is_markup() {
        assert_eq!(escape_html("<b>&\"\n\u{1b}"), "&lt;b&gt;&amp;&quot;<br>\\u{1b}");
    }

    #[test]
    fn a_table_carries_units_facts_and_stamp() {
        let (out, _) = written(Format::Html, Style::default(), facts);
        assert!(out.starts_with("<p>WHAT-IF  assumes rate = 1.25 USD/GBP  given 4,500 missiles</p>\n"), "{out}");
        assert!(out.contains("<tr><th>id</th><th align=\"right\">amount</th></tr>\n"), "{out}");
        assert!(out.contains("310,000 to &lt;330,000 GBP/missile [F29 F30; @proposed; given; rate]</td>"), "{out}");
    }
}
