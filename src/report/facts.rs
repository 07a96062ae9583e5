//! The notes beside an answer: facts, open questions, tensions, assumptions; and the links by which a page leads from an id to where
//! it is told.

use super::model::{FactNote, Line, Noted, Page, Piece, Section, Stamp, Told};
use maud::{Markup, html};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The ids that a page tells, each at one place.
pub(super) struct Anchors {
    told: BTreeSet<String>,
    /// Those that have been told so far.
    used: RefCell<BTreeSet<String>>,
}

impl Anchors {
    /// The ids that a page tells.
    pub(super) fn of(page: &Page) -> Self {
        let noted = |notes: &[Noted]| notes.iter().map(|note| note.id.clone()).collect::<Vec<_>>();
        let mut told: BTreeSet<String> = page.sources.iter().map(|source| source.id.clone()).collect();
        told.extend(noted(&page.source_questions));
        for section in &page.sections {
            told.extend(section.facts.told.iter().map(|fact| fact.id.clone()));
            let more = section.facts.more.iter().flat_map(|more| &more.listed);
            told.extend(more.map(|(id, _)| id.clone()));
            for notes in [&section.records, &section.questions, &section.conflicts, &section.tensions] {
                told.extend(noted(notes));
            }
        }
        told.retain(|id| is_anchor(id));
        Self { told, used: RefCell::default() }
    }

    /// The id of the element that tells something: an id is given once.
    fn anchor<'i>(&self, id: &'i str) -> Option<&'i str> {
        (self.told.contains(id) && self.used.borrow_mut().insert(id.to_owned())).then_some(id)
    }

    /// An id, as a link if the page tells it.
    pub(super) fn id(&self, id: &str) -> Markup {
        html! { @if self.told.contains(id) { a href={ "#" (id) } { (id) } } @else { (id) } }
    }

    /// A line with its links.
    pub(super) fn line(&self, line: &Line) -> Markup {
        html! {
            @for piece in &line.0 {
                @match piece {
                    Piece::Text(text) => { (text) }
                    Piece::Strong(text) => b { (text) },
                    Piece::Value(text) => span.nb { (text) },
                    Piece::Id(id) => (self.id(id)),
                    Piece::Stamp(mark) => (stamp(*mark)),
                    Piece::Question(number) => a href={ "#q" (number) } { "question " (number) },
                }
            }
        }
    }
}

/// True for an id that can be that of an element, and that no other has.
fn is_anchor(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_uppercase()) && !id.contains(char::is_whitespace)
}

/// The mark of an answer that is not to be taken as it stands.
pub(super) fn stamp(stamp: Stamp) -> Markup {
    html! { span class=(if stamp == Stamp::WhatIf { "stamp" } else { "stamp firm" }) { (stamp.word()) } }
}

/// Everything beside an answer.
pub(super) fn aside(section: &Section, number: usize, anchors: &Anchors) -> Markup {
    html! {
        aside aria-label={ "What answer " (number) " rests on" } {
            (assumed(section, anchors))
            (facts(section, anchors))
            (open(section, anchors))
            (titled("Where sources disagree", &section.conflicts, anchors))
            (titled("Where statements pull apart", &section.tensions, anchors))
            p.s.after { (assumptions(section)) }
        }
    }
}

/// The line on assumptions, which every answer has.
pub(super) fn assumptions(section: &Section) -> String {
    if section.assumptions.is_empty() {
        return "Assumptions: none.".to_owned();
    }
    format!("Assumptions: {}.", section.assumptions.join("; "))
}

fn assumed(section: &Section, anchors: &Anchors) -> Markup {
    html! {
        @if !section.assumed.is_empty() {
            h3 { "Assumed" }
            ul.notes {
                @for note in &section.assumed {
                    @let (value, rest) = value_and_rest(&note.text);
                    li { span.id { (note.id) } div { b { (value) } (rest) (small(&note.small)) } }
                }
            }
        }
        @if !section.told_before.is_empty() {
            @for told in &section.told_before { p.s.after { (anchors.line(&told_before(told))) } }
        }
    }
}

/// The assumed value, and the words behind it: `4,500 missiles` and `, where S1 states 5,000 missiles`.
fn value_and_rest(text: &str) -> (&str, &str) {
    let end = [", where ", ", which "].iter().filter_map(|word| text.find(word)).min();
    text.split_at(end.unwrap_or(text.len()))
}

/// `As in question 1: F29 F30 U17 X3.`
pub(super) fn told_before(told: &Told) -> Line {
    let line = Line::of("As in ").then(Piece::Question(told.question)).text(": ");
    line.ids(told.ids.iter().map(String::as_str)).text(".")
}

fn facts(section: &Section, anchors: &Anchors) -> Markup {
    let has_facts = !section.facts.told.is_empty() || !section.records.is_empty();
    html! {
        @if has_facts {
            h3 { "Facts" }
            ul.notes {
                @for fact in &section.facts.told { (told_fact(fact, anchors)) }
                @for record in &section.records { (noted(record, anchors)) }
            }
        }
        @if let Some(more) = &section.facts.more {
            details {
                summary { (more.count) " more: " span { (more.spans) } }
                @if !more.listed.is_empty() {
                    ul.notes {
                        @for (id, gloss) in &more.listed {
                            li id=[anchors.anchor(id)] { span.id { (id) } div { (gloss) } }
                        }
                    }
                }
            }
        }
    }
}

fn told_fact(fact: &FactNote, anchors: &Anchors) -> Markup {
    html! {
        li id=[anchors.anchor(&fact.id)] {
            span.id { (fact.id) }
            div {
                (fact.gloss)
                span.s { b { (fact.firmness) } " · " (fact.by) }
                (small(&fact.place))
            }
        }
    }
}

fn open(section: &Section, anchors: &Anchors) -> Markup {
    html! {
        (titled("Not stated", &section.questions, anchors))
        @if !section.others_open.is_empty() {
            p.s.after { (anchors.line(&others_open(section))) }
        }
    }
}

/// `Nor: approval U18, delivery U16.`
pub(super) fn others_open(section: &Section) -> Line {
    let mut line = Line::of(if section.questions.is_empty() { "Not stated: " } else { "Nor: " });
    for (at, other) in section.others_open.iter().enumerate() {
        line = line.text(if at > 0 { ", " } else { "" });
        line.0.extend(other.0.iter().cloned());
    }
    line.text(".")
}

fn titled(title: &str, notes: &[Noted], anchors: &Anchors) -> Markup {
    html! {
        @if !notes.is_empty() {
            h3 { (title) }
            ul.notes { @for note in notes { (noted(note, anchors)) } }
        }
    }
}

/// Something that is told under its id.
pub(super) fn noted(note: &Noted, anchors: &Anchors) -> Markup {
    html! {
        li id=[anchors.anchor(&note.id)] { span.id { (note.id) } div { (note.text) (small(&note.small)) } }
    }
}

/// A source, with the digest of its text.
pub(super) fn source(source: &super::model::SourceNote, anchors: &Anchors) -> Markup {
    html! {
        li id=[anchors.anchor(&source.id)] {
            span.id { (source.id) }
            div { (source.description) span.s { "sha256 " code { (source.sha256) } } }
        }
    }
}

fn small(text: &str) -> Markup {
    html! { @if !text.is_empty() { span.s { (text) } } }
}
