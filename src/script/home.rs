//! Where a script stands, which decides what it may import.

use std::path::PathBuf;

/// What stands beside a script.
#[derive(Debug, Clone, Default)]
pub enum Home {
    /// Nothing: it was typed.
    #[default]
    Nowhere,
    /// The library, of which it is a part.
    Library,
    /// The files of a directory.
    Directory(PathBuf),
}
