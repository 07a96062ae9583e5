//! A result keeps its unit, and rests on all that its operands rest on.

use crate::laws::generate::{quantities, rates, reasons, references, rows, units};
use crate::laws::{OPERATIONS, SUMS, laws};
use pledgebook::error::QuantityError;
use pledgebook::quantity::{Amount, Assumption, Assumptions, FactGroup, Facts, Quantity, Reasons, Ref, Sum, Unit};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

fn all_of(reference: Ref) -> Option<Ref> {
    if let Ref::Record { source, .. } = reference { Some(Ref::AllRecords(source)) } else { None }
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn a_result_rests_on_all_that_its_operands_rest_on(a in rows(), b in rows()) {
        let mixes = a.assumptions().has("across_stages") || b.assumptions().has("across_stages");
        for (index, operation) in OPERATIONS.iter().enumerate() {
            match operation(&a, &b) {
                Ok(result) => {
                    prop_assert!(index >= SUMS || mixes || a.stages().fit(b.stages()));
                    let all: Facts = a.facts().iter().chain(b.facts().iter()).collect();
                    prop_assert_eq!(result.facts(), &all);
                    prop_assert_eq!(result.stages(), a.stages().iter().chain(b.stages().iter()).collect());
                    let listed = |assumptions: &Assumptions| assumptions.iter().map(Assumption::to_string).collect::<Vec<_>>();
                    let all = [listed(a.assumptions()), listed(b.assumptions())].concat();
                    let all: BTreeSet<_> = all.into_iter().collect();
                    let listed: BTreeSet<_> = listed(result.assumptions()).into_iter().collect();
                    prop_assert_eq!(&listed, &all);
                    prop_assert_eq!(result.assumptions().iter().count(), all.len());
                    prop_assert!(result.is_unknown() || !result.is_exact() || a.is_exact() && b.is_exact());
                }
                Err(QuantityError::StageMismatch { .. }) => {
                    prop_assert!(index < SUMS && !mixes && !a.stages().fit(b.stages()));
                }
                Err(_) => {}
            }
        }
    }

    #[test]
    fn what_becomes_of_one_value_rests_on_what_it_rests_on(value in quantities(), places in -3_i32..6) {
        let mixing = value.assumptions().iter().cloned().chain(Assumption::named("across_stages"));
        let mixing: Assumptions = mixing.collect();
        let results = [Some(value.negate()), value.round(places).ok(), value.lo(), value.hi()].into_iter().flatten();
        let results = results.map(|result| (result, value.assumptions()));
        for (result, assumptions) in results.chain([(value.across_stages(), &mixing)]) {
            prop_assert_eq!(result.unit(), value.unit());
            prop_assert_eq!(result.facts(), value.facts());
            prop_assert_eq!(result.stages(), value.stages());
            prop_assert_eq!(result.assumptions(), assumptions);
        }
    }

    #[test]
    fn a_conversion_rests_on_its_rate(value in rows(), rate in rates(), is_given: bool) {
        let rate = if is_given { rate.given() } else { rate };
        let Ok(result) = value.convert(&rate) else { return Ok(()) };
        prop_assert_eq!(result.unit(), Some(&Unit::base("USD").unwrap()));
        prop_assert_eq!(result.facts(), &value.facts().union(rate.facts()));
        prop_assert_eq!(result.stages(), value.stages().union(rate.stages()));
        let is_supposed = rate.facts().is_empty() && !rate.is_unknown();
        let supposed = Assumption::valued("rate", rate.amount().clone(), rate.unit().unwrap().clone()).ok();
        for assumption in supposed.iter().filter(|_| is_supposed).chain(value.assumptions().iter()) {
            prop_assert!(result.assumptions().iter().any(|kept| kept == assumption), "{assumption} of {result}");
        }
        let given = Assumption::valued("given", rate.amount().clone(), rate.unit().unwrap().clone()).ok();
        for assumption in rate.assumptions().iter().filter(|own| !is_supposed || Some(*own) != given.as_ref()) {
            prop_assert!(result.assumptions().iter().any(|kept| kept == assumption), "{assumption} of {result}");
        }
    }

    #[test]
    fn a_sum_rests_on_its_rows_and_knows_what_two_of_them_share(rows in vec(rows(), 0..6)) {
        let mut sum = Sum::new();
        for row in &rows {
            sum.push(row).unwrap();
        }
        let all: Facts = rows.iter().flat_map(|row| row.facts().iter().collect::<Vec<_>>()).collect();
        for reference in rows.iter().flat_map(|row| row.facts().iter()) {
            let sharing = rows.iter().filter(|row| row.facts().contains(reference)).count();
            let is_twice = sharing > 1 && !matches!(reference, Ref::Unknown(_));
            prop_assert_eq!(sum.counted_twice().contains(reference), is_twice, "{}", reference);
        }
        if let Ok(total) = sum.finish() {
            prop_assert_eq!(total.facts(), &all);
        }
    }

    #[test]
    fn the_groups_of_a_set_are_all_of_it(references in references()) {
        let facts: Facts = references.into_iter().collect();
        let mut rest: Vec<Ref> = facts.iter().collect();
        for group in facts.groups() {
            match group {
                FactGroup::Named(named) => {
                    prop_assert!(rest.starts_with(&named));
                    rest.drain(..named.len());
                }
                FactGroup::Records { source } => {
                    let is_of_source = |reference: &Ref| match reference {
                        Ref::Record { source: own, .. } | Ref::AllRecords(own) => *own == source,
                        _ => false,
                    };
                    let count = rest.iter().take_while(|reference| is_of_source(reference)).count();
                    prop_assert!(count > 0);
                    rest.drain(..count);
                }
            }
        }
        prop_assert!(rest.is_empty());
    }

    #[test]
    fn a_set_of_facts_is_a_set(a in references(), b in references()) {
        let model = |references: &[Ref]| -> BTreeSet<String> {
            let covered = |reference: &Ref| all_of(*reference).is_some_and(|all| references.contains(&all));
            references.iter().filter(|reference| !covered(reference)).map(Ref::to_string).collect()
        };
        let listed = |facts: &Facts| facts.iter().map(|reference| reference.to_string()).collect::<BTreeSet<_>>();
        let (x, y): (Facts, Facts) = (a.iter().copied().collect(), b.iter().copied().collect());
        let both = [a.clone(), b.clone()].concat();
        prop_assert_eq!(listed(&x.union(&y)), model(&both));
        prop_assert_eq!(x.union(&y), y.union(&x));
        prop_assert!(both.iter().all(|reference| x.union(&y).contains(*reference)));
        for reference in both {
            let is_in_both = x.contains(reference) && y.contains(reference);
            prop_assert_eq!(x.intersection(&y).contains(reference), is_in_both);
        }
    }

    #[test]
    fn units_form_a_group(a in units(), b in units(), c in units()) {
        let times = |x: &Unit, y: &Unit| x.multiply(y).unwrap();
        prop_assert_eq!(times(&a, &b), times(&b, &a));
        prop_assert_eq!(times(&times(&a, &b), &c), times(&a, &times(&b, &c)));
        prop_assert_eq!(times(&a.divide(&b).unwrap(), &b), a.clone());
        prop_assert_eq!(a.divide(&a).unwrap(), Unit::one());
        prop_assert_eq!(a.to_string().parse::<Unit>(), Ok(a.clone()));
        let product = Quantity::of(Decimal::TWO, a.clone()).divide(&Quantity::of(Decimal::TWO, b.clone())).unwrap();
        prop_assert_eq!(product.unit(), Some(&a.divide(&b).unwrap()));
    }

    #[test]
    fn unknown_absorbs(reasons in reasons(), unit in prop::option::of(Just(Unit::base("GBP").unwrap())), other in rows()) {
        let unknown = Quantity::unknown(reasons, unit).with_stages(other.stages());
        for operation in OPERATIONS {
            for (left, right) in [(&unknown, &other), (&other, &unknown)] {
                let result = operation(left, right).unwrap();
                let more = if let Amount::Unknown(more) = other.amount() { *more } else { Reasons::none() };
                prop_assert_eq!(result.amount(), &Amount::Unknown(reasons.union(more)));
            }
        }
    }
}
