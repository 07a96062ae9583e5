//! Every file of facts by hand, in an order in which each names only rows of files before it, or of its own.

use super::definition::FactsFile;
use super::{evidence, reading, vocabulary, world};

/// The files, in reading order.
pub const FILES: &[&FactsFile] = &[
    &vocabulary::STATUSES,
    &vocabulary::CERTAINTIES,
    &vocabulary::ATTRIBUTIONS,
    &vocabulary::FACT_KINDS,
    &vocabulary::REASONS,
    &vocabulary::STAGE_CODES,
    &vocabulary::UNITS,
    &evidence::UNKNOWNS,
    &evidence::SOURCES,
    &evidence::SOURCE_LINKS,
    &evidence::ACTORS,
    &evidence::ALIASES,
    &evidence::SEARCH_NAMES,
    &evidence::SEARCH_WORDS,
    &evidence::PLACES,
    &evidence::CONDITIONS,
    &evidence::FACTS,
    &evidence::FIGURES,
    &evidence::MENTIONS,
    &evidence::OFFICES,
    &world::EVENTS,
    &world::EVENT_ORDER,
    &world::INITIATIVES,
    &world::PLANS,
    &world::PLAN_POINTS,
    &world::PLEDGES,
    &world::OVERLAPS,
    &world::STAGES,
    &world::ITEMS,
    &world::PARTICIPANTS,
    &reading::UNKNOWN_FACTS,
    &reading::TENSIONS,
    &reading::TENSION_FACTS,
    &reading::ASSUMPTIONS,
    &reading::EVENT_TWINS,
    &reading::INITIATIVE_GROUPS,
    &reading::COVERAGE_ASSUMPTIONS,
    &reading::CONFLICTS,
    &reading::CONFLICT_FIGURES,
];

/// The file of a name, without its ending; letter case ignored.
pub(super) fn find(name: &str) -> Option<&'static FactsFile> {
    FILES.iter().copied().find(|file| file.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::super::definition::Form;
    use super::{FILES, find};
    use crate::store::bundled::SCHEMA;
    use rusqlite::Connection;
    use std::collections::BTreeSet;

    /// Tables that hold no content of a person's: imports and the log are the program's, assumptions in force a session's.
    const OTHERS: [&str; 5] = ["imported_table", "imported_column", "imported_note", "change_log", "assumed"];

    #[test]
    fn every_table_of_content_is_a_file_with_all_its_columns() {
        let book = Connection::open_in_memory().unwrap();
        book.execute_batch(SCHEMA).unwrap();
        let mut query = book.prepare("select name from sqlite_schema where type = 'table'").unwrap();
        let tables: BTreeSet<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let known: BTreeSet<String> = FILES.iter().map(|file| file.table).chain(OTHERS).map(str::to_owned).collect();
        assert_eq!(tables, known);
        for file in FILES {
            let mut stored: Vec<String> =
                file.columns.iter().flat_map(super::super::definition::FactsColumn::stored).collect();
            stored.extend(
                file.columns.iter().filter(|column| column.form == Form::Corrected).map(|_| "superseded_by".into()),
            );
            let mut query = book.prepare("select name from pragma_table_info(?1)").unwrap();
            let columns: BTreeSet<String> =
                query.query_map([file.table], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
            assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), columns, "{}", file.name);
            assert_eq!(file.key_positions().len(), file.key.len(), "{}", file.name);
            book.prepare(&file.select("order by t.rowid")).unwrap();
            book.prepare(&file.insert()).unwrap();
        }
    }

    #[test]
    fn every_reference_leads_to_a_file_before_its_own_or_to_itself() {
        for (at, file) in FILES.iter().enumerate() {
            for column in file.columns {
                let Form::Reference(name) = column.form else { continue };
                let target = find(name).unwrap();
                assert!(FILES[..=at].iter().any(|known| known.name == target.name), "{}.{}", file.name, column.name);
                assert!(target.key.len() == 1, "{}.{}", file.name, column.name);
            }
        }
    }
}
