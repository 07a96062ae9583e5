//! The statements that several facts make of one thing: the money of a pledge at a stage, the number of one item in it,
//! a conflict on record. Where they differ none is chosen or averaged, unless the user prefers a source. The rows of a sum are
//! reconciled in `reconcile`.

use super::amount::Amount;
use super::assumption::Assumption;
use super::facts::Facts;
use super::overlap::OverlapIndex;
use super::reference::Ref;
use super::{Quantity, human};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The statement of one fact.
#[derive(Debug, Clone)]
pub struct SourceStatement {
    /// The fact.
    pub fact: Ref,
    /// Its source: `S1`.
    pub source: String,
    /// Its amount.
    pub quantity: Quantity,
}

/// The statements of one thing.
#[derive(Debug, Clone)]
pub struct StatementGroup {
    /// The id in the view `conflicts`: `PL1@proposed`, `K1`.
    pub id: String,
    /// The pledge, or the conflict on record: `PL1`, `K1`.
    pub owner: String,
    /// The question of a conflict on record.
    pub question: Option<String>,
    /// At least two.
    pub statements: Vec<SourceStatement>,
}

/// A preferred source in conflicts.
#[derive(Debug, Clone)]
pub struct Preference {
    /// The pledge that it applies to; `None` for all.
    pub owner: Option<String>,
    /// The assumption, printed in every result that it changes.
    pub assumption: Assumption,
}

/// The groups of statements of a book, indexed by fact.
#[derive(Debug, Default)]
pub struct StatementIndex {
    groups: Vec<StatementGroup>,
    components: Vec<Component>,
    of_fact: HashMap<Ref, usize>,
    facts: Facts,
    has_conflict: bool,
    /// The pledges that are part of others.
    pub(super) overlaps: OverlapIndex,
}

/// A connected component of groups that share facts: a conflict on record may contain the statements of a pledge.
#[derive(Debug, Default)]
pub(super) struct Component {
    groups: Vec<usize>,
    /// True if statements differ and no preference decides between them.
    pub(super) is_disputed: bool,
    /// The preferred facts among statements that differ, and the preference.
    pub(super) chosen: Option<(Facts, Assumption)>,
}

impl Component {
    /// The preference that decides between statements which differ.
    fn choice(&self) -> Option<&Assumption> {
        self.chosen.as_ref().filter(|_| !self.is_disputed).map(|(_, assumption)| assumption)
    }
}

/// A conflict, and how it ends.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribedConflict {
    /// The statement of every source, in one line.
    pub line: String,
    /// The preference that chooses among them, if one does.
    pub choice: Option<Assumption>,
}

impl DescribedConflict {
    /// The line with its end: that none is chosen, or by which preference one is.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{}; {}", self.line, ended(self.choice.as_ref()))
    }
}

/// The end of a conflict in words.
fn ended(choice: Option<&Assumption>) -> String {
    match choice.and_then(|choice| Some((choice.name(), choice.source()?))) {
        Some((name, source)) => format!("`{name}` = S{source} chooses"),
        None => "none is chosen or averaged".to_owned(),
    }
}

/// Warnings about groups of statements, one line each with the statement of every source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementWarnings {
    /// Groups counted once although several facts state it.
    pub once: BTreeSet<String>,
    /// Groups counted more than once, because their rows are not statements of one thing alone.
    pub twice: BTreeSet<String>,
    /// Groups that differ, so that a result is unknown.
    pub disputes: BTreeSet<String>,
}

impl StatementWarnings {
    /// Adds the warnings of `other`.
    pub fn extend(&mut self, other: Self) {
        self.once.extend(other.once);
        self.twice.extend(other.twice);
        self.disputes.extend(other.disputes);
    }
}

impl StatementGroup {
    fn known(&self) -> impl Iterator<Item = &SourceStatement> {
        self.statements.iter().filter(|statement| !statement.quantity.is_unknown())
    }

    /// True if there are several sources and several numbers.
    fn is_conflict(&self) -> bool {
        let mut sources = self.known().map(|statement| &statement.source);
        let first = sources.next();
        sources.any(|source| Some(source) != first) && differ(self.statements.iter())
    }

    /// The group in one line: `PL1@proposed: S1 states 1,600,000,000 GBP (F29), S2 states 1,160,000,000 GBP (S2F01)`.
    fn describe(&self) -> String {
        let question = self.question.as_ref().map(|question| format!(" ({question})")).unwrap_or_default();
        let lines: Vec<String> = self.statements.iter().map(SourceStatement::describe).collect();
        format!("{}{question}: {}", self.id, lines.join(", "))
    }
}

impl SourceStatement {
    fn describe(&self) -> String {
        let Self { fact, source, quantity } = self;
        let value = human::quantity(quantity, None);
        if quantity.is_unknown() {
            format!("{source} states none ({fact})")
        } else if quantity.assumptions().has(&fact.to_string()) {
            format!("{fact} of {source} is assumed to be {value}")
        } else {
            format!("{source} states {value} ({fact})")
        }
    }
}

impl StatementIndex {
    /// An index of groups, with the preferences in conflicts: one for a pledge takes precedence over one for all.
    #[must_use]
    pub fn new(groups: Vec<StatementGroup>, preferences: &[Preference]) -> Self {
        let mut all = Self { groups, ..Self::default() };
        let facts = all.groups.iter().flat_map(|group| &group.statements).map(|statement| statement.fact);
        all.facts = facts.collect();
        all.has_conflict = all.groups.iter().any(StatementGroup::is_conflict);
        for groups in all.connected_groups() {
            let at = all.components.len();
            let statements = || groups.iter().flat_map(|group| &all.groups[*group].statements);
            let facts: Vec<Ref> = statements().map(|statement| statement.fact).collect();
            let is_disputed = differ(statements());
            let chosen = if is_disputed { all.preferred(&groups, preferences) } else { None };
            let is_chosen = |statement: &&SourceStatement| {
                chosen.as_ref().is_none_or(|(chosen, _): &(Facts, _)| chosen.contains(statement.fact))
            };
            let is_disputed = is_disputed && differ(statements().filter(is_chosen));
            all.components.push(Component { groups, is_disputed, chosen });
            all.of_fact.extend(facts.into_iter().map(|fact| (fact, at)));
        }
        all
    }

    /// The same index with the pledges that are part of others.
    #[must_use]
    pub fn with_overlaps(self, overlaps: OverlapIndex) -> Self {
        Self { overlaps, ..self }
    }

    /// The connected components of groups that share facts, by union-find.
    fn connected_groups(&self) -> Vec<Vec<usize>> {
        let mut set_of: Vec<usize> = (0..self.groups.len()).collect();
        let mut first_with: HashMap<Ref, usize> = HashMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            for statement in &group.statements {
                let first = *first_with.entry(statement.fact).or_insert(at);
                let (one, other) = (root(&mut set_of, first), root(&mut set_of, at));
                set_of[one.max(other)] = one.min(other);
            }
        }
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.groups.len() {
            sets.entry(root(&mut set_of, at)).or_default().push(at);
        }
        sets.into_values().collect()
    }

    /// The statements of the preferred source in these groups.
    fn preferred(&self, groups: &[usize], preferences: &[Preference]) -> Option<(Facts, Assumption)> {
        let is_of = |preference: &&Preference| {
            let owner = preference.owner.as_ref();
            owner.is_some_and(|owner| groups.iter().any(|group| self.groups[*group].owner == *owner))
        };
        let of_all = |preference: &&Preference| preference.owner.is_none();
        let one = preferences.iter().find(is_of).or_else(|| preferences.iter().find(of_all))?;
        let source = format!("S{}", one.assumption.source()?);
        let known = groups.iter().flat_map(|group| self.groups[*group].known());
        let facts: Facts = known.filter(|statement| statement.source == source).map(|known| known.fact).collect();
        (!facts.is_empty()).then(|| (facts, one.assumption.clone()))
    }

    /// True if there is neither a group nor an overlap.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.overlaps.is_empty()
    }

    /// True if any two sources disagree, regardless of preferences.
    pub fn has_conflict(&self) -> bool {
        self.has_conflict
    }

    /// The outcome of preferences, by fact: the assumption for a preferred fact, `None` for a rejected one.
    pub fn preference_outcomes(&self) -> impl Iterator<Item = (Ref, Option<&Assumption>)> {
        self.components.iter().filter_map(|component| Some((component, component.chosen.as_ref()?))).flat_map(
            |(component, (facts, assumption))| {
                let statements = component.groups.iter().flat_map(|group| &self.groups[*group].statements);
                statements.map(move |one| (one.fact, facts.contains(one.fact).then_some(assumption)))
            },
        )
    }

    /// The pledges, and the conflicts on record, that a preference decides about.
    pub fn decided_owners(&self) -> BTreeSet<&str> {
        let decided = self.components.iter().filter(|component| component.chosen.is_some());
        decided.flat_map(|component| &component.groups).map(|group| &*self.groups[*group].owner).collect()
    }

    /// The facts that are in a group.
    pub fn facts_in_groups(&self, facts: &Facts) -> Facts {
        if self.groups.is_empty() { Facts::none() } else { facts.intersection(&self.facts) }
    }

    /// The facts that are in a group or an overlap: what rests on them may not simply be added up.
    pub fn not_alone(&self, facts: &Facts) -> Facts {
        let mut found = self.facts_in_groups(facts);
        found.extend(&self.overlaps.among(facts));
        found
    }

    /// The facts that are in a group, by component.
    pub(super) fn by_component(&self, facts: &Facts) -> BTreeMap<usize, Facts> {
        let mut found: BTreeMap<usize, Facts> = BTreeMap::new();
        for fact in self.facts_in_groups(facts).iter() {
            if let Some(at) = self.of_fact.get(&fact) {
                found.entry(*at).or_default().extend(&fact.into());
            }
        }
        found
    }

    pub(super) fn component(&self, at: usize) -> &Component {
        &self.components[at]
    }

    /// The conflicts that have at least `least` of these facts.
    fn conflicts_of(&self, facts: &Facts, least: usize) -> Vec<DescribedConflict> {
        let is_in = |statement: &&SourceStatement| facts.contains(statement.fact);
        let is_shown =
            |group: &&StatementGroup| group.is_conflict() && group.statements.iter().filter(is_in).count() >= least;
        let mut conflicts = Vec::new();
        for at in self.by_component(facts).into_keys() {
            let described = |group: &StatementGroup| DescribedConflict {
                line: group.describe(),
                choice: self.components[at].choice().cloned(),
            };
            conflicts.extend(self.reported_groups(at).into_iter().filter(is_shown).map(described));
        }
        conflicts
    }

    /// The conflicts between these facts.
    pub fn conflicts_among(&self, facts: &Facts) -> Vec<DescribedConflict> {
        self.conflicts_of(facts, 2)
    }

    /// The conflicts that any of these facts is part of.
    pub fn conflicts_with(&self, facts: &Facts) -> Vec<DescribedConflict> {
        self.conflicts_of(facts, 1)
    }

    /// The end of the conflicts between these facts, in words.
    pub fn outcome_among(&self, facts: &Facts) -> String {
        let components = self.by_component(facts);
        let choices: Vec<Option<&Assumption>> = components.keys().map(|at| self.components[*at].choice()).collect();
        ended(choices.first().copied().flatten().filter(|first| choices.iter().all(|choice| *choice == Some(first))))
    }

    /// The groups that have several of these facts, whether they agree or not, one line each.
    pub fn several_among(&self, facts: &Facts) -> Vec<String> {
        let components = self.by_component(facts).into_iter().filter(|(_, facts)| facts.len() > 1);
        components.flat_map(|(at, _)| self.describe_groups(at)).collect()
    }

    /// The pledges among these facts that are part of others, one line each.
    pub fn overlaps_among(&self, facts: &Facts) -> BTreeSet<String> {
        self.overlaps.overlaps_among(facts)
    }

    /// True if these facts are statements of one thing, and nothing else is among them.
    pub fn are_of_one(&self, facts: &Facts) -> bool {
        self.by_component(facts).len() == 1 && self.facts_in_groups(facts) == *facts
    }

    /// The differing groups of a component, as the reason of an unknown, one line each.
    pub(super) fn describe_dispute(&self, at: usize) -> Vec<String> {
        let groups = self.reported_groups(at);
        let differing = |group: &StatementGroup| differ(group.statements.iter());
        // Groups that agree each in itself may disagree through a fact that they share.
        let is_shared = !groups.iter().any(|group| differing(group));
        groups.into_iter().filter(|group| is_shared || differing(group)).map(StatementGroup::describe).collect()
    }

    /// The groups of a component, one line each.
    pub(super) fn describe_groups(&self, at: usize) -> Vec<String> {
        self.reported_groups(at).into_iter().map(StatementGroup::describe).collect()
    }

    /// The groups of a component, without those that a conflict on record contains.
    fn reported_groups(&self, at: usize) -> Vec<&StatementGroup> {
        let groups = || self.components[at].groups.iter().map(|group| &self.groups[*group]);
        let has =
            |outer: &StatementGroup, one: &SourceStatement| outer.statements.iter().any(|other| other.fact == one.fact);
        let is_contained = |inner: &StatementGroup| {
            let recorded = || groups().filter(|outer| outer.question.is_some());
            inner.question.is_none() && recorded().any(|outer| inner.statements.iter().all(|one| has(outer, one)))
        };
        groups().filter(|group| !is_contained(group)).collect()
    }
}

/// True if two known numbers are equal, with any provenance.
pub(super) fn is_same(one: &Quantity, other: &Quantity) -> bool {
    one.amount() == other.amount() && one.unit() == other.unit()
}

/// True if known numbers differ; an unknown differs from none.
fn differ<'s>(statements: impl Iterator<Item = &'s SourceStatement>) -> bool {
    let mut known =
        statements.map(|one| &one.quantity).filter(|quantity| !matches!(quantity.amount(), Amount::Unknown(_)));
    known.next().is_some_and(|first| known.any(|other| !is_same(first, other)))
}

/// The root of the set of an index.
fn root(set_of: &mut [usize], mut at: usize) -> usize {
    while set_of[at] != at {
        set_of[at] = set_of[set_of[at]];
        at = set_of[at];
    }
    at
}
