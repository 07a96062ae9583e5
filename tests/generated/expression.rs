//! Expressions over the quantities of a row, and how each is written in SQL and in a script.

use super::amounts::{self, Habit};
use super::condition::Condition;
use crate::scratch::random::Random;

/// An expression that gives a quantity or NULL.
pub(crate) enum Expression {
    /// A column of quantities.
    Column(&'static str),
    /// A quantity that is given, as the text that `q` reads.
    Constant(String),
    /// A quantity that is given as a parameter: a variable of the session.
    Variable(&'static str),
    /// A whole number, only ever beside a quantity: scripts compute with two of them in 64 bits.
    Whole(i64),
    /// A function of one, named in SQL and in the prelude of scripts.
    One(&'static str, Box<Expression>),
    /// `q_round` to so many places.
    Round(Box<Expression>, usize),
    /// `q_convert` at a rate.
    Convert(Box<Expression>, String),
    /// A function of two.
    Two(&'static str, Box<Expression>, Box<Expression>),
    /// The second where the condition holds, else the third or NULL.
    Case(Box<Condition>, Box<Expression>, Option<Box<Expression>>),
}

/// The variables of the session that hold quantities.
pub(crate) const VARIABLES: [(&str, &str); 3] =
    [("given_money", "250.5 GBP"), ("given_count", "40 missile"), ("given_unknown", "unknown(not_in_book) GBP")];

impl Expression {
    /// An expression of at most so many levels; `columns` are those that hold quantities.
    pub(crate) fn random(random: &mut Random, habit: &Habit, columns: &[&'static str], levels: usize) -> Self {
        let next = |random: &mut Random| Box::new(Self::random(random, habit, columns, levels.saturating_sub(1)));
        if levels == 0 || random.chance(25) {
            return Self::leaf(random, habit, columns);
        }
        match random.below(12) {
            0 | 1 => Self::One(random.word(&["neg", "lo", "hi", "across"]), next(random)),
            2 => Self::Round(next(random), random.below(4)),
            3 => Self::Convert(next(random), random.word(&amounts::RATES).to_owned()),
            4 => Self::Two("coalesce", next(random), next(random)),
            5 => {
                let condition = Condition::total(random, columns, &[], 1);
                let other = random.chance(60).then(|| next(random));
                Self::Case(Box::new(condition), next(random), other)
            }
            6 => Self::Two(random.word(&["mul", "div"]), next(random), Box::new(Self::whole(random))),
            7 => Self::Two(random.word(&["mul", "div", "add"]), Box::new(Self::whole(random)), next(random)),
            _ => Self::Two(random.word(&["add", "sub", "mul", "div"]), next(random), next(random)),
        }
    }

    fn leaf(random: &mut Random, habit: &Habit, columns: &[&'static str]) -> Self {
        match random.below(12) {
            0 | 1 => Self::Constant(amounts::quantity(random, habit)),
            2 => Self::Variable(random.pick(&VARIABLES).0),
            _ => Self::Column(random.word(columns)),
        }
    }

    fn whole(random: &mut Random) -> Self {
        Self::Whole(*random.pick(&[2, 3, 7, 10, 100, -1, 0, 1]))
    }

    pub(crate) fn sql(&self) -> String {
        match self {
            Self::Column(name) => (*name).to_owned(),
            Self::Constant(text) => format!("q('{text}')"),
            Self::Variable(name) => format!(":{name}"),
            Self::Whole(whole) => whole.to_string(),
            Self::One("across", of) => format!("q_across_stages({})", of.sql()),
            Self::One(name, of) => format!("q_{name}({})", of.sql()),
            Self::Round(of, places) => format!("q_round({}, {places})", of.sql()),
            Self::Convert(of, rate) => format!("q_convert({}, q('{rate}'))", of.sql()),
            Self::Two("coalesce", a, b) => format!("coalesce({}, {})", a.sql(), b.sql()),
            Self::Two(name, a, b) => format!("q_{name}({}, {})", a.sql(), b.sql()),
            Self::Case(condition, then, other) => {
                let other = other.as_ref().map(|other| format!(" else {}", other.sql())).unwrap_or_default();
                format!("case when {} then {}{other} end", condition.sql(), then.sql())
            }
        }
    }

    /// The same for a row `r`.
    pub(crate) fn script(&self) -> String {
        match self {
            Self::Column(name) => format!("r.{name}"),
            Self::Constant(text) => format!("q(\"{text}\")"),
            Self::Variable(name) => (*name).to_owned(),
            Self::Whole(whole) => format!("({whole})"),
            Self::One(name, of) => format!("f_{name}({})", of.script()),
            Self::Round(of, places) => format!("f_round({}, {places})", of.script()),
            Self::Convert(of, rate) => format!("f_convert({}, q(\"{rate}\"))", of.script()),
            // The second is not computed where the first is there, as SQL has it.
            Self::Two("coalesce", a, b) => {
                format!("(if {0} == () {{ {1} }} else {{ {0} }})", a.script(), b.script())
            }
            Self::Two(name, a, b) => format!("f_{name}({}, {})", a.script(), b.script()),
            Self::Case(condition, then, other) => {
                let other = other.as_ref().map_or("()".to_owned(), |other| other.script());
                format!("(if {} == true {{ {} }} else {{ {other} }})", condition.script(), then.script())
            }
        }
    }
}
