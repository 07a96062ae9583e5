//! A text made plain before it is read: one kind of minus, quote and space, nothing round it. No meaning is read here.

/// The most characters that a figure is looked for in: more is no figure, and not worth the time.
pub(super) const LONGEST: usize = 400;

/// How much of a text an error shows.
const SHOWN: usize = 60;

const AROUND: &[char] = &['"', '\'', '(', ')', '[', ']', '{', '}', '`', ' '];
const BEHIND: &[char] = &['.', ',', ';', ':', '!', '?', '…'];

/// The text without what stands round it, with signs that have one form each.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{fe63}' | '\u{ff0d}' => plain.push('-'),
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' => plain.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => plain.push('"'),
            '%' => plain.push_str(" percent "),
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let joined = with_percent(&words).join(" ");
    bare(&joined).to_owned()
}

/// Words with `per cent` as one of them.
fn with_percent<'t>(words: &[&'t str]) -> Vec<&'t str> {
    let mut found: Vec<&str> = Vec::with_capacity(words.len());
    for word in words {
        let is_cent = word
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("cent") && !word[4..].starts_with(char::is_alphanumeric));
        if is_cent && found.last().is_some_and(|last| last.eq_ignore_ascii_case("per")) {
            found.pop();
            found.push("percent");
            found.extend(Some(&word[4..]).filter(|rest| !rest.is_empty()));
        } else {
            found.push(word);
        }
    }
    found
}

/// The text without quotes and brackets round it and the end of a sentence behind it.
fn bare(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = text.trim_matches(AROUND);
        let shorter = shorter.strip_suffix("...").unwrap_or(shorter);
        // Two points at the end would leave a range without its second number.
        let shorter = if shorter.ends_with("..") { shorter } else { shorter.trim_end_matches(BEHIND) };
        if shorter == text {
            return text;
        }
        text = shorter;
    }
}

/// As much of a text as an error shows.
#[must_use]
pub fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_round_a_figure_is_taken_off() {
        for (text, expected) in [
            ("“£1.6bn.”", "£1.6bn"),
            ("(£1.6bn)", "£1.6bn"),
            ("  5\u{a0}000  missiles ", "5 000 missiles"),
            ("−5 %", "-5 percent"),
            ("5per cent.", "5per cent"),
            ("5 per cent.", "5 percent"),
            ("5 Per Cent-ish", "5 percent -ish"),
            ("1..", "1.."),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_shown_in_part() {
        assert_eq!(shortened(&"é".repeat(200)).chars().count(), SHOWN + 1);
    }
}
