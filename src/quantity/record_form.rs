//! The form of the quantities of a column that differ in their numbers and records alone: what is the same is read once, and a
//! quantity is made of two whole numbers without a text.

use super::codes::Stages;
use super::facts::Facts;
use super::record_sets::RANGES_PRINTED;
use super::reference::{ALL, Ref};
use super::unit::{Unit, UnitRegistry};
use super::{Amount, Quantity};
use rust_decimal::Decimal;
use std::ops::RangeInclusive;

/// A sum of smallest parts from which on digits may be lost on the way to it.
const MAX_MINOR: i128 = 10_i128.pow(27);

/// A text form but for its number and that of its record, with what that part says.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordForm {
    /// The decimal places of the smallest part, in which numbers are counted.
    places: u32,
    /// The text between the number and that of the record, as ` GBP [S2:`.
    pub(super) before_record: String,
    /// The text behind it, as `; @pledged]`.
    pub(super) after_record: String,
    source: u16,
    unit: Unit,
    stages: Stages,
}

impl RecordForm {
    /// The form of these texts, with numbers of smallest parts of so many decimal places; `None` where they say more than a unit, a
    /// source and a stage.
    #[must_use]
    pub fn parse(places: u32, (before_record, after_record): (&str, &str), units: &UnitRegistry) -> Option<Self> {
        let sample = units.parse_quantity(&format!("1{before_record}1{after_record}")).ok()?;
        Self::of(&sample, (before_record, after_record), places)
    }

    /// The form of a quantity with these texts around the number of its record.
    pub(super) fn of(quantity: &Quantity, (before_record, after_record): (&str, &str), places: u32) -> Option<Self> {
        let mut references = quantity.facts().iter();
        let (Some(Ref::Record { source, .. }), None) = (references.next(), references.next()) else { return None };
        let unit = quantity.unit().filter(|_| quantity.is_exact() && quantity.assumptions().is_empty())?;
        let (before_record, after_record) = (before_record.to_owned(), after_record.to_owned());
        Some(Self { places, before_record, after_record, source, unit: unit.clone(), stages: quantity.stages() })
    }

    /// The decimal places of the smallest part.
    #[must_use]
    pub fn places(&self) -> u32 {
        self.places
    }

    /// The unit.
    #[must_use]
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// True if the numbers of two forms compare as they are.
    #[must_use]
    pub fn compares_with(&self, other: &Self) -> bool {
        (self.places, &self.unit, self.stages) == (other.places, &other.unit, other.stages)
    }

    /// The quantity of a number of smallest parts in a record; `None` where a source has no record of that number.
    #[must_use]
    pub fn quantity(&self, minor: i64, record: i64) -> Option<Quantity> {
        let number = u32::try_from(record).ok().filter(|number| Self::is_record(*number))?;
        Some(self.exactly(self.decimal(minor), number))
    }

    /// The sum of numbers of smallest parts, each with its record; the records ascend, and there are fewer than 2^32.
    #[must_use]
    pub fn sum(&self, rows: &[(u32, i64)]) -> Quantity {
        let minor: i128 = rows.iter().map(|(_, minor)| i128::from(*minor)).sum();
        Quantity::new(Amount::exact(Decimal::from_i128_with_scale(minor, self.places)), Some(self.unit.clone()))
            .with_facts(Facts::of_records(self.source, rows.iter().map(|(record, _)| *record)))
            .with_stages(self.stages)
    }

    /// The sum of numbers of smallest parts in records that are these ranges, which ascend; `None` where it has too many digits.
    #[must_use]
    pub fn sum_of_ranges(&self, minor: i128, ranges: &[RangeInclusive<u32>]) -> Option<Quantity> {
        let facts = if ranges.len() > RANGES_PRINTED {
            // As records that were added up one by one have it.
            Facts::of_records(self.source, ranges.iter().flat_map(Clone::clone))
        } else {
            let source = self.source;
            let texts = ranges.iter().map(|range| format!("S{source}:{}-{}", range.start(), range.end()));
            format!("1 [{}]", texts.collect::<Vec<_>>().join(" ")).parse::<Quantity>().ok()?.facts().clone()
        };
        self.sum_in(minor, facts)
    }

    /// The sum of numbers of smallest parts in so many records.
    #[must_use]
    pub fn sum_of_many(&self, minor: i128, records: u64) -> Option<Quantity> {
        let counted: Quantity = format!("1 [S{}:*#{records}]", self.source).parse().ok()?;
        self.sum_in(minor, counted.facts().clone())
    }

    fn sum_in(&self, minor: i128, facts: Facts) -> Option<Quantity> {
        let amount = Decimal::try_from_i128_with_scale(minor, self.places).ok().filter(|_| minor.abs() < MAX_MINOR)?;
        let sum = Quantity::new(Amount::exact(amount.normalize()), Some(self.unit.clone()));
        Some(sum.with_facts(facts).with_stages(self.stages))
    }

    /// The text form with an amount, as it is written, in a record.
    #[must_use]
    pub fn text(&self, amount: &str, record: i64) -> String {
        format!("{amount}{}{record}{}", self.before_record, self.after_record)
    }

    /// The decimal of a number of smallest parts.
    #[must_use]
    pub fn decimal(&self, minor: i64) -> Decimal {
        Decimal::from_i128_with_scale(minor.into(), self.places)
    }

    /// True if a source may have a record of this number.
    #[must_use]
    pub fn is_record(number: u32) -> bool {
        (1..ALL).contains(&number)
    }

    /// The quantity of a number in a record, which is not that of all of them.
    pub(super) fn exactly(&self, value: Decimal, record: u32) -> Quantity {
        Quantity::new(Amount::exact(value), Some(self.unit.clone()))
            .with_facts(Facts::from(Ref::Record { source: self.source, number: record }))
            .with_stages(self.stages)
    }
}
