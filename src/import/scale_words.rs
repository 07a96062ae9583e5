//! Words that scale a number: `million`, `Mrd.`, `k`. Some do wherever they stand, others beside a currency alone.

/// Words that are a scale wherever they stand, in lower case; as the first of a row means.
const LARGE_SCALES: [(i64, &[&str]); 6] = [
    (
        1_000,
        &[
            "thousand",
            "thousands",
            "'000",
            "’000",
            "000",
            "000s",
            "'000s",
            "’000s",
            "tsd",
            "tausend",
            "millier",
            "milliers",
            "duizend",
            "tusen",
            "tys",
            "тыс",
            "тис",
        ],
    ),
    (100_000, &["lakh", "lakhs"]),
    (
        1_000_000,
        &[
            "million",
            "millions",
            "mn",
            "mln",
            "mio",
            "mill",
            "'000,000",
            "000,000",
            "millionen",
            "millones",
            "milhões",
            "milioni",
            "miljoen",
            "miljoner",
            "млн",
        ],
    ),
    (10_000_000, &["crore", "crores"]),
    (
        1_000_000_000,
        &[
            "billion",
            "billions",
            "bn",
            "bln",
            "mrd",
            "mld",
            "md",
            "mds",
            "milliard",
            "milliards",
            "milliarden",
            "miliardi",
            "miljard",
            "miljarder",
            "млрд",
        ],
    ),
    (1_000_000_000_000, &["trillion", "trillions", "tn", "trn"]),
];

/// Letters that scale a number beside a currency.
pub(super) const LETTERS: [(&str, i64); 6] =
    [("k", 1_000), ("K", 1_000), ("m", 1_000_000), ("M", 1_000_000), ("b", 1_000_000_000), ("B", 1_000_000_000)];

/// The fewest letters of a word that scales a number without a currency: `tn` may be tonnes, and `mn` minutes.
const MIN_LETTERS: usize = 5;

/// The factor of a word that is a scale wherever it stands.
pub(super) fn large_scale(word: &str) -> Option<i64> {
    let word = word.trim_end_matches('.').to_lowercase();
    LARGE_SCALES.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(factor, _)| *factor)
}

/// The factor of a word behind a number; `None` where it may be something else.
#[must_use]
pub(super) fn factor_behind(word: &str, has_currency: bool, has_blank: bool) -> Option<i64> {
    let letter = LETTERS.iter().find(|(letter, _)| *letter == word).filter(|_| has_currency);
    // ` b` marks a break in a series.
    let letter = letter.filter(|(letter, _)| *letter != "b" || !has_blank).map(|(_, factor)| *factor);
    let is_long = word.chars().count() >= MIN_LETTERS || word.to_lowercase() == "lakh";
    letter.or_else(|| large_scale(word).filter(|_| has_currency || is_long))
}
