//! What is computed is exact or marked, whatever the order of a sum; rounding and order are right.

use crate::fraction::{Fraction, big, check_exactness, ends_of, plain, point, ten};
use crate::generate::{amounts, decimals, positions, rows, short_decimals};
use crate::laws;
use num_bigint::BigInt;
use num_traits::{Pow, Signed, Zero};
use pledgebook::quantity::{Amount, End, Quantity, Sum, decimal};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Whether the first lies so far below the second that lost digits can't turn their order: 1e-18 of the larger, 1e-12.
fn are_apart(less: &Fraction, more: &Fraction) -> bool {
    let gap = more - less;
    gap > less.abs().max(more.abs()) / ten(18) && gap > Fraction::new(1.into(), ten(12))
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
                [&a, &b].iter().any(|amount| !matches!(amount, Amount::Number(number) if number.exact)),
                "exact numbers are always ordered"
            ),
        }
        if forth.is_ok() && !(plain(&a).is_exact() && plain(&b).is_exact()) {
            let value = |end: Option<End>| end.map(|end| big(end.value));
            let ((a_lo, a_hi), (b_lo, b_hi)) = (ends_of(&a), ends_of(&b));
            let apart = |hi, lo| value(hi).zip(value(lo)).is_some_and(|(hi, lo)| are_apart(&hi, &lo));
            prop_assert!(apart(a_hi, b_lo) || apart(b_hi, a_lo), "lost digits may decide");
        }
        if let Ok(equal) = plain(&a).equals(&plain(&b)) {
            prop_assert_eq!(point(&a, at) == point(&b, and), equal);
        }
    }
}
