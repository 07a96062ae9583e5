//! Spoils a text: what stands in it is left out, doubled, moved, nested, or put in the place of something else.

use crate::scratch::random::Random;

/// What is put into texts: what ends, opens, hides, overflows.
pub(crate) const ODD: [&str; 51] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#{",
    "#\"",
    "\"#",
    "##\"",
    "'",
    "\"",
    "`",
    ";",
    ",",
    ".",
    "..",
    "::",
    "\\",
    "--",
    "//",
    "/*",
    "*/",
    "${",
    "@",
    ":",
    "?",
    "|",
    "=>",
    "≈",
    "£",
    "\0",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{2028}",
    "\u{9b}",
    "\u{200b}",
    "\u{feff}",
    "\r",
    "\n",
    "\t",
    "👩\u{200d}🚀",
    "e\u{301}",
    "北京",
    "9223372036854775807",
    "-9223372036854775808",
    "1e400",
    "0.0000000000000000000000000001",
    "79228162514264337593543950335",
    "unknown(not_stated)",
    "NULL",
];

/// How long one piece may get: what is longer than a statement may be is refused at once.
const MOST_BYTES: usize = 200_000;

/// Spoils a text of `of` a few times; the pieces of what comes out.
pub(crate) fn spoilt(random: &mut Random, of: &[String]) -> Vec<String> {
    let mut pieces = pieces(random.pick::<String>(of));
    for _ in 0..random.below(6) {
        spoil(random, &mut pieces, of);
    }
    pieces
}

/// The words, numbers, blanks and signs of a text, each a piece.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut pieces: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let this = class(c);
        match pieces.last_mut() {
            Some(piece) if last == Some(this) && this != 2 => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        last = Some(this);
    }
    pieces
}

fn spoil(random: &mut Random, text: &mut Vec<String>, of: &[String]) {
    if text.is_empty() {
        text.push(random.word(&ODD).to_owned());
    }
    let at = random.below(text.len());
    let end = (at + 1 + random.below(6)).min(text.len());
    match random.below(11) {
        0 => drop(text.drain(at..end)),
        1 => {
            let doubled = text[at..end].to_vec();
            drop(text.splice(at..at, doubled));
        }
        2 => {
            let other = random.below(text.len());
            text.swap(at, other);
        }
        3 => text.insert(at, random.word(&ODD).to_owned()),
        4 => random.word(&ODD).clone_into(&mut text[at]),
        5 => text.truncate(at),
        6 => {
            let other = pieces(random.pick::<String>(of));
            let from = random.below(other.len().max(1));
            let to = (from + 1 + random.below(12)).min(other.len());
            drop(text.splice(at..end, other.get(from..to).unwrap_or_default().to_vec()));
        }
        7 => {
            let other = pieces(random.pick::<String>(of));
            text.push(" ".to_owned());
            text.extend(other);
        }
        8 => {
            // Nested once or, rarely, very deep.
            let depth = if random.chance(10) { 1_000 + random.below(20_000) } else { 1 + random.below(4) };
            let (open, close) = *random.pick(&[
                ("(", ")"),
                ("[", "]"),
                ("{", "}"),
                ("-", ""),
                ("!", ""),
                ("(select ", ")"),
                ("if true {", "}"),
                ("not ", ""),
            ]);
            text.insert(end, close.repeat(depth));
            text.insert(at, open.repeat(depth));
        }
        9 => {
            let most = if random.chance(5) { 3_000 } else { 8 };
            let times = 2 + random.below(most);
            if text[at].len() * times < MOST_BYTES {
                text[at] = text[at].repeat(times);
            }
        }
        _ => {
            let digits = 1 + random.below(40);
            text[at] = random.digits(digits);
        }
    }
}
