//! Quantities for people: grouped digits, words instead of signs. The text form for programs is in `quantity`.

use super::Quantity;
use super::amount::{Amount, End, Range};
use super::assumption::{Assumption, Assumptions, GIVEN};
use super::decimal::{Rounding, round_to};
use super::facts::{FactGroup, Facts};
use super::plural::{plural, unit_behind};
use super::record_sets::RecordCount;
use super::scan::grouped;
use super::unit::Unit;
use rust_decimal::Decimal;

/// The most facts that are named; more are counted.
const MAX_NAMED: u64 = 4;

/// The digits of `value` in groups of three: `1,600,000,000`, `-0.5`. With `places` it is rounded to at most so
/// many, half away from zero; zeros at the end are not printed.
pub fn group_digits(value: Decimal, places: Option<u32>) -> String {
    group(rounded(value, places, Rounding::Nearest))
}

/// An amount without its unit: `≈355,555.56`, `310,000 to <330,000`, `>5,000`, `unknown: not stated`. A number
/// whose printed digits differ from its value is marked `≈`, as an inexact one is. The ends of a range are rounded
/// outward.
pub fn amount(amount: &Amount, places: Option<u32>) -> String {
    match amount {
        Amount::Number(number) => format_number(number.value, number.is_exact(), places, Rounding::Nearest),
        Amount::Range(range) => format_range(range, places),
        Amount::Unknown(reasons) => format!("unknown: {}", reasons.to_string().replace('_', " ").replace(',', ", ")),
    }
}

/// An amount with its unit: `320,000 GBP/missile`, `unknown: not stated (troop)`. Facts, stages and assumptions
/// are left to the caller.
pub fn quantity(quantity: &Quantity, places: Option<u32>) -> String {
    let amount = amount(quantity.amount(), places);
    match quantity.unit() {
        Some(unit) if unit.is_one() => amount,
        Some(unit) if quantity.is_unknown() => format!("{amount} ({})", plural(unit)),
        Some(unit) => format!("{amount} {}", unit_behind(&amount, unit)),
        None => amount,
    }
}

/// The facts of a quantity, `F29 F30`; of many their number, `12 facts`, and of records the rows of their source: `S2, 1,234 rows`.
pub fn facts(facts: &Facts) -> String {
    let is_counted = |source: u16| facts.record_count(source).is_some_and(|count| count.most > MAX_NAMED);
    let has_counted =
        facts.groups().any(|group| matches!(group, FactGroup::Records { source, .. } if is_counted(source)));
    if facts.len() <= MAX_NAMED && !has_counted {
        return facts.to_string();
    }
    let (mut named, mut rows) = (Vec::new(), Vec::new());
    for group in facts.groups() {
        match group {
            FactGroup::Named(references) => named.extend(references),
            FactGroup::Records { source, .. } => rows.push(match facts.record_count(source) {
                Some(RecordCount { most: 1, .. }) => format!("S{source}, 1 row"),
                Some(count) => format!("S{source}, {} rows", record_count(count)),
                None => format!("S{source}, all rows"),
            }),
        }
    }
    let few = named.len() as u64 <= MAX_NAMED;
    let words: Vec<String> = named.iter().map(ToString::to_string).collect();
    let named = if few { words.join(" ") } else { format!("{} facts", group_digits(words.len().into(), None)) };
    std::iter::once(named).filter(|named| !named.is_empty()).chain(rows).collect::<Vec<_>>().join("; ")
}

/// A number of things, by the word for one of them: `1 record`, `2 records`.
pub fn count(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// `125,000`, or `100,000 to 125,000`.
pub fn record_count(count: RecordCount) -> String {
    let number = |count: u64| group_digits(count.into(), None);
    if count.least == count.most {
        return number(count.least);
    }
    format!("{} to {}", number(count.least), number(count.most))
}

/// An assumption, with its number grouped: `rate = 1.25 USD/GBP`, `F30 >5,000 missiles`, `given 2`, `100,000 given`.
pub fn assumption(assumption: &Assumption) -> String {
    let name = assumption.name();
    if let Some(count) = assumption.count() {
        return counted(name, count);
    }
    if let Some(source) = assumption.source() {
        return named(name, &format!("S{source}"));
    }
    if let Some(day) = assumption.day() {
        return named(name, day);
    }
    let Some((amount, unit)) = assumption.value() else { return name.to_owned() };
    let value = quantity(&Quantity::new(amount.clone(), Some(unit.clone())), None);
    if assumption.is_given() { format!("{name} {value}") } else { named(name, &value) }
}

/// The assumptions one by one; of a name with many values their number.
pub fn assumptions(assumptions: &Assumptions) -> Vec<String> {
    let all: Vec<&Assumption> = assumptions.iter().collect();
    let of_names = all.chunk_by(|one, other| one.name() == other.name());
    let words = |of_name: &[&Assumption]| match of_name.len() as u64 {
        few if few <= MAX_NAMED => of_name.iter().map(|one| assumption(one)).collect(),
        many => vec![counted(of_name[0].name(), many)],
    };
    of_names.flat_map(words).collect()
}

/// User-supplied numbers, without the word `given`: `2`, `4,500 missiles`, `100,000 numbers`.
pub fn given(assumptions: &Assumptions) -> Vec<String> {
    let count = assumptions.iter().map(|assumption| assumption.count().unwrap_or(1)).fold(0, u64::saturating_add);
    if count > MAX_NAMED {
        return vec![format!("{} numbers", group_digits(count.into(), None))];
    }
    let value = |(amount, unit): (&Amount, &Unit)| quantity(&Quantity::new(amount.clone(), Some(unit.clone())), None);
    assumptions.iter().filter_map(Assumption::value).map(value).collect()
}

/// A count of values: `100,000 given`, `rate: 100,000 values`.
fn counted(name: &str, count: u64) -> String {
    let count = group_digits(count.into(), None);
    if name == GIVEN { format!("{count} {name}") } else { format!("{name}: {count} values") }
}

/// A name with its value: `F30 = 4,500 missiles`, `F30 >5,000 missiles`.
pub fn named(name: &str, value: &str) -> String {
    if value.starts_with(['<', '>', '≤', '≥']) { format!("{name} {value}") } else { format!("{name} = {value}") }
}

fn format_range(range: &Range, places: Option<u32>) -> String {
    let lower = |end: End| format_number(end.value, range.is_exact(), places, Rounding::Down);
    let upper = |end: End| format_number(end.value, range.is_exact(), places, Rounding::Up);
    let sign = |end: End, open: &'static str, closed: &'static str| if end.closed { closed } else { open };
    match (range.lo(), range.hi()) {
        (Some(lo), Some(hi)) => {
            format!("{}{} to {}{}", sign(lo, ">", ""), lower(lo), sign(hi, "<", ""), upper(hi))
        }
        (Some(lo), None) => format!("{}{}", sign(lo, ">", "≥"), lower(lo)),
        (None, Some(hi)) => format!("{}{}", sign(hi, "<", "≤"), upper(hi)),
        (None, None) => String::new(),
    }
}

fn format_number(value: Decimal, exact: bool, places: Option<u32>, rounding: Rounding) -> String {
    let printed = rounded(value, places, rounding);
    let mark = if exact && printed == value { "" } else { "≈" };
    format!("{mark}{}", group(printed))
}

fn rounded(value: Decimal, places: Option<u32>, rounding: Rounding) -> Decimal {
    let places = places.and_then(|places| i32::try_from(places).ok()).unwrap_or(i32::MAX);
    round_to(value, places, rounding).expect("dropping places adds no digit before the point beyond 28").0
}

fn group(value: Decimal) -> String {
    let sign = if value < Decimal::ZERO { "-" } else { "" };
    let text = value.normalize().abs().to_string();
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(&text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, places: Option<u32>, expected: &str) {
        assert_eq!(quantity(&text.parse().unwrap(), places), expected);
    }

    #[test]
    fn numbers_are_grouped_and_marked_when_the_print_is_not_the_value() {
        check("1600000000 GBP", None, "1,600,000,000 GBP");
        check("355555.5555 GBP/missile", Some(2), "≈355,555.56 GBP/missile");
        check("320000 GBP/missile", Some(2), "320,000 GBP/missile");
        check("-999.5", Some(0), "≈-1,000");
        check("-123456", None, "-123,456");
        check("≈5 day", None, "≈5 days");
        check("0.004", Some(2), "≈0");
    }

    #[test]
    fn a_few_facts_are_named_and_more_are_counted() {
        let rests_on = |text: &str| facts(text.parse::<Quantity>().unwrap().facts());
        assert_eq!(rests_on("1 [F01 F02 F03 S2:*]"), "F01 F02 F03 S2:*");
        assert_eq!(rests_on("1 [S2:1-1234]"), "S2, 1,234 rows");
        assert_eq!(rests_on("1 [F29 S2:*#125000 U11]"), "F29 U11; S2, 125,000 rows");
        assert_eq!(rests_on("1 [F01 F02 F03 F04 F05 S2:* S3:1]"), "5 facts; S2, all rows; S3, 1 row");
    }

    #[test]
    fn a_few_numbers_that_were_given_are_named_and_more_are_counted() {
        let supposed = |text: &str| assumptions(text.parse::<Quantity>().unwrap().assumptions()).join("; ");
        assert_eq!(
            supposed("1 [given=4500 missile; given=>2; rate=1.25]"),
            "given >2; given 4,500 missiles; rate = 1.25"
        );
        assert_eq!(supposed("1 [A1; given=1; given=2; given=3; given=4; given=5]"), "A1; 5 given");
        assert_eq!(supposed("1 [given=*100000; rate=*7]"), "100,000 given; rate: 7 values");
    }

    #[test]
    fn ranges_and_unknowns_are_words() {
        check("310000..<330000 GBP/missile", None, "310,000 to <330,000 GBP/missile");
        check("0<..<320000 GBP", None, ">0 to <320,000 GBP");
        check(">5000 missile", None, ">5,000 missiles");
        check("<=1.21", Some(1), "≤≈1.3");
        check("0.19<..0.5", Some(1), ">≈0.1 to 0.5");
        check("unknown(not_stated,unnamed) troop", None, "unknown: not stated, unnamed (troops)");
        check("unknown(not_stated)", None, "unknown: not stated");
    }
}
