//! The files of how facts are read: what limits them, where they pull apart, what may be supposed, where sources disagree.

use super::definition::{FactsFile, Form, optional, required};

pub(super) static UNKNOWN_FACTS: FactsFile = FactsFile {
    name: "unknown_facts",
    table: "unknown_fact",
    meaning: "a fact that an open question touches",
    key: &["unknown", "fact", "part"],
    columns: &[
        required("unknown", Form::Reference("unknowns"), "the question"),
        required("fact", Form::Reference("facts"), "the fact"),
        required(
            "part",
            Form::Word(&["limits", "closest"]),
            "limits where it limits how the fact is read, closest where the fact comes closest to an answer",
        ),
        optional(
            "brief_ord",
            Form::Whole(1),
            "its place in short notes under a figure; empty where those leave it out",
        ),
    ],
};

pub(super) static TENSIONS: FactsFile = FactsFile {
    name: "tensions",
    table: "tension",
    meaning: "statements of one source that pull apart",
    key: &["id"],
    columns: &[
        required("id", Form::Id("X", 1), "its id: X1, X2 and so on"),
        required("statement", Form::Text, "what pulls apart"),
        required("handling", Form::Text, "how the book holds it, without resolving it"),
    ],
};

pub(super) static TENSION_FACTS: FactsFile = FactsFile {
    name: "tension_facts",
    table: "tension_fact",
    meaning: "a fact of a tension",
    key: &["tension", "fact"],
    columns: &[
        required("tension", Form::Reference("tensions"), "the tension"),
        required("fact", Form::Reference("facts"), "the fact"),
    ],
};

pub(super) static ASSUMPTIONS: FactsFile = FactsFile {
    name: "assumptions",
    table: "assumption",
    meaning: "something that a reader may suppose although no source says it",
    key: &["id"],
    columns: &[
        required("id", Form::Id("A", 1), "its id: A1, A2 and so on"),
        required("statement", Form::Text, "what is supposed"),
        optional("takes", Form::Word(&["probability", "rate"]), "the value that it wants: probability or rate"),
        required("changes", Form::Text, "what becomes of the answers"),
        optional("certainty", Form::Reference("certainties"), "the certainty that a probability is given to"),
        optional("tension", Form::Reference("tensions"), "the tension that it would resolve"),
        optional("answers", Form::Reference("unknowns"), "the open question that it would answer"),
    ],
};

pub(super) static EVENT_TWINS: FactsFile = FactsFile {
    name: "event_twins",
    table: "event_twin",
    meaning: "two events that may be one",
    key: &["event", "twin"],
    columns: &[
        required("event", Form::Reference("events"), "an event"),
        required("twin", Form::Reference("events"), "the one that may be the same"),
        required("assumption", Form::Reference("assumptions"), "the assumption that they are"),
    ],
};

pub(super) static INITIATIVE_GROUPS: FactsFile = FactsFile {
    name: "initiative_groups",
    table: "initiative_group",
    meaning: "a group whose members the participants of an initiative may be",
    key: &["initiative", "actor_group"],
    columns: &[
        required("initiative", Form::Reference("initiatives"), "the initiative"),
        required("actor_group", Form::Reference("actors"), "the group"),
        required("assumption", Form::Reference("assumptions"), "the assumption that they are"),
    ],
};

pub(super) static COVERAGE_ASSUMPTIONS: FactsFile = FactsFile {
    name: "coverage_assumptions",
    table: "coverage_assumption",
    meaning: "the assumption that a pledge's money pays for the whole of its items",
    key: &["pledge"],
    columns: &[
        required("pledge", Form::Reference("pledges"), "the pledge"),
        required("assumption", Form::Reference("assumptions"), "the assumption"),
    ],
};

pub(super) static CONFLICTS: FactsFile = FactsFile {
    name: "conflicts",
    table: "conflict",
    meaning: "a question that sources answer differently; disagreements about pledges are found without it",
    key: &["id"],
    columns: &[
        required("id", Form::Id("K", 1), "its id: K1, K2 and so on"),
        required("question", Form::Text, "the question"),
    ],
};

pub(super) static CONFLICT_FIGURES: FactsFile = FactsFile {
    name: "conflict_figures",
    table: "conflict_member",
    meaning: "a figure of a conflict",
    key: &["conflict", "fact"],
    columns: &[
        required("conflict", Form::Reference("conflicts"), "the conflict"),
        required("fact", Form::Reference("figures"), "the fact with its number in figures.csv"),
        optional("counting_rule", Form::Text, "what the figure takes in; empty where that is not known"),
    ],
};
