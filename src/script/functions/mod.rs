//! The functions that scripts can call, each with how it is written and what it means, in one table: registration,
//! help, completion and the reference are all made from it.

mod arrays;
mod conditions;
mod numbers;
mod quantities;
mod reading;
mod searching;
mod tables;
mod writing;

use super::shared::Shared;
use rhai::Engine;
use std::rc::Rc;

/// A function of scripts.
pub struct ScriptFunction {
    /// Its name.
    pub name: &'static str,
    /// How it is written, its variants separated by ` · `.
    pub signature: &'static str,
    /// What it gives, in a sentence.
    pub meaning: &'static str,
    /// A call of it that answers on the bundled book.
    pub example: &'static str,
    /// What stands in the answer to that.
    pub answer: &'static str,
    register: fn(&mut Engine, &Rc<Shared>),
}

/// Every function, by what it is for: reading the book, quantities, numbers, tables, arrays, writing out.
pub fn all() -> impl Iterator<Item = &'static ScriptFunction> {
    [
        reading::FUNCTIONS,
        searching::FUNCTIONS,
        quantities::FUNCTIONS,
        numbers::FUNCTIONS,
        tables::FUNCTIONS,
        arrays::FUNCTIONS,
        conditions::FUNCTIONS,
        writing::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// Whether a name is one that scripts may not give to a function of theirs.
pub(super) fn is_taken(name: &str) -> bool {
    all().any(|function| function.name == name && !function.signature.contains(&format!(".{name}")))
}

/// Registers every function.
pub(super) fn register(engine: &mut Engine, shared: &Rc<Shared>) {
    for function in all() {
        (function.register)(engine, shared);
    }
}
