//! What an answer may take of the machine. It decides nothing: whoever works, writes or watches keeps to it.

use crate::error::Limit;

/// How much of each limit there may be, in its own unit; where a limit has no ceiling, 0 stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits([u64; Limit::ALL.len()]);

impl Limits {
    /// More than honest work takes.
    pub const USUAL: Self = Self::of([
        (Limit::Time, 600),
        (Limit::Memory, 2_048),
        (Limit::Rows, 100_000_000),
        (Limit::Output, 16_384),
        (Limit::Depth, 64),
        (Limit::Text, 64),
        (Limit::Value, 64),
        (Limit::Statement, 1),
    ]);

    /// What a stranger's script may take.
    pub const SANDBOX: Self = Self::of([
        (Limit::Time, 1),
        (Limit::Memory, 64),
        (Limit::Rows, 100_000),
        (Limit::Output, 1),
        (Limit::Depth, 64),
        (Limit::Text, 1),
        (Limit::Value, 16),
        (Limit::Statement, 1),
    ]);

    /// No limit but those that there have to be.
    pub const NONE: Self = Self::USUAL
        .with(Limit::Time, 0)
        .with(Limit::Memory, 0)
        .with(Limit::Rows, 0)
        .with(Limit::Output, 0)
        .with(Limit::Text, 0);

    const fn of(table: [(Limit, u64); Limit::ALL.len()]) -> Self {
        let (mut limits, mut at) = (Self([0; Limit::ALL.len()]), 0);
        while at < table.len() {
            limits = limits.with(table[at].0, table[at].1);
            at += 1;
        }
        limits
    }

    /// The same with another number for one of them.
    #[must_use]
    pub const fn with(mut self, limit: Limit, most: u64) -> Self {
        self.0[limit as usize] = most;
        self
    }

    /// How much of it there may be.
    #[must_use]
    pub const fn most(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// How many bytes of it there may be, where it is of MiB; `None` where there is no limit.
    #[must_use]
    pub fn bytes(&self, limit: Limit) -> Option<u64> {
        Some(self.most(limit)).filter(|most| *most > 0).map(|mib| mib.saturating_mul(1 << 20))
    }

    /// Whether another number would be a higher limit than there is now.
    #[must_use]
    pub fn would_rise(&self, limit: Limit, most: u64) -> bool {
        let now = self.most(limit);
        now > 0 && (most == 0 || most > now)
    }
}
