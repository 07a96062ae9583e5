//! Which step of a program can follow which. It knows jumps, sub-programs and co-routines, each with whoever called it,
//! and nothing of values.

use super::program::Step;
use std::collections::BTreeMap;

/// The sub-programs and co-routines that are under way, the innermost last: the register that each returns by and the
/// step that called it. Telling calls apart keeps what one caller left in the registers from showing up behind another.
pub(super) type Calls = Vec<(i64, usize)>;

/// The ways through a program.
pub(super) struct Flow<'p> {
    program: &'p [Step],
    /// For each register that something returns by, whether it still may from each step; empty where calls are not told
    /// apart, so that whatever was called may return to any of its callers.
    returning: BTreeMap<i64, Vec<bool>>,
    /// Whether what a jump leads past is taken for a way too: what would be done there is of interest, though it never is.
    enters_dead_code: bool,
}

/// How closely ways are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closeness {
    /// Each call of a sub-program by itself.
    TellingCalls,
    /// Whatever was called may return to any of its callers.
    AnyCaller,
    /// That, and into code that nothing leads to.
    DeadCodeToo,
}

impl<'p> Flow<'p> {
    pub(super) fn new(program: &'p [Step], closeness: Closeness) -> Self {
        let enters_dead_code = closeness == Closeness::DeadCodeToo;
        let mut flow = Self { program, returning: BTreeMap::new(), enters_dead_code };
        if closeness == Closeness::TellingCalls {
            flow.returning = flow.returning();
        }
        flow
    }

    /// The addresses at which the program can go on after the step at `at`, with the calls that are under way there.
    pub(super) fn after(&self, at: usize, calls: &Calls) -> Vec<(usize, Calls)> {
        let step = &self.program[at];
        let jump = usize::try_from(step.p2).ok().filter(|to| *to > 0);
        let next = Some(at + 1);
        let mut calls = calls.clone();
        let found: Vec<Option<usize>> = match step.opcode.as_str() {
            "Halt" => Vec::new(),
            // A co-routine begins when it is called; what follows here is what comes after its text.
            "Goto" | "InitCoroutine" if self.enters_dead_code => vec![jump, next],
            "Goto" | "Init" | "InitCoroutine" => vec![jump.or(next)],
            "Gosub" => {
                calls.push((step.p1, at));
                vec![jump]
            }
            "Return" => self.returns(step, end(&mut calls, step.p1)),
            // A caller resumes a co-routine with a jump for its end; the co-routine itself yields without one.
            "Yield" if step.p2 != 0 => {
                calls.push((step.p1, at));
                self.bodies(step).collect()
            }
            "Yield" => self.callers(step, end(&mut calls, step.p1)).map(|(at, _)| Some(at + 1)).collect(),
            "EndCoroutine" => {
                self.callers(step, end(&mut calls, step.p1)).map(|(_, call)| usize::try_from(call.p2).ok()).collect()
            }
            "Jump" => [step.p1, step.p2, step.p3].into_iter().map(|to| usize::try_from(to).ok()).collect(),
            _ if step.does.is_some_and(|does| does.may_jump) => vec![jump, next],
            _ => {
                // The register has another use now, or a sub-program is entered by going on into it.
                if matches!(step.opcode.as_str(), "Integer" | "BeginSubrtn" | "Null") {
                    calls.retain(|(register, _)| *register != step.p2);
                }
                vec![next]
            }
        };
        let found = found.into_iter().flatten().filter(|to| *to < self.program.len());
        found.map(|to| (to, self.pending(&calls, to))).collect()
    }

    /// The calls that may still return from the step at `at`: one that was left by a jump is over.
    fn pending(&self, calls: &Calls, at: usize) -> Calls {
        let may_return = |register: &i64| self.returning.get(register).is_some_and(|steps| steps[at]);
        calls.iter().filter(|(register, _)| may_return(register)).copied().collect()
    }

    /// For each register that something returns by, whether that is reached from each step before another call.
    fn returning(&self) -> BTreeMap<i64, Vec<bool>> {
        let mut before = vec![Vec::new(); self.program.len()];
        for at in 0..self.program.len() {
            self.after(at, &Calls::new()).into_iter().for_each(|(to, _)| before[to].push(at));
        }
        let mut returning: BTreeMap<i64, Vec<bool>> = BTreeMap::new();
        let mut waiting: Vec<(i64, usize)> =
            self.program.iter().enumerate().filter(|(_, step)| returns(step)).map(|(at, step)| (step.p1, at)).collect();
        while let Some((register, at)) = waiting.pop() {
            let steps = returning.entry(register).or_insert_with(|| vec![false; self.program.len()]);
            if !std::mem::replace(&mut steps[at], true) {
                let goes_on = |at: &&usize| !(self.program[**at].p1 == register && calls(&self.program[**at]));
                waiting.extend(before[at].iter().filter(goes_on).map(|at| (register, *at)));
            }
        }
        returning
    }

    /// After a sub-program: behind the call that is under way. Where none is known it may be any that left its address
    /// in the same register, or the sub-program goes on.
    fn returns(&self, step: &Step, under_way: Option<usize>) -> Vec<Option<usize>> {
        if let Some(address) = under_way {
            return vec![Some(address + 1)];
        }
        let calls = |(at, call): (usize, &Step)| match call.opcode.as_str() {
            "Gosub" if call.p1 == step.p1 => Some(Some(at + 1)),
            "Integer" if call.p2 == step.p1 => Some(usize::try_from(call.p1 + 1).ok()),
            _ => None,
        };
        let goes_on = (step.p3 != 0).then(|| self.program.iter().position(|other| std::ptr::eq(other, step)));
        let goes_on = goes_on.flatten().map(|at| Some(at + 1));
        self.program.iter().enumerate().filter_map(calls).chain(goes_on).collect()
    }

    /// Where a co-routine can be resumed: at its beginning, and behind each of its own yields.
    fn bodies<'s>(&'s self, step: &'s Step) -> impl Iterator<Item = Option<usize>> + 's {
        let same = self.program.iter().enumerate().filter(move |(_, other)| other.p1 == step.p1);
        same.filter_map(|(at, other)| match (other.opcode.as_str(), other.p2) {
            ("InitCoroutine", _) => Some(usize::try_from(other.p3).ok()),
            ("Yield", 0) => Some(Some(at + 1)),
            _ => None,
        })
    }

    /// The place that has resumed a co-routine; every place that does where none is known.
    fn callers<'s>(&'s self, step: &'s Step, under_way: Option<usize>) -> impl Iterator<Item = (usize, &'p Step)> + 's {
        let is_caller = move |at: usize, other: &Step| {
            let resumes = other.opcode == "Yield" && other.p1 == step.p1 && other.p2 != 0;
            resumes && under_way.is_none_or(|caller| caller == at)
        };
        self.program.iter().enumerate().filter(move |(at, other)| is_caller(*at, other))
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

/// Whether a step calls by the register that it names first.
fn calls(step: &Step) -> bool {
    step.opcode == "Gosub" || step.opcode == "Yield" && step.p2 != 0
}

/// Whether a step returns by the register that it names first.
fn returns(step: &Step) -> bool {
    matches!(step.opcode.as_str(), "Return" | "EndCoroutine") || step.opcode == "Yield" && step.p2 == 0
}
