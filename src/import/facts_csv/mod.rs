//! Facts by hand: the content of a book as tables of text that people can read and edit, out of a book and into one. One list of files
//! and columns, [`FILES`], serves both directions. An import checks everything and reports all that is wrong at once.

mod contents;
mod corrections;
mod definition;
mod directory;
mod edtf;
mod evidence;
mod export;
mod findings;
mod import;
mod known_rows;
mod overlaps;
mod parse;
mod pledge_rows;
mod reading;
mod records;
mod rules;
mod summary;
mod table_reader;
mod vocabulary;
mod world;

pub use contents::FILES;
pub use definition::{FactsColumn, FactsFile};
pub use export::{ExportedFile, export_facts, is_facts_file};
pub use import::import_facts;
pub use summary::{FactsReport, ImportedFile};
