//! The number of the book that is nearest to a figure which the book does not have, and how far the two are apart.

use super::candidates::Candidate;
use super::claim::Claim;
use crate::quantity::{Amount, Number, Quantity, Unit, decimal};
use rust_decimal::Decimal;

/// The nearest number.
#[derive(Debug, Clone)]
pub(super) struct Nearest {
    pub(super) candidate: Candidate,
    pub(super) relation: Relation,
}

/// How a figure lies to the number that is nearest to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Relation {
    /// It is another number: how far it is off in percent, where that says anything.
    Off(Option<Quantity>),
    /// It lies within the range, which states no single number.
    Within,
    /// It is where the range ends, and does not belong to it.
    Edge,
    /// It is a bound or a range itself.
    Untold,
}

/// The decimal places of a distance in percent.
const PLACES: u32 = 2;

/// A distance beyond this many percent is of another order, and says nothing.
const MOST_PERCENT: Decimal = Decimal::ONE_THOUSAND;

/// The nearest of the candidates of its unit; a stated one before a derived one that is as near. A derived range, which the
/// number that it was derived beside says better, is near only to what lies in it. Without a unit nothing is near: five days
/// are no nearer to five missiles than to five points.
pub(super) fn nearest(claim: &Claim, fitting: &[&Candidate]) -> Option<Nearest> {
    claim.quantity.unit().filter(|unit| !unit.is_one())?;
    let measured = fitting.iter().filter_map(|candidate| {
        let (gap, relation) = distance(claim.quantity.amount(), candidate.quantity.amount())?;
        let is_near = gap.is_zero() || candidate.is_stated() || candidate.quantity.number().is_some();
        is_near.then(|| (gap, !candidate.is_stated(), relation, *candidate))
    });
    let (_, _, relation, candidate) = measured.min_by_key(|(gap, is_derived, ..)| (*gap, *is_derived))?;
    Some(Nearest { candidate: candidate.clone(), relation })
}

/// How far a figure is from a number, in percent of the number; `None` where that says nothing.
pub(super) fn off_by(figure: Decimal, number: Decimal) -> Option<Quantity> {
    let (difference, _) = decimal::subtract(figure, number).ok()?;
    let (hundredfold, _) = decimal::multiply(difference, Decimal::ONE_HUNDRED).ok()?;
    let (percent, is_exact) = decimal::divide(hundredfold, number).ok()?;
    let rounded = percent.round_dp_with_strategy(PLACES, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let number = Number::from_rounded(rounded.normalize(), is_exact && rounded == percent);
    (percent.abs() <= MOST_PERCENT).then(|| Quantity::new(Amount::Number(number), Unit::base("percent").ok()))
}

type Ends = (Option<Decimal>, Option<Decimal>);

fn ends(amount: &Amount) -> Ends {
    match amount {
        Amount::Number(number) => (Some(number.value), Some(number.value)),
        Amount::Range(range) => (range.lo().map(|end| end.value), range.hi().map(|end| end.value)),
        Amount::Unknown(_) => (None, None),
    }
}

/// How far two amounts are apart: not at all where one lies in the other.
fn distance(figure: &Amount, number: &Amount) -> Option<(Decimal, Relation)> {
    let (own, other) = (ends(figure), ends(number));
    let below = own.1.zip(other.0).filter(|(hi, lo)| hi < lo);
    let above = own.0.zip(other.1).filter(|(lo, hi)| lo > hi);
    let Some((from, to)) = below.or(above) else { return Some((Decimal::ZERO, relation(figure, number))) };
    let gap = from.checked_sub(to)?.abs();
    let is_single = matches!(figure, Amount::Number(_));
    Some((gap, if is_single { Relation::Off(off_by(from, to)) } else { Relation::Untold }))
}

fn relation(figure: &Amount, number: &Amount) -> Relation {
    let (Amount::Number(figure), Amount::Range(range)) = (figure, number) else { return Relation::Untold };
    let is_edge = [range.lo(), range.hi()].into_iter().flatten().any(|end| end.value == figure.value);
    if is_edge { Relation::Edge } else { Relation::Within }
}

#[cfg(test)]
mod tests {
    use super::{Relation, distance, off_by};
    use crate::quantity::Quantity;

    #[track_caller]
    fn check(figure: &str, number: &str, gap: &str, relation: &Relation) {
        let [figure, number] = [figure, number].map(|text| text.parse::<Quantity>().unwrap());
        let (told, how) = distance(figure.amount(), number.amount()).unwrap();
        assert_eq!((told.normalize().to_string().as_str(), &how), (gap, relation), "{figure} {number}");
    }

    #[test]
    fn a_number_within_a_range_is_no_distance_from_it() {
        let off = |text: &str| Relation::Off(Some(text.parse().unwrap()));
        check("1800", "1600..2000", "0", &Relation::Within);
        check("330", "310..<330", "0", &Relation::Edge);
        check("340", "320", "20", &off("6.25 percent"));
        check("2200", "1600..2000", "200", &off("10 percent"));
        check("1200", "1600..2000", "400", &off("-25 percent"));
        check("5", ">5000", "4995", &off("-99.9 percent"));
        check("6000", ">5000", "0", &Relation::Within);
        check(">5000", "5000", "0", &Relation::Untold);
        check("10..20", "40", "20", &Relation::Untold);
    }

    #[test]
    fn a_distance_of_another_order_is_left_out() {
        let off = |figure: i64, number: i64| off_by(figure.into(), number.into()).map(|percent| percent.to_string());
        assert_eq!(off(2, 3).as_deref(), Some("≈-33.33 percent"));
        assert_eq!(off(1_000_000, 1), None);
        assert_eq!(off(1, 0), None);
    }
}
