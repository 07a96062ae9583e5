//! Whether a figure that somebody wrote and a number of the book are the same, by their amounts alone.

use super::claim::Claim;
use crate::quantity::{Amount, Approximation, End, Range, decimal, rounded_figures};
use rust_decimal::Decimal;

/// The most that rounding to one figure may move a number, as a share of it: beyond that it is another number.
const MOST_MOVED: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// How a figure agrees with a number of the book. Better ones come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same number, or the same range.
    Same,
    /// The same ends, of which the book's range leaves one out that `from … to` includes.
    OpenEnd,
    /// An end of the range, which belongs to it.
    End,
    /// The number, rounded to so many significant figures.
    Rounded(u32),
}

/// How the figure agrees with an amount; `None` where it does not.
pub(super) fn agreement(claim: &Claim, amount: &Amount) -> Option<Agreement> {
    match (claim.quantity.amount(), amount) {
        (Amount::Number(figure), Amount::Number(number)) if figure.value == number.value => Some(Agreement::Same),
        (Amount::Number(figure), Amount::Number(number)) => {
            let figures = figures(claim, number.value, figure.value)?;
            (!is_rough(figures, number.value, figure.value)).then_some(Agreement::Rounded(figures))
        }
        (Amount::Number(figure), Amount::Range(range)) => {
            let is_end = |end: End| end.closed && end.value == figure.value;
            [range.lo(), range.hi()].into_iter().flatten().any(is_end).then_some(Agreement::End)
        }
        (Amount::Range(figure), Amount::Range(range)) => of_ranges(figure, range),
        _ => None,
    }
}

/// Whether the figure is the number rounded to one figure, and so far from it that it is another number.
pub(super) fn is_rough_rounding(claim: &Claim, amount: &Amount) -> bool {
    match (claim.quantity.number(), amount) {
        (Some(figure), Amount::Number(number)) => {
            figures(claim, number.value, figure).is_some_and(|figures| is_rough(figures, number.value, figure))
        }
        _ => false,
    }
}

/// The significant figures to which the number is rounded: as many as were written, zeros behind the point included.
/// `Nearly` is written of a number that is smaller.
fn figures(claim: &Claim, number: Decimal, figure: Decimal) -> Option<u32> {
    let is_on_its_side = match claim.hedge {
        Some(Approximation::JustBelow) => number < figure,
        Some(Approximation::JustAbove) => number > figure,
        Some(Approximation::Near) | None => true,
    };
    rounded_figures(number, figure).filter(|figures| is_on_its_side && *figures >= claim.written_figures)
}

fn is_rough(figures: u32, number: Decimal, figure: Decimal) -> bool {
    let moved = decimal::subtract(figure, number).and_then(|(moved, _)| decimal::divide(moved.abs(), number.abs()));
    figures == 1 && moved.is_ok_and(|(moved, _)| moved > MOST_MOVED)
}

/// A bound with one end says whether the end belongs to it; `from … to` does not, and is read as though both did.
fn of_ranges(figure: &Range, range: &Range) -> Option<Agreement> {
    let value = |end: Option<End>| end.map(|end| end.value);
    let is_same = |one: Option<End>, other: Option<End>| one == other;
    let includes = |one: Option<End>, other: Option<End>| {
        value(one) == value(other) && one.zip(other).is_some_and(|(one, other)| one.closed || !other.closed)
    };
    if is_same(figure.lo(), range.lo()) && is_same(figure.hi(), range.hi()) {
        return Some(Agreement::Same);
    }
    (includes(figure.lo(), range.lo()) && includes(figure.hi(), range.hi())).then_some(Agreement::OpenEnd)
}

#[cfg(test)]
mod tests {
    use super::{Agreement, agreement, is_rough_rounding};
    use crate::quantity::{Approximation, Quantity};
    use crate::session::check::claim::Claim;

    fn of(figure: &str, written_figures: u32, number: &str) -> (Option<Agreement>, bool) {
        let claim = Claim::plain(figure.parse().unwrap(), written_figures);
        let number: Quantity = number.parse().unwrap();
        (agreement(&claim, number.amount()), is_rough_rounding(&claim, number.amount()))
    }

    #[track_caller]
    fn check(figure: &str, written_figures: u32, number: &str, expected: Option<Agreement>) {
        assert_eq!(of(figure, written_figures, number).0, expected, "{figure} {number}");
    }

    #[test]
    fn the_same_number_agrees_however_it_is_written() {
        check("320000", 2, "320000", Some(Agreement::Same));
        check("5000", 6, "5000", Some(Agreement::Same));
        check("≈5000", 1, "5000", Some(Agreement::Same));
        check("4999", 4, "5000", None);
    }

    #[test]
    fn open_and_closed_ends_differ() {
        check(">=2", 1, ">=2", Some(Agreement::Same));
        check(">2", 1, ">=2", None);
        check("<=5000", 1, "<5000", None);
        check("<5000", 1, "<=5000", None);
        check(">5000", 1, "5000", None);
        check("5000", 1, ">5000", None);
        check("5000", 1, ">=5000", Some(Agreement::End));
        check("310000", 2, "310000..<330000", Some(Agreement::End));
        check("330000", 2, "310000..<330000", None);
        check("310000..330000", 2, "310000..<330000", Some(Agreement::OpenEnd));
        check("310000..<330000", 2, "310000..<330000", Some(Agreement::Same));
        check("310000..<330000", 2, "310000..330000", None);
        check("310000..330000", 2, "310000..<331000", None);
    }

    #[test]
    fn written_zeros_count() {
        check("9.09", 3, "≈9.0909090909", Some(Agreement::Rounded(3)));
        check("9.00", 3, "≈9.0909090909", None);
        check("9", 1, "≈9.0909090909", Some(Agreement::Rounded(1)));
        check("3", 3, "3.125", None);
        check("3", 1, "3.125", Some(Agreement::Rounded(1)));
        check("2000000000", 2, "1600000000", None);
        check("0", 0, "0.4", None);
    }

    #[test]
    fn nearly_is_said_of_a_smaller_number() {
        let of = |hedge: Approximation, number: &str| {
            let claim = Claim { hedge: Some(hedge), ..Claim::plain("≈5000".parse().unwrap(), 1) };
            agreement(&claim, number.parse::<Quantity>().unwrap().amount())
        };
        assert_eq!(of(Approximation::JustBelow, "4960"), Some(Agreement::Rounded(2)));
        assert_eq!(of(Approximation::JustBelow, "5040"), None);
        assert_eq!(of(Approximation::JustAbove, "5040"), Some(Agreement::Rounded(2)));
        assert_eq!(of(Approximation::Near, "5040"), Some(Agreement::Rounded(2)));
    }

    #[test]
    fn a_rounding_to_one_figure_may_move_a_number_by_a_tenth() {
        assert_eq!(of("300000", 1, "320000"), (Some(Agreement::Rounded(1)), false));
        assert_eq!(of("2000000000", 1, "1600000000"), (None, true));
        assert_eq!(of("-2000000000", 1, "-1600000000"), (None, true));
        assert_eq!(of("10", 1, "11"), (Some(Agreement::Rounded(1)), false));
        assert_eq!(of("10", 1, "11.2"), (None, true));
        assert_eq!(of("5", 1, "320000"), (None, false));
    }
}
