//! The page on correcting a fact: the files that do it, with an example.

/// The page, of at most 80 columns.
pub(super) const PAGE: &str = "\
A fact is never overwritten. A correction is a fact of its own, with a number of
its own: it names the one that it supersedes, and questions are answered by the
newest. What was there stays, and `.why` shows both.

  pledgebook init mine.db                   makes a book with the bundled facts
  pledgebook mine.db export --facts facts   writes its facts as CSV files
  mkdir fix                                 for the rows that are new, under
                                            the header of each file:
    fix/facts.csv     a row as that of F29, with the id F60 and `F29` in the
                      column `supersedes`
    fix/figures.csv   the figure of F60, where it has one
  pledgebook mine.db import fix             checks them, and adds them
  pledgebook mine.db log                    says who changed what, and when

To ask as if a number were another, nothing need be corrected: `.assume
F29=2000000000`.
";

/// True for a word that leads to the page.
pub(super) fn is_word(word: &str) -> bool {
    matches!(word, "correct" | "correction" | "corrections" | "correcting" | "supersede" | "supersedes")
}
