//! The files of what is spoken of: events and their order, plans, pledges with their stages and items, participants.

use super::definition::{FactsFile, Form, optional, required};

const DATE_BASES: &[&str] = &["stated", "derived", "relative_only", "not_stated"];

pub(super) static EVENTS: FactsFile = FactsFile {
    name: "events",
    table: "event",
    meaning: "something that happened or is planned",
    key: &["id"],
    columns: &[
        required("id", Form::Id("E", 2), "its id: E01, E02 and so on"),
        required("label", Form::Text, "its name in a few words"),
        optional("place", Form::Reference("places"), "where: an id of places.csv; empty where no place belongs"),
        optional("date", Form::Date, "the date, only where a source gives one: 2025-03-02, 2025-03 or 2025"),
        required(
            "date_basis",
            Form::Word(DATE_BASES),
            "where the date comes from: stated or derived; or why there is none: relative_only or not_stated",
        ),
        required("fact", Form::Reference("facts"), "the fact that states the event"),
    ],
};

const ORDERS: &[&str] = &["before", "during", "overlaps", "same_as"];

pub(super) static EVENT_ORDER: FactsFile = FactsFile {
    name: "event_order",
    table: "event_pair",
    meaning: "an order of two events that a fact establishes; the days between are that fact's number",
    key: &["earlier", "relation", "later", "fact"],
    columns: &[
        required("earlier", Form::Reference("events"), "the earlier event"),
        required("relation", Form::Word(ORDERS), "before, during, overlaps or same_as"),
        required("later", Form::Reference("events"), "the later event"),
        required("fact", Form::Reference("facts"), "the fact that establishes it"),
    ],
};

pub(super) static INITIATIVES: FactsFile = FactsFile {
    name: "initiatives",
    table: "initiative",
    meaning: "an undertaking that somebody announces",
    key: &["id"],
    columns: &[
        required("id", Form::Id("I", 1), "its id: I1, I2 and so on"),
        required("label", Form::Text, "its name in a few words"),
        required("fact", Form::Reference("facts"), "the fact that states it"),
    ],
};

pub(super) static PLANS: FactsFile = FactsFile {
    name: "plans",
    table: "plan",
    meaning: "a plan, whether it exists or is still to be written",
    key: &["id"],
    columns: &[
        required("id", Form::Id("P", 1), "its id: P1, P2 and so on"),
        required("label", Form::Text, "its name in a few words"),
        required("fact", Form::Reference("facts"), "the fact that states it"),
    ],
};

const FORCES: &[&str] = &["requires", "calls_for", "needs", "envisions"];

pub(super) static PLAN_POINTS: FactsFile = FactsFile {
    name: "plan_points",
    table: "plan_clause",
    meaning: "one demand or intention of a plan",
    key: &["plan", "clause"],
    columns: &[
        required("plan", Form::Reference("plans"), "the plan"),
        required("point", Form::Whole(1), "the point that the clause belongs to"),
        required("clause", Form::Code, "the clause: 2a, or 2 where the point has one clause only"),
        required("text", Form::Text, "what is to come about"),
        required("force", Form::Word(FORCES), "how it is put: requires, calls_for, needs or envisions"),
        optional("actor", Form::Reference("actors"), "who is to do it; empty where that is not stated"),
        required("fact", Form::Reference("facts"), "the fact that states it"),
    ],
};

pub(super) static PLEDGES: FactsFile = FactsFile {
    name: "pledges",
    table: "pledge",
    meaning: "help that one side is to give to another; its money and goods are in stages.csv and items.csv",
    key: &["id"],
    columns: &[
        required("id", Form::Id("PL", 1), "its id: PL1, PL2 and so on"),
        required("provider", Form::Reference("actors"), "who is to give"),
        required("recipient", Form::Reference("actors"), "who is to receive"),
        optional("announcer", Form::Reference("actors"), "who made it known"),
        required("instrument", Form::Text, "the form of the help: grant, loan, export finance"),
    ],
};

pub(super) static OVERLAPS: FactsFile = FactsFile {
    name: "overlaps",
    table: "pledge_overlap",
    meaning: "that a pledge is part of another, or the same announced again: a sum counts the money once",
    key: &["pledge"],
    columns: &[
        required("pledge", Form::Reference("pledges"), "the pledge"),
        required("relation", Form::Word(&["part_of", "same_as"]), "part_of or same_as"),
        required("other", Form::Reference("pledges"), "the pledge that it is part of, or the same as"),
        optional("fact", Form::Reference("facts"), "the fact that says so; empty where it is the book's own reading"),
    ],
};

pub(super) static STAGES: FactsFile = FactsFile {
    name: "stages",
    table: "pledge_stage",
    meaning: "a statement of a pledge's money at a stage",
    key: &["pledge", "fact"],
    columns: &[
        required("pledge", Form::Reference("pledges"), "the pledge"),
        optional("stage", Form::StageOfFact, "how far it has got, as the figure of the fact says"),
        required(
            "fact",
            Form::Reference("figures"),
            "the fact with its number in figures.csv; or a record of an imported table, as S2:37",
        ),
        optional("column", Form::ImportedColumn, "for such a record: the column that has the number"),
    ],
};

pub(super) static ITEMS: FactsFile = FactsFile {
    name: "items",
    table: "pledge_item",
    meaning: "a statement of goods in a pledge",
    key: &["pledge", "fact", "item"],
    columns: &[
        required("pledge", Form::Reference("pledges"), "the pledge"),
        optional("stage", Form::StageOfFact, "how far it has got, as the figure of the fact says"),
        required(
            "fact",
            Form::Reference("figures"),
            "the fact with their number in figures.csv; or a record of an imported table, as S2:37",
        ),
        optional("column", Form::ImportedColumn, "for such a record: the column that has the number"),
        required("item", Form::Text, "the goods"),
        optional("qualifier", Form::Text, "a word of the source that limits the number: additional"),
        optional("qualifier_fact", Form::Reference("facts"), "the fact that states that word"),
        optional("baseline", Form::Text, "what that word measures from"),
        required(
            "cost_coverage",
            Form::Word(&["full", "partial", "not_stated"]),
            "whether the money pays for the whole of the items: full, partial or not_stated",
        ),
    ],
};

pub(super) static PARTICIPANTS: FactsFile = FactsFile {
    name: "participants",
    table: "participation",
    meaning: "the part of an actor in an event, an initiative, a plan or a group: one of the four",
    key: &[],
    columns: &[
        optional("actor", Form::Reference("actors"), "who; empty, as the fact, where nobody is stated in that role"),
        optional("event", Form::Reference("events"), "the event"),
        optional("initiative", Form::Reference("initiatives"), "or the initiative"),
        optional("plan", Form::Reference("plans"), "or the plan"),
        optional("actor_group", Form::Reference("actors"), "or the group"),
        required("role", Form::Text, "what the actor does or is to do"),
        required("is_counted", Form::Word(&["0", "1"]), "1 where the fact's number is the number of this part, else 0"),
        optional("fact", Form::Reference("facts"), "the fact that says so"),
        optional(
            "takes_part",
            Form::Word(&["0", "1"]),
            "1 for one of those who take part or are to; 0 for an actor who does it alone, or for, to or at whom it is done",
        ),
    ],
};
