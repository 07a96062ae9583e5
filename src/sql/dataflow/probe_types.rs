//! The types that the probes of a program are handed: for each argument whether it may be a quantity, and whether it may be
//! anything else.

use super::bytecode::Op;
use super::state::{TypeState, ValueType, union};
use crate::store::udf::probes::{Probe, ProbeKind};
use std::collections::BTreeMap;

/// The call of a probe in a program.
pub(super) struct ProbeCall {
    probe: Probe,
    /// The register of its first argument.
    first: i64,
}

impl ProbeCall {
    /// The call that an instruction is.
    pub(super) fn of(op: &Op) -> Option<Self> {
        let (name, count) = op.function();
        let probe = Probe::find(name, usize::try_from(count?).ok()?)?;
        Some(Self { probe, first: op.p2 })
    }

    fn arguments<'t>(&self, types: &'t TypeState) -> impl Iterator<Item = Option<ValueType>> + 't {
        (self.first..).take(self.probe.arguments).map(|register| types.get(register))
    }

    /// The type of its result, at an instruction: a quantity where it is handed one, and maybe something else too where an
    /// argument may be.
    pub(super) fn result(&self, at: usize, types: &TypeState) -> Option<ValueType> {
        if self.probe.kind.is_plain() {
            return Some(ValueType::Plain);
        }
        let all = self.arguments(types).flatten();
        let of_quantities = all
            .filter(|found| found.source().is_some())
            .reduce(|one, other| if matches!(one, ValueType::Mixed(_)) { one } else { other });
        match of_quantities {
            Some(ValueType::Mixed(source)) => Some(ValueType::Mixed(source)),
            Some(ValueType::Quantity(source)) if self.probe.kind == ProbeKind::MixedAggregate => {
                Some(ValueType::Mixed(source))
            }
            Some(_) => Some(ValueType::quantity(at)),
            None => self.arguments(types).fold(None, union).or(Some(ValueType::Plain)),
        }
    }
}

/// The possible types of an argument.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ArgumentTypes {
    /// True if it may be a quantity.
    pub(crate) quantity: bool,
    /// True if it may be a plain value.
    pub(crate) plain: bool,
}

/// The possible types of the arguments of each probe.
#[derive(Debug, Default)]
pub(crate) struct ProbeTypes(BTreeMap<usize, Vec<ArgumentTypes>>);

impl ProbeTypes {
    /// Adds what an instruction hands to a probe, if it calls one.
    pub(super) fn add(&mut self, op: &Op, types: &TypeState) {
        if !matches!(op.opcode, "Function" | "PureFunc" | "AggStep" | "AggInverse") {
            return;
        }
        let Some(call) = ProbeCall::of(op) else { return };
        let known = self.0.entry(call.probe.site).or_default();
        known.resize(known.len().max(call.probe.arguments), ArgumentTypes::default());
        for (known, found) in known.iter_mut().zip(call.arguments(types)) {
            known.quantity |= found.is_some_and(|found| found.source().is_some());
            known.plain |= found.is_some_and(|found| !matches!(found, ValueType::Quantity(_)));
        }
    }

    /// The types of an argument of a site; neither where nothing is ever handed to it.
    pub(crate) fn argument(&self, site: usize, at: usize) -> ArgumentTypes {
        self.0.get(&site).and_then(|known| known.get(at)).copied().unwrap_or_default()
    }

    /// True if any argument of a site may be a quantity.
    pub(crate) fn takes_quantity(&self, site: usize) -> bool {
        self.0.get(&site).is_some_and(|all| all.iter().any(|one| one.quantity))
    }

    /// True if an argument of a site may be a quantity, and one a plain value.
    pub(crate) fn mixes(&self, site: usize) -> bool {
        self.takes_quantity(site) && self.0.get(&site).is_some_and(|all| all.iter().any(|one| one.plain))
    }
}
