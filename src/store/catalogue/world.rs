//! The views of who takes part in what, what happened in which order, and what is planned. Descriptions only.

use super::{View, integer, quantity, text};

pub(super) const PARTICIPANTS: View = View {
    name: "participants",
    meaning: "the part of one actor in an event, an initiative, a plan or a group",
    sample: "fact = 'F44'",
    columns: &[
        text("actor", "who; `none stated` where the sources name nobody in that role"),
        text("kind", "what sort of actor; NULL for `none stated`"),
        text("in_kind", "what it is a part in: event, initiative, plan or group"),
        text("in_what", "the name of that event, initiative, plan or group"),
        text("role", "what the actor does or is to do"),
        quantity("number", "how many, for a part without names; NULL for a named actor"),
        text("certainty", "how firmly it is put; not_stated where nobody is"),
        text("fact", "the fact that states it; NULL where none does"),
    ],
};

pub(super) const MENTIONS: View = View {
    name: "mentions",
    meaning: "one actor in one fact",
    sample: "fact = 'F33' and role = 'subject'",
    columns: &[
        text("actor", "who is mentioned"),
        text("fact", "the fact"),
        text("role", "as what: subject, object, recipient, represented, topic, venue or named"),
    ],
};

pub(super) const EVENTS: View = View {
    name: "events",
    meaning: "something that happened or is planned",
    sample: "id = 'E04'",
    columns: &[
        text("id", "the event"),
        text("label", "its name in a few words"),
        text("place", "where; `not stated` where the source leaves it out, NULL where no place belongs"),
        text("date", "the date as EDTF; NULL where the source gives none"),
        text("date_basis", "where the date comes from, or why there is none"),
        text("fact", "the fact that states the event"),
    ],
};

pub(super) const EVENT_ORDER: View = View {
    name: "event_order",
    meaning: "an order of two events that a fact establishes; a pair without a row is unordered",
    sample: "fact = 'F16'",
    columns: &[
        text("earlier", "the label of the earlier event"),
        text("relation", "how it stands to the later: before, during, overlaps or same_as"),
        text("later", "the label of the later event"),
        quantity("days", "the days between them, unknown where the fact gives no number"),
        text("certainty", "how firmly it is put"),
        text("fact", "the fact that establishes it"),
    ],
};

pub(super) const PLAN_POINTS: View = View {
    name: "plan_points",
    meaning: "one clause of a plan",
    sample: "clause = '3'",
    columns: &[
        text("plan", "the name of the plan"),
        integer("point", "the point that the clause belongs to"),
        text("clause", "the clause, as in `2a`, or the point where it has one clause only"),
        text("text", "what is to come about"),
        text("force", "how it is put: requires, calls_for, needs or envisions"),
        text("actor", "who is to do it; `not stated` where the source leaves it out"),
        text("condition", "on what it depends; NULL where nothing is stated"),
        text("fact", "the fact that states it"),
    ],
};

pub(super) const ACTORS: View = View {
    name: "actors",
    meaning: "a person, state, organisation, group or region in the sources",
    sample: "id = 'united_states'",
    columns: &[
        text("id", "the key of the actor"),
        text("name", "the name that the other views show"),
        text("kind", "person, state, organisation, group, unnamed_group or region"),
        text("iso3", "the ISO 3166 code of a state"),
        text("aliases", "other names and stated offices, separated by semicolons; NULL where there are none"),
    ],
};
