//! Forward dataflow analysis over the bytecode of a statement: a state is carried along every path of the control flow until
//! nothing is new, for every call stack apart. An [`Analysis`] says what a state holds and what an instruction does to it:
//! [`quantities`] types the result columns, [`coercions`] finds texts that become numbers. [`stored_reals`] finds the
//! columns that are cells as they are stored. [`equivalence`] compares two programs.
//!
//! A state is kept only before each node of the [`exploded_graph`], a basic block under one call stack. Within a block it is made again
//! when it is visited.

pub(super) mod bytecode;
pub(super) mod coercions;
mod control_flow;
pub(super) mod equivalence;
mod exploded_graph;
mod liveness;
pub(super) mod probe_types;
mod program_index;
pub(super) mod quantities;
mod state;
pub(super) mod storage_class;
pub(super) mod stored_reals;

use crate::store::Stop;
use control_flow::ControlFlowGraph;
use exploded_graph::ExplodedGraph;
use liveness::{LiveRegisters, LiveSet};
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

/// The states of a program at the fixpoint.
struct Fixpoint<S> {
    graph: ExplodedGraph,
    /// Before each node of the graph.
    states: Vec<S>,
}

/// Propagates states until nothing is new; `None` where they are too many or too large.
///
/// # Errors
/// That of an interrupted statement.
fn fixpoint<A: Analysis>(
    flow: &ControlFlowGraph<'_>,
    analysis: &mut A,
    stop: &Stop,
) -> rusqlite::Result<Option<Fixpoint<A::State>>> {
    let Some(graph) = ExplodedGraph::new(flow, stop)? else { return Ok(None) };
    let live = analysis.live_registers(flow);
    let mut states: Vec<Option<A::State>> = vec![None; graph.len()];
    states.iter_mut().take(1).for_each(|entry| *entry = Some(A::State::default()));
    let mut size = 0;
    // The nodes that read rows of the program's own, in so far as a path has led there.
    let mut readers = BTreeSet::new();
    let mut worklist: BTreeSet<usize> = (0..graph.len().min(1)).collect();
    while let Some(node) = worklist.pop_first() {
        let mut state = states[node].clone().unwrap_or_default();
        for at in graph.block(node).iter().copied() {
            stop.check()?;
            if analysis.reads_rows(at) {
                readers.insert(node);
            }
            if analysis.apply(at, &mut state) {
                worklist.extend(&readers);
            }
        }
        for to in graph.successors(node).iter().copied() {
            size += state.size();
            let is_news = match &mut states[to] {
                Some(known) => known.merge(&state, live.at(graph.leader(to))),
                unknown @ None => {
                    *unknown = Some(state.clone());
                    true
                }
            };
            if is_news {
                worklist.insert(to);
            }
        }
        if size > A::MAX_SIZE {
            return Ok(None);
        }
    }
    // A path leads to every node.
    let states = states.into_iter().map(Option::unwrap_or_default).collect();
    Ok(Some(Fixpoint { graph, states }))
}

impl<S: State> Fixpoint<S> {
    /// True if any path reaches an instruction.
    fn reaches(&self, at: usize) -> bool {
        self.graph.reaches(at)
    }

    /// Calls `visit` for every instruction that is reached with the state before it.
    ///
    /// # Errors
    /// That of an interrupted statement.
    fn visit<A: Analysis<State = S>>(
        &self,
        analysis: &mut A,
        stop: &Stop,
        mut visit: impl FnMut(usize, &S),
    ) -> rusqlite::Result<()> {
        for (node, state) in self.states.iter().enumerate() {
            let mut state = state.clone();
            for at in self.graph.block(node).iter().copied() {
                stop.check()?;
                visit(at, &state);
                analysis.apply(at, &mut state);
            }
        }
        Ok(())
    }
}
