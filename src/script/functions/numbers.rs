//! Functions of plain numbers, texts and dates; sums and counts with the facts that they rest on.

use super::ScriptFunction;
use crate::error::QuantityError;
use crate::quantity::{
    Amount, Assumption, Facts, Number, Quantity, Reason, Reasons, Reconciled, Ref, ShareTaken, StatementIndex,
    Strictness, Sum, Traced, days_between, exact_decimal, parse_number,
};
use crate::script::runtime::Runtime;
use crate::script::table::{Table, TableRow};
use crate::script::value::{
    self, Scalar, ScriptResult, argument_error, check_interrupt, describe, from_number, program_error, quantity_error,
    scalar, to_given_quantity, to_quantity,
};
use crate::script::{operators, taint};
use crate::sql::Column;
use rhai::{Array, Dynamic, INT, Map};
use rust_decimal::{Decimal, RoundingStrategy};
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "decimal(text) · decimal(number, places)",
        meaning: "an exact number from a text, or from a REAL or a number without unit that is rounded to so many places",
        example: "decimal(\"0.10\") + 1",
        answer: "1.1",
        register: |engine, _| {
            engine.register_fn("decimal", |text: &str| from_text(text));
            engine.register_fn("decimal", |number: Dynamic, places: INT| to_places(&number, places));
        },
    },
    ScriptFunction {
        signature: "number.to_int()",
        meaning: "a whole number out of a decimal, a REAL or a number without unit that is whole; round one that is not first",
        example: "round(10 / 3, 0).to_int() + 1",
        answer: "4",
        register: |engine, _| {
            engine.register_fn("to_int", |number: Dynamic| {
                to_integer(&number).map(|whole| tag_like(Dynamic::from(whole), &number))
            });
        },
    },
    ScriptFunction {
        signature: "min(a, b) · max(a, b)",
        meaning: "the lesser or greater of two values that can be compared",
        example: "min(3, 2.5)",
        answer: "2.5",
        register: |engine, runtime| {
            for name in ["min", "max"] {
                let runtime = Rc::clone(&runtime);
                engine.register_fn(name, move |a: Dynamic, b: Dynamic| -> ScriptResult<Dynamic> {
                    if let Some(unknown) = conflict(&runtime, &a, &b, false)? {
                        return Ok(unknown);
                    }
                    let order = operators::compare(name, &a, &b)?;
                    Ok(if order.is_eq() || order.is_lt() == (name == "min") { a } else { b })
                });
            }
        },
    },
    ScriptFunction {
        signature: "floor(number) · ceiling(number)",
        meaning: "the whole number at or below, at or above; of an inexact number where what it has lost can't change it",
        example: "floor(-2.5)",
        answer: "-3",
        register: |engine, _| {
            engine.register_fn("floor", |number: Dynamic| to_whole(&number, Decimal::floor, f64::floor));
            engine.register_fn("ceiling", |number: Dynamic| to_whole(&number, Decimal::ceil, f64::ceil));
        },
    },
    ScriptFunction {
        signature: "days_between(from, to)",
        meaning: "the days from one ISO date to another, negative where it is earlier",
        example: "days_between(\"2025-03-01\", \"2025-03-31\")",
        answer: "30 day",
        register: |engine, _| {
            engine.register_fn("days_between", |from: &str, to: &str| -> ScriptResult<Traced> {
                days_between(from, to).map(Traced::from).map_err(quantity_error)
            });
        },
    },
];

/// The exact number that a text writes.
pub(super) fn from_text(text: &str) -> ScriptResult<Dynamic> {
    let number = parse_number(text.trim(), Strictness::Code).map_err(quantity_error)?;
    number
        .map(from_number)
        .ok_or_else(|| argument_error(format!("\"{text}\" is no plain number"), "as `decimal(\"1.25\")`"))
}

/// The decimal of a number without unit or of a REAL, rounded to so many places.
fn to_places(number: &Dynamic, places: INT) -> ScriptResult<Dynamic> {
    const PLACES: &str = "places are a whole number from 0 to 15";
    let real = number.as_float().ok();
    let no_decimal = |real: f64| argument_error(format!("the REAL {real:?} makes no decimal"), PLACES);
    let Some(places) = u32::try_from(places).ok().filter(|places| *places <= 15) else {
        return Err(real.map_or_else(|| argument_error(PLACES, "as `decimal(10 / 3, 2)`"), no_decimal));
    };
    let exact = match real {
        Some(real) => Decimal::from_scientific(&format!("{real:e}")).map_err(|_| no_decimal(real))?,
        None => to_decimal(number)?,
    };
    let rounded = exact.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    match real {
        Some(real) if rounded.is_zero() && real != 0.0 => Err(no_decimal(real)),
        Some(_) => Ok(from_number(rounded)),
        None => Ok(tag_like(from_number(rounded), number)),
    }
}

/// Tags a plain number taken out of a quantity as coming from the book, if all of the quantity does.
fn tag_like(made: Dynamic, from: &Dynamic) -> Dynamic {
    let is_stated =
        |quantity: &Quantity| !quantity.facts().is_empty() && !quantity.assumptions().iter().any(Assumption::is_given);
    let is_of_book = from.read_lock::<Traced>().is_some_and(|worked| is_stated(&worked.quantity));
    if is_of_book { value::from_book(made) } else { value::derived_from(made, &[from]) }
}

/// The single number of a quantity without unit.
fn single_number<'q>(quantity: &'q Quantity, shown: &Dynamic) -> ScriptResult<&'q Number> {
    if let Some(unit) = quantity.unit().filter(|unit| !unit.is_one()) {
        return Err(argument_error(
            format!("{} has the unit {unit}", describe(shown)),
            "`.amount` is the number alone",
        ));
    }
    match quantity.amount() {
        Amount::Number(number) => Ok(number),
        _ => Err(argument_error(format!("{} is no single number", describe(shown)), "give it a number")),
    }
}

/// The decimal of a number without unit.
fn to_decimal(number: &Dynamic) -> ScriptResult<Decimal> {
    taint::note(number);
    match scalar(number) {
        Scalar::Integer(whole) => Ok(whole.into()),
        Scalar::Decimal(decimal) => Ok(decimal),
        Scalar::Quantity(worked) => Ok(single_number(&worked.quantity, number)?.value),
        Scalar::Text(_) => {
            let help = "`parse_int(text)` reads a whole number, and `decimal(text)` any other";
            Err(argument_error(format!("can't make a number of {}", describe(number)), help))
        }
        _ => Err(argument_error(format!("can't make a number of {}", describe(number)), "give it a number")),
    }
}

/// The integer of a number that is whole.
fn to_integer(number: &Dynamic) -> ScriptResult<INT> {
    let digits = match scalar(number) {
        Scalar::Real(real) => exact_decimal(&format!("{real:e}")).ok(),
        _ => Some(to_decimal(number)?),
    };
    match digits.filter(Decimal::is_integer).map(INT::try_from) {
        Some(Ok(whole)) => Ok(whole),
        Some(Err(_)) => Err(argument_error(
            format!("{} is beyond a 64-bit whole number", describe(number)),
            "leave it as it is: decimals hold 28 digits",
        )),
        None => Err(argument_error(
            format!("{} is not whole", describe(number)),
            "round it first, as `x.round(0).to_int()`, or use `floor` or `ceiling`",
        )),
    }
}

fn to_whole(number: &Dynamic, exact: fn(&Decimal) -> Decimal, real: fn(f64) -> f64) -> ScriptResult<Dynamic> {
    taint::note(number);
    let whole = match scalar(number) {
        Scalar::Integer(whole) => whole.into(),
        Scalar::Decimal(decimal) => from_number(exact(&decimal)),
        Scalar::Real(value) => real(value).into(),
        Scalar::Quantity(worked) => from_number(whole_of_inexact(&worked.quantity, number, exact)?),
        _ => {
            let message = format!("can't make a whole number of {}", describe(number));
            return Err(argument_error(message, "give it a plain number"));
        }
    };
    Ok(tag_like(whole, number))
}

/// The whole number of an inexact one, if both ends of its error bound give the same.
fn whole_of_inexact(quantity: &Quantity, shown: &Dynamic, exact: fn(&Decimal) -> Decimal) -> ScriptResult<Decimal> {
    let number = single_number(quantity, shown)?;
    let whole = number.ends().map(|(least, greatest)| (exact(&least), exact(&greatest)));
    let whole = whole.filter(|(lower, upper)| lower == upper);
    whole.map(|(lower, _)| lower).ok_or_else(|| {
        let message = format!("{} may be on either side of a whole number", describe(shown));
        argument_error(message, "compute it without rounding before, or round it, as `x.round(0)`")
    })
}

/// The exact sum of values.
///
/// # Errors
/// As [`sum_and_count`].
pub(super) fn sum(runtime: &Runtime, values: &[Dynamic]) -> ScriptResult<Dynamic> {
    let no_number = |value: &Dynamic| {
        argument_error(format!("can't add up {}", describe(value)), "sum a column of numbers or quantities")
    };
    sum_and_count(runtime, values, no_number).map(|(sum, _)| sum)
}

/// Sums values exactly, whatever their order, and counts them, with a notice where addends rest on the same fact. Integers and decimals give a
/// number, quantities a quantity, REALs a REAL. NULLs are skipped; of no value at all the sum is unknown, never 0.
///
/// # Errors
/// Different units or stages, overflow, a value that is no number, of which `no_number` makes the error.
pub(super) fn sum_and_count(
    runtime: &Runtime,
    values: &[Dynamic],
    no_number: fn(&Dynamic) -> Box<rhai::EvalAltResult>,
) -> ScriptResult<(Dynamic, usize)> {
    let (mut reals, mut real_count, mut exact) = (0.0, 0, Vec::new());
    let values = &*without_totals(runtime, values)?;
    notice_empty(runtime, values)?;
    for value in values {
        check_interrupt(runtime.book.stop())?;
        if value.is::<Traced>() {
            exact.push(value);
            continue;
        }
        match scalar(value) {
            Scalar::Null => {}
            Scalar::Integer(_) | Scalar::Decimal(_) => exact.push(value),
            Scalar::Real(real) => {
                real_count += 1;
                reals += real;
            }
            _ => return Err(no_number(value)),
        }
    }
    let mut sum = Sum::new();
    push_reconciled(runtime, &exact, "sum", StatementIndex::reconcile_sum, |row| sum.push(row))?;
    let count = usize::try_from(sum.count()).unwrap_or(usize::MAX);
    match (real_count, count) {
        (0, 0) => Ok((of_nothing(), 0)),
        (0, _) => {
            let has_quantity = exact.iter().any(|value| value.is::<Traced>());
            Ok((value::derived_from(total_of(runtime, &sum, has_quantity)?, &exact), count))
        }
        (_, 0) => Ok((reals.into(), real_count)),
        (_, _) => {
            Err(argument_error("can't add up REALs and exact numbers", "`decimal(x, places)` makes a REAL exact"))
        }
    }
}

/// The answer of an aggregate without values.
pub(super) fn of_nothing() -> Dynamic {
    value::from_quantity(Quantity::unknown(Reasons::from(Reason::NotInBook), None))
}

/// Hands each of the numbers and quantities on to an aggregate, those last that are statements of one thing, reconciled.
///
/// # Errors
/// A value of another kind, for which `name` wants it; those of `push`; the book can't be read.
pub(super) fn push_reconciled(
    runtime: &Runtime,
    values: &[&Dynamic],
    name: &str,
    reconcile: fn(&StatementIndex, &[Quantity]) -> Reconciled,
    mut push: impl FnMut(&Quantity) -> Result<(), QuantityError>,
) -> ScriptResult<()> {
    let has_unit_or_source =
        |value: &&Dynamic| value.read_lock::<Traced>().is_some_and(|worked| !worked.quantity.is_bare());
    // Beside a quantity with unit or source, a plain number is marked as given.
    let to_quantity = if values.iter().any(has_unit_or_source) { to_given_quantity } else { to_quantity };
    let statements = book_statements(runtime)?;
    let mut stated = Vec::new();
    for value in values {
        check_interrupt(runtime.book.stop())?;
        let quantity = to_quantity(value, name)?.quantity;
        if is_statement(statements.as_deref(), &quantity) {
            stated.push(quantity);
        } else {
            push(&quantity).map_err(quantity_error)?;
        }
    }
    if let Some(statements) = statements.filter(|_| !stated.is_empty()) {
        let settled = reconcile(&statements, &stated);
        settled.rows.iter().try_for_each(|row| push(row).map_err(quantity_error))?;
        note_reconciled(runtime, &settled);
    }
    Ok(())
}

/// The values without those that are totals of other records, with a notice of how many those are; all of them where there is nothing
/// else.
///
/// # Errors
/// The book can't be read; the notice can't be written.
pub(super) fn without_totals<'v>(runtime: &Runtime, values: &'v [Dynamic]) -> ScriptResult<Cow<'v, [Dynamic]>> {
    let totals = runtime.book.totals().map_err(|error| program_error(runtime.book.error(&error)))?;
    if totals.is_empty() {
        return Ok(Cow::Borrowed(values));
    }
    let of_value = |value: &Dynamic| {
        value.read_lock::<Traced>().map_or_else(Facts::none, |traced| totals.of_row(&traced.quantity))
    };
    let (mut left_out, mut rows) = (Facts::none(), Vec::new());
    for value in values {
        match of_value(value) {
            total if total.is_empty() => rows.push(value.clone()),
            total => left_out.extend(&total),
        }
    }
    if left_out.is_empty() || rows.iter().all(Dynamic::is_unit) {
        return Ok(Cow::Borrowed(values));
    }
    if let Some(output) = runtime.output() {
        let (count, verb) = match left_out.len() {
            1 => ("1 total of other rows".to_owned(), "is"),
            count => (format!("{count} totals of other rows"), "are"),
        };
        let notice = format!("{count} {verb} left out: `where is_total` shows them");
        output.notice(&notice).map_err(|error| program_error(error.into()))?;
    }
    Ok(Cow::Owned(rows))
}

/// A notice of the NULLs among values that are added up.
fn notice_empty(runtime: &Runtime, values: &[Dynamic]) -> ScriptResult<()> {
    let empty = values.iter().filter(|value| value.is_unit()).count();
    if let Some(output) = runtime.output().filter(|_| empty > 0 && empty < values.len()) {
        let (are, them) = if empty == 1 { ("is", "it") } else { ("are", "them") };
        let notice = format!("{empty} of {} values {are} NULL: the sum leaves {them} out", values.len());
        output.notice(&notice).map_err(|error| program_error(error.into()))?;
    }
    Ok(())
}

fn total_of(runtime: &Runtime, sum: &Sum, has_quantity: bool) -> ScriptResult<Dynamic> {
    let total = sum.finish().map_err(quantity_error)?;
    let twice = sum.counted_twice();
    if !twice.is_empty()
        && let Some(output) = runtime.output()
    {
        let notice = format!("more than one of the {} values rests on {twice}: counted twice?", sum.count());
        output.notice(&notice).map_err(|error| program_error(error.into()))?;
    }
    match total.amount() {
        Amount::Number(number) if !has_quantity && number.is_exact() => Ok(from_number(number.value)),
        _ => Ok(Dynamic::from(Traced::summed(total, sum.count()))),
    }
}

/// The groups of facts that state one thing; `None` where the book has none.
///
/// # Errors
/// The book can't be read.
fn book_statements(runtime: &Runtime) -> ScriptResult<Option<Arc<StatementIndex>>> {
    let statements = runtime.book.statements().map_err(|error| program_error(runtime.book.error(&error)))?;
    Ok(Some(statements).filter(|statements| !statements.is_empty()))
}

/// Records how statements were reconciled, for a notice at the end.
fn note_reconciled(runtime: &Runtime, settled: &Reconciled) {
    if let Some(output) = runtime.output() {
        output.note_reconciled(settled.warnings.clone());
    }
}

/// Notes that a total of other rows is added to rows of its table.
fn note_total(runtime: &Runtime, left: &Quantity, right: &Quantity) -> ScriptResult<()> {
    let totals = runtime.book.totals().map_err(|error| program_error(runtime.book.error(&error)))?;
    if totals.is_empty() || !totals.is_added_to_rows(left, right) {
        return Ok(());
    }
    let Some(output) = runtime.output() else { return Ok(()) };
    let warning = "a total of other rows is added to rows of its table: `where not is_total` leaves it out".to_owned();
    output.remark(warning).map_err(|error| program_error(error.into()))
}

/// Notes a product with a percent, or a quotient by 100, where the script has done the other already.
pub(super) fn note_share(runtime: &Runtime, name: &str, left: &Dynamic, right: &Dynamic) -> ScriptResult<()> {
    let Some(left) = left.read_lock::<Traced>() else { return Ok(()) };
    let is_twice = match right.read_lock::<Traced>() {
        Some(right) => runtime.note_share(name, &left.quantity, &right.quantity),
        None if name == "/" && right.as_int() == Ok(100) => {
            runtime.note_share(name, &left.quantity, &Quantity::plain(Decimal::ONE_HUNDRED))
        }
        None => false,
    };
    let Some(output) = runtime.output().filter(|_| is_twice) else { return Ok(()) };
    output.remark(ShareTaken::TWICE.to_owned()).map_err(|error| program_error(error.into()))
}

/// Notes that rows which are counted are totals of others, where other rows are counted too.
///
/// # Errors
/// The book can't be read; the notice can't be written.
pub(super) fn note_counted_totals(runtime: &Runtime, function: &str, table: &Table) -> ScriptResult<()> {
    let totals = runtime.book.totals().map_err(|error| program_error(runtime.book.error(&error)))?;
    if totals.is_empty() || !runtime.is_newly_counted(&table.rows) {
        return Ok(());
    }
    let is_total = |row: &Rc<[Dynamic]>| {
        let quantities = row.iter().filter_map(Dynamic::read_lock::<Traced>);
        quantities.map(|traced| totals.of_row(&traced.quantity)).any(|total| !total.is_empty())
    };
    let has_totals = table.rows.iter().any(is_total) && !table.rows.iter().all(is_total);
    let Some(output) = runtime.output().filter(|_| has_totals) else { return Ok(()) };
    let warning = format!(
        "`{function}` counts the totals with the other rows, which sums do not add up: `where not is_total` leaves them out"
    );
    output.remark(warning).map_err(|error| program_error(error.into()))
}

/// The unknown result of an operation on two differing statements of one thing; `None` for any other pair. Their difference and
/// quotient compare them, and are known; their sum, or the greater of them, no source states.
///
/// # Errors
/// The book can't be read.
pub(super) fn conflict(
    runtime: &Runtime,
    left: &Dynamic,
    right: &Dynamic,
    adds_up: bool,
) -> ScriptResult<Option<Dynamic>> {
    let (Some(left), Some(right)) = (left.read_lock::<Traced>(), right.read_lock::<Traced>()) else { return Ok(None) };
    if adds_up {
        note_total(runtime, &left.quantity, &right.quantity)?;
    }
    let Some(statements) = book_statements(runtime)? else { return Ok(None) };
    let Some(settled) = statements.reconcile_pair(&left.quantity, &right.quantity) else { return Ok(None) };
    let is_disputed = !settled.warnings.disputes.is_empty();
    if !is_disputed && !adds_up {
        return Ok(None);
    }
    note_reconciled(runtime, &settled);
    let unknown = settled.rows.iter().find(|_| is_disputed);
    Ok(unknown.map(|quantity| Dynamic::from(Traced::from(quantity.clone()))))
}

/// True if a quantity is, or rests on, a statement of something that other facts may state too.
fn is_statement(statements: Option<&StatementIndex>, quantity: &Quantity) -> bool {
    statements.is_some_and(|statements| statements.not_alone(quantity.facts()) != Facts::none())
}

/// Columns that name the facts of a row.
const FACT_COLUMNS: [&str; 3] = ["fact", "facts", "id"];

/// Key of the rows of a group.
const GROUP_ROWS: &str = "rows";

/// The number of rows of a table, or of rows or groups in an array, on the facts that they name.
pub(super) fn tally(runtime: &Runtime, counted: &Dynamic) -> ScriptResult<Traced> {
    let mut facts = Facts::none();
    let count = if let Some(table) = counted.read_lock::<Table>() {
        note_counted_totals(runtime, "tally", &table)?;
        add_table(&table, &mut facts);
        table.rows.len()
    } else if let Some(array) = counted.read_lock::<Array>() {
        array.iter().try_for_each(|one| add_facts(one, &mut facts))?;
        array.len()
    } else {
        return Err(uncountable(counted));
    };
    Ok(Traced::from(Quantity::plain(count.into()).with_facts(facts)))
}

/// Adds the facts of a row, or of the rows of a group.
fn add_facts(one: &Dynamic, facts: &mut Facts) -> ScriptResult<()> {
    if let Some(row) = one.read_lock::<TableRow>() {
        add_row(&row.columns, &row.values, facts);
        return Ok(());
    }
    let group = one.read_lock::<Map>();
    let rows = group.as_ref().and_then(|group| group.get(GROUP_ROWS));
    match rows.and_then(Dynamic::read_lock::<Table>) {
        Some(rows) => add_table(&rows, facts),
        None => return Err(uncountable(one)),
    }
    Ok(())
}

fn add_table(table: &Table, facts: &mut Facts) {
    table.rows.iter().for_each(|row| add_row(&table.columns, row, facts));
}

/// Adds the facts in the columns that name them, or those of its quantities where it has no such column.
fn add_row(columns: &[Column], values: &[Dynamic], facts: &mut Facts) {
    let named = columns.iter().zip(values).filter(|(column, _)| FACT_COLUMNS.contains(&column.name.as_str()));
    let texts: Vec<String> = named.filter_map(|(_, value)| value.clone().into_string().ok()).collect();
    let ids = texts.iter().flat_map(|text| text.split_whitespace()).filter_map(|id| id.parse::<Ref>().ok());
    let ids: Facts = ids.filter(|id| !matches!(id, Ref::Unknown(_))).collect();
    if !ids.is_empty() {
        facts.extend(&ids);
        return;
    }
    for quantity in values.iter().filter_map(Dynamic::read_lock::<Traced>) {
        facts.extend(&quantity.quantity.facts().without_questions());
    }
}

fn uncountable(value: &Dynamic) -> Box<rhai::EvalAltResult> {
    let message =
        format!("`tally` counts the rows of a table, or rows and groups in an array, not {}", describe(value));
    argument_error(message, "give it a table, as `tally(query(\"select fact from participants\"))`")
}
