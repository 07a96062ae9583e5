//! `diff OLD NEW` of two files of books: their order, and what may not stand beside them.

use super::batch::run_batch;
use super::plan::Plan;
use crate::error::{Error, usage_error};
use crate::session::Session;
use crate::store::is_database;
use std::path::{Path, PathBuf};

/// The two files, if both words are files of books.
///
/// # Errors
/// One of them is; a book is named before them; an option that is for tables.
pub(super) fn books(
    plan: &Plan,
    words: &[String],
    keys: &[String],
    is_summary: bool,
) -> Result<Option<[PathBuf; 2]>, Error> {
    let is_file = |word: &String| word.contains(['.', '/']) && is_database(Path::new(word));
    match words {
        [old, new] if is_file(old) && is_file(new) => {
            if plan.book.is_some() {
                return Err(usage_error("`diff` names two books, and a third stands before it", "leave that one out"));
            }
            if !keys.is_empty() || is_summary {
                let help = "leave them out; `pledgebook BOOK diff S2 S3 --key id` compares two tables of one book";
                return Err(usage_error("`--key` and `--summary` are for imported tables", help));
            }
            Ok(Some([old.into(), new.into()]))
        }
        [one] | [one, _] | [_, one] if is_file(one) => {
            let help = "name two files of books, `diff old.db new.db`, or two tables of one book, `BOOK diff S2 S3`";
            Err(usage_error("a book is compared with another book", help))
        }
        _ => Ok(None),
    }
}

/// Compares two books.
///
/// # Errors
/// One of them can't be read; the writer's; where that is asked for, that they differ.
pub(super) fn run(plan: &Plan, old: &Path, new: &Path, fails_by_difference: bool) -> Result<(), Error> {
    run_batch(plan, |session, batch| {
        let _watch = plan.watch(session);
        let mut older = session.open_other(Some(old))?;
        let mut newer: Session = session.open_other(Some(new))?;
        let differs = older.diff_books(&mut newer, batch.output())?;
        if differs && fails_by_difference { Err(Error::Differs) } else { Ok(()) }
    })
}
