//! One sentence for each public view and column, and which columns hold quantities. The schema at opening, `.schema`,
//! `.help`, completion and exported data read it. It holds no SQL; the views' own is in `schema.sql`. The
//! descriptions themselves are in `statements` (what is said), `world` (who, what and when) and `doubts`
//! (what is open, and where it all comes from).

mod doubts;
mod statements;
mod world;

/// A public view: part of the contract, so that names and order of its columns stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Its name in SQL; plural, except `event_order`.
    pub name: &'static str,
    /// What a row of it is, as one sentence without a full stop.
    pub meaning: &'static str,
    /// A condition that picks one row of the bundled book, for examples; empty where that has none.
    pub sample: &'static str,
    /// Its columns, in the order of `select *`.
    pub columns: &'static [ViewColumn],
}

/// A column of a public view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewColumn {
    /// Its name in SQL.
    pub name: &'static str,
    /// What its cells are.
    pub kind: ColumnKind,
    /// What a cell says, as one sentence without a full stop.
    pub meaning: &'static str,
}

/// What the cells of a column are, NULL apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Plain text, even where it looks like a number.
    Text,
    /// A 64-bit whole number without a unit: a position, a count, or 0 and 1 for no and yes.
    Integer,
    /// The text form of a quantity, which the program keeps with its unit, facts and stage.
    Quantity,
}

/// Every public view, in reading order.
pub const VIEWS: &[View] = &[
    statements::FACTS,
    statements::FIGURES,
    statements::PLEDGES,
    statements::PLEDGE_ITEMS,
    world::PARTICIPANTS,
    world::MENTIONS,
    world::EVENTS,
    world::EVENT_ORDER,
    world::PLAN_POINTS,
    world::ACTORS,
    doubts::UNKNOWNS,
    doubts::TENSIONS,
    doubts::ASSUMPTIONS,
    doubts::CONFLICTS,
    doubts::SOURCES,
    doubts::UNITS,
];

/// The public view of that name, letter case ignored as SQL ignores it.
pub fn find(name: &str) -> Option<&'static View> {
    VIEWS.iter().find(|view| view.name.eq_ignore_ascii_case(name))
}

impl View {
    /// The column of that name, letter case ignored as SQL ignores it.
    pub fn column(&self, name: &str) -> Option<&'static ViewColumn> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

const fn text(name: &'static str, meaning: &'static str) -> ViewColumn {
    ViewColumn { name, kind: ColumnKind::Text, meaning }
}

const fn integer(name: &'static str, meaning: &'static str) -> ViewColumn {
    ViewColumn { name, kind: ColumnKind::Integer, meaning }
}

const fn quantity(name: &'static str, meaning: &'static str) -> ViewColumn {
    ViewColumn { name, kind: ColumnKind::Quantity, meaning }
}
