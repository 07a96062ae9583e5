//! What the drawings of a page share: positions in percent of the width, ticks by 1, 2 and 5, the patterns and symbols.

use maud::{Markup, html};

/// A position in percent of the width, as SVG takes it.
pub(super) fn percent(value: f64) -> String {
    let text = format!("{value:.2}");
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The pattern of what is supposed, and the symbols of orders; once a page.
pub(super) fn definitions() -> Markup {
    html! {
        svg.defs width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern #hatch width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.hb width="6" height="6" {}
                    line.hl x1="1" x2="1" y2="6" {}
                }
                symbol #dot overflow="visible" { circle.dot cx="7" cy="7" r="4.5" {} }
                symbol #tip overflow="visible" { path.ink d="M2-8 7 0 12-8" {} }
            }
        }
    }
}

/// A scale from its first tick to its last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// The step: a 1, 2 or 5, and a power of ten.
    digit: i64,
    exponent: i32,
    /// The first and last tick in steps; 0 is among them.
    first: i64,
    last: i64,
}

/// The most steps of a scale.
const MOST_STEPS: f64 = 4.0;

/// Powers of ten beyond which nothing is drawn.
const MOST_EXPONENT: i32 = 30;

impl Scale {
    /// The scale of numbers from `low` to `high`, 0 with them; `None` where there is no length to draw.
    pub(super) fn of(low: f64, high: f64) -> Option<Self> {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let span = high - low;
        if !span.is_finite() || span <= 0.0 {
            return None;
        }
        (-MOST_EXPONENT..=MOST_EXPONENT)
            .flat_map(|exponent| [1, 2, 5].map(|digit| (digit, exponent)))
            .find_map(|(digit, exponent)| Self::by_step(digit, exponent, low, high))
    }

    fn by_step(digit: i64, exponent: i32, low: f64, high: f64) -> Option<Self> {
        let step = length(digit, exponent);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        // A whole number of few steps.
        #[allow(clippy::cast_possible_truncation)]
        (last - first <= MOST_STEPS).then_some(Self { digit, exponent, first: first as i64, last: last as i64 })
    }

    /// The place of a number, in percent of the width.
    pub(super) fn place(&self, value: f64) -> f64 {
        let (low, high) = (self.value(self.first), self.value(self.last));
        ((value - low) / (high - low) * 100.0).clamp(0.0, 100.0)
    }

    fn value(&self, steps: i64) -> f64 {
        // A few steps are exact.
        #[allow(clippy::cast_precision_loss)]
        let steps = steps as f64;
        steps * length(self.digit, self.exponent)
    }

    /// The word for the numbers on the axis, if they are too long to be written out: `million`.
    pub(super) fn word(&self) -> Option<(&'static str, i32)> {
        let most = self.first.abs().max(self.last.abs()).saturating_mul(self.digit);
        let digits = i32::try_from(most.to_string().len()).unwrap_or(i32::MAX).saturating_add(self.exponent);
        match digits {
            ..=7 => None,
            8..=10 if self.exponent >= 4 => Some(("million", 6)),
            11.. if self.exponent >= 7 => Some(("billion", 9)),
            _ => None,
        }
    }

    /// The ticks: each with its place in percent and its number.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let shift = self.word().map_or(0, |(_, shift)| shift);
        (self.first..=self.last)
            .map(|steps| (self.place(self.value(steps)), decimal(steps * self.digit, self.exponent - shift)))
            .collect()
    }
}

fn length(digit: i64, exponent: i32) -> f64 {
    // The digits are 1, 2 and 5.
    #[allow(clippy::cast_precision_loss)]
    let digit = digit as f64;
    if exponent < 0 { digit / 10_f64.powi(-exponent) } else { digit * 10_f64.powi(exponent) }
}

/// A whole number times a power of ten, its digits in groups of three.
fn decimal(whole: i64, exponent: i32) -> String {
    let sign = if whole < 0 { "−" } else { "" };
    let digits = whole.unsigned_abs().to_string();
    if whole == 0 {
        return "0".to_owned();
    }
    let behind = usize::try_from(-exponent).unwrap_or(0);
    let digits = format!("{digits}{}", "0".repeat(usize::try_from(exponent).unwrap_or(0)));
    let digits = format!("{digits:0>width$}", width = behind + 1);
    let (before, after) = digits.split_at(digits.len() - behind);
    let after = after.trim_end_matches('0');
    let mut grouped = String::new();
    for (at, c) in before.chars().enumerate() {
        if at > 0 && (before.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    if after.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{after}") }
}

#[cfg(test)]
mod tests {
    use super::{Scale, decimal, percent};

    fn ticks(low: f64, high: f64) -> Vec<String> {
        Scale::of(low, high).unwrap().ticks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn ticks_are_one_two_and_five() {
        assert_eq!(ticks(0.0, 330_000.0), ["0", "100,000", "200,000", "300,000", "400,000"]);
        assert_eq!(ticks(0.0, 3.0), ["0", "1", "2", "3"]);
        assert_eq!(ticks(0.0, 50.0), ["0", "20", "40", "60"]);
        assert_eq!(ticks(-3.0, 5.0), ["−5", "0", "5"]);
        assert_eq!(ticks(0.0, 0.03), ["0", "0.01", "0.02", "0.03"]);
        assert_eq!(ticks(0.0, 1_600_000_000.0), ["0", "500", "1,000", "1,500", "2,000"]);
        assert_eq!(Scale::of(0.0, 0.0), None);
        assert_eq!(Scale::of(0.0, f64::NAN), None);
    }

    #[test]
    fn places_are_in_percent_of_the_width() {
        let scale = Scale::of(0.0, 330_000.0).unwrap();
        assert_eq!(percent(scale.place(320_000.0)), "80%");
        assert_eq!(percent(scale.place(310_000.0)), "77.5%");
        assert_eq!(percent(Scale::of(-50.0, 50.0).unwrap().place(0.0)), "50%");
    }

    #[test]
    fn decimals_are_grouped() {
        assert_eq!(
            [decimal(25, -3), decimal(2000, 3), decimal(-5, 0), decimal(10, -1)],
            ["0.025", "2,000,000", "−5", "1"]
        );
    }
}
