//! What came of the statements, by kind; and that enough of them are answered.

use std::collections::BTreeMap;
use std::fmt;

/// What came of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The answer is the oracle's.
    Equal,
    /// It has no meaning, and is refused.
    Error,
    /// It has an answer, and is refused with a message of this class.
    Refused(String),
    /// The semantics leave it open, and it was not asked.
    Open,
    Wrong,
}

/// The most of a hundred statements with an answer that may be refused.
const REFUSED: u64 = 6;

/// The most of a hundred statements that the oracle may leave open.
const OPEN: u64 = 15;

#[derive(Debug, Default)]
pub(super) struct Tally {
    kinds: BTreeMap<&'static str, [u64; 5]>,
    /// How often each class, with the first seed of it.
    refusals: BTreeMap<String, (u64, u64)>,
}

impl Tally {
    pub(super) fn count(&mut self, kind: &'static str, seed: u64, outcome: Outcome) {
        let at = match &outcome {
            Outcome::Equal => 0,
            Outcome::Error => 1,
            Outcome::Refused(_) => 2,
            Outcome::Open => 3,
            Outcome::Wrong => 4,
        };
        self.kinds.entry(kind).or_default()[at] += 1;
        if let Outcome::Refused(class) = outcome {
            self.refusals.entry(class).or_insert((0, seed)).0 += 1;
        }
    }

    fn all(&self, at: usize) -> u64 {
        self.kinds.values().map(|counts| counts[at]).sum()
    }

    /// That the law was not held by refusing, or by asking nothing.
    pub(super) fn check(&self) {
        let (equal, refused, open) = (self.all(0), self.all(2), self.all(3));
        let all = (0..5).map(|at| self.all(at)).sum::<u64>();
        assert!(refused * 100 <= (equal + refused) * REFUSED, "{refused} are refused and {equal} answered\n{self}");
        assert!(open * 100 <= all * OPEN, "{open} of {all} are left open\n{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, [equal, error, refused, open, wrong]) in &self.kinds {
            writeln!(
                f,
                "{kind:12} equal {equal:5}  error {error:4}  refused {refused:4}  open {open:4}  wrong {wrong}"
            )?;
        }
        let [equal, error, refused, open, wrong] = [0, 1, 2, 3, 4].map(|at| self.all(at));
        writeln!(
            f,
            "{:12} equal {equal:5}  error {error:4}  refused {refused:4}  open {open:4}  wrong {wrong}",
            "all"
        )?;
        self.refusals.iter().try_for_each(|(class, (count, seed))| writeln!(f, "{count:5} {class} ({seed})"))
    }
}
