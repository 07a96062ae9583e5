//! A result keeps its unit, and rests on all that its operands rest on.

use crate::generate::{reasons, references, rows, units};
use crate::{OPERATIONS, SUMS, laws};
use pledgebook::error::QuantityError;
use pledgebook::quantity::{Amount, Assumption, Assumptions, Facts, Quantity, Reasons, Ref, Unit};
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
                Err(QuantityError::Stages { .. }) => {
                    prop_assert!(index < SUMS && !mixes && !a.stages().fit(b.stages()));
                }
                Err(_) => {}
            }
        }
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
