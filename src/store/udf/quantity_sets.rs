//! `in (select …)` over quantities: the rows of the select are gathered in one value, in which each subject is looked up by its number.
//! The comparison of `predicates` decides; a number is only where it looks.

use super::arguments::{CallArguments, Callee};
use super::context::UdfContext;
use super::keys::number_key;
use super::predicates::{comparand, is_member, take_unit};
use super::{FunctionKind, READS_BOOK, Registration, SiteFunction, literal, site_function};
use crate::quantity::{Quantity, Stages, Strictness, Unit};
use crate::store::FunctionResult;
use rusqlite::Result;
use rusqlite::functions::{Aggregate, Context};
use rusqlite::types::{Value, ValueRef};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_set", "in", PartOfQuantity, |f| f.set()),
    site_function!("pledgebook_in_set", "in", PartOfQuantity, |f| f.plain(&[3], is_in_set)),
];

/// The kinds of a member, as the gathered value has them.
const NULL: u8 = 0;
const WHOLE: u8 = 1;
const QUANTITY: u8 = 2;
const TEXT: u8 = 3;

/// The members of a set, as its select gives them: each a kind, a length and so many bytes.
#[derive(Debug, Default)]
struct GatheredSet(Vec<u8>);

impl GatheredSet {
    fn push(&mut self, kind: u8, bytes: &[u8]) {
        self.0.push(kind);
        self.0.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        self.0.extend(bytes);
    }
}

/// The aggregate that gathers a set.
struct SetAggregate {
    callee: Callee,
    udf: Arc<UdfContext>,
}

impl Registration<'_> {
    fn set(&self) -> Result<()> {
        let callee = self.callee();
        let aggregate = SetAggregate { callee, udf: Arc::clone(self.udf) };
        self.connection.create_aggregate_function(callee.name, 2, READS_BOOK, aggregate)
    }
}

impl Aggregate<GatheredSet, Value> for SetAggregate {
    fn init(&self, _: &mut Context<'_>) -> Result<GatheredSet> {
        Ok(GatheredSet::default())
    }

    fn step(&self, context: &mut Context<'_>, set: &mut GatheredSet) -> Result<()> {
        let arguments = CallArguments::new(self.callee, context, &self.udf);
        let gathered = match arguments.raw(1) {
            ValueRef::Null => Ok((NULL, Vec::new())),
            ValueRef::Integer(whole) => Ok((WHOLE, whole.to_be_bytes().to_vec())),
            ValueRef::Text(_) => arguments.raw_text(1).map(|text| match self.udf.tag.strip(text) {
                Some(form) => (QUANTITY, form.as_bytes().to_vec()),
                None => (TEXT, text.as_bytes().to_vec()),
            }),
            _ => Err(arguments.type_error(1, "give it quantities, or exact numbers as text: `q('0.5')`")),
        };
        let site = arguments.site();
        let (kind, bytes) = gathered.map_err(|cause| self.udf.fail(self.callee.spelling, site, cause))?;
        set.push(kind, &bytes);
        Ok(())
    }

    /// The gathered value, behind a number that no other has.
    fn finalize(&self, _: &mut Context<'_>, set: Option<GatheredSet>) -> Result<Value> {
        let number = self.udf.next_set.fetch_add(1, Ordering::Relaxed);
        Ok(Value::Blob([&number.to_be_bytes()[..], &set.unwrap_or_default().0].concat()))
    }
}

/// A set in which quantities are looked up.
#[derive(Debug, Default)]
struct QuantitySet {
    number: u64,
    has_null: bool,
    /// The exact members, by their number.
    exact: BTreeMap<Decimal, Vec<Quantity>>,
    /// The others, which may be equal to more than one number.
    others: Vec<Quantity>,
    /// A member of each unit and stage: a comparison with another unit is said, and one with another stage refused.
    kinds: Vec<(Option<Unit>, Stages, Quantity)>,
}

impl QuantitySet {
    /// Reads a gathered value.
    fn read(udf: &UdfContext, number: u64, mut gathered: &[u8]) -> FunctionResult<Self> {
        let mut set = Self { number, ..Self::default() };
        while let Some((kind, bytes, rest)) = next_member(gathered) {
            gathered = rest;
            let text = || std::str::from_utf8(bytes).unwrap_or_default();
            let member = match kind {
                NULL => {
                    set.has_null = true;
                    continue;
                }
                WHOLE => Quantity::plain(i64::from_be_bytes(bytes.try_into().unwrap_or_default()).into()),
                QUANTITY => udf.read(text())?,
                _ => literal::quantity(udf, text(), Strictness::Code)?,
            };
            set.push(member);
        }
        Ok(set)
    }

    fn push(&mut self, member: Quantity) {
        let (unit, stages) = (member.unit(), member.stages());
        if !self.kinds.iter().any(|(known, at, _)| known.as_ref() == unit && *at == stages) {
            self.kinds.push((unit.cloned(), stages, member.clone()));
        }
        match number_key(&member) {
            Some(number) => self.exact.entry(number).or_default().push(member),
            None => self.others.push(member),
        }
    }

    /// The members that a subject may be equal to, and one of each unit and stage.
    fn candidates<'s>(&'s self, subject: &Quantity) -> Vec<&'s Quantity> {
        let of_number = number_key(subject).map(|number| self.exact.get(&number).into_iter().flatten());
        let kinds = self.kinds.iter().map(|(.., member)| member);
        match of_number {
            Some(equal) => equal.chain(&self.others).chain(kinds).collect(),
            None => self.exact.values().flatten().chain(&self.others).collect(),
        }
    }
}

/// The kind and the bytes of the first member, and what is behind it.
fn next_member(gathered: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (kind, rest) = gathered.split_first()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (bytes, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((*kind, bytes, rest))
}

/// 1, 0 or NULL as a value is in a set, as `in` with a list has it: NULL is in no set but is not outside of one that is not empty.
fn is_in_set(arguments: &CallArguments<'_, '_>) -> FunctionResult<Value> {
    let gathered = if let ValueRef::Blob(gathered) = arguments.raw(2) { gathered.split_first_chunk() } else { None };
    let Some((number, members)) = gathered else { return Err(arguments.type_error(2, "give it a set")) };
    if members.is_empty() {
        return Ok(Value::Integer(0));
    }
    let Some(subject) = comparand(arguments, 1)? else { return Ok(Value::Null) };
    let number = u64::from_be_bytes(*number);
    let set = match arguments.site_data::<QuantitySet>().filter(|set| set.number == number) {
        Some(set) => set,
        None => arguments.keep_site_data(QuantitySet::read(arguments.udf, number, members)?),
    };
    // A number without unit among several units is refused, whichever it is found in.
    set.kinds.iter().try_for_each(|(.., member)| take_unit(arguments, &subject, member).map(drop))?;
    let members = set.candidates(&subject).into_iter().map(|member| Ok(Some(member)));
    is_member(arguments, &subject, members.chain(set.has_null.then_some(Ok(None))))
}
