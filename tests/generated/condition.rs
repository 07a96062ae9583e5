//! Conditions on a row, three-valued as in SQL, and how each is written in SQL and in a script.

use super::expression::Expression;
use crate::scratch::random::Random;

/// A condition on a row.
pub(crate) enum Condition {
    Unit(&'static str, &'static str),
    Stage(&'static str, &'static str),
    Unknown(&'static str),
    There(&'static str),
    /// The plain column `k` equals a text.
    Key(&'static str),
    /// The plain column `n` is below a number.
    Below(i64),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    /// `q_cmp` of two, against 0: an error for unlike units and stages.
    Compared(Box<Expression>, &'static str, Box<Expression>),
    /// The pounds of a column, where it has any, against a number: an error for what is no whole number.
    Amount(&'static str, &'static str, i64),
}

const COMPARISONS: [&str; 6] = ["<", "<=", ">", ">=", "=", "<>"];

impl Condition {
    /// One that never fails, whatever the row. `keys` are texts that the column `k` may hold; without any, plain columns
    /// are left out.
    pub(crate) fn total(random: &mut Random, columns: &[&'static str], keys: &[&'static str], levels: usize) -> Self {
        let column: &'static str = random.word(columns);
        let next = |random: &mut Random| Box::new(Self::total(random, columns, keys, levels - 1));
        let kinds = if levels == 0 { 6 } else { 9 };
        match random.below(kinds) {
            0 => Self::Unit(column, random.word(&["GBP", "USD", "missile", "day", ""])),
            1 => Self::Stage(column, random.word(&["proposed", "delivered", "contracted", ""])),
            2 => Self::Unknown(column),
            3 => Self::There(column),
            4 if !keys.is_empty() => Self::Key(random.word(keys)),
            5 if !keys.is_empty() => Self::Below(*random.pick(&[1, 2, 3, 5])),
            6 => Self::And(next(random), next(random)),
            7 => Self::Or(next(random), next(random)),
            8 => Self::Not(next(random)),
            _ => Self::There(column),
        }
    }

    /// One that may fail; nothing may stand beside it, since SQL is free to look at either first.
    pub(crate) fn failing(random: &mut Random, columns: &[&'static str], expression: Expression) -> Self {
        let column: &'static str = random.word(columns);
        if random.chance(30) {
            return Self::Amount(column, random.word(&COMPARISONS), *random.pick(&[0, 1, 100, 2000]));
        }
        Self::Compared(Box::new(Expression::Column(column)), random.word(&COMPARISONS), Box::new(expression))
    }

    pub(crate) fn sql(&self) -> String {
        match self {
            Self::Unit(column, unit) => format!("q_unit({column}) = '{unit}'"),
            Self::Stage(column, stage) => format!("q_stage({column}) = '{stage}'"),
            Self::Unknown(column) => format!("q_is_unknown({column})"),
            Self::There(column) => format!("{column} is not null"),
            Self::Key(key) => format!("k = '{key}'"),
            Self::Below(limit) => format!("n < {limit}"),
            Self::And(a, b) => format!("({} and {})", a.sql(), b.sql()),
            Self::Or(a, b) => format!("({} or {})", a.sql(), b.sql()),
            Self::Not(of) => format!("not ({})", of.sql()),
            Self::Compared(a, how, b) => format!("q_cmp({}, {}) {how} 0", a.sql(), b.sql()),
            Self::Amount(column, how, number) => {
                format!("case when q_unit({column}) = 'GBP' then q_amount({column}, 'GBP') end {how} {number}")
            }
        }
    }

    /// The same for a row `r`: true, false or NULL.
    pub(crate) fn script(&self) -> String {
        match self {
            Self::Unit(column, unit) => format!("f_than(f_unit(r.{column}), \"=\", \"{unit}\")"),
            Self::Stage(column, stage) => format!("f_than(f_stage(r.{column}), \"=\", \"{stage}\")"),
            Self::Unknown(column) => format!("f_than(f_is_unknown(r.{column}), \"=\", 1)"),
            Self::There(column) => format!("(r.{column} != ())"),
            Self::Key(key) => format!("f_than(r.k, \"=\", \"{key}\")"),
            Self::Below(limit) => format!("f_than(r.n, \"<\", {limit})"),
            Self::And(a, b) => format!("f_and({}, {})", a.script(), b.script()),
            Self::Or(a, b) => format!("f_or({}, {})", a.script(), b.script()),
            Self::Not(of) => format!("f_not({})", of.script()),
            Self::Compared(a, how, b) => format!("f_than(f_cmp({}, {}), \"{how}\", 0)", a.script(), b.script()),
            Self::Amount(column, how, number) => format!("f_than(f_pounds(r.{column}), \"{how}\", {number})"),
        }
    }
}
