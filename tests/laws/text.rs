//! Printing and reading are each other's inverse.

use crate::laws::fraction::{Fraction, big, is_representable, ten};
use crate::laws::generate::{quantities, value_texts};
use crate::laws::laws;
use num_bigint::BigInt;
use pledgebook::quantity::Quantity;
use proptest::prelude::*;
use proptest::sample::{Index, select};

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn what_is_printed_reads_back(quantity in quantities()) {
        let text = quantity.to_string();
        prop_assert_eq!(text.parse::<Quantity>(), Ok(quantity), "{}", text);
    }

    #[test]
    fn canonical_text_prints_as_it_was_read(
        value in value_texts(),
        unit in select(vec!["", " GBP", " GBP/missile", " 1/day", " GBP^2*day/USD*missile"]),
        refs in select(vec!["", " [F29]", " [F01 F29 S2F01 S2:1-90 S3:* U11; @pledged+proposed; A1; rate=1.25 USD/GBP]"]),
    ) {
        let text = format!("{value}{unit}{refs}");
        prop_assert_eq!(text.parse::<Quantity>().unwrap().to_string(), text);
    }

    #[test]
    fn a_lenient_text_means_the_same(
        (sign, zeros, digits, at) in (select(vec!["", "+", "-"]), "0{0,3}", "[0-9]{1,28}", any::<Index>()),
        exponent in -30_i32..30,
    ) {
        let (whole, places) = digits.split_at(at.index(digits.len()) + 1);
        let point = if places.is_empty() { "" } else { "." };
        let text = format!("{sign}{zeros}{whole}{point}{places}{}e{exponent}", if places.is_empty() { "" } else { &zeros });
        let raised = ten(exponent.max(0).unsigned_abs()) * digits.parse::<BigInt>().unwrap();
        let lowered = ten(exponent.min(0).unsigned_abs()) * ten(u32::try_from(places.len()).unwrap());
        let truth = Fraction::new(if sign == "-" { -raised } else { raised }, lowered);
        match text.parse::<Quantity>() {
            Ok(quantity) => prop_assert_eq!(big(quantity.number().unwrap()), truth),
            Err(error) => prop_assert!(!is_representable(&truth), "{}: {}", text, error),
        }
    }
}
