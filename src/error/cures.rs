//! What to do about an error of quantities, in a script and in SQL. What is wrong is told in `quantity`.

use super::QuantityError;
use super::magnitude::{magnitude_cure, unit_cure};
use super::quantity::named;

impl QuantityError {
    /// What to do about it in SQL, where it is done by other functions than in a script.
    #[must_use]
    pub fn cure_in_sql(&self) -> Option<String> {
        match self {
            Self::Units { left_unit, right_unit, .. } if left_unit == "1" || right_unit == "1" => {
                Some(plain_cure(left_unit, right_unit, '\''))
            }
            Self::Units { operation, .. } => Some(units_cure(operation, "q_convert")),
            Self::Stages { .. } => Some("to mix stages on purpose, say so: `q_across_stages(q)`".into()),
            Self::RangesOverlap(..) => Some("compare the ends: `q_lo`, `q_hi`".into()),
            _ => self.cure(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> Option<String> {
        let cure = match self {
            Self::UnknownUnit { code, near } => return Some(unit_cure(code, near.as_deref())),
            Self::UnknownWord { near, .. } => return near.as_ref().map(|near| format!("did you mean `{near}`?")),
            Self::Grouping { readings, .. } => return Some(together(readings)),
            Self::Figure { cure, .. } => return Some(cure.clone()),
            Self::Magnitude { word, .. } => return Some(magnitude_cure(word)),
            Self::Units { left_unit, right_unit, .. } if left_unit == "1" || right_unit == "1" => {
                return Some(plain_cure(left_unit, right_unit, '"'));
            }
            Self::Units { operation, .. } => return Some(units_cure(operation, "convert")),
            Self::Stages { .. } => "to mix stages on purpose, say so: `across_stages(q)`",
            Self::Overflow { .. } => "use a larger unit, or round the operands first",
            Self::Underflow { .. } => "a number has at most 28 places after the point: use a smaller unit",
            Self::DivisionByZero | Self::DivisionByRange(_) => "leave out the rows where the divisor may be 0",
            Self::UnknownCompared(..) => "test with `is_unknown` first, and say what an unknown shall mean",
            Self::RangesOverlap(..) => "compare the ends: `.lo`, `.hi`",
            Self::InexactEquated(..) | Self::InexactCompared(..) => {
                "round both sides and compare the difference with what is near enough"
            }
            Self::UnitCode(_) => "a code is a letter, then letters, digits and `_`",
            Self::NotARate(_) => "a rate has one unit over another: `1.25 USD/GBP`",
            Self::RateNotPositive(_) => "give what one unit of the one is worth in the other: `1.25 USD/GBP`",
            Self::RateOfKinds { .. } => {
                "a rate joins two currencies or two counts; to combine different kinds multiply or divide by it"
            }
            Self::RateUnfit { .. } => "one of the rate's two units must be in the quantity's",
            Self::NotADate(_) => "write it as `2025-03-31`",
            Self::EmptyRange(_) => "write the smaller end first; equal ends must both be closed",
            Self::Figures { .. } => "give at least as many figures as the number has digits that are not 0 at its end",
            Self::FiguresOfZero => "state the range itself, as `q(\"-0.5..<0.5 GBP\")`",
            Self::FiguresBeyond { .. } => "give fewer significant figures",
            Self::RoundedRange(_) => "take its ends: `.lo`, `.hi`",
            Self::NotAStatedFigure => "take the range of the stated figures first, then compute with the ranges",
            Self::AssumptionName(_) => "a name is a letter, then letters, digits and `_`, and not a fact's id alone",
            Self::AssumptionUnknown(_) => "suppose a number or a range",
            Self::CurrencySign { .. } => "write the currency's code behind the number",
            Self::Malformed { .. } => "a quantity is written as `1600000000 GBP [F29; @proposed]`",
            Self::TooLong { .. } => "use a larger unit, or round it",
            Self::UnitPower(_) => "use a base unit of its own for so high a power",
        };
        Some(cure.into())
    }
}

/// The cure of grouped digits: what they may mean, or no number where that can't be told.
fn together(readings: &[String]) -> String {
    let spelt: Vec<String> = readings.iter().map(|reading| format!("`{reading}`")).collect();
    match spelt.as_slice() {
        [] => "write the digits together".to_owned(),
        spelt => format!("write the digits together: {}", spelt.join(", or ")),
    }
}

/// The cure where one side is a plain number.
fn plain_cure(left: &str, right: &str, quote: char) -> String {
    let unit = if left == "1" { right } else { left };
    format!("give the plain number its unit, as `q(5, {quote}{unit}{quote})`")
}

fn units_cure(operation: &str, convert: &str) -> String {
    format!(
        "{} needs equal units; to combine different ones use `*` or `/`; \
         between two currencies give a rate: `{convert}(q, rate)`",
        named(operation)
    )
}
