//! Bars: a label, a bar as long as the number, the number itself. They start at 0, and need no colour.

use super::column::Column;
use super::number::decimal_of;
use super::sheet::Sheet;
use super::style::Style;
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

/// The columns of a classic terminal, where no other width is known.
const WIDTH: usize = 78;

/// A bar is never squeezed into less than this.
const SHORTEST: usize = 10;

/// Eighths of a block, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// The label is the first column, the number the second. A value that is no single number has no bar, and is told.
pub(super) fn render(columns: &[Column], sheet: &Sheet, style: &Style) -> String {
    let [labels, values] = columns else { return String::new() };
    let numbers: Vec<Option<Decimal>> = sheet.cells(1).map(decimal_of).collect();
    let longest = numbers.iter().flatten().map(Decimal::abs).max().unwrap_or_default();
    let told = values.cells.iter().map(|piece| {
        let parts = [&*piece.main, &piece.unit, &piece.refs].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    });
    let told: Vec<String> = told.collect();
    let wide = |texts: &mut dyn Iterator<Item = &str>| texts.map(UnicodeWidthStr::width).max().unwrap_or_default();
    let label_width = wide(&mut labels.cells.iter().map(|piece| &*piece.main)).max(labels.heading.width());
    let value_width = wide(&mut told.iter().map(String::as_str));
    let room = style.width.unwrap_or(WIDTH).saturating_sub(label_width + value_width + 5).max(SHORTEST);
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

#[cfg(test)]
mod tests {
    use super::bar;
    use rust_decimal::Decimal;

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
