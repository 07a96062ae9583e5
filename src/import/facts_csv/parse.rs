//! Reading one cell of a file of facts: its form is checked, and it becomes the text that an export would write. What a spreadsheet
//! has changed beyond doubt is read; what it may have changed is refused with the way to write it.

use super::definition::Form;
use super::edtf;
use crate::error::suggest::nearest;
use crate::import::numeric::trim;

/// The most digits of a number that is kept as a whole number of smallest parts.
const MAX_DIGITS: usize = 18;

/// Reads a cell: its text as an export writes it, `None` for an empty one.
///
/// # Errors
/// Its fault, and the form to write.
pub(super) fn cell(form: Form, cell: &str) -> Result<Option<String>, String> {
    if let Form::Text | Form::Line(_) = form {
        return text(form, cell);
    }
    let cell = trim(cell);
    if cell.is_empty() {
        return Ok(None);
    }
    let checked = match form {
        Form::Id(prefix, digits) => id(cell, prefix, digits),
        Form::Word(words) => word(cell, words),
        Form::Whole(least) => whole(cell, least),
        Form::Places => whole(cell, 0).and_then(|places| match places.as_str() {
            "0" | "1" | "2" | "3" | "4" | "5" | "6" => Ok(places),
            _ => Err("a unit has at most 6 decimal places".to_owned()),
        }),
        Form::Amount => amount(cell),
        Form::Date => edtf::check(cell).map(|()| cell.to_owned()),
        Form::Digest => digest(cell),
        Form::Country => country(cell),
        _ => Ok(cell.to_owned()),
    };
    checked.map(Some)
}

/// The cell of a text. One of blanks and quotes alone stands in further quotes: a table of text can't tell an empty text from
/// none otherwise.
pub(super) fn written(text: &str) -> String {
    if is_bare(text) { format!("\"{text}\"") } else { text.to_owned() }
}

fn is_bare(text: &str) -> bool {
    text.chars().all(|c| c == '"' || c.is_whitespace())
}

fn text(form: Form, cell: &str) -> Result<Option<String>, String> {
    let quoted = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|inner| is_bare(inner));
    let text = match quoted {
        Some(inner) => inner,
        None if trim(cell).is_empty() => return Ok(None),
        None => cell,
    };
    match form {
        Form::Line(most) if text.chars().count() > most => {
            Err(format!("it has {} characters, and at most {most} fit", text.chars().count()))
        }
        Form::Line(_) if text.contains('\n') => Err("it is one line: take the line break out".to_owned()),
        _ => Ok(Some(text.to_owned())),
    }
}

fn id(cell: &str, prefix: &str, digits: usize) -> Result<String, String> {
    let rest = cell.strip_prefix(prefix).unwrap_or_default();
    let is_number = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let number = rest.parse::<u32>().ok().filter(|number| is_number && *number > 0);
    let is_known = match (prefix, number) {
        ("U" | "S", Some(number)) => rest == format!("{number:0digits$}") && (prefix == "U" || number <= 65_535),
        ("U" | "S", None) => false,
        ("E", _) => rest.len() >= 2 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) && is_number,
        _ => {
            rest.starts_with(|c: char| ('1'..='9').contains(&c))
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }
    };
    if is_known {
        return Ok(cell.to_owned());
    }
    let digits_of: String = cell.chars().filter(char::is_ascii_digit).collect();
    match digits_of.parse::<u32>() {
        Ok(number) if number > 0 => Err(format!("`{cell}` is no id here: write `{prefix}{number:0digits$}`")),
        _ => Err(format!("`{cell}` is no id here: write `{prefix}` and a number, as `{prefix}{:0digits$}`", 1)),
    }
}

fn word(cell: &str, words: &[&str]) -> Result<String, String> {
    if words.contains(&cell) {
        return Ok(cell.to_owned());
    }
    match nearest(cell, words.iter().copied()) {
        Some(near) => Err(format!("`{cell}` is none of the words for it: did you mean `{near}`?")),
        None => Err(format!("`{cell}` is none of the words for it: {}", words.join(", "))),
    }
}

fn whole(cell: &str, least: i64) -> Result<String, String> {
    let is_digits = cell.bytes().all(|byte| byte.is_ascii_digit()) && cell.len() <= MAX_DIGITS;
    match cell.parse::<i64>() {
        Ok(number) if is_digits && number >= least => Ok(number.to_string()),
        Ok(number) if is_digits => Err(format!("`{number}` is too small: it is counted from {least}")),
        _ => Err(format!("`{cell}` is no whole number: write its digits alone")),
    }
}

fn amount(cell: &str) -> Result<String, String> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !whole.is_empty() && are_digits(whole) && are_digits(fraction) && !digits.ends_with('.') {
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() + fraction.len() > MAX_DIGITS {
            return Err(format!("it has more than {MAX_DIGITS} digits"));
        }
        let whole = if whole.is_empty() { "0" } else { whole };
        let sign = if cell.starts_with('-') && (whole != "0" || !fraction.is_empty()) { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        return Ok(format!("{sign}{whole}{point}{fraction}"));
    }
    let has_exponent = digits.bytes().any(|byte| matches!(byte, b'e' | b'E'))
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b"eE+-.,".contains(&byte));
    if has_exponent {
        let help = "a spreadsheet has shortened it: show all digits of the column there, and save it again";
        return Err(format!("`{cell}` may have lost digits: {help}"));
    }
    Err(format!(
        "`{cell}` is no plain number: write its digits alone, with a point before decimals, as 1600000000 or 0.5"
    ))
}

fn digest(cell: &str) -> Result<String, String> {
    let digest = cell.to_ascii_lowercase();
    if digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(digest);
    }
    Err("it is no SHA-256 digest: `sha256sum FILE` prints it, 64 digits from 0 to f".to_owned())
}

fn country(cell: &str) -> Result<String, String> {
    if cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(cell.to_owned());
    }
    Err(format!("`{cell}` is no ISO 3166 code of three letters, as GBR"))
}

#[cfg(test)]
mod tests {
    use super::{Form, cell, written};

    fn read(form: Form, text: &str) -> String {
        cell(form, text).map_or_else(|error| format!("error: {error}"), |cell| cell.unwrap_or_else(|| "none".into()))
    }

    #[test]
    fn numbers_are_read_where_nothing_is_in_doubt() {
        for (text, read_as) in [
            ("1600000000", "1600000000"),
            (" 0.50 ", "0.5"),
            ("-007", "-7"),
            ("-0.0", "0"),
            ("123456789012345678", "123456789012345678"),
            ("", "none"),
        ] {
            assert_eq!(read(Form::Amount, text), read_as, "{text}");
        }
        for text in ["1,600", "1.6E+09", "£5", "5.", ".5", "1 600", "--5", "1234567890123456789", "NaN"] {
            assert!(read(Form::Amount, text).starts_with("error: "), "{text}");
        }
        assert_eq!(read(Form::Whole(1), "0"), "error: `0` is too small: it is counted from 1");
        assert!(read(Form::Whole(1), "4.0").starts_with("error: "));
    }

    #[test]
    fn ids_are_as_the_book_writes_them() {
        for (prefix, digits, text) in
            [("U", 2, "U01"), ("U", 2, "U123"), ("S", 1, "S2"), ("PL", 1, "PL10"), ("E", 2, "E01")]
        {
            assert_eq!(read(Form::Id(prefix, digits), text), text);
        }
        for (prefix, digits, text, help) in [
            ("U", 2, "U1", "write `U01`"),
            ("U", 2, "u01", "write `U01`"),
            ("S", 1, "S02", "write `S2`"),
            ("PL", 1, "x", "as `PL1`"),
            ("S", 1, "S65536", "no id"),
            ("E", 2, "E1", "write `E01`"),
        ] {
            let read = read(Form::Id(prefix, digits), text);
            assert!(read.starts_with("error: ") && read.contains(help), "{read}");
        }
    }

    #[test]
    fn every_text_comes_back_as_it_was_written() {
        for text in ["a", " a ", "", " ", "\"", "\"\"", "\" \"", "\"a\"", "#", "a\nb", "\u{a0}"] {
            assert_eq!(cell(Form::Text, &written(text)), Ok(Some(text.to_owned())), "{text:?}");
        }
        assert_eq!(cell(Form::Text, ""), Ok(None));
        assert_eq!(cell(Form::Text, " "), Ok(None));
    }

    #[test]
    fn a_long_line_is_refused() {
        assert_eq!(read(Form::Line(3), "äöü"), "äöü");
        assert_eq!(read(Form::Line(3), "äöüß"), "error: it has 4 characters, and at most 3 fit");
    }
}
