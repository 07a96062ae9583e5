//! An interval holds every result that its operands may give, and little more.

use crate::laws::fraction::{Fraction, big, ends_of, is_within, last_place, plain, point};
use crate::laws::generate::{bounded_ranges, known_amounts, positions, ranges};
use crate::laws::{OPERATIONS, Operation, laws};
use num_bigint::BigInt;
use num_traits::{Pow, Signed, Zero};
use pledgebook::error::QuantityError;
use pledgebook::quantity::{Amount, End, Number, Quantity, Sum, rounding_range};
use proptest::collection::vec;
use proptest::prelude::*;

/// The result at one corner; `None` where there is none.
type OnCorner = fn(&(Fraction, Fraction)) -> Option<Fraction>;

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn an_interval_holds_every_result(a in ranges(), b in known_amounts(), at in positions(), and in positions()) {
        let (x, y) = (point(&a, at), point(&b, and));
        prop_assert!(is_within(&x, &a) && is_within(&y, &b));
        let truths = [Some(&x + &y), Some(&x - &y), Some(&x * &y), (!y.is_zero()).then(|| &x / &y)];
        for (operation, truth) in OPERATIONS.iter().zip(truths) {
            match (operation(&plain(&a), &plain(&b)), truth) {
                (Ok(result), Some(truth)) => prop_assert!(is_within(&truth, result.amount()), "{truth} in {result}"),
                (Ok(result), None) => prop_assert!(false, "{result} is a quotient by 0"),
                (Err(QuantityError::DivisionByZero | QuantityError::DivisionByRange(_)), _) => {
                    let may_be_0 = |number: &Number| number.error() >= number.value.abs();
                    let may_be_0 = matches!(&b, Amount::Number(number) if may_be_0(number));
                    prop_assert!(may_be_0 || is_within(&Fraction::zero(), &b));
                }
                (Err(error), _) => prop_assert!(matches!(error, QuantityError::Overflow { .. }), "{error}"),
            }
        }
    }

    #[test]
    fn an_interval_is_as_narrow_as_28_digits_allow(a in bounded_ranges(), b in bounded_ranges()) {
        let values = |range: &Amount| <[Option<End>; 2]>::from(ends_of(range)).map(|end| big(end.expect("bounded").value));
        let corners: Vec<_> = values(&a).into_iter().flat_map(|x| values(&b).map(|y| (x.clone(), y))).collect();
        let operations: [(Operation, OnCorner); 3] = [
            (Quantity::subtract, |(x, y)| Some(x - y)),
            (Quantity::multiply, |(x, y)| Some(x * y)),
            (Quantity::divide, |(x, y)| (!y.is_zero()).then(|| x / y)),
        ];
        for (operation, compute) in operations {
            let results = corners.iter().map(compute).collect::<Option<Vec<_>>>();
            let (Some(results), Ok(result)) = (results, operation(&plain(&a), &plain(&b))) else { continue };
            let (Some(lo), Some(hi)) = ends_of(result.amount()) else { panic!("{result} is unbounded") };
            let least = results.iter().min().unwrap();
            let greatest = results.iter().max().unwrap();
            prop_assert!(least - big(lo.value) < last_place(least), "{least} in {result}");
            prop_assert!(big(hi.value) - greatest < last_place(greatest), "{greatest} in {result}");
            prop_assert!(!lo.closed || big(lo.value) == *least);
        }
    }

    #[test]
    fn rounding_a_range_loses_nothing_and_adds_little(range in ranges(), places in -3_i32..6, at in positions()) {
        let rounded = plain(&range).round(places);
        prop_assume!(!matches!(rounded, Err(QuantityError::Overflow { .. })));
        let rounded = rounded.unwrap();
        prop_assert!(is_within(&point(&range, at), rounded.amount()));
        let (before, after) = (ends_of(&range), ends_of(rounded.amount()));
        for (before, after) in before.0.zip(after.0).into_iter().chain(before.1.zip(after.1)) {
            let moved = big(after.value) - big(before.value);
            prop_assert!(moved.abs() < Fraction::from(BigInt::from(10)).pow(-places));
            prop_assert_eq!(after.closed, before.closed && moved.is_zero());
        }
    }

    #[test]
    fn a_sum_of_ranges_holds_the_sum_of_their_numbers(rows in vec((ranges(), positions()), 1..6)) {
        let mut sum = Sum::new();
        for (range, _) in &rows {
            sum.push(&plain(range)).unwrap();
        }
        let truth = rows.iter().map(|(range, at)| point(range, *at)).sum();
        match sum.finish() {
            Ok(total) => prop_assert!(is_within(&truth, total.amount()), "{truth} in {total}"),
            Err(error) => prop_assert!(matches!(error, QuantityError::Overflow { .. }), "{error}"),
        }
    }

    #[test]
    fn what_rounds_to_a_figure_is_in_its_range(figure in 1_i64..10_000, power in -20_i32..16, at in positions(), negative: bool) {
        let figures = figure.to_string();
        let text = format!("{}{figure}e{power}", if negative { "-" } else { "" });
        let value = text.parse::<Quantity>().unwrap().number().unwrap();
        let range = rounding_range(value, u32::try_from(figures.len()).unwrap()).unwrap();
        let unit = Fraction::from(BigInt::from(10)).pow(power);
        prop_assert_eq!((point(&range, at) / &unit).round() * &unit, big(value));
        let half = if negative { -unit } else { unit } / Fraction::from(BigInt::from(2));
        let (nearest, next) = (big(value) - &half, big(value) + half);
        prop_assert!(is_within(&nearest, &range), "{nearest} in {range}");
        prop_assert!(!is_within(&next, &range), "{next} in {range}");
    }
}
