//! The tests of what is answered, in this process: each folder is a part, and its `mod.rs` says what of. `cargo test PART` runs
//! one, as `cargo test laws`; `PLEDGEBOOK_TESTS=long` counts further.

mod book;
mod corpus;
mod generated;
mod help;
mod laws;
mod plain;

mod scratch {
    //! What several parts share.
    pub(crate) mod long;
    pub(crate) mod printed;
    pub(crate) mod random;
}

use cap::Cap;
use std::alloc::System;

/// Counts what is allocated.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);
