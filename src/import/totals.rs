//! Totals among the rows of a table: a row is one if a word, or an empty label, says so and its numbers are exactly the sum of other
//! rows: of those above since the last total, of those below up to the next, or of those with the same other labels.

use super::column_plan::{ColumnPlan, PlannedKind};
use super::exact_sum::ExactSum;
use super::file::ImportFile;
use super::levels::{LevelSearch, numbers_of};
use super::numeric;
use super::options::TotalsOption;
use super::record::Record;
use super::shape::ShapedRows;
use super::total_words::names_total;
use crate::error::Error;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// The most rows that are looked at as possible totals.
const MAX_CANDIDATES: usize = 5_000;

/// The most sums of rows between candidates, breaks and gaps that are kept apart.
const MAX_SEGMENTS: usize = 20_000;

/// The most of these that one total is compared with on each side.
const MAX_STEPS: usize = 300;

/// A row that may be a total.
#[derive(Debug, Clone)]
struct Candidate {
    /// Its number among the rows, from 1.
    number: u64,
    /// The row.
    row: Record,
    /// The columns whose cells name a total; none where its labels are blank.
    labels: Vec<usize>,
}

/// The rows that may be totals, found while the file is read for the first time.
#[derive(Debug, Default)]
pub(super) struct TotalCandidates {
    named: Vec<Candidate>,
    unlabelled: Vec<Candidate>,
    is_full: [bool; 2],
    rows: u64,
    first: Option<Candidate>,
    last: Option<Candidate>,
}

impl TotalCandidates {
    /// Takes the next row into account; the first and the last, too, if `keeps_ends`.
    pub(super) fn add(&mut self, row: &Record, keeps_ends: bool) {
        self.rows += 1;
        let number = self.rows;
        // A cell that is filled from above names another row.
        let own = |at: &usize| !row.from_above.iter().any(|(filled, _)| filled == at);
        let cells = || {
            (0..row.len()).filter(own).map(|at| (at, numeric::trim(row.cell(at)))).filter(|(_, cell)| !cell.is_empty())
        };
        let labels: Vec<usize> = cells().filter(|(_, cell)| names_total(cell)).map(|(at, _)| at).collect();
        let (list, is_full) = if labels.is_empty() {
            if keeps_ends {
                let end = Candidate { number, row: row.without_filled(), labels: Vec::new() };
                self.first.get_or_insert_with(|| end.clone());
                self.last = Some(end);
            }
            // A row with a text names itself.
            if self.is_full[1] || cells().any(|(_, cell)| !cell.bytes().any(|byte| byte.is_ascii_digit())) {
                return;
            }
            (&mut self.unlabelled, &mut self.is_full[1])
        } else {
            (&mut self.named, &mut self.is_full[0])
        };
        if list.len() < MAX_CANDIDATES {
            list.push(Candidate { number, row: row.without_filled(), labels });
        } else {
            *is_full = true;
            list.clear();
        }
    }
}

/// The totals of a table.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// Their numbers among the rows, in order.
    pub(super) numbers: Vec<u64>,
    /// The columns that they add up, by index among the cells.
    pub(super) added_up: BTreeSet<usize>,
    /// The doubts about others.
    pub(super) doubts: Vec<String>,
    /// The lines of rows that a word names, and that are no sums.
    pub(super) unproved: Vec<u64>,
}

/// The search for totals: every row is added once, then it is settled.
pub(super) struct TotalSearch<'p> {
    option: Option<TotalsOption>,
    columns: Vec<&'p ColumnPlan>,
    candidates: Vec<Candidate>,
    /// The values of each candidate, by column.
    values: Vec<Vec<Option<Decimal>>>,
    units: Vec<Vec<String>>,
    parts: Vec<Part>,
    segments: usize,
    /// The sums of the rows with the same other labels, by the labels of each candidate.
    groups: Vec<LabelGroup>,
    next_candidate: usize,
    number: u64,
    next_line: u64,
    doubts: Vec<String>,
}

/// A part of the rows, in their order.
enum Part {
    /// Rows that are no candidates.
    Rows(Vec<ColumnSum>),
    /// A candidate, by its place.
    Candidate(usize),
}

/// The candidates whose labels are in the same columns, and the sums of the rows that have their other labels.
struct LabelGroup {
    pinned: Vec<usize>,
    of_labels: HashMap<Vec<String>, (Vec<ColumnSum>, Vec<usize>)>,
}

/// The sum of a column over some rows.
#[derive(Debug, Clone, Default)]
struct ColumnSum {
    sum: ExactSum,
    /// The numbers in it that are not zero.
    addends: u64,
    units: RowUnits,
}

/// The units of some rows, in a column whose rows have their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum RowUnits {
    /// There is no row yet.
    #[default]
    None,
    /// All have this one.
    One(String),
    /// They differ.
    Several,
}

impl RowUnits {
    fn merge(&mut self, other: &Self) {
        if *self == Self::None {
            self.clone_from(other);
        } else if *other != Self::None && self != other {
            *self = Self::Several;
        }
    }
}

impl ColumnSum {
    fn add(&mut self, value: Decimal, unit: &str) {
        self.sum.add(value);
        self.addends += u64::from(!value.is_zero());
        match &self.units {
            RowUnits::None => self.units = RowUnits::One(unit.to_owned()),
            RowUnits::One(own) if own != unit => self.units = RowUnits::Several,
            _ => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.addends += other.addends;
        self.units.merge(&other.units);
    }

    /// True if a number in a unit is this sum.
    fn is(&self, value: Decimal, unit: &str) -> bool {
        let fits = match &self.units {
            RowUnits::One(own) => unit.is_empty() || own == unit,
            RowUnits::Several => false,
            RowUnits::None => true,
        };
        fits && self.sum.equals(value)
    }
}

/// The strength of the evidence that a row is a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// It equals one other row.
    OneRow,
    /// It is the sum of several.
    Sum,
}

impl<'p> TotalSearch<'p> {
    /// A search among the rows of a table with these columns; `None` if there is nothing to look for.
    /// `labels` are the columns of texts and of years.
    pub(super) fn new(
        found: TotalCandidates,
        columns: &'p [ColumnPlan],
        labels: &[usize],
        option: Option<TotalsOption>,
    ) -> Option<Self> {
        if option == Some(TotalsOption::Keep) {
            return None;
        }
        let mut doubts = Vec::new();
        if found.is_full[0] {
            doubts.push(format!(
                "more than {MAX_CANDIDATES} rows have a word for a total: none was checked, and all are records"
            ));
        }
        // In a table whose rows have no labels a missing one says nothing.
        let has_labels = (found.unlabelled.len() as u64) * 2 <= found.rows;
        let is_blank = |row: &Record| labels.iter().all(|at| numeric::trim(row.cell(*at)).is_empty());
        let unlabelled = found.unlabelled.into_iter().filter(|candidate| has_labels && is_blank(&candidate.row));
        let mut candidates = found.named;
        candidates.extend(unlabelled);
        let ends = found.first.into_iter().chain(found.last);
        candidates.extend(ends);
        candidates.sort_by_key(|candidate| candidate.number);
        candidates.dedup_by_key(|candidate| candidate.number);
        let is_numeric = |column: &&ColumnPlan| !labels.contains(&column.index);
        let columns: Vec<&ColumnPlan> = columns.iter().filter(is_numeric).collect();
        if candidates.is_empty() && doubts.is_empty() {
            return None;
        }
        let mut search = Self {
            option,
            columns,
            values: Vec::new(),
            units: Vec::new(),
            candidates,
            parts: Vec::new(),
            segments: 0,
            groups: Vec::new(),
            next_candidate: 0,
            number: 0,
            next_line: 0,
            doubts,
        };
        search.values = search.candidates.iter().map(|candidate| search.numbers_of(&candidate.row)).collect();
        search.units = search.candidates.iter().map(|candidate| search.units_of(&candidate.row)).collect();
        search.group(labels);
        Some(search)
    }

    /// The numbers of the rows that may be totals.
    pub(super) fn candidates(&self) -> Vec<u64> {
        self.candidates.iter().map(|candidate| candidate.number).collect()
    }

    /// Groups the candidates by the labels that they share with their rows.
    fn group(&mut self, labels: &[usize]) {
        for (place, candidate) in self.candidates.iter().enumerate() {
            let is_pinned =
                |at: &&usize| !candidate.labels.contains(at) && !numeric::trim(candidate.row.cell(**at)).is_empty();
            let pinned: Vec<usize> = labels.iter().filter(is_pinned).copied().collect();
            let own = cells(&candidate.row, &pinned);
            let at = self.groups.iter().position(|group| group.pinned == pinned).unwrap_or_else(|| {
                self.groups.push(LabelGroup { pinned, of_labels: HashMap::new() });
                self.groups.len() - 1
            });
            let empty = || (vec![ColumnSum::default(); self.columns.len()], Vec::new());
            self.groups[at].of_labels.entry(own).or_insert_with(empty).1.push(place);
        }
    }

    fn numbers_of(&self, row: &Record) -> Vec<Option<Decimal>> {
        let number = |column: &&ColumnPlan| {
            let mark = match &column.kind {
                PlannedKind::Text | PlannedKind::Date(_) => return None,
                PlannedKind::Integer(mark) | PlannedKind::Real(mark) => *mark,
                PlannedKind::Quantity(plan) => plan.mark,
            };
            let read = row.number(column.index)?;
            read.value(mark).filter(|_| read.bound.is_none())
        };
        self.columns.iter().map(number).collect()
    }

    fn units_of(&self, row: &Record) -> Vec<String> {
        let unit = |column: &&ColumnPlan| match &column.kind {
            PlannedKind::Quantity(plan) => plan.unit_in(row, numeric::trim(row.cell(column.index))).to_owned(),
            _ => String::new(),
        };
        self.columns.iter().map(unit).collect()
    }

    /// Adds the next row.
    fn add(&mut self, row: &Record) {
        self.number += 1;
        let has_gap = row.line > self.next_line;
        self.next_line = row.next_line;
        if self.candidates.get(self.next_candidate).is_some_and(|candidate| candidate.number == self.number) {
            self.parts.push(Part::Candidate(self.next_candidate));
            self.next_candidate += 1;
            return;
        }
        let (values, units) = (self.numbers_of(row), self.units_of(row));
        // A heading, as a gap, begins rows of its own.
        let is_break = has_gap || values.iter().all(Option::is_none);
        if !matches!(self.parts.last(), Some(Part::Rows(_))) || is_break && self.segments < MAX_SEGMENTS {
            self.parts.push(Part::Rows(vec![ColumnSum::default(); self.columns.len()]));
            self.segments += 1;
        }
        if let Some(Part::Rows(sums)) = self.parts.last_mut() {
            add_row(sums, &values, &units);
        }
        for group in &mut self.groups {
            if let Some((sums, _)) = group.of_labels.get_mut(&cells(row, &group.pinned)) {
                add_row(sums, &values, &units);
            }
        }
    }

    /// Finds the totals among all rows; those without a word for it on a level of their own, too, if `has_levels` and the option takes
    /// them.
    ///
    /// # Errors
    /// The file can't be read.
    pub(super) fn settle(
        mut self,
        mut rows: ShapedRows<'_>,
        file: &ImportFile,
        has_levels: bool,
    ) -> Result<Totals, Error> {
        let mut record = Record::default();
        let takes_levels = has_levels && self.option == Some(TotalsOption::Flag);
        let mut levels = LevelSearch::default();
        while rows.read(&mut record)? {
            file.check_stop()?;
            self.add(&record);
            if takes_levels {
                levels.add(self.number, record.line, || numbers_of(self.columns.iter().copied(), &record));
            }
        }
        let columns: Vec<usize> = self.columns.iter().map(|column| column.index).collect();
        let mut totals = self.totals();
        if let Some(found) = levels.find(&totals.numbers) {
            totals.numbers.extend(found.rows.iter().map(|(number, _)| number));
            totals.numbers.sort_unstable();
            totals.added_up.extend(columns);
        }
        Ok(totals)
    }

    /// The totals, once every row was added.
    fn totals(mut self) -> Totals {
        let count = self.candidates.len();
        let mut found: Vec<Option<(Strength, Vec<usize>)>> = vec![None; count];
        let places: Vec<(usize, usize)> = (0..self.parts.len())
            .filter_map(|at| if let Part::Candidate(place) = self.parts[at] { Some((place, at)) } else { None })
            .collect();
        for (place, at) in &places {
            found[*place] = self.walk(*place, (0..*at).rev(), &found);
        }
        for (place, at) in places.iter().rev() {
            if found[*place].as_ref().is_none_or(|(strength, _)| *strength == Strength::OneRow) {
                found[*place] = self.walk(*place, *at + 1..self.parts.len(), &found).or(found[*place].take());
            }
        }
        for group in &self.groups {
            for (sums, members) in group.of_labels.values() {
                for place in members {
                    let by_labels = self.evidence(*place, sums);
                    if by_labels > found[*place] {
                        found[*place] = by_labels;
                    }
                }
            }
        }
        // That a total equals the only row before it is weak, unless others of the table are sums.
        let has_sum = found.iter().flatten().any(|(strength, _)| *strength == Strength::Sum);
        let mut totals = Totals { doubts: std::mem::take(&mut self.doubts), ..Totals::default() };
        let mut unproved: Vec<&Candidate> = Vec::new();
        for (candidate, evidence) in self.candidates.iter().zip(&found) {
            let is_named = !candidate.labels.is_empty();
            let is_flagged = self.option == Some(TotalsOption::Flag) && is_named;
            match evidence {
                Some((strength, columns)) if *strength == Strength::Sum || has_sum && is_named => {
                    totals.numbers.push(candidate.number);
                    totals.added_up.extend(columns);
                }
                _ if is_flagged => {
                    totals.numbers.push(candidate.number);
                    totals.added_up.extend(self.filled_columns(candidate.number));
                }
                _ if is_named => unproved.push(candidate),
                _ => {}
            }
        }
        totals.doubts.extend(doubt(&unproved));
        totals.unproved = unproved.iter().map(|candidate| candidate.row.line).collect();
        totals
    }

    /// The columns in which a candidate has a number.
    fn filled_columns(&self, number: u64) -> Vec<usize> {
        let place = self.candidates.iter().position(|candidate| candidate.number == number).unwrap_or_default();
        let filled = self.columns.iter().zip(&self.values[place]).filter(|(_, value)| value.is_some());
        filled.map(|(column, _)| column.index).collect()
    }

    /// The evidence of a candidate from the parts beside it, one after the other: the rows of totals that are known stand for them.
    fn walk(
        &self,
        place: usize,
        parts: impl Iterator<Item = usize>,
        found: &[Option<(Strength, Vec<usize>)>],
    ) -> Option<(Strength, Vec<usize>)> {
        let mut sums = vec![ColumnSum::default(); self.columns.len()];
        let mut weak = None;
        for at in parts.take(MAX_STEPS) {
            match &self.parts[at] {
                Part::Rows(rows) => sums.iter_mut().zip(rows).for_each(|(sum, rows)| sum.merge(rows)),
                Part::Candidate(other)
                    if found[*other].as_ref().is_some_and(|(strength, _)| *strength == Strength::Sum) =>
                {
                    continue;
                }
                Part::Candidate(other) => add_row(&mut sums, &self.values[*other], &self.units[*other]),
            }
            match self.evidence(place, &sums) {
                Some(evidence) if evidence.0 == Strength::Sum => return Some(evidence),
                evidence => weak = weak.or(evidence),
            }
        }
        weak
    }

    /// The columns in which a candidate is the sum: at least half of those that can be compared, or several and a quarter.
    fn evidence(&self, place: usize, sums: &[ColumnSum]) -> Option<(Strength, Vec<usize>)> {
        let (mut equal, mut compared, mut strength) = (Vec::new(), 0, Strength::OneRow);
        for ((column, sum), (value, unit)) in
            self.columns.iter().zip(sums).zip(self.values[place].iter().zip(&self.units[place]))
        {
            let Some(value) = value.filter(|_| sum.addends > 0) else { continue };
            compared += 1;
            if sum.is(value, unit) {
                equal.push(column.index);
                strength = if sum.addends > 1 { Strength::Sum } else { strength };
            }
        }
        let is_enough = match strength {
            Strength::Sum => equal.len() * 2 >= compared || equal.len() > 2 && equal.len() * 4 >= compared,
            Strength::OneRow => equal.len() == compared,
        };
        (is_enough && !equal.is_empty()).then_some((strength, equal))
    }
}

fn add_row(sums: &mut [ColumnSum], values: &[Option<Decimal>], units: &[String]) {
    for (sum, (value, unit)) in sums.iter_mut().zip(values.iter().zip(units)) {
        if let Some(value) = value {
            sum.add(*value, unit);
        }
    }
}

fn cells(row: &Record, columns: &[usize]) -> Vec<String> {
    columns.iter().map(|at| numeric::trim(row.cell(*at)).to_owned()).collect()
}

/// The doubt about rows that a word shows as totals, and no sum.
fn doubt(unproved: &[&Candidate]) -> Option<String> {
    let first = unproved.first()?;
    let label = numeric::trim(first.row.cell(*first.labels.first()?));
    let (line, count) = (first.row.line, unproved.len());
    let (rows, at, taken) = match count {
        1 => ("1 row has".to_owned(), "on line", "it for one"),
        count => (format!("{count} rows have"), "the first on line", "them for some"),
    };
    Some(format!(
        "{rows} a word for a total, as `{label}`, {at} {line}, and the numbers of no sum: records like any other; \
         `--totals flag` takes {taken}"
    ))
}
