//! A property that many values may have in common. Of what, and what is made of it, is decided in `survey` and
//! `assumed`.

/// A property of the quantities seen so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Shared<T> {
    /// None of them had it.
    #[default]
    Absent,
    /// All had this one.
    One(T),
    /// They differed.
    Several,
}

impl<T: Clone + PartialEq> Shared<T> {
    /// Takes one more into account.
    pub(super) fn meet(&mut self, value: &T) {
        match self {
            Shared::Absent => *self = Shared::One(value.clone()),
            Shared::One(known) if known != value => *self = Shared::Several,
            Shared::One(_) | Shared::Several => {}
        }
    }

    /// Takes into account what others have in common.
    pub(super) fn join(&mut self, other: &Self) {
        match other {
            Shared::Absent => {}
            Shared::One(value) => self.meet(value),
            Shared::Several => *self = Shared::Several,
        }
    }

    /// What all have in common.
    pub(super) fn one(&self) -> Option<&T> {
        match self {
            Shared::One(value) => Some(value),
            Shared::Absent | Shared::Several => None,
        }
    }
}
