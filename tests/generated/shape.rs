//! What is asked of the rows: expressions of each, aggregates of groups, aggregates of windows; in both languages.

use super::condition::Condition;
use super::expression::Expression;
use super::source::Source;
use super::window::Window;
use crate::scratch::random::Random;

pub(crate) const QUANTITIES: [&str; 2] = ["x", "y"];

/// One result column: what it is made by, of what, of which rows.
pub(crate) struct Column {
    /// A function of SQL without its `q_`; empty for the expression itself.
    pub(crate) function: &'static str,
    pub(crate) of: Expression,
    /// What else the function is handed, in both languages alike.
    pub(crate) other: Option<Expression>,
    pub(crate) filter: Option<Condition>,
    /// What `f_min` and `f_max` are handed besides.
    rests_on_all: Option<bool>,
}

/// What is asked.
pub(crate) enum Shape {
    Rows(Vec<Column>),
    /// Plain columns to group by, as SQL and as script.
    Groups(Vec<(&'static str, &'static str)>, Vec<Column>),
    Windows(Window, Column),
}

const PARTS: [&str; 6] = ["unit", "stage", "facts", "is_unknown", "amount", "cmp"];
const KEYS: [(&str, &str); 4] =
    [("k", "r.k"), ("n", "r.n"), ("q_unit(x)", "f_unit(r.x)"), ("q_stage(x)", "f_stage(r.x)")];

impl Shape {
    pub(crate) fn random(random: &mut Random, source: &Source) -> Self {
        match random.below(10) {
            0..=4 => Self::Rows((0..=random.below(3)).map(|_| Column::of_row(random, source)).collect()),
            5..=7 => {
                let keys = (0..random.below(3)).map(|_| *random.pick(&KEYS)).collect();
                Self::Groups(keys, (0..=random.below(3)).map(|_| Column::aggregate(random, source, false)).collect())
            }
            _ => Self::Windows(Window::random(random), Column::aggregate(random, source, true)),
        }
    }
}

impl Column {
    fn of_row(random: &mut Random, source: &Source) -> Self {
        let expression = |random: &mut Random| {
            let levels = 1 + random.below(3);
            Expression::random(random, &source.habit, &QUANTITIES, levels)
        };
        let function = if random.chance(75) { "" } else { random.word(&PARTS) };
        let of = expression(random);
        let other = (function == "cmp").then(|| expression(random));
        Self { function, of, other, filter: None, rests_on_all: None }
    }

    fn aggregate(random: &mut Random, source: &Source, is_window: bool) -> Self {
        let functions: &[&'static str] = match (source.rests_on_all, is_window) {
            (None, false) => &["sum", "sum", "avg", "sum_known", "count"],
            (Some(_), false) => &["sum", "sum", "avg", "sum_known", "count", "min", "max"],
            (None, true) => &["sum", "sum", "avg", "sum_known", "lag", "lead", "first_value", "last_value"],
            (Some(_), true) => &["sum", "sum", "avg", "sum_known", "min", "max", "lag", "lead", "first_value"],
        };
        let function = random.word(functions);
        let is_extreme = matches!(function, "min" | "max");
        // The rows behind an extreme must rest on what the source says alone.
        let levels = if is_extreme || random.chance(50) { 0 } else { 1 + random.below(2) };
        let of = if levels == 0 {
            Expression::Column(random.word(&QUANTITIES))
        } else {
            Expression::random(random, &source.habit, &QUANTITIES, levels)
        };
        // A window computes the expression for rows that its filter leaves out too, and may fail there.
        let is_picking = matches!(function, "lag" | "lead" | "first_value" | "last_value");
        let takes_filter = !is_picking && (!is_window || levels == 0);
        let filter = (takes_filter && random.chance(30)).then(|| Condition::total(random, &QUANTITIES, source.keys, 1));
        let rests_on_all = source.rests_on_all.filter(|_| is_extreme);
        Self { function, of, other: None, filter, rests_on_all }
    }

    /// Whether it gives quantities.
    pub(crate) fn is_quantity(&self) -> bool {
        self.function != "count" && !PARTS.contains(&self.function)
    }

    pub(crate) fn sql(&self) -> String {
        let other = self.other.as_ref().map(|other| format!(", {}", other.sql())).unwrap_or_default();
        let filter = self.filter.as_ref().map(|filter| format!(" filter (where {})", filter.sql()));
        let name = match self.function {
            "" => return self.of.sql(),
            "count" | "lag" | "lead" | "first_value" | "last_value" => self.function.to_owned(),
            name => format!("q_{name}"),
        };
        format!("{name}({}{other}){}", self.of.sql(), filter.unwrap_or_default())
    }

    /// What one row gives to it, NULL where the filter leaves the row out; of a row's own column the whole.
    pub(crate) fn script_of_row(&self) -> String {
        let of = match (self.function, &self.other) {
            (name, None) if PARTS.contains(&name) => format!("f_{name}({})", self.of.script()),
            (name, Some(other)) => format!("f_{name}({}, {})", self.of.script(), other.script()),
            _ => self.of.script(),
        };
        match &self.filter {
            Some(filter) => format!("(if {} == true {{ {of} }} else {{ () }})", filter.script()),
            None => of,
        }
    }

    /// The aggregate of an array of those.
    pub(crate) fn script_of_all(&self, values: &str) -> String {
        match self.rests_on_all {
            Some(rests_on_all) => format!("f_{}({values}, {rests_on_all})", self.function),
            None => format!("f_{}({values})", self.function),
        }
    }
}
