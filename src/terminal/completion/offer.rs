//! What Tab puts in the line and what its list shows for it: a name, how it is called, what it says, cut to the window.

use super::vocabulary::{FunctionName, IdName};
use crate::table::visible;
use rustyline::completion::Candidate;
use std::collections::HashSet;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One thing that the word before the cursor may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Those of a lower rank stand first.
    pub(super) rank: u8,
    /// What is put in the line.
    pub(super) name: String,
    /// What the list shows.
    pub(super) shown: String,
    /// What the list says of it; often nothing.
    pub(super) says: String,
}

impl Offer {
    pub(super) fn name(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { rank: 1, shown: name.clone(), name, says: String::new() }
    }

    pub(super) fn function(function: &FunctionName) -> Self {
        Self::name(&function.name).shown(function.fullest())
    }

    /// A function as it is written behind a dot; those made to be stand first.
    pub(super) fn method(function: &FunctionName) -> Self {
        let rank = u8::from(function.receiver.is_none());
        Self { rank, ..Self::name(&function.name).shown(function.behind_dot()) }
    }

    pub(super) fn id(id: &IdName) -> Self {
        Self::name(&id.id).saying(&id.says)
    }

    pub(super) fn shown(self, shown: impl Into<String>) -> Self {
        Self { shown: shown.into(), ..self }
    }

    pub(super) fn saying(self, says: &str) -> Self {
        Self { says: says.to_owned(), ..self }
    }

    /// One that stands before the others.
    pub(super) fn first(self) -> Self {
        Self { rank: 0, ..self }
    }
}

impl Candidate for Offer {
    fn display(&self) -> &str {
        &self.shown
    }

    fn replacement(&self) -> &str {
        &self.name
    }
}

/// Those whose name begins with `word`: the nearest first, then by name, without repeats. Letter case is ignored.
pub(super) fn fitting(mut offers: Vec<Offer>, word: &str) -> Vec<Offer> {
    let word = word.to_lowercase();
    // A name with blanks is put in quotes, and found without them too.
    let begins = |name: &str| name.starts_with(&word) || name.trim_start_matches('"').starts_with(&word);
    offers.retain(|offer| begins(&offer.name.to_lowercase()));
    offers.sort_by_cached_key(|offer| (offer.rank, offer.name.to_lowercase(), offer.name.clone()));
    let mut seen = HashSet::new();
    offers.retain(|offer| seen.insert(offer.name.clone()));
    offers
}

/// Makes the list fit a window of so many columns: what is said stands aligned behind what is shown, nothing is longer
/// than a line, and what would move the cursor is made visible.
pub(in crate::terminal) fn lay_out(offers: &mut [Offer], columns: usize) {
    let said = offers.iter().filter(|offer| !offer.says.is_empty());
    let width = said.map(|offer| offer.shown.width()).max().unwrap_or_default();
    for offer in offers {
        let mut shown = visible(&offer.shown).into_owned();
        if !offer.says.is_empty() {
            let gap = width.saturating_sub(shown.width()) + 2;
            shown = format!("{shown}{}{}", " ".repeat(gap), visible(&offer.says));
        }
        offer.shown = cut(&shown, columns.saturating_sub(1));
    }
}

/// `text` in at most so many columns of a terminal; `…` stands for what is left out.
pub(in crate::terminal) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let fits = |c: &char| {
        let left = room.checked_sub(c.width().unwrap_or_default());
        room = left.unwrap_or(room);
        left.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{Offer, cut, lay_out};

    #[test]
    fn the_list_is_aligned_and_fits_the_window() {
        let mut offers = [Offer::name("F9").saying("a missile\u{1b}[2J"), Offer::name("PL10").saying("export finance")];
        lay_out(&mut offers, 18);
        let shown: Vec<&str> = offers.iter().map(|offer| offer.shown.as_str()).collect();
        assert_eq!(shown, ["F9    a missile\\…", "PL10  export fin…"]);
    }

    #[test]
    fn a_text_is_cut_by_its_width() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("漢字漢", 4), "漢…");
        assert_eq!(cut("a b c", 3), "a…");
    }
}
