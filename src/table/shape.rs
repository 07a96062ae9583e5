//! The widths of a column, and its cells padded and dimmed to fit them. What stands beside the column is `grid`'s.

use super::column::{Column, Piece};
use comfy_table::{ColumnConstraint, Width};
use unicode_width::UnicodeWidthStr;

/// Marks that comfy-table takes for text without width and `grid` replaces. No cell has them: they are
/// among the characters that `visible` writes out.
pub(super) const DIM_MARK: char = '\u{2061}';
pub(super) const UNDIM_MARK: char = '\u{2062}';
/// The least that a column of text is wrapped to, in terminal columns with the one of padding: most words fit.
const NARROWEST: u16 = 13;

/// The longest line of a cell, in characters: comfy-table counts columns in 16 bits, and a character may take
/// two. What is longer goes on in the next line.
const LONGEST: usize = 10_000;

/// The widths of a column's parts: what is padded so that the whole cell, set right, has its digits in line.
pub(super) struct Shape {
    pub(super) is_numeric: bool,
    heading: usize,
    main: usize,
    unit: usize,
    refs: usize,
}

impl Shape {
    pub(super) fn of(column: &Column) -> Self {
        let widest = |part: fn(&Piece) -> &str| column.cells.iter().map(|piece| part(piece).width()).max().unwrap_or(0);
        Self {
            is_numeric: column.is_numeric,
            heading: column.heading.width(),
            main: widest(|piece| &piece.main),
            unit: widest(|piece| &piece.unit),
            refs: widest(|piece| &piece.refs),
        }
    }

    /// The columns behind the digits.
    fn behind(&self) -> usize {
        [self.unit, self.refs].iter().filter(|width| **width > 0).map(|width| width + 1).sum()
    }

    /// Digits never wrap, and words not to single letters: such a table had better be too wide.
    pub(super) fn constraint(&self) -> ColumnConstraint {
        if self.is_numeric {
            return ColumnConstraint::ContentWidth;
        }
        let natural = self.heading.max(self.main + self.behind()) + 1;
        let least = u16::try_from(natural).map_or(NARROWEST, |natural| natural.min(NARROWEST));
        ColumnConstraint::LowerBoundary(Width::Fixed(least))
    }

    /// The heading ends above the last digit, unless the column would get wider by that.
    pub(super) fn heading(&self, column: &Column) -> String {
        let free = (self.main + self.behind()).saturating_sub(self.heading);
        let padding = if self.is_numeric { self.behind().min(free) } else { 0 };
        folded(format!("{}{}", column.heading, " ".repeat(padding)))
    }

    pub(super) fn gap(&self) -> String {
        format!("·{}", " ".repeat(if self.is_numeric { self.behind() } else { 0 }))
    }

    pub(super) fn cell(&self, piece: &Piece, color: bool) -> String {
        let mut text = dimmed(&piece.main, color && piece.is_faint);
        for (part, width, is_dim) in [(&piece.unit, self.unit, false), (&piece.refs, self.refs, color)] {
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
