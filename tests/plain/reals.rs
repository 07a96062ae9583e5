//! REALs of every kind: any bits, short decimals, the neighbours of powers of ten and of two, whole numbers.

/// The state of a generator that gives the same numbers every time (splitmix64).
struct Generator(u64);

impl Generator {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`.
    fn below(&mut self, most: u64) -> u32 {
        u32::try_from(self.next() % most).expect("it is below 32 bits")
    }
}

/// Numbers of each kind in turn.
pub(crate) fn generated() -> Vec<f64> {
    let mut generator = Generator(7);
    let mut found = Vec::new();
    for _ in 0..4_000 {
        found.push(f64::from_bits(generator.next()));
        found.push(
            f64::from(generator.below(1_000_000)) / 10_f64.powi(i32::try_from(generator.below(9)).expect("small")),
        );
        let power = i32::try_from(generator.below(40)).expect("small") - 20;
        found.push(f64::from_bits(10_f64.powi(power).to_bits() + u64::from(generator.below(5)) - 2));
        found.push(f64::from(generator.below(1 << 30)) * f64::from(generator.below(1 << 30)));
    }
    found.retain(|real| real.is_finite());
    found
}

/// A REAL as SQL reads it back to the last bit.
pub(crate) fn literal(real: f64) -> String {
    let written = format!("{real:e}");
    if written.contains('.') { written } else { written.replacen('e', ".0e", 1) }
}
