//! By which keys an entry is edited. Binding them is the prompt's.

/// The keys of one editor or of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditMode {
    /// As most shells have them.
    #[default]
    Emacs,
    /// Escape, then letters.
    Vi,
}

impl EditMode {
    /// The words, the default first.
    pub const WORDS: [&str; 2] = ["emacs", "vi"];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS[usize::from(self == Self::Vi)]
    }

    /// The mode of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "emacs" => Some(Self::Emacs),
            "vi" => Some(Self::Vi),
            _ => None,
        }
    }
}
