//! Names that are the program's own: an import gives them to no table and to no column.

use super::{ask, empty_book, run};
use std::fs;

#[test]
fn a_name_that_is_the_programs_own_is_given_to_no_table_and_no_column() {
    let book = empty_book("import_reserved_names");
    let directory = book.parent().expect("it is in a directory");
    fs::write(directory.join("a.csv"), "id,pledgebook_x\n1,2\n").expect("the directory is writable");
    ask(directory, &["book.db", "import", "a.csv"]);
    assert!(ask(directory, &["book.db", "--csv", "-c", "select c_pledgebook_x from a"]).ends_with("2\n"));
    for name in ["pledgebook_a", "last"] {
        let (code, said) = run(directory, &["book.db", "import", "a.csv", "--as", name]);
        assert!(code == Some(2) && said.contains("can't be the name of a table"), "{said}");
    }
}
