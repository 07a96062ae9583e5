//! `diff OLD NEW` of two files of books: which words are such, and what may not stand beside them.

use super::arguments::Action;
use super::endings::FileKind;
use crate::error::{Error, StoreCause, StoreError, usage_error};
use crate::store::{is_database, similar_name};
use crate::syntax::shell_word;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The two files, the older first, if the words of `diff` are files of books.
///
/// # Errors
/// One of them is, or both are files of tables; one is missing; a book is named before them; an option that is for tables of one book.
pub(super) fn compared_books(action: &Action, has_book: bool) -> Result<Option<[PathBuf; 2]>, Error> {
    let Action::Diff { sources, summary, .. } = action else { return Ok(None) };
    let is_file = |word: &String| word.contains(['.', '/']) && is_database(Path::new(word));
    let is_table = |word: &String| FileKind::Table.is_of(OsStr::new(word)) && Path::new(word).exists();
    if let [old, new] = sources.as_slice()
        && [old, new].into_iter().any(|word| is_file(word) || FileKind::Database.is_of(OsStr::new(word)))
    {
        [old, new].into_iter().try_for_each(|word| refuse_missing(word))?;
    }
    match sources.as_slice() {
        [old, new] if is_file(old) && is_file(new) => {
            if has_book {
                return Err(usage_error("`diff` names two books, and a third stands before it", "leave that one out"));
            }
            if *summary {
                let help = "leave it out; `pledgebook BOOK diff S2 S3 --summary` counts those of two tables";
                return Err(usage_error("`--summary` counts the differences of two tables of one book", help));
            }
            Ok(Some([old.into(), new.into()]))
        }
        [one] | [one, _] | [_, one] if is_file(one) => {
            let help = "name two files of books, `diff old.db new.db`, or two tables of one book, `BOOK diff S2 S3`";
            Err(usage_error("a book is compared with another book", help))
        }
        [old, new] if is_table(old) && is_table(new) => {
            let (old, new) = (shell_word(old), shell_word(new));
            let help = format!(
                "`pledgebook init d.db --empty`, `pledgebook d.db import {old}` and `pledgebook d.db import {new} --revision-of S1` make it, and \
                 `pledgebook d.db diff S1 S2` compares them"
            );
            Err(usage_error("two tables are compared in one book, which keeps their columns and units", &help))
        }
        _ => Ok(None),
    }
}

/// Refuses a word that is named like a file and is none.
fn refuse_missing(word: &str) -> Result<(), Error> {
    let path = Path::new(word);
    if !word.contains(['.', '/']) || path.exists() {
        return Ok(());
    }
    let cause = match similar_name(path) {
        None => StoreCause::Missing("name two files of books, the older first: `diff old.db new.db`".to_owned()),
        near => StoreCause::NotFound { near },
    };
    Err(StoreError { path: path.to_owned(), cause }.into())
}
