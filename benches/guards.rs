//! What the guards cost, with memory counted as the program counts it. Run it beside the same without counting:
//! `cargo bench --bench guards --bench uncounted`.

mod guarding;

use cap::Cap;
use std::alloc::System;
use std::io;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

fn main() -> io::Result<()> {
    guarding::measure("counted")
}
