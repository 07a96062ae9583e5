//! Suppositions gathered row by row, in memory that does not grow with the rows: of a name with many values their number is
//! kept, whatever the order of the rows.

use super::assumption::{Assumption, Assumptions, MOST_TOLD};
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The most values of a name that are told from each other; of more each use counts as one, so that their number is an
/// upper bound.
const MOST_DISTINCT: usize = 1 << 17;

/// What rows rest on.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered(BTreeMap<Arc<str>, Values>);

/// The values of one name.
#[derive(Debug, Clone, Default)]
struct Values {
    /// How often one was met.
    uses: u64,
    /// The values in order, as long as they are few.
    told: Vec<Assumption>,
    /// The marks of all values, where they are more.
    distinct: Distinct,
}

/// The different values of a name.
#[derive(Debug, Clone, Default)]
enum Distinct {
    /// They are all told.
    #[default]
    Told,
    /// By a mark of each.
    Marked(HashSet<u128>),
    /// They are too many, or were only counted where they came from.
    Untold,
}

impl Gathered {
    /// Adds what a row rests on.
    pub(super) fn extend(&mut self, row: &Assumptions) {
        for assumption in row.iter() {
            if let Some(values) = self.0.get_mut(assumption.name()) {
                values.push(assumption);
            } else {
                let mut values = Values::default();
                values.push(assumption);
                self.0.insert(Arc::clone(assumption.shared_name()), values);
            }
        }
    }

    /// Everything that was added.
    pub(super) fn all(&self) -> Assumptions {
        let all = self.0.iter().flat_map(|(name, values)| {
            let count = match &values.distinct {
                Distinct::Told => None,
                Distinct::Marked(marks) => Some(marks.len() as u64),
                Distinct::Untold => Some(values.uses),
            };
            let counted = count.map(|count| Assumption::many(name, count));
            counted.into_iter().chain(values.told.iter().cloned())
        });
        all.collect()
    }
}

impl Values {
    fn push(&mut self, assumption: &Assumption) {
        self.uses = self.uses.saturating_add(assumption.count().unwrap_or(1));
        if assumption.count().is_some() {
            self.distinct = Distinct::Untold;
            self.told.clear();
        }
        match &mut self.distinct {
            Distinct::Untold => {}
            Distinct::Marked(marks) => {
                marks.insert(mark(assumption));
                if marks.len() > MOST_DISTINCT {
                    self.distinct = Distinct::Untold;
                }
            }
            Distinct::Told => {
                if let Err(at) = self.told.binary_search_by(|told| told.order(assumption)) {
                    self.told.insert(at, assumption.clone());
                }
                if self.told.len() > MOST_TOLD {
                    self.distinct = Distinct::Marked(self.told.drain(..).map(|told| mark(&told)).collect());
                }
            }
        }
    }
}

/// 128 bits that two values do not share but by a chance that nobody meets.
fn mark(assumption: &Assumption) -> u128 {
    let text = assumption.to_string();
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &text).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Quantity;

    fn gathered(rows: impl Iterator<Item = String>) -> String {
        let mut gathered = Gathered::default();
        for row in rows {
            let row: Quantity = format!("1 GBP [{row}]").parse().unwrap();
            gathered.extend(row.assumptions());
        }
        gathered.all().to_string()
    }

    #[test]
    fn few_values_are_told_and_many_are_counted() {
        let given = |count: u32| (0..count).map(|n| format!("given={}", n % 1_000));
        assert_eq!(gathered(given(2).chain(given(2))), "given=0; given=1");
        assert_eq!(gathered(given(64)).matches("given=").count(), 64);
        assert_eq!(gathered(given(65)), "given=*65");
        assert_eq!(gathered(given(5_000).chain(["A1".to_owned()])), "A1; given=*1000");
        assert_eq!(gathered((0..200_000).map(|n| format!("given={n}"))), "given=*200000");
    }

    #[test]
    fn what_was_only_counted_is_counted_in_whatever_order() {
        let rows = ["given=*100", "given=1", "given=2", "given=1"].map(str::to_owned);
        assert_eq!(gathered(rows.clone().into_iter()), "given=*103");
        assert_eq!(gathered(rows.into_iter().rev()), "given=*103");
    }
}
