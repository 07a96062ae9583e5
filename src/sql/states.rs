//! What is known when each step of a program begins, for every set of calls under way there. Few sets reach one step, so
//! that they stand in a list by the step; what the knowledge means is not known here.

use super::flow::Calls;
use std::rc::Rc;

/// A step and the place of a state in its list.
pub(super) type Place = (usize, usize);

/// What is known at a step: it only ever grows.
pub(super) trait Knowledge {
    /// Adds what another path brings; whether that was news.
    fn merge(into: &mut Rc<Self>, other: &Self) -> bool;
}

/// A set of calls under way, with what is known then.
type State<K> = (Calls, Rc<K>);

/// The states of a program.
#[derive(Debug)]
pub(super) struct States<K> {
    by_step: Vec<Vec<State<K>>>,
    count: usize,
}

impl<K: Knowledge> States<K> {
    /// None yet, for a program of so many steps.
    pub(super) fn new(steps: usize) -> Self {
        Self { by_step: (0..steps).map(|_| Vec::new()).collect(), count: 0 }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The state at a place.
    pub(super) fn get(&self, (at, index): Place) -> State<K> {
        self.by_step[at][index].clone()
    }

    /// Adds what a path brings to a step; the place, where that is news there.
    pub(super) fn bring(&mut self, at: usize, calls: Calls, brought: &Rc<K>) -> Option<Place> {
        let states = &mut self.by_step[at];
        if let Some(index) = states.iter().position(|(known, _)| *known == calls) {
            let known = &mut states[index].1;
            let grew = !Rc::ptr_eq(known, brought) && K::merge(known, brought);
            return grew.then_some((at, index));
        }
        states.push((calls, Rc::clone(brought)));
        self.count += 1;
        Some((at, states.len() - 1))
    }

    /// Whether any path reaches a step.
    pub(super) fn reach(&self, at: usize) -> bool {
        !self.by_step[at].is_empty()
    }

    /// The places of the steps that `is_wanted`.
    pub(super) fn places(&self, is_wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = Place> {
        let wanted = self.by_step.iter().enumerate().filter(move |(at, _)| is_wanted(*at));
        wanted.flat_map(|(at, states)| (0..states.len()).map(move |index| (at, index)))
    }

    /// What is known at each step, in the order of the steps.
    pub(super) fn known(&self) -> impl Iterator<Item = (usize, &K)> {
        let steps = self.by_step.iter().enumerate();
        steps.flat_map(|(at, states)| states.iter().map(move |(_, known)| (at, &**known)))
    }
}
