//! Type inference of quantities: types the result columns of a statement by its program, and finds the first violation, a
//! quantity handed to something that knows no units. It changes nothing.

use super::bytecode::{Op, Reads, Writes, explain};
use super::control_flow::{CallSensitivity, ControlFlowGraph};
use super::liveness::LiveRegisters;
use super::probe_types::{ProbeCall, ProbeTypes};
use super::program_index::{MAX_FUNCTION_ARGUMENTS, ProgramIndex};
use super::state::{Cursors, Field, Fields, QuantitySource, TypeState, ValueType, union};
use super::{Analysis, Fixpoint, fixpoint};
use crate::sql::bind::BoundValues;
use crate::store::series::BOUND_FUNCTION;
use crate::store::{Book, LiteralArguments, PrepareError, TAG_FUNCTION, udf};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// A quantity under an operator or function that would drop its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The use that the program makes of it: an operator, a function's name, `sorting`, `grouping` or `comparing`.
    pub(crate) operator: String,
    /// The quantity's column, or the function that made it, as `q_sum(…)`.
    pub(crate) column: String,
}

impl Violation {
    /// That of a program with an unknown instruction, or with rows that no path seems to reach.
    fn not_understood() -> Self {
        Self { operator: "an unknown step".to_owned(), column: "a quantity".to_owned() }
    }
}

/// The types of a statement's results, and the findings on the way.
#[derive(Debug)]
pub(crate) struct QuantityTypes {
    /// For each result column, true for a quantity.
    pub(crate) are_quantities: Vec<bool>,
    /// For each result column, true if it is made of numbers that a person gave.
    pub(crate) are_user_supplied: Vec<bool>,
    /// The arguments of functions that a person gave; `None` where no quantity is followed.
    pub(crate) given_arguments: Option<Arc<LiteralArguments>>,
    /// True if rows leave the windows of its aggregates again.
    pub(crate) slides: bool,
    /// True if a plain value is made of a quantity, which then no longer names its assumptions.
    pub(crate) extracts: bool,
}

impl QuantityTypes {
    /// The types of results that are no quantities.
    pub(crate) fn plain(width: usize, are_user_supplied: bool) -> Self {
        Self {
            are_quantities: vec![false; width],
            are_user_supplied: vec![are_user_supplied; width],
            given_arguments: None,
            slides: false,
            extracts: false,
        }
    }
}

/// Types the result columns of a statement; or the first violation.
///
/// # Errors
/// SQLite's own, of `EXPLAIN`; that of an interrupted statement.
pub(crate) fn explain_and_infer_types(
    book: &Book,
    sql: &str,
    bound: &BoundValues,
    width: usize,
) -> Result<Result<QuantityTypes, Violation>, PrepareError> {
    Ok(infer_types(book, sql, &explain(book, sql)?, bound, width)?)
}

/// As [`explain_and_infer_types`], for a program that has been read already.
///
/// # Errors
/// That of an interrupted statement.
pub(crate) fn infer_types(
    book: &Book,
    sql: &str,
    program: &[Op],
    bound: &BoundValues,
    width: usize,
) -> rusqlite::Result<Result<QuantityTypes, Violation>> {
    let texts = || [sql, &book.view_definitions().unwrap_or_default()].join("\n");
    let found = at_fixpoint(book, program, bound, |analysis, states| analysis.conclude(states, width, &texts))?;
    Ok(found.unwrap_or_else(|| Err(Violation::not_understood())))
}

/// The types that the probes of a program are handed; `None` for one that is not understood.
///
/// # Errors
/// That of an interrupted statement.
pub(crate) fn infer_probe_types(
    book: &Book,
    program: &[Op],
    bound: &BoundValues,
) -> rusqlite::Result<Option<ProbeTypes>> {
    at_fixpoint(book, program, bound, QuantityAnalysis::conclude_probes)
}

/// Runs the analysis, and reads something off its fixpoint; `None` for a program that is not understood.
fn at_fixpoint<'p, T>(
    book: &'p Book,
    program: &'p [Op],
    bound: &'p BoundValues,
    conclude: impl FnOnce(QuantityAnalysis<'p>, &Fixpoint<TypeState>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    if program.iter().any(|op| op.effect.is_none()) {
        return Ok(None);
    }
    let mut analysis = QuantityAnalysis::new(book, program, bound);
    // Programs without end are none: where there is no fixpoint at the least sensitive, the program is not understood.
    for sensitivity in [CallSensitivity::PerCall, CallSensitivity::AnyCaller, CallSensitivity::DeadCodeToo] {
        analysis.cursors = Cursors::default();
        let flow = ControlFlowGraph::new(program, sensitivity);
        let Some(states) = fixpoint(&flow, &mut analysis, book.stop())? else { continue };
        let is_row = |at: &usize| program[*at].opcode == "ResultRow";
        if (0..program.len()).filter(is_row).all(|at| states.reaches(at)) {
            return conclude(analysis, &states).map(Some);
        }
    }
    Ok(None)
}

/// The instructions that load a text into a register, by the register: the marker's second argument is such a text.
fn labels(program: &[Op]) -> BTreeMap<i64, usize> {
    let texts = program.iter().enumerate().filter(|(_, op)| op.opcode == "String8");
    texts.map(|(at, op)| (op.p2, at)).collect()
}

fn temporary_cursors(program: &[Op]) -> BTreeSet<i64> {
    let opens = ["OpenEphemeral", "SorterOpen", "OpenAutoindex", "OpenPseudo", "OpenDup"];
    program.iter().filter(|op| opens.contains(&op.opcode)).map(|op| op.p1).collect()
}

/// The type of an aggregate; `gathered` is that of its last argument.
fn aggregate_type(at: usize, op: &Op, gathered: Option<ValueType>) -> Option<ValueType> {
    match op.function().0 {
        "last_value" => gathered,
        "count" => Some(ValueType::Plain),
        _ if ProbeCall::of(op).is_some() => gathered.or(Some(ValueType::Plain)),
        name if udf::kind_of(name).is_none() && gathered == Some(ValueType::UserSupplied) => gathered,
        name => match udf::kind_of(name) {
            Some(udf::FunctionKind::Quantity) => Some(ValueType::quantity(at)),
            _ => Some(ValueType::Plain),
        },
    }
}

/// True if an operator has a user-supplied value on either side.
fn has_user_supplied(op: &Op, reads: Reads, types: &TypeState) -> bool {
    let holds = |operand| types.any_user_supplied(op.register(operand), 1);
    match reads {
        Reads::Value(operand, _) => holds(operand),
        Reads::Pair(left, right, _) => holds(left) || holds(right),
        Reads::Nothing | Reads::Key(_) | Reads::Special => false,
    }
}

struct QuantityAnalysis<'p> {
    program: &'p [Op],
    labels: BTreeMap<i64, usize>,
    /// Cursors over rows that the program itself has made, rather than over a table of the book.
    temporary: BTreeSet<i64>,
    /// By the number of the parameter.
    bound: &'p BoundValues,
    book: &'p Book,
    cursors: Cursors<Option<ValueType>>,
}

impl Analysis for QuantityAnalysis<'_> {
    type State = TypeState;

    const MAX_SIZE: usize = usize::MAX;

    fn live_registers(&self, flow: &ControlFlowGraph<'_>) -> LiveRegisters {
        LiveRegisters::of(self.program, flow)
    }

    fn reads_rows(&self, at: usize) -> bool {
        let op = &self.program[at];
        matches!(op.opcode, "Column" | "SorterData" | "RowData") && self.temporary.contains(&op.p1)
    }

    fn apply(&mut self, at: usize, types: &mut TypeState) -> bool {
        let op = &self.program[at];
        let Some(effect) = op.effect else { return false };
        match effect.writes {
            Writes::Nothing => {}
            Writes::Plain(operand) => {
                let value =
                    if has_user_supplied(op, effect.reads, types) { ValueType::UserSupplied } else { ValueType::Plain };
                types.set(op.register(operand), Some(value));
            }
            Writes::UserSupplied(operand) => types.set(op.register(operand), Some(ValueType::UserSupplied)),
            Writes::Null(operand) => types.set(op.register(operand), None),
            Writes::Special => return self.apply_special(at, op, types),
        }
        false
    }
}

impl<'p> QuantityAnalysis<'p> {
    fn new(book: &'p Book, program: &'p [Op], bound: &'p BoundValues) -> Self {
        Self {
            program,
            labels: labels(program),
            temporary: temporary_cursors(program),
            bound,
            book,
            cursors: Cursors::default(),
        }
    }

    /// Applies an instruction that moves values rather than making them, or whose result depends on more than its operands.
    fn apply_special(&mut self, at: usize, op: &Op, types: &mut TypeState) -> bool {
        let (p1, p2, p3) = (op.p1, op.p2, op.p3);
        match op.opcode {
            "Variable" => types.set(p2, Some(self.parameter_type(op))),
            "Null" => (p2..=p3.max(p2)).for_each(|register| types.set(register, None)),
            "Copy" => (0..=p3).for_each(|i| types.copy(p1 + i, p2 + i)),
            "SCopy" => types.copy(p1, p2),
            "Move" => (0..p3).for_each(|i| types.move_value(p1 + i, p2 + i)),
            "Function" | "PureFunc" => types.set(p3, self.function_type(at, op, types)),
            "AggStep" if op.function().0 == "last_value" => types.set(p3, types.get(p2)),
            "AggStep" if ProbeCall::of(op).is_some() => {
                let gathered = union(types.get(p3), ProbeCall::of(op).and_then(|probe| probe.result(at, types)));
                types.set(p3, gathered);
            }
            "AggStep" if types.any_user_supplied(p2, op.function().1.unwrap_or(1)) => {
                types.set(p3, Some(ValueType::UserSupplied));
            }
            "AggStep" => {}
            "AggValue" => types.set(p3, aggregate_type(at, op, types.get(p1))),
            "AggFinal" => types.set(p1, aggregate_type(at, op, types.get(p1))),
            "MakeRecord" => {
                types.set_record(p3, Rc::new((p1..p1 + p2).map(|register| types.field(register)).collect()));
            }
            "Insert" | "IdxInsert" | "SorterInsert" => return self.cursors.insert(p1, &types.fields(p2)),
            "OpenPseudo" => self.cursors.open_pseudo(p1, p2),
            "OpenDup" => return self.cursors.open_duplicate(p1, p2),
            "SorterData" | "RowData" => types.set_record(p2, self.cursors.row(p1)),
            "Column" if self.temporary.contains(&p1) => {
                // Of a record that came out of another one it has been lost which of its columns are quantities.
                types.set_field(p3, self.cursors.column(p1, p2, types, |register| types.get(register)));
            }
            _ => types.set(p3, Some(ValueType::Plain)),
        }
        false
    }

    /// The type of a function: a quantity if it is the marker or the table of functions says so. One that hands on one of its
    /// arguments has their type.
    fn function_type(&self, at: usize, op: &Op, types: &TypeState) -> Option<ValueType> {
        let (name, arguments) = op.function();
        match (name, udf::kind_of(name)) {
            _ if ProbeCall::of(op).is_some() => ProbeCall::of(op).and_then(|probe| probe.result(at, types)),
            (TAG_FUNCTION, _) => Some(ValueType::quantity(self.labels.get(&(op.p2 + 1)).copied().unwrap_or_default())),
            (_, Some(udf::FunctionKind::Quantity | udf::FunctionKind::FromPlain)) => Some(ValueType::quantity(at)),
            (_, Some(udf::FunctionKind::PartOfQuantity)) => Some(self.part_type(op, arguments, types)),
            // The number of its series is no number of a person.
            (udf::LOOKUP_FUNCTION, _) => Some(ValueType::Plain),
            ("coalesce" | "ifnull" | "iif" | "if", _) => {
                (op.p2..op.p2 + arguments.unwrap_or_default()).map(|register| types.get(register)).fold(None, union)
            }
            // The number of arguments of a variadic function is unknown.
            (name, _) => {
                let is_user_supplied = arguments.is_none_or(|count| types.any_user_supplied(op.p2, count));
                Some(if is_user_supplied || self.book.is_host_function(name) {
                    ValueType::UserSupplied
                } else {
                    ValueType::Plain
                })
            }
        }
    }

    /// The type of a value made of the parts of a quantity: a column's are the book's, those of one that a function has made may be
    /// a person's.
    fn part_type(&self, op: &Op, arguments: Option<i64>, types: &TypeState) -> ValueType {
        // A site is no value of the statement.
        let first = op.p2 + i64::from(udf::takes_site(op.function().0));
        let end = arguments.map_or(first + 1, |count| op.p2 + count);
        let is_column =
            |source: QuantitySource| self.program.get(source.index()).is_some_and(|op| op.opcode == "String8");
        let is_of_book = |register| match types.get(register) {
            Some(ValueType::Quantity(source)) => is_column(source),
            Some(ValueType::Plain) | None => true,
            Some(ValueType::Mixed(_) | ValueType::UserSupplied) => register > first && types.source(register).is_none(),
        };
        if (first..end).all(is_of_book) { ValueType::Plain } else { ValueType::UserSupplied }
    }

    fn parameter_type(&self, op: &Op) -> ValueType {
        let index = usize::try_from(op.p1).unwrap_or_default();
        match self.bound.get(index) {
            Some(bound) if bound.quantity.is_some() => ValueType::quantity(self.program.len() + index),
            Some(bound) if bound.is_of_book => ValueType::Plain,
            _ => ValueType::UserSupplied,
        }
    }

    /// The name of a source: of a column or a function, which an instruction has, or of a parameter.
    fn name(&self, source: QuantitySource) -> String {
        let place = source.index();
        if let Some(index) = place.checked_sub(self.program.len()) {
            let name = self.bound.get(index).and_then(|bound| bound.quantity.as_deref());
            return name.unwrap_or_default().to_owned();
        }
        let op = &self.program[place];
        if op.opcode == "String8" { op.p4.clone() } else { format!("{}(…)", op.function().0) }
    }

    /// Reads off the fixpoint what each probe is handed.
    fn conclude_probes(mut self, states: &Fixpoint<TypeState>) -> rusqlite::Result<ProbeTypes> {
        let (program, stop) = (self.program, self.book.stop());
        let mut found = ProbeTypes::default();
        states.visit(&mut self, stop, |at, types| found.add(&program[at], types))?;
        Ok(found)
    }

    /// Reads the result off the fixpoint: the typed columns, or the first violation.
    fn conclude(
        mut self,
        states: &Fixpoint<TypeState>,
        width: usize,
        texts: &dyn Fn() -> String,
    ) -> rusqlite::Result<Result<QuantityTypes, Violation>> {
        let (program, stop) = (self.program, self.book.stop());
        let index = ProgramIndex::new(program, texts);
        let mut found = TypeFindings { columns: vec![None; width], ..TypeFindings::default() };
        states
            .visit(&mut self, stop, |at, types| found.add(&TypedOp { at, op: &program[at], types, index: &index }))?;
        Ok(match found.violation() {
            Some((operator, source)) => Err(Violation { operator: operator.to_owned(), column: self.name(source) }),
            None => Ok(found.into_types(program)),
        })
    }
}

/// Findings of the visit of every instruction.
#[derive(Default)]
struct TypeFindings<'p> {
    columns: Vec<Option<ValueType>>,
    /// By the instruction.
    violations: BTreeMap<usize, (&'p str, QuantitySource)>,
    given_arguments: LiteralArguments,
    extracts: bool,
}

impl<'p> TypeFindings<'p> {
    fn add(&mut self, operation: &TypedOp<'p, '_>) {
        let (op, types) = (operation.op, operation.types);
        if op.opcode == "ResultRow" {
            for (register, column) in (op.p1..op.p1 + op.p2).zip(&mut self.columns) {
                *column = union(*column, types.get(register));
            }
        } else if let Some(violation) = operation.violation() {
            self.violations.entry(operation.at).or_insert(violation);
        }
        self.extracts |= extracts(op, types);
        if matches!(op.opcode, "Function" | "PureFunc" | "AggStep") {
            // A function without a site that is called in several places gets the arguments of them all.
            let (name, count) = op.function();
            let given = (0..count.unwrap_or_default()).filter(|place| types.any_user_supplied(op.p2 + place, 1));
            let site = udf::takes_site(name).then(|| operation.index.constant_before(operation.at, op.p2)).flatten();
            given.for_each(|place| self.given_arguments.insert(name, site, place));
        }
    }

    /// The first use of a quantity that would drop its unit. A row that is stored is looked up first, if its table has
    /// keys, so that storing comes first.
    fn violation(&self) -> Option<(&'p str, QuantitySource)> {
        let stored = self.violations.values().find(|(operator, _)| *operator == "storing");
        let mixed = self.columns.iter().flatten().find_map(|value| match value {
            ValueType::Mixed(source) => Some(("mixing", *source)),
            _ => None,
        });
        stored.or(self.violations.values().next()).copied().or(mixed)
    }

    fn into_types(self, program: &[Op]) -> QuantityTypes {
        QuantityTypes {
            are_quantities: self
                .columns
                .iter()
                .map(|value| value.is_some_and(|value| value.source().is_some()))
                .collect(),
            are_user_supplied: self.columns.iter().map(|value| *value == Some(ValueType::UserSupplied)).collect(),
            given_arguments: Some(Arc::new(self.given_arguments)),
            slides: program.iter().any(|op| op.opcode == "AggInverse"),
            extracts: self.extracts,
        }
    }
}

/// Functions of SQLite's own that may be handed a quantity: they keep it whole, or test it for NULL.
const UNIT_PRESERVING: [&str; 7] = ["coalesce", "ifnull", "iif", "if", "typeof", "count", "last_value"];

/// An instruction with its place in the program, and the types of the registers before it.
struct TypedOp<'p, 'm> {
    at: usize,
    op: &'p Op,
    types: &'m TypeState,
    index: &'m ProgramIndex<'p>,
}

/// Functions of quantities that give one, and yet not always one that names all that decided it: an open range has no end
/// that could, and NULL names nothing.
const SELECTING: [&str; 3] = ["q_lo", "q_hi", "pledgebook_nullif"];

/// True if an instruction makes a plain value of a quantity, which does not name the assumptions that the quantity does: a part of
/// it, its order among others, its presence.
fn extracts(op: &Op, types: &TypeState) -> bool {
    match op.opcode {
        "IsNull" | "NotNull" | "IsType" | "ElseEq" | "HaltIfNull" | "ZeroOrNull" => types.source(op.p1).is_some(),
        "Function" | "PureFunc" | "AggStep" | "AggInverse" => {
            let (name, count) = op.function();
            let is_kept = match udf::kind_of(name) {
                Some(udf::FunctionKind::Quantity) => {
                    (udf::find(name).is_some() || udf::takes_site(name)) && !SELECTING.contains(&name)
                }
                _ => name == TAG_FUNCTION || matches!(name, "last_value" | "iif" | "if"),
            };
            !is_kept && types.first_source(op.p2, count.unwrap_or(MAX_FUNCTION_ARGUMENTS)).is_some()
        }
        _ => false,
    }
}

impl<'p> TypedOp<'p, '_> {
    /// The use that would drop a unit, an operator, a function's name, or a phrase, and the source of the quantity.
    fn violation(&self) -> Option<(&'p str, QuantitySource)> {
        let (op, types) = (self.op, self.types);
        let get = |operand| types.source(op.register(operand));
        match op.effect?.reads {
            Reads::Nothing => None,
            Reads::Value(operand, what) => get(operand).map(|source| (what, source)),
            Reads::Pair(left, right, what) => get(left).or_else(|| get(right)).map(|source| (what, source)),
            Reads::Key(what) => {
                types.first_source(op.p3, op.p4.parse().unwrap_or(1).max(1)).map(|source| (what, source))
            }
            Reads::Special => self.special_violation(),
        }
    }

    fn special_violation(&self) -> Option<(&'p str, QuantitySource)> {
        let (op, types) = (self.op, self.types);
        let (p1, p2, p3) = (op.p1, op.p2, op.p3);
        match op.opcode {
            "Compare" => self.compared(p1, p3).or_else(|| self.compared(p2, p3)).map(|source| ("grouping", source)),
            "VFilter" => {
                types.first_source(p3 + 2, self.index.max_constant(p3 + 1)).map(|source| ("a table function", source))
            }
            "Insert" => self.unknown_row().or_else(|| self.stored().map(|source| ("storing", source))),
            "SorterInsert" | "IdxInsert" => {
                let stored = self.stored().map(|source| ("storing", source));
                let sorted = || self.sorted().map(|source| ("sorting", source));
                self.unknown_row().or(stored).or_else(sorted)
            }
            _ => self.argument_violation(),
        }
    }

    /// A quantity among `count` registers from `first` on that are compared; a permutation just before may pick them.
    fn compared(&self, first: i64, count: i64) -> Option<QuantitySource> {
        match self.index.previous(self.at).filter(|previous| previous.opcode == "Permutation") {
            None => self.types.first_source(first, count),
            Some(picks) => picks.numbers().find_map(|offset| self.types.source(first + offset)),
        }
    }

    /// A function or an aggregate that is handed a quantity and is not known to keep it.
    fn argument_violation(&self) -> Option<(&'p str, QuantitySource)> {
        let (name, count) = self.op.function();
        let takes_quantities =
            matches!(udf::kind_of(name), Some(udf::FunctionKind::Quantity | udf::FunctionKind::PartOfQuantity));
        if name == TAG_FUNCTION || UNIT_PRESERVING.contains(&name) || takes_quantities {
            return None;
        }
        let within = |count: i64| self.types.first_source(self.op.p2, count);
        let found = within(count.unwrap_or(MAX_FUNCTION_ARGUMENTS))?;
        let found = if count.is_some() { Some(found) } else { within(self.index.most_arguments(name)) };
        // A bound of a series is wrapped in a function that nobody has written, and so are calls of `at`.
        let name = match name {
            BOUND_FUNCTION => "a table function",
            udf::LOOKUP_FUNCTION | udf::GIVEN_LOOKUP_FUNCTION => udf::AT,
            name => name,
        };
        found.map(|source| (name, source))
    }

    /// A row with a quantity in it of which the columns are not known.
    fn unknown_row(&self) -> Option<(&'p str, QuantitySource)> {
        let source = self.types.source(self.op.p2).filter(|_| self.record().is_empty())?;
        Some(("an unknown step", source))
    }

    /// A quantity in a row that is written to a table, which keeps the text and not that it is a quantity.
    fn stored(&self) -> Option<QuantitySource> {
        let source = self.record().iter().find_map(Field::source)?;
        self.index.opened(self.op.p1).any(|open| open.opcode == "OpenWrite").then_some(source)
    }

    /// A quantity within the key of a sorter or of an index, which orders it as text.
    fn sorted(&self) -> Option<QuantitySource> {
        self.record().iter().find_map(Field::source)?;
        let opens = ["SorterOpen", "OpenEphemeral", "OpenAutoindex"];
        let keys = self.index.opened(self.op.p1).find(|open| opens.contains(&open.opcode));
        let keys = keys.map_or(0, |open| match open.opcode {
            "OpenAutoindex" => self.index.seek_columns(open.p1),
            _ => open.key_columns(),
        });
        self.record().iter().take(keys).find_map(Field::source)
    }

    fn record(&self) -> Fields<Option<ValueType>> {
        self.types.fields(self.op.p2)
    }
}

#[cfg(test)]
mod tests {
    use super::{Analysis, BoundValues, CallSensitivity, ControlFlowGraph, QuantityAnalysis, TypeState};
    use super::{explain, fixpoint, infer_types};
    use crate::store::{Book, open};

    /// The analysis for which every register is live.
    struct AllLive<'p>(QuantityAnalysis<'p>);

    impl Analysis for AllLive<'_> {
        type State = TypeState;

        const MAX_SIZE: usize = usize::MAX;

        fn reads_rows(&self, at: usize) -> bool {
            self.0.reads_rows(at)
        }

        fn apply(&mut self, at: usize, types: &mut TypeState) -> bool {
            self.0.apply(at, types)
        }
    }

    /// Types the results of a statement twice, and compares.
    #[track_caller]
    fn check(book: &Book, sql: &str) -> bool {
        let (Ok(prepared), Ok(program)) = (book.prepare(sql), explain(book, sql)) else { return false };
        let (width, bound): (_, &BoundValues) = (prepared.statement.get().column_count(), &[]);
        let mut all_live = AllLive(QuantityAnalysis::new(book, &program, bound));
        let flow = ControlFlowGraph::new(&program, CallSensitivity::PerCall);
        let states = fixpoint(&flow, &mut all_live, book.stop()).unwrap().unwrap();
        if (0..program.len()).any(|at| program[at].opcode == "ResultRow" && !states.reaches(at)) {
            return false;
        }
        let expected = all_live.0.conclude(&states, width, &|| sql.to_owned()).unwrap();
        let found = infer_types(book, sql, &program, bound, width).unwrap();
        assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{sql}");
        true
    }

    #[test]
    fn what_is_not_live_decides_nothing() {
        let book = open(None).unwrap();
        let corpus = [
            include_str!("../../../tests/corpus/legitimate/aggregates.txt"),
            include_str!("../../../tests/corpus/legitimate/quantities.txt"),
            include_str!("../../../tests/corpus/legitimate/views.txt"),
            include_str!("../../../tests/corpus/hostile/grouping.txt"),
            include_str!("../../../tests/corpus/hostile/joins.txt"),
            include_str!("../../../tests/corpus/hostile/sorting.txt"),
            include_str!("../../../tests/corpus/hostile/subqueries.txt"),
            include_str!("../../../tests/corpus/hostile/windows.txt"),
        ];
        let views = book.catalogue().iter().map(|view| format!("select * from {} order by 1", view.name));
        let questions = corpus.iter().flat_map(|text| text.lines()).filter_map(|line| line.split("  =>  ").next());
        let checked = views.chain(questions.map(str::to_owned)).filter(|sql| check(&book, sql)).count();
        assert!(checked > 200, "{checked}");
    }
}
