//! Assumptions and preferences of a what-if: their parsing, and the list of those in force. The book's views apply them to
//! the answers.

use super::{Session, require_book};
use crate::error::{Error, FunctionCause, suggest, usage_error};
use crate::quantity::{Amount, Assumption, PREFER, Quantity, Strictness, TODAY, Unit, human, is_calendar_day};
use crate::store::{AssumptionEntry, Book, WhatIf};
use rust_decimal::Decimal;

/// The value that takes an assumption back.
const STATED: &str = "stated";

impl Session {
    /// Makes the assumption `ID=VALUE`: another number for the figure of a fact or for a cell of a record, an assumption of the book, or a
    /// preferred source. `ID=stated` takes it back.
    ///
    /// # Errors
    /// No such figure or assumption, a value that it can't take.
    pub fn assume(&mut self, text: &str) -> Result<(), Error> {
        let (id, value) = match text.split_once('=') {
            Some((id, value)) => (id.trim(), Some(value.trim())),
            None => (text.trim(), None),
        };
        let book = &self.book;
        require_book(book, "figures")?;
        let (id, supposed) = parse_supposed(book, id, value)?;
        let value = value.map(str::to_owned);
        let mut list: Vec<WhatIf> = self.supposed.iter().filter(|known| known.id() != id).cloned().collect();
        list.extend(supposed.clone());
        self.set_suppositions(list)?;
        self.assumed_texts.extend(supposed.map(|supposed| (supposed, value)));
        Ok(())
    }

    /// Replaces the assumptions in force by this list.
    ///
    /// # Errors
    /// The book can't be asked.
    pub(super) fn set_suppositions(&mut self, list: Vec<WhatIf>) -> Result<(), Error> {
        self.book.set_what_if(&list).map_err(|error| self.book.error(&error))?;
        self.supposed = list;
        if let Some(interpreter) = &mut self.interpreter {
            interpreter.clear_id_cache();
        }
        Ok(())
    }

    /// Runs `work` without any assumption.
    pub(super) fn as_stated<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let supposed = std::mem::take(&mut self.supposed);
        self.set_suppositions(Vec::new())?;
        let done = work(self);
        self.set_suppositions(supposed)?;
        done
    }

    /// The assumptions in force, a line each.
    ///
    /// # Errors
    /// The book can't be asked.
    pub(super) fn suppositions_text(&self) -> Result<String, Error> {
        if self.supposed.is_empty() {
            let is_example = self.book.has("F30").unwrap_or_default();
            let how = if is_example { "`.assume F30=4500` would" } else { "`.assumptions` lists what can be" };
            return Ok(format!("nothing is assumed; {how}"));
        }
        let lines: Result<Vec<String>, Error> =
            self.supposed.iter().map(|one| supposed_text(&self.book, one)).collect();
        lines.map(|lines| lines.join("\n"))
    }
}

/// Parses an assumption, with its name; `None` where it is taken back.
fn parse_supposed(book: &Book, id: &str, value: Option<&str>) -> Result<(String, Option<WhatIf>), Error> {
    let Some(cell) = book.record_cell(id).map_err(figure_error)? else {
        return Ok((id.to_owned(), parse_by_id(book, id, value)?));
    };
    let id = cell.id.clone();
    match value {
        Some(STATED) => Ok((id, None)),
        Some(value) => {
            let value = book.read_figure(value).map_err(figure_error)?;
            let number = cell.assumed(&value).map_err(figure_error)?;
            Ok((id, Some(WhatIf::Cell(Box::new(cell), number))))
        }
        None => Err(usage_error(&format!("`{id}` needs a value"), &format!("as `{id}=4500`"))),
    }
}

/// Parses an assumption about anything but a cell.
fn parse_by_id(book: &Book, id: &str, value: Option<&str>) -> Result<Option<WhatIf>, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    if id == TODAY {
        return parse_today(value);
    }
    if is_preference(id) {
        return if value == Some(STATED) { Ok(None) } else { parse_preference(book, id, value).map(Some) };
    }
    if let Some(assumption) = book.assumption(id).map_err(fail)? {
        return match value {
            Some(STATED) => Ok(None),
            value => Ok(Some(WhatIf::Assumption(id.to_owned(), assumption_value(book, &assumption, value)?))),
        };
    }
    if let Some(fact) = book.superseded(id).map_err(fail)? {
        return Err(usage_error(&fact.message(), &fact.help()));
    }
    match (book.stated_figure(id).map_err(fail)?, value) {
        (Some(_), Some(STATED)) => Ok(None),
        (Some(_), Some(value)) => {
            let value = book.read_figure(value).map_err(figure_error)?;
            let figure = book.assumed_figure(id, &value).map_err(figure_error)?;
            Ok(Some(WhatIf::Figure(id.to_owned(), figure)))
        }
        (Some(_), None) => Err(usage_error(&format!("`{id}` needs a value"), &format!("as `{id}=4500`"))),
        (None, _) => Err(unknown_figure(book, id)?),
    }
}

/// The day that it is, for scripts.
fn parse_today(value: Option<&str>) -> Result<Option<WhatIf>, Error> {
    match value {
        Some(STATED) => Ok(None),
        Some(date) if is_calendar_day(date) => Ok(Some(WhatIf::Today(date.to_owned()))),
        _ => Err(usage_error(&format!("`{TODAY}` needs a day of the calendar"), &format!("as `{TODAY}=2025-03-31`"))),
    }
}

#[allow(clippy::needless_pass_by_value)] // it is handed over by `map_err`
fn figure_error(cause: FunctionCause) -> Error {
    usage_error(&cause.message(), &cause.help().unwrap_or_default())
}

/// Words by which somebody may mean `none`.
const CLEARING: [&str; 4] = ["clear", "off", "remove", "reset"];

fn unknown_figure(book: &Book, id: &str) -> Result<Error, Error> {
    if book.fact(id).map_err(|error| book.error(&error))?.is_some() {
        return Ok(usage_error(
            &format!("`{id}` has no number that could be another"),
            "`select id, quantity from facts` lists them",
        ));
    }
    if CLEARING.contains(&id) {
        let help = "`.assume none` takes back all that is assumed, `.assume F30=stated` one of it";
        return Ok(usage_error(&format!("`{id}` is no assumption"), help));
    }
    let ids = book.ids().map_err(|error| book.error(&error))?;
    let near = suggest::nearest(id, ids.iter().map(String::as_str).chain(["A1", PREFER]));
    let help =
        near.map_or("`.assumptions` lists what can be assumed".to_owned(), |near| format!("did you mean `{near}`?"));
    Ok(usage_error(&format!("the book has no figure or assumption `{id}`"), &help))
}

/// The value of an assumption in the form that the views of the book read.
fn assumption_value(book: &Book, assumption: &AssumptionEntry, value: Option<&str>) -> Result<Option<String>, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    let id = &assumption.id;
    match (assumption.takes.as_deref(), value) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(usage_error(
            &format!("`{id}` takes no value"),
            &format!("`{id}` makes it, `{id}=stated` takes it back"),
        )),
        (Some("rate"), None) => {
            Err(usage_error(&format!("`{id}` needs a rate"), &format!("as `{id}=\"1.25 USD/GBP\"`")))
        }
        (Some(_), None) => {
            Err(usage_error(&format!("`{id}` needs a probability"), &format!("as `{id}=0.65` or `{id}=0.55..0.75`")))
        }
        (Some("rate"), Some(value)) => {
            let rate = book.literal(value, Strictness::Prose).map_err(figure_error)?;
            let units = book.units().map_err(fail)?;
            units.check_rate(&rate).map_err(|error| figure_error(error.into()))?;
            Ok(Some(format!("{} {}", rate.amount(), rate.unit().unwrap_or(&Unit::one()))))
        }
        (Some(_), Some(value)) => {
            probability(&book.read_figure(value).map_err(figure_error)?).map(Some).ok_or_else(|| {
                usage_error(
                    &format!("`{value}` is no probability"),
                    "give a number from 0 to 1, or a range, as `0.55..0.75`",
                )
            })
        }
    }
}

/// The text of a number, or a range, from 0 to 1.
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

/// `F30 = 4,500 missiles, where S1 states 5,000 missiles`; `A1: …`.
pub(super) fn supposed_text(book: &Book, supposed: &WhatIf) -> Result<String, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    match supposed {
        WhatIf::Figure(id, quantity) => {
            let assumed = human::named(id, &human::quantity(quantity, None));
            let stated = book.stated_figure(id).map_err(fail)?;
            let source = book.fact(id).map_err(fail)?.map_or_else(String::new, |fact| fact.source);
            Ok(match stated {
                Some(stated) if stated.is_unknown() => format!("{assumed}, which {source} does not state"),
                Some(stated) => format!("{assumed}, where {source} states {}", human::quantity(&stated, None)),
                None => assumed,
            })
        }
        WhatIf::Cell(cell, quantity) => {
            let assumed = human::named(&cell.id, &human::quantity(quantity, None));
            let (source, stated) = (cell.source, &cell.stated);
            Ok(if stated.is_unknown() {
                format!("{assumed}, which S{source} does not state")
            } else {
                format!("{assumed}, where S{source} states {}", human::quantity(stated, None))
            })
        }
        WhatIf::Assumption(id, value) => {
            let statement = book.assumption(id).map_err(fail)?.map_or_else(String::new, |known| known.statement);
            let read = value.as_ref().and_then(|value| value.parse::<Quantity>().ok());
            let named = read.map_or(id.clone(), |value| human::named(id, &human::quantity(&value, None)));
            Ok(format!("{named}: {statement}"))
        }
        WhatIf::Preference(preference) => Ok(preference_text(preference)),
        WhatIf::Today(date) => Ok(format!("{}, for `today()` in scripts", human::named(TODAY, date))),
    }
}

/// True if an assumption of this name is a preference.
fn is_preference(id: &str) -> bool {
    id == PREFER || id.strip_prefix(PREFER).is_some_and(|rest| rest.starts_with('.'))
}

/// Parses the preference `prefer=S1` or `prefer.PL1=S1`.
///
/// # Errors
/// No such source or pledge, a source that states nothing of the pledge, no source.
fn parse_preference(book: &Book, id: &str, value: Option<&str>) -> Result<WhatIf, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    let Some(source) = value.filter(|value| !value.is_empty()) else {
        return Err(usage_error(&format!("`{id}` needs a source"), &format!("as `{id}=S1`")));
    };
    if book.source(source).map_err(fail)?.is_none() {
        let sources = book.source_ids().map_err(fail)?;
        return Err(unknown_id("source", source, &sources, "`select id, title from sources` lists them"));
    }
    if let Some((_, owner)) = id.split_once('.') {
        let stated = book.sources_of(owner).map_err(fail)?;
        if stated.is_empty() {
            let owners = book.owners().map_err(fail)?;
            return Err(unknown_id("pledge", owner, &owners, "`select id from pledges` lists them"));
        }
        if !stated.iter().any(|other| other == source) {
            let message = format!("{source} states nothing of {owner}");
            return Err(usage_error(&message, &format!("prefer one that does: {}", stated.join(", "))));
        }
    }
    let number = source.trim_start_matches('S').parse().unwrap_or_default();
    let preference = Assumption::preferring(id, number);
    preference.map(WhatIf::Preference).map_err(|error| usage_error(&error.message(), &format!("as `{PREFER}=S1`")))
}

fn unknown_id(kind: &str, id: &str, known: &[String], list: &str) -> Error {
    let near = suggest::nearest(id, known.iter().map(String::as_str));
    let help = near.map_or(list.to_owned(), |near| format!("did you mean `{near}`?"));
    usage_error(&format!("the book has no {kind} `{id}`"), &help)
}

/// `prefer = S1: its statements are chosen where sources disagree`.
fn preference_text(preference: &Assumption) -> String {
    let source = preference.source().unwrap_or_default();
    let of = preference.name().split_once('.').map(|(_, owner)| format!(" about {owner}")).unwrap_or_default();
    format!("{} = S{source}: its statements are chosen where sources disagree{of}", preference.name())
}
