//! Several figures on a command line: one that has blanks and is not quoted arrives as several words, none of which is to be
//! taken for a figure of its own.

use super::claim::Claim;
use crate::error::{Error, FunctionCause, wrong};
use crate::store::Book;

/// A figure has at most so many words.
const MOST_WORDS: usize = 8;

/// Refuses words that are a figure only together, with the spelling that makes them one.
///
/// # Errors
/// A word that is no figure by itself, beside others that make it one.
pub(super) fn refuse_unquoted(
    book: &Book,
    texts: &[String],
    claims: &[Result<Claim, FunctionCause>],
) -> Result<(), Error> {
    for (at, _) in claims.iter().enumerate().filter(|(_, claim)| claim.is_err()) {
        let windows = (2..=MOST_WORDS.min(texts.len())).rev().flat_map(|width| {
            let first = (at + 1).saturating_sub(width);
            (first..=at).filter_map(move |from| texts.get(from..from + width))
        });
        let whole = windows.map(|words| words.join(" ")).find(|whole| Claim::read(book, whole).is_ok());
        if let Some(whole) = whole {
            let quote = if whole.contains('\'') { '"' } else { '\'' };
            let cure = format!("quote a figure that has blanks: `pledgebook check {quote}{whole}{quote}`");
            return Err(wrong(&format!("`{}` is no figure by itself", texts[at]), &cure));
        }
    }
    Ok(())
}
