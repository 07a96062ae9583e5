//! Forward dataflow analysis over the bytecode of a statement: a state is carried along every path of the control flow until
//! nothing is new, for every call stack apart. An [`Analysis`] says what a state holds and what an instruction does to it:
//! [`quantities`] types the result columns, [`coercions`] finds texts that become numbers. [`stored_reals`] finds the
//! columns that are cells as they are stored. [`equivalence`] compares two programs.
//!
//! A state is kept only at the leader of a basic block: at the entry of the program, and where several paths meet. Within a block
//! it is made again when it is visited.

pub(super) mod bytecode;
pub(super) mod coercions;
mod control_flow;
pub(super) mod equivalence;
mod liveness;
pub(super) mod probe_types;
mod program_index;
pub(super) mod quantities;
mod state;
pub(super) mod storage_class;
pub(super) mod stored_reals;

use crate::store::Stop;
use control_flow::{CallStack, ControlFlowGraph, Successors};
use liveness::{LiveRegisters, LiveSet};
use smallvec::smallvec;
use std::collections::BTreeSet;

/// The knowledge at an instruction: it only ever grows.
trait State: Clone + Default {
    /// Adds what another path brings in the live registers; true if that was news.
    fn merge(&mut self, other: &Self, live: LiveSet<'_>) -> bool;

    /// A measure of the work that it makes.
    fn size(&self) -> usize;
}

/// A dataflow analysis: the effects of a program's instructions on a state.
trait Analysis {
    type State: State;

    /// The most sizes of states together; beyond them the analysis is given up.
    const MAX_SIZE: usize;

    /// Applies the effect of the instruction at `at`; true if rows of the program's own may hold more than before.
    fn apply(&mut self, at: usize, state: &mut Self::State) -> bool;

    /// True if the instruction reads such rows.
    fn reads_rows(&self, at: usize) -> bool;

    /// The registers that it may read again, by the instruction: all, where it is not worth finding out.
    fn live_registers(&self, _flow: &ControlFlowGraph<'_>) -> LiveRegisters {
        LiveRegisters::all()
    }
}

/// The most states that an instruction may have on average; the usual statement has fewer than one.
const MAX_STATES_PER_INSTRUCTION: usize = 24;

/// The leader of a block, and the index of a state in its list.
type StateIndex = (usize, usize);

/// The states of a program at the fixpoint.
struct Fixpoint<'f, 'p, S> {
    flow: &'f ControlFlowGraph<'p>,
    live: LiveRegisters,
    /// By the leader of their block, one for each call stack there.
    states: Vec<Vec<(CallStack, S)>>,
    /// For each instruction, true for the leader of a block.
    leaders: Vec<bool>,
    /// For each instruction, true if any path reaches it.
    reached: Vec<bool>,
}

/// Propagates states until nothing is new; `None` where they are too many or too large.
///
/// # Errors
/// That of an interrupted statement.
fn fixpoint<'f, 'p, A: Analysis>(
    flow: &'f ControlFlowGraph<'p>,
    analysis: &mut A,
    stop: &Stop,
) -> rusqlite::Result<Option<Fixpoint<'f, 'p, A::State>>> {
    let length = flow.len();
    let mut fixpoint = Fixpoint {
        flow,
        live: analysis.live_registers(flow),
        states: (0..length).map(|_| Vec::new()).collect(),
        leaders: leaders(flow),
        reached: vec![false; length],
    };
    let (mut count, mut size) = (0, 0);
    // The blocks that read rows of the program's own, in so far as a path has led there.
    let mut readers = BTreeSet::new();
    let entry = fixpoint.propagate(0, CallStack::new(), &A::State::default());
    let mut worklist: BTreeSet<StateIndex> = entry.into_iter().collect();
    while let Some(index) = worklist.pop_first() {
        let (mut calls, mut state) = fixpoint.states[index.0][index.1].clone();
        let mut at = index.0;
        let successors = loop {
            stop.check()?;
            fixpoint.reached[at] = true;
            if analysis.reads_rows(at) {
                readers.insert(index);
            }
            if analysis.apply(at, &mut state) {
                worklist.extend(&readers);
            }
            match fixpoint.next(at, calls) {
                Ok(next) => (at, calls) = next,
                Err(successors) => break successors,
            }
        };
        for (to, calls) in successors {
            size += state.size();
            count += usize::from(!fixpoint.has_state(to, &calls));
            worklist.extend(fixpoint.propagate(to, calls, &state));
        }
        if count > MAX_STATES_PER_INSTRUCTION * length || size > A::MAX_SIZE {
            return Ok(None);
        }
    }
    Ok(Some(fixpoint))
}

impl<S: State> Fixpoint<'_, '_, S> {
    /// True if any path reaches an instruction.
    fn reaches(&self, at: usize) -> bool {
        self.reached[at]
    }

    /// Calls `visit` for every instruction that is reached with the state before it, in the order of the blocks.
    ///
    /// # Errors
    /// That of an interrupted statement.
    fn visit<A: Analysis<State = S>>(
        &self,
        analysis: &mut A,
        stop: &Stop,
        mut visit: impl FnMut(usize, &S),
    ) -> rusqlite::Result<()> {
        for (leader, states) in self.states.iter().enumerate() {
            for (calls, state) in states {
                let (mut at, mut calls, mut state) = (leader, calls.clone(), state.clone());
                loop {
                    stop.check()?;
                    visit(at, &state);
                    analysis.apply(at, &mut state);
                    match self.next(at, calls) {
                        Ok(next) => (at, calls) = next,
                        Err(_) => break,
                    }
                }
            }
        }
        Ok(())
    }

    /// The next instruction of a block; at its end, the successors of the block.
    fn next(&self, at: usize, mut calls: CallStack) -> Result<(usize, CallStack), Successors> {
        let mut successors = match self.flow.only_successor(at, &mut calls) {
            Some(to) if !self.leaders[to] => return Ok((to, calls)),
            Some(to) => smallvec![(to, calls)],
            None => self.flow.successors(at, calls),
        };
        match successors[..] {
            [(to, _)] if !self.leaders[to] => Ok(successors.swap_remove(0)),
            _ => Err(successors),
        }
    }

    fn has_state(&self, at: usize, calls: &CallStack) -> bool {
        self.states[at].iter().any(|(known, _)| known == calls)
    }

    /// Merges a state into that of a leader; its index, where that is news there.
    fn propagate(&mut self, at: usize, calls: CallStack, brought: &S) -> Option<StateIndex> {
        let states = &mut self.states[at];
        if let Some(index) = states.iter().position(|(known, _)| *known == calls) {
            return states[index].1.merge(brought, self.live.at(at)).then_some((at, index));
        }
        states.push((calls, brought.clone()));
        Some((at, states.len() - 1))
    }
}

/// For each instruction, true if a block begins there: the program does, or its only predecessor does not simply go on to it.
fn leaders(flow: &ControlFlowGraph<'_>) -> Vec<bool> {
    let mut leaders = vec![false; flow.len()];
    let mut has_predecessor = leaders.clone();
    leaders.iter_mut().take(1).for_each(|leader| *leader = true);
    for at in 0..flow.len() {
        let successors = flow.edges(at);
        for to in successors {
            leaders[*to] |= successors.len() > 1 || std::mem::replace(&mut has_predecessor[*to], true);
        }
    }
    leaders
}
