//! `pledgebook`: a book of sourced facts that answers questions in SQL and in scripts, where a number keeps its
//! unit, its source and its certainty from the row to the page.
//!
//! A question comes in as text and leaves as rows. On its way it passes these modules, and each imports only those
//! that stand before it, and [`error`]:
//!
//! 1. [`syntax`]: the text of a question, the tokens of SQL and of scripts, the tree of a SELECT.
//! 2. [`quantity`]: the number with its unit, facts, stages and assumptions; exact arithmetic; the text form.
//! 3. [`store`]: the book, the one way to open it, what a question may do to it, what its views mean.
//! 4. [`import`]: a file read as a table of a book, and the report of it.
//! 5. [`sql`]: statements: prepared, typed by their program, bound, stepped; cells, and the sink that they go to.
//! 6. [`script`]: the script engine, its operators and functions; saved scripts and their headers.
//! 7. [`table`]: rows as text: tables for people, formats for machines. Pure: rows in, text out.
//! 8. [`report`]: answers as one page with all that they rest on, for a browser or an editor. Pure as `table` is.
//! 9. [`terminal`]: keys, entries, commands, errors as they are drawn. Only it and `main` print.
//! 10. [`session`]: one book and the state of the questions asked of it; everything is asked through it.
//! 11. [`mcp`]: questions and checks as tools of other programs.
//! 12. [`cli`]: what was typed, what that decides, carrying it out.
//!
//! What holds throughout, each with tests:
//!
//! - a figure never loses its unit, facts, stage or assumptions on the way to the page (`tests/sessions`);
//! - a result is exact, or marked `≈`, or an error with its help (`tests/laws`);
//! - unknown is an answer that travels through arithmetic, and never 0 (`tests/laws`, `tests/sessions`);
//! - a question never changes the book nor writes a file (`tests/binary`);
//! - the same input gives the same bytes (`tests/binary`);
//! - imports go one way (`tests/tidy`).

pub mod cli;
pub mod error;
pub mod import;
pub mod mcp;
pub mod quantity;
pub mod report;
pub mod script;
pub mod session;
pub mod sql;
pub mod store;
pub mod syntax;
pub mod table;
pub mod terminal;
