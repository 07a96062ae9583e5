//! Generators of quantities and of their parts. Edges come first: a uniform number almost never has 28 digits, 28
//! places, or a quotient that ends.

use pledgebook::quantity::{
    Amount, Assumption, Assumptions, End, Number, Quantity, Reason, Reasons, Ref, Stage, Stages, Unit,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

pub(crate) fn mantissas() -> impl Strategy<Value = i128> {
    let limit = 10_i128.pow(28);
    prop_oneof![
        2 => -20_i128..20,
        2 => (0_u32..29, -9_i128..10).prop_map(move |(power, near)| (10_i128.pow(power) + near).min(limit - 1)),
        2 => (0_u32..30, 0_u32..12).prop_map(|(twos, fives)| 2_i128.pow(twos) * 5_i128.pow(fives)),
        2 => (1_u32..29, any::<u128>(), any::<bool>()).prop_map(|(digits, bits, negative)| {
            let magnitude = (bits >> 1).cast_signed() % 10_i128.pow(digits);
            if negative { -magnitude } else { magnitude }
        }),
        1 => Just(limit - 1),
    ]
}

pub(crate) fn decimals() -> impl Strategy<Value = Decimal> {
    let scales = prop_oneof![2 => Just(0_u32), 1 => Just(28), 2 => 0_u32..29, 2 => 0_u32..4];
    (mantissas(), scales).prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale).normalize())
}

/// Numbers as people write them: at most four digits, at most four of them places.
pub(crate) fn short_decimals() -> impl Strategy<Value = Decimal> {
    (-9_999_i64..10_000, 0_u32..5).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

pub(crate) fn ends() -> impl Strategy<Value = Option<End>> {
    let small = (-6_i64..7).prop_map(Decimal::from);
    let values = prop_oneof![3 => small, 2 => decimals()];
    prop_oneof![1 => Just(None), 4 => (values, any::<bool>()).prop_map(|(value, closed)| Some(End { value, closed }))]
}

pub(crate) fn amounts() -> impl Strategy<Value = Amount> {
    prop_oneof![4 => known_amounts(), 1 => reasons().prop_map(Amount::Unknown)]
}

/// Numbers and ranges.
pub(crate) fn known_amounts() -> impl Strategy<Value = Amount> {
    let numbers = (decimals(), prop::bool::weighted(0.8));
    let numbers = numbers
        .prop_map(|(value, exact)| Amount::Number(if exact { Number::exact(value) } else { Number::inexact(value) }));
    prop_oneof![numbers, ranges()]
}

pub(crate) fn ranges() -> impl Strategy<Value = Amount> {
    ranges_between(ends(), ends())
}

/// Ranges with an end on either side.
pub(crate) fn bounded_ranges() -> impl Strategy<Value = Amount> {
    let end = || ends().prop_filter("no end", Option::is_some);
    ranges_between(end(), end())
}

fn ranges_between(
    a: impl Strategy<Value = Option<End>>,
    b: impl Strategy<Value = Option<End>>,
) -> impl Strategy<Value = Amount> {
    (a, b, prop::bool::weighted(0.8)).prop_filter_map("no range", |(a, b, exact)| {
        let turned = matches!((a, b), (Some(a), Some(b)) if a.value > b.value);
        let (lo, hi) = if turned { (b, a) } else { (a, b) };
        Amount::range(lo, hi, exact).ok().filter(|amount| matches!(amount, Amount::Range(_)))
    })
}

/// Where in a range a number is taken, in thousandths of the way: often at an end.
pub(crate) fn positions() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), Just(999), 0..1_000_u32]
}

pub(crate) fn reasons() -> impl Strategy<Value = Reasons> {
    btree_set(select(Reason::ALL), 1..4).prop_map(Reasons::from_iter)
}

pub(crate) fn units() -> impl Strategy<Value = Unit> {
    vec((select(vec!["GBP", "USD", "missile", "day", "zł_2"]), -3_i8..4), 0..4).prop_map(|powers| {
        let power = |(code, power): (&str, i8)| base(code).power(power).expect("a power below 4");
        powers
            .into_iter()
            .map(power)
            .fold(Unit::one(), |product, unit| product.multiply(&unit).expect("powers below 16"))
    })
}

pub(crate) fn base(code: &str) -> Unit {
    Unit::base(code).expect("a letter, then letters")
}

pub(crate) fn references() -> impl Strategy<Value = Vec<Ref>> {
    let (sources, numbers) = (1_u16..4, prop_oneof![1_u32..8, 1_u32..100_000]);
    let reference = (sources, numbers, 0..8).prop_map(|(source, number, kind)| match kind {
        0..=2 => Ref::Fact { source, number },
        3..=5 => Ref::Record { source, number },
        6 => Ref::Unknown(number),
        _ => Ref::AllRecords(source),
    });
    vec(reference, 0..8)
}

pub(crate) fn stages() -> impl Strategy<Value = Stages> {
    prop_oneof![2 => Just(Stages::none()), 3 => Just(Stage::Proposed.into()), 1 => btree_set(select(Stage::ALL), 0..3).prop_map(Stages::from_iter)]
}

pub(crate) fn assumptions() -> impl Strategy<Value = Assumptions> {
    let valued = (select(vec!["given", "rate", "F29"]), amounts(), units());
    let valued = valued.prop_filter_map("unknown", |(name, amount, unit)| Assumption::valued(name, amount, unit).ok());
    let named = select(vec!["A1", "across_stages"]).prop_map(|name| Assumption::named(name).expect("a name"));
    prop_oneof![2 => Just(Assumptions::none()), 1 => vec(prop_oneof![valued, named], 0..3).prop_map(Assumptions::from_iter)]
}

pub(crate) fn quantities_of(unit: impl Strategy<Value = Option<Unit>>) -> impl Strategy<Value = Quantity> {
    (amounts(), unit, references(), stages(), assumptions()).prop_map(|(amount, unit, facts, stages, assumptions)| {
        let facts = facts.into_iter().collect();
        Quantity::new(amount, unit).with_facts(facts).with_stages(stages).with_assumptions(assumptions)
    })
}

pub(crate) fn quantities() -> impl Strategy<Value = Quantity> {
    quantities_of(prop_oneof![1 => Just(None), 4 => units().prop_map(Some)])
}

/// Quantities of one unit, so that they can be added.
pub(crate) fn rows() -> impl Strategy<Value = Quantity> {
    quantities_of(Just(Some(base("GBP"))))
}

/// Rates of dollars for a pound, stated or not.
pub(crate) fn rates() -> impl Strategy<Value = Quantity> {
    quantities_of(Just(base("USD").divide(&base("GBP")).ok()))
}

/// Canonical text of a number, a range or an unknown, by the grammar alone.
pub(crate) fn value_texts() -> impl Strategy<Value = String> {
    let one_sided =
        (select(vec!["", ">", ">=", "<", "<="]), number_texts()).prop_map(|(sign, number)| format!("{sign}{number}"));
    let two_sided =
        ("≈?", "[1-9][0-9]{0,9}", select(vec!["..", "<..", "..<", "<..<"]), "(0|[1-9][0-9]{0,9})(\\.[0-9]{0,5}[1-9])?")
            .prop_map(|(mark, lo, separator, hi)| format!("{mark}-{lo}{separator}{mark}{hi}"));
    let unknown = btree_set(select(Reason::ALL), 1..4).prop_map(|reasons| {
        let names: Vec<_> = reasons.iter().map(|reason| reason.as_str()).collect();
        format!("unknown({})", names.join(","))
    });
    prop_oneof![4 => one_sided, 2 => two_sided, 1 => unknown]
}

fn number_texts() -> impl Strategy<Value = String> {
    ("≈?", "-?", "0|[1-9][0-9]{0,13}", "(\\.[0-9]{0,13}[1-9])?").prop_map(|(mark, sign, whole, places)| {
        let sign = if whole == "0" && places.is_empty() { "" } else { &sign };
        format!("{mark}{sign}{whole}{places}")
    })
}
