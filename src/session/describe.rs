//! Facts and sources in words, for notes: how firmly something is put and by whom, and what is known of a text.

use crate::store::{FactEntry, SourceEntry};

/// Where a fact stands in its source: `¶4.2`, `record 37`.
pub(super) fn at(fact: &FactEntry) -> String {
    let is_text = fact.locator.starts_with(|c: char| c.is_ascii_digit());
    if is_text { format!("¶{}", fact.locator) } else { fact.locator.clone() }
}

/// `F38 ¶6.1`.
pub(super) fn place(fact: &FactEntry) -> String {
    format!("{} {}", fact.id, at(fact))
}

/// How firmly something is put, as it stands before `by`.
fn certainty_words(code: &str) -> &str {
    match code {
        "aimed" => "put as an aim",
        "required" => "put as a requirement",
        "possible" => "put as possible",
        "likely" => "put as likely",
        "called_for" => "called for",
        "interest_expressed" => "put as an interest",
        "not_stated" => "put without a certainty",
        code => code,
    }
}

/// Who puts it: the text itself, or somebody whom it reports.
fn by_whom(attribution: &str, source: &str) -> String {
    match attribution {
        "author" => format!("by {source} itself"),
        "plan" => format!("by the plan, as {source} reports it"),
        person => format!("by {person}, as {source} reports it"),
    }
}

/// `both proposed by Starmer, as S1 reports it`; where there are other groups, this one is named by its ids.
pub(super) fn group_phrase(group: &[&FactEntry], is_only: bool) -> String {
    let first = group[0];
    let put = format!("{} {}", certainty_words(&first.certainty), by_whom(&first.attribution, &first.source));
    match (group.len(), is_only) {
        (1, true) => put,
        (2, true) => format!("both {put}"),
        (_, true) => format!("all {put}"),
        (_, false) => {
            let ids: Vec<&str> = group.iter().map(|fact| fact.id.as_str()).collect();
            format!("{} {put}", ids.join(" "))
        }
    }
}

/// `stage proposed · status planned · attributed to Starmer`.
pub(super) fn standing(fact: &FactEntry) -> String {
    let stage = fact.stage.as_ref().map(|stage| format!("stage {stage} · ")).unwrap_or_default();
    let attribution = match fact.attribution.as_str() {
        "author" => format!("said by {} itself", fact.source),
        "plan" => "attributed to the plan".to_owned(),
        person => format!("attributed to {person}"),
    };
    format!("{stage}status {} · certainty {} · {attribution}", fact.status, fact.certainty)
}

/// `S1 ¶4.2, characters 1227–1278, written "£1.6 billion" (2 sig. figures at least)`.
pub(super) fn locus(fact: &FactEntry) -> String {
    let mut words = format!("{} {}", fact.source, at(fact));
    if let Some((from, to)) = fact.characters {
        words.push_str(&format!(", characters {from}–{to}"));
    }
    if let Some(written) = &fact.as_written {
        words.push_str(&format!(", written \"{written}\""));
    }
    match fact.significant_figures {
        Some(1) => words.push_str(" (1 sig. figure at least)"),
        Some(figures) => words.push_str(&format!(" ({figures} sig. figures at least)")),
        None => {}
    }
    words
}

/// `S1, a news text; author, publisher and date not stated (U28)`.
pub(super) fn source_note(source: &SourceEntry) -> String {
    format!("{}, {}", source.id, source_words(source))
}

/// `a news text; author, publisher and date not stated (U28)`.
pub(super) fn source_words(source: &SourceEntry) -> String {
    let mut words = source.description.clone();
    if !source.known.is_empty() {
        words.push_str(&format!("; {}", source.known.join(", ")));
    }
    if let Some(unknown) = &source.unknown {
        words.push_str(&format!("; author, publisher and date not stated ({unknown})"));
    }
    words
}
