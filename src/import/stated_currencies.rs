//! The currencies that the cells of a sheet state, against the units that its columns have: the reader of workbooks drops them, so that
//! a column whose unit is another, or none, is in doubt.

use super::column::ColumnProfile;
use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit};
use super::plan::TablePlan;
use super::shape::Shape;
use super::workbook_losses::{SheetLosses, column_letters};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The most currencies of a column that a doubt names.
const MAX_NAMED: usize = 5;

/// The cells of a column by the currency that they state.
type CurrencyCounts<'l> = BTreeMap<&'l str, u64>;

/// The columns of a table, as they were read and planned.
pub(super) struct PlannedColumns<'p> {
    pub(super) shape: &'p Shape,
    pub(super) profiles: &'p [ColumnProfile],
    pub(super) plan: &'p TablePlan,
}

impl PlannedColumns<'_> {
    /// The doubts about the currencies that cells of the sheet state, a column each, but where the column has that unit.
    pub(super) fn currency_doubts(&self, losses: &SheetLosses) -> Vec<String> {
        let mut by_column: BTreeMap<usize, (usize, CurrencyCounts<'_>)> = BTreeMap::new();
        for (column, counts) in &losses.currencies {
            let found = by_column.entry(self.shape.row_column(*column));
            let (_, all) = found.or_insert_with(|| (*column, CurrencyCounts::new()));
            for (currency, cells) in counts {
                let count = all.entry(currency).or_default();
                *count = cells.saturating_add(*count);
            }
        }
        let doubt = |(index, (column, counts)): (usize, (usize, CurrencyCounts<'_>))| {
            let planned = self.plan.columns.iter().find(|planned| planned.index == index);
            let is_known = planned.is_some_and(|planned| self.has_unit_of(planned, &counts));
            (!is_known).then(|| doubt(planned, column, &counts))
        };
        by_column.into_iter().filter_map(doubt).collect()
    }

    /// True if the unit of a column is the currency that its cells state, or is in a column of just these currencies.
    fn has_unit_of(&self, column: &ColumnPlan, counts: &CurrencyCounts<'_>) -> bool {
        let PlannedKind::Quantity(quantity) = &column.kind else { return false };
        match &quantity.unit {
            PlannedUnit::None | PlannedUnit::Cells => false,
            PlannedUnit::Fixed(unit) => counts.len() == 1 && counts.contains_key(unit.to_string().as_str()),
            PlannedUnit::Column(index) => self.profiles.get(*index).is_some_and(|units| {
                let mut named = units.texts.all().iter().map(|found| found.text.as_str());
                let is_named = |currency: &&str| units.texts.all().iter().any(|found| found.text == **currency);
                !units.texts.is_full && named.all(|unit| counts.contains_key(unit)) && counts.keys().all(is_named)
            }),
        }
    }
}

/// The doubt about the currencies that the cells of a column state.
fn doubt(planned: Option<&ColumnPlan>, column: usize, counts: &CurrencyCounts<'_>) -> String {
    let mut counted: Vec<(&str, u64)> = counts.iter().map(|(currency, cells)| (*currency, *cells)).collect();
    counted.sort_by_key(|(_, cells)| Reverse(*cells));
    let named = counted.iter().take(MAX_NAMED).map(|(currency, cells)| format!("{currency} {cells}"));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = counted.len().saturating_sub(MAX_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let stated = format!("state currencies that are not read: {named}{more}");
    let Some(ColumnPlan { name, .. }) = planned else {
        return format!("cells of column {} {stated}", column_letters(column as u64));
    };
    let is_code = |currency: &&str| currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    let most = counted.first().map(|(currency, _)| *currency).filter(is_code).unwrap_or("CURRENCY");
    format!("cells of `{name}` {stated}; `--unit {name}={most}` says one")
}
