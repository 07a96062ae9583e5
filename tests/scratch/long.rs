//! Which run of the tests this is. The long one does all that is counted: killed, thrown, generated, asked of each format. The
//! usual one does a tenth of it, in which each kind is there.

use std::env;
use std::ops::Div;

/// Whether `PLEDGEBOOK_TESTS=long` asks for the long run.
pub(crate) fn is_asked() -> bool {
    env::var_os("PLEDGEBOOK_TESTS").is_some_and(|tests| tests == "long")
}

/// A number that is counted or a size that is tried: the whole of it in the long run, a tenth in the usual one.
pub(crate) fn part_of<N: Div<Output = N> + From<u8>>(whole: N) -> N {
    if is_asked() { whole } else { whole / N::from(10) }
}
