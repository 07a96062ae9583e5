//! The unit of each column of numbers: by an option, by its header, by a line above the table, or by what is written beside every number.
//! Where these leave it open or do not agree, it is asked.

use super::column::{ColumnProfile, CountedText};
use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit, QuantityPlan, UnitsBeside};
use super::findings::Findings;
use super::marks;
use super::options::UnitOption;
use super::stated_unit::{self, OpenUnit, StatedUnit, units_of_sign};
use super::unit_phrase::{ScaledUnit, is_currency, may_mean, parse_unit, read_measure, scale_word};
use crate::error::{AskedOption, Choice, Error, Question};
use crate::quantity::human;
use rust_decimal::Decimal;
use std::cmp::Reverse;

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

    /// The unit of the whole column, as an option writes it.
    pub(super) fn fixed_unit(&self) -> Option<String> {
        match &self.unit {
            PlannedUnit::Fixed(unit) => Some(unit.to_string()),
            _ => None,
        }
    }

    fn none() -> Self {
        Self::new(PlannedUnit::None, Decimal::ONE)
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
        let scale = match &self.stated[at] {
            StatedUnit::Stated(unit) => return self.fixed(at, name, unit.clone(), Origin::Header),
            StatedUnit::Open(OpenUnit { phrase, why, candidates }) => {
                return Err(self.unit_question(name, (self.header_line, phrase), why, candidates.clone()));
            }
            StatedUnit::Scale(word, factor) => Some((*word, *factor)),
            StatedUnit::None | StatedUnit::Mentioned(_) => None,
        };
        match (self.title_unit(at), scale) {
            (Some((line, unit)), None) => self.fixed(at, name, unit, Origin::Title(line)),
            (Some((line, unit)), Some((_, factor))) if unit.factor == Decimal::ONE => {
                self.fixed(at, name, ScaledUnit { factor, ..unit }, Origin::Title(line))
            }
            (Some((line, unit)), Some((word, factor))) => {
                let why = format!("it is a scale, and line {line} says {unit}");
                let candidates = vec![unit.to_string(), ScaledUnit { factor, ..unit }.to_string()];
                Err(self.unit_question(name, (self.header_line, word), &why, candidates))
            }
            (None, scale) => self.beside_numbers(at, name, scale),
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
        let candidates = if may_mean(&other.text, &unit.unit, self.units) {
            vec![unit.to_string(), unit.unit.to_string()]
        } else {
            vec![format!("@{name}")]
        };
        Err(self.unit_question(name, (other.first_line, &other.text), &why, candidates))
    }

    /// The unit in another column of the row, or in the cell itself where the column is its own.
    fn of_column(&self, at: usize, name: &str, names: &[String], column: &str) -> Result<ColumnUnit, Error> {
        let header = &self.headers[at];
        let index = names.iter().zip(self.headers).position(|(name, header)| *name == column || *header == column);
        // The rows say the currency, the header perhaps the scale: `Amount (EUR million)`.
        let stated = match &self.stated[at] {
            StatedUnit::Stated(unit) => (unit.unit.to_string(), unit.factor),
            StatedUnit::Scale(_, factor) => (String::new(), *factor),
            _ => (String::new(), Decimal::ONE),
        };
        let mut beside = self.units_beside(at);
        if index == Some(at) {
            if let Some(other) =
                self.profiles[at].affixes.all().iter().find(|affix| !beside.of_words.contains_key(&affix.text))
            {
                if let Some(error) = self.mixed_sign(at, name, other) {
                    return Err(error);
                }
                let why = "it is the sign of several units, or of none that is known";
                return Err(self.unit_question(
                    name,
                    (other.first_line, &other.text),
                    why,
                    units_of_sign(&other.text, self.units),
                ));
            }
            if stated.1 != Decimal::ONE {
                let why = "it is a scale, and units are written beside the numbers";
                let unit = |code: &String| [format!("{code}{}", scale_word(stated.1)), code.clone()];
                let candidates = beside.of_words.values().next().map(unit).into_iter().flatten().collect();
                return Err(self.unit_question(name, (self.header_line, header), why, candidates));
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
    fn beside_numbers(&self, at: usize, name: &str, scale: Option<(&str, Decimal)>) -> Result<ColumnUnit, Error> {
        let profile = &self.profiles[at];
        let affixes = profile.affixes.all();
        if let (Some((word, factor)), [first, ..]) = (scale, affixes) {
            let why = format!("it may scale the numbers, beside which `{}` is written", first.text);
            let unit = parse_unit(&first.text, self.units).map(|unit| [ScaledUnit { factor, ..unit.clone() }, unit]);
            let candidates = unit.into_iter().flatten().map(|unit| unit.to_string()).collect();
            return Err(self.unit_question(name, (self.header_line, word), &why, candidates));
        }
        let is_everywhere = affixes.iter().map(|affix| affix.count).sum::<u64>() == profile.readings.numbers();
        let beside = self.units_beside(at);
        let unknown = affixes.iter().find(|affix| !beside.of_words.contains_key(&affix.text));
        match (affixes, unknown) {
            ([], _) => Ok(ColumnUnit::none()),
            (_, Some(unknown)) => {
                if let Some(error) = self.mixed_sign(at, name, unknown) {
                    return Err(error);
                }
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

    /// The error of a sign of several currencies beside some numbers, where others of the column have another one: no unit fits all.
    fn mixed_sign(&self, at: usize, name: &str, sign: &CountedText) -> Option<Error> {
        let affixes = self.profiles[at].affixes.all();
        let fits_all = |code: &String| {
            let unit = parse_unit(code, self.units);
            unit.is_some_and(|unit| affixes.iter().all(|affix| may_mean(&affix.text, &unit.unit, self.units)))
        };
        let (text, line) = (&sign.text, sign.first_line);
        if !text.contains(super::numeric::CURRENCY_SIGNS) || units_of_sign(text, self.units).iter().any(fits_all) {
            return None;
        }
        let message = format!(
            "the unit of `{name}` is open: `{text}` is the sign of several currencies, and other cells have another"
        );
        let help = format!(
            "write its code into the file, as `USD 5` for `{text}5`, so that each cell has its own; `--type {name}=text` keeps all as written"
        );
        Some(self.file.undecided(Some((line, text)), &message, &help))
    }

    pub(super) fn unit_question(
        &self,
        name: &str,
        (line, text): (u64, &str),
        why: &str,
        candidates: Vec<String>,
    ) -> Error {
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
    /// The doubts about units that the table states and its columns do not have.
    pub(super) fn unit_doubts(&self, columns: &[ColumnPlan]) -> Vec<String> {
        let mut doubts: Vec<String> = columns.iter().filter_map(|column| self.header_doubt(column)).collect();
        doubts.extend(self.unit_row_doubt());
        doubts.extend(self.title_doubt(columns));
        doubts.extend(self.multiplier_doubt(columns));
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

    /// The doubt about a first row that has units where other rows have numbers: it is a second line of the header.
    fn unit_row_doubt(&self) -> Option<String> {
        let line = self.header_line + 1;
        let is_unit = |found: &CountedText| {
            let text = found.text.trim_matches(['(', ')', '[', ']']);
            found.first_line == line && read_measure(text, self.units).is_some()
        };
        let has_unit =
            |profile: &&ColumnProfile| profile.readings.numbers() > 0 && profile.texts.all().iter().any(is_unit);
        self.profiles.iter().find(has_unit)?;
        let header = self.header_line;
        Some(format!(
            "line {line} has units where other rows have numbers: `--header-row {header}-{line}` takes it into the header"
        ))
    }

    /// The doubt about a column without a unit whose header names a currency or a scale.
    fn header_doubt(&self, column: &ColumnPlan) -> Option<String> {
        let is_open = self.has_no_unit(column);
        let (name, header) = (&column.name, &column.header);
        match &self.stated[column.index] {
            StatedUnit::Mentioned(word) if is_open => Some(format!(
                "`{name}` has no unit, and its header names `{word}`: `--unit {name}={}` gives one, `--unit {name}=none` says that there is \
                 none",
                stated_unit::candidate(header, word, self.units)
            )),
            StatedUnit::Scale(word, factor) if is_open => Some(format!(
                "the header of `{name}` says `{word}`, and its numbers are as they are written: `--unit {name}='CODE{}'` gives a unit with \
                 its scale, `--unit {name}=none` says that there is none",
                scale_word(*factor)
            )),
            StatedUnit::Stated(unit) if self.is_said_otherwise(column, unit) => Some(format!(
                "the header of `{name}` says {unit}, and `--unit` another: leave the option out, or import it with the unit that is right"
            )),
            StatedUnit::Stated(unit) if matches!(column.kind, PlannedKind::Real(_)) => {
                Some(format!("`{name}` is of type real, which has no unit: its header says {unit}"))
            }
            StatedUnit::Stated(unit) if column.kind == PlannedKind::Text && self.has_numbers(column) => Some(format!(
                "`{name}` is text, and its header says {unit}: `--type {name}=decimal` makes what fits no number unknown"
            )),
            StatedUnit::None if is_open && self.is_only_code(header) => Some(format!(
                "`{name}` has no unit, and its header may be one: `--unit {name}={header}` takes it, `--unit {name}=none` says that there is none"
            )),
            _ if matches!(column.kind, PlannedKind::Real(_)) => {
                let beside = self.profiles[column.index].affixes.all().first()?;
                Some(format!(
                    "`{name}` is of type real, which has no unit: `{}` is written beside its numbers",
                    beside.text
                ))
            }
            _ => None,
        }
    }

    /// The remark on a column whose header has a unit for its numbers, and words for what they are counted by that are no part of it:
    /// `Price per m² (EUR)`.
    pub(super) fn per_remark(&self, column: &ColumnPlan) -> Option<String> {
        let PlannedKind::Quantity(QuantityPlan { unit: PlannedUnit::Fixed(unit), .. }) = &column.kind else {
            return None;
        };
        if !matches!(&self.stated[column.index], StatedUnit::Stated(_)) || unit.powers().any(|(_, power)| power < 0) {
            return None;
        }
        let per = stated_unit::per_words(&column.header)?;
        let name = &column.name;
        Some(format!("`{name}` is in {unit} by its header; `{per}` stays in its name, and is no part of the unit"))
    }

    /// The remark on a column whose header names a scale, by which its numbers are multiplied; an option has said so itself.
    pub(super) fn scale_remark(&self, at: usize, name: &str, kind: &PlannedKind) -> Option<String> {
        let PlannedKind::Quantity(QuantityPlan { factor, .. }) = kind else { return None };
        let is_said =
            matches!(self.options.unit_of(name, &self.headers[at], self.units), Ok(Some(UnitOption::Fixed(_))));
        let is_by_header = match &self.stated[at] {
            StatedUnit::Stated(unit) => unit.factor == *factor,
            StatedUnit::Scale(_, scale) => scale == factor,
            _ => false,
        };
        (is_by_header && !is_said && *factor != Decimal::ONE).then(|| {
            let factor = human::group_digits(*factor, None);
            format!("`{name}`: each number is multiplied by {factor}, as its name says")
        })
    }

    /// True for a column to which an option gives one unit, and its header another.
    fn is_said_otherwise(&self, column: &ColumnPlan, stated: &ScaledUnit) -> bool {
        let option = self.options.unit_of(&column.name, &column.header, self.units);
        matches!(option, Ok(Some(UnitOption::Fixed(said))) if said.unit != stated.unit)
    }

    /// True for a column of text, not by an option, that has numbers.
    fn has_numbers(&self, column: &ColumnPlan) -> bool {
        self.options.type_of(&column.name, &column.header).is_none()
            && self.profiles[column.index].readings.numbers() > 0
    }

    /// True for a header that is the code of a currency, and the only one: several are those of a table of rates.
    fn is_only_code(&self, header: &str) -> bool {
        is_currency(header, self.units)
            && self.headers.iter().filter(|header| is_currency(header, self.units)).count() == 1
    }

    /// The doubt about a column of currencies beside numbers that are taken in another one.
    fn other_currency(&self, column: &ColumnPlan, columns: &[ColumnPlan]) -> Option<String> {
        let unit_of = |of: &ColumnPlan| match &of.kind {
            PlannedKind::Quantity(plan) => match &plan.unit {
                PlannedUnit::Fixed(unit) if is_currency(&unit.to_string(), self.units) => Some(unit.to_string()),
                _ => None,
            },
            _ => None,
        };
        let nearest =
            columns.iter().filter(|of| unit_of(of).is_some()).min_by_key(|of| of.index.abs_diff(column.index))?;
        let unit = unit_of(nearest)?;
        let texts = self.profiles[column.index].texts.all();
        let other = texts.iter().find(|found| is_currency(&found.text, self.units) && found.text != unit)?;
        let (currency, number, text, line) = (&column.name, &nearest.name, &other.text, other.first_line);
        Some(format!(
            "`{currency}` has `{text}` on line {line}, and `{number}` is taken in {unit}: `--unit {number}=@{currency}` takes the unit of the row"
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
        let Some(nearest) = open().min_by_key(distance) else { return self.other_currency(column, columns) };
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
