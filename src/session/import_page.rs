//! The page on importing tables: the way of a file into a book, with two examples.

/// The page, of at most 80 columns.
pub(super) const PAGE: &str = "\
A table is imported on the command line, into a book of your own; here it is
asked. Every import is a source: its file, its columns with their units, and the
line of each record are kept, and `.why` leads back to them.

  pledgebook init mine.db --empty           makes a book
  pledgebook mine.db import aid.csv         reads a table into it, and reports
                                            what it has taken it for
  pledgebook mine.db -c 'select * from aid' asks it

What the file leaves open is asked, with the option that answers it:

  pledgebook mine.db import aid.csv --unit amount='EUR million' --stage pledged

CSV, TSV, JSON and workbooks are read. `pledgebook import --help` lists the
options, `.help --unit` says more of one, `pledgebook mine.db drop S1` takes an
import back. Without a book, `pledgebook aid.csv` asks a table at once.

A script imports a module by `import \"NAME\" as n;`: `.help language`.
";

/// True for a word that leads to the page.
pub(super) fn is_word(word: &str) -> bool {
    matches!(word, "import" | "imports" | "importing")
}
