//! The marks by which tables say that a number is missing, with the reason that each stands for. They count as marks in columns of
//! numbers alone: `NA` is Namibia in a column of countries.

/// The reason of a cell that fits nothing.
pub(super) const UNREADABLE: &str = "unreadable";

/// Words and signs for "not stated", in lower case.
const NOT_STATED: &[&str] = &[
    "n/a",
    "na",
    "n.a.",
    "n.a",
    "#n/a",
    "null",
    "none",
    "nil",
    "nan",
    "x",
    "xx",
    "xxx",
    "unknown",
    "not known",
    "not given",
    "not stated",
    "not available",
    "not applicable",
    "no data",
    "nd",
    "n.d.",
    "no value",
    "no value available",
    "no price",
    "missing",
    "tbc",
    "tbd",
    "k.a.",
    "s.o.",
];

/// Words for a number that somebody has and does not give.
const WITHHELD: &[&str] =
    &["undisclosed", "not disclosed", "withheld", "confidential", "classified", "redacted", "suppressed"];

/// Signs that stand for a missing number, alone or repeated: `.`, `..`, `. .`, `*****`, `-`.
const SIGNS: &[char] = &['.', '…', '-', '–', '—', '*', ':', '?', '/'];

/// The texts that a spreadsheet shows for formulas that failed, in lower case.
const FORMULA_ERRORS: &[&str] = &[
    "#div/0!",
    "#ref!",
    "#value!",
    "#name?",
    "#num!",
    "#null!",
    "#calc!",
    "#spill!",
    "#getting_data",
    "err:502",
    "err:508",
];

/// True for what a spreadsheet shows for a formula that failed.
#[must_use]
pub(super) fn is_formula_error(cell: &str) -> bool {
    (cell.starts_with('#') || cell.starts_with("Err:")) && FORMULA_ERRORS.contains(&cell.to_lowercase().as_str())
}

/// The code of the reason that a mark stands for; `None` for a text that is no mark. `cell` is trimmed.
#[must_use]
pub(super) fn reason(cell: &str) -> Option<&'static str> {
    let first = cell.chars().next()?;
    if SIGNS.contains(&first) && cell.chars().all(|c| c == first || c == ' ') {
        return Some("not_stated");
    }
    if is_formula_error(cell) {
        return Some(UNREADABLE);
    }
    let word = cell.to_lowercase();
    if NOT_STATED.contains(&word.as_str()) {
        return Some("not_stated");
    }
    WITHHELD.contains(&word.as_str()).then_some("withheld")
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn marks_have_reasons() {
        for mark in
            [".", "..", ". .", "...", "-", "–", "n/a", "N/A", ":", "*****", "No price", "Not Given", "#N/A", "xxx"]
        {
            assert_eq!(reason(mark), Some("not_stated"), "{mark}");
        }
        assert_eq!(reason("undisclosed"), Some("withheld"));
        for text in ["", "5", "-5", "Namibia", "395,88", ".5", "- 5"] {
            assert_eq!(reason(text), None, "{text}");
        }
    }
}
