//! The control flow of a program: the instructions that can follow each other. It has jumps, subroutines and coroutines, each
//! with its caller, and no values.

use super::bytecode::Op;
use smallvec::{SmallVec, smallvec};
use std::collections::BTreeSet;

/// The calls of subroutines and coroutines that have not returned, the innermost last: the number of the register that each returns by,
/// and the instruction that called it. It keeps what one caller left in the registers from showing up behind another.
pub(super) type CallStack = SmallVec<[(usize, usize); 2]>;

/// Some instructions, few as a rule.
pub(super) type Targets = SmallVec<[usize; 3]>;

/// The instructions that can follow another one, with the call stack there.
pub(super) type Successors = SmallVec<[(usize, CallStack); 2]>;

/// Instructions by the number of the register that something returns by.
type ByRegister = Vec<Vec<usize>>;

/// The control flow graph of a program.
pub(super) struct ControlFlowGraph<'p> {
    program: &'p [Op],
    /// For each instruction, how control leaves it.
    transfers: Vec<Transfer>,
    /// For each instruction, those that can follow it with any call stack.
    edges: Vec<Targets>,
    /// The entries of a coroutine: its beginning, and behind each of its own yields.
    entries: ByRegister,
    /// The instructions that resume a coroutine.
    resumers: ByRegister,
    /// The instructions behind those that leave their address for a subroutine to return to.
    return_sites: ByRegister,
    /// For each register that something returns by, and each instruction, true if it still may from there; empty for a graph that
    /// ignores the call stack, so that a subroutine may return to any of its callers.
    may_return: Vec<Vec<bool>>,
}

/// The way in which control leaves an instruction; a register is the number of one that something returns by.
#[derive(Debug, Clone)]
enum Transfer {
    /// To the next instruction, or nowhere.
    Next(Option<usize>),
    /// To one of these.
    Jump(Targets),
    /// To the next one; the register has another use now, or a subroutine is entered by falling through into it.
    Overwrite(usize),
    /// Into a subroutine.
    Call(usize, Option<usize>),
    /// Behind the innermost call, or to the next instruction where the subroutine may be entered by falling through.
    Return { register: usize, falls_through: bool },
    /// Into a coroutine, which is called with a jump for its end; it yields itself without one.
    Resume(usize),
    /// Behind the instruction that has resumed this coroutine.
    Yield(usize),
    /// To the jump for its end of the instruction that has resumed this coroutine.
    End(usize),
}

/// The sensitivity of a graph to the call stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallSensitivity {
    /// Each call of a subroutine by itself.
    PerCall,
    /// A subroutine may return to any of its callers.
    AnyCaller,
    /// That, and into dead code: what would be done there is of interest, though it never is.
    DeadCodeToo,
}

/// The registers that something returns by, each known by its place.
struct ReturnRegisters(Vec<i64>);

impl ReturnRegisters {
    fn of(program: &[Op]) -> Self {
        let returns = program.iter().filter(|op| matches!(op.opcode, "Return" | "Yield" | "EndCoroutine"));
        Self(returns.map(|op| op.p1).collect::<BTreeSet<i64>>().into_iter().collect())
    }

    fn number(&self, register: i64) -> Option<usize> {
        self.0.binary_search(&register).ok()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl Transfer {
    fn of(op: &Op, at: usize, returns: &ReturnRegisters, enters_dead_code: bool) -> Self {
        let number = |register| returns.number(register);
        let jump = usize::try_from(op.p2).ok().filter(|to| *to > 0);
        let next = at + 1;
        match op.opcode {
            "Halt" => Self::Next(None),
            // A coroutine begins when it is called; what follows here is what comes after its text.
            "Goto" | "InitCoroutine" if enters_dead_code => Self::Jump(jump.into_iter().chain([next]).collect()),
            "Goto" | "Init" | "InitCoroutine" => Self::Next(jump.or(Some(next))),
            // A subroutine that never returns is gone to.
            "Gosub" => number(op.p1).map_or(Self::Next(jump), |register| Self::Call(register, jump)),
            "Return" | "Yield" | "EndCoroutine" => number(op.p1).map_or(Self::Next(None), |register| match op.opcode {
                "Return" => Self::Return { register, falls_through: op.p3 != 0 },
                "Yield" if op.p2 != 0 => Self::Resume(register),
                "Yield" => Self::Yield(register),
                _ => Self::End(register),
            }),
            "Jump" => Self::Jump([op.p1, op.p2, op.p3].into_iter().flat_map(usize::try_from).collect()),
            _ if op.effect.is_some_and(|effect| effect.may_jump) => {
                Self::Jump(jump.into_iter().chain([next]).collect())
            }
            "Integer" | "BeginSubrtn" | "Null" => number(op.p2).map_or(Self::Next(Some(next)), Self::Overwrite),
            _ => Self::Next(Some(next)),
        }
    }

    /// The register that it returns by.
    fn returns_by(&self) -> Option<usize> {
        match self {
            Self::Return { register, .. } | Self::Yield(register) | Self::End(register) => Some(*register),
            _ => None,
        }
    }

    fn calls(&self, register: usize) -> bool {
        matches!(self, Self::Call(by, _) | Self::Resume(by) if *by == register)
    }
}

impl<'p> ControlFlowGraph<'p> {
    pub(super) fn new(program: &'p [Op], sensitivity: CallSensitivity) -> Self {
        let enters_dead_code = sensitivity == CallSensitivity::DeadCodeToo;
        let returns = ReturnRegisters::of(program);
        let transfer = |(at, op)| Transfer::of(op, at, &returns, enters_dead_code);
        let transfers = program.iter().enumerate().map(transfer).collect();
        let by_register = |place: fn(usize, &Op) -> Option<(i64, usize)>| {
            let mut places = vec![Vec::new(); returns.len()];
            let found = program.iter().enumerate().filter_map(|(at, op)| place(at, op));
            found.for_each(|(register, at)| returns.number(register).into_iter().for_each(|of| places[of].push(at)));
            places
        };
        let mut graph = Self {
            program,
            transfers,
            edges: Vec::new(),
            entries: by_register(|at, op| match (op.opcode, op.p2) {
                ("InitCoroutine", _) => Some((op.p1, usize::try_from(op.p3).ok()?)),
                ("Yield", 0) => Some((op.p1, at + 1)),
                _ => None,
            }),
            resumers: by_register(|at, op| (op.opcode == "Yield" && op.p2 != 0).then_some((op.p1, at))),
            return_sites: by_register(|at, op| match op.opcode {
                "Gosub" => Some((op.p1, at + 1)),
                "Integer" => Some((op.p2, usize::try_from(op.p1 + 1).ok()?)),
                _ => None,
            }),
            may_return: Vec::new(),
        };
        let edges = |at| graph.successors(at, CallStack::new()).into_iter().map(|(to, _)| to).collect();
        graph.edges = (0..program.len()).map(edges).collect();
        if sensitivity == CallSensitivity::PerCall {
            graph.may_return = graph.returning(returns.len());
        }
        graph
    }

    /// The number of instructions.
    pub(super) fn len(&self) -> usize {
        self.program.len()
    }

    /// The instructions that can follow the one at `at` with any call stack.
    pub(super) fn edges(&self, at: usize) -> &[usize] {
        &self.edges[at]
    }

    /// For each instruction, those that it can follow with any call stack.
    pub(super) fn predecessors(&self) -> Vec<Targets> {
        let mut predecessors = vec![Targets::new(); self.len()];
        for (at, edges) in self.edges.iter().enumerate() {
            edges.iter().for_each(|to| predecessors[*to].push(at));
        }
        predecessors
    }

    /// The instruction that alone can follow the one at `at` with any call stack; drops from `calls` those that are over there.
    pub(super) fn only_successor(&self, at: usize, calls: &mut CallStack) -> Option<usize> {
        let Transfer::Next(Some(to)) = self.transfers[at] else { return None };
        calls.retain(|(register, _)| self.may_return(*register, to));
        (to < self.len()).then_some(to)
    }

    /// The instructions that can follow the one at `at`, with the call stack there.
    pub(super) fn successors(&self, at: usize, mut calls: CallStack) -> Successors {
        let found: Targets = match &self.transfers[at] {
            Transfer::Next(to) => to.iter().copied().collect(),
            Transfer::Jump(to) => to.clone(),
            Transfer::Overwrite(register) => {
                calls.retain(|(by, _)| by != register);
                smallvec![at + 1]
            }
            Transfer::Call(register, to) => {
                calls.push((*register, at));
                to.iter().copied().collect()
            }
            Transfer::Return { register, falls_through } => match pop_call(&mut calls, *register) {
                Some(call) => smallvec![call + 1],
                // It may be any that left its address in the register, or the subroutine goes on.
                None => instructions(&self.return_sites, *register).chain(falls_through.then_some(at + 1)).collect(),
            },
            Transfer::Resume(register) => {
                calls.push((*register, at));
                instructions(&self.entries, *register).collect()
            }
            Transfer::Yield(register) => self.pop_resumers(*register, &mut calls).map(|at| at + 1).collect(),
            Transfer::End(register) => {
                self.pop_resumers(*register, &mut calls).flat_map(|at| usize::try_from(self.program[at].p2)).collect()
            }
        };
        let found = found.into_iter().filter(|to| *to < self.program.len());
        found.map(|to| (to, self.live_calls(&calls, to))).collect()
    }

    /// The calls that may still return from the instruction at `at`: one that was left by a jump is over.
    fn live_calls(&self, calls: &CallStack, at: usize) -> CallStack {
        let mut live = calls.clone();
        live.retain(|(register, _)| self.may_return(*register, at));
        live
    }

    fn may_return(&self, register: usize, at: usize) -> bool {
        self.may_return.get(register).is_some_and(|instructions| instructions[at])
    }

    /// For each register that something returns by, and each instruction, true if that is reached from there before another call.
    fn returning(&self, registers: usize) -> Vec<Vec<bool>> {
        let predecessors = self.predecessors();
        let mut returning = vec![vec![false; self.len()]; registers];
        let returns = self.transfers.iter().enumerate().filter_map(|(at, transfer)| Some((transfer.returns_by()?, at)));
        let mut worklist: Vec<(usize, usize)> = returns.collect();
        while let Some((register, at)) = worklist.pop() {
            if !std::mem::replace(&mut returning[register][at], true) {
                let goes_on = |at: &&usize| !self.transfers[**at].calls(register);
                worklist.extend(predecessors[at].iter().filter(goes_on).map(|at| (register, *at)));
            }
        }
        returning
    }

    /// Pops the call of a coroutine; the instruction that has resumed it, every one that does where none is known.
    fn pop_resumers(&self, register: usize, calls: &mut CallStack) -> impl Iterator<Item = usize> {
        let call = pop_call(calls, register);
        instructions(&self.resumers, register).filter(move |at| call.is_none_or(|call| call == *at))
    }
}

/// Pops the call that returns by a register, and every call from within it: a coroutine that yields is left with its own calls.
/// Returns the instruction that made the call, where it is known.
fn pop_call(calls: &mut CallStack, register: usize) -> Option<usize> {
    let at = calls.iter().rposition(|(by, _)| *by == register)?;
    let (_, call) = calls[at];
    calls.truncate(at);
    Some(call)
}

/// The instructions that a register has.
fn instructions(by_register: &ByRegister, register: usize) -> impl Iterator<Item = usize> + use<'_> {
    by_register.get(register).into_iter().flatten().copied()
}
