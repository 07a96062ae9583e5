//! How far a pledge has got. The order of the stages in time is no part of this: they may hold together.

super::words::words! {
    /// A stage of a pledge.
    Stage("stage"),
    /// The stages that a quantity was computed from.
    Stages("+"),
    {
        /// Set aside for the purpose by who pledged it.
        Allocated = "allocated",
        /// Called off.
        Cancelled = "cancelled",
        /// Bound by a decision.
        Committed = "committed",
        /// Bound by a contract with a supplier.
        Contracted = "contracted",
        /// Received.
        Delivered = "delivered",
        /// Paid out.
        Disbursed = "disbursed",
        /// Secured against default.
        Guaranteed = "guaranteed",
        /// Promised.
        Pledged = "pledged",
        /// Put forward, by whomever.
        Proposed = "proposed",
        /// Halted for the time being.
        Suspended = "suspended",
    }
}

impl Stages {
    /// Whether `+`, `-`, a comparison or a sum may take these two: the sets are equal, or one is empty.
    #[must_use]
    pub fn fit(self, other: Self) -> bool {
        self == other || self.is_empty() || other.is_empty()
    }
}
