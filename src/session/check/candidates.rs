//! The numbers that a figure is compared with: what the facts state or imply, and the default answer of every question of the
//! library.

use super::verdict::Candidate;
use crate::error::Error;
use crate::script::library::{self, Script};
use crate::session::Session;
use crate::session::capture::Capture;
use crate::sql::{Cell, Layout, Text};

/// What the facts state and imply. The label of a number that no source writes is the fact itself.
const FACTS: &str = "select coalesce(n.label, f.gloss) as label, f.quantity, n.id is not null as is_stated \
                     from facts f left join figures n on n.id = f.id where f.quantity is not null order by f.id";

/// Stated numbers first.
///
/// # Errors
/// The book can't be asked; Ctrl-C. A script that can't answer has no number to compare with.
pub(super) fn candidates(session: &mut Session) -> Result<Vec<Candidate>, Error> {
    let supposed = std::mem::take(&mut session.supposed);
    session.suppose(Vec::new())?;
    let stated = of_facts(session);
    let is_supposing = !supposed.is_empty();
    session.suppose(supposed)?;
    let mut found = stated?;
    if is_supposing {
        found.extend(of_facts(session)?);
    }
    for script in library::all()? {
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
    session.eval_sql(&Text::new("SQL", FACTS), &capture.output())?;
    let rows = capture.take().into_iter().flat_map(|result| result.rows);
    let candidate = |row: Vec<Cell<'static>>| match row.as_slice() {
        [Cell::Text(name), Cell::Quantity(quantity), Cell::Integer(is_stated)] => {
            let is_stated = *is_stated == 1 && quantity.assumptions().is_empty();
            Some(Candidate { name: name.to_string(), quantity: (**quantity).clone(), is_stated })
        }
        _ => None,
    };
    Ok(rows.filter_map(candidate).collect())
}

/// The metrics of a script, and the ranges that they lie in; none of one that has to be told something first.
fn of_script(session: &Session, script: &Script) -> Result<Vec<Candidate>, Error> {
    if script.header.parameters.iter().any(|parameter| parameter.default.is_none()) {
        return Ok(Vec::new());
    }
    let capture = Capture::default();
    session.run_alone(script, &capture.output())?;
    let metrics = capture.take().into_iter().filter(|result| result.header.layout == Layout::Metrics);
    Ok(metrics.flat_map(|result| result.rows).flat_map(|row| of_metric(&row)).collect())
}

fn of_metric(row: &[Cell<'static>]) -> Vec<Candidate> {
    let [Cell::Text(name), value, range, _, note] = row else { return Vec::new() };
    let candidate = |name: String, cell: &Cell<'static>| match cell {
        Cell::Quantity(quantity) => Some(Candidate { name, quantity: (**quantity).clone(), is_stated: false }),
        _ => None,
    };
    let condition = if let Cell::Text(note) = note { format!(", {note}") } else { String::new() };
    [candidate(name.to_string(), value), candidate(format!("{name}{condition}"), range)].into_iter().flatten().collect()
}
