//! The tests of the whole, one program of them: each folder is a part, and its `mod.rs` says what of. `cargo test PART` runs
//! one, as `cargo test transcripts`; `PLEDGEBOOK_TESTS=long` counts further.

mod binary;
mod book;
mod corpus;
#[cfg(unix)]
mod fuzz;
mod generated;
mod help;
#[cfg(unix)]
mod hostile;
#[cfg(unix)]
mod keys;
mod laws;
mod plain;
mod scratch;
mod tidy;
mod transcripts;
