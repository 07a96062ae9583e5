//! Words that people write for a power of ten, and what to write instead. Reading numbers is not its part.

/// Words that stand for a power of ten, with its zeros.
const MAGNITUDES: [(&str, usize); 21] = [
    ("k", 3),
    ("thousand", 3),
    ("lakh", 5),
    ("m", 6),
    ("crore", 7),
    ("mn", 6),
    ("mio", 6),
    ("mln", 6),
    ("mill", 6),
    ("million", 6),
    ("millions", 6),
    ("b", 9),
    ("bn", 9),
    ("billion", 9),
    ("billions", 9),
    ("milliard", 9),
    ("mrd", 9),
    ("t", 12),
    ("tn", 12),
    ("trillion", 12),
    ("trillions", 12),
];

/// The zeros that a word for a power of ten adds to a number.
pub(crate) fn power_of_ten(word: &str) -> Option<usize> {
    MAGNITUDES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, zeros)| *zeros)
}

/// What to do about a unit that the book does not have: write the nearest, or the number that a magnitude stands for.
pub(super) fn unit_cure(code: &str, near: Option<&str>) -> String {
    let is_magnitude = power_of_ten(code).is_some();
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if is_magnitude => magnitude_cure(code),
        None => "`select code, name from units` lists the units of the book".into(),
    }
}

/// What to do about letters that are joined to a number.
pub(super) fn magnitude_cure(word: &str) -> String {
    match power_of_ten(word) {
        Some(zeros) => format!("write the number out, or with the exponent e{zeros} for `{word}`"),
        None => "put a space between the number and its unit".into(),
    }
}
