//! Rows on several levels of one table: districts below the quarters that they are made of, each continent above its countries. No word
//! says so: the numbers do, since rows are exactly the sums of runs of others, one run beside the next.

use super::column_plan::{ColumnPlan, PlannedKind};
use super::record::Record;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashSet};

/// The most rows of a table that is looked at.
const MAX_ROWS: usize = 5_000;

/// The most rows right below a sum.
const MAX_PARTS: usize = 300;

/// The number up to which sums may be equal by chance.
const MIN_NUMBER: i128 = 50;

/// The digits that sums have in common with their parts, all together, where other rows are in no group.
const MIN_DIGITS: usize = 6;

/// Those where every row is in one.
const MIN_DIGITS_OF_ALL: u32 = 2;

/// The most levels of a table above that of its parts.
const MAX_LEVELS: i128 = 3;

/// The rows of a table, among which levels are looked for.
#[derive(Debug, Default)]
pub(super) struct LevelSearch {
    /// The number and the line of each row.
    rows: Vec<(u64, u64)>,
    /// The numbers of each column, by row.
    columns: Vec<Vec<Option<Decimal>>>,
    is_full: bool,
}

/// The rows that are sums of others on a level below theirs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Levels {
    /// The number and the line of each.
    pub(super) rows: Vec<(u64, u64)>,
    /// The columns in which they are sums, by index among those that were looked at.
    pub(super) columns: Vec<usize>,
}

impl LevelSearch {
    /// Takes the row of a number into account, from the numbers of its columns.
    pub(super) fn add<I: Iterator<Item = Option<Decimal>>>(
        &mut self,
        number: u64,
        line: u64,
        values: impl FnOnce() -> I,
    ) {
        if self.is_full {
            return;
        }
        if self.rows.len() == MAX_ROWS {
            *self = Self { is_full: true, ..Self::default() };
            return;
        }
        self.rows.push((number, line));
        for (at, value) in values().enumerate() {
            if at == self.columns.len() {
                self.columns.push(vec![None; self.rows.len() - 1]);
            }
            self.columns[at].push(value);
        }
    }

    /// The levels of the rows; those with the numbers `left_out`, in order, are none of them.
    pub(super) fn find(&self, left_out: &[u64]) -> Option<Levels> {
        let is_row = |at: &usize| left_out.binary_search(&self.rows[*at].0).is_err();
        let rows: Vec<usize> = (0..self.rows.len()).filter(is_row).collect();
        let mut found: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for (at, column) in self.columns.iter().enumerate() {
            let values: Vec<Option<Decimal>> = rows.iter().map(|row| column[*row]).collect();
            if let Some(sums) = whole_numbers(&values).and_then(|values| sums_among(&values)) {
                found.entry(sums).or_default().push(at);
            }
        }
        let (sums, columns) = found.into_iter().max_by_key(|(sums, columns)| (columns.len(), sums.len()))?;
        Some(Levels { rows: sums.into_iter().map(|at| self.rows[rows[at]]).collect(), columns })
    }
}

/// The numbers of a row in some columns, each as its column reads it; none where rows have units of their own.
pub(super) fn numbers_of<'c>(
    columns: impl Iterator<Item = &'c ColumnPlan>,
    row: &Record,
) -> impl Iterator<Item = Option<Decimal>> {
    columns.map(|column| {
        let mark = match &column.kind {
            PlannedKind::Text | PlannedKind::Date(_) => return None,
            PlannedKind::Integer(mark) | PlannedKind::Real(mark) => *mark,
            PlannedKind::Quantity(plan) if plan.has_units_of_rows() => return None,
            PlannedKind::Quantity(plan) => plan.mark,
        };
        let read = row.number(column.index)?;
        read.value(mark).filter(|_| read.bound.is_none())
    })
}

/// The numbers of a column as multiples of their least place, and 0 for the missing; `None` for a column with negative ones, and for one
/// with hardly any.
fn whole_numbers(values: &[Option<Decimal>]) -> Option<Vec<i128>> {
    let places = values.iter().flatten().map(|value| value.normalize().scale()).max()?;
    let whole = |value: &Option<Decimal>| {
        let value = value.unwrap_or_default().normalize();
        let power = 10_i128.checked_pow(places - value.scale())?;
        value.mantissa().checked_mul(power).filter(|whole| (0..i128::MAX / 10_000).contains(whole))
    };
    let all = values.iter().map(whole).collect::<Option<Vec<i128>>>()?;
    (all.iter().filter(|value| **value > 0).count() > 3).then_some(all)
}

/// The places of the numbers that are sums of others, in order; `None` where that may be chance.
fn sums_among(values: &[i128]) -> Option<Vec<usize>> {
    let reversed: Vec<i128> = values.iter().rev().copied().collect();
    let back = |sums: Vec<usize>| sums.into_iter().map(|at| values.len() - 1 - at).collect();
    let found = levels_below(values)
        .or_else(|| levels_below(&reversed).map(back))
        .or_else(|| groups(values))
        .or_else(|| nested(values))
        .or_else(|| nested(&reversed).map(back));
    found.map(|mut sums: Vec<usize>| {
        sums.sort_unstable();
        sums
    })
}

/// The sums of runs that follow all parts, on one level or several, the first row perhaps being the sum of all.
fn levels_below(values: &[i128]) -> Option<Vec<usize>> {
    let (first, rest) = values.split_first()?;
    let of_all = |values: &[i128]| (2..=MAX_LEVELS + 1).find_map(|levels| levels_from(values, levels));
    if let Some((start, _)) = of_all(values) {
        return Some((start..values.len()).collect());
    }
    let (start, _) = of_all(rest).filter(|(_, sum)| sum == first)?;
    Some([0].into_iter().chain(start + 1..values.len()).collect())
}

/// The place behind the parts, and their sum, where the numbers make up so many levels.
fn levels_from(values: &[i128], levels: i128) -> Option<(usize, i128)> {
    let all: i128 = values.iter().sum();
    let sum = all / levels;
    if all % levels != 0 || sum <= MIN_NUMBER {
        return None;
    }
    let mut ends: HashSet<i128> = HashSet::new();
    let (mut at, mut before, mut start) = (0, usize::MAX, None);
    for level in 0..levels {
        let (first, mut reached, mut own) = (at, 0, HashSet::new());
        while reached < sum {
            let value = *values.get(at)?;
            reached += value;
            at += 1;
            if level > 0 && (value == 0 || !ends.contains(&reached)) {
                return None;
            }
            own.insert(reached);
        }
        // A number that is missing belongs to the level before, or to the next.
        let is_fewer = before == usize::MAX || (at - first) * 3 <= before * 2;
        if reached > sum || !is_fewer || values.get(at) == Some(&0) {
            return None;
        }
        (before, ends) = (at - first, own);
        start = start.or(Some(at));
    }
    let start = start.filter(|start| at == values.len() && *start > 2 && values.len() - start > 1)?;
    // Small ones are reached by small parts whatever they are.
    let digits: u32 = values[start..].iter().map(|value| value.ilog10()).sum();
    (digits >= MIN_DIGITS_OF_ALL).then_some((start, sum))
}

/// The sums of groups, each above its parts, where all numbers are in one.
fn groups(values: &[i128]) -> Option<Vec<usize>> {
    let (mut at, mut heads, mut most_parts) = (0, Vec::new(), 0);
    while let Some(head) = values.get(at) {
        heads.push(at);
        let (first, mut sum) = (at + 1, 0);
        at = first;
        while sum < *head {
            sum += values.get(at)?;
            at += 1;
        }
        if sum != *head || *head == 0 {
            return None;
        }
        most_parts = most_parts.max(at - first);
    }
    let all: i128 = heads.iter().map(|at| values[*at]).sum();
    (heads.len() > 1 && most_parts > 1 && all > MIN_NUMBER * 2).then_some(heads)
}

/// The sums of groups, each above its parts, that may be sums themselves; the last row perhaps being the sum of all.
fn nested(values: &[i128]) -> Option<Vec<usize>> {
    let mut ends: Vec<usize> = (1..=values.len()).collect();
    for at in (0..values.len()).rev() {
        if let Some(end) = end_of_parts(values, &ends, at) {
            ends[at] = end;
        }
    }
    let mut sums: Vec<usize> = (0..values.len()).filter(|at| ends[*at] > at + 1).collect();
    let mut tops = Vec::new();
    let mut at = 0;
    while at < values.len() {
        tops.push(at);
        at = ends[at];
    }
    let mut grouped: usize = tops.iter().map(|at| ends[*at] - at).filter(|rows| *rows > 1).sum();
    let (last, others) = tops.split_last()?;
    let of_others: i128 = others.iter().map(|at| values[*at]).sum();
    if others.len() > 1 && values[*last] == of_others && ends[*last] == last + 1 {
        sums.push(*last);
        grouped = values.len();
    }
    let zeros = (0..30).take_while(|zeros| values.iter().all(|value| value % 10_i128.pow(zeros + 1) == 0)).count();
    let digits = |at: &usize| (values[*at].checked_ilog10().unwrap_or_default() as usize).saturating_sub(zeros);
    let digits: usize = sums.iter().map(digits).sum();
    let is_large = sums.iter().any(|at| values[*at] > MIN_NUMBER);
    let is_enough =
        if grouped == values.len() { is_large } else { digits >= MIN_DIGITS && grouped * 2 >= values.len() };
    (sums.len() > 1 && is_enough).then_some(sums)
}

/// The end of the rows below a number that it is the sum of: at least two, without the parts of sums among them.
fn end_of_parts(values: &[i128], ends: &[usize], at: usize) -> Option<usize> {
    let (mut next, mut sum, mut parts) = (at + 1, 0, 0);
    while sum < values[at] && parts < MAX_PARTS {
        sum += values.get(next)?;
        parts += usize::from(values[next] > 0);
        next = ends[next];
    }
    (sum == values[at] && parts > 1).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::{LevelSearch, sums_among};
    use rust_decimal::Decimal;

    /// Numbers, and the places of those that are sums.
    const COLUMNS: &[(&str, &[i128], &[usize])] = &[
        ("parts, then their sums", &[31, 12, 47, 8, 15, 43, 70], &[5, 6]),
        ("and the sum of these", &[31, 12, 47, 8, 15, 43, 70, 113], &[5, 6, 7]),
        ("which is first", &[113, 31, 12, 47, 8, 15, 43, 70], &[0, 6, 7]),
        ("sums, then their parts", &[113, 43, 70, 31, 12, 47, 8, 15], &[0, 1, 2]),
        ("each above its parts", &[43, 31, 12, 70, 47, 8, 15], &[0, 3]),
        ("each above its parts, one of one", &[43, 31, 12, 70, 70], &[0, 3]),
        ("under the sum of all", &[113, 43, 31, 12, 70, 47, 8, 15], &[0, 1, 4]),
        ("which is last", &[43, 31, 12, 70, 47, 8, 15, 113], &[0, 3, 7]),
        ("each below its parts", &[31, 12, 43, 47, 8, 15, 70, 113], &[2, 6, 7]),
        ("beside a row of no group", &[4310, 3107, 1203, 999, 7012, 4700, 812, 1500], &[0, 4]),
        ("no sums", &[31, 12, 47, 8, 15, 44, 70], &[]),
        ("small ones", &[1, 2, 3, 4, 5, 3, 12], &[]),
        ("the sum of all alone", &[31, 12, 47, 8, 98], &[]),
        ("one that is a sum by chance", &[310, 120, 430, 47, 800, 15, 999], &[]),
        ("the same", &[50, 50, 50, 50, 50, 50], &[]),
        ("few ones", &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2], &[]),
    ];

    #[test]
    fn sums_on_a_second_level_are_found() {
        for (name, values, expected) in COLUMNS {
            assert_eq!(sums_among(values).unwrap_or_default(), *expected, "{name}");
        }
    }

    #[test]
    fn most_columns_decide_and_totals_that_are_known_are_left_out() {
        let mut search = LevelSearch::default();
        let numbers = [31, 12, 47, 8, 15, 43, 70];
        for (number, value) in (1..).zip(numbers) {
            let others = [Some(Decimal::from(value * 3)), None, Some(Decimal::from(number * number))];
            search.add(number, number + 1, || [Some(Decimal::new(value, 1))].into_iter().chain(others));
        }
        search.add(8, 9, || [Some(Decimal::from(7)), None, None, None].into_iter());
        assert_eq!(search.find(&[]), None);
        let levels = search.find(&[8]).expect("there are sums");
        assert_eq!((levels.rows, levels.columns), (vec![(6, 7), (7, 8)], vec![0, 1]));
    }
}
