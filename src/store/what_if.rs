//! The assumptions of a session, as `.assume` makes them. Temporary copies of the figures, of the table of assumptions
//! and of the statements of pledges hide the book's own: the public views, created again in TEMP, read them by the same
//! names. The book itself is never written to. The rows that depend on an assumption are found in `dependencies`.

use super::assumed_cells::{in_place_of, other_unit};
use super::{Book, FunctionResult, RecordCell, circular, lock, unreadable};
use crate::error::{FunctionCause, QuantityError};
use crate::quantity::{
    Assumption, OverlapIndex, PledgePart, Preference, Quantity, Ref, SourceStatement, StatementGroup, StatementIndex,
    Strictness, TODAY, WrittenFigure, parse_figure,
};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// An assumption of the session.
#[derive(Debug, Clone, PartialEq)]
pub enum WhatIf {
    /// Another number for the figure of a fact.
    Figure(String, Quantity),
    /// Another number for a cell of an imported table.
    Cell(Box<RecordCell>, Quantity),
    /// An assumption of the book by its id, with its value.
    Assumption(String, Option<String>),
    /// A preference for a source, whose statements are chosen where sources disagree.
    Preference(Assumption),
    /// The day that it is, which changes nothing in the book.
    Today(String),
}

impl WhatIf {
    /// The id of the fact, of the cell or of the assumption, or the name of the preference.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Figure(id, _) | Self::Assumption(id, _) => id,
            Self::Cell(cell, _) => &cell.id,
            Self::Preference(assumption) => assumption.name(),
            Self::Today(_) => TODAY,
        }
    }

    /// The assumption as a quantity names it.
    ///
    /// # Errors
    /// It has no such form.
    pub fn assumption(&self) -> std::result::Result<Assumption, QuantityError> {
        match self {
            Self::Figure(_, quantity) | Self::Cell(_, quantity) => {
                Assumption::valued(self.id(), quantity.amount().clone(), quantity.unit().cloned().unwrap_or_default())
            }
            Self::Assumption(id, None) => Assumption::named(id),
            Self::Assumption(id, Some(value)) => {
                let value: Quantity = value.parse()?;
                Assumption::valued(id, value.amount().clone(), value.unit().cloned().unwrap_or_default())
            }
            Self::Preference(assumption) => Ok(assumption.clone()),
            Self::Today(date) => Assumption::today(date),
        }
    }
}

/// An assumption that the book lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumptionEntry {
    /// `A1`.
    pub id: String,
    /// The statement that is assumed.
    pub statement: String,
    /// The kind of its value: `probability` or `rate`; `None` if it takes none.
    pub takes: Option<String>,
}

/// The copies. They have the book's own names, so that its definitions find them; TEMP is searched first.
const FIGURE_COPIES: &str = "
    create table if not exists temp.figure as select * from main.figure;
    create unique index if not exists temp.figure_fact on figure (fact);
    create table if not exists temp.assumed (assumption text primary key, value text);";

/// Takes back all assumptions.
const RESET: &str = "
    delete from temp.assumed;
    update temp.figure set quantity = (select quantity from main.figure stated where stated.fact = temp.figure.fact)
    where quantity is not (select quantity from main.figure stated where stated.fact = temp.figure.fact);";

impl Book {
    /// Makes these assumptions and no others: from now on the public views answer under them. Without any, they answer
    /// as the sources do.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn set_what_if(&self, what_ifs: &[WhatIf]) -> Result<()> {
        if what_ifs.is_empty() && !self.authorizer.has_what_if() {
            return Ok(());
        }
        self.privileged(|connection| {
            connection.execute_batch(FIGURE_COPIES)?;
            connection.execute_batch(RESET)?;
            what_ifs.iter().try_for_each(|what_if| apply(connection, what_if))
        })?;
        self.authorizer.set_has_what_if(!what_ifs.is_empty());
        self.udf.set_what_if(what_ifs);
        self.udf.numbers.set_cells(what_ifs);
        self.apply_preferences(what_ifs)
    }

    /// True if the session makes any assumption.
    pub(crate) fn has_what_if(&self) -> bool {
        self.authorizer.has_what_if()
    }

    /// True if the session makes the assumption of this name.
    #[must_use]
    pub fn is_assumed(&self, name: &str) -> bool {
        self.what_if(name).is_some()
    }

    /// The session's assumption about a fact, or of an id of the book.
    #[must_use]
    pub fn what_if(&self, id: &str) -> Option<WhatIf> {
        self.udf.what_ifs().into_iter().find(|what_if| what_if.id() == id)
    }

    /// The number of a fact as its source states it, implies it or leaves it open; `None` if the fact has none.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn stated_figure(&self, fact: &str) -> Result<Option<Quantity>> {
        let sql = "select quantity from main.figure where fact = ?1";
        let form: Option<String> = self.query_optional(sql, [fact], |row| row.get(0))?;
        Ok(form.and_then(|form| form.parse().ok()))
    }

    /// The figure of a fact, or the number of a cell, with another number: it rests on the fact and on the assumption, and keeps its stage. A
    /// value without a unit gets the figure's.
    ///
    /// # Errors
    /// A fact without a figure, an unknown, a value in another unit, one without any where the figure has none either.
    pub fn assumed_figure(&self, fact: &str, value: &Quantity) -> FunctionResult<Quantity> {
        if let Some(cell) = self.record_cell(fact)? {
            return cell.assumed(value);
        }
        self.refuse_superseded(fact)?;
        let stated = self.stated_figure(fact).map_err(unreadable)?;
        let stated = stated.ok_or_else(|| {
            FunctionCause::argument(format!("`{fact}` states no number"), "`figures` lists the facts that do")
        })?;
        let given = value.unit().filter(|unit| !unit.is_one());
        let unit = match (stated.unit(), given) {
            (Some(unit), None) => unit.clone(),
            (None, Some(given)) => given.clone(),
            (Some(unit), Some(given)) if unit == given => unit.clone(),
            (Some(unit), Some(given)) => return Err(other_unit(fact, &format!("of `{unit}`"), given)),
            (None, None) => {
                return Err(FunctionCause::argument(
                    format!("`{fact}` has no unit, since its number is not stated"),
                    "give the number a unit",
                ));
            }
        };
        in_place_of(&stated, fact.parse::<Ref>()?, fact, value.amount(), Some(unit))
    }

    /// Reads a figure as people write it, in the units of the book, together with its notation.
    ///
    /// # Errors
    /// A text that is no figure, or could mean two.
    pub fn read_written(&self, text: &str) -> FunctionResult<WrittenFigure> {
        let units = self.units().map_err(unreadable)?;
        Ok(parse_figure(text, units, Strictness::Prose)?)
    }

    /// Reads a quantity as people write it, in the units of the book.
    ///
    /// # Errors
    /// As [`Book::read_written`]; a figure that says more than a quantity does: `each`, words that were passed over.
    pub fn read_figure(&self, text: &str) -> FunctionResult<Quantity> {
        Ok(self.read_written(text)?.into_quantity()?)
    }

    /// The open question that an assumption of the session answers.
    #[must_use]
    pub fn answered_by(&self, assumption: &str) -> Option<String> {
        let sql = "select answers from main.assumption where id = ?1";
        let is_made = self.is_assumed(assumption);
        let answered = || self.query_row(sql, [assumption], |row| row.get(0));
        if is_made { answered().ok().flatten() } else { None }
    }

    /// The rate between two currencies that the session assumes, in text form.
    ///
    /// # Errors
    /// As [`Book::stated_figure`].
    pub fn assumed_rate(&self) -> Result<Option<String>> {
        let sql = "select u.value from main.assumption a join assumed u on u.assumption = a.id where a.takes = 'rate'";
        self.query_optional(sql, [], |row| row.get(0))
    }

    /// The assumption of an id.
    ///
    /// # Errors
    /// As [`Book::stated_figure`].
    pub fn assumption(&self, id: &str) -> Result<Option<AssumptionEntry>> {
        let sql = "select id, statement, takes from main.assumption where id = ?1";
        self.query_optional(sql, [id], |row| {
            Ok(AssumptionEntry { id: row.get(0)?, statement: row.get(1)?, takes: row.get(2)? })
        })
    }
}

fn apply(connection: &Connection, what_if: &WhatIf) -> Result<()> {
    match what_if {
        WhatIf::Figure(fact, quantity) => replace_figure(connection, fact, quantity),
        WhatIf::Cell(cell, quantity) => match cell.assumed_figure(quantity) {
            Some(figure) => replace_figure(connection, &cell.record.to_string(), &figure),
            None => Ok(0),
        },
        WhatIf::Assumption(id, value) => {
            connection.execute("insert into temp.assumed values (?1, ?2)", params![id, value])
        }
        // Its choice depends on the figures, and is applied after them.
        WhatIf::Preference(_) | WhatIf::Today(_) => Ok(0),
    }
    .map(|_| ())
}

fn replace_figure(connection: &Connection, fact: &str, quantity: &Quantity) -> Result<usize> {
    connection.execute("update temp.figure set quantity = ?2 where fact = ?1", params![fact, quantity.full_text()])
}

/// The columns of the views of pledges with numbers.
const PLEDGE_NUMBERS: [&str; 2] = ["amount", "item_count"];

/// The changes of a what-if in the numbers of views, shared by a connection's functions: the cells with other numbers, and the facts
/// that a preference for a source chooses. The views of pledges mark those with the assumption.
#[derive(Debug, Clone, Default)]
pub(super) struct WhatIfNumbers(Arc<WhatIfNumbersInner>);

#[derive(Debug, Default)]
struct WhatIfNumbersInner {
    has_preferred: AtomicBool,
    preferred: Mutex<HashMap<Ref, Assumption>>,
    has_cells: AtomicBool,
    /// The columns with their new numbers, by the text form that the cell has in the view of its table: where a number of the same
    /// record stands for another cell, as in the views of pledges, it has another form.
    cells: Mutex<HashMap<String, Vec<(String, String)>>>,
}

impl WhatIfNumbers {
    /// True if there may be any number that it changes.
    pub(super) fn is_any(&self) -> bool {
        self.has_preferred() || self.0.has_cells.load(Ordering::Relaxed)
    }

    pub(super) fn has_preferred(&self) -> bool {
        self.0.has_preferred.load(Ordering::Relaxed)
    }

    pub(super) fn set_preferred(&self, facts: HashMap<Ref, Assumption>) {
        self.0.has_preferred.store(!facts.is_empty(), Ordering::Relaxed);
        *lock(&self.0.preferred) = facts;
    }

    pub(super) fn set_cells(&self, what_ifs: &[WhatIf]) {
        let mut cells: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for one in what_ifs {
            if let WhatIf::Cell(cell, quantity) = one {
                let of_form = cells.entry(cell.stated.to_string()).or_default();
                of_form.push((cell.column.clone(), quantity.full_text()));
            }
        }
        self.0.has_cells.store(!cells.is_empty(), Ordering::Relaxed);
        *lock(&self.0.cells) = cells;
    }

    /// A number of a column of a view as the what-if has it; `None` where that is as it is stated.
    pub(super) fn applied(&self, form: &str, column: &str) -> Option<String> {
        self.of_cell(form, column).or_else(|| self.of_preferred(form, column))
    }

    /// The number in the place of a cell's.
    fn of_cell(&self, form: &str, column: &str) -> Option<String> {
        if !self.0.has_cells.load(Ordering::Relaxed) {
            return None;
        }
        let cells = lock(&self.0.cells);
        let (_, number) = cells.get(form)?.iter().find(|(known, _)| known == column)?;
        Some(number.clone())
    }

    /// A number of a view of pledges with the assumption by which it was chosen.
    fn of_preferred(&self, form: &str, column: &str) -> Option<String> {
        if !self.has_preferred() || !PLEDGE_NUMBERS.contains(&column) {
            return None;
        }
        let quantity: Quantity = form.parse().ok()?;
        let facts = lock(&self.0.preferred);
        let assumption = quantity.facts().iter().find_map(|fact| facts.get(&fact))?.clone();
        let assumptions = quantity.assumptions().with(assumption);
        Some(quantity.with_assumptions(assumptions).to_string())
    }
}

/// Copies of the statements of pledges, in front of the book's own while a source is preferred.
const PLEDGE_COPIES: &str = "
    create table if not exists temp.pledge_stage as select * from main.pledge_stage where false;
    create index if not exists temp.pledge_stage_row on pledge_stage (pledge, fact);
    create table if not exists temp.pledge_item as select * from main.pledge_item where false;
    create index if not exists temp.pledge_item_row on pledge_item (pledge, fact);
    delete from temp.pledge_stage;
    insert into temp.pledge_stage select * from main.pledge_stage;
    delete from temp.pledge_item;
    insert into temp.pledge_item select * from main.pledge_item;";

/// Deletes the statements that are not preferred, all facts of a JSON array in one pass.
const DELETE_UNPREFERRED: [&str; 2] = [
    "delete from temp.pledge_stage where fact in (select value from json_each(?1))",
    "delete from temp.pledge_item where fact in (select value from json_each(?1))",
];

/// Puts what is stated of a pledge under any of its ids under the one that these are the same as, all decided pledges of a JSON array in
/// one pass: money that a source announced under one id would leave the goods under another without any. A fact that states
/// both is one statement then.
const UNITE_ANNOUNCEMENTS: [&str; 4] = [
    "update temp.pledge_stage set pledge = o.other from main.pledge_overlap o
     where o.pledge = temp.pledge_stage.pledge and o.relation = 'same_as' and o.other in (select value from json_each(?1))",
    "update temp.pledge_item set pledge = o.other from main.pledge_overlap o
     where o.pledge = temp.pledge_item.pledge and o.relation = 'same_as' and o.other in (select value from json_each(?1))",
    "delete from temp.pledge_stage where pledge in (select value from json_each(?1)) and rowid not in
     (select min(rowid) from temp.pledge_stage group by pledge, fact)",
    "delete from temp.pledge_item where pledge in (select value from json_each(?1)) and rowid not in
     (select min(rowid) from temp.pledge_item group by pledge, fact, item)",
];

impl Book {
    /// The groups of statements of one thing by several facts.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn statements(&self) -> Result<Arc<StatementIndex>> {
        self.udf.statement_groups()
    }

    /// Makes the views of pledges show the statements that a preference chooses, and no others.
    pub(super) fn apply_preferences(&self, what_ifs: &[WhatIf]) -> Result<()> {
        let is_preference = |one: &WhatIf| matches!(one, WhatIf::Preference(_));
        if !what_ifs.iter().any(is_preference) && !self.udf.numbers.has_preferred() {
            return Ok(());
        }
        let statements = self.statements()?;
        let left_out =
            statements.preference_outcomes().filter(|one| one.1.is_none()).map(|one| format!("\"{}\"", one.0));
        let left_out = format!("[{}]", left_out.collect::<Vec<_>>().join(","));
        let decided = serde_json::Value::from(Vec::from_iter(statements.decided_owners())).to_string();
        self.privileged(|connection| {
            connection.execute_batch(PLEDGE_COPIES)?;
            DELETE_UNPREFERRED.iter().try_for_each(|sql| connection.execute(sql, [&left_out]).map(drop))?;
            if !has_overlaps(connection)? {
                return Ok(());
            }
            UNITE_ANNOUNCEMENTS.iter().try_for_each(|sql| connection.execute(sql, [&decided]).map(drop))
        })?;
        let preferred =
            statements.preference_outcomes().filter_map(|(fact, assumption)| Some((fact, assumption?.clone())));
        self.udf.numbers.set_preferred(preferred.collect());
        Ok(())
    }
}

/// A quick test for any group: most books state everything once.
const HAS_GROUPS: &str = "
    select exists (select 1 from main.pledge_stage a join main.pledge_stage b on b.pledge = a.pledge and b.fact > a.fact)
        or exists (select 1 from main.pledge_item a join main.pledge_item b on b.pledge = a.pledge and b.fact > a.fact)
        or exists (select 1 from main.conflict_member)";

/// A quick test for pledges that are part of others or the same as others, where the book can mark any.
const HAS_OVERLAPS: &str = "select exists (select 1 from main.pledge_overlap)";

/// The pledge of a statement; the one that it is marked as the same as, where the book can mark any.
const OWN_PLEDGE: &str = "{statement}.pledge";
const SAME_PLEDGE: &str = "coalesce((select o.other from main.pledge_overlap o \
     where o.pledge = {statement}.pledge and o.relation = 'same_as'), {statement}.pledge)";

/// The statements of pledges by what they are about; `{figure}` is the table of figures in force.
const STATED: &str = "
    select {money_pledge} as pledge, q.stage as matter, q.fact
    from main.pledge_stage s join {figure} q on q.fact = s.fact join main.fact f on f.id = s.fact
    where f.superseded_by is null
    union all
    select {item_pledge}, q.stage || ' ' || i.item, q.fact
    from main.pledge_item i join {figure} q on q.fact = i.fact join main.fact f on f.id = i.fact
    where f.superseded_by is null
    order by 1, 2";

/// Every statement of a thing that is stated more than once; `{figure}` is the table of figures in force.
const GROUPS: &str = "
    with said as (
        select {money_pledge} || '@' || q.stage as id, {money_pledge} as owner, null as question, q.fact, f.source, q.quantity
        from main.pledge_stage s join {figure} q on q.fact = s.fact join main.fact f on f.id = s.fact
        where f.superseded_by is null
        union all
        select {item_pledge} || '@' || q.stage || ' ' || i.item, {item_pledge}, null, q.fact, f.source, q.quantity
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

/// Reads the statements under the assumptions of the session. Superseded facts are left out.
pub(super) fn read_statements(connection: &Connection, what_ifs: &[WhatIf]) -> Result<StatementIndex> {
    let figure = if what_ifs.is_empty() { "main.figure" } else { "temp.figure" };
    let has_overlaps = has_overlaps(connection)?;
    let groups = read_groups(connection, figure, has_overlaps)?;
    let overlaps = if has_overlaps { read_overlaps(connection, figure)? } else { OverlapIndex::default() };
    let own_pledge = |pledge: &str| {
        let other = if has_overlaps { same_pledge(connection, pledge)? } else { None };
        Ok(other.unwrap_or_else(|| pledge.to_owned()))
    };
    let preferences = what_ifs.iter().filter_map(|one| match one {
        WhatIf::Preference(assumption) => {
            let owner = assumption.name().split_once('.').map(|(_, owner)| own_pledge(owner)).transpose();
            Some(owner.map(|owner| Preference { owner, assumption: assumption.clone() }))
        }
        WhatIf::Figure(..) | WhatIf::Cell(..) | WhatIf::Assumption(..) | WhatIf::Today(_) => None,
    });
    Ok(StatementIndex::new(groups, &preferences.collect::<Result<Vec<_>>>()?).with_overlaps(overlaps))
}

/// The pledge that a pledge is marked as the same as, in a book that can mark any.
///
/// # Errors
/// SQLite's own.
pub(super) fn same_pledge(connection: &Connection, pledge: &str) -> Result<Option<String>> {
    let sql = "select other from main.pledge_overlap where pledge = ?1 and relation = 'same_as'";
    connection.query_row(sql, [pledge], |row| row.get(0)).optional()
}

/// True if the book marks any pledge as part of another, or the same.
fn has_overlaps(connection: &Connection) -> Result<bool> {
    // A book of before there were overlaps has no table of them.
    let Ok(mut query) = connection.prepare(HAS_OVERLAPS) else { return Ok(false) };
    query.query_row([], |row| row.get(0))
}

/// A query over the statements of pledges, with the tables in force.
fn statement_query(query: &str, figure: &str, has_overlaps: bool) -> String {
    let pledge = if has_overlaps { SAME_PLEDGE } else { OWN_PLEDGE };
    let of = |statement: &str| pledge.replace("{statement}", statement);
    query.replace("{figure}", figure).replace("{money_pledge}", &of("s")).replace("{item_pledge}", &of("i"))
}

/// The pledges that are part of others, with the statements on them and on those.
fn read_overlaps(connection: &Connection, figure: &str) -> Result<OverlapIndex> {
    let sql = "select p.pledge, coalesce((select o.other from main.pledge_overlap o
                                          where o.pledge = p.other and o.relation = 'same_as'), p.other)
               from main.pledge_overlap p where p.relation = 'part_of'";
    let mut query = connection.prepare(sql)?;
    let mut wholes: HashMap<String, String> =
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
    // Parts of themselves, as only a book edited by hand has them, would take each other out of every sum.
    let circles: HashSet<String> = circular(&wholes).into_iter().map(str::to_owned).collect();
    wholes.retain(|pledge, _| !circles.contains(pledge));
    if wholes.is_empty() {
        return Ok(OverlapIndex::default());
    }
    let mut query = connection.prepare(&statement_query(STATED, figure, true))?;
    let mut rows = query.query([])?;
    let mut parts: Vec<PledgePart> = Vec::new();
    while let Some(row) = rows.next()? {
        let (pledge, matter, fact): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Ok(fact) = fact.parse::<Ref>() else { continue };
        match parts.last_mut().filter(|part| part.pledge == pledge && part.matter == matter) {
            Some(part) => part.facts.extend(&fact.into()),
            None => parts.push(PledgePart { pledge, matter, facts: fact.into() }),
        }
    }
    Ok(OverlapIndex::new(parts, &wholes))
}

fn read_groups(connection: &Connection, figure: &str, has_overlaps: bool) -> Result<Vec<StatementGroup>> {
    // A book may keep its pledges in other tables: all books share only the views.
    let Ok(mut several) = connection.prepare(HAS_GROUPS) else { return Ok(Vec::new()) };
    if !has_overlaps && !several.query_row([], |row| row.get::<_, bool>(0))? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare(&statement_query(GROUPS, figure, has_overlaps))?;
    let mut rows = statement.query([])?;
    let mut groups: Vec<StatementGroup> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        if groups.last().is_none_or(|group| group.id != id) {
            groups.push(StatementGroup { id, owner: row.get(1)?, question: row.get(2)?, statements: Vec::new() });
        }
        if let (Some(group), Some(statement)) = (groups.last_mut(), read_statement(row)?) {
            group.statements.push(statement);
        }
    }
    Ok(groups)
}

fn read_statement(row: &Row<'_>) -> Result<Option<SourceStatement>> {
    let (fact, source, quantity): (String, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
    let read = fact.parse().ok().zip(quantity.parse().ok());
    Ok(read.map(|(fact, quantity)| SourceStatement { fact, source, quantity }))
}
