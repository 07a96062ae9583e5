//! A value for each register of a program, in chunks that are shared between states as long as they are the same: a state
//! is copied for every way, and a step writes one register of hundreds. What the values mean is their owner's.

use std::rc::Rc;

/// Registers in a chunk: few enough to be copied for one write, enough to make a state short.
const CHUNK: usize = 32;

/// Values by the number of their register; the default where none was written.
#[derive(Debug, Clone)]
pub(super) struct Chunks<T>(Vec<Rc<[T; CHUNK]>>);

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + Default + PartialEq> Chunks<T> {
    pub(super) fn get(&self, register: i64) -> T {
        let place = usize::try_from(register).ok().map(|register| (register / CHUNK, register % CHUNK));
        place.and_then(|(chunk, at)| Some(self.0.get(chunk)?[at])).unwrap_or_default()
    }

    pub(super) fn set(&mut self, register: i64, value: T) {
        let Ok(register) = usize::try_from(register) else { return };
        let (chunk, at) = (register / CHUNK, register % CHUNK);
        self.grow(chunk + 1);
        if self.0[chunk][at] != value {
            Rc::make_mut(&mut self.0[chunk])[at] = value;
        }
    }

    /// How many registers there is room for.
    pub(super) fn len(&self) -> usize {
        self.0.len() * CHUNK
    }

    /// Those of `count` registers from `first` on for which there is room.
    pub(super) fn range(&self, first: i64, count: i64) -> impl Iterator<Item = T> {
        let place = |register: i64| usize::try_from(register).unwrap_or_default().min(self.len());
        let (first, end) = (place(first), place(first.saturating_add(count.max(0))));
        (first..end).map(|register| self.0[register / CHUNK][register % CHUNK])
    }

    /// Whether any value of `other` `is_news` beside the one that is known.
    pub(super) fn any_news(&self, other: &Self, is_news: impl Fn(T, T) -> bool) -> bool {
        let none = [T::default(); CHUNK];
        other.0.iter().enumerate().any(|(at, brought)| match self.0.get(at) {
            Some(known) if Rc::ptr_eq(known, brought) => false,
            known => {
                let known = known.map_or(&none, |known| &**known);
                known.iter().zip(&**brought).any(|(known, brought)| is_news(*known, *brought))
            }
        })
    }

    /// Merges each value of `other` into the one that is known by `merge`, which says whether that was news; whether any was.
    pub(super) fn merge(&mut self, other: &Self, merge: impl Fn(&mut T, T) -> bool) -> bool {
        self.grow(other.0.len());
        let mut grew = false;
        for (known, brought) in self.0.iter_mut().zip(&other.0) {
            if Rc::ptr_eq(known, brought) {
                continue;
            }
            if known == brought {
                *known = Rc::clone(brought);
                continue;
            }
            for (known, brought) in Rc::make_mut(known).iter_mut().zip(&**brought) {
                grew |= known != brought && merge(known, *brought);
            }
        }
        grew
    }

    fn grow(&mut self, chunks: usize) {
        while self.0.len() < chunks {
            self.0.push(Rc::new([T::default(); CHUNK]));
        }
    }
}
