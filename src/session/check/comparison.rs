//! Comparison of a figure with one number of the book, by their amounts alone: how they agree, and how far they are apart.

use super::Claim;
use super::candidates::Candidate;
use crate::quantity::{Amount, Approximation, End, Number, Quantity, Range, Unit, decimal, rounded_figures};
use rust_decimal::Decimal;

/// The greatest change of a number by rounding to one figure, as a share of it: beyond that it is another number.
const MAX_ROUNDING_SHARE: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// The agreement of a figure with a number of the book. Better ones come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same number, or the same range.
    Same,
    /// The same ends, one of which is open in the book's range and included by `from … to`.
    OpenEnd,
    /// An end of the range, which is included in it.
    End,
    /// The number, rounded to this many significant figures.
    Rounded(u32),
}

/// The agreement of the figure with an amount; `None` where there is none.
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
        (Amount::Range(figure), Amount::Range(range)) => range_agreement(figure, range),
        _ => None,
    }
}

/// True if the figure is the number rounded to one figure, and so far from it that it is another number.
pub(super) fn is_rough_rounding(claim: &Claim, amount: &Amount) -> bool {
    match (claim.quantity.number(), amount) {
        (Some(figure), Amount::Number(number)) => {
            figures(claim, number.value, figure).is_some_and(|figures| is_rough(figures, number.value, figure))
        }
        _ => false,
    }
}

/// The significant figures to which the number is rounded: as many as were written, zeros behind the point included.
/// `Nearly` is used of a number that is smaller.
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
    figures == 1 && moved.is_ok_and(|(moved, _)| moved > MAX_ROUNDING_SHARE)
}

/// The agreement of two ranges. A bound with one end includes that end or not; `from … to` leaves it open, and is read
/// as though both were included.
fn range_agreement(figure: &Range, range: &Range) -> Option<Agreement> {
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

/// The nearest number.
#[derive(Debug, Clone)]
pub(super) struct Nearest {
    pub(super) candidate: Candidate,
    pub(super) proximity: Proximity,
}

/// The relation of a figure to the number that is nearest to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Proximity {
    /// It is another number: the distance in percent, where that is of use.
    Off(Option<Quantity>),
    /// It is within the range, which states no single number.
    Within,
    /// It is an end of the range that is not included in it.
    Edge,
    /// It is a bound or a range itself.
    Unmeasured,
}

/// The decimal places of a distance in percent.
const PERCENT_PLACES: u32 = 2;

/// The most percent of a distance; a greater one is of another order of magnitude, and left out.
const MAX_PERCENT: Decimal = Decimal::ONE_THOUSAND;

/// The nearest of the candidates of its unit; a stated one before a derived one that is as near. A derived range is
/// near only to a figure within it, since the number that it was derived beside is the better one. Without a unit
/// nothing is near: five days are no nearer to five missiles than to five points.
pub(super) fn nearest(claim: &Claim, fitting: &[&Candidate]) -> Option<Nearest> {
    claim.quantity.unit().filter(|unit| !unit.is_one())?;
    let measured = fitting.iter().filter_map(|candidate| {
        let (gap, proximity) = gap_and_proximity(claim.quantity.amount(), candidate.quantity.amount())?;
        let is_near = gap.is_zero() || candidate.is_stated() || candidate.quantity.number().is_some();
        is_near.then(|| (gap, !candidate.is_stated(), proximity, *candidate))
    });
    let (_, _, proximity, candidate) = measured.min_by_key(|(gap, is_derived, ..)| (*gap, *is_derived))?;
    Some(Nearest { candidate: candidate.clone(), proximity })
}

/// The distance of a figure from a number, in percent of the number; `None` where it is of another order of magnitude.
pub(super) fn percent_off(figure: Decimal, number: Decimal) -> Option<Quantity> {
    let (difference, _) = decimal::subtract(figure, number).ok()?;
    let (hundredfold, _) = decimal::multiply(difference, Decimal::ONE_HUNDRED).ok()?;
    let (percent, is_exact) = decimal::divide(hundredfold, number).ok()?;
    let rounded = percent.round_dp_with_strategy(PERCENT_PLACES, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let number = Number::from_rounded(rounded.normalize(), is_exact && rounded == percent);
    (percent.abs() <= MAX_PERCENT).then(|| Quantity::new(Amount::Number(number), Unit::base("percent").ok()))
}

type RangeEnds = (Option<Decimal>, Option<Decimal>);

fn ends(amount: &Amount) -> RangeEnds {
    match amount {
        Amount::Number(number) => (Some(number.value), Some(number.value)),
        Amount::Range(range) => (range.lo().map(|end| end.value), range.hi().map(|end| end.value)),
        Amount::Unknown(_) => (None, None),
    }
}

/// The distance of two amounts: zero where one is within the other.
fn gap_and_proximity(figure: &Amount, number: &Amount) -> Option<(Decimal, Proximity)> {
    let (own, other) = (ends(figure), ends(number));
    let below = own.1.zip(other.0).filter(|(hi, lo)| hi < lo);
    let above = own.0.zip(other.1).filter(|(lo, hi)| lo > hi);
    let Some((from, to)) = below.or(above) else { return Some((Decimal::ZERO, proximity_to_range(figure, number))) };
    let gap = from.checked_sub(to)?.abs();
    let is_single = matches!(figure, Amount::Number(_));
    Some((gap, if is_single { Proximity::Off(percent_off(from, to)) } else { Proximity::Unmeasured }))
}

fn proximity_to_range(figure: &Amount, number: &Amount) -> Proximity {
    let (Amount::Number(figure), Amount::Range(range)) = (figure, number) else { return Proximity::Unmeasured };
    let is_edge = [range.lo(), range.hi()].into_iter().flatten().any(|end| end.value == figure.value);
    if is_edge { Proximity::Edge } else { Proximity::Within }
}

#[cfg(test)]
mod tests {
    use super::{Agreement, Proximity, agreement, gap_and_proximity, is_rough_rounding, percent_off};
    use crate::quantity::{Approximation, Quantity};
    use crate::session::check::Claim;

    fn of(figure: &str, written_figures: u32, number: &str) -> (Option<Agreement>, bool) {
        let claim = Claim::exactly(figure.parse().unwrap(), written_figures);
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
            let claim = Claim { hedge: Some(hedge), ..Claim::exactly("≈5000".parse().unwrap(), 1) };
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

    #[track_caller]
    fn check_distance(figure: &str, number: &str, gap: &str, proximity: &Proximity) {
        let [figure, number] = [figure, number].map(|text| text.parse::<Quantity>().unwrap());
        let (found, how) = gap_and_proximity(figure.amount(), number.amount()).unwrap();
        assert_eq!((found.normalize().to_string().as_str(), &how), (gap, proximity), "{figure} {number}");
    }

    #[test]
    fn a_number_within_a_range_is_no_distance_from_it() {
        let off = |text: &str| Proximity::Off(Some(text.parse().unwrap()));
        check_distance("1800", "1600..2000", "0", &Proximity::Within);
        check_distance("330", "310..<330", "0", &Proximity::Edge);
        check_distance("340", "320", "20", &off("6.25 percent"));
        check_distance("2200", "1600..2000", "200", &off("10 percent"));
        check_distance("1200", "1600..2000", "400", &off("-25 percent"));
        check_distance("5", ">5000", "4995", &off("-99.9 percent"));
        check_distance("6000", ">5000", "0", &Proximity::Within);
        check_distance(">5000", "5000", "0", &Proximity::Unmeasured);
        check_distance("10..20", "40", "20", &Proximity::Unmeasured);
    }

    #[test]
    fn a_distance_of_another_order_is_left_out() {
        let off =
            |figure: i64, number: i64| percent_off(figure.into(), number.into()).map(|percent| percent.to_string());
        assert_eq!(off(2, 3).as_deref(), Some("≈-33.33 percent"));
        assert_eq!(off(1_000_000, 1), None);
        assert_eq!(off(1, 0), None);
    }
}
