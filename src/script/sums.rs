//! Sums of columns and arrays, exact whatever their order, with a notice where rows rest on the same stated fact.

use super::origin;
use super::raise::{Raised, raise_argument, raise_error, raise_quantity, unless_stopped};
use super::shared::Shared;
use super::statements::{self, is_statement};
use super::value::{Operand, from_number, in_words, operand, to_worked, to_worked_given};
use crate::quantity::{Amount, Quantity, Reason, Reasons, Sum, Worked};
use rhai::Dynamic;

/// The sum of some values: whole numbers and decimals give a number, quantities a quantity; REALs stay REAL.
/// NULLs do not apply and are left out; no value at all gives an unknown, never 0.
///
/// # Errors
/// Unequal units or stages, a value that is no number, overflow.
pub(super) fn sum(shared: &Shared, values: &[Dynamic]) -> Raised<Dynamic> {
    let is_more = |value: &Dynamic| value.read_lock::<Worked>().is_some_and(|worked| !worked.quantity.is_bare());
    // Beside what is more than a number, a person's number is given, and says so.
    let says_given = values.iter().any(is_more);
    let mut sum = Sum::new();
    let statements = statements::of_book(shared)?;
    let mut stated = Vec::new();
    let (mut reals, mut has_real, mut has_quantity) = (0.0, false, false);
    for value in values {
        unless_stopped(shared.book.stop())?;
        match operand(value) {
            Operand::Null => {}
            Operand::Integer(_) | Operand::Decimal(_) => push(&mut sum, value, says_given)?,
            Operand::Quantity(_) => {
                has_quantity = true;
                let worked = to_worked(value, "sum")?;
                if is_statement(statements.as_deref(), &worked.quantity) {
                    stated.push(worked.quantity);
                } else {
                    push(&mut sum, value, says_given)?;
                }
            }
            Operand::Real(real) => {
                has_real = true;
                reals += real;
            }
            _ => {
                return Err(raise_argument(
                    format!("can't add up {}", in_words(value)),
                    "sum a column of numbers or quantities",
                ));
            }
        }
    }
    if let Some(statements) = statements.filter(|_| !stated.is_empty()) {
        let settled = statements.settle(&stated);
        settled.rows.iter().try_for_each(|row| sum.push(row).map_err(raise_quantity))?;
        statements::note(shared, &settled);
    }
    match (has_real, sum.count()) {
        (true, 0) => Ok(reals.into()),
        (true, _) => {
            Err(raise_argument("can't add up REALs and exact numbers", "`decimal(x, places)` makes a REAL exact"))
        }
        (false, 0) => Ok(Dynamic::from(Worked::from(Quantity::unknown(Reasons::from(Reason::NotInBook), None)))),
        (false, _) => {
            let of_book: Vec<&Dynamic> = values.iter().filter(|value| !value.is_unit()).collect();
            Ok(origin::made_of(finished(shared, &sum, has_quantity)?, &of_book))
        }
    }
}

fn push(sum: &mut Sum, value: &Dynamic, says_given: bool) -> Raised<()> {
    let worked = if says_given { to_worked_given(value, "sum")? } else { to_worked(value, "sum")? };
    sum.push(&worked.quantity).map_err(raise_quantity)
}

fn finished(shared: &Shared, sum: &Sum, has_quantity: bool) -> Raised<Dynamic> {
    let total = sum.finish().map_err(raise_quantity)?;
    let twice = sum.counted_twice();
    if !twice.is_empty()
        && let Some(output) = shared.output()
    {
        let notice = format!("more than one of the {} values summed rests on {twice}: counted twice?", sum.count());
        output.notice(&notice).map_err(|error| raise_error(error.into()))?;
    }
    match total.amount() {
        Amount::Number(number) if !has_quantity && number.is_exact() => Ok(from_number(number.value)),
        _ => Ok(Dynamic::from(Worked::summed(total, sum.count()))),
    }
}
