//! What the guards cost, with memory as the system hands it out: see `guards`.

mod guarding;

use std::io;

fn main() -> io::Result<()> {
    guarding::measure("uncounted")
}
