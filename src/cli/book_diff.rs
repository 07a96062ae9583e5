//! `diff OLD NEW` of two files of books: which words are such, and what may not stand beside them.

use super::arguments::Action;
use crate::error::{Error, usage_error};
use crate::store::is_database;
use std::path::{Path, PathBuf};

/// The two files, the older first, if the words of `diff` are files of books.
///
/// # Errors
/// One of them is; a book is named before them; an option that is for tables.
pub(super) fn compared_books(action: &Action, has_book: bool) -> Result<Option<[PathBuf; 2]>, Error> {
    let Action::Diff { sources, key, summary, .. } = action else { return Ok(None) };
    let is_file = |word: &String| word.contains(['.', '/']) && is_database(Path::new(word));
    match sources.as_slice() {
        [old, new] if is_file(old) && is_file(new) => {
            if has_book {
                return Err(usage_error("`diff` names two books, and a third stands before it", "leave that one out"));
            }
            if !key.is_empty() || *summary {
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
