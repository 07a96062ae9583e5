//! That the book is whole, and that the catalogue and the views agree.

use super::{bundled, canonical_quantities, check, rows};
use pledgebook::store::catalogue::{ColumnKind, VIEWS};

#[test]
fn a_book_file_says_what_it_is_and_is_whole() {
    let book = bundled();
    check(&book, "pragma application_id", &["1347175495"]);
    check(&book, "pragma user_version", &["1"]);
    check(&book, "pragma foreign_key_check", &[]);
    check(&book, "pragma integrity_check", &["ok"]);
    let lax = "select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0 \
               and name not glob 'sqlite_*'";
    check(&book, lax, &[]);
}

#[test]
fn the_catalogue_is_the_views() {
    let book = bundled();
    let described: Vec<&str> = VIEWS.iter().map(|view| &*view.name).collect();
    check(&book, "select name from sqlite_schema where type = 'view' order by rowid", &described);
    for view in VIEWS {
        let described: Vec<&str> = view.columns.iter().map(|column| &*column.name).collect();
        check(&book, &format!("select name from pragma_table_info('{}') order by cid", view.name), &described);
    }
}

#[test]
fn the_catalogue_says_one_sentence_of_everything() {
    let columns = VIEWS.iter().flat_map(|view| &*view.columns).map(|column| &*column.meaning);
    for meaning in VIEWS.iter().map(|view| &*view.meaning).chain(columns) {
        assert!(!meaning.is_empty() && !meaning.ends_with('.'), "{meaning}");
    }
}

#[test]
fn names_are_found_as_sql_finds_them() {
    let book = pledgebook::store::open(None).expect("the bundled book opens");
    let amount =
        book.catalogue().find("PLEDGES").and_then(|view| view.column("Amount")).expect("letter case is ignored");
    assert_eq!(amount.kind, ColumnKind::Quantity);
    assert_eq!(book.catalogue().find("pledge"), None, "a table is not a public view");
}

#[test]
fn cells_are_what_the_catalogue_says() {
    let book = bundled();
    for view in VIEWS {
        for column in &*view.columns {
            let kind = if column.kind == ColumnKind::Integer { "integer" } else { "text" };
            let sql = format!("select distinct typeof({0}) from {1} where {0} is not null", column.name, view.name);
            assert!(rows(&book, &sql).iter().all(|found| found == kind), "{sql}");
        }
    }
}

#[test]
fn every_quantity_prints_back_to_itself() {
    let in_facts_figures_pledges_participants_and_order = 20 + 4 + 2 + 1 + 8 + 4;
    assert_eq!(canonical_quantities(&bundled()), in_facts_figures_pledges_participants_and_order);
}
