//! The sink for people: a result is kept until it is complete, since its last row decides the widths, and is
//! then drawn as a table or as markdown.

use super::column::Column;
use super::document::PutBefore;
use super::piece::Harmless;
use super::sheet::Sheet;
use super::style::{DIM, Style, UNDIM};
use super::visible::{visible, visible_lines};
use super::window::Window;
use super::writers::Writers;
use super::{chart, grid, html, markdown, metrics, notes, rows, single, vertical};
use crate::quantity::{Assumptions, reading};
use crate::sql::{Appended, Cell, Header, Layout, Note, Sink};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// How a complete result is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawing {
    /// Aligned columns; on a terminal, both ends of a long result.
    Table,
    /// A pipe table of every row: it is for documents, and nothing else of it can be had.
    Markdown,
    /// A table element of every row, for documents too.
    Html,
    /// Columns one below the other; on a terminal, both ends of a long result.
    Lines,
}

impl Drawing {
    /// Whether it is looked at on a terminal rather than put into a document.
    fn is_for_screen(self) -> bool {
        matches!(self, Drawing::Table | Drawing::Lines)
    }

    /// An empty sheet for a result.
    fn sheet(self, header: &Header, rows: Option<usize>) -> Sheet {
        match self {
            Drawing::Table | Drawing::Lines => {
                let rows = rows.filter(|_| !header.is_whole);
                let window = rows.map_or_else(Window::of_everything, Window::of_both_ends);
                Sheet::new(header, window, |text| visible(text).into_owned())
            }
            Drawing::Html => Sheet::new(header, Window::of_everything(), html::escaped),
            Drawing::Markdown => Sheet::new(header, Window::of_everything(), markdown::escaped),
        }
    }

    /// A line of harmless text outside a table.
    fn line(self, text: String) -> String {
        match self {
            Drawing::Markdown => markdown::paragraph(&text),
            Drawing::Html => html::paragraph(&text),
            Drawing::Table | Drawing::Lines => text,
        }
    }

    /// What makes the text of a single value harmless: outside a table it may have several lines.
    fn harmless_value(self) -> Harmless {
        match self {
            Drawing::Table | Drawing::Lines => |text| visible_lines(text).into_owned(),
            Drawing::Markdown => markdown::escaped,
            Drawing::Html => html::escaped,
        }
    }
}

/// Draws results for people.
pub(super) struct People<W, E> {
    writers: Writers<W, E>,
    drawing: Drawing,
    style: Style,
    sheet: Sheet,
    /// What makes a page of all results when they are complete.
    page: Option<Page>,
}

/// A page that is being written.
struct Page {
    put_before: PutBefore,
    /// The title of the first result that has one.
    title: Option<String>,
}

impl<W: Write, E: Write> People<W, E> {
    pub(super) fn new(writers: Writers<W, E>, drawing: Drawing, style: Style) -> Self {
        // Escape sequences belong to a terminal, not into a document.
        let color = style.color && drawing.is_for_screen();
        let sheet = drawing.sheet(&Header::default(), None);
        Self { writers, drawing, style: Style { color, ..style }, sheet, page: None }
    }

    /// Draws results as parts of one HTML document.
    pub(super) fn page(writers: Writers<W, E>, style: Style, put_before: PutBefore) -> Self {
        Self { page: Some(Page { put_before, title: None }), ..Self::new(writers, Drawing::Html, style) }
    }

    /// The finished result.
    fn drawn(&self, notes: &[Note]) -> String {
        let shared = self.sheet.stage_note();
        let notes: Vec<Note> = shared.into_iter().chain(notes.iter().cloned()).collect();
        [self.above(), self.table(), self.below(&notes)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The rows. On a screen a single row that is wider than it stands upright by itself, and so do rows that are wider even
    /// where their texts are wrapped.
    fn table(&self) -> String {
        let (sheet, style) = (&self.sheet, &self.style);
        match self.drawing {
            Drawing::Markdown => markdown::table(&self.columns(style), style.header),
            Drawing::Html => html::table(&self.columns(style), style.header),
            Drawing::Lines => self.upright(),
            Drawing::Table if sheet.header.layout == Layout::Lines => self.upright(),
            Drawing::Table if sheet.header.layout == Layout::Chart => {
                format!("{}{}", chart::render(&self.columns(style), sheet, style), footer(sheet))
            }
            Drawing::Table => {
                let columns = self.columns(style);
                let drawn = grid::render(&columns, sheet.gap(), style);
                let is_narrow = |drawn: &str| style.width.is_none_or(|width| widest(drawn) <= width);
                let unwrapped = || grid::render(&columns, None, &Style { width: None, ..style.clone() });
                if !is_narrow(&drawn) || (sheet.window.kept() == 1 && !is_narrow(&unwrapped())) {
                    return self.upright();
                }
                format!("{drawn}{}", footer(sheet))
            }
        }
    }

    /// Columns one below the other: no heading can carry a unit for a column then.
    fn upright(&self) -> String {
        let named = Style { header: false, ..self.style.clone() };
        let lines = vertical::render(&self.columns(&named), self.sheet.gap(), &self.style);
        format!("{lines}{}", footer(&self.sheet))
    }

    fn columns(&self, style: &Style) -> Vec<Column> {
        match self.sheet.header.layout {
            Layout::Rows | Layout::Lines | Layout::Chart => rows::columns(&self.sheet, style),
            Layout::Metrics => metrics::columns(&self.sheet, style),
        }
    }

    /// The title and the stamp, each a line of its own.
    fn above(&self) -> String {
        // Lines that follow each other would be one paragraph in Markdown.
        let end = if self.drawing == Drawing::Markdown { "\n\n" } else { "\n" };
        let lines: Vec<String> = self.sheet.lines_above().into_iter().map(|line| self.drawing.line(line)).collect();
        if lines.is_empty() { String::new() } else { lines.join(end) + "\n" }
    }

    fn below(&self, notes: &[Note]) -> String {
        match self.drawing {
            Drawing::Table | Drawing::Lines => notes::block(notes, self.style.width),
            Drawing::Markdown => markdown::notes(notes),
            Drawing::Html => html::notes(notes),
        }
    }
}

/// How many columns of a screen the widest line takes.
fn widest(drawn: &str) -> usize {
    drawn.lines().map(|line| line.replace(DIM, "").replace(UNDIM, "").width()).max().unwrap_or_default()
}

/// What the table does not show: that there is nothing, or that there is more, and where to find it.
fn footer(sheet: &Sheet) -> String {
    match (sheet.window.seen(), sheet.window.kept()) {
        (0, _) => " 0 rows\n".to_owned(),
        (seen, kept) if seen > kept => {
            let seen = reading::group_digits(seen.into(), None);
            format!(" {seen} rows ({kept} shown); .last shows all, --csv, --json or -o FILE.csv carry every row\n")
        }
        _ => String::new(),
    }
}

impl<W: Write, E: Write> Sink for People<W, E> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.sheet = self.drawing.sheet(header, self.style.rows);
        if let Some(page) = &mut self.page {
            page.title = page.title.take().or_else(|| header.title.clone());
        }
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.sheet.push(cells);
        Ok(())
    }

    fn row_with(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.sheet.survey.assumed.meet_all(&appended.assumptions);
        self.row(cells)
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        let drawn = self.drawn(notes);
        self.writers.part()?;
        self.writers.write(drawn.as_bytes())?;
        self.writers.flush()
    }

    fn value(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        self.value_with(cell, &Assumptions::none())
    }

    fn value_with(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        let line = single::line(cell, assumed, &self.style, self.drawing.harmless_value());
        self.writers.part()?;
        self.writers.write(self.drawing.line(line).as_bytes())?;
        self.writers.write(b"\n")?;
        self.writers.flush()
    }

    fn below_value(&mut self, notes: &[Note]) -> io::Result<()> {
        let below = self.below(notes);
        if self.drawing == Drawing::Markdown {
            self.writers.write(b"\n")?;
        }
        self.writers.write(below.as_bytes())?;
        self.writers.flush()
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.writers.print(text)
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.writers.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writers.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        let Some(page) = &mut self.page else { return self.writers.flush() };
        self.writers.write(html::PAGE_END.as_bytes())?;
        self.writers.flush()?;
        (page.put_before)(html::page_start(page.title.as_deref()).as_bytes())
    }

    fn holds_rows(&self) -> bool {
        self.sheet.window.is_whole()
    }

    fn wants_notes(&self) -> bool {
        true
    }
}
