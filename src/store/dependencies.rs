//! The assumptions of the session that the rows of a statement may depend on: those that can have changed the columns
//! that it reads, and those of the script tables and of the last result that it reads. How a view depends on an
//! assumption is written down here once; a view whose definition is not the schema's may depend on any.

use super::catalogue::ColumnKind;
use super::guard::LAST_RESULT_TABLE;
use super::what_if::WhatIf;
use super::{Book, Findings, bundled};
use crate::quantity::{Assumption, Assumptions};
use rusqlite::Result;

/// The assumptions that the rows of a statement, of the last result or of a script's table may depend on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dependencies {
    /// Assumptions that can have changed quantities alone, each of which names what it rests on.
    pub tracked: Assumptions,
    /// Assumptions that can have changed plain values, or the set of rows.
    pub untracked: Assumptions,
}

impl Dependencies {
    /// True if the rows depend on no assumption.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tracked.is_empty() && self.untracked.is_empty()
    }

    /// Adds the dependencies of something else.
    pub fn merge(&mut self, other: &Self) {
        self.tracked = self.tracked.union(&other.tracked);
        self.untracked = self.untracked.union(&other.untracked);
    }
}

/// The way in which an assumption changes the views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mechanism {
    /// Another number for a figure.
    Figure,
    /// Another number for a cell of an imported table alone.
    Cell,
    /// Two events that are taken for one.
    Twin,
    /// An initiative whose participants belong to a group.
    Group,
    /// Money that pays for the whole of its items.
    Coverage,
    /// A number for a certainty.
    Certainty,
    /// A rate, which only scripts read.
    Rate,
    /// A preferred source.
    Preference,
}

/// The part of a view that an assumption changes.
#[derive(Debug, Clone, Copy)]
enum ChangedPart {
    /// The set of rows.
    Rows,
    /// These columns.
    Columns(&'static [&'static str]),
}

/// The parts of views that each mechanism changes; a view that is not named is changed by none.
const CHANGES: &[(&str, Mechanism, ChangedPart)] = &[
    ("facts", Mechanism::Figure, ChangedPart::Columns(&["quantity"])),
    ("figures", Mechanism::Figure, ChangedPart::Columns(&["quantity"])),
    ("pledges", Mechanism::Figure, ChangedPart::Columns(&["amount", "item_count"])),
    ("pledges", Mechanism::Coverage, ChangedPart::Columns(&["item_count"])),
    ("pledge_items", Mechanism::Figure, ChangedPart::Columns(&["item_count"])),
    ("pledge_items", Mechanism::Coverage, ChangedPart::Columns(&["item_count", "cost_coverage"])),
    ("participants", Mechanism::Figure, ChangedPart::Columns(&["number"])),
    ("participants", Mechanism::Certainty, ChangedPart::Columns(&["number"])),
    ("participants", Mechanism::Group, ChangedPart::Rows),
    ("event_order", Mechanism::Figure, ChangedPart::Columns(&["days"])),
    ("event_order", Mechanism::Twin, ChangedPart::Rows),
    ("conflicts", Mechanism::Figure, ChangedPart::Columns(&["quantity"])),
    // A sum of figures names it where it decides between them.
    ("facts", Mechanism::Preference, ChangedPart::Columns(&["quantity"])),
    ("figures", Mechanism::Preference, ChangedPart::Columns(&["quantity"])),
    ("pledges", Mechanism::Preference, ChangedPart::Rows),
    ("pledge_items", Mechanism::Preference, ChangedPart::Rows),
    ("conflicts", Mechanism::Preference, ChangedPart::Rows),
];

/// The view that lists the assumptions; every assumption changes it.
const ASSUMPTIONS_VIEW: &str = "assumptions";

/// The functions of SQL that make an assumption of their own.
const ASSUMING_FUNCTIONS: [&str; 2] = ["q_convert", "q_across_stages"];

/// The table of the session that the views read.
const ASSUMED_TABLE: &str = "assumed";

impl Book {
    /// The assumptions that the rows of a statement may depend on.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn dependencies(&self, findings: &Findings) -> Result<Dependencies> {
        let mut found = Dependencies::default();
        let reads = &findings.reads;
        if reads.iter().any(|(table, _)| table.starts_with(LAST_RESULT_TABLE)) {
            found.merge(&self.last_result.borrow().dependencies);
        }
        for script_table in &self.script_tables.borrow().tables {
            if reads.iter().any(|(table, _)| *table == script_table.table) {
                found.merge(&script_table.dependencies);
            }
        }
        // The reads of a script's function are not known before it is called.
        if self.calls_scripts(findings) {
            found.untracked = self.assumed();
        }
        for what_if in self.what_ifs() {
            let (assumption, mechanism) = self.mechanism(&what_if)?;
            if mechanism == Some(Mechanism::Preference) && !self.decides(&assumption)? {
                continue;
            }
            for (table, column) in reads {
                let Some(is_named) = self.changed_by(&what_if, table, column, mechanism)? else { continue };
                let place = if is_named { &mut found.tracked } else { &mut found.untracked };
                *place = place.with(assumption.clone());
            }
        }
        Ok(found)
    }

    /// True if functions that a statement calls make assumptions of their own.
    #[must_use]
    pub fn makes_assumptions(&self, findings: &Findings) -> bool {
        let called = &findings.functions;
        called.iter().any(|(name, _)| ASSUMING_FUNCTIONS.iter().any(|own| name.eq_ignore_ascii_case(own)))
            || self.calls_scripts(findings) && self.host().is_some_and(|host| host.may_assume())
    }

    /// All assumptions of the session.
    #[must_use]
    pub fn assumed(&self) -> Assumptions {
        self.what_ifs().iter().filter_map(|what_if| what_if.assumption().ok()).collect()
    }

    fn what_ifs(&self) -> Vec<WhatIf> {
        if self.has_what_if() { self.udf.what_ifs() } else { Vec::new() }
    }

    /// The assumption as data, and the one mechanism by which it changes the views; `None` if there are several or none.
    fn mechanism(&self, what_if: &WhatIf) -> Result<(Assumption, Option<Mechanism>)> {
        let assumption = what_if.assumption().map_err(|_| rusqlite::Error::InvalidQuery)?;
        let id = match what_if {
            WhatIf::Assumption(id, _) => id,
            WhatIf::Figure(..) => return Ok((assumption, Some(Mechanism::Figure))),
            WhatIf::Cell(cell, _) => {
                let mechanism = if cell.figure.is_some() { Mechanism::Figure } else { Mechanism::Cell };
                return Ok((assumption, Some(mechanism)));
            }
            WhatIf::Preference(_) => return Ok((assumption, Some(Mechanism::Preference))),
            WhatIf::Today(_) => return Ok((assumption, None)),
        };
        let sql = "select exists (select 1 from main.event_twin where assumption = a.id),
                          exists (select 1 from main.initiative_group where assumption = a.id),
                          exists (select 1 from main.coverage_assumption where assumption = a.id),
                          a.certainty is not null, a.takes is 'rate'
                   from main.assumption a where a.id = ?1";
        let mechanisms =
            [Mechanism::Twin, Mechanism::Group, Mechanism::Coverage, Mechanism::Certainty, Mechanism::Rate];
        let found: Option<Vec<bool>> =
            self.query_optional(sql, [id], |row| (0..mechanisms.len()).map(|at| row.get(at)).collect())?;
        // An assumption with several mechanisms, or with none of these, may change anything.
        let mut applies =
            mechanisms.into_iter().zip(found.unwrap_or_default()).filter_map(|(one, applies)| applies.then_some(one));
        let only = applies.next().filter(|_| applies.next().is_none());
        Ok((assumption, only))
    }

    /// True if a preference decides between any statements of the book.
    fn decides(&self, preference: &Assumption) -> Result<bool> {
        let statements = self.statements()?;
        Ok(statements.preference_outcomes().any(|(_, by)| by == Some(preference)))
    }

    /// The change that an assumption of the session can have made to a column of a view, as [`Book::changed`] has it.
    fn changed_by(
        &self,
        what_if: &WhatIf,
        table: &str,
        column: &str,
        mechanism: Option<Mechanism>,
    ) -> Result<Option<bool>> {
        let fact = match what_if {
            WhatIf::Cell(cell, _) if cell.is_in(table, column) => return Ok(Some(true)),
            // A cell is in its own table, and otherwise where its figure is.
            WhatIf::Cell(..) if self.catalogue.imported().any(|view| view.name.eq_ignore_ascii_case(table)) => {
                return Ok(None);
            }
            WhatIf::Today(_) => return Ok(None),
            WhatIf::Cell(cell, _) => cell.record.to_string(),
            WhatIf::Figure(fact, _) => fact.clone(),
            WhatIf::Assumption(..) | WhatIf::Preference(_) => return Ok(self.changed(table, column, mechanism)),
        };
        let changed = self.changed(table, column, mechanism);
        let is_other = mechanism == Some(Mechanism::Figure)
            && changed == Some(true)
            && !self.depends_on_fact(table, column, &fact)?;
        Ok(changed.filter(|_| !is_other))
    }

    /// The change that an assumption can have made to a column of a view: true if it is one of quantities, which name
    /// their assumptions; `None` if there is none.
    fn changed(&self, table: &str, column: &str, mechanism: Option<Mechanism>) -> Option<bool> {
        let Some(view) = self.catalogue.find(table) else {
            return table.eq_ignore_ascii_case(ASSUMED_TABLE).then_some(false);
        };
        if view.name == ASSUMPTIONS_VIEW {
            return Some(false);
        }
        let Some(mechanism) = mechanism.filter(|_| self.has_schema_definition(&view.name)) else { return Some(false) };
        let of_view = CHANGES.iter().filter(|(name, by, _)| *name == view.name && *by == mechanism);
        let mut changed = of_view.filter_map(|(.., changed)| match changed {
            ChangedPart::Rows => Some(false),
            ChangedPart::Columns(columns) => {
                let is_quantity = view.column(column)?.kind == ColumnKind::Quantity;
                columns.iter().any(|known| known.eq_ignore_ascii_case(column)).then_some(is_quantity)
            }
        });
        changed.next()
    }

    /// True if any quantity of a column rests on a fact. The book does not change, so the answer is cached.
    fn depends_on_fact(&self, view: &str, column: &str, fact: &str) -> Result<bool> {
        let key = [view, column, fact].map(str::to_ascii_lowercase);
        if let Some(known) = self.column_facts.borrow().get(&key) {
            return Ok(*known);
        }
        // Both names are from the catalogue.
        let sql = format!("select exists (select 1 from main.{view} where instr({column}, ?1))");
        let rests = self.query_row(&sql, [fact], |row| row.get(0))?;
        self.column_facts.borrow_mut().insert(key, rests);
        Ok(rests)
    }

    /// True if the view's definition is the one of the schema.
    fn has_schema_definition(&self, view: &str) -> bool {
        let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
        let stored: Result<String> = self.query_row(sql, [view], |row| row.get(0));
        stored.is_ok_and(|stored| bundled::SCHEMA.contains(stored.as_str()))
    }
}
