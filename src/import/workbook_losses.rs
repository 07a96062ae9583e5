//! The losses of a sheet: cells that are formulas which were never calculated, and so are read as blank, and currencies that cells
//! state and the reader of workbooks drops.

use std::collections::BTreeMap;

/// The most different currencies of a column that are counted apart.
const MAX_CURRENCIES: usize = 100;

/// The losses of one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SheetLosses {
    /// The formulas without a value.
    pub(super) formulas: EmptyFormulas,
    /// The numbers with more than the fifteen digits that are taken.
    pub(super) rounded: u64,
    /// The cells by the currency that they state, by column of the sheet.
    pub(super) currencies: BTreeMap<usize, BTreeMap<String, u64>>,
}

/// The cells of a sheet that are formulas without a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct EmptyFormulas {
    count: u64,
    /// The row and the column of the first, from 0.
    first: Option<(u64, u64)>,
}

impl EmptyFormulas {
    /// Counts a cell that is there `repeats` times.
    pub(super) fn add(&mut self, row: u64, column: u64, repeats: u64) {
        self.count = self.count.saturating_add(repeats);
        self.first.get_or_insert((row, column));
    }

    /// The doubt about them.
    pub(super) fn doubt(&self) -> Option<String> {
        let (row, column) = self.first?;
        let first = format!("{}{}", column_letters(column), row.saturating_add(1));
        let cells = match self.count {
            1 => format!("1 cell of the sheet is a formula without a value, `{first}`, and is read as blank"),
            count => format!(
                "{count} cells of the sheet are formulas without a value, from `{first}` on, and are read as blank"
            ),
        };
        Some(format!("{cells}; open it in a spreadsheet and save it, which calculates them"))
    }
}

impl SheetLosses {
    /// The remark on the digits that are not taken.
    pub(super) fn remark(&self) -> Option<String> {
        let numbers = match self.rounded {
            0 => return None,
            1 => "1 number of the sheet has".to_owned(),
            count => format!("{count} numbers of the sheet have"),
        };
        Some(format!(
            "{numbers} more than 15 significant digits in the file, and are taken at 15, as a spreadsheet shows them"
        ))
    }

    /// Counts the cells of a column that state a currency.
    pub(super) fn add_currency(&mut self, column: u64, currency: &str, cells: u64) {
        let counts = self.currencies.entry(usize::try_from(column).unwrap_or(usize::MAX)).or_default();
        if let Some(count) = counts.get_mut(currency) {
            *count = cells.saturating_add(*count);
        } else if counts.len() < MAX_CURRENCIES {
            counts.insert(currency.to_owned(), cells);
        }
    }
}

/// The letters of a column of a sheet, from 0: `A`, `Z`, `AA`.
pub(super) fn column_letters(column: u64) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{EmptyFormulas, column_letters};

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let letters = [0, 25, 26, 51, 52, 701, 702, 16_383].map(column_letters);
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn the_doubt_names_the_first_formula() {
        let mut formulas = EmptyFormulas::default();
        assert_eq!(formulas.doubt(), None);
        formulas.add(1, 1, 1);
        assert!(formulas.doubt().unwrap().starts_with("1 cell of the sheet is a formula without a value, `B2`"));
        formulas.add(2, 1, 4);
        assert!(formulas.doubt().unwrap().starts_with("5 cells of the sheet are formulas without a value, from `B2`"));
    }
}
