//! The plural of units for people: `1 missile`, `5,000 missiles`, `3 missiles/day`. A code that is no plain word, as `GBP` or
//! `km`, and a word of which the plural is not known stay as they are; text for programs has codes alone.

use super::unit::Unit;

/// Words with a plural of their own, and those that have none.
const IRREGULAR: [(&str, &str); 14] = [
    ("person", "people"),
    ("child", "children"),
    ("percent", "percent"),
    ("aircraft", "aircraft"),
    ("hertz", "hertz"),
    ("lux", "lux"),
    ("day", "days"),
    ("car", "cars"),
    ("gun", "guns"),
    ("jet", "jets"),
    ("ton", "tons"),
    ("bus", "buses"),
    ("man", "men"),
    ("foot", "feet"),
];

/// Endings with a plural of their own, of words of any length.
const ENDINGS: [(&str, &str); 20] = [
    ("box", "boxes"),
    ("tax", "taxes"),
    ("ss", "sses"),
    ("us", "uses"),
    ("mouse", "mice"),
    ("tooth", "teeth"),
    ("quiz", "quizzes"),
    ("knife", "knives"),
    ("shelf", "shelves"),
    ("loaf", "loaves"),
    ("leaf", "leaves"),
    ("wolf", "wolves"),
    ("half", "halves"),
    ("calf", "calves"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("torpedo", "torpedoes"),
    ("cargo", "cargoes"),
    ("epoch", "epochs"),
    ("monarch", "monarchs"),
];

/// The endings of words that may be plurals already, or have irregular ones.
const UNKNOWN_ENDINGS: [&str; 5] = ["s", "man", "craft", "foot", "tooth"];

/// The shortest word of which a regular plural is made: shorter ones are mostly symbols.
const MIN_WORD: usize = 4;

/// A unit behind a number, as it is printed: in the singular behind 1, and of a quotient in its denominator.
#[must_use]
pub fn unit_behind(number: &str, unit: &Unit) -> String {
    let digits = number.trim_start_matches(['≈', '-']);
    if digits == "1" { unit.to_string() } else { plural(unit) }
}

/// A unit of any numbers, for a heading.
#[must_use]
pub fn plural(unit: &Unit) -> String {
    let written = unit.to_string();
    let mut counted = unit.powers().filter(|(_, power)| *power > 0);
    match (counted.next(), counted.next()) {
        // The only unit above the line stands first.
        (Some((code, 1)), None) => match written.strip_prefix(code) {
            Some(rest) => format!("{}{rest}", plural_of(code)),
            None => written,
        },
        _ => written,
    }
}

fn plural_of(word: &str) -> String {
    if let Some((_, plural)) = IRREGULAR.iter().find(|(known, _)| *known == word) {
        return (*plural).to_owned();
    }
    let is_lowercase = word.chars().all(|c| c.is_ascii_lowercase());
    let of_ending = |(ending, plural): &(&str, &str)| Some(format!("{}{plural}", word.strip_suffix(ending)?));
    if let Some(plural) = ENDINGS.iter().find_map(of_ending).filter(|_| is_lowercase) {
        return plural;
    }
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let is_word = word.len() >= MIN_WORD && is_lowercase && word.chars().any(|c| is_vowel(c) || c == 'y');
    if !is_word || UNKNOWN_ENDINGS.iter().any(|ending| word.ends_with(ending)) {
        return word.to_owned();
    }
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if ["x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending)) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::unit_behind;

    #[test]
    fn only_a_plain_word_behind_another_number_than_one_is_in_the_plural() {
        for (number, unit, expected) in [
            ("1", "missile", "missile"),
            ("-1", "day", "day"),
            ("≈1", "person", "person"),
            ("0", "missile", "missiles"),
            ("0.5", "missile", "missiles"),
            ("1.5", "speech", "speeches"),
            ("5,000", "troop", "troops"),
            (">5,000", "person", "people"),
            ("2", "country", "countries"),
            ("2", "day", "days"),
            ("2", "box", "boxes"),
            ("2", "tax", "taxes"),
            ("2", "toolbox", "toolboxes"),
            ("2", "mouse", "mice"),
            ("2", "boss", "bosses"),
            ("2", "virus", "viruses"),
            ("2", "dish", "dishes"),
            ("2", "waltz", "waltzes"),
            ("2", "torpedo", "torpedoes"),
            ("2", "pax", "pax"),
            ("2", "lux", "lux"),
            ("2", "GBP", "GBP"),
            ("2", "km", "km"),
            ("2", "kWh", "kWh"),
            ("2", "percent", "percent"),
            ("2", "vessels", "vessels"),
            ("2", "tank_x", "tank_x"),
            ("2", "GBP/missile", "GBP/missile"),
            ("2", "missile/day", "missiles/day"),
            ("2", "1/day", "1/day"),
            ("2", "day*missile", "day*missile"),
            ("2", "missile^2", "missile^2"),
        ] {
            assert_eq!(unit_behind(number, &unit.parse().unwrap()), expected, "{number} {unit}");
        }
    }
}
