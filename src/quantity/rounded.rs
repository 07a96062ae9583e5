//! Whether one number is another, rounded.

use super::decimal::round_to;
use super::wide::{DIGITS, Rounding};
use rust_decimal::Decimal;

/// The most significant figures to which `value`, rounded half away from zero, is `figure`; `None` where it is not, or
/// where the two are equal.
#[must_use]
pub fn rounded_figures(value: Decimal, figure: Decimal) -> Option<u32> {
    if value == figure || value.is_zero() || figure.is_zero() {
        return None;
    }
    let digits = value.mantissa().unsigned_abs().checked_ilog10()?.cast_signed() + 1;
    (1..=DIGITS).rev().find(|figures| {
        let places = value.scale().cast_signed() - digits + figures.cast_signed();
        round_to(value, places, Rounding::Nearest).is_ok_and(|(rounded, _)| rounded == figure)
    })
}

#[cfg(test)]
mod tests {
    use super::rounded_figures;

    #[track_caller]
    fn check(value: &str, figure: &str, figures: Option<u32>) {
        assert_eq!(rounded_figures(value.parse().unwrap(), figure.parse().unwrap()), figures, "{value} {figure}");
    }

    #[test]
    fn a_figure_is_rounded_to_the_most_figures_that_give_it() {
        check("320000", "300000", Some(1));
        check("1600000000", "2000000000", Some(1));
        check("355555.555555", "355555.56", Some(8));
        check("355555.555555", "356000", Some(3));
        check("300100", "300000", Some(3));
        check("3.125", "3.13", Some(3));
        check("-3.125", "-3.13", Some(3));
        check("9.96", "10", Some(2));
        check("320000", "320000", None);
        check("320000", "330000", None);
        check("320000", "0", None);
        check("0", "1", None);
    }
}
