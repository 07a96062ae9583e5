//! Random quantities in text form: small numbers, pence, 28 digits, ranges, inexact ones, unknowns; with and without
//! assumptions, some as the book states them.

use crate::scratch::random::Random;

const UNITS: [&str; 7] = ["GBP", "USD", "missile", "day", "GBP/missile", "percent", ""];
const REASONS: [&str; 3] = ["not_in_book", "not_computable", "not_computable,not_in_book"];
/// What the bundled book states, so that a quantity may claim it.
const STATED: [&str; 6] = [
    "1600000000 GBP [F29; @proposed]",
    "5000 missile [F30; @proposed]",
    "1 day [F16]",
    ">=2 state [F44]",
    "unknown(not_stated) troop [F38 U11]",
    "unknown(not_stated) [U11]",
];
pub(crate) const RATES: [&str; 5] =
    ["1.25 USD/GBP", "0.8 GBP/USD", "3 GBP/missile", "1.1..1.3 USD/GBP", "unknown(not_in_book) USD/GBP"];

/// What the quantities of one list have in common more often than not.
pub(crate) struct Habit {
    unit: &'static str,
    has_facts: bool,
    /// Whether numbers stay short, so that sums and products do not overflow.
    is_tame: bool,
}

impl Habit {
    pub(crate) fn new(random: &mut Random) -> Self {
        let (has_facts, is_tame) = (random.chance(30), random.chance(75));
        Self { unit: random.word(&UNITS), has_facts, is_tame }
    }

    /// Whether no quantity of the list rests on a fact.
    pub(crate) fn has_facts(&self) -> bool {
        self.has_facts
    }
}

/// A quantity as the text that `q` reads.
pub(crate) fn quantity(random: &mut Random, habit: &Habit) -> String {
    let unit = if random.chance(88) { habit.unit } else { random.word(&UNITS) };
    if habit.has_facts && random.chance(40) {
        return random.word(&STATED).to_owned();
    }
    let mut text = amount(random, habit.is_tame);
    if !unit.is_empty() {
        text = format!("{text} {unit}");
    }
    let assumption = if random.chance(8) { random.word(&["A1", "across_stages", "rate=2"]) } else { "" };
    if assumption.is_empty() { text } else { format!("{text} [{assumption}]") }
}

fn amount(random: &mut Random, is_tame: bool) -> String {
    match random.below(16) {
        0..=6 => whole(random),
        7..=9 => number(random, is_tame),
        10 => format!("≈{}", number(random, is_tame)),
        11 => format!("{}{}", random.word(&[">", ">=", "<", "<="]), whole(random)),
        12 | 13 => range(random),
        14 => format!("unknown({})", random.word(&REASONS)),
        _ => random.word(&["0", "1", "-1", "2"]).to_owned(),
    }
}

fn whole(random: &mut Random) -> String {
    let sign = if random.chance(15) { "-" } else { "" };
    let length = 1 + random.below(6);
    format!("{sign}{}", random.digits(length))
}

fn number(random: &mut Random, is_tame: bool) -> String {
    let sign = if random.chance(15) { "-" } else { "" };
    if is_tame || random.chance(50) {
        let (length, places) = (1 + random.below(6), 1 + random.below(3));
        return format!("{sign}{}.{}", random.digits(length), random.digits(places));
    }
    match random.below(4) {
        0 => format!("{sign}{}", random.digits(28)),
        1 => format!("{sign}0.{:0>28}", random.below(30) + 1),
        2 => format!("{sign}{}.{}", random.digits(14), random.digits(14)),
        _ => format!("{sign}9223372036854775807"),
    }
}

fn range(random: &mut Random) -> String {
    let lo = random.below(2000);
    let hi = lo + 1 + random.below(500);
    let sign = if random.chance(20) { "-" } else { "" };
    format!("{sign}{lo}{}{hi}", random.word(&["..", "<..", "..<", "<..<"]))
}
