//! The numbers that a figure is compared with: what the facts state, stated or imply, and the default answer of every
//! question of the library.

use crate::error::Error;
use crate::quantity::{Assumption, Quantity};
use crate::script::library::{self, Script};
use crate::session::Session;
use crate::session::capture::Capture;
use crate::sql::{Cell, Layout};
use crate::syntax::Text;

/// What the facts of texts state and imply. The label of a number that no source writes is the fact itself.
const FACTS: &str = "select coalesce(n.label, f.gloss) as label, f.quantity, n.id is not null as is_stated \
                     from facts f left join figures n on n.id = f.id where f.quantity is not null order by f.id";

/// What records of tables state.
const RECORDS: &str = "select label, quantity, 1 as is_stated from figures where locator like 'record %' order by id";

/// The call by which a script gives a number. One without it has none to compare with.
const METRIC: &str = "metric(";

/// A number that the book states or stated, or that a question of the library computes.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// What it is the number of.
    pub(super) name: String,
    pub(super) quantity: Quantity,
    pub(super) origin: Origin,
}

/// Where a candidate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// A source writes it.
    Stated,
    /// A source wrote it, and a fact corrects it.
    Superseded {
        /// `S1`.
        source: String,
        /// Where in the source.
        locator: String,
        /// The fact that corrects it.
        by: String,
    },
    /// A fact implies it, or a question of the library computes it.
    Derived,
    /// A question of the library computes it from a number of its own, which nobody has given.
    Given,
}

impl Candidate {
    /// Whether a source writes it.
    pub(super) fn is_stated(&self) -> bool {
        self.origin == Origin::Stated
    }
}

/// Stated numbers first.
///
/// # Errors
/// The book can't be asked; Ctrl-C. A script that can't answer has no number to compare with.
pub(super) fn candidates(session: &mut Session) -> Result<Vec<Candidate>, Error> {
    let mut found = session.as_stated(of_facts)?;
    if !session.supposed.is_empty() {
        let is_other = |candidate: &Candidate| !candidate.quantity.assumptions().is_empty();
        found.extend(of_facts(session)?.into_iter().filter(is_other));
    }
    found.extend(of_corrected(session)?);
    for script in library::all()?.into_iter().filter(|script| script.text.whole.contains(METRIC)) {
        match of_script(session, &script) {
            Ok(derived) => found.extend(derived),
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(_) => {}
        }
    }
    Ok(found)
}

fn of_facts(session: &mut Session) -> Result<Vec<Candidate>, Error> {
    let capture = Capture::default();
    for sql in [FACTS, RECORDS] {
        session.eval_sql(&Text::new("SQL", sql), &capture.output())?;
    }
    let rows = capture.take().into_iter().flat_map(|result| result.rows);
    let candidate = |row: Vec<Cell<'static>>| match row.as_slice() {
        [Cell::Text(name), Cell::Quantity(quantity), Cell::Integer(is_stated)] => {
            let is_stated = *is_stated == 1 && quantity.assumptions().is_empty();
            let origin = if is_stated { Origin::Stated } else { Origin::Derived };
            Some(Candidate { name: name.to_string(), quantity: (**quantity).clone(), origin })
        }
        _ => None,
    };
    Ok(rows.filter_map(candidate).collect())
}

/// What sources stated and later facts correct.
fn of_corrected(session: &Session) -> Result<Vec<Candidate>, Error> {
    let book = session.book();
    let figures = book.superseded_figures().map_err(|error| book.error(&error))?;
    let candidate = |figure: crate::store::SupersededFigure| Candidate {
        name: figure.label,
        quantity: figure.quantity,
        origin: Origin::Superseded { source: figure.source, locator: figure.locator, by: figure.by },
    };
    Ok(figures.into_iter().map(candidate).collect())
}

/// The metrics of a script, and the ranges that they lie in; none of one that has to be told something first.
fn of_script(session: &Session, script: &Script) -> Result<Vec<Candidate>, Error> {
    if script.header.parameters.iter().any(|parameter| parameter.default.is_none()) {
        return Ok(Vec::new());
    }
    let capture = Capture::default();
    session.run_alone(script, &capture.output())?;
    let metrics = capture.take().into_iter().filter(|result| result.header.layout == Layout::Metrics);
    Ok(metrics.flat_map(|result| result.rows).flat_map(|row| of_metric(session, &row)).collect())
}

fn of_metric(session: &Session, row: &[Cell<'static>]) -> Vec<Candidate> {
    let [Cell::Text(name), value, range, _, note] = row else { return Vec::new() };
    let candidate = |name: String, cell: &Cell<'static>| match cell {
        Cell::Quantity(quantity) => {
            let origin = if is_given(session, quantity) { Origin::Given } else { Origin::Derived };
            Some(Candidate { name, quantity: (**quantity).clone(), origin })
        }
        _ => None,
    };
    let condition = if let Cell::Text(note) = note { format!(", {note}") } else { String::new() };
    [candidate(name.to_string(), value), candidate(format!("{name}{condition}"), range)].into_iter().flatten().collect()
}

/// Whether a number rests on one that neither the book has nor the session supposes: the script's own.
fn is_given(session: &Session, quantity: &Quantity) -> bool {
    let is_supposed =
        |assumption: &Assumption| session.supposed.iter().any(|supposed| supposed.id() == assumption.name());
    !quantity.assumptions().iter().all(is_supposed)
}
