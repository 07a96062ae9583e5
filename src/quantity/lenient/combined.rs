//! One figure of one number or of two: which of them a word for a power of ten scales, which unit both have, where the range
//! ends.

use super::grammar::End;
use super::numeral::Numeral;
use super::phrases::Bound;
use super::scanner::Scanner;
use super::unit_phrase::Measure;
use super::{WrittenFigure, WrittenNumber};
use crate::error::QuantityError;
use crate::quantity::reading::group_digits;
use crate::quantity::{Amount, End as RangeEnd, Number, Quantity, Unit};

/// What both numbers of a range are of.
struct Shared {
    above: Option<Unit>,
    below: Option<Unit>,
    is_each: bool,
}

/// A figure of one number.
pub(super) fn of_one(end: End) -> Result<WrittenFigure, QuantityError> {
    let number = end.numeral.number()?;
    let is_exact = end.approximation.is_none();
    let bounded = |bound: Bound| Some(RangeEnd { value: number.value, closed: bound.is_closed() });
    let amount = match end.bound {
        Some((bound, _)) if bound.is_lower() => Amount::range(bounded(bound), None, is_exact)?,
        Some((bound, _)) => Amount::range(None, bounded(bound), is_exact)?,
        None => Amount::Number(Number::read_as(number.value, is_exact)),
    };
    let End { measure, approximation, .. } = end;
    let Measure { above, below, is_each, skipped, .. } = measure;
    Ok(WrittenFigure {
        quantity: Quantity::new(amount, Some(unit(above, below)?)),
        numbers: vec![number],
        approximation,
        per_unnamed_item: is_each,
        skipped,
    })
}

impl Scanner<'_> {
    /// A figure of a range.
    pub(super) fn of_two(&self, first: End, second: End) -> Result<WrittenFigure, QuantityError> {
        let shared = self.shared(&first.measure, &second.measure)?;
        let numerals = self.scaled(&first, &second, &shared)?;
        let (first_number, second_number) = (numerals.0.number()?, numerals.1.number()?);
        let (low, high) = self.bounds(&first, &second)?;
        let end = |number: WrittenNumber, closed| Some(RangeEnd { value: number.value, closed });
        let approximation = first.approximation.or(second.approximation);
        let amount = Amount::range(end(first_number, low), end(second_number, high), approximation.is_none())?;
        let mut skipped = first.measure.skipped;
        skipped.extend(second.measure.skipped);
        Ok(WrittenFigure {
            quantity: Quantity::new(amount, Some(unit(shared.above, shared.below)?)),
            numbers: vec![first_number, second_number],
            approximation,
            per_unnamed_item: shared.is_each,
            skipped,
        })
    }

    /// Whether the ends of a range belong to it. Words that bound one end alone are refused, since the other is one already.
    fn bounds(&self, first: &End, second: &End) -> Result<(bool, bool), QuantityError> {
        let is_fitting = match (first.bound, second.bound) {
            (None, None) => true,
            (Some((low, _)), Some((high, _))) => low.is_lower() && !high.is_lower(),
            (Some((low, is_sign)), None) => is_sign && low.is_lower(),
            (None, Some((high, is_sign))) => is_sign && !high.is_lower(),
        };
        if !is_fitting {
            return Err(self.refused("it has a bound and two numbers", "give one of the two"));
        }
        let is_closed = |end: &End| end.bound.is_none_or(|(bound, _)| bound.is_closed());
        Ok((is_closed(first), is_closed(second)))
    }

    /// The unit of both ends, which one of them may name for both.
    fn shared(&self, first: &Measure, second: &Measure) -> Result<Shared, QuantityError> {
        let is_far_currency = first.above.is_none() && second.is_before;
        if is_far_currency {
            return Err(
                self.refused("the first number has no currency, and the second has", "give both their currency")
            );
        }
        let is_rate_alone = first.below.is_some() && second.below.is_none() && second.above.is_some();
        if first.is_each && !second.is_each {
            return Err(self.refused("its first number alone is of each", "say of both what they are of"));
        }
        let (above, below) =
            (first.above.as_ref().or(second.above.as_ref()), first.below.as_ref().or(second.below.as_ref()));
        let is_of_two = [(&first.above, above), (&second.above, above), (&first.below, below), (&second.below, below)]
            .into_iter()
            .any(|(own, both)| own.is_some() && own.as_ref() != both);
        if is_of_two || is_rate_alone {
            let [left, right] = [first, second].map(|measure| {
                let unit = unit(measure.above.clone(), measure.below.clone());
                unit.map_or_else(|_| String::new(), |unit| unit.to_string())
            });
            let why = format!("its two numbers are of different units, `{left}` and `{right}`");
            return Err(self.refused(&why, "give both numbers in one unit"));
        }
        Ok(Shared { above: above.cloned(), below: below.cloned(), is_each: second.is_each })
    }

    /// The numbers of a range, where a word for a power of ten may scale both: of `5 to 10 million` it does. Where the first
    /// number could be complete without it, that is refused.
    fn scaled(&self, first: &End, second: &End, shared: &Shared) -> Result<(Numeral, Numeral), QuantityError> {
        let (left, right) = (&first.numeral, &second.numeral);
        let as_written = (left.clone(), right.clone());
        match (left.is_scaled(), right.is_scaled()) {
            (true, true) | (false, false) => Ok(as_written),
            (false, true) => {
                let both = (left.scaled_as(right), right.clone());
                let has_own_unit = first.measure.above.is_some() && !first.measure.is_before;
                let is_complete = first.measure.is_before && second.measure.is_before;
                if has_own_unit {
                    Ok(as_written)
                } else if left.is_short() && !is_complete {
                    Ok(both)
                } else {
                    Err(self.of_two_readings(&as_written, &both, shared))
                }
            }
            (true, false) => {
                let both = (left.clone(), right.scaled_as(left));
                if right.number()?.value > left.number()?.value {
                    Ok(as_written)
                } else if right.is_short() && !(first.measure.is_before && second.measure.is_before) {
                    Ok(both)
                } else {
                    Err(self.of_two_readings(&as_written, &both, shared))
                }
            }
        }
    }

    /// The error of a range that could be either of two, with those that are ranges at all.
    fn of_two_readings(&self, one: &(Numeral, Numeral), other: &(Numeral, Numeral), shared: &Shared) -> QuantityError {
        let unit = unit(shared.above.clone(), shared.below.clone()).unwrap_or_default();
        let unit = if unit.is_one() { String::new() } else { format!(" {unit}") };
        let reading = |(left, right): &(Numeral, Numeral)| {
            let (left, right) = (left.number().ok()?.value, right.number().ok()?.value);
            (left < right).then(|| format!("`{} to {}{unit}`", group_digits(left, None), group_digits(right, None)))
        };
        let readings: Vec<String> = [one, other].into_iter().filter_map(reading).collect();
        let why = "a word for a power of ten may be meant for one of its numbers or for both";
        self.refused(why, &format!("write {}", readings.join(", or ")))
    }
}

fn unit(above: Option<Unit>, below: Option<Unit>) -> Result<Unit, QuantityError> {
    let above = above.unwrap_or_default();
    below.map_or(Ok(above.clone()), |below| above.divide(&below))
}
