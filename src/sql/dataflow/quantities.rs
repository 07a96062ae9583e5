//! Follows the quantities of a statement through its program, to answer two questions: which of its result columns are
//! quantities, and where one is handed to something that knows no units. It changes nothing.

use super::super::bind::BoundValues;
use super::bytecode::{Reads, Step, Writes, program};
use super::control_flow::{Closeness, Flow};
use super::state::{Cursors, Field, Kind, Mark, Marks, Record, either};
use super::{Settled, Transfer, settle};
use crate::store::{Book, GivenArguments, MARKER, functions};
use crate::syntax::expr::most_arguments;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A quantity under an operator or function that would drop its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misuse {
    /// What the program does to it: an operator, a function's name, `sorting`, `grouping` or `comparing`.
    pub(crate) operator: String,
    /// The quantity's column, or the function that made it, as `q_sum(…)`.
    pub(crate) column: String,
}

impl Misuse {
    /// Of a program with a step that is not known, or with rows that no way seems to reach.
    fn not_understood() -> Self {
        Self { operator: "an unknown step".to_owned(), column: "a quantity".to_owned() }
    }
}

/// What the pass has found in a statement.
#[derive(Debug)]
pub(crate) struct Typed {
    /// For each result column, whether it is a quantity.
    pub(crate) are_quantities: Vec<bool>,
    /// For each result column, whether it is made of numbers that a person gave.
    pub(crate) are_given: Vec<bool>,
    /// The arguments of functions that a person gave.
    pub(crate) given_arguments: GivenArguments,
    /// Whether rows leave the windows of its aggregates again.
    pub(crate) slides: bool,
    /// Whether something is made of a quantity that does not say what it rests on.
    pub(crate) extracts: bool,
}

/// Types the result columns of a statement; or the first misuse.
///
/// # Errors
/// SQLite's own, of `EXPLAIN`; that of an interrupted statement, where the pass is told to end.
pub(crate) fn quantity_columns(
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
pub(crate) fn typed(
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
        name if functions::kind_of(name).is_none() && gathered == Some(Kind::Given) => gathered,
        name => match functions::kind_of(name) {
            Some(functions::Kind::Quantity) => Some(Kind::Quantity(Mark::new(at))),
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
        match (name, functions::kind_of(name)) {
            (MARKER, _) => {
                Some(Kind::Quantity(Mark::new(self.labels.get(&(step.p2 + 1)).copied().unwrap_or_default())))
            }
            (_, Some(functions::Kind::Quantity | functions::Kind::FromPlain)) => Some(Kind::Quantity(Mark::new(at))),
            (_, Some(functions::Kind::PartOfQuantity)) => Some(self.part_kind(step, arguments, marks)),
            ("coalesce" | "ifnull" | "iif" | "if", _) => (step.p2..step.p2 + arguments.unwrap_or_default())
                .map(|register| marks.kind(register))
                .fold(None, either),
            // How many arguments a function of any number has is not told.
            (name, _) => {
                let is_given = arguments.is_none_or(|count| marks.any_given(step.p2, count));
                Some(if is_given || self.book.calls_script(name) { Kind::Given } else { Kind::Plain })
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
    given_arguments: GivenArguments,
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
        self.extracts |= extracts(step, marks);
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

/// Functions of SQLite's own that may be handed a quantity: they keep it whole, or ask only whether there is one.
const HARMLESS: [&str; 7] = ["coalesce", "ifnull", "iif", "if", "typeof", "count", "last_value"];

/// SQLite's own bound on the arguments of a function (`SQLITE_MAX_FUNCTION_ARG`).
const MAX_FUNCTION_ARGUMENTS: i64 = 1_000;

/// What is read of a program as a whole.
struct Whole<'p> {
    steps: &'p [Step],
    /// The steps that open a cursor, by the cursor: a long list of values is written into one row by row.
    openings: BTreeMap<i64, Vec<&'p Step>>,
    /// Every text that a call of a function in the program may stand in: the statement, and the views.
    texts: &'p dyn Fn() -> String,
}

/// A step with its place in the program and what is marked when it begins.
struct Reading<'p, 'm> {
    at: usize,
    step: &'p Step,
    marks: &'m Marks,
    whole: &'m Whole<'p>,
}

/// Functions of quantities that give one, and yet not always one that names all that decided it: there may be no end, and
/// then there is nothing to name it.
const SELECTING: [&str; 2] = ["q_lo", "q_hi"];

/// Whether a step makes something of a quantity that does not say what the quantity rests on: a part of it, its order among
/// others, or whether there is one.
fn extracts(step: &Step, marks: &Marks) -> bool {
    match step.opcode.as_str() {
        "IsNull" | "NotNull" | "IsType" | "ElseEq" | "HaltIfNull" | "ZeroOrNull" => marks.get(step.p1).is_some(),
        "Function" | "PureFunc" | "AggStep" | "AggInverse" => {
            let (name, count) = step.function();
            let is_kept = match functions::kind_of(name) {
                Some(functions::Kind::Quantity) => functions::find(name).is_some() && !SELECTING.contains(&name),
                _ => name == MARKER || matches!(name, "last_value" | "iif" | "if"),
            };
            !is_kept && marks.first_of(step.p2, count.unwrap_or(MAX_FUNCTION_ARGUMENTS)).is_some()
        }
        _ => false,
    }
}

impl<'p> Reading<'p, '_> {
    /// The quantity that the step misuses, and what it does with it: an operator, a function's name, or a phrase.
    fn misused(&self) -> Option<(&'p str, Mark)> {
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
            matches!(functions::kind_of(name), Some(functions::Kind::Quantity | functions::Kind::PartOfQuantity));
        if name == MARKER || HARMLESS.contains(&name) || takes_quantities {
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

    fn record(&self) -> Rc<Record> {
        self.marks.record(self.step.p2)
    }
}

impl<'p> Whole<'p> {
    fn new(steps: &'p [Step], texts: &'p dyn Fn() -> String) -> Self {
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
