//! The verdict on a figure among the numbers that a book states or implies, as data; and the facts that it rests on.

use super::Claim;
use super::candidates::{Candidate, CandidateOrigin, Dispute, Disputes};
use super::comparison::{Agreement, Nearest, agreement, is_rough_rounding, nearest};
use crate::quantity::{Facts, Ref, Unit};
use crate::store::{Book, FactEntry, RecordEntry};
use crate::table::FigureVerdict;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A candidate that a figure agrees with.
#[derive(Debug, Clone)]
pub(super) struct CandidateMatch {
    pub(super) candidate: Candidate,
    pub(super) agreement: Agreement,
}

/// The verdict on a figure: its class, and the numbers that decide it.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) outcome: FigureVerdict,
    /// The candidates that give it, equally well; the first is reported. None where the book does not have it.
    pub(super) matches: Vec<CandidateMatch>,
    /// The disputes about the numbers that give it.
    pub(super) disputes: Vec<Dispute>,
    /// The nearest number of its unit, where the book does not have it.
    pub(super) nearest: Option<Nearest>,
    /// Hints on a figure that the book does not have.
    pub(super) hints: Hints,
}

/// Hints on a figure that the book does not have.
#[derive(Debug, Clone, Default)]
pub(super) struct Hints {
    /// A number of its unit that the sources leave open.
    pub(super) open: Option<Candidate>,
    /// The figure of one item, which may have been meant.
    pub(super) per_item: Option<CandidateMatch>,
    /// A candidate that agrees with it under an assumption that the session does not make.
    pub(super) hypothetical: Option<CandidateMatch>,
    /// The number of which it is a rounding that is too rough.
    pub(super) rough: Option<Candidate>,
}

impl Verdict {
    /// The candidate that gives the figure, or is nearest to it.
    pub(super) fn candidate(&self) -> Option<&Candidate> {
        let nearest = || self.nearest.as_ref().map(|nearest| &nearest.candidate);
        self.matches.first().map(|found| &found.candidate).or_else(nearest)
    }
}

/// Classifies a figure by the candidates, and by the disputes of the sources.
pub(super) fn verdict(claim: &Claim, candidates: &[Candidate], disputes_of_book: &Disputes) -> Verdict {
    let matches = best_matches(claim, candidates);
    let Some(first) = matches.first() else { return not_in_book(claim, candidates) };
    let outcome = match (&first.candidate.origin, first.agreement) {
        (CandidateOrigin::Superseded { .. }, _) => FigureVerdict::Superseded,
        (_, Agreement::Rounded(_)) => FigureVerdict::Rounded,
        (CandidateOrigin::Stated, Agreement::Same) if is_as_exact(claim, &first.candidate) => FigureVerdict::Stated,
        _ => FigureVerdict::Derived,
    };
    if outcome == FigureVerdict::Superseded {
        return Verdict { outcome, matches, disputes: Vec::new(), nearest: None, hints: Hints::default() };
    }
    let (disputed, undisputed): (Vec<CandidateMatch>, Vec<CandidateMatch>) =
        matches.into_iter().partition(|found| disputes_of_book.is_disputed(&found.candidate.quantity));
    let disputes = disputes_of_book.behind(disputed.iter().map(|found| &found.candidate.quantity));
    let outcome = if undisputed.is_empty() { FigureVerdict::Conflict } else { outcome };
    let matches = undisputed.into_iter().chain(disputed).collect();
    Verdict { outcome, matches, disputes, nearest: None, hints: Hints::default() }
}

/// The candidates that a figure agrees with, from the first on.
pub(super) fn agreeing<'c>(claim: &'c Claim, candidates: &'c [Candidate]) -> impl Iterator<Item = &'c Candidate> {
    candidates.iter().filter(|candidate| {
        candidate.origin != CandidateOrigin::Hypothetical
            && is_comparable(claim, candidate)
            && match_of(claim, candidate).is_some()
    })
}

/// The most candidates that are kept for one figure.
const MAX_KEPT: usize = 1_000;

/// The places of candidates by their units, of which there are few.
fn indexes_by_unit(candidates: &[Candidate]) -> Vec<(Option<&Unit>, Vec<usize>)> {
    let mut found: Vec<(Option<&Unit>, Vec<usize>)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let unit = candidate.quantity.unit();
        match found.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, indexes)) => indexes.push(at),
            None => found.push((unit, vec![at])),
        }
    }
    found
}

/// Those of many candidates that can decide on one of the figures, or say what is near it.
pub(super) fn worth_keeping(claims: &[&Claim], candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut is_kept = vec![false; candidates.len()];
    let all: Vec<usize> = (0..candidates.len()).collect();
    let by_unit = indexes_by_unit(&candidates);
    for claim in claims {
        let unit = claim.quantity.unit();
        let of_unit =
            || by_unit.iter().find(|(known, _)| *known == unit).map_or(&[][..], |(_, indexes)| indexes.as_slice());
        let within = if claim.is_without_unit() || claim.is_per_item { all.as_slice() } else { of_unit() };
        let comparable: Vec<usize> =
            within.iter().copied().filter(|at| is_comparable(claim, &candidates[*at])).collect();
        let agreeing = comparable.iter().filter(|at| match_of(claim, &candidates[**at]).is_some());
        agreeing.take(MAX_KEPT).for_each(|at| is_kept[*at] = true);
        let fitting: Vec<&Candidate> = comparable.iter().map(|at| &candidates[*at]).collect();
        let rough = |at: &&usize| is_rough_rounding(claim, candidates[**at].quantity.amount());
        let open = |at: &&usize| candidates[**at].quantity.is_unknown() && candidates[**at].quantity.unit() == unit;
        let hints = [comparable.iter().find(rough), within.iter().find(open)];
        let near = nearest(claim, &fitting).map(|near| near.candidate.quantity);
        let near = near.and_then(|near| candidates.iter().position(|candidate| candidate.quantity == near));
        hints.into_iter().flatten().copied().chain(near).for_each(|at| is_kept[at] = true);
    }
    candidates.into_iter().zip(is_kept).filter_map(|(candidate, is_kept)| is_kept.then_some(candidate)).collect()
}

/// The candidates that agree best: stated ones before one that is corrected, that before derived ones, rounded ones by
/// their figures.
fn best_matches(claim: &Claim, candidates: &[Candidate]) -> Vec<CandidateMatch> {
    let fitting = candidates
        .iter()
        .filter(|candidate| candidate.origin != CandidateOrigin::Hypothetical && is_comparable(claim, candidate));
    let mut found: Vec<(_, CandidateMatch)> = fitting.filter_map(|candidate| match_of(claim, candidate)).collect();
    let Some(first) = found.iter().map(|(rank, _)| *rank).min() else { return Vec::new() };
    found.retain(|(rank, _)| *rank == first);
    found.into_iter().map(|(_, found)| found).collect()
}

type Rank = (u8, Reverse<u32>, bool);

fn match_of(claim: &Claim, candidate: &Candidate) -> Option<(Rank, CandidateMatch)> {
    let agreement = agreement(claim, candidate.quantity.amount())?;
    let is_superseded = matches!(candidate.origin, CandidateOrigin::Superseded { .. });
    // A rounded correction is no correction, and a number without a unit is too little to round by.
    let is_plain = agreement == Agreement::Same;
    if !is_plain && (is_superseded || claim.is_without_unit()) {
        return None;
    }
    let (class, figures) = match agreement {
        Agreement::Same if candidate.is_stated() && is_as_exact(claim, candidate) => (0, 0),
        Agreement::Same if is_superseded => (1, 0),
        Agreement::Same => (2, 0),
        Agreement::OpenEnd => (3, 0),
        Agreement::End => (4, 0),
        Agreement::Rounded(figures) => (5, figures),
    };
    let rank = (class, Reverse(figures), !candidate.is_stated());
    Some((rank, CandidateMatch { candidate: candidate.clone(), agreement }))
}

/// True if the candidate is exact wherever the figure is: a source that writes `about` does not state an exact number.
fn is_as_exact(claim: &Claim, candidate: &Candidate) -> bool {
    candidate.quantity.is_exact() || !claim.quantity.is_exact()
}

/// True if the two are numbers of one unit. A figure without a unit may be of any.
fn is_comparable(claim: &Claim, candidate: &Candidate) -> bool {
    let (unit, other) = (claim.quantity.unit(), candidate.quantity.unit());
    match other {
        _ if candidate.quantity.is_unknown() => false,
        Some(other) if claim.is_per_item => unit.is_some_and(|unit| is_per_item(other, unit)),
        _ => claim.is_without_unit() || unit == other,
    }
}

/// True if a unit is another by one item, as `GBP/missile` is of `GBP`.
fn is_per_item(unit: &Unit, of: &Unit) -> bool {
    let below = unit.powers().filter(|(_, power)| *power < 0).filter_map(|(code, _)| Unit::base(code).ok());
    below.into_iter().any(|item| unit.multiply(&item).is_ok_and(|whole| whole == *of))
}

fn not_in_book(claim: &Claim, candidates: &[Candidate]) -> Verdict {
    let current = |candidate: &&Candidate| {
        !matches!(candidate.origin, CandidateOrigin::Superseded { .. } | CandidateOrigin::Hypothetical)
    };
    let fitting: Vec<&Candidate> =
        candidates.iter().filter(current).filter(|candidate| is_comparable(claim, candidate)).collect();
    let agreeing = |claim: &Claim, is_hypothetical: bool| {
        let wanted = candidates
            .iter()
            .filter(|candidate| (candidate.origin == CandidateOrigin::Hypothetical) == is_hypothetical);
        let found = wanted.filter(|candidate| is_comparable(claim, candidate)).filter_map(|one| match_of(claim, one));
        found.min_by_key(|(rank, _)| *rank).map(|(_, found)| found)
    };
    let of_item = Claim { is_per_item: true, ..claim.clone() };
    let per_item = (!claim.is_per_item && !claim.is_without_unit()).then(|| agreeing(&of_item, false)).flatten();
    let is_open =
        |candidate: &&Candidate| candidate.quantity.is_unknown() && candidate.quantity.unit() == claim.quantity.unit();
    let is_rough = |candidate: &&&Candidate| is_rough_rounding(claim, candidate.quantity.amount());
    let hints = Hints {
        open: candidates.iter().find(is_open).cloned(),
        per_item: per_item.filter(|found| !matches!(found.candidate.origin, CandidateOrigin::Superseded { .. })),
        hypothetical: agreeing(claim, true),
        rough: fitting.iter().find(is_rough).map(|candidate| (*candidate).clone()),
    };
    let nearest = nearest(claim, &fitting);
    Verdict { outcome: FigureVerdict::NotInBook, matches: Vec::new(), disputes: Vec::new(), nearest, hints }
}

/// The most facts that are read one by one.
const MAX_READ_FACTS: usize = 24;

/// The facts that a verdict rests on, and their sources.
#[derive(Debug, Default)]
pub(super) struct SupportingFacts {
    /// The first of the facts.
    pub(super) facts: Vec<FactEntry>,
    /// The first of the records of imported tables that are no facts.
    pub(super) records: Vec<RecordEntry>,
    /// The number of all facts.
    pub(super) count: u64,
    /// All of them, for programs.
    pub(super) all: Facts,
    /// Their sources, and those that contradict them.
    pub(super) sources: Vec<String>,
}

impl SupportingFacts {
    /// Reads every statement behind a stated figure; for a derived one, the facts behind the first match; for an absent
    /// one, those behind the nearest number.
    pub(super) fn of(book: &Book, verdict: &Verdict) -> Self {
        let outcome = if verdict.matches.iter().any(|found| found.candidate.is_stated()) { usize::MAX } else { 1 };
        let mut all = Facts::none();
        let matches = verdict.matches.iter().take(outcome).map(|found| &found.candidate);
        for candidate in matches.chain(verdict.candidate()) {
            all.extend(&candidate.quantity.facts().without_questions());
        }
        let facts = book.facts_of(&mut all.iter().take(MAX_READ_FACTS).map(|fact| fact.to_string()), MAX_READ_FACTS);
        let facts = facts.unwrap_or_default();
        let is_fact = |reference: &Ref| facts.iter().any(|fact| fact.id == reference.to_string());
        let records = all.iter().take(MAX_READ_FACTS).filter(|reference| !is_fact(reference));
        let records = records.filter_map(|reference| book.record_of(reference).ok().flatten()).collect();
        let numbers: BTreeSet<u16> = all.iter().filter_map(source_of).collect();
        let mut sources: Vec<String> = numbers.iter().map(|number| format!("S{number}")).collect();
        sources
            .extend(verdict.disputes.iter().flat_map(|dispute| &dispute.statements).map(|(source, _)| source.clone()));
        if let Some(CandidateOrigin::Superseded { source, .. }) = verdict.candidate().map(|candidate| &candidate.origin)
        {
            sources.push(source.clone());
        }
        sources.sort_by_key(|id| (id.len(), id.clone()));
        sources.dedup();
        Self { facts, records, count: all.len(), all, sources }
    }

    /// The facts of each source, in the order of the sources.
    pub(super) fn by_source(&self) -> Vec<(&str, Vec<&FactEntry>)> {
        let mut groups: Vec<(&str, Vec<&FactEntry>)> = Vec::new();
        for fact in &self.facts {
            match groups.iter_mut().find(|(source, _)| *source == fact.source) {
                Some((_, facts)) => facts.push(fact),
                None => groups.push((&fact.source, vec![fact])),
            }
        }
        groups
    }
}

/// The number of the source of a reference; `None` for an open question.
pub(super) fn source_of(reference: Ref) -> Option<u16> {
    match reference {
        Ref::Fact { source, .. } | Ref::Record { source, .. } | Ref::AllRecords(source) => Some(source),
        Ref::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Candidate, CandidateOrigin, Disputes, Verdict, verdict};
    use crate::session::check::Claim;
    use crate::table::FigureVerdict;

    /// The numbers of a book: stated, corrected, derived, and computed from an assumption of a question's own.
    fn candidates() -> Vec<Candidate> {
        let candidate = |name: &str, quantity: &str, origin: CandidateOrigin| Candidate {
            name: name.to_owned(),
            quantity: quantity.parse().unwrap(),
            origin,
        };
        let corrected = CandidateOrigin::Superseded { source: "S1".into(), locator: "4.2".into(), by: "F91".into() };
        vec![
            candidate("per missile", "320000 GBP/missile [F29 F30]", CandidateOrigin::Derived),
            candidate("per missile if rounded", "310000..<330000 GBP/missile [F29 F30]", CandidateOrigin::Derived),
            candidate("finance", "1600000000 GBP [F29]", CandidateOrigin::Stated),
            candidate("missiles", "5000 missile [F30]", CandidateOrigin::Stated),
            candidate("also 5000", "5000 missile [F30]", CandidateOrigin::Derived),
            candidate("for a million", "3.125 missile [F29 F30; given=1000000 GBP]", CandidateOrigin::Hypothetical),
            candidate("days", "2 day [F92]", CandidateOrigin::Stated),
            candidate("days before", "3 day [F16]", corrected),
            candidate("euros", "1600..2000 EUR [F93]", CandidateOrigin::Stated),
        ]
    }

    fn judged(figure: &str) -> Verdict {
        verdict(&Claim::exactly(figure.parse().unwrap(), 1), &candidates(), &Disputes::default())
    }

    #[track_caller]
    fn check(figure: &str, outcome: FigureVerdict, name: &str) {
        let verdict = judged(figure);
        let found = verdict.candidate().map_or("", |candidate| candidate.name.as_str());
        assert_eq!((verdict.outcome, found), (outcome, name), "{figure}");
    }

    #[test]
    fn a_figure_is_found_by_its_value_and_unit() {
        check("320000 GBP/missile", FigureVerdict::Derived, "per missile");
        check("5000 missile", FigureVerdict::Stated, "missiles");
        check("5000", FigureVerdict::Stated, "missiles");
        check("310000..330000 GBP/missile", FigureVerdict::Derived, "per missile if rounded");
        check("310000 GBP/missile", FigureVerdict::Derived, "per missile if rounded");
        check("300000 GBP/missile", FigureVerdict::Rounded, "per missile");
        check("≈1600000000 GBP", FigureVerdict::Stated, "finance");
    }

    #[test]
    fn what_is_not_there_has_a_nearest_of_its_unit() {
        check("340000 GBP/missile", FigureVerdict::NotInBook, "per missile");
        check("330000 GBP/missile", FigureVerdict::NotInBook, "per missile if rounded");
        check("2000000000 GBP", FigureVerdict::NotInBook, "finance");
        check(">5000 missile", FigureVerdict::NotInBook, "missiles");
        check("400000 USD/missile", FigureVerdict::NotInBook, "");
        check("0 GBP", FigureVerdict::NotInBook, "finance");
        check("1800 EUR", FigureVerdict::NotInBook, "euros");
        check("4999", FigureVerdict::NotInBook, "");
        check("300000", FigureVerdict::NotInBook, "");
    }

    #[test]
    fn a_corrected_number_is_told_before_a_rounding_of_its_correction() {
        check("3 day", FigureVerdict::Superseded, "days before");
        check("2 day", FigureVerdict::Stated, "days");
    }

    #[test]
    fn a_number_that_rests_on_one_which_nobody_gave_is_not_in_the_book() {
        for figure in ["3 missile", "3.125 missile"] {
            check(figure, FigureVerdict::NotInBook, "missiles");
            assert!(judged(figure).hints.hypothetical.is_some(), "{figure}");
        }
        assert!(judged("4 missile").hints.hypothetical.is_none());
    }

    #[test]
    fn the_figure_of_one_item_is_asked_for_or_meant() {
        let asked = judged("320000 GBP");
        assert_eq!(asked.outcome, FigureVerdict::NotInBook);
        assert_eq!(asked.hints.per_item.unwrap().candidate.name, "per missile");
        let each = Claim { is_per_item: true, ..Claim::exactly("320000 GBP".parse().unwrap(), 2) };
        assert_eq!(verdict(&each, &candidates(), &Disputes::default()).outcome, FigureVerdict::Derived);
        let each = Claim { is_per_item: true, ..Claim::exactly("1600000000 GBP".parse().unwrap(), 2) };
        assert_eq!(verdict(&each, &candidates(), &Disputes::default()).outcome, FigureVerdict::NotInBook);
    }
}
