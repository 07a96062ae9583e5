//! The words by which tables name the totals among their rows. A word alone makes no total: its numbers must be a sum.

/// The longest cell that can name a total, in bytes.
const MAX_BYTES: usize = 80;

/// Words at the beginning or the end of a cell: `Total`, `EU total`, `Total, all donors`.
const WORDS: [&str; 30] = [
    "total",
    "totals",
    "subtotal",
    "subtotals",
    "gesamt",
    "insgesamt",
    "gesamtsumme",
    "zwischensumme",
    "summe",
    "totale",
    "totaux",
    "totales",
    "totalt",
    "totaal",
    "suma",
    "summa",
    "razem",
    "ogółem",
    "celkem",
    "összesen",
    "yhteensä",
    "kokku",
    "toplam",
    "итого",
    "всего",
    "усього",
    "разом",
    "合计",
    "总计",
    "合計",
];

/// Words that are the whole cell.
const WHOLE_CELLS: [&str; 8] = ["all", "sum", "overall", "all countries", "all donors", "together", "i alt", "iš viso"];

/// True for a cell, already trimmed, that names a total.
#[must_use]
pub(super) fn names_total(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    // By far the most cells that are no names are numbers and dates.
    if bytes.len() > MAX_BYTES || first.is_ascii_digit() && last.is_ascii_digit() {
        return false;
    }
    if cell.is_ascii() && !may_name_total(bytes) {
        return false;
    }
    // What stands in brackets behind it explains it: `EU total (27 members)`.
    let cell = if bytes.contains(&b'(') { cell.split('(').next().unwrap_or(cell) } else { cell };
    let (whole, [first, last]) = if cell.is_ascii() { ascii_words(cell) } else { words(cell) };
    let is_sum_of = || is_same("sum", first) && whole.get(3..7).is_some_and(|of| is_same(" of ", of));
    let is_whole = || WHOLE_CELLS.iter().any(|known| is_same(known, whole));
    let begins_word = first.as_bytes().first().is_some_and(|first| may_be(*first, &INITIALS));
    is_word(last) || begins_word && (is_word(first) || is_sum_of() || is_whole())
}

/// A cell from its first to its last letter or digit, and its first and last word.
fn words(cell: &str) -> (&str, [&str; 2]) {
    let is_between = |c: char| !c.is_alphanumeric();
    let whole = cell.trim_matches(is_between);
    let first = whole.split(is_between).next().unwrap_or_default();
    (whole, [first, whole.rsplit(is_between).next().unwrap_or_default()])
}

/// [`words`] of plain letters, where each byte is one.
fn ascii_words(cell: &str) -> (&str, [&str; 2]) {
    let whole = cell.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let is_between = |byte: &u8| !byte.is_ascii_alphanumeric();
    let first_end = whole.bytes().position(|byte| is_between(&byte)).unwrap_or(whole.len());
    let last_start = whole.as_bytes().iter().rposition(is_between).map_or(0, |before| before + 1);
    (whole, [&whole[..first_end], &whole[last_start..]])
}

/// True unless plain letters show that no word is there: the first begins none, and the last ends none.
fn may_name_total(cell: &[u8]) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric();
    let is_end = |letter: Option<&u8>, ends: &[bool; 128]| {
        letter.is_some_and(|letter| ends[usize::from(letter.to_ascii_lowercase())])
    };
    is_end(cell.iter().find(is_part), &INITIALS)
        || is_end(cell.iter().rfind(is_part), &FINALS)
        // The word may end before a bracket.
        || cell.contains(&b'(')
}

/// The letters of ASCII by which a word of either list begins.
const INITIALS: [bool; 128] = with_first(&WHOLE_CELLS, with_first(&WORDS, [false; 128]));

/// The letters of ASCII by which a word ends.
const FINALS: [bool; 128] = {
    let (mut letters, mut at) = ([false; 128], 0);
    while at < WORDS.len() {
        let word = WORDS[at].as_bytes();
        add(&mut letters, word[word.len() - 1]);
        at += 1;
    }
    letters
};

/// The lengths of the words in bytes, a bit each.
const LENGTHS: u32 = {
    let (mut lengths, mut at) = (0, 0);
    while at < WORDS.len() {
        lengths |= 1 << WORDS[at].len();
        at += 1;
    }
    lengths
};

const fn with_first(words: &[&str], mut letters: [bool; 128]) -> [bool; 128] {
    let mut at = 0;
    while at < words.len() {
        add(&mut letters, words[at].as_bytes()[0]);
        at += 1;
    }
    letters
}

const fn add(letters: &mut [bool; 128], byte: u8) {
    if byte.is_ascii() {
        letters[byte as usize] = true;
    }
}

/// True if a word may begin, or end, by a byte.
fn may_be(end: u8, ends: &[bool; 128]) -> bool {
    !end.is_ascii() || ends[usize::from(end.to_ascii_lowercase())]
}

fn is_word(text: &str) -> bool {
    let (Some(first), Some(last)) = (text.as_bytes().first(), text.as_bytes().last()) else { return false };
    let may_be_word = may_be(*first, &INITIALS) && may_be(*last, &FINALS) && LENGTHS & (1 << text.len().min(31)) != 0;
    may_be_word && WORDS.iter().any(|word| is_same(word, text))
}

/// True if a text is a word of the list, in any case of letters.
fn is_same(word: &str, text: &str) -> bool {
    if word.len() != text.len() {
        // Letters of both cases have one length in all these words.
        return false;
    }
    word.eq_ignore_ascii_case(text) || !text.is_ascii() && text.to_lowercase() == word
}

#[cfg(test)]
mod tests {
    use super::names_total;

    #[test]
    fn totals_are_named_at_the_beginning_or_the_end() {
        for cell in [
            "Total",
            "TOTAL",
            "Grand Total: ",
            "EU total (27)",
            "Sub-total",
            "Total, all donors",
            "Total Prosecutions",
            "Sum",
            "sum of grants",
            "Summe",
            "Insgesamt",
            "all",
            "ИТОГО",
            "Ogółem",
            "合计",
        ] {
            assert!(names_total(cell), "{cell}");
        }
        for cell in [
            "",
            "Totalförsvaret",
            "the total of it all is not known yet",
            "Summary",
            "sums",
            "Allocation",
            "all of it",
            "12",
            "Germany",
            "subtotally",
        ] {
            assert!(!names_total(cell), "{cell}");
        }
    }
}
