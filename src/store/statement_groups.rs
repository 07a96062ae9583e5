//! Reads what several facts state of one thing: the money of a pledge at a stage, the number of one item in it, a conflict
//! on record. Superseded facts are out of it.

use super::supposition::Supposed;
use crate::quantity::{Preference, Statement, StatementGroup, Statements};
use rusqlite::{Connection, Result, Row};

/// Whether there can be any group: a book in which every thing is stated once is asked no more.
const HAS_SEVERAL: &str = "
    select exists (select 1 from main.pledge_stage a join main.pledge_stage b on b.pledge = a.pledge and b.fact > a.fact)
        or exists (select 1 from main.pledge_item a join main.pledge_item b on b.pledge = a.pledge and b.fact > a.fact)
        or exists (select 1 from main.conflict_member)";

/// Every statement that is not the only one of its thing; `{figure}` is the table of figures that is in force.
const GROUPS: &str = "
    with said as (
        select s.pledge || '@' || q.stage as id, s.pledge as owner, null as question, q.fact, f.source, q.quantity
        from main.pledge_stage s join {figure} q on q.fact = s.fact join main.fact f on f.id = s.fact
        where f.superseded_by is null
        union all
        select i.pledge || '@' || q.stage || ' ' || i.item, i.pledge, null, q.fact, f.source, q.quantity
        from main.pledge_item i join {figure} q on q.fact = i.fact join main.fact f on f.id = i.fact
        where f.superseded_by is null
        union all
        select c.id, c.id, c.question, q.fact, f.source, q.quantity
        from main.conflict c join main.conflict_member m on m.conflict = c.id join {figure} q on q.fact = m.fact
        join main.fact f on f.id = m.fact
        where f.superseded_by is null
    ), counted as (
        select *, count(*) over (partition by id) as statements from said
    )
    select id, owner, question, fact, source, quantity from counted where statements > 1 order by id, length(fact), fact";

/// The statements as the session supposes them.
pub(super) fn read(connection: &Connection, supposed: &[Supposed]) -> Result<Statements> {
    let figure = if supposed.is_empty() { "main.figure" } else { "temp.figure" };
    let groups = groups(connection, figure)?;
    let preferences = supposed.iter().filter_map(|one| match one {
        Supposed::Preference(assumption) => {
            let owner = assumption.name().split_once('.').map(|(_, owner)| owner.to_owned());
            Some(Preference { owner, assumption: assumption.clone() })
        }
        Supposed::Figure(..) | Supposed::Assumption(..) => None,
    });
    Ok(Statements::new(groups, &preferences.collect::<Vec<_>>()))
}

fn groups(connection: &Connection, figure: &str) -> Result<Vec<StatementGroup>> {
    // A book may keep its pledges in other tables: its views alone are what all books share.
    let Ok(mut several) = connection.prepare(HAS_SEVERAL) else { return Ok(Vec::new()) };
    if !several.query_row([], |row| row.get::<_, bool>(0))? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare(&GROUPS.replace("{figure}", figure))?;
    let mut rows = statement.query([])?;
    let mut groups: Vec<StatementGroup> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        if groups.last().is_none_or(|group| group.id != id) {
            groups.push(StatementGroup { id, owner: row.get(1)?, question: row.get(2)?, statements: Vec::new() });
        }
        if let (Some(group), Some(statement)) = (groups.last_mut(), stated(row)?) {
            group.statements.push(statement);
        }
    }
    Ok(groups)
}

fn stated(row: &Row<'_>) -> Result<Option<Statement>> {
    let (fact, source, quantity): (String, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
    let read = fact.parse().ok().zip(quantity.parse().ok());
    Ok(read.map(|(fact, quantity)| Statement { fact, source, quantity }))
}
