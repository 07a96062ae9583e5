//! A cell of a table as a number: digits with their grouping, a sign, a currency, a per cent sign or a flag beside them. It says in
//! which ways a cell can be read and chooses none: that is for the whole column to decide.

use super::scale_words::factor_behind;
use crate::quantity::decimal::multiply;
use rust_decimal::Decimal;

/// The sign between whole and fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalMark {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// The digits of a cell, under each decimal mark with which they make a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NumericCell<'c> {
    /// The number if the decimal mark is a point.
    pub(super) as_point: Option<Decimal>,
    /// The number if it is a comma.
    pub(super) as_comma: Option<Decimal>,
    /// The words or signs around the digits: `£`, `EUR`, `%`; empty where there are none.
    pub(super) affix: &'c str,
    /// The word that scales the number, by which it is multiplied: `million`, `k`; empty where there is none.
    pub(super) scale: &'c str,
    /// A flag glued to the number, as in `18838 b`; empty where there is none.
    pub(super) flag: &'c str,
    /// The bound that the number is, if it is one.
    pub(super) bound: Option<Bound>,
    /// True if the digits begin with a zero that no number needs, as codes do: `00123`.
    pub(super) is_code: bool,
}

/// A number that is only known as a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// `<5`
    Below,
    /// `<=5`
    AtMost,
    /// `>5`
    Above,
    /// `>=5`
    AtLeast,
}

impl Bound {
    /// The bound as the text form of a range has it.
    #[must_use]
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl NumericCell<'_> {
    /// The number with a point, whatever decimal mark its column has.
    #[must_use]
    pub(super) fn with_point(self) -> Self {
        Self { as_comma: self.as_point, ..self }
    }

    /// The number under a decimal mark.
    #[must_use]
    pub(super) fn value(&self, mark: DecimalMark) -> Option<Decimal> {
        match mark {
            DecimalMark::Point => self.as_point,
            DecimalMark::Comma => self.as_comma,
        }
    }
}

/// Signs before a number that make it a bound, the longer ones first.
const BOUNDS: [(&str, Bound); 6] = [
    ("<=", Bound::AtMost),
    ("≤", Bound::AtMost),
    (">=", Bound::AtLeast),
    ("≥", Bound::AtLeast),
    ("<", Bound::Below),
    (">", Bound::Above),
];

/// Currency signs that may be glued to a number.
pub(super) const CURRENCY_SIGNS: [char; 8] = ['£', '$', '€', '¥', '₴', '₽', '₹', '₩'];

/// A cell without the blanks around it, the no-break ones too.
#[must_use]
pub(super) fn trim(cell: &str) -> &str {
    // Most cells begin and end with a visible character of ASCII.
    match cell.as_bytes() {
        [] => cell,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim_matches(is_blank),
    }
}

/// True for four digits that are a year.
#[must_use]
pub(super) fn is_year(cell: &str) -> bool {
    cell.len() == 4 && cell.parse::<u16>().is_ok_and(|year| (1500..=2200).contains(&year))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Reads a cell, already trimmed, as a number. `None` where it is none.
#[must_use]
pub(super) fn parse(cell: &str) -> Option<NumericCell<'_>> {
    let bytes = cell.as_bytes();
    let capitals = bytes.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    match bytes.get(capitals) {
        // A word is none, nor is a code; only capitals, as of a currency, can be before a number, and never at its digits.
        Some(next) if next.is_ascii_lowercase() || capitals > 0 && next.is_ascii_digit() => None,
        _ => parse_plain(cell).or_else(|| parse_decorated(cell)),
    }
}

/// Digits, perhaps with a sign before them and a point among them: by far the most cells.
fn parse_plain(cell: &str) -> Option<NumericCell<'_>> {
    let (is_negative, digits) = match cell.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // An i64 holds any 18 digits.
    if digits.len() > 18 || !digits.first()?.is_ascii_digit() {
        return None;
    }
    let (mut mantissa, mut point) = (0_i64, None);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let mantissa = if is_negative { -mantissa } else { mantissa };
    let (value, as_comma) = match point {
        None => (Decimal::from(mantissa), Some(Decimal::from(mantissa))),
        Some(point) => {
            let places = digits.len() - point - 1;
            // Three places behind a point may be a group of a number with a decimal comma.
            let is_group = places == 3 && point <= 3 && digits[0] != b'0';
            let value = Decimal::new(mantissa, u32::try_from(places).ok().filter(|places| *places > 0)?);
            (value, is_group.then(|| Decimal::from(mantissa)))
        }
    };
    let is_code = digits.len() > 1 && digits[0] == b'0' && point.is_none();
    Some(NumericCell { as_point: Some(value), as_comma, affix: "", scale: "", flag: "", bound: None, is_code })
}

/// True for a cell that is written as its number prints: no `+`, no zero that could be left out, no groups.
#[must_use]
pub(super) fn is_canonical(cell: &str) -> bool {
    let digits = match cell.as_bytes() {
        [b'-', digits @ ..] if digits != b"0" => digits,
        digits => digits,
    };
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = match point {
        Some(point) => (&digits[..point], Some(&digits[point + 1..])),
        None => (digits, None),
    };
    let are_digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    are_digits(whole)
        && (whole.len() == 1 || whole[0] != b'0')
        && fraction.is_none_or(|fraction| are_digits(fraction) && fraction.last() != Some(&b'0'))
}

/// A number with anything around its digits, or with groups among them.
fn parse_decorated(cell: &str) -> Option<NumericCell<'_>> {
    let (bound, mut rest) = match BOUNDS.iter().find(|(sign, _)| cell.starts_with(sign)) {
        Some((sign, bound)) => (Some(*bound), trim(&cell[sign.len()..])),
        None => (None, cell),
    };
    let mut is_negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (is_negative, rest) = (true, trim(inner));
    }
    let mut affix = "";
    for _ in 0..2 {
        let is_plus = rest.starts_with('+');
        if let Some(unsigned) = rest.strip_prefix(['-', '−', '+']).filter(|_| is_plus || !is_negative) {
            is_negative |= !is_plus;
            rest = trim(unsigned);
        }
        if affix.is_empty() {
            let length = affix_length(rest);
            (affix, rest) = (&rest[..length], trim(&rest[length..]));
        }
    }
    let mut end = rest.rfind(|c: char| c.is_ascii_digit())? + 1;
    // A point at the end has no places behind it: `5.`
    let has_no_places = rest[end..].starts_with('.') && !rest[..end].contains(['.', ',']);
    end += usize::from(has_no_places);
    let (digits, behind) = (&rest[..end], trim(&rest[end..]));
    let has_blank = rest.len() > end + behind.len();
    let (factor, scale, behind) =
        split_scale(behind, !affix.is_empty(), has_blank).unwrap_or((Decimal::ONE, "", behind));
    let mut flag = "";
    match behind {
        "" => {}
        "%" if affix.is_empty() => affix = behind,
        _ if affix.is_empty() && behind.chars().all(|c| CURRENCY_SIGNS.contains(&c)) => affix = behind,
        _ if affix.is_empty() && is_currency_code(behind) => affix = behind,
        _ if is_flag(behind, has_blank) => flag = behind,
        _ => return None,
    }
    let read = |mark| {
        let value = parse_grouped(digits, mark)?;
        let value = if is_negative { -value } else { value };
        if scale.is_empty() { Some(value) } else { times(value, factor) }
    };
    let (as_point, as_comma) = (read(DecimalMark::Point), read(DecimalMark::Comma));
    if as_point.is_none() && as_comma.is_none() {
        return None;
    }
    let is_code = digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    Some(NumericCell { as_point, as_comma, affix, scale, flag, bound, is_code })
}

/// The length of a currency before the digits: a sign (with letters before it, as in `US$`) or a code.
fn affix_length(rest: &str) -> usize {
    let letters = rest.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(rest.len());
    match rest[letters..].chars().next() {
        Some(sign) if CURRENCY_SIGNS.contains(&sign) => letters + sign.len_utf8(),
        // Letters at the digits are a code: `AUH12`.
        Some(c) if letters == 3 && is_blank(c) => letters,
        _ => 0,
    }
}

/// The factor of the word behind the digits of a cell, with the word and the rest: `million`, `m EUR`. `None` where none scales.
fn split_scale(behind: &str, has_currency: bool, has_blank: bool) -> Option<(Decimal, &str, &str)> {
    let end = behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len());
    let (word, rest) = behind.split_at(end);
    let rest = trim(rest.strip_prefix('.').unwrap_or(rest));
    let is_sign = !rest.is_empty() && rest.chars().all(|c| CURRENCY_SIGNS.contains(&c));
    let factor = factor_behind(word, has_currency || is_sign || is_currency_code(rest), has_blank)?;
    Some((Decimal::from(factor), word, rest))
}

/// The exact product, without the places that it does not need; `None` where a decimal does not hold it.
fn times(value: Decimal, factor: Decimal) -> Option<Decimal> {
    multiply(value, factor).ok().filter(|(_, is_exact)| *is_exact).map(|(product, _)| product.normalize())
}

/// True for three capitals, as the code of a currency has.
fn is_currency_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Letters by which statistics offices flag a number, one each: `bn` would scale it. `m`, `k` and `t` are not among them: they may scale it.
const FLAG_LETTERS: &str = "bcdefinprsuz";

/// True for what marks a number as estimated, provisional or explained below: ` b`, `*`, `(a)`, `[3]`. A letter without brackets
/// needs a blank before it (`1976tq` is a code), and a word that may scale the number or be its unit is no flag.
fn is_flag(text: &str, has_blank: bool) -> bool {
    let inner = text.trim_matches(['(', ')', '[', ']']);
    let is_marks = inner.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§' | '¹' | '²' | '³' | '?'));
    if inner.is_empty() || is_marks {
        return !inner.is_empty();
    }
    let is_footnote = inner.len() < text.len() && (inner.len() <= 2 && inner.bytes().all(|byte| byte.is_ascii_digit()));
    let is_letter = inner.len() == 1 && (FLAG_LETTERS.contains(inner) || inner == "a");
    is_footnote || is_letter && (has_blank && inner != "a" || inner.len() < text.len())
}

/// Digits with groups of three and a decimal mark, or with an exponent.
fn parse_grouped(digits: &str, mark: DecimalMark) -> Option<Decimal> {
    let (point, others) = match mark {
        DecimalMark::Point => ('.', [',', '\'', '’', ' ', '\u{a0}', '\u{202f}', '\u{2009}']),
        DecimalMark::Comma => (',', ['.', '\'', '’', ' ', '\u{a0}', '\u{202f}', '\u{2009}']),
    };
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.parse::<i32>().ok()?)),
        None => (digits, None),
    };
    let (negative, digits) = match digits.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, digits),
    };
    let (whole, fraction) = match digits.split_once(point) {
        // `.5` and `5.` have nothing on one side of the mark.
        Some(("", fraction)) if !fraction.is_empty() && exponent.is_none() => ("0", Some(fraction)),
        Some((whole, "")) if point == '.' => (whole, None),
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !fraction.is_none_or(is_digits) || exponent.is_some() && !is_digits(whole) {
        return None;
    }
    let separator = whole.chars().find(|c| others.contains(c));
    let whole = match separator {
        None if is_digits(whole) => whole.to_owned(),
        None => return None,
        Some(separator) => join_groups(whole, separator)?,
    };
    let fraction = fraction.unwrap_or_default();
    let mantissa = format!("{}{whole}{fraction}", if negative { "-" } else { "" });
    let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent.unwrap_or_default())?;
    scaled(mantissa.parse().ok()?, places)
}

/// The digits of groups: one to three, not beginning with a zero, then threes.
fn join_groups(whole: &str, separator: char) -> Option<String> {
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let is_first = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    if !is_first || !first.bytes().all(|byte| byte.is_ascii_digit()) || !groups.all(is_group) {
        return None;
    }
    Some(whole.chars().filter(char::is_ascii_digit).collect())
}

/// `mantissa` over a power of ten; `None` where a decimal of 28 digits does not hold it.
fn scaled(mantissa: i128, places: i32) -> Option<Decimal> {
    if let Ok(places) = u32::try_from(places) {
        return Decimal::try_from_i128_with_scale(mantissa, places).ok();
    }
    let power = 10_i128.checked_pow(places.unsigned_abs())?;
    Decimal::try_from_i128_with_scale(mantissa.checked_mul(power)?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::{Bound, is_canonical, parse};

    /// The number under a point, under a comma, what is around it, and its flag.
    fn read(cell: &str) -> Option<(String, String, String, String)> {
        let found = parse(cell)?;
        let text = |value: Option<rust_decimal::Decimal>| value.map_or("-".to_owned(), |value| value.to_string());
        Some((text(found.as_point), text(found.as_comma), found.affix.to_owned(), found.flag.to_owned()))
    }

    #[track_caller]
    fn check(cell: &str, point: &str, comma: &str, affix: &str, flag: &str) {
        let wanted = (point.to_owned(), comma.to_owned(), affix.to_owned(), flag.to_owned());
        assert_eq!(read(cell), Some(wanted), "{cell}");
    }

    #[test]
    fn digits_are_one_number_under_both_marks() {
        check("1200000", "1200000", "1200000", "", "");
        check("-5", "-5", "-5", "", "");
        check("12 301", "12301", "12301", "", "");
        check("1'234'567", "1234567", "1234567", "", "");
    }

    #[test]
    fn a_mark_decides_where_only_one_number_can_be_meant() {
        check("12.5", "12.5", "-", "", "");
        check("12,5", "-", "12.5", "", "");
        check("1,234.5", "1234.5", "-", "", "");
        check("1.234,5", "-", "1234.5", "", "");
        check("1,200,000", "1200000", "-", "", "");
        check("1 234,50", "-", "1234.50", "", "");
        check("0.846", "0.846", "-", "", "");
        check("1.5E+07", "15000000", "-", "", "");
        check("1e-3", "0.001", "0.001", "", "");
        check(".5", "0.5", "-", "", "");
        check("-.25", "-0.25", "-", "", "");
        check(",5", "-", "0.5", "", "");
        check("5.", "5", "-", "", "");
        check("$.50", "0.50", "-", "$", "");
        check(".4 %", "0.4", "-", "%", "");
        check(".846", "0.846", "-", "", "");
    }

    #[test]
    fn a_scale_in_words_multiplies_the_number() {
        check("$12.5m", "12500000", "-", "$", "");
        check("$3 million", "3000000", "3000000", "$", "");
        check("EUR 300k", "300000", "300000", "EUR", "");
        check("-£1,234.5bn", "-1234500000000", "-", "£", "");
        check("5 million EUR", "5000000", "5000000", "EUR", "");
        check("5 Mio. €", "5000000", "5000000", "€", "");
        check("1,5 Mrd. €", "-", "1500000000", "€", "");
        check("3.25 million", "3250000", "-", "", "");
        check("2 lakh", "200000", "200000", "", "");
        check("$1,846m", "1846000000", "1846000", "$", "");
        check("$5b", "5000000000", "5000000000", "$", "");
        // A letter, or a word that may be a unit, scales beside a currency alone; behind a blank ` b` is a flag.
        check("$5 b", "5", "5", "$", "b");
        for none in
            ["12.5m", "300k", "5 tn", "5 mn", "5 million tonnes", "$5 million people", "5-10 million", "€5m-10m"]
        {
            assert_eq!(read(none), None, "{none}");
        }
        assert_eq!(parse("$12.5m").unwrap().scale, "m");
    }

    #[test]
    fn three_digits_behind_one_mark_may_be_a_group_or_places() {
        check("1,846", "1846", "1.846", "", "");
        check("1.846", "1.846", "1846", "", "");
    }

    #[test]
    fn what_is_around_the_digits_is_kept_apart() {
        check("£68,486.66", "68486.66", "-", "£", "");
        check("-£5.10", "-5.10", "-", "£", "");
        check("(£1,234.00)", "-1234.00", "-", "£", "");
        check("US$ 5", "5", "5", "US$", "");
        check("EUR 5", "5", "5", "EUR", "");
        check("5 EUR", "5", "5", "EUR", "");
        check("22.69%", "22.69", "-", "%", "");
        check("18838 b", "18838", "18838", "", "b");
        check("2015 *", "2015", "2015", "", "*");
        check("12(a)", "12", "12", "", "(a)");
        check("−7", "-7", "-7", "", "");
        assert_eq!(parse("<=5").unwrap().bound, Some(Bound::AtMost));
        assert_eq!(parse("≥ 1,000").unwrap().bound, Some(Bound::AtLeast));
    }

    #[test]
    fn codes_are_known_by_their_zeros() {
        assert!(parse("00123").unwrap().is_code && !parse("0").unwrap().is_code && !parse("0.5").unwrap().is_code);
    }

    #[test]
    fn a_canonical_cell_is_printed_as_it_is_written() {
        for cell in ["0", "5", "-5", "10", "0.5", "-0.05", "1200000", "22542.58", "100.001"] {
            assert!(is_canonical(cell), "{cell}");
            assert_eq!(parse(cell).unwrap().as_point.unwrap().normalize().to_string(), cell);
        }
        for cell in
            ["", "-", "-0", "00", "05", "+5", "5.", ".5", "5.0", "5.10", "1,200", "5 ", "0x1", "5e3", "- 5", "--5"]
        {
            assert!(!is_canonical(cell), "{cell}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for cell in [
            "",
            "-",
            ".",
            "1976tq",
            "Apr-16",
            "1,23,456",
            "1.2.3",
            "12,34.5",
            "1234,567.8",
            "n/a",
            "2007-2008",
            "5 missiles",
            "5 M",
            "5 m",
            "2 bn",
            "3 k",
            "5 (m)",
            "10 km",
            "7 t",
            "2,496.7>><b>9 May: </b>",
            "1e",
            "99999999999999999999999999999999",
        ] {
            assert_eq!(read(cell), None, "{cell}");
        }
    }
}
