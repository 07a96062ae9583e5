//! One sentence for each public view and each of its columns, and the columns that hold quantities. The schema at
//! opening, `.schema`, `.help`, completion and exported data read it. It holds no SQL; the definitions of the views are
//! in `schema.sql`.

use std::borrow::Cow;

/// A public view: part of the contract, so that names and order of its columns stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The name in SQL; of the book's own plural, except `event_order`.
    pub name: Cow<'static, str>,
    /// The meaning of a row, as one sentence without a full stop.
    pub meaning: Cow<'static, str>,
    /// A condition that picks one row of the bundled book, for examples; empty where that has none.
    pub sample: &'static str,
    /// The columns, in the order of `select *`.
    pub columns: Cow<'static, [ViewColumn]>,
}

/// A column of a public view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewColumn {
    /// The name in SQL.
    pub name: Cow<'static, str>,
    /// The kind of its cells.
    pub kind: ColumnKind,
    /// The meaning of a cell, as one sentence without a full stop.
    pub meaning: Cow<'static, str>,
    /// True if its texts are dates, as `2025-03-31`.
    pub is_date: bool,
}

/// The kind of the cells of a column, NULL apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Plain text, even where it looks like a number.
    Text,
    /// A 64-bit whole number without a unit: a position, a count, or 0 and 1 for no and yes.
    Integer,
    /// The text form of a quantity, which the program keeps with its unit, facts and stage.
    Quantity,
}

/// The views of one book that people read: the public ones, then those of its imported tables. A plain database has none.
#[derive(Debug, Default)]
pub struct Catalogue(Vec<View>);

/// The end of the meaning of a column of quarters.
pub const QUARTER_MEANING: &str = ", a quarter as `2023-Q3`";

impl Catalogue {
    /// The catalogue of a book with these views besides the public ones.
    #[must_use]
    pub fn with(imported: Vec<View>) -> Self {
        Self(VIEWS.iter().cloned().chain(imported).collect())
    }

    /// The view of that name, letter case ignored as in SQL.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&View> {
        self.0.iter().find(|view| view.name.eq_ignore_ascii_case(name))
    }

    /// True for that of a plain database.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if there are views of imported tables.
    #[must_use]
    pub fn has_imports(&self) -> bool {
        self.0.len() > VIEWS.len()
    }

    /// The views of imported tables.
    pub fn imported(&self) -> impl Iterator<Item = &View> {
        self.0.iter().skip(VIEWS.len())
    }

    /// The book's own views.
    pub fn of_book(&self) -> impl Iterator<Item = &View> {
        self.0.iter().take(VIEWS.len())
    }

    /// All views, in reading order.
    pub fn iter(&self) -> impl Iterator<Item = &View> {
        self.0.iter()
    }
}

impl View {
    /// The column of that name, letter case ignored as in SQL.
    pub fn column(&self, name: &str) -> Option<&ViewColumn> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

const fn column(name: &'static str, kind: ColumnKind, meaning: &'static str) -> ViewColumn {
    ViewColumn { name: Cow::Borrowed(name), kind, meaning: Cow::Borrowed(meaning), is_date: false }
}

const fn date(name: &'static str, meaning: &'static str) -> ViewColumn {
    ViewColumn { name: Cow::Borrowed(name), kind: ColumnKind::Text, meaning: Cow::Borrowed(meaning), is_date: true }
}

const fn text(name: &'static str, meaning: &'static str) -> ViewColumn {
    column(name, ColumnKind::Text, meaning)
}

const fn integer(name: &'static str, meaning: &'static str) -> ViewColumn {
    column(name, ColumnKind::Integer, meaning)
}

const fn quantity(name: &'static str, meaning: &'static str) -> ViewColumn {
    column(name, ColumnKind::Quantity, meaning)
}

/// Every public view, in reading order.
pub const VIEWS: &[View] = &[
    View {
        name: Cow::Borrowed("facts"),
        meaning: Cow::Borrowed("one atomic statement of a text, in the book's own words"),
        sample: "id = 'F29'",
        columns: Cow::Borrowed(&[
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
        ]),
    },
    View {
        name: Cow::Borrowed("figures"),
        meaning: Cow::Borrowed("one number that a source states"),
        sample: "id = 'F30'",
        columns: Cow::Borrowed(&[
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
        ]),
    },
    View {
        name: Cow::Borrowed("pledges"),
        meaning: Cow::Borrowed("one statement of a pledge at one stage"),
        sample: "id = 'PL1'",
        columns: Cow::Borrowed(&[
            text("id", "the pledge"),
            text("provider", "who is to give"),
            text("recipient", "who is to receive"),
            text("announcer", "who made it known; NULL where nobody is said to have"),
            text("instrument", "the form of the help"),
            quantity("amount", "the money at this stage"),
            text(
                "item",
                "the goods at this stage; `several` where there is more than one kind, NULL where there is none",
            ),
            quantity("item_count", "the number of items; NULL where there are several kinds or none"),
            text("stage", "how far it has got, from proposed to delivered"),
            text("certainty", "how firmly it is put"),
            text("condition", "on what it depends; NULL where nothing is stated"),
            text("facts", "the facts that state it, separated by spaces"),
        ]),
    },
    View {
        name: Cow::Borrowed("pledge_items"),
        meaning: Cow::Borrowed("one kind of goods in a pledge at one stage"),
        sample: "pledge = 'PL1'",
        columns: Cow::Borrowed(&[
            text("pledge", "the pledge"),
            text("stage", "how far it has got"),
            text("item", "the goods"),
            quantity("item_count", "how many"),
            text("qualifier", "a word of the source that limits the number; NULL where there is none"),
            text("baseline", "what the qualifier measures from; NULL without a qualifier"),
            text("cost_coverage", "whether the money pays for the whole: full, partial or not_stated"),
            text("facts", "the facts that state it, separated by spaces"),
        ]),
    },
    View {
        name: Cow::Borrowed("participants"),
        meaning: Cow::Borrowed(
            "the part of one actor in an event, an initiative, a plan or a group; `takes_part` says who takes part",
        ),
        sample: "fact = 'F44'",
        columns: Cow::Borrowed(&[
            text("actor", "who; `none stated` where the sources name nobody in that role"),
            text("kind", "what sort of actor; NULL for `none stated`"),
            text("in_kind", "what it is a part in: event, initiative, plan or group"),
            text("in_what", "the name of that event, initiative, plan or group"),
            text("role", "what the actor does or is to do"),
            quantity("number", "how many, for a part without names; NULL for a named actor"),
            text("certainty", "how firmly it is put; not_stated where nobody is"),
            text("fact", "the fact that states it; NULL where none does"),
            integer(
                "takes_part",
                "1 for one of those who take part or are to, as firmly as `certainty` says; 0 for an actor who does it alone, \
                 or for, to or at whom it is done; NULL where nobody has said",
            ),
        ]),
    },
    View {
        name: Cow::Borrowed("mentions"),
        meaning: Cow::Borrowed("one actor in one fact"),
        sample: "fact = 'F33' and role = 'subject'",
        columns: Cow::Borrowed(&[
            text("actor", "who is mentioned"),
            text("fact", "the fact"),
            text("role", "as what: subject, object, recipient, represented, topic, venue or named"),
        ]),
    },
    View {
        name: Cow::Borrowed("events"),
        meaning: Cow::Borrowed("something that happened or is planned"),
        sample: "id = 'E04'",
        columns: Cow::Borrowed(&[
            text("id", "the event"),
            text("label", "its name in a few words"),
            text("place", "where; `not stated` where the source leaves it out, NULL where no place belongs"),
            date("date", "the date as EDTF; NULL where the source gives none"),
            text("date_basis", "where the date comes from, or why there is none"),
            text("fact", "the fact that states the event"),
        ]),
    },
    View {
        name: Cow::Borrowed("event_order"),
        meaning: Cow::Borrowed("an order of two events that a fact establishes; a pair without a row is unordered"),
        sample: "fact = 'F16'",
        columns: Cow::Borrowed(&[
            text("earlier", "the label of the earlier event"),
            text("relation", "how it stands to the later: before, during, overlaps or same_as"),
            text("later", "the label of the later event"),
            quantity("days", "the days between them, unknown where the fact gives no number"),
            text("certainty", "how firmly it is put"),
            text("fact", "the fact that establishes it"),
        ]),
    },
    View {
        name: Cow::Borrowed("plan_points"),
        meaning: Cow::Borrowed("one clause of a plan"),
        sample: "clause = '3'",
        columns: Cow::Borrowed(&[
            text("plan", "the name of the plan"),
            integer("point", "the point that the clause belongs to"),
            text("clause", "the clause, as in `2a`, or the point where it has one clause only"),
            text("text", "what is to come about"),
            text("force", "how it is put: requires, calls_for, needs or envisions"),
            text("actor", "who is to do it; `not stated` where the source leaves it out"),
            text("condition", "on what it depends; NULL where nothing is stated"),
            text("fact", "the fact that states it"),
        ]),
    },
    View {
        name: Cow::Borrowed("actors"),
        meaning: Cow::Borrowed("a person, state, organisation, group or region in the sources"),
        sample: "id = 'united_states'",
        columns: Cow::Borrowed(&[
            text("id", "the key of the actor"),
            text("name", "the name that the other views show"),
            text("kind", "person, state, organisation, group, unnamed_group or region"),
            text("iso3", "the ISO 3166 code of a state"),
            text("aliases", "other names and stated offices, separated by semicolons; NULL where there are none"),
        ]),
    },
    View {
        name: Cow::Borrowed("unknowns"),
        meaning: Cow::Borrowed("a question that the sources leave open"),
        sample: "id = 'U11'",
        columns: Cow::Borrowed(&[
            text("id", "the question's id, as in `U11`"),
            text("question", "the question"),
            text("about", "the matter in a few words"),
            text("reason", "why there is no answer, as in `not_stated`"),
            text("closest", "the facts that come closest to an answer, separated by spaces; NULL where none does"),
            text("needs", "what kind of source would answer it"),
            text("means", "what the silence means, and what it must not be taken for"),
        ]),
    },
    View {
        name: Cow::Borrowed("tensions"),
        meaning: Cow::Borrowed("statements of one source that pull apart"),
        sample: "id = 'X4'",
        columns: Cow::Borrowed(&[
            text("id", "the tension's id, as in `X4`"),
            text("statement", "what pulls apart"),
            text("facts", "the facts concerned, separated by spaces"),
            text("handling", "how the book holds it, without resolving it"),
        ]),
    },
    View {
        name: Cow::Borrowed("assumptions"),
        meaning: Cow::Borrowed(
            "something that a reader may suppose although no source says it; off unless it is asked for",
        ),
        sample: "id = 'A1'",
        columns: Cow::Borrowed(&[
            text("id", "the assumption's id, as in `A1`"),
            text("statement", "what is supposed"),
            text("takes", "the kind of value that it wants, a probability or a rate; NULL where none"),
            text("changes", "what becomes of the answers"),
            text("tension", "the tension that it would resolve; NULL where there is none"),
            integer("is_made", "1 while it is supposed, else 0"),
            text("value", "the value that it is supposed with; NULL where none"),
        ]),
    },
    View {
        name: Cow::Borrowed("conflicts"),
        meaning: Cow::Borrowed("one figure of several sources that disagree; none is chosen or averaged"),
        sample: "",
        columns: Cow::Borrowed(&[
            text("id", "the conflict, the same for all its figures"),
            text("question", "the question that they answer differently"),
            quantity("quantity", "the figure"),
            text("fact", "the fact or record that states it"),
            text("source", "the source that states it"),
            text("counting_rule", "what the figure takes in; NULL where it is not known"),
        ]),
    },
    View {
        name: Cow::Borrowed("sources"),
        meaning: Cow::Borrowed("a text or table that facts come from"),
        sample: "id = 'S1'",
        columns: Cow::Borrowed(&[
            text("id", "the source's id, as in `S1`"),
            text("title", "its title; NULL where it has none"),
            text("publisher", "who published it; NULL where it does not say"),
            text("url", "where it can be read; NULL where that is not known"),
            date("published", "the date of publication as EDTF; NULL where it does not say"),
            date("retrieved", "the date on which it was read; NULL where that was not noted"),
            text("sha256", "the digest of the exact text that locators and positions refer to"),
            text("authority", "what kind of witness it is: primary, wire, press, derivative, tracker or unknown"),
            text("derived_from", "the sources it was made from, separated by spaces; NULL where none is known"),
            text("description", "what it is, in a few words"),
            text("unknown", "the open question about its origin; NULL where there is none"),
            text("revises", "the earlier version of the same table that it revises; NULL where there is none"),
            text(
                "licence",
                "the terms under which it may be used, in its publisher's words; NULL where they are not known",
            ),
        ]),
    },
    View {
        name: Cow::Borrowed("units"),
        meaning: Cow::Borrowed("a base unit that numbers may carry"),
        sample: "code = 'GBP'",
        columns: Cow::Borrowed(&[
            text("code", "its code in the text form of a quantity, singular"),
            text("kind", "currency, count, time or ratio"),
            integer("places", "the decimal places of its smallest part, as 2 for GBP"),
            text("name", "its name in words"),
            text("source", "who defines it"),
        ]),
    },
];
