//! What-if: reading what a person wants to suppose, and keeping the list of it. What becomes of the answers is decided
//! by the book's views.

use super::{Session, prefer};
use crate::error::{Error, suggest, wrong};
use crate::quantity::{Amount, PREFER, Quantity, Strictness, Unit, reading};
use crate::store::{AssumptionEntry, Book, WhatIf};
use rust_decimal::Decimal;

/// What takes a supposition back.
const STATED: &str = "stated";

impl Session {
    /// Supposes `ID=VALUE`: another number for the figure of a fact, an assumption of the book, or a source that is preferred.
    /// `ID=stated` takes it back.
    ///
    /// # Errors
    /// No such figure or assumption, a value that it can't take.
    pub fn assume(&mut self, text: &str) -> Result<(), Error> {
        let (id, value) = match text.split_once('=') {
            Some((id, value)) => (id.trim(), Some(value.trim())),
            None => (text.trim(), None),
        };
        let book = &self.book;
        if !book.is_book() {
            return Err(wrong("this database has no figures", "ask the bundled book, or a copy of it"));
        }
        let supposed = read(book, id, value)?;
        let mut list: Vec<WhatIf> = self.supposed.iter().filter(|known| known.id() != id).cloned().collect();
        list.extend(supposed);
        self.suppose(list)
    }

    /// Supposes this list and nothing else.
    ///
    /// # Errors
    /// The book can't be asked.
    pub(super) fn suppose(&mut self, list: Vec<WhatIf>) -> Result<(), Error> {
        self.book.set_what_if(&list).map_err(|error| self.book.error(&error))?;
        self.supposed = list;
        if let Some(interpreter) = &mut self.interpreter {
            interpreter.forget_ids();
        }
        Ok(())
    }

    /// What is supposed just now, a line each.
    ///
    /// # Errors
    /// The book can't be asked.
    pub(super) fn supposed_in_words(&self) -> Result<String, Error> {
        if self.supposed.is_empty() {
            return Ok("nothing is assumed; `.assume F30=4500` would".to_owned());
        }
        let lines: Result<Vec<String>, Error> = self.supposed.iter().map(|one| in_words(&self.book, one)).collect();
        lines.map(|lines| lines.join("\n"))
    }
}

/// The supposition; `None` where it is taken back.
fn read(book: &Book, id: &str, value: Option<&str>) -> Result<Option<WhatIf>, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    if prefer::is_preference(id) {
        return if value == Some(STATED) { Ok(None) } else { prefer::read(book, id, value).map(Some) };
    }
    if let Some(assumption) = book.assumption(id).map_err(fail)? {
        return match value {
            Some(STATED) => Ok(None),
            value => Ok(Some(WhatIf::Assumption(id.to_owned(), taken(book, &assumption, value)?))),
        };
    }
    if let Some(fact) = book.superseded(id).map_err(fail)? {
        return Err(wrong(&fact.message(), &fact.cure()));
    }
    match (book.stated_figure(id).map_err(fail)?, value) {
        (Some(_), Some(STATED)) => Ok(None),
        (Some(_), Some(value)) => {
            let value = book.read_figure(value).map_err(wrong_cause)?;
            let figure = book.assumed_figure(id, &value).map_err(wrong_cause)?;
            Ok(Some(WhatIf::Figure(id.to_owned(), figure)))
        }
        (Some(_), None) => Err(wrong(&format!("`{id}` needs a value"), &format!("as `{id}=4500`"))),
        (None, _) => Err(no_figure(book, id)?),
    }
}

#[allow(clippy::needless_pass_by_value)] // it is handed over by `map_err`
fn wrong_cause(cause: crate::error::FunctionCause) -> Error {
    wrong(&cause.message(), &cause.cure().unwrap_or_default())
}

fn no_figure(book: &Book, id: &str) -> Result<Error, Error> {
    if book.fact(id).map_err(|error| book.error(&error))?.is_some() {
        return Ok(wrong(
            &format!("`{id}` has no number that could be another"),
            "`select id, quantity from facts` lists them",
        ));
    }
    let ids = book.ids().map_err(|error| book.error(&error))?;
    let near = suggest::nearest(id, ids.iter().map(String::as_str).chain(["A1", PREFER]));
    let cure =
        near.map_or("`.assumptions` lists what can be assumed".to_owned(), |near| format!("did you mean `{near}`?"));
    Ok(wrong(&format!("the book has no figure or assumption `{id}`"), &cure))
}

/// The value of an assumption in the form that the book's views read.
fn taken(book: &Book, assumption: &AssumptionEntry, value: Option<&str>) -> Result<Option<String>, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    let id = &assumption.id;
    match (assumption.takes.as_deref(), value) {
        (None, None) => Ok(None),
        (None, Some(_)) => {
            Err(wrong(&format!("`{id}` takes no value"), &format!("`{id}` makes it, `{id}=stated` takes it back")))
        }
        (Some("rate"), None) => Err(wrong(&format!("`{id}` needs a rate"), &format!("as `{id}=\"1.25 USD/GBP\"`"))),
        (Some(_), None) => {
            Err(wrong(&format!("`{id}` needs a probability"), &format!("as `{id}=0.65` or `{id}=0.55..0.75`")))
        }
        (Some("rate"), Some(value)) => {
            let rate = book.literal(value, Strictness::Prose).map_err(wrong_cause)?;
            let units = book.units().map_err(fail)?;
            units.check_rate(&rate).map_err(|error| wrong_cause(error.into()))?;
            Ok(Some(format!("{} {}", rate.amount(), rate.unit().unwrap_or(&Unit::one()))))
        }
        (Some(_), Some(value)) => {
            probability(&book.read_figure(value).map_err(wrong_cause)?).map(Some).ok_or_else(|| {
                wrong(&format!("`{value}` is no probability"), "give a number from 0 to 1, or a range, as `0.55..0.75`")
            })
        }
    }
}

/// A number, or a range, from 0 to 1.
fn probability(value: &Quantity) -> Option<String> {
    let is_within = |end: Decimal| end >= Decimal::ZERO && end <= Decimal::ONE;
    let fits = match value.amount() {
        Amount::Number(number) => is_within(number.value),
        Amount::Range(range) => {
            [range.lo(), range.hi()].into_iter().all(|end| end.is_some_and(|end| is_within(end.value)))
        }
        Amount::Unknown(_) => false,
    };
    (fits && value.unit().is_none_or(Unit::is_one)).then(|| value.amount().to_string())
}

/// `F30 = 4,500 missile, where S1 states 5,000 missile`; `A1: …`.
pub(super) fn in_words(book: &Book, supposed: &WhatIf) -> Result<String, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    match supposed {
        WhatIf::Figure(id, quantity) => {
            let assumed = reading::named(id, &reading::quantity(quantity, None));
            let stated = book.stated_figure(id).map_err(fail)?;
            let source = book.fact(id).map_err(fail)?.map_or_else(String::new, |fact| fact.source);
            Ok(match stated {
                Some(stated) if stated.is_unknown() => format!("{assumed}, which {source} does not state"),
                Some(stated) => format!("{assumed}, where {source} states {}", reading::quantity(&stated, None)),
                None => assumed,
            })
        }
        WhatIf::Assumption(id, value) => {
            let statement = book.assumption(id).map_err(fail)?.map_or_else(String::new, |known| known.statement);
            let read = value.as_ref().and_then(|value| value.parse::<Quantity>().ok());
            let named = read.map_or(id.clone(), |value| reading::named(id, &reading::quantity(&value, None)));
            Ok(format!("{named}: {statement}"))
        }
        WhatIf::Preference(preference) => Ok(prefer::in_words(preference)),
    }
}
