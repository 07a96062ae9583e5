//! How a quantity was computed, for `.why`: a tree of operations over values. It computes nothing.

use super::reading;
use super::value::Quantity;
use std::{fmt, sync::Arc};

/// The largest tree that is kept, in nodes; what is beyond becomes its value.
const NODES_KEPT: u32 = 32;

/// A step and all steps before it, shared between the values that were computed from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Working {
    step: Step,
    nodes: u32,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// A value that was there: stated by a source, given, or the result of a part that is not kept.
    Value(Quantity),
    /// `left symbol right`.
    Operation { operator: Operator, left: Arc<Working>, right: Arc<Working> },
    /// `name(of)` or `name(of, argument)`; the argument as text, or with its own working.
    Call { name: &'static str, of: Arc<Working>, argument: Option<Argument> },
    /// A sum of that many values.
    Sum(u64),
}

/// The second argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Argument {
    Text(String),
    Working(Arc<Working>),
}

/// A two-sided operator of the working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operator {
    const fn symbol(self) -> char {
        match self {
            Self::Add => '+',
            Self::Subtract => '−',
            Self::Multiply => '×',
            Self::Divide => '÷',
        }
    }

    /// How tightly it binds.
    const fn strength(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
        }
    }

    /// Whether `a op (b op c)` needs its parentheses.
    const fn splits_right(self) -> bool {
        matches!(self, Self::Subtract | Self::Divide)
    }
}

impl Working {
    /// A value that was there at the start.
    #[must_use]
    pub fn value(quantity: Quantity) -> Arc<Self> {
        Arc::new(Self { step: Step::Value(quantity), nodes: 1 })
    }

    /// Whether nothing was computed: the value was there at the start.
    #[must_use]
    pub fn is_value(&self) -> bool {
        matches!(self.step, Step::Value(_))
    }

    /// A sum of `count` values.
    #[must_use]
    pub fn sum(count: u64) -> Arc<Self> {
        Arc::new(Self { step: Step::Sum(count), nodes: 1 })
    }

    /// An operation on two workings, each given with its value, to which it collapses where both are too large.
    pub(super) fn operation(operator: Operator, left: Part<'_>, right: Part<'_>) -> Arc<Self> {
        let [left, right] = bounded([left, right]);
        let nodes = 1 + left.nodes + right.nodes;
        Arc::new(Self { step: Step::Operation { operator, left, right }, nodes })
    }

    /// A function of one working.
    pub(super) fn call(name: &'static str, of: Part<'_>, argument: Option<String>) -> Arc<Self> {
        let [of] = bounded([of]);
        let nodes = 1 + of.nodes;
        Arc::new(Self { step: Step::Call { name, of, argument: argument.map(Argument::Text) }, nodes })
    }

    /// A function of two workings.
    pub(super) fn call_with(name: &'static str, of: Part<'_>, argument: Part<'_>) -> Arc<Self> {
        let [of, argument] = bounded([of, argument]);
        let nodes = 1 + of.nodes + argument.nodes;
        Arc::new(Self { step: Step::Call { name, of, argument: Some(Argument::Working(argument)) }, nodes })
    }

    fn operator(&self) -> Option<Operator> {
        if let Step::Operation { operator, .. } = self.step { Some(operator) } else { None }
    }
}

/// A working and the value that it led to.
pub(super) type Part<'a> = (&'a Arc<Working>, &'a Quantity);

/// The workings of the parts, the largest collapsed to its value until they fit into one tree.
fn bounded<const N: usize>(parts: [Part<'_>; N]) -> [Arc<Working>; N] {
    let mut kept = parts.map(|(working, _)| working.clone());
    while kept.iter().map(|working| working.nodes).sum::<u32>() >= NODES_KEPT {
        let largest = (0..N).max_by_key(|index| kept[*index].nodes).expect("a step has parts");
        kept[largest] = Working::value(parts[largest].1.clone());
    }
    kept
}

impl fmt::Display for Working {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Step::Value(quantity) => write_value(f, quantity),
            Step::Operation { operator, left, right } => {
                let is_looser =
                    |part: &Working| part.operator().is_some_and(|inner| inner.strength() < operator.strength());
                let splits = |inner: Operator| inner.strength() == operator.strength() && operator.splits_right();
                write_part(f, left, is_looser(left))?;
                write!(f, " {} ", operator.symbol())?;
                write_part(f, right, is_looser(right) || right.operator().is_some_and(splits))
            }
            Step::Call { name, of, argument: None } => write!(f, "{name}({of})"),
            Step::Call { name, of, argument: Some(Argument::Text(text)) } => write!(f, "{name}({of}, {text})"),
            Step::Call { name, of, argument: Some(Argument::Working(argument)) } => {
                write!(f, "{name}({of}, {argument})")
            }
            Step::Sum(1) => f.write_str("sum of 1 value"),
            Step::Sum(count) => write!(f, "sum of {} values", reading::group_digits((*count).into(), None)),
        }
    }
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &Working, enclosed: bool) -> fmt::Result {
    if enclosed { write!(f, "({part})") } else { write!(f, "{part}") }
}

fn write_value(f: &mut fmt::Formatter<'_>, quantity: &Quantity) -> fmt::Result {
    f.write_str(&reading::quantity(quantity, None))?;
    if quantity.is_given() {
        f.write_str(" (given)")?;
    }
    if quantity.facts().is_empty() { Ok(()) } else { write!(f, " [{}]", reading::facts(quantity.facts())) }
}
