//! The forms of a citation: a line, a footnote of Markdown, items of CSL-JSON and BibTeX, and the review of a claim in JSON-LD. What a
//! source does not state is left out, and said in its note.

use super::Citation;
use crate::error::Error;
use crate::quantity::{Facts, Ref};
use crate::store::Book;
use clap::ValueEnum;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The form of a citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CitationForm {
    /// A line of text.
    Plain,
    /// A footnote of Markdown, and the mark that refers to it.
    Footnote,
    /// An item of CSL-JSON for each source, for reference managers.
    CslJson,
    /// An entry of BibTeX for each source.
    Bibtex,
    /// A `ClaimReview` of schema.org for a figure that was claimed, with the verdict of `check`; needs `--url` and `--author`.
    ClaimReview,
}

/// The most facts that name a footnote.
const MAX_NAMED: usize = 4;

/// The text of citations in a form for sources.
///
/// # Errors
/// The book can't be read.
pub(super) fn written(book: &Book, citations: &[Citation], form: CitationForm) -> Result<String, Error> {
    match form {
        CitationForm::Plain | CitationForm::ClaimReview => Ok(lines(citations.iter().map(|one| one.line.clone()))),
        CitationForm::Footnote => Ok(footnotes(citations)),
        CitationForm::CslJson => {
            let items: Vec<Value> = sources(book, citations)?.iter().map(csl_item).collect();
            document(&Value::from(items))
        }
        CitationForm::Bibtex => Ok(lines(sources(book, citations)?.iter().map(bibtex_entry))),
    }
}

fn lines(all: impl Iterator<Item = String>) -> String {
    all.map(|line| line + "\n").collect()
}

/// A document of JSON, indented.
fn document(value: &Value) -> Result<String, Error> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| Error::Fault(error.to_string()))
}

/// `[^F29-F30]: …`, each with a name of its own.
fn footnotes(citations: &[Citation]) -> String {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let note = |citation: &Citation| {
        let name = footnote_name(&citation.facts);
        let count = used.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
        let number = if *count == 1 { String::new() } else { format!("-{count}") };
        format!("[^{name}{number}]: {}", citation.line)
    };
    lines(citations.iter().map(note).collect::<Vec<_>>().into_iter())
}

/// The name of a footnote: the facts that it rests on.
fn footnote_name(facts: &Facts) -> String {
    let named: Vec<String> = facts.iter().take(MAX_NAMED).map(|fact| fact.to_string().replace(':', "-")).collect();
    let more = facts.len().saturating_sub(named.len() as u64);
    match (named.is_empty(), more) {
        (true, _) => "pledgebook".to_owned(),
        (false, 0) => named.join("-"),
        (false, more) => format!("{}-and-{more}-more", named.join("-")),
    }
}

/// A source with the lines that cite it.
struct CitedSource {
    /// Its columns in the view `sources`, those that it has.
    columns: BTreeMap<String, String>,
    is_table: bool,
    note: String,
}

impl CitedSource {
    fn get(&self, column: &str) -> Option<&str> {
        self.columns.get(column).map(String::as_str)
    }

    fn id(&self) -> &str {
        self.get("id").unwrap_or_default()
    }

    /// Its title, or what it is.
    fn title(&self) -> &str {
        self.get("title").or_else(|| self.get("description")).unwrap_or_default()
    }
}

/// The sources behind citations, each with their lines as its note.
fn sources(book: &Book, citations: &[Citation]) -> Result<Vec<CitedSource>, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    let numbers: BTreeSet<u16> = citations.iter().flat_map(|one| source_numbers(&one.facts)).collect();
    let mut found = Vec::new();
    for number in numbers {
        let Some((_, rows)) = book.records(&format!("S{number}")).map_err(fail)? else { continue };
        let cells = rows.into_iter().flatten().filter_map(|(name, cell)| Some((name.clone(), cell?)));
        let cited = citations.iter().filter(|one| source_numbers(&one.facts).any(|other| other == number));
        let note = cited.map(|one| one.line.as_str()).collect::<Vec<_>>().join("\n");
        let is_table = book.import_of(number).map_err(fail)?.is_some();
        found.push(CitedSource { columns: cells.collect(), is_table, note });
    }
    Ok(found)
}

fn source_numbers(facts: &Facts) -> impl Iterator<Item = u16> {
    facts.iter().filter_map(|reference| match reference {
        Ref::Fact { source, .. } | Ref::Record { source, .. } | Ref::AllRecords(source) => Some(source),
        Ref::Unknown(_) => None,
    })
}

fn csl_item(source: &CitedSource) -> Value {
    let mut item = Map::new();
    item.insert("id".to_owned(), source.id().into());
    item.insert("type".to_owned(), if source.is_table { "dataset" } else { "document" }.into());
    item.insert("title".to_owned(), source.title().into());
    for (member, column) in [("publisher", "publisher"), ("URL", "url")] {
        if let Some(text) = source.get(column) {
            item.insert(member.to_owned(), text.into());
        }
    }
    for (member, column) in [("issued", "published"), ("accessed", "retrieved")] {
        if let Some(date) = source.get(column).and_then(date_parts) {
            item.insert(member.to_owned(), json!({ "date-parts": [date] }));
        }
    }
    item.insert("note".to_owned(), source.note.as_str().into());
    Value::Object(item)
}

/// Year, month and day of a date, as far as it has them.
fn date_parts(date: &str) -> Option<Vec<u64>> {
    date.split('-').map(|part| part.parse().ok()).collect()
}

fn bibtex_entry(source: &CitedSource) -> String {
    let year = source.get("published").and_then(date_parts).and_then(|date| date.first().copied());
    let year = year.map(|year| year.to_string());
    let fields = [
        ("title", Some(source.title())),
        ("publisher", source.get("publisher")),
        ("year", year.as_deref()),
        ("url", source.get("url")),
        ("urldate", source.get("retrieved")),
        ("note", Some(source.note.as_str())),
    ];
    let fields: Vec<String> = fields
        .into_iter()
        .filter_map(|(name, text)| {
            let text = text?;
            let is_address = matches!(name, "url" | "urldate" | "year");
            Some(format!("  {name} = {{{}}}", if is_address { text.to_owned() } else { bibtex_text(text) }))
        })
        .collect();
    format!("@misc{{{},\n{}\n}}", source.id(), fields.join(",\n"))
}

/// A text with the characters escaped that mean something to TeX.
fn bibtex_text(text: &str) -> String {
    let escaped = |c: char| match c {
        '\\' => "\\textbackslash{}".to_owned(),
        '~' => "\\textasciitilde{}".to_owned(),
        '^' => "\\textasciicircum{}".to_owned(),
        '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{c}"),
        '\n' => " ".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// The review of a claim; the verdict is a word for it and a sentence, and no score.
///
/// # Errors
/// A fault of the program: it can't be written.
pub(super) fn claim_review(claim: &str, verdict: &str, url: &str, author: &str) -> Result<String, Error> {
    document(&json!({
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "author": { "@type": "Organization", "name": author },
        "claimReviewed": claim,
        "reviewRating": { "@type": "Rating", "alternateName": verdict },
    }))
}

#[cfg(test)]
mod tests {
    use super::{bibtex_text, date_parts, footnote_name};
    use crate::quantity::{Facts, Ref};

    fn facts(ids: &str) -> Facts {
        ids.split_whitespace().map(|id| id.parse::<Ref>().unwrap()).collect()
    }

    #[test]
    fn a_footnote_is_named_by_its_facts() {
        assert_eq!(footnote_name(&facts("F29 F30")), "F29-F30");
        assert_eq!(footnote_name(&facts("S2:7")), "S2-7");
        assert_eq!(footnote_name(&facts("F01 F02 F03 F04 F05 F06")), "F01-F02-F03-F04-and-2-more");
        assert_eq!(footnote_name(&Facts::none()), "pledgebook");
    }

    #[test]
    fn a_date_has_the_parts_that_it_states() {
        assert_eq!(date_parts("2025-03-02"), Some(vec![2025, 3, 2]));
        assert_eq!(date_parts("2025"), Some(vec![2025]));
        assert_eq!(date_parts("2025-03~"), None);
    }

    #[test]
    fn what_tex_reads_is_escaped() {
        assert_eq!(bibtex_text("5 % of a_b & {c}\\"), "5 \\% of a\\_b \\& \\{c\\}\\textbackslash{}");
    }
}
