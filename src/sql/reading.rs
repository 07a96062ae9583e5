//! What a step of a program reads as something that knows no units: which of its registers hold a quantity there, and
//! what it would do with it. How the quantity came there is `typing`'s.

use super::marks::{Field, Mark, Marks};
use super::opcodes::Reads;
use super::operands::most_arguments;
use super::program::Step;
use crate::store::{TAG_FUNCTION, udf};
use std::collections::BTreeMap;

/// Functions of SQLite's own that may be handed a quantity: they keep it whole, or ask only whether there is one.
const HARMLESS: [&str; 7] = ["coalesce", "ifnull", "iif", "if", "typeof", "count", "last_value"];

/// SQLite's own bound on the arguments of a function (`SQLITE_MAX_FUNCTION_ARG`).
const MAX_FUNCTION_ARGUMENTS: i64 = 1_000;

/// What is read of a program as a whole.
pub(super) struct Whole<'p> {
    steps: &'p [Step],
    /// The steps that open a cursor, by the cursor: a long list of values is written into one row by row.
    openings: BTreeMap<i64, Vec<&'p Step>>,
    /// Every text that a call of a function in the program may stand in: the statement, and the views.
    texts: &'p dyn Fn() -> String,
}

/// A step with its place in the program and what is marked when it begins.
pub(super) struct Reading<'p, 'm> {
    pub(super) at: usize,
    pub(super) step: &'p Step,
    pub(super) marks: &'m Marks,
    pub(super) whole: &'m Whole<'p>,
}

/// Functions of quantities that give one, and yet not always one that names all that decided it: there may be no end, and
/// then there is nothing to name it.
const SELECTING: [&str; 2] = ["q_lo", "q_hi"];

/// Whether a step makes something of a quantity that does not say what the quantity rests on: a part of it, its order among
/// others, or whether there is one.
pub(super) fn extracts(step: &Step, marks: &Marks) -> bool {
    match step.opcode.as_str() {
        "IsNull" | "NotNull" | "IsType" | "ElseEq" | "HaltIfNull" | "ZeroOrNull" => marks.get(step.p1).is_some(),
        "Function" | "PureFunc" | "AggStep" | "AggInverse" => {
            let (name, count) = step.function();
            let is_kept = match udf::kind_of(name) {
                Some(udf::FunctionKind::Quantity) => udf::find(name).is_some() && !SELECTING.contains(&name),
                _ => name == TAG_FUNCTION || matches!(name, "last_value" | "iif" | "if"),
            };
            !is_kept && marks.first_of(step.p2, count.unwrap_or(MAX_FUNCTION_ARGUMENTS)).is_some()
        }
        _ => false,
    }
}

impl<'p> Reading<'p, '_> {
    /// The quantity that the step misuses, and what it does with it: an operator, a function's name, or a phrase.
    pub(super) fn misused(&self) -> Option<(&'p str, Mark)> {
        let (step, marks) = (self.step, self.marks);
        let get = |operand| marks.get(step.register(operand));
        match step.does?.reads {
            Reads::Nothing => None,
            Reads::Value(operand, what) => get(operand).map(|mark| (what, mark)),
            Reads::Pair(left, right, what) => get(left).or_else(|| get(right)).map(|mark| (what, mark)),
            Reads::Key(what) => marks.first_of(step.p3, step.p4.parse().unwrap_or(1).max(1)).map(|mark| (what, mark)),
            Reads::Own => self.misused_by_name(),
        }
    }

    fn misused_by_name(&self) -> Option<(&'p str, Mark)> {
        let (step, marks) = (self.step, self.marks);
        let (p1, p2, p3) = (step.p1, step.p2, step.p3);
        match step.opcode.as_str() {
            "Compare" => self.compared(p1, p3).or_else(|| self.compared(p2, p3)).map(|mark| ("grouping", mark)),
            "VFilter" => marks.first_of(p3 + 2, self.whole.constant(p3 + 1)).map(|mark| ("a table function", mark)),
            "Insert" => self.unknown_row().or_else(|| self.stored().map(|mark| ("storing", mark))),
            "SorterInsert" | "IdxInsert" => {
                let stored = self.stored().map(|mark| ("storing", mark));
                let sorted = || self.sorted().map(|mark| ("sorting", mark));
                self.unknown_row().or(stored).or_else(sorted)
            }
            _ => self.misused_argument(),
        }
    }

    /// A quantity among `count` registers from `first` on that are compared; a permutation just before may pick them.
    fn compared(&self, first: i64, count: i64) -> Option<Mark> {
        match self.whole.before(self.at).filter(|before| before.opcode == "Permutation") {
            None => self.marks.first_of(first, count),
            Some(picks) => picks.numbers().find_map(|offset| self.marks.get(first + offset)),
        }
    }

    /// A function or an aggregate that is handed a quantity and is not known to keep it.
    fn misused_argument(&self) -> Option<(&'p str, Mark)> {
        let (name, count) = self.step.function();
        let takes_quantities =
            matches!(udf::kind_of(name), Some(udf::FunctionKind::Quantity | udf::FunctionKind::PartOfQuantity));
        if name == TAG_FUNCTION || HARMLESS.contains(&name) || takes_quantities {
            return None;
        }
        let within = |count: i64| self.marks.first_of(self.step.p2, count);
        let found = within(count.unwrap_or(MAX_FUNCTION_ARGUMENTS))?;
        let found = if count.is_some() { Some(found) } else { within(self.whole.most_arguments(name)) };
        found.map(|mark| (name, mark))
    }

    /// A row with a quantity in it of which the columns are not known.
    fn unknown_row(&self) -> Option<(&'p str, Mark)> {
        let mark = self.marks.get(self.step.p2).filter(|_| self.record().is_empty())?;
        Some(("an unknown step", mark))
    }

    /// A marked column of a row that is written to a table, which keeps the text and not that it is a quantity.
    fn stored(&self) -> Option<Mark> {
        let mark = self.record().iter().find_map(Field::mark)?;
        self.whole.opened(self.step.p1).any(|open| open.opcode == "OpenWrite").then_some(mark)
    }

    /// A marked column within the key of a sorter or of an index, which orders it as text.
    fn sorted(&self) -> Option<Mark> {
        self.record().iter().find_map(Field::mark)?;
        let opens = ["SorterOpen", "OpenEphemeral", "OpenAutoindex"];
        let keys = self.whole.opened(self.step.p1).find(|open| opens.contains(&open.opcode.as_str()));
        let keys = keys.map_or(0, |open| match open.opcode.as_str() {
            "OpenAutoindex" => self.whole.sought_columns(open.p1),
            _ => open.key_columns(),
        });
        self.record().iter().take(keys).find_map(Field::mark)
    }

    fn record(&self) -> std::rc::Rc<super::marks::Record> {
        self.marks.record(self.step.p2)
    }
}

impl<'p> Whole<'p> {
    pub(super) fn new(steps: &'p [Step], texts: &'p dyn Fn() -> String) -> Self {
        let mut openings: BTreeMap<i64, Vec<&Step>> = BTreeMap::new();
        for step in steps.iter().filter(|step| step.opcode.starts_with("Open") || step.opcode == "SorterOpen") {
            openings.entry(step.p1).or_default().push(step);
        }
        Self { steps, openings, texts }
    }

    /// The most arguments that any call of a function has. The program does not tell how many a function takes that takes
    /// any number, and what stands in the registers behind them is no business of its.
    fn most_arguments(&self, name: &str) -> i64 {
        let most = most_arguments(&(self.texts)(), name).and_then(|most| i64::try_from(most).ok());
        most.unwrap_or(MAX_FUNCTION_ARGUMENTS)
    }

    fn before(&self, at: usize) -> Option<&'p Step> {
        at.checked_sub(1).map(|before| &self.steps[before])
    }

    /// The steps that open a cursor.
    fn opened(&self, cursor: i64) -> impl Iterator<Item = &'p Step> {
        self.openings.get(&cursor).into_iter().flatten().copied()
    }

    /// The largest whole number that the program loads into a register; 0 where it loads none.
    fn constant(&self, register: i64) -> i64 {
        let loads = |step: &&Step| step.opcode == "Integer" && step.p2 == register;
        self.steps.iter().filter(loads).map(|step| step.p1).max().unwrap_or_default()
    }

    /// How many columns of an automatic index are compared when it is searched; the rest of its key is carried along.
    fn sought_columns(&self, cursor: i64) -> usize {
        let seeks = ["SeekGE", "SeekGT", "SeekLE", "SeekLT", "IdxGE", "IdxGT", "IdxLE", "IdxLT", "Found", "NotFound"];
        let searched = self.steps.iter().filter(|step| step.p1 == cursor && seeks.contains(&step.opcode.as_str()));
        searched.filter_map(|step| step.p4.parse().ok()).max().unwrap_or_default()
    }
}
