//! The plural of units for people: `1 missile`, `5,000 missiles`, `3 missiles/day`. A code that is no plain word, as `GBP` or
//! `km`, and a word of which the plural is not known stay as they are; text for programs has codes alone.

use super::inflection::plural_of;
use super::unit::Unit;

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
            ("3,000", "personnel", "personnel"),
            ("2", "aircraft", "aircraft"),
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
