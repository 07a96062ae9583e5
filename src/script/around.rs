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
    /// What SQL may mean by `:name`.
    pub(super) parameters: Rc<BTreeMap<String, Dynamic>>,
    /// The number of the call.
    pub(super) number: u64,
}

impl Around {
    /// What is around a place with these variables. An array is copied, so that only those are that a text of SQL could
    /// mean, which are `tables`; of other values those that it could mean as `parameters`.
    pub(super) fn new(
        state: GlobalRuntimeState,
        scope: &Scope<'_>,
        tables: &BTreeSet<String>,
        parameters: &BTreeSet<String>,
        number: u64,
    ) -> Self {
        let is_held = |name: &str, value: &Dynamic| value.is::<Table>() || value.is::<Array>() && tables.contains(name);
        let is_meant = |name: &str, value: &Dynamic| {
            parameters.contains(name) && !(value.is::<Table>() || value.is::<Array>() || value.is::<Map>())
        };
        let named = |is_one: &dyn Fn(&str, &Dynamic) -> bool| {
            let (mut found, mut seen) = (BTreeMap::new(), BTreeSet::new());
            // The newest come first, and hide others of their name.
            for (name, _, value) in scope.iter_raw() {
                if seen.insert(name) && is_one(name, value) {
                    found.insert(name.to_owned(), value.flatten_clone());
                }
            }
            Rc::new(found)
        };
        Self { state: Rc::new(state), tables: named(&is_held), parameters: named(&is_meant), number }
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
