//! What stands around a call that asks the book: the functions that a script could call there, and the tables in its
//! variables. It is looked at when the call is made, and tells nothing of what comes after.

use super::rows::Table;
use rhai::{Array, Dynamic, GlobalRuntimeState, Map, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What is around one call. Clones share it.
#[derive(Clone)]
pub(super) struct Around {
    /// Functions, modules and the depth of calls.
    pub(super) state: Rc<GlobalRuntimeState>,
    /// Tables and arrays, by the names of their variables.
    pub(super) tables: Rc<BTreeMap<String, Dynamic>>,
    /// The number of the call.
    pub(super) number: u64,
}

impl Around {
    /// What is around a place with these variables. An array is copied, so that only those are that a text of SQL could
    /// mean, which are the `named` ones.
    pub(super) fn new(state: GlobalRuntimeState, scope: &Scope<'_>, named: &BTreeSet<String>, number: u64) -> Self {
        let is_held = |name: &str, value: &Dynamic| value.is::<Table>() || value.is::<Array>() && named.contains(name);
        let held = scope.iter().filter(|(name, _, value)| is_held(name, value));
        let tables = held.map(|(name, _, value)| (name.to_owned(), value.flatten_clone())).collect();
        Self { state: Rc::new(state), tables: Rc::new(tables), number }
    }

    /// The same with tables that are given by name.
    pub(super) fn with(&self, values: &Map) -> Self {
        let is_held = |value: &Dynamic| value.is::<Table>() || value.is::<Array>();
        let given = values.iter().filter(|(_, value)| is_held(value));
        let mut tables = BTreeMap::clone(&self.tables);
        tables.extend(given.map(|(name, value)| (name.to_string(), value.clone())));
        Self { tables: Rc::new(tables), ..self.clone() }
    }
}
