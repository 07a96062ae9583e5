//! The plural and the singular of words for what is counted, both by one table: what is printed in the plural is read back.

/// Words with a plural of their own.
const IRREGULAR: [(&str, &str); 11] = [
    ("person", "people"),
    ("child", "children"),
    ("day", "days"),
    ("car", "cars"),
    ("gun", "guns"),
    ("jet", "jets"),
    ("ton", "tons"),
    ("bus", "buses"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
];

/// Endings with a plural of their own, of words of any length.
const ENDINGS: [(&str, &str); 20] = [
    ("box", "boxes"),
    ("tax", "taxes"),
    ("ss", "sses"),
    ("us", "uses"),
    ("mouse", "mice"),
    ("tooth", "teeth"),
    ("quiz", "quizzes"),
    ("knife", "knives"),
    ("shelf", "shelves"),
    ("loaf", "loaves"),
    ("leaf", "leaves"),
    ("wolf", "wolves"),
    ("half", "halves"),
    ("calf", "calves"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("torpedo", "torpedoes"),
    ("cargo", "cargoes"),
    ("epoch", "epochs"),
    ("monarch", "monarchs"),
];

/// Words that have none: one stands for many, or what it names is not counted.
const INVARIABLE: [&str; 17] = [
    "percent",
    "hertz",
    "lux",
    "horsepower",
    "personnel",
    "staff",
    "police",
    "infantry",
    "cavalry",
    "artillery",
    "equipment",
    "ammunition",
    "machinery",
    "sheep",
    "cattle",
    "livestock",
    "aircraft",
];

/// The endings of words that may be plurals already, or have irregular ones.
const UNKNOWN_ENDINGS: [&str; 4] = ["s", "man", "craft", "foot"];

/// The shortest word of which a regular plural is made: shorter ones are mostly symbols.
const MIN_WORD: usize = 4;

/// The plural of a word; a symbol, and a word of which it is not known, stay as they are.
pub(super) fn plural_of(word: &str) -> String {
    if let Some((_, plural)) = IRREGULAR.iter().find(|(known, _)| *known == word) {
        return (*plural).to_owned();
    }
    if INVARIABLE.contains(&word) {
        return word.to_owned();
    }
    let is_lowercase = word.chars().all(|c| c.is_ascii_lowercase());
    let of_ending = |(ending, plural): &(&str, &str)| Some(format!("{}{plural}", word.strip_suffix(ending)?));
    if let Some(plural) = ENDINGS.iter().find_map(of_ending).filter(|_| is_lowercase) {
        return plural;
    }
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let is_word = word.len() >= MIN_WORD && is_lowercase && word.chars().any(|c| is_vowel(c) || c == 'y');
    if !is_word || UNKNOWN_ENDINGS.iter().any(|ending| word.ends_with(ending)) {
        return word.to_owned();
    }
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if ["x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending)) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// True for a word in lower case that is a plural by its form, or has none and may be one: `reporters`, `people`, `staff`.
pub(super) fn is_plural(word: &str) -> bool {
    const SINGULAR_ENDINGS: [&str; 4] = ["ss", "us", "is", "'s"];
    let is_irregular = IRREGULAR.iter().any(|(_, plural)| *plural == word);
    let is_regular =
        word.len() >= MIN_WORD && word.ends_with('s') && !SINGULAR_ENDINGS.iter().any(|ending| word.ends_with(ending));
    is_irregular || INVARIABLE[1..].contains(&word) || is_regular
}

/// A word or phrase in lower case and its possible singulars: that of each plural which is printed is among them.
pub(super) fn singulars(lower: &str) -> Vec<String> {
    let stem = |ending: &str| lower.strip_suffix(ending).filter(|stem| !stem.ends_with(char::is_alphabetic));
    let irregular = IRREGULAR.iter().filter_map(|(word, plural)| Some(format!("{}{word}", stem(plural)?)));
    let of_ending = ENDINGS.iter().filter_map(|(word, plural)| Some(format!("{}{word}", lower.strip_suffix(plural)?)));
    let mut found: Vec<String> = std::iter::once(lower.to_owned()).chain(irregular).chain(of_ending).collect();
    found.extend(lower.strip_suffix("ies").map(|stem| format!("{stem}y")));
    found.extend(lower.strip_suffix("es").map(str::to_owned));
    found.extend(lower.strip_suffix('s').map(str::to_owned));
    found
}

#[cfg(test)]
mod tests {
    use super::{ENDINGS, INVARIABLE, IRREGULAR, plural_of, singulars};

    #[test]
    fn every_plural_that_is_printed_reads_back_as_its_unit() {
        let regular = ["missile", "speech", "country", "box", "bush", "tonne", "quiz", "key"];
        let tables = IRREGULAR.iter().chain(&ENDINGS).map(|(word, _)| *word);
        for word in tables.chain(INVARIABLE).chain(regular) {
            let printed = plural_of(word);
            assert!(singulars(&printed).iter().any(|read| read == word), "{word} is printed as {printed}");
        }
        assert!(singulars("young children").contains(&"young child".to_owned()));
        for (word, plural) in
            [("dormouse", "dormice"), ("virus", "viruses"), ("mattress", "mattresses"), ("sandbox", "sandboxes")]
        {
            assert_eq!(plural_of(word), plural);
        }
        assert!(!singulars("omen").contains(&"oman".to_owned()));
    }
}
