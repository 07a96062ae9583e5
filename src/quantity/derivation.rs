//! The derivation of a quantity, as `.why` prints it: a tree of operations over values, recorded by the operations of a traced
//! quantity.

use super::{Quantity, human};
use crate::error::QuantityError;
use std::{fmt, sync::Arc};

/// The most nodes of a tree; larger subtrees are replaced by their value.
const MAX_NODES: u32 = 32;

/// An operation and all operations before it, shared between the values computed from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivation {
    node: Node,
    nodes: u32,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// A leaf: a value stated by a source, user-supplied, or the result of a subtree that is not kept.
    Value(Quantity),
    /// `left symbol right`.
    Operation { operator: Operator, left: Arc<Derivation>, right: Arc<Derivation> },
    /// `name(of)` or `name(of, argument)`.
    Call { name: &'static str, of: Arc<Derivation>, argument: Option<Arc<Derivation>> },
    /// A sum of this number of values.
    Sum(u64),
}

/// A binary operator of a derivation.
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

    /// The precedence; a higher one binds tighter.
    const fn precedence(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
        }
    }

    /// True if `a op (b op c)` needs its parentheses.
    const fn is_left_associative(self) -> bool {
        matches!(self, Self::Subtract | Self::Divide)
    }
}

impl Derivation {
    /// A leaf.
    #[must_use]
    pub fn value(quantity: Quantity) -> Arc<Self> {
        Arc::new(Self { node: Node::Value(quantity), nodes: 1 })
    }

    /// True if it is a leaf: nothing was computed.
    pub fn is_value(&self) -> bool {
        matches!(self.node, Node::Value(_))
    }

    /// A sum of `count` values.
    #[must_use]
    pub fn sum(count: u64) -> Arc<Self> {
        Arc::new(Self { node: Node::Sum(count), nodes: 1 })
    }

    /// An operation on two derivations, each with its value, which replaces a subtree if both together are too large.
    pub(super) fn operation(operator: Operator, left: Branch<'_>, right: Branch<'_>) -> Arc<Self> {
        let [left, right] = bounded([left, right]);
        let nodes = 1 + left.nodes + right.nodes;
        Arc::new(Self { node: Node::Operation { operator, left, right }, nodes })
    }

    /// A function of one argument, or of two of which the second is a number of places.
    pub(super) fn call(name: &'static str, of: Branch<'_>, places: Option<i32>) -> Arc<Self> {
        let [of] = bounded([of]);
        let nodes = 1 + of.nodes;
        // The places are no step of their own.
        let places = places.map(|places| Node::Value(Quantity::plain(places.into())));
        let argument = places.map(|node| Arc::new(Self { node, nodes: 0 }));
        Arc::new(Self { node: Node::Call { name, of, argument }, nodes })
    }

    /// A function of two arguments.
    pub(super) fn call_with(name: &'static str, of: Branch<'_>, argument: Branch<'_>) -> Arc<Self> {
        let [of, argument] = bounded([of, argument]);
        let nodes = 1 + of.nodes + argument.nodes;
        Arc::new(Self { node: Node::Call { name, of, argument: Some(argument) }, nodes })
    }

    fn operator(&self) -> Option<Operator> {
        if let Node::Operation { operator, .. } = self.node { Some(operator) } else { None }
    }
}

/// A derivation and the value that it led to.
pub(super) type Branch<'a> = (&'a Arc<Derivation>, &'a Quantity);

/// The derivations of the operands, the largest replaced by its value until they fit into one tree.
fn bounded<const N: usize>(parts: [Branch<'_>; N]) -> [Arc<Derivation>; N] {
    let mut kept = parts.map(|(derivation, _)| derivation.clone());
    while kept.iter().map(|derivation| derivation.nodes).sum::<u32>() >= MAX_NODES {
        let largest = (0..N).max_by_key(|index| kept[*index].nodes).expect("a step has parts");
        kept[largest] = Derivation::value(parts[largest].1.clone());
    }
    kept
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Value(quantity) => write_value(f, quantity),
            Node::Operation { operator, left, right } => {
                let binds_looser =
                    |part: &Derivation| part.operator().is_some_and(|inner| inner.precedence() < operator.precedence());
                let splits =
                    |inner: Operator| inner.precedence() == operator.precedence() && operator.is_left_associative();
                write_part(f, left, binds_looser(left))?;
                write!(f, " {} ", operator.symbol())?;
                write_part(f, right, binds_looser(right) || right.operator().is_some_and(splits))
            }
            Node::Call { name, of, argument: None } => write!(f, "{name}({of})"),
            Node::Call { name, of, argument: Some(argument) } => write!(f, "{name}({of}, {argument})"),
            Node::Sum(1) => f.write_str("sum of 1 value"),
            Node::Sum(count) => write!(f, "sum of {} values", human::group_digits((*count).into(), None)),
        }
    }
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &Derivation, enclosed: bool) -> fmt::Result {
    if enclosed { write!(f, "({part})") } else { write!(f, "{part}") }
}

fn write_value(f: &mut fmt::Formatter<'_>, quantity: &Quantity) -> fmt::Result {
    f.write_str(&human::quantity(quantity, None))?;
    if quantity.is_given() {
        f.write_str(" (given)")?;
    }
    if quantity.facts().is_empty() { Ok(()) } else { write!(f, " [{}]", human::facts(quantity.facts())) }
}

/// A quantity with its derivation: the numbers of scripts.
#[derive(Debug, Clone, PartialEq)]
pub struct Traced {
    /// The result.
    pub quantity: Quantity,
    /// Its derivation.
    pub derivation: Arc<Derivation>,
}

impl From<Quantity> for Traced {
    /// A value that was not computed, a leaf.
    fn from(quantity: Quantity) -> Self {
        let derivation = Derivation::value(quantity.clone());
        Self { quantity, derivation }
    }
}

#[expect(clippy::missing_errors_doc, reason = "the errors are those of the methods of `Quantity`")]
impl Traced {
    /// [`Quantity::add`], recorded.
    pub fn add(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Add, other, Quantity::add)
    }

    /// [`Quantity::subtract`], recorded.
    pub fn subtract(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Subtract, other, Quantity::subtract)
    }

    /// [`Quantity::multiply`], recorded.
    pub fn multiply(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Multiply, other, Quantity::multiply)
    }

    /// [`Quantity::divide`], recorded.
    pub fn divide(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Divide, other, Quantity::divide)
    }

    /// The same as a user-supplied value, a leaf.
    #[must_use]
    pub fn given(self) -> Self {
        Self::from(self.quantity.given())
    }

    /// `-self`.
    #[must_use]
    pub fn negate(&self) -> Self {
        self.call("−", None, self.quantity.negate())
    }

    /// [`Quantity::abs`], recorded.
    pub fn abs(&self) -> Result<Self, QuantityError> {
        Ok(self.call("abs", None, self.quantity.abs()?))
    }

    /// [`Quantity::sqrt`], recorded.
    pub fn sqrt(&self) -> Result<Self, QuantityError> {
        Ok(self.call("sqrt", None, self.quantity.sqrt()?))
    }

    /// [`Quantity::round`], recorded.
    pub fn round(&self, places: i32) -> Result<Self, QuantityError> {
        Ok(self.call("round", Some(places), self.quantity.round(places)?))
    }

    /// [`Quantity::convert`], recorded.
    pub fn convert(&self, rate: &Self) -> Result<Self, QuantityError> {
        let quantity = self.quantity.convert(&rate.quantity)?;
        // A user-supplied rate is printed by its own name.
        let named = Self::from(rate.quantity.without_given());
        let rate = if rate.quantity.is_given() { named.branch() } else { rate.branch() };
        Ok(Self { quantity, derivation: Derivation::call_with("convert", self.branch(), rate) })
    }

    /// [`Quantity::or_more`], recorded.
    pub fn or_more(&self) -> Result<Self, QuantityError> {
        Ok(self.call("or_more", None, self.quantity.or_more()?))
    }

    /// As [`Quantity::across_stages`].
    #[must_use]
    pub fn across_stages(&self) -> Self {
        self.call("across_stages", None, self.quantity.across_stages())
    }

    /// The sum of `count` values, of which the derivation keeps only the number.
    #[must_use]
    pub fn summed(quantity: Quantity, count: u64) -> Self {
        Self { quantity, derivation: Derivation::sum(count) }
    }

    fn branch(&self) -> Branch<'_> {
        (&self.derivation, &self.quantity)
    }

    fn call(&self, name: &'static str, places: Option<i32>, quantity: Quantity) -> Self {
        Self { quantity, derivation: Derivation::call(name, self.branch(), places) }
    }

    fn operation(
        &self,
        operator: Operator,
        other: &Self,
        compute: fn(&Quantity, &Quantity) -> Result<Quantity, QuantityError>,
    ) -> Result<Self, QuantityError> {
        let quantity = compute(&self.quantity, &other.quantity)?;
        Ok(Self { quantity, derivation: Derivation::operation(operator, self.branch(), other.branch()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> Traced {
        text.parse::<Quantity>().unwrap().into()
    }

    #[test]
    fn the_working_reads_as_it_is_written() {
        let (amount, count) = (w("1600000000 GBP [F29; @proposed]"), w("5000 missile [F30; @proposed]"));
        let each = amount.divide(&count).unwrap();
        assert_eq!(each.derivation.to_string(), "1,600,000,000 GBP [F29] ÷ 5,000 missiles [F30]");
        let rounded = each.convert(&w("1.25 USD/GBP")).unwrap().round(2).unwrap();
        assert_eq!(
            rounded.derivation.to_string(),
            "round(convert(1,600,000,000 GBP [F29] ÷ 5,000 missiles [F30], 1.25 USD/GBP), 2)"
        );
    }

    #[test]
    fn a_root_and_a_size_are_steps() {
        let share = w("-6.25 [F29]");
        assert_eq!(share.abs().unwrap().sqrt().unwrap().derivation.to_string(), "sqrt(abs(-6.25 [F29]))");
        assert_eq!(share.abs().unwrap().sqrt().unwrap().quantity.to_string(), "2.5 [F29]");
        for wrong in ["-4", "4 GBP", "1..4", "unknown(not_stated) GBP"] {
            assert!(w(wrong).sqrt().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_was_given_is_told_so() {
        let twice = w("1600000000 GBP [F29]").multiply(&w("2").given()).unwrap();
        assert_eq!(twice.derivation.to_string(), "1,600,000,000 GBP [F29] × 2 (given)");
        assert_eq!(w("5 GBP [given=5 GBP]").derivation.to_string(), "5 GBP (given)");
        assert_eq!(w("10 GBP [given=5 GBP]").derivation.to_string(), "10 GBP");
    }

    #[test]
    fn parentheses_stand_only_where_they_matter() {
        let (a, b, c) = (w("1"), w("2"), w("3"));
        let sum = a.add(&b).unwrap();
        assert_eq!(sum.multiply(&c).unwrap().derivation.to_string(), "(1 + 2) × 3");
        assert_eq!(c.subtract(&sum).unwrap().derivation.to_string(), "3 − (1 + 2)");
        assert_eq!(sum.subtract(&c).unwrap().derivation.to_string(), "1 + 2 − 3");
        assert_eq!(c.divide(&a.multiply(&b).unwrap()).unwrap().derivation.to_string(), "3 ÷ (1 × 2)");
        assert_eq!(sum.negate().derivation.to_string(), "−(1 + 2)");
    }

    #[test]
    fn a_long_working_keeps_its_end() {
        let total = (0..1000).fold(w("0"), |total, _| total.add(&w("1")).unwrap());
        assert!(total.derivation.to_string().matches('+').count() < 32);
        assert_eq!(total.quantity.to_string(), "1000");
    }
}
