//! Totals among the records of tables: rows that are sums of others. What adds rows up, or looks for the greatest, leaves them out.

use super::Quantity;
use super::facts::Facts;

/// The records that are totals of other records.
#[derive(Debug, Clone, Default)]
pub struct TotalRecords(Facts);

impl TotalRecords {
    /// Those records.
    #[must_use]
    pub fn new(records: Facts) -> Self {
        Self(records)
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The totals that a row is: of a table, all records that it rests on are totals. A share of a total, which rests on a row as
    /// well, is none.
    #[must_use]
    pub fn of_row(&self, row: &Quantity) -> Facts {
        if self.is_empty() {
            return Facts::none();
        }
        let facts = row.facts();
        let totals = facts.intersection(&self.0);
        let is_of_totals =
            totals.record_sources().any(|source| totals.record_count(source) == facts.record_count(source));
        if is_of_totals { totals } else { Facts::none() }
    }

    /// True if one of two values is a total, and the other rests on rows of the same table that are none.
    #[must_use]
    pub fn is_added_to_rows(&self, one: &Quantity, other: &Quantity) -> bool {
        let (of_one, of_other) = (self.of_row(one), self.of_row(other));
        let (total, rows) = match (of_one.is_empty(), of_other.is_empty()) {
            (false, true) => (of_one, other),
            (true, false) => (of_other, one),
            _ => return false,
        };
        let of_rows: Vec<u16> = rows.facts().record_sources().collect();
        total.record_sources().any(|source| of_rows.contains(&source))
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Quantity, TotalRecords};
    use crate::quantity::Ref;

    #[test]
    fn a_row_is_a_total_if_all_its_records_of_a_table_are() {
        let records: Facts = ["S2:4", "S2:9"].iter().map(|id| id.parse::<Ref>().unwrap()).collect();
        let totals = TotalRecords::new(records);
        for (row, expected) in [
            ("5 GBP [S2:4]", "S2:4"),
            ("5 GBP [S2:3]", ""),
            ("5 GBP [S2:3 S2:4]", ""),
            ("5 GBP [S2:4 S3:1]", "S2:4"),
            ("5 GBP [S2:4 S2:9]", "S2:4 S2:9"),
            ("5 GBP [F01 S2:*]", ""),
            ("5 GBP", ""),
        ] {
            let row: Quantity = row.parse().unwrap();
            assert_eq!(totals.of_row(&row).to_string(), expected, "{row}");
        }
        for (one, other, expected) in [
            ("5 GBP [S2:4]", "5 GBP [S2:3]", true),
            ("5 GBP [S2:1-3]", "5 GBP [S2:4]", true),
            ("5 GBP [S2:3]", "5 GBP [S2:5]", false),
            ("5 GBP [S2:4]", "5 GBP [S2:9]", false),
            ("5 GBP [S2:4]", "5 GBP [S3:1]", false),
            ("5 GBP [S2:3 S2:4]", "5 GBP [S2:5]", false),
            ("5 GBP [S2:4]", "5 GBP", false),
        ] {
            let added = totals.is_added_to_rows(&one.parse().unwrap(), &other.parse().unwrap());
            assert_eq!(added, expected, "{one} + {other}");
        }
    }
}
