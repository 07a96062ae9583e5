//! The drawings for a terminal: columns side by side with a rule under the headings, columns one below the other, and bars.
//! They know neither the book nor quantities, and are given only the rows that are shown.

use super::cell::CellText;
use super::model::{BufferedResult, DisplayColumn};
use crate::sql::Cell;
use crate::table::format::{DIM, Style, UNDIM};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, Width,
};
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

/// Takes the place of the space after a column in the rule, where the padding must not be ruled. It is none of
/// the characters that a cell can hold, as the marks of `width` are not.
const GAP_MARK: char = '\u{2063}';

/// A leading space, two spaces between columns, a rule under each heading and no other line. comfy-table's
/// separators are one character wide, so cells have a space of padding, and the rule under it is taken off later.
const LINES: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::new(' ', ' ', ' '))
    .header_separator(LineStyle::new(' ', '─', GAP_MARK, GAP_MARK))
    .content_lines(ContentLineStyle::new(' ', ' ', ' '));

/// The table as lines, each ended by a line feed. Before row `gap` stands a row of `·` for those left out.
pub(super) fn render_grid(columns: &[DisplayColumn], gap: Option<usize>, style: &Style) -> String {
    let mut table = Table::new();
    table.load_style(LINES);
    let widths: Vec<ColumnWidths> = columns.iter().map(ColumnWidths::of).collect();
    if style.header {
        table.set_header(columns.iter().zip(&widths).map(|(column, width)| width.heading(column)));
    }
    for row in 0..columns.first().map_or(0, |column| column.cells.len()) {
        if gap == Some(row) {
            table.add_row(widths.iter().map(ColumnWidths::gap));
        }
        let cell = |(column, width): (&DisplayColumn, &ColumnWidths)| width.cell(&column.cells[row], style.color);
        table.add_row(columns.iter().zip(&widths).map(cell));
    }
    for (width, laid_out) in widths.iter().zip(table.column_iter_mut()) {
        laid_out.set_padding((0, 1));
        if width.is_numeric {
            laid_out.set_cell_alignment(CellAlignment::Right);
        }
        laid_out.set_constraint(width.constraint());
    }
    if let Some(width) = style.width {
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.lines().map(|line| finished(&line)).collect()
}

/// A laid-out line with its marks replaced and nothing invisible at its end.
fn finished(line: &str) -> String {
    let line = line.replace(&format!("─{GAP_MARK}"), "  ");
    line.trim_end().replace(DIM_MARK, DIM).replace(UNDIM_MARK, UNDIM) + "\n"
}

/// Marks that comfy-table takes for text without width and `grid` replaces. No cell has them: they are
/// among the characters that `visible` writes out.
const DIM_MARK: char = '\u{2061}';
const UNDIM_MARK: char = '\u{2062}';
/// The least that a column of text is wrapped to, in terminal columns with the one of padding: most words fit.
const NARROWEST: u16 = 13;

/// The longest line of a cell, in characters: comfy-table counts columns in 16 bits, and a character may take
/// two. What is longer goes on in the next line.
const LONGEST: usize = 10_000;

/// The widths of a column's parts: what is padded so that the whole cell, set right, has its digits in line.
struct ColumnWidths {
    is_numeric: bool,
    heading: usize,
    main: usize,
    unit: usize,
    refs: usize,
}

impl ColumnWidths {
    fn of(column: &DisplayColumn) -> Self {
        let widest =
            |part: fn(&CellText) -> &str| column.cells.iter().map(|cell| part(cell).width()).max().unwrap_or(0);
        Self {
            is_numeric: column.is_numeric,
            heading: column.heading.width(),
            main: widest(|cell| &cell.main),
            unit: widest(|cell| &cell.unit),
            refs: widest(|cell| &cell.refs),
        }
    }

    /// The columns behind the digits.
    fn behind(&self) -> usize {
        [self.unit, self.refs].iter().filter(|width| **width > 0).map(|width| width + 1).sum()
    }

    /// Digits never wrap, and words not to single letters: such a table had better be too wide.
    fn constraint(&self) -> ColumnConstraint {
        if self.is_numeric {
            return ColumnConstraint::ContentWidth;
        }
        let natural = self.heading.max(self.main + self.behind()) + 1;
        let least = u16::try_from(natural).map_or(NARROWEST, |natural| natural.min(NARROWEST));
        ColumnConstraint::LowerBoundary(Width::Fixed(least))
    }

    /// The heading ends above the last digit, unless the column would get wider by that.
    fn heading(&self, column: &DisplayColumn) -> String {
        let free = (self.main + self.behind()).saturating_sub(self.heading);
        let padding = if self.is_numeric { self.behind().min(free) } else { 0 };
        folded(format!("{}{}", column.heading, " ".repeat(padding)))
    }

    fn gap(&self) -> String {
        format!("·{}", " ".repeat(if self.is_numeric { self.behind() } else { 0 }))
    }

    fn cell(&self, cell: &CellText, color: bool) -> String {
        let mut text = dimmed(&cell.main, color && cell.is_faint);
        for (part, width, is_dim) in [(&cell.unit, self.unit, false), (&cell.refs, self.refs, color)] {
            if self.is_numeric && width > 0 {
                text.push(' ');
                text.push_str(&dimmed(part, is_dim));
                text.push_str(&" ".repeat(width - part.width()));
            } else if !part.is_empty() {
                text.push(' ');
                text.push_str(&dimmed(part, is_dim));
            }
        }
        folded(text)
    }
}

/// Text in lines that comfy-table can measure.
fn folded(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(LONGEST).map(String::from_iter).collect::<Vec<_>>().join("\n")
}

fn dimmed(text: &str, is_dim: bool) -> String {
    if is_dim && !text.is_empty() { format!("{DIM_MARK}{text}{UNDIM_MARK}") } else { text.to_owned() }
}

/// The rows, an empty line between them. Before row `gap` a line of `·` stands for those left out.
pub(super) fn render_vertical(columns: &[DisplayColumn], gap: Option<usize>, style: &Style) -> String {
    let width = columns.iter().map(|column| column.heading.width()).max().unwrap_or_default();
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let mut text = String::new();
    for row in 0..rows {
        if row > 0 {
            text.push('\n');
        }
        if gap == Some(row) {
            text.push_str(" ·\n\n");
        }
        for column in columns {
            let pad = " ".repeat(width - column.heading.width());
            text.push_str(&format!(" {pad}{} = {}", column.heading, value(&column.cells[row], style)));
            text.push('\n');
        }
    }
    text
}

fn value(cell: &CellText, style: &Style) -> String {
    let dim =
        |text: &str| if style.color && !text.is_empty() { format!("{DIM}{text}{UNDIM}") } else { text.to_owned() };
    let main = if cell.is_faint { dim(&cell.main) } else { cell.main.clone() };
    let parts = [main, cell.unit.clone(), dim(&cell.refs)].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// The columns of a classic terminal, where no other width is known.
const CHART_WIDTH: usize = 78;

/// A bar is never squeezed into less than this.
const SHORTEST_BAR: usize = 10;

/// Eighths of a block, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// The label is the first column, the number the second. A value that is no single number has no bar, and is told.
pub(super) fn render_chart(columns: &[DisplayColumn], result: &BufferedResult, style: &Style) -> String {
    let [labels, values] = columns else { return String::new() };
    let numbers: Vec<Option<Decimal>> = result.cells(1).map(decimal_of).collect();
    let longest = numbers.iter().flatten().map(Decimal::abs).max().unwrap_or_default();
    let told = values.cells.iter().map(|cell| {
        let parts = [&*cell.main, &cell.unit, &cell.refs].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    });
    let told: Vec<String> = told.collect();
    let wide = |texts: &mut dyn Iterator<Item = &str>| texts.map(UnicodeWidthStr::width).max().unwrap_or_default();
    let label_width = wide(&mut labels.cells.iter().map(|cell| &*cell.main)).max(labels.heading.width());
    let value_width = wide(&mut told.iter().map(String::as_str));
    let room = style.width.unwrap_or(CHART_WIDTH).saturating_sub(label_width + value_width + 5).max(SHORTEST_BAR);
    let mut text = String::new();
    if style.header {
        text +=
            &format!(" {}{}  {}\n", labels.heading, " ".repeat(label_width - labels.heading.width()), values.heading);
    }
    for ((label, number), told) in labels.cells.iter().zip(&numbers).zip(&told) {
        let bar = number.map_or_else(String::new, |number| bar(number, longest, room));
        let gap = " ".repeat(label_width - label.main.width());
        let parts =
            [bar.as_str(), told.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        text += format!(" {}{gap}  {parts}", label.main).trim_end();
        text.push('\n');
    }
    text
}

/// A bar in eighths of a column; what is not 0 has one eighth at least, and below 0 it is hatched.
fn bar(number: Decimal, longest: Decimal, room: usize) -> String {
    if number.is_zero() || longest.is_zero() {
        return String::new();
    }
    // Dividing first keeps the product within 28 digits.
    let share = number.abs() / longest;
    let eighths = (share * Decimal::from(room * 8)).round().try_into().unwrap_or(room * 8).max(1);
    if number.is_sign_negative() {
        return "▒".repeat(eighths.div_ceil(8));
    }
    let part = (eighths % 8).checked_sub(1).map(|at| EIGHTHS[at]);
    "█".repeat(eighths / 8) + part.map(String::from).unwrap_or_default().as_str()
}

/// The number of a cell; `None` for a range, an unknown and what is no number.
pub(super) fn decimal_of(cell: &Cell<'_>) -> Option<Decimal> {
    match cell {
        Cell::Integer(whole) => Some((*whole).into()),
        Cell::Decimal(decimal) => Some(*decimal),
        Cell::Real(real) => Decimal::try_from(*real).ok(),
        Cell::Quantity(quantity) => quantity.number(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{CellText, DisplayColumn, bar, render_grid};
    use crate::table::fixture::{facts, written};
    use crate::table::{Format, Style};
    use rust_decimal::Decimal;

    fn text(main: &str) -> CellText {
        CellText { main: main.into(), ..CellText::default() }
    }

    fn sample() -> [DisplayColumn; 2] {
        let cited = |main: &str, refs: &str| CellText { refs: refs.into(), ..text(main) };
        let names = ["北京", "e\u{301}te\u{301}", "wide enough"].map(text).into();
        let numbers =
            vec![cited("1,600", "[F29]"), cited("≈9", "[F29 F30]"), CellText { is_faint: true, ..text("NULL") }];
        [
            DisplayColumn { heading: "name".into(), is_numeric: false, cells: names },
            DisplayColumn { heading: "amount".into(), is_numeric: true, cells: numbers },
        ]
    }

    #[test]
    fn digits_stand_under_digits_with_their_facts_behind() {
        let expected = "
 name         amount
 ───────────  ───────────────
 北京         1,600 [F29]
 e\u{301}te\u{301}             ≈9 [F29 F30]
 ·                ·
 wide enough   NULL
";
        assert_eq!(render_grid(&sample(), Some(2), &Style::default()), &expected[1..]);
    }

    #[test]
    fn colour_dims_facts_and_null_and_moves_nothing() {
        let coloured = render_grid(&sample(), None, &Style { color: true, ..Style::default() });
        assert!(coloured.contains("1,600 \u{1b}[2m[F29]\u{1b}[0m\n"), "{coloured}");
        assert!(coloured.contains("\u{1b}[2mNULL\u{1b}[0m\n"), "{coloured}");
        let plain = coloured.replace("\u{1b}[2m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, render_grid(&sample(), None, &Style::default()));
    }

    #[test]
    fn only_a_given_width_wraps_and_never_in_a_number() {
        let narrow = render_grid(&sample(), None, &Style { width: Some(10), header: false, ..Style::default() });
        assert!(narrow.contains("wide enough"), "{narrow}");
        let prose =
            DisplayColumn { heading: "t".into(), is_numeric: false, cells: vec![text("one two three four five")] };
        let wrapped = render_grid(&[prose], None, &Style { width: Some(16), ..Style::default() });
        assert_eq!(wrapped, " t\n ─────────────\n one two three\n four five\n");
    }

    #[test]
    fn the_widest_cell_is_whole() {
        let wide = "x".repeat(70_000);
        let column = DisplayColumn { heading: "t".into(), is_numeric: false, cells: vec![text(&wide)] };
        let drawn = render_grid(&[column], None, &Style { header: false, ..Style::default() });
        assert_eq!(drawn.matches('x').count(), wide.len());
    }

    #[test]
    fn names_stand_right_and_every_quantity_has_its_unit() {
        let (out, _) = written(Format::Line, Style::default(), facts);
        let expected = "
WHAT-IF  assumes rate = 1.25 USD/GBP  given 4,500 missile

     id = F29
 amount = 1,600,000,000 GBP [F29; @proposed]

     id = F30
 amount = 310,000 to <330,000 GBP/missile [F29 F30; @proposed; given; rate]
";
        assert!(out.starts_with(&expected[1..]), "got:\n{out}");
    }

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        let drawn = |number: i64| bar(number.into(), Decimal::from(80), 10);
        assert_eq!(drawn(80), "██████████");
        assert_eq!(drawn(40), "█████");
        assert_eq!(drawn(41), "█████▏");
        assert_eq!(drawn(-40), "▒▒▒▒▒");
        assert_eq!(drawn(0), "");
        assert_eq!(bar(Decimal::ONE, Decimal::from(1_000_000), 10), "▏");
        assert_eq!(bar(Decimal::MAX, Decimal::MAX, 10), "██████████");
    }
}
