//! Where a figure stands among those that a book states or implies: a comparison of values, without words.

use crate::quantity::{Amount, Quantity, Unit, rounded_figures};
use rust_decimal::Decimal;

/// A number that the book states, or that a question of the library computes.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// What it is the number of.
    pub(super) name: String,
    pub(super) quantity: Quantity,
    /// Whether a source writes it.
    pub(super) is_stated: bool,
}

/// How a figure agrees with a candidate. Better ones stand first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// It is the same number, or the same range.
    Same,
    /// It is an end of the range.
    End,
    /// It is the number, rounded to so many significant figures.
    Rounded(u32),
}

/// What a figure is.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    /// A candidate gives it.
    Found(Candidate, Agreement),
    /// None does.
    NotInBook {
        /// The nearest of its unit, with how far the figure is from it as a share of it.
        nearest: Option<(Candidate, Option<Decimal>)>,
        /// A number of its unit that the sources leave open.
        open: Option<Candidate>,
    },
}

impl Verdict {
    /// What gives the figure, or is nearest to it.
    pub(super) fn candidate(&self) -> Option<&Candidate> {
        match self {
            Self::Found(candidate, _) | Self::NotInBook { nearest: Some((candidate, _)), .. } => Some(candidate),
            Self::NotInBook { nearest: None, .. } => None,
        }
    }
}

/// The best candidate for a figure; a stated one before a derived one that agrees as well.
pub(super) fn verdict(figure: &Quantity, candidates: &[Candidate]) -> Verdict {
    let fitting: Vec<&Candidate> = candidates.iter().filter(|candidate| fits(figure, &candidate.quantity)).collect();
    let found = fitting.iter().filter_map(|candidate| Some((agreement(figure, &candidate.quantity)?, *candidate)));
    // Of rounded ones the closest is the one with the most figures.
    let rank = |(agreement, candidate): &(Agreement, &Candidate)| match agreement {
        Agreement::Rounded(figures) => (Agreement::Rounded(0), u32::MAX - figures, !candidate.is_stated),
        other => (*other, 0, !candidate.is_stated),
    };
    match found.min_by_key(rank) {
        Some((agreement, candidate)) => Verdict::Found(candidate.clone(), agreement),
        None => Verdict::NotInBook { nearest: nearest(figure, &fitting), open: open(figure, candidates) },
    }
}

/// What the sources leave open in the unit of a figure.
fn open(figure: &Quantity, candidates: &[Candidate]) -> Option<Candidate> {
    let is_open =
        |candidate: &&Candidate| candidate.quantity.is_unknown() && candidate.quantity.unit() == figure.unit();
    candidates.iter().find(is_open).cloned()
}

/// Whether the two are numbers of one thing. A figure without a unit may be of any.
fn fits(figure: &Quantity, candidate: &Quantity) -> bool {
    let unit = figure.unit();
    !candidate.is_unknown() && (unit.is_none_or(Unit::is_one) || unit == candidate.unit())
}

fn agreement(figure: &Quantity, candidate: &Quantity) -> Option<Agreement> {
    if ends(figure.amount()) == ends(candidate.amount()) {
        return Some(Agreement::Same);
    }
    let number = figure.number()?;
    match candidate.amount() {
        Amount::Number(value) => rounded_figures(value.value, number).map(Agreement::Rounded),
        Amount::Range(range) => {
            let is_end = [range.lo(), range.hi()].into_iter().flatten().any(|end| end.value == number);
            is_end.then_some(Agreement::End)
        }
        Amount::Unknown(_) => None,
    }
}

/// The ends of an amount without whether they belong to it: of two texts one may say `to`, the other `below`.
fn ends(amount: &Amount) -> (Option<Decimal>, Option<Decimal>) {
    match amount {
        Amount::Number(number) => (Some(number.value), Some(number.value)),
        Amount::Range(range) => (range.lo().map(|end| end.value), range.hi().map(|end| end.value)),
        Amount::Unknown(_) => (None, None),
    }
}

/// Without a unit nothing is near: five days are no nearer to five missiles than to five points.
fn nearest(figure: &Quantity, fitting: &[&Candidate]) -> Option<(Candidate, Option<Decimal>)> {
    figure.unit().filter(|unit| !unit.is_one())?;
    let (lo, hi) = ends(figure.amount());
    let number = figure.number().or(lo).or(hi)?;
    let share = |candidate: &Candidate| {
        let value = candidate.quantity.number().filter(|value| !value.is_zero())?;
        number.checked_sub(value)?.checked_div(value)
    };
    let measured = fitting.iter().filter_map(|candidate| Some((share(candidate)?, *candidate)));
    let (share, candidate) = measured.min_by_key(|(share, _)| share.abs())?;
    // From a bound to a number there is no distance to name.
    Some((candidate.clone(), figure.number().map(|_| share)))
}

#[cfg(test)]
mod tests {
    use super::{Agreement, Candidate, Verdict, verdict};

    #[track_caller]
    fn check(figure: &str, name: &str, agreement: Option<Agreement>) {
        let candidate = |name: &str, quantity: &str, is_stated| Candidate {
            name: name.to_owned(),
            quantity: quantity.parse().unwrap(),
            is_stated,
        };
        let candidates = [
            candidate("per missile", "320000 GBP/missile [F29 F30]", false),
            candidate("per missile if rounded", "310000..<330000 GBP/missile [F29 F30]", false),
            candidate("finance", "1600000000 GBP [F29]", true),
            candidate("missiles", "5000 missile [F30]", true),
            candidate("also 5000", "5000 missile [F30]", false),
        ];
        match verdict(&figure.parse().unwrap(), &candidates) {
            Verdict::Found(found, how) => assert_eq!((found.name.as_str(), Some(how)), (name, agreement), "{figure}"),
            Verdict::NotInBook { nearest, .. } => {
                let near = nearest.map_or_else(String::new, |(near, _)| near.name);
                assert_eq!((near.as_str(), None), (name, agreement), "{figure}");
            }
        }
    }

    #[test]
    fn a_figure_is_found_by_its_value_and_unit() {
        check("320000 GBP/missile", "per missile", Some(Agreement::Same));
        check("5000 missile", "missiles", Some(Agreement::Same));
        check("5000", "missiles", Some(Agreement::Same));
        check("310000..330000 GBP/missile", "per missile if rounded", Some(Agreement::Same));
        check("330000 GBP/missile", "per missile if rounded", Some(Agreement::End));
        check("300000 GBP/missile", "per missile", Some(Agreement::Rounded(1)));
        check("2000000000 GBP", "finance", Some(Agreement::Rounded(1)));
        check("≈1600000000 GBP", "finance", Some(Agreement::Same));
    }

    #[test]
    fn what_is_not_there_has_a_nearest_of_its_unit() {
        check("340000 GBP/missile", "per missile", None);
        check(">5000 missile", "missiles", None);
        check("400000 USD/missile", "", None);
        check("0 GBP", "finance", None);
        check("4999", "", None);
    }
}
