//! Sorting that can fail: a comparison that raises ends it, and so does Ctrl-C; one that is no order harms nobody. The
//! standard library's sort may panic on the last, and has no way to tell of the others.

use super::raise::{Raised, unless_stopped};
use crate::store::Stop;
use std::cmp::Ordering;

/// The places of `values` in order; equal ones keep theirs (merge sort).
///
/// # Errors
/// The first that `compare` raises; `stop` was raised.
pub(super) fn sorted<T>(values: &[T], stop: &Stop, compare: &dyn Fn(&T, &T) -> Raised<Ordering>) -> Raised<Vec<usize>> {
    let compare = |a: &T, b: &T| unless_stopped(stop).and_then(|()| compare(a, b));
    let mut order: Vec<usize> = (0..values.len()).collect();
    let mut width = 1;
    while width < order.len() {
        let mut merged = Vec::with_capacity(order.len());
        for run in order.chunks(2 * width) {
            let (left, right) = run.split_at(width.min(run.len()));
            merge(values, left, right, &compare, &mut merged)?;
        }
        order = merged;
        width *= 2;
    }
    Ok(order)
}

fn merge<T>(
    values: &[T],
    mut left: &[usize],
    mut right: &[usize],
    compare: &dyn Fn(&T, &T) -> Raised<Ordering>,
    into: &mut Vec<usize>,
) -> Raised<()> {
    while let ([first_left, rest_left @ ..], [first_right, rest_right @ ..]) = (left, right) {
        if compare(&values[*first_right], &values[*first_left])?.is_lt() {
            into.push(*first_right);
            right = rest_right;
        } else {
            into.push(*first_left);
            left = rest_left;
        }
    }
    into.extend(left.iter().chain(right));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::sorted;
    use crate::store::Stop;
    use std::cmp::Ordering;

    #[test]
    fn sorting_is_stable_and_total() {
        let values = [3, 1, 2, 1, 3, 0, 7, 5];
        let order =
            sorted(&values, &Stop::default(), &|a: &i32, b: &i32| Ok(a.cmp(b))).expect("whole numbers have an order");
        assert_eq!(order, [5, 1, 3, 2, 0, 4, 7, 6]);
        assert!(sorted::<i32>(&[], &Stop::default(), &|a, b| Ok(a.cmp(b))).expect("nothing is in order").is_empty());
    }

    #[test]
    fn a_comparison_that_is_no_order_ends_all_the_same() {
        let values: Vec<i32> = (0..1000).collect();
        let order = sorted(&values, &Stop::default(), &|_, _| Ok(Ordering::Less)).expect("it does not fail");
        assert_eq!(order.len(), values.len());
    }

    #[test]
    fn a_raised_flag_ends_it() {
        let stop = Stop::default();
        let compared = std::cell::Cell::new(0);
        let order = sorted(&[4, 3, 2, 1], &stop, &|a: &i32, b: &i32| {
            compared.update(|compared| compared + 1);
            stop.raise();
            Ok(a.cmp(b))
        });
        assert!(order.is_err());
        assert_eq!(compared.get(), 1);
    }
}
