//! The files of what is said: open questions, sources, those who are spoken of, and the facts with their numbers.

use super::definition::{FactsFile, Form, optional, required};

pub(super) static UNKNOWNS: FactsFile = FactsFile {
    name: "unknowns",
    table: "unknown",
    meaning: "a question that the sources leave open",
    key: &["id"],
    columns: &[
        required("id", Form::Id("U", 2), "its id: U01, U02 and so on"),
        required("question", Form::Text, "the question"),
        required("about", Form::Text, "the matter in a few words"),
        required("reason", Form::Reference("reasons"), "why there is no answer: a code of reasons.csv"),
        required("short", Form::Text, "the matter as a note under a figure names it"),
        required("means", Form::Text, "what the silence means, and what it must not be taken for"),
        required("needs", Form::Text, "what kind of source would answer it"),
    ],
};

const AUTHORITIES: &[&str] = &["primary", "wire", "press", "derivative", "tracker", "unknown"];

pub(super) static SOURCES: FactsFile = FactsFile {
    name: "sources",
    table: "source",
    meaning: "a text or table that facts come from",
    key: &["id"],
    columns: &[
        required("id", Form::Id("S", 1), "its id: S1, S2 and so on"),
        required("description", Form::Text, "what it is, in a few words"),
        optional("title", Form::Text, "its title"),
        optional("publisher", Form::Text, "who published it"),
        optional("url", Form::Text, "where it can be read"),
        optional("published", Form::Date, "the date of publication: 2025-01-31, 2025-01 or 2025"),
        optional("retrieved", Form::Date, "the date on which it was read"),
        required("sha256", Form::Digest, "the SHA-256 digest of the exact text or file, 64 hexadecimal digits"),
        required(
            "authority",
            Form::Word(AUTHORITIES),
            "what kind of witness it is: primary, wire, press, derivative, tracker or unknown",
        ),
        optional("unknown", Form::Reference("unknowns"), "the open question about its origin"),
        optional("licence", Form::Text, "the terms under which it may be used"),
    ],
};

const RELATIONS: &[&str] = &["wasDerivedFrom", "wasQuotedFrom", "hadPrimarySource", "wasRevisionOf"];

pub(super) static SOURCE_LINKS: FactsFile = FactsFile {
    name: "source_links",
    table: "source_link",
    meaning: "that one source was made from another",
    key: &["source", "relation", "origin"],
    columns: &[
        required("source", Form::Reference("sources"), "the source"),
        required(
            "relation",
            Form::Word(RELATIONS),
            "how: wasDerivedFrom, wasQuotedFrom, hadPrimarySource or wasRevisionOf",
        ),
        required("origin", Form::Reference("sources"), "the source that it was made from"),
    ],
};

const ACTOR_KINDS: &[&str] = &["person", "state", "organisation", "group", "unnamed_group", "region"];

pub(super) static ACTORS: FactsFile = FactsFile {
    name: "actors",
    table: "actor",
    meaning: "a person, state, organisation or group that a source speaks of",
    key: &["id"],
    columns: &[
        required("id", Form::Code, "a word by which the other files name it: united_kingdom"),
        required("kind", Form::Word(ACTOR_KINDS), "person, state, organisation, group, unnamed_group or region"),
        required("name", Form::Text, "the name that answers show"),
        optional("iso3", Form::Country, "the ISO 3166 code of a state: GBR"),
    ],
};

pub(super) static ALIASES: FactsFile = FactsFile {
    name: "aliases",
    table: "actor_alias",
    meaning: "another name that a source uses for an actor",
    key: &["actor", "alias"],
    columns: &[
        required("actor", Form::Reference("actors"), "the actor"),
        required("alias", Form::Text, "the other name"),
        required("why", Form::Word(&["spelling", "metonym"]), "spelling, or metonym: a capital for its government"),
    ],
};

pub(super) static SEARCH_NAMES: FactsFile = FactsFile {
    name: "search_names",
    table: "search_name",
    meaning: "a name that people look an actor up under and that no source need use",
    key: &["actor", "name"],
    columns: &[required("actor", Form::Reference("actors"), "the actor"), required("name", Form::Text, "the name")],
};

pub(super) static SEARCH_WORDS: FactsFile = FactsFile {
    name: "search_words",
    table: "search_word",
    meaning: "a word that people look for, and one near it that the book has in its place",
    key: &["word", "near"],
    columns: &[
        required("word", Form::Text, "the word that is looked for"),
        required("near", Form::Text, "the word near it"),
    ],
};

pub(super) static PLACES: FactsFile = FactsFile {
    name: "places",
    table: "place",
    meaning: "where an event is said to take place",
    key: &["id"],
    columns: &[
        required("id", Form::Code, "a word by which events.csv names it; not_stated for one that is not given"),
        required("name", Form::Text, "the name that answers show"),
    ],
};

pub(super) static CONDITIONS: FactsFile = FactsFile {
    name: "conditions",
    table: "condition",
    meaning: "that on which a fact is said to depend",
    key: &["id"],
    columns: &[
        required("id", Form::Id("C", 1), "its id: C1, C2 and so on"),
        required("text", Form::Text, "the condition in the book's own words"),
        required("source", Form::Reference("sources"), "the source that states it"),
        required("paragraph", Form::Whole(1), "the paragraph of the source, counted from 1"),
        required("sentence", Form::Whole(1), "the sentence of that paragraph, counted from 1"),
        required("char_start", Form::Whole(0), "the first character that states it, counted from 0"),
        required("char_end", Form::Whole(0), "the character after the last"),
    ],
};

/// The longest gloss, in characters.
const GLOSS_CHARS: usize = 60;

pub(super) static FACTS: FactsFile = FactsFile {
    name: "facts",
    table: "fact",
    meaning: "the smallest thing that a source says",
    key: &["id"],
    columns: &[
        required(
            "id",
            Form::FactId,
            "F29 is fact 29 of source S1, S2F01 fact 1 of source S2, S2:37 record 37 of its table",
        ),
        required("source", Form::Reference("sources"), "the source that states it"),
        optional("record", Form::Whole(1), "the record, where the source is a table"),
        optional("paragraph", Form::Whole(1), "the paragraph, counted from 1, where it is a text"),
        optional("sentence", Form::Whole(1), "the sentence of that paragraph, counted from 1"),
        optional("char_start", Form::Whole(0), "the first character that states it, counted from 0"),
        optional("char_end", Form::Whole(0), "the character after the last"),
        required("subject", Form::Text, "who or what the statement is about"),
        required("action", Form::Text, "what it says of the subject"),
        optional("object", Form::Text, "to whom or to what"),
        required(
            "gloss",
            Form::Line(GLOSS_CHARS),
            "the statement in one line of at most 60 characters; {} stands for its number",
        ),
        required("kind", Form::Reference("fact_kinds"), "what sort of statement it is: a code of fact_kinds.csv"),
        required("status", Form::Reference("statuses"), "did it happen: a code of statuses.csv"),
        required("certainty", Form::Reference("certainties"), "how firmly it is put: a code of certainties.csv"),
        required("attribution", Form::Reference("attributions"), "who says so: a code of attributions.csv"),
        optional("condition", Form::Reference("conditions"), "on what it depends: an id of conditions.csv"),
        optional("time_relation", Form::Text, "how it stands in time to other facts"),
        optional("note", Form::Text, "what to bear in mind in reading it"),
        optional(
            "supersedes",
            Form::Corrected,
            "the facts that this one corrects; they stay, and answers show this one",
        ),
    ],
};

const BOUNDS: &[&str] = &["exact", "at_least", "more_than", "up_to", "less_than", "about", "between"];

pub(super) static FIGURES: FactsFile = FactsFile {
    name: "figures",
    table: "figure",
    meaning: "the number of a fact, or why there is none",
    key: &["fact"],
    columns: &[
        required("fact", Form::Reference("facts"), "the fact"),
        optional(
            "bound",
            Form::Word(BOUNDS),
            "exact, at_least, more_than, up_to, less_than, about or between, as the source puts it",
        ),
        optional("amount", Form::Amount, "the number in digits, with a point before decimals: 1600000000"),
        optional("upper", Form::Amount, "the upper end of a range; only with between"),
        optional("unit", Form::Unit, "what it counts: a code of units.csv"),
        optional("reason", Form::Reference("reasons"), "why there is no number: a code of reasons.csv"),
        optional("unknown", Form::Reference("unknowns"), "the open question which that leaves"),
        optional(
            "basis",
            Form::Word(&["stated", "counted", "implied"]),
            "stated by the source, counted in its sentence, or implied by its grammar",
        ),
        optional("as_written", Form::Text, "a stated number as the source writes it: £1.6 billion"),
        optional("sig_figs", Form::Whole(1), "the fewest significant figures that its digits imply"),
        optional("label", Form::Text, "what a stated number is the number of"),
        optional("stage", Form::Reference("stage_codes"), "how far the pledge has got: a code of stage_codes.csv"),
    ],
};

const MENTIONED_AS: &[&str] = &["subject", "object", "recipient", "represented", "topic", "venue", "named"];

pub(super) static MENTIONS: FactsFile = FactsFile {
    name: "mentions",
    table: "mention",
    meaning: "an actor in a fact",
    key: &["fact", "actor"],
    columns: &[
        required("fact", Form::Reference("facts"), "the fact"),
        required("actor", Form::Reference("actors"), "the actor"),
        required(
            "role",
            Form::Word(MENTIONED_AS),
            "as what: subject, object, recipient, represented, topic, venue or named",
        ),
    ],
};

pub(super) static OFFICES: FactsFile = FactsFile {
    name: "offices",
    table: "office",
    meaning: "an office that a source gives to a person",
    key: &["title"],
    columns: &[
        required("title", Form::Text, "the office"),
        required("body", Form::Reference("actors"), "whose office it is"),
        required("holder", Form::Reference("actors"), "who holds it"),
        required("fact", Form::Reference("facts"), "the fact that says so"),
    ],
};
