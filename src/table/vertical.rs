//! A result with its columns one below the other, `name = value`: for rows that are too wide for a table.

use super::column::{Column, Piece};
use super::style::{DIM, Style, UNDIM};
use unicode_width::UnicodeWidthStr;

/// The rows, an empty line between them. Before row `gap` a line of `·` stands for those left out.
pub(super) fn render(columns: &[Column], gap: Option<usize>, style: &Style) -> String {
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

fn value(piece: &Piece, style: &Style) -> String {
    let dim =
        |text: &str| if style.color && !text.is_empty() { format!("{DIM}{text}{UNDIM}") } else { text.to_owned() };
    let main = if piece.is_faint { dim(&piece.main) } else { piece.main.clone() };
    let parts = [main, piece.unit.clone(), dim(&piece.refs)].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::table::fixture::{facts, written};
    use crate::table::{Format, Style};

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
}
