//! The sink for people: a result is kept until it is complete, since its last row decides the widths, and is then drawn.
//!
//! Reading order: `model` (rows and columns), `cell` (the text of one), `columns` (texts for a page), `layout` (tables, vertical lines, bars), `markup`
//! (Markdown, HTML), `notes`.

mod cell;
mod columns;
mod layout;
mod markup;
mod model;
mod notes;

pub use cell::quantity_line;
pub use columns::{TextColumn, text_columns};
pub use markup::{escape_markdown, markdown_paragraph};
pub(super) use notes::notes_block;

use super::format::{DIM, Style, UNDIM};
use super::output::{Prepend, Writers};
use super::visible::{visible, visible_lines};
use crate::quantity::{Assumptions, Digits, human};
use crate::sql::{Appended, Cell, Header, Layout, Note, Sink};
use cell::{Escape, value_line};
use layout::{render_chart, render_grid, render_vertical};
use markup::{
    HTML_PAGE_END, escape_html, html_notes, html_page_start, html_paragraph, html_table, markdown_notes, markdown_table,
};
use model::{BufferedResult, DisplayColumn, RowBuffer, metric_columns, plain_columns};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// The rendering of a complete result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RenderMode {
    /// Aligned columns; on a terminal, both ends of a long result.
    Table,
    /// A pipe table of every row, for documents.
    Markdown,
    /// A table element of every row, for documents.
    Html,
    /// Columns one below the other; on a terminal, both ends of a long result.
    Lines,
}

impl RenderMode {
    /// Returns true for the modes of a terminal, false for those of a document.
    fn is_for_screen(self) -> bool {
        matches!(self, RenderMode::Table | RenderMode::Lines)
    }

    fn buffer(self, header: &Header, rows: Option<usize>) -> BufferedResult {
        match self {
            RenderMode::Table | RenderMode::Lines => {
                let rows = rows.filter(|_| !header.is_whole);
                let rows = rows.map_or_else(RowBuffer::unlimited, RowBuffer::head_and_tail);
                BufferedResult::new(header, rows, |text| visible(text).into_owned())
            }
            RenderMode::Html => BufferedResult::new(header, RowBuffer::unlimited(), escape_html),
            RenderMode::Markdown => BufferedResult::new(header, RowBuffer::unlimited(), escape_markdown),
        }
    }

    /// A line of escaped text outside a table.
    fn paragraph(self, text: String) -> String {
        match self {
            RenderMode::Markdown => markdown_paragraph(&text),
            RenderMode::Html => html_paragraph(&text),
            RenderMode::Table | RenderMode::Lines => text,
        }
    }

    /// The escape function for a single value, which may have several lines.
    fn escape_value(self) -> Escape {
        match self {
            RenderMode::Table | RenderMode::Lines => |text| visible_lines(text).into_owned(),
            RenderMode::Markdown => escape_markdown,
            RenderMode::Html => escape_html,
        }
    }
}

/// Renders results for people.
pub(super) struct HumanSink<W: Write, E> {
    writers: Writers<W, E>,
    mode: RenderMode,
    style: Style,
    /// The digits of results for which no others are asked.
    digits: Digits,
    result: BufferedResult,
    /// The HTML page of all results, if they are one document.
    page: Option<Page>,
}

/// An incomplete HTML page.
struct Page {
    prepend: Prepend,
    /// The title of the first result that has one.
    title: Option<String>,
}

impl<W: Write, E: Write> HumanSink<W, E> {
    pub(super) fn new(writers: Writers<W, E>, mode: RenderMode, style: Style) -> Self {
        // Escape sequences belong to a terminal, not into a document.
        let color = style.color && mode.is_for_screen();
        let result = mode.buffer(&Header::default(), None);
        let digits = style.digits;
        Self { writers, mode, style: Style { color, ..style }, digits, result, page: None }
    }

    /// Renders results as parts of one HTML document.
    pub(super) fn page(writers: Writers<W, E>, style: Style, prepend: Prepend) -> Self {
        Self { page: Some(Page { prepend, title: None }), ..Self::new(writers, RenderMode::Html, style) }
    }

    /// The whole result: the lines above it, its rows, its notes.
    fn render(&self, notes: &[Note]) -> String {
        let shared = self.result.stage_note();
        let notes: Vec<Note> = shared.into_iter().chain(notes.iter().cloned()).collect();
        [self.above(), self.rows(), self.below(&notes)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The rows. On a terminal, a single row that is wider than the screen is rendered vertically, and so are rows that are
    /// wider even after their texts are wrapped.
    fn rows(&self) -> String {
        let (result, style) = (&self.result, &self.style);
        match self.mode {
            RenderMode::Markdown => markdown_table(&self.columns(style), style.header),
            RenderMode::Html => html_table(&self.columns(style), style.header),
            RenderMode::Lines => self.render_vertically(),
            RenderMode::Table if result.header.layout == Layout::Lines => self.render_vertically(),
            RenderMode::Table if result.header.layout == Layout::Chart => {
                format!("{}{}", render_chart(&self.columns(style), result, style), footer(result))
            }
            RenderMode::Table => {
                let columns = self.columns(style);
                let drawn = render_grid(&columns, result.rows.gap(), style);
                let is_narrow = |drawn: &str| style.width.is_none_or(|width| widest(drawn) <= width);
                let unwrapped = || render_grid(&columns, None, &Style { width: None, ..style.clone() });
                if !is_narrow(&drawn) || (result.rows.kept() == 1 && !is_narrow(&unwrapped())) {
                    return self.render_vertically();
                }
                format!("{drawn}{}", footer(result))
            }
        }
    }

    /// The rows as vertical lines, in which every cell has its own unit.
    fn render_vertically(&self) -> String {
        let named = Style { header: false, ..self.style.clone() };
        let lines = render_vertical(&self.columns(&named), self.result.rows.gap(), &self.style);
        format!("{lines}{}", footer(&self.result))
    }

    fn columns(&self, style: &Style) -> Vec<DisplayColumn> {
        match self.result.header.layout {
            Layout::Rows | Layout::Lines | Layout::Chart => plain_columns(&self.result, style),
            Layout::Metrics => metric_columns(&self.result, style),
        }
    }

    /// The title and the stamp, each on a line of its own.
    fn above(&self) -> String {
        // In Markdown, consecutive lines are one paragraph.
        let end = if self.mode == RenderMode::Markdown { "\n\n" } else { "\n" };
        let lines: Vec<String> = self.result.lines_above().into_iter().map(|line| self.mode.paragraph(line)).collect();
        if lines.is_empty() { String::new() } else { lines.join(end) + "\n" }
    }

    fn below(&self, notes: &[Note]) -> String {
        match self.mode {
            RenderMode::Table | RenderMode::Lines => notes_block(notes, self.style.width),
            RenderMode::Markdown => markdown_notes(notes),
            RenderMode::Html => html_notes(notes),
        }
    }
}

/// The width of the widest line, in terminal columns.
fn widest(drawn: &str) -> usize {
    drawn.lines().map(|line| line.replace(DIM, "").replace(UNDIM, "").width()).max().unwrap_or_default()
}

/// The line under a table that has no rows, or omits some.
fn footer(result: &BufferedResult) -> String {
    match (result.rows.total(), result.rows.kept()) {
        (0, _) => " 0 rows\n".to_owned(),
        (total, kept) if total > kept => {
            let total = human::group_digits(total.into(), None);
            format!(" {total} rows ({kept} shown); .last shows all, --csv, --json or -o FILE.csv carry every row\n")
        }
        _ => String::new(),
    }
}

impl<W: Write, E: Write> Sink for HumanSink<W, E> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.result = self.mode.buffer(header, self.style.rows);
        if let Some(page) = &mut self.page {
            page.title = page.title.take().or_else(|| header.title.clone());
        }
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.result.summary.assumptions.update(&appended.assumptions);
        self.result.push(cells);
        Ok(())
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        let rendered = self.render(notes);
        self.writers.separate()?;
        self.writers.write(rendered.as_bytes())?;
        self.writers.flush()
    }

    fn value(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        let line = value_line(cell, assumed, &self.style, self.mode.escape_value());
        self.writers.separate()?;
        self.writers.write(self.mode.paragraph(line).as_bytes())?;
        self.writers.write(b"\n")?;
        self.writers.flush()
    }

    fn below_value(&mut self, notes: &[Note]) -> io::Result<()> {
        let below = self.below(notes);
        if self.mode == RenderMode::Markdown {
            self.writers.write(b"\n")?;
        }
        self.writers.write(below.as_bytes())?;
        self.writers.flush()
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.writers.print(text)
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        self.writers.say(text)
    }

    fn sql(&mut self, line: &str) -> io::Result<()> {
        // A window does what the control characters of a stranger's schema say.
        if self.style.width.is_some() { self.writers.print(line) } else { self.writers.verbatim(line) }
    }

    fn takes_sql(&self) -> bool {
        true
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.writers.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writers.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        let Some(page) = &mut self.page else { return self.writers.flush() };
        self.writers.write(HTML_PAGE_END.as_bytes())?;
        self.writers.flush()?;
        (page.prepend)(html_page_start(page.title.as_deref()).as_bytes())
    }

    fn holds_rows(&self) -> bool {
        self.result.rows.keeps_all()
    }

    fn set_digits(&mut self, digits: Digits) {
        self.style.digits = digits.or(self.digits);
    }

    fn wants_notes(&self) -> bool {
        true
    }

    fn is_for_programs(&self) -> bool {
        !self.mode.is_for_screen()
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::{Cell, Header, Sink};
    use crate::table::Format;
    use crate::table::fixture::{check, header, hostile, note, quantity, result, style, text, value, written};
    use rust_decimal::Decimal;

    #[test]
    fn hostile_text_stays_in_its_cell() {
        let expected = r#"
 text
 ────────────────
 \u{1b}[31mred
 a|b
 line\nfeed
 tab\there
 say "hi", please
 北京 q̃
 \u{202e}gpj.exe
 back\slash
 ""
 NULL
 "NULL"
 ""NULL""
 """"
"#;
        check(Format::Table, style(), hostile, expected);
    }

    #[test]
    fn hostile_headings_titles_and_notes_are_visible_too() {
        let work = |sink: &mut dyn Sink| {
            let title = Some("a\u{1b}[2Jb".to_owned());
            let header = Header { title, ..header(&["x\ny|z", "item_count"]) };
            result(sink, &header, &[vec![text("_a_ <b> [c](d)"), Cell::Null]], &[note("F\n1", "¶1", "*x*\ty")]);
        };
        let expected = r"
a\u{1b}[2Jb

 x\ny|z          item_count
 ──────────────  ──────────
 _a_ <b> [c](d)  NULL

 F\n1  ¶1  *x*\ty
";
        check(Format::Table, style(), work, expected);
    }

    #[test]
    fn a_long_table_shows_both_ends_and_says_so() {
        let long = |sink: &mut dyn Sink| {
            let rows: Vec<_> = (1..=1_234).map(|n| vec![Cell::Integer(n)]).collect();
            result(sink, &header(&["n"]), &rows, &[]);
        };
        let (out, _) = written(Format::Table, style(), long);
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[..4], ["    n", " ────", "    1", "    2"]);
        assert_eq!(lines[21..24], ["   20", "    ·", " 1215"]);
        assert_eq!(
            lines[42..],
            [" 1234", " 1,234 rows (40 shown); .last shows all, --csv, --json or -o FILE.csv carry every row"]
        );
        assert_eq!(written(Format::Markdown, style(), long).0.lines().count(), 1_236);
    }

    #[test]
    fn results_and_values_are_separated_and_print_goes_between() {
        let work = |sink: &mut dyn Sink| {
            sink.print("first").unwrap();
            result(sink, &header(&["n", "amount*"]), &[], &[]);
            value(sink, &quantity("320000 GBP/missile [F29 F30; @proposed]"));
            value(sink, &Cell::Null);
            sink.print("between").unwrap();
            value(sink, &quantity("2000000000 USD [F29; @proposed; rate=1.25 USD/GBP]"));
            value(sink, &quantity("unknown(not_stated) troop [F38 U11]"));
            value(sink, &text("two\nlines\u{1b}"));
            value(sink, &text(""));
            value(sink, &Cell::Real(0.1));
            value(sink, &Cell::Decimal(Decimal::new(12_345_675, 2)));
        };
        let expected = "
first

 n  amount
 ─  ──────
 0 rows

320,000 GBP/missile  [F29 F30]  stage proposed

NULL

between

2,000,000,000 USD  [F29]  stage proposed  WHAT-IF  assumes rate = 1.25 USD/GBP

unknown: not stated (troops)  [F38 U11]

two
lines\\u{1b}

\"\"

≈0.1

123,456.75
";
        check(Format::Table, style(), work, expected);
    }
}
