//! The files of the code lists: the words that other files may use, and the units.

use super::definition::{FactsFile, Form, optional, required};

pub(super) static STATUSES: FactsFile = FactsFile {
    name: "statuses",
    table: "status",
    meaning: "a word for whether something happened",
    key: &["code"],
    columns: &[required("code", Form::Code, "the word"), required("meaning", Form::Text, "what it means")],
};

pub(super) static CERTAINTIES: FactsFile = FactsFile {
    name: "certainties",
    table: "certainty",
    meaning: "a word for how firmly something is put",
    key: &["code"],
    columns: &[
        required("code", Form::Code, "the word"),
        required("ord", Form::Whole(0), "its place in lists, the firmest highest; no probability"),
        optional("factbank", Form::Text, "the value in the FactBank corpus"),
        required("meaning", Form::Text, "what it means"),
    ],
};

pub(super) static ATTRIBUTIONS: FactsFile = FactsFile {
    name: "attributions",
    table: "attribution",
    meaning: "somebody who says something in a source: its author, or a person or paper that it reports",
    key: &["code"],
    columns: &[
        required("code", Form::Code, "the word, as `author`, or a name"),
        required("meaning", Form::Text, "who that is"),
    ],
};

pub(super) static FACT_KINDS: FactsFile = FactsFile {
    name: "fact_kinds",
    table: "fact_kind",
    meaning: "a sort of statement",
    key: &["code"],
    columns: &[required("code", Form::Code, "the word"), required("meaning", Form::Text, "what it means")],
};

pub(super) static REASONS: FactsFile = FactsFile {
    name: "reasons",
    table: "reason",
    meaning: "a reason why there is no answer; the program knows these and no others",
    key: &["code"],
    columns: &[required("code", Form::Code, "the word"), required("meaning", Form::Text, "what it means")],
};

pub(super) static STAGE_CODES: FactsFile = FactsFile {
    name: "stage_codes",
    table: "stage",
    meaning: "a word for how far a pledge has got; the program knows these and no others",
    key: &["code"],
    columns: &[
        required("code", Form::Code, "the word"),
        required("ord", Form::Whole(0), "its place in lists"),
        required("meaning", Form::Text, "what it means"),
        optional("iati", Form::Text, "the nearest term of IATI 2.03"),
        optional("kiel", Form::Text, "the nearest term of the Kiel Ukraine Support Tracker"),
        optional("ocds", Form::Text, "the nearest term of OCDS 1.1"),
        optional("sipri", Form::Text, "the nearest term of SIPRI's arms transfers"),
    ],
};

pub(super) static UNITS: FactsFile = FactsFile {
    name: "units",
    table: "unit",
    meaning: "what a number counts: a currency or a thing",
    key: &["code"],
    columns: &[
        required("code", Form::Code, "its code, in the singular: GBP, missile; letters, digits and _"),
        required("kind", Form::Word(&["currency", "count", "time", "ratio"]), "currency, count, time or ratio"),
        required("places", Form::Places, "the decimal places that it is counted in: 2 for GBP, 0 for a thing"),
        required("name", Form::Text, "its name in words"),
        required("source", Form::Text, "who defines it"),
    ],
};
