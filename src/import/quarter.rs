//! Quarters of a year as tables write them, and as they are stored, so that they sort by time: `2023-Q3`.

/// The marks that may stand between a quarter and its year.
const SEPARATORS: [char; 6] = [' ', '-', '/', '.', ',', '_'];

/// The quarter that a text is, as `2023-Q3`; `None` for any other text. A year has four digits.
pub(crate) fn parse(text: &str) -> Option<String> {
    // `2023Q3` has six bytes, `Q3, 2023` eight.
    if !(6..=8).contains(&text.len()) || !text.contains(['q', 'Q']) {
        return None;
    }
    let is_year =
        |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.starts_with(['1', '2']);
    let split = |at: usize| Some((text.get(..at)?, text.get(at..)?));
    let (year, quarter) = split(4)
        .filter(|(year, _)| is_year(year))
        .or_else(|| split(text.len() - 4).map(|(quarter, year)| (year, quarter)).filter(|(year, _)| is_year(year)))?;
    let quarter = quarter.trim_matches(SEPARATORS);
    let number = match quarter.as_bytes() {
        [b'Q' | b'q', number @ b'1'..=b'4'] | [number @ b'1'..=b'4', b'Q' | b'q'] => char::from(*number),
        _ => return None,
    };
    Some(format!("{year}-Q{number}"))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_quarter_is_read_in_any_spelling() {
        for text in ["Q3 2023", "2023 Q3", "2023Q3", "Q3/2023", "2023-Q3", "q3-2023", "3Q2023", "Q3, 2023", "Q32023"] {
            assert_eq!(parse(text).as_deref(), Some("2023-Q3"), "{text}");
        }
        for text in ["Q5 2023", "Q3 23", "2023", "Q3", "FY2023 Q3", "2023 H1", "3023Q1", "2023Q", "2023QQ", "é2023Q"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
