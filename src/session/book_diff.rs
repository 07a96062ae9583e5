//! `diff OLD NEW` of two books: the facts that came, went or changed, the numbers of the library's questions that moved, the other rows of
//! the book, and the tables and views that differ, each with what it was and what it is. The difference of two numbers of one unit is exact.

use super::Session;
use super::check::library_metrics;
use super::diff::is_one_unit;
use super::fact_state::FactState;
use crate::error::Error;
use crate::quantity::{Facts, Quantity, human};
use crate::sql::{Cell, Column, Header, Origin, Output};
use std::collections::{BTreeMap, BTreeSet};

/// The columns of the answer, each with true for numbers.
const COLUMNS: [(&str, bool); 7] = [
    ("change", false),
    ("what", false),
    ("id", false),
    ("member", false),
    ("old", false),
    ("new", false),
    ("difference", true),
];

/// Something that differs between two books.
pub(super) struct BookDifference {
    pub(super) change: &'static str,
    pub(super) what: String,
    /// The id of a fact or of another row, or the name of a metric, of a table, or of a table with the key of a record.
    pub(super) id: String,
    pub(super) member: String,
    pub(super) old: Option<Cell<'static>>,
    pub(super) new: Option<Cell<'static>>,
}

impl Session {
    /// Compares this book with an older one; true if they differ. `keys` are columns by which the records of imported tables are known.
    ///
    /// # Errors
    /// A book can't be read; the writer's.
    pub fn diff_since(&self, older: &Self, keys: &[String], output: &Output) -> Result<bool, Error> {
        self.begin_work()?;
        older.begin_work()?;
        output.begin_answer();
        let mut facts = fact_differences(&older.fact_states()?, &self.fact_states()?);
        let mut parts = self.part_differences(older)?;
        facts.append(&mut parts.of_facts);
        let metrics = metric_differences(&metrics(older)?, &metrics(self)?);
        let title = format!("{} → {}", older.book_name(), self.book_name());
        let columns = COLUMNS.map(|(name, is_quantity)| Column { name: name.to_owned(), is_quantity }).to_vec();
        output.begin(&Header { title: Some(title.clone()), columns, ..Header::default() })?;
        for difference in facts.iter().chain(&metrics).chain(&parts.others) {
            output.row(&difference.row())?;
        }
        let tables = self.write_table_differences(older, keys, output)?;
        output.end(Origin::Untold)?;
        tables.remarks().iter().try_for_each(|remark| output.notice(remark))?;
        let summary = [summary(&facts, &metrics), parts.summary(), tables.summary()].concat();
        output.notice(&format!("{title}: {summary}"))?;
        let done = self.finish(Ok(()), output);
        let has_rows = [&facts, &metrics, &parts.others].into_iter().any(|found| !found.is_empty());
        done.map(|()| has_rows || tables.has_any())
    }

    /// Every fact of the book, as it is compared.
    fn fact_states(&self) -> Result<Vec<FactState>, Error> {
        if !self.book.is_book() {
            return Ok(Vec::new());
        }
        let facts = self.book.facts().map_err(|error| self.book.error(&error))?;
        facts.iter().map(|fact| FactState::of(&self.book, fact)).collect()
    }
}

/// The numbers of the library's questions, by their names; of several of one name each has its number.
fn metrics(session: &Session) -> Result<BTreeMap<String, Quantity>, Error> {
    let (mut found, mut counts) = (BTreeMap::new(), BTreeMap::new());
    for metric in library_metrics(session)? {
        let count = counts.entry(metric.name.clone()).and_modify(|count| *count += 1).or_insert(1);
        let name = if *count == 1 { metric.name } else { format!("{} ({count})", metric.name) };
        found.insert(name, metric.quantity);
    }
    Ok(found)
}

fn fact_differences(old: &[FactState], new: &[FactState]) -> Vec<BookDifference> {
    let new_by_id: BTreeMap<&str, &FactState> = new.iter().map(|fact| (fact.id.as_str(), fact)).collect();
    let old_ids: BTreeMap<&str, &FactState> = old.iter().map(|fact| (fact.id.as_str(), fact)).collect();
    let lone = |change, fact: &FactState, is_new: bool| {
        let said = fact.states.as_deref().map(number_cell).or_else(|| fact.says.as_deref().map(text_cell));
        let (old, new) = if is_new { (None, said) } else { (said, None) };
        BookDifference { change, what: "fact".to_owned(), id: fact.id.clone(), member: String::new(), old, new }
    };
    let mut differences = Vec::new();
    for fact in old {
        let Some(now) = new_by_id.get(fact.id.as_str()) else {
            differences.push(lone("removed", fact, false));
            continue;
        };
        differences.extend(fact.changes(now).into_iter().map(|change| {
            let cell = if change.member == "states" { number_cell } else { text_cell };
            let (old, new) = (Some(cell(&change.then)), Some(cell(&change.now)));
            BookDifference {
                change: "changed",
                what: "fact".to_owned(),
                id: fact.id.clone(),
                member: change.member.to_owned(),
                old,
                new,
            }
        }));
    }
    differences.extend(
        new.iter().filter(|fact| !old_ids.contains_key(fact.id.as_str())).map(|fact| lone("added", fact, true)),
    );
    differences
}

fn metric_differences(old: &BTreeMap<String, Quantity>, new: &BTreeMap<String, Quantity>) -> Vec<BookDifference> {
    // The facts of two books have the same names: what stood below would be those of one.
    let cell = |quantity: &Quantity| Cell::Quantity(Box::new(quantity.clone().with_facts(Facts::none())));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differs = |name: &&String| {
        let value = |quantity: &Quantity| (quantity.amount().clone(), quantity.unit().cloned());
        old.get(*name).map(value) != new.get(*name).map(value)
    };
    let difference = |name: &String| {
        let (old, new) = (old.get(name).map(cell), new.get(name).map(cell));
        let change = match (&old, &new) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        BookDifference { change, what: "metric".to_owned(), id: name.clone(), member: String::new(), old, new }
    };
    names.into_iter().filter(differs).map(difference).collect()
}

impl BookDifference {
    /// The row of the answer.
    pub(super) fn row(&self) -> Vec<Cell<'static>> {
        let cell = |cell: &Option<Cell<'static>>| cell.clone().unwrap_or(Cell::Null);
        let text = |text: &str| if text.is_empty() { Cell::Null } else { text_cell(text) };
        vec![
            text(self.change),
            text(&self.what),
            text(&self.id),
            text(&self.member),
            cell(&self.old),
            cell(&self.new),
            self.moved().map_or(Cell::Null, |moved| Cell::Quantity(Box::new(moved))),
        ]
    }

    /// The difference of two numbers of one unit; none of ranges, whose ends move together.
    fn moved(&self) -> Option<Quantity> {
        let number = |cell: &Option<Cell<'static>>| match cell {
            Some(Cell::Quantity(number)) => Some((**number).clone()),
            Some(Cell::Integer(whole)) => Some(Quantity::plain((*whole).into())),
            _ => None,
        };
        let (old, new) = number(&self.old).zip(number(&self.new))?;
        let are_numbers = old.number().is_some() && new.number().is_some();
        new.subtract(&old).ok().filter(|_| are_numbers && is_one_unit(&old, &new))
    }
}

/// A number in the text form; text where it is none.
fn number_cell(text: &str) -> Cell<'static> {
    text.parse::<Quantity>().map_or_else(|_| text_cell(text), |quantity| Cell::Quantity(Box::new(quantity)))
}

/// A cell with a text.
pub(super) fn text_cell(text: &str) -> Cell<'static> {
    Cell::Text(text.to_owned().into())
}

/// `1 fact added, 2 changed; 1 metric moved`.
fn summary(facts: &[BookDifference], metrics: &[BookDifference]) -> String {
    let of = |change: &str| {
        let ids: BTreeSet<&str> = facts.iter().filter(|one| one.change == change).map(|one| one.id.as_str()).collect();
        ids.len() as u64
    };
    let counts = ["added", "removed", "changed"].map(|change| format!("{} {change}", of(change)));
    format!("facts: {}; {} moved", counts.join(", "), human::count(metrics.len() as u64, "metric"))
}
