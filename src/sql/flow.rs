//! Which step of a program can follow which. It knows jumps, sub-programs and co-routines, and nothing of values.

use super::program::Step;

/// The addresses at which the program can go on after the step at `at`.
pub(super) fn successors(program: &[Step], at: usize) -> Vec<usize> {
    let step = &program[at];
    let jump = usize::try_from(step.p2).ok().filter(|to| *to > 0);
    let next = Some(at + 1);
    let found: Vec<Option<usize>> = match step.opcode.as_str() {
        "Halt" => Vec::new(),
        "Goto" | "Init" => vec![jump.or(next)],
        "Gosub" => vec![jump],
        "Return" => returns(program, step).chain((step.p3 != 0).then_some(next)).collect(),
        "InitCoroutine" => vec![jump.or(next), usize::try_from(step.p3).ok()],
        // A caller resumes a co-routine with a jump for its end; the co-routine itself yields without one.
        "Yield" if step.p2 != 0 => bodies(program, step).collect(),
        "Yield" => callers(program, step).map(|(at, _)| Some(at + 1)).collect(),
        "EndCoroutine" => callers(program, step).map(|(_, call)| usize::try_from(call.p2).ok()).collect(),
        "Jump" => [step.p1, step.p2, step.p3].into_iter().map(|to| usize::try_from(to).ok()).collect(),
        _ if step.does.is_some_and(|does| does.may_jump) => vec![jump, next],
        _ => vec![next],
    };
    found.into_iter().flatten().filter(|to| *to < program.len()).collect()
}

/// After a sub-program: behind every call that left its return address in the same register. A whole number loaded into
/// it is such an address too: some sub-programs are entered by going on into them.
fn returns<'p>(program: &'p [Step], step: &'p Step) -> impl Iterator<Item = Option<usize>> + 'p {
    let calls = move |(at, call): (usize, &Step)| match call.opcode.as_str() {
        "Gosub" | "BeginSubrtn" if call.p1 == step.p1 => Some(Some(at + 1)),
        "Integer" if call.p2 == step.p1 => Some(usize::try_from(call.p1 + 1).ok()),
        _ => None,
    };
    program.iter().enumerate().filter_map(calls)
}

/// Where a co-routine can be resumed: at its beginning, and behind each of its own yields.
fn bodies<'p>(program: &'p [Step], step: &'p Step) -> impl Iterator<Item = Option<usize>> + 'p {
    let same = program.iter().enumerate().filter(move |(_, other)| other.p1 == step.p1);
    same.filter_map(|(at, other)| match (other.opcode.as_str(), other.p2) {
        ("InitCoroutine", _) => Some(usize::try_from(other.p3).ok()),
        ("Yield", 0) => Some(Some(at + 1)),
        _ => None,
    })
}

/// Every place that resumes a co-routine.
fn callers<'p>(program: &'p [Step], step: &'p Step) -> impl Iterator<Item = (usize, &'p Step)> + 'p {
    let is_caller = move |other: &Step| other.opcode == "Yield" && other.p1 == step.p1 && other.p2 != 0;
    program.iter().enumerate().filter(move |(_, other)| is_caller(other))
}
