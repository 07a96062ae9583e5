//! `pledgebook`: a book of sourced facts that answers questions in SQL and in scripts, where a number keeps its
//! unit, its source and its certainty from the row to the page.

pub mod cli;
pub mod error;
pub mod quantity;
pub mod script;
pub mod session;
pub mod sql;
pub mod store;
pub mod table;
pub mod terminal;
