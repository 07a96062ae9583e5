//! Ids of the book as names in scripts: `F29` is the figure that the fact states, `U11` an unknown, `PL1` and `F01` are
//! records. It asks the public views alone.

use super::query;
use super::runtime::Runtime;
use super::value::{ScriptResult, from_quantity, program_error, to_cell};
use crate::error::{FunctionCause, ScriptCause, suggest};
use crate::quantity::{Assumptions, Facts, Quantity, Reason, Reasons, Ref, Traced};
use crate::sql::{Cell, NoParameters, Parameters};
use crate::syntax::rhai::tokens;
use crate::syntax::{Token, TokenKind};
use rhai::Dynamic;
use serde_json::Value;
use std::collections::BTreeSet;

/// The views whose rows have ids that scripts can name: prefix, view and plural.
const KINDS: [(&str, &str, &str); 4] = [
    ("F", "facts", "facts"),
    ("U", "unknowns", "unknowns"),
    ("PL", "pledges", "pledges"),
    ("X", "tensions", "tensions"),
];

/// Properties of a figure as its source states it.
pub(super) struct StatedFigure {
    pub(super) significant_figures: Option<u32>,
}

/// The entry of [`KINDS`] for an id of this form; `None` for any other word.
fn kind_of(word: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let bare = match word.strip_prefix('S') {
        Some(rest) => rest.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => word,
    };
    let letters = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let has_digits = letters.len() < bare.len();
    KINDS.into_iter().find(|(prefix, ..)| has_digits && *prefix == letters)
}

/// True for a word of the form of an id. Called for every variable that a script reads, hence the cheap test first.
pub(super) fn is_id(word: &str) -> bool {
    word.ends_with(|c: char| c.is_ascii_digit())
        && word.starts_with(['F', 'U', 'P', 'X', 'S'])
        && kind_of(word).is_some()
}

/// The words of a script that have the form of an id, but for those of comments and plain strings.
pub(super) fn mentioned(script: &str) -> BTreeSet<&str> {
    let names = |token: &Token| match token.kind {
        TokenKind::Comment => false,
        TokenKind::String => token.text(script).starts_with('`'),
        _ => true,
    };
    let words = |token: Token| script[token.range].split(|c: char| !c.is_alphanumeric() && c != '_');
    tokens(script).filter(names).flat_map(words).filter(|word| is_id(word)).collect()
}

/// Fetches the uncached figures among `ids` in one query. Under assumptions each is looked up by itself, since one of them may
/// change a figure and not another.
pub(super) fn prefetch_figures(runtime: &Runtime, ids: &BTreeSet<&str>) -> ScriptResult<()> {
    let is_figure = |id: &&&str| kind_of(id).is_some_and(|(prefix, ..)| prefix == "F");
    let unknown: Vec<&str> =
        ids.iter().filter(is_figure).filter(|id| !runtime.ids.borrow().contains_key(**id)).copied().collect();
    if unknown.len() < 2 || !runtime.book.is_book() || !runtime.book.assumed().is_empty() {
        return Ok(());
    }
    let listed = Value::from(unknown).to_string();
    let sql = "select id, quantity from figures where id in (select value from json_each(:id))";
    let table = query::read_internal(runtime, sql, &IdParameter(&listed))?;
    let found = table.rows.iter().map(|row| (row[0].to_string(), row[1].clone()));
    runtime.ids.borrow_mut().extend(found);
    Ok(())
}

/// The value of an id, cached; `None` where the book has no such id.
pub(super) fn find(runtime: &Runtime, id: &str) -> ScriptResult<Option<Dynamic>> {
    if !is_id(id) || !runtime.book.is_book() {
        return Ok(None);
    }
    if let Some(known) = runtime.ids.borrow().get(id) {
        runtime.rest_on(&runtime.tainted.borrow().of(id));
        return Ok(Some(known.clone()));
    }
    let (found, assumed) = match runtime.output() {
        Some(output) => output.track_assumptions(|| look_up(runtime, id)),
        None => (look_up(runtime, id), Assumptions::none()),
    };
    let found = found?;
    if let Some(value) = &found {
        runtime.ids.borrow_mut().insert(id.to_owned(), value.clone());
        runtime.tainted.borrow_mut().set(id, assumed);
    }
    Ok(found)
}

fn look_up(runtime: &Runtime, id: &str) -> ScriptResult<Option<Dynamic>> {
    let Some((prefix, view, _)) = kind_of(id) else { return Ok(None) };
    match prefix {
        "F" => match stated_quantity(runtime, id)? {
            Some(figure) => Ok(Some(figure)),
            None => record(runtime, view, id),
        },
        "U" => unknown(runtime, id),
        "PL" => match record(runtime, view, id)? {
            Some(pledge) => Ok(Some(pledge)),
            None => announced_otherwise(runtime, view, id),
        },
        _ => record(runtime, view, id),
    }
}

/// A pledge under another of its ids, where the rows of the view stand under that alone, as under a preference for a source.
fn announced_otherwise(runtime: &Runtime, view: &str, id: &str) -> ScriptResult<Option<Dynamic>> {
    let ids = runtime.book.same_pledges(id).map_err(|error| program_error(runtime.book.error(&error)))?;
    for other in ids.iter().filter(|other| *other != id) {
        if let Some(pledge) = record(runtime, view, other)? {
            return Ok(Some(pledge));
        }
    }
    Ok(None)
}

/// The figure that a fact states; `None` where it states none.
pub(super) fn stated_quantity(runtime: &Runtime, id: &str) -> ScriptResult<Option<Dynamic>> {
    let table = query::read_internal(runtime, "select quantity from figures where id = :id", &IdParameter(id))?;
    Ok(table.rows.first().map(|row| row[0].clone()))
}

fn record(runtime: &Runtime, view: &str, id: &str) -> ScriptResult<Option<Dynamic>> {
    let table = query::read_internal(runtime, &format!("select * from {view} where id = :id"), &IdParameter(id))?;
    Ok(match table.rows.len() {
        0 => None,
        1 => Some(Dynamic::from(table.row(0))),
        _ => Some(Dynamic::from(table)),
    })
}

fn unknown(runtime: &Runtime, id: &str) -> ScriptResult<Option<Dynamic>> {
    let table = query::read_internal(runtime, "select reason from unknowns where id = :id", &IdParameter(id))?;
    let Some(reason) = table.rows.first().map(|row| row[0].to_string()) else { return Ok(None) };
    let reasons = reason.parse::<Reason>().map_or_else(|_| Reasons::from(Reason::NotStated), Reasons::from);
    let facts: Facts = id.parse::<Ref>().ok().into_iter().collect();
    Ok(Some(from_quantity(Quantity::unknown(reasons, None).with_facts(facts))))
}

/// An id as the parameter `:id`.
struct IdParameter<'n>(&'n str);

impl Parameters for IdParameter<'_> {
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String> {
        Ok((name == "id").then(|| Cell::Text(self.0.to_owned().into())))
    }

    fn names(&self) -> Vec<String> {
        vec!["id".to_owned()]
    }
}

/// The stated figure that a quantity is: on one fact, with its number and unit, and no assumption but that its source is
/// preferred. `None` for any other quantity.
pub(super) fn stated_figure(runtime: &Runtime, quantity: &Quantity) -> ScriptResult<Option<StatedFigure>> {
    let mut facts = quantity.facts().iter();
    let (Some(fact), None) = (facts.next(), facts.next()) else { return Ok(None) };
    let table = query::read_internal(
        runtime,
        "select quantity, sig_figs from figures where id = :id",
        &IdParameter(&fact.to_string()),
    )?;
    let Some(row) = table.rows.first() else { return Ok(None) };
    let is_same = row[0].read_lock::<Traced>().is_some_and(|stated| {
        stated.quantity.amount() == quantity.amount()
            && stated.quantity.unit() == quantity.unit()
            && quantity.assumptions().iter().all(|assumption| assumption.source().is_some())
    });
    let significant_figures = row[1].as_int().ok().and_then(|digits| u32::try_from(digits).ok());
    Ok(is_same.then_some(StatedFigure { significant_figures }))
}

/// The value of `:F29`: a quantity, also an unknown one, or the id of a record that has none, as `:PL1`; `None` where the name
/// is no id of the book.
pub(super) fn parameter_value(runtime: &Runtime, name: &str) -> Result<Option<Cell<'static>>, String> {
    match find(runtime, name).map_err(|error| error.to_string())? {
        Some(value) => to_cell(&value).or_else(|_| record_cell(runtime, name)).map(Some),
        None => Ok(None),
    }
}

/// A record as one cell: the quantity of a fact that has one although it states no number, and the id of any other.
fn record_cell(runtime: &Runtime, id: &str) -> Result<Cell<'static>, String> {
    let sql = "select quantity from facts where id = :id and quantity is not null";
    let table = query::read_internal(runtime, sql, &IdParameter(id)).map_err(|error| error.to_string())?;
    table.rows.first().map_or_else(|| Ok(Cell::Text(id.to_owned().into())), |row| to_cell(&row[0]))
}

/// The cause of the id of a fact that a later one corrects.
pub(super) fn superseded(runtime: &Runtime, id: &str) -> ScriptResult<Option<ScriptCause>> {
    let found = runtime.book.superseded(id).map_err(|error| program_error(runtime.book.error(&error)))?;
    Ok(found.map(|fact| FunctionCause::Superseded(fact).into()))
}

/// The cause of an id that the book does not have, with the range of those that it has.
pub(super) fn unknown_id_cause(runtime: &Runtime, id: &str) -> ScriptResult<ScriptCause> {
    if let Some(cause) = superseded(runtime, id)? {
        return Ok(cause);
    }
    let Some((_, view, plural)) = kind_of(id).filter(|_| runtime.book.is_book()) else {
        let near = suggest::nearest(id, ["F01", "U01", "PL1", "X1"]);
        return Ok(ScriptCause::UndefinedVariable { name: id.to_owned(), near, help: None });
    };
    let table = query::read_internal(runtime, &format!("select id from {view}"), &NoParameters)?;
    let ids: Vec<String> = table.rows.iter().map(|row| row[0].to_string()).collect();
    let range = match (ids.first(), ids.last()) {
        (Some(first), Some(last)) if first == last => format!("only {first} among its {plural}"),
        (Some(first), Some(last)) => format!("{plural} {first} to {last}"),
        _ => format!("no {plural}"),
    };
    // `F3` was meant for `F03`: the same letters and the same number.
    let digits = |id: &str| id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
    let near = digits(id).and_then(|number| ids.into_iter().find(|known| digits(known) == Some(number)));
    Ok(ScriptCause::NotFound {
        message: format!("the book has no `{id}`"),
        near,
        help: Some(format!("it has {range}")),
    })
}

#[cfg(test)]
mod tests {
    use super::mentioned;

    #[test]
    fn ids_in_comments_and_plain_strings_are_not_mentioned() {
        let script = "// F01\nlet a = F29; /* U02 */ let b = \"PL1\"; `${F30} of ${\"F31\"}` + X1 + S2F3 + xF4";
        assert_eq!(mentioned(script).into_iter().collect::<Vec<_>>(), ["F29", "F30", "F31", "S2F3", "X1"]);
    }
}
