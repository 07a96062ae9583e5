//! Closed lists of codes, the stages of a pledge and the reasons of an unknown, each with the set of its codes in 16 bits. The
//! order of the stages in time is not in here: they may apply together.

/// Declares an enum of codes and the set of them. The codes are in the order of their names, so that the set is printed in
/// its own order.
macro_rules! codes {
    (
        $(#[$word_doc:meta])* $word:ident ($kind:literal),
        $(#[$set_doc:meta])* $set:ident ($separator:literal),
        { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }
    ) => {
        $(#[$word_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $word {
            $($(#[$doc])* $variant,)+
        }

        impl $word {
            /// Every code, in the order of the names.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code as written in the text form.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            const fn bit(self) -> u16 {
                1 << self as u16
            }
        }

        impl std::fmt::Display for $word {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $word {
            type Err = $crate::error::QuantityError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(|| {
                    let near = $crate::error::suggest::nearest(text, Self::ALL.iter().map(|word| word.as_str()));
                    $crate::error::QuantityError::UnknownWord { offset: 0, kind: $kind, word: text.into(), near }
                })
            }
        }

        $(#[$set_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $set(u16);

        impl $set {
            /// The empty set.
            #[must_use]
            pub const fn none() -> Self {
                Self(0)
            }

            /// True if it is empty.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// True if it contains `word`.
            pub const fn contains(self, word: $word) -> bool {
                self.0 & word.bit() != 0
            }

            /// The union.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// The codes, in the order of their names.
            pub fn iter(self) -> impl Iterator<Item = $word> {
                $word::ALL.iter().copied().filter(move |word| self.contains(*word))
            }
        }

        impl From<$word> for $set {
            fn from(word: $word) -> Self {
                Self(word.bit())
            }
        }

        impl FromIterator<$word> for $set {
            fn from_iter<I: IntoIterator<Item = $word>>(words: I) -> Self {
                Self(words.into_iter().fold(0, |bits, word| bits | word.bit()))
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                for (index, word) in self.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { $separator })?;
                    f.write_str(word.as_str())?;
                }
                Ok(())
            }
        }
    };
}

codes! {
    /// A stage of a pledge.
    Stage("stage"),
    /// The stages that a quantity was computed from.
    Stages("+"),
    {
        /// Set aside for the purpose by the pledger.
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
        /// Put forward by anyone.
        Proposed = "proposed",
        /// Halted for the time being.
        Suspended = "suspended",
    }
}

impl Stages {
    /// True if `+`, `-`, a comparison or a sum takes these two: the sets are equal, or one is empty.
    pub fn fit(self, other: Self) -> bool {
        self == other || self.is_empty() || other.is_empty()
    }
}

codes! {
    /// A reason why something is unknown.
    Reason("reason"),
    /// The reasons of one unknown; several where unknowns were computed with one another.
    Reasons(","),
    {
        /// The text can be read in more than one way.
        Ambiguous = "ambiguous",
        /// Sources disagree, and none is preferred.
        Conflict = "conflict",
        /// Not computable from the known values.
        NotComputable = "not_computable",
        /// No source of the book is about it.
        NotInBook = "not_in_book",
        /// The source is about it and does not say.
        NotStated = "not_stated",
        /// Stated only relative to an unknown.
        RelativeOnly = "relative_only",
        /// The source names or counts no one: "several countries".
        Unnamed = "unnamed",
        /// No order of the two is known.
        Unordered = "unordered",
        /// The text in its place is no number that can be read.
        Unreadable = "unreadable",
        /// Known to the source, and not given.
        Withheld = "withheld",
    }
}
