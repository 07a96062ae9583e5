//! Sums, means and extremes of quantities. NULLs do not apply and are left out; no row at all gives an unknown, never
//! 0; one unknown makes the result unknown.

use super::arguments::Answer;
use super::frame::{Gather, aggregate};
use super::{Desk, Kind, SqlFunction};
use crate::error::FunctionCause;
use crate::quantity::{Amount, Assumption, Extreme, Quantity, Reason, Reasons, Sum, Unit};
use rust_decimal::Decimal;

/// The assumption of a sum that leaves unknown rows out: how many.
const LEFT_OUT: &str = "unknown_left_out";

pub(super) const FUNCTIONS: &[SqlFunction] = &[
    SqlFunction {
        name: "q_sum",
        signature: "q_sum(q)",
        meaning: "the exact sum, in which what several sources state counts once; of nothing, or with an unknown in it, it is unknown",
        example: "select q_sum(amount) from pledges",
        answer: "1,600,000,000 GBP [F29]",
        kind: Kind::Quantity,
        register: |connection, desk| aggregate(connection, desk, "q_sum", Total(Sum::new())),
    },
    SqlFunction {
        name: "q_sum_known",
        signature: "q_sum_known(q)",
        meaning: "the sum of the known ones; how many were left out is printed as an assumption",
        example: "select q_sum_known(quantity) from facts where id in ('F39', 'F44', 'F53')",
        answer: "≥5 state [F44 F53; unknown_left_out]",
        kind: Kind::Quantity,
        register: |connection, desk| aggregate(connection, desk, "q_sum_known", Known::default()),
    },
    SqlFunction {
        name: "q_avg",
        signature: "q_avg(q)",
        meaning: "the mean; of nothing, or with an unknown in it, it is unknown",
        example: "select q_avg(amount) from pledges",
        answer: "1,600,000,000 GBP [F29]",
        kind: Kind::Quantity,
        register: |connection, desk| aggregate(connection, desk, "q_avg", Mean(Sum::new())),
    },
    SqlFunction {
        name: "q_min",
        signature: "q_min(q)",
        meaning: "the least, with the facts that state it; where ranges overlap, the range that it lies in",
        example: "select q_min(quantity) from facts where id in ('F44', 'F53')",
        answer: "2 to 3 state [F44 F53]",
        kind: Kind::Quantity,
        register: |connection, desk| aggregate(connection, desk, "q_min", Bound(Extreme::least())),
    },
    SqlFunction {
        name: "q_max",
        signature: "q_max(q)",
        meaning: "the greatest, with the facts that state it; where ranges overlap, the range that it lies in",
        example: "select q_max(quantity) from facts where id in ('F06', 'F07') and q_unit(quantity) = 'person'",
        answer: "2 person [F06]",
        kind: Kind::Quantity,
        register: |connection, desk| aggregate(connection, desk, "q_max", Bound(Extreme::greatest())),
    },
];

#[derive(Clone)]
struct Total(Sum);

#[derive(Clone)]
struct Mean(Sum);

#[derive(Clone)]
struct Bound(Extreme);

/// A sum of known rows, and what the others were.
#[derive(Clone, Default)]
struct Known {
    known: Sum,
    unknown: Sum,
}

impl Gather for Total {
    fn push(&mut self, row: &Quantity) -> Answer<()> {
        Ok(self.0.push(row)?)
    }

    fn finish(&self, desk: &Desk) -> Answer<Quantity> {
        total(&self.0, desk)
    }
}

impl Gather for Mean {
    fn push(&mut self, row: &Quantity) -> Answer<()> {
        Ok(self.0.push(row)?)
    }

    fn finish(&self, desk: &Desk) -> Answer<Quantity> {
        let total = total(&self.0, desk)?;
        let count = Decimal::from(self.0.count().max(1));
        Ok(total.divide(&Quantity::plain(count))?)
    }
}

impl Gather for Bound {
    const ADDS_UP: bool = false;

    fn push(&mut self, row: &Quantity) -> Answer<()> {
        Ok(self.0.push(row)?)
    }

    fn finish(&self, _: &Desk) -> Answer<Quantity> {
        Ok(self.0.finish()?.unwrap_or_else(nothing))
    }
}

impl Gather for Known {
    fn push(&mut self, row: &Quantity) -> Answer<()> {
        Ok(if row.is_unknown() { self.unknown.push(row) } else { self.known.push(row) }?)
    }

    fn finish(&self, desk: &Desk) -> Answer<Quantity> {
        let left_out = self.unknown.count();
        if left_out == 0 || self.known.count() == 0 {
            return total(if left_out == 0 { &self.known } else { &self.unknown }, desk);
        }
        let sum = total(&self.known, desk)?;
        desk.remark(|remarks| {
            let (known, all) = remarks.known.unwrap_or_default();
            remarks.known = Some((known + self.known.count(), all + self.known.count() + left_out));
        });
        let count = Amount::exact(Decimal::from(left_out));
        let assumption = Assumption::valued(LEFT_OUT, count, Unit::one()).map_err(FunctionCause::from)?;
        let assumptions = sum.assumptions().with(assumption);
        Ok(sum.with_assumptions(assumptions))
    }
}

fn total(sum: &Sum, desk: &Desk) -> Answer<Quantity> {
    if sum.count() == 0 {
        return Ok(nothing());
    }
    if !sum.counted_twice().is_empty() {
        desk.remark(|remarks| remarks.counted_twice.extend(sum.counted_twice()));
    }
    Ok(sum.finish()?)
}

/// What is made of no rows: the book says nothing of it.
fn nothing() -> Quantity {
    Quantity::unknown(Reasons::from(Reason::NotInBook), None)
}
