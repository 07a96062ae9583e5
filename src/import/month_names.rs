//! The names of months in English and in other languages, as tables write them in dates.

use std::borrow::Cow;

/// The names of months, in English first, then those of other languages that differ from it: German, French, Spanish.
const MONTHS: [(&str, &[&str]); 12] = [
    ("january", &["januar", "jänner", "janvier", "enero"]),
    ("february", &["februar", "février", "febrero"]),
    ("march", &["märz", "mars", "marzo"]),
    ("april", &["avril", "abril"]),
    ("may", &["mai", "mayo"]),
    ("june", &["juni", "juin", "junio"]),
    ("july", &["juli", "juillet", "julio"]),
    ("august", &["août", "agosto"]),
    ("september", &["septembre", "septiembre"]),
    ("october", &["oktober", "octobre", "octubre"]),
    ("november", &["novembre", "noviembre"]),
    ("december", &["dezember", "décembre", "diciembre"]),
];

/// The fewest letters of the name of a month.
const MIN_LETTERS: usize = 3;

/// A date with the name of its month in English.
pub(super) fn in_english(cell: &str) -> Cow<'_, str> {
    let is_letter = |c: char| c.is_alphabetic();
    let Some(start) = cell.find(is_letter) else { return cell.into() };
    let end = start + cell[start..].find(|c| !is_letter(c)).unwrap_or(cell.len() - start);
    let word = cell[start..end].to_lowercase();
    match MONTHS.iter().find(|(_, names)| names.contains(&&*word)) {
        Some((english, _)) => format!("{}{english}{}", &cell[..start], &cell[end..]).into(),
        None => cell.into(),
    }
}

/// True for the name of a month in small letters, or the beginning of one.
pub(super) fn is_month_name(text: &str) -> bool {
    let is_name = |name: &&str| name.starts_with(text) && text.chars().count() >= MIN_LETTERS;
    MONTHS.iter().any(|(english, names)| [*english].iter().chain(*names).any(is_name))
}

#[cfg(test)]
mod tests {
    use super::in_english;

    #[test]
    fn months_in_other_languages_are_read() {
        for (cell, english) in [
            ("1. März 2023", "1. march 2023"),
            ("3 février 2024", "3 february 2024"),
            ("1 March 2023", "1 March 2023"),
            ("01/03/2023", "01/03/2023"),
        ] {
            assert_eq!(in_english(cell), english);
        }
    }
}
