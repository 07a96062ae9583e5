//! The views of what the sources say: facts, their numbers, and the pledges that they state. Descriptions only.

use super::{View, integer, quantity, text};

pub(super) const FACTS: View = View {
    name: "facts",
    meaning: "one atomic statement of a text, in the book's own words",
    sample: "id = 'F29'",
    columns: &[
        text("id", "F29 is fact 29 of source 1, S2F01 fact 1 of source 2"),
        text("source", "the source that states it"),
        integer("paragraph", "the paragraph of the source, counted from 1"),
        integer("sentence", "the sentence of that paragraph, counted from 1"),
        text("locator", "paragraph and sentence, as in `4.2`"),
        text("subject", "who or what the statement is about"),
        text("action", "what it says of the subject"),
        text("object", "to whom or to what; NULL where it needs none"),
        quantity(
            "quantity",
            "its number, stated, counted or implied, or the reason why there is none; NULL where none belongs",
        ),
        text("status", "did it happen: occurred, ongoing, planned or hypothetical"),
        text("certainty", "how firmly it is put, from asserted to possible"),
        text("attribution", "who says so: the author, a person reported or a plan summed up"),
        text("kind", "what sort of statement it is"),
        integer("is_evaluation", "1 where it is a judgement of the author and not a fact about the world"),
        text("time_relation", "how it stands in time to other facts; NULL where nothing is said"),
        text("note", "what to bear in mind in reading it"),
        integer("char_start", "the first character that states it, counted from 0 in the source's text"),
        integer("char_end", "the character after the last that states it"),
        text("gloss", "the statement in one line, with its number as the source writes it"),
    ],
};

pub(super) const FIGURES: View = View {
    name: "figures",
    meaning: "one number that a source states",
    sample: "id = 'F30'",
    columns: &[
        text("id", "the fact or record that states it"),
        text("label", "what it is the number of"),
        quantity("quantity", "the number"),
        text("as_written", "the number as the source writes it"),
        integer("sig_figs", "the fewest significant figures that the written digits imply"),
        text("stage", "how far the pledge has got that it belongs to; NULL outside a pledge"),
        text("certainty", "how firmly it is put"),
        text("attribution", "who says so"),
        text("locator", "paragraph and sentence, or the record of a table"),
        text("source", "the source that states it"),
    ],
};

pub(super) const PLEDGES: View = View {
    name: "pledges",
    meaning: "one statement of a pledge at one stage",
    sample: "id = 'PL1'",
    columns: &[
        text("id", "the pledge"),
        text("provider", "who is to give"),
        text("recipient", "who is to receive"),
        text("announcer", "who made it known; NULL where nobody is said to have"),
        text("instrument", "the form of the help"),
        quantity("amount", "the money at this stage"),
        text("item", "the goods at this stage; `several` where there is more than one kind, NULL where there is none"),
        quantity("item_count", "the number of items; NULL where there are several kinds or none"),
        text("stage", "how far it has got, from proposed to delivered"),
        text("certainty", "how firmly it is put"),
        text("condition", "on what it depends; NULL where nothing is stated"),
        text("facts", "the facts that state it, separated by spaces"),
    ],
};

pub(super) const PLEDGE_ITEMS: View = View {
    name: "pledge_items",
    meaning: "one kind of goods in a pledge at one stage",
    sample: "pledge = 'PL1'",
    columns: &[
        text("pledge", "the pledge"),
        text("stage", "how far it has got"),
        text("item", "the goods"),
        quantity("item_count", "how many"),
        text("qualifier", "a word of the source that limits the number; NULL where there is none"),
        text("baseline", "what the qualifier measures from; NULL without a qualifier"),
        text("cost_coverage", "whether the money pays for the whole: full, partial or not_stated"),
        text("facts", "the facts that state it, separated by spaces"),
    ],
};
