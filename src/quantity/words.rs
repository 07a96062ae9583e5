//! The macro behind reasons and stages: a closed list of words, and a set of them in 16 bits. It holds no word.

/// Declares an enum of words and the set of them. The words stand in the order of their names, so that the
/// set's order is the printed one.
macro_rules! words {
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
            /// Every word, in the order of the names.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word as it is written in the text form.
            #[must_use]
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

            /// Whether no word is in it.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// Whether `word` is in it.
            #[must_use]
            pub const fn contains(self, word: $word) -> bool {
                self.0 & word.bit() != 0
            }

            /// The words of both.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// The words, in the order of their names.
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

pub(super) use words;
