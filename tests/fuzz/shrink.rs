//! Makes a failing input smaller: pieces are left out as long as it still fails.

use std::time::{Duration, Instant};

/// How long it is tried.
const PATIENCE: Duration = Duration::from_secs(20);

/// The fewest pieces that were found to fail as well.
pub(crate) fn smaller(pieces: &[String], mut fails: impl FnMut(&[String]) -> bool) -> Vec<String> {
    let begun = Instant::now();
    let mut kept = pieces.to_vec();
    let mut width = kept.len().div_ceil(2);
    while width > 0 {
        let mut at = 0;
        while at < kept.len() && begun.elapsed() < PATIENCE {
            let fewer = [&kept[..at], &kept[(at + width).min(kept.len())..]].concat();
            if fails(&fewer) {
                kept = fewer;
            } else {
                at += width;
            }
        }
        width /= 2;
    }
    kept
}
