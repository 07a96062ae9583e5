//! Where a word begins, and which names can be written without quotes.

use crate::terminal::keywords;

/// Whether a letter belongs to a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the word that ends `before` begins.
pub(super) fn start_of_word(before: &str) -> usize {
    before.trim_end_matches(is_word).len()
}

/// Whether a name can be written without quotes. A foreign book may hold any other; those are not offered.
pub(super) fn is_plain(name: &str) -> bool {
    name.chars().all(is_word) && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The same in SQL, where a keyword has to be quoted to be a name.
pub(super) fn is_plain_in_sql(name: &str) -> bool {
    is_plain(name) && !keywords::SQL.contains(&name.to_lowercase())
}
