//! Characters that text processors and pages put in the place of those that both languages know: wide blanks, curly quotes, dashes.

/// The kind of such a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typographic {
    /// A blank other than the plain one, as the no-break space.
    Blank,
    /// A quote other than the straight ones.
    Quote,
    /// A dash or minus other than the hyphen.
    Dash,
}

impl Typographic {
    /// The kind of a character; `None` for any other.
    #[must_use]
    pub fn of(c: char) -> Option<Self> {
        match c {
            '‘' | '’' | '‚' | '‛' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' => {
                Some(Self::Quote)
            }
            '‐' | '‑' | '‒' | '–' | '—' | '−' => Some(Self::Dash),
            c if !c.is_ascii() && c.is_whitespace() => Some(Self::Blank),
            _ => None,
        }
    }

    /// The first in a text, with its place.
    #[must_use]
    pub fn find(text: &str) -> Option<(usize, char, Self)> {
        text.char_indices().find_map(|(at, c)| Some((at, c, Self::of(c)?)))
    }
}
