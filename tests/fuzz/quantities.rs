//! The text form of quantities: whatever is read is what a second reader finds in the text, prints to a text that reads
//! back to the same, and prints the same.

use crate::fuzz::{Target, mutate, second, tame};
use crate::scratch::random::Random;
use pledgebook::quantity::Quantity;
use std::sync::LazyLock;

/// Texts that are, or nearly are, quantities.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    [
        "1600000000 GBP [F29; @proposed]",
        "310000..<330000 GBP/missile [F29 F30; @proposed]",
        ">5000 missile [F30; @proposed]",
        "unknown(not_stated) troop [F38 U11]",
        "2000000000 USD [F29; @proposed; rate=1.25 USD/GBP]",
        "≈0.3333333333333333333333333333",
        "-1.5e-3 day^2*GBP/missile^3",
        "0<..<320000 1/day",
        "<=7 [S2:1-90 S2:*; @contracted+proposed]",
        "unknown(ambiguous,unnamed)",
        "≈-1..≈2 USD/GBP [S2F01; given=1..2 day; rate=0.5]",
        "+007.50 GBP [F3 F2 F1]",
        "1 1/GBP [A1]",
        "79228162514264337593543950335",
        "0.0000000000000000000000000001 GBP*missile",
        "£1.6bn",
        "5,000 missiles",
        "5 day [@aimed]",
    ]
    .map(str::to_owned)
    .to_vec()
});

/// The reader and the printer of the text form.
pub(crate) struct Quantities;

impl Target for Quantities {
    const BATCH: u64 = 20_000;

    fn new() -> Self {
        Self
    }

    fn input(random: &mut Random) -> Vec<String> {
        mutate::spoilt(random, &TEXTS)
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let text = pieces.concat();
        let Ok(quantity) = text.parse::<Quantity>() else { return Ok(()) };
        second::check(&text, &quantity)?;
        let printed = quantity.to_string();
        tame::check(&printed)?;
        let again: Quantity =
            printed.parse().map_err(|error| format!("`{printed}` is printed and not read: {error}"))?;
        if again.to_string() != printed {
            return Err(format!("`{printed}` prints as `{again}` when it is read again"));
        }
        if again == quantity { Ok(()) } else { Err(format!("`{printed}` is read as another quantity")) }
    }
}
