//! Limits that were reached: of time, memory, rows and output. What they are set to is no matter of this.

use super::Report;

/// What was limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Seconds that an answer may take.
    Time,
    /// MiB that the program may hold.
    Memory,
    /// Rows that an answer may have.
    Rows,
    /// MiB that an answer may write.
    Output,
}

/// A limit that ended an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitError {
    /// What was limited.
    pub limit: Limit,
    /// To how much, in the limit's own unit.
    pub most: u64,
}

impl Limit {
    /// The name behind `--limit-` and `.limits`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Limit::Time => "time",
            Limit::Memory => "memory",
            Limit::Rows => "rows",
            Limit::Output => "output",
        }
    }
}

impl LimitError {
    pub(super) fn report(&self) -> Report {
        Report::plain(self.message(), Some(self.cure()))
    }

    fn message(&self) -> String {
        let most = self.most;
        match self.limit {
            Limit::Time => format!("stopped after {most} s, the limit of time"),
            Limit::Memory => format!("stopped beyond {most} MiB, the limit of memory"),
            Limit::Rows => format!("stopped after {most} rows, the limit of rows"),
            Limit::Output => format!("stopped after {most} MiB, the limit of output"),
        }
    }

    fn cure(&self) -> String {
        let (name, unit) = (
            self.limit.name(),
            match self.limit {
                Limit::Time => "SECONDS",
                Limit::Memory | Limit::Output => "MIB",
                Limit::Rows => "ROWS",
            },
        );
        format!("`--limit-{name} {unit}` sets another, 0 none; `.limits {name} {unit}` does at the prompt")
    }
}
