//! Reconciles the rows of an aggregate of which several are statements of one thing: rows that agree count once, rows that
//! differ make the result unknown.

use super::Quantity;
use super::amount::Amount;
use super::assumption::Assumption;
use super::codes::{Reason, Reasons};
use super::facts::Facts;
use super::reference::Ref;
use super::statements::{StatementIndex, StatementWarnings, is_same};
use std::collections::{BTreeMap, BTreeSet};

/// The most facts of a row that is one statement; a row with more is a sum of many.
const MOST_FACTS: u64 = 64;

/// The facts of a row that are statements, by component.
type FactsByComponent = BTreeMap<usize, Facts>;

/// The reconciled rows of an aggregate.
#[derive(Debug, Clone, Default)]
pub struct Reconciled {
    /// The rows: each statement once, an unknown where statements differ.
    pub rows: Vec<Quantity>,
    /// The warnings about them.
    pub warnings: StatementWarnings,
}

/// A row with its statements.
struct StatedRow {
    quantity: Quantity,
    by_component: FactsByComponent,
}

/// Rows of one amount, which may differ in their statements.
struct EqualRows {
    /// All of them merged.
    merged: Quantity,
    /// The number of rows by statements.
    counts: Vec<(FactsByComponent, usize)>,
}

impl StatementIndex {
    /// Reconciles the rows of a sum, in which a part of a pledge counts within its whole.
    #[must_use]
    pub fn reconcile_sum(&self, rows: &[Quantity]) -> Reconciled {
        let whole = self.overlaps.without_parts(rows);
        let mut reconciled = self.reconcile(&whole.rows);
        reconciled.warnings.once.extend(whole.once);
        reconciled.warnings.twice.extend(whole.twice);
        reconciled
    }

    /// Reconciles the rows of an aggregate.
    #[must_use]
    pub fn reconcile(&self, rows: &[Quantity]) -> Reconciled {
        let row = |quantity: &Quantity| StatedRow {
            quantity: quantity.clone(),
            by_component: self.by_component(quantity.facts()),
        };
        let mut by_signature: BTreeMap<String, Vec<StatedRow>> = BTreeMap::new();
        for row in self.without_rejected(rows.iter().map(row).collect()) {
            by_signature.entry(self.signature(&row)).or_default().push(row);
        }
        let mut once = BTreeSet::new();
        let mut disputed = BTreeSet::new();
        let mut rows = Vec::new();
        for of_one in by_signature.values() {
            let equal = without_unstated(group_equal(of_one), &mut once);
            disputed.extend(split_by_assumption(&equal));
            rows.extend(equal);
        }
        disputed.extend(self.disputed(&rows));
        self.count_rows(&rows, &disputed, once)
    }

    fn count_rows(&self, rows: &[EqualRows], disputed: &BTreeSet<usize>, mut once: BTreeSet<usize>) -> Reconciled {
        let mut reconciled = Reconciled::default();
        let mut unknown: BTreeMap<usize, Vec<&Quantity>> = BTreeMap::new();
        let mut beside: BTreeMap<usize, Vec<Facts>> = BTreeMap::new();
        for row in rows {
            if let Some(at) = row.components().find(|at| disputed.contains(at)) {
                unknown.entry(at).or_default().push(&row.merged);
                continue;
            }
            let count = row.counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
            reconciled.rows.extend(std::iter::repeat_n(row.merged.clone(), count));
            if row.counts.len() > 1 {
                once.extend(row.components());
            }
            for (at, facts) in self.by_component(row.merged.facts()) {
                beside.entry(at).or_default().push(facts);
            }
        }
        reconciled.rows.extend(unknown.values().map(|rows| merged_unknown(rows)));
        reconciled.warnings.disputes.extend(unknown.keys().flat_map(|at| self.describe_dispute(*at)));
        reconciled.warnings.once.extend(once.difference(disputed).flat_map(|at| self.describe_groups(*at)));
        let differ = |facts: &[Facts]| facts.iter().any(|other| *other != facts[0]);
        let twice = beside.into_iter().filter(|(_, facts)| differ(facts));
        reconciled.warnings.twice.extend(twice.flat_map(|(at, _)| self.describe_groups(at)));
        reconciled
    }

    /// Reconciles the operands of an operator; `None` if they are no statements of one thing by different facts. A
    /// statement that a sum would count once counts twice here.
    #[must_use]
    pub fn reconcile_pair(&self, left: &Quantity, right: &Quantity) -> Option<Reconciled> {
        let (of_left, of_right) = (self.by_component(left.facts()), self.by_component(right.facts()));
        let overlaps = self.overlaps.between(left.facts(), right.facts());
        let are_of_one = of_left.iter().any(|(at, facts)| of_right.get(at).is_some_and(|own| own != facts));
        if !are_of_one && overlaps.is_empty() {
            return None;
        }
        let both = [left.clone(), right.clone()];
        let mut pair =
            if are_of_one { self.reconcile(&both) } else { Reconciled { rows: both.into(), ..Reconciled::default() } };
        let once = std::mem::take(&mut pair.warnings.once);
        pair.warnings.twice.extend(once.into_iter().chain(overlaps));
        Some(pair)
    }

    /// Drops the statements that are not preferred where the preferred one is a row too.
    fn without_rejected(&self, mut rows: Vec<StatedRow>) -> Vec<StatedRow> {
        let is_chosen = |at: usize, facts: &Facts| {
            self.component(at).chosen.as_ref().map(|(chosen, _)| !facts.intersection(chosen).is_empty())
        };
        let mut decided: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
        for (at, facts) in rows.iter().flat_map(|row| &row.by_component) {
            if let Some(is_chosen) = is_chosen(*at, facts) {
                let (has_chosen, has_other) = decided.entry(*at).or_default();
                *has_chosen |= is_chosen;
                *has_other |= !is_chosen;
            }
        }
        decided.retain(|_, (has_chosen, has_other)| *has_chosen && *has_other);
        let is_left = |row: &StatedRow| {
            row.by_component.iter().all(|(at, facts)| !decided.contains_key(at) || is_chosen(*at, facts) != Some(false))
        };
        rows.retain(is_left);
        for row in &mut rows {
            let chosen = row.by_component.keys().filter(|at| decided.contains_key(at));
            for (_, assumption) in chosen.filter_map(|at| self.component(*at).chosen.as_ref()) {
                row.quantity = row.quantity.assuming(assumption.clone());
            }
        }
        rows
    }

    /// The components whose rows differ.
    fn disputed(&self, rows: &[EqualRows]) -> BTreeSet<usize> {
        let mut first: BTreeMap<usize, &Facts> = BTreeMap::new();
        let mut disputed = BTreeSet::new();
        for (at, facts) in rows.iter().flat_map(|row| &row.counts).flat_map(|(by_component, _)| by_component) {
            if self.component(*at).is_disputed && **first.entry(*at).or_insert(facts) != *facts {
                disputed.insert(*at);
            }
        }
        disputed
    }

    /// The common part of rows that differ in their statements: the components, and the other facts.
    fn signature(&self, row: &StatedRow) -> String {
        let facts = row.quantity.facts();
        if facts.len() > MOST_FACTS {
            return facts.to_string();
        }
        let facts_in_groups = self.facts_in_groups(facts);
        let others = facts.iter().filter(|fact| !facts_in_groups.contains(*fact)).map(|fact| fact.to_string());
        let components = row.by_component.keys().map(|at| format!("@{at}"));
        components.chain(others).collect::<Vec<_>>().join(" ")
    }
}

impl EqualRows {
    fn components(&self) -> impl Iterator<Item = usize> {
        self.counts.iter().flat_map(|(by_component, _)| by_component.keys().copied())
    }
}

/// Groups the rows of one signature by amount.
fn group_equal(rows: &[StatedRow]) -> Vec<EqualRows> {
    let mut all: Vec<EqualRows> = Vec::new();
    for row in rows {
        let Some(one) = all.iter_mut().find(|one| is_same(&one.merged, &row.quantity)) else {
            all.push(EqualRows { merged: row.quantity.clone(), counts: vec![(row.by_component.clone(), 1)] });
            continue;
        };
        one.merged = merged(&one.merged, &row.quantity);
        match one.counts.iter_mut().find(|(by_component, _)| *by_component == row.by_component) {
            Some((_, count)) => *count += 1,
            None => one.counts.push((row.by_component.clone(), 1)),
        }
    }
    all
}

fn merged(one: &Quantity, other: &Quantity) -> Quantity {
    Quantity::from_both(one.amount().clone(), one.unit().cloned(), one, other)
}

/// Drops the unknowns of sources that do not state a number another source states: they disagree with none.
fn without_unstated(equal: Vec<EqualRows>, once: &mut BTreeSet<usize>) -> Vec<EqualRows> {
    let (known, unknown): (Vec<EqualRows>, Vec<EqualRows>) =
        equal.into_iter().partition(|one| !one.merged.is_unknown());
    let stated: Vec<&FactsByComponent> =
        known.iter().flat_map(|one| &one.counts).map(|(by_component, _)| by_component).collect();
    // What sources disagree about is not what one of them leaves open.
    let is_conflict =
        |one: &EqualRows| matches!(one.merged.amount(), Amount::Unknown(reasons) if reasons.contains(Reason::Conflict));
    let is_unstated = |one: &EqualRows| {
        !stated.is_empty()
            && !is_conflict(one)
            && one.counts.iter().all(|(by_component, _)| !stated.contains(&by_component))
    };
    let (unstated, unknown): (Vec<EqualRows>, Vec<EqualRows>) = unknown.into_iter().partition(is_unstated);
    once.extend(unstated.iter().flat_map(EqualRows::components));
    known.into_iter().chain(unknown).collect()
}

/// The components of rows that differ because an assumption replaces a figure.
fn split_by_assumption(equal: &[EqualRows]) -> Vec<usize> {
    let is_assumed = |one: &EqualRows| {
        let facts: Vec<Ref> = one.merged.assumptions().iter().filter_map(Assumption::replaced).collect();
        one.counts
            .iter()
            .any(|(by_component, _)| facts.iter().any(|fact| by_component.values().any(|of| of.contains(*fact))))
    };
    let known: Vec<&EqualRows> = equal.iter().filter(|one| !one.merged.is_unknown()).collect();
    let differ = known.iter().any(|one| one.counts[0].0 != known[0].counts[0].0);
    if known.len() > 1 && differ && known.iter().any(|one| is_assumed(one)) {
        known.iter().flat_map(|one| one.components()).collect()
    } else {
        Vec::new()
    }
}

/// The unknown that rows with differing statements merge into.
fn merged_unknown(rows: &[&Quantity]) -> Quantity {
    let first = rows[0];
    let shares_unit = rows.iter().all(|row| row.unit() == first.unit());
    let all = rows[1..].iter().fold(first.clone(), |all, row| merged(&all, row));
    let reasons = rows.iter().fold(Reasons::from(Reason::Conflict), |reasons, row| match row.amount() {
        Amount::Unknown(more) => reasons.union(*more),
        _ => reasons,
    });
    let unit = first.unit().filter(|_| shares_unit).cloned();
    Quantity::from_both(Amount::Unknown(reasons), unit, &all, &all)
}

#[cfg(test)]
mod tests {
    use crate::quantity::{Assumption, Preference, Quantity, SourceStatement, StatementGroup, StatementIndex};

    fn statements(groups: &[(&str, &[&str])], preferences: &[&str]) -> StatementIndex {
        let group = |(id, quantities): &(&str, &[&str])| StatementGroup {
            id: (*id).to_owned(),
            owner: id.split('@').next().unwrap_or_default().to_owned(),
            question: id.starts_with('K').then(|| "which".to_owned()),
            statements: quantities.iter().map(|text| statement(text)).collect(),
        };
        let preference = |text: &&str| {
            let (name, source) = text.split_once("=S").unwrap();
            let assumption = Assumption::preferring(name, source.parse().unwrap()).unwrap();
            Preference { owner: name.strip_prefix("prefer.").map(str::to_owned), assumption }
        };
        let preferences: Vec<Preference> = preferences.iter().map(preference).collect();
        StatementIndex::new(groups.iter().map(group).collect(), &preferences)
    }

    fn statement(text: &str) -> SourceStatement {
        let quantity: Quantity = text.parse().unwrap();
        let fact = quantity.facts().iter().next().unwrap();
        let id = fact.to_string();
        let source = id.split_once('F').filter(|(source, _)| !source.is_empty()).map_or("S1", |(source, _)| source);
        SourceStatement { fact, source: source.to_owned(), quantity }
    }

    #[track_caller]
    fn check(statements: &StatementIndex, rows: &[&str], expected: &[&str], counts: [usize; 3]) {
        let read: Vec<Quantity> = rows.iter().map(|row| row.parse().unwrap()).collect();
        let mut backwards = read.clone();
        backwards.reverse();
        for rows in [read, backwards] {
            let reconciled = statements.reconcile(&rows);
            let mut rows: Vec<String> = reconciled.rows.iter().map(ToString::to_string).collect();
            rows.sort();
            assert_eq!(rows, expected);
            let warnings = reconciled.warnings;
            assert_eq!([warnings.once.len(), warnings.disputes.len(), warnings.twice.len()], counts);
        }
    }

    const AGREE: &[(&str, &[&str])] =
        &[("PL1@proposed", &["8 GBP [F29]", "8 GBP [S2F01]", "unknown(not_stated) GBP [S3F01]"])];
    const DIFFER: &[(&str, &[&str])] =
        &[("PL1@proposed", &["8 GBP [F29]", "6 GBP [S2F01]", "unknown(not_stated) GBP [S3F01]"])];

    #[test]
    fn what_agrees_counts_once() {
        let agree = statements(AGREE, &[]);
        check(&agree, &["8 GBP [F29]", "8 GBP [S2F01]"], &["8 GBP [F29 S2F01]"], [1, 0, 0]);
        check(&agree, &["8 GBP [F29]", "unknown(not_stated) GBP [S3F01]"], &["8 GBP [F29]"], [1, 0, 0]);
        check(&agree, &["unknown(not_stated) GBP [S3F01]"], &["unknown(not_stated) GBP [S3F01]"], [0, 0, 0]);
        let twice = ["8 GBP [F29]", "8 GBP [F29]", "8 GBP [S2F01]"];
        check(&agree, &twice, &["8 GBP [F29 S2F01]", "8 GBP [F29 S2F01]"], [1, 0, 0]);
        check(
            &agree,
            &["4 GBP/missile [F29 F30]", "4 GBP/missile [F30 S2F01]"],
            &["4 GBP/missile [F29 F30 S2F01]"],
            [1, 0, 0],
        );
    }

    #[test]
    fn what_differs_is_unknown() {
        let differ = statements(DIFFER, &[]);
        check(&differ, &["8 GBP [F29]", "6 GBP [S2F01]"], &["unknown(conflict) GBP [F29 S2F01]"], [0, 1, 0]);
        check(&differ, &["8 GBP [F29]", "unknown(not_stated) GBP [S3F01]"], &["8 GBP [F29]"], [1, 0, 0]);
        check(&differ, &["8 GBP [F29]", "8 GBP [F29]"], &["8 GBP [F29]", "8 GBP [F29]"], [0, 0, 0]);
        check(
            &differ,
            &["8 GBP [F29 F30]", "6 GBP [F31 S2F01]"],
            &["unknown(conflict) GBP [F29 F30 F31 S2F01]"],
            [0, 1, 0],
        );
        check(&differ, &["8 GBP [F29]", "6 USD [S2F01]"], &["unknown(conflict) [F29 S2F01]"], [0, 1, 0]);
        let line = "PL1@proposed: S1 states 8 GBP (F29), S2 states 6 GBP (S2F01), S3 states none (S3F01)";
        let conflicts = differ.conflicts_among(&"1 [F29 S2F01]".parse::<Quantity>().unwrap().facts().clone());
        assert_eq!(conflicts.iter().map(|conflict| conflict.line.as_str()).collect::<Vec<_>>(), [line]);
    }

    #[test]
    fn a_conflict_that_is_a_row_stays_one_beside_a_statement() {
        let groups: &[(&str, &[&str])] = &[("PL1@proposed", &["8 GBP [F29]", "6 GBP [S2F01]", "7 GBP [S2F02]"])];
        let rows = ["unknown(conflict) GBP [F29 S2F01]", "7 GBP [S2F02]"];
        check(&statements(groups, &[]), &rows, &["unknown(conflict) GBP [F29 S2F01 S2F02]"], [0, 1, 0]);
        let line = "PL1@proposed: S1 states 8 GBP (F29), S2 states 6 GBP (S2F01), S2 states 7 GBP (S2F02)";
        let facts = "1 [F29 S2F02]".parse::<Quantity>().unwrap().facts().clone();
        let ended = |preferences| statements(groups, preferences).conflicts_among(&facts)[0].in_words();
        assert_eq!(ended(&[]), format!("{line}; none is chosen or averaged"));
        assert_eq!(ended(&["prefer=S1"]), format!("{line}; `prefer` = S1 chooses"));
        // A source that disagrees with itself chooses none.
        assert_eq!(ended(&["prefer=S2"]), format!("{line}; none is chosen or averaged"));
    }

    #[test]
    fn other_quantities_of_one_statement_stand_beside_it() {
        let agree = statements(AGREE, &[]);
        check(&agree, &["4 GBP [S2F01]", "8 GBP [F29]"], &["4 GBP [S2F01]", "8 GBP [F29]"], [0, 0, 1]);
        let assumed = ["2 GBP [F29; F29=2 GBP]", "8 GBP [S2F01]"];
        check(&agree, &assumed, &["unknown(conflict) GBP [F29 S2F01; F29=2 GBP]"], [0, 1, 0]);
    }

    #[test]
    fn a_preference_chooses_and_the_narrower_goes_first() {
        let rows = ["6 GBP [S2F01]", "8 GBP [F29]"];
        check(&statements(DIFFER, &["prefer=S1"]), &rows, &["8 GBP [F29; prefer=S1]"], [0, 0, 0]);
        let both = ["prefer=S1", "prefer.PL1=S2"];
        check(&statements(DIFFER, &both), &rows, &["6 GBP [S2F01; prefer.PL1=S2]"], [0, 0, 0]);
        check(&statements(DIFFER, &["prefer=S3"]), &rows, &["unknown(conflict) GBP [F29 S2F01]"], [0, 1, 0]);
        check(&statements(AGREE, &["prefer=S1"]), &["8 GBP [F29]", "8 GBP [S2F01]"], &["8 GBP [F29 S2F01]"], [1, 0, 0]);
        check(&statements(DIFFER, &["prefer=S1"]), &["6 GBP [S2F01]"], &["6 GBP [S2F01]"], [0, 0, 0]);
    }

    #[test]
    fn a_conflict_on_record_takes_up_the_statements_of_a_pledge() {
        let groups: &[(&str, &[&str])] = &[
            ("PL1@proposed", &["8 GBP [F29]", "6 GBP [S2F01]"]),
            ("K1", &["8 GBP [F29]", "6 GBP [S2F01]", "6 GBP [S3F01]"]),
        ];
        let recorded = statements(groups, &[]);
        check(&recorded, &["8 GBP [F29]", "6 GBP [S3F01]"], &["unknown(conflict) GBP [F29 S3F01]"], [0, 1, 0]);
        let cell = recorded.conflicts_with(&"1 [F29]".parse::<Quantity>().unwrap().facts().clone());
        let lines: Vec<&str> = cell.iter().map(|conflict| conflict.line.as_str()).collect();
        assert_eq!(lines, ["K1 (which): S1 states 8 GBP (F29), S2 states 6 GBP (S2F01), S3 states 6 GBP (S3F01)"]);
    }
}
