//! Which step of a program can follow which. It knows jumps, sub-programs and co-routines, each with whoever called it,
//! and nothing of values.

use super::bytecode::Step;
use std::collections::BTreeMap;

/// The sub-programs and co-routines that are under way, the innermost last: the register that each returns by and the
/// step that called it. Telling calls apart keeps what one caller left in the registers from showing up behind another.
pub(super) type Calls = Vec<(i64, usize)>;

/// Steps by the register that something returns by.
type ByRegister = BTreeMap<i64, Vec<usize>>;

/// The ways through a program.
pub(super) struct Flow<'p> {
    program: &'p [Step],
    /// How each step goes on.
    ways: Vec<Way>,
    /// Where a co-routine can be resumed: at its beginning, and behind each of its own yields.
    bodies: ByRegister,
    /// The steps that resume a co-routine.
    callers: ByRegister,
    /// Behind whatever leaves its address for a sub-program to return to.
    addresses: ByRegister,
    /// For each register that something returns by, whether it still may from each step; empty where calls are not told
    /// apart, so that whatever was called may return to any of its callers.
    returning: BTreeMap<i64, Vec<bool>>,
}

/// How a step goes on; a register is the one that something returns by.
#[derive(Debug, Clone)]
enum Way {
    /// At the next step, or not at all.
    On(Option<usize>),
    /// At one of these.
    Jump(Vec<usize>),
    /// At the next step; the register has another use now, or a sub-program is entered by going on into it.
    Overwrite(i64),
    /// In a sub-program.
    Call(i64, Option<usize>),
    /// Behind the call that is under way, or at the next step where it may be entered by going on into it.
    Return { register: i64, goes_on: bool },
    /// In a co-routine, which is called with a jump for its end; it yields itself without one.
    Resume(i64),
    /// Behind whatever has resumed this co-routine.
    Yield(i64),
    /// Where whatever has resumed this co-routine goes at its end.
    End(i64),
}

/// How closely ways are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closeness {
    /// Each call of a sub-program by itself.
    TellingCalls,
    /// Whatever was called may return to any of its callers.
    AnyCaller,
    /// That, and into code that nothing leads to: what would be done there is of interest, though it never is.
    DeadCodeToo,
}

impl Way {
    fn of(step: &Step, at: usize, enters_dead_code: bool) -> Self {
        let jump = usize::try_from(step.p2).ok().filter(|to| *to > 0);
        let next = at + 1;
        match step.opcode.as_str() {
            "Halt" => Self::On(None),
            // A co-routine begins when it is called; what follows here is what comes after its text.
            "Goto" | "InitCoroutine" if enters_dead_code => Self::Jump(jump.into_iter().chain([next]).collect()),
            "Goto" | "Init" | "InitCoroutine" => Self::On(jump.or(Some(next))),
            "Gosub" => Self::Call(step.p1, jump),
            "Return" => Self::Return { register: step.p1, goes_on: step.p3 != 0 },
            "Yield" if step.p2 != 0 => Self::Resume(step.p1),
            "Yield" => Self::Yield(step.p1),
            "EndCoroutine" => Self::End(step.p1),
            "Jump" => Self::Jump([step.p1, step.p2, step.p3].into_iter().flat_map(usize::try_from).collect()),
            _ if step.does.is_some_and(|does| does.may_jump) => Self::Jump(jump.into_iter().chain([next]).collect()),
            "Integer" | "BeginSubrtn" | "Null" => Self::Overwrite(step.p2),
            _ => Self::On(Some(next)),
        }
    }

    /// The register that it returns by.
    fn returns(&self) -> Option<i64> {
        match self {
            Self::Return { register, .. } | Self::Yield(register) | Self::End(register) => Some(*register),
            _ => None,
        }
    }

    fn calls(&self, register: i64) -> bool {
        matches!(self, Self::Call(by, _) | Self::Resume(by) if *by == register)
    }
}

impl<'p> Flow<'p> {
    pub(super) fn new(program: &'p [Step], closeness: Closeness) -> Self {
        let enters_dead_code = closeness == Closeness::DeadCodeToo;
        let ways = program.iter().enumerate().map(|(at, step)| Way::of(step, at, enters_dead_code)).collect();
        let by_register = |place: fn(usize, &Step) -> Option<(i64, usize)>| {
            let mut places = ByRegister::new();
            let found = program.iter().enumerate().filter_map(|(at, step)| place(at, step));
            found.for_each(|(register, at)| places.entry(register).or_default().push(at));
            places
        };
        let mut flow = Self {
            program,
            ways,
            bodies: by_register(|at, step| match (step.opcode.as_str(), step.p2) {
                ("InitCoroutine", _) => Some((step.p1, usize::try_from(step.p3).ok()?)),
                ("Yield", 0) => Some((step.p1, at + 1)),
                _ => None,
            }),
            callers: by_register(|at, step| (step.opcode == "Yield" && step.p2 != 0).then_some((step.p1, at))),
            addresses: by_register(|at, step| match step.opcode.as_str() {
                "Gosub" => Some((step.p1, at + 1)),
                "Integer" => Some((step.p2, usize::try_from(step.p1 + 1).ok()?)),
                _ => None,
            }),
            returning: BTreeMap::new(),
        };
        if closeness == Closeness::TellingCalls {
            flow.returning = flow.returning();
        }
        flow
    }

    /// How many steps the program has.
    pub(super) fn len(&self) -> usize {
        self.program.len()
    }

    /// The step that alone can follow the one at `at`, whatever is under way, with what is under way there.
    pub(super) fn only_after(&self, at: usize, calls: &mut Calls) -> Option<usize> {
        let Way::On(Some(to)) = self.ways[at] else { return None };
        calls.retain(|(register, _)| self.may_return(*register, to));
        (to < self.len()).then_some(to)
    }

    /// The addresses at which the program can go on after the step at `at`, with the calls that are under way there.
    pub(super) fn after(&self, at: usize, mut calls: Calls) -> Vec<(usize, Calls)> {
        let found: Vec<usize> = match &self.ways[at] {
            Way::On(to) => to.iter().copied().collect(),
            Way::Jump(to) => to.clone(),
            Way::Overwrite(register) => {
                calls.retain(|(by, _)| by != register);
                vec![at + 1]
            }
            Way::Call(register, to) => {
                calls.push((*register, at));
                to.iter().copied().collect()
            }
            Way::Return { register, goes_on } => match end(&mut calls, *register) {
                Some(call) => vec![call + 1],
                // It may be any that left its address in the register, or the sub-program goes on.
                None => self.of(&self.addresses, *register).chain(goes_on.then_some(at + 1)).collect(),
            },
            Way::Resume(register) => {
                calls.push((*register, at));
                self.of(&self.bodies, *register).collect()
            }
            Way::Yield(register) => self.resuming(*register, &mut calls).map(|at| at + 1).collect(),
            Way::End(register) => {
                self.resuming(*register, &mut calls).flat_map(|at| usize::try_from(self.program[at].p2)).collect()
            }
        };
        let found = found.into_iter().filter(|to| *to < self.program.len());
        found.map(|to| (to, self.pending(&calls, to))).collect()
    }

    /// The calls that may still return from the step at `at`: one that was left by a jump is over.
    fn pending(&self, calls: &Calls, at: usize) -> Calls {
        calls.iter().filter(|(register, _)| self.may_return(*register, at)).copied().collect()
    }

    fn may_return(&self, register: i64, at: usize) -> bool {
        self.returning.get(&register).is_some_and(|steps| steps[at])
    }

    /// For each register that something returns by, whether that is reached from each step before another call.
    fn returning(&self) -> BTreeMap<i64, Vec<bool>> {
        let mut before = vec![Vec::new(); self.len()];
        for at in 0..self.len() {
            self.after(at, Calls::new()).into_iter().for_each(|(to, _)| before[to].push(at));
        }
        let mut returning: BTreeMap<i64, Vec<bool>> = BTreeMap::new();
        let returns = self.ways.iter().enumerate().filter_map(|(at, way)| Some((way.returns()?, at)));
        let mut waiting: Vec<(i64, usize)> = returns.collect();
        while let Some((register, at)) = waiting.pop() {
            let steps = returning.entry(register).or_insert_with(|| vec![false; self.len()]);
            if !std::mem::replace(&mut steps[at], true) {
                let goes_on = |at: &&usize| !self.ways[**at].calls(register);
                waiting.extend(before[at].iter().filter(goes_on).map(|at| (register, *at)));
            }
        }
        returning
    }

    fn of<'s>(&self, places: &'s ByRegister, register: i64) -> impl Iterator<Item = usize> + use<'s> {
        places.get(&register).into_iter().flatten().copied()
    }

    /// The step that has resumed a co-routine, which ends; every step that does where none is known.
    fn resuming(&self, register: i64, calls: &mut Calls) -> impl Iterator<Item = usize> {
        let under_way = end(calls, register);
        self.of(&self.callers, register).filter(move |at| under_way.is_none_or(|caller| caller == *at))
    }
}

/// Ends the call that returns by a register, and whatever was called from within it: a co-routine that yields is left with
/// what it has under way. The step that made the call, where it is known.
fn end(calls: &mut Calls, register: i64) -> Option<usize> {
    let at = calls.iter().rposition(|(by, _)| *by == register)?;
    let (_, call) = calls[at];
    calls.truncate(at);
    Some(call)
}
