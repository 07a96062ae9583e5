//! Columns of finished text set side by side, with a rule under the headings. It knows neither quantities nor
//! rows of the book, and is given only what is shown.

use super::column::Column;
use super::shape::{DIM_MARK, Shape, UNDIM_MARK};
use super::style::{DIM, Style, UNDIM};
use comfy_table::{CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle};

/// Takes the place of the space after a column in the rule, where the padding must not be ruled. It is none of
/// the characters that a cell can hold, as the marks of `shape` are not.
const GAP_MARK: char = '\u{2063}';

/// A leading space, two spaces between columns, a rule under each heading and no other line. comfy-table's
/// separators are one character wide, so cells have a space of padding, and the rule under it is taken off later.
const LINES: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::new(' ', ' ', ' '))
    .header_separator(LineStyle::new(' ', '─', GAP_MARK, GAP_MARK))
    .content_lines(ContentLineStyle::new(' ', ' ', ' '));

/// The table as lines, each ended by a line feed. Before row `gap` stands a row of `·` for those left out.
pub(super) fn render(columns: &[Column], gap: Option<usize>, style: &Style) -> String {
    let mut table = Table::new();
    table.load_style(LINES);
    let shapes: Vec<Shape> = columns.iter().map(Shape::of).collect();
    if style.header {
        table.set_header(columns.iter().zip(&shapes).map(|(column, shape)| shape.heading(column)));
    }
    for row in 0..columns.first().map_or(0, |column| column.cells.len()) {
        if gap == Some(row) {
            table.add_row(shapes.iter().map(Shape::gap));
        }
        let cell = |(column, shape): (&Column, &Shape)| shape.cell(&column.cells[row], style.color);
        table.add_row(columns.iter().zip(&shapes).map(cell));
    }
    for (shape, laid_out) in shapes.iter().zip(table.column_iter_mut()) {
        laid_out.set_padding((0, 1));
        if shape.is_numeric {
            laid_out.set_cell_alignment(CellAlignment::Right);
        }
        laid_out.set_constraint(shape.constraint());
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

#[cfg(test)]
mod tests {
    use super::render;
    use crate::table::column::{Column, Piece};
    use crate::table::style::Style;

    fn text(main: &str) -> Piece {
        Piece { main: main.into(), ..Piece::default() }
    }

    fn sample() -> [Column; 2] {
        let cited = |main: &str, refs: &str| Piece { refs: refs.into(), ..text(main) };
        let names = ["北京", "e\u{301}te\u{301}", "wide enough"].map(text).into();
        let numbers = vec![cited("1,600", "[F29]"), cited("≈9", "[F29 F30]"), Piece { is_faint: true, ..text("NULL") }];
        [
            Column { heading: "name".into(), is_numeric: false, cells: names },
            Column { heading: "amount".into(), is_numeric: true, cells: numbers },
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
        assert_eq!(render(&sample(), Some(2), &Style::default()), &expected[1..]);
    }

    #[test]
    fn colour_dims_facts_and_null_and_moves_nothing() {
        let coloured = render(&sample(), None, &Style { color: true, ..Style::default() });
        assert!(coloured.contains("1,600 \u{1b}[2m[F29]\u{1b}[0m\n"), "{coloured}");
        assert!(coloured.contains("\u{1b}[2mNULL\u{1b}[0m\n"), "{coloured}");
        let plain = coloured.replace("\u{1b}[2m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, render(&sample(), None, &Style::default()));
    }

    #[test]
    fn only_a_given_width_wraps_and_never_in_a_number() {
        let narrow = render(&sample(), None, &Style { width: Some(10), header: false, ..Style::default() });
        assert!(narrow.contains("wide enough"), "{narrow}");
        let prose = Column { heading: "t".into(), is_numeric: false, cells: vec![text("one two three four five")] };
        let wrapped = render(&[prose], None, &Style { width: Some(16), ..Style::default() });
        assert_eq!(wrapped, " t\n ─────────────\n one two three\n four five\n");
    }

    #[test]
    fn the_widest_cell_is_whole() {
        let wide = "x".repeat(70_000);
        let column = Column { heading: "t".into(), is_numeric: false, cells: vec![text(&wide)] };
        let drawn = render(&[column], None, &Style { header: false, ..Style::default() });
        assert_eq!(drawn.matches('x').count(), wide.len());
    }
}
