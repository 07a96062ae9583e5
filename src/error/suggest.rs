//! Suggestions: the known name nearest to a mistyped one, by edit distance.

/// The candidate nearest to `word` by edit distance (letter case ignored), or `None` where none is near enough to be
/// meant: about one edit in three letters, none in a word of one or two. Of equally near ones the first is taken.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let allowed = match word.chars().count() {
        0..=2 => 0,
        letters => (letters / 3).min(3),
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
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
