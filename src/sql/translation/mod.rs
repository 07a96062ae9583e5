//! The translation of a statement whose operators are handed quantities: each of those becomes a call of a function that knows
//! units, and all else stays as it is written.
//!
//! The statement is parsed for its structure alone: SQLite has prepared it already. [`probe`] puts a stand-in in the place of each
//! operator, so that the program of the result tells which are handed quantities; [`translator`] writes the statement anew,
//! [`calls`], [`texts`], [`clauses`] and [`joins`] its calls, texts, clauses and joins, and [`plain_columns`] what SQLite itself does
//! with the plain columns of imported tables. Before, the views of a person are put in the place of their names ([`views`]), result
//! columns in that of theirs in `group by` ([`group_names`]), and [`stars`] are written out. Nothing here decides what is sound: the
//! program of the translation is analyzed as that of any statement, and one that still drops a unit is refused. [`counters`] writes
//! a statement of plain values with counters in it.

mod calls;
mod clauses;
mod counters;
mod group_names;
mod handing;
mod joins;
mod plain_columns;
mod plain_scope;
mod probe;
mod rewrite;
mod sets;
mod stars;
mod texts;
mod translator;
mod views;

use super::bind::BoundValues;
use super::dataflow::bytecode::explain;
use super::dataflow::quantities::infer_probe_types;
use crate::store::Book;
use plain_scope::PlainTables;
use probe::ProbeWriter;
use std::ops::Range;
use translator::{Translator, sites};

pub(super) use counters::CountingText;
pub(super) use views::Expansion;

/// The most bytes that are written for one statement, in all of its expressions together.
const MAX_BYTES: usize = 1 << 23;

/// The function that writes a quantity as a text.
const TEXT_FUNCTION: &str = "pledgebook_text";

/// True if a translated statement makes texts of quantities, which a table would keep as such.
pub(super) fn makes_texts(translated: &str) -> bool {
    translated.contains(TEXT_FUNCTION)
}

/// A statement with functions in the place of operators.
pub(super) struct Translation {
    /// The texts for SQLite, the best first: those with plain columns and with keys of joins can't be had everywhere.
    pub(super) texts: Vec<String>,
    /// The places in the text before that its functions stand for, by the number of their site.
    pub(super) sites: Vec<Range<usize>>,
}

/// Translates a statement that SQLite has prepared, with its views expanded; `None` where it can't be followed, or no function does
/// what it says.
///
/// # Errors
/// That of an interrupted statement.
pub(super) fn translate(
    book: &Book,
    expansion: &Expansion,
    bound: &BoundValues,
) -> rusqlite::Result<Option<Translation>> {
    let Expansion { sql, statement, .. } = expansion;
    let Some((probed, probes)) = ProbeWriter::write(sql, statement) else { return Ok(None) };
    book.register_probes(&probes)?;
    // SQLite takes no stand-in where only a constant or a column may be.
    let Ok(program) = explain(book, &probed) else { return Ok(None) };
    let Some(types) = infer_probe_types(book, &program, bound)? else { return Ok(None) };
    let plain = PlainTables::of(book, sql, statement);
    Ok(Translator::texts(sql, statement, &types, plain.as_ref())
        .map(|texts| Translation { texts, sites: sites(statement) }))
}
