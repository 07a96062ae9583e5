//! What is marked when each step of a program begins, for every set of calls under way there. Few sets reach one step, so
//! that they stand in a list by the step; what marks mean is not known here.

use super::flow::Calls;
use super::marks::Marks;
use std::rc::Rc;

/// A step and the place of a state in its list.
pub(super) type Place = (usize, usize);

/// A set of calls under way, with what is marked then.
type State = (Calls, Rc<Marks>);

/// The states of a program.
#[derive(Debug, Default)]
pub(super) struct States {
    by_step: Vec<Vec<State>>,
    count: usize,
}

impl States {
    /// None yet, for a program of so many steps.
    pub(super) fn new(steps: usize) -> Self {
        Self { by_step: vec![Vec::new(); steps], count: 0 }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The state at a place.
    pub(super) fn get(&self, (at, index): Place) -> State {
        self.by_step[at][index].clone()
    }

    /// Adds what a path brings to a step; the place, where that is news there.
    pub(super) fn bring(&mut self, at: usize, calls: Calls, marks: &Rc<Marks>) -> Option<Place> {
        let states = &mut self.by_step[at];
        if let Some(index) = states.iter().position(|(known, _)| *known == calls) {
            let known = &mut states[index].1;
            let grew = !Rc::ptr_eq(known, marks) && Marks::merge(known, marks);
            return grew.then_some((at, index));
        }
        states.push((calls, Rc::clone(marks)));
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

    /// What is marked at each step, in the order of the steps.
    pub(super) fn marks(&self) -> impl Iterator<Item = (usize, &Marks)> {
        let steps = self.by_step.iter().enumerate();
        steps.flat_map(|(at, states)| states.iter().map(move |(_, marks)| (at, &**marks)))
    }
}
