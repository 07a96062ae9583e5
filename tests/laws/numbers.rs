//! What is computed is exact or marked, whatever the order of a sum; rounding and order are right.

use crate::laws::fraction::{Fraction, big, check_exactness, is_within, plain, point, ten};
use crate::laws::generate::{amounts, decimals, positions, rows, short_decimals};
use crate::laws::{OPERATIONS, laws};
use num_bigint::BigInt;
use num_traits::{Pow, Signed, Zero};
use pledgebook::quantity::{Amount, Extreme, Quantity, Sum, decimal};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A step of a calculation: which operation, and with what.
fn steps() -> impl Strategy<Value = Vec<(usize, Decimal)>> {
    vec((0..OPERATIONS.len(), prop_oneof![decimals(), short_decimals()]), 1..12)
}

/// One step on a number and on the fraction that it stands for.
fn step(number: &Quantity, truth: &Fraction, (operation, with): (usize, Decimal)) -> Option<(Quantity, Fraction)> {
    let result = OPERATIONS[operation](number, &Quantity::plain(with)).ok()?;
    let with = big(with);
    Some((
        result,
        match operation {
            0 => truth + with,
            1 => truth - with,
            2 => truth * with,
            _ => truth / with,
        },
    ))
}

/// The most that a number may be off, by its own account.
fn error_of(quantity: &Quantity) -> Fraction {
    if let Amount::Number(number) = quantity.amount() { big(number.error()) } else { Fraction::zero() }
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn decimals_are_exact_or_marked(a in decimals(), b in decimals()) {
        let (x, y) = (big(a), big(b));
        check_exactness(decimal::add(a, b), Some(&x + &y))?;
        check_exactness(decimal::subtract(a, b), Some(&x - &y))?;
        check_exactness(decimal::multiply(a, b), Some(&x * &y))?;
        check_exactness(decimal::divide(a, b), (!y.is_zero()).then(|| &x / &y))?;
    }

    #[test]
    fn the_order_of_summation_does_not_matter(rows in vec(rows(), 0..8), keys in vec(any::<u32>(), 8)) {
        let sum = |rows: &[Quantity]| {
            let mut sum = Sum::new();
            for row in rows {
                sum.push(row).unwrap();
            }
            (sum.finish().map(|total| total.to_string()).ok(), sum.counted_twice().to_string())
        };
        let mut shuffled: Vec<_> = keys.into_iter().zip(rows.clone()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(sum(&rows), sum(&shuffled));
    }

    #[test]
    fn a_sum_is_exact_or_marked(values in vec(decimals(), 1..8)) {
        let mut sum = Sum::new();
        for value in &values {
            sum.push(&Quantity::plain(*value)).unwrap();
        }
        let result = sum.finish().map(|total| (total.number().unwrap(), total.is_exact()));
        check_exactness(result, Some(values.iter().map(|value| big(*value)).sum()))?;
    }

    #[test]
    fn rounding_is_half_away_from_zero(value in decimals(), places in -29_i32..30) {
        let power = Fraction::from(BigInt::from(10)).pow(places);
        let truth = (big(value) * &power).round() / power;
        match Quantity::plain(value).round(places) {
            Ok(rounded) => {
                prop_assert_eq!(big(rounded.number().unwrap()), truth.clone());
                prop_assert_eq!(rounded.is_exact(), truth == big(value));
            }
            Err(_) => prop_assert!(truth.abs() >= ten(28).into()),
        }
    }

    /// Numbers that were computed in several ways, inexactly, are ordered as those that they stand for, or not at all.
    #[test]
    fn lost_digits_decide_no_order(a in short_decimals(), b in short_decimals(), c in short_decimals()) {
        prop_assume!(!b.is_zero());
        let [x, y, z] = [a, b, c].map(Quantity::plain);
        let [i, j, k] = [a, b, c].map(big);
        let whole = x.divide(&y).unwrap().multiply(&y).unwrap();
        let part = x.divide(&y).unwrap().multiply(&z).unwrap();
        let same = x.multiply(&z).unwrap().divide(&y).unwrap();
        let computed = [
            (whole.subtract(&x).unwrap(), Fraction::zero()),
            (part.subtract(&same).unwrap(), Fraction::zero()),
            (part, &i / &j * &k),
            (same, &i * &k / &j),
            (whole, i.clone()),
            (x, i),
            (Quantity::plain(Decimal::ZERO), Fraction::zero()),
        ];
        for (left, less) in &computed {
            for (right, more) in &computed {
                if let Ok(order) = left.compare(right) {
                    prop_assert_eq!(order, less.cmp(more), "{} and {}", left, right);
                }
            }
        }
    }

    /// However long a calculation is, and however small its numbers: what it is off is within what it says that it may be.
    #[test]
    fn an_inexact_number_knows_how_far_it_is_off(first in decimals(), steps in steps(), other in short_decimals()) {
        let mut computed = vec![(Quantity::plain(first), big(first))];
        for next in steps {
            let (number, truth) = computed.last().unwrap();
            let Some(result) = step(number, truth, next) else { break };
            computed.push(result);
        }
        let (number, truth) = computed.last().unwrap().clone();
        let back = computed.iter().rev().skip(1).filter_map(|(by, exact)| {
            let quotient = number.divide(by).ok()?;
            Some((quotient, &truth / exact))
        });
        let all: Vec<_> = computed.iter().cloned().chain(back).chain([(Quantity::plain(other), big(other))]).collect();
        for (number, truth) in &all {
            prop_assert!((big(number.number().unwrap()) - truth).abs() <= error_of(number), "{:#} for {}", number, truth);
            prop_assert_eq!(number.is_exact(), error_of(number).is_zero());
            let read: Quantity = number.full_text().parse().unwrap();
            prop_assert_eq!(error_of(&read), error_of(number), "{:#}", number);
        }
        for (left, less) in &all {
            for (right, more) in &all {
                if let Ok(order) = left.compare(right) {
                    prop_assert_eq!(order, less.cmp(more), "{:#} and {:#}", left, right);
                }
            }
        }
    }

    /// The sum and the extremes of inexact numbers say no more than they know.
    #[test]
    fn a_sum_of_inexact_numbers_knows_how_far_it_is_off(
        parts in vec((decimals(), short_decimals()), 1..6),
        range in prop::option::of(-9_i64..10),
    ) {
        let rows: Vec<_> = parts
            .iter()
            .filter(|(_, by)| !by.is_zero())
            .filter_map(|(part, by)| {
                Some((Quantity::plain(*part).divide(&Quantity::plain(*by)).ok()?, big(*part) / big(*by)))
            })
            .collect();
        prop_assume!(!rows.is_empty());
        let (mut sum, mut most) = (Sum::new(), Extreme::greatest());
        for (row, _) in &rows {
            sum.push(row).unwrap();
            most.push(row).unwrap();
        }
        let mut truth: Fraction = rows.iter().map(|(_, truth)| truth.clone()).sum();
        let greatest = rows.iter().map(|(_, truth)| truth).max().unwrap();
        let is_near = |quantity: &Quantity, truth: &Fraction| match quantity.amount() {
            Amount::Range(_) => is_within(truth, quantity.amount()),
            _ => (big(quantity.number().unwrap()) - truth).abs() <= error_of(quantity),
        };
        if let Ok(Some(most)) = most.finish() {
            prop_assert!(is_near(&most, greatest), "{:#} for {}", most, greatest);
        }
        if let Some(lo) = range {
            sum.push(&format!("{lo}..10").parse().unwrap()).unwrap();
            truth += Fraction::from(BigInt::from(lo));
        }
        if let Ok(total) = sum.finish() {
            prop_assert!(is_near(&total, &truth), "{:#} for {}", total, truth);
        }
    }

    #[test]
    fn order_is_antisymmetric_and_right(
        (a, b, same) in (amounts(), amounts(), prop::bool::weighted(0.1)),
        at in positions(),
        and in positions(),
    ) {
        let b = if same { a.clone() } else { b };
        let (forth, back) = (plain(&a).compare(&plain(&b)), plain(&b).compare(&plain(&a)));
        prop_assert_eq!(forth.clone().ok(), back.ok().map(std::cmp::Ordering::reverse));
        match forth {
            Ok(order) => prop_assert_eq!(point(&a, at).cmp(&point(&b, and)), order),
            Err(_) => prop_assert!(
                [&a, &b].iter().any(|amount| !matches!(amount, Amount::Number(number) if number.is_exact())),
                "exact numbers are always ordered"
            ),
        }
        if let (true, Amount::Number(x), Amount::Number(y)) = (forth.is_ok(), &a, &b) {
            let apart = (big(x.value) - big(y.value)).abs();
            prop_assert!(x == y || apart > big(x.error()) + big(y.error()), "lost digits may decide");
        }
        if let Ok(equal) = plain(&a).equals(&plain(&b)) {
            prop_assert_eq!(point(&a, at) == point(&b, and), equal);
        }
    }
}
