//! The sink for people: a result is kept until it is complete, since its last row decides the widths, and is then drawn.
//!
//! Reading order: `model` (rows and columns), `cell` (the text of one), `layout` (tables, vertical lines, bars), `markup` (Markdown,
//! HTML), `notes`.

mod cell;
mod layout;
mod markup;
mod model;
mod notes;

pub(super) use cell::quantity_line;
pub(super) use notes::notes_block;

use super::format::{DIM, Style, UNDIM};
use super::output::{Prepend, Writers};
use super::visible::{visible, visible_lines};
use crate::quantity::{Assumptions, reading};
use crate::sql::{Appended, Cell, Header, Layout, Note, Sink};
use cell::{Escape, value_line};
use layout::{render_chart, render_grid, render_vertical};
use markup::{
    HTML_PAGE_END, escape_html, escape_markdown, html_notes, html_page_start, html_paragraph, html_table,
    markdown_notes, markdown_paragraph, markdown_table,
};
use model::{BufferedResult, DisplayColumn, RowBuffer, metric_columns, plain_columns};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// How a complete result is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RenderMode {
    /// Aligned columns; on a terminal, both ends of a long result.
    Table,
    /// A pipe table of every row: it is for documents, and nothing else of it can be had.
    Markdown,
    /// A table element of every row, for documents too.
    Html,
    /// Columns one below the other; on a terminal, both ends of a long result.
    Lines,
}

impl RenderMode {
    /// Whether it is looked at on a terminal rather than put into a document.
    fn is_for_screen(self) -> bool {
        matches!(self, RenderMode::Table | RenderMode::Lines)
    }

    /// An empty result for a result.
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

    /// A line of escape text outside a table.
    fn paragraph(self, text: String) -> String {
        match self {
            RenderMode::Markdown => markdown_paragraph(&text),
            RenderMode::Html => html_paragraph(&text),
            RenderMode::Table | RenderMode::Lines => text,
        }
    }

    /// What makes the text of a single value escape: outside a table it may have several lines.
    fn escape_value(self) -> Escape {
        match self {
            RenderMode::Table | RenderMode::Lines => |text| visible_lines(text).into_owned(),
            RenderMode::Markdown => escape_markdown,
            RenderMode::Html => escape_html,
        }
    }
}

/// Draws results for people.
pub(super) struct HumanSink<W, E> {
    writers: Writers<W, E>,
    mode: RenderMode,
    style: Style,
    result: BufferedResult,
    /// What makes a page of all results when they are complete.
    page: Option<Page>,
}

/// A page that is being written.
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
        Self { writers, mode, style: Style { color, ..style }, result, page: None }
    }

    /// Draws results as parts of one HTML document.
    pub(super) fn page(writers: Writers<W, E>, style: Style, prepend: Prepend) -> Self {
        Self { page: Some(Page { prepend, title: None }), ..Self::new(writers, RenderMode::Html, style) }
    }

    /// The finished result.
    fn drawn(&self, notes: &[Note]) -> String {
        let shared = self.result.stage_note();
        let notes: Vec<Note> = shared.into_iter().chain(notes.iter().cloned()).collect();
        [self.above(), self.table(), self.below(&notes)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The rows. On a screen a single row that is wider than it stands render_vertically by itself, and so do rows that are wider even
    /// where their texts are wrapped.
    fn table(&self) -> String {
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
                let drawn = render_grid(&columns, result.gap(), style);
                let is_narrow = |drawn: &str| style.width.is_none_or(|width| widest(drawn) <= width);
                let unwrapped = || render_grid(&columns, None, &Style { width: None, ..style.clone() });
                if !is_narrow(&drawn) || (result.rows.kept() == 1 && !is_narrow(&unwrapped())) {
                    return self.render_vertically();
                }
                format!("{drawn}{}", footer(result))
            }
        }
    }

    /// Columns one below the other: no heading can carry a unit for a column then.
    fn render_vertically(&self) -> String {
        let named = Style { header: false, ..self.style.clone() };
        let lines = render_vertical(&self.columns(&named), self.result.gap(), &self.style);
        format!("{lines}{}", footer(&self.result))
    }

    fn columns(&self, style: &Style) -> Vec<DisplayColumn> {
        match self.result.header.layout {
            Layout::Rows | Layout::Lines | Layout::Chart => plain_columns(&self.result, style),
            Layout::Metrics => metric_columns(&self.result, style),
        }
    }

    /// The title and the stamp, each a line of its own.
    fn above(&self) -> String {
        // Lines that follow each other would be one paragraph in Markdown.
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

/// How many columns of a screen the widest line takes.
fn widest(drawn: &str) -> usize {
    drawn.lines().map(|line| line.replace(DIM, "").replace(UNDIM, "").width()).max().unwrap_or_default()
}

/// What the table does not show: that there is nothing, or that there is more, and where to find it.
fn footer(result: &BufferedResult) -> String {
    match (result.rows.total(), result.rows.kept()) {
        (0, _) => " 0 rows\n".to_owned(),
        (seen, kept) if seen > kept => {
            let seen = reading::group_digits(seen.into(), None);
            format!(" {seen} rows ({kept} shown); .last shows all, --csv, --json or -o FILE.csv carry every row\n")
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

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.result.push(cells);
        Ok(())
    }

    fn row_with(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.result.summary.assumptions.update(&appended.assumptions);
        self.row(cells)
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        let drawn = self.drawn(notes);
        self.writers.separate()?;
        self.writers.write(drawn.as_bytes())?;
        self.writers.flush()
    }

    fn value(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        self.value_with(cell, &Assumptions::none())
    }

    fn value_with(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
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

    fn wants_notes(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::{Cell, Header, Layout, Sink};
    use crate::table::fixture::{facts, header, hostile, metric, note, quantity, result, style, text, written};
    use crate::table::{Format, Style};
    use rust_decimal::Decimal;

    /// Compares with a block that begins on its own line.
    #[track_caller]
    fn check(format: Format, style: Style, work: impl FnOnce(&mut dyn Sink), expected: &str) {
        let (out, _) = written(format, style, work);
        assert_eq!(out, expected[1..], "got:\n{out}");
    }

    #[test]
    fn a_metric_has_its_unit_and_its_reason_in_the_headings() {
        let expected = "
Pledged finance per missile: a quotient of two stated figures, not a price

 GBP/missile                    value  if £1.6bn is rounded  stage     facts
 ───────────────────────────  ───────  ────────────────────  ────────  ───────
 pledged finance per missile  320,000   310,000 to <330,000  proposed  F29 F30

 F29  ¶4.2   UK would provide export finance to Ukraine: £1.6 billion
 F30  ¶4.2   with its help Ukraine would acquire 5,000 additional missiles
             both proposed by Starmer, as S1 reports him
 not stated  whole cost or part (U17), approval (U18), delivery (U16)
";
        check(Format::Table, style(), metric, expected);
    }

    #[test]
    fn metrics_of_several_units_and_reasons_say_them_row_by_row() {
        let metrics = |sink: &mut dyn Sink| {
            let rows = [
                vec![text("a"), quantity("2 GBP [F29]"), quantity("1..3 GBP [F29]"), Cell::Null, text("rounded")],
                vec![text("b"), quantity("unknown(not_stated) troop [U11]"), Cell::Null, Cell::Null, Cell::Null],
                vec![text("c"), quantity("≈0.25 [F30]"), quantity("0<..0.5 [F44]"), Cell::Null, text("guessed")],
            ];
            let names = ["metric", "value*", "range*", "stage", "note"];
            result(sink, &Header { layout: Layout::Metrics, ..header(&names) }, &rows, &[]);
        };
        let expected = "
 metric                value              range      facts           note
 ──────  ───────────────────────────  ─────────────  ──────────────  ───────
 a                         2 GBP         1 to 3 GBP  F29             rounded
 b       unknown: not stated (troop)                 U11
 c                     ≈0.25          >0 to 0.5      F30; range F44  guessed
";
        check(Format::Table, style(), metrics, expected);
    }

    #[test]
    fn a_shared_unit_moves_into_the_heading_with_common_places() {
        let amounts = |sink: &mut dyn Sink| {
            let rows = [
                vec![
                    Cell::Integer(2025),
                    quantity("1600000000 GBP [F29]"),
                    Cell::Decimal(Decimal::new(15, 1)),
                    Cell::Real(0.5),
                ],
                vec![Cell::Integer(1), quantity("≈355555.5555 GBP [F29 F30]"), Cell::Null, Cell::Null],
                vec![
                    Cell::Null,
                    quantity("-0.5 GBP [F01 F02 F03 F04 F05]"),
                    Cell::Decimal(Decimal::TEN),
                    Cell::Real(1e20),
                ],
                vec![Cell::Null, quantity("unknown(not_stated)"), Cell::Null, Cell::Null],
            ];
            result(sink, &header(&["year", "amount*", "factor", "real"]), &rows, &[]);
        };
        let expected = "
 year         amount (GBP)            factor      real
 ────  ─────────────────────────────  ──────  ────────
 2025     1,600,000,000.00 [F29]         1.5      ≈0.5
    1          ≈355,555.56 [F29 F30]    NULL      NULL
 NULL                -0.50 [5 facts]    10.0  ≈1.0e+20
 NULL  unknown: not stated              NULL      NULL
";
        check(Format::Table, style(), amounts, expected);
        let expected = "
 2025     1,600,000,000.00 GBP [F29]       1.5      ≈0.5
    1          ≈355,555.56 GBP [F29 F30]     -         -
    -                -0.50 GBP [5 facts]  10.0  ≈1.0e+20
    -  unknown: not stated                   -         -
";
        check(Format::Table, Style { header: false, null_text: Some("-".into()), ..style() }, amounts, expected);
    }

    #[test]
    fn what_differs_stands_in_the_cells() {
        let expected = "
WHAT-IF  assumes rate = 1.25 USD/GBP  given 4,500 missile

 id                          amount
 ────  ──────────────────────────────────────────────────────────────────────────
 F29                  1,600,000,000 GBP         [F29; @proposed]
 F30            310,000 to <330,000 GBP/missile [F29 F30; @proposed; given; rate]
 U11   unknown: not stated, unnamed             [F38 U11]
 none                          NULL
 x                           ≈0.333
";
        check(Format::Table, style(), facts, expected);
        let staged = |sink: &mut dyn Sink| {
            let rows = [
                [quantity("1 GBP [F01; @proposed; given=1 GBP]")],
                [quantity("2 GBP [F02; @committed; given=2 GBP]")],
                [quantity("3 GBP")],
            ];
            result(sink, &header(&["amount*"]), &rows.map(Vec::from), &[]);
        };
        let expected = "
 amount (GBP)
 ────────────────────────────────
 1 [F01; @proposed; given 1 GBP]
 2 [F02; @committed; given 2 GBP]
 3
";
        check(Format::Table, style(), staged, expected);
    }

    /// A unit or a stage that is said once is said of every known cell, so that none may be without it.
    #[test]
    fn what_stands_among_quantities_takes_nothing_from_them() {
        let table = |cells: [Cell<'static>; 2]| {
            let work = |sink: &mut dyn Sink| result(sink, &header(&["value"]), &cells.map(|cell| vec![cell]), &[]);
            written(Format::Table, style(), work).0
        };
        let staged = || quantity("1600000000 GBP [F29; @proposed]");
        let shared = "
   value (GBP)
 ───────────────────
 1,600,000,000 [F29]
          NULL

 stage  proposed
";
        assert_eq!(table([staged(), Cell::Null]), shared[1..]);
        assert!(table([staged(), quantity("unknown(not_stated)")]).ends_with("\n\n stage  proposed\n"));
        for other in [Cell::Integer(1), text("x"), Cell::Truth(true), Cell::Decimal(Decimal::ONE), quantity("7")] {
            for cells in [[staged(), other.clone()], [other.clone(), staged()]] {
                let drawn = table(cells);
                assert!(!drawn.contains("(GBP)") && !drawn.contains("stage"), "{drawn}");
                assert!(drawn.contains("1,600,000,000 GBP [F29; @proposed]"), "{drawn}");
            }
        }
    }

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
    fn results_and_values_are_parted_and_print_goes_between() {
        let work = |sink: &mut dyn Sink| {
            sink.print("first").unwrap();
            result(sink, &header(&["n", "amount*"]), &[], &[]);
            sink.value(&quantity("320000 GBP/missile [F29 F30; @proposed]")).unwrap();
            sink.value(&Cell::Null).unwrap();
            sink.print("between").unwrap();
            sink.value(&quantity("2000000000 USD [F29; @proposed; rate=1.25 USD/GBP]")).unwrap();
            sink.value(&quantity("unknown(not_stated) troop [F38 U11]")).unwrap();
            sink.value(&text("two\nlines\u{1b}")).unwrap();
            sink.value(&text("")).unwrap();
            sink.value(&Cell::Real(0.1)).unwrap();
            sink.value(&Cell::Decimal(Decimal::new(12_345_675, 2))).unwrap();
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

unknown: not stated (troop)  [F38 U11]

two
lines\\u{1b}

\"\"

≈0.1

123,456.75
";
        check(Format::Table, style(), work, expected);
    }
}
