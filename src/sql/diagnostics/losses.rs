//! The warnings about what the counters of a statement have counted, each a sentence: divisions that dropped a remainder, texts
//! that were read as numbers and are none. Where nothing was lost there is none.

use super::enumerate;
use crate::sql::counter::Counter;
use crate::store::{LossCount, RESERVED_PREFIX};

/// The warnings about losses.
pub(crate) fn loss_warnings<'c>(counted: impl IntoIterator<Item = (&'c Counter, LossCount)>) -> Vec<String> {
    let (mut divisions, mut texts) = (Vec::new(), Vec::<(&Counter, LossCount)>::new());
    for (counter, count) in counted.into_iter().filter(|(_, count)| count.lost > 0) {
        match counter {
            Counter::Division { left, right } => divisions.push((left.as_str(), right.as_str(), count)),
            // What several operators read is counted by each.
            Counter::Number { .. } => match texts.iter_mut().find(|(known, _)| *known == counter) {
                Some((_, known)) if known.lost < count.lost => *known = count,
                Some(_) => {}
                None => texts.push((counter, count)),
            },
        }
    }
    // Nobody has written what a translation calls.
    let is_written = |text: &&str| !text.contains(RESERVED_PREFIX);
    divisions.retain(|(left, right, _)| is_written(left) && is_written(right));
    let texts = texts.into_iter().filter_map(|(counter, count)| text_warning(counter, count));
    divided(&divisions).into_iter().chain(texts.filter(|warning| is_written(&warning.as_str()))).collect()
}

/// The warning that names every division that dropped a remainder.
fn divided(divisions: &[(&str, &str, LossCount)]) -> Option<String> {
    match divisions {
        [] => None,
        [(left, right, LossCount { all: 1, .. })] => Some(format!(
            "`{left} / {right}` dropped the remainder, which `{left} % {right}` gives; `{left} * 1.0 / {right}` keeps it"
        )),
        [(left, right, LossCount { lost, all })] => Some(format!(
            "`{left} / {right}` dropped the remainder in {lost} of {all} divisions; `{left} % {right}` gives it, `{left} * 1.0 / \
             {right}` keeps it"
        )),
        _ => {
            let named: Vec<String> = divisions.iter().map(|division| with_count(*division)).collect();
            Some(format!("{} dropped the remainder: `* 1.0` before `/` keeps it", enumerate(&named)))
        }
    }
}

/// A division with its count, unless it was the only one.
fn with_count((left, right, LossCount { lost, all }): (&str, &str, LossCount)) -> String {
    let count = if all == 1 { String::new() } else { format!(" in {lost} of {all} divisions") };
    format!("`{left} / {right}`{count}")
}

/// The warning about a value that was read as a number.
fn text_warning(counter: &Counter, count: LossCount) -> Option<String> {
    let Counter::Number { text, is_whole, is_literal } = counter else { return None };
    Some(if *is_literal { literal(text, *is_whole) } else { values(text, *is_whole, count) })
}

/// The warning about a constant.
fn literal(text: &str, is_whole: bool) -> String {
    if is_whole {
        format!("`{text}` is no whole number of 64 bits: SQL counts the digits at its start, or 0 where there are none")
    } else {
        format!("`{text}` is no number: SQL counts the digits at its start, or 0 where there are none")
    }
}

/// The warning about the values of an expression.
fn values(text: &str, is_whole: bool, LossCount { lost, all }: LossCount) -> String {
    if all == 1 {
        return literal(text, is_whole);
    }
    let (are, numbers, their) = if lost == 1 { ("is no", "number", "its") } else { ("are no", "numbers", "their") };
    let numbers = if is_whole { format!("whole {numbers} of 64 bits") } else { numbers.to_owned() };
    format!(
        "{lost} of {all} values of `{text}` {are} {numbers}: SQL counts the digits at {their} start, or 0 where there are none"
    )
}

#[cfg(test)]
mod tests {
    use super::{Counter, LossCount, loss_warnings};

    #[track_caller]
    fn check(counted: &[(Counter, u64, u64)], expected: &[&str]) {
        let counted = counted.iter().map(|(counter, lost, all)| (counter, LossCount { lost: *lost, all: *all }));
        assert_eq!(loss_warnings(counted), expected);
    }

    fn division(left: &str) -> Counter {
        Counter::Division { left: left.to_owned(), right: "2".to_owned() }
    }

    fn number(text: &str, is_whole: bool) -> Counter {
        Counter::Number { text: text.to_owned(), is_whole, is_literal: false }
    }

    #[test]
    fn only_what_was_lost_is_said_with_its_count() {
        check(&[(division("a"), 0, 120), (number("b", false), 0, 5)], &[]);
        check(
            &[(division("a"), 3, 120)],
            &["`a / 2` dropped the remainder in 3 of 120 divisions; `a % 2` gives it, `a * 1.0 / 2` keeps it"],
        );
        check(
            &[(division("7"), 1, 1)],
            &["`7 / 2` dropped the remainder, which `7 % 2` gives; `7 * 1.0 / 2` keeps it"],
        );
        check(
            &[(division("a"), 3, 120), (division("b"), 0, 2), (division("c"), 1, 1)],
            &["`a / 2` in 3 of 120 divisions and `c / 2` dropped the remainder: `* 1.0` before `/` keeps it"],
        );
    }

    #[test]
    fn values_that_are_no_numbers_are_counted() {
        check(
            &[
                (number("a", false), 1, 4),
                (number("a", false), 1, 3),
                (number("b", true), 2, 4),
                (number("c", false), 1, 1),
            ],
            &[
                "1 of 4 values of `a` is no number: SQL counts the digits at its start, or 0 where there are none",
                "2 of 4 values of `b` are no whole numbers of 64 bits: SQL counts the digits at their start, or 0 where there \
                 are none",
                "`c` is no number: SQL counts the digits at its start, or 0 where there are none",
            ],
        );
    }

    #[test]
    fn what_a_translation_calls_is_not_spoken_of() {
        check(&[(division("pledgebook_add(1, a, b)"), 1, 1), (number("pledgebook_of(1, a)", false), 1, 1)], &[]);
    }
}
