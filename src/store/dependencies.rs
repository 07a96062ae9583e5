//! The assumptions of the session that the rows of a statement may depend on: those that can have changed the columns that it
//! reads, and those of the script tables and of the last result that it reads. How a view depends on an assumption is written
//! down here once; a view whose definition is not the schema's may depend on any.

use super::catalogue::{self, ColumnKind};
use super::guard::LAST_TABLE;
use super::what_if::Supposed;
use super::{Book, bundled};
use crate::quantity::{Assumption, Assumptions};
use rusqlite::{OptionalExtension, Result};

/// The assumptions that the rows of a statement, of the result shown last or of a script's table may rest on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reliance {
    /// Those that can have changed quantities alone, each of which names what it rests on.
    pub named: Assumptions,
    /// Those that can have changed plain values, or which rows there are.
    pub unnamed: Assumptions,
}

impl Reliance {
    /// Whether it rests on the sources alone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.unnamed.is_empty()
    }

    /// Takes what something else rests on into account.
    pub fn meet(&mut self, other: &Self) {
        self.named = self.named.union(&other.named);
        self.unnamed = self.unnamed.union(&other.unnamed);
    }
}

/// By what an assumption changes the views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    /// Another number for a figure.
    Figure,
    /// Two events that are one.
    Twin,
    /// An initiative whose participants belong to a group.
    Group,
    /// Money that pays for the whole of its items.
    Coverage,
    /// A number for a certainty.
    Certainty,
    /// A rate: scripts alone ask for it.
    Rate,
    /// A source that is preferred.
    Preference,
}

/// What of a view it changes.
#[derive(Debug, Clone, Copy)]
enum Changed {
    /// Which rows there are.
    Rows,
    /// These columns.
    Columns(&'static [&'static str]),
}

/// What each of them changes; a view that is not named is changed by none.
const CHANGES: &[(&str, Means, Changed)] = &[
    ("facts", Means::Figure, Changed::Columns(&["quantity"])),
    ("figures", Means::Figure, Changed::Columns(&["quantity"])),
    ("pledges", Means::Figure, Changed::Columns(&["amount", "item_count"])),
    ("pledges", Means::Coverage, Changed::Columns(&["item_count"])),
    ("pledge_items", Means::Figure, Changed::Columns(&["item_count"])),
    ("pledge_items", Means::Coverage, Changed::Columns(&["item_count", "cost_coverage"])),
    ("participants", Means::Figure, Changed::Columns(&["number"])),
    ("participants", Means::Certainty, Changed::Columns(&["number"])),
    ("participants", Means::Group, Changed::Rows),
    ("event_order", Means::Figure, Changed::Columns(&["days"])),
    ("event_order", Means::Twin, Changed::Rows),
    ("conflicts", Means::Figure, Changed::Columns(&["quantity"])),
    // A sum of figures names it where it decides between them.
    ("facts", Means::Preference, Changed::Columns(&["quantity"])),
    ("figures", Means::Preference, Changed::Columns(&["quantity"])),
    ("pledges", Means::Preference, Changed::Rows),
    ("pledge_items", Means::Preference, Changed::Rows),
    ("conflicts", Means::Preference, Changed::Rows),
];

/// The view that says what is assumed; each of them changes it.
const ASSUMPTIONS: &str = "assumptions";

/// The functions of SQL that make an assumption of their own.
const ASSUMING: [&str; 2] = ["q_convert", "q_across_stages"];

/// The table of the session that the views read.
const ASSUMED: &str = "assumed";

impl Book {
    /// What the statement prepared last may rest on.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn reliance(&self) -> Result<Reliance> {
        let mut found = Reliance::default();
        let reads = self.guard.reads();
        if reads.iter().any(|(table, _)| table.starts_with(LAST_TABLE)) {
            found.meet(&self.held.borrow().reliance);
        }
        for made in &self.tables.borrow().made {
            if reads.iter().any(|(table, _)| *table == made.table) {
                found.meet(&made.reliance);
            }
        }
        // What a function of a script reads is not known before it is called.
        if self.guard.called().iter().any(|(name, _)| self.is_scripted(name)) {
            found.unnamed = self.assumed();
        }
        for supposed in self.suppositions() {
            let (assumption, means) = self.means(&supposed)?;
            if means == Some(Means::Preference) && !self.decides(&assumption)? {
                continue;
            }
            for (table, column) in &reads {
                let Some(is_named) = self.changed(table, column, means) else { continue };
                if means == Some(Means::Figure) && is_named && !self.rests_on_fact(table, column, supposed.id())? {
                    continue;
                }
                let place = if is_named { &mut found.named } else { &mut found.unnamed };
                *place = place.with(assumption.clone());
            }
        }
        Ok(found)
    }

    /// Whether functions that the statement prepared last calls make assumptions of their own.
    #[must_use]
    pub fn makes_assumptions(&self) -> bool {
        let called = self.guard.called();
        let is_scripted = || called.iter().any(|(name, _)| self.is_scripted(name));
        called.iter().any(|(name, _)| ASSUMING.iter().any(|own| name.eq_ignore_ascii_case(own)))
            || is_scripted() && self.host().is_some_and(|reach| reach.may_assume())
    }

    /// Everything that the session supposes.
    #[must_use]
    pub fn assumed(&self) -> Assumptions {
        self.suppositions().iter().filter_map(|supposed| supposed.assumption().ok()).collect()
    }

    fn suppositions(&self) -> Vec<Supposed> {
        if self.supposes() { self.desk.suppositions() } else { Vec::new() }
    }

    /// An assumption of the session, and by what it changes the views; `None` where that is not known.
    fn means(&self, supposed: &Supposed) -> Result<(Assumption, Option<Means>)> {
        let assumption = supposed.assumption().map_err(|_| rusqlite::Error::InvalidQuery)?;
        let id = match supposed {
            Supposed::Assumption(id, _) => id,
            Supposed::Figure(..) => return Ok((assumption, Some(Means::Figure))),
            Supposed::Preference(_) => return Ok((assumption, Some(Means::Preference))),
        };
        let sql = "select exists (select 1 from main.event_twin where assumption = a.id),
                          exists (select 1 from main.initiative_group where assumption = a.id),
                          exists (select 1 from main.coverage_assumption where assumption = a.id),
                          a.certainty is not null, a.takes is 'rate'
                   from main.assumption a where a.id = ?1";
        let means = [Means::Twin, Means::Group, Means::Coverage, Means::Certainty, Means::Rate];
        let found: Option<Vec<bool>> = self.privileged(|connection| {
            let flags = |row: &rusqlite::Row<'_>| (0..means.len()).map(|at| row.get(at)).collect();
            connection.query_row(sql, [id], flags).optional()
        })?;
        // One that works in several ways, or in none of these, may change anything.
        let mut ways =
            means.into_iter().zip(found.unwrap_or_default()).filter_map(|(means, is_so)| is_so.then_some(means));
        let only = ways.next().filter(|_| ways.next().is_none());
        Ok((assumption, only))
    }

    /// Whether a preference decides between any statements of the book.
    fn decides(&self, preference: &Assumption) -> Result<bool> {
        let statements = self.statements()?;
        Ok(statements.decided().any(|(_, by)| by == Some(preference)))
    }

    /// Whether an assumption can have changed what is read of a view: as quantities, which say so themselves, or
    /// otherwise; `None` where it can't.
    fn changed(&self, table: &str, column: &str, means: Option<Means>) -> Option<bool> {
        let Some(view) = catalogue::find(table) else {
            return table.eq_ignore_ascii_case(ASSUMED).then_some(false);
        };
        if view.name == ASSUMPTIONS {
            return Some(false);
        }
        let Some(means) = means.filter(|_| self.is_as_designed(view.name)) else { return Some(false) };
        let of_view = CHANGES.iter().filter(|(name, by, _)| *name == view.name && *by == means);
        let mut changed = of_view.filter_map(|(.., changed)| match changed {
            Changed::Rows => Some(false),
            Changed::Columns(columns) => {
                let is_quantity = view.column(column)?.kind == ColumnKind::Quantity;
                columns.iter().any(|known| known.eq_ignore_ascii_case(column)).then_some(is_quantity)
            }
        });
        changed.next()
    }

    /// Whether any quantity of a column rests on a fact; the book does not change, so it is looked at once.
    fn rests_on_fact(&self, view: &str, column: &str, fact: &str) -> Result<bool> {
        let key = [view, column, fact].map(str::to_ascii_lowercase);
        if let Some(known) = self.facts_of_columns.borrow().get(&key) {
            return Ok(*known);
        }
        // Both names are the catalogue's.
        let sql = format!("select exists (select 1 from main.{view} where instr({column}, ?1))");
        let rests = self.privileged(|connection| connection.query_row(&sql, [fact], |row| row.get(0)))?;
        self.facts_of_columns.borrow_mut().insert(key, rests);
        Ok(rests)
    }

    /// Whether the definition of a view is the one of the schema.
    fn is_as_designed(&self, view: &str) -> bool {
        let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
        let stored: Result<String> = self.privileged(|connection| connection.query_row(sql, [view], |row| row.get(0)));
        stored.is_ok_and(|stored| bundled::SCHEMA.contains(stored.as_str()))
    }
}
