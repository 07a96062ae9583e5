//! Follows the marked values of a statement through its program, to answer two questions: which of its result
//! columns are quantities, and where a quantity is handed to something that knows no units. It changes nothing.

use super::flow::successors;
use super::marks::{Cursors, Kind, Mark, Marks, either};
use super::program::{Step, program};
use crate::store::{Book, MARKER};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The names of the parameters of a statement, from 1 on, where a quantity was bound.
pub(super) type BoundQuantities = [Option<Rc<str>>];

/// A quantity under an operator or function that would drop its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Misuse {
    /// What the program does to it: an operator, a function's name, `sorting`, `grouping` or `comparing`.
    pub(super) operator: String,
    /// The quantity's column.
    pub(super) column: String,
}

/// Functions that may see a quantity: they keep it whole, or ask only whether there is one.
const HARMLESS: [&str; 5] = ["coalesce", "ifnull", "iif", "typeof", "count"];

/// For each result column, whether it is a quantity; or the first misuse.
///
/// # Errors
/// SQLite's own, of `EXPLAIN`.
pub(super) fn quantity_columns(
    book: &Book,
    sql: &str,
    bound: &BoundQuantities,
    width: usize,
) -> rusqlite::Result<Result<Vec<bool>, Misuse>> {
    let steps = program(book, sql)?;
    let mut pass = Pass {
        steps: &steps,
        labels: labels(&steps),
        temporary: temporary_cursors(&steps),
        bound,
        states: BTreeMap::new(),
        cursors: Cursors::default(),
    };
    pass.run();
    Ok(pass.verdict(width))
}

/// The steps that load a text into a register, by the register: the marker's second argument is such a text.
fn labels(steps: &[Step]) -> BTreeMap<i64, usize> {
    let texts = steps.iter().enumerate().filter(|(_, step)| step.opcode == "String8");
    texts.map(|(at, step)| (step.p2, at)).collect()
}

fn temporary_cursors(steps: &[Step]) -> BTreeSet<i64> {
    let opens = ["OpenEphemeral", "SorterOpen", "OpenAutoindex", "OpenPseudo", "OpenDup"];
    steps.iter().filter(|step| opens.contains(&step.opcode.as_str())).map(|step| step.p1).collect()
}

struct Pass<'p> {
    steps: &'p [Step],
    labels: BTreeMap<i64, usize>,
    /// Cursors over rows that the program itself has made, rather than over a table of the book.
    temporary: BTreeSet<i64>,
    /// The name of parameter `n`, where it was bound to a quantity.
    bound: &'p BoundQuantities,
    /// What is marked when a step begins, for each step reached.
    states: BTreeMap<usize, Marks>,
    cursors: Cursors,
}

impl Pass<'_> {
    /// Carries marks along every path until nothing new is marked. Marks are only ever added to a state, so it ends.
    fn run(&mut self) {
        let successors: Vec<Vec<usize>> = (0..self.steps.len()).map(|at| successors(self.steps, at)).collect();
        self.states.insert(0, Marks::default());
        let mut waiting = BTreeSet::from([0]);
        while let Some(at) = waiting.pop_first() {
            let mut marks = self.states.get(&at).cloned().unwrap_or_default();
            if self.apply(at, &mut marks) {
                waiting.extend(self.states.keys().filter(|at| self.reads_rows(**at)));
            }
            for next in &successors[at] {
                let grew = match self.states.get_mut(next) {
                    Some(state) => state.merge(&marks),
                    None => self.states.insert(*next, marks.clone()).is_none(),
                };
                if grew {
                    waiting.insert(*next);
                }
            }
        }
    }

    /// Whether a step reads what a temporary cursor holds.
    fn reads_rows(&self, at: usize) -> bool {
        let step = &self.steps[at];
        matches!(step.opcode.as_str(), "Column" | "SorterData" | "RowData") && self.temporary.contains(&step.p1)
    }

    /// What the step at `at` does to the marks; whether a cursor learned anything new of its columns.
    fn apply(&mut self, at: usize, marks: &mut Marks) -> bool {
        let step = &self.steps[at];
        let (p1, p2, p3) = (step.p1, step.p2, step.p3);
        match step.opcode.as_str() {
            "Function" | "PureFunc" => marks.set(p3, Some(self.function_kind(step, marks))),
            "Copy" => (0..=p3).for_each(|i| marks.copy(p1 + i, p2 + i)),
            "SCopy" => marks.copy(p1, p2),
            "Move" => (0..p3).for_each(|i| marks.shift(p1 + i, p2 + i)),
            "MakeRecord" => marks.make_record(p1, p2, p3),
            "Insert" | "IdxInsert" | "SorterInsert" => return self.cursors.insert(p1, &marks.record(p2)),
            "OpenPseudo" => self.cursors.set_pseudo(p1, p2),
            "OpenDup" => return self.cursors.share(p1, p2),
            "SorterData" | "RowData" => marks.set_record(p2, self.cursors.row(p1)),
            "Column" if self.temporary.contains(&p1) => marks.set(p3, self.cursors.column(p1, p2, marks)),
            "Variable" => marks.set(p2, Some(self.parameter_kind(step))),
            "Null" => (p2..=p3.max(p2)).for_each(|register| marks.set(register, None)),
            "Integer" | "Int64" | "Real" | "String8" | "String" | "Blob" | "Rowid" | "IdxRowid" | "Sequence"
            | "NewRowid" | "Count" | "Not" | "BitNot" | "IsTrue" => marks.set(p2, Some(Kind::Plain)),
            "Column" | "VColumn" | "Add" | "Subtract" | "Multiply" | "Divide" | "Remainder" | "Concat" | "BitAnd"
            | "BitOr" | "ShiftLeft" | "ShiftRight" | "And" | "Or" | "AggValue" => marks.set(p3, Some(Kind::Plain)),
            "AggFinal" => marks.set(p1, Some(Kind::Plain)),
            _ => {}
        }
        false
    }

    /// The marker marks. What a function makes of other values is none: one that is handed a quantity is harmless only
    /// if it counts or names, and anything else is a misuse.
    fn function_kind(&self, step: &Step, marks: &Marks) -> Kind {
        match step.function() {
            (MARKER, 2) => Kind::Quantity(Mark(self.labels.get(&(step.p2 + 1)).copied().unwrap_or_default())),
            ("typeof" | "count", _) => Kind::Plain,
            (_, arguments) => marks.first_of(step.p2, arguments).map_or(Kind::Plain, Kind::Quantity),
        }
    }

    fn parameter_kind(&self, step: &Step) -> Kind {
        let index = usize::try_from(step.p1).unwrap_or_default();
        let is_quantity = self.bound.get(index).is_some_and(Option::is_some);
        if is_quantity { Kind::Quantity(Mark(self.steps.len() + index)) } else { Kind::Plain }
    }

    /// The name behind a mark: of a column, which a step of the program loads, or of a parameter.
    fn name(&self, Mark(place): Mark) -> String {
        match place.checked_sub(self.steps.len()) {
            Some(index) => self.bound.get(index).cloned().flatten().map_or_else(String::new, |name| name.to_string()),
            None => self.steps[place].p4.clone(),
        }
    }

    /// After the marks have settled: the typed columns, or the first step that misuses a marked register.
    fn verdict(&self, width: usize) -> Result<Vec<bool>, Misuse> {
        // A row that no path seems to reach means that the program was not understood.
        let is_unreached = |(at, step): (usize, &Step)| step.opcode == "ResultRow" && !self.states.contains_key(&at);
        if self.steps.iter().enumerate().any(is_unreached) {
            return Err(Misuse { operator: "an unknown step".to_owned(), column: "a quantity".to_owned() });
        }
        let mut columns: Vec<Option<Kind>> = vec![None; width];
        for (at, marks) in &self.states {
            let step = &self.steps[*at];
            if step.opcode == "ResultRow" {
                for (register, column) in (step.p1..step.p1 + step.p2).zip(&mut columns) {
                    *column = either(*column, marks.kind(register));
                }
            } else if let Some((operator, column)) = self.misuse(step, marks) {
                return Err(Misuse { operator: operator.to_owned(), column: self.name(column) });
            }
        }
        let mixed =
            columns.iter().flatten().find_map(|kind| if let Kind::Mixed(mark) = kind { Some(*mark) } else { None });
        match mixed {
            Some(mark) => Err(Misuse { operator: "mixing".to_owned(), column: self.name(mark) }),
            None => Ok(columns.iter().map(|kind| kind.is_some_and(|kind| kind.mark().is_some())).collect()),
        }
    }

    fn misuse<'s>(&'s self, step: &'s Step, marks: &Marks) -> Option<(&'s str, Mark)> {
        let either = |operator: &'s str, left: i64, right: i64| {
            marks.get(left).or_else(|| marks.get(right)).map(|column| (operator, column))
        };
        let (p1, p2, p3) = (step.p1, step.p2, step.p3);
        match step.opcode.as_str() {
            "Eq" | "Ne" | "Lt" | "Le" | "Gt" | "Ge" => either(operator_of(&step.opcode), p3, p1),
            "Compare" => marks.first_of(p1, p3).or_else(|| marks.first_of(p2, p3)).map(|column| ("grouping", column)),
            "MustBeInt" => marks.get(p1).map(|column| ("comparing", column)),
            "SeekRowid" | "NotExists" => marks.get(p3).map(|column| ("comparing", column)),
            "VFilter" => marks.first_of(p3 + 2, self.constant(p3 + 1)).map(|column| ("a table function", column)),
            "If" | "IfNot" | "IsTrue" => marks.get(p1).map(|column| ("a condition", column)),
            "Cast" => marks.get(p1).map(|column| ("cast", column)),
            "Function" | "PureFunc" | "AggStep" | "AggInverse" => misused_argument(step, marks),
            "Found" | "NotFound" | "NoConflict" | "SeekGE" | "SeekGT" | "SeekLE" | "SeekLT" | "IdxGE" | "IdxGT"
            | "IdxLE" | "IdxLT" => {
                marks.first_of(p3, step.p4.parse().unwrap_or(1).max(1)).map(|column| ("comparing", column))
            }
            "Insert" => self.stored_column(step, marks).map(|column| ("storing", column)),
            "SorterInsert" | "IdxInsert" => {
                let stored = self.stored_column(step, marks).map(|column| ("storing", column));
                stored.or_else(|| self.sorted_column(step, marks).map(|column| ("sorting", column)))
            }
            opcode => match operator_of(opcode) {
                "" => None,
                // The machine takes its right operand first.
                operator => either(operator, p2, p1),
            },
        }
    }

    /// The whole number that the program loads into a register; 0 where it loads none.
    fn constant(&self, register: i64) -> i64 {
        let loads = |step: &&Step| step.opcode == "Integer" && step.p2 == register;
        self.steps.iter().find(loads).map_or(0, |step| step.p1)
    }

    /// A marked column of a row that is written to a table, which keeps the text and not that it is a quantity.
    fn stored_column(&self, step: &Step, marks: &Marks) -> Option<Mark> {
        let is_table = self.steps.iter().any(|open| open.opcode == "OpenWrite" && open.p1 == step.p1);
        marks.record(step.p2).iter().flatten().find_map(|kind| kind.mark()).filter(|_| is_table)
    }

    /// A marked column within the key of a sorter or of an index, which orders it as text.
    fn sorted_column(&self, step: &Step, marks: &Marks) -> Option<Mark> {
        let opens = |open: &&Step| {
            matches!(open.opcode.as_str(), "SorterOpen" | "OpenEphemeral" | "OpenAutoindex") && open.p1 == step.p1
        };
        let keys = self.steps.iter().find(opens).map_or(0, |open| match open.opcode.as_str() {
            "OpenAutoindex" => self.sought_columns(open.p1),
            _ => open.key_columns(),
        });
        marks.record(step.p2).iter().take(keys).flatten().find_map(|kind| kind.mark())
    }

    /// How many columns of an automatic index are compared when it is searched; the rest of its key is carried along.
    fn sought_columns(&self, cursor: i64) -> usize {
        let seeks = ["SeekGE", "SeekGT", "SeekLE", "SeekLT", "IdxGE", "IdxGT", "IdxLE", "IdxLT", "Found", "NotFound"];
        let searched = self.steps.iter().filter(|step| step.p1 == cursor && seeks.contains(&step.opcode.as_str()));
        searched.filter_map(|step| step.p4.parse().ok()).max().unwrap_or_default()
    }
}

/// A function or an aggregate that is handed a quantity and is not known to keep it.
fn misused_argument<'s>(step: &'s Step, marks: &Marks) -> Option<(&'s str, Mark)> {
    let (name, arguments) = step.function();
    if name == MARKER || HARMLESS.contains(&name) {
        return None;
    }
    marks.first_of(step.p2, arguments).map(|column| (name, column))
}

/// The operator that an opcode carries out, as written; empty for what is no operator.
fn operator_of(opcode: &str) -> &'static str {
    match opcode {
        "Add" => "+",
        "Subtract" => "-",
        "Multiply" => "*",
        "Divide" => "/",
        "Remainder" => "%",
        "Concat" => "||",
        "BitAnd" => "&",
        "BitOr" => "|",
        "ShiftLeft" => "<<",
        "ShiftRight" => ">>",
        "BitNot" => "~",
        "Not" => "not",
        "And" => "and",
        "Or" => "or",
        "Eq" => "=",
        "Ne" => "<>",
        "Lt" => "<",
        "Le" => "<=",
        "Gt" => ">",
        "Ge" => ">=",
        _ => "",
    }
}
