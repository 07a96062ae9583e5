//! Suggestions: the known name nearest to a mistyped one, by edit distance.

/// The candidate nearest to `word` by edit distance (letter case ignored), or `None` where none is near enough to be
/// meant: about one edit in three letters, none in a word of one or two. Of equally near ones the first is taken.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let letters = word.chars().count();
    let allowed = if letters <= 2 { 0 } else { (letters / 3).min(3) };
    // A name that is longer or shorter by more than the edits is not near, whatever its letters.
    let may_be_near = |candidate: &&str| candidate.chars().count().abs_diff(letters) <= allowed;
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && may_be_near(candidate))
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}

/// The column nearest to `word`: by edit distance, or else the first that is what a header of this name is called in SQL, or that
/// begins with it up to a `_`, as `amount_eur` does with `amount`.
#[must_use]
pub fn nearest_column<'a>(word: &str, columns: impl IntoIterator<Item = &'a str, IntoIter: Clone>) -> Option<String> {
    let columns = columns.into_iter();
    let name = snake_case(word);
    // A header that begins with a digit gets a letter before it.
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) { format!("c_{name}") } else { name };
    let is_called = |column: &&str| {
        let rest = column.to_lowercase();
        rest.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let is_other = |column: &&str| *column != word && !name.is_empty();
    nearest(word, columns.clone()).or_else(|| columns.filter(is_other).find(is_called).map(str::to_owned))
}

/// The words of a header, in lower case and joined by `_`.
fn snake_case(header: &str) -> String {
    let words = header.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

/// The Damerau-Levenshtein distance of two words, letter case ignored.
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase())
}

/// The label `did you mean `near`?`.
#[must_use]
pub fn did_you_mean(near: Option<&String>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest_column;

    #[test]
    fn a_column_is_near_by_its_letters_by_its_header_or_by_its_beginning() {
        let columns = ["donor", "amount_eur", "amount_usd", "total_value_usd"];
        for (word, near) in [
            ("amount", Some("amount_eur")),
            ("amount_esr", Some("amount_eur")),
            ("Amount (USD)", Some("amount_usd")),
            ("TOTAL VALUE", Some("total_value_usd")),
            ("total", Some("total_value_usd")),
            ("amo", None),
            ("value", None),
            ("(", None),
        ] {
            assert_eq!(nearest_column(word, columns).as_deref(), near, "{word}");
        }
    }
}
