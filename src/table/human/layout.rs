//! The renderings for a terminal: a grid with a rule under the headings, vertical lines `name = value`, and a chart of bars.

use super::cell::{CellText, joined};
use super::model::{BufferedResult, DisplayColumn};
use crate::sql::Cell;
use crate::table::format::{DIM, Style, UNDIM};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, Width,
};
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

/// The end of a column in the rule: a placeholder for the padding, which has no rule. No cell has this character: `visible`
/// escapes it.
const GAP_MARK: char = '\u{2063}';

/// A leading space, two spaces between columns, a rule under each heading and no other line. comfy-table's separators are one
/// character wide, so cells have a space of padding, and the rule under it is removed later.
const LINES: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::new(' ', ' ', ' '))
    .header_separator(LineStyle::new(' ', '─', GAP_MARK, GAP_MARK))
    .content_lines(ContentLineStyle::new(' ', ' ', ' '));

/// The columns side by side. A row of `·` before row `gap` represents the omitted ones.
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

/// A line of comfy-table with its marks replaced and trailing spaces removed.
fn finished(line: &str) -> String {
    let line = line.replace(&format!("─{GAP_MARK}"), "  ");
    line.trim_end().replace(DIM_MARK, DIM).replace(UNDIM_MARK, UNDIM) + "\n"
}

/// Placeholders for escape sequences, which comfy-table takes for text without width. No cell has them: `visible` escapes them.
const DIM_MARK: char = '\u{2061}';
const UNDIM_MARK: char = '\u{2062}';
/// The least width of a wrapped column of text, in terminal columns with the one of padding: most words fit.
const MIN_COLUMN_WIDTH: u16 = 13;

/// The longest line of a cell, in characters, after which it is broken: comfy-table counts columns in 16 bits, and a character
/// may take two.
const MAX_LINE_CHARS: usize = 10_000;

/// The widths of the parts of a column, by which right-aligned cells are padded so that digits are under digits.
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

    /// The width after the digits.
    fn trailing(&self) -> usize {
        [self.unit, self.refs].iter().filter(|width| **width > 0).map(|width| width + 1).sum()
    }

    /// The least width: digits never wrap, and words not to single letters; such a table is rather too wide.
    fn constraint(&self) -> ColumnConstraint {
        if self.is_numeric {
            return ColumnConstraint::ContentWidth;
        }
        let natural = self.heading.max(self.main + self.trailing()) + 1;
        let least = u16::try_from(natural).map_or(MIN_COLUMN_WIDTH, |natural| natural.min(MIN_COLUMN_WIDTH));
        ColumnConstraint::LowerBoundary(Width::Fixed(least))
    }

    /// The heading, which ends above the last digit unless the column would get wider.
    fn heading(&self, column: &DisplayColumn) -> String {
        let free = (self.main + self.trailing()).saturating_sub(self.heading);
        let padding = if self.is_numeric { self.trailing().min(free) } else { 0 };
        folded(format!("{}{}", column.heading, " ".repeat(padding)))
    }

    fn gap(&self) -> String {
        format!("·{}", " ".repeat(if self.is_numeric { self.trailing() } else { 0 }))
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

/// Breaks a text into lines that comfy-table can measure.
fn folded(text: String) -> String {
    if text.len() <= MAX_LINE_CHARS {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(MAX_LINE_CHARS).map(String::from_iter).collect::<Vec<_>>().join("\n")
}

fn dimmed(text: &str, is_dim: bool) -> String {
    if is_dim && !text.is_empty() { format!("{DIM_MARK}{text}{UNDIM_MARK}") } else { text.to_owned() }
}

/// The columns one below the other, an empty line between rows. A line of `·` before row `gap` represents the omitted ones.
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
    joined([&main, &cell.unit, &dim(&cell.refs)])
}

/// The width of a chart for an unknown terminal, in columns.
const CHART_WIDTH: usize = 78;

/// The least room for the longest bar, in columns.
const MIN_BAR_WIDTH: usize = 10;

/// Eighths of a block, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Bars from 0: the label is the first column, the number the second. A value that is no single number has no bar.
pub(super) fn render_chart(columns: &[DisplayColumn], result: &BufferedResult, style: &Style) -> String {
    let [labels, values] = columns else { return String::new() };
    let numbers: Vec<Option<Decimal>> = result.cells(1).map(decimal_of).collect();
    let longest = numbers.iter().flatten().map(Decimal::abs).max().unwrap_or_default();
    let texts: Vec<String> = values.cells.iter().map(CellText::joined).collect();
    let wide = |texts: &mut dyn Iterator<Item = &str>| texts.map(UnicodeWidthStr::width).max().unwrap_or_default();
    let label_width = wide(&mut labels.cells.iter().map(|cell| &*cell.main)).max(labels.heading.width());
    let value_width = wide(&mut texts.iter().map(String::as_str));
    let room = style.width.unwrap_or(CHART_WIDTH).saturating_sub(label_width + value_width + 5).max(MIN_BAR_WIDTH);
    let mut drawn = String::new();
    if style.header {
        drawn +=
            &format!(" {}{}  {}\n", labels.heading, " ".repeat(label_width - labels.heading.width()), values.heading);
    }
    for ((label, number), text) in labels.cells.iter().zip(&numbers).zip(&texts) {
        let bar = number.map_or_else(String::new, |number| bar(number, longest, room));
        let gap = " ".repeat(label_width - label.main.width());
        drawn += format!(" {}{gap}  {}", label.main, joined([&bar, text])).trim_end();
        drawn.push('\n');
    }
    drawn
}

/// A bar in eighths of a column, at least one for a number that is not 0; a negative one is hatched.
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

/// The number of a cell; `None` for a range, an unknown and a value that is no number.
fn decimal_of(cell: &Cell<'_>) -> Option<Decimal> {
    match cell {
        Cell::Integer(whole) => Some((*whole).into()),
        Cell::Decimal(decimal) => Some(*decimal),
        Cell::Real(real) | Cell::StoredReal(real) => Decimal::try_from(*real).ok(),
        Cell::Quantity(quantity) => quantity.number(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{CellText, DisplayColumn, bar, render_grid};
    use crate::table::Style;
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
    fn digits_are_aligned_with_facts_after_them() {
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
