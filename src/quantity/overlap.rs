//! Pledges that are part of others: money that is told of both is one sum of money. A sum counts a part within its whole, where the whole
//! is among its rows, and says so.

use super::Quantity;
use super::facts::Facts;
use super::reference::Ref;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The statements of one pledge at one stage: of its money, or of one of its items.
#[derive(Debug, Clone)]
pub struct PledgePart {
    /// The pledge.
    pub pledge: String,
    /// The stage, with the item behind it for goods.
    pub matter: String,
    /// The facts that state it.
    pub facts: Facts,
}

/// The statements of pledges that are part of others, and of those that they are part of.
#[derive(Debug, Default)]
pub struct OverlapIndex {
    parts: Vec<PledgePart>,
    /// For each, the nearest whole of which the book has a statement on the same matter.
    wholes: Vec<Option<usize>>,
    of_fact: HashMap<Ref, usize>,
    facts: Facts,
}

/// The rows of a sum without those that are counted within others.
#[derive(Debug, Default)]
pub(super) struct WithoutParts {
    pub(super) rows: Vec<Quantity>,
    /// The parts that were left out, one line each.
    pub(super) once: BTreeSet<String>,
    /// Those that can't be taken out of the rows that they are in.
    pub(super) twice: BTreeSet<String>,
}

impl OverlapIndex {
    /// An index of statements; `wholes` leads from a pledge to the one that it is part of.
    #[must_use]
    pub fn new(parts: Vec<PledgePart>, wholes: &HashMap<String, String>) -> Self {
        let place: HashMap<(&str, &str), usize> =
            (0..).zip(&parts).map(|(at, part)| ((part.pledge.as_str(), part.matter.as_str()), at)).collect();
        let whole_of = |part: &PledgePart| {
            let mut pledge = part.pledge.as_str();
            // A book may lead in a circle, which has no more steps than pledges.
            for _ in 0..=wholes.len() {
                pledge = wholes.get(pledge)?;
                if let Some(at) = place.get(&(pledge, part.matter.as_str())) {
                    return Some(*at);
                }
            }
            None
        };
        let wholes: Vec<Option<usize>> = parts.iter().map(whole_of).collect();
        let is_in: BTreeSet<usize> =
            wholes.iter().enumerate().filter_map(|(at, whole)| Some([at, (*whole)?])).flatten().collect();
        let of_fact: HashMap<Ref, usize> =
            is_in.iter().flat_map(|at| parts[*at].facts.iter().map(move |fact| (fact, *at))).collect();
        let facts = of_fact.keys().copied().collect();
        Self { parts, wholes, of_fact, facts }
    }

    /// True if there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.of_fact.is_empty()
    }

    /// Those of the facts that are in an overlap.
    pub(super) fn among(&self, facts: &Facts) -> Facts {
        if self.is_empty() { Facts::none() } else { facts.intersection(&self.facts) }
    }

    /// The parts that facts state.
    fn parts_of(&self, facts: &Facts) -> BTreeSet<usize> {
        self.among(facts).iter().filter_map(|fact| self.of_fact.get(&fact).copied()).collect()
    }

    /// The nearest whole of a part among some.
    fn whole_among(&self, part: usize, present: &BTreeSet<usize>) -> Option<usize> {
        let mut at = part;
        for _ in 0..self.wholes.len() {
            at = self.wholes[at]?;
            if present.contains(&at) && at != part {
                return Some(at);
            }
        }
        None
    }

    /// The overlaps among facts, one line each.
    pub(super) fn overlaps_among(&self, facts: &Facts) -> BTreeSet<String> {
        let present = self.parts_of(facts);
        present.iter().filter_map(|part| Some(self.line(*part, self.whole_among(*part, &present)?))).collect()
    }

    /// The overlaps of a part on one side with its whole on the other, one line each.
    pub(super) fn between(&self, left: &Facts, right: &Facts) -> BTreeSet<String> {
        if self.is_empty() {
            return BTreeSet::new();
        }
        let mut both = left.clone();
        both.extend(right);
        let mut lines = self.overlaps_among(&both);
        for side in [left, right] {
            let own = self.overlaps_among(side);
            lines.retain(|line| !own.contains(line));
        }
        lines
    }

    /// Leaves out the rows that are counted within others. A whole that is unknown contains nothing that can be counted.
    pub(super) fn without_parts(&self, rows: &[Quantity]) -> WithoutParts {
        let mut left = WithoutParts::default();
        if self.is_empty() {
            left.rows = rows.to_vec();
            return left;
        }
        let parts: Vec<BTreeSet<usize>> = rows.iter().map(|row| self.parts_of(row.facts())).collect();
        let known = rows.iter().zip(&parts).filter(|(row, _)| !row.is_unknown());
        let present: BTreeSet<usize> = known.flat_map(|(_, parts)| parts.iter().copied()).collect();
        let mut wholes: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        for (row, parts) in rows.iter().zip(&parts) {
            let mut contained = Vec::new();
            for part in parts {
                let whole = wholes.entry(*part).or_insert_with(|| self.whole_among(*part, &present));
                contained.extend(whole.map(|whole| self.line(*part, whole)));
            }
            if contained.is_empty() {
                left.rows.push(row.clone());
            } else if parts.len() == 1 && self.states_only(row) {
                left.once.extend(contained);
            } else {
                left.twice.extend(contained);
                left.rows.push(row.clone());
            }
        }
        left
    }

    /// True if a row rests on statements of pledges alone, beside open questions.
    fn states_only(&self, row: &Quantity) -> bool {
        row.facts().iter().all(|fact| self.of_fact.contains_key(&fact) || matches!(fact, Ref::Unknown(_)))
    }

    /// `PL2@proposed (F61) is part of PL1@proposed (F29)`.
    fn line(&self, part: usize, whole: usize) -> String {
        format!("{} is part of {}", self.parts[part].describe(), self.parts[whole].describe())
    }
}

impl PledgePart {
    fn describe(&self) -> String {
        format!("{}@{} ({})", self.pledge, self.matter, self.facts)
    }
}

#[cfg(test)]
mod tests {
    use super::{OverlapIndex, PledgePart};
    use crate::quantity::{Facts, Quantity, Ref};
    use std::collections::HashMap;

    fn index() -> OverlapIndex {
        let part = |pledge: &str, fact: &str| PledgePart {
            pledge: pledge.into(),
            matter: "pledged".into(),
            facts: fact.parse::<Ref>().map(Facts::from).unwrap(),
        };
        let parts = vec![part("PL1", "F01"), part("PL2", "F02"), part("PL4", "F04"), part("PL5", "F05")];
        let wholes = [("PL2", "PL1"), ("PL3", "PL2"), ("PL4", "PL3")];
        OverlapIndex::new(parts, &wholes.iter().map(|(part, whole)| ((*part).into(), (*whole).into())).collect())
    }

    fn rows(texts: &[&str]) -> Vec<Quantity> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_part_is_left_out_beside_its_whole_alone() {
        let index = index();
        let left = |texts: &[&str]| {
            let left = index.without_parts(&rows(texts));
            (left.rows.iter().map(ToString::to_string).collect::<Vec<_>>(), left.once.len(), left.twice.len())
        };
        let (one, two) = ("16 GBP [F01; @pledged]", "4 GBP [F02; @pledged]");
        assert_eq!(left(&[one, two]), (vec![one.to_owned()], 1, 0));
        assert_eq!(left(&[two]), (vec![two.to_owned()], 0, 0));
        // The part of a part of which the part in between states nothing.
        assert_eq!(left(&[one, "1 GBP [F04; @pledged]"]), (vec![one.to_owned()], 1, 0));
        assert_eq!(left(&[one, "3 GBP [F05; @pledged]"]).0.len(), 2);
        let unknown = "unknown(not_stated) GBP [F01; @pledged]";
        assert_eq!(left(&[unknown, two]).0.len(), 2);
        // A row that rests on more than the part can't be left out.
        assert_eq!(
            left(&[one, "7 GBP [F02 F05; @pledged]"]),
            (vec![one.to_owned(), "7 GBP [F02 F05; @pledged]".into()], 0, 1)
        );
    }

    #[test]
    fn a_circle_ends() {
        let part = |pledge: &str, fact: &str| PledgePart {
            pledge: pledge.into(),
            matter: "pledged".into(),
            facts: fact.parse::<Ref>().map(Facts::from).unwrap(),
        };
        let wholes: HashMap<String, String> =
            [("PL1", "PL2"), ("PL2", "PL1")].iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        let index = OverlapIndex::new(vec![part("PL1", "F01"), part("PL2", "F02")], &wholes);
        assert_eq!(index.without_parts(&rows(&["1 GBP [F01; @pledged]"])).rows.len(), 1);
    }
}
