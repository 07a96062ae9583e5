//! Sums of columns and arrays, exact whatever their order, with a notice where rows rest on the same stated fact.

use super::raise::{Raised, raise_argument, raise_error, raise_quantity, unless_stopped};
use super::shared::Shared;
use super::value::{Operand, from_number, in_words, operand};
use crate::quantity::{Amount, Quantity, Reason, Reasons, Sum, Worked};
use rhai::Dynamic;

/// The sum of some values: whole numbers and decimals give a number, quantities a quantity; REALs stay REAL.
/// NULLs do not apply and are left out; no value at all gives an unknown, never 0.
///
/// # Errors
/// Unequal units or stages, a value that is no number, overflow.
pub(super) fn sum(shared: &Shared, values: &[Dynamic]) -> Raised<Dynamic> {
    let mut sum = Sum::new();
    let (mut reals, mut has_real, mut has_quantity) = (0.0, false, false);
    for value in values {
        unless_stopped(shared.book.stop())?;
        match operand(value) {
            Operand::Null => {}
            Operand::Integer(whole) => push(&mut sum, &Quantity::plain(whole.into()))?,
            Operand::Decimal(decimal) => push(&mut sum, &Quantity::plain(decimal))?,
            Operand::Quantity(worked) => {
                has_quantity = true;
                push(&mut sum, &worked.quantity)?;
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
    match (has_real, sum.count()) {
        (true, 0) => Ok(reals.into()),
        (true, _) => {
            Err(raise_argument("can't add up REALs and exact numbers", "`decimal(x, places)` makes a REAL exact"))
        }
        (false, 0) => Ok(Dynamic::from(Worked::from(Quantity::unknown(Reasons::from(Reason::NotInBook), None)))),
        (false, _) => finished(shared, &sum, has_quantity),
    }
}

fn push(sum: &mut Sum, quantity: &Quantity) -> Raised<()> {
    sum.push(quantity).map_err(raise_quantity)
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
        Amount::Number(number) if !has_quantity && number.exact => Ok(from_number(number.value)),
        _ => Ok(Dynamic::from(Worked::summed(total, sum.count()))),
    }
}
