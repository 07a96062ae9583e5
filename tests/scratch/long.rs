//! Which run of the tests this is. The long one does all that is counted: killed, thrown, generated, asked of each format. The
//! usual one does a tenth of it, in which each kind is there.

use std::env;

/// Whether `PLEDGEBOOK_TESTS=long` asks for the long run.
pub(crate) fn is_asked() -> bool {
    env::var_os("PLEDGEBOOK_TESTS").is_some_and(|tests| tests == "long")
}
