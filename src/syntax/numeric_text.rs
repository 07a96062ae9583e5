//! Texts that SQLite reads as numbers: the whole of it, blanks at its ends apart, or else the digits at its start alone.

/// The number that a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumericText {
    /// A whole number of 64 bits.
    Whole,
    /// Another number.
    Real,
    /// None: SQLite counts the digits at its start.
    None,
}

/// The characters that SQLite takes for blanks.
const BLANKS: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];

/// The number that a text is to SQLite.
#[must_use]
pub(crate) fn numeric_text(text: &str) -> NumericText {
    let text = text.trim_matches(BLANKS);
    let is_number = text.bytes().all(|byte| b"0123456789+-.eE".contains(&byte)) && text.parse::<f64>().is_ok();
    match (text.parse::<i64>(), is_number) {
        (Ok(_), _) => NumericText::Whole,
        (_, true) => NumericText::Real,
        _ => NumericText::None,
    }
}

#[cfg(test)]
mod tests {
    use super::{NumericText, numeric_text};

    #[test]
    fn a_text_is_a_number_if_sql_counts_the_whole_of_it() {
        for (text, expected) in [
            ("5", NumericText::Whole),
            (" -5 ", NumericText::Whole),
            ("1.5e3", NumericText::Real),
            ("9223372036854775808", NumericText::Real),
            ("12abc", NumericText::None),
            ("5,000", NumericText::None),
            ("0x10", NumericText::None),
            ("inf", NumericText::None),
            ("", NumericText::None),
        ] {
            assert_eq!(numeric_text(text), expected, "{text}");
        }
    }
}
