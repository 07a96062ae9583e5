//! `.why`: which number is asked about, or which id. What is said of it is `explain`'s and `identify`'s.

use super::cells::{self, Found};
use super::explain::explained;
use super::{Session, identify};
use crate::error::{Error, wrong};
use crate::sql::{CachedResult, Note, Origin, Output};
use crate::table::notes_block;
use std::rc::Rc;

/// `.why`, `.why ROW`, `.why ROW COLUMN`, `.why ID`.
pub(super) fn run(session: &Session, words: &[String], output: &Output) -> Result<(), Error> {
    let text = match words {
        [] => of_cells(session, |kept| cells::first(kept).map(|found| vec![found]))?,
        [row] if cells::is_row(row) => of_cells(session, |kept| cells::in_row(kept, row))?,
        [id] => identify::explain(session, id)?,
        [row, column] => match cells::text(newest(session)?.as_ref(), row, column)? {
            Some(ids) => {
                let told = ids.split_whitespace().map(|id| identify::explain(session, id));
                told.collect::<Result<Vec<String>, _>>()?.join("\n")
            }
            None => of_cells(session, |kept| cells::at(kept, row, column).map(|found| vec![found]))?,
        },
        _ => return Err(wrong("`.why` takes a row and a column, or an id", "as `.why 1 amount`, `.why F29`")),
    };
    output.print(text.trim_end()).map_err(Error::from)
}

fn newest(session: &Session) -> Result<Rc<CachedResult>, Error> {
    let cure = "ask for a number first, as `F29 / F30`";
    session.last.result().ok_or_else(|| wrong("nothing has been answered yet", cure))
}

fn of_cells(session: &Session, choose: impl Fn(&CachedResult) -> Result<Vec<Found>, Error>) -> Result<String, Error> {
    let kept = newest(session)?;
    let found = choose(&kept)?;
    let style = session.settings.style(session.book(), false)?;
    let mut text = cells::which(&kept, &found).map(|line| line + "\n").unwrap_or_default();
    let asked = match &kept.origin {
        Origin::Statement(sql) => notes_block(&[Note::new("asked", "", sql)]),
        Origin::Computed(_) | Origin::Untold => String::new(),
    };
    text.push_str(&explained(session.book(), &style, &found, &asked));
    Ok(text)
}
