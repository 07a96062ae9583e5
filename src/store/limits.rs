//! What an answer may take of the machine. It decides nothing: whoever works, writes or watches keeps to it.

use crate::error::Limit;

/// The most that an answer may take; 0 stands for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Seconds.
    pub time_s: u64,
    /// MiB that the program holds.
    pub memory_mib: u64,
    /// Rows, those of the tables that people see in part too.
    pub rows: u64,
    /// MiB of text.
    pub output_mib: u64,
}

impl Limits {
    /// More than honest work takes.
    pub const USUAL: Self = Self { time_s: 600, memory_mib: 2_048, rows: 100_000_000, output_mib: 16_384 };

    /// What a stranger's script may take.
    pub const SANDBOX: Self = Self { time_s: 1, memory_mib: 64, rows: 100_000, output_mib: 1 };

    /// No limit at all.
    pub const NONE: Self = Self { time_s: 0, memory_mib: 0, rows: 0, output_mib: 0 };

    /// Every limit, in the order in which they are told.
    pub const ALL: [Limit; 4] = [Limit::Time, Limit::Memory, Limit::Rows, Limit::Output];

    /// How much of it there may be.
    #[must_use]
    pub fn most(&self, limit: Limit) -> u64 {
        match limit {
            Limit::Time => self.time_s,
            Limit::Memory => self.memory_mib,
            Limit::Rows => self.rows,
            Limit::Output => self.output_mib,
        }
    }

    /// Sets how much of it there may be.
    pub fn set(&mut self, limit: Limit, most: u64) {
        *match limit {
            Limit::Time => &mut self.time_s,
            Limit::Memory => &mut self.memory_mib,
            Limit::Rows => &mut self.rows,
            Limit::Output => &mut self.output_mib,
        } = most;
    }
}
