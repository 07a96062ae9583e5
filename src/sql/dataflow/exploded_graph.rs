//! The exploded graph of a program: a node for each basic block under each call stack that leads to it, in reverse postorder, so that
//! outside of loops whatever leads to a node stands before it. It knows no values.

use super::control_flow::{CallStack, ControlFlowGraph, Successors};
use crate::store::Stop;
use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// The most nodes per instruction; the usual statement has fewer than one.
const MAX_NODES_PER_INSTRUCTION: usize = 24;

/// A basic block under one call stack.
#[derive(Debug, Default)]
struct Node {
    /// The place of its instructions among those of all nodes.
    block: Range<usize>,
    successors: SmallVec<[usize; 2]>,
}

/// The exploded graph; its first node is the entry of the program.
#[derive(Debug, Default)]
pub(super) struct ExplodedGraph {
    nodes: Vec<Node>,
    /// The instructions of the nodes, those of a node in the order in which they run.
    instructions: Vec<usize>,
    /// For each instruction, true if any path reaches it.
    reached: Vec<bool>,
}

impl ExplodedGraph {
    /// The exploded graph of a program; `None` where it is too large.
    ///
    /// # Errors
    /// That of an interrupted statement.
    pub(super) fn new(flow: &ControlFlowGraph<'_>, stop: &Stop) -> rusqlite::Result<Option<Self>> {
        let mut search = DepthFirstSearch {
            flow,
            leaders: leaders(flow),
            graph: Self { reached: vec![false; flow.len()], ..Self::default() },
            call_stacks: Vec::new(),
            by_leader: vec![SmallVec::new(); flow.len()],
        };
        Ok(search.postorder(stop)?.map(|postorder| search.graph.reordered(&postorder)))
    }

    /// The number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The instructions of a node, in the order in which they run.
    pub(super) fn block(&self, node: usize) -> &[usize] {
        &self.instructions[self.nodes[node].block.clone()]
    }

    /// The first instruction of a node.
    pub(super) fn leader(&self, node: usize) -> usize {
        self.instructions[self.nodes[node].block.start]
    }

    /// The nodes that can follow a node.
    pub(super) fn successors(&self, node: usize) -> &[usize] {
        &self.nodes[node].successors
    }

    /// True if any path reaches an instruction.
    pub(super) fn reaches(&self, at: usize) -> bool {
        self.reached[at]
    }

    /// The graph with its nodes in the reverse of an order.
    fn reordered(mut self, order: &[usize]) -> Self {
        let mut places = vec![0; order.len()];
        order.iter().rev().enumerate().for_each(|(place, node)| places[*node] = place);
        let take = |node: &usize| {
            let mut node = std::mem::take(&mut self.nodes[*node]);
            node.successors.iter_mut().for_each(|to| *to = places[*to]);
            node
        };
        let nodes = order.iter().rev().map(take).collect();
        Self { nodes, ..self }
    }
}

/// A depth-first search for the nodes.
struct DepthFirstSearch<'f, 'p> {
    flow: &'f ControlFlowGraph<'p>,
    /// For each instruction, true for the leader of a block.
    leaders: Vec<bool>,
    graph: ExplodedGraph,
    /// The leader and the call stack of each node.
    call_stacks: Vec<(usize, CallStack)>,
    /// The nodes of each leader.
    by_leader: Vec<SmallVec<[usize; 2]>>,
}

impl DepthFirstSearch<'_, '_> {
    /// Finds the nodes; their postorder, or `None` where they are too many.
    fn postorder(&mut self, stop: &Stop) -> rusqlite::Result<Option<Vec<usize>>> {
        let mut postorder = Vec::new();
        if self.flow.len() == 0 {
            return Ok(Some(postorder));
        }
        let entry = self.discovered(0, CallStack::new());
        self.enter(entry);
        // Each with the number of its successors that have been looked at.
        let mut path = vec![(entry, 0)];
        while let Some((node, looked_at)) = path.last_mut() {
            stop.check()?;
            let Some(to) = self.graph.nodes[*node].successors.get(*looked_at).copied() else {
                postorder.push(*node);
                path.pop();
                continue;
            };
            *looked_at += 1;
            // A node that was entered has instructions.
            if self.graph.nodes[to].block.is_empty() {
                self.enter(to);
                path.push((to, 0));
            }
            if self.graph.len() > MAX_NODES_PER_INSTRUCTION * self.flow.len() {
                return Ok(None);
            }
        }
        Ok(Some(postorder))
    }

    /// The node of a leader under a call stack.
    fn discovered(&mut self, leader: usize, calls: CallStack) -> usize {
        let known = self.by_leader[leader].iter().find(|node| self.call_stacks[**node].1 == calls);
        known.copied().unwrap_or_else(|| {
            let node = self.call_stacks.len();
            self.by_leader[leader].push(node);
            self.call_stacks.push((leader, calls));
            self.graph.nodes.push(Node::default());
            node
        })
    }

    /// Follows the block of a node to its end.
    fn enter(&mut self, node: usize) {
        let (mut at, mut calls) = self.call_stacks[node].clone();
        let begin = self.graph.instructions.len();
        let successors = loop {
            self.graph.instructions.push(at);
            self.graph.reached[at] = true;
            match self.next(at, calls) {
                Ok(next) => (at, calls) = next,
                Err(successors) => break successors,
            }
        };
        let successors = successors.into_iter().map(|(to, calls)| self.discovered(to, calls)).collect();
        self.graph.nodes[node] = Node { block: begin..self.graph.instructions.len(), successors };
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
