//! What the caller decides about the look of results. Nothing here asks a terminal or the environment.

use crate::quantity::Unit;
use std::collections::BTreeMap;

/// How results look. Machine formats take only `header` and `csv_safe` from it.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub struct Style {
    /// Whether column names are written. Without them every cell of a table carries its own unit.
    pub header: bool,
    /// What stands for NULL in tables and markdown; `NULL` if not given.
    pub null_text: Option<String>,
    /// Whether facts and NULL are dimmed with escape sequences.
    pub color: bool,
    /// How many rows of a long result are shown, half from each end; every row, if not given.
    pub rows: Option<usize>,
    /// The widest that a table may get before its text wraps, in terminal columns; never, if not given.
    pub width: Option<usize>,
    /// The decimal places of currencies.
    pub places: Places,
    /// Whether an answer stands before the first one already, so that an empty line parts them.
    pub follows_answer: bool,
    /// Whether CSV and TSV put a `'` before a text that a spreadsheet would compute.
    pub csv_safe: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            header: true,
            null_text: None,
            color: false,
            rows: None,
            width: None,
            places: Places::default(),
            follows_answer: false,
            csv_safe: false,
        }
    }
}

/// Dimmed, and as before: the only escape sequences that results contain.
pub(super) const DIM: &str = "\u{1b}[2m";
pub(super) const UNDIM: &str = "\u{1b}[0m";

impl Style {
    pub(super) fn null(&self) -> &str {
        self.null_text.as_deref().unwrap_or("NULL")
    }
}

/// The decimal places of base units that are never split further, by code: `GBP` 2, `JPY` 0. Only currencies
/// belong here: half a missile is an odd average, but printing it as one missile is wrong.
#[derive(Debug, Clone, Default)]
pub struct Places(BTreeMap<String, u32>);

impl FromIterator<(String, u32)> for Places {
    fn from_iter<I: IntoIterator<Item = (String, u32)>>(places: I) -> Self {
        Self(places.into_iter().collect())
    }
}

impl Places {
    /// How many places an amount of this unit needs at most: those of the one currency in it, as in
    /// `GBP/missile`. A rate between currencies, a square or a count has no such limit.
    pub fn limit(&self, unit: &Unit) -> Option<u32> {
        let mut currencies = unit.powers().filter_map(|(code, power)| self.0.get(code).map(|places| (*places, power)));
        match (currencies.next(), currencies.next()) {
            (Some((places, 1)), None) => Some(places),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn money_is_limited_and_rates_and_counts_are_not() {
        let places: Places =
            [("GBP".to_owned(), 2), ("USD".to_owned(), 2), ("JPY".to_owned(), 0)].into_iter().collect();
        let limit = |unit: &str| places.limit(&unit.parse().unwrap());
        assert_eq!(limit("GBP/missile"), Some(2));
        assert_eq!(limit("JPY"), Some(0));
        assert_eq!(limit("USD/GBP"), None);
        assert_eq!(limit("missile/GBP"), None);
        assert_eq!(limit("missile"), None);
    }
}
