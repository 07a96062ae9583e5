//! The tests of what is answered, in this process: each folder is a part, and its `mod.rs` says what of. `cargo test PART` runs
//! one, as `cargo test laws`; `PLEDGEBOOK_TESTS=long` counts further. They and those of `program` are two programs, since a
//! book that has been opened keeps its memory until the process ends.

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
