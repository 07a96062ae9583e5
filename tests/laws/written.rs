//! What people write: whatever the program prints is read as the same, and no digits are read as another number than they say.

use crate::laws::generate::known_amounts;
use crate::laws::laws;
use pledgebook::quantity::{BaseUnit, Quantity, Strictness, UnitRegistry, human, parse_figure};
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;

static UNITS: LazyLock<UnitRegistry> = LazyLock::new(|| {
    let unit =
        |(code, kind): (&str, &str)| BaseUnit { code: code.into(), kind: kind.into(), places: 2, name: code.into() };
    UnitRegistry::new(
        [("GBP", "currency"), ("USD", "currency"), ("missile", "count"), ("day", "time"), ("percent", "ratio")]
            .map(unit),
    )
});

fn read(text: &str, strictness: Strictness) -> Result<Quantity, String> {
    parse_figure(text, &UNITS, strictness).map(|figure| figure.quantity).map_err(|error| error.to_string())
}

fn grouped(digits: &str, sign: &str) -> String {
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(sign)
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn what_is_printed_is_read_as_the_same(
        amount in known_amounts(),
        unit in select(vec!["1", "GBP", "GBP/missile", "1/day", "GBP^2*day/USD*missile", "percent"]),
    ) {
        let quantity = Quantity::new(amount, Some(unit.parse().unwrap()));
        for printed in [quantity.to_string(), human::quantity(&quantity, None)] {
            let again = read(&printed, Strictness::Code);
            prop_assert_eq!(again.as_ref(), Ok(&quantity), "{}", printed);
            match read(&printed, Strictness::Prose) {
                Ok(read) => prop_assert_eq!(&read, &quantity, "{}", printed),
                Err(error) => prop_assert!(error.contains("could mean two numbers"), "{}: {}", printed, error),
            }
        }
    }

    #[test]
    fn a_comma_groups_and_a_point_before_three_digits_is_refused_in_prose(
        whole in 1_u32..1_000,
        rest in "[0-9]{3}",
        unit in select(vec!["", " GBP", " missiles", "%"]),
    ) {
        let with_comma = read(&format!("{whole},{rest}{unit}"), Strictness::Prose).unwrap();
        prop_assert_eq!(with_comma.number().unwrap().to_string(), format!("{whole}{rest}"));
        let with_point = format!("{whole}.{rest}{unit}");
        prop_assert!(read(&with_point, Strictness::Prose).unwrap_err().contains("could mean two numbers"));
        let read = read(&with_point, Strictness::Code).unwrap().number().unwrap();
        prop_assert_eq!(read, format!("{whole}.{rest}").parse().unwrap());
    }

    #[test]
    fn a_spelling_that_is_suggested_has_the_digits_that_were_written(
        text in "[0-9]{1,4}([.,' ][0-9]{1,4}){1,3}",
        strictness in select(vec![Strictness::Prose, Strictness::Code]),
    ) {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().trim_matches('0').to_owned();
        match parse_figure(&text, &UNITS, strictness) {
            Ok(figure) => {
                let read = figure.quantity.number().unwrap().normalize().to_string();
                prop_assert_eq!(digits(&read), digits(&text), "{}", text);
            }
            Err(error) => {
                let help = error.help().unwrap();
                let mut spellings: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
                let part = if help.starts_with("for ") { spellings.remove(0) } else { text.as_str() };
                for suggested in spellings {
                    prop_assert_eq!(digits(suggested), digits(part), "{}: {}", text, help);
                    prop_assert!(read(suggested, strictness).is_ok(), "{}: {}", text, help);
                }
            }
        }
    }

    #[test]
    fn grouping_changes_no_number(
        digits in "[1-9][0-9]{0,20}",
        sign in select(vec![",", " ", "'", "_", "\u{a0}", "\u{202f}", "\u{2009}"]),
        (word, zeros) in select(vec![("", 0), ("k", 3), (" thousand", 3), ("m", 6), (" million", 6), ("bn", 9)]),
        strictness in select(vec![Strictness::Prose, Strictness::Code]),
    ) {
        let text = format!("{}{word}", grouped(&digits, sign));
        let read = read(&text, strictness);
        match format!("{digits}{}", "0".repeat(zeros)) {
            truth if truth.len() <= 28 => prop_assert_eq!(read.unwrap().to_string(), truth, "{}", text),
            _ => prop_assert!(read.unwrap_err().contains("too long"), "{}", text),
        }
    }
}
