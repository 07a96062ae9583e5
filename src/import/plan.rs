//! The type, unit and storage of each column, as they follow from all of its cells, its header and the options; and the questions that
//! these leave open.

use super::column::{ColumnProfile, Evidence};
use super::column_plan::{ColumnPlan, PlannedKind, PlannedUnit, QuantityPlan, UnitsBeside};
use super::column_unit::ColumnUnit;
use super::date_columns;
use super::findings::Findings;
use super::header;
use super::marks;
use super::numeric::{self, DecimalMark};
use super::options::{ColumnType, DecimalOption, ImportOptions, UnitOption};
use super::scale_words::LETTERS;
use super::stage::{self, StagePlan};
use crate::error::{AskedOption, Choice, Error, Question};
use crate::quantity::human;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The most digits of a whole number that every 64-bit integer holds.
const MAX_INTEGER_DIGITS: u32 = 18;

/// The most places behind the point that are kept as a whole number of smallest parts.
const MAX_MINOR_PLACES: u32 = 12;

/// The plan of all columns, and what was decided on weak grounds.
#[derive(Debug, Clone, Default)]
pub(super) struct TablePlan {
    /// The columns, in the order of the file.
    pub(super) columns: Vec<ColumnPlan>,
    /// The decisions on weak grounds, a sentence each.
    pub(super) doubts: Vec<String>,
    /// The stage of the numbers.
    pub(super) stage: StagePlan,
    /// The remarks on what was taken from the table, a sentence each.
    pub(super) remarks: Vec<String>,
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

    /// Gives the numbers of a column whose header names a stage that one, where rows have stages of their own.
    pub(super) fn set_stages(&mut self) {
        let StagePlan::Column { name: of_rows, .. } = &self.stage else { return };
        for column in &mut self.columns {
            column.stage = stage::of_header(&column.header).filter(|_| matches!(column.kind, PlannedKind::Quantity(_)));
            if let Some(stage) = column.stage {
                let (name, stage) = (&column.name, stage.as_str());
                self.remarks
                    .push(format!("`{name}` is at the stage {stage}, by its header, and not at that of `{of_rows}`"));
            }
        }
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
                beside: UnitsBeside::default(),
                factor: Decimal::ONE,
                places: Some(0),
                has_unknown: false,
                has_bounds: false,
            });
        }
    }
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
        let (mut plan, mut of_columns) = (TablePlan::default(), Vec::new());
        for (at, name) in names.iter().enumerate() {
            if self.headers[at].is_empty() && self.profiles[at].evidence(&|_| false) == Evidence::Empty {
                continue;
            }
            let kind = self.kind(at, name, &names, &mut of_columns)?;
            let (stem, header) = (stem(name, &names), self.headers[at].clone());
            let of_title = self.title_remark(at, name, &kind);
            plan.remarks.extend(of_title.or_else(|| self.scale_remark(at, name, &kind)));
            plan.columns.push(ColumnPlan { index: at, name: name.clone(), stem, header, kind, stage: None });
        }
        for said in plan.columns.iter().filter_map(|column| self.scaled_cells(column)) {
            match said {
                Ok(remark) => plan.remarks.push(remark),
                Err(doubt) => plan.doubts.push(doubt),
            }
        }
        plan.remarks.extend(plan.columns.iter().filter_map(|column| self.per_remark(column)));
        let doubts = self.unit_doubts(&plan.columns);
        plan.doubts.extend(doubts);
        plan.doubts.extend(of_columns);
        let idle: Vec<String> = plan.columns.iter().filter_map(|column| self.idle_option(column)).collect();
        plan.doubts.extend(idle);
        Ok(plan)
    }

    fn kind(&self, at: usize, name: &str, names: &[String], doubts: &mut Vec<String>) -> Result<PlannedKind, Error> {
        let (profile, header) = (&self.profiles[at], &self.headers[at]);
        let wanted = self.options.type_of(name, header);
        if wanted == Some(ColumnType::Text) {
            return Ok(PlannedKind::Text);
        }
        let given = self.options.dates_of(name, header)?;
        if !given.is_empty() {
            return Ok(Self::given_dates(given, name, profile, doubts));
        }
        let is_mark = |text: &str| self.options.missing_reason(name, header, text).is_some();
        if wanted.is_none()
            && let Some(period) = profile.periods(&is_mark)
        {
            return Ok(Self::periods(period));
        }
        let mark = match self.mark_or_kind(at, name, wanted, doubts)? {
            ControlFlow::Continue(mark) => mark,
            ControlFlow::Break(kind) => return Ok(kind),
        };
        if wanted == Some(ColumnType::Real) {
            return Ok(PlannedKind::Real(mark));
        }
        if profile.are_all_flagged() {
            doubts.push(format!("`{name}` is text: letters behind every number may be its unit"));
            return Ok(PlannedKind::Text);
        }
        let unit = self.unit_of_scaled(at, name, names)?;
        let digits = profile.digits(mark);
        let any_mark =
            |text: &str| self.options.missing_reason(name, header, text).is_some() || marks::reason(text).is_some();
        let has_unknown = self.options.has_number_mark(name, header)
            || !profile.texts.all().is_empty()
            || profile.readings.misfits(mark) > 0
            || profile.dates > 0;
        let misfits = profile.misfits(&any_mark) + profile.readings.misfits(mark) + profile.dates;
        self.say_doubts(name, profile, misfits, doubts);
        let has_bounds = profile.bounds > 0;
        let is_plain = unit.unit == PlannedUnit::None && digits.places == 0 && !has_unknown && !has_bounds;
        // A plain number keeps no letter and no word behind it; a year stays one with its footnote.
        let is_plain = is_plain && (profile.flags.all().is_empty() || profile.are_all_years()) && profile.scaled == 0;
        let is_staged = wanted.is_none() && self.is_staged(profile, name);
        if is_plain && digits.whole <= MAX_INTEGER_DIGITS && wanted != Some(ColumnType::Decimal) && !is_staged {
            return Ok(PlannedKind::Integer(mark));
        }
        let ColumnUnit { unit, factor, beside } = unit;
        let zeros = factor.mantissa().unsigned_abs().checked_ilog10().unwrap_or_default();
        let places = digits.places.saturating_sub(zeros);
        let fits = digits.whole + zeros + places <= MAX_INTEGER_DIGITS && places <= MAX_MINOR_PLACES;
        let places = fits.then_some(places);
        Ok(PlannedKind::Quantity(QuantityPlan { mark, unit, beside, factor, places, has_unknown, has_bounds }))
    }

    /// The decimal mark of a column of numbers; the kind of one that is none.
    ///
    /// # Errors
    /// It can be read in two ways.
    fn mark_or_kind(
        &self,
        at: usize,
        name: &str,
        wanted: Option<ColumnType>,
        doubts: &mut Vec<String>,
    ) -> Result<ControlFlow<PlannedKind, DecimalMark>, Error> {
        let (profile, header) = (&self.profiles[at], &self.headers[at]);
        let is_mark = |text: &str| self.options.missing_reason(name, header, text).is_some();
        let is_number = matches!(wanted, Some(ColumnType::Integer | ColumnType::Decimal | ColumnType::Real));
        Ok(ControlFlow::Continue(match profile.evidence(&is_mark) {
            Evidence::Dates(dates) if !is_number => {
                return self.dates(name, profile, dates, doubts).map(ControlFlow::Break);
            }
            Evidence::Empty if wanted == Some(ColumnType::Date) => return Ok(ControlFlow::Break(PlannedKind::Text)),
            _ if wanted == Some(ColumnType::Date) => return Err(self.no_dates(name)),
            Evidence::Numbers(mark) => self.held_to_option(mark, name, profile, doubts)?,
            Evidence::Ambiguous => self.decide_mark(profile, name)?,
            Evidence::TextByMisfits if is_number => self.mark_of_most(profile),
            Evidence::TextByMisfits => {
                let numbers = profile.readings.numbers();
                doubts.push(format!(
                    "`{name}` is text: {numbers} of its cells are numbers, and more than a hundredth of the others fit \
                     nothing; `--type {name}=decimal` makes those unknown"
                ));
                return Ok(ControlFlow::Break(PlannedKind::Text));
            }
            Evidence::Text | Evidence::Dates(_) if is_number && profile.readings.numbers() > 0 => {
                self.mark_of_most(profile)
            }
            Evidence::Empty | Evidence::Text | Evidence::Dates(_) => {
                doubts.extend(text_doubt(name, profile));
                return Ok(ControlFlow::Break(PlannedKind::Text));
            }
        }))
    }

    /// The doubt about an option that a column has no use for.
    fn idle_option(&self, column: &ColumnPlan) -> Option<String> {
        let (name, header) = (&column.name, &column.header);
        let kind = match &column.kind {
            PlannedKind::Text => "text",
            PlannedKind::Date(plan) if plan.is_of_quarters => "a quarter",
            PlannedKind::Date(_) => "a date",
            PlannedKind::Real(_) => "real",
            PlannedKind::Integer(_) | PlannedKind::Quantity(_) => return None,
        };
        let has_unit = !matches!(self.options.unit_of(name, header, self.units), Ok(None | Some(UnitOption::None)));
        let has_mark = column.kind == PlannedKind::Text && self.options.has_missing(name, header);
        let option = if has_unit { "--unit" } else { Some("--missing").filter(|_| has_mark)? };
        Some(format!("`{option}` of `{name}` has no effect: the column is {kind}"))
    }

    /// True if the numbers of a column are at a stage, which a plain number can't have; a year and an identifier need none.
    fn is_staged(&self, profile: &ColumnProfile, name: &str) -> bool {
        stage::stated(self.options).is_some() && !profile.are_all_years() && !header::is_identifier(name)
    }

    /// Says which cells of a column of numbers are in doubt.
    fn say_doubts(&self, name: &str, profile: &ColumnProfile, misfits: u64, doubts: &mut Vec<String>) {
        if misfits > 0 {
            let which = if misfits == 1 {
                "1 cell fits no number and is"
            } else {
                &format!("{misfits} cells fit no number and are")
            };
            doubts.push(format!("`{name}`: {which} unknown(unreadable)"));
        }
        let failed = || profile.texts.all().iter().filter(|found| marks::is_formula_error(&found.text));
        if let Some(first) = failed().next() {
            let (text, line, count) = (&first.text, first.first_line, failed().map(|found| found.count).sum::<u64>());
            doubts.push(format!(
                "`{name}`: what formulas that failed have left, as `{text}` on line {line}, is unknown(unreadable) in {count} of its cells"
            ));
        }
        if let Some(first) = profile.first_ambiguous.as_ref().filter(|_| self.options.decimal.is_none()) {
            let (text, count) = (&first.text, profile.readings.ambiguous);
            doubts.push(format!("`{name}`: `{text}` could be two numbers, as {count} of its cells; the others decide"));
        }
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

    /// The decimal mark that the cells of a column show, held to the one that is said.
    ///
    /// # Errors
    /// They are not the same, and a cell would be another number under the one that is said.
    fn held_to_option(
        &self,
        shown: DecimalMark,
        name: &str,
        profile: &ColumnProfile,
        doubts: &mut Vec<String>,
    ) -> Result<DecimalMark, Error> {
        let (said, word, other) = match self.options.decimal {
            Some(DecimalOption::Point) => (DecimalMark::Point, "point", "comma"),
            Some(DecimalOption::Comma) => (DecimalMark::Comma, "comma", "point"),
            None => return Ok(shown),
        };
        let Some(first) = profile.first_misfit(said).filter(|_| said != shown) else { return Ok(shown) };
        let (text, line) = (&first.text, first.first_line);
        if profile.readings.ambiguous == 0 {
            let cells = human::count(profile.readings.misfits(said), "cell");
            doubts.push(format!(
                "`{name}`: what is said, a decimal {word}, makes no number of {cells}, as of `{text}` on line {line}: a {other} reads them"
            ));
            return Ok(shown);
        }
        let message = format!("`{text}` in `{name}` is no number with a decimal {word}, which is said");
        let help = format!("`--decimal {other}` reads the column; `--type {name}=text` keeps it as it is written");
        Err(self.file.undecided(Some((line, text)), &message, &help))
    }

    fn mark_of_most(&self, profile: &ColumnProfile) -> DecimalMark {
        match self.options.decimal {
            Some(DecimalOption::Comma) => DecimalMark::Comma,
            Some(DecimalOption::Point) => DecimalMark::Point,
            None if profile.readings.only_comma > profile.readings.only_point => DecimalMark::Comma,
            None => DecimalMark::Point,
        }
    }
}

/// The doubt about a column of text most of whose cells a reader takes for numbers, or for dates.
fn text_doubt(name: &str, profile: &ColumnProfile) -> Option<String> {
    let numbers = profile.readings.numbers();
    let all = profile.words + numbers + profile.dates;
    let near = profile.near_numbers;
    if let Some(first) = profile.first_near.as_ref().filter(|_| (near + numbers) * 2 >= all) {
        let (text, line) = (&first.text, first.first_line);
        let is_lettered = LETTERS.iter().any(|(letter, _)| text.ends_with(letter));
        let letter =
            if is_lettered { "; a letter scales a number beside its currency alone, as in `$12.5m`" } else { "" };
        return Some(format!(
            "`{name}` is text: {near} of its cells, as `{text}` on line {line}, are numbers with words or with more digits than are exact{letter}"
        ));
    }
    date_columns::text_doubt(name, profile, all)
}
