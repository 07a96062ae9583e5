//! The seal: what a quantity bears in front of its text form while it is inside SQL. No statement can write it, so that
//! a text of the user's never passes for a quantity, and a quantity that came where it should not is noticed.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A few characters that are drawn anew for each book that is opened, and printed nowhere.
#[derive(Debug, Clone)]
pub(crate) struct Seal(String);

impl Seal {
    /// A seal that nobody can guess.
    pub(super) fn new() -> Self {
        // A control character first: no text that people write begins so, and SQL reads no number there.
        Self(format!("\u{1}{:016x}\u{1}", RandomState::new().build_hasher().finish()))
    }

    /// The text form of a quantity, sealed.
    pub(crate) fn put(&self, form: &str) -> String {
        [&self.0, form].concat()
    }

    /// The text form behind the seal; `None` where there is none.
    pub(crate) fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(&self.0)
    }

    /// Whether the seal stands anywhere in a text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Seal;

    #[test]
    fn a_seal_opens_only_what_it_has_sealed() {
        let (seal, other) = (Seal::new(), Seal::new());
        let sealed = seal.put("5 GBP");
        assert_eq!((seal.strip(&sealed), other.strip(&sealed), seal.strip("5 GBP")), (Some("5 GBP"), None, None));
        assert!(seal.is_in(&format!("about {sealed}")) && !seal.is_in("about 5 GBP"));
    }
}
