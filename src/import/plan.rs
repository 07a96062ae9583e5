//! The type, unit and storage of each column, as they follow from all of its cells, its header and the options; and the questions that
//! these leave open.

use super::column::{ColumnProfile, Evidence};
use super::date::{self, DateEvidence};
use super::file::ImportFile;
use super::header::{self, ScaledUnit};
use super::marks;
use super::numeric::{self, DecimalMark};
use super::options::{ColumnType, DecimalOption, ImportOptions, UnitOption};
use super::shape::Shape;
use super::stage::{self, StagePlan};
use crate::error::{AskedOption, Choice, Error, Question};
use crate::quantity::{Unit, UnitRegistry};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The most digits of a whole number that every 64-bit integer holds.
const MAX_INTEGER_DIGITS: u32 = 18;

/// The most places behind the point that are kept as a whole number of smallest parts.
const MAX_MINOR_PLACES: u32 = 12;

/// A column of the table to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnPlan {
    /// Its place among the cells of a record.
    pub(super) index: usize,
    /// Its name in SQL.
    pub(super) name: String,
    /// The beginning of the names of the plain columns that hold it: its name, but where another column has the name of one.
    pub(super) stem: String,
    /// Its header as written.
    pub(super) header: String,
    /// The kind of its cells.
    pub(super) kind: PlannedKind,
}

/// The kind of the cells of a column, and how they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlannedKind {
    /// Text as written, without the blanks around it.
    Text,
    /// Whole numbers without a unit, all of them written.
    Integer(DecimalMark),
    /// Floating-point numbers.
    Real(DecimalMark),
    /// Dates, stored in ISO 8601.
    Date(DatePlan),
    /// Exact numbers with a unit, or with places behind the point, or of which some are unknown.
    Quantity(QuantityPlan),
}

/// A column of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DatePlan {
    /// The format of its cells; `None` where all are in ISO 8601.
    pub(super) format: Option<String>,
    /// True if what is written in a cell may differ from the date that is stored.
    pub(super) has_written: bool,
}

/// A column of quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuantityPlan {
    /// The decimal mark of its cells.
    pub(super) mark: DecimalMark,
    /// The unit of its numbers.
    pub(super) unit: PlannedUnit,
    /// The factor of each cell: a million in `EUR million`.
    pub(super) factor: Decimal,
    /// The places behind the point that are stored; `None` where the numbers are stored as decimal text.
    pub(super) places: Option<u32>,
    /// True if a cell is unknown, by a mark or because it fits nothing.
    pub(super) has_unknown: bool,
    /// True if a cell is a bound.
    pub(super) has_bounds: bool,
}

/// The place of a number's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlannedUnit {
    /// There is none.
    None,
    /// The same for the whole column.
    Fixed(Unit),
    /// In another column of its row, by index.
    Column(usize),
}

/// The plan of all columns, and what was decided on weak grounds.
#[derive(Debug, Clone, Default)]
pub(super) struct TablePlan {
    /// The columns, in the order of the file.
    pub(super) columns: Vec<ColumnPlan>,
    /// The decisions on weak grounds, a sentence each.
    pub(super) doubts: Vec<String>,
    /// The stage of the numbers.
    pub(super) stage: StagePlan,
    /// The rows that are totals, by their numbers, in order.
    pub(super) totals: Vec<u64>,
    /// The lines of rows that are called totals and are no sums.
    pub(super) unproved: Vec<u64>,
}

impl TablePlan {
    /// The column of a name or header.
    pub(super) fn column(&self, column: &str) -> Option<&ColumnPlan> {
        self.columns.iter().find(|known| known.name == column || known.header == column)
    }

    /// The columns that name a row: of texts, of dates and of years, by index among the cells.
    pub(super) fn labels(&self, profiles: &[ColumnProfile]) -> Vec<usize> {
        let is_label = |column: &&ColumnPlan| match column.kind {
            PlannedKind::Text | PlannedKind::Date(_) => true,
            PlannedKind::Integer(_) => profiles[column.index].are_all_years(),
            PlannedKind::Real(_) | PlannedKind::Quantity(_) => false,
        };
        self.columns.iter().filter(is_label).map(|column| column.index).collect()
    }

    /// Makes quantities of whole numbers that totals add up: a quantity leads to its row, so that a sum can leave totals out. A column
    /// whose type is asked for stays.
    pub(super) fn trace_totals(&mut self, added_up: &BTreeSet<usize>, options: &ImportOptions) {
        for column in self.columns.iter_mut().filter(|column| added_up.contains(&column.index)) {
            let PlannedKind::Integer(mark) = column.kind else { continue };
            if options.type_of(&column.name, &column.header).is_some() {
                let name = &column.name;
                self.doubts.push(format!(
                    "`{name}` is plain: a sum of it takes in the totals, unless `not is_total` leaves them out"
                ));
                continue;
            }
            column.kind = PlannedKind::Quantity(QuantityPlan {
                mark,
                unit: PlannedUnit::None,
                factor: Decimal::ONE,
                places: Some(0),
                has_unknown: false,
                has_bounds: false,
            });
        }
    }
}

/// The evidence on a table before its columns are decided.
pub(super) struct Findings<'f> {
    /// The file.
    pub(super) file: &'f ImportFile,
    /// The last line of the header.
    pub(super) header_line: u64,
    /// The header of each column.
    pub(super) headers: &'f [String],
    /// The counts of each, after every row.
    pub(super) profiles: &'f [ColumnProfile],
    /// The units of the book.
    pub(super) units: &'f UnitRegistry,
    /// The options.
    pub(super) options: &'f ImportOptions,
    /// The shape of the rows.
    pub(super) shape: &'f Shape,
}

/// The endings of the plain columns that hold one column.
const ENDINGS: [&str; 7] = ["minor", "decimal", "unit", "reason", "bound", "written", "from"];

/// The beginning of the names of the plain columns for a column among others: `amount` may have `amount_unit` beside it.
pub(super) fn stem(name: &str, names: &[String]) -> String {
    let is_taken = |stem: &str| ENDINGS.iter().any(|ending| names.contains(&format!("{stem}_{ending}")));
    let mut stem = name.to_owned();
    while is_taken(&stem) {
        stem.push('_');
    }
    stem
}

impl Findings<'_> {
    /// Decides every column.
    ///
    /// # Errors
    /// One can be read in two ways; an option names what is not there.
    pub(super) fn plan(&self) -> Result<TablePlan, Error> {
        let names = header::names(self.headers);
        self.options.check_columns(&names, self.headers)?;
        let mut plan = TablePlan::default();
        for (at, name) in names.iter().enumerate() {
            if self.headers[at].is_empty() && self.profiles[at].evidence(&|_| false) == Evidence::Empty {
                continue;
            }
            let kind = self.kind(at, name, &names, &mut plan.doubts)?;
            let (stem, header) = (stem(name, &names), self.headers[at].clone());
            plan.columns.push(ColumnPlan { index: at, name: name.clone(), stem, header, kind });
        }
        let unused: Vec<String> =
            plan.columns.iter().filter_map(|column| self.unused_currency(column, &plan)).collect();
        plan.doubts.extend(unused);
        Ok(plan)
    }

    /// The doubt about a column of currencies that no number takes for its unit: a sum would add them up.
    fn unused_currency(&self, column: &ColumnPlan, plan: &TablePlan) -> Option<String> {
        let texts = &self.profiles[column.index].texts;
        let is_currency = |text: &str| self.units.get(text).is_some_and(|unit| unit.kind.as_str() == "currency");
        let are_currencies = !texts.is_full
            && texts.all().iter().any(|found| is_currency(&found.text))
            && texts.all().iter().all(|found| is_currency(&found.text) || marks::reason(&found.text).is_some());
        let is_unit = |of: &ColumnPlan| matches!(&of.kind, PlannedKind::Quantity(of) if of.unit == PlannedUnit::Column(column.index));
        if column.kind != PlannedKind::Text || !are_currencies || plan.columns.iter().any(is_unit) {
            return None;
        }
        let is_open = |other: &&ColumnPlan| {
            let has_no_unit = match &other.kind {
                PlannedKind::Quantity(plan) => plan.unit == PlannedUnit::None,
                PlannedKind::Integer(_) => !self.profiles[other.index].are_all_years(),
                _ => false,
            };
            has_no_unit
                && !header::is_identifier(&other.name)
                && matches!(self.options.unit_of(&other.name, &other.header, self.units), Ok(None))
        };
        let nearest = plan.columns.iter().filter(is_open).min_by_key(|other| other.index.abs_diff(column.index))?;
        let (currency, number) = (&column.name, &nearest.name);
        Some(format!(
            "`{currency}` has currencies, and no number takes them: `--unit {number}=@{currency}` does, `--unit {number}=none` says that \
             they are none of its units"
        ))
    }

    fn kind(&self, at: usize, name: &str, names: &[String], doubts: &mut Vec<String>) -> Result<PlannedKind, Error> {
        let (profile, header) = (&self.profiles[at], &self.headers[at]);
        let wanted = self.options.type_of(name, header);
        if wanted == Some(ColumnType::Text) {
            return Ok(PlannedKind::Text);
        }
        if let Some(format) = self.options.date_of(name, header)? {
            return Ok(PlannedKind::Date(DatePlan { format: Some(format.to_owned()), has_written: true }));
        }
        let is_mark = |text: &str| self.options.missing_reason(name, header, text).is_some();
        let is_number = matches!(wanted, Some(ColumnType::Integer | ColumnType::Decimal | ColumnType::Real));
        let mark = match profile.evidence(&is_mark) {
            Evidence::Dates(dates) if !is_number => return self.dates(name, profile, dates),
            Evidence::Empty if wanted == Some(ColumnType::Date) => return Ok(PlannedKind::Text),
            _ if wanted == Some(ColumnType::Date) => return Err(self.no_dates(name)),
            Evidence::Numbers(mark) => mark,
            Evidence::Ambiguous => self.decide_mark(profile, name)?,
            Evidence::TextByMisfits if is_number => self.mark_of_most(profile),
            Evidence::TextByMisfits => {
                let numbers = profile.readings.numbers();
                doubts.push(format!(
                    "`{name}` is text: {numbers} of its cells are numbers, and more than a hundredth of the others fit \
                     nothing; `--type {name}=decimal` makes those unknown"
                ));
                return Ok(PlannedKind::Text);
            }
            Evidence::Text | Evidence::Dates(_) if is_number && profile.readings.numbers() > 0 => {
                self.mark_of_most(profile)
            }
            Evidence::Empty | Evidence::Text | Evidence::Dates(_) => return Ok(PlannedKind::Text),
        };
        if wanted == Some(ColumnType::Real) {
            return Ok(PlannedKind::Real(mark));
        }
        if profile.are_all_flagged() {
            doubts.push(format!("`{name}` is text: letters behind every number may be its unit"));
            return Ok(PlannedKind::Text);
        }
        let unit = self.unit(at, name, names)?;
        let digits = profile.digits(mark);
        let any_mark = |text: &str| is_mark(text) || marks::reason(text).is_some();
        let has_unknown = !profile.texts.all().is_empty() || profile.readings.misfits(mark) > 0 || profile.dates > 0;
        let misfits = profile.misfits(&any_mark) + profile.readings.misfits(mark) + profile.dates;
        self.say_doubts(name, profile, misfits, doubts);
        let has_bounds = profile.bounds > 0;
        let is_plain = matches!(unit, (PlannedUnit::None, _)) && digits.places == 0 && !has_unknown && !has_bounds;
        // A plain number keeps no letter behind it; a year stays one with its footnote.
        let is_plain = is_plain && (profile.flags.all().is_empty() || profile.are_all_years());
        let is_staged = wanted.is_none() && self.is_staged(profile, name);
        if is_plain && digits.whole <= MAX_INTEGER_DIGITS && wanted != Some(ColumnType::Decimal) && !is_staged {
            return Ok(PlannedKind::Integer(mark));
        }
        let (unit, factor) = unit;
        let zeros = factor.mantissa().unsigned_abs().checked_ilog10().unwrap_or_default();
        let places = digits.places.saturating_sub(zeros);
        let fits = digits.whole + zeros + places <= MAX_INTEGER_DIGITS && places <= MAX_MINOR_PLACES;
        let places = fits.then_some(places);
        Ok(PlannedKind::Quantity(QuantityPlan { mark, unit, factor, places, has_unknown, has_bounds }))
    }

    /// True if the numbers of a column are at a stage, which a plain number can't have; a year and an identifier need none.
    fn is_staged(&self, profile: &ColumnProfile, name: &str) -> bool {
        stage::stated(self.options).is_some() && !profile.are_all_years() && !header::is_identifier(name)
    }

    /// Says which cells of a column of numbers are in doubt.
    fn say_doubts(&self, name: &str, profile: &ColumnProfile, misfits: u64, doubts: &mut Vec<String>) {
        if misfits > 0 {
            doubts.push(format!("`{name}`: {misfits} cells fit no number and are unknown(unreadable)"));
        }
        if let Some(first) = profile.first_ambiguous.as_ref().filter(|_| self.options.decimal.is_none()) {
            let (text, count) = (&first.text, profile.readings.ambiguous);
            doubts.push(format!("`{name}`: {count} cells, as `{text}`, could be two numbers; the other cells decide"));
        }
    }

    /// The plan of a column of dates; which of two numbers is the month is asked where no cell says it.
    fn dates(&self, name: &str, profile: &ColumnProfile, dates: DateEvidence) -> Result<PlannedKind, Error> {
        let format = match dates {
            DateEvidence::None | DateEvidence::Iso => None,
            DateEvidence::Format(format, _) => Some(format.to_owned()),
            DateEvidence::Ambiguous(formats, (line, text)) => {
                return Err(self.date_question(name, formats, (line, &text)));
            }
        };
        let misfits = profile.date_misfits(format.as_deref());
        let has_written = format.is_some() || misfits > 0 || !profile.texts.all().is_empty();
        Ok(PlannedKind::Date(DatePlan { format, has_written }))
    }

    fn date_question(&self, name: &str, formats: [&str; 2], (line, text): (u64, &str)) -> Error {
        let message = format!("`{name}` can be read in two ways: nothing says which part of `{text}` is the month");
        let help = format!(
            "say which by `--date {name}={}` or `{name}={}`; `--type {name}=text` keeps it as text",
            formats[0], formats[1]
        );
        let choice = |format: &str| {
            let day = date::parse(text, format).unwrap_or_default();
            Choice { label: format!("{format}: `{text}` is {day}"), value: format.to_owned() }
        };
        let question = Question {
            option: AskedOption::Date,
            column: Some(name.to_owned()),
            cells: vec![(line, text.to_owned())],
            choices: formats.into_iter().map(choice).collect(),
            takes_text: true,
        };
        self.file.asked(Some((line, text)), &message, &help, question)
    }

    fn no_dates(&self, name: &str) -> Error {
        let message = format!("`{name}` is no column of dates in a format that is known");
        self.file.undecided(None, &message, &format!("say the format, as in `--date {name}='%d. %B %Y'`"))
    }

    /// The decimal mark of a column whose cells leave it open, by the option.
    fn decide_mark(&self, profile: &ColumnProfile, name: &str) -> Result<DecimalMark, Error> {
        match self.options.decimal {
            Some(DecimalOption::Point) => return Ok(DecimalMark::Point),
            Some(DecimalOption::Comma) => return Ok(DecimalMark::Comma),
            None => {}
        }
        let (line, text) =
            profile.first_ambiguous.as_ref().map_or((0, ""), |first| (first.first_line, first.text.as_str()));
        let message = format!(
            "`{name}` can be read in two ways: `{text}` is a number with a decimal comma or with groups of three"
        );
        let help = "say which by `--decimal point` or `--decimal comma`";
        let number = |mark| {
            numeric::parse(text).and_then(|read| read.value(mark)).map_or(String::new(), |value| value.to_string())
        };
        let choices = [
            ("point", format!("a decimal point: `{text}` is {}", number(DecimalMark::Point))),
            ("comma", format!("a decimal comma: `{text}` is {}", number(DecimalMark::Comma))),
        ];
        let choices = choices.map(|(value, label)| Choice { label, value: value.to_owned() });
        let cells = vec![(line, text.to_owned())];
        let question = Question {
            option: AskedOption::Decimal,
            column: None,
            cells,
            choices: choices.to_vec(),
            takes_text: false,
        };
        Err(self.file.asked(Some((line, text)), &message, help, question))
    }

    fn mark_of_most(&self, profile: &ColumnProfile) -> DecimalMark {
        match self.options.decimal {
            Some(DecimalOption::Comma) => DecimalMark::Comma,
            Some(DecimalOption::Point) => DecimalMark::Point,
            None if profile.readings.only_comma > profile.readings.only_point => DecimalMark::Comma,
            None => DecimalMark::Point,
        }
    }

    /// The unit of a column: by the option, by its header, or by what is written around every number.
    fn unit(&self, at: usize, name: &str, names: &[String]) -> Result<(PlannedUnit, Decimal), Error> {
        let header = &self.headers[at];
        let fixed = |unit: ScaledUnit| (PlannedUnit::Fixed(unit.unit), unit.factor);
        match self.options.unit_of(name, header, self.units)? {
            Some(UnitOption::Fixed(unit)) => return Ok(fixed(unit)),
            Some(UnitOption::None) => return Ok((PlannedUnit::None, Decimal::ONE)),
            Some(UnitOption::Column(column)) => {
                let index =
                    names.iter().zip(self.headers).position(|(name, header)| *name == column || *header == column);
                // The rows say the currency, the header perhaps the scale: `Amount (EUR million)`.
                let factor = header::stated_unit(header, self.units).map_or(Decimal::ONE, |unit| unit.factor);
                return Ok((index.map_or(PlannedUnit::None, PlannedUnit::Column), factor));
            }
            None => {}
        }
        if let Some((unit, column)) = self.shape.unit_of(at) {
            return Ok((column.map_or(PlannedUnit::Fixed(unit.unit), PlannedUnit::Column), unit.factor));
        }
        if let Some(unit) = header::stated_unit(header, self.units) {
            return Ok(fixed(unit));
        }
        if let Some(phrase) = header::open_sign(header, self.units) {
            return Err(self.unit_question(name, self.header_line, phrase, "it is the sign of several currencies"));
        }
        let profile = &self.profiles[at];
        match profile.affixes.all() {
            [] => Ok((PlannedUnit::None, Decimal::ONE)),
            [only] if only.count == profile.readings.numbers() => match header::parse_unit(&only.text, self.units) {
                Some(unit) => Ok(fixed(unit)),
                None => Err(self.unit_question(name, only.first_line, &only.text, "no unit that is known")),
            },
            [first, ..] => {
                let why = "it is written beside some numbers of the column and not beside others";
                Err(self.unit_question(name, first.first_line, &first.text, why))
            }
        }
    }

    fn unit_question(&self, name: &str, line: u64, text: &str, why: &str) -> Error {
        let message = format!("the unit of `{name}` is open: `{text}`: {why}");
        let help = format!("say it by `--unit {name}=USD`, or `--unit {name}=none` for numbers without one");
        let mut choices: Vec<Choice> = self.units_of(text).into_iter().map(Choice::plain).collect();
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

    /// The units that a phrase with the sign of several currencies may mean, with its scale.
    fn units_of(&self, text: &str) -> Vec<String> {
        let codes = ["USD", "EUR", "GBP", "CAD", "AUD"].iter().filter(|code| self.units.get(code).is_some());
        let phrase = |code: &&str| {
            let signed = text.replace(numeric::CURRENCY_SIGNS, &format!(" {code} "));
            let words = signed.split_whitespace().collect::<Vec<_>>().join(" ");
            header::parse_unit(&words, self.units).map_or((*code).to_owned(), |_| words)
        };
        codes.map(phrase).collect()
    }
}
