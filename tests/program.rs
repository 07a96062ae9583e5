//! The tests of the program as it is run, of its documents and of its sources: each folder is a part, and its `mod.rs` says
//! what of. `cargo test PART` runs one, as `cargo test transcripts`; `PLEDGEBOOK_TESTS=long` counts further.

mod binary;
#[cfg(unix)]
mod fuzz;
#[cfg(unix)]
mod hostile;
#[cfg(unix)]
mod imports;
mod keys;
#[cfg(unix)]
mod page;
mod scratch;
#[cfg(unix)]
mod shared;
mod tidy;
mod transcripts;
