//! The laws of quantities, over generated cases: what holds for every value. Examples belong beside the code.

mod fraction;
mod generate;
mod given;
mod grounds;
mod intervals;
mod numbers;
mod oracle;
mod text;
mod written;

use crate::scratch::long;
use pledgebook::error::QuantityError;
use pledgebook::quantity::Quantity;
use proptest::prelude::ProptestConfig;

/// How a law is tried: on so many cases in the long run, on a tenth of them usually. A failing one is shrunk and printed, and
/// nothing is written to disk.
fn tried_on(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(long::part_of(cases)) }
}

fn laws() -> ProptestConfig {
    tried_on(10_000)
}

/// An operation of two quantities.
type Operation = fn(&Quantity, &Quantity) -> Result<Quantity, QuantityError>;

/// All of them.
const OPERATIONS: [Operation; 4] = [Quantity::add, Quantity::subtract, Quantity::multiply, Quantity::divide];

/// How many of the operations need equal units and stages; they come first.
const SUMS: usize = 2;
