//! The words of a text and their stems: `pledges`, `pledged` and `pledging` have one. The algorithm is Porter's for
//! English (1980), which uses the letters alone and knows no meanings.

/// Words whose stem the algorithm would get wrong: `stated` is no form of `state`.
const APART: [&str; 6] = ["stated", "united", "news", "does", "means", "us"];

/// Irregular forms, each with its base word.
const IRREGULAR: [(&str, &str); 18] = [
    ("became", "become"),
    ("bought", "buy"),
    ("built", "build"),
    ("gave", "give"),
    ("given", "give"),
    ("held", "hold"),
    ("led", "lead"),
    ("lent", "lend"),
    ("made", "make"),
    ("met", "meet"),
    ("paid", "pay"),
    ("said", "say"),
    ("sent", "send"),
    ("shown", "show"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("took", "take"),
    ("written", "write"),
];

/// The words of a text, in lower case.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The stem that all forms of a word in lower case have in common. A word that is not English letters throughout is its
/// own stem.
pub(super) fn stem(word: &str) -> String {
    if word.len() <= 2 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) || APART.contains(&word) {
        return word.to_owned();
    }
    let regular = IRREGULAR.iter().find(|(form, _)| *form == word).map_or(word, |(_, of)| of);
    let mut stem = regular.to_owned();
    plural(&mut stem);
    past(&mut stem);
    if stem.ends_with('y') && has_vowel(&stem[..stem.len() - 1]) {
        replace(&mut stem, 1, "i");
    }
    derived(&mut stem, &DOUBLE_SUFFIXES, 0);
    derived(&mut stem, &SINGLE_SUFFIXES, 0);
    last_suffix(&mut stem);
    last_letters(&mut stem);
    stem
}

/// Double suffixes, each with its replacement.
const DOUBLE_SUFFIXES: [(&str, &str); 20] = [
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("abli", "able"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
];

const SINGLE_SUFFIXES: [(&str, &str); 7] =
    [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

/// Suffixes that are removed from a long enough stem, the longest first; `ion` behind `s` and `t` only.
const LAST_SUFFIXES: [&str; 19] = [
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
    "al", "er", "ic", "ou",
];

fn replace(word: &mut String, letters: usize, by: &str) {
    word.truncate(word.len() - letters);
    word.push_str(by);
}

fn plural(word: &mut String) {
    if word.ends_with("sses") || word.ends_with("ies") {
        replace(word, 2, "");
    } else if word.ends_with('s') && !word.ends_with("ss") {
        replace(word, 1, "");
    }
}

/// Removes `ed` and `ing`, and mends the rest.
fn past(word: &mut String) {
    if word.ends_with("eed") {
        if measure(&word[..word.len() - 3]) > 0 {
            replace(word, 1, "");
        }
        return;
    }
    let Some(suffix) = ["ed", "ing"].into_iter().find(|suffix| word.strip_suffix(suffix).is_some_and(has_vowel)) else {
        return;
    };
    replace(word, suffix.len(), "");
    let is_double = |word: &str| word.len() > 1 && word.as_bytes()[word.len() - 1] == word.as_bytes()[word.len() - 2];
    if ["at", "bl", "iz"].iter().any(|ending| word.ends_with(ending)) {
        word.push('e');
    } else if is_double(word) && !is_vowel(word, word.len() - 1) && !word.ends_with(['l', 's', 'z']) {
        replace(word, 1, "");
    } else if measure(word) == 1 && ends_short(word) {
        word.push('e');
    }
}

/// Replaces the longest suffix of a table that a word ends with, if the stem before it is long enough.
fn derived(word: &mut String, suffixes: &[(&str, &str)], least: usize) {
    let longest = suffixes.iter().filter(|(suffix, _)| word.ends_with(suffix)).max_by_key(|(suffix, _)| suffix.len());
    if let Some((suffix, by)) = longest.filter(|(suffix, _)| measure(&word[..word.len() - suffix.len()]) > least) {
        replace(word, suffix.len(), by);
    }
}

fn last_suffix(word: &mut String) {
    let Some(suffix) = LAST_SUFFIXES.iter().find(|suffix| word.ends_with(**suffix)) else { return };
    let before = &word[..word.len() - suffix.len()];
    if measure(before) > 1 && (*suffix != "ion" || before.ends_with(['s', 't'])) {
        replace(word, suffix.len(), "");
    }
}

/// Removes an `e` at the end, and one `l` of two.
fn last_letters(word: &mut String) {
    if let Some(before) = word.strip_suffix('e') {
        let syllables = measure(before);
        if syllables > 1 || (syllables == 1 && !ends_short(before)) {
            replace(word, 1, "");
        }
    }
    if word.ends_with("ll") && measure(word) > 1 {
        replace(word, 1, "");
    }
}

/// The measure of a word: the number of times that consonants follow vowels in it.
fn measure(word: &str) -> usize {
    let vowels: Vec<bool> = (0..word.len()).map(|at| is_vowel(word, at)).collect();
    vowels.windows(2).filter(|pair| pair[0] && !pair[1]).count()
}

fn has_vowel(word: &str) -> bool {
    (0..word.len()).any(|at| is_vowel(word, at))
}

/// True if it ends as `hop` does: consonant, vowel, consonant, the last none of w, x and y.
fn ends_short(word: &str) -> bool {
    let end = word.len();
    end >= 3
        && !is_vowel(word, end - 3)
        && is_vowel(word, end - 2)
        && !is_vowel(word, end - 1)
        && !word.ends_with(['w', 'x', 'y'])
}

/// True for a vowel; `y` is one behind a consonant.
fn is_vowel(word: &str, at: usize) -> bool {
    match word.as_bytes()[at] {
        b'a' | b'e' | b'i' | b'o' | b'u' => true,
        b'y' => at > 0 && !is_vowel(word, at - 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{stem, tokens};

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            "pledge pledges pledged pledging",
            "soldier soldiers",
            "promise promises promised promising",
            "country countries",
            "plan plans planned planning",
            "announce announces announced announcing announcement announcements",
            "supply supplies supplied supplying",
            "provide provided provides providing",
            "defence defences",
            "agree agreed agreeing",
            "mission missions",
            "represent represents represented representing",
            "hope hoped hoping",
            "hop hopped hopping",
            "meet met meeting meetings",
            "lead led leads leading",
        ] {
            let stems: Vec<String> = forms.split(' ').map(stem).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{forms}: {stems:?}");
        }
    }

    #[test]
    fn a_stem_begins_as_its_word_does() {
        let texts =
            [crate::store::bundled::SCHEMA].into_iter().chain(crate::store::bundled::DATA.iter().map(|data| data.1));
        let ends = ["ing", "ed", "eed", "ies", "sses", "ational", "ement", "ion", "e", "ll", "y", "s"];
        let made = ends.iter().flat_map(|end| ["", "t", "oa", "tr", "yt"].map(|begin| format!("{begin}{end}")));
        for word in texts.flat_map(tokens).chain(made).chain(super::IRREGULAR.map(|(form, _)| form.to_owned())) {
            assert_eq!(stem(&word).chars().next(), word.chars().next(), "{word}");
        }
    }

    #[test]
    fn stems_are_those_of_the_algorithm() {
        for (word, expected) in [
            ("caresses", "caress"),
            ("ponies", "poni"),
            ("cats", "cat"),
            ("feed", "feed"),
            ("bled", "bled"),
            ("motoring", "motor"),
            ("conflated", "conflat"),
            ("falling", "fall"),
            ("filing", "file"),
            ("happy", "happi"),
            ("sky", "sky"),
            ("relational", "relat"),
            ("conditional", "condit"),
            ("hopefulness", "hope"),
            ("formality", "formal"),
            ("triplicate", "triplic"),
            ("electrical", "electr"),
            ("adjustment", "adjust"),
            ("adoption", "adopt"),
            ("effective", "effect"),
            ("rate", "rate"),
            ("cease", "ceas"),
            ("controlling", "control"),
            ("roll", "roll"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }

    #[test]
    fn unlike_words_stay_apart() {
        for (one, other) in
            [("state", "stated"), ("unit", "united"), ("troop", "trope"), ("mean", "means"), ("us", "u")]
        {
            assert_ne!(stem(one), stem(other), "{one}, {other}");
        }
        assert_eq!(stem("türkiye"), "türkiye");
        assert_eq!(tokens("Ukraine's air-defence, £1.6bn"), ["ukraine", "s", "air", "defence", "1", "6bn"]);
    }
}
