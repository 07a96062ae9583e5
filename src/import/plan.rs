//! The type, unit and storage of each column, as they follow from all of its cells, its header and the options; and the questions that
//! these leave open.

use super::column::{ColumnProfile, Evidence};
use super::file::ImportFile;
use super::header::{self, ScaledUnit};
use super::marks;
use super::numeric::DecimalMark;
use super::options::{ColumnType, DecimalOption, ImportOptions, UnitOption};
use crate::error::Error;
use crate::quantity::{Unit, UnitRegistry};
use rust_decimal::Decimal;

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
    /// Exact numbers with a unit, or with places behind the point, or of which some are unknown.
    Quantity(QuantityPlan),
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
            plan.columns.push(ColumnPlan { index: at, name: name.clone(), header: self.headers[at].clone(), kind });
        }
        Ok(plan)
    }

    fn kind(&self, at: usize, name: &str, names: &[String], doubts: &mut Vec<String>) -> Result<PlannedKind, Error> {
        let (profile, header) = (&self.profiles[at], &self.headers[at]);
        let wanted = self.options.type_of(name, header);
        if wanted == Some(ColumnType::Text) {
            return Ok(PlannedKind::Text);
        }
        let is_mark = |text: &str| self.options.missing_reason(name, header, text).is_some();
        let mark = match profile.evidence(&is_mark) {
            Evidence::Numbers(mark) => mark,
            Evidence::Ambiguous => self.decide_mark(profile, name)?,
            Evidence::TextByMisfits if wanted.is_some() => self.mark_of_most(profile),
            Evidence::TextByMisfits => {
                let numbers = profile.readings.numbers();
                doubts.push(format!(
                    "`{name}` is text: {numbers} of its cells are numbers, and more than a hundredth of the others fit \
                     nothing; `--type {name}=decimal` makes those unknown"
                ));
                return Ok(PlannedKind::Text);
            }
            Evidence::Text if wanted.is_some() && profile.readings.numbers() > 0 => self.mark_of_most(profile),
            Evidence::Empty | Evidence::Text | Evidence::Dates => return Ok(PlannedKind::Text),
        };
        if profile.are_all_flagged() {
            doubts.push(format!("`{name}` is text: letters behind every number may be its unit"));
            return Ok(PlannedKind::Text);
        }
        let unit = self.unit(at, name, names)?;
        let digits = profile.digits(mark);
        let any_mark = |text: &str| is_mark(text) || marks::reason(text).is_some();
        let has_unknown = !profile.texts.all().is_empty() || profile.readings.misfits(mark) > 0 || profile.dates > 0;
        let misfits = profile.misfits(&any_mark) + profile.readings.misfits(mark) + profile.dates;
        if misfits > 0 {
            doubts.push(format!("`{name}`: {misfits} cells fit no number and are unknown(unreadable)"));
        }
        if let Some(first) = profile.first_ambiguous.as_ref().filter(|_| self.options.decimal.is_none()) {
            let (text, count) = (&first.text, profile.readings.ambiguous);
            doubts.push(format!("`{name}`: {count} cells, as `{text}`, could be two numbers; the other cells decide"));
        }
        let has_bounds = profile.bounds > 0;
        let is_plain = matches!(unit, (PlannedUnit::None, _)) && digits.places == 0 && !has_unknown && !has_bounds;
        if is_plain && digits.whole <= MAX_INTEGER_DIGITS && wanted != Some(ColumnType::Decimal) {
            return Ok(PlannedKind::Integer(mark));
        }
        let (unit, factor) = unit;
        let zeros = factor.mantissa().unsigned_abs().checked_ilog10().unwrap_or_default();
        let places = digits.places.saturating_sub(zeros);
        let fits = digits.whole + zeros + places <= MAX_INTEGER_DIGITS && places <= MAX_MINOR_PLACES;
        let places = fits.then_some(places);
        Ok(PlannedKind::Quantity(QuantityPlan { mark, unit, factor, places, has_unknown, has_bounds }))
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
        Err(self.file.undecided(Some((line, text)), &message, help))
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
                return Ok((index.map_or(PlannedUnit::None, PlannedUnit::Column), Decimal::ONE));
            }
            None => {}
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
        self.file.undecided(Some((line, text)), &message, &help)
    }
}
