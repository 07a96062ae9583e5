//! The unit that a line above a table states for its numbers: `EUR million`. It is taken where only one column can be meant, or all that
//! are years; elsewhere, and where another line or a header says otherwise, it is in doubt.

use super::column::{ColumnProfile, Evidence};
use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit};
use super::findings::{Findings, TitleUnit};
use super::header;
use super::layout::NoteLine;
use super::multiplier::is_multiplier;
use super::numeric;
use super::options::{ColumnType, UnitOption};
use super::stated_unit::{self, StatedUnit};
use super::unit_phrase::ScaledUnit;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The most lines above a table that are read for a unit.
const MAX_TITLES: usize = 30;

/// The header of the sum of columns of years.
const SUM_OF_YEARS: &str = "total";

impl Findings<'_> {
    /// The unit that a line above states for a column, and the line.
    pub(super) fn title_unit(&self, at: usize) -> Option<(u64, ScaledUnit)> {
        let title = self.title.get_or_init(|| self.find_title()).as_ref()?;
        title.columns.contains(&at).then(|| (title.line, title.unit.clone()))
    }

    /// The unit that a line above states, with the columns that take it: where no column has one of its own, and only one of money lacks
    /// it or all that do are years.
    fn find_title(&self) -> Option<TitleUnit> {
        let (line, unit) = self.stated_title()?;
        let names = header::names(self.headers);
        let all = 0..self.headers.len();
        if all.clone().any(|at| self.has_stated_unit(at, &names[at])) {
            return None;
        }
        let columns: BTreeSet<usize> = all.filter(|at| self.is_open(*at, &names[*at])).collect();
        let header = |at: &usize| self.headers[*at].as_str();
        let is_year = |at: &usize| numeric::is_year(header(at));
        let are_years = columns.iter().any(is_year)
            && columns.iter().all(|at| is_year(at) || header(at).eq_ignore_ascii_case(SUM_OF_YEARS));
        let is_only = columns.len() == 1 && columns.iter().all(|at| stated_unit::is_of_money(header(at), self.units));
        (are_years || is_only).then_some(TitleUnit { line, unit, columns })
    }

    /// The only unit that the lines above state, with the scale of another line if one has it, and the first line of the unit.
    fn stated_title(&self) -> Option<(u64, ScaledUnit)> {
        let (mut found, mut scales): (Option<(u64, ScaledUnit)>, Vec<Decimal>) = (None, Vec::new());
        for note in self.above.iter().take(MAX_TITLES) {
            match stated_unit::of_title(&note.text, self.units) {
                StatedUnit::Stated(unit) if found.as_ref().is_some_and(|(_, known)| *known != unit) => return None,
                StatedUnit::Stated(unit) => drop(found.get_or_insert((note.line, unit))),
                StatedUnit::Scale(_, factor) => scales.push(factor),
                _ => {}
            }
        }
        let (line, unit) = found?;
        match scales.as_slice() {
            [] => Some((line, unit)),
            [factor] if unit.factor == Decimal::ONE => Some((line, ScaledUnit { factor: *factor, ..unit })),
            _ => None,
        }
    }

    /// True for a column of numbers to which its header, its cells or an option give a unit.
    fn has_stated_unit(&self, at: usize, name: &str) -> bool {
        let option = self.options.unit_of(name, &self.headers[at], self.units);
        // A share has a unit of its own beside one of money.
        let is_stated = || match &self.stated[at] {
            StatedUnit::Stated(unit) => stated_unit::is_money(unit, self.units),
            StatedUnit::Open(_) => true,
            _ => self.profiles[at].affixes.all().iter().any(|affix| affix.text != "%"),
        };
        match option {
            Ok(None) => self.profiles[at].readings.numbers() > 0 && (is_stated() || self.shape.unit_of(at).is_some()),
            Ok(Some(UnitOption::None)) => false,
            Ok(Some(_)) | Err(_) => true,
        }
    }

    /// True for a column of numbers that needs a unit, and that nothing gives one.
    fn is_open(&self, at: usize, name: &str) -> bool {
        let (header, profile) = (&self.headers[at], &self.profiles[at]);
        let is_number = matches!(profile.evidence(&|_| false), Evidence::Numbers(_) | Evidence::Ambiguous);
        let is_text = matches!(self.options.type_of(name, header), Some(ColumnType::Text | ColumnType::Date));
        is_number
            && !is_text
            && needs_unit(name, profile)
            && matches!(self.options.unit_of(name, header, self.units), Ok(None))
            && self.shape.unit_of(at).is_none()
            && profile.affixes.all().is_empty()
            && !matches!(self.stated[at], StatedUnit::Stated(_) | StatedUnit::Open(_))
    }

    /// The remark on a unit that a line above gave a column.
    pub(super) fn title_remark(&self, at: usize, name: &str, kind: &PlannedKind) -> Option<String> {
        let PlannedKind::Quantity(plan) = kind else { return None };
        let is_said = !matches!(self.options.unit_of(name, &self.headers[at], self.units), Ok(None));
        let (line, unit) = self.title_unit(at).filter(|_| !is_said)?;
        let taken = ScaledUnit { factor: plan.factor, ..unit };
        Some(format!("`{name}` is in {taken}, by line {line}"))
    }

    /// The doubt about a line outside of the records that states a unit or a scale which the numbers do not have.
    pub(super) fn title_doubt(&self, columns: &[ColumnPlan]) -> Option<String> {
        match self.stated_title() {
            Some((line, unit)) => self.unit_doubt(columns, line, &unit),
            None => self.note_doubt(columns).or_else(|| self.scale_doubt(columns)),
        }
    }

    /// The doubt about the unit of a line that columns do not have, or not with its scale.
    fn unit_doubt(&self, columns: &[ColumnPlan], line: u64, unit: &ScaledUnit) -> Option<String> {
        let quantity = |column: &ColumnPlan| match &column.kind {
            PlannedKind::Quantity(plan) => Some((plan.unit.clone(), plan.factor)),
            _ => None,
        };
        let of_line = (PlannedUnit::Fixed(unit.unit.clone()), unit.factor);
        if columns.iter().any(|column| quantity(column).as_ref() == Some(&of_line)) {
            return None;
        }
        let with = |name: &str, what: &str| {
            format!(
                "line {line} says {unit}, and {what}: `--unit {name}='{unit}'` takes that of the line, `--unit {name}=none` none"
            )
        };
        let open = columns.iter().filter(|column| self.has_no_unit(column));
        if let Some(open) = open.min_by_key(|column| !stated_unit::is_of_money(&column.header, self.units)) {
            return Some(with(&open.name, &format!("`{}` has no unit", open.name)));
        }
        columns.iter().find_map(|column| {
            let name = &column.name;
            let option = self.options.unit_of(name, &column.header, self.units).ok().flatten();
            match (quantity(column)?, option) {
                (_, Some(UnitOption::Fixed(said))) => Some(with(name, &format!("`--unit` of `{name}` says {said}"))),
                ((PlannedUnit::Column(_) | PlannedUnit::Cells, factor), _) if factor != unit.factor => {
                    Some(with(name, &format!("the units of `{name}` have no scale")))
                }
                ((PlannedUnit::Fixed(own), factor), None)
                    if own == unit.unit && factor != unit.factor && self.title_unit(column.index).is_none() =>
                {
                    Some(with(name, &format!("the header of `{name}` {own}")))
                }
                _ => None,
            }
        })
    }

    /// The doubt about a line that names a unit or a scale, and leaves it open or stands below, where no column has a unit.
    fn note_doubt(&self, columns: &[ColumnPlan]) -> Option<String> {
        let open = columns.iter().find(|column| self.has_no_unit(column))?;
        if columns.iter().any(has_unit) {
            return None;
        }
        let said = |note: &NoteLine| stated_unit::in_note(&note.text, self.units);
        let first = self.above.iter().chain(self.notes).take(MAX_TITLES).find(|note| said(note))?;
        let (line, text, name) = (first.line, &first.text, &open.name);
        Some(format!(
            "line {line} says `{text}`, and `{name}` has no unit: `--unit {name}='CODE million'` or the like gives one with its scale, \
             `--unit {name}=none` none"
        ))
    }

    /// The doubt about a scale that a line above or below states, where units of columns have none.
    fn scale_doubt(&self, columns: &[ColumnPlan]) -> Option<String> {
        let scale = |note: &NoteLine| match stated_unit::of_title(&note.text, self.units) {
            StatedUnit::Scale(word, _) => Some((note.line, word.to_owned())),
            _ => None,
        };
        let below = |note: &NoteLine| Some((note.line, stated_unit::scale_in_note(&note.text)?.to_owned()));
        let above = self.above.iter().take(MAX_TITLES).find_map(scale);
        let (line, word) = above.or_else(|| self.notes.iter().take(MAX_TITLES).find_map(below))?;
        let is_unscaled = |column: &&ColumnPlan| {
            let is_said = matches!(
                self.options.unit_of(&column.name, &column.header, self.units),
                Ok(Some(UnitOption::Fixed(_)))
            );
            !is_said
                && matches!(&column.kind, PlannedKind::Quantity(plan) if plan.unit != PlannedUnit::None && plan.factor == Decimal::ONE)
        };
        let name = &columns.iter().find(is_unscaled)?.name;
        Some(format!(
            "line {line} says `{word}`, and the numbers of `{name}` are as they are written: `--unit {name}='CODE million'` or the like \
             says their unit with its scale"
        ))
    }

    /// True if a column of numbers has no unit, and none was said to be right.
    pub(super) fn has_no_unit(&self, column: &ColumnPlan) -> bool {
        let is_number = match &column.kind {
            PlannedKind::Quantity(plan) => plan.unit == PlannedUnit::None,
            PlannedKind::Integer(_) | PlannedKind::Real(_) => true,
            PlannedKind::Text | PlannedKind::Date(_) => false,
        };
        is_number
            && needs_unit(&column.name, &self.profiles[column.index])
            && matches!(self.options.unit_of(&column.name, &column.header, self.units), Ok(None))
    }
}

fn has_unit(column: &ColumnPlan) -> bool {
    matches!(&column.kind, PlannedKind::Quantity(plan) if plan.unit != PlannedUnit::None)
}

/// True for a column that is neither of years nor of identifiers nor of flags nor of powers.
fn needs_unit(name: &str, profile: &ColumnProfile) -> bool {
    !profile.are_all_years() && !profile.are_all_flagged() && !header::is_identifier(name) && !is_multiplier(name)
}
