//! The statements of sources that disagree: a row and a bar each, never a mean, beside an answer that is unknown because of them.

use super::record::{PageRecord, RecordedResult};
use crate::error::Error;
use crate::quantity::{Facts, Ref};
use crate::session::Session;
use crate::sql::{self, NoParameters};
use crate::syntax::Text;
use std::io;

/// The most facts whose disputes are looked up.
const MOST_FACTS: usize = 200;

/// The statements of each dispute that one of the facts is part of; `None` if there is none.
///
/// # Errors
/// The book can't be asked.
pub(super) fn statements(session: &Session, facts: &Facts) -> Result<Option<RecordedResult>, Error> {
    let named = facts.iter().filter(|one| !matches!(one, Ref::Unknown(_))).take(MOST_FACTS);
    let named: Vec<String> = named.map(|fact| format!("'{fact}'")).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let select = format!(
        "select source, quantity as states, fact from conflicts \
         where id in (select id from conflicts where fact in ({})) order by id, source, fact",
        named.join(", ")
    );
    let record = PageRecord::of(None);
    let output = record.output(session, io::sink());
    sql::run(session.book(), &Text::new("SQL", &select), &NoParameters, &output)?;
    output.flush()?;
    let asked = record.answered().into_iter().next();
    Ok(asked.and_then(|asked| asked.results().next().cloned()).filter(|result| result.total > 1))
}
