//! Carries what is known along every way through a program until nothing is new, for every set of calls under way. What
//! the knowledge means, and what a step does to it, is its caller's.
//!
//! A state is kept only at the head of a block: where the program begins, and where several ways meet. Within a block it
//! is made again when it is looked at.

use super::flow::{Calls, Flow};
use crate::store::Stop;
use std::collections::BTreeSet;

/// What is known at a step: it only ever grows.
pub(super) trait State: Clone + Default {
    /// Adds what another way brings; whether that was news.
    fn merge(&mut self, other: &Self) -> bool;

    /// How much of it there is, as a measure of the work that it makes.
    fn size(&self) -> usize;
}

/// What the steps of a program do.
pub(super) trait Transfer {
    type State: State;

    /// The most sizes of states together; beyond them it is given up.
    const MOST_SIZE: usize;

    /// Does what the step at `at` does; whether rows of the program's own may hold more than before.
    fn apply(&mut self, at: usize, state: &mut Self::State) -> bool;

    /// Whether the step reads such rows.
    fn reads_rows(&self, at: usize) -> bool;
}

/// How many states a step may have on average; the usual statement has fewer than one.
const MOST_STATES_PER_STEP: usize = 24;

/// The head of a block, and the place of a state in its list.
type Place = (usize, usize);

/// The states of a program that have settled.
pub(super) struct Settled<'f, 'p, S> {
    flow: &'f Flow<'p>,
    /// By the head of their block, those of the calls under way there.
    by_head: Vec<Vec<(Calls, S)>>,
    /// Whether a step is the head of a block.
    heads: Vec<bool>,
    /// Whether any way reaches a step.
    reached: Vec<bool>,
}

/// Carries states along until they have settled; `None` where they are too many or too large.
///
/// # Errors
/// That of an interrupted statement.
pub(super) fn settle<'f, 'p, T: Transfer>(
    flow: &'f Flow<'p>,
    transfer: &mut T,
    stop: &Stop,
) -> rusqlite::Result<Option<Settled<'f, 'p, T::State>>> {
    let steps = flow.len();
    let mut settled = Settled {
        flow,
        by_head: (0..steps).map(|_| Vec::new()).collect(),
        heads: heads(flow),
        reached: vec![false; steps],
    };
    let (mut count, mut size) = (0, 0);
    // The blocks that read rows of the program's own, in so far as a way has led there.
    let mut readers = BTreeSet::new();
    let mut waiting: BTreeSet<Place> = settled.bring(0, Calls::new(), &T::State::default()).into_iter().collect();
    while let Some(place) = waiting.pop_first() {
        let (mut calls, mut state) = settled.by_head[place.0][place.1].clone();
        let mut at = place.0;
        let after = loop {
            stop.check()?;
            settled.reached[at] = true;
            if transfer.reads_rows(at) {
                readers.insert(place);
            }
            if transfer.apply(at, &mut state) {
                waiting.extend(&readers);
            }
            match settled.next(at, calls) {
                Ok(next) => (at, calls) = next,
                Err(after) => break after,
            }
        };
        for (to, calls) in after {
            size += state.size();
            count += usize::from(!settled.knows(to, &calls));
            waiting.extend(settled.bring(to, calls, &state));
        }
        if count > MOST_STATES_PER_STEP * steps || size > T::MOST_SIZE {
            return Ok(None);
        }
    }
    Ok(Some(settled))
}

impl<S: State> Settled<'_, '_, S> {
    /// Whether any way reaches a step.
    pub(super) fn reaches(&self, at: usize) -> bool {
        self.reached[at]
    }

    /// Hands every step that is reached to `look`, with what is known when it begins, in the order of the blocks.
    ///
    /// # Errors
    /// That of an interrupted statement.
    pub(super) fn walk<T: Transfer<State = S>>(
        &self,
        transfer: &mut T,
        stop: &Stop,
        mut look: impl FnMut(usize, &S),
    ) -> rusqlite::Result<()> {
        for (head, states) in self.by_head.iter().enumerate() {
            for (calls, state) in states {
                let (mut at, mut calls, mut state) = (head, calls.clone(), state.clone());
                loop {
                    stop.check()?;
                    look(at, &state);
                    transfer.apply(at, &mut state);
                    match self.next(at, calls) {
                        Ok(next) => (at, calls) = next,
                        Err(_) => break,
                    }
                }
            }
        }
        Ok(())
    }

    /// The next step of a block; at its end, where the ways lead.
    fn next(&self, at: usize, mut calls: Calls) -> Result<(usize, Calls), Vec<(usize, Calls)>> {
        let mut after = match self.flow.only_after(at, &mut calls) {
            Some(to) if !self.heads[to] => return Ok((to, calls)),
            Some(to) => vec![(to, calls)],
            None => self.flow.after(at, calls),
        };
        match after[..] {
            [(to, _)] if !self.heads[to] => Ok(after.swap_remove(0)),
            _ => Err(after),
        }
    }

    fn knows(&self, at: usize, calls: &Calls) -> bool {
        self.by_head[at].iter().any(|(known, _)| known == calls)
    }

    /// Adds what a way brings to a step; the place, where that is news there.
    fn bring(&mut self, at: usize, calls: Calls, brought: &S) -> Option<Place> {
        let states = &mut self.by_head[at];
        if let Some(index) = states.iter().position(|(known, _)| *known == calls) {
            return states[index].1.merge(brought).then_some((at, index));
        }
        states.push((calls, brought.clone()));
        Some((at, states.len() - 1))
    }
}

/// For each step, whether a block begins there: the program does, or its only predecessor does not simply go on to it.
fn heads(flow: &Flow<'_>) -> Vec<bool> {
    let mut heads = vec![false; flow.len()];
    let mut is_led_to = heads.clone();
    heads.iter_mut().take(1).for_each(|head| *head = true);
    for at in 0..flow.len() {
        let after = flow.after(at, Calls::new());
        let is_fork = after.len() > 1;
        for (to, _) in after {
            heads[to] |= is_fork || std::mem::replace(&mut is_led_to[to], true);
        }
    }
    heads
}
