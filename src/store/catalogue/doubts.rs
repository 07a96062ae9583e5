//! The views of what is open, what pulls apart, and where everything comes from. Descriptions only.

use super::{View, integer, quantity, text};

pub(super) const UNKNOWNS: View = View {
    name: "unknowns",
    meaning: "a question that the sources leave open",
    sample: "id = 'U11'",
    columns: &[
        text("id", "the question's id, as in `U11`"),
        text("question", "the question"),
        text("about", "the matter in a few words"),
        text("reason", "why there is no answer, as in `not_stated`"),
        text("closest", "the facts that come closest to an answer, separated by spaces; NULL where none does"),
        text("needs", "what kind of source would answer it"),
        text("means", "what the silence means, and what it must not be taken for"),
    ],
};

pub(super) const TENSIONS: View = View {
    name: "tensions",
    meaning: "statements of one source that pull apart",
    sample: "id = 'X4'",
    columns: &[
        text("id", "the tension's id, as in `X4`"),
        text("statement", "what pulls apart"),
        text("facts", "the facts concerned, separated by spaces"),
        text("handling", "how the book holds it, without resolving it"),
    ],
};

pub(super) const ASSUMPTIONS: View = View {
    name: "assumptions",
    meaning: "something that a reader may suppose although no source says it; off unless it is asked for",
    sample: "id = 'A1'",
    columns: &[
        text("id", "the assumption's id, as in `A1`"),
        text("statement", "what is supposed"),
        text("takes", "the kind of value that it wants, a probability or a rate; NULL where none"),
        text("changes", "what becomes of the answers"),
        text("tension", "the tension that it would resolve; NULL where there is none"),
        integer("is_made", "1 while it is supposed, else 0"),
        text("value", "the value that it is supposed with; NULL where none"),
    ],
};

pub(super) const CONFLICTS: View = View {
    name: "conflicts",
    meaning: "one figure of several sources that disagree; none is chosen or averaged",
    sample: "",
    columns: &[
        text("id", "the conflict, the same for all its figures"),
        text("question", "the question that they answer differently"),
        quantity("quantity", "the figure"),
        text("fact", "the fact or record that states it"),
        text("source", "the source that states it"),
        text("counting_rule", "what the figure takes in; NULL where it is not known"),
    ],
};

pub(super) const SOURCES: View = View {
    name: "sources",
    meaning: "a text or table that facts come from",
    sample: "id = 'S1'",
    columns: &[
        text("id", "the source's id, as in `S1`"),
        text("title", "its title; NULL where it bears none"),
        text("publisher", "who published it; NULL where it does not say"),
        text("url", "where it can be read; NULL where that is not known"),
        text("published", "the date of publication as EDTF; NULL where it does not say"),
        text("retrieved", "the date on which it was read; NULL where that was not noted"),
        text("sha256", "the digest of the exact text that locators and positions refer to"),
        text("authority", "what kind of witness it is: primary, wire, press, derivative, tracker or unknown"),
        text("derived_from", "the sources it was made from, separated by spaces; NULL where none is known"),
        text("description", "what it is, in a few words"),
        text("unknown", "the open question about its origin; NULL where there is none"),
    ],
};

pub(super) const UNITS: View = View {
    name: "units",
    meaning: "a base unit that numbers may carry",
    sample: "code = 'GBP'",
    columns: &[
        text("code", "its code in the text form of a quantity, singular"),
        text("kind", "currency, count, time or ratio"),
        integer("places", "the decimal places of its smallest part, as 2 for GBP"),
        text("name", "its name in words"),
        text("source", "who defines it"),
    ],
};
