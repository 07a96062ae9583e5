//! The unit of each column of numbers: by an option, by its header, by a line above the table, or by what is written beside every number.
//! Where these leave it open or do not agree, it is asked.

use super::column::{ColumnProfile, CountedText, Evidence};
use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit, UnitsBeside};
use super::findings::{Findings, TitleUnit};
use super::header;
use super::layout::NoteLine;
use super::marks;
use super::options::{ColumnType, UnitOption};
use super::stated_unit::{self, OpenUnit, StatedUnit, units_of_sign};
use super::unit_phrase::{ScaledUnit, is_currency, may_mean, parse_unit, scale_word};
use crate::error::{AskedOption, Choice, Error, Question};
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The most lines above a table that are read for a unit.
const MAX_TITLES: usize = 30;

/// The most texts of a column of currencies that a doubt names.
const MAX_NAMED: usize = 5;

/// Words in the headers of columns of units.
const UNIT_HEADERS: [&str; 2] = ["currency", "ccy"];

/// The unit of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnUnit {
    pub(super) unit: PlannedUnit,
    /// The factor of each cell.
    pub(super) factor: Decimal,
    /// The units beside its numbers.
    pub(super) beside: UnitsBeside,
}

impl ColumnUnit {
    fn new(unit: PlannedUnit, factor: Decimal) -> Self {
        Self { unit, factor, beside: UnitsBeside::default() }
    }

    const fn none() -> Self {
        let beside = UnitsBeside { of_words: std::collections::BTreeMap::new(), of_bare: String::new() };
        Self { unit: PlannedUnit::None, factor: Decimal::ONE, beside }
    }
}

/// The origin of a unit, as a question names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Option,
    Header,
    Title(u64),
}

impl Findings<'_> {
    /// The unit of a column.
    ///
    /// # Errors
    /// It is open; what says it does not agree with what is written in the cells.
    pub(super) fn unit(&self, at: usize, name: &str, names: &[String]) -> Result<ColumnUnit, Error> {
        let header = &self.headers[at];
        match self.options.unit_of(name, header, self.units)? {
            Some(UnitOption::Fixed(unit)) => return self.fixed(at, name, unit, Origin::Option),
            Some(UnitOption::None) => return Ok(ColumnUnit::none()),
            Some(UnitOption::Column(column)) => return self.of_column(at, name, names, &column),
            None => {}
        }
        if let Some((unit, column)) = self.shape.unit_of(at) {
            return match column {
                None => self.fixed(at, name, unit, Origin::Header),
                Some(column) => Ok(ColumnUnit::new(PlannedUnit::Column(column), unit.factor)),
            };
        }
        match stated_unit::read(header, self.units) {
            StatedUnit::Stated(unit) => return self.fixed(at, name, unit, Origin::Header),
            StatedUnit::Open(OpenUnit { phrase, why, candidates }) => {
                return Err(self.unit_question(name, (self.header_line, phrase), why, candidates));
            }
            StatedUnit::None | StatedUnit::Scale(..) | StatedUnit::Mentioned(_) => {}
        }
        match self.title_unit(at) {
            Some((line, unit)) => self.fixed(at, name, unit, Origin::Title(line)),
            None => self.beside_numbers(at, name),
        }
    }

    /// The unit that holds for the whole column, if no cell names another.
    fn fixed(&self, at: usize, name: &str, unit: ScaledUnit, origin: Origin) -> Result<ColumnUnit, Error> {
        let agrees = |affix: &&CountedText| {
            // `5 EUR` in a column of millions may be five euros.
            let is_scaled = unit.factor != Decimal::ONE && origin != Origin::Option;
            may_mean(&affix.text, &unit.unit, self.units) && !is_scaled
        };
        let Some(other) = self.profiles[at].affixes.all().iter().find(|affix| !agrees(affix)) else {
            return Ok(ColumnUnit::new(PlannedUnit::Fixed(unit.unit), unit.factor));
        };
        let said = match origin {
            Origin::Option => format!("`--unit` says {unit}"),
            Origin::Header => format!("the header says {unit}"),
            Origin::Title(line) => format!("line {line} says {unit}"),
        };
        let why = format!("it is written beside a number, and {said}");
        let mut candidates = vec![format!("@{name}")];
        if may_mean(&other.text, &unit.unit, self.units) {
            candidates.push(unit.to_string());
        }
        Err(self.unit_question(name, (other.first_line, &other.text), &why, candidates))
    }

    /// The unit in another column of the row, or in the cell itself where the column is its own.
    fn of_column(&self, at: usize, name: &str, names: &[String], column: &str) -> Result<ColumnUnit, Error> {
        let header = &self.headers[at];
        let index = names.iter().zip(self.headers).position(|(name, header)| *name == column || *header == column);
        // The rows say the currency, the header perhaps the scale: `Amount (EUR million)`.
        let stated = match stated_unit::read(header, self.units) {
            StatedUnit::Stated(unit) => (unit.unit.to_string(), unit.factor),
            StatedUnit::Scale(_, factor) => (String::new(), factor),
            _ => (String::new(), Decimal::ONE),
        };
        let mut beside = self.units_beside(at);
        if index == Some(at) {
            if let Some(other) =
                self.profiles[at].affixes.all().iter().find(|affix| !beside.of_words.contains_key(&affix.text))
            {
                let why = "it is the sign of several units, or of none that is known";
                return Err(self.unit_question(
                    name,
                    (other.first_line, &other.text),
                    why,
                    units_of_sign(&other.text, self.units),
                ));
            }
            beside.of_bare = stated.0;
            return Ok(ColumnUnit { unit: PlannedUnit::Cells, factor: stated.1, beside });
        }
        Ok(ColumnUnit { unit: index.map_or(PlannedUnit::None, PlannedUnit::Column), factor: stated.1, beside })
    }

    /// The units that the signs and words beside its numbers mean, as far as each means one alone.
    fn units_beside(&self, at: usize) -> UnitsBeside {
        let unit = |affix: &CountedText| {
            let unit = parse_unit(&affix.text, self.units).filter(|unit| unit.factor == Decimal::ONE)?;
            Some((affix.text.clone(), unit.unit.to_string()))
        };
        let of_words = self.profiles[at].affixes.all().iter().filter_map(unit).collect();
        UnitsBeside { of_words, of_bare: String::new() }
    }

    /// The unit that is written beside every number.
    fn beside_numbers(&self, at: usize, name: &str) -> Result<ColumnUnit, Error> {
        let profile = &self.profiles[at];
        let affixes = profile.affixes.all();
        let is_everywhere = affixes.iter().map(|affix| affix.count).sum::<u64>() == profile.readings.numbers();
        let beside = self.units_beside(at);
        let unknown = affixes.iter().find(|affix| !beside.of_words.contains_key(&affix.text));
        match (affixes, unknown) {
            ([], _) => Ok(ColumnUnit::none()),
            (_, Some(unknown)) => {
                let (why, units) = match units_of_sign(&unknown.text, self.units) {
                    units if unknown.text.contains(super::numeric::CURRENCY_SIGNS) => {
                        ("it is the sign of several currencies", units)
                    }
                    _ => ("no unit that is known", Vec::new()),
                };
                Err(self.unit_question(name, (unknown.first_line, &unknown.text), why, units))
            }
            ([only], None) if is_everywhere => {
                let unit = parse_unit(&only.text, self.units).map(|unit| PlannedUnit::Fixed(unit.unit));
                Ok(ColumnUnit::new(unit.unwrap_or(PlannedUnit::None), Decimal::ONE))
            }
            (_, None) if is_everywhere => Ok(ColumnUnit { unit: PlannedUnit::Cells, factor: Decimal::ONE, beside }),
            ([first, ..], None) => {
                let why = "it is written beside some numbers of the column and not beside others";
                let units = vec![beside.of_words[&first.text].clone(), format!("@{name}")];
                Err(self.unit_question(name, (first.first_line, &first.text), why, units))
            }
        }
    }

    fn unit_question(&self, name: &str, (line, text): (u64, &str), why: &str, candidates: Vec<String>) -> Error {
        let candidates = if candidates.is_empty() { units_of_sign(text, self.units) } else { candidates };
        let message = format!("the unit of `{name}` is open: `{text}`: {why}");
        let own = format!("@{name}");
        let example = candidates.iter().find(|candidate| **candidate != own).map_or("USD", String::as_str);
        let quote = if example.contains(' ') { "'" } else { "" };
        let mut help = format!("say it by `--unit {name}={quote}{example}{quote}`");
        if candidates.contains(&own) {
            help = format!("`--unit {name}={own}` takes the unit beside each number");
        }
        help.push_str(&format!(", or `--unit {name}=none` for numbers without one"));
        let label = |value: String| {
            if value == own {
                Choice { label: "each number has the unit beside it".to_owned(), value }
            } else {
                Choice::plain(value)
            }
        };
        let mut choices: Vec<Choice> = candidates.iter().cloned().map(label).collect();
        choices.push(Choice { label: "none: the numbers have no unit".to_owned(), value: "none".to_owned() });
        let question = Question {
            option: AskedOption::Unit,
            column: Some(name.to_owned()),
            cells: vec![(line, text.to_owned())],
            choices,
            takes_text: true,
        };
        self.file.asked(Some((line, text)), &message, &help, question)
    }
}

/// Units that a table states and no number takes.
impl Findings<'_> {
    /// The unit that a line above states for a column, and the line.
    fn title_unit(&self, at: usize) -> Option<(u64, ScaledUnit)> {
        let title = self.title.get_or_init(|| self.find_title()).as_ref()?;
        title.columns.contains(&at).then(|| (title.line, title.unit.clone()))
    }

    /// The unit that a line above states, with the columns that take it: where no column has one of its own, and only one lacks it or all
    /// that do are years.
    fn find_title(&self) -> Option<TitleUnit> {
        let (line, unit) = self.title()?;
        let names = header::names(self.headers);
        let all = 0..self.headers.len();
        if all.clone().any(|at| self.has_stated_unit(at, &names[at])) {
            return None;
        }
        let open: BTreeSet<usize> = all.filter(|at| self.is_open(*at, &names[*at])).collect();
        let is_clear = open.len() == 1 || open.iter().all(|at| super::numeric::is_year(&self.headers[*at]));
        is_clear.then_some(TitleUnit { line, unit, columns: open })
    }

    /// True for a column of numbers to which its header, its cells or an option give a unit.
    fn has_stated_unit(&self, at: usize, name: &str) -> bool {
        let option = self.options.unit_of(name, &self.headers[at], self.units);
        let is_stated = || {
            let stated = stated_unit::read(&self.headers[at], self.units);
            matches!(stated, StatedUnit::Stated(_) | StatedUnit::Open(_)) || !self.profiles[at].affixes.all().is_empty()
        };
        match option {
            Ok(None) => self.profiles[at].readings.numbers() > 0 && (is_stated() || self.shape.unit_of(at).is_some()),
            Ok(Some(UnitOption::None)) => false,
            Ok(Some(_)) | Err(_) => true,
        }
    }

    /// What a reader is told of a unit that a line above gave a column.
    pub(super) fn title_remark(&self, at: usize, name: &str, kind: &PlannedKind) -> Option<String> {
        let is_quantity = matches!(kind, PlannedKind::Quantity(_))
            && matches!(self.options.unit_of(name, &self.headers[at], self.units), Ok(None));
        let (line, unit) = self.title_unit(at).filter(|_| is_quantity)?;
        Some(format!("`{name}` is in {unit}, by line {line}"))
    }

    /// The only unit that the lines above state, and the first line that does.
    fn title(&self) -> Option<(u64, ScaledUnit)> {
        let stated = |note: &NoteLine| Some((note.line, stated_unit::of_title(&note.text, self.units)?));
        let mut all = self.above.iter().take(MAX_TITLES).filter_map(stated);
        let first = all.next()?;
        all.all(|(_, unit)| unit == first.1).then_some(first)
    }

    /// True for a column of numbers that needs a unit, and that nothing gives one.
    fn is_open(&self, at: usize, name: &str) -> bool {
        let (header, profile) = (&self.headers[at], &self.profiles[at]);
        let is_number = matches!(profile.evidence(&|_| false), Evidence::Numbers(_) | Evidence::Ambiguous);
        let is_text = matches!(self.options.type_of(name, header), Some(ColumnType::Text | ColumnType::Date));
        is_number
            && !is_text
            && Self::needs_unit(name, profile)
            && matches!(self.options.unit_of(name, header, self.units), Ok(None))
            && self.shape.unit_of(at).is_none()
            && profile.affixes.all().is_empty()
            && !matches!(stated_unit::read(header, self.units), StatedUnit::Stated(_) | StatedUnit::Open(_))
    }

    /// True for a column that is neither of years nor of identifiers nor of flags.
    fn needs_unit(name: &str, profile: &ColumnProfile) -> bool {
        !profile.are_all_years() && !profile.are_all_flagged() && !header::is_identifier(name)
    }

    /// The doubts about units that the table states and its columns do not have.
    pub(super) fn unit_doubts(&self, columns: &[ColumnPlan]) -> Vec<String> {
        let mut doubts: Vec<String> = columns.iter().filter_map(|column| self.header_doubt(column)).collect();
        doubts.extend(self.title_doubt(columns));
        let without: Vec<String> = self.shape.without_unit().map(|name| format!("`{name}`")).collect();
        if let Some(first) = without.first() {
            let (listed, more) =
                (without.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", "), without.len() > MAX_NAMED);
            let more = if more { format!(" and {} more", without.len() - MAX_NAMED) } else { String::new() };
            let code = first.trim_matches('`');
            doubts.push(format!(
                "the rows of {listed}{more} have no unit, for the book has none of that name: `--new-unit {code}=currency:NAME` adds one"
            ));
        }
        doubts.extend(columns.iter().filter_map(|column| self.unused_currency(column, columns)));
        doubts
    }

    /// The doubt about a column without a unit whose header names a currency or a scale.
    fn header_doubt(&self, column: &ColumnPlan) -> Option<String> {
        let is_open = self.has_no_unit(column);
        let (name, header) = (&column.name, &column.header);
        match stated_unit::read(header, self.units) {
            StatedUnit::Mentioned(word) if is_open => Some(format!(
                "`{name}` has no unit, and its header names `{word}`: `--unit {name}={}` gives one, `--unit {name}=none` says that there is \
                 none",
                stated_unit::candidate(word, self.units)
            )),
            StatedUnit::Scale(word, factor) if is_open => Some(format!(
                "the header of `{name}` says `{word}`, and its numbers are as they are written: `--unit {name}='CODE{}'` gives a unit with \
                 its scale, `--unit {name}=none` says that there is none",
                scale_word(factor)
            )),
            StatedUnit::Stated(unit) if matches!(column.kind, PlannedKind::Real(_)) => {
                Some(format!("`{name}` is of type real, which has no unit: its header says {unit}"))
            }
            _ => None,
        }
    }

    /// True if a column of numbers has no unit, and none was said to be right.
    fn has_no_unit(&self, column: &ColumnPlan) -> bool {
        let is_number = match &column.kind {
            PlannedKind::Quantity(plan) => plan.unit == PlannedUnit::None,
            PlannedKind::Integer(_) | PlannedKind::Real(_) => true,
            PlannedKind::Text | PlannedKind::Date(_) => false,
        };
        is_number
            && Self::needs_unit(&column.name, &self.profiles[column.index])
            && matches!(self.options.unit_of(&column.name, &column.header, self.units), Ok(None))
    }

    /// The doubt about a line above the table that states a unit which its numbers do not have, or not with its scale.
    fn title_doubt(&self, columns: &[ColumnPlan]) -> Option<String> {
        let Some((line, unit)) = self.title() else { return self.note_doubt(columns) };
        let takes_it = |column: &ColumnPlan| matches!(&column.kind, PlannedKind::Quantity(plan) if plan.unit == PlannedUnit::Fixed(unit.unit.clone()) && plan.factor == unit.factor);
        if columns.iter().any(takes_it) {
            return None;
        }
        let open = columns.iter().find(|column| self.has_no_unit(column));
        if let Some(open) = open {
            let name = &open.name;
            return Some(format!(
                "line {line} says {unit}, and `{name}` has no unit: `--unit {name}='{unit}'` gives it that one, `--unit {name}=none` none"
            ));
        }
        let is_unscaled = |column: &&ColumnPlan| {
            matches!(&column.kind, PlannedKind::Quantity(plan) if plan.unit == PlannedUnit::Fixed(unit.unit.clone()) && plan.factor != unit.factor)
                && matches!(self.options.unit_of(&column.name, &column.header, self.units), Ok(None))
        };
        let other = columns.iter().find(is_unscaled)?;
        let name = &other.name;
        Some(format!(
            "line {line} says {unit}, and the header of `{name}` {}: `--unit {name}='{unit}'` takes that of the line",
            unit.unit
        ))
    }

    /// The doubt about a line outside of the records that names a unit or a scale, and leaves it open or stands below.
    fn note_doubt(&self, columns: &[ColumnPlan]) -> Option<String> {
        let open = columns.iter().find(|column| self.has_no_unit(column))?;
        let has_unit =
            |column: &ColumnPlan| matches!(&column.kind, PlannedKind::Quantity(plan) if plan.unit != PlannedUnit::None);
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

    /// The doubt about a column of currencies that no number takes for its unit: a sum would add them up.
    fn unused_currency(&self, column: &ColumnPlan, columns: &[ColumnPlan]) -> Option<String> {
        let is_unit = |of: &ColumnPlan| matches!(&of.kind, PlannedKind::Quantity(of) if of.unit == PlannedUnit::Column(column.index));
        if column.kind != PlannedKind::Text || columns.iter().any(is_unit) || !self.are_units(column) {
            return None;
        }
        let is_open = |other: &&ColumnPlan| !matches!(other.kind, PlannedKind::Real(_)) && self.has_no_unit(other);
        let open = || columns.iter().filter(is_open);
        let alike = |other: &ColumnPlan| {
            column.name.split('_').filter(|word| other.name.split('_').any(|part| part == *word)).count()
        };
        let distance = |other: &&ColumnPlan| {
            (stated_unit::is_rate(&other.name), Reverse(alike(other)), other.index.abs_diff(column.index))
        };
        let nearest = open().min_by_key(distance)?;
        let (currency, number) = (&column.name, &nearest.name);
        let texts = self.profiles[column.index].texts.all();
        let is_code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_unknown = |found: &&CountedText| self.units.get(&found.text).is_none() && is_code(&found.text);
        let unknown: Vec<String> =
            texts.iter().filter(is_unknown).take(MAX_NAMED).map(|found| format!("`{}`", found.text)).collect();
        let lacks = match unknown.first() {
            None => String::new(),
            Some(first) => {
                let code = first.trim_matches('`');
                format!(" once the book has {} (`--new-unit {code}=currency:NAME`)", unknown.join(", "))
            }
        };
        Some(format!(
            "`{currency}` has currencies, and no number takes them: `--unit {number}=@{currency}` does{lacks}, `--unit {number}=none` says \
             that they are none of its units"
        ))
    }

    /// True for a column of currencies: most of its texts are some of the book, or its header says so and some are.
    fn are_units(&self, column: &ColumnPlan) -> bool {
        let texts = &self.profiles[column.index].texts;
        let (mut known, mut unknown) = (0, 0);
        for found in texts.all().iter().filter(|found| marks::reason(&found.text).is_none()) {
            let is_known = is_currency(&found.text, self.units)
                || is_currency(&found.text.to_uppercase(), self.units) && found.text.len() == 3
                || parse_unit(&found.text, self.units)
                    .is_some_and(|unit| unit.unit.powers().all(|(code, _)| is_currency(code, self.units)));
            *(if is_known { &mut known } else { &mut unknown }) += 1;
        }
        let lower = column.name.to_lowercase();
        let is_called_so = UNIT_HEADERS.iter().any(|word| lower.split('_').any(|part| part == *word));
        !texts.is_full
            && (known > 0 && (unknown == 0 || is_called_so || known > unknown)
                || is_called_so && lower.contains("currency") && unknown > 0)
    }
}
