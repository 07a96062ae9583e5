//! Follows the quantities of a statement through its program, to answer two questions: which of its result columns are
//! quantities, and where one is handed to something that knows no units (see `reading`). It changes nothing.

use super::fixpoint::{Settled, Transfer, settle};
use super::flow::{Closeness, Flow};
use super::marks::{Cursors, Kind, Mark, Marks, either};
use super::opcodes::{Reads, Writes};
use super::program::{Step, program};
use super::reading::{self, Reading, Whole};
use crate::store::{Book, LiteralArguments, TAG_FUNCTION, udf};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What was bound to a parameter.
#[derive(Debug, Clone, Default)]
pub(super) struct BoundValue {
    /// The parameter's name, where it is a quantity.
    pub(super) quantity: Option<Rc<str>>,
    /// Whether it comes from the book rather than from a person.
    pub(super) is_of_book: bool,
}

/// What was bound to the parameters of a statement, from 1 on.
pub(super) type BoundValues = [BoundValue];

/// A quantity under an operator or function that would drop its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Misuse {
    /// What the program does to it: an operator, a function's name, `sorting`, `grouping` or `comparing`.
    pub(super) operator: String,
    /// The quantity's column, or the function that made it, as `q_sum(…)`.
    pub(super) column: String,
}

impl Misuse {
    /// Of a program with a step that is not known, or with rows that no way seems to reach.
    fn not_understood() -> Self {
        Self { operator: "an unknown step".to_owned(), column: "a quantity".to_owned() }
    }
}

/// What the pass has found in a statement.
#[derive(Debug)]
pub(super) struct Typed {
    /// For each result column, whether it is a quantity.
    pub(super) are_quantities: Vec<bool>,
    /// For each result column, whether it is made of numbers that a person gave.
    pub(super) are_given: Vec<bool>,
    /// The arguments of functions that a person gave.
    pub(super) given_arguments: LiteralArguments,
    /// Whether rows leave the windows of its aggregates again.
    pub(super) slides: bool,
    /// Whether something is made of a quantity that does not say what it rests on.
    pub(super) extracts: bool,
}

/// Types the result columns of a statement; or the first misuse.
///
/// # Errors
/// SQLite's own, of `EXPLAIN`; that of an interrupted statement, where the pass is told to end.
pub(super) fn quantity_columns(
    book: &Book,
    sql: &str,
    bound: &BoundValues,
    width: usize,
) -> rusqlite::Result<Result<Typed, Misuse>> {
    typed(book, sql, &program(book, sql)?, bound, width)
}

/// The same of a program that has been read already.
///
/// # Errors
/// As [`quantity_columns`].
pub(super) fn typed(
    book: &Book,
    sql: &str,
    steps: &[Step],
    bound: &BoundValues,
    width: usize,
) -> rusqlite::Result<Result<Typed, Misuse>> {
    let mut pass = Pass {
        steps,
        labels: labels(steps),
        temporary: temporary_cursors(steps),
        bound,
        book,
        cursors: Cursors::default(),
    };
    let mut ways = [Closeness::TellingCalls, Closeness::AnyCaller, Closeness::DeadCodeToo].into_iter();
    loop {
        // Programs without end are none: where nothing settles, the last closeness is taken as not understood.
        let Some(closeness) = ways.next() else { return Ok(Err(Misuse::not_understood())) };
        pass.cursors = Cursors::default();
        let flow = Flow::new(steps, closeness);
        let Some(states) = settle(&flow, &mut pass, book.stop())? else { continue };
        let is_row = |at: &usize| steps[*at].opcode == "ResultRow";
        if (0..steps.len()).filter(is_row).all(|at| states.reaches(at)) {
            return pass.verdict(&states, width, &|| [sql, &book.view_definitions().unwrap_or_default()].join("\n"));
        }
    }
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

/// What an aggregate makes; `gathered` is what it was last handed.
fn aggregate_kind(at: usize, step: &Step, gathered: Option<Kind>) -> Option<Kind> {
    match step.function().0 {
        "last_value" => gathered,
        "count" => Some(Kind::Plain),
        name if udf::kind_of(name).is_none() && gathered == Some(Kind::Given) => gathered,
        name => match udf::kind_of(name) {
            Some(udf::FunctionKind::Quantity) => Some(Kind::Quantity(Mark::new(at))),
            _ => Some(Kind::Plain),
        },
    }
}

/// Whether an operator has what a person gave on either side.
fn is_given(step: &Step, reads: Reads, marks: &Marks) -> bool {
    let holds = |operand| marks.any_given(step.register(operand), 1);
    match reads {
        Reads::Value(operand, _) => holds(operand),
        Reads::Pair(left, right, _) => holds(left) || holds(right),
        Reads::Nothing | Reads::Key(_) | Reads::Own => false,
    }
}

struct Pass<'p> {
    steps: &'p [Step],
    labels: BTreeMap<i64, usize>,
    /// Cursors over rows that the program itself has made, rather than over a table of the book.
    temporary: BTreeSet<i64>,
    /// The name of parameter `n`, where it was bound to a quantity.
    bound: &'p BoundValues,
    book: &'p Book,
    cursors: Cursors,
}

impl Transfer for Pass<'_> {
    type State = Marks;

    const MOST_SIZE: usize = usize::MAX;

    fn reads_rows(&self, at: usize) -> bool {
        let step = &self.steps[at];
        matches!(step.opcode.as_str(), "Column" | "SorterData" | "RowData") && self.temporary.contains(&step.p1)
    }

    fn apply(&mut self, at: usize, marks: &mut Marks) -> bool {
        let step = &self.steps[at];
        let Some(does) = step.does else { return false };
        match does.writes {
            Writes::Nothing => {}
            Writes::Plain(operand) => {
                let kind = if is_given(step, does.reads, marks) { Kind::Given } else { Kind::Plain };
                marks.set(step.register(operand), Some(kind));
            }
            Writes::Given(operand) => marks.set(step.register(operand), Some(Kind::Given)),
            Writes::Null(operand) => marks.set(step.register(operand), None),
            Writes::Own => return self.apply_own(at, step, marks),
        }
        false
    }
}

impl Pass<'_> {
    /// What moves values rather than making them.
    fn apply_own(&mut self, at: usize, step: &Step, marks: &mut Marks) -> bool {
        let (p1, p2, p3) = (step.p1, step.p2, step.p3);
        match step.opcode.as_str() {
            "Variable" => marks.set(p2, Some(self.parameter_kind(step))),
            "Null" => (p2..=p3.max(p2)).for_each(|register| marks.set(register, None)),
            "Copy" => (0..=p3).for_each(|i| marks.copy(p1 + i, p2 + i)),
            "SCopy" => marks.copy(p1, p2),
            "Move" => (0..p3).for_each(|i| marks.shift(p1 + i, p2 + i)),
            "Function" | "PureFunc" => marks.set(p3, self.function_kind(at, step, marks)),
            "AggStep" if step.function().0 == "last_value" => marks.set(p3, marks.kind(p2)),
            "AggStep" if marks.any_given(p2, step.function().1.unwrap_or(1)) => marks.set(p3, Some(Kind::Given)),
            "AggStep" => {}
            "AggValue" => marks.set(p3, aggregate_kind(at, step, marks.kind(p1))),
            "AggFinal" => marks.set(p1, aggregate_kind(at, step, marks.kind(p1))),
            "MakeRecord" => marks.make_record(p1, p2, p3),
            "Insert" | "IdxInsert" | "SorterInsert" => return self.cursors.insert(p1, &marks.record(p2)),
            "OpenPseudo" => self.cursors.set_pseudo(p1, p2),
            "OpenDup" => return self.cursors.share(p1, p2),
            "SorterData" | "RowData" => marks.set_record(p2, self.cursors.row(p1)),
            "Column" if self.temporary.contains(&p1) => marks.set_field(p3, self.cursors.column(p1, p2, marks)),
            _ => marks.set(p3, Some(Kind::Plain)),
        }
        false
    }

    /// What a function makes: a quantity if it is the marker or the table of functions says so. What hands one of its
    /// arguments on makes what they are.
    fn function_kind(&self, at: usize, step: &Step, marks: &Marks) -> Option<Kind> {
        let (name, arguments) = step.function();
        match (name, udf::kind_of(name)) {
            (TAG_FUNCTION, _) => {
                Some(Kind::Quantity(Mark::new(self.labels.get(&(step.p2 + 1)).copied().unwrap_or_default())))
            }
            (_, Some(udf::FunctionKind::Quantity | udf::FunctionKind::FromPlain)) => {
                Some(Kind::Quantity(Mark::new(at)))
            }
            (_, Some(udf::FunctionKind::PartOfQuantity)) => Some(self.part_kind(step, arguments, marks)),
            ("coalesce" | "ifnull" | "iif" | "if", _) => (step.p2..step.p2 + arguments.unwrap_or_default())
                .map(|register| marks.kind(register))
                .fold(None, either),
            // How many arguments a function of any number has is not told.
            (name, _) => {
                let is_given = arguments.is_none_or(|count| marks.any_given(step.p2, count));
                Some(if is_given || self.book.is_host_function(name) { Kind::Given } else { Kind::Plain })
            }
        }
    }

    /// What is made of the parts of a quantity: a column's are the book's, those of one that a function has made may be
    /// a person's.
    fn part_kind(&self, step: &Step, arguments: Option<i64>, marks: &Marks) -> Kind {
        let is_column = |mark: Mark| self.steps.get(mark.place()).is_some_and(|step| step.opcode == "String8");
        let is_of_book = |register| match marks.kind(register) {
            Some(Kind::Quantity(mark)) => is_column(mark),
            Some(Kind::Plain) | None => true,
            Some(Kind::Mixed(_) | Kind::Given) => register > step.p2 && marks.get(register).is_none(),
        };
        let all = (step.p2..step.p2 + arguments.unwrap_or(1)).all(is_of_book);
        if all { Kind::Plain } else { Kind::Given }
    }

    fn parameter_kind(&self, step: &Step) -> Kind {
        let index = usize::try_from(step.p1).unwrap_or_default();
        match self.bound.get(index) {
            Some(bound) if bound.quantity.is_some() => Kind::Quantity(Mark::new(self.steps.len() + index)),
            Some(bound) if bound.is_of_book => Kind::Plain,
            _ => Kind::Given,
        }
    }

    /// The name behind a mark: of a column or a function, which a step of the program has, or of a parameter.
    fn name(&self, mark: Mark) -> String {
        let place = mark.place();
        if let Some(index) = place.checked_sub(self.steps.len()) {
            let name = self.bound.get(index).and_then(|bound| bound.quantity.as_deref());
            return name.unwrap_or_default().to_owned();
        }
        let step = &self.steps[place];
        if step.opcode == "String8" { step.p4.clone() } else { format!("{}(…)", step.function().0) }
    }

    /// After the marks have settled: the typed columns, or the first step that misuses a marked register.
    fn verdict(
        mut self,
        states: &Settled<'_, '_, Marks>,
        width: usize,
        texts: &dyn Fn() -> String,
    ) -> rusqlite::Result<Result<Typed, Misuse>> {
        let (steps, stop) = (self.steps, self.book.stop());
        if steps.iter().any(|step| step.does.is_none()) {
            return Ok(Err(Misuse::not_understood()));
        }
        let whole = Whole::new(steps, texts);
        let mut found = Found { columns: vec![None; width], ..Found::default() };
        states
            .walk(&mut self, stop, |at, marks| found.look(&Reading { at, step: &steps[at], marks, whole: &whole }))?;
        Ok(match found.misuse() {
            Some((operator, mark)) => Err(Misuse { operator: operator.to_owned(), column: self.name(mark) }),
            None => Ok(found.typed(steps)),
        })
    }
}

/// What is found out step by step.
#[derive(Default)]
struct Found<'p> {
    columns: Vec<Option<Kind>>,
    /// By the step.
    misused: BTreeMap<usize, (&'p str, Mark)>,
    given_arguments: LiteralArguments,
    extracts: bool,
}

impl<'p> Found<'p> {
    fn look(&mut self, reading: &Reading<'p, '_>) {
        let (step, marks) = (reading.step, reading.marks);
        if step.opcode == "ResultRow" {
            for (register, column) in (step.p1..step.p1 + step.p2).zip(&mut self.columns) {
                *column = either(*column, marks.kind(register));
            }
        } else if let Some(misused) = reading.misused() {
            self.misused.entry(reading.at).or_insert(misused);
        }
        self.extracts |= reading::extracts(step, marks);
        if matches!(step.opcode.as_str(), "Function" | "PureFunc" | "AggStep") {
            // A function that is called in several places is told of them all.
            let (name, count) = step.function();
            let given = (0..count.unwrap_or_default()).filter(|place| marks.any_given(step.p2 + place, 1));
            given.for_each(|place| self.given_arguments.insert(name, place));
        }
    }

    /// What is done to a quantity that would drop its unit. A row that is stored is looked up first, where its table has
    /// keys.
    fn misuse(&self) -> Option<(&'p str, Mark)> {
        let stored = self.misused.values().find(|(operator, _)| *operator == "storing");
        let mixed = self.columns.iter().flatten().find_map(|kind| match kind {
            Kind::Mixed(mark) => Some(("mixing", *mark)),
            _ => None,
        });
        stored.or(self.misused.values().next()).copied().or(mixed)
    }

    fn typed(self, steps: &[Step]) -> Typed {
        Typed {
            are_quantities: self.columns.iter().map(|kind| kind.is_some_and(|kind| kind.mark().is_some())).collect(),
            are_given: self.columns.iter().map(|kind| *kind == Some(Kind::Given)).collect(),
            given_arguments: self.given_arguments,
            slides: steps.iter().any(|step| step.opcode == "AggInverse"),
            extracts: self.extracts,
        }
    }
}
