//! Pledges that are greater than what they are part of: one of the two numbers, or the mark that joins them, is wrong. Which one it is
//! nobody can tell but the reader, so that it is a doubt.

use crate::quantity::{Quantity, human};
use rusqlite::{Connection, Result, Row};
use std::collections::BTreeSet;

/// Every statement of a part beside every one of its whole, on one matter in one unit; a pledge under its own id, whatever id it was
/// announced under.
const PARTS_AND_WHOLES: &str = "
    with recursive own (pledge, id) as (
        select p.id, coalesce(o.other, p.id)
        from pledge p left join pledge_overlap o on o.pledge = p.id and o.relation = 'same_as'
    ), within (part, whole) as (
        select a.id, b.id from pledge_overlap o join own a on a.pledge = o.pledge join own b on b.pledge = o.other
        where o.relation = 'part_of'
        union
        select w.part, b.id
        from within w join pledge_overlap o on o.pledge = w.whole and o.relation = 'part_of' join own b on b.pledge = o.other
    ), said as (
        select s.pledge, n.id, q.stage as matter, q.fact, q.unit, q.quantity
        from pledge_stage s join own n using (pledge) join figure q using (fact) join fact f on f.id = q.fact
        where f.superseded_by is null and q.reason is null
        union all
        select i.pledge, n.id, q.stage || ' ' || i.item, q.fact, q.unit, q.quantity
        from pledge_item i join own n using (pledge) join figure q using (fact) join fact f on f.id = q.fact
        where f.superseded_by is null and q.reason is null
    )
    select p.pledge, p.fact, p.quantity, w.pledge, w.fact, w.quantity, p.matter, x.whole
    from within x join said p on p.id = x.part join said w on w.id = x.whole and w.matter = p.matter and w.unit = p.unit
    where x.part <> x.whole
    order by p.pledge, p.matter, p.fact, x.whole, w.fact";

/// One statement.
struct Statement {
    pledge: String,
    fact: String,
    quantity: Quantity,
}

/// A statement of a part beside one of its whole.
struct Pair {
    part: Statement,
    whole: Statement,
    matter: String,
    /// The id of the whole, whatever id the statement names it by.
    of: String,
}

/// The parts that are greater than every statement of their whole, one line each.
///
/// # Errors
/// SQLite's own.
pub(super) fn greater_parts(connection: &Connection) -> Result<BTreeSet<String>> {
    let is_any = "select exists (select 1 from pledge_overlap where relation = 'part_of')";
    if !connection.query_row(is_any, [], |row| row.get::<_, bool>(0))? {
        return Ok(BTreeSet::new());
    }
    let mut query = connection.prepare(PARTS_AND_WHOLES)?;
    let pairs: Vec<Pair> = query.query_map([], pair)?.filter_map(Result::transpose).collect::<Result<_>>()?;
    let greater =
        pairs.chunk_by(|one, other| one.key() == other.key()).filter(|pairs| pairs.iter().all(Pair::is_greater));
    Ok(greater.filter_map(|pairs| pairs.first()).map(Pair::describe).collect())
}

fn pair(row: &Row<'_>) -> Result<Option<Pair>> {
    let statement = |at: usize| -> Result<Option<Statement>> {
        let form: String = row.get(at + 2)?;
        let Ok(quantity) = form.parse() else { return Ok(None) };
        Ok(Some(Statement { pledge: row.get(at)?, fact: row.get(at + 1)?, quantity }))
    };
    let (matter, of) = (row.get(6)?, row.get(7)?);
    Ok(statement(0)?.zip(statement(3)?).map(|(part, whole)| Pair { part, whole, matter, of }))
}

impl Pair {
    /// What stands beside several statements of one whole.
    fn key(&self) -> [&str; 4] {
        [&self.part.pledge, &self.matter, &self.part.fact, &self.of]
    }

    /// True if even the least that the part can be is more than the most that the whole can be.
    fn is_greater(&self) -> bool {
        let least = self.part.quantity.lo().and_then(|end| end.number());
        let most = self.whole.quantity.hi().and_then(|end| end.number());
        least.zip(most).is_some_and(|(least, most)| least > most)
    }

    fn describe(&self) -> String {
        let Self { part, whole, matter, .. } = self;
        format!(
            "`{}` is part of `{}` and greater, as `{matter}`: {} of {}: a number or the mark in overlaps.csv is wrong",
            part.pledge,
            whole.pledge,
            part.describe(),
            whole.describe()
        )
    }
}

impl Statement {
    /// `1,600,000,000 GBP (F29)`.
    fn describe(&self) -> String {
        format!("{} ({})", human::quantity(&self.quantity, None), self.fact)
    }
}
