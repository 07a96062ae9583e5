//! Numbers that are no figures, by how they are written: dates, times, telephone numbers, sections, versions, names with digits.

use crate::quantity::lenient::terminals;
use crate::quantity::{UnitRegistry, inflection};
use crate::syntax::markup;
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

pub(super) const LEFT_OUT: char = markup::LEFT_OUT;

/// The kind of a number that is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NonFigure {
    /// `24 October 2025`, `2025-10-24`.
    Date,
    /// `2024`, `2019–2023`, `the 1990s`.
    Year,
    /// `10:30`, `5 pm`.
    Time,
    /// `020 7946 0958`.
    Telephone,
    /// `section 4.2`, `Article 5`.
    Section,
    /// `1.` at the start of a line.
    ListMarker,
    /// `v1.2`, `1.2.3`.
    Version,
    /// An address of the web or of mail.
    Address,
    /// The mark of a footnote.
    Footnote,
    /// `F-16`, `COVID-19`.
    Identifier,
    /// `24th`.
    Ordinal,
    /// Code in a text with markup.
    Code,
}

impl NonFigure {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [Self; 12] = [
        Self::Date,
        Self::Year,
        Self::Time,
        Self::Telephone,
        Self::Section,
        Self::ListMarker,
        Self::Version,
        Self::Address,
        Self::Footnote,
        Self::Identifier,
        Self::Ordinal,
        Self::Code,
    ];

    /// The words for one of them and for several.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Date => ("date", "dates"),
            Self::Year => ("year", "years"),
            Self::Time => ("time of day", "times of day"),
            Self::Telephone => ("telephone number", "telephone numbers"),
            Self::Section => ("section number", "section numbers"),
            Self::ListMarker => ("list number", "list numbers"),
            Self::Version => ("version", "versions"),
            Self::Address => ("web address", "web addresses"),
            Self::Footnote => ("footnote mark", "footnote marks"),
            Self::Identifier => ("name with a number", "names with a number"),
            Self::Ordinal => ("ordinal", "ordinals"),
            Self::Code => ("piece of code", "pieces of code"),
        }
    }
}

/// The names of months, as alternatives of a pattern.
const MONTH: &str = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)";

/// Nouns before the number of a section, whatever comes behind it.
const SECTION: &str = r"(?:[Ss]ections?|[Ss]ec\.|SECTION|[Aa]rticles?|[Aa]rt\.|ARTICLE|[Cc]hapters?|[Cc]h\.|[Cc]lauses?|[Pp]aragraphs?|[Pp]aras?\.?|[Pp]ages?|pp?\.|[Ff]igures?|[Ff]igs?\.|[Tt]ables?|[Aa]nnex(?:es)?|[Aa]ppendix|[Aa]ppendices|[Ss]chedules?|[Rr]esolutions?|[Vv]olumes?|[Vv]ol\.|[Nn]os?\.|[Pp]rotocols?|[Rr]egulations?|[Dd]irectives?|[Pp]oints?|[Rr]ules?|[Ee]xhibits?)";

/// Nouns before a number of a series, unless that counts what comes behind it.
const SERIES: &str = r"(?:[Dd]ay|[Ww]eek|[Mm]onth|[Yy]ear|[Nn]umber|[Ll]ine|[Nn]ote|[Ss]tep|[Qq]uestion|[Ii]tem|[Rr]oom|[Ff]light|[Pp]art|[Pp]hase|[Rr]ound|[Ll]evel|[Tt]ier|[Gg]ate|[Pp]latform|[Rr]oute|[Oo]ption|[Ss]cenario|[Cc]hannel)";

/// The patterns of numbers that are none, in the order in which they are tried at one place.
fn patterns() -> Vec<(NonFigure, String)> {
    use NonFigure::{
        Address, Date, Footnote, Identifier, ListMarker, Ordinal, Section, Telephone, Time, Version, Year,
    };
    let day = r"\d{1,2}(?:st|nd|rd|th)?";
    let year = r"(?:1[5-9]|20)\d\d";
    let of = |kind: NonFigure, pattern: &str| (kind, pattern.to_owned());
    vec![
        of(Address, r"(?i:\b(?:https?|ftp)://[^\s<>]+|\b(?:mailto|tel|doi):\S+|\bwww\.\S+)"),
        of(Address, r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,64})+"),
        of(
            Address,
            r"\b(?i:[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6}\.(?:com|org|net|gov|uk|eu|int|info|io|edu|ua|example))(?:/\S*)?\b",
        ),
        of(Address, r"\b10\.\d{4,}/\S+"),
        of(Identifier, r"[@#]\w*\d\w*"),
        (Date, format!(r"\b{year}-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?(?:T[\d:.]+Z?)?\b")),
        (Date, format!(r"\b{day}(?:\s?(?:[-–/]|to|and|or)\s?{day}){{0,3}}\s(?:of\s)?{MONTH}(?:,?\s{year})?")),
        (Date, format!(r"\b{MONTH},?\s{year}\b")),
        (Date, format!(r"\b{MONTH}\s{day}(?:\s?(?:[-–]|to|and)\s?{day}){{0,3}}(?:,?\s{year})?")),
        (Date, format!(r"\b\d{{1,2}}[./-]\d{{1,2}}[./-]{year}\b|\b\d{{1,2}}/\d{{1,2}}/\d\d\b")),
        of(Time, r"\b\d{1,2}(?:[:.][0-5]\d)?\s?(?i:a\.m\.|p\.m\.|am\b|pm\b)"),
        of(Time, r"\b(?:[01]?\d|2[0-4])[:.h][0-5]\d(?:\s?(?:GMT|UTC|BST|CET|CEST|EST|EDT|Z))\b"),
        of(
            Time,
            r"\b(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?\b|\b\d{4}\s?(?:GMT|UTC|BST|CET|hrs)\b|\b\d{1,2}\so['’]clock\b",
        ),
        of(
            Telephone,
            r"(?i:\b(?:tel|telephone|phone|fax|dial|call|text|ring)\b[.:]?\s(?:us\son\s|on\s)?\+?\(?\d[\d\s()-]{5,}\d)",
        ),
        of(Telephone, r"\+\d{1,3}(?:[\s.-]?\(?\d{1,4}\)?){2,5}"),
        of(
            Telephone,
            r"\(0\d{2,5}\)\s?\d{3,8}(?:[\s-]?\d{3,4})?|\(\d{3}\)\s?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b|\b\d{3}-0\d{3}\b",
        ),
        of(Telephone, r"\b0\d{2,4}[\s-]\d{3,4}(?:[\s-]\d{3,4})?\b|\b0\d{9,10}\b"),
        of(Version, r"\bv\d+(?:\.\d+)*\b|\b(?i:versions?)\s\d+(?:\.\d+)*\b|\b\d+\.\d+\.\d+(?:\.\d+)*\b"),
        (Year, format!(r"(?i:\b(?:mid|pre|post|early|late)[-\s]){year}s?\b|\b{year}s\b|['’]\d0s\b")),
        (Year, format!(r"\b{year}\s?[-–/]\s?(?:{year}|\d\d)\b|\bFY\s?(?:{year}|\d\d)\b|\bQ[1-4](?:\s{year})?\b")),
        (Section, format!(r"\b{SECTION}\s?\d+[a-z]?(?:\.\d+)*(?:\([a-z0-9]+\))*")),
        (Section, format!(r"\b{SERIES}\s\d{{1,3}}")),
        of(Section, r"[§¶]{1,2}\s?\d+(?:\.\d+)*|№\s?\d+"),
        of(Footnote, r"\[\^?\d{1,3}\]|[¹²³⁰-⁹]+"),
        of(ListMarker, r"\(\d{1,2}\)"),
        of(Identifier, r"\b24/7\b|\b9/11\b|\b7/7\b|\b50[-/]50\b|\b\d+x\d+\b|\b\d{1,2}-\d{1,2}-\d{1,2}\b"),
        of(Identifier, r"\b[A-Z][A-Za-z]*(?:/[A-Z0-9][A-Za-z0-9.()-]*)*/\d[\w/.-]*"),
        of(Ordinal, r"\b\d+(?:,\d{3})*(?:st|nd|rd|th)\b"),
        of(Identifier, r"\b[A-Za-z]+(?:[-‑–][A-Za-z]+)*[-‑]?\d+[A-Za-z0-9]*(?:[-‑/]\d+[A-Za-z]*)*\b"),
        of(Identifier, r"\b\d+[A-Z]+\d*[a-z]?\b"),
    ]
}

/// One pattern of all alternatives, a group each.
static PATTERN: LazyLock<(Vec<NonFigure>, Option<Regex>)> = LazyLock::new(|| {
    let patterns = patterns();
    // Of ASCII alone: the pattern stays fast beside other letters.
    let ascii = |pattern: &str| pattern.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]");
    let joined: Vec<String> = patterns.iter().map(|(_, pattern)| format!("({})", ascii(pattern))).collect();
    (patterns.iter().map(|(kind, _)| *kind).collect(), Regex::new(&joined.join("|")).ok())
});

/// The numbers of a text that are none, in its order; those before the place where it is stopped.
pub(super) fn find(
    text: &str,
    is_heading: bool,
    units: &UnitRegistry,
    is_stopped: &dyn Fn() -> bool,
) -> Vec<(NonFigure, Range<usize>)> {
    let mut found: Vec<(NonFigure, Range<usize>)> = leading(text, is_heading).into_iter().collect();
    let (kinds, Some(pattern)) = &*PATTERN else { return found };
    let mut at = found.last().map_or(0, |(_, range)| range.end);
    while let Some(captures) = pattern.captures_at(text, at) {
        let Some((kind, range)) = matched(kinds, &captures).filter(|_| !is_stopped()) else { break };
        let judge = Candidate { text, kind, range: range.clone(), units };
        match judge.accepted() {
            Some(range) => {
                at = range.end;
                found.push((kind, range.clone()));
                let others = if kind == NonFigure::Section { further_sections(text, range, units) } else { Vec::new() };
                at = others.last().map_or(at, |range| range.end);
                found.extend(others.into_iter().map(|range| (kind, range)));
            }
            // The next one may begin within it, behind its first word or digits.
            None => at = range.start + first_part(&text[range]),
        }
    }
    found
}

/// The further numbers of `Articles 5 and 6` and `pages 3–5`, behind the first.
fn further_sections(text: &str, first: Range<usize>, units: &UnitRegistry) -> Vec<Range<usize>> {
    let noun = first_word(&text[first.clone()]).unwrap_or_default();
    let mut found = Vec::new();
    let mut at = first.end;
    while noun.ends_with('s') || text[first.clone()].starts_with("pp") {
        let rest = &text[at..];
        let Some(joint) =
            [", and ", " and ", ", ", " to ", " or ", "–", "-"].iter().find(|joint| rest.starts_with(**joint))
        else {
            break;
        };
        let number = &rest[joint.len()..];
        let length = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let behind = &number[length..];
        let goes_on = behind.starts_with(['.', ',']) && behind[1..].starts_with(|c: char| c.is_ascii_digit())
            || behind.starts_with('%');
        let is_counting = first_word(behind)
            .is_some_and(|word| terminals::unit_name(word, units).is_some() || terminals::is_number_word(word));
        if !(1..=3).contains(&length) || goes_on || is_counting && behind.starts_with(' ') {
            break;
        }
        let start = at + joint.len();
        found.push(start..start + length);
        at = start + length;
    }
    found
}

fn matched(kinds: &[NonFigure], captures: &Captures<'_>) -> Option<(NonFigure, Range<usize>)> {
    let groups = captures.iter().skip(1).zip(kinds);
    groups.filter_map(|(group, kind)| group.map(|group| (*kind, group.range()))).find(|(_, range)| !range.is_empty())
}

/// The length of the first run of letters, of digits or of one other character.
fn first_part(text: &str) -> usize {
    let Some(first) = text.chars().next() else { return 1 };
    let is_same = |c: char| {
        first.is_alphabetic() && c.is_alphabetic()
            || first.is_ascii_digit() && (c.is_ascii_digit() || matches!(c, ',' | '.'))
    };
    text.char_indices().skip(1).find(|(_, c)| !is_same(*c)).map_or(text.len(), |(at, _)| at)
}

/// The number of a section or of an item at the start of a block.
fn leading(text: &str, is_heading: bool) -> Option<(NonFigure, Range<usize>)> {
    let start = text.len() - text.trim_start().len();
    let open = text[start..].trim_start_matches('(');
    let digits = open.find(|c: char| !(c.is_ascii_digit() || is_heading && c == '.')).unwrap_or(open.len());
    let number = &open[..digits];
    let behind = &open[digits..];
    let is_short =
        !number.is_empty() && number.trim_end_matches('.').split('.').all(|part| (1..=2).contains(&part.len()));
    let is_closed = number.ends_with('.') || behind.starts_with(['.', ')', ' ']) && number.contains('.');
    let closed = behind.strip_prefix(['.', ')']).unwrap_or(behind);
    if !is_short || !closed.starts_with([' ', '\t', '\u{a0}']) {
        return None;
    }
    let range = start..text.len() - closed.len();
    let is_marked = is_closed || closed.len() < behind.len();
    match (is_heading, is_marked) {
        (true, true) => Some((NonFigure::Section, range)),
        (false, true) => Some((NonFigure::ListMarker, range)),
        _ => None,
    }
}

/// A stretch that has the form of a number that is none.
struct Candidate<'t> {
    text: &'t str,
    kind: NonFigure,
    range: Range<usize>,
    units: &'t UnitRegistry,
}

impl Candidate<'_> {
    /// The stretch, unless what is around it makes it a figure.
    fn accepted(&self) -> Option<Range<usize>> {
        let written = &self.text[self.range.clone()];
        let behind = &self.text[self.range.end..];
        let goes_on = is_cut(written, behind);
        let is_refused = match self.kind {
            NonFigure::Date => goes_on || self.is_month_of_count(written),
            NonFigure::Year => goes_on || self.counts_unit(behind),
            NonFigure::Section => goes_on || self.is_count_of_series(written, behind),
            NonFigure::Telephone => written.chars().filter(char::is_ascii_digit).count() < FEWEST_DIGITS,
            NonFigure::Identifier => goes_on || self.is_number_with_unit(written),
            NonFigure::Time => written.contains('.') && !written.contains(char::is_alphabetic),
            _ => false,
        };
        let length = if self.kind == NonFigure::Address { trimmed(written) } else { written.len() };
        (!is_refused).then(|| self.range.start..self.range.start + length)
    }

    /// True for `in March 30 states`, where the number counts what follows.
    fn is_month_of_count(&self, written: &str) -> bool {
        let is_month_first =
            written.starts_with(char::is_alphabetic) && written.trim_end().ends_with(|c: char| c.is_ascii_digit());
        let is_year = written.rsplit(' ').next().is_some_and(|last| last.len() == 4);
        let before = self.text[..self.range.start].trim_end().rsplit(' ').next().unwrap_or_default();
        is_month_first && !is_year && before.eq_ignore_ascii_case("in")
    }

    /// True if a unit of the book, or a word for a power of ten, is behind it.
    fn counts_unit(&self, behind: &str) -> bool {
        let Some(word) = first_word(behind) else { return false };
        terminals::unit_name(word, self.units).is_some() || terminals::is_number_word(word)
    }

    /// True for the number of a series that counts what is behind it: `each day 30 missiles`.
    fn is_count_of_series(&self, written: &str, behind: &str) -> bool {
        let noun = first_word(written).unwrap_or_default();
        let is_series = SERIES_NOUNS.contains(&noun.to_lowercase().as_str());
        let is_counting = |word: &str| self.counts_unit(behind) || inflection::is_plural(&word.to_lowercase());
        is_series && first_word(behind).is_some_and(is_counting)
    }

    /// True for `£5M` and `GBP5m`, `c5,000`, `5BN`.
    fn is_number_with_unit(&self, written: &str) -> bool {
        let letters = written.trim_matches(|c: char| c.is_ascii_digit() || c == '-');
        let is_code = |code: &str| self.units.get(code).is_some();
        let starts_with_code = written.get(..3).is_some_and(is_code) && !written[3..].starts_with('-');
        if written.starts_with(|c: char| c.is_ascii_digit()) {
            let scale = letters.trim_start_matches(|c: char| c.is_ascii_digit());
            return terminals::is_number_word(scale) && self.has_number_around() || is_code(letters);
        }
        let is_circa = matches!(letters, "c" | "C" | "ca") && !written.contains('-');
        // `one-5` and `between-5` are no names.
        starts_with_code || is_circa
    }

    /// True if a currency is before it, or lower-case words follow: `£5M`, `5M missiles`.
    fn has_number_around(&self) -> bool {
        let before = &self.text[..self.range.start];
        terminals::currency_length_before(before, self.units) > 0
            || before.ends_with(['.', ','])
            || self.counts_unit(&self.text[self.range.end..])
    }
}

/// True if the digits go on behind it: `May 5` of `May 5,000`.
fn is_cut(written: &str, behind: &str) -> bool {
    let mut chars = behind.chars();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if !written.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    match chars.next() {
        Some('.' | ',') => is_digit(chars.next()),
        Some('%') => true,
        Some(c) => c.is_ascii_digit(),
        None => false,
    }
}

/// The fewest digits of a telephone number.
const FEWEST_DIGITS: usize = 7;

/// The nouns of [`SERIES`] in lower case.
const SERIES_NOUNS: [&str; 23] = [
    "day", "week", "month", "year", "number", "line", "note", "step", "question", "item", "room", "flight", "part",
    "phase", "round", "level", "tier", "gate", "platform", "route", "option", "scenario", "channel",
];

fn first_word(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// The length of a stretch without the marks at its end: the full stop behind an address.
fn trimmed(written: &str) -> usize {
    written.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '”', ' ']).len().max(1)
}
