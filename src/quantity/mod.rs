//! The quantity: an amount with its unit, the facts it was computed from, their stages and the assumptions made on the way; and
//! its text form, `1600000000 GBP [F29; @proposed]`. This layer knows neither SQL nor scripts.
//!
//! In reading order: `decimal` is exact arithmetic, `number` and `amount` the known and the unknown amounts; `unit`, `facts`,
//! `codes` and `assumption` the unit and the provenance; `arithmetic`, `aggregate` and `selection` the operations, `derivation`
//! their record; `statements` and `reconcile` deal with several facts about one thing; `human` prints for people, `digits` as few digits as they ask for, `plural` words the units by
//! `inflection`, and `lenient` reads what people write, of which `prose` finds the figures in a text.

mod aggregate;
mod amount;
mod arithmetic;
mod assumption;
mod calendar;
mod codes;
pub mod decimal;
mod derivation;
pub mod digits;
mod facts;
pub mod human;
mod inflection;
mod lenient;
mod number;
mod overlap;
pub mod plural;
pub mod prose;
mod reconcile;
mod record_form;
mod record_sets;
mod reference;
mod row_reader;
mod scan;
mod selection;
mod sentence;
mod share_taken;
mod statements;
mod totals;
mod unit;

pub use aggregate::{Extreme, Sum};
pub use amount::{Amount, End, Range, rounding_range};
pub use arithmetic::days_between;
pub use assumption::{Assumption, Assumptions, GIVEN, PREFER, TODAY};
pub use calendar::{day_after, is_calendar_day};
pub use codes::{Reason, Reasons, Stage, Stages};
pub use derivation::{Derivation, Traced};
pub use digits::{Digits, Scale};
pub use facts::{FactGroup, Facts};
pub use lenient::{Approximation, WrittenFigure, WrittenNumber, parse_figure, parse_number, parse_quantity, truncated};
pub use number::{Number, exact_decimal, rounded_figures};
pub use overlap::{OverlapIndex, PledgePart};
pub use reconcile::Reconciled;
pub use record_form::RecordForm;
pub use record_sets::RecordCount;
pub use reference::Ref;
pub use row_reader::RowReader;
pub use scan::Strictness;
pub use selection::{GroupValue, Median};
pub use sentence::Sentence;
pub use share_taken::ShareTaken;
pub use statements::{Preference, SourceStatement, StatementGroup, StatementIndex, StatementWarnings};
pub use totals::TotalRecords;
pub use unit::{BaseUnit, Unit, UnitRegistry};

use crate::error::QuantityError;
use rust_decimal::Decimal;
use scan::Cursor;
use std::{fmt, str::FromStr};

/// A number with its unit, facts, stages and assumptions. `==` compares all of them: see
/// [`Quantity::equals`] for the equality of amounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    amount: Amount,
    unit: Option<Unit>,
    facts: Facts,
    stages: Stages,
    assumptions: Assumptions,
}

impl Quantity {
    /// A quantity without provenance. Without a unit a number or a range is a plain one, and an unknown fits any unit.
    #[must_use]
    pub fn new(amount: Amount, unit: Option<Unit>) -> Self {
        let unit = if let Amount::Unknown(_) = amount { unit } else { Some(unit.unwrap_or_default()) };
        Self { amount, unit, facts: Facts::none(), stages: Stages::none(), assumptions: Assumptions::none() }
    }

    /// An exact plain number of at most 28 digits.
    #[must_use]
    pub fn plain(value: Decimal) -> Self {
        Self::of(value, Unit::one())
    }

    /// An exact number of at most 28 digits with a unit.
    #[must_use]
    pub fn of(value: Decimal, unit: Unit) -> Self {
        Self::new(Amount::exact(value), Some(unit))
    }

    /// An unknown; without a unit it fits any.
    #[must_use]
    pub fn unknown(reasons: Reasons, unit: Option<Unit>) -> Self {
        Self::new(Amount::Unknown(reasons), unit)
    }

    /// The same with other facts.
    #[must_use]
    pub fn with_facts(self, facts: Facts) -> Self {
        Self { facts, ..self }
    }

    /// The same with other stages.
    #[must_use]
    pub fn with_stages(self, stages: Stages) -> Self {
        Self { stages, ..self }
    }

    /// The same with other assumptions.
    #[must_use]
    pub fn with_assumptions(self, assumptions: Assumptions) -> Self {
        Self { assumptions, ..self }
    }

    /// The amount.
    pub fn amount(&self) -> &Amount {
        &self.amount
    }

    /// Its unit; `None` only for an unknown whose unit is missing.
    pub fn unit(&self) -> Option<&Unit> {
        self.unit.as_ref()
    }

    /// The rows that it was computed from.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The stages that it was computed from.
    pub fn stages(&self) -> Stages {
        self.stages
    }

    /// The assumptions that it was computed with.
    pub fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }

    /// True if it is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self.amount, Amount::Unknown(_))
    }

    /// True if no operation rounded it: it is printed without `≈`.
    pub fn is_exact(&self) -> bool {
        self.amount.is_exact()
    }

    /// The number, exact or not; `None` for a range and for an unknown.
    pub fn number(&self) -> Option<Decimal> {
        if let Amount::Number(number) = self.amount { Some(number.value) } else { None }
    }

    /// The lower end, with the same provenance: of a number the number itself; `None` if there is none.
    #[must_use]
    pub fn lo(&self) -> Option<Self> {
        self.end(Range::lo)
    }

    /// The upper end, with the same provenance: of a number the number itself; `None` if there is none.
    #[must_use]
    pub fn hi(&self) -> Option<Self> {
        self.end(Range::hi)
    }

    fn end(&self, of: fn(&Range) -> Option<End>) -> Option<Self> {
        match &self.amount {
            Amount::Number(_) => Some(self.clone()),
            Amount::Range(range) => {
                of(range).map(|end| self.with_amount(Amount::Number(Number::from_rounded(end.value, range.is_exact()))))
            }
            Amount::Unknown(_) => None,
        }
    }

    /// Another amount of the same unit, with the same provenance.
    pub(super) fn with_amount(&self, amount: Amount) -> Self {
        Self { amount, ..self.clone() }
    }

    /// A result of two operands, with the provenance of both.
    pub(super) fn from_both(amount: Amount, unit: Option<Unit>, left: &Self, right: &Self) -> Self {
        Self::new(amount, unit)
            .with_facts(left.facts.union(&right.facts))
            .with_stages(left.stages.union(right.stages))
            .with_assumptions(left.assumptions.union(&right.assumptions))
    }

    /// The same with one more assumption.
    pub(super) fn assuming(&self, assumption: Assumption) -> Self {
        self.clone().with_assumptions(self.assumptions.with(assumption))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.amount().fmt(f)?;
        match self.unit() {
            Some(unit) if !unit.is_one() || self.is_unknown() => write!(f, " {unit}")?,
            _ => {}
        }
        write_references(f, self)
    }
}

impl Quantity {
    /// The text form with the error bound of an inexact number, `≈0.33±5e-3 GBP`, which only the program itself reads.
    pub fn full_text(&self) -> String {
        format!("{self:#}")
    }
}

fn write_references(f: &mut fmt::Formatter<'_>, quantity: &Quantity) -> fmt::Result {
    let (facts, stages, assumptions) = (quantity.facts(), quantity.stages(), quantity.assumptions());
    let mut before = " [";
    if !facts.is_empty() {
        f.write_str(before)?;
        fmt::Display::fmt(facts, f)?;
        before = "; ";
    }
    if !stages.is_empty() {
        write!(f, "{before}@{stages}")?;
        before = "; ";
    }
    if !assumptions.is_empty() {
        write!(f, "{before}{assumptions}")?;
        before = "; ";
    }
    if before == "; " { f.write_str("]") } else { Ok(()) }
}

/// Parses the text form, and also: exponents, a `+`, leading and trailing zeros, several spaces, units not yet cancelled,
/// and facts, stages and assumptions in any order.
impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(number) = number::plain_number(text) {
            return Ok(Self::plain(number));
        }
        let mut cursor = Cursor::new(text);
        cursor.spaces();
        let amount = Amount::parse(&mut cursor)?;
        let unit = if next_part(&mut cursor)? { Some(Unit::parse(&mut cursor)?) } else { None };
        let quantity = Self::new(amount, unit);
        if next_part(&mut cursor)? {
            return Err(cursor.malformed("`[` or the end, since a quantity has one unit"));
        }
        let quantity = if cursor.eat("[") { parse_references(&mut cursor, quantity)? } else { quantity };
        cursor.spaces();
        cursor.finish("the end of the quantity").map(|()| quantity)
    }
}

/// Consumes the spaces between two parts; true if a part follows that does not start with `[`.
fn next_part(cursor: &mut Cursor<'_>) -> Result<bool, QuantityError> {
    let apart = cursor.spaces();
    match cursor.peek() {
        None | Some('[') => Ok(false),
        Some(_) if apart => Ok(true),
        Some(_) => Err(cursor.malformed("a space")),
    }
}

fn parse_references(cursor: &mut Cursor<'_>, quantity: Quantity) -> Result<Quantity, QuantityError> {
    let (mut facts, mut stages, mut assumptions) = (Facts::none(), Stages::none(), Vec::new());
    loop {
        cursor.spaces();
        if cursor.eat("@") {
            stages = stages.union(parse_stages(cursor)?);
        } else if begins_reference(*cursor) {
            facts = facts.parse_into(cursor)?;
        } else {
            assumptions.push(parse_assumption(cursor)?);
        }
        let apart = cursor.spaces();
        if cursor.eat("]") {
            break;
        }
        let goes_on = cursor.eat(";") || apart && begins_reference(*cursor);
        if !goes_on {
            return Err(cursor.malformed("`; ` or `]`"));
        }
    }
    let assumptions: Assumptions = assumptions.into_iter().collect();
    Ok(quantity.with_facts(facts).with_stages(stages).with_assumptions(assumptions))
}

/// True if a reference follows: `F29`, `S1:2`, but not `F29=5` or `S1:2.amount=5`, which are assumptions.
fn begins_reference(mut cursor: Cursor<'_>) -> bool {
    if !Ref::is_like(cursor.name()) || cursor.eat("=") {
        return false;
    }
    let has_record = cursor.eat(":") && !cursor.digits().is_empty();
    !(has_record && cursor.eat("."))
}

fn parse_assumption(cursor: &mut Cursor<'_>) -> Result<Assumption, QuantityError> {
    match cursor.peek() {
        Some(']' | ';' | '=') | None => Err(cursor.malformed("a fact, a stage as `@proposed`, or an assumption")),
        Some(_) => Assumption::parse(cursor),
    }
}

fn parse_stages(cursor: &mut Cursor<'_>) -> Result<Stages, QuantityError> {
    let mut stages = Stages::none();
    loop {
        let start = cursor.offset();
        let word = cursor.name();
        if word.is_empty() {
            return Err(cursor.malformed("a stage, as `proposed`"));
        }
        stages = stages.union(word.parse::<Stage>().map_err(|error| error.within(start))?.into());
        if !cursor.eat("+") {
            return Ok(stages);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The help on a text that is no quantity at all.
    const FORM: &str = "a quantity is written as `1600000000 GBP [F29; @proposed]`";

    #[track_caller]
    fn check(text: &str, canonical: &str) {
        assert_eq!(text.parse::<Quantity>().unwrap().to_string(), canonical);
    }

    #[track_caller]
    fn refused(text: &str, offset: usize, help: Option<&str>) {
        let error = text.parse::<Quantity>().unwrap_err();
        assert_eq!((error.offset(), error.help().as_deref()), (Some(offset), help), "{text}: {error}");
    }

    #[test]
    fn the_reader_is_lenient_in_form() {
        check("1.6e9 GBP [@proposed; F29]", "1600000000 GBP [F29; @proposed]");
        check("+007.500 missile*GBP/missile", "7.5 GBP");
        check("-0.0", "0");
        check("5 1", "5");
        check("5 1/day", "5 1/day");
        check("1  GBP  [F30 F29;F30]", "1 GBP [F29 F30]");
        check("5 [F1]", "5 [F01]");
        check(
            "5 [S1F1; rate=1.250 USD/GBP; A1; @pledged+allocated]",
            "5 [F01; @allocated+pledged; A1; rate=1.25 USD/GBP]",
        );
        check("5 GBP [F30=4500 missile]", "5 GBP [F30=4500 missile]");
        check("5 EUR [S1:2-3; S1:2.amount=4 EUR; @pledged]", "5 EUR [S1:2-3; @pledged; S1:2.amount=4 EUR]");
        check("5 EUR [S1:2.amount=5 EUR S1:2]", "5 EUR [S1:2; S1:2.amount=5 EUR]");
    }

    #[test]
    fn many_values_of_a_name_are_told_by_their_number() {
        check("5 GBP [given=*100000; rate=*70]", "5 GBP [given=*100000; rate=*70]");
        check("5 GBP [given=*2; given=7]", "5 GBP [given=*3]");
        let given: Vec<String> = (0..70).map(|n| format!("given={n}")).collect();
        check(&format!("5 [{}]", given.join("; ")), "5 [given=*70]");
        refused("5 [given=*0]", 11, Some(FORM));
        refused("5 [given=*]", 10, Some(FORM));
    }

    #[test]
    fn the_full_form_keeps_how_far_a_number_may_be_off() {
        let third: Quantity = "1 GBP [F29]".parse::<Quantity>().unwrap().divide(&"3".parse().unwrap()).unwrap();
        assert_eq!(third.to_string(), "≈0.3333333333333333333333333333 GBP [F29]");
        assert_eq!(third.full_text(), "≈0.3333333333333333333333333333±1e-28 GBP [F29]");
        for text in ["≈0.9±3e-5 GBP [F29]", "≈5±5e-1", "≈7±12e-0", "1..2 GBP", "≈1..≈2"] {
            assert_eq!(text.parse::<Quantity>().unwrap().full_text(), text);
        }
        assert!("5±1".parse::<Quantity>().is_err());
    }

    #[test]
    fn ranges_keep_their_ends() {
        for text in ["310000..<330000 GBP", "-5<..-3", "-1<..<1", ">5000 missile", ">=-0.5", "<=7", "<7", "≈1..≈2"]
        {
            check(text, text);
        }
        check("5..5", "5");
        assert!(matches!("5..<5".parse::<Quantity>(), Err(QuantityError::EmptyRange(_))));
        assert!(matches!("5..4".parse::<Quantity>(), Err(QuantityError::EmptyRange(_))));
    }

    #[test]
    fn an_unknown_may_lack_its_unit() {
        check("unknown(not_stated) troop [F38 U11]", "unknown(not_stated) troop [F38 U11]");
        check("unknown(unnamed, not_stated)", "unknown(not_stated,unnamed)");
        check("unknown(conflict) 1", "unknown(conflict) 1");
        assert_eq!("unknown(conflict)".parse::<Quantity>().unwrap().unit(), None);
        refused("unknown()", 8, Some(FORM));
        refused("unknown(not_state)", 8, Some("did you mean `not_stated`?"));
    }

    #[test]
    fn what_people_write_is_refused_with_its_help() {
        refused("1,600,000,000 GBP", 1, Some("write the digits together: `1600000000`"));
        refused("1.234,50 EUR", 5, Some("write the digits together: `1234.50`"));
        refused("1,6 EUR", 1, Some("write the digits together: `16`, or `1.6`"));
        refused("1 600 GBP", 1, Some("write the digits together: `1600`"));
        refused("£1.6 billion", 0, Some("write the currency's code behind the number"));
        refused("5€", 1, Some("write the currency's code behind the number"));
        refused("1.6bn GBP", 3, Some("write the number out, or with the exponent e9 for `bn`"));
        refused("5k", 1, Some("write the number out, or with the exponent e3 for `k`"));
        refused("5GBP", 1, Some("put a space between the number and its unit"));
        refused("5 GBP missile", 6, Some(FORM));
    }

    #[test]
    fn a_number_is_never_rounded_by_reading() {
        check("9999999999999999999999999999", "9999999999999999999999999999");
        check("0.0000000000000000000000000001", "0.0000000000000000000000000001");
        for text in [
            "10000000000000000000000000000",
            "0.00000000000000000000000000001",
            "1e28",
            "100e999999999999999999999",
            "1e-29",
        ] {
            refused(text, 0, Some("use a larger unit, or round it"));
        }
        check("0e999999999999999999999", "0");
    }

    #[test]
    fn what_it_rests_on_is_read_to_the_letter() {
        refused("5 [F0]", 4, Some(FORM));
        refused("5 [S2]", 5, Some(FORM));
        refused("5 [S70000F1]", 4, Some(FORM));
        refused("5 [S2:9-3]", 7, Some(FORM));
        refused("5 [@propose]", 4, Some("did you mean `proposed`?"));
        refused("5 []", 3, Some(FORM));
        refused("5 [F29", 6, Some(FORM));
        refused("5 [F29]x", 7, Some(FORM));
        refused("", 0, Some(FORM));
        refused("five", 0, Some(FORM));
        refused("5.", 1, Some(FORM));
    }
}
