//! The grammar of a figure: the words that bound or hedge a number, the number, its unit, the second number of a range, and the
//! quantity that they make. Read in a loop, so that no text is too deep to read.

use super::numeral::{self, Numeral};
use super::unit_phrase::{self, Measure, UnitCandidates};
use super::{Approximation, Parser, WrittenFigure, WrittenNumber, longest, truncated};
use crate::error::QuantityError;
use crate::quantity::human::group_digits;
use crate::quantity::{Amount, End, Number, Quantity, Unit};
use Approximation::{JustAbove, JustBelow, Near};
use BoundKind::{Above, AtLeast, AtMost, Below};
use Phrase::{Bound, Filler, Hedge, Sign, Skipped};

/// A bound, from the number to the values it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BoundKind {
    /// More than the number.
    Above,
    /// The number or more.
    AtLeast,
    /// Less than the number.
    Below,
    /// The number or less.
    AtMost,
}

impl BoundKind {
    /// True if the number is the lower end.
    pub(super) fn is_lower(self) -> bool {
        matches!(self, Self::Above | Self::AtLeast)
    }

    /// True if the number itself is included.
    pub(super) fn is_closed(self) -> bool {
        matches!(self, Self::AtLeast | Self::AtMost)
    }
}

/// The meaning of a phrase before or behind a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phrase {
    /// A bound by a phrase.
    Bound(BoundKind),
    /// A bound by a sign, which one end of a range may have alone.
    Sign(BoundKind),
    /// A hedge.
    Hedge(Approximation),
    /// No meaning: `exactly`, `a total of`.
    Filler,
    /// No meaning for the number, but reported as ignored: `another`.
    Skipped(&'static str),
}

/// The phrases before a number by their meaning, those of one meaning separated by `|`.
const PREFIXES: &[(Phrase, &str)] = &[
    (Sign(AtLeast), ">=|=>|≥"),
    (Sign(Above), ">"),
    (Sign(AtMost), "<=|≤"),
    (Sign(Below), "<"),
    (Bound(AtLeast), "at least|at the least|at the very least|no less than|not less than|no fewer than|not fewer than"),
    (Bound(AtLeast), "a minimum of|minimum|as few as|as little as"),
    (Bound(Above), "more than|well over|over|above|exceeding|in excess of|greater than|upwards of"),
    (Bound(AtMost), "at most|at the most|up to|as many as|as much as|no more than|not more than|a maximum of|maximum"),
    (Bound(Below), "less than|fewer than|under|below"),
    (Hedge(Near), "≈|~|about|around|roughly|approximately|approx.|approx|circa|ca.|c.|some|an estimated|estimated"),
    (Hedge(Near), "in the region of|close to"),
    (Hedge(JustBelow), "nearly|almost|approaching|not quite|just under|just below|slightly less than|slightly under"),
    (Hedge(JustAbove), "just over|just above|slightly more than|slightly over|little more than|a little over"),
    (Filler, "somewhere|exactly|precisely|only|just|a total of|in total|the"),
    (Skipped("another"), "another"),
    (Skipped("additional"), "an additional|additional"),
    (Skipped("further"), "a further|further"),
    (Skipped("extra"), "an extra|extra"),
];

/// The phrases behind a number.
const SUFFIXES: &[(Phrase, &str)] = &[
    (Bound(AtLeast), "+|plus|or more|or over|or above|or greater|or higher|and over|and above|and more|and up|upwards"),
    (Bound(AtLeast), "at least|at the least|at the very least|minimum"),
    (Bound(AtMost), "or less|or fewer|or under|or below|or lower|and under|and below|at most|at the most|maximum"),
    (Hedge(Near), "or so|or thereabouts|odd|approximately"),
    (Filler, "in total|in all|altogether"),
];

/// The longest phrase before a number that `text` starts with, and its length.
pub(super) fn prefix(text: &str) -> Option<(usize, Phrase)> {
    longest(PREFIXES, text).map(|(words, phrase)| (words.len(), phrase)).or_else(|| {
        // `c5,000`, `c £5`: the letter alone, not the start of a word or of `C$`.
        let rest = text.strip_prefix(['c', 'C'])?.trim_start();
        rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '£' | '€')).then_some((1, Hedge(Near)))
    })
}

/// The longest phrase behind a number that `text` starts with, and its length.
pub(super) fn suffix(text: &str) -> Option<(usize, Phrase)> {
    longest(SUFFIXES, text).map(|(words, phrase)| (words.len(), phrase))
}

/// Words that join the two numbers of a range, after any opening.
const JOINTS: [&str; 7] = ["..", "to", "–", "—", "-", "up to", "through"];

/// Words that must not end a figure.
const DANGLING: [&str; 4] = ["between", "from", "to", "and"];

/// A number with its qualifiers and its unit.
#[derive(Debug, Clone)]
pub(super) struct QualifiedNumber {
    /// The bound, and whether it is by a sign.
    pub(super) bound: Option<(BoundKind, bool)>,
    pub(super) approximation: Option<Approximation>,
    pub(super) numeral: Numeral,
    pub(super) measure: Measure,
}

/// The qualifiers of a number: the phrases before and behind it.
#[derive(Debug, Default)]
struct Qualifiers {
    bound: Option<(BoundKind, bool)>,
    approximation: Option<Approximation>,
    skipped: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    Between,
    From,
}

impl Parser<'_> {
    /// Parses the numbers of a figure: one, or the two of a range.
    pub(super) fn numbers(&mut self) -> Result<(QualifiedNumber, Option<QualifiedNumber>), QuantityError> {
        let mut qualifiers = Qualifiers::default();
        self.phrases(prefix, &mut qualifiers)?;
        let opening = self.opening();
        if opening.is_some() && qualifiers.bound.is_some() {
            return Err(self.refused("it has a bound and two numbers", "give one of the two"));
        }
        let first = self.number(qualifiers)?;
        let second = if self.eat_joint(opening, &first) { Some(self.number(Qualifiers::default())?) } else { None };
        match opening {
            Some(opening) if second.is_none() => {
                let word = if opening == Opening::Between { "between" } else { "from" };
                Err(self.refused(&format!("`{word}` has one number"), "give both numbers, or leave it out"))
            }
            _ if !self.rest.is_empty() => Err(self.trailing_text()),
            _ => Ok((first, second)),
        }
    }

    fn opening(&mut self) -> Option<Opening> {
        if self.eat("between") {
            Some(Opening::Between)
        } else if self.eat("anywhere from") || self.eat("from") {
            Some(Opening::From)
        } else {
            None
        }
    }

    /// Consumes the words that join two numbers; true if there were any.
    fn eat_joint(&mut self, opening: Option<Opening>, first: &QualifiedNumber) -> bool {
        let is_bounded = first.bound.is_some_and(|(bound, _)| bound.is_lower());
        let and_joins = opening == Some(Opening::Between) || opening.is_none() && is_bounded;
        JOINTS.into_iter().any(|joint| self.eat(joint)) || is_bounded && self.eat("but") || and_joins && self.eat("and")
    }

    /// Parses a number with its currency, unit and qualifiers.
    fn number(&mut self, mut qualifiers: Qualifiers) -> Result<QualifiedNumber, QuantityError> {
        self.phrases(prefix, &mut qualifiers)?;
        let is_negative = self.eat_sign();
        let currency = self.currency_before();
        let is_negative = is_negative || currency.is_some() && self.eat_sign();
        let numeral = numeral::parse(self.rest, self.strictness, currency.is_some()).map_err(|ambiguous| {
            let error =
                self.refused(&ambiguous.reason(), "group the digits by threes and put a point before decimal places");
            self.ambiguous = Some(ambiguous);
            error
        })?;
        let Some((length, mut numeral)) = numeral else { return Err(self.missing_number()) };
        self.refuse_unit_as_scale(length)?;
        self.step(length);
        if is_negative {
            numeral.digits.insert(0, '-');
        }
        self.joining_hyphen();
        self.phrases(suffix, &mut qualifiers)?;
        let mut measure = self.measure(currency, numeral.is_article)?;
        self.phrases(suffix, &mut qualifiers)?;
        if qualifiers.bound.is_none() && self.rest.starts_with("<..") {
            qualifiers.bound = Some((BoundKind::Above, true));
            self.step(1);
        }
        measure.skipped.splice(0..0, qualifiers.skipped);
        Ok(QualifiedNumber { bound: qualifiers.bound, approximation: qualifiers.approximation, numeral, measure })
    }

    /// Consumes the phrases here, and adds their meanings: a second bound is refused.
    fn phrases(
        &mut self,
        find: fn(&str) -> Option<(usize, Phrase)>,
        found: &mut Qualifiers,
    ) -> Result<(), QuantityError> {
        while let Some((length, phrase)) = find(self.rest) {
            match phrase {
                Bound(_) | Sign(_) if found.bound.is_some() => {
                    return Err(self.refused("it has two bounds", "give one of the two"));
                }
                Bound(bound) => found.bound = Some((bound, false)),
                Sign(bound) => found.bound = Some((bound, true)),
                Hedge(hedge) => found.approximation = found.approximation.or(Some(hedge)),
                Filler => {}
                Skipped(word) => found.skipped.push(word.to_owned()),
            }
            self.step(length);
        }
        Ok(())
    }

    /// Consumes the sign of a number; true if it is negative.
    fn eat_sign(&mut self) -> bool {
        let is_negative = ["-", "–", "minus"].into_iter().any(|sign| self.eat(sign));
        if !is_negative {
            self.eat("+");
        }
        is_negative
    }

    /// Parses a currency before a number, by its sign or its code.
    fn currency_before(&mut self) -> Option<UnitCandidates> {
        if let Some((length, codes)) = unit_phrase::sign(self.rest) {
            let written = self.rest[..length].to_owned();
            self.step(length);
            return Some(UnitCandidates { codes: unit_phrase::of_book(codes, self.units), written });
        }
        let (length, code) = unit_phrase::code_before(self.rest, self.units)?;
        let is_before_number =
            self.rest[length..].trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
        if !is_before_number {
            return None;
        }
        let written = self.rest[..length].to_owned();
        self.step(length);
        Some(UnitCandidates { codes: vec![code], written })
    }

    /// Refuses a word behind the digits that is a power of ten and a unit of the book.
    fn refuse_unit_as_scale(&self, length: usize) -> Result<(), QuantityError> {
        let written = &self.rest[..length];
        let word = written.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if !word.is_empty() && numeral::is_number(word) && self.units.get(word).is_some() {
            let why = format!("`{word}` is a power of ten and a unit of the book");
            return Err(self.refused(&why, "write the number out, and the unit behind a space"));
        }
        Ok(())
    }

    /// Consumes the hyphen of `5-day`.
    fn joining_hyphen(&mut self) {
        let is_joining = self.rest.strip_prefix('-').is_some_and(|rest| {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            end > 0 && !numeral::is_number(&rest[..end])
        });
        if is_joining {
            self.step(1);
        }
    }

    fn missing_number(&self) -> QuantityError {
        let word = self.next_word();
        let is_dangling = word.is_empty() && DANGLING.into_iter().any(|word| self.shown.to_lowercase().ends_with(word));
        let why = match word {
            _ if is_dangling => "a number is missing at its end".to_owned(),
            "" => "a number is missing".to_owned(),
            word => format!("a number is missing before `{}`", truncated(word)),
        };
        self.refused(&why, "write the number in digits, and its unit behind it")
    }

    /// The error of text behind a figure.
    fn trailing_text(&self) -> QuantityError {
        let word = truncated(self.next_word());
        self.refused(&format!("`{word}` is no part of a figure"), "give the number and its unit alone")
    }
}

/// The unit of both numbers of a range.
struct SharedUnit {
    numerator: Option<Unit>,
    denominator: Option<Unit>,
    is_each: bool,
}

pub(super) fn single_figure(end: QualifiedNumber) -> Result<WrittenFigure, QuantityError> {
    let number = end.numeral.number()?;
    let is_exact = end.approximation.is_none();
    let bounded = |bound: BoundKind| Some(End { value: number.value, closed: bound.is_closed() });
    let amount = match end.bound {
        Some((bound, _)) if bound.is_lower() => Amount::range(bounded(bound), None, is_exact)?,
        Some((bound, _)) => Amount::range(None, bounded(bound), is_exact)?,
        None => Amount::Number(Number::from_digits(number.value, is_exact)),
    };
    let QualifiedNumber { measure, approximation, .. } = end;
    let Measure { numerator, denominator, is_each, skipped, .. } = measure;
    Ok(WrittenFigure {
        quantity: Quantity::new(amount, Some(unit(numerator, denominator)?)),
        numbers: vec![number],
        approximation,
        per_unnamed_item: is_each,
        skipped,
    })
}

impl Parser<'_> {
    pub(super) fn range_figure(
        &self,
        first: QualifiedNumber,
        second: QualifiedNumber,
    ) -> Result<WrittenFigure, QuantityError> {
        let shared = self.shared(&first.measure, &second.measure)?;
        let numerals = self.scaled(&first, &second, &shared)?;
        let (first_number, second_number) = (numerals.0.number()?, numerals.1.number()?);
        let (low, high) = self.bounds(&first, &second)?;
        let end = |number: WrittenNumber, closed| Some(End { value: number.value, closed });
        let approximation = first.approximation.or(second.approximation);
        let amount = Amount::range(end(first_number, low), end(second_number, high), approximation.is_none())?;
        let mut skipped = first.measure.skipped;
        skipped.extend(second.measure.skipped);
        Ok(WrittenFigure {
            quantity: Quantity::new(amount, Some(unit(shared.numerator, shared.denominator)?)),
            numbers: vec![first_number, second_number],
            approximation,
            per_unnamed_item: shared.is_each,
            skipped,
        })
    }

    /// The closedness of both ends. Words that bound one end alone are refused, since the other is a bound already.
    fn bounds(&self, first: &QualifiedNumber, second: &QualifiedNumber) -> Result<(bool, bool), QuantityError> {
        let is_fitting = match (first.bound, second.bound) {
            (None, None) => true,
            (Some((low, _)), Some((high, _))) => low.is_lower() && !high.is_lower(),
            (Some((low, is_sign)), None) => is_sign && low.is_lower(),
            (None, Some((high, is_sign))) => is_sign && !high.is_lower(),
        };
        if !is_fitting {
            return Err(self.refused("it has a bound and two numbers", "give one of the two"));
        }
        let is_closed = |end: &QualifiedNumber| end.bound.is_none_or(|(bound, _)| bound.is_closed());
        Ok((is_closed(first), is_closed(second)))
    }

    /// The unit of both ends, which one of them may name for both.
    fn shared(&self, first: &Measure, second: &Measure) -> Result<SharedUnit, QuantityError> {
        let is_far_currency = first.numerator.is_none() && second.has_currency_first;
        if is_far_currency {
            return Err(
                self.refused("the first number has no currency, and the second has", "give both their currency")
            );
        }
        let is_rate_alone = first.denominator.is_some() && second.denominator.is_none() && second.numerator.is_some();
        if first.is_each && !second.is_each {
            return Err(self.refused("its first number alone is of each", "say of both what they are of"));
        }
        let (numerator, denominator) = (
            first.numerator.as_ref().or(second.numerator.as_ref()),
            first.denominator.as_ref().or(second.denominator.as_ref()),
        );
        let is_of_two = [
            (&first.numerator, numerator),
            (&second.numerator, numerator),
            (&first.denominator, denominator),
            (&second.denominator, denominator),
        ]
        .into_iter()
        .any(|(own, both)| own.is_some() && own.as_ref() != both);
        if is_of_two || is_rate_alone {
            let [left, right] = [first, second].map(|measure| {
                let unit = unit(measure.numerator.clone(), measure.denominator.clone());
                unit.map_or_else(|_| String::new(), |unit| unit.to_string())
            });
            let why = format!("its two numbers are of different units, `{left}` and `{right}`");
            return Err(self.refused(&why, "give both numbers in one unit"));
        }
        Ok(SharedUnit { numerator: numerator.cloned(), denominator: denominator.cloned(), is_each: second.is_each })
    }

    /// The numbers of a range. A word for a power of ten scales both in `5 to 10 million`; if the first number could be
    /// complete without it, the range is refused.
    fn scaled(
        &self,
        first: &QualifiedNumber,
        second: &QualifiedNumber,
        shared: &SharedUnit,
    ) -> Result<(Numeral, Numeral), QuantityError> {
        let (left, right) = (&first.numeral, &second.numeral);
        let as_written = (left.clone(), right.clone());
        let (both, is_apart, is_short) = match (left.is_scaled(), right.is_scaled()) {
            (true, true) | (false, false) => return Ok(as_written),
            (false, true) => {
                let has_own_unit = first.measure.numerator.is_some() && !first.measure.has_currency_first;
                ((left.scaled_as(right), right.clone()), has_own_unit, left.is_short())
            }
            (true, false) => {
                let is_rising = right.number()?.value > left.number()?.value;
                ((left.clone(), right.scaled_as(left)), is_rising, right.is_short())
            }
        };
        let is_complete = first.measure.has_currency_first && second.measure.has_currency_first;
        if is_apart {
            Ok(as_written)
        } else if is_short && !is_complete {
            Ok(both)
        } else {
            Err(self.ambiguous_scale(&as_written, &both, shared))
        }
    }

    /// The error of an ambiguous range, with those of its meanings that are ranges at all.
    fn ambiguous_scale(
        &self,
        one: &(Numeral, Numeral),
        other: &(Numeral, Numeral),
        shared: &SharedUnit,
    ) -> QuantityError {
        let unit = unit(shared.numerator.clone(), shared.denominator.clone()).unwrap_or_default();
        let unit = if unit.is_one() { String::new() } else { format!(" {unit}") };
        let reading = |(left, right): &(Numeral, Numeral)| {
            let (left, right) = (left.number().ok()?.value, right.number().ok()?.value);
            (left < right).then(|| format!("`{} to {}{unit}`", group_digits(left, None), group_digits(right, None)))
        };
        let readings: Vec<String> = [one, other].into_iter().filter_map(reading).collect();
        let why = "a word for a power of ten may be meant for one of its numbers or for both";
        self.refused(why, &format!("write {}", readings.join(", or ")))
    }
}

fn unit(numerator: Option<Unit>, denominator: Option<Unit>) -> Result<Unit, QuantityError> {
    let numerator = numerator.unwrap_or_default();
    denominator.map_or(Ok(numerator.clone()), |denominator| numerator.divide(&denominator))
}
